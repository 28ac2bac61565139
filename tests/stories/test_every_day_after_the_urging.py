"""经催报后仍未报的,每延迟1天扣1分: whose account, from when, how often."""

import re
from decimal import Decimal

from bot.county import County
from tests.stories.conftest import OFFICE, OpenCounty, assert_books_are_sound, heard, points_of_person

PETITIONS, POLICE, ENVIRONMENT = "xinfang-gao", "gongan-xu", "huanbao-wang"
UNITS = ("县信访局", "县公安局", "县环保局")


async def decided(box: County) -> None:
    """The office confirms all that can be decided."""
    await box.say(OFFICE, "核定 全部")
    await box.say(OFFICE, "确认")


async def test_three_days_after_the_urging_cost_three_points_of_the_person(open_county: OpenCounty) -> None:
    """R11, R24: Urged on Friday 6 August, reported on Monday 9 August: one entry of −3 on the clerk's own account."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 9, 10, 30)
        assert "拟扣" not in re.sub("每延迟1天拟扣", "", heard(box, PETITIONS))
        assert await points_of_person(box, PETITIONS) == {}

        await box.say(PETITIONS, "8月工作计划：集中化解积案")
        assert "拟扣3分" in heard(box, PETITIONS)
        assert "四(二)4" in heard(box, PETITIONS)
        assert "8月7日至8月9日共3天" in heard(box, PETITIONS)
        assert await points_of_person(box, PETITIONS) == {}, "nothing is entered before 核定"

        await box.wind(8, 16, 9, 30)
        await decided(box)
        assert (await points_of_person(box, PETITIONS))["P4"] == Decimal(-3)
        await box.say(PETITIONS, "得分")
        assert "县信访局：核定80分" in box.last(PETITIONS), "a unit does not pay for its clerk"
        await box.wind(8, 31)
        await decided(box)
        assert (await points_of_person(box, PETITIONS))["P4"] == Decimal(-3)
        await assert_books_are_sound(box)


async def test_a_second_urging_of_others_changes_nothing(open_county: OpenCounty) -> None:
    """R12: 催报 by hand on 10 August does not reach who has reported; the days of the rest count from the first one."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 9, 10, 30)
        await box.say(PETITIONS, "8月工作计划：集中化解积案")
        await box.wind(8, 10, 9, 30)
        before = len(box.told(PETITIONS))

        await box.say(OFFICE, "催报 8月工作计划")
        assert "县公安局" in box.last(OFFICE)
        assert "县信访局" not in box.last(OFFICE)
        await box.say(OFFICE, "确认")
        assert "再次催报" in box.last(POLICE)
        assert "自首次催报次日起" in box.last(POLICE)
        assert heard(box, PETITIONS, before) == ""

        await box.say(POLICE, "8月工作计划：开展夏季治安整治")
        await box.wind(8, 17, 9, 30)
        await decided(box)
        assert (await points_of_person(box, PETITIONS))["P4"] == Decimal(-3)
        assert (await points_of_person(box, POLICE))["P4"] == Decimal(-4)


async def test_reported_on_the_day_of_the_urging_costs_no_day(open_county: OpenCounty) -> None:
    """Days count from the day after the urging: a report at 15:00 of the same day costs none."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 6, 15)
        await box.say(ENVIRONMENT, "8月工作计划：开展河道断面整治")
        await box.wind(8, 16, 9, 30)
        await decided(box)

        assert "P4" not in await points_of_person(box, ENVIRONMENT)
        assert not re.search(r"拟扣1分，编号", heard(box, ENVIRONMENT))
