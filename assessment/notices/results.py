"""The year's results: grades, their publication, places, eligibility for awards, awards, samples."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice
from assessment.notices.result_lists import Paged, ResultGroup, ResultLine


class ResultTable(Notice):
    """All results of a measure that somebody may see."""

    programme: str
    version: str
    span: str
    """年度 or 上半年."""
    as_of: datetime
    number: str = ""
    """Of the publication; empty while nothing is published."""
    published_at: datetime | None = None
    groups: tuple[ResultGroup, ...]
    paged: Paged = Paged()
    apart: str = ""
    """The stage whose value is the measure's score, where its ledger comes to a total of its own."""
    so_far: bool = False
    """Its year, or that part of it, is not over."""
    circle: str = ""
    """Within what circle it may be known."""


class ResultTold(Notice):
    """To a unit: its own published result."""

    unit: str
    programme: str
    version: str
    span: str
    """年度 or 上半年."""
    number: str
    as_of: datetime
    published_at: datetime
    peers: str
    of: int
    line: ResultLine
    office: str = ""
    """Who runs the measure."""


class NotTold(Notice):
    """No result for this asker: nothing is published yet, or it is told only inside a circle (R42, R86)."""

    programme: str
    circle: bool = False


class PublishAsk(Ask):
    """Confirm a publication: what it shows, who will see it, and what is still open."""

    programme: str
    version: str
    span: str
    """年度 or 上半年."""
    as_of: datetime
    groups: tuple[ResultGroup, ...]
    circle_said: str = ""
    """The circle as the measure words it."""
    circle: tuple[str, ...] = ()
    told: int
    undecided: int = 0
    """How many proposals await 核定 or 审定."""
    ungraded: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    """Units of whose indicators not all have points."""
    paged: Paged = Paged()
    apart: str = ""
    """As in the table of results."""
    differing: int = 0
    """Of how many units the ledger's total is another than the measure's score."""
    moved: tuple[str, ...] = ()
    """Parts of the year, with the units, whose published totals have moved since."""
    before: str = ""
    """The number of the publication that this one corrects."""


class Published(Notice):
    """To the office: it is out."""

    number: str
    programme: str
    span: str
    """年度 or 上半年."""
    at: datetime
    told: int
    follow_ups: tuple[str, ...] = ()
    """What is to be done because of it, each with its number."""


# ── 等次 ──


class GradeReason(Facts):
    """How one condition of one grade stands."""

    grade: str
    condition: str
    holds: str
    wanted: str = ""
    found: str = ""
    tied: tuple[str, ...] = ()


class GradeLine(Facts):
    """One unit: what the conditions come to, and what people decided."""

    unit: str
    total: Decimal | None = None
    place: int | None = None
    proposed: str = ""
    """Empty where no grade fits, and where people judge."""
    open: bool = False
    """Whether people have to say if it is this grade or a lower one."""
    reasons: tuple[GradeReason, ...] = ()
    estimated: bool = False
    """Something of its year is unreported or unsettled yet, so that no condition holds for certain."""
    undecided: int = 0
    """How many of its proposals nobody has decided on to the end: none holds for certain before."""
    decided: str = ""


class GradeList(Notice):
    """等次: what is proposed and decided; where people judge nothing is proposed (R41)."""

    programme: str
    version: str
    judged: bool
    grades: tuple[str, ...]
    groups: tuple[tuple[str, tuple[GradeLine, ...]], ...]


class GradeAsk(Ask):
    """Confirm grades."""

    programme: str
    lines: tuple[GradeLine, ...]
    """`decided` is the grade that would be given."""
    reason: str = ""
    follow: tuple[str, ...] = ()
    """What follows from them."""
    after_publication: bool = False
    """What follows, follows upon publication: the measure keeps its results secret until then."""
    trial: bool = False


class GradesDecided(Notice):
    """The grades stand."""

    programme: str
    lines: tuple[GradeLine, ...]
    follow_ups: tuple[str, ...] = ()
    after_publication: bool = False
    """Whether it follows upon publication."""
    trial: bool = False


# ── 评优资格 ──


class FlagLine(Facts):
    """One flag with what it rests on."""

    flag: str
    cite: str = ""
    entry: str = ""
    fact: str = ""
    at: datetime | None = None
    decided: str = ""
    """The reason that the department concerned gave."""


class EligibilityLine(Facts):
    """One account."""

    programme: str
    version: str
    account: str
    personal: bool = False
    standing: str
    total: Decimal | None = None
    flags: tuple[FlagLine, ...] = ()


class EligibilityTold(Notice):
    """评优资格, for this year alone (R37)."""

    unit: str
    year: int
    lines: tuple[EligibilityLine, ...]


class RecommendationAsk(Ask):
    """Confirm what the department concerned decided."""

    number: str
    account: str
    loses: bool
    reason: str
    because: str


class RecommendationDecided(Notice):
    """To the office, and to those whose account it is."""

    number: str
    account: str
    loses: bool
    reason: str
    year: int
    to_office: bool = False


class AwardLine(Facts):
    """One award."""

    name: str
    to: str
    cite: str
    choosable: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    winners: tuple[str, ...] = ()
    no_longer_fit: tuple[str, ...] = ()
    """Winners who could not be chosen now: a flag came in later, or their grade was changed."""
    taken_back: tuple[tuple[str, str], ...] = ()
    """Who had it, and why it was taken back."""
    quota: int | None = None
    quota_unset: bool = False
    amount: Decimal | None = None
    currency: str = ""
    total: Decimal | None = None


class AwardAsk(Ask):
    """Confirm the winners of an award."""

    award: str
    winners: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    """Winners who may not be chosen because of a flag."""
    unfit: tuple[str, ...] = ()
    """Winners who are not of the kind that the award is for, or have not the grade that it asks for."""
    unlisted: tuple[str, ...] = ()
    """Winners whom the roster does not know, for an award to a kind of which it has none."""
    quota: int | None = None
    before: int = 0
    """How many have it already."""
    trial: bool = False


class TakeBackAsk(Ask):
    """Confirm that winners have an award no longer."""

    award: str
    winners: tuple[str, ...]
    reason: str


class AwardTakenBack(Notice):
    """To the unit, or as a receipt: it has the award no longer, and why."""

    award: str
    winners: tuple[str, ...]
    reason: str
    by: str
    to_office: bool = False
    untold: tuple[str, ...] = ()
    """Winners whom nobody in the roster stands for: the office tells them itself."""


class AwardTable(Notice):
    """奖励: who may be chosen, who was, and what it costs (R54)."""

    programme: str
    year: int
    lines: tuple[AwardLine, ...]
    sums: tuple[tuple[str, Decimal, bool], ...] = ()
    """Currency, sum, and whether nothing is missing from it."""
    unset: tuple[str, ...] = ()
    mark: str = ""


# ── 抽查 ──


class SampleAsk(Ask):
    """Confirm a drawing; the seed is drawn with it."""

    programme: str
    peers: str
    wanted: int
    candidates: tuple[str, ...]


class SampleDrawn(Notice):
    """The sealed list, with what anybody needs to draw it again."""

    number: str
    programme: str
    peers: str
    seed: str
    candidates: tuple[str, ...]
    chosen: tuple[str, ...]
    at: datetime
    by: str


class SampleList(Notice):
    """The drawings of a measure, oldest first."""

    samples: tuple[SampleDrawn, ...]


class ResultsRefused(StrEnum):
    """Why something about the year's results was not done."""

    TRIAL = "trial"
    NOTHING_TO_PUBLISH = "nothing to publish"
    CHANGED_MEANWHILE = "changed meanwhile"
    NO_GRADES = "no grades"
    WHICH_UNIT = "which unit"
    WHICH_GRADE = "which grade"
    GRADE_REASON = "grade reason"
    NOTHING_SURE = "nothing sure"
    NO_AWARDS = "no awards"
    NOBODY_HAS_IT = "nobody has it"
    """No award that could be taken back is named."""
    TAKE_BACK_REASON = "take back reason"
    NOT_IN_ROSTER = "not in roster"
    """`words` are no units of the roster."""
    SAMPLE_OF_WHOM = "sample of whom"
    SAMPLE_TOO_LARGE = "sample too large"
    PART_NOT_OVER = "part not over"
    NOT_BY_PART = "not by part"
    """The measure does not settle that part of the year by itself."""


class ResultsNotDone(Notice):
    """One thing is missing or in the way; what to type instead stands in the saying."""

    about: str
    why: ResultsRefused
    words: str = ""
    """What the sentence speaks of: the grades there are, the group, how many there are."""
