"""Days of events that the office records: what would follow, what followed, and what units hear of it."""

from datetime import date, datetime
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice


class EventUnclear(StrEnum):
    """Why nothing was recorded."""

    NO_EVENT = "no event"
    """The office's measures count no duty from an event."""
    WHICH = "which"
    """None of `events` is named, or several are."""
    NO_DAY = "no day"
    """No day, or one that cannot be read; `written` is what stands there."""
    NOBODY = "nobody"
    """The unit named owes nothing that counts from the event."""
    MEANWHILE = "meanwhile"
    """Somebody else has recorded a day between the question and its confirmation."""


class EventNotRecorded(Notice):
    """Nothing was recorded, and what to type instead."""

    why: EventUnclear
    event: str = ""
    events: tuple[str, ...] = ()
    unit: str = ""
    written: str = ""


class EventEffect(Facts):
    """What a day does to one report: units that owe it anew, whose time moves, and who has reported already."""

    title: str
    due: datetime
    mark: str = ""
    opened: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    done: int = 0
    """So many have reported or are excused: nothing changes for them."""
    kept: tuple[str, ...] = ()
    """Units to which more time was granted: theirs stays."""


class EventAsk(Ask):
    """Confirm the day of an event, with all that follows from it."""

    event: str
    day: date
    unit: str = ""
    """Whose day it is; empty for all."""
    before: date | None = None
    """As recorded until now."""
    effects: tuple[EventEffect, ...]
    overdue: bool = False
    """Something would be overdue at once."""
    trial: bool = False


class EventRecorded(Notice):
    """To the office: the day is on record."""

    event: str
    day: date
    unit: str = ""
    before: date | None = None
    opened: int = 0
    moved: int = 0
    trial: bool = False


class EventDuty(Facts):
    """One report of a unit that counts from an event."""

    title: str
    due: datetime
    before: datetime | None = None
    """Its time limit until now, where it moves."""


class EventTold(Notice):
    """To a unit: when the event is, and what falls due because of it."""

    event: str
    day: date
    unit: str
    office: str
    lines: tuple[EventDuty, ...]


class EventLine(Facts):
    """One event with the duties that count from it; `days` are those recorded, each with whose it is."""

    event: str
    duties: tuple[str, ...]
    days: tuple[tuple[str, date], ...] = ()
    """A unit's name, empty for all, and its day."""
    evidence_missing: tuple[tuple[str, int], ...] = ()
    """Units with so many reports, due before the event, that ask for files and have none (R51)."""


class EventList(Notice):
    """To the office: every event of its measures."""

    lines: tuple[EventLine, ...]
