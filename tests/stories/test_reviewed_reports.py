"""What counts as a report and what does not: free texts, periods, taking back, signing anew."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.county import County, Setting
from tests.stories.conftest import (
    CLERK,
    OFFICE,
    REFUSED,
    OpenCounty,
    assert_books_are_sound,
    enrolled,
    heard,
    points_of_person,
    reworded,
)

PETITIONS, ANALYST, SIGNER, STATISTICS = "xinfang-gao", "fagai-lin", "fagai-du", "tongji-jiang"
PLAN = "8月工作计划：集中化解积案"
ANALYSIS = "运行分析\n工作落实情况：时间过半\n存在问题：进度不平衡\n下一步措施：逐项排出时间表"


async def confirmed(box: County, who: str, command: str) -> str:
    """Give a command and confirm it; return the last answer."""
    await box.say(who, command)
    await box.say(who, "确认")
    return box.last(who)


async def tasks(box: County, who: str) -> str:
    """The answer to 我的任务."""
    await box.say(who, "我的任务")
    return box.last(who)


async def test_the_same_content_again_after_a_return_closes_the_task(open_county: OpenCounty) -> None:
    """Checked and found right: what was sent back is sent again word for word, as text, as parts and as figures."""
    async with open_county(8, 4, 9, 0, units=("县信访局", "县发改局")) as box:
        for who, report in ((PETITIONS, PLAN), (PETITIONS, "积案化解率80%预测85%"), (ANALYST, ANALYSIS)):
            await box.say(who, report)
            number = heard(box, who).rpartition("编号")[2].partition("，")[0]
            if who == ANALYST:
                await box.say(SIGNER, "签发")
            assert "已退回" in await confirmed(box, OFFICE, f"退回 {number} 请核实")

            await box.say(who, report)

            assert "已报齐" in box.last(who)
        assert "没有待办" in await tasks(box, PETITIONS)
        assert "运行分析：待杜远谋签发" in await tasks(box, ANALYST)


NO_PLAN = (
    (PETITIONS, "8月工作计划什么时候截止？"),
    (PETITIONS, "8月工作计划还没写好，明天报"),
    (PETITIONS, "8月工作计划已报了吗"),
    (PETITIONS, "8月工作计划 明天报"),
    (PETITIONS, "9月工作计划模板发一下"),
    (STATISTICS, "1"),
    (STATISTICS, "50%"),
    (STATISTICS, "报送 完成了"),
    (STATISTICS, "更正 错别字"),
)


async def test_talk_about_the_plan_is_not_the_plan(open_county: OpenCounty) -> None:
    """Only what stands behind the plan's own title is filed as the plan."""
    async with open_county(8, 4, 9, 0, units=("县信访局", "县统计局")) as box:
        for who, text in NO_PLAN:
            before = len(box.told(who))
            await box.say(who, text)

            assert len(box.told(who)) == before + 1, text
            assert "已收" not in box.last(who), text
            assert "8月工作计划：未报送" in await tasks(box, who), text
        for who in (PETITIONS, STATISTICS):
            await box.say(who, PLAN)
            assert "8月工作计划：已收齐" in box.last(who)


async def test_september_s_plan_is_not_filed_as_august_s(open_county: OpenCounty) -> None:
    """On 1 September with August's plan overdue the title says which of the two is meant."""
    async with open_county(9, 1, 10, 0, units=("县信访局",)) as box:
        await box.say(PETITIONS, "9月工作计划：集中化解积案")

        assert "9月工作计划：已收齐" in box.last(PETITIONS)
        assert "按时" in box.last(PETITIONS)
        assert "8月工作计划：未提交" in await tasks(box, PETITIONS)

        await box.say(PETITIONS, PLAN)
        assert "8月工作计划：已收齐" in heard(box, PETITIONS)
        assert "迟交" in heard(box, PETITIONS)


async def test_the_named_month_of_the_named_unit(open_county: OpenCounty) -> None:
    """A clerk of two units with two months open: neither the month nor the unit is mistaken."""
    both = enrolled("县信访局,信访局,县直部门,李敏,填报人,sandbox,jingmao-li,2010-01-01,")
    async with open_county(9, 1, 10, 0, change=both, units=("县经贸局", "县信访局")) as box:
        await box.say(CLERK, "县信访局 8月积案化解率81%预测85%")

        assert "1—8月进展情况：已收齐" in box.last(CLERK)
        await box.say(OFFICE, "谁没报 1—8月进展情况")
        assert "按时1家，未到期1家" in box.last(OFFICE)


async def test_what_is_entered_for_a_unit_keeps_to_the_period_named(open_county: OpenCounty) -> None:
    """代录 of a month that is not owed is refused; of two months that are, the one named is meant."""
    async with open_county(9, 1, 10, 0, units=("县信访局",)) as box:
        for text in ("9月积案化解率 80% 预测85%", "10月工作计划：化解积案"):
            await box.say(OFFICE, f"代录 县信访局 9月1日9:00 电话 {text}")
            assert "未办理" in box.last(OFFICE), text
        await box.say(OFFICE, "代录 县信访局 9月1日9:00 电话 8月积案化解率 80% 预测85%")
        assert "1—8月进展情况：请确认代录" in box.last(OFFICE)


async def test_nobody_enters_a_report_for_the_own_unit(open_county: OpenCounty) -> None:
    """An office member who also reports for a unit reports like everybody else, and by no other time."""
    double = enrolled("县信访局,信访局,县直部门,吴磊,填报人,sandbox,ducha-wu,2010-01-01,")
    async with open_county(8, 9, 9, 30, change=double, units=("县信访局",)) as box:
        await box.say("ducha-wu", f"代录 县信访局 8月4日9:00 电话 {PLAN}")
        assert box.last("ducha-wu") == REFUSED
        await box.say("ducha-wu", "确认")

        await box.say(OFFICE, "谁没报 8月工作计划")
        assert "未提交：县信访局" in box.last(OFFICE)


async def test_taking_a_report_back_escapes_no_urging(open_county: OpenCounty) -> None:
    """Reported on time, taken back, then nothing: urged like everybody, and the days count from the urging."""
    async with open_county(8, 4, 9, 30, units=("县信访局",)) as box:
        await box.say(PETITIONS, PLAN)
        await box.say(OFFICE, "核定")
        assert "拟加0.2分" in box.last(OFFICE)

        assert "已撤回" in await confirmed(box, PETITIONS, "撤回")
        await box.say(OFFICE, "核定")
        assert "目前没有待核定的事项" in box.last(OFFICE)

        await box.wind(8, 9, 10, 30)
        assert "催报" in heard(box, PETITIONS)
        await box.say(PETITIONS, "得分")
        assert "尚未报送，计8月7日至8月9日共3天" in box.last(PETITIONS)
        await box.say(PETITIONS, PLAN)
        assert "迟交" in heard(box, PETITIONS)
        await box.wind(8, 16, 9, 30)
        await confirmed(box, OFFICE, "核定 全部")
        assert await points_of_person(box, PETITIONS) == {"P4": Decimal(-3), "P3b": Decimal("-0.2")}
        await assert_books_are_sound(box)


async def test_a_report_that_has_earned_points_stays(open_county: OpenCounty) -> None:
    """撤回 is refused once 核定 has entered a point that rests on the report, asked before or after."""
    async with open_county(8, 4, 9, 30, units=("县信访局",)) as box:
        await box.say(PETITIONS, PLAN)
        await box.say(PETITIONS, "撤回")
        await confirmed(box, OFFICE, "核定 P-1008-2 属实")

        await box.say(PETITIONS, "确认")
        assert "不能撤回" in box.last(PETITIONS)
        await box.say(PETITIONS, "撤回")
        assert "不能撤回" in box.last(PETITIONS)
        assert await points_of_person(box, PETITIONS) == {"P3a": Decimal("0.2")}


async def test_a_plan_takes_the_place_of_a_nil_report(open_county: OpenCounty) -> None:
    """Whoever said there was nothing and then reports something has reported: the nil report is gone."""
    async with open_county(8, 4, 9, 30, units=("县信访局", "县经贸局")) as box:
        await confirmed(box, PETITIONS, "零报告 8月工作计划 本月无安排")
        await box.say(OFFICE, "谁没报 8月工作计划")
        assert "零报告1家" in box.last(OFFICE)

        await box.say(PETITIONS, PLAN)

        assert "零报告" not in box.last(PETITIONS)
        await box.say(OFFICE, "谁没报 8月工作计划")
        assert "应报2家：按时1家，未到期1家" in box.last(OFFICE)


async def test_the_signer_is_asked_for_every_version(open_county: OpenCounty) -> None:
    """Amended while it waits: the signer reads the new text, and the button under the old one signs nothing."""
    async with open_county(8, 4, 9, 30, units=("县发改局",)) as box:
        await box.say(ANALYST, ANALYSIS)
        old = box.chat(SIGNER)[-1].commands["签发"]

        await box.say(ANALYST, "存在问题：用地指标不足")
        assert "待您签发" in box.last(SIGNER)
        assert "用地指标不足" in box.last(SIGNER)

        await box.say(SIGNER, old)
        assert "待杜远谋签发" in await tasks(box, ANALYST)
        await box.press(SIGNER, "签发")
        assert "已签发" in box.last(SIGNER)


SIGNED_FIGURES = reworded(("报指标: true\n    签发: 无", "报指标: true\n    签发: 主要负责人"))


async def test_a_corrected_figure_is_signed_anew(open_county: OpenCounty) -> None:
    """The same for figures: the old button does not sign a figure that the signer has not seen."""
    async with open_county(8, 4, 9, 30, change=SIGNED_FIGURES, units=("县信访局",)) as box:
        await box.say(PETITIONS, "积案化解率80%预测85%")
        old = box.chat("xinfang-dong")[-1].commands["签发"]
        await box.say(PETITIONS, "更正 积案化解率 70% 预测85%")

        assert "70%" in box.last("xinfang-dong")
        await box.say("xinfang-dong", old)
        assert "进展情况：待董爱民签发" in await tasks(box, PETITIONS)


async def test_an_amendment_after_the_review_is_signed_and_reviewed_again(open_county: OpenCounty) -> None:
    """Amended after 通过: back to 待签发, then 待审; amended late, it is still 按时 by its first stamp."""
    async with open_county(8, 4, 9, 30, units=("县发改局",)) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.press(SIGNER, "签发")
        await confirmed(box, OFFICE, "通过")
        await box.wind(8, 12, 9, 30)

        await box.say(ANALYST, "更正 下一步措施：审后又改")
        assert "审后又改" in box.last(SIGNER)
        await box.say(OFFICE, "谁没报 运行分析")
        assert "待签发1家" in box.last(OFFICE)

        await box.press(SIGNER, "签发")
        await box.say(OFFICE, "待审")
        assert "8月4日 09:30，按时" in heard(box, OFFICE)
        await confirmed(box, OFFICE, "通过")
        await box.say(OFFICE, "谁没报 运行分析")
        assert "按时1家" in box.last(OFFICE)


async def test_what_changed_after_the_office_looked_is_not_passed_unseen(open_county: OpenCounty) -> None:
    """通过 asked, the report amended and signed meanwhile: 确认 passes nothing, the office looks again."""
    async with open_county(8, 4, 9, 30, units=("县发改局",)) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.press(SIGNER, "签发")
        await box.say(OFFICE, "通过")
        await box.say(ANALYST, "更正 下一步措施：其间又改")
        await box.press(SIGNER, "签发")

        await box.say(OFFICE, "确认")

        assert "请重新审核" in box.last(OFFICE)
        await box.say(OFFICE, "谁没报 运行分析")
        assert "待审1家" in box.last(OFFICE)


async def test_signing_and_passing_in_people_s_words(open_county: OpenCounty) -> None:
    """同意 of a signer signs; a clerk's sentence that begins with 通过 is a report."""
    async with open_county(8, 4, 9, 30, units=("县发改局", "县经贸局")) as box:
        await box.say(CLERK, "通过12项措施,亩均税收3.8万预测7万")
        assert "已报1/4" in box.last(CLERK)

        await box.say(ANALYST, ANALYSIS)
        await box.say(SIGNER, "同意")
        assert "已签发" in box.last(SIGNER)


@pytest.mark.parametrize("text", ["退回 R-1008-9数字有误", "退回 R-1008-9，数字有误", "退回R-1008-9 数字有误"])
async def test_another_number_returns_nothing(open_county: OpenCounty, text: str) -> None:
    """A number that is not there, however the reason follows it, never means the one report that waits."""
    async with open_county(8, 4, 9, 30, units=("县发改局",)) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.say(SIGNER, "签发")

        await confirmed(box, OFFICE, text)

        await box.say(OFFICE, "谁没报 运行分析")
        assert "待审1家" in box.last(OFFICE)


async def test_a_vacant_post_is_told_when_it_is_filled(open_county: OpenCounty) -> None:
    """R104: Nobody was in post when it was time to urge: the successor is urged on the next office day."""

    def vacant_for_a_week(setting: Setting) -> Setting:
        clerk = "填报人,sandbox,xinfang-gao,2010-01-01,"
        assert clerk in setting.roster
        new = "县信访局,信访局,县直部门,赵新任,填报人,sandbox,xinfang-zhao,2010-08-12,\n"
        return replace(setting, roster=setting.roster.replace(clerk, f"{clerk}2010-08-05") + new)

    async with open_county(8, 4, 9, 30, change=vacant_for_a_week, units=("县信访局",)) as box:
        await box.wind(8, 12, 8, 59)
        assert heard(box, "xinfang-zhao") == ""

        await box.wind(8, 12, 9, 1)

        assert "催报" in heard(box, "xinfang-zhao")
        assert "8月工作计划" in box.last("xinfang-zhao")
