"""Audit: who read or changed what, and every refusal. Append-only; nobody can switch it off."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class AuditRow(SQLModel, table=True):
    """One act or refusal. `person` is None where the sender is not in the roster."""

    __tablename__ = "audit"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Moment)
    person: int | None = None
    channel: str
    action: str
    object: str
    allowed: bool
    basis: str


append_only(AuditRow)


def record(
    uow: UnitOfWork,
    *,
    at: datetime,
    person: int | None,
    channel: str,
    action: str,
    object_: str,
    allowed: bool,
    basis: str,
) -> None:
    """Write one line."""
    uow.insert(
        AuditRow,
        id=new_id(),
        at=at,
        person=person,
        channel=channel,
        action=action,
        object=object_,
        allowed=allowed,
        basis=basis,
    )


def recent(uow: UnitOfWork, limit: int = 100) -> Sequence[AuditRow]:
    """The newest lines, newest first."""
    return uow.rows(select(AuditRow).order_by(col(AuditRow.id).desc()).limit(limit))
