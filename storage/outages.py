"""A known outage of the platform around a due time, read from the attempts to send and from reports that came in late.

Nothing is kept for it: what was tried and how it ended is on record for ever, and so is when a report was sent and
when we had it (office-practice, Time: a delay of the platform or of Duban never costs a unit points).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from assessment.ledger import Basis
from assessment.roster import Role
from assessment.rulebook import Trigger
from storage import obligations, roster, submissions
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import AttemptRow, OutboxRow, Status
from storage.proposals import ProposalRow
from storage.submissions import Way
from storage.unit_of_work import UnitOfWork

AROUND = timedelta(hours=24)
"""How far from the due time an outage is near it."""
NOTICEABLE = timedelta(minutes=5)
"""As long as this something is an outage; what is over sooner was a hiccup (decisions 9)."""
_UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


_OF_LATENESS = (Trigger.URGED_NOT_REPORTED, Trigger.REPORTED_LATE, Trigger.MATTER_LATE)


def behind(uow: UnitOfWork, installation: Installation, proposal: ProposalRow) -> bool:
    """Whether a proposal for lateness may rest on an outage: whoever decides on it should know."""
    if proposal.obligation is None or Basis.from_json(proposal.basis).happened not in _OF_LATENESS:
        return False
    return near_due(uow, installation, obligations.get(uow, proposal.obligation))


def near_due(uow: UnitOfWork, installation: Installation, row: ObligationRow) -> bool:
    """Whether sends on the unit's channel failed for minutes around the due time, or its report came minutes late."""
    first, last = row.due - AROUND, max(row.grace_end, row.due + AROUND)
    return _came_late(uow, row, first, last) or _sends_failed(uow, installation, row, first, last)


def _came_late(uow: UnitOfWork, row: ObligationRow, first: datetime, last: datetime) -> bool:
    return any(
        version.way != Way.ENTERED.value
        and first <= version.sent_at <= last
        and version.recorded_at - version.sent_at > NOTICEABLE
        for version in submissions.versions(uow, row.id)
    )


def _sends_failed(
    uow: UnitOfWork, installation: Installation, row: ObligationRow, first: datetime, last: datetime
) -> bool:
    day = installation.day(row.due - timedelta(milliseconds=1))
    people = roster.whole(uow).holders(row.unit, _UNIT_ROLES, day)
    found = (roster.address(uow, person) for person in people)
    channels = {address.channel for address in found if address is not None}
    # Of the whole channel: while a platform is silent it is asked for few messages, perhaps for none of this unit's.
    tried = uow.execute(
        select(AttemptRow.started_at, AttemptRow.result)
        .join(OutboxRow, col(OutboxRow.id) == col(AttemptRow.outbox))
        .where(
            col(AttemptRow.channel).in_(channels),
            # What the platform refused for good says nothing of the platform.
            OutboxRow.status != Status.DEAD.value,
            AttemptRow.result != "",
            col(AttemptRow.started_at) >= first,
            col(AttemptRow.started_at) <= last,
        )
        .order_by(col(AttemptRow.started_at), col(AttemptRow.id))
    )
    return lasted([(at, result == Status.SENT.value) for at, result in tried])


def lasted(tried: Sequence[tuple[datetime, bool]]) -> bool:
    """Whether from a failure until the next success, or without one, more passed than a hiccup."""
    failing: datetime | None = None
    for at, arrived in tried:
        if failing is not None and at - failing >= NOTICEABLE:
            return True
        failing = None if arrived else failing or at
    return failing is not None
