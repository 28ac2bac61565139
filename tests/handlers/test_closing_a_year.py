"""关账, 责任书 and 修改建议 from the office's desk: what is refused, what is done once, and what stays readable."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from assessment.notices import EnteredFor, NoQuestion, Refused, ScoreTold, TaskList
from assessment.notices.closing import CloseAsk, CloseRefused, YearClosed
from assessment.notices.letters import LetterSigned, LetterStatus, LettersWaiting
from assessment.notices.suggestions import SuggestionDecided, SuggestionList, SuggestionTaken
from assessment.obligation import Kind, State
from bot.county import ZONE, Setting, found
from storage import closings, obligations, programmes, submissions
from storage.obligations import ObligationRow
from storage.submissions import Way
from tests.handlers.desk import Desk
from tests.handlers.one_measure import HEADING, desk_under, shipped, unit

LETTER = ("\n记分:\n", "\n责任书: {名称: 目标责任书, 依据: 一}\n\n记分:\n")
ROSTER = (
    unit("县委县政府督查室", "考核办", 考核办="chen")
    + unit("县环保局", "县直部门", 填报人="wang", 主要负责人="gao")
    + unit("县经贸局", "县直部门", 填报人="li", 主要负责人="fang")
)
DECEMBER = datetime(2010, 12, 1, 9, 30, tzinfo=ZONE)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    books = shipped("supervision-80.yaml", LETTER)
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "c.db", DECEMBER, date(2010, 12, 1)) as desk:
        yield desk


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """县经贸局 has reported its plan, 县环保局 has not; the office closed before anybody was urged."""
    desk.say("li", "12月工作计划：抓好年终工作")
    desk.wind(12, 6, 8, 0)
    (waiting,) = desk.answer("chen", "关账").proposals
    desk.say("chen", f"核定 {waiting} 情况属实")
    desk.say("chen", "确认")
    desk.say("chen", "关账")
    assert isinstance(desk.answer("chen", "确认"), YearClosed)
    return desk


def plan_of(desk: Desk, name: str) -> ObligationRow:
    """The December plan of a unit, also after the year is closed."""
    holder = desk.unit(name).id
    rows = desk.database.read_now(lambda uow: obligations.of_unit(uow, holder, closed=True))
    return next(row for row in rows if row.kind == Kind.DUTY.value)


def test_what_falls_due_later_and_what_is_undecided_come_first(desk: Desk) -> None:
    """R03."""
    desk.say("li", "12月工作计划：抓好年终工作")

    answer = desk.answer("chen", "关账")

    assert isinstance(answer, CloseRefused)
    assert [title for title, _ in answer.to_come] == ["12月工作计划"]
    assert len(answer.proposals) == 1


def test_what_stays_open_is_named_and_counted(desk: Desk) -> None:
    desk.wind(12, 6, 8, 0)

    asked = desk.answer("chen", "关账")

    assert isinstance(asked, CloseAsk)
    assert [(item.name, item.count, item.whose) for item in asked.open] == [
        ("12月工作计划", 2, ("县环保局", "县经贸局"))
    ]


def test_only_the_office_closes(desk: Desk) -> None:
    assert isinstance(desk.answer("gao", "关账"), Refused)
    assert isinstance(desk.answer("li", "关账"), Refused)


def test_a_second_confirmation_closes_nothing_twice(closed: Desk) -> None:
    assert isinstance(closed.answer("chen", "确认"), NoQuestion)
    programme = closed.database.read_now(programmes.closed)[0]
    at = closed.clock.now()
    assert not closed.database.write_now(lambda uow: closings.close(uow, programme.id, by=1, at=at))


def test_after_closing_nobody_is_urged_and_nothing_is_owed(closed: Desk) -> None:
    before = len(closed.told("wang"))

    closed.wind(12, 31, 9, 0)

    assert len(closed.told("wang")) == before
    tasks = closed.answer("wang", "我的任务")
    assert isinstance(tasks, TaskList)
    assert tasks.lines == ()


def test_a_late_report_comes_in_by_the_office_alone_and_costs_nothing(closed: Desk) -> None:
    """Decisions 9: locked after settlement."""
    closed.say("wang", "12月工作计划：抓好减排")
    assert plan_of(closed, "县环保局").state == State.OPEN.value

    closed.say("chen", "代录 县环保局 12月6日7:30 电话 12月工作计划：抓好减排")
    entered = closed.answer("chen", "确认")

    assert isinstance(entered, EnteredFor)
    late = plan_of(closed, "县环保局")
    assert (late.state, late.look_at) == (State.MET.value, None)
    versions = closed.database.read_now(lambda uow: submissions.versions(uow, late.id))
    assert [version.way for version in versions] == [Way.ENTERED.value]
    assert len(closed.entries("县环保局")) == 0


def test_the_score_stays_readable_under_its_own_measure(closed: Desk) -> None:
    closed.wind(12, 20)

    told = closed.answer("wang", "得分")

    assert isinstance(told, ScoreTold)
    assert [block.version for block in told.points] == ["试行"]


def test_a_new_year_begins_with_its_own_account(closed: Desk) -> None:
    """Points are the year's; the closed year answers for its own days only."""
    ((name, text),) = shipped("supervision-80.yaml", ("年度: 2010", "年度: 2011"), ("2010-08", "2011-01")).items()
    setting = Setting(HEADING + ROSTER, {name: text}, closed.clock.now(), date(2011, 1, 1))
    closed.database.write_now(lambda uow: found(uow, setting))
    closed.wind(12, 31, 23, 0)
    closed.pass_minutes(24 * 60)

    now, then = closed.answer("gao", "得分"), closed.answer("gao", "得分 2010年12月20日")

    years = closed.database.read_now(lambda uow: [p.rulebook.year for p in programmes.running(uow)])
    assert years == [2011]
    assert len(now.points) == len(then.points) == 1


def test_a_letter_is_signed_by_the_head_alone_and_once(desk: Desk) -> None:
    """R81."""
    desk.say("chen", "责任书 截止 12月10日")
    desk.say("chen", "确认")

    assert isinstance(desk.answer("wang", "签署"), Refused)
    assert isinstance(desk.answer("gao", "签署"), LetterSigned)
    assert desk.answer("gao", "签署") == LettersWaiting(titles=())
    status = desk.answer("chen", "责任书签署情况")
    assert isinstance(status, LetterStatus)
    assert ([name for name, _ in status.signed], status.unsigned) == (["县环保局"], ("县经贸局",))


def test_another_day_moves_the_letters_that_wait_and_no_other(desk: Desk) -> None:
    for day in ("12月10日", "12月15日"):
        desk.say("chen", f"责任书 截止 {day}")
        desk.say("chen", "确认")
        if day == "12月10日":
            desk.say("gao", "签发")

    rows = {name: desk.rows(name, "目标责任书")[0] for name in ("县环保局", "县经贸局")}

    assert {name: f"{row.due.astimezone(ZONE):%m-%d}" for name, row in rows.items()} == {
        "县环保局": "12-11",
        "县经贸局": "12-16",
    }


def test_a_suggestion_changes_nothing_this_year_and_is_answered(desk: Desk) -> None:
    """R87, R90."""
    taken = desk.answer("wang", "建议修改 第4条 分值应写明")
    assert isinstance(taken, SuggestionTaken)
    assert (taken.year, taken.cite) == (2011, "第4条")

    desk.say("chen", f"采纳 {taken.number}")
    decided = desk.answer("chen", "确认")

    assert isinstance(decided, SuggestionDecided)
    listed = desk.answer("chen", "修改建议")
    assert isinstance(listed, SuggestionList)
    assert [(line.number, line.state) for line in listed.lines] == [(taken.number, "采纳")]
    assert any(isinstance(notice, SuggestionDecided) for notice in desk.told("wang"))


def test_what_still_grows_by_the_day_waits_for_the_report(desk: Desk) -> None:
    """Whoever was urged and has not reported loses a point each day: nobody can decide that yet."""
    desk.wind(12, 9, 10, 0)

    refused = desk.answer("chen", "关账")

    assert isinstance(refused, CloseRefused)
    assert len(refused.running) == 2
