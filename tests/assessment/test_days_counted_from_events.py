"""Duties that count from an event, and duties that are owed every other year."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.due import by_event, due_day, due_times, periods_of
from assessment.event_days import EventDays, Recorded
from assessment.periods import Period
from assessment.rulebook import Due, Duty
from assessment.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
ARRIVAL = "考核组进驻"
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
UNITS = st.none() | st.integers(1, 3)
WORDS = st.lists(st.builds(Recorded, st.sampled_from([ARRIVAL, "推进会议"]), UNITS, DAYS), max_size=8)
QUICK = settings(max_examples=60, deadline=None)


def duty(due: object, **more: object) -> Duty:
    written: dict[str, Any] = {
        "编号": "D1",
        "名称": "佐证材料",
        "依据": "二(一)",
        "阶梯": "L1",
        "周期": "年",
        "截止": due,
    }
    return Duty.model_validate(written | more)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ({"事件前日": 1}, date(2026, 10, 26)),
        ({"事件前日": 0}, date(2026, 10, 27)),
        ({"事件后日": 0}, date(2026, 10, 27)),
        ({"事件后日": 60}, date(2026, 12, 26)),
    ],
)
def test_the_day_counts_from_the_recorded_event(rule: dict[str, int], day: date) -> None:
    """R61, R51: two months from the meeting; before the team arrives, its day excluded."""
    times = due_times(duty(rule, 事件=ARRIVAL), Period.parse("2026"), CALENDAR, SHANGHAI, date(2026, 10, 27))

    assert times is not None
    assert times.due_day == day


def test_while_the_event_is_not_recorded_nothing_is_due() -> None:
    rule = Due.model_validate({"事件前日": 1})

    assert by_event(rule)
    assert due_times(duty({"事件前日": 1}, 事件=ARRIVAL), Period.parse("2026"), CALENDAR, SHANGHAI) is None
    with pytest.raises(ValueError, match="unknown"):
        due_day(rule, Period.parse("2026"), CALENDAR)


def test_an_event_moves_no_other_rule() -> None:
    rule = {"日期": "2026-11-30"}

    times = due_times(duty(rule), Period.parse("2026"), CALENDAR, SHANGHAI, date(2026, 10, 27))

    assert times is not None
    assert times.due_day == date(2026, 11, 30)


@pytest.mark.parametrize(("year", "times"), [(2025, 0), (2026, 1), (2027, 0), (2028, 1), (2024, 0)])
def test_every_other_year_is_counted_from_the_first(year: int, times: int) -> None:
    """R110: a meeting every two years."""
    assert len(periods_of(duty({"期末": True}, 起始="2026", 每几年=2), year)) == times


def test_what_recurs_yearly_is_owed_each_year() -> None:
    assert [len(periods_of(duty({"期末": True}, 起始="2026"), year)) for year in (2026, 2027, 2028)] == [1, 1, 1]


@QUICK
@given(WORDS, UNITS)
def test_the_last_word_counts_and_a_unit_s_own_before_that_for_all(words: list[Recorded], unit: int | None) -> None:
    mine = [word.day for word in words if word.event == ARRIVAL and word.unit == unit]
    for_all = [word.day for word in words if word.event == ARRIVAL and word.unit is None]

    found = EventDays.of(words).day(ARRIVAL, unit)

    assert found == next(iter([*reversed(mine), *reversed(for_all)]), None)


@QUICK
@given(WORDS, st.builds(Recorded, st.just(ARRIVAL), UNITS, DAYS))
def test_one_more_word_is_the_same_as_having_heard_it_last(words: list[Recorded], word: Recorded) -> None:
    before = EventDays.of(words)

    assert before.with_word(word) == EventDays.of([*words, word])
    assert before == EventDays.of(words)
    assert word.day in before.with_word(word).every_day(ARRIVAL)


def test_a_duty_without_an_event_has_no_day() -> None:
    days = EventDays.of([Recorded(ARRIVAL, None, date(2026, 10, 27))])

    assert days.day(None, 1) is None
    assert days.every_day(None) == []
