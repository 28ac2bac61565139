"""Settlement 结算 as stored: what the year's facts make of each indicator, and the proposals that come of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from assessment.due import midnight_after
from assessment.indicator import Indicator, Measure
from assessment.indicator_facts import IndicatorFacts
from assessment.indicator_marks import IndicatorMark, mark_indicator
from assessment.judgement import Given, Judgement, facts_from
from assessment.ledger import Entry
from assessment.mark_words import in_words
from assessment.marking import Proposal
from assessment.obligation import Kind
from assessment.periods import Frequency, Period
from assessment.requirements import reported_by
from assessment.roster import Roster, Unit
from assessment.rulebook import Duty
from assessment.scoring_ways import CountMin
from assessment.settlement import settle, settled
from assessment.submission import Slot
from storage import correcting, judgements, ledger, obligations, proposals, proposing, scoring, submissions
from storage.contested import contested, counts
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.proposing import Desk
from storage.unit_of_work import UnitOfWork

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
    mark: IndicatorMark
    outcome: Outcome
    proposal: Proposal | None = None
    old: Entry | None = None
    known: bool = False
    """Whether an open proposal says just this already."""

    falls: bool = False
    """Whether an open proposal is dropped, because nobody says its figure any more."""

    @property
    def is_new(self) -> bool:
        """Whether carrying it out changes anything."""
        if self.outcome is Outcome.UNSET:
            return not self.known
        return self.falls or self.outcome in (Outcome.NEW, Outcome.CHANGED)


@dataclass
class YearFacts:
    """What is known of each unit's indicators in one programme as of a moment; read once, however many are asked."""

    uow: UnitOfWork
    programme: Programme
    roster: Roster
    today: date
    now: datetime
    until: date | None = None
    """Only reports of periods that end by then, for half a year or a quarter; what was judged is that of now."""
    _reports: dict[int, tuple["_Report", ...]] = field(default_factory=dict)
    _given: dict[tuple[int, str], list[tuple[datetime, Judgement]]] | None = None

    @property
    def months_passed(self) -> int:
        """Whole months of the assessed year that have passed, 0 to 12."""
        year = self.programme.rulebook.year
        passed = 12 if self.today.year > year else self.today.month - 1 if self.today.year == year else 0
        return passed if self.until is None else min(passed, self.until.month)

    def units(self) -> tuple[Unit, ...]:
        """Whoever is held to any indicator now, in roster order."""
        return tuple(unit for unit in self.roster.units if unit.belongs_on(self.today) and self.held_to(unit))

    def held_to(self, unit: Unit) -> tuple[Indicator, ...]:
        """The indicators whose points are this unit's.

        Where a whole is assessed, all are its; else a unit is held to what it reports, to its part of a split, and to
        what the office judged of it as one of those responsible.
        """
        rulebook = self.programme.rulebook
        names = {unit.name, *unit.aliases}
        if rulebook.assessed is not None:
            return rulebook.indicators if rulebook.assessed in names else ()
        own = {indicator.id for indicator in reported_by(rulebook, unit)}
        return tuple(one for one in rulebook.indicators if one.id in own or self._has_a_part(unit, one))

    def _has_a_part(self, unit: Unit, indicator: Indicator) -> bool:
        names = {unit.name, *unit.aliases}
        if names & {part.unit for part in (*indicator.split, *indicator.dual_split)}:
            return True
        return (unit.id, indicator.id) in self._judged() and bool((names | {unit.group}) & set(indicator.owners))

    def may_be_judged(self, unit: Unit) -> tuple[Indicator, ...]:
        """The indicators of which the office may give something for this unit."""
        rulebook, held = self.programme.rulebook, self.held_to(unit)
        if rulebook.assessed is not None:
            return held
        names = {unit.name, *unit.aliases, unit.group}
        return tuple(one for one in rulebook.indicators if one in held or names & {*one.owners, *one.co_owners})

    def facts(self, unit: Unit, indicator: Indicator, more: Iterable[Judgement] = ()) -> IndicatorFacts:
        """What is known; `more` is what would be given now."""
        source = self._source(unit, indicator)
        values, by_month = self._reported(source, indicator) if source is not None else ({}, {})
        ruling = tuple(more)
        given = [*self._in_force(unit, indicator, source), *ruling]
        differing = None
        if not any(one.given in (Given.FIGURE, Given.PART) for one in ruling):
            differing = contested(self.uow, self.programme, self.roster, self.today, indicator)
        facts = facts_from(indicator, values, given, by_month=by_month)
        return facts if differing is None else replace(facts, contested=str(differing))

    def _in_force(self, unit: Unit, indicator: Indicator, source: Unit | None) -> Iterator[Judgement]:
        """What was given and still holds: a ruling on a figure is one on its period, and ends with the next report."""
        reports = [one for one in self._reports_of(source) if one.says(indicator)] if source is not None else []
        newest = max(reports, key=lambda one: one.period.last_day, default=None)
        for at, one in self._judged().get((unit.id, indicator.id), ()):
            earlier = newest is not None and at.date() <= newest.period.last_day
            if one.given is Given.FIGURE and earlier and newest is not None and newest.begun and at < newest.begun:
                continue
            yield one

    def mark(self, unit: Unit, indicator: Indicator, more: Iterable[Judgement] = ()) -> IndicatorMark:
        """What the facts make of the indicator by now."""
        return mark_indicator(
            indicator,
            self.facts(unit, indicator, more),
            self.programme.rulebook.readings,
            months_passed=self.months_passed,
            unit=unit.name,
        )

    def _judged(self) -> dict[tuple[int, str], list[tuple[datetime, Judgement]]]:
        if self._given is None:
            self._given = {}
            for row in judgements.of_programme(self.uow, self.programme.id):
                judged = (row.given_at, judgements.judgement_of(row))
                self._given.setdefault((row.unit, row.indicator), []).append(judged)
        return self._given

    def _source(self, unit: Unit, indicator: Indicator) -> Unit | None:
        """Who reports the figure: the unit itself, or where a whole is assessed the one that leads."""
        if self.programme.rulebook.assessed is None:
            return unit if indicator in reported_by(self.programme.rulebook, unit) else None
        return next(iter(self.roster.chosen(indicator.owners[:1], self.today)), None)

    def _reported(self, unit: Unit, indicator: Indicator) -> tuple[Mapping[Slot, Decimal], Mapping[int, int]]:
        """The year's figures of what was reported, and the counts of its months where each month has its own."""
        values: dict[Slot, Decimal] = {}
        by_month: dict[int, int] = {}
        apart: list[_Report] = []
        for report in self._reports_of(unit):
            if report.duty.cumulative or indicator.measure is Measure.RATE:
                values |= {slot: value for slot, value in report.values.items() if slot.indicator == indicator.id}
            else:
                apart.append(report)
        if isinstance(indicator.way, CountMin):
            by_month = dict(_months(apart, indicator))
        elif apart and not values:
            values = dict(_added_up(apart, indicator))
        return values, by_month

    def _reports_of(self, unit: Unit) -> tuple["_Report", ...]:
        if unit.id not in self._reports:
            rows = obligations.of_unit(self.uow, unit.id, closed=True)
            self._reports[unit.id] = tuple(self._read(row) for row in rows if self._counts(row))
        return self._reports[unit.id]

    def _counts(self, row: ObligationRow) -> bool:
        if row.programme != self.programme.id or row.kind != Kind.DUTY.value:
            return False
        duty = self.programme.rulebook.duty(row.ref)
        period = Period.parse(row.period)
        in_time = self.until is None or period.last_day <= self.until
        return duty.indicators and period.year == self.programme.rulebook.year and in_time

    def _read(self, row: ObligationRow) -> "_Report":
        duty, versions = self.programme.rulebook.duty(row.ref), submissions.versions(self.uow, row.id)
        values = submissions.fold(versions).values if counts(row) else {}
        begun = versions[0].recorded_at if versions else None
        return _Report(duty, Period.parse(row.period), values, begun, due=row.due <= self.now)


@dataclass(frozen=True)
class _Report:
    duty: Duty
    period: Period
    values: Mapping[Slot, Decimal]
    begun: datetime | None
    """When the first was heard of it."""
    due: bool

    def says(self, indicator: Indicator) -> bool:
        """Whether it has a figure of the indicator."""
        return any(slot.indicator == indicator.id for slot in self.values)


def _months(reports: Iterable[_Report], indicator: Indicator) -> Iterator[tuple[int, int]]:
    for report in reports:
        found = [value for slot, value in report.values.items() if slot.indicator == indicator.id]
        if report.duty.frequency is Frequency.MONTH and found:
            yield report.period.last_day.month, int(found[0])


def _added_up(reports: Iterable[_Report], indicator: Indicator) -> Iterator[tuple[Slot, Decimal]]:
    """Each period's own figure added up, only where none is missing (A20)."""
    listed = list(reports)
    for slot in {slot for report in listed for slot in report.values if slot.indicator == indicator.id}:
        if all(slot in report.values for report in listed if report.due):
            yield slot, sum((report.values.get(slot, Decimal(0)) for report in listed), Decimal(0))


def period_of(programme: Programme) -> str:
    """What is settled: the year."""
    return str(programme.rulebook.year)


def look(desk: Desk, facts: YearFacts, units: Iterable[Unit]) -> list[SettledLine]:
    """What settling these units would do; changes nothing."""
    return [line for unit in units for line in _look_at(desk, facts, unit)]


def carry_out(desk: Desk, line: SettledLine, *, by: int) -> Entry | None:
    """Do what the line says; return the entry that reverses an older one, for those concerned to be told.

    Whoever looks and then carries out does both in one transaction.
    """
    if line.outcome is Outcome.WAITING:
        key, last = _last(desk, line.unit, line.indicator)
        if last is not None and last.stage == Stage.OPEN.value:
            proposing.drop(desk, (key,), "尚无可结算的数")
        return None
    if line.outcome not in (Outcome.NEW, Outcome.UNSET, Outcome.CHANGED) or line.proposal is None:
        return None
    undoing = _undo(desk, line, by) if line.outcome is Outcome.CHANGED else None
    proposal = replace(line.proposal, key=_key_for(desk, line))
    proposing.put(desk, proposal, unit=line.unit.id, obligation=None, occurred_at=_when(desk), author=by)
    return undoing


def _look_at(desk: Desk, facts: YearFacts, unit: Unit) -> Iterator[SettledLine]:
    programme, period = desk.programme, period_of(desk.programme)
    account = scoring.unit_account(programme, unit.id)
    entries = list(ledger.entries(desk.uow, account))
    for indicator in facts.held_to(unit):
        mark = facts.mark(unit, indicator)
        reason = "；".join(in_words(mark))
        proposal = settle(indicator, mark, programme=programme.code, unit=unit.id, period=period, reason=reason or None)
        old = settled(entries, account, indicator.id, period)
        outcome = _outcome(desk, unit, indicator, proposal, old)
        _, last = _last(desk, unit, indicator)
        known = last is not None and proposal is not None and _is_known(last, proposal)
        falls = last is not None and proposal is None and last.stage == Stage.OPEN.value
        yield SettledLine(unit, indicator, mark, outcome, proposal, old, known, falls)


def _outcome(desk: Desk, unit: Unit, indicator: Indicator, proposal: Proposal | None, old: Entry | None) -> Outcome:
    if proposal is None:
        return Outcome.WAITING
    if old is not None:
        if proposal.points is None or _same(old.points, old.basis.exact, proposal):
            return Outcome.SAME
        limit = desk.programme.rulebook.reversal_by_two
        return Outcome.BY_TWO if limit is not None and abs(old.points) >= limit else Outcome.CHANGED
    _, last = _last(desk, unit, indicator)
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


def _last(desk: Desk, unit: Unit, indicator: Indicator) -> tuple[str, ProposalRow | None]:
    """The newest proposal for that indicator and year, and its key; the first key where there is none."""
    first = f"settle/{unit.id}/{indicator.id}/{period_of(desk.programme)}"
    key, last, number = first, None, 1
    while (row := proposals.by_key(desk.uow, f"{desk.programme.id}/{_numbered(first, number)}")) is not None:
        key, last, number = _numbered(first, number), row, number + 1
    return key, last


def _key_for(desk: Desk, line: SettledLine) -> str:
    """The key of what is still open, or dropped for want of a figure; else the next, for a person has decided."""
    key, last = _last(desk, line.unit, line.indicator)
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


def _when(desk: Desk) -> datetime:
    """The year's last moment once it is over."""
    last_day = date(desk.programme.rulebook.year, 12, 31)
    return min(desk.now, midnight_after(last_day, desk.installation.zone) - timedelta(milliseconds=1))
