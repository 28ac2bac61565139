"""A report comes back: sent back by the office, or taken back by the unit."""

from bot.county import County
from tests.stories.conftest import OFFICE, OTHER_CLERK, OpenCounty, heard

REPORT = "民生支出占比85%,预测86%"
PLAN = "8月工作计划：组织好下半年收入"
HEAD = "caizheng-qian"
UNITS = ("县财政局", "县发改局")
ANALYST, SIGNER = "fagai-lin", "fagai-du"
ANALYSIS = "工作落实情况：上半年主要指标时间过半\n存在问题：重点工程进度不平衡\n下一步措施：逐项排出时间表"


async def confirmed(box: County, who: str, command: str) -> str:
    """Give a command and confirm it; return the last answer."""
    await box.say(who, command)
    await box.say(who, "确认")
    return box.last(who)


async def test_a_report_returned_after_the_due_time_stays_on_time(open_county: OpenCounty) -> None:
    """退回 opens a new round without urging at once; the first stamp stays and what is reported again is 按时."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT)
        await box.say(OTHER_CLERK, PLAN)
        await box.wind(8, 9, 10)
        before = len(box.told(OTHER_CLERK))

        assert "已退回" in await confirmed(box, OFFICE, "退回 R-1008-1 口径有误，请核对")

        assert len(box.told(OTHER_CLERK)) == before + 1
        assert "口径有误" in box.last(OTHER_CLERK)
        assert "8月4日 09:12（按时）不变" in box.last(OTHER_CLERK)
        await box.wind(8, 9, 17)
        assert "催报" not in heard(box, OTHER_CLERK)

        await box.say(OTHER_CLERK, "民生支出占比85.5%,预测86%")
        assert "85%→85.5%" in box.last(OTHER_CLERK)
        assert "按时" in box.last(OTHER_CLERK)
        await box.say(OFFICE, "谁没报 进展情况")
        assert "按时1家，未提交1家" in box.last(OFFICE)


async def test_a_returned_report_is_never_called_unreported(open_county: OpenCounty) -> None:
    """A unit that reported on time and got the report back is not denounced to its head as overdue and unreported."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT)
        await box.say(OTHER_CLERK, PLAN)
        await box.wind(8, 9, 10)
        await confirmed(box, OFFICE, "退回 R-1008-1 口径有误")

        await box.wind(8, 20, 17)

        assert "尚未报送" not in heard(box, HEAD)
        assert "催报" not in heard(box, OTHER_CLERK)


async def test_a_report_taken_back_before_the_due_time_is_owed_and_reminded_of_again(open_county: OpenCounty) -> None:
    """撤回 leads back to 未到期: the reminder comes as to anybody else, and the urging after the due time, too."""
    async with open_county(8, 3, 9, 12, units=UNITS) as box:
        await box.say(OTHER_CLERK, PLAN)
        await box.say(OTHER_CLERK, REPORT)
        assert "已撤回" in await confirmed(box, OTHER_CLERK, "撤回")
        await box.say(OFFICE, "谁没报 进展情况")
        assert "未到期2家" in box.last(OFFICE)
        before = len(box.told(OTHER_CLERK))

        await box.wind(8, 4, 9, 5)
        assert "提醒" in heard(box, OTHER_CLERK, before)
        assert "民生支出占财政支出比重" in heard(box, OTHER_CLERK, before)
        assert "工作计划" not in heard(box, OTHER_CLERK, before)

        await box.wind(8, 6, 9, 5)
        assert "催报" in box.last(OTHER_CLERK)
        assert "进展情况" in box.last(OTHER_CLERK)


async def test_the_first_stamp_survives_a_withdrawal_only_for_some_days(open_county: OpenCounty) -> None:
    """Taken back on the 3rd and reported again by the 6th keeps 按时; reported again later it is 迟交."""
    async with open_county(8, 3, 9, 12, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT)
        await confirmed(box, OTHER_CLERK, "撤回")
        await box.wind(8, 6, 9, 5)
        await box.say(OTHER_CLERK, REPORT)
        assert "按时" in box.last(OTHER_CLERK)

        await confirmed(box, OTHER_CLERK, "撤回")
        await box.wind(8, 9, 9, 30)
        await box.say(OTHER_CLERK, REPORT)
        assert "迟交" in box.last(OTHER_CLERK)


async def test_what_has_been_reviewed_cannot_be_taken_back(open_county: OpenCounty) -> None:
    """Before 通过 a report can be taken back, after it 撤回 is refused and the report stands."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.say(SIGNER, "签发")
        await box.say(ANALYST, "撤回")
        assert "请确认撤回" in box.last(ANALYST)
        await box.say(ANALYST, "取消")

        assert "已通过" in await confirmed(box, OFFICE, "通过 R-1008-1")
        await box.say(ANALYST, "撤回 R-1008-1")

        assert "不能撤回" in box.last(ANALYST)
        await box.say(OFFICE, "谁没报 运行分析")
        assert "按时1家" in box.last(OFFICE)


async def test_a_withdrawal_confirmed_after_the_review_comes_too_late(open_county: OpenCounty) -> None:
    """Asked before the review and confirmed after it: the confirmation is refused, too."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(ANALYST, ANALYSIS)
        await box.say(SIGNER, "签发")
        await box.say(ANALYST, "撤回")
        await confirmed(box, OFFICE, "通过 R-1008-1")

        await box.say(ANALYST, "确认")

        assert "不能撤回" in box.last(ANALYST)
