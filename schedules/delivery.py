"""Drains the outbox through a Sender: lease, look again, send, write down. The only place with backoff."""

import asyncio
import os
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from storage import cases, outbox
from storage.database import Database
from storage.installation import Installation
from storage.outbox import OutboxRow, Status
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE_MS = 60_000
"""Longer than any send may take: the channels' own timeout is 10 s."""
GIVE_UP_AFTER = timedelta(hours=72)
"""Counted from the first try: what waited for office hours over the holidays has not been tried yet."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=30)
AT_ONCE = 16
SENDER_DIED = "发送进程中断"
NOT_AGAIN = "可能已送达，重发会重复，不再发送"


@dataclass(frozen=True)
class Letter:
    """One message as the sender gets it."""

    key: str
    channel: str
    recipient: str
    to_group: bool
    notice: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended."""

    status: Status
    reason: str = ""
    platform_id: str = ""
    retry_after: float | None = None


class Sender(Protocol):
    """Sends one letter, once. Never raises: whatever happened is in the outcome."""

    async def send(self, letter: Letter) -> Outcome:
        """Hand the letter to its channel."""

    def key_life(self, channel: str) -> timedelta:
        """How long the channel shows two sends with one key once; zero where it knows no key (decisions 17)."""


class Delivery:
    """One worker over the outbox; several may run on several replicas."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        installation: Installation,
        now: Callable[[], datetime],
        *,
        jitter: random.Random | None = None,
    ) -> None:
        self._database = database
        self._sender = sender
        self._installation = installation
        self._now = now
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads retries, keeps no secret
        self._stopping = False
        self._worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"

    def stop(self) -> None:
        """Claim nothing more; what is on its way is still written down."""
        self._stopping = True

    async def recover(self) -> int:
        """Take back what a dead sender left behind; return how many messages that were."""
        return await self._database.write(self._recover)

    async def drain(self) -> int:
        """Send everything whose time has come; return how many attempts were made."""
        made = 0
        while not self._stopping and (letters := await self._database.write(self._claim)):
            await asyncio.gather(*(self._deliver(row) for row in letters))
            made += len(letters)
        return made

    def _claim(self, uow: UnitOfWork) -> list[OutboxRow]:
        """Lease what may leave now; empty only when nothing is left whose time has come."""
        now = self._now()
        while rows := outbox.claim(
            uow, worker=self._worker, now=now, real_ms=_real_ms(), lease_ms=LEASE_MS, limit=AT_ONCE
        ):
            leaving = [as_it_is for row in rows if (as_it_is := self._look_again(uow, row, now)) is not None]
            if leaving:
                return leaving
        return []

    def _look_again(self, uow: UnitOfWork, row: OutboxRow, now: datetime) -> OutboxRow | None:
        """A claimed message as it leaves, judged in this very moment (invariant 4); None when it does not leave."""
        if row.maybe_shown and not self._key_lives(row, now):
            outbox.end_unsent(uow, row, Status.UNKNOWN, at=now, reason=NOT_AGAIN)
            return None
        at = cases.time_to_leave(uow, self._installation, row, now)
        if at > now and not row.maybe_shown:
            # Held up until after hours: what we write of our own accord waits for the morning.
            outbox.put_back(uow, row, at)
            return None
        notice = cases.as_it_leaves(uow, self._installation, row, now)
        if notice is None:
            outbox.end_unsent(uow, row, Status.WITHDRAWN, at=now, reason=cases.NO_LONGER_OWED)
            return None
        return row.model_copy(update={"notice": notice})

    async def _deliver(self, row: OutboxRow) -> None:
        letter = Letter(row.key, row.channel, row.recipient, row.to_group, row.notice)
        outcome = await self._sender.send(letter)
        await self._database.write(lambda uow: self._write_down(uow, row, outcome))

    def _write_down(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> None:
        now = self._now()
        lost = outcome.status is Status.UNKNOWN
        outcome = self._settle(row, outcome, now, still_owed=bool(outbox.about(uow, row.id)))
        again = self._again(uow, row, outcome, now, lost=lost) if outcome.status is Status.RETRY else None
        held = outbox.finish(
            uow,
            outbox_id=row.id,
            worker=self._worker,
            attempt=row.attempts,
            status=outcome.status,
            at=now,
            reason=outcome.reason,
            platform_id=outcome.platform_id,
            not_before=again,
            maybe_shown=lost,
        )
        if held and outcome.status is Status.SENT:
            cases.accepted_by_platform(uow, self._installation, row, now)
        if outcome.status in (Status.DEAD, Status.UNKNOWN):
            log.error("message given up", outbox=row.id, status=outcome.status.value, attempts=row.attempts)

    def _settle(self, row: OutboxRow, outcome: Outcome, now: datetime, *, still_owed: bool) -> Outcome:
        """A lost answer is tried again where the platform knows the key.

        Nothing is tried for ever but what speaks of something owed: it is taken back when that is owed no more.
        """
        if outcome.status is Status.UNKNOWN and self._key_lives(row, now):
            outcome = Outcome(Status.RETRY, outcome.reason, retry_after=outcome.retry_after)
        too_long = now - (row.first_sent_at or now) > GIVE_UP_AFTER
        if outcome.status is Status.RETRY and too_long and not still_owed:
            return Outcome(Status.DEAD, outcome.reason)
        return outcome

    def _again(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome, now: datetime, *, lost: bool) -> datetime:
        """When to try again: in office hours where we write of our own accord.

        What may have been shown already is tried at any hour, while the platform still knows its key.
        """
        at = now + self._wait(row.attempts, outcome.retry_after)
        return at if lost or row.maybe_shown else cases.time_to_leave(uow, self._installation, row, at)

    def _key_lives(self, row: OutboxRow, now: datetime) -> bool:
        """Whether a second send would still be recognised, counted from the earliest moment of the first."""
        return now - (row.first_sent_at or now) < self._sender.key_life(row.channel)

    def _wait(self, attempts: int, asked: float | None) -> timedelta:
        """Exponential with jitter; never shorter than what the platform asks for."""
        grown = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
        spread = grown * (0.5 + self._jitter.random() / 2)
        return max(spread, timedelta(seconds=asked or 0))

    def _recover(self, uow: UnitOfWork) -> int:
        now = self._now()
        rows = outbox.abandoned(uow, _real_ms())
        for row in rows:
            again = self._key_lives(row, now)
            status = Status.RETRY if again else Status.UNKNOWN
            outbox.set_status(uow, row.id, status, at=now, reason=SENDER_DIED, maybe_shown=True)
        return len(rows)


def _real_ms() -> int:
    return time.time_ns() // 1_000_000
