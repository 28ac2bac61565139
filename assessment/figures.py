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

from assessment.rulebook import Curve, Direction, Indicator, Measure, Parameter, Readings
from assessment.submission import Figure, Slot
from assessment.targets import Target, binding_target
from assessment.worked_terms import NOTHING, Amount, Case, Held, Term

_EXACT = Context(prec=MAX_PREC)
_FULL = "满分目标"
DEFAULT_READINGS = Readings()


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
    working: Term | None = None
    """How the points come about; only where base, full mark, the points for both and the curve are set (A7), and
    what falling below the base takes off where the rulebook mentions it."""

    @property
    def points(self) -> Fraction | None:
        """The exact points."""
        return None if self.working is None else self.working.value


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
    target: Target
    """The target that binds, with the own and the assigned one beside it."""

    @property
    def ahead_of_time(self) -> Fraction | None:
        """Completed share less time progress (0.01 = one percentage point); negative is 落后序时进度."""
        share = self.by_actual.share_of_base
        return None if share is None or self.time_progress is None else share - self.time_progress


def figures(
    indicator: Indicator,
    values: Mapping[Slot, Decimal],
    *,
    months_passed: int,
    readings: Readings = DEFAULT_READINGS,
    unit: str | None = None,
) -> tuple[Figures, ...]:
    """The figures of an indicator, one for each cohort or a single one; `months_passed` of the year, 0 to 12.

    `values` may hold other indicators' values, too; what is not in it is 未报. With `unit`, the name of one, they are
    held against its own part where the target is split.
    """
    targets: list[tuple[str | None, Target]] = [
        (cohort.name, binding_target(indicator, readings, cohort=cohort)) for cohort in indicator.cohorts
    ] or [(None, binding_target(indicator, readings, unit=unit))]
    return tuple(_figures(indicator, cohort, target, values, months_passed) for cohort, target in targets)


def lagging(listed: Iterable[Figures]) -> list[Figures]:
    """落后指标: what 按已完成计 lies below 基本任务, the smallest share of it first, equals in the order given.

    Indicators that are to fall have no such share and come last. What is 未报 is not here: nobody knows.
    """
    behind = [found for found in listed if found.by_actual.band is Band.BELOW_BASE]
    with_share = [found for found in behind if found.by_actual.share_of_base is not None]
    without = [found for found in behind if found.by_actual.share_of_base is None]
    return sorted(with_share, key=lambda found: found.by_actual.share_of_base or Fraction(0)) + without


def _figures(
    indicator: Indicator, cohort: str | None, target: Target, values: Mapping[Slot, Decimal], months_passed: int
) -> Figures:
    actual = values.get(Slot(indicator.id, Figure.ACTUAL, cohort))
    forecast = values.get(Slot(indicator.id, Figure.FORECAST, cohort))
    for_points = _for_points(indicator, target, actual)
    cumulative = indicator.measure is Measure.CUMULATIVE
    return Figures(
        indicator=indicator.id,
        cohort=cohort,
        direction=indicator.direction,
        base=target.base.value,
        full=target.full.value,
        by_actual=_standing(indicator, target, actual),
        by_forecast=_standing(indicator, target, forecast) if indicator.forecast and months_passed < 12 else None,
        time_progress=Fraction(months_passed, 12) if cumulative else None,
        unset=tuple(name for name, parameter in for_points.items() if not parameter.is_set),
        target_stand_in=bool(target.base.stand_in or target.full.stand_in),
        points_stand_in=any(parameter.stand_in for parameter in for_points.values()),
        target=target,
    )


def _for_points(indicator: Indicator, target: Target, value: Decimal | None) -> Mapping[str, Parameter[Any]]:
    """The parameters that the points of that figure need, by the names that rulebook files give them."""
    own: Mapping[str, Parameter[Any]] = {
        "base_points": indicator.base_points,
        "full_points": indicator.full_points,
        "curve": indicator.curve,
    }
    if _has_penalty(indicator) and not _reaches_base(indicator, target, value):
        own = {**own, "below_base": indicator.below_base}
    return {target.name: target.base, _FULL: target.full} | {
        Indicator.model_fields[name].alias or name: parameter for name, parameter in own.items()
    }


def _has_penalty(indicator: Indicator) -> bool:
    """Whether the rulebook says that falling below the base costs points, be it without saying how many."""
    return "below_base" in indicator.model_fields_set


def _reaches_base(indicator: Indicator, target: Target, value: Decimal | None) -> bool:
    """Whether the figure is at the base or better, so that nothing depends on what falling below it costs."""
    base = target.base.value
    return value is not None and base is not None and _short(indicator.direction, value, base) <= 0


def _standing(indicator: Indicator, target: Target, value: Decimal | None) -> Standing:
    if value is None:
        return Standing(None)
    base, full = target.base.value, target.full.value
    higher = indicator.direction is Direction.HIGHER
    short_of_base = None if base is None else _short(indicator.direction, value, base)
    short_of_full = None if full is None else _short(indicator.direction, value, full)
    return Standing(
        value=value,
        share_of_base=Fraction(value) / Fraction(base) if higher and base is not None and base > 0 else None,
        short_of_base=short_of_base,
        short_of_full=short_of_full,
        band=_band(short_of_base, short_of_full),
        working=_working(indicator, target, value),
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


def _working(indicator: Indicator, target: Target, value: Decimal) -> Term | None:
    if not all(parameter.is_set for parameter in _for_points(indicator, target, value).values()):
        return None
    match indicator.curve.value:
        case Curve.LINEAR:
            counts = _has_penalty(indicator) and not _reaches_base(indicator, target, value)
            below = _amount("低于基本", indicator.below_base) if counts else NOTHING
            return _linear(
                indicator.direction,
                Amount(Fraction(value)),
                (_amount(target.name, target.base), _amount(_FULL, target.full)),
                (below, _amount("基本分", indicator.base_points), _amount("满分", indicator.full_points)),
            )
        case None:
            return None


def _linear(
    direction: Direction, value: Amount, targets: tuple[Amount, Amount], points: tuple[Amount, Amount, Amount]
) -> Term | None:
    """Points on the straight line from base to full (A7); `points` are those below the base, at it, and at full."""
    (base, full), (below, base_points, full_points) = targets, points
    span, gain = full - base, value - base
    if direction is Direction.LOWER:
        span, gain = base - full, base - value
    if span.value < 0 or below.value > 0:
        return None  # full mark is the easier target, or falling short would add: the rulebook contradicts itself
    if gain.value < 0:
        return Case((Held(value, base, reached=False),), below)
    if gain.value >= span.value:
        return Case((Held(value, full, reached=True),), full_points)
    return base_points + (full_points - base_points) * gain / span


def _amount(name: str, parameter: Parameter[Decimal]) -> Amount:
    """Of a parameter that is set."""
    return Amount(Fraction(parameter.value or 0), name, bool(parameter.stand_in))
