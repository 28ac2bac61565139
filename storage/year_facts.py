"""What is known of a year's indicators in one measure: reported, judged, contested; read once, however often asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from assessment.indicator import Indicator, Measure
from assessment.indicator_facts import IndicatorFacts
from assessment.indicator_marks import IndicatorMark, mark_indicator
from assessment.judgement import Given, Judgement, facts_from
from assessment.obligation import Kind
from assessment.periods import Frequency, Period
from assessment.requirements import reported_by
from assessment.roster import Roster, Unit
from assessment.rulebook import Duty
from assessment.scoring_ways import CountMin
from assessment.submission import Slot
from storage import judgements, obligations, submissions
from storage.contested import contested, counts
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork


@dataclass
class YearFacts:
    """What is known of each unit's indicators in one programme as of a moment; read once, however many are asked."""

    uow: UnitOfWork
    programme: Programme
    roster: Roster
    today: date
    now: datetime
    part: Period | None = None
    """Only reports of periods that end with this part of the year; what was judged is that of now."""
    _reports: dict[int, tuple["_Report", ...]] = field(default_factory=dict)
    _given: dict[tuple[int, str], list[tuple[datetime, Judgement]]] | None = None

    @property
    def months_passed(self) -> int:
        """Whole months of the assessed year that have passed, 0 to 12."""
        year = self.programme.rulebook.year
        passed = 12 if self.today.year > year else self.today.month - 1 if self.today.year == year else 0
        return passed if self.part is None else min(passed, self.part.last_day.month)

    @property
    def is_over(self) -> bool:
        """Whether the whole of what is settled on these facts has passed."""
        return self.months_passed == (12 if self.part is None else self.part.last_day.month)

    @property
    def period(self) -> str:
        """The name of what is settled on these facts: the year's, or its part's."""
        return str(self.programme.rulebook.year) if self.part is None else self.part.name

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
        reached = date.min
        for report in self._reports_of(unit):
            if not report.duty.cumulative and indicator.measure is not Measure.RATE:
                apart.append(report)
            elif report.says(indicator):
                values |= {slot: value for slot, value in report.values.items() if slot.indicator == indicator.id}
                reached = report.period.last_day
            elif report.due and report.period.last_day > reached:
                values = {}  # February's figure is not the year's: what was asked since is 未报 (A20)
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
        in_time = self.part is None or period.last_day <= self.part.last_day
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
