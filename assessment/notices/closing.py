"""关账: what is still open in a year that is to be closed, and its end."""

from datetime import datetime

from assessment.notices.notice import Ask, Facts, Notice
from assessment.notices.points import ProposalLine


class OpenItem(Facts):
    """One kind of thing that is still open: what it is called, how many, and whose."""

    name: str
    count: int
    whose: tuple[str, ...] = ()
    """Units, each once."""


class CloseAsk(Ask):
    """Confirm the end of a measure's year. What `open` names stays as it is for good."""

    programme: str
    year: int
    open: tuple[OpenItem, ...] = ()
    unsettled: tuple[OpenItem, ...] = ()
    """Indicators without points, by unit."""
    unsigned: tuple[OpenItem, ...] = ()
    """责任书 that were not signed."""
    follow_ups: tuple[OpenItem, ...] = ()
    """What follows from results and has not been done, under its number."""
    unset: tuple[OpenItem, ...] = ()
    """What was proposed and cannot be confirmed because the measure gives no value, by clause or indicator."""
    suggestions: tuple[str, ...] = ()
    """Numbers of 修改建议 that nobody has decided."""
    unpublished: bool = False
    """The year's results have not been published."""
    changed: bool = False
    """Something has come in between since it was shown, and it is asked anew."""


class CloseRefused(Notice):
    """Why the year cannot be closed yet; nothing to close where `programme` is empty."""

    programme: str = ""
    year: int = 0
    proposals: tuple[str, ...] = ()
    """Numbers of those that have to be decided first."""
    running: tuple[str, ...] = ()
    """Numbers of those that still grow by the day until the report is in, or the office ends the count."""
    counts: tuple[ProposalLine, ...] = ()
    """The same with this day's value, once nothing of the year is to come and the office may end the count."""
    appeals: tuple[str, ...] = ()
    """Numbers of 申诉 that nobody has answered."""
    corrections: tuple[str, ...] = ()
    """Numbers of entries whose correction waits for a second person."""
    to_come: tuple[tuple[str, datetime], ...] = ()
    """Reports of the year that fall due only later, with their time limits."""
    unpublished: bool = False
    """Its results may not be told before publication, and have not been published: then nobody ever could."""
    choices: tuple[str, ...] = ()
    """What to type where the office runs several measures."""
    closed_by: str = ""
    closed_at: datetime | None = None
    """Where it is closed already."""


class YearIsClosed(Notice):
    """To whoever did something for a year that had been closed meanwhile: nothing was put on record."""


class YearClosed(Notice):
    """To the office: the year is closed."""

    programme: str
    version: str
    year: int
    closed_at: datetime
    left_open: int = 0
