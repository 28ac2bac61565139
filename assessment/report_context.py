"""What the grammar of reports keeps in mind while it reads from left to right."""

from dataclasses import dataclass, field

from assessment.report_claims import Claim, Subject
from assessment.report_words import Piece
from assessment.submission import Figure


@dataclass
class Clause:
    """What is known since the last comma, line break or figure."""

    start: int
    has_name: bool = False
    comparison: bool = False
    beside: bool = False
    among: bool = False
    single_month: bool = False
    unknown: list[Piece] = field(default_factory=list)


@dataclass
class Line:
    """What is known since the last line break."""

    is_blank: bool = True
    has_name: bool = False
    sentence_has_name: bool = False
    """has_name, but since the last full stop or semicolon."""
    forecast_before_name: bool = False
    """预测 stood before a name, so that the next names without a word of their own are unclear."""


@dataclass(frozen=True)
class Section:
    """A heading over several names: 预测:, to the end of its line, or to the next heading where it stands alone."""

    figure: Figure
    one_line: bool


@dataclass
class Bracket:
    """What is known of the brackets that stand open."""

    behind: Claim | None = None
    """The figure right before them: what they hold explains it."""
    figures: int = 0
    """How many figures they hold so far."""


@dataclass
class Reason:
    """Why there is nothing to report; it may run over commas, and with 因为 over figures."""

    start: int
    end: int
    subject: Subject | None
    holds_figures: bool
