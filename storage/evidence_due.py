"""Evidence that has to be there before an event, and how much of it is still missing (R51)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import col, func, select

from assessment.duty import Duty
from assessment.obligation import Kind, State
from assessment.rulebook import Rulebook
from storage import event_days
from storage.files import FileRow, FileStatus
from storage.obligations import ObligationRow
from storage.unit_of_work import UnitOfWork

_KEPT = (FileStatus.STORED.value, FileStatus.WAITING.value)


def ahead(uow: UnitOfWork, rulebook: Rulebook, duty: Duty, *, programme: int, unit: int, today: date) -> dict[str, Any]:
    """What an owed line says of the event ahead: the days to it and, where files are asked for, how many lack them."""
    said = event_days.ahead(uow, duty, programme=programme, unit=unit, today=today)
    if not said or not duty.files:
        return said
    lacking = missing(uow, rulebook, duty.event or "", programme=programme, unit=unit)
    return said | {"evidence_missing": lacking.get(unit, 0)}


def missing(
    uow: UnitOfWork, rulebook: Rulebook, event: str, *, programme: int, unit: int | None = None
) -> Mapping[int, int]:
    """How many reports that ask for files before the event have none yet, by unit; who lacks none is left out."""
    asked = [duty.id for duty in rulebook.duties if duty.event == event and duty.files and _before(duty)]
    if not asked:
        return {}
    has_files = select(FileRow.id).where(
        col(FileRow.obligation) == col(ObligationRow.id), col(FileRow.status).in_(_KEPT)
    )
    query = (
        select(ObligationRow.unit, func.count())
        .where(
            ObligationRow.programme == programme,
            ObligationRow.kind == Kind.DUTY.value,
            ObligationRow.state == State.OPEN.value,
            col(ObligationRow.ref).in_(asked),
            ~has_files.exists(),
        )
        .group_by(col(ObligationRow.unit))
    )
    if unit is not None:
        query = query.where(ObligationRow.unit == unit)
    return dict(uow.rows(query))


def _before(duty: Duty) -> bool:
    return duty.due.value is not None and duty.due.value.before_event is not None
