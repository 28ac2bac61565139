"""督查通报: what is about to be recorded, the text for sending, and what was said of one unit."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice


class FindingLine(Facts):
    """One unit in a circular, and what comes of it."""

    sign: str
    unit: str
    text: str
    points: Decimal | None = None
    """What will be proposed; None where it is only recorded."""
    cite: str = ""
    clauses: tuple[str, ...] = ()
    """Several clauses speak of it and none was named, so it is only recorded."""
    number: str = ""
    """The proposal's, once it is made."""


class CircularAsk(Ask):
    """Confirm a circular: its text, and which findings propose points."""

    text: str
    lines: tuple[FindingLine, ...]
    trial: bool = False


class CircularRecorded(Notice):
    """On record under its number; sending it is another word."""

    number: str
    text: str
    lines: tuple[FindingLine, ...]


class NotCirculated(StrEnum):
    """Why nothing was recorded or sent. The values are keys, not wording."""

    NO_FINDING = "no finding"
    NO_UNIT = "no unit"
    """`words` name no unit."""
    NO_SUCH_CLAUSE = "no such clause"
    """`words` is no clause that the office records."""
    NO_SUCH_DUTY = "no such duty"
    """`words` is no report of the measure."""
    NO_CIRCULAR = "no circular"
    TO_WHOM = "to whom"
    """`words` is the number."""
    OF_WHOM = "of whom"
    ON_RECORD = "on record"
    """The same issue said the same of a unit before."""


class CircularRefused(Notice):
    """What is off, and what to type."""

    why: NotCirculated
    words: str = ""
    finding: FindingLine | None = None
    """What is on record already, by `words` of the day `at`."""
    at: datetime | None = None


class FindingEntry(Facts):
    """What a circular said."""

    number: str
    issue: str
    at: datetime
    sign: str
    text: str


class FindingsOfUnit(Notice):
    """通报情况: 表扬1、批评1, and each with its circular (R47)."""

    unit: str
    praised: int
    criticised: int
    entries: tuple[FindingEntry, ...] = ()
