"""Awards 授奖 that people gave: the service lists, people award (R54)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class AwardRow(SQLModel, table=True):
    """One winner of one award. A village or a person need not be in the roster, so that it is a name."""

    __tablename__ = "award_given"
    __table_args__ = (UniqueConstraint("programme", "award", "winner"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id")
    award: str
    winner: str
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


append_only(AwardRow)


def give(uow: UnitOfWork, *, programme: int, award: str, winners: Iterable[str], by: int, at: datetime) -> int:
    """Keep the winners of an award; return how many of them are new."""
    new = [
        uow.insert_if_new(
            AwardRow,
            id=new_id(),
            programme=programme,
            award=award,
            winner=winner,
            recorded_by=by,
            recorded_at=at,
        )
        for winner in winners
    ]
    return sum(new)


def of_programme(uow: UnitOfWork, programme: int) -> Sequence[AwardRow]:
    """All winners of a programme's awards, in the order in which they were recorded."""
    return uow.rows(select(AwardRow).where(AwardRow.programme == programme).order_by(col(AwardRow.id)))
