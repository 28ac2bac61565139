"""Sundays and a week of holidays: due days stay, messages wait for the office, counted days are said beforehand."""

from datetime import date
from decimal import Decimal

from bot.county import ZONE
from tests.stories.conftest import (
    EVERYBODY,
    OFFICE,
    OTHER_CLERK,
    OpenCounty,
    assert_books_are_sound,
    at,
    heard,
    points_of_person,
    reworded,
    times_told,
)

SEPTEMBER = date(2010, 9, 1)
UNITS = ("县财政局",)
END_OF_SEPTEMBER = reworded(("{当月: 5}", "{当月: 29}"))
"""The plan falls due on Wednesday 29 September, so that the urging comes on the eve of the National Day week."""
PLAN = "9月工作计划：组织好第四季度收入"


async def test_a_due_sunday_is_kept_and_messages_leave_on_workdays(open_county: OpenCounty) -> None:
    """R105: Due on Sunday 5 September 24:00: reminder on Friday the 3rd, urging on Monday the 6th, both at 09:00."""
    async with open_county(9, 1, 9, 12, live_from=SEPTEMBER, units=UNITS) as box:
        await box.wind(9, 6, 17)

        assert times_told(box, OTHER_CLERK) == [at(9, 3, 9), at(9, 6, 9)]
        reminder, urging = box.told(OTHER_CLERK)
        assert "提醒" in reminder
        assert "9月5日（周日）24:00" in reminder
        assert "催报" in urging
        assert "已逾期1天" in urging


async def test_a_report_on_the_due_sunday_is_on_time(open_county: OpenCounty) -> None:
    """R105: The calendar day counts until 24:00, day of rest or not."""
    async with open_county(9, 5, 23, 40, live_from=SEPTEMBER, units=UNITS) as box:
        await box.say(OTHER_CLERK, PLAN)
        assert "按时" in box.last(OTHER_CLERK)


async def test_days_count_through_the_national_holiday_and_are_said_before(open_county: OpenCounty) -> None:
    """Urged on 30 September: 1 to 7 October are named as counted in the urging, and nobody is written to on them."""
    async with open_county(9, 27, 9, 12, live_from=date(2010, 9, 20), change=END_OF_SEPTEMBER, units=UNITS) as box:
        await box.wind(9, 30, 9, 5)
        urging = next(text for text in box.told(OTHER_CLERK) if "催报" in text)
        assert "10月1日、2日、3日、4日、5日、6日、7日为休息日，照计" in urging

        await box.wind(10, 8, 8, 30)
        during = [
            line
            for who in EVERYBODY
            for line in box.chat(who)
            if date(2010, 10, 1) <= line.at.astimezone(ZONE).date() <= date(2010, 10, 7)
        ]
        assert during == []

        await box.say(OTHER_CLERK, PLAN)
        await box.wind(10, 8, 9, 30)
        assert "10月1日至10月8日共8天" in heard(box, OTHER_CLERK)
        assert "拟扣8分" in heard(box, OTHER_CLERK)

        await box.wind(10, 14, 9, 30)
        await box.say(OFFICE, "核定 全部")
        await box.say(OFFICE, "确认")
        assert (await points_of_person(box, OTHER_CLERK))["P4"] == Decimal(-8)
        await assert_books_are_sound(box)


async def test_what_falls_due_in_the_holiday_is_urged_on_the_first_workday(open_county: OpenCounty) -> None:
    """R105: Due on 5 October, inside the holiday: reminded on 30 September, urged on Friday 8 October at 09:00."""
    async with open_county(9, 27, 9, 12, live_from=date(2010, 10, 1), units=UNITS) as box:
        await box.wind(10, 8, 17)

        assert times_told(box, OTHER_CLERK) == [at(9, 30, 9), at(10, 8, 9)]
        assert "已逾期3天" in box.last(OTHER_CLERK)


async def test_a_saturday_that_is_worked_counts_as_a_workday(open_county: OpenCounty) -> None:
    """Saturday 9 October 2010 is worked for the holiday: the third workday after the 5th is the 11th, not the 12th."""
    async with open_county(9, 27, 9, 12, live_from=date(2010, 10, 1), units=UNITS) as box:
        await box.wind(10, 12, 17)

        assert times_told(box, "caizheng-qian", "督办")[0] == at(10, 11, 9)
