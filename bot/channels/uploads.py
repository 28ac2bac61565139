"""What was uploaded to a platform: each file once, under the id that the platform gave it, while that lives."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.channel import SendError

Upload = Callable[[], Awaitable[str]]
"""Uploads a file; returns the platform's id of it. Raises SendError."""
Key = tuple[str, ...]


@dataclass(frozen=True)
class _Uploading:
    task: asyncio.Task[str]
    until: float
    """By the monotonic clock; from when its upload began."""


class Uploads:
    """The uploaded files of one app. Their life is counted by the machine's clock: domain time may be wound."""

    def __init__(self, life: timedelta, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`life`: for so long an id is used; shorter than the platform keeps what is behind it."""
        self._life = life.total_seconds()
        self._monotonic = monotonic
        self._found: dict[Key, _Uploading] = {}

    async def get(self, key: Key, upload: Upload) -> str:
        """The id of the file with that key; uploaded by whoever asks first, and all others wait for that.

        Raises SendError, never `unknown`, for an upload shows nothing to anybody; nor `repair` or `silent`.
        """
        now = self._monotonic()
        self._found = {known: one for known, one in self._found.items() if now < one.until}
        one = self._found.get(key)
        if one is None:
            one = self._found[key] = _Uploading(asyncio.create_task(_known(upload)), now + self._life)
        try:
            return await asyncio.shield(one.task)
        except BaseException:
            if one.task.done() and self._found.get(key) is one:
                del self._found[key]
            raise

    def forget(self, key: Key) -> None:
        """The platform does not know the id any more: the file is uploaded anew when it is asked for next."""
        self._found.pop(key, None)


async def _known(upload: Upload) -> str:
    try:
        return await upload()
    except SendError as error:
        if error.repair:
            # A permission that is missing for files alone must not close the way for all other messages.
            raise SendError(error.reason, permanent=True) from error
        if not (error.unknown or error.silent):
            raise
        # Nor does the silence of where files go say anything of where words go.
        raise SendError("附件未能上传，稍后重发", retry_after=error.retry_after) from error
