"""An axis over some figures: round steps, from 0 unless that would hide the differences."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

_ABOUT = 5
"""So many steps an axis has, or one or two more or less."""
_ROUND = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Axis:
    """Figures from `start` to `end`, with a mark at every `step`."""

    start: Decimal
    end: Decimal
    step: Decimal

    @property
    def is_cut(self) -> bool:
        """Whether it does not start at 0, which the picture has to say."""
        return self.start != 0

    @property
    def marks(self) -> tuple[Decimal, ...]:
        """The figures to be written along it."""
        count = int((self.end - self.start) / self.step)
        return tuple(self.start + self.step * number for number in range(count + 1))

    def at(self, value: Decimal, first: int, last: int) -> int:
        """The pixel of a figure, where the axis runs from pixel `first` to pixel `last`."""
        share = (value - self.start) / (self.end - self.start)
        return first + int((share * (last - first)).to_integral_value(ROUND_HALF_UP))


def axis_over(values: Iterable[Decimal]) -> Axis:
    """The axis for these figures; from 0 to 1 for none.

    It is cut only where all of them lie in the upper half, and so that the least keeps at least a third of the
    greatest's length.
    """
    known = tuple(values)
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    if low == high == 0:
        high = Decimal(1)
    spread = high - low
    if low < 0:
        start, high = low, max(high, Decimal(0))
    elif 0 < spread < high / 2:
        start = max(low - spread / 2, Decimal(0))
    else:
        start = Decimal(0)
    step = _round_step((high - start) / _ABOUT)
    return Axis(_floor(start, step), _ceiling(high, step), step)


def _round_step(least: Decimal) -> Decimal:
    unit = Decimal(1).scaleb(least.adjusted())
    return next(unit * factor for factor in _ROUND if unit * factor >= least)


def _floor(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def _ceiling(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step
