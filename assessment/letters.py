"""责任书: which units sign one, by when, and what stands in it: their indicators with targets, and their duties."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from assessment.due import DueTimes, due_day, due_on
from assessment.duty import Duty
from assessment.indicator import Indicator
from assessment.periods import Frequency, Period
from assessment.roster import Roster, Unit
from assessment.rulebook import Rulebook
from assessment.targets import TargetFrom, binding_target
from assessment.workdays import WorkCalendar

LETTER = "letter"
"""What a letter's obligation refers to: a measure has one letter a year."""
LETTER_DAY = "责任书截止"
"""Under which name the office records by when letters are signed."""


@dataclass(frozen=True)
class TargetLine:
    """One indicator of a unit with what binds it; a target that is withheld is None."""

    name: str
    unit: str
    base: Decimal | None
    full: Decimal | None
    source: TargetFrom
    mark: str = ""
    """◇ where it is a stand-in."""
    own: Decimal | None = None
    assigned: Decimal | None = None
    cohort: str = ""
    lead: bool = True
    """Whether the unit stands first among those responsible."""


@dataclass(frozen=True)
class Content:
    """What a unit's letter says."""

    targets: tuple[TargetLine, ...]
    duties: tuple[Duty, ...]

    @property
    def unset(self) -> tuple[str, ...]:
        """What is still to be set, by name, each once."""
        targets = (line.name for line in self.targets if line.base is None and line.full is None)
        return tuple(dict.fromkeys((*targets, *(duty.name for duty in self.duties if not duty.due.is_set))))


def signing_units(rulebook: Rulebook, people: Roster, day: date) -> tuple[Unit, ...]:
    """Every unit that the measure makes responsible for anything, but for the one that runs it."""
    names = {name for indicator in rulebook.indicators for name in indicator.owners}
    names |= {name for duty in rulebook.duties for name in duty.units}
    office = people.named(rulebook.office)
    return tuple(unit for unit in people.chosen(names, day) if office is None or unit.id != office.id)


def due_of_letter(rulebook: Rulebook, calendar: WorkCalendar, zone: tzinfo, said: date | None) -> DueTimes | None:
    """By when letters are signed: as the office has said, else as the measure has it; None while neither has."""
    if said is not None:
        return due_on(said, zone)
    rule = rulebook.letter.due.value if rulebook.letter is not None else None
    if rule is None:
        return None
    return due_on(due_day(rule, Period(rulebook.year, Frequency.YEAR, 1), calendar), zone)


def content(rulebook: Rulebook, unit: Unit) -> Content:
    """What that unit's letter says, in the measure's order."""
    names = {unit.name, *unit.aliases, *((unit.group,) if unit.group else ())}
    targets = [
        line
        for indicator in rulebook.indicators
        if names.intersection(indicator.owners)
        for line in _targets(rulebook, indicator, unit, lead=indicator.owners[0] in names)
    ]
    duties = [
        duty
        for duty in rulebook.duties
        if names.intersection(duty.units) or (not duty.units and any(line.lead for line in targets))
    ]
    return Content(tuple(targets), tuple(duties))


def _targets(rulebook: Rulebook, indicator: Indicator, unit: Unit, *, lead: bool) -> Iterator[TargetLine]:
    for cohort in indicator.cohorts or (None,):
        target = binding_target(indicator, rulebook.readings, unit=unit.name, cohort=cohort)
        yield TargetLine(
            name=indicator.name,
            unit=indicator.unit,
            base=target.base.value,
            full=target.full.value,
            source=target.source,
            mark=target.base.mark or target.full.mark,
            own=target.own if target.differ else None,
            assigned=target.assigned if target.differ else None,
            cohort=cohort.name if cohort is not None else "",
            lead=lead,
        )
