"""The scorecard of an account as stored: entries and open proposals handed to the pure function."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from assessment import parts_of_year
from assessment.ledger import AccountKey, Basis, Entry
from assessment.marking import Proposal
from assessment.obligation import Kind, State
from assessment.periods import Period
from assessment.rulebook import Subject
from assessment.scorecard import Scorecard, View, rests_on_stand_in, scorecard
from storage import ledger, obligations, proposals, submissions
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Standings:
    """What stands on many accounts of one kind, from their stored totals."""

    totals: Mapping[int, Decimal]
    """By holder."""
    estimated: bool
    """Whether one of them rests on a value that is not set."""


def card(
    uow: UnitOfWork,
    programme: Programme,
    account: AccountKey,
    as_of: datetime,
    view: View = View.KNOWN,
    *,
    unit: int | None = None,
    part: Period | None = None,
) -> Scorecard:
    """The scorecard of one account. Open proposals are those of today; a past date shows entries alone.

    With `unit`, only what came of that unit's matters: what a person lost for another unit is not its head's to see.
    With `part`, that part of the year by itself.
    """
    rows = proposals.of_account(uow, programme.id, account.subject.value, account.holder)
    entries = ledger.entries(uow, account)
    if unit is not None:
        whose = units_of(uow, programme, account, entries)
        entries = [entry for entry in entries if whose[entry.id] == unit]
        rows = [row for row in rows if row.unit == unit]
    return scorecard(
        programme.rulebook,
        account,
        entries,
        [_proposal(programme, row) for row in rows if row.opened_at <= as_of],
        as_of=as_of,
        view=view,
        without_task=without_task(uow, programme, account, as_of),
        part=part,
    )


def part_of(uow: UnitOfWork, programme: Programme, ref: str) -> Period | None:
    """On the card of which part of the year the line of that ref stands; None for the year's."""
    row = proposals.by_number(uow, ref) if not ref.isdecimal() else None
    entry = ledger.get(uow, int(ref)) if ref.isdecimal() else None
    if entry is not None and entry.reverses is not None:
        entry = ledger.get(uow, entry.reverses)
    basis = entry.basis if entry is not None else Basis.from_json(row.basis) if row is not None else None
    return parts_of_year.part_of(basis, programme.rulebook.year) if basis is not None else None


def without_task(uow: UnitOfWork, programme: Programme, account: AccountKey, as_of: datetime) -> tuple[str, ...]:
    """The categories, and parts of them, in which a unit declared 无任务 in its newest self-score accepted by then."""
    rulebook = programme.rulebook
    if account.subject is not Subject.UNIT or not any(category.full_if_no_task for category in rulebook.categories):
        return ()
    duties = {duty.id for duty in rulebook.duties if duty.self_score}
    rows = [
        row
        for row in obligations.of_unit(uow, account.holder, (State.MET,))
        if (row.programme, row.kind) == (programme.id, Kind.DUTY.value)
        and row.ref in duties
        and row.reported_at is not None
        and row.reported_at <= as_of
    ]
    newest = max(rows, key=lambda row: row.due, default=None)
    scores = submissions.current(uow, newest.id).scores if newest is not None else {}
    return tuple(name for name, points in scores.items() if points is None)


def units_of(
    uow: UnitOfWork, programme: Programme, account: AccountKey, entries: Iterable[Entry]
) -> Mapping[int, int | None]:
    """The unit on whose matter each entry of an account rests, by the entry's id; a correction goes with what it
    corrects. None where an entry of a person's account rests on no unit's matter.
    """
    listed = list(entries)
    if account.subject is Subject.UNIT:
        return {entry.id: account.holder for entry in listed}
    known = proposals.units_of_account(uow, programme.id, account.subject.value, account.holder)
    own = {entry.id: known.get(entry.proposal) if entry.proposal is not None else None for entry in listed}
    return {entry.id: own.get(entry.reverses) if entry.reverses is not None else own[entry.id] for entry in listed}


def standings(uow: UnitOfWork, programme: Programme, units: Collection[int], now: datetime) -> Standings:
    """The confirmed totals of these units, however many they are in two queries; an untouched account has its base."""
    stored = ledger.totals(uow, programme.code, Subject.UNIT)
    unset = proposals.holders_without_points(uow, programme.id, Subject.UNIT.value)
    untouched = {
        unit: scorecard(programme.rulebook, unit_account(programme, unit), (), as_of=now, view=View.PUBLISHED)
        for unit in units
        if unit not in stored
    }
    return Standings(
        {unit: stored[unit] if unit in stored else untouched[unit].confirmed.final for unit in units},
        estimated=any(unit in unset for unit in units),
    )


def has_points(uow: UnitOfWork, programme: Programme, account: AccountKey) -> bool:
    """Whether anything was entered or proposed there: a measure may settle indicators without a frame 记分."""
    if not programme.rulebook.indicators:
        return False
    return bool(open_rows(uow, programme, account)) or bool(ledger.entries(uow, account))


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
        stand_in=rests_on_stand_in(programme.rulebook, row.clause),
    )
