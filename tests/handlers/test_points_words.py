"""核定, 不予核定, 加分, 扣分, 更正分, 情况说明, 得分, 明细, 差距, 排名, 为什么: what is said about points."""

from decimal import Decimal

import pytest

from assessment.notices import (
    Cancelled,
    DecideAsk,
    Decided,
    EntryTold,
    NoQuestion,
    RecordAsk,
    Recorded,
    Refused,
    Repair,
    RepairLine,
    ReverseAsk,
    Reversed,
    ScoreLines,
    StatementTaken,
    StatementWhich,
)
from tests.handlers.desk import (
    CLERK,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    OTHER_IN_CHARGE,
    WATER_CLERK,
    Desk,
    as_read,
)

OTHERS_MAY_NOT = ["核定 {p}", "核定 全部", "不予核定 {p} 理由", "加分 县环保局 U6 抽用"]


# ── 情况说明 ──


@pytest.mark.parametrize("typed", ["{p} 方案已送会签", "{s} 方案已送会签", "方案已送会签"])
def test_a_statement_is_kept_with_its_proposal(desk: Desk, proposal: str, typed: str) -> None:
    taken = desk.answer(WATER_CLERK, "情况说明 " + typed.format(p=proposal, s=proposal.rsplit("-", 1)[1]))

    assert isinstance(taken, StatementTaken)
    assert (taken.number, taken.text, taken.late) == (proposal, "方案已送会签", False)
    assert any(isinstance(notice, StatementTaken) for notice in desk.told(OFFICE))


def test_an_empty_statement_and_one_on_nothing(desk: Desk, proposal: str) -> None:
    assert isinstance(desk.answer(WATER_CLERK, f"说明情况 {proposal}"), RepairLine)
    unknown = desk.answer(WATER_CLERK, "情况说明 P-1008-9999 已送达")
    assert unknown.unknown == "P-1008-9999"
    assert [line.number for line in unknown.lines] == [proposal]
    foreign = desk.answer(CLERK, f"情况说明 {proposal} 已送达")
    assert foreign == StatementWhich(lines=(), unknown=proposal)
    assert desk.answer(CLERK, "情况说明 P-1008-9999 已送达") == StatementWhich(lines=(), unknown="P-1008-9999")


# ── 核定, 不予核定 ──


def test_the_list_of_what_awaits_a_decision(desk: Desk, proposal: str) -> None:
    (line,) = [line for line in desk.answer(OFFICE, "核定").lines if line.number == proposal]

    assert (line.points, line.cite, line.decidable) == (Decimal(-2), "四(一)2", False)


def test_before_the_days_are_over_a_reason_is_needed(desk: Desk, proposal: str) -> None:
    answer = desk.answer(OFFICE, f"核定 {proposal}")

    assert isinstance(answer, RepairLine)
    assert "8月12日（周四）24:00前可作情况说明" in as_read(answer)
    assert f"核定 {proposal} 理由" in as_read(answer)


@pytest.mark.parametrize("typed", ["核定 {p} 事实清楚", "确认扣分 {s} 事实清楚", "核定{p} 事实清楚"])
def test_a_decision_makes_one_entry_and_tells_the_unit(desk: Desk, proposal: str, typed: str) -> None:
    asked = desk.answer(OFFICE, typed.format(p=proposal, s=proposal.rsplit("-", 1)[1]))
    assert isinstance(asked, DecideAsk)

    decided = desk.answer(OFFICE, "确认")
    assert isinstance(decided, Decided)
    (made,) = desk.entries("县环保局")

    assert (made.points, made.author, made.clause) == (Decimal(-2), desk.person(OFFICE), "U2b")
    assert any(isinstance(notice, EntryTold) for notice in desk.told(WATER_CLERK))
    assert desk.score("县环保局").confirmed.final == Decimal(78)


def test_once_the_unit_has_spoken_it_can_be_decided(desk: Desk, proposal: str) -> None:
    desk.say(WATER_CLERK, f"情况说明 {proposal} 方案已送会签")
    asked = desk.answer(OFFICE, f"核定 {proposal}")

    assert asked.early == ()


def test_refusing_needs_a_reason_and_makes_no_entry(desk: Desk, proposal: str) -> None:
    assert isinstance(desk.answer(OFFICE, f"不予核定 {proposal}"), RepairLine)
    assert desk.answer(OFFICE, f"不予核定 {proposal} 已按时送达").reject
    assert desk.answer(OFFICE, "确认").rejected
    assert desk.entries("县环保局") == []
    assert isinstance(desk.answer(OFFICE, f"核定 {proposal} 理由"), RepairLine)


def test_one_proposal_is_decided_once(desk: Desk, proposal: str) -> None:
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, f"核定 {proposal} 事实清楚")
    first, second = desk.answer(OFFICE, "确认"), desk.answer(OFFICE_TWO, "确认")

    assert isinstance(first, Decided)
    assert isinstance(second, RepairLine)
    assert len(desk.entries("县环保局")) == 1


def test_a_decision_dropped(desk: Desk, proposal: str) -> None:
    desk.say(OFFICE, f"核定 {proposal} 事实清楚")

    assert isinstance(desk.answer(OFFICE, "取消"), Cancelled)
    assert desk.entries("县环保局") == []


@pytest.mark.parametrize("text", OTHERS_MAY_NOT)
@pytest.mark.parametrize("who", [WATER_CLERK, LEADER, OTHER_IN_CHARGE])
def test_points_are_the_offices(desk: Desk, proposal: str, who: str, text: str) -> None:
    assert isinstance(desk.answer(who, text.format(p=proposal)), Refused)
    assert desk.entries("县环保局") == []


def test_a_leaders_deduction_is_read_as_a_question(desk: Desk, proposal: str) -> None:
    """扣分 is a word of the office; said by a leader it asks what was deducted, and deducts nothing."""
    before = desk.score("县环保局").provisional.final
    (answer,) = desk.say(LEADER, "扣分 县环保局 U7 拒不配合")

    assert isinstance(answer, ScoreLines)
    assert desk.score("县环保局").provisional.final == before


# ── 加分, 扣分 ──


@pytest.mark.parametrize(
    ("text", "points"),
    [("扣分 县环保局 U7 拒不提供资料", -2), ("加分 环保局 U6 抽用1次", 1), ("扣分 县环保局 四(一)7 拒不提供资料", -2)],
)
def test_recording_by_hand_becomes_a_proposal(desk: Desk, text: str, points: int) -> None:
    asked = desk.answer(OFFICE, text)
    assert isinstance(asked, RecordAsk)
    assert asked.points == points

    recorded = desk.answer(OFFICE, "确认")
    assert isinstance(recorded, Recorded)
    assert desk.entries("县环保局") == []


def test_points_for_a_named_thing_count_once_at_their_highest(desk: Desk) -> None:
    """R17, R107: what the points are for is named; of one thing only the highest counts, of another it is apart."""
    for text in (
        "加分 县环保局 U6 稿件：防汛经验",
        "加分 县环保局 U2c 稿件：防汛经验",
        "加分 县环保局 U6 领导交办事项办理得力",
    ):
        asked = desk.answer(OFFICE, text)
        assert asked.matter == ("防汛经验" if "稿件" in text else "")
        desk.say(OFFICE, "确认")

    assert desk.score("县环保局").provisional.final == 80 + 5 + 1


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("扣分", "单位"),
        ("扣分 火星局 U7 理由", "单位"),
        ("扣分 县环保局 U99 理由", "没有这一条"),
        ("扣分 县环保局 U2b 理由", "不由人工记分"),
        ("扣分 县环保局 四(一)3 理由", "请写明条款编号"),
        ("扣分 县环保局 U7 -9 理由", "不符"),
        ("扣分 县环保局 P6b 缺席会议", "哪位同志"),
        ("加分 县环保局 U7 理由", "没有这一条"),
    ],
)
def test_what_is_wrong_with_a_record_is_said(desk: Desk, text: str, missing: str) -> None:
    answer = desk.answer(OFFICE, text)

    assert isinstance(answer, RepairLine)
    assert missing in as_read(answer)


def test_a_persons_points_are_not_the_units(desk: Desk) -> None:
    """R24: a clerk's absence costs the person and not the unit."""
    asked = desk.answer(OFFICE, "扣分 县环保局 P6b 王晨曦 缺席8月3日会议")
    desk.say(OFFICE, "确认")

    assert "王晨曦" in asked.account
    assert desk.score("县环保局").provisional.final == Decimal(80)


# ── 更正分 ──


@pytest.mark.parametrize("word", ["更正分", "冲销"])
def test_an_entry_is_answered_by_a_reversing_one(desk: Desk, entry: str, word: str) -> None:
    """R101: −2 stays, +2 is written behind it, and 80 is back."""
    asked = desk.answer(OFFICE, f"{word} {entry} 会签单显示已送达")
    assert isinstance(asked, ReverseAsk)

    done = desk.answer(OFFICE, "确认")
    assert isinstance(done, Reversed)
    assert [made.points for made in desk.entries("县环保局")] == [Decimal(-2), Decimal(2)]
    assert done.total == Decimal(80)
    assert any(isinstance(notice, Reversed) for notice in desk.told(WATER_CLERK))


@pytest.mark.parametrize("text", ["更正分", "更正分 L-1008-999 理由", "更正分 {entry}"])
def test_a_reversal_needs_its_entry_and_a_reason(desk: Desk, entry: str, text: str) -> None:
    assert isinstance(desk.answer(OFFICE, text.format(entry=entry)), RepairLine)
    assert len(desk.entries("县环保局")) == 1


def test_an_entry_is_reversed_once(desk: Desk, entry: str) -> None:
    """R101: of two who correct one entry only one does."""
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, f"更正分 {entry} 已送达")
    first, second = desk.answer(OFFICE, "确认"), desk.answer(OFFICE_TWO, "确认")

    assert isinstance(first, Reversed)
    assert isinstance(second, RepairLine)
    assert len(desk.entries("县环保局")) == 2


def test_a_corrected_entry_is_refused_before_anything_is_asked(desk: Desk, entry: str) -> None:
    desk.say(OFFICE, f"更正分 {entry} 已送达")
    made = desk.answer(OFFICE, "确认").by_entry

    assert desk.answer(OFFICE, f"更正分 {entry} 已送达").repair is Repair.CORRECTED_ALREADY
    assert desk.answer(OFFICE, f"更正分 {made} 已送达").repair is Repair.CORRECTION_ITSELF
    assert isinstance(desk.answer(OFFICE, "确认"), NoQuestion)
