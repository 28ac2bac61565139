"""The labelled figures of an indicator with 基本任务 and 满分目标: 按已完成计, 按全年预测计, 序时进度.

A full-year target is not worth 0 points in July, so there is never one bare number. Inside, everything is exact;
whoever shows a share or points rounds them (A16).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from assessment.rulebook import Cohort, Curve, Direction, Indicator, Measure, Parameter
from assessment.submission import Figure, Slot

_EXACT = Context(prec=MAX_PREC)


class Band(StrEnum):
    """Where a figure lies."""

    BELOW_BASE = "低于基本任务"
    BASE = "完成基本任务"
    FULL = "达到满分目标"


@dataclass(frozen=True)
class Standing:
    """What one figure, taken as the result of the year, would mean. None is unknown, never 0."""

    value: Decimal | None
    """None: 未报."""
    share_of_base: Fraction | None = None
    """Value ÷ 基本任务, 1 = 100 %. Only where more is better: of a figure that is to fall it would say the opposite of
    what people read in it, and base ÷ value is no percentage of anything."""
    short_of_base: Decimal | None = None
    """How far the figure still is from 基本任务, in the indicator's unit, whichever way it is to go; 0 when just
    reached, negative beyond it."""
    short_of_full: Decimal | None = None
    """Likewise from 满分目标."""
    band: Band | None = None
    """None also while it is open between two bands because a target is not set."""
    points: Fraction | None = None
    """Only where base, full mark, the points for both and the curve are set (A7)."""


@dataclass(frozen=True)
class Figures:
    """One indicator, or one cohort of it, as of the end of a month."""

    indicator: str
    cohort: str | None
    direction: Direction
    base: Decimal | None
    full: Decimal | None
    by_actual: Standing
    """按已完成计."""
    by_forecast: Standing | None
    """按全年预测计; None where no forecast is asked for, as when the year is over: what is reached is its figure."""
    time_progress: Fraction | None
    """序时进度: months passed ÷ 12 (A21); None is 不适用, for rates."""
    unset: tuple[str, ...]
    """What the rulebook withholds of what points need, in its own words (基本任务, 满分目标, …)."""
    target_stand_in: bool
    """Whether base or full mark is a stand-in: shares and gaps are then shown with ◇."""
    points_stand_in: bool
    """Whether points rest on a stand-in: they are then shown with ◇."""

    @property
    def ahead_of_time(self) -> Fraction | None:
        """Completed share less time progress (0.01 = one percentage point); negative is 落后序时进度."""
        share = self.by_actual.share_of_base
        return None if share is None or self.time_progress is None else share - self.time_progress


def figures(indicator: Indicator, values: Mapping[Slot, Decimal], *, months_passed: int) -> tuple[Figures, ...]:
    """The figures of an indicator, one for each cohort or a single one; `months_passed` of the year, 0 to 12.

    `values` may hold other indicators' values, too; what is not in it is 未报.
    """
    parts: tuple[Indicator | Cohort, ...] = indicator.cohorts or (indicator,)
    return tuple(_figures(indicator, part, values, months_passed) for part in parts)


def lagging(listed: Iterable[Figures]) -> list[Figures]:
    """落后指标: what 按已完成计 lies below 基本任务, the smallest share of it first, equals in the order given.

    Indicators that are to fall have no such share and come last. What is 未报 is not here: nobody knows.
    """
    behind = [found for found in listed if found.by_actual.band is Band.BELOW_BASE]
    with_share = [found for found in behind if found.by_actual.share_of_base is not None]
    without = [found for found in behind if found.by_actual.share_of_base is None]
    return sorted(with_share, key=lambda found: found.by_actual.share_of_base or Fraction(0)) + without


def _figures(
    indicator: Indicator, part: Indicator | Cohort, values: Mapping[Slot, Decimal], months_passed: int
) -> Figures:
    cohort = part.name if isinstance(part, Cohort) else None
    actual = values.get(Slot(indicator.id, Figure.ACTUAL, cohort))
    forecast = values.get(Slot(indicator.id, Figure.FORECAST, cohort))
    for_points = _for_points(indicator, part)
    cumulative = indicator.measure is Measure.CUMULATIVE
    return Figures(
        indicator=indicator.id,
        cohort=cohort,
        direction=indicator.direction,
        base=part.base.value,
        full=part.full.value,
        by_actual=_standing(indicator, part, actual),
        by_forecast=_standing(indicator, part, forecast) if indicator.forecast and months_passed < 12 else None,
        time_progress=Fraction(months_passed, 12) if cumulative else None,
        unset=tuple(name for name, parameter in for_points.items() if not parameter.is_set),
        target_stand_in=bool(part.base.stand_in or part.full.stand_in),
        points_stand_in=any(parameter.stand_in for parameter in for_points.values()),
    )


def _for_points(indicator: Indicator, part: Indicator | Cohort) -> Mapping[str, Parameter[Any]]:
    """The parameters that points need, by the names that rulebook files give them."""
    parameters: Mapping[str, Parameter[Any]] = {
        "base": part.base,
        "full": part.full,
        "base_points": indicator.base_points,
        "full_points": indicator.full_points,
        "curve": indicator.curve,
    }
    return {Indicator.model_fields[name].alias or name: parameter for name, parameter in parameters.items()}


def _standing(indicator: Indicator, part: Indicator | Cohort, value: Decimal | None) -> Standing:
    if value is None:
        return Standing(None)
    base, full = part.base.value, part.full.value
    higher = indicator.direction is Direction.HIGHER
    short_of_base = None if base is None else _short(indicator.direction, value, base)
    short_of_full = None if full is None else _short(indicator.direction, value, full)
    return Standing(
        value=value,
        share_of_base=Fraction(value) / Fraction(base) if higher and base is not None and base > 0 else None,
        short_of_base=short_of_base,
        short_of_full=short_of_full,
        band=_band(short_of_base, short_of_full),
        points=_points(indicator, part, value),
    )


def _short(direction: Direction, value: Decimal, target: Decimal) -> Decimal:
    if direction is Direction.HIGHER:
        return _EXACT.subtract(target, value)
    return _EXACT.subtract(value, target)


def _band(short_of_base: Decimal | None, short_of_full: Decimal | None) -> Band | None:
    if short_of_base is not None and short_of_base > 0:
        return Band.BELOW_BASE
    if short_of_full is not None and short_of_full <= 0:
        return Band.FULL
    return None if short_of_base is None or short_of_full is None else Band.BASE


def _points(indicator: Indicator, part: Indicator | Cohort, value: Decimal) -> Fraction | None:
    base, full, curve = part.base.value, part.full.value, indicator.curve.value
    base_points, full_points = indicator.base_points.value, indicator.full_points.value
    if base is None or full is None or base_points is None or full_points is None or curve is None:
        return None
    match curve:
        case Curve.LINEAR:
            span = -Fraction(_short(indicator.direction, full, base))
            gain = -Fraction(_short(indicator.direction, value, base))
            return _linear(gain, span, Fraction(base_points), Fraction(full_points))


def _linear(gain: Fraction, span: Fraction, base_points: Fraction, full_points: Fraction) -> Fraction | None:
    """Points for `gain` over the base where full mark lies `span` over it (A7)."""
    if span < 0:
        return None  # full mark is the easier target: the rulebook contradicts itself
    if gain < 0:
        return Fraction(0)
    if gain >= span:
        return full_points
    return base_points + (full_points - base_points) * gain / span
