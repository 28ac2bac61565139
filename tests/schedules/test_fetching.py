"""The sweep over files: tried again while they live, told when they are refused or lost, safe when it dies between."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import col, select

from assessment import notices
from assessment.evidence import Unfit
from assessment.notices import FileLost, FileRefused, Notice
from bot.clock import WoundClock
from schedules.fetching import LEASE_MS, Failed, Fetched, Fetching, Gone, Refused, Stored, Wanted
from storage import files, inbox, lanes, roster
from storage.database import Crash, Database
from storage.files import FileRow, FileStatus
from storage.outbox import OutboxRow, Priority
from storage.unit_of_work import UnitOfWork

START = datetime.fromisoformat("2010-08-04T09:00:00+08:00")
LIFE = timedelta(hours=3)
DIGEST = "ab" * 32
GOOD = Stored(DIGEST, 15, "pdf")


@dataclass
class Shelf:
    """A fetcher that finds what it is told to find, and counts how often it was asked."""

    finds: list[Fetched] = field(default_factory=list)
    asked: list[Wanted] = field(default_factory=list)
    on_fetch: Callable[[], None] = lambda: None

    def life(self, channel: str) -> timedelta:
        assert channel == "feishu"
        return LIFE

    async def fetch(self, wanted: Wanted) -> Fetched:
        self.asked.append(wanted)
        self.on_fetch()
        return self.finds.pop(0) if self.finds else GOOD


class Box:
    """A database with one person and one file that waits, a clock, and sweeps."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = WoundClock(START)
        self.shelf = Shelf()
        self.real = 1_000_000
        self.person = database.write_now(_person)
        self.file = database.write_now(lambda uow: _expected(uow, self.person))

    def fetching(self) -> Fetching:
        return Fetching(self.database, self.shelf, self.clock.now, real_ms=lambda: self.real)

    def sweep(self) -> int:
        return asyncio.run(self.fetching().sweep())

    def pass_time(self, **time: float) -> None:
        self.clock.wind_to(self.clock.now() + timedelta(**time))

    def row(self) -> FileRow:
        return self.database.read_now(lambda uow: _only(uow, self.file))

    def letters(self) -> list[OutboxRow]:
        return self.database.read_now(lambda uow: uow.rows(select(OutboxRow).order_by(col(OutboxRow.id))))

    def told(self) -> list[Notice]:
        return [notices.read(row.notice) for row in self.letters()]


def _only(uow: UnitOfWork, file_id: int) -> FileRow:
    (row,) = files.named(uow, [file_id])
    return row


def _person(uow: UnitOfWork) -> int:
    return roster.add_person(uow, "李敏", "feishu", "t", "u-1")


def _expected(uow: UnitOfWork, person: int, name: str = "证明.pdf") -> int:
    _, message = inbox.admit(
        uow,
        channel="feishu",
        message_id=f"m-{name}",
        sender="u-1",
        conversation="c",
        text="",
        keep_text=True,
        sent_at=START,
        received_at=START,
        late_stamp=False,
    )
    return files.expect(
        uow,
        inbox=message,
        position=0,
        person=person,
        channel="feishu",
        key=f"k/{name}",
        kind="file",
        name=name,
        sent_at=START,
        asked_at=START,
    )


@pytest.fixture
def box(database: Database) -> Box:
    return Box(database)


def test_what_is_there_is_stored_and_nothing_said(box: Box) -> None:
    assert box.sweep() == 1

    row = box.row()
    assert (row.status, row.sha256, row.size, row.type) == (FileStatus.STORED, DIGEST, 15, "pdf")
    assert box.shelf.asked == [Wanted("feishu", "k/证明.pdf", "file")]
    assert box.told() == []
    assert box.sweep() == 0


def test_the_same_content_twice_is_two_references(box: Box) -> None:
    box.database.write_now(lambda uow: _expected(uow, box.person, "又一份.pdf"))

    assert box.sweep() == 2
    assert box.database.read_now(files.stored_contents) == [(DIGEST, 15)]


def test_a_failure_is_tried_again_later_and_later(box: Box) -> None:
    box.shelf.finds = [Failed("平台连接不上")] * 4
    waits = []
    for _ in range(4):
        assert box.sweep() == 1
        assert box.sweep() == 0, "not before its time"
        waits.append(box.row().next_try - box.clock.now())
        box.clock.wind_to(box.row().next_try)

    assert all(later > sooner for sooner, later in pairwise(waits))
    assert box.sweep() == 1
    assert box.row().status == FileStatus.STORED
    assert box.told() == []


def test_the_platform_says_how_long_to_wait(box: Box) -> None:
    box.shelf.finds = [Failed("平台限流，稍后重发", retry_after=600)]

    box.sweep()

    assert box.row().next_try - box.clock.now() >= timedelta(seconds=600)


@pytest.mark.parametrize("why", Unfit)
def test_what_is_refused_is_told_once(box: Box, why: Unfit) -> None:
    box.shelf.finds = [Refused(why)]

    assert box.sweep() == 1
    assert box.sweep() == 0

    assert (box.row().status, box.row().reason) == (FileStatus.REFUSED, why)
    assert box.told() == [FileRefused(name="证明.pdf", why=why)]


def test_what_the_platform_has_no_more_is_asked_for_anew(box: Box) -> None:
    box.shelf.finds = [Gone()]

    box.sweep()

    assert box.row().status == FileStatus.LOST
    assert box.told() == [FileLost(name="证明.pdf")]


def test_what_has_outlived_its_time_is_not_even_asked_for(box: Box) -> None:
    box.pass_time(hours=3)

    assert box.sweep() == 1

    assert box.shelf.asked == []
    assert box.told() == [FileLost(name="证明.pdf")]


def test_trying_ends_with_the_file_s_life(box: Box) -> None:
    box.shelf.finds = [Failed("平台连接不上")] * 1000
    while box.row().status == FileStatus.WAITING:
        box.sweep()
        box.clock.wind_to(max(box.row().next_try, box.clock.now()))

    assert box.row().status == FileStatus.LOST
    assert box.clock.now() < START + LIFE
    assert box.told() == [FileLost(name="证明.pdf")]


def test_what_is_told_late_keeps_to_office_hours(box: Box) -> None:
    """At once it is part of the answer; hours later it is a message of our own accord."""
    second = box.database.write_now(lambda uow: _expected(uow, box.person, "乙.pdf"))
    box.shelf.finds = [Gone(), Failed("平台连接不上", retry_after=3600), Gone()]
    box.sweep()
    box.pass_time(hours=1, minutes=1)
    box.sweep()

    first, later = box.letters()
    assert (first.priority, first.initiated) == (Priority.ANSWER, False)
    assert (later.priority, later.initiated) == (Priority.ESCALATION, True)
    assert box.database.read_now(lambda uow: _only(uow, second)).status == FileStatus.LOST


# ── dying ──


def test_who_dies_while_fetching_is_followed_by_the_next(box: Box) -> None:
    """Its lease holds others off for a while; then the file is fetched anew."""
    box.shelf.on_fetch = _die
    with pytest.raises(Crash):
        box.sweep()
    box.shelf.on_fetch = lambda: None

    assert box.sweep() == 0
    assert box.row().status == FileStatus.WAITING
    box.real += LEASE_MS
    assert box.sweep() == 1
    assert (box.row().status, box.row().attempts) == (FileStatus.STORED, 2)


def _die() -> None:
    raise Crash


@pytest.mark.parametrize("moment", ["UPDATE", "COMMIT"])
def test_dying_between_the_disk_and_the_database_claims_nothing(box: Box, moment: str) -> None:
    """The content lies there, and no row says so; the next attempt finds the same and says it."""

    def die(statement: str) -> None:
        if box.shelf.asked and statement.startswith(moment):
            box.database.on_statement = None
            raise Crash

    box.database.on_statement = die
    with pytest.raises(Crash):
        box.sweep()

    assert (box.row().status, box.row().sha256) == (FileStatus.WAITING, "")
    box.real += LEASE_MS
    box.sweep()
    assert (box.row().status, box.row().sha256) == (FileStatus.STORED, DIGEST)


def test_two_workers_do_not_take_the_same(box: Box) -> None:
    async def both() -> list[int]:
        return list(await asyncio.gather(box.fetching().sweep(), box.fetching().sweep()))

    assert sorted(asyncio.run(both())) == [0, 1]
    assert len(box.shelf.asked) == 1


def test_the_end_of_the_service_breaks_off_what_is_on_its_way(database: Database) -> None:
    box = Box(database)

    async def ended() -> None:
        fetching = box.fetching()
        started = asyncio.Event()

        async def hang(_: Wanted) -> Fetched:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

        box.shelf.fetch = hang  # type: ignore[method-assign]
        sweep = asyncio.create_task(fetching.sweep())
        await started.wait()
        await fetching.close()
        assert await asyncio.gather(sweep, return_exceptions=True) != [1]
        assert await fetching.sweep() == 0

    asyncio.run(ended())
    assert box.row().status == FileStatus.WAITING


def test_each_asking_counts_in_the_month(database: Database) -> None:
    """Twice in vain and then with success; what is too old is not asked for."""
    box = Box(database)
    box.shelf.finds = [Failed("平台繁忙"), Failed("平台繁忙")]
    for _ in range(3):
        box.sweep()
        box.pass_time(minutes=20)
    box.database.write_now(lambda uow: _expected(uow, box.person, "过时.pdf"))
    box.pass_time(hours=4)
    box.sweep()

    assert len(box.shelf.asked) == 3
    assert database.read_now(lambda uow: lanes.spent_since(uow, "feishu", START - timedelta(days=1))) == 3
