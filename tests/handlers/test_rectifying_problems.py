"""整改通知, 已整改, 销号, 无法完成: who may, what is asked first, and that nothing happens twice."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessment.notices import NothingOwed, Refused, RepairLine, ReviewList, Urging
from assessment.notices.rectifying import (
    NotTaken,
    RectifyAsk,
    RectifyBook,
    RectifyClaimed,
    RectifyClosed,
    RectifyOrdered,
    RectifyRefused,
    RectifyReported,
    RectifyTold,
    RectifyUnable,
)
from assessment.notices.supervision import ExtensionAsked, UnableFiled
from bot.cards import card_of
from bot.county import ZONE
from storage.rectifications import ItemRow, RectificationNoticeRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk
from tests.handlers.one_measure import desk_under, shipped, unit

START = datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
ROSTER = (
    unit("督查组", "考核办", 考核办="chen")
    + unit("督查组", "考核办", 考核办="wu")
    + unit("甲局", "部门单位", 填报人="li", 主要负责人="fang", 分管领导="he")
    + unit("乙局", "部门单位", 填报人="wang")
)
NOTICE = "整改通知 甲局 限3月20日 1.台账不全 2.方案未报"
CLAIM = "责任领导：方立群；责任部门：办公室；整改时限：3月18日；整改措施：补齐"


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    rules = shipped(
        "rectification.yaml",
        ("整改:\n", "延期: {每项次数: 1, 最长日: 15}\n整改:\n  类型: [确实无法完成]\n  无法完成: 确实无法完成\n"),
    )
    with desk_under(rules, ROSTER, sqlite_template, tmp_path / "a.db", START, date(2026, 3, 1)) as desk:
        yield desk


def ordered(desk: Desk, words: str = NOTICE) -> RectifyOrdered:
    asked = desk.answer("chen", words)
    assert isinstance(asked, RectifyAsk)
    told = desk.answer("chen", "确认")
    assert isinstance(told, RectifyOrdered)
    return told


def refused(desk: Desk, who: str, words: str) -> NotTaken:
    answer = desk.answer(who, words)
    assert isinstance(answer, RectifyRefused)
    return answer.why


def done(desk: Desk, number: str) -> None:
    desk.say("li", f"整改 {number} {CLAIM}")
    assert isinstance(desk.answer("li", f"已整改 {number} 已补齐"), RectifyReported)


def test_a_notice_gives_each_problem_its_number(desk: Desk) -> None:
    told = ordered(desk)

    assert [item.text for item in told.items] == ["台账不全", "方案未报"]
    assert len({told.number, *(item.number for item in told.items)}) == 3
    assert isinstance(desk.told("li")[-1], RectifyTold)
    assert isinstance(desk.told("fang")[-1], RectifyTold)


def test_a_second_confirmation_orders_nothing_more(desk: Desk) -> None:
    ordered(desk)
    desk.say("chen", "确认")

    assert len(desk.database.read_now(lambda uow: uow.rows(select(RectificationNoticeRow)))) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("整改通知", NotTaken.NO_UNIT),
        ("整改通知 台账不全", NotTaken.NO_UNIT),
        ("整改通知 甲局、乙局 限3月20日 1.台账不全", NotTaken.ONE_UNIT),
        ("整改通知 甲局 1.台账不全", NotTaken.NO_LIMIT),
        ("整改通知 甲局 限2月30日 1.台账不全", NotTaken.NO_LIMIT),
        ("整改通知 甲局 限3月20日", NotTaken.NO_PROBLEM),
        ("整改通知 甲局 限3月20日 1.台账不全 类型 其他", NotTaken.NO_SUCH_KIND),
    ],
)
def test_nothing_is_guessed_in_a_notice(desk: Desk, words: str, why: NotTaken) -> None:
    assert refused(desk, "chen", words) is why


@pytest.mark.parametrize("who", ["li", "fang", "he", "wang"])
def test_only_the_office_gives_notice(desk: Desk, who: str) -> None:
    assert isinstance(desk.answer(who, NOTICE), Refused)


def test_a_limit_behind_the_problems_is_read_too(desk: Desk) -> None:
    asked = desk.answer("chen", "整改通知 甲局 1.3月报表未报 2.方案未报 限3月20日前")

    assert isinstance(asked, RectifyAsk)
    assert [item.text for item in asked.items] == ["3月报表未报", "方案未报"]


def test_what_is_missing_is_named(desk: Desk) -> None:
    """R48"""
    number = ordered(desk).items[0].number
    claimed = desk.answer("li", f"整改 {number} 责任部门：办公室；整改措施：补齐")

    assert isinstance(claimed, RectifyClaimed)
    assert claimed.missing == ("责任领导", "整改时限")
    assert refused(desk, "li", f"已整改 {number} 已补齐") is NotTaken.MISSING


def test_a_units_limit_lies_within_the_notices(desk: Desk) -> None:
    number = ordered(desk).items[0].number

    assert refused(desk, "li", f"整改 {number} 整改时限：3月21日") is NotTaken.TOO_LATE
    assert refused(desk, "li", f"整改 {number} 整改时限：尽快") is NotTaken.UNREADABLE_LIMIT
    assert isinstance(desk.answer("li", f"整改 {number} 整改时限：3月20日"), RectifyClaimed)
    assert isinstance(desk.answer("li", f"延期 {number} 3月30日 招标未完"), ExtensionAsked)


def test_the_units_word_closes_nothing(desk: Desk) -> None:
    """R49"""
    number = ordered(desk).items[0].number
    done(desk, number)
    book = desk.answer("chen", "整改台账 待核验")
    assert isinstance(book, RectifyBook)
    assert [(one.name, one.count) for one in book.standings] == [("待核验", 1)]

    assert isinstance(desk.answer("li", f"销号 {number}"), Refused)
    assert isinstance(desk.answer("chen", f"销号 {number}"), ReviewList)
    closed = desk.answer("chen", "确认")
    assert isinstance(closed, RectifyClosed)
    assert closed.left == 1


def test_two_of_the_office_close_once(desk: Desk) -> None:
    number = ordered(desk).items[0].number
    done(desk, number)
    desk.say("wu", f"销号 {number}")
    desk.say("chen", f"销号 {number}")
    desk.say("chen", "确认")

    assert isinstance(desk.answer("wu", "确认"), RepairLine)
    assert sum(isinstance(told, RectifyClosed) for told in desk.told("li")) == 1


def test_another_units_problem_is_nothing_to_me(desk: Desk) -> None:
    number = ordered(desk).items[0].number

    assert isinstance(desk.answer("wang", f"已整改 {number} 抢报"), NothingOwed)
    book = desk.answer("wang", "整改台账")
    assert isinstance(book, RectifyBook)
    assert book.units == ()


def test_a_notices_number_stands_for_all_its_problems(desk: Desk) -> None:
    told = ordered(desk)
    claimed = desk.answer("li", f"整改 {told.number} {CLAIM}")

    assert isinstance(claimed, RectifyClaimed)
    assert claimed.numbers == tuple(item.number for item in told.items)


def test_after_the_finding_only_the_reason_is_urged(desk: Desk) -> None:
    """R52"""
    first, second = ordered(desk).items
    desk.say("chen", f"确实无法完成 {first.number}")
    found = desk.answer("chen", "确认")
    assert isinstance(found, RectifyUnable)
    assert found.missing == (first.number,)
    assert found.task

    desk.wind(3, 23, 10)
    urged = [line for told in desk.told("li") if isinstance(told, Urging) for line in told.lines]
    assert {line.number: line.owed for line in urged} == {first.number: ("无法完成的原因",), second.number: ()}

    filed = desk.answer("li", f"无法完成 {first.number} 用地指标未批")
    assert isinstance(filed, UnableFiled)
    assert filed.settled


def test_a_problem_of_that_kind_is_asked_for_its_reason_from_the_start(desk: Desk) -> None:
    """R52"""
    number = ordered(desk, "整改通知 甲局 限3月20日 1.供地率 类型 确实无法完成").items[0].number
    book = desk.answer("li", "整改台账")
    assert isinstance(book, RectifyBook)
    assert [one.name for one in book.standings] == ["待说明"]

    desk.say("li", f"无法完成 {number} 用地指标未批")
    book = desk.answer("li", "整改台账")
    assert isinstance(book, RectifyBook)
    assert [one.name for one in book.standings] == ["无法完成"]


def test_a_special_order_is_answered_for(desk: Desk) -> None:
    """R09: with a limit, to the leader in charge too, and a task for the office until all of it is closed."""
    asked = desk.answer("chen", "专项督办令 甲局 限3月20日 供地率未达70%")
    assert isinstance(asked, RectifyAsk)
    told = desk.answer("chen", "确认")
    assert isinstance(told, RectifyOrdered)
    assert told.form == "专项督办令"
    assert isinstance(desk.told("fang")[-1], RectifyTold)
    assert any(told.task in text for text in cards(desk, "待办"))

    number = told.items[0].number
    done(desk, number)
    desk.say("chen", f"销号 {number}")
    desk.say("chen", "确认")
    assert not any(told.task in text for text in cards(desk, "待办"))


def cards(desk: Desk, words: str) -> list[str]:
    return [card_of(notice, ZONE).text() for notice in desk.say("chen", words)]


def test_what_is_on_record_cannot_be_changed(desk: Desk) -> None:
    ordered(desk)

    def falsify(uow: UnitOfWork) -> None:
        uow.update(ItemRow, ItemRow.nth == 1, text="别的问题")

    with pytest.raises(IntegrityError):
        desk.database.write_now(falsify)
