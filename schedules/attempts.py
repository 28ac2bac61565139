"""One attempt at a letter while it is on its way: its limits of time, how far it has come, what went without."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from schedules.letters import Letter, Outcome, Sender
from storage.outbox import Status

SEND_SECONDS = 90
"""Longer the messages of one letter may not take; the lease outlives it."""
UPLOADING_SECONDS = 20
"""So long a letter waits for its files, and whoever it goes to for an answer to something else. What was begun is
uploaded all the same: the next attempt finds it."""
TOO_SLOW = "发送超时，可能已送达"
STILL_UPLOADING = "附件尚未传完，稍后重发"

Keep = Callable[[int, bool], Awaitable[bool]]
"""Writes down how many messages are accepted, and whether files are uploaded now; False where that is not written, for
the lease is lost or the database away."""


class Attempt:
    """Satisfies schedules.letters.Way."""

    def __init__(self, pieces: int, keep: Keep) -> None:
        """`pieces`: so many of the letter's messages earlier attempts got through."""
        self._pieces = pieces
        self._keep = keep
        self._limit: asyncio.Timeout | None = None
        self._is_uploading = False
        self._over = False
        self._last = False
        self._missing: dict[str, str] = {}

    async def make(self, sender: Sender, letter: Letter) -> Outcome:
        """Let `sender` try once, and say how it ended; what was accepted is known however it was cut short."""
        before = self._pieces
        try:
            async with asyncio.timeout(SEND_SECONDS) as self._limit:
                outcome = await sender.send(replace(letter, way=self))
        except TimeoutError:
            outcome = Outcome(Status.UNKNOWN, TOO_SLOW, silent=True)
            if self._is_uploading:
                outcome = Outcome(Status.RETRY, STILL_UPLOADING)
        finally:
            self._over = True
        if self._is_uploading and outcome.status is Status.UNKNOWN:
            # Whatever went wrong, nothing of this attempt can have been seen.
            outcome = replace(outcome, status=Status.RETRY)
        outcome = replace(outcome, missing=tuple(self._missing.items()))
        if outcome.status is Status.SENT:
            return outcome
        # What ended at its uploads made no other calls, and uploads are counted as they are made.
        calls = self._pieces - before if self._is_uploading else None
        return replace(outcome, pieces_sent=max(outcome.pieces_sent, self._pieces), calls=calls)

    async def uploading(self) -> bool:
        """See Way."""
        if self._last:
            return False
        self._is_uploading = True
        self._give(UPLOADING_SECONDS)
        return await self._keep(self._pieces, True)

    async def told(self, pieces: int, *, keep: bool) -> bool:
        """See Way."""
        self._pieces = pieces
        if self._is_uploading:
            self._is_uploading = False
            self._give(SEND_SECONDS)
        return not keep or await self._keep(pieces, False)

    def without(self, file: str, reason: str) -> None:
        """See Way."""
        self._missing[file] = reason

    def cut_uploading(self) -> None:
        """The service ends: wait for no upload, now or later."""
        self._last = True
        if self._is_uploading:
            self._give(0)

    def cut(self) -> None:
        """The service ends: wait for nothing."""
        self._last = True
        self._give(0)

    def _give(self, seconds: float) -> None:
        if self._limit is not None and not self._over and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + seconds)
