"""Points: exact decimals with at most four places, never float."""

from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

PLACES = 4
SCALE = 10**PLACES
_STEP = Decimal(1).scaleb(-PLACES)

# 18 digits are what 64 bits hold. The default context would quietly round longer ones.
_EXACT = Context(prec=18, traps=[Inexact, InvalidOperation])
_WIDE = Context(prec=MAX_PREC, traps=[InvalidOperation])


class ExtraPlaces(ValueError):
    """More than four decimal places: the value would have to be rounded, and nobody decided how."""


def to_scaled(points: Decimal) -> int:
    """Return `points` as an integer of ten-thousandths that fits into 64 bits; raise ExtraPlaces when it does not."""
    try:
        return int(points.quantize(_STEP, context=_EXACT).scaleb(PLACES, context=_EXACT))
    except (Inexact, InvalidOperation, ValueError) as error:  # ValueError: not a number
        raise ExtraPlaces(f"{points}: at most {PLACES} decimal places and {_EXACT.prec} digits") from error


def from_scaled(scaled: int) -> Decimal:
    """The inverse of to_scaled, without trailing zeros."""
    return tidy(Decimal(scaled).scaleb(-PLACES, context=_WIDE))


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros, without an exponent and without the sign of minus zero."""
    value = value.normalize(_WIDE) if value else Decimal(0)
    return value.quantize(Decimal(1), context=_WIDE) if value == value.to_integral_value() else value


def show(value: Decimal, places: int = 2) -> str:
    """For people: rounded half up to `places`, trailing zeros dropped. Never compare what this returns (A16)."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)
    return f"{tidy(rounded):f}"


def show_points(value: Decimal) -> str:
    """Points for people, to the last of their places: 89.995 is not 90, and a sum is that of what is shown."""
    return show(value, PLACES)


def show_signed(value: Decimal) -> str:
    """As show_points, with an explicit sign: +2, −0.5. The minus is U+2212, which does not break from its digits."""
    text = show_points(abs(value))
    return f"−{text}" if value < 0 else f"+{text}"
