"""Questions and their answers: which card a button belongs to, how long a question lives, and whom a word means."""

from dataclasses import replace

import pytest

from bot.county import County, Setting
from bot.platforms.platform import BOT
from tests.stories.conftest import (
    CLERK,
    LEADER,
    OFFICE,
    OTHER_CLERK,
    OpenCounty,
    heard,
    times_told,
)

PETITIONS = "xinfang-gao"
UNITS = ("县信访局", "县经贸局", "县财政局")
GROUP = "county-group"


async def two_plans(box: County) -> None:
    """Two clerks have reported in time; each has earned a proposed 0.2."""
    await box.say(PETITIONS, "8月工作计划：集中化解积案")
    await box.say(CLERK, "8月工作计划：组织企业技术改造")


async def test_the_button_of_an_older_card_answers_nothing(open_county: OpenCounty) -> None:
    """核定 asked, then 不予核定 of another: 确认 under the first card does neither."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await two_plans(box)
        await box.say(OFFICE, "核定 P-1008-2 属实")
        old = box.chat(OFFICE)[-1].commands["确认"]
        await box.say(OFFICE, "不予核定 P-1008-4 与事实不符")

        await box.say(OFFICE, old)
        assert "该问题已失效" in box.last(OFFICE)
        await box.say(OFFICE, "核定")
        assert "待核定2项" in box.last(OFFICE)

        await box.press(OFFICE, "确认")
        assert "不予核定" in box.last(OFFICE)
        await box.say(OFFICE, "核定")
        assert "待核定1项" in box.last(OFFICE)


@pytest.mark.parametrize("answer", ["确认", "是的"])
async def test_a_question_lives_for_a_day(open_county: OpenCounty, answer: str) -> None:
    """A word typed a day later could be meant for anything; nothing is decided by it."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await two_plans(box)
        await box.say(OFFICE, "不予核定 P-1008-2 先放着")
        await box.wind(8, 5, 9, 31)

        await box.say(OFFICE, answer)

        assert "该问题已失效" in box.last(OFFICE)
        await box.say(OFFICE, "核定")
        assert "待核定2项" in box.last(OFFICE)


async def test_a_command_given_in_a_group_is_confirmed_in_private(open_county: OpenCounty) -> None:
    """The card goes to the person, so its answer comes from there; the group hears that and no more."""
    async with open_county(8, 10, 9, 30, units=UNITS) as box:
        before = len(times_told(box, PETITIONS, "8月工作计划"))
        await box.say(OFFICE, "催报 8月工作计划", group=GROUP)
        assert [line.text for line in box.messenger.chat(GROUP) if line.sender == BOT] == ["已单独发给您。"]

        await box.say(OFFICE, "确认")

        assert "已催报3家" in box.last(OFFICE)
        assert len(times_told(box, PETITIONS, "8月工作计划")) == before + 1


async def test_a_doubt_from_a_group_is_settled_in_private(open_county: OpenCounty) -> None:
    """A clerk's doubtful figure, reported in the group, is confirmed where it was asked."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await box.say(OTHER_CLERK, "民生支出占比85预测86", group=GROUP)
        assert "请核" in box.last(OTHER_CLERK)

        await box.say(OTHER_CLERK, "确认")

        assert "已报齐" in box.last(OTHER_CLERK)


async def test_the_live_roster_forgets_no_period(open_county: OpenCounty) -> None:
    """In September August's plan is still owed by one: 谁没报 shows both months, and 催报 finds either."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        for who in (CLERK, OTHER_CLERK):
            await box.say(who, "8月工作计划：安排如下")
        await box.wind(9, 3, 9, 30)
        await box.say(CLERK, "9月工作计划：安排如下")
        await box.wind(9, 8, 10, 0)
        before = len(box.told(OFFICE))

        await box.say(OFFICE, "谁没报 工作计划")

        said = heard(box, OFFICE, before)
        assert "8月工作计划：报送名单\n应报3家：按时2家，未提交1家。" in said
        assert "9月工作计划：报送名单\n应报3家：按时1家，未提交2家。" in said
        await box.say(OFFICE, "谁没报")
        for title in ("8月工作计划", "9月工作计划", "1—7月进展情况", "1—8月进展情况"):
            assert f"{title}：报送名单" in heard(box, OFFICE, before)
        await box.say(OFFICE, "催报 9月工作计划")
        assert "催报2家：县信访局、县财政局" in box.last(OFFICE)


async def test_one_unit_is_urged_for_one_duty(open_county: OpenCounty) -> None:
    """催报 县信访局 with two duties overdue asks which; the line it offers urges that unit and no other."""
    async with open_county(8, 10, 9, 30, units=UNITS) as box:
        await box.say(OFFICE, "催报 县信访局")
        assert "请写明是哪一项" in box.last(OFFICE)
        offered = next(line for line in box.last(OFFICE).splitlines() if "8月工作计划" in line)

        await box.say(OFFICE, offered)

        assert "催报1家：县信访局。" in box.last(OFFICE)
        await box.say(OFFICE, "取消")
        await box.say(PETITIONS, "8月工作计划：集中化解积案")
        await box.say(OFFICE, "催报 信访局")
        assert "1—7月进展情况：请确认催报" in box.last(OFFICE)


def without_points(setting: Setting) -> Setting:
    """Only the rulebook that keeps no accounts of units."""
    kept = {name: text for name, text in setting.rulebooks.items() if "报指标: true" in text}
    assert len(kept) == 1
    return replace(setting, rulebooks=kept)


ADDRESSED = (
    (OFFICE, "扣分 县信访局 U7 不配合"),
    (OFFICE, "加分 县信访局 1"),
    (OFFICE, "交办 县信访局 某事 9月10日前"),
    (OFFICE, "县信访局排第几"),
    (OFFICE, "催报"),
    (OFFICE, "核定"),
    (OFFICE, "待审"),
    (OFFICE, "谁没报"),
    (OFFICE, "好的"),
    (PETITIONS, "排名"),
    (PETITIONS, "扣分"),
    (PETITIONS, "明细"),
    (PETITIONS, "？"),
    (LEADER, "谁没报"),
)


async def test_nobody_who_speaks_to_the_bot_is_left_without_an_answer(open_county: OpenCounty) -> None:
    """Also where the only programme has no points, no matters and no ranks, every message is answered."""
    async with open_county(8, 4, 9, 30, change=without_points, units=("县信访局",)) as box:
        for who, text in ADDRESSED:
            before = len(box.told(who))
            await box.say(who, text)
            assert len(box.told(who)) > before, text
