"""What followed falls when its cause is no more: a grade that was changed, an entry that was taken back.

Nothing is deleted: the act keeps its number and says why it fell, and comes back with its cause (decisions 0022).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from assessment.ledger import Entry, why_irreversible
from assessment.notices import write
from assessment.notices.following_up import FollowUpDropped
from assessment.obligation import State, waive
from assessment.roster import Role
from storage import cases, follow_ups, ledger, obligations, proposals, roster
from storage.follow_ups import FollowUpRow, Stage
from storage.following import tell
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

GRADE_CHANGED = "等次已重新评定"


def drop_of_grade(
    uow: UnitOfWork, installation: Installation, programme: Programme, unit: int, grade: str, *, by: int, now: datetime
) -> None:
    """What a grade brought about that no longer stands, and what followed from that, as far as it is not done."""
    caused = {one.id for one in programme.rulebook.consequences if one.grade == grade}
    for row in _brought_about(uow, programme, caused):
        if row.unit == unit and row.person is None:
            let_fall(uow, installation, programme, row, by=by, now=now, why=GRADE_CHANGED)


def drop_of_entry(
    uow: UnitOfWork, installation: Installation, programme: Programme, entry: Entry, *, by: int, now: datetime, why: str
) -> None:
    """What was to be done because of an entry that was taken back; where another has the same flag it rests on that."""
    caused = follow_ups.of_entry(uow, entry.id)
    rulebook = programme.rulebook
    flag = rulebook.clause(entry.clause).flag
    entries = ledger.entries(uow, entry.account)
    alike = [one for one in entries if flag is not None and rulebook.clause(one.clause).flag is flag]
    other = next((one for one in alike if why_irreversible(one, entries) is None), None)
    for row in caused:
        if other is not None and row.consequence is not None:
            because = f"{other.number} {rulebook.clause(other.clause).name}"
            follow_ups.rest_on(uow, row.id, entry=other.id, because=because)
            continue
        let_fall(uow, installation, programme, row, by=by, now=now, why=why)
        ids = {row.consequence} if row.consequence is not None else set()
        for after in _brought_about(uow, programme, ids):
            if (after.unit, after.person) == (row.unit, row.person):
                let_fall(uow, installation, programme, after, by=by, now=now, why=why)


def let_fall(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    row: FollowUpRow,
    *,
    by: int,
    now: datetime,
    why: str,
) -> None:
    """Drop one act with its cause. What a unit owed because of it is owed and urged no longer, and it is told why.

    What was proposed for its being late falls; what was entered is named to the office, who alone corrects entries.
    A report that is in and accepted stays as it is.
    """
    entered: tuple[str, ...] = ()
    if row.obligation is not None and row.stage == Stage.WITH_UNIT.value:
        owed = obligations.get(uow, row.obligation)
        if owed.state == State.MET.value:
            return
        cases.change(uow, owed, waive(owed.facts()), now)
        entered = tuple(_take_back_points(uow, owed, now, why))
    if follow_ups.drop(uow, row.id, by=by, at=now, remark=why) and row.obligation is not None:
        _say_it_fell(uow, installation, programme, row, why, entered, now)


def _take_back_points(uow: UnitOfWork, owed: ObligationRow, now: datetime, why: str) -> Iterator[str]:
    """The numbers of entries that stand because of it; what nobody has decided yet is dropped."""
    for proposal in proposals.of_obligation(uow, owed.id):
        proposals.drop(uow, proposal.key, at=now, reason=why)
        entry = ledger.of_proposal(uow, proposal.id)
        if entry is not None and why_irreversible(entry, ledger.entries(uow, entry.account)) is None:
            yield entry.number


def _say_it_fell(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    row: FollowUpRow,
    why: str,
    entered: tuple[str, ...],
    now: datetime,
) -> None:
    assert row.unit is not None, "a written report is one unit's"
    people, today = roster.whole(uow), installation.day(now)
    told = FollowUpDropped(
        number=row.number, unit=people.unit(row.unit).name, name=row.name, cite=row.cite, why=why, entries=entered
    )
    key = f"fell:{row.obligation}"
    unit = people.holders(row.unit, (Role.HEAD, Role.REPORTER), today)
    tell(uow, installation, programme, unit, write(told.model_copy(update={"entries": ()})), key, now)
    office = people.holders(programme.office, (Role.OFFICE,), today)
    tell(uow, installation, programme, office, write(told.model_copy(update={"to_office": True})), f"{key}:office", now)


def _brought_about(uow: UnitOfWork, programme: Programme, causes: set[str]) -> Sequence[FollowUpRow]:
    """What is still to be done because of these consequences, or of what followed when one of them ended."""
    ids = set(causes)
    while more := {one.id for one in programme.rulebook.consequences if one.after in ids} - ids:
        ids |= more
    open_ = follow_ups.listed(uow, programme.id, stages=(Stage.OPEN, Stage.WITH_UNIT))
    return [row for row in open_ if row.consequence in ids]
