"""Matters 事项: what a leader assigned, to whom, by when. Each unit's share is an obligation of its own."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.rulebook import Share
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class MatterRow(SQLModel, table=True):
    """One matter; its number is the key on which 单项不重复计分 works."""

    __tablename__ = "matter"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    programme: int = Field(foreign_key="programme.id")
    title: str
    category: str
    assigned_by: int = Field(foreign_key="person.id")
    assigned_at: datetime = Field(sa_type=Moment)
    due: datetime = Field(sa_type=Moment)
    leader: int | None = Field(default=None, foreign_key="person.id")
    """The leader of this matter 包抓领导: hears its escalations beside those in charge of the units."""


class MatterUnitRow(SQLModel, table=True):
    """A unit's share in a matter; `position` keeps the order of co-leads, which carries meaning."""

    __tablename__ = "matter_unit"
    __table_args__ = (UniqueConstraint("matter", "unit"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    matter: int = Field(foreign_key="matter.id")
    unit: int = Field(foreign_key="unit.id")
    share: str
    position: int


def add(
    uow: UnitOfWork,
    *,
    number: str,
    programme: int,
    title: str,
    category: str,
    assigned_by: int,
    assigned_at: datetime,
    due: datetime,
    units: Sequence[tuple[int, Share]],
    leader: int | None = None,
) -> int:
    """Store a matter with its units in order; return its id."""
    matter = new_id()
    uow.insert(
        MatterRow,
        id=matter,
        number=number,
        programme=programme,
        title=title,
        category=category,
        assigned_by=assigned_by,
        assigned_at=assigned_at,
        due=due,
        leader=leader,
    )
    for position, (unit, share) in enumerate(units):
        uow.insert(MatterUnitRow, id=new_id(), matter=matter, unit=unit, share=share.value, position=position)
    return matter


def get(uow: UnitOfWork, matter: int) -> MatterRow:
    """The matter with that id; KeyError if there is none."""
    row = uow.row(select(MatterRow).where(MatterRow.id == matter))
    if row is None:
        raise KeyError(matter)
    return row


def hold(uow: UnitOfWork, matter: int) -> MatterRow:
    """The matter, held until the end of the transaction: one round of supervision is ordered at a time."""
    row = uow.row(uow.for_update(select(MatterRow).where(MatterRow.id == matter)))
    if row is None:
        raise KeyError(matter)
    return row


def by_number(uow: UnitOfWork, number: str) -> MatterRow | None:
    """The matter with that short number."""
    return uow.row(select(MatterRow).where(MatterRow.number == number))


def share_of(uow: UnitOfWork, matter: int, unit: int) -> Share | None:
    """The unit's share, or None when it has no part in the matter."""
    share = uow.row(select(MatterUnitRow.share).where(MatterUnitRow.matter == matter, MatterUnitRow.unit == unit))
    return Share(share) if share is not None else None


def holders(uow: UnitOfWork, programme: int) -> set[int]:
    """Whoever has a share in any matter of a programme."""
    shares = select(MatterUnitRow.unit).join(MatterRow, col(MatterRow.id) == col(MatterUnitRow.matter))
    return set(uow.rows(shares.where(MatterRow.programme == programme).distinct()))


def units(uow: UnitOfWork, matter: int) -> list[tuple[int, Share]]:
    """The units in order, the first lead first."""
    rows = uow.rows(select(MatterUnitRow).where(MatterUnitRow.matter == matter).order_by(col(MatterUnitRow.position)))
    return [(row.unit, Share(row.share)) for row in rows]
