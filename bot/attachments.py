"""The files of a notice on their way out: which of them a platform carries, and what is said of all others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from assessment.notices import BroadcastTold, Notice, NoticeFile
from bot.cards.broadcasting import not_arrived, not_carried, perhaps_arrived
from bot.channels.card import Card
from bot.channels.channel import Attachment, Capabilities, SendError
from schedules.letters import Letter
from storage.outbox import GROUP_ROBOT

log = structlog.get_logger("attachments")

Read = Callable[[str], bytes]
"""The content under a hash. Raises FileNotFoundError."""


def carried(notice: Notice, can: Capabilities, letter: Letter) -> tuple[NoticeFile, ...]:
    """The files of the notice that go to the letter's recipient as files."""
    by_hook = letter.to_group and letter.recipient == GROUP_ROBOT
    if not isinstance(notice, BroadcastTold) or not can.file or (by_hook and not can.hook_takes_files):
        return ()
    return tuple(one for one in notice.files if one.kind in can.file_kinds and one.size <= can.max_file_bytes)


def with_the_rest(card: Card, notice: Notice, goes: tuple[NoticeFile, ...]) -> Card:
    """The card, with a word about every file that does not go: where to have it."""
    if not isinstance(notice, BroadcastTold):
        return card
    rest = [one.name for one in notice.files if one not in goes]
    return replace(card, lines=(*card.lines, not_carried(rest, notice.office))) if rest else card


def attachments(
    notice: Notice, goes: tuple[NoticeFile, ...], read: Read, doubtful: int | None = None
) -> tuple[Attachment, ...]:
    """The files as a channel sends them; of the `doubtful` one, which may have been shown, only words go."""
    office = notice.office if isinstance(notice, BroadcastTold) else ""
    found = [
        Attachment(one.name, one.kind, one.sha256, _reading(read, one.sha256), not_arrived(one.name, office))
        for one in goes
    ]
    if doubtful is not None and 0 <= doubtful < len(found):
        one = found[doubtful]
        found[doubtful] = replace(one, goes=False, instead=perhaps_arrived(one.name, office))
    return tuple(found)


def _reading(read: Read, sha256: str) -> Callable[[], Awaitable[bytes]]:
    async def content() -> bytes:
        try:
            return await asyncio.to_thread(read, sha256)
        except (OSError, ValueError) as error:
            log.exception("stored file missing or damaged")
            raise SendError("附件的存件缺失或损坏，请运行 duban verify 核对", permanent=True) from error

    return content
