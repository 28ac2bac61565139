"""Figures as a picture shows them: exact, with a true minus, and in a column with equally many places."""

from collections.abc import Iterable
from decimal import Decimal

from assessment.points import PLACES, show, tidy

_MINUS = "−"


def figure(value: Decimal) -> str:
    """A figure without trailing zeros: 79, 85.5, −3; to four places, or to as many as keep a small one from being 0."""
    return show(value, max(PLACES, 1 - value.adjusted())).replace("-", _MINUS)


def signed(points: Decimal) -> str:
    """What is added or taken off: +0.5, −2; nothing is 0."""
    return f"+{figure(points)}" if points > 0 else figure(points)


def column(values: Iterable[Decimal]) -> dict[Decimal, str]:
    """Each figure with as many places as the longest needs, so that the points stand below each other."""
    tidied = {value: tidy(value) for value in values}
    places = min(max(map(_places, tidied.values()), default=0), PLACES)
    return {value: f"{known:.{places}f}".replace("-", _MINUS) for value, known in tidied.items()}


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
