"""结算 and 公布 of a part of the year, of many units, and by two officers at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from assessment.notices import Failed, RepairLine, Why, read, write
from assessment.notices.judging import SettleAsk, SettleDone
from assessment.notices.result_lists import ResultLine
from assessment.notices.results import PublishAsk, ResultsNotDone, ResultsRefused, ResultTable, ResultTold
from bot.cards import card_of
from bot.county import CHANNEL, ZONE, Setting, found
from schedules import opening
from storage import ledger, programmes, proposals
from storage.database import Database
from storage.proposals import ProposalRow
from tests.handlers.at_once import at_once
from tests.handlers.desk import Desk
from tests.handlers.one_measure import HEADING, shipped, unit

MULCH = "单位: 亩\n    类型: 累计\n    报预测: false\n    计分: {方式: 核实合计, 目标: null, 满分: null}"
STRAW = "单位: 吨\n    类型: 累计\n    报预测: false\n    计分: {方式: 核实合计, 目标: null, 满分: null}"
CHANGES = (
    (MULCH, MULCH.replace("目标: null, 满分: null", "目标: 1200, 满分: 20")),
    (STRAW, STRAW.replace("目标: null, 满分: null", "目标: 300, 满分: 10")),
    ("责任书: {名称: 目标管理责任书, 依据: 二}", "分期:\n  - {周期: 半年, 只限: [1], 依据: 二}"),
    ("公布前保密: true\n", ""),
)
BOARD = "目标管理考核委员会"
OFFICE = unit(BOARD, "考核办", 考核办="chen") + f"{BOARD},,考核办,wu,考核办,sandbox,wu,2010-01-01,\n"
TWO_TOWNS = OFFICE + unit("甲镇", "乡镇", 填报人="li", 主要负责人="fang") + unit("乙镇", "乡镇", 填报人="wang")
JULY = datetime(2010, 7, 12, 9, 30, tzinfo=ZONE)
STRAW_NAME = "草畜转化"
WECOM_BYTES = 2048


@contextmanager
def opened(database: Database, roster: str) -> Iterator[Desk]:
    books = shipped("autumn-mulch.yaml", *CHANGES)
    setting = Setting(roster=HEADING + roster, rulebooks=books, start=JULY, live_from=date(2010, 1, 1))
    database.write_now(lambda uow: found(uow, setting, {CHANNEL: CHANNEL}))
    desk = Desk(database, JULY)
    database.write_now(lambda uow: opening.sweep(uow, desk.installation, JULY))
    yield desk


@pytest.fixture
def towns(database: Database) -> Iterator[Desk]:
    with opened(database, TWO_TOWNS) as desk:
        yield desk


def confirmed(desk: Desk, words: str) -> Any:
    desk.say("chen", words)
    return desk.answer("chen", "确认")


def rows(desk: Desk) -> list[ProposalRow]:
    def of_all(uow: Any) -> list[ProposalRow]:
        return [row for one in programmes.running(uow) for row in proposals.undecided(uow, one.id)]

    return desk.database.read_now(of_all)


def entered(desk: Desk) -> None:
    numbers = "、".join(row.number for row in rows(desk))
    confirmed(desk, f"核定 {numbers} 数据已核")


def test_the_half_year_is_entered_beside_the_year(towns: Desk) -> None:
    """R35: its points stand in the ledger under the half year; the year's total has none of them."""
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    done = confirmed(towns, "结算 上半年")
    assert isinstance(done, SettleDone)
    (row,) = rows(towns)
    assert (row.basis["period"], row.points) == ("2010H1", Decimal(4))
    assert row.occurred_at.astimezone(ZONE).date().isoformat() == "2010-06-30"

    entered(towns)
    (entry,) = towns.entries("甲镇")
    stored = towns.database.read_now(lambda uow: ledger.total(uow, entry.account))
    assert stored is not None
    assert (entry.points, stored.total) == (Decimal(4), Decimal(0))
    year = towns.answer("chen", "结算")
    assert isinstance(year, SettleAsk)
    (line,) = [line for line in year.blocks[0].proposed if line.unit == "甲镇"]
    assert line.beside == (("上半年", Decimal(4)),)
    assert year.blocks[0].apart


def test_a_corrected_half_year_is_reversed_alone(towns: Desk) -> None:
    """R101: the half year is corrected, and nothing of the year moves."""
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    confirmed(towns, "结算 上半年")
    entered(towns)
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 150")
    again = confirmed(towns, "结算 上半年")

    assert isinstance(again, SettleDone)
    assert len(again.blocks[0].changed) == 1
    assert [row.basis["period"] for row in rows(towns)] == ["2010H1"]
    assert [entry.reverses is not None for entry in towns.entries("甲镇")] == [False, True]


def test_a_part_that_is_not_settled_by_itself_is_for_reference(towns: Desk) -> None:
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    told = towns.answer("chen", "结算 二季度")
    refused = towns.answer("chen", "公布 二季度")

    assert isinstance(told, SettleAsk)
    assert (told.reference, told.nothing) == ("二季度", True)
    assert isinstance(refused, ResultsNotDone)
    assert refused.why is ResultsRefused.NOT_BY_PART


def test_what_is_not_settled_has_no_total_of_the_half_year(towns: Desk) -> None:
    """R103: before its 结算 nothing is said of anybody, and then not of whom nothing is settled."""
    assert isinstance(towns.answer("chen", "公布 上半年"), ResultsNotDone)
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    confirmed(towns, "结算 上半年")
    entered(towns)

    table = towns.answer("chen", "考核结果 上半年")
    assert isinstance(table, ResultTable)
    lines = {line.name: line for group in table.groups for line in group.lines}
    assert (lines["甲镇"].total, lines["甲镇"].lacking, lines["乙镇"].total) == (Decimal(4), 1, None)

    confirmed(towns, "公布 上半年")
    (told,) = [notice for notice in towns.say("li", "考核结果") if isinstance(notice, ResultTold)]
    assert (told.span, told.line.total) == ("上半年", Decimal(4))


def test_the_year_says_which_published_part_has_moved_since(towns: Desk) -> None:
    """The half year was published as 4 and stands at 5 by now: before the year goes out, the office is told."""
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    confirmed(towns, "结算 上半年")
    entered(towns)
    confirmed(towns, "公布 上半年")
    confirmed(towns, "录分 实地核实 甲镇 88.5 齐全")
    unmoved = towns.answer("chen", "公布")
    towns.say("chen", "取消")
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 150")
    confirmed(towns, "结算 上半年")
    entered(towns)
    moved = towns.answer("chen", "公布")

    assert isinstance(unmoved, PublishAsk)
    assert isinstance(moved, PublishAsk)
    assert (unmoved.moved, moved.moved) == ((), ("上半年（甲镇）",))


def test_two_officers_settle_the_half_year_once(towns: Desk) -> None:
    """On both databases: one set of proposals, and the second hears that things have changed."""
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    towns.say("chen", "结算 上半年")
    towns.say("wu", "结算 上半年")

    answers = at_once(towns, "确认", "chen", "wu")

    assert not [notice for notice in answers if isinstance(notice, Failed)]
    assert len([notice for notice in answers if isinstance(notice, SettleDone)]) == 1
    assert len([notice for notice in answers if isinstance(notice, RepairLine)]) == 1
    assert len(rows(towns)) == 1


def test_the_year_and_its_half_settled_at_once_are_both_there(towns: Desk) -> None:
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    towns.say("chen", "结算 上半年")
    towns.say("wu", "结算")

    answers = at_once(towns, "确认", "chen", "wu")

    assert len([notice for notice in answers if isinstance(notice, SettleDone)]) == 2
    assert sorted(row.basis["period"] for row in rows(towns)) == ["2010", "2010H1"]


# ── 单位多了，卡片也不长 ──


def many_towns(number: int) -> str:
    return OFFICE + "".join(unit(f"第{at}镇", "乡镇", 填报人=f"town{at}") for at in range(number))


def test_a_long_settlement_comes_in_pages(database: Database) -> None:
    """A card holds one page with the counts of all; 确认 settles everything, whichever page was looked at."""
    with opened(database, many_towns(15)) as desk:
        confirmed(desk, f"核实 第3镇 {STRAW_NAME} 发票 A1 120")
        confirmed(desk, f"核实 第4镇 {STRAW_NAME} 发票 A1 60")
        first, last = desk.answer("chen", "结算 上半年"), desk.answer("chen", "结算 上半年 第3页")
        assert isinstance(first, SettleAsk)
        assert isinstance(last, SettleAsk)
        assert (first.page, first.pages, last.page) == (1, 3, 3)
        (block,) = first.blocks
        assert (block.size("proposed"), block.size("waiting"), block.units) == (2, 28, 15)
        assert (block.highest, block.lowest) == (("第3镇", Decimal(4)), ("第4镇", Decimal(2)))
        text = card_of(first, ZONE).text()
        assert "请回复“结算 上半年 第2页”查看下一页" in text
        assert len(text.encode()) < WECOM_BYTES
        shown = [line for one in (first, desk.answer("chen", "结算 上半年 第2页"), last) for line in all_lines(one)]
        assert len(shown) == len(set(shown)) == 30

        assert isinstance(desk.answer("chen", "确认"), SettleDone)
        assert len(rows(desk)) == 2


def all_lines(ask: SettleAsk) -> list[tuple[str, str]]:
    return [(line.unit, line.indicator) for block in ask.blocks for line in (*block.proposed, *block.waiting)]


def test_a_long_list_of_results_comes_in_pages(database: Database) -> None:
    with opened(database, many_towns(15)) as desk:
        confirmed(desk, f"核实 第3镇 {STRAW_NAME} 发票 A1 120")
        confirmed(desk, "结算 上半年")
        entered(desk)
        ask = desk.answer("chen", "公布 上半年 第2页")
        assert isinstance(ask, PublishAsk)
        assert (ask.paged.page, ask.paged.pages, ask.told) == (2, 2, 15)
        (group,) = ask.groups
        assert group.sums is not None
        assert (group.sums.units, group.sums.highest, group.sums.unknown, len(group.lines)) == (15, Decimal(4), 14, 3)
        assert len(card_of(ask, ZONE).text().encode()) < WECOM_BYTES
        desk.answer("chen", "确认")

        table = desk.answer("chen", "考核结果 上半年")
        assert isinstance(table, ResultTable)
        assert table.published_at is not None
        assert len(table.groups[0].lines) == 12
        assert "请回复“考核结果 上半年 第2页”" in card_of(table, ZONE).text()


def test_a_publication_of_earlier_days_is_still_read() -> None:
    """R86: what was published stays readable, also from when only the first half had a column beside the year."""
    kept = {"name": "甲镇", "unit": 1, "total": "86", "half": "92"}

    line = ResultLine.model_validate(kept)

    assert line.beside == (("上半年", Decimal(92)),)
    assert ResultLine.model_validate(line.model_dump(mode="json")) == line
    assert ResultLine.model_validate({**kept, "half": None}).beside == ()
    table = ResultTable(programme="办法", version="1", span="年度", as_of=JULY, groups=())
    assert read(write(table)) == table


def test_points_of_a_part_are_explained_and_told_like_any_other(towns: Desk) -> None:
    """R100: 为什么 finds the entry on its own card; the unit's total of the year is not said to have moved."""
    confirmed(towns, f"核实 甲镇 {STRAW_NAME} 发票 A1 120")
    confirmed(towns, "结算 上半年")
    (row,) = rows(towns)
    open_one = towns.answer("chen", f"为什么 {row.number}")
    entered(towns)
    (entry,) = towns.entries("甲镇")
    told = towns.answer("chen", f"为什么 {entry.number}")

    assert isinstance(open_one, Why)
    assert isinstance(told, Why)
    assert (told.points, told.fact.startswith("2010年上半年结算（单列，不计入年度）")) == (Decimal(4), True)
    assert open_one.fact == told.fact
