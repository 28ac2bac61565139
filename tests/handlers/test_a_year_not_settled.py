"""A unit of which nothing is settled: its total is 暂估, and it has no place, nor lets anybody else's be certain."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.county import ZONE
from tests.handlers.desk import Desk
from tests.handlers.one_measure import Under, shipped, unit

CHANGES = (
    ("年度: 2001", "年度: 2010"),
    ("冻结至: 2001-12-31", "冻结至: 2010-12-31"),
    ("截止: {日期: 2001-05-31}", "截止: {日期: 2010-05-31}"),
    ("标准: null, 额定分: null, 每超一: null, 附加上限: null", "标准: 10, 额定分: 20, 每超一: 2, 附加上限: 6"),
    ("方式: 定性, 满分: null", "方式: 定性, 满分: 10"),
)
ROSTER = unit("局考核办", "考核办", 考核办="chen") + "".join(
    unit(name, "派出所", 填报人=account)
    for name, account in (("甲派出所", "li"), ("乙派出所", "wang"), ("丙派出所", "ma"))
)
ALL = ("甲派出所", "乙派出所", "丙派出所")


@pytest.fixture
def desk(under: Under) -> Iterator[Desk]:
    with under(shipped("police-points.yaml", *CHANGES), ROSTER, datetime(2010, 12, 27, 9, 30, tzinfo=ZONE)) as desk:
        yield desk


def confirmed(desk: Desk, words: str) -> Any:
    desk.say("chen", words)
    return desk.answer("chen", "确认")


def settled_for(desk: Desk, *units: str) -> None:
    """The office has judged both indicators of these, settled the year, and confirmed what came of it."""
    for cases, name in enumerate(units, start=9):
        confirmed(desk, f"评定 {name} 破案起数 {cases} 案件登记表")
        confirmed(desk, f"评定 {name} 德、能、廉 8 年终测评")
    confirmed(desk, "结算")
    confirmed(desk, "核定 全部")


def test_before_the_settlement_begins_nothing_is_said_of_anybody(desk: Desk) -> None:
    (block,) = desk.answer("li", "得分").points

    assert block.estimated == ()
    assert desk.answer("li", "排名").place == 1


def test_a_unit_that_reported_nothing_is_estimated_and_not_at_zero(desk: Desk) -> None:
    """R103: missing data is 未报, never 0."""
    settled_for(desk, "甲派出所", "乙派出所")

    (block,) = desk.answer("ma", "得分").points
    assert "破案起数" in block.estimated
    (block,) = desk.answer("wang", "得分").points
    assert "破案起数" not in block.estimated


def test_it_has_no_place_and_makes_nobodys_place_certain(desk: Desk) -> None:
    settled_for(desk, "甲派出所", "乙派出所")

    assert [desk.answer(who, "排名").place for who in ("li", "wang", "ma")] == [None, None, None]


def test_nor_is_it_published_with_a_total(desk: Desk) -> None:
    settled_for(desk, "甲派出所", "乙派出所")

    lines = {line.name: line for group in desk.answer("chen", "公布").groups for line in group.lines}

    assert lines["丙派出所"].total is None
    assert lines["甲派出所"].total == Decimal(8)
    assert {line.place for line in lines.values()} == {None}


def test_once_something_is_settled_for_everybody_there_are_places(desk: Desk) -> None:
    settled_for(desk, *ALL)

    assert [desk.answer(who, "排名").place for who in ("li", "wang", "ma")] == [3, 2, 1]
