"""Samples 抽查名单: drawn with a seed, sealed when drawn, and the same for ever (R114)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.append_only import append_only
from storage.columns import JsonText, Moment
from storage.unit_of_work import UnitOfWork


class SampleRow(SQLModel, table=True):
    """One drawing: from whom, by which seed, and who was drawn."""

    __tablename__ = "sample"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """E.g. C-2612-2."""
    programme: int = Field(foreign_key="programme.id")
    peers: str
    seed: str
    candidates: list[str] = Field(sa_type=JsonText)
    """The names that lay in the urn."""
    chosen: list[str] = Field(sa_type=JsonText)
    """In the order in which they were drawn."""
    drawn_by: int = Field(foreign_key="person.id")
    drawn_at: datetime = Field(sa_type=Moment)


append_only(SampleRow)


def seal(uow: UnitOfWork, row: SampleRow) -> None:
    """Keep a drawing; nothing can change it afterwards."""
    uow.insert(SampleRow, **row.model_dump())


def of_programme(uow: UnitOfWork, programme: int) -> Sequence[SampleRow]:
    """A programme's drawings, oldest first."""
    return uow.rows(select(SampleRow).where(SampleRow.programme == programme).order_by(col(SampleRow.id)))
