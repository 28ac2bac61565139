"""What came of each message, told apart by what it costs: nothing, a second message, or the truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessment.periods import Period
from assessment.report_reading import Item, ReportReading
from assessment.report_text import read_report
from assessment.submission import Answer
from tests.assessment.clerks.corpus import Message, rulebook

JULY = Period.parse("2010-07")


class Outcome(StrEnum):
    """From best to worst."""

    FINISHED = "finished"
    """Everything is taken with its exact value and nothing is asked."""
    RIGHTLY_ASKED = "rightly asked"
    """What a careful person asks is asked, all else is taken."""
    ASKED = "asked"
    """A careful person would have understood what is asked, or handed back: it costs a second message."""
    MISSED = "missed"
    """Something is neither taken nor asked nor handed back as not understood."""
    MISREAD = "misread"
    """A value is taken that the message does not hold, or one that should have been asked."""


@dataclass(frozen=True)
class Result:
    """One message, its outcome, and why."""

    message: Message
    outcome: Outcome
    why: str
    reading: ReportReading


def read(message: Message) -> ReportReading:
    """As the service reads it for 1—7月 2010, with nothing reported before."""
    own = {indicator.id for indicator in message.own}
    return read_report(
        message.text,
        own=message.own,
        others=[indicator for indicator in rulebook().indicators if indicator.id not in own],
        period=JULY,
        cumulative=True,
        previous=Answer(),
        unit_names=(message.unit.name, *message.unit.aliases),
    )


def judge(message: Message) -> Result:
    """Read the message and hold the reading against what a careful person reads."""
    reading = read(message)
    for outcome, faults in (
        (Outcome.MISREAD, _misread(message, reading)),
        (Outcome.MISSED, _missed(message, reading)),
        (Outcome.ASKED, _asked_needlessly(message, reading)),
    ):
        found = "; ".join(faults)
        if found:
            return Result(message, outcome, found, reading)
    return Result(message, Outcome.FINISHED if message.finishable else Outcome.RIGHTLY_ASKED, "", reading)


def _taken(reading: ReportReading) -> tuple[Item, ...]:
    """What is stored at once; nothing, where the text names another period, because the service then asks."""
    return () if reading.named_period else tuple(item for item in reading.items if item.certain)


def _misread(message: Message, reading: ReportReading) -> Iterator[str]:
    for item in _taken(reading):
        if item.indicator in message.asked or "" in message.asked:
            yield f"{item.indicator} taken and not asked"
        for slot, value in item.values.items():
            if message.values.get(slot) != value:
                yield f"{slot.indicator} {slot.cohort or ''}{slot.figure} {value:f}"
    if reading.nils and not message.nil:
        yield f"nil {dict(reading.nils)}"
    extra = {part.value for part in reading.parts} - message.parts
    if extra:
        yield f"part {extra}"


def _missed(message: Message, reading: ReportReading) -> Iterator[str]:
    if reading.named_period:
        return
    taken = {slot for item in _taken(reading) for slot in item.values}
    asked = {item.indicator for item in reading.items if not item.certain}
    shown = [reading.leftover, *(item.written for item in reading.items if not item.certain)]
    for slot in message.values.keys() - taken:
        handed_back = any(f"{message.values[slot]:f}" in text for text in shown)
        if slot.indicator not in asked and not handed_back:
            yield f"{slot.indicator} {slot.cohort or ''}{slot.figure} missed"
    for indicator in message.asked - {""}:
        if indicator not in asked | _foreign(reading) and None not in asked and not reading.leftover:
            yield f"{indicator} not asked"
    if message.nil and not reading.nils:
        yield "nil missed"
    missing = message.parts - {part.value for part in reading.parts}
    if missing:
        yield f"part {missing} missed"


def _asked_needlessly(message: Message, reading: ReportReading) -> Iterator[str]:
    if reading.named_period and "" not in message.asked:
        yield f"period {reading.named_period.period.name}"
    asked = {item.indicator for item in reading.items if not item.certain}
    nameless_is_right = bool(message.asked - asked - _foreign(reading))
    for item in reading.items:
        if item.indicator is None and nameless_is_right:
            continue
        if not item.certain and item.indicator not in message.asked and "" not in message.asked:
            yield f"{item.indicator} {item.written!r}: {', '.join(doubt.reason for doubt in item.doubts)}"
    for slot in message.values.keys() - {slot for item in _taken(reading) for slot in item.values}:
        if slot.indicator not in message.asked and "" not in message.asked:
            yield f"{slot.indicator} {slot.cohort or ''}{slot.figure} not taken"


def _foreign(reading: ReportReading) -> set[str]:
    return {each.indicator for each in reading.foreign}
