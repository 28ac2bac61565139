"""报送, 更正, 零报告, 撤回, 我的任务, 签发: what the units say."""

from decimal import Decimal

import pytest

from assessment.notices import (
    Cancelled,
    NilAsk,
    NoQuestion,
    NothingOwed,
    Refused,
    Repair,
    RepairLine,
    ReportAnswered,
    Signed,
    SignList,
    SignRequest,
    TaskList,
    WhichDuty,
    WithdrawAsk,
    Withdrawn,
    WithdrawRefused,
)
from assessment.notices.following_up import FollowUpList
from assessment.obligation import Bucket, State, bucket
from tests.handlers.desk import (
    ANALYST,
    CLERK,
    FOUR_FIGURES,
    HEAD,
    LEADER,
    OFFICE,
    PLAN,
    SIGNER,
    WATER_CLERK,
    Desk,
)

ANALYSIS = "运行分析\n工作落实情况：时间过半、任务过半\n存在问题：进度不平衡\n下一步措施：按月调度"


def test_the_bare_word_says_what_is_asked(desk: Desk) -> None:
    answers = desk.say(CLERK, "报送")
    titles = [answer.title for answer in answers if isinstance(answer, ReportAnswered)]

    assert titles == [
        "8月工作计划",
        "1—7月进展情况",
    ]


@pytest.mark.parametrize("word", ["报送", "上报", "填报", "交月报", "报进度"])
def test_each_word_for_reporting(desk: Desk, word: str) -> None:
    answer = desk.answer(CLERK, f"{word} {FOUR_FIGURES}")

    assert (answer.reported, answer.required, answer.complete) == (4, 4, True)


def test_what_is_certain_is_kept_and_the_rest_is_asked(desk: Desk) -> None:
    """R94: one figure is stored, the other asked about by its number."""
    answer = desk.answer(CLERK, "亩均税收3.8预测7,高新占比26%预测25%")

    assert [line.name for line in answer.lines] == ["规上亩均税收"]
    assert [doubt.number for doubt in answer.doubts] == [2]
    assert not answer.complete


@pytest.mark.parametrize(
    ("said", "forecast"), [("确认", "25"), ("改 2 预测27%", "27"), ("预测27%", "27"), ("高新占比预测27%", "27")]
)
def test_ways_to_finish_a_doubt(desk: Desk, said: str, forecast: str) -> None:
    """R68: 预测 below 完成 may be confirmed as it is, or put right."""
    desk.say(CLERK, "亩均税收3.8预测7,高新占比26%预测25%")
    answer = desk.answer(CLERK, said)

    assert [line.forecast for line in answer.lines if line.name.startswith("高新")] == [Decimal(forecast)]


def test_taking_only_what_is_named_leaves_the_rest_owed(desk: Desk) -> None:
    """只收 takes what it names; what it does not name is still owed, and nothing waits for an answer."""
    desk.say(CLERK, "亩均税收3.8预测2,高新占比26%预测25%")
    answer = desk.answer(CLERK, "只收 1")

    assert [line.name for line in answer.lines] == ["规上亩均税收"]
    assert "高新技术产业总产值占比" in answer.owed
    assert isinstance(desk.answer(CLERK, "确认"), NoQuestion)


def test_a_number_that_was_not_asked_about(desk: Desk) -> None:
    desk.say(CLERK, "亩均税收3.8预测7,高新占比26%预测25%")

    answer = desk.answer(CLERK, "只收 9")
    assert (answer.repair, answer.facts) == (Repair.NO_SUCH_ITEM, {"numbers": "9", "asked": "1、2"})
    assert isinstance(desk.answer(CLERK, "确认"), ReportAnswered)


def test_dropping_a_doubt_keeps_what_was_stored(desk: Desk) -> None:
    desk.say(CLERK, "亩均税收3.8预测7,高新占比26%预测25%")

    assert isinstance(desk.answer(CLERK, "取消"), Cancelled)
    assert "规上亩均税收" not in desk.answer(CLERK, "报送 能耗1.06预测0.78").owed


@pytest.mark.parametrize("word", ["更正", "修改", "补充"])
def test_amending_keeps_the_first_stamp(desk: Desk, word: str) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    (before,) = desk.rows("县经贸局", "1—7月进展")
    desk.pass_minutes(3 * 24 * 60)

    answer = desk.answer(CLERK, f"{word} 亩均税收3.9预测7")
    (after,) = desk.rows("县经贸局", "1—7月进展")

    assert [(change.old, change.new) for change in answer.changes] == [(Decimal("3.8"), Decimal("3.9"))]
    assert (after.reported_at, after.state) == (before.reported_at, State.MET.value)
    assert after.facts().on_time


def test_an_indicator_of_another_unit_is_named_with_its_owner(desk: Desk) -> None:
    """R93: 破案率 is not 县经贸局's to report."""
    answer = desk.answer(CLERK, "报送 亩均税收3.8预测7 破案率54.63%")

    assert [(foreign.name, foreign.owners) for foreign in answer.foreign] == [("刑事案件破案率", ("县公安局",))]


def test_a_period_that_nobody_asked_for(desk: Desk) -> None:
    answer = desk.answer(CLERK, "报送 3月亩均税收3.8预测7")

    assert isinstance(answer, RepairLine)
    assert (answer.repair, answer.facts) == (Repair.PERIOD_NOT_ASKED, {"period": "3月"})
    assert all(row.reported_at is None for row in desk.rows("县经贸局"))


def test_one_free_text(desk: Desk) -> None:
    answer = desk.answer(CLERK, PLAN)

    assert (answer.title, answer.parts, answer.complete) == ("8月工作计划", ("工作计划",), True)


def test_a_text_that_fits_several_duties_is_asked(desk: Desk) -> None:
    answer = desk.answer(ANALYST, "报送 已经办好")

    assert isinstance(answer, WhichDuty)
    assert {"1—7月进展情况", "上半年运行分析"} <= {choice.title for choice in answer.choices}


# ── 零报告 ──


@pytest.mark.parametrize("word", ["零报告", "本月无进展"])
def test_a_nil_report_has_a_reason_and_is_confirmed(desk: Desk, word: str) -> None:
    asked = desk.answer(CLERK, f"{word} 8月工作计划 本月未安排")
    assert isinstance(asked, NilAsk)
    assert asked.reason == "本月未安排"

    desk.say(CLERK, "确认")
    (row,) = desk.rows("县经贸局", "8月工作计划")

    assert bucket(row.facts(), desk.clock.now()) is Bucket.NIL


def test_a_nil_report_without_a_reason(desk: Desk) -> None:
    answer = desk.answer(CLERK, "零报告 8月工作计划")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.REASON_OF_NIL


def test_a_nil_report_for_one_of_several_duties(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "零报告 没有进展"), WhichDuty)


def test_a_nil_report_dropped(desk: Desk) -> None:
    desk.say(CLERK, "零报告 8月工作计划 本月未安排")

    assert isinstance(desk.answer(CLERK, "取消"), Cancelled)
    assert all(row.reported_at is None for row in desk.rows("县经贸局"))


# ── 撤回 ──


@pytest.mark.parametrize("word", ["撤回", "撤销"])
def test_taking_back_opens_a_new_round(desk: Desk, word: str) -> None:
    desk.say(CLERK, PLAN)

    assert isinstance(desk.answer(CLERK, word), WithdrawAsk)
    assert isinstance(desk.answer(CLERK, "确认"), Withdrawn)

    (row,) = desk.rows("县经贸局", "8月工作计划")
    assert (row.state, row.round) == (State.OPEN.value, 2)


@pytest.mark.parametrize("form", ["{0}", "{1}"])
def test_taking_back_by_number(desk: Desk, form: str) -> None:
    number = desk.answer(CLERK, PLAN).number
    desk.say(CLERK, FOUR_FIGURES)

    asked = desk.answer(CLERK, "撤回 " + form.format(number, number.rsplit("-", 1)[1]))

    assert (asked.title, asked.number) == ("8月工作计划", number)


def test_nothing_to_take_back(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "撤回"), WithdrawRefused)
    assert isinstance(desk.answer(CLERK, "撤回 R-1008-99"), WithdrawRefused)


def test_what_was_reviewed_is_not_taken_back(desk: Desk) -> None:
    desk.say(ANALYST, ANALYSIS)
    desk.say(SIGNER, "签发")
    desk.say(OFFICE, "通过")
    desk.say(OFFICE, "确认")

    assert isinstance(desk.answer(ANALYST, "撤回"), WithdrawRefused)


# ── 我的任务 ──


@pytest.mark.parametrize("word", ["我的任务", "待办", "还要报什么"])
def test_what_is_open_by_due_time(desk: Desk, word: str) -> None:
    answer = desk.answer(CLERK, word)

    assert isinstance(answer, TaskList)
    assert [line.due for line in answer.lines] == sorted(line.due for line in answer.lines)
    assert answer.lines[1].owed == (
        "万元工业增加值能耗",
        "规上亩均工业总产值",
        "规上亩均税收",
        "高新技术产业总产值占比",
    )


def test_tasks_name_only_what_is_missing(desk: Desk) -> None:
    desk.say(CLERK, "亩均税收3.8预测7")

    assert "规上亩均税收" not in desk.answer(CLERK, "我的任务").lines[1].owed


def test_whoever_has_no_duties_has_no_tasks(desk: Desk) -> None:
    assert isinstance(desk.answer(LEADER, "我的任务"), Refused)


def test_the_office_has_tasks_of_its_own(desk: Desk) -> None:
    """R63: 待办 of the office is what follows from the year's results, one list for what there is."""
    answer = desk.answer(OFFICE, "待办")

    assert isinstance(answer, FollowUpList)
    assert answer.lines == ()


# ── 签发 ──


def test_a_report_counts_when_it_is_signed(desk: Desk) -> None:
    answer = desk.answer(ANALYST, ANALYSIS)
    (unsigned,) = desk.rows("县发改局", "运行分析")

    assert answer.signer is not None
    assert (unsigned.state, unsigned.reported_at) == (State.UNSIGNED.value, None)
    assert any(isinstance(notice, SignRequest) for notice in desk.told(SIGNER))

    desk.pass_minutes(30)
    signed = desk.answer(SIGNER, "签发")
    (row,) = desk.rows("县发改局", "运行分析")

    assert isinstance(signed, Signed)
    assert (row.state, row.reported_at) == (State.REVIEW.value, desk.clock.now())
    assert any(isinstance(notice, Signed) for notice in desk.told(ANALYST))


def test_signing_by_number(desk: Desk) -> None:
    number = desk.answer(ANALYST, ANALYSIS).number

    assert desk.answer(SIGNER, "签发 R-1008-99") == SignList(titles=())
    assert isinstance(desk.answer(SIGNER, f"同意上报 {number}"), Signed)


def test_nothing_awaits_the_signature(desk: Desk) -> None:
    assert desk.answer(HEAD, "签发") == SignList(titles=())


@pytest.mark.parametrize("who", [ANALYST, OFFICE, WATER_CLERK, HEAD])
def test_nobody_else_signs(desk: Desk, who: str) -> None:
    desk.say(ANALYST, ANALYSIS)
    desk.say(who, "签发")

    (row,) = desk.rows("县发改局", "运行分析")
    assert row.state == State.UNSIGNED.value


@pytest.mark.parametrize("text", ["报送", "报送 亩均税收3.8", "零报告 没有进展", "撤回", "办结", "情况说明 已送达"])
def test_whoever_reports_for_no_unit_is_refused_and_recorded(desk: Desk, text: str) -> None:
    answer = desk.answer(OFFICE, text)

    assert isinstance(answer, Refused)
    assert not desk.audited()[0].allowed


def test_nothing_owed(desk: Desk) -> None:
    """督查室 is asked for nothing, its office has no clerk; 县经贸局 is through when all is in."""
    for text in (FOUR_FIGURES, FOUR_FIGURES.replace("85", "95"), PLAN):
        desk.say(CLERK, text)
    desk.say(CLERK, "报送 1—8月亩均总产值95预测155,亩均税收4.8预测7,能耗1.06预测0.78,高新占比26%预测27%")

    assert isinstance(desk.answer(CLERK, "报送"), NothingOwed)
