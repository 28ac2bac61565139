"""Mobile numbers as offices write them, and how little of them is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.phone_numbers import masked_number, mobile_number


@pytest.mark.parametrize(
    "written",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "+86 13800000000",
        "8613800000000",
        "13800000000.0",
        "１３８００００００００",
    ],
)
def test_as_offices_write_them(written: str) -> None:
    assert mobile_number(written) == "13800000000"


@pytest.mark.parametrize(
    "written", ["", "0571-87654321", "1380000000", "138000000000", "12800000000", "无", "1.38E+10"]
)
def test_what_is_none(written: str) -> None:
    assert mobile_number(written) is None


def test_what_is_shown() -> None:
    assert masked_number("13812345678") == "138****5678"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_four_digits_are_never_shown(number: str) -> None:
    assert mobile_number(number) == number
    assert masked_number(number)[3:7] == "****"
    assert len(masked_number(number)) == len(number)
