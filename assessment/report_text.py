"""What people really type -> values and doubts. Pure; never raises, whatever the text; never guesses a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment.indicator_names import IndicatorNames, Named, NamedElsewhere
from assessment.numerals import Quantity, QuantityReader
from assessment.periods import Period
from assessment.periods_text import NamedPeriod
from assessment.plausibility import Yardstick
from assessment.report_claims import Claim, Claims, Subject
from assessment.report_grammar import assign
from assessment.report_items import Asked, Judged, cohort_writings, judge
from assessment.report_lists import pair_up
from assessment.report_narration import Narration, can_be
from assessment.report_parts import split_parts
from assessment.report_reading import Doubt, DoubtReason, Foreign, Item, ReportReading
from assessment.report_tables import unfold_tables
from assessment.report_words import Piece, Vocabulary, Word, take_apart
from assessment.rulebook import Indicator
from assessment.submission import Answer, Figure, Slot
from assessment.typed_text import WordTable, plain, visible

__all__ = ["Doubt", "DoubtReason", "Foreign", "Item", "ReportReading", "is_report_like", "read_report"]

_LONGEST_QUOTE = 120
_SENTENCE_END = re.compile("[。;\n]")
_CHANGES = (re.compile("增幅|增速|增长|涨幅|提高|上升|增收"), re.compile("降幅|下降|降低|减幅|减少|削减"))
"""Of more and of less; one word stands for another of its kind."""
_COMPARED = re.compile("同比|环比|同期|上年|去年|年初|上月|[比较]")
_ANY_YEAR = 2000
_NAMELESS_WITH_CANDIDATES = 20


def read_report(
    text: str,
    *,
    own: Sequence[Indicator],
    others: Sequence[Indicator] = (),
    period: Period,
    cumulative: bool,
    previous: Answer | None = None,
    owed: Sequence[str] | None = None,
    ratio: int = 100,
    unit_names: Sequence[str] = (),
) -> ReportReading:
    """Read one message as a report for `period`. Never raises, whatever the text.

    `own` are the indicators that the unit reports; `others` serve only to name whose an indicator is.
    `previous` is the answer of the period before. `owed` are the ids still missing (default: all own): a figure
    without a name can belong only to one of them. A value more than `ratio` times larger or smaller than every
    target and earlier value is doubted. `unit_names` are the reporting unit's own, which people write before a figure.
    """
    names = IndicatorNames(own, others)
    figures, parts = split_parts(visible(unfold_tables(text)), lambda line: _holds_figures(plain(line), names))
    figures = plain(figures)
    claims = _claims(figures, own, names, period.year, unit_names)
    starts_anew = not cumulative or period.index == 1
    yardstick = Yardstick(previous.values if previous else {}, starts_anew, ratio)
    asked = _asked(figures, claims, Asked(period, cumulative, yardstick))
    reader = _Reader(figures, claims, {indicator.id: indicator for indicator in own}, asked, owed)
    reading = reader.reading()
    return replace(reading, parts=parts, leftover="\n".join(_with_unread(reading, parts, names)))


def is_report_like(text: str, own: Sequence[Indicator]) -> bool:
    """Whether a message names an own indicator, exactly or nearly, with a figure for it."""
    field = plain(text)
    names = IndicatorNames(own, ())
    claims = _claims(field, own, names, _ANY_YEAR)
    return any(
        isinstance(subject.named, Named) and any(not claim.words_between for claim in subject.claims)
        for subject in claims.subjects
    )


def _claims(
    text: str, own: Sequence[Indicator], names: IndicatorNames, year: int, unit_names: Sequence[str] = ()
) -> Claims:
    quantities = QuantityReader([each.unit for each in own], lambda text, place: names.at(text, place) is not None)
    oneself = WordTable(map(plain, unit_names))
    vocabulary = Vocabulary(names, WordTable(cohort_writings(own)), quantities, year, oneself)
    return assign(text, pair_up(text, take_apart(text, vocabulary)), names, year, Narration(own))


def _holds_figures(line: str, names: IndicatorNames) -> bool:
    """Whether a line of a written part names an own indicator with a figure behind it."""
    found = (names.at(line, place) for place in range(len(line)))
    behind = next((each[1] for each in found if each is not None and isinstance(each[0], Named)), len(line))
    return any("0" <= sign <= "9" for sign in line[behind:])


def _with_unread(reading: ReportReading, parts: Mapping[str, str], names: IndicatorNames) -> Iterator[str]:
    """What was not understood, and sentences of the parts with a figure of an indicator that is not reported else."""
    if reading.leftover:
        yield reading.leftover
    reported = {item.indicator for item in reading.items} | reading.nils.keys()
    for sentence in _SENTENCE_END.split("\n".join(map(plain, parts.values()))):
        named = (names.at(sentence, place) for place in range(len(sentence)))
        ids = {i for found in named if found is not None and isinstance(found[0], Named) for i in found[0].ids}
        if ids and not ids & reported and _holds_figures(sentence, names):
            yield sentence.strip()[:_LONGEST_QUOTE]


def _asked(text: str, claims: Claims, asked: Asked) -> Asked:
    """Whether the text gives figures of the asked period and of others."""
    said = [
        asked.fits(claim.period)
        for subject in claims.subjects
        for claim in subject.claims
        if not claim.comparison and claim.figure is Figure.ACTUAL
    ]
    several = any(said) and not all(said)
    return replace(asked, several_periods=several, months_apart=several or "环比" in text)


@dataclass
class _Entry:
    """All that the text says of one own indicator."""

    indicator: Indicator
    start: int
    written: str
    claims: list[Claim]
    written_as: str | None
    nil: str | None


class _Reader:
    """Makes a reading of the claims."""

    def __init__(
        self, text: str, claims: Claims, own: Mapping[str, Indicator], asked: Asked, owed: Sequence[str] | None
    ) -> None:
        self._text, self._claims, self._own, self._asked = text, claims, own, asked
        self._owed = [own[each] for each in (own if owed is None else owed) if each in own]
        self._items: list[tuple[int, Item]] = []
        self._remarks: list[Claim] = []
        self._nils: dict[str, str] = {}
        self._names_a_figure = any(isinstance(subject.named, Named) and subject.claims for subject in claims.subjects)

    def reading(self) -> ReportReading:
        """Everything, in the order of the text."""
        for entry in self._entries():
            self._judge(entry)
        for subject in self._claims.subjects:
            said = bool(subject.claims) or subject.nil is not None
            if isinstance(subject.named, Named) and len(subject.named.ids) > 1 and said:
                self._leave_open(subject, DoubtReason.NAME_UNCLEAR, subject.named.ids)
        nameless = [subject for subject in self._claims.subjects if subject.named is None]
        for index, subject in enumerate(nameless):
            self._judge_nameless(subject, only=len(nameless) == 1, with_candidates=index < _NAMELESS_WITH_CANDIDATES)
        leftover = list(self._leftover())
        if self._claims.nil is not None:
            self._judge_whole_nil(self._claims.nil, leftover)
        remarks = list(self._beside_the_point())
        items = sorted(self._items, key=lambda placed: placed[0])
        return ReportReading(
            items=tuple(replace(item, number=number) for number, (_, item) in enumerate(items, 1)),
            foreign=tuple(dict.fromkeys(self._foreign())),
            remarks=tuple(self._quote(claim.clause_start, claim.end) for claim in sorted(remarks, key=_place)),
            leftover="\n".join(leftover),
            named_period=self._other_period(),
            nils=self._nils,
        )

    def _beside_the_point(self) -> Iterator[Claim]:
        """Comparisons and narration. What may be an indicator still owed, called by its last word, is asked back."""
        reported = {item.indicator for _, item in self._items} | self._nils.keys()
        owed = [each for each in self._owed if each.id not in reported]
        for claim in [*self._remarks, *self._claims.asides]:
            meant = [each for each in owed if self._may_be_meant(each, claim)]
            if meant:
                self._ask_whose(claim, meant)
            else:
                yield claim

    def _ask_whose(self, claim: Claim, meant: Sequence[Indicator]) -> None:
        """Whether the figure is that one indicator's, with its value to be confirmed; or which of several it is."""
        written = self._quote(claim.clause_start, claim.end)
        only = meant[0] if len(meant) == 1 else None
        # What is called 增幅 or 下降率 is a level of that.
        level = replace(claim.quantity, trend=None) if isinstance(claim.quantity, Quantity) else claim.quantity
        own = replace(claim, quantity=level, comparison=False, words_between=False, figure=Figure.ACTUAL)
        judged = judge(only, [own], self._asked) if only is not None else None
        slot = Slot(only.id, Figure.ACTUAL) if only is not None else None
        value = None
        if judged is not None and slot is not None:
            asked = next((doubt.settled_by for doubt in judged.doubts if doubt.slot == slot), None)
            value = asked if judged.doubts else judged.values.get(slot)
        if only is None or slot is None or value is None:
            said = Subject(None, claim.clause_start, claim.end, [claim])
            self._leave_open(said, DoubtReason.NO_INDICATOR, tuple(each.id for each in meant))
            return
        doubt = Doubt(DoubtReason.WHOSE_CHANGE, written, slot, read=value)
        self._items.append((claim.start, Item(0, only.id, {slot: value}, written, None, (doubt,))))

    def _may_be_meant(self, indicator: Indicator, claim: Claim) -> bool:
        """增幅7.2%, where 农民人均可支配收入增幅 is owed, and neither 同比 nor a name says whose change it is."""
        said = self._text[claim.clause_start : claim.end]
        named = any(name in said for own in self._own.values() for name in _names(own))
        if named or _COMPARED.search(said) is not None or not can_be(claim.quantity, indicator):
            return False
        return any(change.search(said) and any(map(change.search, _names(indicator))) for change in _CHANGES)

    def _other_period(self) -> NamedPeriod | None:
        """The period of the report, where that is not the one asked; periods beside the asked one are comparisons."""
        claims = (claim for subject in self._claims.subjects for claim in subject.claims)
        if any(
            claim.period is not None and not claim.comparison and self._asked.fits(claim.period) for claim in claims
        ):
            return None
        return next((each for each in self._claims.periods if not self._asked.fits(each)), None)

    def _entries(self) -> list[_Entry]:
        """Subjects of one and the same indicator, put together."""
        entries: dict[str, _Entry] = {}
        for subject in self._claims.subjects:
            if not isinstance(subject.named, Named) or len(subject.named.ids) != 1:
                continue
            if not subject.claims and subject.nil is None:
                continue
            indicator = self._own[subject.named.ids[0]]
            written = self._quote(subject.start, subject.end)
            entry = entries.get(indicator.id)
            if entry is None:
                entry = entries[indicator.id] = _Entry(indicator, subject.start, written, [], None, None)
            elif len(entry.written) < _LONGEST_QUOTE:
                entry.written = f"{entry.written};{written}"
            entry.claims.extend(subject.claims)
            entry.written_as = entry.written_as or subject.named.written_as
            entry.nil = entry.nil or subject.nil
        return list(entries.values())

    def _judge(self, entry: _Entry) -> None:
        misspelt = entry.written_as is not None
        judged = judge(entry.indicator, entry.claims, self._asked, misspelt=misspelt)
        doubts = list(judged.doubts)
        if entry.nil is not None:
            if not entry.claims:
                self._nils[entry.indicator.id] = entry.nil
                return
            doubts.append(Doubt(DoubtReason.NIL_AND_VALUE, entry.nil))
        self._place(entry.start, entry.written, entry.indicator, judged, doubts, entry.written_as)

    def _judge_whole_nil(self, nil: str, leftover: list[str]) -> None:
        """A nil report of everything stands only where nothing else is reported (3.8万,其他暂无)."""
        if not self._items and not self._nils:
            self._nils[""] = nil
            return
        leftover.append(nil)
        if any("0" <= sign <= "9" for sign in nil):
            self._items.append(
                (len(self._text), Item(0, None, {}, nil, None, (Doubt(DoubtReason.NIL_AND_VALUE, nil),)))
            )

    def _judge_nameless(self, subject: Subject, *, only: bool, with_candidates: bool) -> None:
        """A figure without a name is taken only where it is the message's one concern and fits one indicator."""
        if not subject.claims:
            return
        suitable = [each for each in self._owed if self._suits(each, subject.claims)] if with_candidates else []
        plain_words = not any(claim.words_between or claim.comparison for claim in subject.claims)
        if len(suitable) == 1 and only and plain_words and not self._names_a_figure:
            judged = judge(suitable[0], subject.claims, self._asked)
            written = self._quote(subject.start, subject.end)
            self._place(subject.start, written, suitable[0], judged, judged.doubts, None)
            return
        if not suitable and with_candidates and len(subject.claims) == 1:
            suitable = [each for each in self._owed if self._may_be_meant(each, subject.claims[0])]
        self._leave_open(subject, DoubtReason.NO_INDICATOR, tuple(each.id for each in suitable))

    def _suits(self, indicator: Indicator, claims: Sequence[Claim]) -> bool:
        judged = judge(indicator, claims[:2], self._asked)
        return len(claims) <= 2 and bool(judged.values) and not judged.doubts

    def _place(
        self,
        start: int,
        written: str,
        indicator: Indicator,
        judged: Judged,
        doubts: Sequence[Doubt],
        written_as: str | None,
    ) -> None:
        self._remarks.extend(judged.remarks)
        item = Item(0, indicator.id, judged.values, written, written_as, tuple(doubts))
        self._items.append((start, item))

    def _leave_open(self, subject: Subject, reason: DoubtReason, candidates: tuple[str, ...]) -> None:
        written = self._quote(subject.start, subject.end)
        doubt = Doubt(reason, written, candidates=candidates)
        written_as = subject.named.written_as if isinstance(subject.named, Named) else None
        self._items.append((subject.start, Item(0, None, {}, written, written_as, (doubt,))))

    def _foreign(self) -> Iterator[Foreign]:
        for subject in self._claims.subjects:
            if isinstance(subject.named, NamedElsewhere) and (subject.claims or subject.nil is not None):
                yield Foreign(subject.named.id, self._quote(subject.start, subject.end))

    def _leftover(self) -> Iterator[str]:
        """Words not understood, whole, and names that nothing was said of."""
        taken: set[int] = set()
        mute: list[Piece] = []
        for subject in self._claims.subjects:
            if subject.claims or subject.nil is not None:
                taken.update(range(subject.start, subject.end))
            else:
                mute.append(Piece(subject.start, subject.end, Word.UNKNOWN))
        for aside in self._claims.asides:
            taken.update(range(aside.clause_start, aside.end))
        for piece in sorted([*self._claims.leftover, *mute], key=_place):
            if piece.start in taken:
                continue
            start, end = piece.start, piece.end
            while start > 0 and start - 1 not in taken and self._text[start - 1].isalnum():
                start -= 1
            while end < len(self._text) and end not in taken and self._text[end].isalnum():
                end += 1
            taken.update(range(start, end))
            yield self._quote(start, end)

    def _quote(self, start: int, end: int) -> str:
        return self._text[start : min(end, start + _LONGEST_QUOTE)].strip(" \n,、;。:")


def _names(indicator: Indicator) -> list[str]:
    return [plain(name) for name in (indicator.name, *indicator.aliases)]


def _place(piece: Piece | Claim) -> int:
    return piece.start
