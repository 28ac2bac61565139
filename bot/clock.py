"""The clocks: the one of the machine, and one that is wound by hand for the demo, the rehearsal and the tests."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whoever needs the time is given one of these; `now` is aware."""

    def now(self) -> datetime:
        """The time by this clock, aware."""


class SystemClock:
    """The machine's own time, asked afresh each time, in UTC."""

    def now(self) -> datetime:
        """The machine's time."""
        return datetime.now(UTC)


class WoundClock:
    """A clock that stands still until somebody winds it."""

    def __init__(self, start: datetime) -> None:
        """Raises ValueError if `start` has no zone."""
        self._now = _aware(start)

    def now(self) -> datetime:
        """The time to which the clock was last wound."""
        return self._now

    def wind_to(self, at: datetime) -> None:
        """Set the clock, forward or back; due times in between are the caller's to step through (decisions 8)."""
        self._now = _aware(at)


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at
