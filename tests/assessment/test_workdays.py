"""The working calendar: published holidays, make-up workdays, the office's overlay files, unknown years."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.rulebook import OFFICE_HOURS
from assessment.workdays import Overlay, WorkCalendar, alarm_from, parse_overlay, weekday_name

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
DAYS = st.dates(date(2009, 1, 1), date(2029, 12, 31))
MOMENTS = st.datetimes(datetime(2009, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
QUICK = settings(max_examples=60, deadline=None)


class Shut(NamedTuple):
    """Office hours in which nobody is there."""

    start: time
    end: time


def in_office(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


class TestPublishedYears:
    def test_an_ordinary_week_of_2010(self) -> None:
        assert weekday_name(date(2010, 8, 5)) == "周四"
        assert [CALENDAR.is_workday(date(2010, 8, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2

    def test_spring_festival_2026_is_nine_days_off_between_two_worked_saturdays(self) -> None:
        days_off = [day for n in range(40) if not CALENDAR.is_workday(day := date(2026, 2, 9) + timedelta(days=n))]

        assert [day for day in days_off if day < date(2026, 2, 28)] == [date(2026, 2, n) for n in range(15, 24)]
        assert weekday_name(date(2026, 2, 14)) == weekday_name(date(2026, 2, 28)) == "周六"
        assert CALENDAR.is_workday(date(2026, 2, 14))
        assert CALENDAR.is_workday(date(2026, 2, 28))

    def test_the_workdays_round_national_day_2026(self) -> None:
        assert CALENDAR.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
        assert CALENDAR.previous_workday(date(2026, 10, 8)) == date(2026, 9, 30)
        assert CALENDAR.next_workday(date(2026, 10, 9)) == date(2026, 10, 10)  # a Saturday, worked
        assert CALENDAR.workdays_between(date(2026, 10, 1), date(2026, 10, 11)) == 3

    def test_counting_workdays_leaves_out_the_day_itself(self) -> None:
        assert CALENDAR.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
        assert CALENDAR.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)
        assert CALENDAR.add_workdays(date(2026, 10, 8), -1) == date(2026, 9, 30)
        assert CALENDAR.add_workdays(date(2026, 10, 4), 0) == date(2026, 10, 4)

    def test_the_last_day_of_a_leap_year_is_worked(self) -> None:
        assert CALENDAR.is_workday(date(2024, 12, 31))

    def test_no_workdays_between_when_the_end_comes_first(self) -> None:
        assert CALENDAR.workdays_between(date(2026, 3, 5), date(2026, 3, 4)) == 0
        assert CALENDAR.workdays_between(date(2026, 3, 5), date(2026, 3, 5)) == 1


class TestUnknownYears:
    def test_2004_to_2026_are_known_and_their_neighbours_not(self) -> None:
        known = [year for year in range(2000, 2031) if CALENDAR.known(date(year, 6, 15))]

        assert known == list(range(2004, 2027))

    def test_monday_to_friday_is_assumed_and_said_to_be(self) -> None:
        new_year = date(2027, 1, 1)

        assert weekday_name(new_year) == "周五"
        assert CALENDAR.is_workday(new_year)
        assert CALENDAR.assumed(new_year)
        assert not CALENDAR.is_workday(date(2027, 1, 2))
        assert CALENDAR.assumed(date(2027, 1, 2))
        assert not CALENDAR.assumed(date(2026, 12, 31))

    def test_a_span_that_reaches_into_an_unknown_year_is_assumed(self) -> None:
        assert CALENDAR.assumed_between(date(2026, 12, 30), date(2027, 1, 1))
        assert not CALENDAR.assumed_between(date(2026, 1, 1), date(2026, 12, 31))

    def test_the_office_is_asked_from_45_days_before_the_year(self) -> None:
        assert alarm_from(2027) == date(2026, 11, 17)
        assert CALENDAR.missing_year(date(2026, 11, 16)) is None
        assert CALENDAR.missing_year(date(2026, 11, 17)) == 2027
        assert CALENDAR.missing_year(date(2027, 3, 1)) == 2027
        assert CALENDAR.missing_year(date(2025, 12, 31)) is None

    def test_an_overlay_makes_the_year_known(self) -> None:
        calendar = WorkCalendar((Overlay(2027, off=frozenset({date(2027, 1, 1)}), on=frozenset({date(2027, 1, 9)})),))

        assert calendar.known(date(2027, 1, 1))
        assert not calendar.is_workday(date(2027, 1, 1))
        assert calendar.is_workday(date(2027, 1, 9))
        assert calendar.is_workday(date(2027, 1, 4))
        assert calendar.missing_year(date(2026, 12, 1)) is None


class TestOverlays:
    def test_an_overlay_wins_over_the_published_calendar(self) -> None:
        flood = Overlay(2026, off=frozenset({date(2026, 7, 8)}), on=frozenset({date(2026, 7, 11)}))
        calendar = WorkCalendar((flood,))

        assert not calendar.is_workday(date(2026, 7, 8))
        assert calendar.is_workday(date(2026, 7, 11))
        assert not calendar.is_workday(date(2026, 10, 1))

    def test_the_later_overlay_of_a_year_replaces_the_earlier(self) -> None:
        first = Overlay(2027, off=frozenset({date(2027, 2, 4)}))
        corrected = Overlay(2027, off=frozenset({date(2027, 2, 5)}))
        calendar = WorkCalendar((first, corrected))

        assert calendar.is_workday(date(2027, 2, 4))
        assert not calendar.is_workday(date(2027, 2, 5))

    def test_the_next_years_notice_decides_about_the_end_of_december(self) -> None:
        calendar = WorkCalendar(
            (
                Overlay(2028, off=frozenset({date(2027, 12, 31)})),
                Overlay(2027, on=frozenset({date(2027, 12, 31)})),
            )
        )

        assert not calendar.is_workday(date(2027, 12, 31))

    def test_a_file_in_the_words_of_the_notice(self) -> None:
        overlay = parse_overlay(
            """\ufeff年度:2027
            放假:1月1日(周五)至3日(周日)、2月5日-2月7日   # 元旦,春节
            上班:
              - 2027-02-14
              - 2月20日 2月27日
            """
        )

        assert overlay == Overlay(
            2027,
            off=frozenset({*(date(2027, 1, n) for n in (1, 2, 3)), *(date(2027, 2, n) for n in (5, 6, 7))}),
            on=frozenset({date(2027, 2, 14), date(2027, 2, 20), date(2027, 2, 27)}),
        )

    def test_a_break_may_begin_in_the_december_before(self) -> None:
        overlay = parse_overlay("年度: 2027\n放假: [2026-12-30 至 1月2日]\n上班: ['2026-12-26']")

        assert overlay.off == frozenset(
            {date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)},
        )
        assert overlay.on == frozenset({date(2026, 12, 26)})

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("年度: 2027\n放假: 2月30日", "第2行：“2月30日”：没有这一天"),
            ("年度: 2027\n\n放假: 春节", "第3行：“春节”不是日期，应写作“2月5日”或“2027-02-05”"),
            ("年度: 2027\n放假: 5日", "第2行：“5日”不是日期"),
            ("年度: 2027\n放假: 1月1日(周四)", "第2行：2027年1月1日是周五，不是周四"),
            ("年度: 2027\n放假: 2028-01-01", "第2行：“2028-01-01”不在2027年（可含上年12月）"),
            ("年度: 2027\n放假: 2026-11-30", "第2行：“2026-11-30”不在2027年"),
            ("年度: 2027\n放假: 2月5日至12月11日", "第2行：“2月5日至12月11日”起止有误，一段应在1至15天之间"),
            ("年度: 2027\n放假: 2月5日至2月20日", "第2行：“2月5日至2月20日”起止有误"),
            ("年度: 2027\n放假: 2月5日至2月3日", "第2行：“2月5日至2月3日”起止有误"),
            ("年度: 2027\n放假: 1月1日至2日至3日", "第2行：“1月1日至2日至3日”起止有误"),
            ("年度: 2027\n放假: 1月1日\n上班: 1月1日", "第3行：2027年1月1日既写了放假又写了上班"),
            ("年度: 今年\n放假: 1月1日", "第1行：“今年”不是年度，应写作“年度: 2027”"),
            ("年度: 2027\n年度: 2028", "第2行：一个文件只写一个年度"),
            ("放假: 1月1日", "第1行：请先写年度"),
            ("年度: 2027\n调休: 1月1日", "第2行：此行不属于“年度”“放假”“上班”中的任何一项"),
            ("# 说明\n1月1日", "第2行：此行不属于“年度”“放假”“上班”中的任何一项"),
            ("年度: 2027\n放假:\n", "没有写2027年的放假或上班日期"),
            ("", "没有写年度"),
        ],
    )
    def test_a_faulty_file_is_refused_with_its_line(self, text: str, sentence: str) -> None:
        with pytest.raises(ValueError, match=r"行|没有写") as refusal:
            parse_overlay(text)

        assert str(refusal.value).startswith(sentence)

    @given(st.text(alphabet="年度放假上班:-至、 \n0123456789月日(周一)[]#,", max_size=60))
    @settings(max_examples=200, deadline=None)
    def test_no_text_is_refused_in_any_other_way(self, text: str) -> None:
        try:
            overlay = parse_overlay(f"年度: 2027\n{text}")
        except ValueError as refusal:
            assert str(refusal).startswith(("第", "没有写"))  # noqa: PT017
        else:
            assert overlay.off | overlay.on
            assert not overlay.off & overlay.on

    @given(
        off=st.frozensets(st.dates(date(2026, 12, 1), date(2027, 12, 31)), max_size=8),
        on=st.frozensets(st.dates(date(2026, 12, 1), date(2027, 12, 31)), min_size=1, max_size=8),
    )
    @QUICK
    def test_what_was_written_down_is_read_back(self, off: frozenset[date], on: frozenset[date]) -> None:
        overlay = Overlay(2027, off=off - on, on=on)
        text = "\n".join(
            [
                "年度: 2027",
                "放假:",
                *(f"  - {day}" for day in overlay.off),
                "上班:",
                *(f"- {day}" for day in overlay.on),
            ]
        )

        assert parse_overlay(text) == overlay


class TestOfficeHours:
    """Office hours are 09:00-11:30 and 14:00-17:00 of workdays unless the programme sets others."""

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            (in_office(2010, 8, 5, 9, 0), in_office(2010, 8, 5, 9, 0)),
            (in_office(2010, 8, 5, 10, 17, 3), in_office(2010, 8, 5, 10, 17, 3)),
            (in_office(2010, 8, 5, 8, 59, 59), in_office(2010, 8, 5, 9, 0)),
            (in_office(2010, 8, 5, 11, 30), in_office(2010, 8, 5, 14, 0)),
            (in_office(2010, 8, 5, 16, 59, 59), in_office(2010, 8, 5, 16, 59, 59)),
            (in_office(2010, 8, 5, 17, 0), in_office(2010, 8, 6, 9, 0)),
            (in_office(2010, 8, 6, 20, 0), in_office(2010, 8, 9, 9, 0)),
            (in_office(2026, 9, 30, 18, 0), in_office(2026, 10, 8, 9, 0)),
            (in_office(2026, 10, 10, 15, 0), in_office(2026, 10, 10, 15, 0)),
        ],
    )
    def test_a_message_waits_for_the_next_office_hours(self, at: datetime, expected: datetime) -> None:
        found = CALENDAR.office_time(at, OFFICE_HOURS, SHANGHAI)

        assert found == expected
        assert found.tzinfo is SHANGHAI
        assert CALENDAR.in_office_hours(at, OFFICE_HOURS, SHANGHAI) == (at == expected)

    def test_a_moment_in_another_zone_is_judged_by_the_domains_clock(self) -> None:
        late_in_the_day_before = datetime(2010, 8, 4, 23, 0, tzinfo=UTC)

        assert CALENDAR.office_time(late_in_the_day_before, OFFICE_HOURS, SHANGHAI) == in_office(2010, 8, 5, 9, 0)

    def test_windows_need_not_be_in_order_but_must_hold_something(self) -> None:
        backwards = tuple(reversed(OFFICE_HOURS))
        empty = (Shut(time(9), time(9)),)

        assert CALENDAR.office_time(in_office(2010, 8, 5, 7), backwards, SHANGHAI) == in_office(2010, 8, 5, 9)
        with pytest.raises(ValueError, match="办公时间为空"):
            CALENDAR.office_time(in_office(2010, 8, 5, 7), empty, SHANGHAI)

    @given(MOMENTS)
    @QUICK
    def test_office_time_is_the_first_office_moment_from_then_on(self, at: datetime) -> None:
        found = CALENDAR.office_time(at, OFFICE_HOURS, SHANGHAI)

        assert found >= at
        assert CALENDAR.is_workday(found.date())
        assert any(window.start <= found.time() < window.end for window in OFFICE_HOURS)
        assert CALENDAR.office_time(found, OFFICE_HOURS, SHANGHAI) == found
        assert found == at or found.time() in {window.start for window in OFFICE_HOURS}
        assert CALENDAR.office_time(at + (found - at) / 2, OFFICE_HOURS, SHANGHAI) == found or found == at


@given(DAYS)
@QUICK
def test_the_next_workday_is_the_nearest_one_after(day: date) -> None:
    following = CALENDAR.next_workday(day)

    assert following > day
    assert CALENDAR.workdays_between(day + timedelta(days=1), following) == 1
    assert CALENDAR.is_workday(following)


@given(DAYS, st.integers(1, 25))
@QUICK
def test_counting_forth_and_back_comes_home(day: date, number: int) -> None:
    there = CALENDAR.add_workdays(day, number)

    assert CALENDAR.workdays_between(day + timedelta(days=1), there) == number
    assert CALENDAR.is_workday(there)
    assert CALENDAR.previous_workday(CALENDAR.next_workday(day)) <= day
    if CALENDAR.is_workday(day):
        assert CALENDAR.add_workdays(there, -number) == day


@given(
    st.frozensets(st.dates(date(2026, 3, 1), date(2026, 6, 30)), max_size=20),
    st.frozensets(st.dates(date(2026, 3, 1), date(2026, 6, 30)), max_size=20),
    st.dates(date(2026, 3, 1), date(2026, 6, 30)),
)
@QUICK
def test_an_overlay_changes_the_days_it_names_and_no_others(
    off: frozenset[date], on: frozenset[date], day: date
) -> None:
    calendar = WorkCalendar((Overlay(2026, off - on, on),))
    expected = True if day in on else False if day in off else CALENDAR.is_workday(day)

    assert calendar.is_workday(day) == expected
