"""条线: who enters on a leader's line, who sees it, and how the lines are ranked; no unit and no person is in it."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import Refused, RepairLine, Why
from assessment.notices.lines import LineNotTold, LineRanking, LineUnclear, OwnLineRank
from assessment.notices.results import NotTold
from assessment.rulebook import Subject
from bot.county import ZONE
from storage import ledger, proposals
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import CLERK, HEAD, IN_CHARGE, LEADER, OFFICE, OTHER_IN_CHARGE, SECRETARY, Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, some_of_the_county

UNSET = "    对象: 条线\n    触发: 人工记录\n    分值: null\n"
BETWEEN = "    对象: 条线\n    触发: 人工记录\n    幅度: {自: -5, 至: 10}\n"
AUTOMATIC = """  - 编号: L2
    名称: 条线内事项逾期
    依据: 四
    原文: 条线内事项逾期
    对象: 条线
    触发: 事项逾期
    分值: -1
"""
HE, LIN = "何志远", "林书雅"


def furnished(template: Path, path: Path, *changes: tuple[str, str]) -> Path:
    books = shipped("supervision-80.yaml", *changes)
    start = datetime(2010, 8, 4, 9, 12, tzinfo=ZONE)
    with desk_under(books, some_of_the_county("县环保局", "县经贸局"), template, path, start, date(2010, 8, 1)):
        return path


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = (UNSET, BETWEEN), ("\n报送任务:\n", f"\n{AUTOMATIC}\n报送任务:\n")
    return furnished(sqlite_template, tmp_path_factory.mktemp("lines") / "county.db", *changes)


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with Database.open(f"sqlite:///{shutil.copy(template, tmp_path / 'county.db')}") as database:
        yield Desk(database)


def entered(desk: Desk, command: str) -> str:
    """Record by hand and confirm; the number of the entry."""
    desk.say(OFFICE, command)
    number = desk.answer(OFFICE, "确认").line.number
    desk.say(OFFICE, f"核定 {number} 会同两办9月30日会议研究")
    desk.say(OFFICE, "确认")
    return desk.database.read_now(lambda uow: entry_of(uow, number))


def entry_of(uow: UnitOfWork, number: str) -> str:
    """The number of the entry that came of a proposal; it stands on no unit's account and on no person's."""
    row = proposals.by_number(uow, number)
    assert row is not None
    entry = ledger.of_proposal(uow, row.id)
    assert entry is not None
    assert entry.account.subject is Subject.LINE
    return entry.number


def test_the_office_enters_on_a_line_and_its_leader_sees_every_point(desk: Desk) -> None:
    """R26: 得分 条线 by the leader; the units' accounts stay as they were; each point is asked 为什么."""
    number = entered(desk, f"加分 {HE}条线 L1 6 督查开展情况良好，会同两办考核")

    told = as_read(desk.answer(IN_CHARGE, "得分 条线"))
    assert f"{HE}条线" in told
    assert "6分" in told
    assert isinstance(desk.answer(IN_CHARGE, f"为什么 {number}"), Why)
    assert f"{HE}条线" in as_read(desk.answer(LEADER, f"为什么 {number}"))
    assert "督查开展情况良好" in as_read(desk.answer(IN_CHARGE, "明细 条线"))
    for unit in ("县经贸局", "县环保局"):
        assert desk.score(unit).confirmed.final == Decimal(80)


@pytest.mark.parametrize("asked", ["得分 条线", f"得分 {HE}条线", f"条线得分 {HE}", f"{HE}条线多少分", "条线排名"])
@pytest.mark.parametrize("who", [CLERK, HEAD])
def test_units_see_nothing_of_the_lines(desk: Desk, who: str, asked: str) -> None:
    """R26: the same words whatever there is to know."""
    entered(desk, f"加分 {HE}条线 L1 6 督查开展情况良好")

    assert desk.answer(who, asked) == Refused()


def test_a_leader_sees_the_own_line_and_no_other(desk: Desk) -> None:
    number = entered(desk, f"加分 {HE}条线 L1 6 督查开展情况良好")

    assert desk.answer(OTHER_IN_CHARGE, f"得分 {HE}条线") == Refused()
    assert desk.answer(OTHER_IN_CHARGE, f"为什么 {number}") == Refused()
    assert f"{LIN}条线" in as_read(desk.answer(OTHER_IN_CHARGE, "条线得分"))


@pytest.mark.parametrize("who", [CLERK, HEAD, IN_CHARGE, LEADER, SECRETARY])
def test_nobody_but_the_office_enters_on_a_line(desk: Desk, who: str) -> None:
    assert desk.answer(who, f"加分 {HE}条线 L1 6 督查开展情况良好") == Refused()


def test_a_clause_on_lines_fits_no_unit_and_a_unit_s_clause_no_line(desk: Desk) -> None:
    for command in ("加分 县经贸局 L1 6 会同两办考核", f"加分 {HE}条线 U6 抽用1次"):
        assert isinstance(desk.answer(OFFICE, command), RepairLine), command


def test_a_deduction_is_told_to_the_leader_alone_who_may_be_heard_and_may_appeal(desk: Desk) -> None:
    desk.say(OFFICE, f"扣分 {HE}条线 L1 2 两次未按时反馈")
    number = desk.answer(OFFICE, "确认").line.number
    desk.deliver()
    assert [who for who in (CLERK, HEAD, IN_CHARGE, LEADER) if number in str(desk.told(who))] == [IN_CHARGE]

    assert "情况说明已收" in as_read(desk.answer(IN_CHARGE, f"情况说明 {number} 已补报"))
    desk.say(OFFICE, f"核定 {number}")
    desk.say(OFFICE, "确认")
    assert f"{HE}条线" in as_read(desk.answer(IN_CHARGE, "申诉"))
    assert "条线" not in as_read(desk.answer(HEAD, "申诉"))


def test_lines_are_ranked_for_those_who_decide_and_the_own_place_is_told_with_the_year(desk: Desk) -> None:
    """R26: 排名 条线; before publication a leader hears no place, afterwards the own one as of that day."""
    entered(desk, f"加分 {HE}条线 L1 6 督查开展情况良好")
    for who in (LEADER, OFFICE, SECRETARY):
        ranking = desk.answer(who, "排名 条线")
        assert isinstance(ranking, LineRanking)
        assert [(line.leader, line.total, line.place) for line in ranking.lines] == [(HE, Decimal(6), 1), (LIN, 0, 2)]
        assert "县经贸局" in as_read(ranking)
        assert "尚未公布" in as_read(ranking)
    assert isinstance(desk.answer(IN_CHARGE, "条线排名"), NotTold)

    desk.say(OFFICE, "公布")
    desk.say(OFFICE, "确认")
    desk.pass_minutes(5)
    entered(desk, f"扣分 {HE}条线 L1 5 公布后查实")
    own = desk.answer(OTHER_IN_CHARGE, "条线排名")
    assert isinstance(own, OwnLineRank)
    assert (own.line.place, own.of, own.line.total) == (2, 2, Decimal(0))
    assert HE not in as_read(own)
    assert desk.answer(LEADER, "条线排名").lines[0].total == Decimal(6)
    assert "−" not in as_read(desk.answer(IN_CHARGE, "条线排名"))


def test_a_matter_overdue_costs_the_line_of_the_leader_in_charge_where_the_measure_says_so(desk: Desk) -> None:
    """R26: facts reach the line by themselves too, and the unit's points stay the unit's."""
    desk.say(OFFICE, "交办 县环保局 报送水环境整治方案 8月6日前 类别 招商引资")
    desk.say(OFFICE, "确认")
    desk.wind(8, 7, 10)
    desk.settle()

    waiting = as_read(desk.answer(OFFICE, "核定"))
    assert f"{LIN}条线，拟扣1分" in waiting
    assert "县环保局，拟扣5分" in waiting


def test_without_a_value_of_the_office_s_nothing_is_entered_and_nothing_ranked(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """The text prints no points for lines: L1 stays unset, and the ranking says so instead of counting 0."""
    path = furnished(sqlite_template, tmp_path / "county.db")
    with Database.open(f"sqlite:///{path}") as database:
        desk = Desk(database)
        assert isinstance(desk.answer(OFFICE, f"加分 {HE}条线 L1 会同两办考核"), RepairLine)
        ranking = desk.answer(LEADER, "条线排名")

    assert [line.place for line in ranking.lines] == [None, None]
    assert "分值尚未设定" in as_read(ranking)


@pytest.mark.parametrize("asked", ["条线得分", "得分 条线", "条线得分 没有此人"])
def test_the_office_is_asked_whose_line_it_means(desk: Desk, asked: str) -> None:
    told = desk.answer(OFFICE, asked)

    assert isinstance(told, LineNotTold)
    assert (told.why, set(told.leaders)) == (LineUnclear.WHICH_LINE, {HE, LIN})
