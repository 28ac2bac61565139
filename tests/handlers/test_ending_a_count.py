"""核定 … 截至今日: a unit that never reports does not keep the year open (decisions 0019)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.ledger import Basis
from assessment.notices import DecideAsk, Decided, EntryTold, Refused, Repair, RepairLine
from assessment.notices.closing import CloseAsk, CloseRefused, YearClosed
from assessment.obligation import State
from bot.cards import card_of
from bot.county import ZONE
from storage import ledger, obligations, proposals
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk
from tests.handlers.one_measure import desk_under, shipped
from tests.handlers.test_closing_a_year import DECEMBER, ROSTER


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """Nobody has reported December's plan; both units were urged on the 6th."""
    books = shipped("supervision-80.yaml")
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "e.db", DECEMBER, date(2010, 12, 1)) as desk:
        desk.wind(12, 9, 10, 0)
        yield desk


def counted(desk: Desk) -> tuple[str, str]:
    """The numbers of what grows for 县环保局 and for 县经贸局."""
    refused = desk.answer("chen", "关账")
    assert isinstance(refused, CloseRefused)
    by_account = {line.account: line.number for line in refused.counts}
    assert refused.running == tuple(line.number for line in refused.counts)
    first, second = (next(n for name, n in by_account.items() if unit in name) for unit in ("县环保局", "县经贸局"))
    return first, second


def all_entries(desk: Desk, number: str) -> list[tuple[Decimal, Basis]]:
    def job(uow: UnitOfWork) -> list[tuple[Decimal, Basis]]:
        row = proposals.by_number(uow, number)
        assert row is not None
        rows = [each for each in ledger.all_rows(uow) if each.proposal == row.id]
        return [(each.points, Basis.from_json(each.basis)) for each in rows]

    return desk.database.write_now(job)


def test_the_office_sees_what_each_count_comes_to_today_and_how_to_end_it(desk: Desk) -> None:
    refused = desk.answer("chen", "关账")

    assert len(refused.counts) == 2
    shown = card_of(refused, ZONE).text()
    assert "截至今日" in shown
    assert f"核定 {refused.counts[0].number} 截至今日 理由" in shown


def test_the_value_is_that_of_the_day_and_the_report_stays_owed(desk: Desk) -> None:
    number, _ = counted(desk)

    asked = desk.answer("chen", f"核定 {number} 截至今日 单位已撤并，不再报送")
    assert isinstance(asked, DecideAsk)
    assert (asked.through, asked.early) == (date(2010, 12, 9), ())
    decided = desk.answer("chen", "确认")

    assert isinstance(decided, Decided)
    ((points, basis),) = all_entries(desk, number)
    assert points == asked.confirm[0].points
    assert (basis.counted_to, basis.reported) == (date(2010, 12, 9), None)
    assert [row.state for row in desk.rows("县环保局", "12月工作计划")] == [State.OPEN.value]
    assert any(isinstance(notice, EntryTold) for notice in desk.told("wang"))


def test_days_that_follow_and_a_late_report_add_nothing(desk: Desk) -> None:
    number, other = counted(desk)
    desk.say("chen", f"核定 {number} 截至今日 单位已撤并")
    desk.say("chen", "确认")
    before = all_entries(desk, number)

    desk.wind(12, 12, 10, 0)
    desk.say("wang", "12月工作计划：抓好减排")
    desk.wind(12, 13, 10, 0)

    assert all_entries(desk, number) == before
    refused = desk.answer("chen", "关账")
    assert isinstance(refused, CloseRefused)
    assert refused.running == (other,)


def test_then_the_year_can_be_closed_and_what_was_owed_stays_so(desk: Desk) -> None:
    desk.say("chen", "核定 全部 截至今日 年度终了，不再等待")
    assert isinstance(desk.answer("chen", "确认"), Decided)

    asked = desk.answer("chen", "关账")
    assert isinstance(asked, CloseAsk)
    assert [(item.name, item.count) for item in asked.open] == [("12月工作计划", 2)]
    assert isinstance(desk.answer("chen", "确认"), YearClosed)
    holder = desk.unit("县环保局").id
    rows = desk.database.read_now(lambda uow: obligations.of_unit(uow, holder, closed=True))
    assert State.OPEN.value in {row.state for row in rows}


def test_a_reason_is_asked_for_and_the_office_alone_may(desk: Desk) -> None:
    number, _ = counted(desk)

    assert desk.answer("chen", f"核定 {number} 截至今日").repair is Repair.REASON_OF_STOPPING
    assert isinstance(desk.answer("wang", f"核定 {number} 截至今日 算了"), Refused)
    assert desk.answer("chen", "核定 P-1012-999 截至今日 理由").repair is Repair.NOTHING_TO_DECIDE


def test_another_day_between_question_and_confirmation_decides_nothing(desk: Desk) -> None:
    number, _ = counted(desk)
    desk.wind(12, 9, 23, 58)
    desk.say("chen", f"核定 {number} 截至今日 单位已撤并")
    desk.pass_minutes(4)

    answer = desk.answer("chen", "确认")

    assert isinstance(answer, RepairLine)
    assert answer.repair is Repair.COUNT_MOVED_ON
    assert all_entries(desk, number) == []


def test_a_report_between_question_and_confirmation_decides_nothing(desk: Desk) -> None:
    number, _ = counted(desk)
    desk.say("chen", f"核定 {number} 截至今日 单位已撤并")
    desk.say("wang", "12月工作计划：抓好减排")

    assert desk.answer("chen", "确认").repair is Repair.COUNT_MOVED_ON
    assert all_entries(desk, number) == []


def test_while_the_year_runs_a_count_runs_on(sqlite_template: Path, tmp_path: Path) -> None:
    """To end it sooner would be a favour that the measure does not know."""
    books, start = shipped("supervision-80.yaml"), DECEMBER.replace(month=11)
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "n.db", start, date(2010, 11, 1)) as desk:
        desk.wind(11, 9, 10, 0)
        refused = desk.answer("chen", "关账")
        assert refused.running
        assert refused.counts == ()

        answer = desk.answer("chen", f"核定 {refused.running[0]} 截至今日 单位已撤并")

        assert answer.repair is Repair.COUNT_RUNS_ON
