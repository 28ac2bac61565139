"""Suggestions 修改建议 for next year's measure: collected all year, while this year's stays as it is (R87, R90)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, col, select

from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class Stage(StrEnum):
    """What the office has made of a suggestion."""

    OPEN = "open"
    ADOPTED = "adopted"
    DECLINED = "declined"


class SuggestionRow(SQLModel, table=True):
    """One suggestion, in the words in which it was made."""

    __tablename__ = "suggestion"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    programme: int = Field(foreign_key="programme.id", index=True)
    unit: int = Field(foreign_key="unit.id")
    person: int = Field(foreign_key="person.id")
    text: str
    made_at: datetime = Field(sa_type=Moment)
    stage: str = Stage.OPEN.value
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str = ""


def add(uow: UnitOfWork, *, number: str, programme: int, unit: int, person: int, text: str, at: datetime) -> None:
    """Put a suggestion on the list for the year after the programme's."""
    values = {"number": number, "programme": programme, "unit": unit, "person": person, "text": text}
    uow.insert(SuggestionRow, id=new_id(), **values, made_at=at)


def of_programme(uow: UnitOfWork, programme: int) -> Sequence[SuggestionRow]:
    """Every suggestion on a programme's measure, oldest first."""
    query = select(SuggestionRow).where(SuggestionRow.programme == programme)
    return uow.rows(query.order_by(col(SuggestionRow.made_at), col(SuggestionRow.id)))


def by_number(uow: UnitOfWork, number: str) -> SuggestionRow | None:
    """The suggestion with that number, held until the end of the transaction."""
    return uow.row(uow.for_update(select(SuggestionRow).where(SuggestionRow.number == number)))


def decide(uow: UnitOfWork, row: SuggestionRow, stage: Stage, *, by: int, at: datetime, reason: str) -> bool:
    """Write down the office's word, which is given once; False where somebody was first."""
    still = (SuggestionRow.id == row.id, SuggestionRow.stage == Stage.OPEN.value)
    values = {"stage": stage.value, "decided_by": by, "decided_at": at, "reason": reason}
    return uow.update(SuggestionRow, *still, **values) == 1
