"""The obligation that a message is about, with all that is needed to read it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain

from assessment.named_parts import cut_named
from assessment.notices import DutyChoice, ForeignLine, WhichDuty
from assessment.obligation import Kind, State
from assessment.periods import Frequency, Period
from assessment.report_reading import Item, ReportReading
from assessment.report_text import is_report_like, read_report
from assessment.requirements import SELF_SCORE, asked_of, items, tells_the_year
from assessment.requirements import Item as Wanted
from assessment.roster import Unit
from assessment.rulebook import Duty, Indicator, TextPart
from assessment.self_score_text import read_typed_scores
from assessment.self_scoring import Typed
from assessment.submission import Answer
from handlers import whom
from handlers.too_early import as_titles_write
from handlers.turn import Turn
from storage import obligations, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme

_BEHIND_NAME = re.compile(r"[\s:：,，、]*")
_BEHIND_HEADING = re.compile(r"[\s:：,，。]+(?=\S)")
_QUESTION = re.compile(r"[?？]|吗|什么|多少|为何|是否|怎么|几分|第几|排名|没写|还没|未写|明天|稍后|模板")
"""Words of somebody who asks or promises; nobody writes them as the report itself without a colon before it."""


@dataclass(frozen=True)
class Desk:
    """The obligation that a message is about, with all that is needed to read it; what is not asked is not read."""

    turn: Turn = field(repr=False, compare=False)
    programme: Programme
    duty: Duty
    unit: Unit
    row: ObligationRow
    own: tuple[Indicator, ...]

    @cached_property
    def others(self) -> tuple[Indicator, ...]:
        """The indicators of everybody, to name whose those of other units are."""
        return _everybodys(self.turn) if self.duty.indicators else ()

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """What is asked, item by item."""
        return items(self.programme.rulebook, self.duty, self.unit, Period.parse(self.row.period))

    @property
    def tells_the_year(self) -> bool:
        """Whether the year is over with its period, so that nothing is left to forecast."""
        return tells_the_year(self.duty, Period.parse(self.row.period))

    @property
    def called(self) -> tuple[str, ...]:
        """What it may be called at the start of a text: the title, which names its period, or the duty's name."""
        return self.row.title, self.duty.name

    @cached_property
    def current(self) -> Answer:
        """What the unit has said on it so far."""
        return submissions.current(self.turn.uow, self.row.id, with_files=self.duty.files)

    @cached_property
    def before(self) -> Answer:
        """The figures of the period before, for plausibility."""
        return _figures_before(self.turn, self.row) if self.duty.indicators else Answer()

    def read(self, text: str) -> ReportReading:
        """Take a message apart; the same text always gives the same reading."""
        return self._reading(text, self.before)

    def names_others(self, text: str) -> bool:
        """Whether a message names what another unit reports; asked without looking at any earlier figure."""
        return bool(self._reading(text, None).foreign)

    def _reading(self, text: str, previous: Answer | None) -> ReportReading:
        return read_report(
            text,
            own=self.own,
            others=self.others,
            period=Period.parse(self.row.period),
            cumulative=self.duty.cumulative,
            previous=previous,
            unit_names=_names(self.unit),
        )


def read(desk: Desk, text: str) -> ReportReading:
    """A duty of one free text takes the text as it is; every other is read by the grammar."""
    if free_text(desk):
        body = _body(desk, text)
        return ReportReading(parts={TextPart.PROGRESS: body} if body else {})
    figures, named = cut_named(without_heading(desk, text), desk.duty.required)
    reading = desk.read(figures)
    return replace(reading, parts={**reading.parts, **named}) if named else reading


def scores_in(desk: Desk, text: str) -> Typed:
    """What a text says of the categories; the named parts are no scores."""
    rest, _ = cut_named(without_heading(desk, text), desk.duty.required)
    return read_typed_scores(rest, desk.programme.rulebook.categories)


def in_order(duty: Duty, parts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The written parts as the measure lists them, however the unit wrote them; others behind."""
    listed = [str(name) for name in (*duty.parts, *duty.required)]
    place = {name: at for at, name in enumerate(listed)}
    named = ((str(name), text) for name, text in parts.items())
    return tuple(sorted(named, key=lambda part: place.get(part[0], len(place))))


def without_heading(desk: Desk, text: str) -> str:
    """People put the duty's name above or before their report, as on paper; it is no content."""
    begin = len(text) - len(text.lstrip())
    # No pattern is made of the names: there are more of them than `re` remembers, and this is asked each time.
    behind_name = (
        _BEHIND_NAME.match(text, begin + len(name)) for name in _names(desk.unit) if text.startswith(name, begin)
    )
    for place in (*(found.end() for found in behind_name if found is not None), begin):
        for called in desk.called:
            heading = _BEHIND_HEADING.match(text, place + len(called)) if text.startswith(called, place) else None
            if heading is not None:
                return text[heading.end() :]
    return text


@lru_cache(maxsize=1024)
def _as_free_text(unit_names: tuple[str, ...], duty_name: str) -> re.Pattern[str]:
    """Perhaps the unit's own name, which people set before the duty's; its title, and what parts it from the text."""
    oneself = rf"(?:(?:{_either(unit_names)})[\s:：,，、]*)?"
    title = rf"(?P<title>\S{{0,12}}?){re.escape(duty_name)}"
    return re.compile(rf"{oneself}{title}(?P<gap>\s*[:：]\s*|\s*\n\s*|\s+)")


def _either(names: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _names(unit: Unit) -> tuple[str, ...]:
    return unit.name, *unit.aliases


def free_text(desk: Desk) -> bool:
    """Whether the duty asks for one text and nothing else; then its name has to stand before the text."""
    duty = desk.duty
    return not (duty.indicators or duty.parts or duty.required or duty.self_score)


def _body(desk: Desk, text: str) -> str:
    """The text behind the duty's title or name and a colon, a line break or a blank; empty for anything else.

    A question about the duty is no report of it, and a title of another period is another obligation's.
    """
    if desk.duty.name not in text:
        return ""
    found = _as_free_text(_names(desk.unit), desk.duty.name).match(text)
    if found is None or as_titles_write(f"{found['title']}{desk.duty.name}") not in desk.called:
        return ""
    body = text[found.end() :].strip()
    said_plainly = found["gap"].strip() or "\n" in found["gap"]
    return body if said_plainly or not _QUESTION.search(body) else ""


def what_is_certain(certain: Sequence[Item], reading: ReportReading) -> Answer:
    """What the certain items and the written parts of a reading add to an answer."""
    values = {slot: value for item in certain for slot, value in item.values.items()}
    return Answer(values=values, parts=reading.parts, nil_reasons=reading.nils)


def speaks_of(desk: Desk, text: str) -> bool:
    """Whether a text names the duty, one of its own indicators with a number, or a part that it asks for."""
    if free_text(desk):
        return bool(_body(desk, text))
    if desk.duty.self_score and text.startswith(SELF_SCORE) and scores_in(desk, text).says_anything:
        return True
    head = text[:40]
    if desk.row.title in head or (desk.duty.name in head and not _QUESTION.search(text)):
        return True
    if desk.own:
        return _names_own(desk, text)
    return any(part in text for part in (*desk.duty.parts, *desk.duty.required))


def most_plainly_meant(spoken: Sequence[Desk], text: str) -> list[Desk]:
    """Those that a text means most plainly: a duty's own name says more than an own figure or a part as a heading,
    and these say more than a mere word of another duty's part, as 预测 is.
    """
    plain = {desk.row.id: _how_plainly(desk, text) for desk in spoken}
    return [desk for desk in spoken if plain[desk.row.id] == max(plain.values())]


def _how_plainly(desk: Desk, text: str) -> int:
    if any(name in text for name in desk.called):
        return 2
    parts = _either((*desk.duty.parts, *desk.duty.required))
    headed = bool(parts) and re.search(rf"(?:^|[\n。；;])\s*(?:{parts})\s*[:：\n]", text) is not None
    return int(headed or (bool(desk.own) and is_report_like(text, desk.own)))


def _names_own(desk: Desk, text: str) -> bool:
    """Whether a text names an own indicator: the same for all periods, so it is found out once a message."""
    known, key = desk.turn.names_own, (text, desk.programme.id, desk.unit.id)
    if key not in known:
        names = (name for indicator in desk.own for name in (indicator.name, *indicator.aliases))
        named = not _QUESTION.search(text) and any(name in text for name in names)
        known[key] = is_report_like(text, desk.own) or named
    return known[key]


def is_question(text: str) -> bool:
    """Whether somebody asks or promises rather than reports."""
    return _QUESTION.search(text) is not None


def which_of(choices: Sequence[Desk], *, nil: bool = False) -> WhichDuty:
    """Which of these is meant? Each with what makes its line complete."""
    several = len({desk.unit.id for desk in choices}) > 1
    return WhichDuty(
        choices=tuple(
            DutyChoice(
                unit=desk.unit.name if several else "",
                title=desk.row.title,
                figures=desk.duty.indicators,
                part=next((part.value for part in desk.duty.parts), ""),
                nil=nil,
            )
            for desk in choices
        )
    )


def owned_elsewhere(turn: Turn, text: str) -> tuple[ForeignLine, ...]:
    """The indicators of other units for which a text gives figures, with their owners."""
    units = turn.own_units()
    every = _everybodys(turn)
    mine = {i.id for p in turn.programmes for unit in units for i in asked_of(p.rulebook, unit)}
    period = Period.containing(turn.today, Frequency.MONTH)
    reading = read_report(text, own=(), others=every, period=period, cumulative=True)
    found = tuple(each for each in reading.foreign if each.indicator not in mine)
    return foreign_lines(replace(reading, foreign=found), every)


def _everybodys(turn: Turn) -> tuple[Indicator, ...]:
    """The indicators of all running programmes; of a single one the very tuple, for which its names are kept."""
    every = [programme.rulebook.indicators for programme in turn.programmes]
    return every[0] if len(every) == 1 else tuple(chain.from_iterable(every))


def foreign_lines(reading: ReportReading, others: Sequence[Indicator]) -> tuple[ForeignLine, ...]:
    """Whose the foreign indicators of a reading are; never what was said of them."""
    wanted = {found.indicator for found in reading.foreign}
    named = {indicator.id: indicator for indicator in others if indicator.id in wanted} if wanted else {}
    return tuple(
        ForeignLine(name=named[found.indicator].name, owners=named[found.indicator].owners) for found in reading.foreign
    )


def for_which_unit(turn: Turn, text: str) -> tuple[Unit | None, str]:
    """Who works for several units may begin with the name of the one that a text is for; the unit and the rest."""
    units = turn.own_units()
    named, rest = whom.leading(turn.roster, text)
    return (named, rest) if named in units and len(units) > 1 else (None, text)


def desks(turn: Turn, units: Sequence[Unit], states: Sequence[State], *, closed: bool = False) -> list[Desk]:
    """The obligations of those units from duties, in those states, by due time; `closed`: also of closed years."""
    rows = [
        row
        for unit in units
        for row in obligations.of_unit(turn.uow, unit.id, states, closed=closed)
        if row.kind == Kind.DUTY.value
    ]
    return [desk_of(turn, row) for row in sorted(rows, key=lambda row: (row.due, row.id))]


def locked(turn: Turn, desk: Desk) -> Desk:
    """The same desk from its row as it is now, held until the end of the transaction: read it before deciding."""
    return desk_of(turn, obligations.get(turn.uow, desk.row.id))


def desk_of(turn: Turn, row: ObligationRow) -> Desk:
    """The desk of one obligation from a duty."""
    programme = turn.programme(row.programme)
    duty = programme.rulebook.duty(row.ref)
    unit = turn.roster.unit(row.unit)
    own = asked_of(programme.rulebook, unit) if duty.indicators else ()
    return Desk(turn=turn, programme=programme, duty=duty, unit=unit, row=row, own=own)


def _figures_before(turn: Turn, row: ObligationRow) -> Answer:
    """The newest earlier answer of the same duty and unit."""
    earlier = [
        other
        for other in obligations.of_unit(turn.uow, row.unit)
        if (other.programme, other.ref) == (row.programme, row.ref) and other.due < row.due
    ]
    for other in reversed(earlier):
        answer = submissions.current(turn.uow, other.id)
        if answer.values:
            return answer
    return Answer()
