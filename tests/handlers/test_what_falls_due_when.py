"""Duties of other measures as the units see them: from which month, by which day, of which parts, and worth what."""

from datetime import UTC, datetime
from functools import partial

from assessment.notices import DecideAsk, RepairLine
from bot.county import ZONE
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import Under, shipped, unit

MONTHLY = shipped(
    "monthly-roundup.yaml",
    ("    截止: null\n    承担单位: [市(地)", "    截止: {次月: 5}\n    起始: 2026-09\n    承担单位: [市(地)"),
)
"""The month from which it is owed and the day are blacked out in the text; here they are September and the 5th."""
PROVINCE = unit("省考核工作组办公室", "考核办", 考核办="ke") + "".join(
    unit(name, "市(地)", 填报人=clerk, 主要负责人=f"{clerk}-head") for name, clerk in (("甲市", "jia"), ("乙市", "yi"))
)
COUNTY = unit("县考核办", "考核办", 考核办="ke") + unit("甲局", "指标承担部门", 填报人="jia", 主要负责人="zhang")


def at(year: int, month: int, day: int) -> datetime:
    """Nine in the morning of that day."""
    return datetime(year, month, day, 9, tzinfo=ZONE)


def titles(desk: Desk, unit_name: str) -> list[str]:
    """What the unit owes or has done so far, by due time."""
    return [row.title for row in sorted(desk.rows(unit_name), key=lambda row: row.due)]


def test_each_unit_owes_last_months_progress_by_the_fifth(under: Under) -> None:
    """R01: 每月x日前,将上月工作推进情况报: for each unit one a month, reminded of before its day."""
    with under(MONTHLY, PROVINCE, at(2026, 9, 1)) as desk:
        desk.wind(11, 2, 10)

        for name, clerk in (("甲市", "jia"), ("乙市", "yi")):
            assert titles(desk, name) == ["9月上月工作推进情况", "10月上月工作推进情况"]
            october = desk.rows(name, "10月")[0]
            assert october.due == datetime(2026, 11, 5, 16, tzinfo=UTC), "the 5th until 24:00"
            tasks = as_read(desk.answer(clerk, "我的任务"))
            assert "10月上月工作推进情况：未报送，截止11月5日（周四）24:00" in tasks


def test_before_the_first_month_nobody_is_reminded(under: Under) -> None:
    """R02: 自9月份开始; the measure runs from July on, and July and August are not asked for."""
    with under(MONTHLY, PROVINCE, at(2026, 7, 1)) as desk:
        desk.wind(9, 15, 10)
        assert desk.told("jia") == []
        assert titles(desk, "甲市") == []

        desk.wind(9, 30, 10)
        assert titles(desk, "甲市") == ["9月上月工作推进情况"]
        assert "9月上月工作推进情况请于10月5日（周一）24:00前报送" in desk.shown("jia")[0]


def test_reporting_in_time_or_late_is_recorded_and_without_a_value_refused_as_points(under: Under) -> None:
    """R05: 作为加减分数项目, with the numbers blacked out: in time, late, and no points before somebody sets them."""
    with under(MONTHLY, PROVINCE, at(2026, 9, 1)) as desk:
        desk.wind(9, 30, 10)
        desk.say("jia", "工作落实情况：库存检查完成")
        desk.wind(10, 6, 9)
        desk.say("yi", "工作落实情况：库存检查完成")
        desk.wind(10, 20, 10)

        waiting = {(line.account, line.clause): line for line in desk.answer("ke", "核定").lines}
        in_time, late = waiting["甲市", "月信息按时报送"], waiting["乙市", "月信息逾期报送"]
        assert (in_time.points, late.points) == (None, None)
        for line in (in_time, late):
            refused = desk.answer("ke", f"核定 {line.number}")
            assert isinstance(refused, RepairLine)
            assert "分值尚未设定，设定前不能记分" in as_read(refused)
        assert not any(isinstance(said, DecideAsk) for said in desk.say("ke", "核定 全部"))
        assert desk.entries("甲市") == desk.entries("乙市") == []
        score = as_read(desk.answer("jia", "得分"))
        assert "甲市：核定0分；暂估0分。" in score
        assert "暂未计入：月信息按时报送" in score


def test_progress_problems_and_next_steps_are_asked_for_each_month(under: Under) -> None:
    """R06: each department that bears an indicator; the part that is missing is named."""
    books = shipped(
        "county-2009.yaml",
        (
            "    周期: 月\n    截止: null\n    承担单位: [指标承担部门]\n    文字部分",
            "    周期: 月\n    起始: 2009-06\n    截止: {次月: 5}\n    承担单位: [指标承担部门]\n    文字部分",
        ),
    )
    with under(books, COUNTY, at(2009, 7, 1)) as desk:
        tasks = as_read(desk.answer("jia", "我的任务"))
        assert "6月工作落实情况报告" in tasks
        assert "还缺工作落实情况、存在问题、下一步措施" in tasks

        answer = desk.answer("jia", "工作落实情况：财政收入完成7000万元\n存在问题：石油企业税收回落")
        assert (answer.owed, answer.complete) == (("下一步措施",), False)
        assert desk.answer("jia", "下一步措施：清理欠税").complete


def test_two_parts_of_one_work_fall_due_on_two_days(under: Under) -> None:
    """R79: 示范点6月9日、分析6月10日, each reminded of and urged for on its own day."""
    books = shipped("county-2009.yaml")
    books["county-2009.yaml"] += "\n减负上限: {填报人每月: 30}\n"
    with under(books, COUNTY, at(2009, 6, 1)) as desk:
        heard = partial(desk.shown, "jia")
        desk.wind(6, 8, 10)
        assert "示范点确定结果请于6月9日（周二）24:00前报送" in heard()[-1]
        desk.wind(6, 9, 10)
        assert "各自指标运行情况请于6月10日（周三）24:00前报送" in heard()[-1]
        assert "示范点" not in heard()[-1]

        desk.wind(6, 10, 10)
        assert "示范点确定结果截止时间为6月9日" in heard()[-1]
        assert "各自指标运行情况" not in heard()[-1]
        desk.wind(6, 11, 10)
        assert "各自指标运行情况截止时间为6月10日" in heard()[-1]


def test_of_five_things_that_have_to_be_clear_the_missing_one_is_named(under: Under) -> None:
    """R80: “五明确”; the plan goes to its signer when all five are there, and not before."""
    books = shipped(
        "three-in-one.yaml",
        (
            "    截止: null\n    承担单位: [乡镇, 县级部门]\n    必写",
            "    截止: {日期: 2011-07-15}\n    承担单位: [乡镇, 县级部门]\n    必写",
        ),
    )
    roster = unit("县考核办", "考核办", 考核办="ke") + unit("甲镇", "乡镇", 填报人="jia", 主要负责人="zhang")
    with under(books, roster, at(2011, 7, 11)) as desk:
        answer = desk.answer(
            "jia",
            "目标任务分解方案\n目标任务：财政收入增长15%\n工作要求：按季调度\n关键措施：清理欠税\n责任人员：镇长",
        )
        assert "还需报送（已报4/5）：时间进度" in as_read(answer)
        assert desk.told("zhang") == []

        answer = desk.answer("jia", "时间进度：6月底前过半")
        assert "待zhang签发" in as_read(answer)
        assert "签发" in as_read(desk.told("zhang")[-1])
