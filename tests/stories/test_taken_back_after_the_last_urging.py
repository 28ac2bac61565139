"""A report taken back when all urging lies behind it is owed again, and its clerk is urged for it once more."""

from bot.county import County
from tests.stories.conftest import OpenCounty, at, times_told

PETITIONS = "xinfang-gao"
PLAN = "8月工作计划：集中化解积案"
FIGURE = "积案化解率80%预测85%"


async def take_back(box: County, who: str) -> None:
    """撤回, confirmed."""
    await box.say(who, "撤回")
    await box.say(who, "确认")
    assert "已撤回" in box.last(who)


async def test_taken_back_in_the_evening_urged_once_the_next_morning(open_county: OpenCounty) -> None:
    """Reported after two urgings and taken back after hours on the 10th: urged at nine the next day, then never."""
    async with open_county(8, 4, 9, 30, units=("县信访局",)) as box:
        await box.say(PETITIONS, FIGURE)
        await box.wind(8, 9, 15)
        assert times_told(box, PETITIONS, "催报：") == [at(8, 6, 9), at(8, 9, 9)]
        await box.say(PETITIONS, PLAN)
        await box.wind(8, 10, 20)
        await take_back(box, PETITIONS)

        await box.wind(8, 11, 8, 59)
        assert len(times_told(box, PETITIONS, "催报：")) == 2
        await box.wind(8, 31, 17)

        assert times_told(box, PETITIONS, "催报：") == [at(8, 6, 9), at(8, 9, 9), at(8, 11, 9)]
        assert "8月工作计划" in box.last(PETITIONS)


async def test_reported_again_overnight_nobody_is_urged(open_county: OpenCounty) -> None:
    """Whoever takes a report back at night and has sent the right one by the morning hears nothing."""
    async with open_county(8, 4, 9, 30, units=("县信访局",)) as box:
        await box.say(PETITIONS, FIGURE)
        await box.say(PETITIONS, PLAN)
        await box.wind(8, 16, 20)
        await take_back(box, PETITIONS)
        await box.wind(8, 16, 21)
        await box.say(PETITIONS, PLAN)

        await box.wind(8, 31, 17)

        assert times_told(box, PETITIONS, "催报：") == []
