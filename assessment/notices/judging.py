"""Scoring the year: what the office gives 评定, the values of stages 录分, and settlement 结算."""

from decimal import Decimal

from pydantic import Field

from assessment.notices.notice import Ask, Facts, Notice


class JudgeAsk(Ask):
    """Confirm what was given of one indicator, with what comes of it."""

    unit: str
    indicator: str
    cite: str
    given: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    """What stood before, in the same words."""
    reason: str = ""
    evidence: tuple[str, ...] = ()
    outcome: tuple[str, ...]
    """The arithmetic, and what is still lacking."""
    mark: str = ""


class JudgeTaken(Notice):
    """It is on record."""

    unit: str
    indicator: str
    given: tuple[str, ...]
    outcome: tuple[str, ...]
    settled: bool = False
    """Whether points of it stand already, so that it counts with the next 结算."""


class JudgeRefused(Notice):
    """What was given is not taken."""

    unit: str = ""
    """Empty: no unit was named."""
    indicator: str = ""
    """Empty: no indicator of that unit was named."""
    choices: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why the marking refuses it; empty where the words could not be read."""
    how: str = ""
    """What may follow the indicator's name."""


class FiguresDiffer(Notice):
    """Two units gave different figures for one indicator; both are kept, and neither counts until 采用."""

    indicator: str
    unit: str
    """The indicator's unit of measure."""
    period: str
    lead: str
    led: Decimal
    publisher: str
    published: Decimal
    assessed: str
    """The unit whose points it is about."""
    cite: str
    cohort: str = ""


class StageAsk(Ask):
    """Confirm a stage's value."""

    unit: str
    stage: str
    cite: str
    value: Decimal | None
    scores: tuple[tuple[str, Decimal], ...] = ()
    replaced: Decimal | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()
    reference_only: bool = False
    take_back: bool = False


class StageTaken(Notice):
    """A stage's value is on record."""

    unit: str
    stage: str
    value: Decimal | None
    reason: str = ""
    next_stage: str = ""
    take_back: bool = False


class StageRefused(Notice):
    """A stage's value is not taken."""

    about: str = ""
    """The stage, as far as it is known."""
    unit: str = ""
    choices: tuple[str, ...] = ()
    """The stages there are, where none of them was named."""
    not_yet: str = ""
    """The stage that has to be done first."""
    closed_by: str = ""
    """The later stage that has been built on it."""
    lacks: tuple[str, ...] = ()
    """What must come with it 必备."""
    doubts: tuple[str, ...] = ()
    """What is wrong with the scores by category."""
    take_back: bool = False
    """撤回 came without a reason."""
    unread: str = ""
    """What was typed for a value and is none."""


class SettleLine(Facts):
    """One indicator of one unit."""

    unit: str
    indicator: str
    points: Decimal | None = None
    mark: str = ""
    reasons: tuple[str, ...] = ()
    entry: str = ""
    beside: tuple[tuple[str, Decimal], ...] = ()
    """What stands of other periods of the year, by their names; it is not counted here."""


class SettleBlock(Facts):
    """One programme. With several pages the lines are those of one; `sizes` tells how many there are of each kind."""

    programme: str
    version: str
    period: str
    """2026年度, or 上半年, 二季度, 8月."""
    months: int
    """Months of the year that have passed: below 12 the figures are taken as the year's for the time being."""
    proposed: tuple[SettleLine, ...] = ()
    unset: tuple[SettleLine, ...] = ()
    waiting: tuple[SettleLine, ...] = ()
    changed: tuple[SettleLine, ...] = ()
    prepared: tuple[SettleLine, ...] = ()
    """Another figure waits for 审定."""
    by_two: tuple[SettleLine, ...] = ()
    """Entries that have to be corrected by two people first."""
    dropped: tuple[SettleLine, ...] = ()
    """Of `waiting`: those whose open proposal falls, because nobody says the figure any more."""
    refused: int = 0
    same: int = 0
    own: tuple[str, ...] = ()
    """Units that the sender may not settle."""
    trial: bool = False
    sizes: dict[str, int] = Field(default_factory=dict)
    """By the names of the kinds above."""
    units: int = 0
    """Whose indicators they are; told where there are several pages."""
    highest: tuple[str, Decimal] | None = None
    lowest: tuple[str, Decimal] | None = None
    """Of the units with points, who would get most and least by these lines."""
    apart: str = ""
    """The stage whose value is the measure's score, where these points make a total of their own."""

    def size(self, kind: str) -> int:
        """How many lines of a kind there are on all pages."""
        return self.sizes.get(kind, len(getattr(self, kind)))


class SettleAsk(Ask):
    """What settling would do; a question only where there is anything to do."""

    blocks: tuple[SettleBlock, ...]
    unit: str = ""
    nothing: bool = False
    reference: str = ""
    """上半年, 一季度: the points up to then, for reference alone."""
    part: str = ""
    """上半年, 一季度: settled by itself, beside the year."""
    by_ledger: str = ""
    """The same where the measure has no indicators: what it comes to stands in the ledger."""
    page: int = 1
    pages: int = 1


class SettleDone(Notice):
    """Settled: so many proposals await 核定."""

    blocks: tuple[SettleBlock, ...]
