"""Report periods: names, days, and the order in which they follow one another."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.periods import Frequency, Period

FREQUENCIES = st.sampled_from(Frequency)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2010-07", date(2010, 7, 1), date(2010, 7, 31)),
        ("2010-12", date(2010, 12, 1), date(2010, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-W10", date(2026, 3, 2), date(2026, 3, 8)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2025-W52", date(2025, 12, 22), date(2025, 12, 28)),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(name: str, first: date, last: date) -> None:
    period = Period.parse(name)

    assert (period.first_day, period.last_day) == (first, last)
    assert period.name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "2026-00",
        "2026-13",
        "2026-7",
        "2026Q5",
        "2026Q0",
        "2026H3",
        "2025-W53",
        "2026-W54",
        "2026-W00",
        "26-07",
        "7月",
        "2026-07-01",
        "2026-07\n",
        " 2026",
        "\uff12\uff10\uff12\uff16-07",
    ],
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no"):
        Period.parse(name)


@pytest.mark.parametrize(
    ("name", "cumulative", "label"),
    [
        ("2010-07", False, "7月"),
        ("2010-07", True, "1—7月"),
        ("2010-01", True, "1月"),
        ("2026-W03", False, "第3周"),
        ("2026Q1", False, "一季度"),
        ("2026Q4", False, "四季度"),
        ("2026H1", False, "上半年"),
        ("2026H2", False, "下半年"),
        ("2026", False, "2026年"),
    ],
)
def test_a_period_is_written_as_an_office_writes_it(name: str, cumulative: bool, label: str) -> None:
    assert Period.parse(name).label(cumulative=cumulative) == label


def test_after_december_comes_january_of_the_next_year() -> None:
    assert Period.parse("2026-12").following().name == "2027-01"
    assert Period.parse("2026Q4").following().name == "2027Q1"
    assert Period.parse("2026H2").following().name == "2027H1"
    assert Period.parse("2026").following().name == "2027"


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert Period.containing(date(2026, 12, 31), Frequency.WEEK).name == "2026-W53"
    assert Period.containing(date(2027, 1, 3), Frequency.WEEK).name == "2026-W53"
    assert Period.containing(date(2027, 1, 4), Frequency.WEEK).name == "2027-W01"
    assert Period.containing(date(2025, 12, 29), Frequency.WEEK).name == "2026-W01"


@given(DAYS, FREQUENCIES)
@example(date(2027, 1, 1), Frequency.WEEK)
@example(date(2024, 2, 29), Frequency.MONTH)
def test_the_period_containing_a_day_contains_it(day: date, frequency: Frequency) -> None:
    period = Period.containing(day, frequency)

    assert period.first_day <= day <= period.last_day
    assert period.frequency is frequency


@given(DAYS, FREQUENCIES)
@example(date(2026, 12, 31), Frequency.WEEK)
def test_a_name_read_back_is_the_same_period(day: date, frequency: Frequency) -> None:
    period = Period.containing(day, frequency)

    assert Period.parse(period.name) == period


@given(DAYS, FREQUENCIES)
@example(date(2026, 12, 31), Frequency.WEEK)
@example(date(2026, 12, 31), Frequency.MONTH)
def test_periods_follow_one_another_without_gap_or_overlap(day: date, frequency: Frequency) -> None:
    period = Period.containing(day, frequency)
    following = period.following()

    assert following > period
    assert following.first_day == period.last_day + timedelta(days=1)
    assert Period.containing(following.first_day, frequency) == following


@given(st.text(max_size=10))
def test_reading_any_text_as_a_period_gives_a_period_of_that_name_or_a_refusal(text: str) -> None:
    try:
        period = Period.parse(text)
    except ValueError:
        return

    assert period.name == text
