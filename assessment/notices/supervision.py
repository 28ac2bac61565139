"""The life of a supervised matter: rounds 督办, progress 反馈, 延期, 请求协调, 重大事项, 无法完成."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice
from assessment.notices.reviewing import Unreached

# ── 督办 ──


class RoundCost(Facts):
    """What one clause takes off in a round."""

    units: tuple[str, ...] = ()
    """Whom it concerns; empty where that is clear."""
    cite: str
    name: str
    points: Decimal | None
    """None where the office chooses or the measure withholds the value."""
    mark: str = ""
    flag: str = ""
    """What becomes of eligibility."""


class RoundLine(Facts):
    """A round that was ordered before."""

    nth: int
    letter: str
    at: datetime
    signed: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()


class SuperviseAsk(Ask):
    """Confirm a round: which it is, what it costs and what the next would."""

    number: str
    title: str
    nth: int
    units: tuple[str, ...]
    due: datetime
    until: datetime | None = None
    reason: str = ""
    costs: tuple[RoundCost, ...] = ()
    next_costs: tuple[RoundCost, ...] = ()
    before: tuple[RoundLine, ...] = ()
    trial: bool = False


class SuperviseDone(Notice):
    """To the office: the round is on record, under its letter's number."""

    letter: str
    number: str
    title: str
    nth: int
    units: tuple[str, ...]
    until: datetime | None = None
    held_until: datetime | None = None
    """When the letters leave, where not at once."""
    unreached: tuple[Unreached, ...] = ()
    trial: bool = False


class SupervisedTold(Notice):
    """To the unit, or as a copy to its leader: the letter."""

    letter: str
    number: str
    title: str
    nth: int
    unit: str
    due: datetime
    until: datetime | None = None
    reason: str = ""
    costs: tuple[RoundCost, ...] = ()
    next_costs: tuple[RoundCost, ...] = ()
    office: str
    copied: bool = False


class RoundRefused(Notice):
    """A round out of its order: `wanted` was said, `stands` is the last one on record (0: none)."""

    number: str
    title: str
    wanted: int
    stands: int
    letter: str = ""
    at: datetime | None = None


class RoundSigned(Notice):
    """签收 of a letter."""

    letter: str
    nth: int
    title: str
    office: str
    signed_at: datetime
    before: bool = False


# ── 反馈 ──


class ProgressLine(Facts):
    """One unit's word on how far it is."""

    unit: str
    text: str
    at: datetime
    returned: str = ""
    """Why it was sent back; empty where it was not."""


class ProgressTaken(Notice):
    """To the unit: kept as a version; the matter is still to be done."""

    number: str
    title: str
    version: int
    text: str
    sent_at: datetime
    due: datetime
    late_stamp: bool = False


class ProgressTold(Notice):
    """To the office, or to the unit that convenes."""

    number: str
    title: str
    line: ProgressLine
    to_office: bool = False


class ProgressList(Notice):
    """What the units have said so far, each unit's newest last."""

    number: str
    title: str
    lines: tuple[ProgressLine, ...]


class ProgressReturnAsk(Ask):
    """Confirm that a feedback does not do, and what that costs."""

    number: str
    title: str
    line: ProgressLine
    reason: str
    costs: tuple[RoundCost, ...] = ()
    trial: bool = False


class ProgressReturned(Notice):
    """The feedback does not do; to the unit with what to type."""

    number: str
    title: str
    unit: str
    reason: str
    due: datetime
    to_office: bool = False
    trial: bool = False
    """The unit is told nothing."""


# ── 延期 ──


class ExtensionLine(Facts):
    """One request."""

    number: str
    unit: str
    title: str
    matter: str = ""
    """The matter's number; empty for a report."""
    old_due: datetime
    new_due: datetime
    reason: str
    asked_by: str
    asked_at: datetime
    used: int
    """How often it was extended before."""
    times: int
    office: str = ""
    """Who decides."""


class NotExtended(StrEnum):
    """Why no extension can be asked for or granted."""

    NOT_ALLOWED = "not allowed"
    TOO_LATE = "too late"
    WAITS = "waits"
    USED_UP = "used up"
    TOO_LONG = "too long"
    NOT_LATER = "not later"
    NOTHING_OPEN = "nothing open"
    DECIDED = "decided"
    UNKNOWN = "unknown"
    NEEDLESS = "needless"
    DAY_PASSED = "day passed"


class ExtensionRefused(Notice):
    """What stands in the way, and until when it is due all the same."""

    why: NotExtended
    title: str = ""
    due: datetime | None = None
    number: str = ""
    """Of the request that waits or was decided."""
    times: int = 0
    latest: datetime | None = None
    cite: str = ""


class ExtensionAsked(Notice):
    """To the unit: the request lies with the office, and the time limit holds meanwhile."""

    line: ExtensionLine


class ExtensionWaits(Notice):
    """To the office: requests that wait for its word."""

    lines: tuple[ExtensionLine, ...]


class ExtensionAsk(Ask):
    """Confirm granting or refusing."""

    line: ExtensionLine
    granted: bool
    reason: str = ""
    trial: bool = False


class ExtensionDecided(Notice):
    """The office's word, to the unit and as a receipt."""

    line: ExtensionLine
    granted: bool
    reason: str = ""
    to_office: bool = False
    trial: bool = False
    """The unit is told nothing."""


# ── 请求协调 ──


class ProblemLine(Facts):
    """A problem beyond a unit's powers."""

    number: str
    unit: str
    item: str = ""
    """The item that it is about, with its number where it has one."""
    due: datetime | None = None
    """When that item is due."""
    office: str = ""
    """Who runs the measure and sees it as well."""
    text: str
    raised_by: str
    raised_at: datetime


class ProblemRaised(Notice):
    """To the unit: who has it, and that nothing is put off by it."""

    line: ProblemLine
    leaders: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()


class ProblemTold(Notice):
    """To the leader, who is asked to answer, and to the office."""

    line: ProblemLine
    leaders: tuple[str, ...] = ()
    to_office: bool = False


class ProblemsOpen(Notice):
    """To a leader: what waits for an answer."""

    lines: tuple[ProblemLine, ...]


class ProblemAnswered(Notice):
    """The leader's answer: a receipt, or what the unit and the office are told."""

    line: ProblemLine
    answer: str
    leader: str
    at: datetime
    receipt: bool = False
    before: bool = False
    """It had been answered, and that answer stands."""


# ── 重大事项 ──


class MajorTaken(Notice):
    """To the unit: stored, and who has been told."""

    number: str
    unit: str
    sent_at: datetime
    late_stamp: bool = False
    told: tuple[str, ...]
    files: int = 0


class MajorTold(Notice):
    """To the office and the leader in charge, at any hour."""

    number: str
    unit: str
    text: str
    sent_at: datetime
    reporter: str
    files: tuple[str, ...] = ()


class MajorLine(Facts):
    """One report in a list."""

    number: str
    unit: str
    text: str
    sent_at: datetime


class MajorList(Notice):
    """The newest reports."""

    lines: tuple[MajorLine, ...]


# ── 无法完成 ──


class UnableFiled(Notice):
    """The unit's reason is in; to the unit, or to the office."""

    number: str
    title: str
    unit: str
    reason: str
    at: datetime
    due: datetime
    early: bool
    """It came before the time limit."""
    settled: bool = False
    """The office had found so before: with the reason nothing more is owed."""
    to_office: bool = False


class UnableAsk(Ask):
    """Confirm that a matter cannot be done."""

    number: str
    title: str
    units: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = ()
    """Unit and its reason, of those that filed one."""
    missing: tuple[str, ...] = ()
    remark: str = ""
    trial: bool = False


class UnableMarked(Notice):
    """The office's word; to the office, the unit, or the level above."""

    number: str
    title: str
    units: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    remark: str = ""
    to: str = "office"
    """office, unit or upper."""
