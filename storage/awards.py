"""Awards 授奖 that people gave and took back: the service lists, people award (R54). Nothing of it is deleted."""

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
    __table_args__ = (UniqueConstraint("programme", "award", "winner", "nth"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id")
    award: str
    winner: str
    nth: int = 1
    """What was taken back may be given again."""
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


class AwardTakenBackRow(SQLModel, table=True):
    """撤回授奖: that a winner has the award no longer, and why."""

    __tablename__ = "award_taken_back"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    award: int = Field(foreign_key="award_given.id", unique=True)
    reason: str
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


for _row in (AwardRow, AwardTakenBackRow):
    append_only(_row)


def give(uow: UnitOfWork, *, programme: int, award: str, winners: Iterable[str], by: int, at: datetime) -> int:
    """Keep the winners of an award; return how many of them are new: one who has it is kept once."""
    before = [row for row in _ever(uow, programme) if row.award == award]
    has_it = {row.winner for row in of_programme(uow, programme) if row.award == award}
    new = [
        uow.insert_if_new(
            AwardRow,
            id=new_id(),
            programme=programme,
            award=award,
            winner=winner,
            nth=1 + sum(row.winner == winner for row in before),
            recorded_by=by,
            recorded_at=at,
        )
        for winner in winners
        if winner not in has_it
    ]
    return sum(new)


def take_back(uow: UnitOfWork, award: int, *, reason: str, by: int, at: datetime) -> bool:
    """Put on record that a winner has it no longer; False where somebody was first."""
    values = {"reason": reason, "recorded_by": by, "recorded_at": at}
    return uow.insert_if_new(AwardTakenBackRow, id=new_id(), award=award, **values)


def of_programme(uow: UnitOfWork, programme: int) -> Sequence[AwardRow]:
    """Who has a programme's awards now, in the order in which they were recorded."""
    gone = {row.id for row, _ in taken_back(uow, programme)}
    return [row for row in _ever(uow, programme) if row.id not in gone]


def taken_back(uow: UnitOfWork, programme: int) -> list[tuple[AwardRow, AwardTakenBackRow]]:
    """What was given and taken back, in the order in which it was taken back."""
    query = select(AwardRow, AwardTakenBackRow).join(AwardTakenBackRow, col(AwardTakenBackRow.award) == AwardRow.id)
    return uow.rows(query.where(AwardRow.programme == programme).order_by(col(AwardTakenBackRow.id)))


def _ever(uow: UnitOfWork, programme: int) -> Sequence[AwardRow]:
    return uow.rows(select(AwardRow).where(AwardRow.programme == programme).order_by(col(AwardRow.id)))
