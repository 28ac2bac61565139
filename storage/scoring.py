"""The scorecard of an account as stored: entries and open proposals handed to the pure function."""

from collections.abc import Sequence
from datetime import datetime

from assessment.ledger import AccountKey, Basis
from assessment.marking import Proposal
from assessment.rulebook import Subject
from assessment.scorecard import Scorecard, View, scorecard
from storage import ledger, proposals
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork


def card(
    uow: UnitOfWork, programme: Programme, account: AccountKey, as_of: datetime, view: View = View.KNOWN
) -> Scorecard:
    """The scorecard of one account. Open proposals are those of today; a past date shows entries alone."""
    rows = proposals.of_account(uow, programme.id, account.subject.value, account.holder)
    return scorecard(
        programme.rulebook,
        account,
        ledger.entries(uow, account),
        [_proposal(programme, row) for row in rows if row.opened_at <= as_of],
        as_of=as_of,
        view=view,
    )


def open_rows(uow: UnitOfWork, programme: Programme, account: AccountKey) -> Sequence[ProposalRow]:
    """The open proposals behind the provisional lines of `card`."""
    return proposals.of_account(uow, programme.id, account.subject.value, account.holder)


def refresh_total(uow: UnitOfWork, programme: Programme, account: AccountKey, now: datetime) -> None:
    """Write the cached total of a touched account: suppression, caps and revival are not additive."""
    # A replica whose clock is ahead may have recorded an entry after our own now: it counts all the same.
    latest = max((entry.recorded_at for entry in ledger.entries(uow, account)), default=now)
    confirmed = card(uow, programme, account, max(now, latest), View.PUBLISHED).confirmed
    ledger.set_total(uow, account, total=confirmed.final, raw=confirmed.raw)


def unit_account(programme: Programme, unit: int) -> AccountKey:
    """The account of a unit in a programme."""
    return AccountKey(programme.code, Subject.UNIT, unit)


def person_account(programme: Programme, person: int) -> AccountKey:
    """The account of a person in a programme."""
    return AccountKey(programme.code, Subject.PERSON, person)


def _proposal(programme: Programme, row: ProposalRow) -> Proposal:
    return Proposal(
        key=row.number,
        clause=row.clause,
        account=AccountKey(programme.code, Subject(row.subject), row.holder),
        points=row.points,
        matter=row.matter,
        basis=Basis.from_json(row.basis),
        lowest=row.lowest,
        highest=row.highest,
        stand_in=programme.rulebook.clause(row.clause).points.stand_in is not None,
    )
