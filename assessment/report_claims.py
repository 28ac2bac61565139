"""What the text of a report claims: which figures are said of whom."""

from dataclasses import dataclass, field

from assessment.indicator_names import Named, NamedElsewhere
from assessment.numerals import Quantity, Unreadable
from assessment.periods_text import NamedPeriod
from assessment.report_words import Piece
from assessment.submission import Figure


@dataclass(eq=False)
class Claim:
    """One figure that a subject claims; two of them are the same only if they are one."""

    clause_start: int
    start: int
    end: int
    quantity: Quantity | Unreadable
    figure: Figure | None
    """None where neither a word nor the place says whether it is actual or forecast."""
    cohort: str | None
    period: NamedPeriod | None
    words_between: bool
    """Unknown words stand between name and figure."""
    comparison: bool
    """同比, 目标 …: not the indicator's own figure."""
    single_month: bool
    whole_year: bool
    """It counts as forecast only because 全年 was written."""


@dataclass
class Subject:
    """Something that figures are reported of: own indicators, a foreign one, or nobody known (`named` is None)."""

    named: Named | NamedElsewhere | None
    start: int
    end: int
    claims: list[Claim] = field(default_factory=list)
    nil: str | None = None

    def extend(self, end: int) -> None:
        """Count the text up to `end` as written about this subject."""
        self.end = max(self.end, end)


@dataclass
class Claims:
    """All subjects in order of appearance, and what nobody claims."""

    subjects: list[Subject]
    leftover: list[Piece]
    periods: list[NamedPeriod]
    nil: str | None
