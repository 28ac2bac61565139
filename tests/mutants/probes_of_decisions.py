"""What 核定 and 审定 promise, as test bodies: points within the printed range, and what was shown or nothing."""

from decimal import Decimal

from assessment.notices import DecideAsk, Repair, RepairLine
from storage import proposals
from storage.proposals import ProposalRow, Stage
from tests.handlers.desk import OFFICE, Desk, overdue_matter

_RANGE_OF_TWO = "扣分 县环保局 P1b 2 王晨曦 反馈不全"


def a_range_is_never_left(desk: Desk) -> None:
    """A clause of −2 to −1 that has its points already: 核定 may change them, but only so far, and never their sign."""
    desk.say(OFFICE, _RANGE_OF_TWO)
    number = desk.answer(OFFICE, "确认").line.number

    for typed in ("5分", "-7分", "0.5分"):
        answer = desk.answer(OFFICE, f"核定 {number} {typed} 已听取说明")
        assert isinstance(answer, RepairLine)
        assert answer.repair is Repair.POINTS_OUT_OF_RANGE
    asked = desk.answer(OFFICE, f"核定 {number} 1分 已听取说明")
    assert isinstance(asked, DecideAsk)
    assert [line.points for line in asked.confirm] == [Decimal(-1)]
    desk.say(OFFICE, "确认")
    entered = _row(desk, number)
    assert (entered.points, entered.stage) == (Decimal(-1), Stage.CONFIRMED.value)


def what_the_measure_prints_is_not_weighed(desk: Desk) -> None:
    number = overdue_matter(desk)

    answer = desk.answer(OFFICE, f"核定 {number} 5分 事实清楚")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.POINTS_NOT_AS_PRINTED


def what_was_shown_is_entered_or_nothing(desk: Desk) -> None:
    """A proposal whose points changed between the question and its confirmation is left, and named."""
    number = overdue_matter(desk)
    desk.say(OFFICE, f"核定 {number} 事实清楚")
    _change(desk, number, points=Decimal(-1))

    (answer,) = desk.say(OFFICE, "确认")

    assert isinstance(answer, RepairLine)
    assert (answer.about, answer.repair) == (number, Repair.PROPOSAL_CHANGED)
    assert desk.entries("县环保局") == []


def another_basis_is_another_decision(desk: Desk) -> None:
    number = overdue_matter(desk)
    desk.say(OFFICE, f"核定 {number} 事实清楚")
    _change(desk, number, basis=_row(desk, number).basis | {"reason": "另有缘由"})

    desk.say(OFFICE, "确认")

    assert desk.entries("县环保局") == []


def _change(desk: Desk, number: str, **values: object) -> None:
    proposal = _row(desk, number).id
    desk.database.write_now(lambda uow: proposals.change(uow, proposal, **values))


def _row(desk: Desk, number: str) -> ProposalRow:
    row = desk.database.read_now(lambda uow: proposals.by_number(uow, number))
    assert row is not None
    return row
