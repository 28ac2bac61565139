"""kill -9 while people write and messages leave, again and again, on one database; then the count."""

import asyncio
import multiprocessing
import random
import secrets
import socket
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import aiohttp
from aiohttp import web
from sqlalchemy import text
from sqlmodel import select

from bot.clock import WoundClock
from bot.platforms.platform import Said
from bot.platforms.sandbox import Messenger
from storage.database import Database
from storage.inbox import InboxRow
from storage.outbox import OutboxRow, Status
from storage.submissions import SubmissionRow
from storage.unit_of_work import UnitOfWork
from tests.simulator.child import Site, serve
from tests.simulator.crash_points import examine_ledger
from tests.simulator.rulebooks import SEASONS, ZONE
from tests.simulator.world import CHANNEL, found

SEASON = SEASONS[0]
# Two clerks report again and again, the others ask: whoever is urged or told something is among them.
CLERKS = ("clerk-0", "clerk-1")
OTHERS = ("head-0", "head-1", "office-0", "leader")
UNDER_WAY = (Status.QUEUED, Status.SENDING)
UNFINISHED = (*UNDER_WAY, Status.RETRY)
PATIENCE = 30
"""Seconds after which something that must happen counts as hanging."""


@dataclass
class Count:
    """What the kills did, and what they must not have done."""

    kills: int = 0
    caught_sending: int = 0
    """Messages that were on their way when the process died."""
    said: int = 0
    acknowledged: int = 0
    shown: int = 0
    repeated_sends: int = 0
    """Sends that the platform recognised by their key and did not show again."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.caught_sending} messages caught on their way; {self.said} messages said, "
            f"{self.acknowledged} acknowledged, {self.shown} shown, {self.repeated_sends} sends repeated; "
            f"{len(self.faults)} faults"
        )

    def must(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(what)


async def kill_again_and_again(folder: Path, seed: int, kills: int, *, hasty: bool = False) -> Count:
    """Let a county work over a database in `folder`, kill its service that often, and count."""
    dice = random.Random(seed)
    count = Count()
    database = folder / f"killed-{seed}.sqlite"
    with Database.open(f"sqlite:///{database}") as opened:
        found(opened, SEASON)
    moment = datetime(SEASON.year, SEASON.month, SEASON.day, 9, 30, tzinfo=ZONE) + timedelta(days=1)
    async with aiohttp.ClientSession() as session, _messenger(session, moment) as (messenger, api_base, secret):
        site = Site(database, _free_port(), secret, api_base, moment, hasty)
        messenger.webhook = f"http://127.0.0.1:{site.port}/webhooks/{CHANNEL}"
        county = Writers(messenger)
        for _ in range(kills):
            with _running(site) as process:
                await _answers(session, site.port)
                county.said += await messenger.redeliver()
                writing = county.begin()
                await _until_under_way(database, county, len(county.said) + dice.randint(3, 25))
                process.kill()
                count.kills += 1
            count.caught_sending += _number_of(database, (Status.SENDING,))
            await county.end(writing)
        with _running(site) as process:
            await _answers(session, site.port)
            county.said += await messenger.redeliver()
            county.said.append(await messenger.say(CLERKS[0], county.next_words(CLERKS[0])))
            async with asyncio.timeout(PATIENCE):
                while _number_of(database, UNFINISHED):  # noqa: ASYNC110 - another process brings the change
                    await asyncio.sleep(0.01)
            process.kill()
    with Database.open(f"sqlite:///{database}") as opened:
        _balance(count, opened, messenger, county.said)
        examine_ledger(opened, moment)
    return count


class Writers:
    """People who write without pause, each waiting for the acknowledgement of the message before."""

    def __init__(self, messenger: Messenger) -> None:
        self.said: list[Said] = []
        self._messenger = messenger
        self._written = 0
        self._stopped = False

    def next_words(self, who: str) -> str:
        self._written += 1
        return f"工作计划:第{self._written}稿" if who in CLERKS else "帮助"

    def begin(self) -> "asyncio.Future[list[None]]":
        self._stopped = False
        return asyncio.gather(*(self._write(who) for who in (*CLERKS, *OTHERS)))

    async def end(self, writing: "asyncio.Future[list[None]]") -> None:
        """What is being said is said to nobody now, and kept by the messenger."""
        self._stopped = True
        await writing

    async def _write(self, who: str) -> None:
        while not self._stopped:
            said = await self._messenger.say(who, self.next_words(who))
            self.said.append(said)
            if not said.acknowledged:
                return


def _balance(count: Count, database: Database, messenger: Messenger, said: list[Said]) -> None:
    acknowledged = {each.message_id for each in said if each.acknowledged}

    def look(uow: UnitOfWork) -> tuple[list[InboxRow], list[OutboxRow], list[SubmissionRow], str]:
        whole = uow.execute(text("PRAGMA integrity_check")).scalar_one()
        return uow.rows(select(InboxRow)), uow.rows(select(OutboxRow)), uow.rows(select(SubmissionRow)), whole

    inbox, outbox, versions, integrity = database.read_now(look)
    kept = {row.message_id for row in inbox}
    reports = [row for row in inbox if row.text.startswith("工作计划")]
    answers = Counter(row.key.split(":")[1] for row in outbox if row.key.startswith("reply:"))
    shown = messenger._shown
    lines = sum(len(messenger.chat(messenger.private_chat(who))) for who in (*CLERKS, *OTHERS, "office-1"))

    count.said, count.acknowledged = messenger.tally.said, len(acknowledged)
    count.shown, count.repeated_sends = messenger.tally.shown, messenger.tally.repeats
    count.must(acknowledged <= kept, f"{len(acknowledged - kept)} acknowledged messages are missing")
    count.must(len(kept) == messenger.tally.said, "a message that was delivered again is missing")
    count.must(not any(row.parked for row in inbox), "a handler failed")
    count.must(len(versions) == len(reports), f"{len(reports)} reports made {len(versions)} versions")
    count.must(answers == Counter(str(row.id) for row in inbox), "a message was not answered exactly once")
    count.must(all(row.status == Status.SENT.value for row in outbox), "a message was not sent")
    count.must({row.key for row in outbox} == shown.keys(), "what was shown is not what was to be sent")
    count.must(lines == messenger.tally.said + len(shown), "something was shown twice")
    count.must(messenger.tally.conflicts == 0, "a message was sent again with other words")
    count.must(integrity == "ok", integrity)


@asynccontextmanager
async def _messenger(session: aiohttp.ClientSession, now: datetime) -> AsyncIterator[tuple[Messenger, str, str]]:
    secret = secrets.token_hex(24)
    messenger = Messenger(secret=secret, clock=WoundClock(now), session=session, channel=CHANNEL)
    runner = web.AppRunner(messenger.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield messenger, f"http://127.0.0.1:{runner.addresses[0][1]}", secret
    finally:
        await runner.cleanup()


@contextmanager
def _running(site: Site) -> Iterator[BaseProcess]:
    """The service in a process; it is dead when the block ends."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.simulator.child"])  # so that a start costs no imports
    process = context.Process(target=serve, args=(site,), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()


async def _answers(session: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)


async def _until_under_way(database: Path, county: Writers, heard: int) -> None:
    """Until that many messages have been said and others are on their way out at this very moment."""
    async with asyncio.timeout(PATIENCE):
        while len(county.said) < heard or not _number_of(database, UNDER_WAY):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)


def _number_of(database: Path, states: tuple[Status, ...]) -> int:
    marks = ",".join("?" * len(states))
    connection = sqlite3.connect(database)
    try:
        query = f"SELECT count(*) FROM outbox WHERE status IN ({marks})"  # noqa: S608 - only question marks
        return int(connection.execute(query, [state.value for state in states]).fetchone()[0])
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as found_free:
        found_free.bind(("127.0.0.1", 0))
        return int(found_free.getsockname()[1])
