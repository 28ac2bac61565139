"""Reminders, urgings, escalations and the live roster."""

from datetime import datetime
from decimal import Decimal

from assessment.notices.notice import Facts, Notice


class OwedLine(Facts):
    """One obligation that is still owed."""

    obligation: int
    unit: str
    title: str
    due: datetime
    due_mark: str = ""
    owed: tuple[str, ...] = ()
    """Names of what is missing; empty when all of it is."""
    reported: int = 0
    required: int = 0
    waiting_for: str = ""
    """待签发: whose signature is missing."""
    reason: str = ""


class Reminder(Notice):
    """Before the due time: one grouped message for a person's many items."""

    lines: tuple[OwedLine, ...]


class Urging(Notice):
    """After the due time, to the responsible person."""

    lines: tuple[OwedLine, ...]
    per_day: Decimal | None = None
    per_day_cite: str = ""
    now: datetime
    repeated: bool = False
    rest_days: tuple[str, ...] = ()
    """Days of rest ahead that are counted all the same."""


class Escalated(Notice):
    """After the due time, to the head, the leader in charge or the office."""

    step: str
    lines: tuple[OwedLine, ...]
    now: datetime
    reporters: tuple[str, ...] = ()


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
    urged: tuple[str, ...] = ()
    """Who was urged, by unit, with the time."""
    undisturbed: int = 0
    scope: str = ""


class UrgeAsk(Notice):
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
