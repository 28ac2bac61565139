"""Which indicator claims which figure of a report, and as what: the grammar of 甲85万预测155,乙26%."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assessment.indicator_names import IndicatorNames, Misspelt, Named, NamedElsewhere
from assessment.numerals import Quantity, Unreadable
from assessment.periods import Frequency
from assessment.periods_text import NamedPeriod
from assessment.report_claims import Claim, Claims, Subject
from assessment.report_context import Bracket, Clause, Line, Reason, Section
from assessment.report_guesses import begin_with_prefix, nearly_named
from assessment.report_narration import Narration
from assessment.report_words import CohortName, Mark, Piece, StatedUnit, Word
from assessment.submission import Figure

_CORRECTS = re.compile("[应实改错误]")
_BECAUSE = re.compile("[ ,、;:。(]*(?:原因|主要|因|由于)")


def assign(
    text: str, pieces: Sequence[Piece], names: IndicatorNames, year: int, narration: Narration | None = None
) -> Claims:
    """Give every figure to a subject; figures without one get a subject with no name, so that none is lost.

    `year` is the year asked about; naming that year alone names no other period.
    """
    grammar = _Grammar(text, names, year, narration or Narration(()))
    for piece in pieces:
        grammar.take(piece)
    return grammar.result()


class _Grammar:
    """Reads pieces from left to right; a clause ends at a comma or line break, a subject lasts until the next name."""

    def __init__(self, text: str, names: IndicatorNames, year: int, narration: Narration) -> None:
        self._text, self._names, self._year, self._narration = text, names, year, narration
        self._found = Claims([], [], [], None)
        self._subject: Subject | None = None
        self._clause = Clause(0)
        self._line = Line()
        self._mark: Mark | None = None
        self._mark_start = 0
        self._mark_is_spent = False
        """Other words or a full stop stand behind the mark: only a bare figure may still be meant by it."""
        self._mark_is_above = False
        """The mark stood alone on a line before."""
        self._section: Section | None = None
        self._cohort: str | None = None
        self._cohort_is_new = False
        self._period: NamedPeriod | None = None
        self._new_period: NamedPeriod | None = None
        """A period named since the last figure or name."""
        self._forecast_period: NamedPeriod | None = None
        self._reason: Reason | None = None
        self._bracket = Bracket()
        self._corrected: Claim | None = None
        """The figure that the next one stands for."""

    def take(self, piece: Piece) -> None:
        """Read the next piece."""
        if self._reason is not None and self._continue_reason(self._reason, piece):
            return
        match piece.meaning:
            case Named() | NamedElsewhere():
                self._name(piece, piece.meaning)
            case CohortName(name=name):
                self._cohort, self._cohort_is_new = name, True
                if self._mark is not None and self._mark.figure is Figure.FORECAST:
                    self._line.forecast_before_name = True
            case NamedPeriod():
                self._name_period(piece.meaning)
            case Mark():
                self._note_mark(piece.meaning, piece.start)
            case StatedUnit(one=one):
                if self._subject is not None:
                    self._subject.counts_in = one
            case Quantity() | Unreadable():
                self._claim(piece, piece.meaning)
            case Word():
                self._word(piece, piece.meaning)
        if piece.meaning not in (Word.FILLER, Word.LINE):
            self._line.is_blank = False

    def result(self) -> Claims:
        """What was found."""
        self._end_reason()
        self._adopt_period()
        self._found.settle()
        return self._found

    def _name(self, piece: Piece, named: Named | NamedElsewhere) -> None:
        self._apply_mark_to_names()
        self._adopt_period()
        start = piece.start
        if isinstance(named, Named) and self._clause.unknown:
            start = begin_with_prefix(self._text, self._clause, piece.start)
            if start < piece.start:
                named = Named(named.ids, self._text[start : piece.end])
                self._take_from_leftover(start)
        self._begin(Subject(named, start, piece.end))
        self._clause.comparison = self._clause.beside or (self._clause.among and self._is_reported(named))

    def _is_reported(self, named: Named | NamedElsewhere) -> bool:
        return any(_same(other.named, named) and len(other.claims) > 0 for other in self._found.subjects[:-1])

    def _begin(self, subject: Subject) -> None:
        self._subject, self._corrected = subject, None
        self._found.subjects.append(subject)
        self._clause.has_name = self._line.has_name = self._line.sentence_has_name = True
        self._clause.unknown.clear()
        if not self._cohort_is_new:
            self._cohort = None

    def _apply_mark_to_names(self) -> None:
        """A mark before a name: a heading over the names that follow, or a word to this name only."""
        if self._mark_is_spent:
            self._mark, self._mark_is_spent = None, False
        mark = self._mark
        if mark is None:
            return
        if mark.heading and not self._line.sentence_has_name:
            self._section = Section(mark.figure, one_line=not self._mark_is_above)
            self._mark = None
        elif mark.figure is Figure.FORECAST:
            self._line.forecast_before_name = True
            # "甲85,预测: 乙7" may have left 甲's forecast blank: then neither figure may be guessed for 乙.
            self._mark = None if mark.heading else mark

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

    def _note_mark(self, mark: Mark, start: int) -> None:
        said = self._mark
        if said is not None and said.figure is Figure.FORECAST and mark.figure is Figure.ACTUAL and not said.heading:
            return
        self._mark, self._mark_is_above, self._mark_start, self._mark_is_spent = mark, False, start, False

    def _word(self, piece: Piece, word: Word) -> None:
        match word:
            case Word.COMPARISON | Word.BESIDE | Word.AMONG:
                self._clause.comparison = True
                self._clause.beside = self._clause.beside or word is Word.BESIDE
                self._clause.among = self._clause.among or word is Word.AMONG
            case Word.CORRECTION:
                self._corrected = self._last_claim()
                if self._corrected is not None:
                    self._corrected.words_between = True
            case Word.SINGLE_MONTH:
                self._clause.single_month = True
            case Word.NIL:
                self._report_nil(piece)
            case Word.BREAK:
                self._end_clause(piece)
            case Word.LINE:
                self._end_line(piece.end)
            case Word.UNKNOWN:
                self._clause.unknown.append(piece)
                self._found.leftover.append(piece)
            case Word.FILLER:
                self._note_bracket(piece)

    def _end_clause(self, piece: Piece) -> None:
        ends_sentence = self._text[piece.start] in "。;"
        said_else = any(word.start >= self._mark_start for word in self._clause.unknown)
        if self._mark is not None and not self._mark.heading and (ends_sentence or said_else):
            # 年底都要达到满分要求, is no mark of a name that follows.
            self._mark_is_spent = True
        if ends_sentence:
            self._line.sentence_has_name = False
        self._clause = Clause(piece.end)

    def _note_bracket(self, piece: Piece) -> None:
        sign = self._text[piece.start : piece.end]
        last = self._last_claim()
        if sign == "(":
            right_before = last is not None and not self._text[last.end : piece.start].strip()
            self._bracket = Bracket(last if right_before else None)
        elif sign == ")":
            explained, mark = self._bracket.behind, self._mark
            if explained is not None and mark is not None and not self._bracket.figures:
                # 62.07%(预测)
                explained.figure, explained.whole_year = mark.figure, mark.whole_year
                self._mark = None
            self._bracket = Bracket()

    def _last_claim(self) -> Claim | None:
        return self._subject.claims[-1] if self._subject is not None and self._subject.claims else None

    def _end_line(self, end: int) -> None:
        if self._line.is_blank:
            self._subject = None
        if self._section is not None and self._section.one_line:
            self._section = None
        if self._mark is not None:
            self._mark = None if self._line.has_name else replace(self._mark, heading=True)
            self._mark_is_above = True
        self._clause, self._line, self._bracket = Clause(end), Line(), Bracket()

    def _report_nil(self, piece: Piece) -> None:
        guess = nearly_named(self._names, self._text, self._clause, piece) if self._clause.unknown else None
        if guess is not None:
            self._begin_misspelt(guess)
        self._clause.unknown.clear()
        about_subject = self._subject is not None and (self._clause.has_name or not self._subject.claims)
        self._reason = Reason(
            start=piece.start,
            end=piece.end,
            subject=self._subject if about_subject else None,
            holds_figures=_BECAUSE.match(self._text, piece.end) is not None,
        )

    def _continue_reason(self, reason: Reason, piece: Piece) -> bool:
        """Whether a piece belongs to the reason of a nil report: up to the next name, mark or line."""
        is_figure = isinstance(piece.meaning, Quantity | Unreadable | NamedPeriod)
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
        self._clause = Clause(reason.end)
        self._reason = None

    def _claim(self, piece: Piece, quantity: Quantity | Unreadable) -> None:
        clause_start = self._clause.start
        if self._is_narration(quantity):
            self._found.asides.append(Claim.told(clause_start, piece, quantity))
            self._mark, self._clause = None, Clause(piece.end)
            return
        self._clause.comparison = self._clause.comparison or self._is_breakdown(quantity)
        words_between = self._settle_unknown(piece)
        subject = self._subject
        if subject is None:
            subject = Subject(None, piece.start, piece.end)
            self._begin(subject)
        figure = self._figure(subject)
        if self._corrected is not None and self._mark is None and not words_between:
            figure = self._corrected.figure
            self._corrected.comparison = True
        self._corrected = None
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
        self._bracket.figures += 1
        self._line.has_name = self._line.sentence_has_name = True
        self._clause = Clause(piece.end)

    def _is_narration(self, quantity: Quantity | Unreadable) -> bool:
        """立案1250起 between percentages: words that are no name, and a unit that no own indicator has."""
        tells = self._subject is None or (bool(self._clause.unknown) and not self._clause.comparison)
        return tells and self._narration.holds(quantity)

    def _is_breakdown(self, quantity: Quantity | Unreadable) -> bool:
        """83.8%(流通环节85.1%), or a change of something else behind the figure (物价上涨3.5%)."""
        if not self._clause.unknown or self._last_claim() is None or self._clause.has_name:
            return False
        said = self._text[self._clause.unknown[0].start : self._clause.unknown[-1].end]
        in_brackets = self._bracket.behind is not None and self._mark is None and not _CORRECTS.search(said)
        return in_brackets or (isinstance(quantity, Quantity) and quantity.trend is not None)

    def _figure(self, subject: Subject) -> Figure | None:
        if self._mark is not None:
            return self._mark.figure
        if self._section is not None:
            return self._section.figure
        if self._line.forecast_before_name:
            return Figure.FORECAST if self._only_forecast_lacks(subject) else None
        earlier = (claim for claim in subject.claims if claim.cohort == self._cohort and not claim.comparison)
        period = self._new_period
        beside = any(period is None or claim.period == period for claim in earlier)
        return None if beside else Figure.ACTUAL

    def _only_forecast_lacks(self, subject: Subject) -> bool:
        """预测甲55%,乙4.2% behind 甲50%,乙3.3%: 乙 was given what is done before, and is given its forecast now."""
        if subject.named is None:
            return False
        said = [
            claim.figure
            for other in self._found.subjects
            if _same(other.named, subject.named)
            for claim in other.claims
            if claim.cohort == self._cohort and not claim.comparison
        ]
        return said == [Figure.ACTUAL]

    def _settle_unknown(self, piece: Piece) -> bool:
        """Make a subject of the unknown words before a figure; return whether they stay between it and its name."""
        if not self._clause.unknown:
            return False
        guess = nearly_named(self._names, self._text, self._clause, piece)
        if guess is not None:
            self._begin_misspelt(guess)
            return False
        if self._clause.comparison and self._subject is not None:
            return False
        if not self._clause.has_name and (self._subject is None or self._subject.named is not None):
            self._begin(Subject(None, self._clause.unknown[0].start, piece.end))
        return True

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


def _same(named: Named | NamedElsewhere | None, other: Named | NamedElsewhere) -> bool:
    return isinstance(named, Named) and isinstance(other, Named) and named.ids == other.ids
