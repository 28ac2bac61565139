"""Beside the letters: finished cards hold up nobody, secrets do not outlive their use, and every call is counted."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import col, select

from assessment.notices import NotUnderstood, write
from bench.town import installation
from schedules.delivery import Delivery
from schedules.gate import Gate
from schedules.letters import Letter, Outcome, Weight
from schedules.pump import AT_ONCE
from schedules.rates import Manner, Per, Rate
from storage import lanes, leaving, outbox, roster
from storage.database import Database
from storage.outbox import GROUP_ROBOT, OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

NOON = datetime(2010, 8, 5, 4, 7, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=30)
SECRET = {"response_code": "rc-1", outbox.PRESSED: "card-1", outbox.ANSWERED: "1"}


@dataclass
class Post:
    """A platform whose cards are finished as slowly as `finishing` says."""

    manner_: Manner = field(default_factory=Manner)
    fate: Status = Status.SENT
    finishing: asyncio.Event | None = None
    now: datetime = NOON
    heard_next: asyncio.Event = field(default_factory=asyncio.Event)
    got: list[str] = field(default_factory=list)
    finished: list[tuple[str, str | None]] = field(default_factory=list)

    async def send(self, letter: Letter) -> Outcome:
        self.got.append(letter.key)
        if letter.key == "next":
            self.heard_next.set()
        return Outcome(self.fate)

    async def finish(self, answer: Letter, pressed: Letter | None) -> int:
        if self.finishing is not None:
            await self.finishing.wait()
        self.finished.append((answer.extra["response_code"], pressed.key if pressed else None))
        return 1

    def manner(self, _channel: str) -> Manner:
        return self.manner_

    def weigh(self, _letter: Letter) -> Weight:
        return Weight()


def put(database: Database, key: str, recipient: str = "r", *, group: bool = False, pressed: bool = False) -> None:
    database.write_now(
        lambda uow: outbox.put(
            uow,
            key=key,
            channel="c",
            recipient=recipient,
            to_group=group,
            notice=write(NotUnderstood()),
            priority=Priority.ANSWER,
            queued_at=NOON,
            extra=SECRET if pressed else None,
        )
    )


def worker(database: Database, post: Post) -> Delivery:
    return Delivery(database, post, installation(), lambda: post.now)


def row(database: Database, key: str) -> OutboxRow:
    return database.read_now(lambda uow: uow.rows(select(OutboxRow).where(col(OutboxRow.key) == key)))[0]


def spent(database: Database) -> int:
    return database.read_now(lambda uow: lanes.spent_since(uow, "c", LONG_AGO))


async def test_a_slow_card_takes_no_letters_place(database: Database) -> None:
    """As many presses as there are places, on cards that hang; the letter behind them leaves all the same."""
    post = Post(finishing=asyncio.Event())
    for number in range(AT_ONCE):
        put(database, f"pressed {number}", f"r{number}", pressed=True)
    put(database, "next", "another")
    delivery = worker(database, post)
    await delivery.start()
    async with asyncio.timeout(20):
        await post.heard_next.wait()
    assert post.finished == []

    post.finishing.set()
    await delivery.drain()
    assert len(post.finished) == AT_ONCE


async def test_whoever_stops_waits_for_no_card(database: Database) -> None:
    """The letters have left and are written down; a card that hangs stays as it was."""
    post = Post(finishing=asyncio.Event())
    put(database, "pressed", pressed=True)
    put(database, "next", "another")
    delivery = worker(database, post)
    await delivery.start()
    async with asyncio.timeout(20):
        await post.heard_next.wait()
    delivery.stop()
    async with asyncio.timeout(20):
        await delivery.finish()

    assert post.finished == []
    assert [row(database, key).status for key in ("pressed", "next")] == [Status.SENT, Status.SENT]


async def test_a_finished_card_counts_in_the_month_but_in_no_window(database: Database) -> None:
    post = Post()
    put(database, "pressed", pressed=True)
    await worker(database, post).drain()

    assert spent(database) == 2
    assert database.read_now(lambda uow: lanes.calls_since(uow, "c", LONG_AGO)) == 1


@pytest.mark.parametrize(
    ("fate", "kept"), [(Status.SENT, False), (Status.DEAD, False), (Status.UNKNOWN, False), (Status.RETRY, True)]
)
async def test_what_may_speak_in_our_place_is_erased_with_its_use(database: Database, fate: Status, kept: bool) -> None:
    post = Post(fate=fate)
    put(database, "pressed", pressed=True)
    await worker(database, post).drain()

    assert (row(database, "pressed").extra is not None) == kept
    assert post.finished == ([("rc-1", None)] if fate is Status.SENT else []), "the card is finished nevertheless"


@pytest.mark.parametrize("ended", [Status.WITHDRAWN, Status.UNKNOWN, Status.DEAD])
def test_also_where_it_never_leaves(database: Database, ended: Status) -> None:
    put(database, "a", pressed=True)
    put(database, "b", pressed=True)
    one, other = row(database, "a"), row(database, "b")
    database.write_now(lambda uow: leaving.end_unsent(uow, one, ended, at=NOON, reason=""))
    database.write_now(lambda uow: outbox.set_status(uow, other.id, ended, at=NOON, reason=""))

    assert row(database, "a").extra is row(database, "b").extra is None


async def test_the_groups_own_robot_is_none_of_the_app(database: Database) -> None:
    """Two a minute for the app: what the robot of the group says neither uses them up nor waits for them."""
    post = Post(Manner(rates=(Rate(2, 60), Rate(4, 60, Per.GROUP)), monthly_calls=1000))
    put(database, "a", "r1")
    put(database, "b", "r2")
    await worker(database, post).drain()
    for number in range(5):
        put(database, f"group {number}", GROUP_ROBOT, group=True)
    await worker(database, post).drain()
    assert len(post.got) == 6, "it does not wait for the app, whose window is full; only its group's is now"

    post.now += timedelta(seconds=62)
    await worker(database, post).drain()
    assert post.got[-1] == "group 4"
    put(database, "c", "r1")
    put(database, "d", "r2")
    await worker(database, post).drain()
    assert {"c", "d"} <= set(post.got), "it uses up nothing of the app's window"
    assert len(post.got) == spent(database) == 9, "a month's budget counts both"


async def test_errands_use_up_the_month(database: Database) -> None:
    post = Post(Manner(monthly_calls=10))
    database.write_now(lambda uow: lanes.note(uow, "c", NOON, 9))
    put(database, "a", "r1")
    put(database, "b", "r2")
    await worker(database, post).drain()

    assert len(post.got) == 1


def test_the_months_sum_is_asked_once_for_all(database: Database) -> None:
    for number in range(12):
        put(database, f"k{number}", f"r{number}")
    manner = Manner(monthly_calls=10)
    asked: list[str] = []

    def job(uow: UnitOfWork) -> list[bool]:
        event.listen(uow.connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        gate = Gate(uow, installation(), "c", manner, NOON)
        rows = leaving.due(uow, "c", now=NOON, limit=20)
        return [gate.refuses(one, 1) is None for one in rows]

    assert database.write_now(job) == [True] * 10 + [False] * 2, "what was let through counts at once"
    assert len([one for one in asked if "errand" in one]) == 1


def test_a_pressed_card_is_found_by_its_own_id(database: Database) -> None:
    def fill(uow: UnitOfWork) -> int:
        person = roster.add_person(uow, "李敏", "c", "t", "r")
        for number in range(300):
            outbox.put(
                uow,
                key=f"k{number}",
                channel="c",
                recipient="r",
                person=person,
                notice=write(NotUnderstood()),
                priority=Priority.ANSWER,
                queued_at=NOON,
                extra={outbox.PRESSED: "card-7"} if number == 299 else None,
            )
            uow.update(OutboxRow, OutboxRow.key == f"k{number}", platform_id=f"card-{number}")
        uow.execute(text("ANALYZE"))
        return person

    database.write_now(fill)
    answer = row(database, "k299")

    def look(uow: UnitOfWork) -> tuple[str, str]:
        said: list[tuple[str, Any]] = []
        event.listen(uow.connection, "before_cursor_execute", lambda *given: said.append((given[2], given[3])))
        found = outbox.pressed_card(uow, answer)
        assert found is not None
        statement, values = said[-1]
        explain = "EXPLAIN QUERY PLAN" if uow.dialect == "sqlite" else "EXPLAIN"
        plan = uow.connection.exec_driver_sql(f"{explain} {statement}", values).all()
        return found.key, repr(plan)

    key, plan = database.read_now(look)
    assert key == "k7"
    assert "ix_outbox_channel_platform_id" in plan
