"""Words as clerks and offices really send them: numbers of another kind, points in words, a period too early."""

from decimal import Decimal

import pytest

from assessment.notices import DecideAsk, NilAsk, OwnRank, Repair, RepairLine, ReportAnswered
from assessment.notices.reporting import NotYetOpen
from assessment.rulebook_file import load
from handlers.duty_desk import in_order
from tests.handlers.desk import CLERK, LEADER, OFFICE, PLAN_CLERK, WATER_CLERK, Desk, as_read
from tests.handlers.one_measure import Under, shipped, some_of_the_county
from tests.handlers.test_closing_a_year import DECEMBER

# ── numbers of another kind, or of nobody ──


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (OFFICE, "核定 L-1008-1"),
        (OFFICE, "核定 S-1008-1 属实"),
        (OFFICE, "不予核定 A-1008-1 理由不足"),
        (OFFICE, "通过 P-1008-1"),
        (OFFICE, "退回 L-1008-1 口径不对"),
        (WATER_CLERK, "情况说明 L-1008-9 6日已报"),
        (WATER_CLERK, "情况说明 e-1008-1 6日已报"),
        (WATER_CLERK, "申诉 R-1008-1 与事实不符"),
        (WATER_CLERK, "申诉 S-1008-1 与事实不符"),
    ],
)
def test_a_number_of_another_kind_is_refused_by_its_kind(desk: Desk, proposal: str, who: str, words: str) -> None:
    """Nothing else is taken instead, and the words of a statement never swallow a number."""
    word, number, *_ = words.split()
    refused = desk.answer(who, words)

    assert isinstance(refused, RepairLine)
    assert refused.repair is Repair.OTHER_KIND_OF_NUMBER
    assert f"{number.upper()}不是“{word}”所用的编号" in as_read(refused)
    (waiting,) = (line for line in desk.answer(OFFICE, "核定").lines if line.number == proposal)
    assert waiting.statement is None


def test_a_statement_on_nobodys_number_lists_what_may_be_spoken_on(desk: Desk, proposal: str) -> None:
    shown = as_read(desk.answer(WATER_CLERK, "情况说明 P-1008-99 6日已报"))

    assert "没有待贵单位说明的P-1008-99，请核对编号。" in shown
    assert f"情况说明 {proposal} 内容" in shown


# ── 核定 with the points in words ──


@pytest.mark.parametrize("words", ["扣1分 情况属实", "扣1分，情况属实", "情况属实，扣1分", "按扣1分核定 情况属实"])
def test_other_points_than_printed_are_never_taken_for_a_reason(desk: Desk, ripe: str, words: str) -> None:
    refused = desk.answer(OFFICE, f"核定 {ripe} {words}")

    assert isinstance(refused, RepairLine)
    assert refused.repair is Repair.POINTS_NOT_AS_PRINTED
    assert "应为2分" in as_read(refused)


@pytest.mark.parametrize("words", ["扣2分 情况属实", "2分 情况属实", "扣２分，情况属实", "情况属实，扣2分"])
def test_the_printed_points_may_be_written(desk: Desk, ripe: str, words: str) -> None:
    asked = desk.answer(OFFICE, f"核定 {ripe} {words}")

    assert isinstance(asked, DecideAsk)
    assert (asked.confirm[0].points, asked.reason) == (Decimal(-2), "情况属实")


def test_an_addition_is_not_a_deduction(desk: Desk, ripe: str) -> None:
    refused = desk.answer(OFFICE, f"核定 {ripe} 加2分 情况属实")

    assert refused.repair is Repair.OTHER_WAY
    assert "该项是扣分" in as_read(refused)


@pytest.mark.parametrize("words", ["3次未报", "8:30后才到", "2010年未报"])
def test_a_reason_that_begins_with_a_number_gives_no_points(desk: Desk, ripe: str, words: str) -> None:
    assert desk.answer(OFFICE, f"核定 {ripe} {words}").reason == words


# ── a period that is not asked for yet, and how people write months ──


@pytest.mark.parametrize("words", ["9月工作计划：化解信访积案", "报送 9月份工作计划：化解信访积案", "9月份工作计划"])
def test_a_plan_for_a_month_to_come_is_told_when_it_opens(desk: Desk, words: str) -> None:
    answer = desk.answer(PLAN_CLERK, words)

    assert isinstance(answer, NotYetOpen)
    assert (answer.title, f"{answer.opens:%m-%d}") == ("9月工作计划", "09-01")
    assert "自9月1日起报送，报送截止9月5日（周日）24:00" in as_read(answer)


def test_figures_of_a_month_to_come_are_told_when_they_open(desk: Desk) -> None:
    answer = desk.answer(CLERK, "1—8月进展情况 亩均总产值90")

    assert isinstance(answer, NotYetOpen)
    assert (answer.title, f"{answer.opens:%m-%d}") == ("1—8月进展情况", "08-26")


def test_november_is_not_taken_for_january(desk: Desk) -> None:
    assert desk.answer(PLAN_CLERK, "11月工作计划：年终盘点").title == "11月工作计划"


def test_a_month_may_be_written_with_its_measure_word(desk: Desk) -> None:
    answer = desk.answer(PLAN_CLERK, "8月份工作计划：抓好信访积案化解")

    assert isinstance(answer, ReportAnswered)
    assert answer.complete


# ── nothing to write ──


def test_nothing_to_write_is_said_in_words_of_a_text(desk: Desk) -> None:
    asked = desk.answer(PLAN_CLERK, "零报告 8月工作计划 本月无新增安排")
    assert isinstance(asked, NilAsk)
    assert "本期没有可写的内容，8月工作计划作零报告" in as_read(asked)

    taken = as_read(desk.answer(PLAN_CLERK, "确认"))

    assert "更正 8月工作计划：内容" in taken
    assert "指标" not in taken


def test_nothing_this_month_is_asked_of_which_duty_and_why(desk: Desk) -> None:
    assert "零报告 8月工作计划 理由" in as_read(desk.answer(PLAN_CLERK, "本月无"))
    assert desk.answer(PLAN_CLERK, "零报告 8月工作计划").repair is Repair.REASON_OF_NIL


# ── the own place ──


@pytest.mark.parametrize("words", ["我们第几名", "本局第几位", "我们排第几名了？", "咱们单位现在第几"])
def test_the_own_place_is_asked_for_in_many_ways(desk: Desk, words: str) -> None:
    answer = desk.answer(WATER_CLERK, words)

    assert isinstance(answer, OwnRank)
    assert answer.unit == "县环保局"


# ── 交办 where no measure speaks of matters ──


def test_no_matters_in_the_measure_is_said(under: Under) -> None:
    books = shipped("sanmen-2010.yaml")
    with under(books, some_of_the_county("县环保局"), DECEMBER) as desk:
        refused = desk.answer(LEADER, "交办 县环保局 报送整治方案 12月20日前")

    assert isinstance(refused, RepairLine)
    assert refused.repair is Repair.NO_MATTERS


# ── what the signer reads ──


def test_the_parts_of_a_report_stand_in_the_measures_order() -> None:
    """A unit may write them in any order; whoever signs compares them with the measure."""
    duty = load(shipped("three-in-one.yaml")["three-in-one.yaml"], "办法.yaml").rulebook.duties[0]
    written = {"责任人员": "张三", "时间进度": "每季四分之一", "目标任务": "7.6亿元", "补充": "无"}

    assert [name for name, _ in in_order(duty, written)] == ["目标任务", "时间进度", "责任人员", "补充"]
