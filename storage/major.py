"""Major matters 重大事项: unscheduled reports, kept as they were said."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class MajorRow(SQLModel, table=True):
    """One report. Its evidence is what storage/files holds under its number."""

    __tablename__ = "major_report"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """E.g. Z-2608-6."""
    unit: int = Field(foreign_key="unit.id", index=True)
    person: int = Field(foreign_key="person.id", index=True)
    text: str
    sent_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)


append_only(MajorRow)


def add(
    uow: UnitOfWork, *, number: str, unit: int, person: int, text: str, sent_at: datetime, recorded_at: datetime
) -> None:
    """Put a report on record."""
    uow.insert(
        MajorRow,
        id=new_id(),
        number=number,
        unit=unit,
        person=person,
        text=text,
        sent_at=sent_at,
        recorded_at=recorded_at,
    )


def by_number(uow: UnitOfWork, number: str) -> MajorRow | None:
    """The report with that number."""
    return uow.row(select(MajorRow).where(MajorRow.number == number))


def last_by(uow: UnitOfWork, person: int, since: datetime) -> MajorRow | None:
    """The newest report of a person, not older than `since`."""
    return uow.row(
        select(MajorRow)
        .where(MajorRow.person == person, col(MajorRow.recorded_at) >= since)
        .order_by(col(MajorRow.recorded_at).desc(), col(MajorRow.id).desc())
        .limit(1)
    )


def recent(uow: UnitOfWork, units: Iterable[int] | None, limit: int) -> Sequence[MajorRow]:
    """The newest reports, those of `units` only where given."""
    query = select(MajorRow).order_by(col(MajorRow.recorded_at).desc(), col(MajorRow.id).desc()).limit(limit)
    return uow.rows(query if units is None else query.where(col(MajorRow.unit).in_(list(units))))
