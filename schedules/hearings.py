"""先听情况说明: the days for it do not run while the telling has reached nobody (decisions of the house, 12).

Asked of the letters again and again: a platform accepts one sooner, later or never.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from sqlmodel import col, select

from assessment.due import midnight_after
from assessment.notices import HearingAsked, write
from assessment.roster import Role, Roster
from storage import outbox, programmes, proposals, proposing, roster, telling
from storage.installation import Installation
from storage.outbox import OutboxRow, Priority, Status
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork

_ON_ITS_WAY = (Status.QUEUED.value, Status.RETRY.value, Status.SENDING.value)
_TOO_LATE = "当日未送达，说明期未起算"


def sweep(uow: UnitOfWork, installation: Installation, now: datetime) -> int:
    """Bring the days of every hearing in line with what has arrived; return how many were changed."""
    running = {programme.id: programme for programme in programmes.running(uow)}
    heard = [row for row in proposals.being_heard(uow) if row.programme in running]  # in a closed year nothing changes
    return sum(_follow(uow, installation, running[row.programme], row, now) for row in heard)


def _follow(uow: UnitOfWork, installation: Installation, programme: Programme, row: ProposalRow, now: datetime) -> bool:
    people = roster.whole(uow)
    letters = _letters(uow, installation, people, row)
    if not letters:
        return False  # told by other means, or nobody could be: then the office knows already
    arrived = [letter.finished_at for letter in letters if letter.status == Status.SENT.value and letter.finished_at]
    if arrived:
        return _count_from(uow, installation, programme, row, min(arrived))
    on_their_way = [letter for letter in letters if letter.status in _ON_ITS_WAY]
    assert row.hearing_since is not None, "asked for above"
    planned = installation.calendar.office_time(row.hearing_since, programme.rulebook.office_hours, installation.zone)
    if row.untold or (on_their_way and now < midnight_after(installation.day(planned), installation.zone)):
        return False
    for letter in on_their_way:
        if letter.status != Status.SENDING.value:
            # It names a day that does not hold any more.
            outbox.set_status(uow, letter.id, Status.WITHDRAWN, at=now, reason=_TOO_LATE)
    # As where nobody could be told from the first: the days are over before they have begun.
    proposals.change(uow, row.id, statement_until=row.hearing_since)
    _tell_office(uow, installation, people, programme, proposals.get(uow, row.id), letters, now)
    return True


def _letters(uow: UnitOfWork, installation: Installation, people: Roster, row: ProposalRow) -> Sequence[OutboxRow]:
    """What was sent off when the office asked last; held, so that none leaves meanwhile."""
    assert row.hearing_since is not None, "asked for above"
    concerned = telling.concerned(people, installation, row, row.hearing_since)
    query = select(OutboxRow).where(
        col(OutboxRow.person).in_(concerned),
        col(OutboxRow.queued_at) == row.hearing_since,
        col(OutboxRow.key).startswith(f"hearing:{row.id}:", autoescape=True),
    )
    return uow.rows(uow.for_update(query.order_by(col(OutboxRow.id))))


def _count_from(
    uow: UnitOfWork, installation: Installation, programme: Programme, row: ProposalRow, first: datetime
) -> bool:
    """Let the days begin with the first telling that arrived, where that was later than planned."""
    until = proposing.statement_until(proposing.Desk(uow, installation, programme, first))
    if until <= row.statement_until:
        return False
    proposals.change(uow, row.id, statement_until=until)
    return True


def _tell_office(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    programme: Programme,
    row: ProposalRow,
    letters: Sequence[OutboxRow],
    now: datetime,
) -> None:
    """Ask the office to tell them otherwise, or to ask once more; in office hours."""
    unreached = dict.fromkeys(chain.from_iterable([letter.person] if letter.person else [] for letter in letters))
    told = HearingAsked(
        line=telling.line(uow, programme, people, row, now),
        told=(),
        unreachable=tuple(people.person(person).name for person in unreached),
    )
    for person in people.holders(programme.office, (Role.OFFICE,), installation.day(now)):
        outbox.tell(
            uow,
            person,
            write(told),
            key=f"hearing in vain:{row.id}:{row.hearing_since:%y%m%d%H%M%S%f}:{person}",
            priority=Priority.ESCALATION,
            queued_at=now,
            not_before=installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone),
        )
