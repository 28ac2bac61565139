"""Problems beyond a unit's powers 请求协调: raised to a leader, answered once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class ProblemRow(SQLModel, table=True):
    """One problem and the leader's answer to it."""

    __tablename__ = "problem"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """E.g. X-2608-4."""
    programme: int = Field(foreign_key="programme.id")
    unit: int = Field(foreign_key="unit.id", index=True)
    obligation: int | None = Field(default=None, foreign_key="obligation.id")
    """The item that it is about; None for a problem of its own."""
    text: str
    raised_by: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(sa_type=Moment)
    leader: int | None = Field(default=None, foreign_key="person.id")
    """The item's own leader 包抓领导, where it has one."""
    answer: str = ""
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=Moment)


def raise_problem(
    uow: UnitOfWork,
    *,
    number: str,
    programme: int,
    unit: int,
    obligation: int | None,
    text: str,
    by: int,
    at: datetime,
    leader: int | None,
) -> None:
    """Put a problem on record."""
    uow.insert(
        ProblemRow,
        id=new_id(),
        number=number,
        programme=programme,
        unit=unit,
        obligation=obligation,
        text=text,
        raised_by=by,
        raised_at=at,
        leader=leader,
    )


def by_number(uow: UnitOfWork, number: str) -> ProblemRow | None:
    """The problem with that number, held until the end of the transaction."""
    return uow.row(uow.for_update(select(ProblemRow).where(ProblemRow.number == number)))


def waiting_for(uow: UnitOfWork, person: int, units: Iterable[int]) -> Sequence[ProblemRow]:
    """What a leader has not answered: of the units in charge, and of items that are the leader's own; oldest first."""
    return uow.rows(
        select(ProblemRow)
        .where(
            col(ProblemRow.answered_at).is_(None),
            (col(ProblemRow.unit).in_(list(units))) | (ProblemRow.leader == person),
        )
        .order_by(col(ProblemRow.raised_at), col(ProblemRow.id))
    )


def answer(uow: UnitOfWork, problem: int, *, text: str, by: int, at: datetime) -> bool:
    """Keep the answer; False where there is one already."""
    unanswered = (ProblemRow.id == problem, col(ProblemRow.answered_at).is_(None))
    return uow.update(ProblemRow, *unanswered, answer=text, answered_by=by, answered_at=at) == 1
