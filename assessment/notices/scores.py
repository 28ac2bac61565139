"""Scores, lines, gaps, ranks and the reason of one point."""

from datetime import date, datetime
from decimal import Decimal

from assessment.notices.notice import Facts, Notice
from assessment.rulebook import Direction


class PointLine(Facts):
    """One line of a scorecard."""

    entry: str
    """The ledger line's short number; a proposal's where it is not confirmed."""
    cite: str
    clause: str
    points: Decimal | None
    status: str
    covered_by: str = ""
    fact: str = ""
    confirmed_by: str = ""
    at: datetime | None = None
    disputed: str = ""
    """The number of the appeal against it that waits for its answer: 争议中."""


class CategoryLine(Facts):
    """One category 大类 of an account."""

    name: str
    points: Decimal
    full: Decimal
    provisional: Decimal
    own: Decimal | None = None
    """What the unit scored itself in it."""
    without_task: tuple[str, ...] = ()
    """The parts of it in which the unit had no task; `reading` says what becomes of them."""
    reading: str = ""


class StageCell(Facts):
    """One column: what a stage gave."""

    name: str
    value: Decimal | None
    reason: str = ""
    """Why there is no value."""
    reference_only: bool = False


class StageBlock(Facts):
    """The columns of one programme, and the score of them by its formula."""

    programme: str
    version: str
    cells: tuple[StageCell, ...]
    composite: Decimal | None = None
    mark: str = ""
    lacking: tuple[str, ...] = ()
    """Why there is no score of them: an assessment.stages.Lack, with the stage's name before it."""


class PointsBlock(Facts):
    """One programme that gives points."""

    programme: str
    version: str
    account: str
    personal: bool = False
    base: Decimal
    confirmed: Decimal
    provisional: Decimal
    raw: Decimal
    capped: bool = False
    estimated: tuple[str, ...] = ()
    """Names of what is unset or missing: then the total is 暂估."""
    mark: str = ""
    flags: tuple[str, ...] = ()
    lines: tuple[PointLine, ...] = ()
    categories: tuple[CategoryLine, ...] = ()
    own_total: Decimal | None = None
    """What the unit scored itself in all; beside the office's, never mixed with it."""
    office: str = ""
    readings: tuple[str, ...] = ()
    only_of: str = ""
    """The unit whose matters alone are shown and added up, where the reader may know of no others."""
    trial: bool = False
    """试运行: nothing of it is a result."""


class GapLine(Facts):
    """One indicator's three labelled figures."""

    name: str
    unit: str
    direction: Direction
    actual: Decimal | None
    forecast: Decimal | None
    base: Decimal | None
    full: Decimal | None
    actual_share: Decimal | None
    """Percentage of 基本任务, exact to the place that is shown."""
    forecast_share: Decimal | None
    actual_to_base: Decimal | None
    forecast_to_base: Decimal | None
    forecast_to_full: Decimal | None
    actual_to_full: Decimal | None
    progress_gap: Decimal | None
    """Percentage points against 序时进度; None for rates."""
    is_rate: bool
    points: Decimal | None = None
    mark: str = ""
    own_target: Decimal | None = None
    assigned_target: Decimal | None = None
    """Both where they differ; `base` is the one that binds (A15)."""
    contested_by: str = ""
    """The unit whose figure differs, as long as the office has not ruled which is used (R72)."""


class MarkedLine(Facts):
    """One indicator that has a way of scoring of its own: what was reached, what is lacking, and the arithmetic."""

    name: str
    lines: tuple[str, ...]
    mark: str = ""


class FigureBlock(Facts):
    """One programme with base and full-mark indicators; a department has no points in it."""

    programme: str
    version: str
    period: str
    unit: str
    lines: tuple[GapLine, ...]
    marked: tuple[MarkedLine, ...] = ()


class ScoreTold(Notice):
    """得分: one block a programme."""

    unit: str
    now: datetime
    points: tuple[PointsBlock, ...] = ()
    figures: tuple[FigureBlock, ...] = ()
    stages: tuple[StageBlock, ...] = ()
    as_of: datetime | None = None
    """Set when a past date was asked for."""
    view: str = ""


class ScoreLines(Notice):
    """明细."""

    unit: str
    now: datetime
    points: tuple[PointsBlock, ...] = ()


class Gaps(Notice):
    """差距."""

    unit: str
    figures: tuple[FigureBlock, ...] = ()


class OwnRank(Notice):
    """排名: the own place in the peer group; place None where ranks are not out or cannot be made."""

    unit: str
    programme: str
    peers: str
    place: int | None
    of: int
    tied: bool = False
    total: Decimal | None = None
    estimated: bool = False


class Why(Notice):
    """为什么: one point with clause, fact, time, person and evidence."""

    entry: str
    account: str
    unit: str
    programme: str
    version: str
    cite: str
    clause: str
    clause_text: str
    points: Decimal | None
    status: str
    covered_by: str = ""
    fact: str
    occurred_at: datetime
    recorded_at: datetime | None = None
    confirmed_by: str = ""
    statement: str | None = None
    evidence: tuple[str, ...] = ()
    files: int = 0
    """How many files stand behind it (R64); of an entry those that were in when it was made."""
    archived: bool = False
    """Whether they can be neither taken back nor replaced any more: it is an entry."""
    files_since: int = 0
    """How many came after it was entered."""
    reversed_by: str = ""
    appeal: str = ""
    """The number of the appeal against it."""
    appeal_day: date | None = None
    """By when that is to be answered."""
    appeal_upheld: bool | None = None
    """None while it waits for its answer."""
    appeal_answer: str = ""
    may_appeal: bool = False
    """Whether the reader may appeal against it now."""


class WhyWhich(Notice):
    """为什么扣2分: several lines are of so many points; which one is meant?"""

    unit: str
    points: str
    """As it was asked: 扣2分."""
    lines: tuple[PointLine, ...]
