"""What was done early, what adds points, a nil report, what has no value, and several deductions decided at once."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assessment.notices import DecideAsk, Decided, DecideList, EntriesTold, EntryTold, Repair, RepairLine
from assessment.notices.closing import CloseAsk, CloseRefused
from bot.cards import card_of
from bot.county import ZONE
from storage import programmes, proposals
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk
from tests.handlers.one_measure import Under, desk_under, shipped
from tests.handlers.test_closing_a_year import DECEMBER, ROSTER

PLAN_UNSET = ("触发: 按时报送\n    分值: 0.2", "触发: 按时报送\n    分值: null")
NIL = "零报告 12月工作计划 本月无重点工作"
EARLY, ON_THE_DAY = (12, 8), (12, 10)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    books = shipped("supervision-80.yaml")
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "e.db", DECEMBER, date(2010, 12, 1)) as desk:
        yield desk


def confirmed(desk: Desk, who: str, words: str) -> Any:
    desk.say(who, words)
    return desk.answer(who, "确认")


def matter_done(desk: Desk, month: int, day: int) -> str:
    """县环保局 has a matter to do by 10 December, and has done it on that day; its number."""
    number: str = confirmed(desk, "chen", "交办 县环保局 治理城区河道 12月10日前 类别 专项督查").number
    desk.wind(month, day, 9, 30)
    desk.say("wang", f"办结 {number} 已完工")
    confirmed(desk, "chen", f"销号 {number}")
    return number


def open_rows(desk: Desk, clause: str = "") -> list[ProposalRow]:
    def rows(uow: UnitOfWork) -> list[ProposalRow]:
        found = [row for one in programmes.running(uow) for row in proposals.undecided(uow, one.id)]
        return [row for row in found if clause in ("", row.clause)]

    return desk.database.read_now(rows)


# ── 提前 ──


def test_done_on_a_day_before_its_due_day_is_for_the_office_to_reward(desk: Desk) -> None:
    """U1c: the clause gives a range; the machine says that it was early and gives nothing."""
    matter_done(desk, *EARLY)

    (row,) = open_rows(desk, "U1c")
    assert (row.points, row.lowest, row.highest) == (None, Decimal("0.5"), Decimal(1))
    (done,) = open_rows(desk, "U1a")
    assert done.points == Decimal(2)
    shown = card_of(desk.answer("chen", "核定"), ZONE).text()
    assert "12月8日提前办结" in shown
    assert "超额" not in shown.replace("提前或超额完成", "")


def test_done_on_its_due_day_is_on_time(desk: Desk) -> None:
    matter_done(desk, *ON_THE_DAY)

    assert [row.clause for row in open_rows(desk)] == ["U1a"]


def test_what_is_not_given_is_refused_and_gives_nothing(desk: Desk) -> None:
    matter_done(desk, *EARLY)
    (row,) = open_rows(desk, "U1c")

    confirmed(desk, "chen", f"不予核定 {row.number} 只提前两天")
    confirmed(desk, "chen", "核定 全部")

    assert desk.score("县环保局").confirmed.final == Decimal(82)


def test_all_at_once_leaves_what_the_office_has_to_weigh(desk: Desk) -> None:
    matter_done(desk, *EARLY)

    asked = desk.answer("chen", "核定 全部")

    assert [line.points for line in asked.confirm] == [Decimal(2)]


# ── 核定 编号 分值 理由 ──


def test_a_whole_number_behind_a_proposal_may_be_its_points(desk: Desk) -> None:
    """The bot's own hint is 核定 P-… 分值 理由; 1 is P-1012-1 only where that is open, and then nobody guesses."""
    confirmed(desk, "chen", "扣分 县经贸局 U7 拒不提供资料")
    matter_done(desk, *EARLY)
    (first,), (early,) = open_rows(desk, "U7"), open_rows(desk, "U1c")
    assert first.number == "P-1012-1"

    asked = desk.answer("chen", f"核定 {early.number} 1 提前两天完工")
    assert isinstance(asked, RepairLine)
    assert asked.repair is Repair.POINTS_OR_NUMBER
    assert "P-1012-1" in card_of(asked, ZONE).text()

    confirmed(desk, "chen", "核定 P-1012-1 事实清楚")
    decided = desk.answer("chen", f"核定 {early.number} 1 提前两天完工")
    assert isinstance(decided, DecideAsk)
    assert [(line.number, line.points) for line in decided.confirm] == [(early.number, Decimal(1))]
    assert decided.reason == "提前两天完工"
    assert isinstance(desk.answer("chen", "确认"), Decided)
    assert desk.score("县环保局").confirmed.final == Decimal(81)


def test_without_a_reason_or_out_of_its_range_nothing_is_given(desk: Desk) -> None:
    matter_done(desk, *EARLY)
    confirmed(desk, "chen", "核定 全部")
    (early,) = open_rows(desk, "U1c")

    assert desk.answer("chen", f"核定 {early.number} 1").repair is Repair.REASON_OF_CHOICE
    assert desk.answer("chen", f"核定 {early.number} 4 提前").repair is Repair.POINTS_OUT_OF_RANGE


def test_a_list_stays_a_list(desk: Desk) -> None:
    matter_done(desk, *EARLY)
    (done,), (early,) = open_rows(desk, "U1a"), open_rows(desk, "U1c")

    assert desk.answer("chen", f"核定 {early.number}、1 情况属实").repair is Repair.NOTHING_TO_DECIDE
    assert desk.answer("chen", f"核定 {done.number} 1 情况属实").repair is Repair.NOTHING_TO_DECIDE


# ── 情况说明期 ──


def test_what_adds_points_can_be_confirmed_at_once_and_a_deduction_cannot(desk: Desk) -> None:
    desk.say("li", "12月工作计划：抓好年终工作")
    (plan,) = open_rows(desk)
    confirmed(desk, "chen", "扣分 县环保局 U7 拒不提供资料")
    (deduction,) = open_rows(desk, "U7")

    assert desk.answer("chen", f"核定 {plan.number}").early == ()
    assert desk.answer("chen", f"核定 {deduction.number}").repair is Repair.REASON_OF_HASTE
    assert [line.number for line in desk.answer("chen", "核定 全部").confirm] == [plan.number]


# ── 零报告 ──


def test_a_nil_report_on_time_is_a_report_on_time(desk: Desk) -> None:
    confirmed(desk, "li", NIL)

    (row,) = open_rows(desk)
    assert (row.clause, row.points) == ("P3a", Decimal("0.2"))


# ── 未设定 ──


@pytest.fixture
def without_value(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """The value of a plan on time is not set, and both units have reported theirs."""
    books = shipped("supervision-80.yaml", PLAN_UNSET)
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "u.db", DECEMBER, date(2010, 12, 1)) as desk:
        desk.say("li", "12月工作计划：抓好年终工作")
        desk.say("wang", "12月工作计划：抓好减排")
        desk.wind(12, 14, 9, 30)
        yield desk


def test_what_has_no_value_is_named_and_does_not_keep_the_year_open(without_value: Desk) -> None:
    asked = without_value.answer("chen", "关账")

    assert isinstance(asked, CloseAsk)
    assert [(item.name, item.count) for item in asked.unset] == [("计划和完成情况及时规范", 2)]
    assert "分值未设定、不能核定的2件" in card_of(asked, ZONE).text()


def test_what_has_a_value_still_does(without_value: Desk) -> None:
    confirmed(without_value, "chen", "扣分 县环保局 U7 拒不提供资料")

    refused = without_value.answer("chen", "关账")

    assert isinstance(refused, CloseRefused)
    assert refused.proposals == tuple(row.number for row in open_rows(without_value, "U7"))


def test_nobody_is_invited_to_give_it_points(without_value: Desk) -> None:
    listed = without_value.answer("chen", "核定")

    assert isinstance(listed, DecideList)
    shown = card_of(listed, ZONE).text()
    assert "分值未设定" in shown
    assert "分值 理由" not in shown
    assert "核定 全部" not in shown


# ── 一次核定几项 ──


@pytest.fixture
def two_deductions(desk: Desk) -> Desk:
    """Two deductions of 县环保局 on one matter, entered at once."""
    for words in ("U7 拒不提供资料 事项：积案", "U8 诫勉谈话 事项：积案"):
        confirmed(desk, "chen", f"扣分 县环保局 {words}")
    numbers = "、".join(row.number for row in open_rows(desk))
    decided = confirmed(desk, "chen", f"核定 {numbers} 事实清楚")
    assert len(decided.entries) == 2
    return desk


def test_each_person_has_one_message_however_many_were_decided(two_deductions: Desk) -> None:
    for who in ("wang", "gao"):
        told = [one for one in two_deductions.told(who) if isinstance(one, EntriesTold | EntryTold)]
        assert [type(one) for one in told] == [EntriesTold]


def test_what_is_covered_is_told_as_not_counting(two_deductions: Desk) -> None:
    (told,) = [one for one in two_deductions.told("wang") if isinstance(one, EntriesTold)]
    smaller, larger = sorted(told.told, key=lambda one: one.points or 0, reverse=True)

    assert (smaller.points, larger.covered_by) == (Decimal(-2), "")
    assert larger.entry in smaller.covered_by
    assert {one.total for one in told.told} == {Decimal(70)}
    text = card_of(told, ZONE).text()
    assert "不重复计" in text
    assert text.count("现核定总分70分") == 1
    # Each may be asked about and appealed against, not the first alone.
    assert "请逐条回复“申诉 编号 理由”" in text
    assert f"可写的编号：{'、'.join(one.entry for one in told.told)}。" in text


def test_a_single_covered_deduction_says_so_too(desk: Desk) -> None:
    for words in ("U8 诫勉谈话 事项：积案", "U7 拒不提供资料 事项：积案"):
        confirmed(desk, "chen", f"扣分 县环保局 {words}")
        (row,) = open_rows(desk)
        confirmed(desk, "chen", f"核定 {row.number} 事实清楚")

    covered = [one for one in desk.told("wang") if isinstance(one, EntryTold)][-1]
    assert covered.covered_by
    assert "核定结果：扣2分（不重复计）" in card_of(covered, ZONE).text()


# ── 谁受评 ──


def test_only_whom_the_measure_holds_to_something_is_published(under: Under) -> None:
    """A village office that the measure asks nothing of has no place among those assessed, until it has a matter."""
    roster = ROSTER + "沿河村,,村,cun,填报人,sandbox,cun,2000-01-01,\n"
    with under(shipped("supervision-80.yaml"), roster, datetime(2010, 12, 1, 9, 30, tzinfo=ZONE)) as desk:
        lines = [line.name for group in desk.answer("chen", "公布").groups for line in group.lines]
        assert lines == ["县环保局", "县经贸局"]

        confirmed(desk, "chen", "交办 沿河村 治理城区河道 12月10日前 类别 专项督查")
        lines = [line.name for group in desk.answer("chen", "公布").groups for line in group.lines]
        assert "沿河村" in lines
