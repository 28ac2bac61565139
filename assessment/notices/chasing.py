"""Reminders, urgings, escalations and the live roster."""

from datetime import date, datetime
from decimal import Decimal

from assessment.notices.notice import Ask, Facts, Notice


class OwedLine(Facts):
    """One obligation that is still owed."""

    obligation: int
    number: str = ""
    """A matter's number; empty for a duty."""
    unit: str
    title: str
    due: datetime
    due_mark: str = ""
    owed: tuple[str, ...] = ()
    """Names of what is missing; empty when all of it is."""
    headings: tuple[str, ...] = ()
    """Those that are written under a heading of their own (必写)."""
    reported: int = 0
    required: int = 0
    waiting_for: str = ""
    """待签发: whose signature is missing."""
    reason: str = ""
    returned: bool = False
    """It was reported and sent back: nobody may call it unreported."""
    urged_before: bool = False
    reply: str = ""
    """What to type for it, where that is neither figures nor 办结: 书面报告 H-2701-3."""
    per_day: Decimal | None = None
    """What each day after urging costs, where a clause of the duty counts days."""
    per_day_cite: str = ""
    per_day_personal: bool = False
    """The clause concerns a person's account."""
    counted_from_due: bool = False
    """The days count from the due day and not from the urging."""
    until_event: str = ""
    """It has to be in before this event; empty where it counts from none."""
    days_to_event: int = 0
    """Calendar days from the day of sending to the event."""
    evidence_missing: int = 0
    """So many of the unit's reports before that event ask for files and have none; said where this is one of them."""
    problem: bool = False
    """A problem of a 整改通知: it is rectified, not reported or done."""
    unclaimed: tuple[str, ...] = ()
    """What must be said of the problem and is not: who, by when, how."""
    letter: bool = False
    """责任书: the signature itself is what is owed."""


class Reminder(Notice):
    """Before the due time: one grouped message for a person's many items."""

    lines: tuple[OwedLine, ...]


class Urging(Notice):
    """After the due time, to the responsible person."""

    lines: tuple[OwedLine, ...]
    now: datetime
    rest_days: tuple[str, ...] = ()
    """Days of rest ahead that are counted all the same."""


class Escalated(Notice):
    """After the due time, to the head, the leader in charge or the office."""

    step: str
    lines: tuple[OwedLine, ...]
    now: datetime
    reporters: tuple[str, ...] = ()


class UrgedLine(Facts):
    """A unit that was urged, and when the platform accepted it."""

    unit: str
    at: datetime


class BoardRow(Facts):
    """One bucket of the live roster with its units."""

    bucket: str
    units: tuple[str, ...]


class Board(Notice):
    """谁没报: every unit that owed that day stands in exactly one bucket."""

    title: str
    due: datetime
    due_mark: str = ""
    now: datetime
    total: int
    rows: tuple[BoardRow, ...]
    missing: tuple[OwedLine, ...] = ()
    urged: tuple[UrgedLine, ...] = ()
    undisturbed: int = 0
    scope: str = ""
    """Which part of the units is shown, where it is not all."""
    may_urge: bool = False
    """Whether the reader may urge them."""


class UrgeAsk(Ask):
    """Confirm urging: exactly these."""

    title: str
    units: tuple[str, ...]
    people: tuple[str, ...]
    unreachable: tuple[str, ...] = ()


class UrgeDone(Notice):
    """What became of the urging."""

    title: str
    sent: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    """Who reported in the meantime."""
    held_until: datetime | None = None


class HandedOver(Notice):
    """To whoever takes over a reporter's post: what is open, and what the predecessor left unfinished."""

    unit: str
    predecessors: tuple[str, ...]
    lines: tuple[OwedLine, ...]
    unanswered: tuple[str, ...] = ()
    """Titles of what the predecessor was asked about and did not answer."""


class HeldLine(Facts):
    """Messages about one obligation that wait for the office's word."""

    unit: str
    title: str
    steps: tuple[str, ...]


class ReleaseAsk(Ask):
    """放行: confirm that exactly these may go; empty when nothing is held."""

    year: int | None
    """The year whose holidays are unknown."""
    lines: tuple[HeldLine, ...]


class Released(Notice):
    """What was let go; empty when nothing was held any more."""

    lines: tuple[HeldLine, ...]
    held_until: datetime | None = None
    """When office hours begin, where they have not."""


class CalendarMissing(Notice):
    """To the office: next year's working calendar is not known yet."""

    year: int
    alarmed_on: date
