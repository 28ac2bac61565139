"""What the departments concerned decided on a recommendation 建议取消评优资格; the last word holds (R23)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.eligibility import Decision
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class RecommendationRow(SQLModel, table=True):
    """One decision on what one entry recommends."""

    __tablename__ = "recommendation_decision"
    __table_args__ = (UniqueConstraint("entry", "nth"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry: int = Field(foreign_key="entry.id")
    nth: int
    loses: bool
    reason: str
    recorded_by: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Moment)


append_only(RecommendationRow)


def decide(uow: UnitOfWork, *, entry: int, loses: bool, reason: str, by: int, at: datetime) -> None:
    """Keep one decision; IntegrityError where another on that entry is being kept at the same time."""
    uow.insert(
        RecommendationRow,
        id=new_id(),
        entry=entry,
        nth=1 + len(_of_entries(uow, [entry])),
        loses=loses,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )


def decisions(uow: UnitOfWork, entries: Collection[int]) -> tuple[Decision, ...]:
    """The decisions on those entries, in the order in which they were kept."""
    return tuple(
        Decision(on=row.entry, loses=row.loses, author=row.recorded_by, reason=row.reason)
        for row in _of_entries(uow, entries)
    )


def _of_entries(uow: UnitOfWork, entries: Collection[int]) -> Sequence[RecommendationRow]:
    return uow.rows(
        select(RecommendationRow)
        .where(col(RecommendationRow.entry).in_(list(entries)))
        .order_by(col(RecommendationRow.entry), col(RecommendationRow.nth))
    )
