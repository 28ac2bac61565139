"""Which indicator claims which figure of a report, and as what: the grammar of 甲85万预测155,乙26%."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assessment.indicator_names import IndicatorNames, Misspelt, Named, NamedElsewhere
from assessment.numerals import Quantity, Unclear, Unreadable
from assessment.periods import Frequency
from assessment.periods_text import NamedPeriod
from assessment.report_claims import Claim, Claims, Subject
from assessment.report_words import CohortName, Mark, Piece, Word
from assessment.submission import Figure

_LONGEST_PREFIX = 6
_BECAUSE = re.compile("[ ,、;:。(]*(?:原因|主要|因|由于)")
_ENDS_A_PLACE = frozenset("镇乡县市区局办委村道处所院校司站会厅部")


def assign(text: str, pieces: Sequence[Piece], names: IndicatorNames, year: int) -> Claims:
    """Give every figure to a subject; figures without one get a subject with no name, so that none is lost.

    `year` is the year asked about; naming that year alone names no other period.
    """
    grammar = _Grammar(text, names, year)
    for piece in pieces:
        grammar.take(piece)
    return grammar.result()


@dataclass
class _Clause:
    """What is known since the last comma, line break or figure."""

    start: int
    has_name: bool = False
    comparison: bool = False
    single_month: bool = False
    unknown: list[Piece] = field(default_factory=list)


@dataclass
class _Line:
    """What is known since the last line break."""

    is_blank: bool = True
    has_name: bool = False
    forecast_before_name: bool = False
    """预测 stood before a name, so that the next names without a word of their own are unclear."""


@dataclass(frozen=True)
class _Section:
    """A heading over several names: 预测:, to the end of its line, or to the next heading where it stands alone."""

    figure: Figure
    one_line: bool


@dataclass
class _Reason:
    """Why there is nothing to report; it may run over commas, and with 因为 over figures."""

    start: int
    end: int
    subject: Subject | None
    holds_figures: bool


class _Grammar:
    """Reads pieces from left to right; a clause ends at a comma or line break, a subject lasts until the next name."""

    def __init__(self, text: str, names: IndicatorNames, year: int) -> None:
        self._text, self._names, self._year = text, names, year
        self._found = Claims([], [], [], None)
        self._subject: Subject | None = None
        self._clause = _Clause(0)
        self._line = _Line()
        self._mark: Mark | None = None
        self._mark_is_above = False
        """The mark stood alone on a line before."""
        self._section: _Section | None = None
        self._cohort: str | None = None
        self._cohort_is_new = False
        self._period: NamedPeriod | None = None
        self._new_period: NamedPeriod | None = None
        """A period named since the last figure or name."""
        self._forecast_period: NamedPeriod | None = None
        self._reason: _Reason | None = None

    def take(self, piece: Piece) -> None:
        """Read the next piece."""
        if self._reason is not None and self._continue_reason(self._reason, piece):
            return
        match piece.meaning:
            case Named() | NamedElsewhere():
                self._name(piece, piece.meaning)
            case CohortName(name=name):
                self._cohort, self._cohort_is_new = name, True
            case NamedPeriod():
                self._name_period(piece.meaning)
            case Mark():
                self._note_mark(piece.meaning)
            case Quantity() | Unreadable():
                self._claim(piece, piece.meaning)
            case Word():
                self._word(piece, piece.meaning)
        if piece.meaning not in (Word.FILLER, Word.LINE):
            self._line.is_blank = False

    def result(self) -> Claims:
        """What was found; figures that run on into an unknown word have an unknown unit."""
        self._end_reason()
        self._adopt_period()
        begins_unknown = {piece.start for piece in self._found.leftover}
        for subject in self._found.subjects:
            for claim in subject.claims:
                bare = isinstance(claim.quantity, Quantity) and claim.quantity.unit is None
                if bare and claim.end in begins_unknown:
                    claim.quantity = Unreadable(Unclear.UNKNOWN_UNIT, claim.quantity.written)
        return self._found

    def _name(self, piece: Piece, named: Named | NamedElsewhere) -> None:
        self._apply_mark_to_names()
        self._adopt_period()
        start = piece.start
        if isinstance(named, Named) and self._clause.unknown:
            start = self._start_with_prefix(piece.start)
            if start < piece.start:
                named = Named(named.ids, self._text[start : piece.end])
                self._take_from_leftover(start)
        self._begin(Subject(named, start, piece.end))
        self._clause.comparison = False

    def _begin(self, subject: Subject) -> None:
        self._subject = subject
        self._found.subjects.append(subject)
        self._clause.has_name = self._line.has_name = True
        self._clause.unknown.clear()
        if not self._cohort_is_new:
            self._cohort = None

    def _apply_mark_to_names(self) -> None:
        """A mark before a name: a heading over the names that follow, or a word to this name only."""
        mark = self._mark
        if mark is None:
            return
        if mark.heading and not self._line.has_name:
            self._section = _Section(mark.figure, one_line=not self._mark_is_above)
            self._mark = None
        elif mark.figure is Figure.FORECAST:
            self._line.forecast_before_name = True
            # "甲85,预测: 乙7" may have left 甲's forecast blank: then neither figure may be guessed for 乙.
            self._mark = None if mark.heading else mark

    def _start_with_prefix(self, start: int) -> int:
        """Unknown words that run into a name may belong to it (another indicator's name ending like this one)."""
        prefix = self._clause.unknown[-1]
        short = prefix.end == start and prefix.end - prefix.start <= _LONGEST_PREFIX
        return prefix.start if short and self._text[prefix.end - 1] not in _ENDS_A_PLACE else start

    def _name_period(self, period: NamedPeriod) -> None:
        only_year = period.period.frequency is Frequency.YEAR and period.period.year == self._year
        if self._clause.comparison or only_year:
            return
        if self._mark is not None and self._mark.figure is Figure.FORECAST:
            self._forecast_period = period
        else:
            self._new_period = period

    def _adopt_period(self) -> None:
        """A period named before names or figures holds for all of them until another is named."""
        if self._new_period is not None:
            self._period = self._new_period
            self._found.periods.append(self._new_period)
            self._new_period = None

    def _note_mark(self, mark: Mark) -> None:
        said = self._mark
        if said is not None and said.figure is Figure.FORECAST and mark.figure is Figure.ACTUAL and not said.heading:
            return
        self._mark, self._mark_is_above = mark, False

    def _word(self, piece: Piece, word: Word) -> None:
        match word:
            case Word.COMPARISON:
                self._clause.comparison = True
            case Word.SINGLE_MONTH:
                self._clause.single_month = True
            case Word.NIL:
                self._report_nil(piece)
            case Word.BREAK:
                self._clause = _Clause(piece.end)
            case Word.LINE:
                self._end_line(piece.end)
            case Word.UNKNOWN:
                self._clause.unknown.append(piece)
                self._found.leftover.append(piece)
            case Word.FILLER:
                pass

    def _end_line(self, end: int) -> None:
        if self._line.is_blank:
            self._subject = None
        if self._section is not None and self._section.one_line:
            self._section = None
        if self._mark is not None:
            self._mark = None if self._line.has_name else replace(self._mark, heading=True)
            self._mark_is_above = True
        self._clause, self._line = _Clause(end), _Line()

    def _report_nil(self, piece: Piece) -> None:
        guess = self._misspelt(piece) if self._clause.unknown else None
        if guess is not None:
            self._begin_misspelt(guess)
        self._clause.unknown.clear()
        about_subject = self._subject is not None and (self._clause.has_name or not self._subject.claims)
        self._reason = _Reason(
            start=piece.start,
            end=piece.end,
            subject=self._subject if about_subject else None,
            holds_figures=_BECAUSE.match(self._text, piece.end) is not None,
        )

    def _continue_reason(self, reason: "_Reason", piece: Piece) -> bool:
        """Whether a piece belongs to the reason of a nil report: up to the next name, mark or line."""
        is_figure = isinstance(piece.meaning, Quantity | Unreadable)
        if piece.meaning is not Word.LINE and (isinstance(piece.meaning, Word) or (is_figure and reason.holds_figures)):
            reason.end = piece.end
            return True
        self._end_reason()
        return False

    def _end_reason(self) -> None:
        reason = self._reason
        if reason is None:
            return
        written = self._text[reason.start : reason.end].strip(" 。;,、")
        if reason.subject is not None:
            reason.subject.nil = written
            reason.subject.extend(reason.end)
        elif self._found.nil is None:
            self._found.nil = written
        self._clause = _Clause(reason.end)
        self._reason = None

    def _claim(self, piece: Piece, quantity: Quantity | Unreadable) -> None:
        clause_start = self._clause.start
        words_between = self._settle_unknown(piece)
        subject = self._subject
        if subject is None:
            subject = Subject(None, piece.start, piece.end)
            self._begin(subject)
        figure = self._figure(subject)
        if not self._clause.comparison:
            self._adopt_period()
        subject.claims.append(
            Claim(
                clause_start=clause_start,
                start=piece.start,
                end=piece.end,
                quantity=quantity,
                figure=figure,
                cohort=self._cohort,
                period=self._forecast_period if figure is Figure.FORECAST else self._period,
                words_between=words_between,
                comparison=self._clause.comparison,
                single_month=self._clause.single_month,
                whole_year=self._mark is not None and self._mark.whole_year,
            )
        )
        subject.extend(piece.end)
        self._mark = self._forecast_period = None
        self._cohort_is_new = False
        self._line.has_name = True
        self._clause = _Clause(piece.end)

    def _figure(self, subject: Subject) -> Figure | None:
        if self._mark is not None:
            return self._mark.figure
        if self._section is not None:
            return self._section.figure
        first = not any(claim.cohort == self._cohort and not claim.comparison for claim in subject.claims)
        return Figure.ACTUAL if first and not self._line.forecast_before_name else None

    def _settle_unknown(self, piece: Piece) -> bool:
        """Make a subject of the unknown words before a figure; return whether they stay between it and its name."""
        if not self._clause.unknown:
            return False
        guess = self._misspelt(piece)
        if guess is not None:
            self._begin_misspelt(guess)
            return False
        if self._clause.comparison and self._subject is not None:
            return False
        if not self._clause.has_name and (self._subject is None or self._subject.named is not None):
            self._begin(Subject(None, self._clause.unknown[0].start, piece.end))
        return True

    def _misspelt(self, piece: Piece) -> Misspelt | None:
        """The name that the words before `piece` nearly are, without or with the marks and fillers behind them."""
        start, end = self._clause.start, self._clause.unknown[-1].end
        full_end = start + len(self._text[start : piece.start].rstrip(" :"))
        found = self._names.misspelt(self._text, start, end)
        if found is None and full_end > end:
            found = self._names.misspelt(self._text, start, full_end)
        return found

    def _begin_misspelt(self, guess: Misspelt) -> None:
        self._take_from_leftover(guess.start)
        self._begin(Subject(guess.named, guess.start, guess.end))

    def _take_from_leftover(self, start: int) -> None:
        """What stands from `start` on has been understood after all."""
        leftover = self._found.leftover
        while leftover and leftover[-1].end > start:
            piece = leftover.pop()
            if piece.start < start:
                leftover.append(Piece(piece.start, start, Word.UNKNOWN))
                break
