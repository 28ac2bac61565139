"""自选目标: filed by units, listed for the office, filed upward."""

from datetime import date, datetime
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice


class OwnTargetUnclear(StrEnum):
    """Why nothing was put on record."""

    NONE_TO_SET = "none to set"
    """The unit's measures give it no targets of its own to set."""
    PARTS = "parts"
    """`missing` parts are not written."""
    NO_DAY = "no day"
    """The time limit cannot be read, or has passed; `written` is what stands there."""
    NO_SUCH_NUMBER = "no such number"
    FILED_UPWARD = "filed upward"
    """It was filed upward and stays as it is."""
    NO_PAPER = "no paper"
    """To the office: the day or the number of the paper is missing, or the day lies ahead."""
    MEANWHILE = "meanwhile"
    """It was changed between the question and its confirmation."""


class OwnTargetNotTaken(Notice):
    """Nothing was put on record, and what to type instead."""

    why: OwnTargetUnclear
    number: str = ""
    missing: tuple[str, ...] = ()
    written: str = ""
    filed_on: date | None = None
    reference: str = ""


class OwnTargetLine(Facts):
    """One target as it stands."""

    number: str
    unit: str
    content: str
    target: str
    due: date
    filed_on: date | None = None
    """When the office filed it upward; None while it has not."""
    reference: str = ""


class OwnTargetTaken(Notice):
    """The receipt; `before` is how a changed target read."""

    line: OwnTargetLine
    programme: str
    standards: tuple[str, ...]
    """By what it will be marked."""
    taken_at: datetime
    before: OwnTargetLine | None = None


class OwnTargetList(Notice):
    """The targets under one measure: to the office of all units, to a unit its own."""

    programme: str
    lines: tuple[OwnTargetLine, ...]
    standards: tuple[str, ...] = ()
    to_office: bool = False


class UpwardAsk(Ask):
    """Confirm that these were filed upward."""

    lines: tuple[OwnTargetLine, ...]
    day: date
    reference: str


class UpwardRecorded(Notice):
    """To the office, and to each unit of its own: these were filed upward and stay as they are."""

    lines: tuple[OwnTargetLine, ...]
    day: date
    reference: str
    to_office: bool = False
