"""Which letters may leave now: found, looked at once more as they leave, and leased for one attempt."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from schedules import leases, undelivered
from schedules.doubt import may_go_on
from schedules.gate import Full, Gate
from schedules.letters import Sender, Weight, letter_of
from schedules.pump import AT_ONCE
from schedules.rates import Manner, off_the_marks
from storage import cases, lanes, leaving
from storage.installation import Installation
from storage.outbox import OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

KEPT_FOR_THE_URGENT = 4
"""Of the places of one channel, so many are left to answers and escalations while anything is on its way."""
LOOKED_AT_ONCE = 100
"""Messages that one transaction may look at: all others wait behind it on SQLite."""
CANNOT_BE_READ = "消息无法生成"
NOT_AGAIN = "可能已送达，重发会重复，不再发送"


class Claims:
    """What one worker takes from the outbox. It remembers which channels are full."""

    def __init__(self, sender: Sender, installation: Installation, now: Callable[[], datetime], worker: str) -> None:
        self._sender = sender
        self._installation = installation
        self._now = now
        self._worker = worker
        self._full: dict[str, tuple[Priority, datetime]] = {}

    def full(self) -> dict[str, datetime]:
        """The channels that take nothing more of some priority for now, and until when."""
        now = self._now()
        return {name: until for name, (_, until) in list(self._full.items()) if until > now}

    def take(
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
        return [
            leaving.lease(
                uow,
                row,
                worker=self._worker,
                now=now,
                lease_until=leases.end(),
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
        if row.maybe_shown and not may_go_on(self._sender, row, now):
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
