"""The obligation that a message is about, with all that is needed to read it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assessment.obligation import Kind, State
from assessment.periods import Period
from assessment.report_reading import Item, ReportReading
from assessment.report_text import is_report_like, read_report
from assessment.requirements import reported_by
from assessment.roster import Unit
from assessment.rulebook import Duty, Indicator, TextPart
from assessment.submission import Answer
from handlers.turn import Turn
from storage import obligations, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme

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
        """The indicators of other units, to name whose they are."""
        if not self.duty.indicators:
            return ()
        mine = {indicator.id for indicator in self.own}
        return tuple(
            indicator
            for programme in self.turn.programmes
            for indicator in programme.rulebook.indicators
            if programme.id != self.programme.id or indicator.id not in mine
        )

    @cached_property
    def current(self) -> Answer:
        """What the unit has said on it so far."""
        return submissions.current(self.turn.uow, self.row.id)

    @cached_property
    def before(self) -> Answer:
        """The figures of the period before, for plausibility."""
        return _figures_before(self.turn, self.row) if self.duty.indicators else Answer()

    def read(self, text: str) -> ReportReading:
        """Take a message apart; the same text always gives the same reading."""
        return read_report(
            text,
            own=self.own,
            others=self.others,
            period=Period.parse(self.row.period),
            cumulative=self.duty.cumulative,
            previous=self.before,
        )


def read(desk: Desk, text: str) -> ReportReading:
    """A duty of one free text takes the text as it is; every other is read by the grammar."""
    if free_text(desk):
        body = _body(desk, text)
        return ReportReading(parts={TextPart.PROGRESS: body} if body else {})
    return desk.read(_without_heading(desk, text))


def _without_heading(desk: Desk, text: str) -> str:
    """People put the duty's name above their report, as on paper; it is no content."""
    first, _, rest = text.partition("\n")
    heading = first.strip(" :：,，。") in (desk.row.title, desk.duty.name)
    return rest if rest and heading else text


def free_text(desk: Desk) -> bool:
    """Whether the duty asks for one text and nothing else; then its name has to stand before the text."""
    return not desk.duty.indicators and not desk.duty.parts


def _body(desk: Desk, text: str) -> str:
    """The text behind the duty's title or name and a colon, a line break or a blank; empty for anything else.

    A question about the duty is no report of it, and a title of another period is another obligation's.
    """
    found = re.match(rf"(?P<title>\S{{0,12}}?){re.escape(desk.duty.name)}(?P<gap>\s*[:：]\s*|\s*\n\s*|\s+)", text)
    if found is None or f"{found['title']}{desk.duty.name}" not in (desk.duty.name, desk.row.title):
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
    head = text[:40]
    if desk.row.title in head or (desk.duty.name in head and not _QUESTION.search(text)):
        return True
    if desk.own:
        if is_report_like(text, desk.own):
            return True
        return not _QUESTION.search(text) and any(name in text for i in desk.own for name in (i.name, *i.aliases))
    return any(part.value in text for part in desk.duty.parts)


def desks(turn: Turn, units: Sequence[Unit], states: Sequence[State]) -> list[Desk]:
    """The obligations of those units from duties, in those states, by due time."""
    rows = [
        row for unit in units for row in obligations.of_unit(turn.uow, unit.id, states) if row.kind == Kind.DUTY.value
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
    own = reported_by(programme.rulebook, unit) if duty.indicators else ()
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
