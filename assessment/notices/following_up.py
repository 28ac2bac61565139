"""What follows from the year's results: tasks for the office, interviews, written reports."""

from datetime import date, datetime
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice


class FollowUpLine(Facts):
    """One thing to be done."""

    number: str
    act: str
    name: str
    cite: str
    because: str
    account: str = ""
    """Whom it is about; empty for the measure as a whole."""
    due_day: date | None = None
    planned_day: date | None = None
    awaits_day: bool = False
    """Nothing may be asked of the unit before the office has set the day (R40)."""
    overdue: bool = False


class FollowUpList(Notice):
    """待办 of the office."""

    programme: str
    lines: tuple[FollowUpLine, ...]


class FollowUpDone(Notice):
    """Ticked off, with who and when."""

    line: FollowUpLine
    by: str
    at: datetime
    remark: str = ""


class FollowUpAsk(Ask):
    """Confirm an interview, its end, or a day for a written report."""

    act: str
    """约谈, 约谈结束, 报送期限."""
    line: FollowUpLine
    day: date
    remark: str = ""
    follow: tuple[FollowUpLine, ...] = ()
    """What the end brings about."""


class InterviewTold(Notice):
    """To the unit's head, or as a receipt: the day of the interview."""

    number: str
    unit: str
    name: str
    cite: str
    day: date
    remark: str = ""
    office: str
    to_office: bool = False


class InterviewEnded(Notice):
    """To the office: over, and what follows."""

    number: str
    unit: str
    day: date
    follow: tuple[FollowUpLine, ...] = ()


class WrittenAsked(Notice):
    """To the unit: a written report is due; or as a receipt to the office."""

    number: str
    unit: str
    name: str
    cite: str
    because: str
    due: datetime
    mark: str = ""
    required: tuple[str, ...] = ()
    office: str
    to_office: bool = False


class FollowUpDropped(Notice):
    """To the unit and to the office: what it was asked for is owed no longer, because its cause is no more."""

    number: str
    unit: str
    name: str
    cite: str
    why: str
    entries: tuple[str, ...] = ()
    """Entries made because of it, which the office alone corrects."""
    to_office: bool = False


class WrittenTaken(Notice):
    """The unit's report: in, or returned with what it lacks (R39)."""

    number: str
    unit: str
    name: str
    version: int
    sent_at: datetime
    late_stamp: bool = False
    on_time: bool = False
    due: datetime
    missing: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    to_office: bool = False


class FollowUpRefused(StrEnum):
    """Why it was not done."""

    NOTHING_TO_INTERVIEW = "nothing to interview"
    INTERVIEW_WHICH_UNIT = "interview which unit"
    WHICH_DAY = "which day"
    END_AHEAD = "end ahead"
    END_BEFORE_CAUSE = "end before cause"
    DAY_PASSED = "day passed"
    NOTHING_LIKE_IT = "nothing like it"
    NOT_A_TASK = "not a task"
    DONE_BEFORE = "done before"
    CAUSE_GONE = "cause gone"
    """What it followed from does not stand any more; `words` say why."""
    NOTHING_WRITTEN_OWED = "nothing written owed"
    WRITE_WHAT = "write what"
    DECIDE_WHAT = "decide what"


class FollowUpNotDone(Notice):
    """One thing is missing or in the way; what to type instead stands in the saying."""

    about: str
    why: FollowUpRefused
    words: str = ""
    number: str = ""
    written: str = ""
    """The day as it was typed."""
