"""自选目标 of units: each wording, and when it was filed upward. All of it only grows; the last wording counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, SQLModel, col, select

from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

LETTER = "M"


class OwnTargetRow(SQLModel, table=True):
    """One target that a unit has set itself, under the number that people call it by."""

    __tablename__ = "own_target"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    programme: int = Field(foreign_key="programme.id", index=True)
    unit: int = Field(foreign_key="unit.id")


class OwnTargetWordingRow(SQLModel, table=True):
    """How it read from then on."""

    __tablename__ = "own_target_wording"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    own_target: int = Field(foreign_key="own_target.id", index=True)
    content: str
    target: str
    """The value to be reached, in the unit's own words."""
    due: date
    said_by: int = Field(foreign_key="person.id")
    said_at: datetime = Field(sa_type=Moment)


class OwnTargetUpwardRow(SQLModel, table=True):
    """That the office has filed it upward, once and for good."""

    __tablename__ = "own_target_upward"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    own_target: int = Field(foreign_key="own_target.id", unique=True)
    day: date
    reference: str
    """The number of the paper by which it went."""
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


for _row in (OwnTargetRow, OwnTargetWordingRow, OwnTargetUpwardRow):
    append_only(_row)


@dataclass(frozen=True)
class OwnTarget:
    """One target as it stands."""

    row: OwnTargetRow
    wording: OwnTargetWordingRow
    upward: OwnTargetUpwardRow | None

    @property
    def number(self) -> str:
        """What people call it by."""
        return self.row.number


def add(uow: UnitOfWork, *, number: str, programme: int, unit: int) -> int:
    """Open a target and return its id; its first wording is to follow in the same transaction."""
    target = new_id()
    uow.insert(OwnTargetRow, id=target, number=number, programme=programme, unit=unit)
    return target


def word(uow: UnitOfWork, own_target: int, *, content: str, target: str, due: date, by: int, at: datetime) -> None:
    """Say how it reads from now on; earlier wordings stay to be read."""
    values = {"content": content, "target": target, "due": due, "said_by": by, "said_at": at}
    uow.insert(OwnTargetWordingRow, id=new_id(), own_target=own_target, **values)


def file_upward(uow: UnitOfWork, own_target: int, *, day: date, reference: str, by: int, at: datetime) -> bool:
    """Put on record that it went upward; False where that was recorded before."""
    values = {"day": day, "reference": reference, "recorded_by": by, "recorded_at": at}
    return uow.insert_if_new(OwnTargetUpwardRow, id=new_id(), own_target=own_target, **values)


def by_number(uow: UnitOfWork, number: str) -> OwnTarget | None:
    """The target with that number, held until the end of the transaction."""
    row = uow.row(uow.for_update(select(OwnTargetRow).where(OwnTargetRow.number == number)))
    return _as_it_stands(uow, [row])[0] if row is not None else None


def of_programme(uow: UnitOfWork, programme: int) -> Sequence[OwnTarget]:
    """Every target under a programme, oldest first."""
    query = select(OwnTargetRow).where(OwnTargetRow.programme == programme)
    return _as_it_stands(uow, uow.rows(query.order_by(col(OwnTargetRow.id))))


def _as_it_stands(uow: UnitOfWork, rows: Sequence[OwnTargetRow]) -> list[OwnTarget]:
    ids = [row.id for row in rows]
    wordings = uow.rows(
        select(OwnTargetWordingRow)
        .where(col(OwnTargetWordingRow.own_target).in_(ids))
        .order_by(col(OwnTargetWordingRow.id))
    )
    upward = uow.rows(select(OwnTargetUpwardRow).where(col(OwnTargetUpwardRow.own_target).in_(ids)))
    last = {wording.own_target: wording for wording in wordings}
    sent = {row.own_target: row for row in upward}
    return [OwnTarget(row, last[row.id], sent.get(row.id)) for row in rows]
