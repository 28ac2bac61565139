"""What the text of a report claims: which figures are said of whom."""

from dataclasses import dataclass, field

from assessment.indicator_names import Named, NamedElsewhere
from assessment.numerals import Quantity, Unclear, Unreadable
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

    @classmethod
    def told(cls, clause_start: int, piece: Piece, quantity: Quantity | Unreadable) -> "Claim":
        """A figure of narration, which is nobody's."""
        return cls(
            clause_start=clause_start,
            start=piece.start,
            end=piece.end,
            quantity=quantity,
            figure=None,
            cohort=None,
            period=None,
            words_between=True,
            comparison=False,
            single_month=False,
            whole_year=False,
        )


@dataclass
class Subject:
    """Something that figures are reported of: own indicators, a foreign one, or nobody known (`named` is None)."""

    named: Named | NamedElsewhere | None
    start: int
    end: int
    claims: list[Claim] = field(default_factory=list)
    nil: str | None = None
    counts_in: Quantity | None = None
    """One of the unit that was stated for its bare figures: (万元/亩)."""

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
    asides: list[Claim] = field(default_factory=list)
    """Figures of narration, which no indicator of the unit could bear."""

    def settle(self) -> None:
        """What only the whole text tells: where all is narration nothing is; units unknown, or stated elsewhere."""
        if not any(subject.named is not None and subject.claims for subject in self.subjects):
            self.subjects.extend(Subject(None, claim.start, claim.end, [claim]) for claim in self.asides)
            self.asides.clear()
        begins_unknown = {piece.start for piece in self.leftover}
        for subject in self.subjects:
            for claim in subject.claims:
                claim.quantity = _with_unit(claim, subject.counts_in, runs_on=claim.end in begins_unknown)


def _with_unit(claim: Claim, counts_in: Quantity | None, *, runs_on: bool) -> Quantity | Unreadable:
    """A figure that runs on into an unknown word has an unknown unit; a bare one has the unit stated for it."""
    quantity = claim.quantity
    if not isinstance(quantity, Quantity) or quantity.unit is not None:
        return quantity
    if runs_on:
        return Unreadable(Unclear.UNKNOWN_UNIT, quantity.written)
    return quantity.counted_in(counts_in) if counts_in is not None and quantity.scale is None else quantity
