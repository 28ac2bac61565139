"""待审, 通过, 退回, 谁没报, 催报, 交办, 办结, 销号: what the office and the leaders say."""

import pytest

from assessment.notices import (
    Board,
    Cancelled,
    EnterAsk,
    EnteredFor,
    MatterAsk,
    MatterAssigned,
    MatterClosed,
    MatterReported,
    MatterTold,
    NothingOwed,
    Notice,
    Refused,
    RepairLine,
    Reviewed,
    ReviewList,
    SentBack,
    UrgeAsk,
    UrgeDone,
    Urging,
    WhichDuty,
)
from assessment.obligation import State
from bot.cards import card_for
from bot.county import ZONE
from tests.handlers.desk import (
    ANALYST,
    CLERK,
    FOUR_FIGURES,
    IN_CHARGE,
    LEADER,
    MATTER,
    OFFICE,
    OFFICE_TWO,
    OTHER_IN_CHARGE,
    SIGNER,
    START,
    WATER_CLERK,
    Desk,
)
from tests.handlers.test_reporting_words import ANALYSIS


def read(notice: Notice) -> str:
    """What a person reads."""
    return card_for(notice, ZONE).text()


@pytest.fixture
def waiting(desk: Desk) -> str:
    """A signed analysis that awaits its review: its number."""
    number: str = desk.answer(ANALYST, ANALYSIS).number
    desk.say(SIGNER, "签发")
    return number


# ── 待审, 通过, 退回 ──


@pytest.mark.parametrize("word", ["待审", "审核"])
def test_what_lies_with_the_office(desk: Desk, waiting: str, word: str) -> None:
    (line,) = desk.answer(OFFICE, word).lines

    assert (line.number, line.unit, line.on_time) == (waiting, "县发改局", True)


def test_nothing_to_review(desk: Desk) -> None:
    assert desk.answer(OFFICE, "待审").lines == ()


@pytest.mark.parametrize("typed", ["通过", "同意", "通过 {number}", "通过{number}", "同意 {short}", "通过 全部"])
def test_passing(desk: Desk, waiting: str, typed: str) -> None:
    asked = desk.answer(OFFICE, typed.format(number=waiting, short=waiting.rsplit("-", 1)[1]))
    assert isinstance(asked, ReviewList)

    done = desk.answer(OFFICE, "确认")
    (row,) = desk.rows("县发改局", "运行分析")

    assert isinstance(done, Reviewed)
    assert (done.number, row.state) == (waiting, State.MET.value)


def test_a_second_reviewer_comes_too_late(desk: Desk, waiting: str) -> None:
    desk.say(OFFICE, "通过")
    desk.say(OFFICE_TWO, f"退回 {waiting} 数据不实")
    desk.say(OFFICE, "确认")
    desk.say(OFFICE, "取消")
    again = desk.answer(OFFICE_TWO, "通过")

    assert isinstance(again, RepairLine)


def test_a_report_passed_twice_is_passed_once(desk: Desk, waiting: str) -> None:
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, f"通过 {waiting}")
    first, second = desk.answer(OFFICE, "确认"), desk.answer(OFFICE_TWO, "确认")

    assert isinstance(first, Reviewed)
    assert isinstance(second, RepairLine)


@pytest.mark.parametrize("word", ["退回", "打回"])
def test_sending_back_says_why_and_keeps_the_first_stamp(desk: Desk, waiting: str, word: str) -> None:
    (before,) = desk.rows("县发改局", "运行分析")
    asked = desk.answer(OFFICE, f"{word} {waiting} 缺少数据支撑")
    assert asked.reason == "缺少数据支撑"

    desk.say(OFFICE, "确认")
    (row,) = desk.rows("县发改局", "运行分析")
    (told,) = [notice for notice in desk.told(ANALYST) if isinstance(notice, SentBack)]

    assert (row.state, row.round, row.reported_at) == (State.OPEN.value, 2, before.reported_at)
    assert (told.reason, told.on_time) == ("缺少数据支撑", True)


def test_sending_back_without_a_reason(desk: Desk, waiting: str) -> None:
    """R14: no return without saying what to mend."""
    answer = desk.answer(OFFICE, f"退回 {waiting}")

    assert isinstance(answer, RepairLine)
    assert f"退回 {waiting} 理由" in read(answer)


@pytest.mark.parametrize("text", ["通过 R-1008-99", "退回 R-1008-99 理由", "通过", "退回 理由"])
def test_no_such_report(desk: Desk, text: str) -> None:
    assert isinstance(desk.answer(OFFICE, text), RepairLine)


def test_a_review_dropped(desk: Desk, waiting: str) -> None:
    desk.say(OFFICE, "通过")

    assert isinstance(desk.answer(OFFICE, "取消"), Cancelled)
    assert desk.rows("县发改局", "运行分析")[0].state == State.REVIEW.value


@pytest.mark.parametrize("text", ["待审", "通过", "退回 R-1008-1 理由"])
@pytest.mark.parametrize("who", [ANALYST, SIGNER, LEADER, IN_CHARGE])
def test_reviewing_is_the_offices(desk: Desk, waiting: str, who: str, text: str) -> None:
    assert isinstance(desk.answer(who, text), Refused)


# ── 谁没报, 催报 ──


@pytest.mark.parametrize("word", ["谁没报", "未报", "缺报", "还有谁没交"])
def test_every_unit_stands_in_one_bucket(desk: Desk, word: str) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    board = desk.answer(OFFICE, f"{word} 1—7月进展情况")
    units = [unit for row in board.rows for unit in row.units]

    assert len(units) == len(set(units)) == board.total == 13
    assert "县经贸局" in next(row.units for row in board.rows if row.bucket == "按时")


def test_each_duty_has_its_board(desk: Desk) -> None:
    boards = desk.say(OFFICE, "谁没报")

    assert all(isinstance(board, Board) for board in boards)
    assert {board.title for board in boards if isinstance(board, Board)} >= {"8月工作计划", "1—7月进展情况"}


def test_a_leader_in_charge_sees_the_own_units(desk: Desk) -> None:
    seen = {
        who: {unit for row in desk.answer(who, "谁没报 进展情况").rows for unit in row.units}
        for who in (IN_CHARGE, OTHER_IN_CHARGE, LEADER)
    }

    assert "县经贸局" in seen[IN_CHARGE]
    assert not seen[IN_CHARGE] & seen[OTHER_IN_CHARGE]
    assert seen[IN_CHARGE] | seen[OTHER_IN_CHARGE] == seen[LEADER]


def test_a_clerk_sees_nobody_elses_state(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "谁没报"), Refused)


def test_a_board_of_nothing(desk: Desk) -> None:
    (answer,) = desk.say(OFFICE, "谁没报 没有这项任务")

    assert not isinstance(answer, Board)


@pytest.mark.parametrize("word", ["催报", "催办", "提醒未报"])
def test_urging_exactly_those_who_owe(desk: Desk, word: str) -> None:
    """R98: thirteen owe it, one has reported; twelve are urged."""
    desk.say(CLERK, FOUR_FIGURES)
    desk.wind(8, 6, 8, 0)

    asked = desk.answer(OFFICE, f"{word} 进展情况")
    assert isinstance(asked, UrgeAsk)
    assert len(asked.units) == 12
    assert "县经贸局" not in asked.units

    done = desk.answer(OFFICE, "确认")
    assert isinstance(done, UrgeDone)
    assert done.sent == asked.units
    assert not any(isinstance(notice, Urging) for notice in desk.told(CLERK))
    assert any(isinstance(notice, Urging) for notice in desk.told(WATER_CLERK))


def test_whoever_reports_before_the_confirmation_is_left_alone(desk: Desk) -> None:
    """R98: reported between 催报 and 确认."""
    desk.wind(8, 6, 8, 0)
    desk.say(OFFICE, "催报 进展情况")
    desk.say(CLERK, FOUR_FIGURES)

    done = desk.answer(OFFICE, "确认")

    assert done.skipped == ("县经贸局",)
    assert "县经贸局" not in done.sent


def test_nobody_to_urge(desk: Desk) -> None:
    assert desk.answer(OFFICE, "催报").sent == ()


@pytest.mark.parametrize("who", [CLERK, LEADER, IN_CHARGE])
def test_urging_is_the_offices(desk: Desk, who: str) -> None:
    assert isinstance(desk.answer(who, "催报"), Refused)


# ── 交办, 办结, 销号 ──


def test_a_matter_from_beginning_to_end(desk: Desk) -> None:
    asked = desk.answer(LEADER, MATTER + " 协办 县农办")
    assert isinstance(asked, MatterAsk)
    assert (asked.lead, asked.co, asked.title) == ("县环保局", ("县农办",), "报送水环境整治方案")

    assigned = desk.answer(LEADER, "确认")
    assert isinstance(assigned, MatterAssigned)
    (told,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, MatterTold)]
    assert told.share == "主办"

    reported = desk.answer(WATER_CLERK, f"办结 {assigned.number} 方案已报县府办")
    assert isinstance(reported, MatterReported)
    assert (reported.text, reported.on_time) == ("方案已报县府办", True)

    asked = desk.answer(OFFICE, f"销号 {assigned.number}")
    assert isinstance(asked, ReviewList)
    assert (asked.ask, [line.number for line in asked.lines]) == ("销号", [assigned.number])
    assert "办理情况：\n│ 方案已报县府办" in read(asked)
    closed = desk.answer(OFFICE, "确认")
    assert isinstance(closed, MatterClosed)
    assert desk.rows("县环保局", "整治方案")[0].state == State.MET.value
    assert desk.rows("县农办", "整治方案")[0].state == State.OPEN.value


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("交办", "单位"),
        ("交办 火星局 报送方案 8月6日前 类别 县主要领导交办", "单位"),
        ("交办 县环保局 报送方案 类别 县主要领导交办", "时限"),
        ("交办 县环保局 报送方案 2月30日前 类别 县主要领导交办", "时限"),
        ("交办 县环保局 8月6日前 类别 县主要领导交办", "写明交办事项"),
        ("交办 县环保局 报送方案 8月6日前", "类别"),
    ],
)
def test_a_piece_that_is_missing_is_asked_for(desk: Desk, text: str, missing: str) -> None:
    answer = desk.answer(LEADER, text)

    assert isinstance(answer, RepairLine)
    assert missing in read(answer)


def test_a_matter_dropped(desk: Desk) -> None:
    desk.say(LEADER, MATTER)

    assert isinstance(desk.answer(LEADER, "取消"), Cancelled)
    assert desk.rows("县环保局", "整治方案") == []


def test_several_matters_are_told_apart_by_number(desk: Desk) -> None:
    numbers = []
    for title in ("报送水环境整治方案", "报送断面监测方案"):
        desk.say(LEADER, MATTER.replace("报送水环境整治方案", title))
        numbers.append(desk.answer(LEADER, "确认").number)

    assert isinstance(desk.answer(WATER_CLERK, "办结 已完成"), WhichDuty)
    assert desk.answer(WATER_CLERK, f"办结 {numbers[1].lower()} 已完成").number == numbers[1]


def test_nothing_to_report_done_and_nothing_to_close(desk: Desk) -> None:
    assert isinstance(desk.answer(WATER_CLERK, "办结"), NothingOwed)
    assert isinstance(desk.answer(OFFICE, "销号"), RepairLine)


def test_who_may_assign_and_close(desk: Desk) -> None:
    for who in (CLERK, IN_CHARGE, SIGNER):
        assert isinstance(desk.answer(who, MATTER), Refused)
    for who in (CLERK, LEADER, IN_CHARGE):
        assert isinstance(desk.answer(who, "销号"), Refused)


# ── 代录 ──

BY_TELEPHONE = "代录 县经贸局 8月4日8:30 电话 " + FOUR_FIGURES


@pytest.mark.parametrize("word", ["代录", "补录"])
def test_what_came_by_telephone_counts_from_when_it_came(desk: Desk, word: str) -> None:
    asked = desk.answer(OFFICE, BY_TELEPHONE.replace("代录", word))
    assert isinstance(asked, EnterAsk)
    assert (asked.unit, asked.way, len(asked.lines)) == ("县经贸局", "电话", 4)

    assert isinstance(desk.answer(OFFICE, "确认"), EnteredFor)
    (row,) = desk.rows("县经贸局", "1—7月进展")
    assert (row.state, row.reported_at) == (State.MET.value, START.replace(hour=8, minute=30))
    assert any(isinstance(notice, EnteredFor) for notice in desk.told(CLERK))


@pytest.mark.parametrize(
    ("piece", "without"), [("县经贸局", "单位"), ("8月4日8:30", "时间"), ("电话", "方式"), (FOUR_FIGURES, "内容")]
)
def test_a_piece_that_is_missing_in_what_the_office_enters(desk: Desk, piece: str, without: str) -> None:
    answer = desk.answer(OFFICE, BY_TELEPHONE.replace(piece, ""))

    assert isinstance(answer, RepairLine)
    assert without in read(answer)
    assert all(row.reported_at is None for row in desk.rows("县经贸局"))


def test_what_is_doubtful_is_not_entered(desk: Desk) -> None:
    assert isinstance(desk.answer(OFFICE, BY_TELEPHONE.replace("预测27%", "预测25%")), RepairLine)


def test_a_time_that_has_not_come(desk: Desk) -> None:
    assert isinstance(desk.answer(OFFICE, BY_TELEPHONE.replace("8:30", "23:30")), RepairLine)


def test_entering_for_a_unit_is_the_offices(desk: Desk) -> None:
    for who in (WATER_CLERK, LEADER, IN_CHARGE):
        answers = desk.say(who, BY_TELEPHONE)
        assert not any(isinstance(answer, EnterAsk) for answer in answers)
        desk.say(who, "确认")
    assert all(row.reported_at is None for row in desk.rows("县经贸局"))
