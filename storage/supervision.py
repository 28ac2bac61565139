"""Rounds of supervision 督办 of a matter: recorded once and never changed; each unit signs for its own letter."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class SupervisionRow(SQLModel, table=True):
    """One round. A matter's rounds are 1, 2, 3 …: none is left out (A27)."""

    __tablename__ = "supervision"
    __table_args__ = (UniqueConstraint("matter", "round"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """The letter's, e.g. D-2608-5; given when the round is ordered and never before."""
    matter: int = Field(foreign_key="matter.id")
    round: int
    ordered_by: int = Field(foreign_key="person.id")
    ordered_at: datetime = Field(sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    """By when the unit is asked to be done; what was late before stays late."""
    reason: str = ""


append_only(SupervisionRow)


class SupervisedShareRow(SQLModel, table=True):
    """A unit's share that a round is about, and who of the unit signed for the letter first."""

    __tablename__ = "supervised_share"
    __table_args__ = (UniqueConstraint("supervision", "obligation"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    supervision: int = Field(foreign_key="supervision.id")
    obligation: int = Field(foreign_key="obligation.id", index=True)
    signed_by: int | None = Field(default=None, foreign_key="person.id")
    signed_at: datetime | None = Field(default=None, sa_type=Moment)


def record(
    uow: UnitOfWork,
    *,
    number: str,
    matter: int,
    round_: int,
    by: int,
    at: datetime,
    until: datetime | None,
    reason: str,
    shares: Iterable[int],
) -> int:
    """Put a round on record for the obligations `shares`; return its id.

    Hold the matter (matters.hold) and ask `rounds` before: IntegrityError where the matter has that round.
    """
    supervision = new_id()
    uow.insert(
        SupervisionRow,
        id=supervision,
        number=number,
        matter=matter,
        round=round_,
        ordered_by=by,
        ordered_at=at,
        until=until,
        reason=reason,
    )
    for obligation in shares:
        uow.insert(SupervisedShareRow, id=new_id(), supervision=supervision, obligation=obligation)
    return supervision


def rounds(uow: UnitOfWork, matter: int) -> Sequence[SupervisionRow]:
    """The matter's rounds in order."""
    return uow.rows(select(SupervisionRow).where(SupervisionRow.matter == matter).order_by(col(SupervisionRow.round)))


def of_obligation(uow: UnitOfWork, obligation: int) -> Sequence[SupervisionRow]:
    """The rounds that were about that share, in order."""
    return uow.rows(
        select(SupervisionRow)
        .join(SupervisedShareRow, col(SupervisedShareRow.supervision) == col(SupervisionRow.id))
        .where(SupervisedShareRow.obligation == obligation)
        .order_by(col(SupervisionRow.round))
    )


def shares(uow: UnitOfWork, supervision: int) -> Sequence[SupervisedShareRow]:
    """Whom a round is about."""
    return uow.rows(
        select(SupervisedShareRow)
        .where(SupervisedShareRow.supervision == supervision)
        .order_by(col(SupervisedShareRow.id))
    )


def letters_to(
    uow: UnitOfWork, obligations: Iterable[int], number: str | None = None
) -> list[tuple[SupervisionRow, SupervisedShareRow]]:
    """The letters about those obligations, the newest first; with `number` only that one."""
    query = (
        select(SupervisionRow, SupervisedShareRow)
        .join(SupervisedShareRow, col(SupervisedShareRow.supervision) == col(SupervisionRow.id))
        .where(col(SupervisedShareRow.obligation).in_(list(obligations)))
        .order_by(col(SupervisionRow.ordered_at).desc(), col(SupervisionRow.id).desc(), col(SupervisedShareRow.id))
    )
    return uow.rows(query if number is None else query.where(SupervisionRow.number == number))


def sign(uow: UnitOfWork, share: int, *, by: int, at: datetime) -> bool:
    """签收; False where the unit had signed before, and then the first receipt stands."""
    unsigned = (SupervisedShareRow.id == share, col(SupervisedShareRow.signed_at).is_(None))
    return uow.update(SupervisedShareRow, *unsigned, signed_by=by, signed_at=at) == 1
