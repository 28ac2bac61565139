"""The columns of a unit side by side: what it scored itself, and what each stage gave it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from assessment.accounts import Category
from assessment.obligation import Kind, State
from assessment.roster import Unit
from assessment.self_scoring import SelfScore, Typed, check_self_score
from assessment.stages import Cell
from assessment.year_rules import By
from handlers.turn import Turn
from storage import obligations, stage_values, submissions
from storage.programmes import Programme

_REPORTED = (State.MET, State.REVIEW)
"""What was not signed is not reported (R31)."""


def own_score(turn: Turn, programme: Programme, unit: Unit) -> SelfScore | None:
    """The newest self-score that the unit has reported; None where there is none."""
    duties = {duty.id for duty in programme.rulebook.duties if duty.self_score}
    if not duties:
        return None
    rows = [
        row
        for row in obligations.of_unit(turn.uow, unit.id, _REPORTED, closed=True)
        if row.programme == programme.id and row.kind == Kind.DUTY.value and row.ref in duties
    ]
    for row in sorted(rows, key=lambda row: row.due, reverse=True):
        scores = submissions.current(turn.uow, row.id).scores
        if scores:
            return check_self_score(as_typed(scores), programme.rulebook.categories)
    return None


def as_typed(scores: Mapping[str, Decimal | None]) -> Typed:
    """What is on record, as if it had been typed."""
    return Typed(
        numbers={name: points for name, points in scores.items() if points is not None},
        without_task=frozenset(name for name, points in scores.items() if points is None),
    )


def as_recorded(score: SelfScore, categories: Iterable[Category], before: Iterable[str]) -> dict[str, Decimal | None]:
    """The inverse of `as_typed`: None is 无任务, of a category or of a part of one.

    A part that was without a task and no longer is goes on record with its points: what was said once is not unsaid
    by silence, and no number of a part counts for anything.
    """
    found: dict[str, Decimal | None] = {row.category: None if row.no_task else row.points for row in score.rows}
    parts = {part: points for category in categories for part, points in category.parts.items()}
    found |= {part: parts[part] for part in before if part in parts}
    return found | {part: None for row in score.rows for part in row.parts_without_task}


def cells(turn: Turn, programme: Programme, unit: Unit, until: datetime | None = None) -> dict[str, Cell]:
    """By stage: what was recorded of it (by `until`), and for the unit's own stage its newest self-score."""
    own = own_score(turn, programme, unit)
    by_unit = [stage for stage in programme.rulebook.stages if stage.by is By.UNIT]
    found = {by_unit[0].id: Cell(own.total)} if own is not None and by_unit else {}
    every = stage_values.of_unit(turn.uow, programme.id, unit.id)
    rows = stage_values.columns(row for row in every if until is None or row.given_at <= until)
    return found | {stage: Cell(row.value, row.reason) for stage, row in rows.items()}
