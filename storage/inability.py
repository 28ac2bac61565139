"""确实无法完成: the unit's reason, filed early, and the office's word; then only the reason is urged for."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class InabilityRow(SQLModel, table=True):
    """One unit's share in a matter that cannot be done; either side may speak first."""

    __tablename__ = "inability"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    obligation: int = Field(foreign_key="obligation.id", unique=True)
    reason: str = ""
    """The unit's own; empty while it owes it."""
    filed_by: int | None = Field(default=None, foreign_key="person.id")
    filed_at: datetime | None = Field(default=None, sa_type=Moment)
    marked_by: int | None = Field(default=None, foreign_key="person.id")
    marked_at: datetime | None = Field(default=None, sa_type=Moment)
    remark: str = ""


def of_obligation(uow: UnitOfWork, obligation: int) -> InabilityRow | None:
    """What is known of it, or None."""
    return uow.row(select(InabilityRow).where(InabilityRow.obligation == obligation))


def is_marked(uow: UnitOfWork, obligation: int) -> bool:
    """Whether the office has found that it cannot be done."""
    found = of_obligation(uow, obligation)
    return found is not None and found.marked_at is not None


def file_reason(uow: UnitOfWork, obligation: int, *, reason: str, by: int, at: datetime) -> InabilityRow:
    """Keep the unit's reason; what it writes later stands for what it wrote before."""
    uow.insert_if_new(InabilityRow, id=new_id(), obligation=obligation)
    uow.update(InabilityRow, InabilityRow.obligation == obligation, reason=reason, filed_by=by, filed_at=at)
    return _there(uow, obligation)


def mark(uow: UnitOfWork, obligation: int, *, remark: str, by: int, at: datetime) -> bool:
    """The office's word; False where it was given before."""
    uow.insert_if_new(InabilityRow, id=new_id(), obligation=obligation)
    unmarked = (InabilityRow.obligation == obligation, col(InabilityRow.marked_at).is_(None))
    return uow.update(InabilityRow, *unmarked, remark=remark, marked_by=by, marked_at=at) == 1


def _there(uow: UnitOfWork, obligation: int) -> InabilityRow:
    found = of_obligation(uow, obligation)
    assert found is not None, "it was put there a moment ago"
    return found
