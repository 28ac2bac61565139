"""先听情况说明: a deduction could be decided, and the office wishes to hear the unit before it decides."""

import re

from bot.county import CHANNEL, County
from storage import audit, roster
from storage.unit_of_work import UnitOfWork
from tests.stories.conftest import (
    LEADER,
    OFFICE,
    OFFICE_TWO,
    OpenCounty,
    assert_books_are_sound,
    at,
    heard,
    times_told,
)

CLERK, HEAD = "huanbao-wang", "huanbao-yan"
UNITS = ("县环保局",)
ORDER = "交办 县环保局 报送水环境整治方案 7月30日前 类别 县主要领导交办"
ASKED = "请作情况说明"


def the_number(text: str) -> str:
    """The proposal that a text speaks of."""
    (number,) = {found[0] for found in re.finditer(r"P-\d+-\d+", text)}
    return number


async def confirmed(box: County, command: str) -> str:
    """Give a command of the office and confirm it; return the last answer."""
    await box.say(OFFICE, command)
    await box.say(OFFICE, "确认")
    return box.last(OFFICE)


async def pressed(box: County, who: str, label: str) -> str:
    """Press a button of the newest card; return the last answer."""
    card = box.chat(who)[-1].card
    assert card is not None
    (command,) = [button["command"] for button in card["buttons"] if button["label"] == label]
    await box.say(who, command)
    return box.last(who)


async def silent_unit(box: County) -> None:
    """The unit misses a matter and lets its days for a statement pass; Friday 6 August, 09:30."""
    assert "已交办" in await confirmed(box, ORDER)
    await box.wind(8, 6, 9, 30)
    assert "拟扣2分" in heard(box, CLERK)


async def test_heard_and_then_decided(open_county: OpenCounty) -> None:
    """The button, one message to clerk and head, the list that waits, the words, and −2 after all."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        await silent_unit(box)
        await box.say(OFFICE, "核定")
        assert "已请其作情况说明" in await pressed(box, OFFICE, "先听情况说明")

        for who in (CLERK, HEAD):
            assert times_told(box, who, ASKED) == [at(8, 6, 9, 30)]
            assert f"请于8月11日（周三）24:00前回复“情况说明 {the_number(box.last(who))} 内容”" in box.last(who)
        await box.say(OFFICE, "核定")
        assert "已请先作情况说明，说明期至8月11日（周三）24:00，此前核定须写明理由" in box.last(OFFICE)
        await box.say(OFFICE, "核定 全部")
        assert "请确认" not in box.last(OFFICE)

        await box.wind(8, 9, 10, 0)
        await box.say(CLERK, "情况说明 方案已于7月29日送会签")
        assert "方案已于7月29日送会签" in box.last(OFFICE)
        assert "已核定1项" in await confirmed(box, "核定 全部")

        await box.say(LEADER, "县环保局得分")
        assert "核定78分" in box.last(LEADER)
        await assert_books_are_sound(box)


async def test_heard_and_then_dropped(open_county: OpenCounty) -> None:
    """What the unit says may as well end in 不予核定."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        await silent_unit(box)
        number = the_number(heard(box, CLERK))
        await box.say(OFFICE, f"先听情况说明 {number} 请说明何时送会签")
        assert "请说明何时送会签" in box.last(CLERK)

        await box.say(CLERK, f"情况说明 {number} 7月29日，会签单附后")
        assert "不予核定1项" in await confirmed(box, f"不予核定 {number} 会签单属实")
        await box.say(LEADER, "县环保局得分")
        assert "核定80分" in box.last(LEADER)


async def test_two_of_the_office_at_once(open_county: OpenCounty) -> None:
    """One is about to confirm as the other asks the unit to speak: nothing is decided; who asked is on record."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        await silent_unit(box)
        await box.say(OFFICE, "核定 全部")
        number = the_number(box.last(OFFICE))
        await box.say(OFFICE_TWO, f"先听情况说明 {number}")
        await box.say(OFFICE, "确认")
        assert "其间已请该单位或个人作情况说明" in box.last(OFFICE)
        await box.say(OFFICE, f"先听情况说明 {number}")
        assert "已请该单位或个人于8月11日（周三）24:00前作情况说明" in box.last(OFFICE)
        assert len(times_told(box, CLERK, ASKED)) == 1

        def asked(uow: UnitOfWork) -> bool:
            second = roster.known(uow, CHANNEL, CHANNEL, OFFICE_TWO)
            return any(
                (row.person, row.action, row.object, row.allowed) == (second, "先听情况说明", number, True)
                for row in audit.recent(uow)
            )

        assert await box.database.read(asked)
        await box.wind(8, 12, 0, 0)
        assert "已核定1项" in await confirmed(box, "核定 全部")
        await assert_books_are_sound(box)
