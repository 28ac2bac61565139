"""Figures that tell a story (破案683起, 财政支出8.62亿元), told from those that are reported."""

from collections.abc import Sequence

from assessment.numerals import Quantity, UnitFault, UnitProblem, Unreadable, in_unit
from assessment.rulebook import Indicator


class Narration:
    """Knows which figures no own indicator could bear, whatever was meant."""

    def __init__(self, own: Sequence[Indicator]) -> None:
        self._own = own

    def holds(self, quantity: Quantity | Unreadable) -> bool:
        """Whether the figure's unit belongs to none of the unit's indicators; a bare figure may belong to any."""
        if not isinstance(quantity, Quantity) or (quantity.unit is None and quantity.scale is None):
            return False
        return not any(can_be(quantity, indicator) for indicator in self._own)


def can_be(quantity: Quantity | Unreadable, indicator: Indicator) -> bool:
    """Whether the figure can be the indicator's, if need be with another unit than was written."""
    if not isinstance(quantity, Quantity):
        return True
    value = in_unit(quantity, indicator.unit, change_rate=indicator.change_rate)
    impossible = isinstance(value, UnitProblem) and value.reason is UnitFault.WRONG_UNIT and value.likely is None
    return not impossible
