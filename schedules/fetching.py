"""Fetches what people sent as evidence, while the platform still gives it out, through a Fetcher.

A file is tried again until it is there, is refused, or can no longer be had; the person hears of all but success.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from assessment.evidence import Unfit
from assessment.notices import FileLost, FileRefused, Notice, write
from storage import files, lanes, obligations, outbox
from storage.database import Database
from storage.files import FileRow, FileStatus
from storage.outbox import Priority
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE_MS = 300_000
"""Longer than fetching and examining one file may take together."""
AT_ONCE = 4
"""Of one channel. Each is a line of its own, so that a platform that hangs costs no other's file its life."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
PROMPT = timedelta(minutes=15)
"""What is told so soon is part of the answer; later it is a message of our own accord and keeps to office hours."""


@dataclass(frozen=True)
class Wanted:
    """One file as the fetcher gets it."""

    channel: str
    key: str
    kind: str


@dataclass(frozen=True)
class Stored:
    """The content is on the disk, under its hash."""

    sha256: str
    size: int
    kind: str
    """One of assessment.evidence.KINDS."""


@dataclass(frozen=True)
class Refused:
    """The content is not to be taken; it was not kept."""

    why: Unfit


@dataclass(frozen=True)
class Gone:
    """The platform does not have it any more."""


@dataclass(frozen=True)
class Failed:
    """It may work later. The reason is a phrase for the office."""

    reason: str
    retry_after: float | None = None


Fetched = Stored | Refused | Gone | Failed


class Fetcher(Protocol):
    """Fetches one file, once. Never raises: whatever happened is in what it returns."""

    def life(self, channel: str) -> timedelta:
        """For how long after it was sent a file is worth asking for."""

    async def fetch(self, wanted: Wanted) -> Fetched:
        """Fetch, examine and keep."""


class Fetching:
    """One worker over the files that wait, with a line for each channel; several may run on several replicas."""

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        now: Callable[[], datetime],
        *,
        jitter: random.Random | None = None,
        real_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._now = now
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads retries, keeps no secret
        self._real_ms = real_ms
        self._lines: dict[str, set[asyncio.Task[int]]] = defaultdict(set)
        self._stopping = False

    async def start(self) -> None:
        """Set about every file whose time has come, without waiting for any: the next may come meanwhile."""
        await self._set_about()

    async def sweep(self) -> int:
        """Make one attempt for every file whose time has come; return how many attempts were made."""
        return sum(await asyncio.gather(*await self._set_about()))

    async def close(self) -> None:
        """Claim nothing more, and break off what is on its way: after the next start it is fetched anew."""
        self._stopping = True
        running = [task for line in self._lines.values() for task in line]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _set_about(self) -> list[asyncio.Task[int]]:
        """Man each channel's line as far as it has work and free places."""
        begun = []
        for channel, count in (await self._due()).items():
            line = self._lines[channel]
            for _ in range(min(count, AT_ONCE - len(line))):
                task = asyncio.create_task(self._fetch_from(channel))
                line.add(task)
                task.add_done_callback(line.discard)
                task.add_done_callback(_log_failure)
                begun.append(task)
        return begun

    async def _fetch_from(self, channel: str) -> int:
        made = 0
        while (await self._due()).get(channel) and (row := await self._database.write(partial(self._claim, channel))):
            await self._try(row)
            made += 1
        return made

    async def _due(self) -> Mapping[str, int]:
        """Asked of a reader first: mostly nothing waits, and a writer has better things to do."""
        if self._stopping:
            return {}
        now, real = self._now(), self._real_ms()
        return await self._database.read(lambda uow: files.due(uow, now=now, real_ms=real))

    def _claim(self, channel: str, uow: UnitOfWork) -> FileRow | None:
        real = self._real_ms()
        return files.claim(uow, channel, now=self._now(), real_ms=real, lease_until=real + LEASE_MS)

    async def _try(self, row: FileRow) -> None:
        too_late = self._now() >= self._until(row)
        fetched = Gone() if too_late else await self._fetcher.fetch(Wanted(row.channel, row.key, row.kind))

        def job(uow: UnitOfWork) -> None:
            if not too_late:
                lanes.note(uow, row.channel, self._now())
            self._write_down(uow, row, fetched)

        await self._database.write(job)

    def _write_down(self, uow: UnitOfWork, row: FileRow, fetched: Fetched) -> None:
        now = self._now()
        match fetched:
            case Stored(sha256, size, kind):
                files.end(uow, row.id, FileStatus.STORED, at=now, sha256=sha256, size=size, type_=kind)
            case Refused(why):
                if files.end(uow, row.id, FileStatus.REFUSED, at=now, reason=why.value):
                    self._tell(uow, row, now, refused=why)
            case Failed(reason, retry_after) if (again := now + self._wait(row.attempts, retry_after)) < self._until(
                row
            ):
                files.try_again(uow, row.id, at=again, reason=reason)
            case _:
                if files.end(uow, row.id, FileStatus.LOST, at=now, reason=row.reason):
                    log.warning("file lost", file=row.id, channel=row.channel, attempts=row.attempts)
                    self._tell(uow, row, now, refused=None)

    def _until(self, row: FileRow) -> datetime:
        return row.sent_at + self._fetcher.life(row.channel)

    def _wait(self, attempts: int, asked: float | None) -> timedelta:
        """Exponential with jitter; never shorter than what the platform asks for."""
        grown = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
        return max(grown * (0.5 + self._jitter.random() / 2), timedelta(seconds=asked or 0))

    def _tell(self, uow: UnitOfWork, row: FileRow, now: datetime, *, refused: Unfit | None) -> None:
        """What became of it, and what to do; as it is attached by now."""
        now_it_is = files.get(uow, row.id)
        title, reported = _title(uow, now_it_is), bool(now_it_is.number)
        notice: Notice = (
            FileLost(name=row.name, title=title, reported=reported)
            if refused is None
            else FileRefused(name=row.name, title=title, reported=reported, why=refused)
        )
        prompt = now - row.asked_at <= PROMPT
        outbox.tell(
            uow,
            row.person,
            write(notice),
            key=f"file:{row.id}",
            priority=Priority.ANSWER if prompt else Priority.ESCALATION,
            queued_at=now,
            initiated=not prompt,
        )


def _log_failure(task: asyncio.Task[int]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("fetching broke off", exc_info=error)


def _title(uow: UnitOfWork, row: FileRow) -> str:
    return obligations.get(uow, row.obligation).title if row.obligation is not None else ""
