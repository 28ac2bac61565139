"""A message as it is handed to whoever sends it, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from schedules.rates import Manner
from storage.outbox import OutboxRow, Status


class Way(Protocol):
    """What is told of a letter while it is on its way, so that whatever cuts it short finds out how far it came."""

    async def uploading(self) -> bool:
        """From here to the next `told` files are uploaded, which nobody sees: that has a time of its own.

        False where there is no time for it now.
        """

    async def told(self, pieces: int, *, keep: bool) -> bool:
        """So many of its messages are accepted; `keep`: written down at once, for others are to follow.

        False where the letter is another's by now: nothing more of it may be sent.
        """

    def without(self, file: str, reason: str) -> None:
        """In the place of that file words were accepted, which say where it is to be had."""


class Unwatched:
    """A way of which nothing is kept. Satisfies Way."""

    async def uploading(self) -> bool:
        """There is time."""
        return True

    async def told(self, pieces: int, *, keep: bool) -> bool:  # noqa: ARG002
        """Nobody asks."""
        return True

    def without(self, file: str, reason: str) -> None:
        """Nobody asks."""


@dataclass(frozen=True)
class Letter:
    """One message as the sender gets it."""

    key: str
    channel: str
    recipient: str
    to_group: bool
    notice: dict[str, Any]
    pieces_sent: int = 0
    """So many of its messages were accepted by an earlier attempt."""
    said_before: int = 0
    """How many others with the same words went to the recipient shortly before."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """What the platform wants to see again."""
    doubtful: bool = False
    """The message behind `pieces_sent` may have been shown, and its platform would show it twice."""
    waits_for_files: bool = True
    """False once its files could not be uploaded for so long that its words go without them."""
    way: Way = field(default_factory=Unwatched, compare=False, repr=False)


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended."""

    status: Status
    reason: str = ""
    platform_id: str = ""
    retry_after: float | None = None
    pieces_sent: int = 0
    silent: bool = False
    """The platform did not answer, or takes nothing from anybody now."""
    repair: bool = False
    """It takes nothing of ours before somebody has repaired something."""
    missing: tuple[tuple[str, str], ...] = ()
    """Files in whose place words were accepted, each with the reason."""
    calls: int | None = None
    """So many calls were made for messages, where that is not what the letter weighs."""


@dataclass(frozen=True)
class Weight:
    """What a letter takes on its platform."""

    calls: int = 1
    words: str = ""
    files_alone: bool = False
    """Its words are accepted: what is left of it, and what may be in doubt, are files."""


class Sender(Protocol):
    """Sends one letter, once. Never raises: whatever happened is in the outcome."""

    async def send(self, letter: Letter) -> Outcome:
        """Hand the letter to its channel."""

    async def finish(self, answer: Letter, pressed: Letter | None) -> int:
        """Show on the card that was pressed, if it is known, that it is dealt with; the API calls that it took.

        Never raises.
        """

    def manner(self, channel: str) -> Manner:
        """What the channel's platform allows and remembers."""

    def weigh(self, letter: Letter) -> Weight:
        """What the letter takes on its platform, and what it says there."""


def letter_of(row: OutboxRow) -> Letter:
    """A leased message as its sender gets it."""
    return Letter(
        row.key,
        row.channel,
        row.recipient,
        row.to_group,
        row.notice,
        pieces_sent=row.pieces_sent,
        said_before=row.said_before,
        extra=row.extra or {},
    )
