"""The messages of one letter in their order: all its files are uploaded first, then each message leaves and is told of.

An upload shows nothing to anybody and may be repeated; so nothing has been said yet where one fails. What has been
said is known message by message, however the sending ends.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.channels.channel import Attachment, Outgoing, SendError
from bot.channels.uploads import MediaGone, Shelf, Upload

NOT_KEPT = "发送进度未能记下，稍后重发"
"""Where the letter is another process's by now, this is not written down either."""
NOT_NOW = "附件暂不能上传，稍后重发"
NEVER_UPLOADED = "附件长时间未能上传"

Post = Callable[[], Awaitable[str]]
"""Posts one message; returns the platform's id of it, empty where it gives none. Raises SendError."""

log = structlog.get_logger("files")


@dataclass(frozen=True)
class Carrier:
    """How files go to one recipient. Each function raises SendError; `place`: which message of the letter it is."""

    shelf: Shelf
    upload: Upload
    post: Callable[[Attachment, str, int], Awaitable[object]]
    """Sends an uploaded file by its id."""
    say: Callable[[str, int], Awaitable[object]]
    """Says words in the place of a file."""


async def send_in_order(outgoing: Outgoing, words: Sequence[Post], carrier: Carrier | None = None) -> str:
    """Send what is left of a letter: its `words`, then its files; returns the platform's id of the last of the words.

    Raises SendError, with the number of messages accepted so far; nothing was sent where an upload failed.
    """
    parcel = _Parcel(outgoing, len(words), carrier) if carrier and outgoing.files else None
    if parcel:
        await parcel.upload()
    last, message_id = len(words) + (len(outgoing.files) if parcel else 0), ""
    for place in range(outgoing.pieces_sent, last):
        try:
            if place < len(words):
                message_id = await words[place]()
            elif parcel:
                await parcel.send(place)
        except SendError as error:
            raise after(place, error) from error
        await _tell(outgoing, place + 1, keep=parcel is not None and place + 1 < last)
    return message_id


def after(pieces: int, error: SendError) -> SendError:
    """The failure, once so many messages were accepted."""
    return SendError(
        error.reason,
        permanent=error.permanent,
        unknown=error.unknown,
        silent=error.silent,
        repair=error.repair,
        retry_after=error.retry_after,
        pieces_sent=pieces,
    )


async def _tell(outgoing: Outgoing, pieces: int, *, keep: bool) -> None:
    if not await outgoing.way.told(pieces, keep=keep):
        raise SendError(NOT_KEPT, pieces_sent=pieces)


async def _begin_uploading(outgoing: Outgoing) -> None:
    if not await outgoing.way.uploading():
        raise SendError(NOT_NOW)


class _Parcel:
    """The files of one letter, and the ids under which they are sent; those without one are only spoken of."""

    def __init__(self, outgoing: Outgoing, start: int, carrier: Carrier) -> None:
        """`start`: how many messages go before them."""
        self._outgoing = outgoing
        self._start = start
        self._carrier = carrier
        self._ids: dict[int, str] = {}
        self._reasons: dict[int, str] = {}

    async def upload(self) -> None:
        """Have an id of every file that is still to be sent. Raises SendError where one may be had later."""
        missing = []
        for place, file in enumerate(self._outgoing.files, self._start):
            if place >= self._outgoing.pieces_sent and file.goes:
                known = await self._carrier.shelf.known(file)
                if known is None:
                    missing.append((place, file))
                else:
                    self._ids[place] = known
        if not missing:
            return
        if not self._outgoing.waits_for_files:
            self._reasons |= {place: NEVER_UPLOADED for place, _ in missing}
            return
        await self._upload(missing)

    async def _upload(self, missing: Sequence[tuple[int, Attachment]]) -> None:
        """Try each of them: of several files one may go where another does not."""
        sent, failure = self._outgoing.pieces_sent, None
        await _begin_uploading(self._outgoing)
        for place, file in missing:
            try:
                self._ids[place] = await self._carrier.shelf.get(file, self._carrier.upload)
            except SendError as error:
                self._reasons[place] = error.reason
                failure = failure if error.permanent else failure or error
        if failure is not None:
            raise after(sent, failure)
        await _tell(self._outgoing, sent, keep=True)

    async def send(self, place: int) -> None:
        """The file that stands there; in the place of one that cannot go, the words. Raises SendError."""
        file, media_id = self._outgoing.files[place - self._start], self._ids.get(place)
        reason = self._reasons.get(place, "")
        if media_id is not None:
            try:
                await self._post(file, media_id, place)
            except SendError as error:
                if not error.permanent:
                    raise
                reason = error.reason
            else:
                return
        log.warning("file does not go, its words do", reason=reason)
        await self._carrier.say(file.instead, place)
        if reason:
            self._outgoing.way.without(file.name, reason)

    async def _post(self, file: Attachment, media_id: str, place: int) -> None:
        """Send the file under its id; under another, once, where the platform has forgotten this one."""
        try:
            await self._carrier.post(file, media_id, place)
        except MediaGone:
            await _begin_uploading(self._outgoing)
            try:
                again = await self._carrier.shelf.anew(file, self._carrier.upload, media_id)
            except SendError as error:
                if error.permanent:
                    # Words go in its place, which somebody sees: that is no uploading any more.
                    await _tell(self._outgoing, place, keep=True)
                raise
            await _tell(self._outgoing, place, keep=True)
            await self._carrier.post(file, again, place)
