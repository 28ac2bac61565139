"""个人得分: a person's account asked for by name, explained, and by whom; apart from the unit's (R24)."""

from decimal import Decimal

import pytest

from assessment.notices import Refused, RepairLine, ScoreTold, Why
from assessment.roster import Role
from storage import roster
from tests.handlers.desk import CLERK, HEAD, IN_CHARGE, LEADER, OFFICE, WATER_CLERK, Desk, as_read, entered_by_hand

NAME, OTHER = "李敏", "王晨曦"


def lost(desk: Desk, unit: str = "县经贸局", name: str = NAME) -> str:
    return entered_by_hand(desk, f"扣分 {unit} P6b {name} 缺席8月3日会议")


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        (CLERK, "个人得分"),
        (CLERK, "我的得分"),
        (CLERK, "得分 个人"),
        (HEAD, f"得分 {NAME}"),
        (HEAD, f"{NAME}多少分"),
        (OFFICE, f"个人得分 {NAME}"),
        (OFFICE, f"县经贸局{NAME}得分"),
    ],
)
def test_the_person_the_head_and_the_office_see_it_by_name(desk: Desk, who: str, asked: str) -> None:
    """R24: 个人记分，不计入单位."""
    lost(desk)

    told = desk.answer(who, asked)
    assert isinstance(told, ScoreTold), as_read(told)
    (block,) = told.points
    assert block.personal
    assert block.confirmed == Decimal(-2)
    assert "个人记分，不计入单位" in as_read(told)


@pytest.mark.parametrize("who", [WATER_CLERK, IN_CHARGE, LEADER])
@pytest.mark.parametrize("asked", [f"得分 {NAME}", f"个人得分 {NAME}", f"个人明细 {NAME}", "个人得分 没有此人"])
def test_nobody_else_does_and_learns_whether_there_is_such_a_person(desk: Desk, who: str, asked: str) -> None:
    lost(desk)

    assert desk.answer(who, asked) == Refused()


def test_each_point_of_a_person_is_explained(desk: Desk) -> None:
    """R100: number, clause and reason, for the person and the head."""
    number = lost(desk)

    for who in (CLERK, HEAD, OFFICE):
        assert number in as_read(desk.answer(who, f"个人明细 {NAME}"))
        assert isinstance(desk.answer(who, f"为什么 {number}"), Why)


def test_a_head_is_assessed_like_anybody_and_sees_it(desk: Desk) -> None:
    """“以普通一员的身份,和民警一样参加考核”: whoever holds a post of the unit has an account, shown with the unit's."""
    number = entered_by_hand(desk, "扣分 县经贸局 P6b 方立群 缺席8月3日会议")

    for asked in ("得分", "个人得分"):
        assert "方立群" in as_read(desk.answer(HEAD, asked))
    assert isinstance(desk.answer(HEAD, f"为什么 {number}"), Why)
    assert "方立群" not in as_read(desk.answer(CLERK, "得分"))


def test_of_a_clerk_of_two_units_a_head_sees_the_own_unit_s_matters_only(desk: Desk) -> None:
    other = desk.unit("县经贸局").id
    desk.database.write_now(lambda uow: roster.add_post(uow, desk.person(WATER_CLERK), other, Role.REPORTER))
    theirs, ours = lost(desk, "县环保局", OTHER), lost(desk, "县经贸局", OTHER)

    seen = as_read(desk.answer(HEAD, f"个人明细 {OTHER}"))
    assert ours in seen
    assert theirs not in seen
    assert "以上只计县经贸局事项" in seen


def test_the_office_is_told_of_a_name_that_nobody_bears(desk: Desk) -> None:
    assert isinstance(desk.answer(OFFICE, "个人得分 没有此人"), RepairLine)
