"""What is said about reports to those who report and sign."""

from datetime import date, datetime
from decimal import Decimal

from assessment.notices.notice import Ask, Facts, Notice
from assessment.rulebook import Direction


class FigureLine(Facts):
    """One indicator (or one cohort of it) as it now stands in the report, with its gaps."""

    number: int
    name: str
    unit: str
    direction: Direction
    actual: Decimal | None = None
    forecast: Decimal | None = None
    base: Decimal | None = None
    full: Decimal | None = None
    written_as: str | None = None
    """What the clerk wrote where it was not the indicator's name."""
    nil_reason: str | None = None
    year_over: bool = False
    """What is reached is the year's own figure: gaps go by it, whatever was forecast."""
    own_way: bool = False
    """It is scored in a way of its own, which needs no base."""


class DoubtLine(Facts):
    """One question: which item, why, what was read and what was likely meant."""

    number: int
    name: str
    unit: str
    reason: str
    """A DoubtReason of assessment.report_text."""
    figure: str = ""
    read: Decimal | None = None
    likely: Decimal | None = None
    limit: Decimal | None = None
    written: str = ""
    candidates: tuple[str, ...] = ()


class ForeignLine(Facts):
    """An indicator that another unit reports."""

    name: str
    owners: tuple[str, ...]


class Change(Facts):
    """One figure amended; the old one is kept."""

    name: str
    unit: str
    figure: str
    old: Decimal
    new: Decimal


class ScoreLine(Facts):
    """One category as the unit scores itself."""

    category: str
    points: Decimal
    no_task: bool = False
    parts_without_task: tuple[str, ...] = ()


class ReportAnswered(Ask):
    """The one answer to a report: what was stored, what is asked back, what is still owed."""

    unit: str
    title: str
    number: str | None
    """None when nothing could be stored."""
    lines: tuple[FigureLine, ...] = ()
    parts: tuple[str, ...] = ()
    doubts: tuple[DoubtLine, ...] = ()
    foreign: tuple[ForeignLine, ...] = ()
    leftover: str = ""
    changes: tuple[Change, ...] = ()
    sent_at: datetime
    late_stamp: bool = False
    on_time: bool
    complete: bool
    reported: int
    required: int
    owed: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    """Those of `owed` that are written under a heading of their own (必写)."""
    scores: tuple[ScoreLine, ...] = ()
    """The self-score as it stands, where the duty asks for one."""
    score_total: Decimal | None = None
    files: tuple[str, ...] = ()
    """Names of what is attached, where the duty asks for files."""
    score_doubts: tuple[str, ...] = ()
    """What does not fit in the self-score: it is not taken until that is answered."""
    fitting_total: Decimal | None = None
    """The true sum, where only the written one is wrong."""
    due: datetime
    due_mark: str = ""
    signer: str | None = None
    """Who must sign before it counts."""
    review: bool = False
    superseded: bool = False
    """An earlier open question was dropped for this one."""
    entered_by_office: bool = False
    nil_reason: str = ""
    """The reason given where the whole report is 零报告."""
    reason: str = ""
    """Why it was amended, where that was said."""
    text: bool = False
    """The duty is one written text and asks for no figures."""
    until_review: bool = False
    """It may be corrected until the office has reviewed it; where nobody reviews, until it is settled."""


class Amended(Notice):
    """更正 outside a report's answer."""

    unit: str
    title: str
    number: str
    changes: tuple[Change, ...]


class NotYetOpen(Notice):
    """What is reported is of a period that is not asked for yet."""

    unit: str
    title: str
    opens: date
    """From this day on it is asked for, and taken."""
    due: datetime
    due_mark: str = ""


class NothingOwed(Notice):
    """There is nothing open that this could belong to."""

    unit: str


class OwnedElsewhere(Notice):
    """Figures of indicators that other units report; nothing was taken."""

    foreign: tuple[ForeignLine, ...]


class DutyChoice(Facts):
    """One obligation that may be meant, with what its line to type is made of."""

    unit: str = ""
    """Where the choices are of several units."""
    title: str
    figures: bool = False
    part: str = ""
    """The first of the written parts asked for; with neither figures nor parts it is one free text."""
    nil: bool = False
    """A nil report is to be made."""


class WhichDuty(Notice):
    """What was typed fits several obligations: lines to type, or what such lines are made of."""

    titles: tuple[str, ...] = ()
    choices: tuple[DutyChoice, ...] = ()


class WhichPeriod(Ask):
    """Several periods of one duty are open, and the text names none: for which is it?"""

    titles: tuple[str, ...]
    text: str


class NilAsk(Ask):
    """Confirm a nil report."""

    unit: str
    title: str
    reason: str
    names: tuple[str, ...]
    text: bool = False
    """The duty is one written text, so that there is nothing to write rather than no figure."""


class WithdrawAsk(Ask):
    """Confirm taking back."""

    unit: str
    title: str
    number: str
    keep_until: datetime


class Withdrawn(Notice):
    """Taken back."""

    unit: str
    title: str
    due: datetime
    keep_until: datetime


class WithdrawRefused(Notice):
    """Too late to take back: it has been acted on, or there is nothing."""

    unit: str
    title: str | None


class TaskLine(Facts):
    """One open thing."""

    number: str = ""
    """A matter's number; empty for a duty."""
    problem: bool = False
    """It is a problem of a 整改通知."""
    unclaimed: tuple[str, ...] = ()
    reported: bool = False
    """It has been reported and lies with the office."""
    title: str
    due: datetime
    due_mark: str = ""
    state: str
    owed: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    """Those of `owed` that are written under a heading of their own (必写)."""
    waiting_for: str = ""
    until_event: str = ""
    """It has to be in before this event, which is `days_to_event` days off; empty where it counts from none."""
    days_to_event: int = 0
    evidence_missing: int = 0
    reply: str = ""
    """What to type for it, where that is neither figures nor 办结."""


class TaskList(Notice):
    """我的任务, by due time."""

    unit: str
    now: datetime
    lines: tuple[TaskLine, ...]


class SignRequest(Notice):
    """To the signer: what awaits the signature."""

    unit: str
    title: str
    number: str
    reporter: str
    lines: tuple[FigureLine, ...]
    parts: tuple[tuple[str, str], ...] = ()
    scores: tuple[ScoreLine, ...] = ()
    score_total: Decimal | None = None
    files: tuple[str, ...] = ()
    due: datetime
    due_mark: str = ""


class SignList(Notice):
    """What awaits this person's signature; empty when nothing does."""

    titles: tuple[str, ...]


class Signed(Notice):
    """Signed: this is the time that counts."""

    unit: str
    title: str
    number: str
    signer: str
    signed_at: datetime
    late_stamp: bool = False
    on_time: bool
    due: datetime
    review: bool
