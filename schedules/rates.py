"""How fast a platform lets a channel speak, and where it wants silence: declared by channels, kept by delivery."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.outbox import Priority

NETWORK_JITTER = timedelta(seconds=2)
"""Added to every window: two sends may arrive closer together than they left."""

SHARE = {Priority.ANSWER: 100, Priority.ESCALATION: 90, Priority.REMINDER: 80, Priority.BULK: 60}
"""Per cent of a channel's or group's window that each priority may fill: a broadcast never bars an answer's way."""

_MARK = 30
_QUIET_MINUTES = 2
_SPREAD_MINUTES = 8


class Per(StrEnum):
    """What a rate counts together."""

    CHANNEL = "channel"
    PERSON = "person"
    GROUP = "group"


@dataclass(frozen=True)
class Rate:
    """At most `most` messages in any `seconds`, counted over the channel, or for each person or group."""

    most: int
    seconds: int
    per: Per = Per.CHANNEL

    @property
    def window(self) -> timedelta:
        """The span in which messages are counted, with room for the network."""
        return timedelta(seconds=self.seconds) + NETWORK_JITTER

    def counts(self, *, to_group: bool) -> bool:
        """Whether a message to a group, or to a person, is counted by this rate."""
        return self.per is Per.CHANNEL or (self.per is Per.GROUP) == to_group

    def room_for(self, priority: Priority) -> int:
        """How many messages of the window that priority may fill; at least one."""
        share = 100 if self.per is Per.PERSON else SHARE[priority]
        return max(self.most * share // 100, 1)


@dataclass(frozen=True)
class LookUps:
    """How many telephone numbers a platform may be asked about."""

    a_day: int
    misses: int | None = None
    """Per hundred people of the roster, in seven days; None where numbers that nobody has do no harm."""


@dataclass(frozen=True)
class Manner:
    """What delivery has to know of a channel."""

    platform: str = ""
    """The kind of the channel; empty for one that is gone from the settings."""
    key_life: timedelta = timedelta(0)
    """How long the channel shows two sends with one key once; zero where it knows no key (decisions 17)."""
    rates: tuple[Rate, ...] = ()
    monthly_calls: int | None = None
    """API calls that the platform allows in a calendar month; None for no such limit."""
    avoids_marks: bool = False
    """Whether the platform asks for silence at the full and the half hour."""
    drops_repeats: timedelta = timedelta(0)
    """For so long the platform swallows words that equal earlier ones to the same person."""

    @property
    def counts(self) -> bool:
        """Whether how much was sent matters at all."""
        return bool(self.rates) or self.monthly_calls is not None


def off_the_marks(at: datetime, key: str) -> datetime:
    """`at`, or a few minutes later where it falls on a full or half hour; the same for the same key."""
    past = at.minute % _MARK
    if past >= _QUIET_MINUTES:
        return at
    spread = int.from_bytes(hashlib.sha256(key.encode()).digest()[:2]) % _SPREAD_MINUTES
    return at.replace(second=0, microsecond=0) + timedelta(minutes=_QUIET_MINUTES - past + spread)
