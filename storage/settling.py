"""Settlement 结算 as stored: what the year's facts make of each indicator, and the proposals that come of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from assessment.due import midnight_after
from assessment.indicator import Indicator
from assessment.indicator_marks import IndicatorMark
from assessment.ledger import Entry
from assessment.mark_words import in_words
from assessment.marking import Proposal
from assessment.parts_of_year import settled_for
from assessment.periods import Period
from assessment.roster import Unit
from assessment.settlement import proposal_key, settle, settled
from storage import correcting, ledger, proposals, proposing, scoring
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.proposing import Desk
from storage.year_facts import YearFacts

_CORRECTED = "结算所依据的数有变动"


class Outcome(StrEnum):
    """What a settlement does about one indicator of one unit."""

    NEW = "new"
    """A proposal is made, or an open one is brought up to date."""
    UNSET = "unset"
    """The rulebook withholds what points need: a proposal without points, so that the total is 暂估."""
    WAITING = "waiting"
    """Nobody reported or chose; never 0."""
    SAME = "same"
    """It stands already, decided or not."""
    REFUSED = "refused"
    """The same points were not confirmed 不予核定 before."""
    CHANGED = "changed"
    """An entry stands on another figure: it is reversed, and a new proposal made."""
    PREPARED = "prepared"
    """Another figure has been confirmed 核定 and waits for 审定: that has to be refused first."""
    BY_TWO = "by two"
    """The same, but so many points are corrected by two people, with 更正分, first."""


@dataclass(frozen=True)
class SettledLine:
    """One indicator of one unit."""

    unit: Unit
    indicator: Indicator
    period: str
    """The year, or a part of it."""
    mark: IndicatorMark
    outcome: Outcome
    proposal: Proposal | None = None
    old: Entry | None = None
    known: bool = False
    """Whether an open proposal says just this already."""

    falls: bool = False
    """Whether an open proposal is dropped, because nobody says its figure any more."""

    beside: tuple[tuple[str, Decimal], ...] = ()
    """What stands of the indicator for other periods, by their names: the year beside its parts, never added up."""

    @property
    def is_new(self) -> bool:
        """Whether carrying it out changes anything."""
        if self.outcome is Outcome.UNSET:
            return not self.known
        return self.falls or self.outcome in (Outcome.NEW, Outcome.CHANGED)


def period_of(programme: Programme) -> str:
    """What is settled as a rule: the year."""
    return str(programme.rulebook.year)


def look(desk: Desk, facts: YearFacts, units: Iterable[Unit]) -> list[SettledLine]:
    """What settling these units would do; changes nothing."""
    return [line for unit in units for line in _look_at(desk, facts, unit)]


def carry_out(desk: Desk, line: SettledLine, *, by: int) -> Entry | None:
    """Do what the line says; return the entry that reverses an older one, for those concerned to be told.

    Whoever looks and then carries out does both in one transaction.
    """
    if line.outcome is Outcome.WAITING:
        key, last = _last(desk, line.unit, line.indicator, line.period)
        if last is not None and last.stage == Stage.OPEN.value:
            proposing.drop(desk, (key,), "尚无可结算的数")
        return None
    if line.outcome not in (Outcome.NEW, Outcome.UNSET, Outcome.CHANGED) or line.proposal is None:
        return None
    undoing = _undo(desk, line, by) if line.outcome is Outcome.CHANGED else None
    proposal = replace(line.proposal, key=_key_for(desk, line))
    proposing.put(desk, proposal, unit=line.unit.id, obligation=None, occurred_at=_when(desk, line.period), author=by)
    return undoing


def _look_at(desk: Desk, facts: YearFacts, unit: Unit) -> Iterator[SettledLine]:
    programme, period = desk.programme, facts.period
    account = scoring.unit_account(programme, unit.id)
    entries = list(ledger.entries(desk.uow, account))
    for indicator in facts.held_to(unit):
        mark = facts.mark(unit, indicator)
        reason = "；".join(in_words(mark))
        proposal = settle(indicator, mark, programme=programme.code, unit=unit.id, period=period, reason=reason or None)
        old = settled(entries, account, indicator.id, period)
        _, last = _last(desk, unit, indicator, period)
        outcome = _outcome(desk, last, proposal, old)
        known = last is not None and proposal is not None and _is_known(last, proposal)
        falls = last is not None and proposal is None and last.stage == Stage.OPEN.value
        yield SettledLine(
            unit, indicator, period, mark, outcome, proposal, old, known, falls, _beside(entries, indicator, period)
        )


def _beside(entries: Iterable[Entry], indicator: Indicator, period: str) -> tuple[tuple[str, Decimal], ...]:
    """What stands for other periods, in their order."""
    listed = list(entries)
    undone = {entry.reverses for entry in listed}
    standing = {
        settled_for(entry.basis): entry.points
        for entry in listed
        if entry.clause == indicator.id and entry.reverses is None and entry.id not in undone
    }
    others = sorted((name, points) for name, points in standing.items() if name not in (None, period))
    return tuple((name, points) for name, points in others if name is not None)


def _outcome(desk: Desk, last: ProposalRow | None, proposal: Proposal | None, old: Entry | None) -> Outcome:
    if proposal is None:
        return Outcome.WAITING
    if old is not None:
        if proposal.points is None or _same(old.points, old.basis.exact, proposal):
            return Outcome.SAME
        limit = desk.programme.rulebook.reversal_by_two
        return Outcome.BY_TWO if limit is not None and abs(old.points) >= limit else Outcome.CHANGED
    if last is not None and _is_known(last, proposal):
        return Outcome.UNSET if proposal.points is None else Outcome.SAME
    if last is not None and last.stage == Stage.PREPARED.value:
        return Outcome.PREPARED
    refused = last is not None and last.stage == Stage.REJECTED.value and last.decided_by is not None
    if last is not None and refused and _same(last.points, last.basis.get("exact"), proposal):
        return Outcome.REFUSED
    return Outcome.UNSET if proposal.points is None else Outcome.NEW


def _is_known(last: ProposalRow, proposal: Proposal) -> bool:
    return last.stage in (Stage.OPEN.value, Stage.PREPARED.value) and last.basis == proposal.basis.to_json()


def _same(points: Decimal | None, exact: str | None, proposal: Proposal) -> bool:
    return (points, exact) == (proposal.points, proposal.basis.exact)


def _last(desk: Desk, unit: Unit, indicator: Indicator, period: str) -> tuple[str, ProposalRow | None]:
    """The newest proposal for that indicator and period, and its key; the first key where there is none."""
    first = proposal_key(unit.id, indicator.id, period)
    key, last, number = first, None, 1
    while (row := proposals.by_key(desk.uow, f"{desk.programme.id}/{_numbered(first, number)}")) is not None:
        key, last, number = _numbered(first, number), row, number + 1
    return key, last


def _key_for(desk: Desk, line: SettledLine) -> str:
    """The key of what is still open, or dropped for want of a figure; else the next, for a person has decided."""
    key, last = _last(desk, line.unit, line.indicator, line.period)
    if last is None or last.stage in (Stage.RUNNING.value, Stage.OPEN.value):
        return key
    if last.stage == Stage.REJECTED.value and last.decided_by is None and last.decided_at is not None:
        return key
    first, _, number = key.partition("#")
    return _numbered(first, int(number or 1) + 1)


def _undo(desk: Desk, line: SettledLine, by: int) -> Entry:
    assert line.old is not None, "only what stands can have changed"
    return correcting.reverse(
        desk.uow,
        desk.installation,
        desk.programme,
        line.old,
        unit=line.unit.id,
        by=by,
        now=desk.now,
        reason=_CORRECTED,
    )


def _numbered(first: str, number: int) -> str:
    return first if number == 1 else f"{first}#{number}"


def _when(desk: Desk, period: str) -> datetime:
    """The period's last moment once it is over."""
    end = midnight_after(Period.parse(period).last_day, desk.installation.zone)
    return min(desk.now, end - timedelta(milliseconds=1))
