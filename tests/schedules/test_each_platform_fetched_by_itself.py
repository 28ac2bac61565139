"""A platform that hangs costs no file of another platform its life; on each, what is gone first is fetched first."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

import schedules.fetching
from assessment.notices import FileLost, read
from bot.clock import WoundClock
from schedules.fetching import AT_ONCE, Failed, Fetched, Fetching, Stored, Wanted
from storage import files, inbox, roster
from storage.database import Database
from storage.files import FileRow, FileStatus
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork

START = datetime.fromisoformat("2010-08-04T09:00:00+08:00")
SLOW, ROBOT = "feishu", "robot"
LIVES = {SLOW: timedelta(hours=24), ROBOT: timedelta(minutes=5)}
HANGS = timedelta(seconds=60)
A_TICK = timedelta(seconds=5)


@dataclass
class Platforms:
    """One answers at once. The other hangs for a minute by the wound clock, and then has nothing."""

    clock: WoundClock
    asked: Counter[str] = field(default_factory=Counter)
    hanging: list[tuple[datetime, asyncio.Future[None]]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def life(self, channel: str) -> timedelta:
        return LIVES[channel]

    async def fetch(self, wanted: Wanted) -> Fetched:
        self.asked[wanted.channel] += 1
        if wanted.channel == ROBOT:
            self.changed.set()
            return Stored("ab" * 32, 15, "pdf")
        over = asyncio.get_running_loop().create_future()
        self.hanging.append((self.clock.now() + HANGS, over))
        self.changed.set()
        await over
        return Failed("下载超时")

    async def until(self, channel: str, asked: int) -> None:
        """Wait, in no time at all by the wound clock, until so many have been asked for."""
        async with asyncio.timeout(20):
            while self.asked[channel] < asked:
                self.changed.clear()
                await self.changed.wait()

    def let_go(self) -> int:
        """End the hanging of all whose minute is over; how many these were."""
        over = [each for until, each in self.hanging if until <= self.clock.now()]
        self.hanging = [(until, each) for until, each in self.hanging if each not in over]
        for each in over:
            each.set_result(None)
        return len(over)


def send(database: Database, channel: str, number: int, at: datetime) -> int:
    """Somebody sends a file there."""

    def job(uow: UnitOfWork) -> int:
        person = roster.add_person(uow, "李敏", channel, "t", "u-1")
        _, came = inbox.admit(
            uow,
            channel=channel,
            message_id=f"m-{number}",
            sender="u-1",
            conversation="c",
            text="",
            keep_text=True,
            sent_at=at,
            received_at=at,
            late_stamp=False,
        )
        file = {"channel": channel, "key": f"{number}", "kind": "file", "name": f"{number}.pdf"}
        return files.expect(uow, inbox=came, position=0, person=person, **file, sent_at=at, asked_at=at)

    return database.write_now(job)


def row(database: Database, file: int) -> FileRow:
    (found,) = database.read_now(lambda uow: files.named(uow, [file]))
    return found


async def test_forty_files_that_hang_and_one_that_lives_five_minutes(database: Database) -> None:
    """It comes while the others hang: it is there at the next tick, when none of them has come back."""
    clock = WoundClock(START)
    platforms = Platforms(clock)
    fetching = Fetching(database, platforms, clock.now)
    for number in range(40):
        send(database, SLOW, number, START)
    await fetching.start()
    await platforms.until(SLOW, AT_ONCE)
    assert len(platforms.hanging) == AT_ONCE

    clock.wind_to(START + A_TICK)
    file = send(database, ROBOT, 40, clock.now())
    clock.wind_to(clock.now() + A_TICK)
    await fetching.start()
    await platforms.until(ROBOT, 1)
    async with asyncio.timeout(20):
        while row(database, file).status == FileStatus.WAITING:
            await asyncio.to_thread(database.check_now)
    assert row(database, file).status == FileStatus.STORED
    assert row(database, file).finished_at - row(database, file).sent_at == A_TICK  # type: ignore[operator]
    assert platforms.asked[SLOW] == AT_ONCE, "no more of the slow one at once than before"

    tried = AT_ONCE
    while tried < 40:
        clock.wind_to(clock.now() + HANGS)
        tried += platforms.let_go()
        await fetching.start()
        await platforms.until(SLOW, min(tried, 40))
    assert clock.now() - START < timedelta(minutes=11), "the slow ones took their own time, and only that"
    assert database.read_now(lambda uow: [read(one.notice) for one in uow.rows(select(OutboxRow))]) == []
    await fetching.close()


async def test_a_place_that_is_free_is_taken_while_others_hang(database: Database) -> None:
    """Of the same platform: what comes later does not wait for what came first, while there is room."""
    clock = WoundClock(START)
    platforms = Platforms(clock)
    fetching = Fetching(database, platforms, clock.now)
    for number in range(AT_ONCE):
        send(database, SLOW, number, START)
        await fetching.start()
        await platforms.until(SLOW, number + 1)
    send(database, SLOW, AT_ONCE, START)
    await fetching.start()

    assert len(platforms.hanging) == AT_ONCE
    await fetching.close()


async def test_what_is_gone_first_is_asked_for_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what waits longest for its turn: the older one failed once, and its next turn came later."""
    monkeypatch.setattr(schedules.fetching, "AT_ONCE", 1)
    clock, order = WoundClock(START), list[str]()

    class Noting(Platforms):
        async def fetch(self, wanted: Wanted) -> Fetched:
            order.append(wanted.key)
            return Failed("平台繁忙", retry_after=60) if len(order) == 1 else Stored("ab" * 32, 15, "pdf")

    fetching = Fetching(database, Noting(clock), clock.now)
    send(database, SLOW, 1, START)
    await fetching.sweep()
    clock.wind_to(START + timedelta(seconds=30))
    send(database, SLOW, 2, clock.now())
    clock.wind_to(START + timedelta(minutes=2))
    await fetching.sweep()

    assert order == ["1", "1", "2"]


async def test_a_line_that_breaks_off_is_logged_and_taken_up_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database lost for a moment: the sweep that waits for nothing has nobody to raise it to."""
    clock, said = WoundClock(START), list[str]()
    monkeypatch.setattr(schedules.fetching.log, "error", lambda event, **_: said.append(event))
    fetching = Fetching(database, Platforms(clock), clock.now, real_ms=lambda: 0)
    file = send(database, ROBOT, 1, START)

    def full(statement: str) -> None:
        if statement.startswith("UPDATE"):
            raise OSError("disk full")

    database.on_statement = full
    await fetching.start()
    async with asyncio.timeout(20):
        while not said:
            await asyncio.to_thread(database.check_now)
    database.on_statement = None
    assert said == ["fetching broke off"]
    assert await fetching.sweep() == 1
    assert row(database, file).status == FileStatus.STORED


async def test_one_that_was_lost_is_told_although_others_hang(database: Database) -> None:
    clock = WoundClock(START)
    platforms = Platforms(clock)
    fetching = Fetching(database, platforms, clock.now)
    send(database, SLOW, 1, START)
    await fetching.start()
    await platforms.until(SLOW, 1)
    send(database, ROBOT, 2, START)
    clock.wind_to(START + timedelta(minutes=6))
    await fetching.sweep()

    told = database.read_now(lambda uow: [read(one.notice) for one in uow.rows(select(OutboxRow))])
    assert told == [FileLost(name="2.pdf")]
    await fetching.close()
