"""Indicators and their marks, written short."""

from decimal import Decimal
from typing import Any

from assessment.indicator import Curve, Direction, Indicator, Measure, Split
from assessment.indicator_facts import IndicatorFacts
from assessment.indicator_marks import IndicatorMark, mark_indicator
from assessment.mark_words import in_words
from assessment.parameter import Parameter
from assessment.readings import BothTargets, Readings

LOWER = Direction.LOWER


def value(number: str | int | None, stand_in: str | None = None) -> Parameter[Decimal]:
    return Parameter[Decimal](value=None if number is None else Decimal(number), stand_in=stand_in)


def an_indicator(**said: Any) -> Indicator:
    """Counts up over the year; without a way of its own it runs from base 168.7 (3 points) to full 202.44 (5)."""
    values: dict[str, Any] = {
        "id": "x",
        "name": "指标",
        "unit": "万元",
        "measure": Measure.CUMULATIVE,
        "owners": ("甲局",),
        "cite": "一",
    }
    return Indicator.model_validate(values | said)


def between_base_and_full(base: str | None = "168.7", full: str | None = "202.44", **said: Any) -> Indicator:
    values: dict[str, Any] = {
        "base": value(base),
        "full": value(full),
        "base_points": value("3"),
        "full_points": value("5"),
        "curve": Parameter[Curve](value=Curve.LINEAR),
    }
    return an_indicator(**(values | said))


def mark(
    indicator: Indicator,
    facts: IndicatorFacts,
    *,
    months: int = 12,
    unit: str | None = None,
    both: BothTargets = BothTargets.STRICTER,
) -> IndicatorMark:
    return mark_indicator(indicator, facts, Readings(both_targets=both), months_passed=months, unit=unit)


def marked(way: Any, *, months: int = 12, direction: Direction = Direction.HIGHER, **facts: Any) -> IndicatorMark:
    """The mark of an indicator that is scored in that way."""
    return mark(an_indicator(way=way, direction=direction), IndicatorFacts(**facts), months=months)


def figure(number: str) -> IndicatorFacts:
    return IndicatorFacts(value=Decimal(number))


def said(found: IndicatorMark) -> tuple[str, ...]:
    return in_words(found)


def lacks(found: IndicatorMark) -> list[tuple[str, str]]:
    return [(lack.why.value, lack.what) for lack in found.lacks]


def a_split(unit: str, base: str | None, full: str | None = None) -> Split:
    return Split(unit=unit, base=value(base), full=value(full))
