"""Drains the outbox through a Sender: lease, look again, send, write down. The only place with backoff."""

import asyncio
import hashlib
import os
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from schedules import undelivered
from schedules.breaker import Breaker
from schedules.gate import Full, Gate
from schedules.letters import Outcome, Sender, Weight, letter_of
from schedules.pump import AT_ONCE, Pump
from schedules.rates import Manner, off_the_marks
from storage import cases, lanes, leaving, outbox
from storage.database import Database
from storage.installation import Installation
from storage.outbox import GROUP_ROBOT, OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

LEASE_MS = 120_000
SEND_SECONDS = 90
"""Longer no send may take; the lease outlives it."""
KEPT_FOR_THE_URGENT = 4
"""Of the places of one channel, so many are left to answers and escalations while anything is on its way."""
LOOKED_AT_ONCE = 100
"""Messages that one transaction may look at: all others wait behind it on SQLite."""
GIVE_UP_AFTER = timedelta(hours=72)
"""Counted from the first try: what waited for office hours over the holidays has not been tried yet."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=30)
CANNOT_BE_READ = "消息无法生成"
TOO_SLOW = "发送超时，可能已送达"
_PAUSES = (0.5, 2.0, 5.0, 10.0)
SENDER_DIED = "发送进程中断"
NOT_AGAIN = "可能已送达，重发会重复，不再发送"


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
        self._pumps: dict[str, Pump] = {}
        self._full: dict[str, tuple[Priority, datetime]] = {}
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)
        self._finishing: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Claim nothing more; what is on its way is still written down."""
        self._stopping = True

    async def recover(self) -> int:
        """Take back what a dead sender left behind; return how many messages that were."""
        return await self._database.write(self._recover)

    async def drain(self) -> int:
        """Send everything whose time has come; return how many attempts were made. Channels do not wait for others."""
        await self._woken()
        running = [pump for pump in self._pumps.values() if not pump.task.done()]
        made = sum(await asyncio.gather(*(pump.made() for pump in running)))
        await asyncio.gather(*self._finishing)
        return made

    async def start(self) -> None:
        """See to it that whatever has come due is being sent, and return at once: a slow channel holds up nobody."""
        await self._woken()

    async def finish(self) -> None:
        """Wait until nothing is on its way; use it after `stop`."""
        running = [pump.task for pump in self._pumps.values() if not pump.task.done()]
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*self._finishing, return_exceptions=True)

    def opens_at(self) -> datetime | None:
        """When the next channel that is full, or whose platform does not answer, is tried again; None where none is."""
        now = self._now()
        full = [until for _, until in list(self._full.values())]
        silent = [breaker.opens_at() for breaker in list(self._breakers.values())]
        return min((until for until in (*full, *silent) if until is not None and until > now), default=None)

    def held(self) -> frozenset[str]:
        """The channels on which messages wait for the platform: it is silent, or full for some of them."""
        now = self._now()
        silent = {name for name, breaker in list(self._breakers.items()) if breaker.broken}
        return frozenset(silent | {name for name, (_, until) in list(self._full.items()) if until > now})

    async def _woken(self) -> list["Pump"]:
        """A pump for each channel on which anything waits, running, and looking once more if it ran already."""
        if self._stopping:
            return []
        woken = []
        for channel in await self._database.read(leaving.channels_waiting):
            pump = self._pumps.get(channel)
            if pump is None or pump.task.done():
                pump = self._pumps[channel] = Pump(self, channel)
                pump.task.add_done_callback(_tell_of_fault)
            else:
                pump.look_again.set()
            woken.append(pump)
        return woken

    async def claim(self, channel: str, room: int, in_flight: int) -> list[OutboxRow]:
        """Take up to `room` messages that may leave now; empty only when nothing is left whose time has come."""
        room = self._breakers[channel].room(room, in_flight, self._now())
        while room and not self._stopping:
            leased, more = await self._database.write(lambda uow: self._claim(uow, channel, room, in_flight))
            if leased or not more:
                return leased
        return []

    def _claim(
        self, uow: UnitOfWork, channel: str, room: int = AT_ONCE, in_flight: int = 0
    ) -> tuple[list[OutboxRow], bool]:
        """What was leased, and whether there may be more that was not looked at."""
        now, manner = self._now(), self._sender.manner(channel)
        gate = Gate(uow, self._installation, channel, manner, now) if manner.counts else None
        leased: list[OutboxRow] = []
        looked = 0
        while not leased and looked < LOOKED_AT_ONCE:
            rows = self._due(uow, channel, room, in_flight, now)
            if not rows:
                return leased, False
            looked += len(rows)
            for row in rows:
                taken = any(row.recipient == one.recipient for one in leased)
                if not taken and row.priority in self._open(channel, now):
                    leased += self._judged(uow, row, gate, manner, now)
        return leased, True

    def _due(self, uow: UnitOfWork, channel: str, room: int, in_flight: int, now: datetime) -> list[OutboxRow]:
        """What may leave, the urgent first; places are kept for it, so that no answer waits for a slow broadcast."""
        busy = leaving.busy(uow, channel)
        open_ = self._open(channel, now)
        urgent = [priority for priority in open_ if priority <= Priority.ESCALATION]
        rows = leaving.due(uow, channel, now=now, limit=room, priorities=urgent, busy=busy)
        left = room - len(rows) - (KEPT_FOR_THE_URGENT if in_flight else 0)
        if left > 0:
            rest = [priority for priority in open_ if priority > Priority.ESCALATION]
            rows += leaving.due(uow, channel, now=now, limit=left, priorities=rest, busy=busy)
        return rows

    def _judged(
        self, uow: UnitOfWork, row: OutboxRow, gate: Gate | None, manner: Manner, now: datetime
    ) -> list[OutboxRow]:
        """The message, leased, if it may leave now. One that cannot even be looked at must not stop the others."""
        try:
            with uow.savepoint():
                notice = self._look_again(uow, row, manner, now)
                if notice is None:
                    return []
                return self._lease(uow, row.model_copy(update={"notice": notice}), gate, manner, now)
        except DBAPIError:
            raise
        except Exception:
            log.exception("message cannot be judged", outbox=row.id, kind=row.notice.get("kind"))
        leaving.end_unsent(uow, row, Status.DEAD, at=now, reason=CANNOT_BE_READ)
        undelivered.tell(uow, self._installation, row, Status.DEAD, CANNOT_BE_READ, now)
        return []

    def _open(self, channel: str, now: datetime) -> list[Priority]:
        """The priorities for which the channel is not known to be full."""
        shut, until = self._full.get(channel, (None, now))
        return [priority for priority in Priority if shut is None or priority < shut or now >= until]

    def _lease(
        self, uow: UnitOfWork, row: OutboxRow, gate: Gate | None, manner: Manner, now: datetime
    ) -> list[OutboxRow]:
        """The message, leased; nothing where the platform's limits leave no room for it now."""
        weight = self._sender.weigh(letter_of(row)) if gate or manner.drops_repeats else Weight()
        full = gate.refuses(row, weight.calls) if gate else None
        if full is not None:
            self._shut(uow, row, full)
            return []
        words, said_before = self._said_before(uow, row, weight.words, manner, now)
        until = _real_ms() + LEASE_MS
        return [
            leaving.lease(
                uow,
                row,
                worker=self._worker,
                now=now,
                lease_until=until,
                calls=weight.calls,
                words=words,
                said_before=said_before,
            )
        ]

    def _shut(self, uow: UnitOfWork, row: OutboxRow, full: Full) -> None:
        if full.whole_channel:
            self._full[row.channel] = (Priority(row.priority), full.until)
        else:
            leaving.put_off(uow, row, full.until)

    def _said_before(
        self, uow: UnitOfWork, row: OutboxRow, words: str, manner: Manner, now: datetime
    ) -> tuple[str, int]:
        """A digest of the words, and their number among equal ones that the platform remembers; once for all tries."""
        if not manner.drops_repeats:
            return "", 0
        digest = hashlib.sha256(words.encode()).hexdigest()[:32]
        if row.maybe_shown or row.pieces_sent:
            return digest, row.said_before
        since = now - manner.drops_repeats
        return digest, lanes.next_number(uow, row.channel, row.recipient, digest, since)

    def _look_again(self, uow: UnitOfWork, row: OutboxRow, manner: Manner, now: datetime) -> dict[str, Any] | None:
        """What a message says as it leaves, judged in this very moment (invariant 4); None when it does not leave."""
        if row.maybe_shown and not self._key_lives(row, now):
            leaving.end_unsent(uow, row, Status.UNKNOWN, at=now, reason=NOT_AGAIN)
            undelivered.tell(uow, self._installation, row, Status.UNKNOWN, NOT_AGAIN, now)
            return None
        at = cases.time_to_leave(uow, self._installation, row, now)
        if manner.avoids_marks and row.initiated and at == now and not row.attempts:
            at = off_the_marks(now, row.key)
        if at > now and not row.maybe_shown:
            # Held up until after hours: what we write of our own accord waits for the morning.
            leaving.put_off(uow, row, at)
            return None
        notice = cases.as_it_leaves(uow, self._installation, row, now)
        if notice is None:
            leaving.end_unsent(uow, row, Status.WITHDRAWN, at=now, reason=cases.NO_LONGER_OWED)
        return notice

    async def deliver(self, row: OutboxRow) -> None:
        """Make the attempt for which a message was leased, and write down how it ended."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                outcome = await self._sender.send(letter_of(row))
        except TimeoutError:
            outcome = Outcome(Status.UNKNOWN, TOO_SLOW, silent=True)
        self._heard(row.channel, outcome)
        held = await self._kept(row, outcome)
        if held and outcome.status is Status.SENT and row.extra and row.extra.get(outbox.ANSWERED):
            # The answer has arrived: its place is the next letter's, however slow the old card is.
            finishing = asyncio.create_task(self._finish_card(row))
            self._finishing.add(finishing)
            finishing.add_done_callback(self._finishing.discard)

    async def _finish_card(self, row: OutboxRow) -> None:
        """Show on the card whose button was pressed that it is dealt with; a nicety, which nothing waits for."""
        try:
            pressed = await self._database.read(lambda uow: outbox.pressed_card(uow, row))
            async with asyncio.timeout(SEND_SECONDS):
                calls = await self._sender.finish(letter_of(row), letter_of(pressed) if pressed else None)
            if calls:
                await self._database.write(lambda uow: lanes.note(uow, row.channel, self._now(), calls))
        except Exception:
            log.exception("card not finished", outbox=row.id)

    async def _kept(self, row: OutboxRow, outcome: Outcome) -> bool:
        """Write down how an attempt ended; a database that is away for a moment must not make us forget it."""
        for pause in _PAUSES:
            try:
                return await self._database.write(lambda uow: self._write_down(uow, row, outcome))
            except DBAPIError:
                log.warning("outcome not written down yet", outbox=row.id)
                await asyncio.sleep(pause)
        return await self._database.write(lambda uow: self._write_down(uow, row, outcome))

    def _heard(self, channel: str, outcome: Outcome) -> None:
        breaker = self._breakers[channel]
        before = breaker.broken
        if outcome.repair:
            breaker.shut(self._now())
        elif outcome.silent:
            breaker.failed(self._now())
        else:
            breaker.succeeded()
        if breaker.broken is not before:
            state = "platform answers again" if before else "needs repair" if outcome.repair else "platform silent"
            log.warning(state, channel=channel, reason=outcome.reason)

    def _write_down(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> bool:
        """Whether the lease still held, so that it counted."""
        now = self._now()
        lost = outcome.status is Status.UNKNOWN
        outcome = self._settle(uow, row, outcome, now)
        again = self._again(uow, row, outcome, now, lost=lost) if outcome.status is Status.RETRY else None
        held = leaving.finish(
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
            pieces_sent=outcome.pieces_sent,
        )
        if held and outcome.status is Status.SENT:
            cases.accepted_by_platform(uow, self._installation, row, now)
        if held and outcome.status in (Status.DEAD, Status.UNKNOWN):
            log.error("message given up", outbox=row.id, status=outcome.status.value, attempts=row.attempts)
            undelivered.tell(uow, self._installation, row, outcome.status, outcome.reason, now)
        if held and outcome.repair:
            platform = self._sender.manner(row.channel).platform
            undelivered.closed(uow, self._installation, row.channel, platform, outcome.reason, now)
        return held

    def _settle(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome, now: datetime) -> Outcome:
        """A lost answer is tried again where the platform knows the key.

        Nothing is tried for ever but what speaks of something owed: it is taken back when that is owed no more.
        """
        if outcome.status is Status.UNKNOWN and self._key_lives(row, now):
            outcome = replace(outcome, status=Status.RETRY)
        too_long = now - (row.first_sent_at or now) > GIVE_UP_AFTER
        if outcome.status is not Status.RETRY or not too_long or outcome.repair:
            return outcome
        if not outbox.about(uow, row.id):
            return replace(outcome, status=Status.DEAD)
        return outcome

    def _again(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome, now: datetime, *, lost: bool) -> datetime:
        """When to try again: in office hours where we write of our own accord.

        What may have been shown already is tried at any hour, while the platform still knows its key.
        """
        at = now + self._wait(row.attempts, outcome.retry_after)
        return at if lost or row.maybe_shown else cases.time_to_leave(uow, self._installation, row, at)

    def _key_lives(self, row: OutboxRow, now: datetime) -> bool:
        """Whether a second send would still be recognised, counted from the earliest moment of the first."""
        life = timedelta(0) if row.recipient == GROUP_ROBOT else self._sender.manner(row.channel).key_life
        return now - (row.first_sent_at or now) < life

    def _wait(self, attempts: int, asked: float | None) -> timedelta:
        """Exponential with jitter; never shorter than what the platform asks for."""
        grown = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
        spread = grown * (0.5 + self._jitter.random() / 2)
        return max(spread, timedelta(seconds=asked or 0))

    def _recover(self, uow: UnitOfWork) -> int:
        now = self._now()
        rows = leaving.abandoned(uow, _real_ms())
        for row in rows:
            again = self._key_lives(row, now)
            status = Status.RETRY if again else Status.UNKNOWN
            outbox.set_status(uow, row.id, status, at=now, reason=SENDER_DIED, maybe_shown=True)
            if not again:
                undelivered.tell(uow, self._installation, row, Status.UNKNOWN, SENDER_DIED, now)
        return len(rows)


def _tell_of_fault(task: asyncio.Task[int]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("delivery failed", exc_info=error)


def _real_ms() -> int:
    return time.time_ns() // 1_000_000
