"""Days that no calendar knows: when the team arrives, when the meeting was. The office records them.

The last word counts. A day may be said for all, or for one unit, which then has its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Recorded:
    """One word of the office. `unit` is None where it is for all."""

    event: str
    unit: int | None
    day: date


@dataclass(frozen=True)
class EventDays:
    """The days that count now. The event of a duty that counts from none is None."""

    _days: Mapping[tuple[str, int | None], date] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Iterable[Recorded]) -> "EventDays":
        """What counts after all these words, the oldest first."""
        return cls({(word.event, word.unit): word.day for word in words})

    def day(self, event: str | None, unit: int | None) -> date | None:
        """The event's day for that unit, or for all where `unit` is None; None while it is not recorded."""
        if event is None:
            return None
        own = self._days.get((event, unit))
        return own if own is not None else self._days.get((event, None))

    def every_day(self, event: str | None) -> Sequence[date]:
        """The days on which the event is for one unit or another, each once, in order."""
        return sorted({day for (name, _), day in self._days.items() if name == event})

    def with_word(self, word: Recorded) -> "EventDays":
        """What would count after one more word."""
        return EventDays({**self._days, (word.event, word.unit): word.day})
