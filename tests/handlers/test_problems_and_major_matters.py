"""请求协调, 重大事项 and 无法完成: who hears of it, at what hour, and what it does not put off."""

from datetime import datetime

import pytest

from assessment.notices import FilesTaken, Marked, Proposed, Refused, Repair, RepairLine, Urging
from assessment.notices.supervision import (
    MajorList,
    MajorTaken,
    MajorTold,
    ProblemAnswered,
    ProblemRaised,
    ProblemsOpen,
    ProblemTold,
    UnableAsk,
    UnableFiled,
    UnableMarked,
)
from assessment.obligation import State
from bot.county import ZONE
from handlers.incoming import FileRef
from storage.outbox import Status
from tests.handlers.desk import (
    CLERK,
    HEAD,
    IN_CHARGE,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    OTHER_IN_CHARGE,
    START,
    WATER_CLERK,
    Desk,
    as_read,
)
from tests.handlers.supervised_county import TITLE, assigned

MATTER = "交办 县环保局 报送水环境整治方案 8月6日前 类别 县主要领导交办"
PROBLEM = "断面上游在邻县，须县里出面协调"


@pytest.fixture
def number(desk: Desk) -> str:
    return assigned(desk, MATTER)


def raised(desk: Desk, text: str) -> str:
    answer = desk.answer(WATER_CLERK, text)
    assert isinstance(answer, ProblemRaised), answer
    return answer.line.number


# ── 请求协调 ──


def test_a_problem_goes_to_the_leader_in_charge_and_puts_nothing_off(desk: Desk, number: str) -> None:
    """超出部门职权范围以外 (R113)."""
    answer = desk.answer(WATER_CLERK, f"请求协调 {number} {PROBLEM}")

    assert isinstance(answer, ProblemRaised)
    assert answer.leaders == ("林书雅",)
    assert "时限8月6日（周五）24:00不因此顺延，催办照常" in as_read(answer)
    (told,) = [n for n in desk.told(OTHER_IN_CHARGE) if isinstance(n, ProblemTold)]
    assert not told.to_office
    assert (told.line.text, told.line.item) == (PROBLEM, f"{number} {TITLE}")
    assert [n.to_office for n in desk.told(OFFICE) if isinstance(n, ProblemTold)] == [True]
    desk.wind(8, 9, 9, 30)
    assert any(isinstance(n, Urging) for n in desk.told(WATER_CLERK)), "the ladder goes on"


@pytest.mark.parametrize("command", ["请求协调 {}", "超出职权：{}"])
def test_a_problem_of_its_own(desk: Desk, command: str) -> None:
    answer = desk.answer(CLERK, command.format(PROBLEM))

    assert isinstance(answer, ProblemRaised)
    assert (answer.line.text, answer.line.item, answer.leaders) == (PROBLEM, "", ("何志远",))


@pytest.mark.parametrize(
    "how",
    ["答复 {} 由环保局牵头，下周一会商", "答复 {}\n意见 由环保局牵头，下周一会商", "答复 由环保局牵头，下周一会商"],
)
def test_the_leaders_answer_comes_back_to_the_unit_and_the_office(desk: Desk, how: str) -> None:
    """Typed with its number, from the form of the card, or alone where only one problem waits."""
    problem = raised(desk, f"请求协调 {PROBLEM}")

    receipt = desk.answer(OTHER_IN_CHARGE, how.format(problem))

    assert isinstance(receipt, ProblemAnswered)
    assert (receipt.receipt, receipt.answer) == (True, "由环保局牵头，下周一会商")
    for who in (WATER_CLERK, OFFICE):
        told = desk.told(who)[-1]
        assert isinstance(told, ProblemAnswered)
        assert not told.receipt
        assert "由环保局牵头，下周一会商" in as_read(told)


def test_the_first_answer_stands(desk: Desk) -> None:
    problem = raised(desk, f"请求协调 {PROBLEM}")
    desk.say(OTHER_IN_CHARGE, f"答复 {problem} 同意")

    again = desk.answer(OTHER_IN_CHARGE, f"答复 {problem} 不同意")

    assert (again.before, again.answer) == (True, "同意")


def test_only_the_leader_in_charge_answers(desk: Desk) -> None:
    problem = raised(desk, f"请求协调 {PROBLEM}")

    for who in (IN_CHARGE, CLERK, OFFICE, LEADER):
        assert isinstance(desk.answer(who, f"答复 {problem} 同意"), Refused)
    assert isinstance(desk.answer(IN_CHARGE, "答复"), ProblemsOpen)
    assert desk.answer(IN_CHARGE, "答复").lines == ()


def test_a_matters_own_leader_is_asked_about_it(desk: Desk) -> None:
    number = assigned(desk, f"{MATTER} 包抓领导 何志远")

    answer = desk.answer(WATER_CLERK, f"请求协调 {number} {PROBLEM}")

    assert answer.leaders == ("何志远",)
    assert isinstance(desk.answer(IN_CHARGE, f"答复 {answer.line.number} 已协调"), ProblemAnswered)


def test_without_words_nothing_is_raised(desk: Desk) -> None:
    answer = desk.answer(CLERK, "请求协调")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.WHICH_PROBLEM


# ── 重大事项 ──

EVENT = "8月4日22时，溪口排污管破裂，已关停两家企业，正在抢修"


def night(desk: Desk) -> datetime:
    """A Saturday at 22:30."""
    desk.wind(8, 7, 22, 30)
    return desk.clock.now().astimezone(ZONE)


def test_a_major_matter_is_told_at_once_at_any_hour(desk: Desk) -> None:
    """随时报告 (R44)."""
    at = night(desk)

    taken = desk.answer(WATER_CLERK, f"重大事项：{EVENT}")
    desk.settle()

    assert isinstance(taken, MajorTaken)
    assert taken.sent_at == at
    assert taken.told == ("陈静怡", "吴磊", "林书雅")
    for who in (OFFICE, OFFICE_TWO, OTHER_IN_CHARGE):
        assert any("重大事项报告" in text and EVENT in text for text in desk.shown(who)), who
    left = [row for row in desk.letters() if row.notice["kind"] == "MajorTold"]
    assert {row.status for row in left} == {Status.SENT.value}


def test_a_problem_waits_for_office_hours_where_a_major_matter_does_not(desk: Desk) -> None:
    """What is no alarm keeps to the hours, so that the way for alarms stays one."""
    night(desk)
    raised(desk, f"请求协调 {PROBLEM}")
    desk.settle()

    assert not any("请求协调" in text for text in desk.shown(OTHER_IN_CHARGE))
    desk.wind(8, 9, 9, 5)
    assert any("请求协调" in text for text in desk.shown(OTHER_IN_CHARGE))


def test_evidence_that_follows_belongs_to_it(desk: Desk) -> None:
    taken = desk.answer(WATER_CLERK, f"重大事项 {EVENT}")
    picture = (FileRef("现场.jpg", "image", "k-1"),)

    (answer,) = desk.say(WATER_CLERK, "", files=picture)

    assert isinstance(answer, FilesTaken)
    assert answer.number == taken.number
    shown = desk.answer(OFFICE, f"重大事项 {taken.number}")
    assert isinstance(shown, MajorTold)
    assert shown.files == ("现场.jpg",)


def test_who_may_look_one_up(desk: Desk) -> None:
    taken = desk.answer(WATER_CLERK, f"重大事项 {EVENT}")

    for who in (OFFICE, OTHER_IN_CHARGE, LEADER, WATER_CLERK):
        assert isinstance(desk.answer(who, f"重大事项 {taken.number}"), MajorTold), who
    for who in (CLERK, IN_CHARGE, HEAD):
        assert isinstance(desk.answer(who, f"重大事项 {taken.number}"), Refused), who
    assert desk.answer(CLERK, "重大事项 Z-1008-99") == desk.answer(CLERK, f"重大事项 {taken.number}")
    listed = desk.answer(OFFICE, "重大事项")
    assert isinstance(listed, MajorList)
    assert desk.answer(IN_CHARGE, "重大事项").lines == ()


def test_what_bears_a_mark_is_neither_stored_nor_told(desk: Desk) -> None:
    answer = desk.answer(WATER_CLERK, f"重大事项：（机密）{EVENT}")

    assert isinstance(answer, Marked)
    assert not any(isinstance(n, MajorTold) for n in desk.told(OFFICE))


# ── 无法完成 ──


def test_the_office_finds_so_after_the_reason_and_nothing_more_is_owed(desk: Desk, number: str) -> None:
    """确实无法完成 (R52)."""
    filed = desk.answer(WATER_CLERK, f"无法完成 {number} 上游在邻县，县内无权处置")
    assert isinstance(filed, UnableFiled)
    assert filed.early
    assert "认定前，时限和催办不变" in as_read(filed)
    asked = desk.answer(OFFICE, f"确实无法完成 {number} 情况属实")
    assert isinstance(asked, UnableAsk)
    assert (asked.reasons, asked.missing) == ((("县环保局", "上游在邻县，县内无权处置"),), ())

    assert isinstance(desk.answer(OFFICE, "确认"), UnableMarked)

    assert desk.rows("县环保局", TITLE)[0].state == State.WAIVED.value
    (upper,) = [n for n in desk.told(LEADER) if isinstance(n, UnableMarked)]
    assert upper.to == "upper"
    desk.wind(8, 20, 17)
    assert not [n for n in desk.told(WATER_CLERK) if isinstance(n, Proposed) and TITLE in n.line.fact]
    urged = [line.number for n in desk.told(WATER_CLERK) if isinstance(n, Urging) for line in n.lines]
    assert number not in urged


def test_found_so_without_a_reason_only_the_reason_is_urged_for(desk: Desk, number: str) -> None:
    desk.say(OFFICE, f"确实无法完成 {number}")
    desk.say(OFFICE, "确认")

    desk.wind(8, 9, 9, 30)

    urging = next(n for n in desk.told(WATER_CLERK) if isinstance(n, Urging) and n.lines[-1].number == number)
    assert urging.lines[-1].owed == ("无法完成的原因",)
    assert f"请回复“无法完成 {number} 原因”" in as_read(urging)
    assert "尚未说明无法完成的原因" in as_read(urging)
    assert desk.score("县环保局").provisional.final == 80
    filed = desk.answer(WATER_CLERK, f"无法完成 {number} 县内无权处置")
    assert filed.settled
    assert desk.rows("县环保局", TITLE)[0].state == State.WAIVED.value


def test_a_reason_alone_changes_nothing(desk: Desk, number: str) -> None:
    desk.say(WATER_CLERK, f"无法完成 {number} 县内无权处置")

    desk.wind(8, 9, 9, 30)

    assert desk.score("县环保局").provisional.final == 78


def test_nobody_but_the_office_finds_so(desk: Desk, number: str) -> None:
    assert isinstance(desk.answer("county-lin", f"确实无法完成 {number}"), Refused)
    assert desk.rows("县环保局", TITLE)[0].state == State.OPEN.value
    assert desk.clock.now() >= START
