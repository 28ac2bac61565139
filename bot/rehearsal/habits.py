"""What the units of a rehearsal do: who reports on which day, and the words that a careful clerk would type."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from assessment.periods import Period
from assessment.requirements import asked_of, tells_the_year
from assessment.roster import Unit
from assessment.rulebook import Cohort, Duty, Indicator, Measure
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.programmes import Programme

LATE_DAYS = 3
"""So many days after the due day a late unit reports."""
REPORTING = time(10, 0)
CONFIRMING = time(10, 10)
SIGNING = time(10, 30)
REVIEWING = time(11, 0)
ASSENTING = time(11, 10)
EVIDENCE = "佐证材料.pdf"
"""What is sent where a duty asks for files; it is never opened."""
_WRITTEN = "按计划推进各项工作"
_LONGEST = 3000
_PLACES = 4


class Habit(StrEnum):
    """How a unit reports, all year long."""

    PUNCTUAL = "按时"
    LATE = "迟交"
    NEVER = "不报"


@dataclass(frozen=True)
class Typed:
    """One message that a person of the rehearsal types in the private chat."""

    at: datetime
    person: int
    channel: str
    tenant: str
    account: str
    text: str
    files: tuple[str, ...] = ()
    """The names of what is sent, without a word."""


def reporting_day(habit: Habit, row: ObligationRow, installation: Installation) -> date | None:
    """The day on which a unit of that habit reports; None for never."""
    due_day = installation.day(row.due - timedelta(milliseconds=1))
    match habit:
        case Habit.PUNCTUAL:
            return due_day - timedelta(days=1)
        case Habit.LATE:
            return due_day + timedelta(days=LATE_DAYS)
        case Habit.NEVER:
            return None


def report_texts(programme: Programme, row: ObligationRow, unit: Unit) -> Iterator[str]:
    """The complete report of one obligation, as messages that each stay well below the longest that is taken."""
    rulebook = programme.rulebook
    duty = rulebook.duty(row.ref)
    if not (duty.indicators or duty.parts or duty.required or duty.self_score):
        yield f"{row.title}：{_WRITTEN}"
        return
    period = Period.parse(row.period)
    lines = [
        line
        for indicator in (asked_of(rulebook, unit) if duty.indicators else ())
        for line in _figures(indicator, duty, period)
    ]
    lines += [f"{category.name}：{category.full:f}" for category in rulebook.categories if duty.self_score]
    lines += [f"{part}：{_WRITTEN}" for part in (*(part.value for part in duty.parts), *duty.required)]
    message = row.title
    for line in lines:
        if len(message) + len(line) >= _LONGEST:
            yield message
            message = row.title
        message += f"\n{line}"
    yield message


def _figures(indicator: Indicator, duty: Duty, period: Period) -> Iterator[str]:
    """One line for the indicator, or one for each of its cohorts; figures that nobody could doubt."""
    if indicator.cohorts:
        for cohort in indicator.cohorts:
            yield f"{indicator.name}{cohort.name}{_written(indicator, _aim(cohort))}"
        return
    aim = _aim(indicator)
    adds_up = indicator.measure is Measure.CUMULATIVE and duty.cumulative
    actual = aim * _share(period) if adds_up else aim
    line = f"{indicator.name}{_written(indicator, actual)}"
    if indicator.forecast and not tells_the_year(duty, period):
        # The target itself: no total falls short of what is reached, and no rate is forecast to worsen.
        line += f" 预测{_written(indicator, aim)}"
    yield line


def _aim(targets: Indicator | Cohort) -> Decimal:
    known = [value for value in (targets.base.value, targets.full.value) if value is not None]
    return known[0] if known else Decimal(10)


def _share(period: Period) -> Decimal:
    """How much of the year is over with the period."""
    year = (date(period.year + 1, 1, 1) - date(period.year, 1, 1)).days
    return Decimal((period.last_day - date(period.year, 1, 1)).days + 1) / year


def _written(indicator: Indicator, value: Decimal) -> str:
    """The value with its unit: a fall of a rate of change in words, as people write it."""
    figure = format(Decimal(f"{value:.{_PLACES}g}"), "f")
    if indicator.change_rate:
        word = "下降" if value < 0 else "增长"
        return f"{word}{figure.lstrip('-')}{indicator.unit}"
    return f"{figure}{indicator.unit}"
