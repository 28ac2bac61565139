"""关账 over what is still open: what blocks, what is shown by its number, and what came in between."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from assessment.notices.appealing import AppealTaken
from assessment.notices.closing import CloseAsk, CloseRefused, YearClosed, YearIsClosed
from bot.cards import card_of
from bot.county import ZONE
from storage import closings, conversations, programmes
from storage.conversations import QuestionRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, unit

LETTER = ("\n记分:\n", "\n责任书: {名称: 目标责任书, 依据: 一}\n\n记分:\n")
ROSTER = (
    unit("县委县政府督查室", "考核办", 考核办="chen")
    + "县委县政府督查室,,考核办,wu,考核办,sandbox,wu,2000-01-01,\n"
    + unit("县环保局", "县直部门", 填报人="wang", 主要负责人="gao")
    + unit("县经贸局", "县直部门", 填报人="li", 主要负责人="fang")
)
_QUESTIONS = select(QuestionRow.conversation)
FEBRUARY = datetime(2011, 2, 14, 9, 30, tzinfo=ZONE)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    books = shipped("supervision-80.yaml", LETTER)
    start = datetime(2010, 12, 28, 9, 30, tzinfo=ZONE)
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "c.db", start, date(2010, 12, 28)) as desk:
        yield desk


def entered(desk: Desk) -> str:
    """The number of an entry for 县环保局."""
    desk.say("chen", "加分 县环保局 U5a 台账规范")
    number = desk.answer("chen", "确认").line.number
    desk.say("chen", f"核定 {number} 事实清楚")
    desk.say("chen", "确认")
    return desk.entries("县环保局")[-1].number


def at_the_end(desk: Desk) -> None:
    desk.clock.wind_to(FEBRUARY)


def test_an_appeal_without_an_answer_comes_first(desk: Desk) -> None:
    """R102: nobody could answer it afterwards."""
    entry = entered(desk)
    taken = desk.answer("wang", f"申诉 {entry} 台账之外另有成绩")
    assert isinstance(taken, AppealTaken)
    at_the_end(desk)

    refused = desk.answer("chen", "关账")

    assert isinstance(refused, CloseRefused)
    assert refused.appeals == (taken.line.number,)
    assert taken.line.number in as_read(refused)

    desk.say("chen", f"申诉不成立 {taken.line.number} 依据充分")
    desk.say("chen", "确认")
    assert isinstance(desk.answer("chen", "关账"), CloseAsk)


def test_letters_suggestions_and_tasks_are_shown_by_number(desk: Desk) -> None:
    desk.say("chen", "责任书 截止 12月30日")
    desk.say("chen", "确认")
    suggested = desk.answer("wang", "建议修改 第4条 分值应写明").number
    at_the_end(desk)

    asked = desk.answer("chen", "年终关账")

    assert isinstance(asked, CloseAsk)
    assert [(item.name, item.whose) for item in asked.unsigned] == [("2010年目标责任书", ("县环保局", "县经贸局"))]
    assert asked.suggestions == (suggested,)
    assert suggested in card_of(asked, ZONE).text()


def test_nothing_is_closed_over_what_was_not_shown(desk: Desk) -> None:
    at_the_end(desk)
    desk.say("chen", "关账")
    desk.say("wang", "建议修改 第4条 分值应写明")

    again = desk.answer("chen", "确认")

    assert isinstance(again, CloseAsk)
    assert again.changed
    assert len(again.suggestions) == 1
    assert desk.database.read_now(programmes.closed) == []
    assert isinstance(desk.answer("chen", "确认"), YearClosed)


def test_what_was_asked_before_is_not_carried_out_afterwards(desk: Desk) -> None:
    """Also where the question survives the closing, as one does that was opened at the very moment."""
    at_the_end(desk)
    desk.say("chen", "加分 县环保局 U5a 台账规范")

    def close(uow: UnitOfWork) -> None:
        programme = programmes.running(uow)[0].id
        closings.close(uow, programme, by=desk.person("wu"), at=FEBRUARY)

    desk.database.write_now(close)

    assert isinstance(desk.answer("chen", "确认"), YearIsClosed)
    assert desk.entries("县环保局") == []


def test_a_correction_that_waits_survives_the_closing_of_another_measure(desk: Desk) -> None:
    """What is put to whoever else is of the office belongs to nobody's chat."""

    def job(uow: UnitOfWork) -> list[str]:
        for channel, conversation in (("", "L-1012-1"), ("sandbox", "private")):
            conversations.ask(
                uow,
                person=desk.person("chen"),
                channel=channel,
                conversation=conversation,
                kind="second person",
                content={},
                asked_at=FEBRUARY,
            )
        conversations.close_all(uow)
        return uow.rows(_QUESTIONS)

    assert desk.database.write_now(job) == ["L-1012-1"]
