"""评定, 核实 and 结算 in the chat: what the office gives, what settling proposes, and that nothing is counted twice."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from assessment.notices import Decided, DecideList, Refused, RepairLine
from assessment.notices.judging import JudgeAsk, JudgeRefused, JudgeTaken, SettleAsk, SettleDone
from bot.county import ZONE
from storage import judgements, programmes, proposals
from storage.proposals import ProposalRow, Stage
from tests.handlers.desk import CLERK, FOUR_FIGURES, OFFICE, WATER_CLERK, Desk

WHOLE = "三门县"
OUTPUT, TAX = "规上亩均工业总产值", "规上亩均税收"


def confirmed(desk: Desk, words: str) -> Any:
    """Say it, and confirm it; the answer to 确认."""
    desk.say(OFFICE, words)
    return desk.answer(OFFICE, "确认")


def settled(desk: Desk) -> SettleDone:
    answer = confirmed(desk, "结算")
    assert isinstance(answer, SettleDone)
    return answer


def open_proposals(desk: Desk, *, unset: bool = False) -> list[ProposalRow]:
    """Those with points; or those that the rulebook gives none."""

    def rows(uow: Any) -> list[ProposalRow]:
        return [row for one in programmes.running(uow) for row in proposals.undecided(uow, one.id)]

    return [row for row in desk.database.read_now(rows) if (row.points is None) is unset]


def entered(desk: Desk) -> Decided:
    """Everything that is open, with a reason because its days are not over."""
    numbers = "、".join(row.number for row in open_proposals(desk))
    answer = confirmed(desk, f"核定 {numbers} 数据已核")
    assert isinstance(answer, Decided)
    return answer


def test_settling_proposes_and_settling_again_does_not(desk: Desk) -> None:
    """R100: one proposal for each indicator with a figure; a second 结算 finds nothing new, and 确认 does nothing."""
    desk.say(CLERK, FOUR_FIGURES)
    ask = desk.answer(OFFICE, "结算")
    assert isinstance(ask, SettleAsk)
    assert {line.indicator for line in ask.blocks[0].proposed} >= {OUTPUT, TAX}
    assert not open_proposals(desk)

    desk.answer(OFFICE, "确认")
    first = {row.key: row.points for row in open_proposals(desk)}
    again = desk.answer(OFFICE, "结算")

    assert isinstance(again, SettleAsk)
    assert again.nothing
    assert not isinstance(desk.answer(OFFICE, "确认"), SettleDone)
    assert {row.key: row.points for row in open_proposals(desk)} == first
    assert all(row.basis["period"] == "2010" for row in open_proposals(desk))


def test_what_nobody_reported_is_not_nought(desk: Desk) -> None:
    """R103: 未报 is listed and not proposed; once anything is settled the total is 暂估 and names it."""
    desk.say(CLERK, "亩均总产值85预测155")
    done = settled(desk)

    assert TAX in {line.indicator for line in done.blocks[0].waiting}
    assert of(desk, TAX) not in {row.clause for row in open_proposals(desk)}
    told = desk.answer(OFFICE, f"得分 {WHOLE}")
    assert any(TAX in block.estimated for block in told.points)


def test_a_corrected_figure_reverses_and_is_proposed_anew(desk: Desk) -> None:
    """R84, R101: the entry is reversed with its reason, and the new points await 核定; both figures are kept."""
    desk.say(CLERK, "亩均总产值185预测185")
    settled(desk)
    (number,) = entered(desk).entries
    taken = confirmed(desk, f"核实 {WHOLE} {OUTPUT} 170 以统计数为准")
    assert isinstance(taken, JudgeTaken)
    assert taken.settled

    (changed,) = settled(desk).blocks[0].changed
    assert changed.entry == number
    entries = desk.entries(WHOLE)
    assert [entry.reverses for entry in entries] == [None, entries[0].id]
    (row,) = open_proposals(desk)
    assert row.points == changed.points
    assert "上报185，核实170" in row.basis["reason"]

    entered(desk)
    assert sum(entry.points for entry in desk.entries(WHOLE)) == changed.points
    assert desk.answer(OFFICE, "结算").nothing


def test_the_same_figure_again_changes_nothing(desk: Desk) -> None:
    desk.say(CLERK, "亩均总产值185预测185")
    settled(desk)
    entered(desk)
    confirmed(desk, f"核实 {WHOLE} {OUTPUT} 185 现场核实")

    assert desk.answer(OFFICE, "结算").nothing
    assert len(desk.entries(WHOLE)) == 1


def test_what_was_not_confirmed_stays_so_until_its_figure_changes(desk: Desk) -> None:
    desk.say(CLERK, "亩均总产值185预测185")
    settled(desk)
    (row,) = open_proposals(desk)
    confirmed(desk, f"不予核定 {row.number} 数据存疑")
    ask = desk.answer(OFFICE, "结算")
    assert (ask.nothing, ask.blocks[0].refused) == (True, 1)

    confirmed(desk, f"核实 {WHOLE} {OUTPUT} 180 以统计数为准")
    settled(desk)
    (fresh,) = open_proposals(desk)
    assert fresh.key != row.key


def test_a_figure_taken_back_takes_its_proposal_along(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    settled(desk)
    row = next(each for each in open_proposals(desk) if each.clause == of(desk, OUTPUT))
    desk.say(CLERK, "撤回")
    desk.say(CLERK, "确认")
    desk.say(CLERK, "亩均税收3.8预测7")
    settled(desk)

    assert row.key not in {each.key for each in open_proposals(desk)}
    assert desk.database.read_now(lambda uow: proposals.get(uow, row.id)).stage == Stage.REJECTED.value


def test_only_the_office_judges_and_settles(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "评定 三门县 优"), Refused)
    assert isinstance(desk.answer(CLERK, "结算"), Refused)
    assert isinstance(desk.answer(WATER_CLERK, "录分 某阶段 90"), Refused)


def test_what_is_not_understood_is_said_with_a_line_to_copy(desk: Desk) -> None:
    without_unit, without_indicator = desk.answer(OFFICE, "核实 155"), desk.answer(OFFICE, f"核实 {WHOLE} 空气")
    other_unit = desk.answer(OFFICE, f"核实 {WHOLE} {OUTPUT} 170亿元")

    assert (without_unit.unit, without_indicator.indicator, other_unit.reasons) == ("", "", ())
    assert OUTPUT in without_indicator.choices
    assert all(isinstance(each, JudgeRefused) for each in (without_unit, without_indicator, other_unit))


def test_a_judgement_is_kept_when_another_replaces_it(desk: Desk) -> None:
    """R92: the earlier row stays; the question shows what it replaces."""
    confirmed(desk, f"核实 {WHOLE} {OUTPUT} 170 初核")
    ask = desk.answer(OFFICE, f"核实 {WHOLE} {OUTPUT} 172 复核")
    assert isinstance(ask, JudgeAsk)
    assert ask.replaced == ("170万元",) or ask.replaced[0].startswith("170")
    desk.answer(OFFICE, "确认")

    rows = desk.database.read_now(
        lambda uow: [row for one in programmes.running(uow) for row in judgements.of_programme(uow, one.id)]
    )
    assert [(row.value, row.reason) for row in rows] == [("170", "初核"), ("172", "复核")]


def test_points_that_are_not_set_cannot_be_confirmed(desk: Desk) -> None:
    """A proposal without a value makes the total 暂估; 核定 says so and enters nothing."""
    desk.say(CLERK, "高新占比26%预测27%")
    settled(desk)
    unset = open_proposals(desk, unset=True)
    assert unset
    assert isinstance(desk.answer(OFFICE, f"核定 {unset[0].number} 数据已核"), RepairLine)
    assert isinstance(desk.answer(OFFICE, "核定 全部"), DecideList)


def test_points_are_settled_with_four_places_and_kept_exactly(desk: Desk) -> None:
    """A16: the ledger holds four places, the basis the fraction."""
    desk.say(CLERK, "亩均总产值180预测185")
    settled(desk)
    (row,) = open_proposals(desk)

    assert row.points is not None
    assert row.points == row.points.quantize(Decimal("0.0001"))
    assert "/" in row.basis.get("exact", "/")


def test_the_year_end_is_when_it_happened(desk: Desk) -> None:
    desk.say(CLERK, "亩均总产值185预测185")
    desk.clock.wind_to(datetime(2011, 1, 10, 9, 30, tzinfo=ZONE))
    settled(desk)
    (row,) = [each for each in open_proposals(desk) if each.key.startswith(f"{each.programme}/settle/")]

    assert row.occurred_at.astimezone(ZONE).date().isoformat() == "2010-12-31"


def test_half_a_year_is_for_reference_and_enters_nothing(desk: Desk) -> None:
    """R57: 结算 上半年 shows what the figures up to June come to; nothing is asked, proposed or mixed with the year."""
    desk.say(CLERK, "亩均总产值185预测185")
    told = desk.answer(OFFICE, "结算 上半年")

    assert isinstance(told, SettleAsk)
    assert told.reference == "上半年"
    assert told.blocks[0].months == 6
    assert OUTPUT in {line.indicator for line in told.blocks[0].waiting}, "July's figure is none of the first half"
    assert not isinstance(desk.answer(OFFICE, "确认"), SettleDone)
    assert not open_proposals(desk)

    to_september = desk.answer(OFFICE, "结算 三季度")
    assert OUTPUT in {line.indicator for line in to_september.blocks[0].proposed}
    assert to_september.blocks[0].months == 7, "no more than have passed"


def of(desk: Desk, name: str) -> str:
    """The id of the indicator of that name."""
    rulebooks = [one.rulebook for one in desk.database.read_now(programmes.running)]
    return next(each.id for one in rulebooks for each in one.indicators if each.name == name)
