"""What each stage 阶段 gave each unit: a column of its own, never mixed; a later row replaces an earlier one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import Field, Index, SQLModel, col, select

from assessment.stages import Cell
from storage.append_only import append_only
from storage.columns import JsonText, Moment, PointsType
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class StageValueRow(SQLModel, table=True):
    """One value of one stage. Taken back is a row of its own, too: the stage then counts as not done."""

    __tablename__ = "stage_value"
    __table_args__ = (Index("ix_stage_value_unit", "programme", "unit"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id")
    unit: int = Field(foreign_key="unit.id")
    stage: str
    value: Decimal | None = Field(default=None, sa_type=PointsType)
    scores: dict[str, str] = Field(default_factory=dict, sa_type=JsonText)
    """By category, where it was given so; they add up to the value."""
    reason: str = ""
    evidence: list[str] = Field(default_factory=list, sa_type=JsonText)
    taken_back: bool = False
    person: int = Field(foreign_key="person.id")
    given_at: datetime = Field(sa_type=Moment)


append_only(StageValueRow)


def add(
    uow: UnitOfWork,
    *,
    programme: int,
    unit: int,
    stage: str,
    cell: Cell,
    by: int,
    at: datetime,
    scores: Mapping[str, Decimal] | None = None,
    evidence: Iterable[str] = (),
    taken_back: bool = False,
) -> None:
    """Put a stage's value on record, or that it was taken back."""
    uow.insert(
        StageValueRow,
        id=new_id(),
        programme=programme,
        unit=unit,
        stage=stage,
        value=cell.value,
        scores={name: f"{points:f}" for name, points in (scores or {}).items()},
        reason=cell.reason,
        evidence=list(evidence),
        taken_back=taken_back,
        person=by,
        given_at=at,
    )


def of_unit(uow: UnitOfWork, programme: int, unit: int) -> Sequence[StageValueRow]:
    """All that stages gave a unit, oldest first."""
    return uow.rows(
        select(StageValueRow)
        .where(StageValueRow.programme == programme, StageValueRow.unit == unit)
        .order_by(col(StageValueRow.given_at), col(StageValueRow.id))
    )


def columns(rows: Iterable[StageValueRow]) -> dict[str, StageValueRow]:
    """The row that stands for each stage; none for a stage that was taken back."""
    latest = {row.stage: row for row in rows}
    return {stage: row for stage, row in latest.items() if not row.taken_back}
