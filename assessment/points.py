"""Points: exact decimals with at most four places, never float."""

from decimal import ROUND_HALF_UP, Decimal

PLACES = 4
SCALE = 10**PLACES
_STEP = Decimal(1).scaleb(-PLACES)


class ExtraPlaces(ValueError):
    """More than four decimal places: the value would have to be rounded, and nobody decided how."""


def to_scaled(points: Decimal) -> int:
    """Return `points` as an integer of ten-thousandths; raise ExtraPlaces when that is not exact."""
    scaled = points.scaleb(PLACES)
    if not points.is_finite() or scaled != scaled.to_integral_value():
        raise ExtraPlaces(f"{points}: at most {PLACES} decimal places")
    return int(scaled)


def from_scaled(scaled: int) -> Decimal:
    """The inverse of to_scaled, without trailing zeros."""
    return tidy(Decimal(scaled).scaleb(-PLACES))


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def show(value: Decimal, places: int = 2) -> str:
    """For people: rounded half up to `places`, trailing zeros dropped. Never compare what this returns (A16)."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{tidy(rounded):f}"


def show_signed(value: Decimal) -> str:
    """As show, with an explicit sign: +2, −0.5. The minus is U+2212, which does not break from its digits."""
    text = show(abs(value))
    return f"−{text}" if value < 0 else f"+{text}"
