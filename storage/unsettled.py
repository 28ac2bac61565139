"""What still lacks of a year that is over or being settled: missing data is 未报, and never stands for 0 (R103)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assessment.ledger import Basis
from assessment.parts_of_year import part_of
from assessment.roster import Unit
from assessment.rulebook import Subject
from assessment.settlement import beginning, settled
from storage import ledger, proposals, scoring
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork
from storage.year_facts import YearFacts


def unsettled_names(uow: UnitOfWork, programme: Programme, facts: YearFacts, unit: Unit) -> tuple[str, ...]:
    """What still lacks once the year, or the facts' part of it, is over or its settlement has begun, of whichever
    unit: until then the total is 暂估.

    A unit that reported nothing has its whole year lacking: nothing is said of it as if it were 0 (R103).
    """
    held = facts.held_to(unit)
    if not held or not _is_being_settled(uow, programme, facts):
        return ()
    account = scoring.unit_account(programme, unit.id)
    entries = list(ledger.entries(uow, account))
    standing = {one.id for one in held if settled(entries, account, one.id, facts.period) is not None}
    rows = proposals.of_account(uow, programme.id, account.subject.value, account.holder)
    opened = {row.clause for row in rows if row.basis.get("period") == facts.period}
    return tuple(one.name for one in held if one.id not in standing | opened)


def lacking(
    uow: UnitOfWork, programme: Programme, facts: YearFacts, units: Iterable[Unit]
) -> Mapping[int, Sequence[str]]:
    """What still lacks of those units' year, of those of whom anything does, by unit; empty before the
    year is over or 结算 has begun.
    """
    if not programme.rulebook.indicators or not _is_being_settled(uow, programme, facts):
        return {}
    found = {unit.id: unsettled_names(uow, programme, facts, unit) for unit in units}
    return {unit: names for unit, names in found.items() if names}


def without_a_year(uow: UnitOfWork, programme: Programme, facts: YearFacts, units: Iterable[Unit]) -> frozenset[int]:
    """Who has no place in a ranking, nor lets anybody else's be certain: nothing of the year is settled for them, and
    it is for others.
    """
    listed = list(units)
    lacks = lacking(uow, programme, facts, listed)
    return frozenset(u.id for u in listed if u.id in lacks and len(lacks[u.id]) == len(facts.held_to(u)))


def undecided(uow: UnitOfWork, programme: Programme) -> Mapping[int, int]:
    """How many proposals of each unit's account may still enter its year; those of a part of the year never do."""
    year = programme.rulebook.year
    return Counter(
        row.holder
        for row in proposals.undecided_or_running(uow, programme.id)
        if row.subject == Subject.UNIT.value and part_of(Basis.from_json(row.basis), year) is None
    )


def _is_being_settled(uow: UnitOfWork, programme: Programme, facts: YearFacts) -> bool:
    """Once the year is over what nobody has settled lacks, whether or not anybody has begun."""
    return facts.is_over or has_begun(uow, programme, facts.period)


def has_begun(uow: UnitOfWork, programme: Programme, period: str) -> bool:
    """Whether anything of that period, the year or a part of it, was ever put forward by 结算."""
    return proposals.any_with_key(uow, f"{programme.id}/{beginning(period)}")
