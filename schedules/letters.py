"""A message as it is handed to whoever sends it, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from schedules.rates import Manner
from storage.outbox import OutboxRow, Status


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


@dataclass(frozen=True)
class Weight:
    """What a letter takes on its platform."""

    calls: int = 1
    words: str = ""


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
