"""得分, 明细, 差距, 排名, 为什么: what is answered to questions about points."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from assessment.notices import (
    Gaps,
    OwnRank,
    Refused,
    Repair,
    RepairLine,
    ScoreLines,
    ScoreTold,
    Why,
    WhyWhich,
)
from assessment.rulebook import Subject
from storage import roster, scoring
from storage.programmes import Programme, running
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import (
    CLERK,
    FOUR_FIGURES,
    HEAD,
    IN_CHARGE,
    LEADER,
    OFFICE,
    OTHER_IN_CHARGE,
    WATER_CLERK,
    Desk,
    as_read,
    entered_by_hand,
)

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
    """R103: without a figure there are neither points nor a value."""
    desk.say(CLERK, FOUR_FIGURES.split(",")[0])
    lines = {line.name: line for block in desk.answer(CLERK, "差距").figures for line in block.lines}

    assert lines["规上亩均工业总产值"].actual == Decimal(85)
    assert lines["规上亩均税收"].actual is None
    assert lines["规上亩均税收"].points is None


@pytest.mark.parametrize("word", ["为什么", "依据", "条款"])
def test_a_point_explained(desk: Desk, entry: str, word: str) -> None:
    """R100: 为什么 tells the clause with its sentence, and who confirmed it."""
    why = desk.answer(LEADER, f"{word} {entry}")

    assert isinstance(why, Why)
    assert (why.points, why.cite, why.confirmed_by) == (Decimal(-2), "四(一)2", "陈静怡")
    assert "未按时完成的每项扣2分" in why.clause_text


def test_a_number_of_somebody_else_and_one_that_is_not_there_sound_the_same(desk: Desk, entry: str) -> None:
    assert desk.answer(CLERK, f"为什么 {entry}") == desk.answer(CLERK, "为什么 L-1008-999") == Refused()


def test_nothing_to_explain(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "为什么"), RepairLine)


@pytest.mark.parametrize(
    "asked", ["为什么扣2分", "为什么 扣2分", "为什么扣了两分？", "我们为什么被扣2分", "为什么 2分"]
)
def test_a_point_explained_by_how_much_it_was(desk: Desk, entry: str, asked: str) -> None:
    why = desk.answer(WATER_CLERK, asked)

    assert isinstance(why, Why)
    assert why.entry == entry
    assert why.may_appeal
    assert desk.answer(LEADER, "环保局为什么扣2分") == why.model_copy(update={"may_appeal": False})


def test_several_of_so_many_points_are_listed(desk: Desk, entry: str) -> None:
    second = entered_by_hand(desk, "扣分 县环保局 U7 拒不提供资料")
    which = desk.answer(WATER_CLERK, "为什么扣2分")

    assert isinstance(which, WhyWhich)
    assert {line.entry for line in which.lines} == {entry, second}
    every = desk.answer(WATER_CLERK, "为什么扣分")
    assert {line.entry for line in every.lines} > {entry, second}
    assert all(line.points < 0 for line in every.lines)
    assert f"为什么 {which.lines[0].entry}" in as_read(which)


@pytest.mark.parametrize("asked", ["为什么扣7分", "为什么加2分", "环保局为什么加分"])
def test_no_line_of_so_many_points(desk: Desk, entry: str, asked: str) -> None:
    assert desk.answer(WATER_CLERK, asked).repair is Repair.NO_SUCH_POINTS


def test_anothers_points_are_not_explained_by_how_much_they_were(desk: Desk, entry: str) -> None:
    assert desk.answer(CLERK, "环保局为什么扣2分") == Refused()
    assert desk.answer(CLERK, "为什么扣2分").repair is Repair.NO_SUCH_POINTS


def test_a_past_day(desk: Desk, entry: str) -> None:
    """得分 8月8日 shows what was published by the end of that day; a day that is none is said."""
    then, now = desk.answer(LEADER, "环保局8月8日得分"), desk.answer(LEADER, "环保局得分")

    assert [block.confirmed for block in then.points] == [Decimal(80)]
    assert [block.confirmed for block in now.points] == [Decimal(78)]
    assert isinstance(desk.answer(LEADER, "环保局2月30日得分"), RepairLine)


def test_ranks_rest_on_the_stored_totals(desk: Desk, entry: str) -> None:
    """What 排名 adds up in one query is what every scorecard gives, also after a correction."""
    entered_by_hand(desk, "加分 县经贸局 U6 抽用1次")
    for number in ("", entry):
        if number:
            desk.say(OFFICE, f"更正分 {number} 已送达")
            desk.say(OFFICE, "确认")
        ours, of_scorecards = desk.database.read_now(lambda uow: _both(uow, desk))
        assert ours.totals == of_scorecards
        assert not ours.estimated
    assert desk.answer(CLERK, "排名").place == 1


def _both(uow: UnitOfWork, desk: Desk) -> tuple[scoring.Standings, dict[int, Decimal]]:
    programme = _programme(uow)
    units, now = [unit.id for unit in roster.whole(uow).units], desk.clock.now()
    cards = {u: scoring.card(uow, programme, scoring.unit_account(programme, u), now).confirmed.final for u in units}
    return scoring.standings(uow, programme, units, now), cards


def test_ranks_of_a_hundred_cost_as_many_queries_as_of_one(desk: Desk, entry: str) -> None:
    def asked(uow: UnitOfWork, units: list[int]) -> int:
        said: list[str] = []
        programme = _programme(uow)
        event.listen(uow.connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        scoring.standings(uow, programme, units, desk.clock.now())
        return len(said)

    one = [desk.unit("县环保局").id]
    assert desk.database.read_now(lambda uow: asked(uow, one)) == 2
    assert desk.database.read_now(lambda uow: asked(uow, one + list(range(100)))) == 2


def _programme(uow: UnitOfWork) -> Programme:
    return next(p for p in running(uow) if p.rulebook.account(Subject.UNIT) is not None)
