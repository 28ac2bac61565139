"""Days of events, as the office has recorded them: only ever added to, the last word counts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel, col, select

from assessment.duty import Duty
from assessment.event_days import EventDays, Recorded
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class EventDayRow(SQLModel, table=True):
    """One word of the office on one event of its measure."""

    __tablename__ = "event_day"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id", index=True)
    event: str
    unit: int | None = Field(default=None, foreign_key="unit.id")
    """Whose day it is; None for all units that have none of their own."""
    day: date
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


append_only(EventDayRow)


def record(
    uow: UnitOfWork, *, programme: int, event: str, day: date, by: int, at: datetime, unit: int | None = None
) -> int:
    """Put the day of an event on record, and return the word's id; an earlier word stays to be read."""
    word, values = new_id(), {"programme": programme, "event": event, "unit": unit, "day": day}
    uow.insert(EventDayRow, id=word, **values, recorded_by=by, recorded_at=at)
    return word


def words(uow: UnitOfWork, programme: int) -> Sequence[EventDayRow]:
    """Everything that was ever recorded for a programme, oldest first."""
    return uow.rows(select(EventDayRow).where(EventDayRow.programme == programme).order_by(col(EventDayRow.id)))


def of_programme(uow: UnitOfWork, programme: int) -> EventDays:
    """The days that count now."""
    return EventDays.of(Recorded(row.event, row.unit, row.day) for row in words(uow, programme))


def ahead(uow: UnitOfWork, duty: Duty, *, programme: int, unit: int, today: date) -> dict[str, Any]:
    """How far off the event is before which the duty has to be in, as an owed line says it (R51); else nothing."""
    if duty.event is None or duty.due.value is None or duty.due.value.before_event is None:
        return {}
    day = of_programme(uow, programme).day(duty.event, unit)
    left = (day - today).days if day is not None else -1
    return {"until_event": duty.event, "days_to_event": left} if left >= 0 else {}
