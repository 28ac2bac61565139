"""督查通报 and what each says of whom: recorded once and never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.circular import Sign
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

LETTER = "C"


class CircularRow(SQLModel, table=True):
    """One circular with its text as it was confirmed."""

    __tablename__ = "circular"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    programme: int = Field(foreign_key="programme.id", index=True)
    issue: str = ""
    """As the office counts its own: 第3期."""
    text: str
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


append_only(CircularRow)


class CircularFindingRow(SQLModel, table=True):
    """What a circular says of one unit; 表扬 and 批评 of one unit are two rows."""

    __tablename__ = "circular_finding"
    __table_args__ = (UniqueConstraint("circular", "nth"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    circular: int = Field(foreign_key="circular.id")
    nth: int
    unit: int = Field(foreign_key="unit.id", index=True)
    sign: str
    text: str
    proposal: int | None = Field(default=None, foreign_key="proposal.id")
    """What it proposes, where the measure has a clause with points for it."""


append_only(CircularFindingRow)


@dataclass(frozen=True)
class Recorded:
    """A finding about to be recorded."""

    unit: int
    sign: Sign
    text: str
    proposal: int | None = None


def record(
    uow: UnitOfWork,
    *,
    number: str,
    programme: int,
    issue: str,
    text: str,
    by: int,
    at: datetime,
    findings: Iterable[Recorded],
) -> None:
    """Put a circular on record."""
    circular = new_id()
    values = {"number": number, "programme": programme, "issue": issue, "text": text}
    uow.insert(CircularRow, id=circular, **values, recorded_by=by, recorded_at=at)
    for nth, one in enumerate(findings, 1):
        said = {"unit": one.unit, "sign": one.sign.value, "text": one.text, "proposal": one.proposal}
        uow.insert(CircularFindingRow, id=new_id(), circular=circular, nth=nth, **said)


def by_number(uow: UnitOfWork, number: str) -> CircularRow | None:
    """The circular with that number."""
    return uow.row(select(CircularRow).where(CircularRow.number == number))


def newest(uow: UnitOfWork, programme: int) -> CircularRow | None:
    """The last one of a programme."""
    query = select(CircularRow).where(CircularRow.programme == programme)
    return uow.row(query.order_by(col(CircularRow.recorded_at).desc(), col(CircularRow.id).desc()).limit(1))


def of_unit(uow: UnitOfWork, programme: int, unit: int) -> Sequence[tuple[CircularRow, CircularFindingRow]]:
    """Everything that was said of a unit, oldest first."""
    return uow.rows(
        select(CircularRow, CircularFindingRow)
        .join(CircularFindingRow, col(CircularFindingRow.circular) == col(CircularRow.id))
        .where(CircularRow.programme == programme, CircularFindingRow.unit == unit)
        .order_by(col(CircularRow.recorded_at), col(CircularRow.id), col(CircularFindingRow.nth))
    )
