"""Days and report periods as people write them; what may mean two days is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.dates_text import DayFault, UnreadableDay, read_day
from assessment.periods import Period
from assessment.periods_text import NamedPeriod, read_period

WEDNESDAY = date(2026, 8, 26)


def next_workdays(day: date, count: int) -> date:
    """Monday to Friday; the real calendar is tested elsewhere."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("下周五", "2026-09-04"),
        ("下周一前", "2026-08-31"),
        ("下下周一", "2026-09-07"),
        ("周五", "2026-08-28"),
        ("星期五", "2026-08-28"),
        ("本周五", "2026-08-28"),
        ("周三", "2026-09-02"),
        ("周日", "2026-08-30"),
        ("周一", "2026-08-31"),
        ("9月10日前", "2026-09-10"),
        ("9月10号之前", "2026-09-10"),
        ("九月十日", "2026-09-10"),
        ("9.10", "2026-09-10"),
        ("9/10", "2026-09-10"),
        ("９．１０", "2026-09-10"),
        ("20260910", "2026-09-10"),
        ("2026-09-10", "2026-09-10"),
        ("2026年9月10日前完成", "2026-09-10"),
        ("月底", "2026-08-31"),
        ("本月底前", "2026-08-31"),
        ("9月底", "2026-09-30"),
        ("下月底", "2026-09-30"),
        ("下月5号", "2026-09-05"),
        ("下个月十五日", "2026-09-15"),
        ("本月30日", "2026-08-30"),
        ("10日前", "2026-09-10"),
        ("28号", "2026-08-28"),
        ("26日", "2026-08-26"),
        ("三季度末", "2026-09-30"),
        ("季末", "2026-09-30"),
        ("本季度末", "2026-09-30"),
        ("下季度末", "2026-12-31"),
        ("年底", "2026-12-31"),
        ("五个工作日内", "2026-09-02"),
        ("5个工作日内", "2026-09-02"),
        ("三天内", "2026-08-29"),
        ("两周内", "2026-09-09"),
        ("今天", "2026-08-26"),
        ("明天前", "2026-08-27"),
        ("1月10日", "2027-01-10"),
        ("1月底", "2027-01-31"),
    ],
)
def test_a_day_is_read(written: str, day: str) -> None:
    assert read_day(written, WEDNESDAY, next_workdays) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("9月31日", DayFault.NO_SUCH_DAY),
        ("2月30日", DayFault.NO_SUCH_DAY),
        ("13月1日", DayFault.NO_SUCH_DAY),
        ("2026-02-30", DayFault.NO_SUCH_DAY),
        ("国庆后", DayFault.HOLIDAY),
        ("节前", DayFault.HOLIDAY),
        ("春节前完成", DayFault.HOLIDAY),
        ("尽快", DayFault.VAGUE),
        ("9月中旬", DayFault.VAGUE),
        ("9月10日左右", DayFault.VAGUE),
        ("8月1日", DayFault.PAST),
        ("本周一", DayFault.PAST),
        ("一季度末", DayFault.PAST),
        ("2025年9月10日", DayFault.PAST),
        ("", DayFault.NOT_A_DAY),
        ("9月", DayFault.NOT_A_DAY),
        ("85", DayFault.NOT_A_DAY),
        ("零个工作日内", DayFault.NOT_A_DAY),
        ("9月10日或11日", DayFault.NOT_A_DAY),
        ("1" * 4000, DayFault.NOT_A_DAY),
    ],
)
def test_what_is_not_one_day_is_refused_with_the_reason(written: str, reason: DayFault) -> None:
    found = read_day(written, WEDNESDAY, next_workdays)
    assert isinstance(found, UnreadableDay)
    assert found.reason is reason


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=20),
        st.lists(
            st.sampled_from(
                ["9", "31", "月", "日", "下", "周", "五", "年", "2026", ".", "底", "季度", "内", "个工作日", "前"]
            ),
            max_size=7,
        ).map("".join),
    ),
    st.dates(date(2020, 1, 1), date(2100, 12, 31)),
)
def test_no_text_raises_and_no_day_lies_behind(text: str, today: date) -> None:
    found = read_day(text, today, next_workdays)
    assert isinstance(found, UnreadableDay) or found >= today


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(0, 180))
def test_a_printed_day_reads_back(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    for written in (
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        f"{day.month}月{day.day}日",
        f"{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日前",
    ):
        assert read_day(written, today, next_workdays) == day


@pytest.mark.parametrize(
    ("written", "name", "cumulative"),
    [
        ("7月", "2010-07", False),
        ("7月份", "2010-07", False),
        ("七月", "2010-07", False),
        ("十二月", "2010-12", False),
        ("1-7月", "2010-07", True),
        ("１－７月", "2010-07", True),
        ("1—7月", "2010-07", True),
        ("1～7月份", "2010-07", True),
        ("1月至7月", "2010-07", True),
        ("一至七月", "2010-07", True),
        ("三季度", "2010Q3", False),
        ("第3季度", "2010Q3", False),
        ("前三季度", "2010Q3", True),
        ("上半年", "2010H1", False),
        ("2009年7月", "2009-07", False),
        ("09年7月", "2009-07", False),
        ("2010-07", "2010-07", False),
        ("2010Q3", "2010Q3", False),
        ("2010年度", "2010", False),
    ],
)
def test_a_period_is_read(written: str, name: str, cumulative: bool) -> None:
    assert read_period(written, 2010) == NamedPeriod(Period.parse(name), cumulative)


@pytest.mark.parametrize(
    "written", ["", "13月", "0月", "3-7月", "7-7月", "7月5日", "全年", "五季度", "7月和8月", "月" * 4000]
)
def test_what_is_no_period_is_not_read(written: str) -> None:
    assert read_period(written, 2010) is None


def test_first_half_and_june_are_one_for_a_cumulative_duty_only() -> None:
    half = NamedPeriod(Period.parse("2010H1"))
    june = Period.parse("2010-06")
    assert half.is_asked(june, cumulative=True)
    assert not half.is_asked(june, cumulative=False)
    assert not NamedPeriod(Period.parse("2010Q2")).is_asked(june, cumulative=True)
