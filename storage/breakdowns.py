"""分解到人: whom each unit has named for its indicators; only ever added to, the last word counts (R115)."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from assessment.breakdown import Named
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class BreakdownRow(SQLModel, table=True):
    """One word of a unit on who sees to one indicator."""

    __tablename__ = "breakdown"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id", index=True)
    unit: int = Field(foreign_key="unit.id")
    indicator: str
    section: str
    name: str = ""
    """Of somebody who is not in the roster; who is in it has the name that stands there."""
    person: int | None = Field(default=None, foreign_key="person.id")
    named_by: int = Field(foreign_key="person.id")
    named_at: datetime = Field(sa_type=Moment)


append_only(BreakdownRow)


def name(uow: UnitOfWork, named: Named, *, programme: int, unit: int, by: int, at: datetime) -> None:
    """Put down who sees to an indicator from now on."""
    values = {"indicator": named.indicator, "section": named.section, "person": named.person}
    values["name"] = "" if named.person is not None else named.name
    uow.insert(BreakdownRow, id=new_id(), programme=programme, unit=unit, **values, named_by=by, named_at=at)


def of_programme(uow: UnitOfWork, programme: int) -> Mapping[int, list[Named]]:
    """Everything that units have said under a programme, by unit, oldest first."""
    said: dict[int, list[Named]] = {}
    for row in uow.rows(select(BreakdownRow).where(BreakdownRow.programme == programme).order_by(col(BreakdownRow.id))):
        said.setdefault(row.unit, []).append(Named(row.indicator, row.section, row.name, row.person))
    return said
