"""事件: the office says when the team arrives; what counts from it is opened once, moved where still owed, and told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from assessment.notices import Cancelled, NoQuestion, Refused, Reminder
from assessment.notices.event_days import (
    EventAsk,
    EventNotRecorded,
    EventRecorded,
    EventTold,
    EventUnclear,
)
from bot.county import ZONE
from storage import event_days
from storage.event_days import EventDayRow
from storage.programmes import running
from tests.handlers.desk import Desk
from tests.handlers.one_measure import desk_under, shipped, unit

ARRIVAL = "省上考核组进驻"
ROSTER = (
    unit("市委农办", "考核办", 考核办="chen")
    + unit("市卫健委", "市级部门", 填报人="li", 主要负责人="fang")
    + unit("市自然资源局", "市级部门", 填报人="wang")
)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    start = datetime(2026, 9, 28, 9, 30, tzinfo=ZONE)
    books = shipped("two-assessments.yaml")
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "county.db", start, date(2026, 1, 1)) as desk:
        yield desk


def recorded(desk: Desk, words: str) -> EventRecorded:
    desk.say("chen", f"事件 {words}")
    answer: EventRecorded = desk.answer("chen", "确认")
    return answer


def due_days(desk: Desk, name: str) -> list[str]:
    return [f"{row.due.astimezone(ZONE):%m-%d}" for row in desk.rows(name)]


def test_before_the_day_is_recorded_nothing_is_owed_and_after_it_once(desk: Desk) -> None:
    """R51."""
    assert desk.rows("市卫健委") == []

    answer = recorded(desk, f"{ARRIVAL} 10月27日")

    assert (answer.opened, answer.moved) == (3, 0)
    assert due_days(desk, "市卫健委") == ["10-27", "10-27"]  # the midnight that ends the 26th
    assert isinstance(desk.answer("chen", "确认"), NoQuestion)
    desk.settle()
    assert len(desk.rows("市卫健委")) == 2


def test_each_unit_hears_once_of_all_that_counts_for_it(desk: Desk) -> None:
    recorded(desk, f"{ARRIVAL} 10月27日")

    (told,) = [notice for notice in desk.told("li") if isinstance(notice, EventTold)]
    assert [line.title for line in told.lines] == ["佐证材料组档归卷", "挂牌"]
    assert [len(n.lines) for n in desk.told("wang") if isinstance(n, EventTold)] == [1]


def test_what_counts_from_an_event_is_reminded_of_beyond_the_monthly_cap(sqlite_template: Path, tmp_path: Path) -> None:
    """A unit does not know of itself when the team comes; the cap holds up what is due every month."""
    start = datetime(2026, 9, 28, 9, 30, tzinfo=ZONE)
    books = shipped("two-assessments.yaml")
    books["two-assessments.yaml"] += "\n减负上限: {填报人每月: 1}\n"
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "county.db", start, date(2026, 1, 1)) as desk:
        desk.wind(10, 9, 10)
        recorded(desk, f"{ARRIVAL} 10月27日")
        desk.wind(10, 26, 12)

        assert [line.title for n in desk.told("wang") if isinstance(n, Reminder) for line in n.lines]


def test_another_day_moves_only_what_is_still_owed(desk: Desk) -> None:
    recorded(desk, f"{ARRIVAL} 10月27日")
    desk.say("li", "2026年挂牌：已挂牌")

    answer = recorded(desk, f"{ARRIVAL} 10月29日")

    assert (answer.opened, answer.moved, answer.before) == (0, 2, date(2026, 10, 27))
    assert sorted(due_days(desk, "市卫健委")) == ["10-27", "10-29"]
    assert due_days(desk, "市自然资源局") == ["10-29"]
    moved = [n for n in desk.told("wang") if isinstance(n, EventTold)][-1].lines[0]
    assert moved.before == datetime(2026, 10, 26, 16, tzinfo=UTC)


def test_a_unit_may_have_a_day_of_its_own(desk: Desk) -> None:
    recorded(desk, f"{ARRIVAL} 10月27日")

    answer = recorded(desk, f"{ARRIVAL} 市自然资源局 11月2日")

    assert (answer.unit, answer.moved) == ("市自然资源局", 1)
    assert due_days(desk, "市自然资源局") == ["11-02"]
    assert due_days(desk, "市卫健委") == ["10-27", "10-27"]


def test_a_day_that_is_behind_us_may_be_recorded_too(desk: Desk) -> None:
    desk.say("chen", f"事件 {ARRIVAL} 9月24日")
    asked = desk.answer("chen", f"事件 {ARRIVAL} 9月25日")

    assert isinstance(asked, EventAsk)
    assert asked.day == date(2026, 9, 25)
    assert asked.overdue
    assert isinstance(desk.answer("chen", "取消"), Cancelled)
    assert desk.rows("市卫健委") == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (f"{ARRIVAL}", EventUnclear.NO_DAY),
        (f"{ARRIVAL} 10月32日", EventUnclear.NO_DAY),
        ("推进会 10月27日", EventUnclear.WHICH),
        (f"{ARRIVAL} 市委农办 10月27日", EventUnclear.NOBODY),
    ],
)
def test_what_is_unclear_is_asked_for_and_never_guessed(desk: Desk, words: str, why: EventUnclear) -> None:
    answer = desk.answer("chen", f"事件 {words}")

    assert isinstance(answer, EventNotRecorded)
    assert answer.why is why


def test_only_the_office_records(desk: Desk) -> None:
    assert isinstance(desk.answer("li", f"事件 {ARRIVAL} 10月27日"), Refused)
    assert isinstance(desk.answer("fang", f"事件 {ARRIVAL} 10月27日"), Refused)


def test_every_word_stays_on_record(desk: Desk) -> None:
    recorded(desk, f"{ARRIVAL} 10月27日")
    recorded(desk, f"{ARRIVAL} 10月29日")

    programme = desk.database.read_now(running)[0]
    days = [row.day for row in desk.database.read_now(lambda uow: event_days.words(uow, programme.id))]
    assert days == [date(2026, 10, 27), date(2026, 10, 29)]
    with pytest.raises(IntegrityError):
        desk.database.write_now(
            lambda uow: uow.update(EventDayRow, EventDayRow.event == ARRIVAL, day=date(2026, 11, 1))
        )
