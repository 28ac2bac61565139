"""Points are exact: nothing is rounded unless somebody asked for it."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.points import ExtraPlaces, from_scaled, show, show_points, show_signed, tidy, to_scaled

BITS_64 = st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1)


@given(BITS_64)
def test_scaling_back_and_forth_changes_nothing(scaled: int) -> None:
    assert to_scaled(from_scaled(scaled)) == scaled


@given(BITS_64)
def test_scaling_does_not_depend_on_the_precision_of_the_caller(scaled: int) -> None:
    with localcontext(prec=3):
        assert to_scaled(from_scaled(scaled)) == scaled


@pytest.mark.parametrize(
    "points",
    ["0.00001", "1.00000000000000000000000000001", "NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E-999999"],
)
def test_what_would_have_to_be_rounded_is_refused(points: str) -> None:
    with pytest.raises(ExtraPlaces):
        to_scaled(Decimal(points))


@pytest.mark.parametrize(("points", "scaled"), [("0.2", 2000), ("-2.50000000", -25000), ("1E+2", 1_000_000), ("-0", 0)])
def test_the_way_a_number_is_written_does_not_matter(points: str, scaled: int) -> None:
    assert to_scaled(Decimal(points)) == scaled


@pytest.mark.parametrize(
    ("value", "text"),
    [("100", "100"), ("1E+2", "100"), ("82.50", "82.5"), ("-0.00", "0"), ("1E+40", "1" + "0" * 40)],
)
def test_tidy_drops_what_says_nothing(value: str, text: str) -> None:
    assert str(tidy(Decimal(value))) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=10))
def test_tidy_keeps_the_number(value: Decimal) -> None:
    assert tidy(value) == value


@pytest.mark.parametrize(
    ("value", "text"), [("89.995", "90"), ("0.125", "0.13"), ("-0.125", "-0.13"), ("-0.001", "0"), ("82", "82")]
)
def test_show_rounds_half_up(value: str, text: str) -> None:
    assert show(Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [("2", "+2"), ("-0.5", "−0.5"), ("0", "+0")])
def test_signs_are_written_out(value: str, text: str) -> None:
    assert show_signed(Decimal(value)) == text


def test_points_are_shown_to_their_last_place() -> None:
    """A16: 89.995 does not read as 90, and thirds add up to what is shown of them."""
    third = Decimal("6.6667")
    assert show_points(Decimal("89.995")) == "89.995"
    assert show_signed(-third) == "−6.6667"
    assert sum((Decimal(show_points(third)) for _ in range(3)), Decimal(0)) == third * 3
    assert show_points(Decimal("70.0000")) == "70"
