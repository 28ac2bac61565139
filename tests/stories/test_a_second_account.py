"""绑定 over two platforms: the clerk writes from the other one, the office agrees, and later ends the first."""

from dataclasses import replace

import pytest

from bot.county import Setting
from handlers.named_person import masked
from tests.stories.conftest import CLERK, OFFICE, OFFICE_TWO, Ground, OpenCounty, assert_books_are_sound, heard

KINDS = ("feishu", "wecom")
NEW = "ou_5f3a9c21b0d7"
"""Nobody's yet; on Feishu, like everybody who has no home."""
STRANGER = "您尚未登记，请回复：绑定 姓名 单位，经考核办确认后使用。"
FIGURES = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测27%"

pytestmark = pytest.mark.parametrize(
    "ground", [Ground(KINDS), Ground(KINDS, cards=False)], ids=["cards", "words"], indirect=True
)


def both_on_wecom(setting: Setting) -> Setting:
    """The clerk and the office at home on WeCom: people are dealt out in the roster's order."""
    lines = setting.roster.splitlines(keepends=True)
    later = [line for line in lines if OFFICE_TWO in line]
    return replace(setting, roster="".join([line for line in lines if line not in later] + later))


async def test_a_clerk_works_from_a_second_platform(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 0, units=("县经贸局",), change=both_on_wecom) as box:
        assert {box.platform_of(who).channel for who in (CLERK, OFFICE)} == {"wecom"}
        await box.say(NEW, FIGURES)
        assert box.last(NEW) == STRANGER

        await box.say(NEW, "绑定 李敏 县经贸局")
        assert box.last(NEW) == "已转考核办核实，登记后方可使用；急用的，请电话联系考核办。"
        asked = box.last(OFFICE)
        assert "飞书 ou_5f3a9c21b0d7" in asked
        assert f"名册中相符的是：李敏，县经贸局填报人，现有账号企业微信 {masked(CLERK)}。" in asked
        await box.press(OFFICE, "同意绑定")
        assert "确认后，此账号可按上述岗位办理和查询" in box.last(OFFICE)
        assert box.last(NEW) == "已转考核办核实，登记后方可使用；急用的，请电话联系考核办。"
        await box.press(OFFICE, "确认")

        assert "李敏同志：此账号已登记，岗位为县经贸局填报人。" in box.last(NEW)
        assert f"已将飞书 {masked(NEW)}绑定到您名下" in box.last(CLERK)
        await box.say(NEW, FIGURES)
        assert "应报4项已报齐" in box.last(NEW)
        await box.say(CLERK, "我的任务")
        assert "8月工作计划" in box.last(CLERK)

        since = len(box.told(NEW))
        await box.wind(8, 6, 9, 30)
        assert "催报" in heard(box, CLERK), "what we start goes on to go where it went"
        assert heard(box, NEW, since) == ""

        await box.say(OFFICE, "解绑 李敏 企业微信")
        await box.press(OFFICE, "确认")
        assert "您名下的一个账号已停用" in box.last(NEW)
        await box.say(CLERK, "我的任务")
        assert box.last(CLERK) == STRANGER

        since = len(box.told(NEW))
        lost = len(box.told(CLERK))
        await box.wind(8, 9, 18, 0)
        assert "8月工作计划" in heard(box, NEW, since), "and from now on to the account that is left"
        assert heard(box, CLERK, lost) == ""
        await assert_books_are_sound(box)


async def test_a_stranger_who_is_declined_is_a_stranger(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 0, units=("县经贸局",), change=both_on_wecom) as box:
        await box.say(NEW, "绑定 李敏 县经贸局")
        await box.press(OFFICE, "不同意绑定")

        assert box.last(NEW) == STRANGER
        assert heard(box, CLERK) == "", "nobody was bound, nobody is told"
        await box.say(NEW, "得分")
        assert box.last(NEW) == STRANGER
