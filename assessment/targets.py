"""Which target binds 以哪个任务为准: the own or the assigned one, what one unit takes of it, whether parts add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal
from enum import StrEnum

from assessment.indicator import Cohort, Direction, Indicator, Measure, Split
from assessment.parameter import Parameter
from assessment.readings import BothTargets, Readings

_EXACT = Context(prec=MAX_PREC)


class TargetFrom(StrEnum):
    """Where a binding target stands in the rulebook."""

    BASE = "基本任务"
    OWN = "自定任务"
    ASSIGNED = "下达任务"
    SPLIT = "分解"
    DUAL_SPLIT = "双向分解"


@dataclass(frozen=True)
class Target:
    """What binds, and what stands beside it. Own and assigned are kept and said where they differ (R76, R117)."""

    base: Parameter[Decimal]
    full: Parameter[Decimal]
    source: TargetFrom
    reading: BothTargets
    own: Decimal | None = None
    assigned: Decimal | None = None

    @property
    def name(self) -> str:
        """What the rulebook calls the base: a unit's part of a split is its 基本任务, too."""
        return self.source.value if self.source in (TargetFrom.OWN, TargetFrom.ASSIGNED) else TargetFrom.BASE.value

    @property
    def differ(self) -> bool:
        """Whether there are two targets, and not the same."""
        return self.own is not None and self.assigned is not None and self.own != self.assigned

    @property
    def is_a_part(self) -> bool:
        """Whether it is one unit's part of the whole."""
        return self.source in (TargetFrom.SPLIT, TargetFrom.DUAL_SPLIT)


def binding_target(
    indicator: Indicator, readings: Readings, *, unit: str | None = None, cohort: Cohort | None = None
) -> Target:
    """The target that binds the whole, one cohort of it, or, where the target is split, the unit of that name.

    A unit without a part of its own is held to the whole. A written 基本任务 goes before both other targets. Of these
    one that the text withholds (`null`) leaves the binding one unset, unless the reading does not need it.
    """
    own, assigned = indicator.own_target.value, indicator.assigned_target.value

    def target(base: Parameter[Decimal], full: Parameter[Decimal], source: TargetFrom) -> Target:
        return Target(base, full, source, readings.both_targets, own, assigned)

    if cohort is not None:
        return target(cohort.base, cohort.full, TargetFrom.BASE)
    for parts, source in ((indicator.split, TargetFrom.SPLIT), (indicator.dual_split, TargetFrom.DUAL_SPLIT)):
        part = next((part for part in parts if part.unit == unit), None)
        if part is not None:
            return target(part.base, part.full, source)
    source = TargetFrom.BASE if indicator.base.is_set else _of_both(indicator, readings.both_targets)
    base = {
        TargetFrom.OWN: indicator.own_target,
        TargetFrom.ASSIGNED: indicator.assigned_target,
    }.get(source, indicator.base)
    return target(base, indicator.full, source)


def _of_both(indicator: Indicator, reading: BothTargets) -> TargetFrom:
    """Which of own and assigned binds (A15); of those that the rulebook mentions."""
    own_written = "own_target" in indicator.model_fields_set
    assigned_written = "assigned_target" in indicator.model_fields_set
    if not (own_written and assigned_written):
        if own_written:
            return TargetFrom.OWN
        return TargetFrom.ASSIGNED if assigned_written else TargetFrom.BASE
    if reading is BothTargets.OWN:
        return TargetFrom.OWN
    own, assigned = indicator.own_target.value, indicator.assigned_target.value
    if reading is BothTargets.ASSIGNED or assigned is None:
        return TargetFrom.ASSIGNED
    if own is None:
        return TargetFrom.OWN
    stricter = own > assigned if indicator.direction is Direction.HIGHER else own < assigned
    return TargetFrom.OWN if stricter else TargetFrom.ASSIGNED


# Whether the parts of a target add up


@dataclass(frozen=True)
class SplitSum:
    """The parts of a target and the target; of a 双向分解 the other half is a sum of its own, never added (A28)."""

    target: Decimal | None
    parts: Decimal
    unset: tuple[str, ...]
    """Units whose part is not set: until then nobody knows the sum."""

    @property
    def gap(self) -> Decimal | None:
        """What is still to be given out 分解缺口; negative is more than the target; None while anything is unset."""
        return None if self.target is None or self.unset else _EXACT.subtract(self.target, self.parts)


@dataclass(frozen=True)
class Splits:
    """Both sums of one indicator; None where the rulebook does not split that way."""

    split: SplitSum | None
    dual_split: SplitSum | None


def check_split(indicator: Indicator, readings: Readings) -> Splits:
    """Hold the parts against the target. Parts of a rate do not add up to anything, so it has no sums."""
    if indicator.measure is Measure.RATE:
        return Splits(None, None)
    whole = binding_target(indicator, readings).base.value
    return Splits(_sum(whole, indicator.split), _sum(whole, indicator.dual_split))


def _sum(target: Decimal | None, parts: Iterable[Split]) -> SplitSum | None:
    listed = tuple(parts)
    if not listed:
        return None
    total = Decimal(0)
    for part in listed:
        total = _EXACT.add(total, part.base.value or Decimal(0))
    return SplitSum(target, total, tuple(part.unit for part in listed if not part.base.is_set))
