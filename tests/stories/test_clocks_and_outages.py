"""The machine's clock jumps back; the platform is down when it matters."""

import re
from datetime import date
from decimal import Decimal

from bot.county import County
from bot.platforms.platform import Fault
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

PLAN = "8月工作计划：组织好下半年收入"
REPORT = "民生支出占比85%,预测86%"
POLICE = "gongan-xu"
UNITS = ("县财政局", "县公安局")


async def unreachable(box: County, who: str, text: str) -> None:
    """Say something that the platform cannot deliver for now."""
    async with box.cut_off(who):
        said = await box.send(who, text)
    assert not said.acknowledged


async def delivered_at_last(box: County) -> None:
    """The platform delivers what it kept."""
    assert all(said.acknowledged for said in await box.redeliver())


async def test_a_clock_set_back_an_hour_repeats_and_loses_nothing(open_county: OpenCounty) -> None:
    """After the urging of 09:00 the clock shows 08:00 again: nobody is told twice, and what follows is right."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 6, 9, 0)
        told = {who: len(box.told(who)) for who in EVERYBODY}

        box.clock.wind_to(at(8, 6, 8, 0))
        await box.service.settle()
        await box.say(OTHER_CLERK, PLAN)
        assert "8月6日 08:00，迟交" in box.last(OTHER_CLERK)
        told[OTHER_CLERK] = len(box.told(OTHER_CLERK))
        await box.wind(8, 6, 11, 0)

        assert not [who for who in EVERYBODY if "催报" in heard(box, who, told[who])]
        await box.wind(8, 9, 10, 30)
        assert len(times_told(box, POLICE, "催报")) == 2, "the second step of its ladder, on time"
        await box.say(POLICE, "8月工作计划：开展夏季治安整治")
        await box.wind(8, 16, 9, 30)
        await box.say(OFFICE, "核定 全部")
        await box.say(OFFICE, "确认")
        assert (await points_of_person(box, POLICE))["P4"] == Decimal(-3)
        assert "P4" not in await points_of_person(box, OTHER_CLERK)
        await assert_books_are_sound(box)


async def test_a_clock_set_back_over_the_due_time_does_not_urge_again(open_county: OpenCounty) -> None:
    """From 00:30 of the 6th back to 23:30 of the 5th: a report sent then is on time and stops the urging."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 6, 0, 30)
        box.clock.wind_to(at(8, 5, 23, 30))

        await box.say(OTHER_CLERK, REPORT)
        await box.say(OTHER_CLERK, PLAN)
        assert "按时" in box.last(OTHER_CLERK)
        before = len(box.told(OTHER_CLERK))
        await box.wind(8, 12, 17)

        assert heard(box, OTHER_CLERK, before) == ""
        assert len(times_told(box, POLICE, "提醒")) == 1


async def test_what_the_platform_delivers_late_counts_from_when_it_was_sent(open_county: OpenCounty) -> None:
    """Sent at 23:00 while the platform was down, delivered at 05:00: on time, and not urged."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 5, 23, 0)
        await unreachable(box, OTHER_CLERK, PLAN)
        await unreachable(box, OTHER_CLERK, REPORT)
        await box.wind(8, 6, 5, 0)

        await delivered_at_last(box)

        assert "8月5日 23:00，按时" in box.last(OTHER_CLERK)
        before = len(box.told(OTHER_CLERK))
        await box.wind(8, 6, 17, 0)
        assert heard(box, OTHER_CLERK, before) == ""


async def test_an_urging_that_the_platform_did_not_accept_is_no_urging(open_county: OpenCounty) -> None:
    """R10: The platform is down from Thursday evening to Monday 08:30: no day of it counts for anybody."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        box.down(at(8, 5, 20), at(8, 9, 8, 30))
        await box.wind(8, 9, 8, 0)
        await box.say(OTHER_CLERK, PLAN)
        await box.wind(8, 9, 17, 0)

        assert not times_told(box, OTHER_CLERK, "8月工作计划截止")
        assert len(times_told(box, POLICE, "8月工作计划截止")) == 1
        assert times_told(box, POLICE, "8月工作计划截止")[0].date() == date(2010, 8, 9)

        await box.wind(8, 10, 10, 0)
        await box.say(POLICE, "8月工作计划：开展夏季治安整治")
        assert "8月10日至8月10日共1天" in heard(box, POLICE)
        await box.wind(8, 17, 9, 30)
        await box.say(OFFICE, "核定 全部")
        await box.say(OFFICE, "确认")
        assert "P4" not in await points_of_person(box, OTHER_CLERK)
        assert (await points_of_person(box, POLICE))["P4"] == Decimal(-1)
        await assert_books_are_sound(box)


async def test_whoever_decides_on_lateness_hears_of_the_outage(open_county: OpenCounty) -> None:
    """Down over the due time: 核定 says so with what is proposed for that period, and not with the next."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        box.down(at(8, 5, 8), at(8, 6, 10, 30))
        for month, number in ((8, "P-1008"), (9, "P-1009")):
            await box.wind(month, 9, 10, 30)
            await box.say(POLICE, f"{month}月工作计划：开展治安整治")
            await box.wind(month, 16, 9, 30)
            await box.say(OFFICE, "核定")
            told = [line for line in box.last(OFFICE).splitlines() if "平台曾中断" in line]
            assert bool(told) is (number == "P-1008"), box.last(OFFICE)
            await box.say(OFFICE, "核定 全部")
            assert ("平台曾中断" in box.last(OFFICE)) is bool(told)
            await box.say(OFFICE, "确认")


async def test_after_an_outage_only_the_highest_step_is_said(open_county: OpenCounty) -> None:
    """Down from before the reminder until after the urging: the reminder of a due time gone by is not delivered."""
    async with open_county(8, 3, 12, 0, units=UNITS) as box:
        box.down(at(8, 4, 8), at(8, 6, 9, 30))

        await box.wind(8, 6, 17, 0)

        assert "提醒" not in heard(box, POLICE)
        assert len(times_told(box, POLICE, "催报")) == 1


async def test_a_reminder_that_comes_too_late_is_not_delivered(open_county: OpenCounty) -> None:
    """Held up until the due time is over, a reminder is pointless, whether an urging follows at once or days later."""
    urged_later = reworded(("{步骤: 催办, 时间: {逾期日: 1}", "{步骤: 催办, 时间: {逾期日: 4}"))
    async with open_county(8, 3, 12, 0, change=urged_later, units=UNITS) as box:
        box.down(at(8, 4, 8), at(8, 5, 18))

        await box.wind(8, 6, 17, 0)

        assert heard(box, POLICE) == ""


async def test_of_two_urgings_held_up_only_the_later_is_said(open_county: OpenCounty) -> None:
    """Two urgings wait while the platform is down: each clerk reads one."""
    earlier_second = reworded(("{步骤: 催办, 时间: {逾期日: 4}", "{步骤: 催办, 时间: {逾期日: 2}"))
    async with open_county(9, 1, 12, 0, live_from=date(2010, 9, 1), change=earlier_second, units=UNITS) as box:
        box.down(at(9, 6, 8), at(9, 7, 9, 30))

        await box.wind(9, 7, 17, 0)

        assert len(times_told(box, POLICE, "9月工作计划截止")) == 1


async def test_what_waited_for_the_platform_leaves_in_office_hours(open_county: OpenCounty) -> None:
    """Down from 08:00 to 19:00 of Friday: the urging does not leave in the evening but on Monday at nine."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        box.down(at(8, 6, 8), at(8, 6, 19))

        await box.wind(8, 9, 17, 0)

        for when in times_told(box, POLICE, "催报"):
            assert when.date() == date(2010, 8, 9)
            assert 9 <= when.hour < 17


async def test_an_answer_lost_on_the_way_is_seen_once(open_county: OpenCounty) -> None:
    """Every first send loses its answer: people still read each message once, under one key."""
    async with open_county(8, 4, 9, 0, send_faults=[Fault.LOSE_ANSWER] * 40, units=UNITS) as box:
        await box.wind(8, 6, 12, 0)

        assert len(times_told(box, POLICE, "提醒")) == 1
        assert len(times_told(box, POLICE, "8月工作计划截止")) == 1
        assert box.tally().conflicts == 0
        assert re.search("8月工作计划", box.last(POLICE))
