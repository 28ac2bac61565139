"""核定, 不予核定, 加分, 扣分, 更正分, 情况说明, 得分, 明细, 差距, 排名, 为什么: what is said about points."""

from decimal import Decimal

import pytest

from assessment.notices import (
    Cancelled,
    DecideAsk,
    Decided,
    EntryTold,
    Gaps,
    OwnRank,
    RecordAsk,
    Recorded,
    Refused,
    RepairLine,
    ReverseAsk,
    Reversed,
    ScoreLines,
    ScoreTold,
    StatementTaken,
    StatementWhich,
    Why,
)
from tests.handlers.desk import (
    CLERK,
    FOUR_FIGURES,
    HEAD,
    IN_CHARGE,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    OTHER_IN_CHARGE,
    WATER_CLERK,
    Desk,
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
    assert desk.answer(WATER_CLERK, "情况说明 P-1008-9999 已送达") == StatementWhich(lines=())
    assert desk.answer(CLERK, f"情况说明 {proposal} 已送达") == StatementWhich(lines=())


# ── 核定, 不予核定 ──


def test_the_list_of_what_awaits_a_decision(desk: Desk, proposal: str) -> None:
    (line,) = [line for line in desk.answer(OFFICE, "核定").lines if line.number == proposal]

    assert (line.points, line.cite, line.decidable) == (Decimal(-2), "四(一)2", False)


def test_before_the_days_are_over_a_reason_is_needed(desk: Desk, proposal: str) -> None:
    answer = desk.answer(OFFICE, f"核定 {proposal}")

    assert isinstance(answer, RepairLine)
    assert "理由" in answer.why


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


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("扣分", "单位"),
        ("扣分 火星局 U7 理由", "单位"),
        ("扣分 县环保局 U99 理由", "没有这一条"),
        ("扣分 县环保局 U2b 理由", "不由人工记录"),
        ("扣分 县环保局 四(一)3 理由", "请写条款编号"),
        ("扣分 县环保局 U7 -9 理由", "不符"),
        ("扣分 县环保局 P6b 缺席会议", "哪位同志"),
        ("加分 县环保局 U7 理由", "没有这一条"),
    ],
)
def test_what_is_wrong_with_a_record_is_said(desk: Desk, text: str, missing: str) -> None:
    answer = desk.answer(OFFICE, text)

    assert isinstance(answer, RepairLine)
    assert missing in answer.why


def test_a_persons_points_are_not_the_units(desk: Desk) -> None:
    asked = desk.answer(OFFICE, "扣分 县环保局 P6b 王晨曦 缺席8月3日会议")
    desk.say(OFFICE, "确认")

    assert "王晨曦" in asked.account
    assert desk.score("县环保局").provisional.final == Decimal(80)


# ── 更正分 ──


@pytest.mark.parametrize("word", ["更正分", "冲销"])
def test_an_entry_is_answered_by_a_reversing_one(desk: Desk, entry: str, word: str) -> None:
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
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, f"更正分 {entry} 已送达")
    first, second = desk.answer(OFFICE, "确认"), desk.answer(OFFICE_TWO, "确认")

    assert isinstance(first, Reversed)
    assert isinstance(second, RepairLine)
    assert len(desk.entries("县环保局")) == 2


# ── 得分, 明细, 差距, 排名, 为什么 ──


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("得分", ScoreTold),
        ("多少分", ScoreTold),
        ("查分", ScoreTold),
        ("明细", ScoreLines),
        ("扣分明细", ScoreLines),
        ("差距", Gaps),
        ("离满分差多少", Gaps),
        ("排名", OwnRank),
        ("名次", OwnRank),
        ("第几", OwnRank),
        ("排行", OwnRank),
    ],
)
def test_each_question_of_the_own_unit(desk: Desk, word: str, kind: type) -> None:
    answers = desk.say(CLERK, word)

    assert answers
    assert all(isinstance(answer, kind) for answer in answers)


@pytest.mark.parametrize("text", ["{}得分", "{}现在多少分", "得分 {}", "{}差距", "{}排第几", "{}为什么扣分", "{}明细"])
@pytest.mark.parametrize(
    ("who", "unit", "seen"),
    [
        (LEADER, "环保局", True),
        (OFFICE, "环保局", True),
        (OTHER_IN_CHARGE, "环保局", True),
        (WATER_CLERK, "环保局", True),
        (IN_CHARGE, "环保局", False),
        (CLERK, "环保局", False),
        (HEAD, "环保局", False),
    ],
)
def test_who_sees_whose_points(desk: Desk, who: str, unit: str, seen: bool, text: str) -> None:
    answers = desk.say(who, text.format(unit))

    assert answers
    assert any(isinstance(answer, Refused) for answer in answers) is not seen
    assert desk.audited()[0].allowed is seen


def test_whoever_has_no_unit_says_which(desk: Desk) -> None:
    assert isinstance(desk.answer(LEADER, "得分"), RepairLine)


def test_a_missing_figure_is_not_nought(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES.split(",")[0])
    lines = {line.name: line for block in desk.answer(CLERK, "差距").figures for line in block.lines}

    assert lines["规上亩均工业总产值"].actual == Decimal(85)
    assert lines["规上亩均税收"].actual is None
    assert lines["规上亩均税收"].points is None


@pytest.mark.parametrize("word", ["为什么", "依据", "条款"])
def test_a_point_explained(desk: Desk, entry: str, word: str) -> None:
    why = desk.answer(LEADER, f"{word} {entry}")

    assert isinstance(why, Why)
    assert (why.points, why.cite, why.confirmed_by) == (Decimal(-2), "四(一)2", "陈静怡")
    assert "未按时完成的每项扣2分" in why.clause_text


def test_a_number_of_somebody_else_and_one_that_is_not_there_sound_the_same(desk: Desk, entry: str) -> None:
    assert desk.answer(CLERK, f"为什么 {entry}") == desk.answer(CLERK, "为什么 L-1008-999") == Refused()


def test_nothing_to_explain(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "为什么"), RepairLine)


def test_a_past_day(desk: Desk, entry: str) -> None:
    """得分 8月8日 shows what was published by the end of that day; a day that is none is said."""
    then, now = desk.answer(LEADER, "环保局8月8日得分"), desk.answer(LEADER, "环保局得分")

    assert [block.confirmed for block in then.points] == [Decimal(80)]
    assert [block.confirmed for block in now.points] == [Decimal(78)]
    assert isinstance(desk.answer(LEADER, "环保局2月30日得分"), RepairLine)
