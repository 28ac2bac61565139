"""What was uploaded to a platform: each file once, under the id that the platform gave it, while that is used."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.calling import NOT_CONNECTED
from bot.channels.channel import Attachment, SendError

PAUSE = timedelta(minutes=1)
"""So long nobody tries again what could not be uploaded; twice as long each time, longer where the platform asks."""
REFUSED_PAUSE = timedelta(minutes=10)
"""The same for what was refused for good, and the longest that `PAUSE` grows to: each try is a call of the month."""
AT_ONCE = 4
"""So many uploads of one channel are under way in one process, each with a whole file in memory."""
LATER = "附件未能上传，稍后重发"

Upload = Callable[[Attachment, bytes], Awaitable[str]]
"""Uploads a file with its content; returns the platform's id of it. Raises SendError."""


class MediaGone(SendError):
    """The platform does not know the id of a file, or not any more: the file is to be uploaded anew."""


@dataclass(frozen=True)
class Place:
    """A content under a name, where an app may send it from."""

    channel: str
    app: str
    """Ids are the app's own, or a group robot's; what changes with the settings is another app."""
    sha256: str
    name: str


class Book(Protocol):
    """Where the ids are kept, for all replicas."""

    async def find(self, place: Place) -> str | None:
        """The id, while it is used."""

    async def keep(self, place: Place, media_id: str, life: timedelta) -> str:
        """Keep the id of what was uploaded just now, which was one call; return the one to use, the first one's."""

    async def forget(self, place: Place, media_id: str) -> None:
        """The platform refuses that id."""

    async def called(self, place: Place, /) -> None:
        """A call was made in vain."""


@dataclass(frozen=True)
class _Failure:
    """What came of the last tries; never the exception itself, which holds on to the file's content."""

    until: datetime
    """Until then nobody tries again."""
    times: int
    reason: str
    permanent: bool
    retry_after: float | None

    def error(self) -> SendError:
        return SendError(self.reason, permanent=self.permanent, retry_after=self.retry_after)


class OwnBook:
    """Ids that nobody else knows, and that end with the process. Satisfies Book."""

    def __init__(self) -> None:
        self._ids: dict[Place, str] = {}

    async def find(self, place: Place) -> str | None:
        """See Book."""
        return self._ids.get(place)

    async def keep(self, place: Place, media_id: str, life: timedelta) -> str:  # noqa: ARG002
        """See Book; kept for as long as the process lives."""
        return self._ids.setdefault(place, media_id)

    async def forget(self, place: Place, media_id: str) -> None:
        """See Book."""
        if self._ids.get(place) == media_id:
            del self._ids[place]

    async def called(self, _place: Place, /) -> None:
        """See Book."""


class Uploads:
    """The uploads of one process: of each file one at a time, for whoever waits for it."""

    def __init__(self, book: Book, now: Callable[[], datetime]) -> None:
        """`now`: domain time, by which letters are tried again."""
        self.book = book
        self._now = now
        self._running: dict[Place, asyncio.Task[str]] = {}
        self._failed: dict[Place, _Failure] = {}
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))

    def shelf(self, channel: str, app: str, life: timedelta) -> "Shelf":
        """The files of one app; each id is used for `life`, shorter than the platform keeps what is behind it."""
        return Shelf(self, channel, app, life)

    async def get(self, place: Place, make: Callable[[], Awaitable[str]]) -> str:
        """What `make` returns for that place, made once for all who ask meanwhile. Whoever leaves off stops nobody.

        Raises what it raises, and for a while that again instead of making it anew.
        """
        failure = self._failed.get(place)
        if failure is not None and self._now() < failure.until:
            raise failure.error()
        task = self._running.get(place)
        if task is None:
            task = self._running[place] = asyncio.create_task(self._make(place, make))
            task.add_done_callback(lambda done: self._done(place, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Break off what is being uploaded: nobody waits for it any more."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make(self, place: Place, make: Callable[[], Awaitable[str]]) -> str:
        try:
            async with self._turns[place.channel]:
                made = await make()
        except SendError as error:
            self._failed[place] = self._failure(place, error)
            raise
        self._failed.pop(place, None)
        return made

    def _failure(self, place: Place, error: SendError) -> _Failure:
        before = self._failed.get(place)
        times = before.times + 1 if before else 1
        asked = timedelta(seconds=error.retry_after or 0)
        pause = max(min(PAUSE * 2 ** min(times - 1, 10), REFUSED_PAUSE), asked)
        if error.permanent:
            pause = asked or REFUSED_PAUSE
        return _Failure(self._now() + pause, times, error.reason, error.permanent, error.retry_after)

    def _done(self, place: Place, task: asyncio.Task[str]) -> None:
        self._running.pop(place, None)
        if not task.cancelled():
            task.exception()  # whoever waited has heard of it; perhaps nobody does any more


class Shelf:
    """The uploaded files of one app, or of one group's own robot."""

    def __init__(self, uploads: Uploads, channel: str, app: str, life: timedelta) -> None:
        self._uploads = uploads
        self._book = uploads.book
        self._channel = channel
        self._app = app
        self._life = life

    async def known(self, file: Attachment) -> str | None:
        """The id of the file, if it was uploaded; asks no platform."""
        return await self._book.find(self._place(file))

    async def get(self, file: Attachment, upload: Upload) -> str:
        """The id of the file; uploaded by whoever asks first, and all others wait for that.

        Raises SendError, never `unknown`, for an upload shows nothing to anybody; nor `repair` or `silent`.
        """
        place = self._place(file)
        return await self._uploads.get(place, lambda: self._uploaded(place, file, upload))

    async def anew(self, file: Attachment, upload: Upload, refused: str) -> str:
        """Another id than the one that the platform has just refused. Raises as `get`."""
        await self._book.forget(self._place(file), refused)
        return await self.get(file, upload)

    def _place(self, file: Attachment) -> Place:
        return Place(self._channel, self._app, file.sha256, file.name)

    async def _uploaded(self, place: Place, file: Attachment, upload: Upload) -> str:
        if (known := await self._book.find(place)) is not None:
            return known
        content = await file.read()
        try:
            media_id = await upload(file, content)
        except SendError as error:
            if NOT_CONNECTED not in error.reason:
                await self._book.called(place)
            raise _of_a_file(error) from error
        return await self._book.keep(place, media_id, self._life)


def _of_a_file(error: SendError) -> SendError:
    """What the failure of an upload says of a letter."""
    if error.repair:
        # A permission that is missing for files alone must not close the way for all other messages. Is it missing for
        # these, too, then the file goes with them once that is repaired: it is tried again before they are.
        return SendError(error.reason, permanent=True, retry_after=PAUSE.total_seconds())
    if error.unknown or error.silent:
        # Nor does the silence of where files go say anything of where words go.
        return SendError(LATER, retry_after=error.retry_after)
    return SendError(error.reason, permanent=error.permanent, retry_after=error.retry_after)
