"""What lies with the office: how it is shown, by which number it is called, and what was seen when asked about it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assessment.notices import FigureLine, Repair, RepairLine, ReviewLine, ReviewList, WhichDuty
from assessment.obligation import Kind, State
from handlers import numbers, review_chain
from handlers.filing import figure_lines
from handlers.turn import Turn
from storage import files, rectifications, submissions
from storage.follow_ups import LETTER as WRITTEN
from storage.obligations import ObligationRow
from storage.submissions import Way

LETTERS = f"RS{WRITTEN}{rectifications.LETTER}"
"""Of the numbers by which it is called."""
_BRINGS_CONTENT = tuple(way.value for way in (Way.REPORT, Way.AMEND, Way.NIL, Way.ENTERED))
_LONGEST_PART = 200
CLOSED_BY_NUMBER = frozenset({Kind.MATTER.value, Kind.RECTIFICATION.value})
"""What is not passed but closed, 销号, and is called by a number of its own."""


def report_number(turn: Turn, row: ObligationRow) -> str:
    """The number of the report that stands: the last version that brought content."""
    versions = submissions.versions(turn.uow, row.id)
    content = [v.number for v in versions if v.way in _BRINGS_CONTENT]
    return content[-1] if content else ""


def number(turn: Turn, row: ObligationRow) -> str:
    """What people call it by: a matter by its own number, a report by that of the version that stands."""
    return row.number or report_number(turn, row)


def read_numbers(turn: Turn, text: str) -> tuple[tuple[str, ...], str]:
    """The numbers of reports, of matters and of problems at the start of a text, and the rest."""
    reports, rest = numbers.leading("R", text, turn.today)
    of_matters, rest = numbers.leading("S", rest, turn.today)
    of_written, rest = numbers.leading(WRITTEN, rest, turn.today)
    of_problems, rest = numbers.leading(rectifications.LETTER, rest, turn.today)
    return reports + of_matters + of_written + of_problems, rest


def is_called(turn: Turn, row: ObligationRow, wanted: Collection[str]) -> bool:
    """Whether one of the numbers means it; a share of a matter also has a report's own."""
    return report_number(turn, row) in wanted or row.number in wanted


def command_for(turn: Turn, row: ObligationRow, word: str) -> str:
    """What to type for it: the word, its number, and what it is."""
    if word == "通过" and row.kind in CLOSED_BY_NUMBER:
        word = "销号"
    return f"{word} {number(turn, row)} {_called(turn, row)}"


def without_name(turn: Turn, row: ObligationRow, text: str) -> str:
    """The text without the name that `command_for` put behind the number."""
    return text.removeprefix(_called(turn, row)).removeprefix(row.title).strip(" ,，:：")


def which(turn: Turn, rows: Sequence[ObligationRow], word: str) -> WhichDuty:
    """Which of these? Shares of one matter, which bear one number, are told apart by their reports'."""
    called = [number(turn, row) for row in rows]
    lines = [
        command_for(turn, row, word)
        if called.count(name) == 1
        else f"{word} {report_number(turn, row)} {_called(turn, row)}"
        for row, name in zip(rows, called, strict=True)
    ]
    return WhichDuty(titles=tuple(lines))


def ask(turn: Turn, rows: Sequence[ObligationRow], kind: str, word: str, reason: str = "") -> None:
    """Ask for confirmation with exactly what it concerns; the answer holds for these versions and no later ones."""
    seen = [report_number(turn, row) for row in rows]
    by = [review_chain.reviewer(turn, row) for row in rows]
    turn.ask(kind, {"obligations": [row.id for row in rows], "seen": seen, "by": by, "reason": reason})
    trial = any(turn.programme(row.programme).trial for row in rows)
    lines = tuple(review_line(turn, row) for row in rows)
    turn.reply(ReviewList(lines=lines, ask=word, reason=reason, trial=trial))


def as_seen(
    turn: Turn, row: ObligationRow, content: Mapping[str, Any], states: Collection[State] = (State.REVIEW,)
) -> bool:
    """Whether it still is what was confirmed; otherwise the sender has been told that nothing was done."""
    if State(row.state) not in states:
        turn.reply(RepairLine(about=row.title, repair=Repair.NOT_IN_REVIEW))
        return False
    reviewer = review_chain.reviewer(turn, row)
    if reviewer not in content.get("by", [reviewer]):
        turn.reply(RepairLine(about=row.title, repair=Repair.NOT_IN_REVIEW))
        return False
    if report_number(turn, row) not in content["seen"]:
        turn.reply(RepairLine(about=row.title, repair=Repair.CHANGED_MEANWHILE))
        return False
    return True


def review_line(turn: Turn, row: ObligationRow) -> ReviewLine:
    """One thing that lies with the office: figures, written parts shortened, and the number that settles it."""
    programme = turn.programme(row.programme)
    answer = submissions.current(turn.uow, row.id)
    figures: tuple[FigureLine, ...] = ()
    if row.kind == Kind.DUTY.value:
        figures = figure_lines(programme.rulebook, turn, row, answer)
    return ReviewLine(
        number=number(turn, row),
        matter=row.kind == Kind.MATTER.value,
        problem=row.kind == Kind.RECTIFICATION.value,
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        sent_at=row.reported_at or row.drafted_at or turn.now,
        on_time=row.facts().on_time,
        lines=figures,
        parts=tuple((str(part), _shortened(text)) for part, text in answer.parts.items()),
        files=tuple(file.name for file in files.of_obligation(turn.uow, row.id)),
    )


def _called(turn: Turn, row: ObligationRow) -> str:
    return f"{turn.roster.unit(row.unit).name} {row.title}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_PART else f"{text[: _LONGEST_PART - 1]}…"
