"""Due times: a duty's rule, a period, and the exclusive midnight that ends the due day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.due import DueTimes, due_on, due_times, midnight_after, periods_of
from assessment.periods import Frequency, Period
from assessment.rulebook import Duty
from assessment.workdays import Overlay, WorkCalendar, weekday_name

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
QUICK = settings(max_examples=60, deadline=None)


def duty(due: object, frequency: str = "月", **more: object) -> Duty:
    written: dict[str, Any] = {
        "编号": "D1",
        "名称": "月报",
        "依据": "第一条",
        "阶梯": "L1",
        "周期": frequency,
        "截止": due,
    }
    return Duty.model_validate(written | more)


def due_of(rule: object, period: str, *, calendar: WorkCalendar = CALENDAR, **more: object) -> DueTimes:
    report_period = Period.parse(period)
    found = due_times(duty(rule, report_period.frequency, **more), report_period, calendar, SHANGHAI)
    assert found is not None
    return found


def test_julys_report_of_2010_is_due_on_thursday_the_5th_of_august_at_24() -> None:
    times = due_of({"次月": 5}, "2010-07")

    assert times.due_day == date(2010, 8, 5)
    assert weekday_name(times.due_day) == "周四"
    assert times.due == datetime(2010, 8, 6, tzinfo=SHANGHAI) == datetime(2010, 8, 5, 16, tzinfo=UTC)
    assert times.due.tzinfo is UTC
    assert times.grace_end == times.due
    assert not times.assumed
    assert not times.stand_in


@pytest.mark.parametrize(
    ("rule", "period", "day"),
    [
        ({"当月": 25}, "2026-07", date(2026, 7, 25)),
        ({"当月": 31}, "2026-02", date(2026, 2, 28)),
        ({"当月": 31}, "2024-02", date(2024, 2, 29)),
        ({"当月": 31}, "2026-04", date(2026, 4, 30)),
        ({"当月": 20}, "2026Q3", date(2026, 9, 20)),
        ({"次月": 31}, "2026-01", date(2026, 2, 28)),
        ({"次月": 31}, "2026-03", date(2026, 4, 30)),
        ({"次月": 5}, "2026-12", date(2027, 1, 5)),
        ({"次月": 10}, "2026H1", date(2026, 7, 10)),
        ({"次月": 15}, "2026Q4", date(2027, 1, 15)),
        ({"次月": 20}, "2026", date(2027, 1, 20)),
        ({"次月": 5}, "2026-W53", date(2027, 2, 5)),
        ({"期后日": 0}, "2026-02", date(2026, 2, 28)),
        ({"期后日": 1}, "2026-W53", date(2027, 1, 4)),
        ({"期后日": 3}, "2026-W08", date(2026, 2, 25)),
        ({"期后工作日": 3}, "2026-09", date(2026, 10, 10)),
        ({"期后工作日": 1}, "2026-01", date(2026, 2, 2)),
        ({"期末": True}, "2026Q2", date(2026, 6, 30)),
        ({"期末": True}, "2024-02", date(2024, 2, 29)),
        ({"日期": "2026-11-30"}, "2026", date(2026, 11, 30)),
    ],
)
def test_each_form_of_rule_names_its_day(rule: object, period: str, day: date) -> None:
    assert due_of(rule, period).due_day == day


def test_a_due_day_on_a_sunday_or_a_holiday_is_not_shifted() -> None:
    sunday = due_of({"次月": 5}, "2026-06")
    holiday = due_of({"次月": 5}, "2026-09")

    assert weekday_name(sunday.due_day) == "周日"
    assert sunday.due_day == date(2026, 7, 5)
    assert not CALENDAR.is_workday(holiday.due_day)
    assert holiday.due_day == date(2026, 10, 5)


def test_an_unset_rule_gives_no_due_time() -> None:
    assert due_times(duty(None), Period.parse("2026-07"), CALENDAR, SHANGHAI) is None


def test_a_stand_in_is_marked() -> None:
    times = due_of({"值": {"次月": 5}, "代入": "原文未写明"}, "2026-07")

    assert times.stand_in
    assert times.due_day == date(2026, 8, 5)


def test_grace_counts_calendar_days_after_the_due_day() -> None:
    times = due_of({"次月": 5}, "2010-07", 宽限日=2)

    assert times.due == datetime(2010, 8, 6, tzinfo=SHANGHAI)
    assert times.grace_day == date(2010, 8, 7)
    assert times.grace_end == datetime(2010, 8, 8, tzinfo=SHANGHAI)


def test_decembers_report_falls_due_in_an_unknown_january_and_only_counted_workdays_are_assumed() -> None:
    by_date = due_of({"次月": 5}, "2026-12")
    by_workdays = due_of({"期后工作日": 3}, "2026-12")

    assert not by_date.assumed
    assert by_workdays.assumed
    assert by_workdays.due_day == date(2027, 1, 5)


def test_once_the_office_gives_the_calendar_the_due_day_is_certain() -> None:
    new_year = Overlay(2027, off=frozenset(date(2027, 1, day) for day in (1, 2, 3)))
    times = due_of({"期后工作日": 3}, "2026-12", calendar=WorkCalendar((new_year,)))

    assert not times.assumed
    assert times.due_day == date(2027, 1, 6)


def test_workdays_counted_through_an_unknown_december_are_assumed_though_the_due_day_is_known() -> None:
    times = due_of({"期后工作日": 12}, "2003-W51")

    assert CALENDAR.known(times.due_day)
    assert times.assumed


def test_workdays_counted_within_a_known_december_are_no_assumption() -> None:
    assert not due_of({"期后工作日": 3}, "2026-W51").assumed


def test_periods_of_a_year_begin_and_end_where_the_duty_does() -> None:
    monthly = duty({"次月": 5}, 起始="2010-07", 终止="2011-02")

    assert [period.name for period in periods_of(monthly, 2010)] == [f"2010-{month:02}" for month in range(7, 13)]
    assert [period.name for period in periods_of(monthly, 2011)] == ["2011-01", "2011-02"]
    assert periods_of(monthly, 2009) == []
    assert periods_of(monthly, 2012) == []


@pytest.mark.parametrize(
    ("frequency", "number"),
    [(Frequency.WEEK, 53), (Frequency.MONTH, 12), (Frequency.QUARTER, 4), (Frequency.HALF, 2), (Frequency.YEAR, 1)],
)
def test_a_duty_without_bounds_is_owed_all_year(frequency: Frequency, number: int) -> None:
    periods = periods_of(duty({"期末": True}, frequency), 2026)

    assert len(periods) == number
    assert {period.year for period in periods} == {2026}


def test_a_matter_is_due_at_24_of_its_day() -> None:
    times = due_on(date(2026, 2, 28), SHANGHAI, grace_days=1)

    assert times == DueTimes(
        due_day=date(2026, 2, 28),
        due=datetime(2026, 2, 28, 16, tzinfo=UTC),
        grace_day=date(2026, 3, 1),
        grace_end=datetime(2026, 3, 1, 16, tzinfo=UTC),
    )


PERIODS = st.builds(Period.containing, st.dates(date(2009, 1, 1), date(2027, 12, 31)), st.sampled_from(Frequency))
RULES = st.one_of(
    st.builds(lambda n: {"当月": n}, st.integers(1, 31)),
    st.builds(lambda n: {"次月": n}, st.integers(1, 31)),
    st.builds(lambda n: {"期后日": n}, st.integers(0, 366)),
    st.builds(lambda n: {"期后工作日": n}, st.integers(1, 30)),
    st.just({"期末": True}),
)


@given(PERIODS, RULES, st.integers(0, 10))
@QUICK
def test_due_is_the_midnight_that_ends_the_due_day(period: Period, rule: dict[str, Any], grace: int) -> None:
    times = due_of(rule, period.name, 宽限日=grace)
    last_moment = (times.due - timedelta(microseconds=1)).astimezone(SHANGHAI)

    assert last_moment.date() == times.due_day
    assert times.due.astimezone(SHANGHAI).date() == times.due_day + timedelta(days=1)
    assert times.due == midnight_after(times.due_day, SHANGHAI)
    assert times.grace_end - times.due == timedelta(days=grace)


@given(PERIODS, RULES)
@QUICK
def test_a_later_period_is_never_due_earlier(period: Period, rule: dict[str, Any]) -> None:
    assert due_of(rule, period.name).due <= due_of(rule, period.following().name).due


@given(PERIODS, RULES)
@QUICK
def test_only_a_rule_that_counts_workdays_can_be_assumed(period: Period, rule: dict[str, Any]) -> None:
    times = due_of(rule, period.name)

    if times.assumed:
        assert "期后工作日" in rule
        assert times.due_day.year > 2026


@given(st.decimals(1, 31, places=0), st.sampled_from(["2026-02", "2024-02", "2026-06", "2026-07"]))
@QUICK
def test_a_day_of_the_month_is_met_or_is_the_months_last(number: Decimal, period: str) -> None:
    day = due_of({"当月": int(number)}, period).due_day

    assert day == min(Period.parse(period).first_day + timedelta(days=int(number) - 1), Period.parse(period).last_day)
