"""销号 and 退回 between the question and its 确认, matters by their numbers, and matters of which nobody hears."""

from datetime import date, timedelta

import pytest

from assessment.notices import (
    Board,
    MatterAsk,
    MatterAssigned,
    MatterReported,
    Notice,
    Reminder,
    Repair,
    RepairLine,
    Reviewed,
    ReviewList,
    SentBack,
    Signed,
    TaskList,
    Urging,
    WhichDuty,
    Withdrawn,
)
from assessment.obligation import State
from assessment.roster import Role
from bot.cards import card_for
from bot.county import ZONE
from storage import roster
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import (
    ANALYST,
    CLERK,
    FOUR_FIGURES,
    IN_CHARGE,
    LEADER,
    MATTER,
    OFFICE,
    SIGNER,
    START,
    WATER_CLERK,
    Desk,
)
from tests.handlers.test_reporting_words import ANALYSIS

TITLE = "报送水环境整治方案"


def read(notice: Notice) -> str:
    """What a person reads."""
    return card_for(notice, ZONE).text()


@pytest.fixture
def waiting(desk: Desk) -> str:
    """A signed analysis that awaits its review: its number."""
    number: str = desk.answer(ANALYST, ANALYSIS).number
    desk.say(SIGNER, "签发")
    return number


@pytest.fixture
def done(desk: Desk) -> str:
    """A matter that its unit has reported done: its number."""
    desk.say(LEADER, MATTER)
    number: str = desk.answer(LEADER, "确认").number
    desk.say(WATER_CLERK, f"办结 {number} 方案已报")
    return number


# ── 销号 ──


def test_closing_is_asked_for_and_can_be_dropped(desk: Desk, done: str) -> None:
    asked = desk.answer(OFFICE, "销号")

    assert isinstance(asked, ReviewList)
    assert desk.rows("县环保局", TITLE)[0].state == State.REVIEW.value
    desk.say(OFFICE, "取消")
    assert desk.rows("县环保局", TITLE)[0].state == State.REVIEW.value


def test_a_matter_under_review_is_listed_by_its_own_number_and_word(desk: Desk, done: str) -> None:
    (line,) = desk.answer(OFFICE, "待审").lines

    assert (line.number, line.matter, line.parts) == (done, True, (("工作落实情况", "方案已报"),))
    shown = read(ReviewList(lines=(line,)))
    assert f"销号请回复“销号 {done}”，退回请回复“退回 {done} 理由”" in shown
    assert "通过 R-" not in shown


def test_a_report_and_a_matter_each_have_their_word(desk: Desk, done: str, waiting: str) -> None:
    shown = read(desk.answer(OFFICE, "待审"))

    assert f"“通过 {waiting}”" in shown
    assert f"“销号 {done}”" in shown


@pytest.mark.parametrize("word", ["退回", "打回"])
def test_a_matter_is_sent_back_by_its_number(desk: Desk, done: str, word: str) -> None:
    asked = desk.answer(OFFICE, f"{word} {done} 材料不实")
    assert (asked.ask, asked.reason) == ("退回", "材料不实")

    assert isinstance(desk.answer(OFFICE, "确认"), Reviewed)
    assert desk.rows("县环保局", TITLE)[0].state == State.OPEN.value


def test_shares_of_one_matter_are_told_apart(desk: Desk) -> None:
    """One number, two units: 销号 shows both, 退回 asks which, and what it lists can be typed."""
    desk.say(LEADER, f"{MATTER} 协办 县农办")
    number = desk.answer(LEADER, "确认").number
    for who in (WATER_CLERK, "nongban-tian"):
        desk.say(who, f"办结 {number} 已完成")
    assert len(desk.answer(OFFICE, f"销号 {number}").lines) == 2
    desk.say(OFFICE, "取消")

    which = desk.answer(OFFICE, f"退回 {number} 材料不实")
    assert isinstance(which, WhichDuty)
    line = next(title for title in which.titles if "县农办" in title)
    asked = desk.answer(OFFICE, f"{line} 材料不实")

    assert ([found.unit for found in asked.lines], asked.reason) == (["县农办"], "材料不实")


@pytest.mark.parametrize("word", ["通过", "退回"])
def test_several_reports_are_listed_with_what_to_type(desk: Desk, waiting: str, done: str, word: str) -> None:
    which = desk.answer(OFFICE, word)
    assert isinstance(which, WhichDuty)
    settled = {"通过": "销号"}.get(word, word)

    assert {title.split(" 县")[0] for title in which.titles} == {f"{word} {waiting}", f"{settled} {done}"}
    for title in which.titles:
        assert isinstance(desk.answer(OFFICE, f"{title} 理由"), ReviewList)


# ── a matter's number ──


def test_the_number_stands_in_tasks_and_reminders(desk: Desk) -> None:
    desk.say(LEADER, MATTER)
    number = desk.answer(LEADER, "确认").number

    tasks = desk.answer(WATER_CLERK, "我的任务")
    assert isinstance(tasks, TaskList)
    assert next(line.number for line in tasks.lines if line.title == TITLE) == number
    assert f"办结 {number} 办理情况" in read(tasks)
    desk.wind(8, 9, 9, 30)
    told = [read(n) for n in desk.told(WATER_CLERK) if isinstance(n, Reminder | Urging)]
    assert any(f"交办事项{number}“{TITLE}”" in text for text in told)
    assert any(f"办结 {number} 办理情况" in text for text in told)


def test_the_title_that_was_offered_is_no_part_of_what_was_done(desk: Desk) -> None:
    for title in (TITLE, "报送断面监测方案"):
        desk.say(LEADER, MATTER.replace(TITLE, title))
        desk.say(LEADER, "确认")

    which = desk.answer(WATER_CLERK, "办结 已完成")
    reported = desk.answer(WATER_CLERK, f"{which.titles[0]} 已完成")

    assert isinstance(reported, MatterReported)
    assert reported.text == "已完成"


# ── confirmed late ──


def test_a_return_confirmed_after_an_amendment_returns_nothing(desk: Desk, waiting: str) -> None:
    desk.say(OFFICE, f"退回 {waiting} 缺少数据")
    desk.say(ANALYST, "更正 " + ANALYSIS.replace("过半", "过半，数据已补"))
    desk.say(SIGNER, "签发")

    answer = desk.answer(OFFICE, "确认")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.CHANGED_MEANWHILE
    assert desk.rows("县发改局", "运行分析")[0].state == State.REVIEW.value


def test_a_withdrawal_confirmed_after_a_newer_report_takes_nothing_back(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    desk.say(CLERK, "撤回")
    # Another of the unit's people amends before the first confirms.
    desk.say("jingmao-fang", "亩均税收3.9预测7")

    answer = desk.answer(CLERK, "确认")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.NEWER_THAN_ASKED
    assert desk.rows("县经贸局", "1—7月进展")[0].state == State.MET.value
    desk.say(CLERK, "撤回")
    assert isinstance(desk.answer(CLERK, "确认"), Withdrawn)


# ── sent back ──


def test_a_returned_report_stays_on_time_and_says_so(desk: Desk, waiting: str) -> None:
    desk.say(OFFICE, f"退回 {waiting} 缺少数据")
    desk.say(OFFICE, "确认")
    (told,) = [n for n in desk.told(ANALYST) if isinstance(n, SentBack)]

    assert told.on_time_until is None
    assert "（按时）不变，是否按时以此为准，重报不另设时限" in read(told)


@pytest.mark.parametrize(("day", "timely"), [(8, "按时"), (10, "逾期")])
def test_a_returned_matter_says_until_when_it_is_on_time_and_keeps_to_it(
    desk: Desk, done: str, day: int, timely: str
) -> None:
    """Due on the 6th, sent back on the 6th at ten, three days kept: the 9th at ten decides, not the due time."""
    desk.wind(8, 6, 10)
    desk.say(OFFICE, f"退回 {done} 材料不实")
    desk.say(OFFICE, "确认")
    (told,) = [n for n in desk.told(WATER_CLERK) if isinstance(n, SentBack)]
    assert told.on_time_until == START.replace(day=9, hour=10, minute=0)
    assert "8月9日（周一）10:00前重新报办结的仍计为按时" in read(told)

    desk.wind(8, day, 10, 30)
    again = desk.answer(WATER_CLERK, f"办结 {done} 已补办")

    assert ("按时" if again.on_time else "逾期") == timely
    assert f"报办结，{timely}" in read(again)


def test_a_matter_sent_back_and_left_undone_is_proposed_once_its_days_are_over(desk: Desk, done: str) -> None:
    desk.wind(8, 6, 10)
    desk.say(OFFICE, f"退回 {done} 材料不实")
    desk.say(OFFICE, "确认")

    desk.wind(8, 9, 9, 50)
    before = desk.score("县环保局").provisional.final
    desk.wind(8, 9, 10, 1)

    assert desk.score("县环保局").provisional.final < before


# ── a stamp out of bounds ──


def test_a_late_stamp_is_said_with_a_signature_and_with_a_matter(desk: Desk) -> None:
    desk.say(LEADER, MATTER)
    number = desk.answer(LEADER, "确认").number
    desk.say(ANALYST, ANALYSIS)
    old = desk.clock.now() - timedelta(hours=9)

    signed = desk.answer(SIGNER, "签发", sent_at=old)
    reported = desk.answer(WATER_CLERK, f"办结 {number} 已报", sent_at=old)

    assert isinstance(signed, Signed)
    assert isinstance(reported, MatterReported)
    for answer in (signed, reported):
        assert answer.late_stamp
        assert "以收到时间为准" in read(answer)


# ── nobody there ──


def test_a_matter_of_which_nobody_hears_says_so_before_and_after(desk: Desk) -> None:
    def leave(uow: UnitOfWork) -> None:
        roster.end_post(uow, desk.person(WATER_CLERK), unit, Role.REPORTER, date(2010, 8, 1))

    unit = desk.unit("县环保局").id
    desk.database.write_now(leave)

    asked = desk.answer(LEADER, f"{MATTER} 协办 县农办")
    assigned = desk.answer(LEADER, "确认")

    assert isinstance(asked, MatterAsk)
    assert isinstance(assigned, MatterAssigned)
    for answer in (asked, assigned):
        assert [(found.unit, found.post) for found in answer.unreached] == [("县环保局", "填报人")]
        assert "县环保局：填报人空缺，目前无法送达" in read(answer)


# ── 谁没报 ──


@pytest.mark.parametrize("text", ["谁没报 火星", "火星谁没报", "催报 火星"])
def test_what_is_neither_unit_nor_duty_is_named_back(desk: Desk, text: str) -> None:
    answer = desk.answer(OFFICE, text)

    assert isinstance(answer, RepairLine)
    assert "没有与“火星”相应的报送任务" in read(answer)


def test_a_board_of_the_units_asked_for(desk: Desk) -> None:
    boards = desk.say(OFFICE, "谁没报 县经贸局")

    assert all(isinstance(board, Board) for board in boards)
    for board in boards:
        assert isinstance(board, Board)
        assert (board.total, board.scope) == (1, "县经贸局")


def test_asking_for_a_unit_of_somebody_elses_reveals_nothing(desk: Desk) -> None:
    assert desk.say(IN_CHARGE, "谁没报 县农办") == desk.say(IN_CHARGE, "谁没报 火星")


def test_asked_in_passing(desk: Desk) -> None:
    assert all(isinstance(answer, Board) for answer in desk.say(OFFICE, "现在还有谁没报？"))
