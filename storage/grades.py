"""Grades 等次 that people decided: each decision stands; of several on one unit the last holds."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class GradeRow(SQLModel, table=True):
    """One decision on one unit's grade."""

    __tablename__ = "unit_grade"
    __table_args__ = (UniqueConstraint("programme", "unit", "nth"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id")
    unit: int = Field(foreign_key="unit.id")
    nth: int
    grade: str
    reason: str = ""
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime = Field(sa_type=Moment)


append_only(GradeRow)


def decide(uow: UnitOfWork, *, programme: int, unit: int, grade: str, reason: str, by: int, at: datetime) -> None:
    """Keep one decision; IntegrityError where another on that unit is being kept at the same time."""
    nth = uow.row(
        select(GradeRow.nth)
        .where(GradeRow.programme == programme, GradeRow.unit == unit)
        .order_by(col(GradeRow.nth).desc())
        .limit(1)
    )
    uow.insert(
        GradeRow,
        id=new_id(),
        programme=programme,
        unit=unit,
        nth=(nth or 0) + 1,
        grade=grade,
        reason=reason,
        decided_by=by,
        decided_at=at,
    )


def of_programme(uow: UnitOfWork, programme: int) -> Mapping[int, GradeRow]:
    """The decision that holds on each unit."""
    rows = uow.rows(select(GradeRow).where(GradeRow.programme == programme).order_by(col(GradeRow.nth)))
    return {row.unit: row for row in rows}
