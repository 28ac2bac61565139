"""A house that sends notices with files: one platform, one database, and as many replicas as a test starts."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from sqlmodel import col, select

from assessment.notices import BroadcastTold, NoticeFile, NotUnderstood, write
from bench.town import ZONE, installation
from bot.app import channel
from bot.channels.uploads import Uploads
from bot.clock import SystemClock, WoundClock
from bot.county import listen
from bot.health import Metrics
from bot.outgoing import BackDoor
from bot.platforms.platform import BOT, Platform
from bot.platforms.tenants import Tenant, tenant
from bot.upload_book import UploadBook
from schedules.delivery import Delivery
from storage import lanes, leaving, outbox
from storage.database import Database
from storage.outbox import OutboxRow, Priority
from tests.bot.channels.channel_subject import NOW
from tests.bot.channels.slow_line import SlowLine

NOON = NOW + timedelta(minutes=7)
FILES = ("一.pdf", "二.pdf", "三.pdf")
WORDS = "请按附件抓好落实"


@dataclass
class Replica:
    """One process: its delivery, and what it has uploaded."""

    delivery: Delivery
    uploads: Uploads
    stack: AsyncExitStack = field(repr=False)

    def time_is_up(self) -> None:
        """The limit of what is on its way has come."""
        for attempt in self.delivery._attempts:
            attempt._give(0)

    async def dies(self) -> None:
        """Nothing more is written down."""
        tasks = [pump.task for pump in self.delivery._pumps.values()]
        flying = [task for task in asyncio.all_tasks() if "deliver" in repr(task.get_coro())]
        for task in (*flying, *tasks):
            task.cancel()
        await asyncio.gather(*flying, *tasks, return_exceptions=True)
        await self.uploads.close()
        await self.stack.aclose()


@dataclass
class House:
    """A database and a platform, with as many replicas as a test starts."""

    database: Database
    tenant: Tenant
    base: str
    clock: WoundClock
    line: SlowLine
    stack: AsyncExitStack = field(repr=False)

    @property
    def platform(self) -> Platform:
        return self.tenant.platform

    async def replica(self) -> Replica:
        """A process begins."""
        own = await self.stack.enter_async_context(AsyncExitStack())
        session = await own.enter_async_context(aiohttp.ClientSession())
        uploads = Uploads(UploadBook(self.database, self.clock.now, SystemClock()), self.clock.now)
        made = channel(self.tenant.settings(self.base), session, self.clock, uploads)
        back = BackDoor({made.name: made}, ZONE, Metrics(), None, lambda sha: f"%PDF-1.4 {sha}".encode())
        delivery = Delivery(self.database, back, installation(), self.clock.now, jitter=random.Random(1))
        return Replica(delivery, uploads, own)

    def notice(self, *people: str, files: tuple[str, ...] = FILES) -> None:
        """A notice with files goes to each of these people."""
        enclosed = tuple(NoticeFile(name=name, kind="pdf", size=9, sha256=name) for name in files)
        told = BroadcastTold(number="T-1", office="督查室", text=WORDS, told_at=NOON, files=enclosed)
        for person in people:
            self._put(f"notice:{person}", person, write(told), Priority.BULK)

    def answer(self, person: str) -> None:
        """Somebody is answered."""
        self._put(f"answer:{person}", person, write(NotUnderstood()), Priority.ANSWER)

    def _put(self, key: str, person: str, notice: dict[str, object], priority: Priority) -> None:
        self.database.write_now(
            lambda uow: outbox.put(
                uow,
                key=key,
                channel=self.platform.channel,
                recipient=person,
                notice=notice,
                priority=priority,
                queued_at=self.clock.now(),
            )
        )

    def letter(self, key: str = "notice:u-1") -> OutboxRow:
        (row,) = self.database.read_now(lambda uow: uow.rows(select(OutboxRow).where(col(OutboxRow.key) == key)))
        return row

    def calls(self) -> int:
        """Of the month."""
        since = NOON - timedelta(days=1)
        return self.database.read_now(lambda uow: lanes.spent_since(uow, self.platform.channel, since))

    def seen(self, person: str = "u-1") -> list[str]:
        """What somebody sees, the words of the notice as WORDS."""
        chat = self.platform.chat(self.platform.private_chat(person))
        return [WORDS if WORDS in line.text else line.text for line in chat if line.sender == BOT]

    async def later(self, replica: Replica, span: timedelta = timedelta(hours=1)) -> None:
        """Time passes, and what is due then is sent."""
        until = self.clock.now() + span
        while self.clock.now() < until:
            due, soon = self.database.read_now(leaving.next_moment), self.clock.now() + timedelta(seconds=5)
            self.clock.wind_to(min(until, max(due or until, soon)))
            await replica.delivery.drain()


@asynccontextmanager
async def house(kind: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    clock = WoundClock(NOON)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        made = tenant(kind, clock, session)
        base = await stack.enter_async_context(listen(made.platform.application()))
        yield House(database, made, base, clock, SlowLine(monkeypatch), stack)
