"""The pace of counts and the months that stand empty."""

from hypothesis import given
from hypothesis import strategies as st

from assessment.count_slots import Pace, Slots, fewest_missing, pace, slots


def test_by_the_end_of_september_nine_of_twelve_are_due() -> None:
    assert pace(12, 5, 9) == Pace(month=9, due=9, behind=4)
    assert pace(12, 17, 9) == Pace(month=9, due=9, behind=0)


def test_a_time_that_is_not_due_in_full_does_not_count() -> None:
    assert [pace(4, 0, month).due for month in (2, 3, 7, 12)] == [0, 1, 2, 4]


def test_a_month_of_which_nothing_is_known_is_not_empty() -> None:
    assert slots({1: 1, 2: 0, 11: 0}, 3) == Slots(empty=(2,), unreported=(3,))


def test_one_further_time_may_fill_several_gaps() -> None:
    assert fewest_missing([7, 2]) == 7
    assert fewest_missing([-3, -1]) == fewest_missing([]) == 0


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 12))
def test_who_has_the_years_number_is_never_behind(wanted: int, times: int, month: int) -> None:
    found = pace(wanted, times, month)

    assert 0 <= found.due <= wanted
    assert found.behind == 0 if times >= wanted else found.behind <= wanted - times
