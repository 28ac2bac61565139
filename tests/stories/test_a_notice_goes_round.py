"""通知: shown, tried on oneself, sent, signed for, called for once more, and recalled with a correction."""

from bot.county import County
from tests.stories.conftest import (
    CLERK,
    OFFICE,
    REFUSED,
    OpenCounty,
    assert_books_are_sound,
    at,
    heard,
    times_told,
)

FINANCE, WATER, OTHER = "caizheng-zhang", "huanbao-wang", "xinfang-gao"
UNITS = ("县经贸局", "县财政局", "县环保局", "县信访局")
TEXT = "8月11日上午9时召开月度分析会"
ORDER = f"通知 县经贸局、县财政局、县环保局 {TEXT}，请于8月6日前回执"


async def sent(box: County, order: str = ORDER) -> None:
    """Order a notice and confirm it."""
    await box.say(OFFICE, order)
    await box.press(OFFICE, "确认")


async def test_it_goes_round(open_county: OpenCounty) -> None:
    """R99: Three units hear it at once and nobody else; two sign by a button and by a word, the third is called."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await box.say(OFFICE, ORDER)
        assert "将单独发给3家单位的填报人，共3人。" in box.last(OFFICE)
        assert "单位：县经贸局、县财政局、县环保局。" in box.last(OFFICE)
        await box.press(OFFICE, "试发给自己")
        assert "通知（试发）" in heard(box, OFFICE)
        assert TEXT not in heard(box, CLERK)
        await box.press(OFFICE, "确认")

        for who in (CLERK, FINANCE, WATER):
            assert times_told(box, who, TEXT) == [at(8, 4, 9, 30)]
            assert "通知（编号T-1008-1）" in box.last(who)
            assert "请于8月6日（周五）24:00前签收。" in box.last(who)
        assert TEXT not in heard(box, OTHER)

        await box.press(CLERK, "收到")
        assert "通知T-1008-1已签收" in box.last(CLERK)
        await box.say(FINANCE, "收到")
        await box.say(OFFICE, "回执")
        assert "应收3人：已送达3人（已签收2人，未签收1人），未送达0人。" in box.last(OFFICE)
        assert "未签收：县环保局（王晨曦）。" in box.last(OFFICE)

        await box.press(OFFICE, "再催未签收")
        await box.press(OFFICE, "确认")
        assert "再次提请签收" in box.last(WATER)
        assert "再次提请签收" not in heard(box, CLERK)
        await box.wind(8, 9, 10)
        await box.say(WATER, "收到")
        assert "已过签收时限" in box.last(WATER)
        await box.say(OFFICE, "回执 T-1008-1")
        assert "超过时限签收：县环保局（王晨曦）8月9日 10:00。" in box.last(OFFICE)
        await assert_books_are_sound(box)


async def test_it_is_recalled(open_county: OpenCounty) -> None:
    """Whoever has it is told what holds instead, by the old number; others hear nothing of it."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sent(box)
        await box.say(OFFICE, "撤回 T-1008-1 分析会改为8月12日上午9时")
        assert "将向已发出的3人发更正。" in box.last(OFFICE)
        await box.press(OFFICE, "确认")

        assert "通知更正（原编号T-1008-1）" in box.last(CLERK)
        assert "│ 分析会改为8月12日上午9时" in box.last(CLERK)
        assert "更正" not in heard(box, OTHER)
        await box.press(CLERK, "收到")
        assert "无须签收" in box.last(CLERK)
        await assert_books_are_sound(box)


async def test_it_waits_for_its_time(open_county: OpenCounty) -> None:
    """Ordered on Wednesday for Monday at nine: not before, and then at once."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await sent(box, f"通知 全体 {TEXT}，于8月9日9:00发送")
        assert "将于8月9日（周一）09:00发给4人。" in box.last(OFFICE)
        await box.wind(8, 9, 12)

        for who in (CLERK, FINANCE, WATER, OTHER):
            assert times_told(box, who, TEXT) == [at(8, 9, 9)]
        await assert_books_are_sound(box)


async def test_only_the_office_speaks_to_all(open_county: OpenCounty) -> None:
    """A clerk's 通知 reaches nobody, and points of a unit reach no group."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await box.say(CLERK, f"通知 全体 {TEXT}")
        assert box.last(CLERK) == REFUSED
        await box.say(OFFICE, "通知 工作群 县环保局拟扣2分")
        assert "不在群内发布" in box.last(OFFICE)
        await box.say(OFFICE, "确认")
        assert TEXT not in heard(box, FINANCE)
        assert "拟扣2分" not in heard(box, FINANCE)
