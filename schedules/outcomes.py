"""How attempts ended, written down: sent, tried again after a while, or given up and the office told."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from schedules import leases, undelivered
from schedules.doubt import may_go_on
from schedules.letters import Outcome, Sender
from storage import cases, leaving, outbox
from storage.installation import Installation
from storage.outbox import OutboxRow, Status
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

GIVE_UP_AFTER = timedelta(hours=72)
"""Counted from the first try: what waited for office hours over the holidays has not been tried yet."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=30)
SENDER_DIED = "发送进程中断"


class Outcomes:
    """What one worker writes down. The only place with backoff."""

    def __init__(
        self,
        sender: Sender,
        installation: Installation,
        now: Callable[[], datetime],
        worker: str,
        jitter: random.Random,
    ) -> None:
        self._sender = sender
        self._installation = installation
        self._now = now
        self._worker = worker
        self._jitter = jitter

    def write_down(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> bool:
        """Whether the lease still held, so that it counted."""
        now = self._now()
        lost = outcome.status is Status.UNKNOWN
        advanced = outcome.pieces_sent > row.pieces_sent
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
            # What was in doubt came next: once more is accepted, it is in doubt no more.
            maybe_shown=True if lost else False if advanced else None,
            pieces_sent=outcome.pieces_sent,
            calls=outcome.calls,
        )
        if held and outcome.status is Status.SENT:
            cases.accepted_by_platform(uow, self._installation, row, now)
        if held and outcome.status in (Status.DEAD, Status.UNKNOWN):
            log.error("message given up", outbox=row.id, status=outcome.status.value, attempts=row.attempts)
            undelivered.tell(uow, self._installation, row, outcome.status, outcome.reason, now)
        if held and outcome.missing:
            undelivered.files(uow, self._installation, row, outcome.missing, now)
        if held and outcome.repair:
            platform = self._sender.manner(row.channel).platform
            undelivered.closed(uow, self._installation, row.channel, platform, outcome.reason, now)
        return held

    def recover(self, uow: UnitOfWork) -> int:
        """Take back what a dead sender left behind; how many letters that were."""
        now = self._now()
        rows = leaving.abandoned(uow, leases.now_ms())
        for row in rows:
            # Whoever died while files were uploaded had sent nothing yet that could be in doubt.
            seen = row.reason != leaving.UPLOADING
            again = not seen or may_go_on(self._sender, row, now)
            status = Status.RETRY if again else Status.UNKNOWN
            outbox.set_status(uow, row.id, status, at=now, reason=SENDER_DIED, maybe_shown=seen)
            if not again:
                undelivered.tell(uow, self._installation, row, Status.UNKNOWN, SENDER_DIED, now)
        return len(rows)

    def _settle(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome, now: datetime) -> Outcome:
        """A lost answer is tried again where that shows nothing twice.

        Nothing is tried for ever but what speaks of something owed: it is taken back when that is owed no more.
        """
        so_far = row.model_copy(update={"pieces_sent": max(row.pieces_sent, outcome.pieces_sent)})
        if outcome.status is Status.UNKNOWN and may_go_on(self._sender, so_far, now):
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

    def _wait(self, attempts: int, asked: float | None) -> timedelta:
        """Exponential with jitter; never shorter than what the platform asks for."""
        grown = min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)
        spread = grown * (0.5 + self._jitter.random() / 2)
        return max(spread, timedelta(seconds=asked or 0))
