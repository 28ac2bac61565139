"""What the office hears of messages that did not arrive."""

from datetime import datetime

from assessment.notices.chasing import OwedLine
from assessment.notices.notice import Notice


class NotDelivered(Notice):
    """A message did not reach, or perhaps did not reach, whom it was for."""

    lost: str
    """The kind of the notice that was lost; empty where it answered the person's own message."""
    titles: tuple[str, ...] = ()
    """What it was about."""
    person: str = ""
    """Empty for a group."""
    units: tuple[str, ...] = ()
    reason: str
    perhaps: bool = False
    """True where it may have been shown after all; nothing is sent again then."""
    stand_ins: tuple[str, ...] = ()
    """Who of the unit was told instead."""


class FilesNotDelivered(Notice):
    """Files of a 通知 did not reach all of its readers: they were told where to have them. Said once a notice."""

    number: str
    office: str
    """Where the readers were told to have them."""
    files: tuple[str, ...]
    reason: str


class ChannelClosed(Notice):
    """A platform takes nothing of ours before somebody has repaired something; all that waits is kept."""

    platform: str
    """Its kind, as in the settings; empty for a channel that the settings no longer have."""
    reason: str


class ToldInstead(Notice):
    """To a deputy or the head of a unit: what its reporter could not be told."""

    missed: str
    """Whom the message did not reach."""
    lines: tuple[OwedLine, ...]
    now: datetime


class BudgetAlarm(Notice):
    """A channel's API calls of the month are running out."""

    platform: str
    """Its kind, as in the settings."""
    month: int
    used: int
    budget: int
    runs_out: datetime | None = None
    """When, at the pace of the month so far; None where that is after the month or cannot be said."""
