"""Which duty, which unit, which report: what is typed is taken for what it is meant, or what to type is said."""

from datetime import datetime, timedelta

import pytest

from assessment.notices import (
    EnterAsk,
    NilAsk,
    NotUnderstood,
    OwnedElsewhere,
    Repair,
    RepairLine,
    ReportAnswered,
    WhichDuty,
    WithdrawAsk,
)
from bot.cards import card_of
from bot.county import ZONE
from tests.handlers.desk import (
    ANALYST,
    CLERK,
    FOUR_FIGURES,
    OFFICE,
    PLAN,
    START,
    WATER_CLERK,
    Desk,
)

STATISTICS = "tongji-jiang"  # 县统计局, which reports no figures
FILLED_IN = {"指标 数值": "城镇收入8000预测20000", "内容": "已经办好", "理由": "本月未安排"}


def lines_to_type(answer: WhichDuty) -> list[str]:
    """The lines of the question that may be typed, filled in."""
    *lines, _how = card_of(answer, ZONE).lines
    for place, words in FILLED_IN.items():
        lines = [line.replace(place, words) for line in lines]
    return lines


# ── 哪一项 ──


def test_each_line_of_the_question_is_a_whole_report(desk: Desk) -> None:
    asked = desk.answer(ANALYST, "报送 已经办好")
    assert isinstance(asked, WhichDuty)

    for line, choice in zip(lines_to_type(asked), asked.choices, strict=True):
        taken = desk.answer(ANALYST, line)
        assert (taken.title, taken.leftover) == (choice.title, "")
        assert taken.number is not None


def test_what_to_type_is_written_out(desk: Desk) -> None:
    card = card_of(desk.answer(ANALYST, "报送 已经办好"), ZONE)

    assert set(card.lines) >= {"1—7月进展情况：指标 数值", "上半年运行分析 工作落实情况：内容"}


def test_each_line_of_the_question_about_nil_is_a_whole_command(desk: Desk) -> None:
    asked = desk.answer(CLERK, "零报告")

    for line, choice in zip(lines_to_type(asked), asked.choices, strict=True):
        ask = desk.answer(CLERK, line)
        assert isinstance(ask, NilAsk)
        assert (ask.title, ask.reason) == (choice.title, "本月未安排")


def test_a_free_text_is_shown_with_its_name(desk: Desk) -> None:
    asked = desk.answer(STATISTICS, "报送 已经办好")

    (line,) = lines_to_type(asked)
    assert line == "8月工作计划：已经办好"
    assert desk.answer(STATISTICS, line).number is not None


@pytest.mark.parametrize("heading", ["1—7月进展情况：", "1—7月进展情况\n", "进展情况 ", "县经贸局1—7月进展情况："])
def test_a_heading_is_no_content(desk: Desk, heading: str) -> None:
    answer = desk.answer(CLERK, heading + FOUR_FIGURES)

    assert (answer.title, answer.complete, answer.leftover) == ("1—7月进展情况", True, "")


# ── 本单位名称 ──


@pytest.mark.parametrize(
    "text",
    [
        "县环保局水环境完成50%预测50%",
        "环保局水环境完成50%预测50%",
        "环保局：水环境完成50%预测50%",
        "领导好，县环保局 水环境完成50%预测50%",
        "县环保局1—7月水环境完成50%预测50%",
    ],
)
def test_the_own_unit_s_name_before_a_figure_says_nothing_new(desk: Desk, text: str) -> None:
    answer = desk.answer(WATER_CLERK, text)

    assert [(line.name, line.written_as) for line in answer.lines] == [("水环境出境断面指标率", None)]
    assert answer.leftover == ""
    assert answer.doubts == ()


def test_another_unit_s_name_is_still_not_understood(desk: Desk) -> None:
    assert "县财政局" in desk.answer(WATER_CLERK, "县财政局，水环境完成50%预测50%").leftover


def test_the_own_unit_s_name_before_a_plan(desk: Desk) -> None:
    answer = desk.answer(CLERK, "县经贸局" + PLAN)

    assert (answer.title, answer.complete) == ("8月工作计划", True)


# ── 别的单位的指标 ──


@pytest.mark.parametrize("text", ["破案率54.63%", "报送 破案率54.63%预测64.63%", "更正 破案率 54.63%"])
def test_a_clerk_without_figures_learns_whose_indicator_it_is(desk: Desk, text: str) -> None:
    before = [row.model_dump() for row in desk.rows("县统计局")]

    answer = desk.answer(STATISTICS, text)

    assert isinstance(answer, OwnedElsewhere)
    assert [(line.name, line.owners) for line in answer.foreign] == [("刑事案件破案率", ("县公安局",))]
    assert "54" not in card_of(answer, ZONE).text()
    assert [row.model_dump() for row in desk.rows("县统计局")] == before


def test_so_does_a_clerk_who_has_reported_everything(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)

    assert isinstance(desk.answer(CLERK, "破案率54.63%"), OwnedElsewhere)


def test_a_plan_may_speak_of_another_unit_s_indicator(desk: Desk) -> None:
    assert desk.answer(STATISTICS, "8月工作计划：配合公安局做好破案率60%的测评").parts == ("工作计划",)


def test_an_indicator_without_a_figure_is_no_report(desk: Desk) -> None:
    assert isinstance(desk.answer(STATISTICS, "破案率"), NotUnderstood)


def test_whoever_reports_for_nobody_is_told_nothing(desk: Desk) -> None:
    assert not isinstance(desk.answer(OFFICE, "破案率54.63%"), OwnedElsewhere)


# ── 撤回哪一份 ──


@pytest.mark.parametrize("order", [(PLAN, FOUR_FIGURES), (FOUR_FIGURES, PLAN)])
def test_of_two_reports_sent_at_one_time_the_one_recorded_last_is_taken_back(
    desk: Desk, order: tuple[str, str]
) -> None:
    answers = [desk.answer(CLERK, text) for text in order]

    asked = desk.answer(CLERK, "撤回")

    assert isinstance(asked, WithdrawAsk)
    assert (asked.title, asked.number) == (answers[1].title, answers[1].number)


def test_an_earlier_message_that_came_later_is_not_the_newest_report(desk: Desk) -> None:
    """R97: the order in which messages arrive does not say which is the newest."""
    plan = desk.answer(CLERK, PLAN)
    desk.say(CLERK, FOUR_FIGURES, sent_at=START - timedelta(hours=1))

    assert desk.answer(CLERK, "撤回").number == plan.number


# ── 代录的日期 ──


def entered(desk: Desk, at: datetime, written: str) -> EnterAsk | RepairLine:
    """The answer to 代录 of something received at a time as `written`."""
    desk.clock.wind_to(at)
    answer: EnterAsk | RepairLine = desk.answer(OFFICE, f"代录 县经贸局 {written} 电话 {FOUR_FIGURES}")
    return answer


@pytest.mark.parametrize(
    ("written", "received"),
    [
        ("12月31日16:30", datetime(2010, 12, 31, 16, 30, tzinfo=ZONE)),
        ("10月8日9:00", datetime(2010, 10, 8, 9, 0, tzinfo=ZONE)),
        ("1月4日9:00", datetime(2011, 1, 4, 9, 0, tzinfo=ZONE)),
        ("2010年8月4日9:00", datetime(2010, 8, 4, 9, 0, tzinfo=ZONE)),
    ],
)
def test_in_january_a_day_of_december_is_last_year_s(desk: Desk, written: str, received: datetime) -> None:
    asked = entered(desk, datetime(2011, 1, 5, 10, tzinfo=ZONE), written)

    assert isinstance(asked, EnterAsk)
    assert asked.at == received


@pytest.mark.parametrize("written", ["1月6日9:00", "1月5日23:00", "8月4日9:00", "2月30日9:00", "2011年12月31日16:30"])
def test_a_day_that_may_be_either_year_s_or_none_is_not_guessed(desk: Desk, written: str) -> None:
    refused = entered(desk, datetime(2011, 1, 5, 10, tzinfo=ZONE), written)

    assert isinstance(refused, RepairLine)
    assert refused.repair is Repair.ENTER_OTHER_TIME


def test_in_august_tomorrow_is_a_slip_and_not_a_year_ago(desk: Desk) -> None:
    refused = entered(desk, START, "8月5日9:00")

    assert isinstance(refused, RepairLine)


# ── 更正到何时 ──


@pytest.mark.parametrize(
    ("who", "text", "until"), [(CLERK, PLAN, "结算前"), (ANALYST, "运行分析\n存在问题：慢", "审核前")]
)
def test_the_receipt_says_until_when_it_may_be_corrected(desk: Desk, who: str, text: str, until: str) -> None:
    answer = desk.answer(who, text)
    card = card_of(answer, ZONE)

    assert isinstance(answer, ReportAnswered)
    assert card.text().count("可更正") == 1
    assert f"{until}可更正，请回复" in card.note


def test_a_report_sent_back_whole_is_corrected_and_not_declared_nil(desk: Desk) -> None:
    told = desk.answer(CLERK, FOUR_FIGURES)
    desk.answer(OFFICE, f"退回 {told.number} 口径不符")
    desk.answer(OFFICE, "确认")

    answer = desk.answer(CLERK, "零报告 1—7月进展情况 没有开展")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.NIL_BESIDE_FIGURES
