"""Whether a reported figure can be meant as it stands, held against target and last value; and what else was meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from assessment.number_words import EXACT, fits, tidied
from assessment.report_reading import DoubtReason
from assessment.rulebook import Direction, Indicator, Measure, Readings
from assessment.submission import Figure, Slot
from assessment.targets import binding_target
from assessment.units_of_measure import unit_of_measure
from assessment.very_same import VerySame

_ANY_READINGS = Readings()
"""Which of two targets binds makes no difference to a magnitude."""
_BARE_RATIO = 10
"""How many times its target a figure without any unit may be: 238 for 2.38亿 counts in another one."""
_POINT_SLIP_RATIO = 3
"""Actual and forecast both so many times above both targets: the point has slipped in either."""
_SLIPS = (-4, 4, -8, 8, 3, -3, 2, -2, 1, -1)
"""Powers of ten by which a wrong 万, 亿, 千 or point is off, the commonest first."""


@dataclass(frozen=True)
class Yardstick:
    """What new figures are held against. Values are in each indicator's own unit."""

    previous: Mapping[Slot, Decimal] = field(default_factory=dict)
    """The figures of the period before."""
    starts_anew: bool = False
    """The first period of a year, or a duty that is not cumulative: totals may be smaller than those before."""
    ratio: int = 100
    """How many times larger or smaller than anything known a figure may be."""

    def fault(self, indicator: Indicator, slot: Slot, value: Decimal, *, bare: bool = False) -> DoubtReason | None:
        """Why the value is implausible by itself; None where it is not. Zero has no magnitude.

        A `bare` figure was written without a unit, which may hide another one.
        """
        known = list(self._known(indicator, slot))
        if value < 0 and not indicator.change_rate:
            return DoubtReason.NEGATIVE
        whole = whole_of(indicator)
        if whole is not None and value > whole and all(reference <= whole for reference in known):
            return DoubtReason.ABOVE_HUNDRED
        if not known or value == 0:
            return None
        ratio = min(self.ratio, _BARE_RATIO) if bare else self.ratio
        too_large = abs(value) > max(known) * ratio
        too_small = abs(value) * self.ratio < min(known) and not indicator.change_rate
        return DoubtReason.MAGNITUDE if too_large or too_small else None

    def likely(self, indicator: Indicator, slot: Slot, value: Decimal) -> Decimal | None:
        """What an implausible value was probably meant to be: without its sign, or with the point moved.

        A share is moved as near to its target as may be (0.26 for 26%), anything else by the commonest slip.
        """
        if value < 0:
            return -value if self.fault(indicator, slot, -value) is None else None
        moved = (tidied(value.scaleb(slip, EXACT)) for slip in _SLIPS)
        meant = [each for each in moved if fits(each) and self.fault(indicator, slot, each) is None]
        limit = self.limit(indicator, slot)
        if whole_of(indicator) is not None and limit:
            return min(meant, key=lambda each: max(each / limit, limit / each), default=None)
        return meant[0] if meant else None

    def limit(self, indicator: Indicator, slot: Slot) -> Decimal | None:
        """What a person would compare the value with: the basic target, else the full one, else the last value."""
        targets = [target for target in _targets(indicator, slot) if target is not None]
        return targets[0] if targets else self.previous.get(slot)

    def knows(self, indicator: Indicator, slot: Slot) -> bool:
        """Whether there is anything to hold a value against."""
        return next(self._known(indicator, slot), None) is not None

    def reached(self, slot: Slot) -> Decimal | None:
        """What had been reached at the end of the period before, where that still counts."""
        return None if self.starts_anew else self.previous.get(slot)

    def _known(self, indicator: Indicator, slot: Slot) -> Iterator[Decimal]:
        """Sizes that were set or reported before, zero left out."""
        earlier = (self.previous.get(Slot(slot.indicator, figure, slot.cohort)) for figure in Figure)
        for size in (*_targets(indicator, slot), *earlier):
            if size:
                yield abs(size)


def forecast_falls_short(indicator: Indicator, actual: Decimal, forecast: Decimal) -> bool:
    """Whether a forecast lies below what is reached, where totals cannot shrink and rates should not worsen."""
    must_grow = indicator.measure is Measure.CUMULATIVE or indicator.direction is Direction.HIGHER
    return must_grow and forecast < actual


def _targets(indicator: Indicator, slot: Slot) -> tuple[Decimal | None, ...]:
    return _targets_of(VerySame((indicator,)), slot.cohort)


@lru_cache(maxsize=16384)
def _targets_of(key: VerySame[Indicator], cohort_name: str | None) -> tuple[Decimal | None, ...]:
    """Asked several times for each figure of each report, and the same as long as the rulebook runs."""
    (indicator,) = key.items
    cohort = next((cohort for cohort in indicator.cohorts if cohort.name == cohort_name), None)
    target = binding_target(indicator, _ANY_READINGS, cohort=cohort)
    return target.base.value, target.full.value


def far_above_targets(indicator: Indicator, slot: Slot, actual: Decimal, forecast: Decimal) -> bool:
    """Whether both figures lie so far above both targets that the point must have slipped (38 and 70 for 3.8 and 7)."""
    targets = [target for target in _targets(indicator, slot) if target]
    return len(targets) == 2 and min(actual, forecast) > max(targets) * _POINT_SLIP_RATIO


def whole_of(indicator: Indicator) -> Decimal | None:
    """The whole that a share is a part of, in its own unit: 100 for %, 1000 for ‰; None for anything else."""
    unit = unit_of_measure(indicator.unit)
    return Decimal(10**-unit.power) if unit.is_share and not indicator.change_rate else None
