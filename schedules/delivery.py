"""Drains the outbox through a Sender: lease, look again, send, write down."""

import asyncio
import os
import random
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

from schedules import leases
from schedules.attempts import Attempt
from schedules.breaker import Breaker
from schedules.claims import Claims
from schedules.doubt import key_lives
from schedules.finishing import Finishing
from schedules.letters import Letter, Outcome, Sender, letter_of
from schedules.outcomes import Outcomes
from schedules.pump import Pump
from storage import leaving
from storage.database import Database
from storage.installation import Installation
from storage.outbox import OutboxRow, Status

log = structlog.get_logger()

FILES_WAITED_FOR = timedelta(hours=24)
"""Counted from the first try. Then the words leave, with a word about each file that could not be uploaded."""
ENDING_SECONDS = 6.0
"""So long a letter that is on its way may still take when the service ends; serving waits a little longer."""
_PAUSES = (0.5, 2.0, 5.0, 10.0)


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
        self._now = now
        self._stopping = False
        self._worker = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        dice = jitter or random.Random()  # noqa: S311 - spreads retries, keeps no secret
        self.claims = Claims(sender, installation, now, self._worker)
        self.outcomes = Outcomes(sender, installation, now, self._worker, dice)
        self._finishing = Finishing(database, sender, now)
        self._pumps: dict[str, Pump] = {}
        self._attempts: set[Attempt] = set()
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)

    def stop(self) -> None:
        """Claim nothing more; what is on its way is still written down."""
        self._stopping = True

    async def recover(self) -> int:
        """Take back what a dead sender left behind; return how many messages that were."""
        return await self._database.write(self.outcomes.recover)

    async def drain(self) -> int:
        """Send everything whose time has come; return how many attempts were made. Channels do not wait for others."""
        await self._woken()
        running = [pump for pump in self._pumps.values() if not pump.task.done()]
        made = sum(await asyncio.gather(*(pump.made() for pump in running)))
        await self._finishing.wait()
        return made

    async def start(self) -> None:
        """See to it that whatever has come due is being sent, and return at once: a slow channel holds up nobody."""
        await self._woken()

    async def finish(self) -> None:
        """Wait until nothing is on its way; use it after `stop`.

        No upload is waited for, no answer longer than ENDING_SECONDS: such a letter is written down as what it is,
        to be sent again or in doubt. A card whose button was pressed may stay as it was.
        """
        running = [pump.task for pump in self._pumps.values() if not pump.task.done()]
        for attempt in self._attempts:
            attempt.cut_uploading()
        if running:
            await asyncio.wait(running, timeout=ENDING_SECONDS)
        for attempt in self._attempts:
            attempt.cut()
        await asyncio.gather(*running, return_exceptions=True)
        await self._finishing.end()

    def opens_at(self) -> datetime | None:
        """When the next channel that is full, or whose platform does not answer, is tried again; None where none is."""
        now = self._now()
        silent = [breaker.opens_at() for breaker in list(self._breakers.values())]
        times = (*self.claims.full().values(), *silent)
        return min((until for until in times if until is not None and until > now), default=None)

    def held(self) -> frozenset[str]:
        """The channels on which messages wait for the platform: it is silent, or full for some of them."""
        silent = {name for name, breaker in list(self._breakers.items()) if breaker.broken}
        return frozenset(silent | self.claims.full().keys())

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
            leased, more = await self._database.write(lambda uow: self.claims.take(uow, channel, room, in_flight))
            if leased or not more:
                return leased
        return []

    async def deliver(self, row: OutboxRow) -> None:
        """Make the attempt for which a message was leased, and write down how it ended."""

        async def keep(pieces: int, uploading: bool) -> bool:
            kept, until = partial(leaving.keep_on, worker=self._worker), leases.end()
            try:
                return await self._database.write(
                    lambda uow: kept(uow, row, lease_until=until, pieces_sent=pieces, uploading=uploading)
                )
            except DBAPIError:
                # Known here, it is written down with the outcome. Nothing more is sent before it is: of what somebody
                # else may have to go on with, more than one message would be in doubt.
                log.warning("progress not written down", outbox=row.id)
                return False

        attempt = Attempt(row.pieces_sent, keep)
        self._attempts.add(attempt)
        if self._stopping:
            attempt.cut_uploading()
        try:
            outcome = await attempt.make(self._sender, self._letter(row))
        finally:
            self._attempts.discard(attempt)
        self._heard(row.channel, outcome)
        held = await self._kept(row, outcome)
        if held and outcome.status is Status.SENT:
            # The answer has arrived: its place is the next letter's, however slow the old card is.
            self._finishing.begin(row)

    def _letter(self, row: OutboxRow) -> Letter:
        now = self._now()
        doubtful = row.maybe_shown and not key_lives(self._sender, row, now)
        waits = now - (row.first_sent_at or now) < FILES_WAITED_FOR
        return replace(letter_of(row), doubtful=doubtful, waits_for_files=waits)

    async def _kept(self, row: OutboxRow, outcome: Outcome) -> bool:
        """Write down how an attempt ended; a database that is away for a moment must not make us forget it."""
        for pause in _PAUSES:
            try:
                return await self._database.write(lambda uow: self.outcomes.write_down(uow, row, outcome))
            except DBAPIError:
                log.warning("outcome not written down yet", outbox=row.id)
                await asyncio.sleep(pause)
        return await self._database.write(lambda uow: self.outcomes.write_down(uow, row, outcome))

    def _heard(self, channel: str, outcome: Outcome) -> None:
        if outcome.calls == 0:
            return  # it ended where files go, which says nothing of where words go
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


def _tell_of_fault(task: asyncio.Task[int]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("delivery failed", exc_info=error)
