"""撤回授奖: an award that was given can be taken back; both stay on record, and the unit is told."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from assessment.notices import Refused
from assessment.notices.results import (
    AwardAsk,
    AwardLine,
    AwardTable,
    AwardTakenBack,
    ResultsNotDone,
    ResultsRefused,
    TakeBackAsk,
)
from bot.county import ZONE
from storage import awards, programmes
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, unit

BEGIN = datetime(2026, 12, 28, 9, 30, tzinfo=ZONE)
RULEBOOK = """编号: awards
办法: 年度目标考核
版本: 试行
年度: 2026
主管: 县委督查室
出处: 某县文件
记分:
  - {对象: 单位, 基础分: 100}
条款:
  - {编号: V1, 名称: 弄虚作假, 依据: 四, 原文: 弄虚作假的实行否决, 触发: 人工记录, 分值: 0, 标记: 否决}
奖励:
  - {名称: 先进单位, 对象: 乡镇, 名额: 3, 金额: 2, 币值: 万元, 依据: 五}
  - {名称: 示范村, 对象: 村, 名额: null, 依据: 五}
"""
ROSTER = (
    unit("县委督查室", "考核办", 考核办="chen")
    + unit("子镇", "乡镇", 填报人="li", 主要负责人="fang")
    + unit("丑镇", "乡镇", 填报人="sun", 主要负责人="he")
)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    books = {"awards.yaml": RULEBOOK}
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "a.db", BEGIN, date(2026, 12, 1)) as desk:
        desk.say("chen", "授奖 先进单位 子镇、丑镇")
        desk.say("chen", "确认")
        yield desk


def line(desk: Desk, name: str = "先进单位") -> AwardLine:
    table = desk.answer("chen", "奖励")
    assert isinstance(table, AwardTable)
    return next(one for one in table.lines if one.name == name)


def take_back(desk: Desk, words: str) -> list[Any]:
    asked = desk.answer("chen", f"撤回授奖 {words}")
    assert isinstance(asked, TakeBackAsk)
    return desk.say("chen", "确认")


def test_what_was_given_is_taken_back_and_stays_on_record(desk: Desk) -> None:
    """R54: the list and what it comes to are as if it had not been given; why stands beside."""
    assert str(line(desk).total) == "4"

    done, _ = take_back(desk, "先进单位 丑镇 年度内发生一票否决事项")

    assert isinstance(done, AwardTakenBack)
    now = line(desk)
    assert (now.winners, str(now.total)) == (("子镇",), "2")
    assert now.taken_back == (("丑镇", "年度内发生一票否决事项"),)
    programme = desk.database.read_now(programmes.running)[0].id
    assert len(desk.database.read_now(lambda uow: awards.taken_back(uow, programme))) == 1


def test_the_unit_is_told_why(desk: Desk) -> None:
    take_back(desk, "先进单位 丑镇 年度内发生一票否决事项")

    for who in ("sun", "he"):
        (told,) = [notice for notice in desk.told(who) if isinstance(notice, AwardTakenBack)]
        assert "年度内发生一票否决事项" in as_read(told)
    assert not [notice for notice in desk.told("fang") if isinstance(notice, AwardTakenBack)]


def test_whom_nobody_stands_for_the_office_tells_itself(desk: Desk) -> None:
    desk.say("chen", "授奖 示范村 卯村")
    desk.say("chen", "确认")

    done, _ = take_back(desk, "示范村 卯村 数据不实")

    assert "卯村不在名册内" in as_read(done)


def test_several_at_once_and_given_again(desk: Desk) -> None:
    take_back(desk, "先进单位 子镇、丑镇 重新评议")
    assert line(desk).winners == ()

    assert isinstance(desk.answer("chen", "授奖 先进单位 丑镇"), AwardAsk)
    desk.say("chen", "确认")

    assert line(desk).winners == ("丑镇",)
    take_back(desk, "先进单位 丑镇 再次评议")
    assert [why for _, why in line(desk).taken_back] == ["重新评议", "重新评议", "再次评议"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("先进单位 丑镇", ResultsRefused.TAKE_BACK_REASON),
        ("先进单位 寅镇 理由", ResultsRefused.NOBODY_HAS_IT),
        ("", ResultsRefused.NOBODY_HAS_IT),
    ],
)
def test_what_is_missing_is_named(desk: Desk, words: str, why: ResultsRefused) -> None:
    refused = desk.answer("chen", f"撤回授奖 {words}")

    assert isinstance(refused, ResultsNotDone)
    assert refused.why is why
    assert line(desk).winners == ("子镇", "丑镇")


def test_only_the_office_takes_back(desk: Desk) -> None:
    assert isinstance(desk.answer("fang", "撤回授奖 先进单位 丑镇 理由"), Refused)


def test_a_second_confirmation_takes_nothing_back_twice(desk: Desk) -> None:
    take_back(desk, "先进单位 丑镇 重新评议")

    desk.say("chen", "确认")

    assert len(line(desk).taken_back) == 1


def test_a_veto_that_comes_later_is_seen_beside_the_award(desk: Desk) -> None:
    """R89: the service takes no award back; it says who could not be chosen now, and people decide."""
    assert line(desk).no_longer_fit == ()

    desk.say("chen", "扣分 丑镇 V1 材料不实")
    number = desk.answer("chen", "确认").line.number
    desk.say("chen", f"核定 {number} 事实清楚")
    desk.say("chen", "确认")

    assert line(desk).no_longer_fit == ("丑镇",)
    assert line(desk).winners == ("子镇", "丑镇")
    assert "撤回授奖 先进单位 丑镇 理由" in as_read(desk.answer("chen", "奖励"))
