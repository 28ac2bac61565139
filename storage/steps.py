"""Ladder steps: (obligation, round, step, audience) happens once. The key that makes invariant 3 true."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.rulebook import Audience
from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

RELEASED = 900
"""The office's word is kept like a step, beyond the numbers of any ladder's own."""


class StepRow(SQLModel, table=True):
    """What became of one step: said, or not said, always with a named reason."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("obligation", "round", "step", "audience"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    obligation: int = Field(foreign_key="obligation.id")
    round: int
    step: int
    kind: str
    audience: str
    planned_for: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    said: bool
    reason: str


def record(
    uow: UnitOfWork,
    *,
    obligation: int,
    round_: int,
    step: int,
    kind: str,
    audience: str,
    planned_for: datetime,
    recorded_at: datetime,
    said: bool,
    reason: str,
) -> bool:
    """Record a step's outcome; False when it already had one, and then nothing may be said."""
    return uow.insert_if_new(
        StepRow,
        id=new_id(),
        obligation=obligation,
        round=round_,
        step=step,
        kind=kind,
        audience=audience,
        planned_for=planned_for,
        recorded_at=recorded_at,
        said=said,
        reason=reason,
    )


def release(uow: UnitOfWork, *, obligation: int, round_: int, at: datetime) -> None:
    """Record the office's word that messages of this round, planned in a year of unknown holidays, may go."""
    record(
        uow,
        obligation=obligation,
        round_=round_,
        step=RELEASED,
        kind="放行",
        audience=Audience.OFFICE.value,
        planned_for=at,
        recorded_at=at,
        said=False,
        reason="考核办放行",
    )


def is_released(uow: UnitOfWork, obligation: int, round_: int) -> bool:
    """Whether the office has given that word in this round."""
    return any(step.step == RELEASED for step in recorded(uow, obligation, round_))


_RECORDED = (
    select(StepRow)
    .where(col(StepRow.obligation) == bindparam("obligation"), col(StepRow.round) == bindparam("round"))
    .order_by(col(StepRow.recorded_at), col(StepRow.id))
)


def recorded(uow: UnitOfWork, obligation: int, round_: int) -> Sequence[StepRow]:
    """The outcomes of one round, in order of recording."""
    return uow.rows(_RECORDED, obligation=obligation, round=round_)


def history(uow: UnitOfWork, obligation: int) -> Sequence[StepRow]:
    """The outcomes of all rounds, in order of recording."""
    return uow.rows(
        select(StepRow).where(StepRow.obligation == obligation).order_by(col(StepRow.recorded_at), col(StepRow.id))
    )
