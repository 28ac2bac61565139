"""Proposals 拟加/拟扣: what marking yields from facts, waiting for 情况说明 and 核定."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, bindparam
from sqlmodel import Field, SQLModel, col, select

from storage.columns import JsonText, Moment, PointsType
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class Stage(StrEnum):
    """Where a proposal stands."""

    RUNNING = "running"
    """Its value still grows by the day; nobody can decide it yet."""
    OPEN = "open"
    PREPARED = "prepared"
    """核定, and waiting for 审定, where the measure asks for that."""
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


UNDECIDED = (Stage.RUNNING, Stage.OPEN, Stage.PREPARED)
"""What has become neither an entry nor nothing."""


class ProposalRow(SQLModel, table=True):
    """One proposal; `key` is (obligation, clause, …), so that a sweep run twice proposes once."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_account", "programme", "subject", "holder"),
        Index("ix_proposal_stage", "stage"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str = Field(unique=True)
    number: str = Field(unique=True)
    programme: int = Field(foreign_key="programme.id")
    subject: str
    holder: int
    clause: str
    points: Decimal | None = Field(default=None, sa_type=PointsType)
    lowest: Decimal | None = Field(default=None, sa_type=PointsType)
    highest: Decimal | None = Field(default=None, sa_type=PointsType)
    matter: str | None = None
    basis: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText)
    obligation: int | None = Field(default=None, foreign_key="obligation.id")
    unit: int = Field(foreign_key="unit.id")
    """The unit concerned, also where a person's account is: its people may speak."""
    author: int | None = Field(default=None, foreign_key="person.id")
    stage: str = Stage.OPEN.value
    occurred_at: datetime = Field(sa_type=Moment)
    opened_at: datetime = Field(sa_type=Moment)
    statement_until: datetime = Field(sa_type=Moment)
    statement: str | None = None
    stated_at: datetime | None = Field(default=None, sa_type=Moment)
    stated_by: int | None = Field(default=None, foreign_key="person.id")
    hearing_since: datetime | None = Field(default=None, sa_type=Moment)
    """When the office asked to hear those concerned before it decides; None again once they have spoken."""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decision_reason: str = ""
    entry: int | None = Field(default=None)

    @property
    def deducts(self) -> bool:
        """Whether it takes points away; of what adds points, or has no value yet, nobody has to be heard."""
        return self.points is not None and self.points < 0

    @property
    def needs_a_hearing(self) -> bool:
        """Whether those concerned have days to speak before 核定: it takes points away, or still may.

        What adds points, or neither adds nor takes, costs nobody anything: days would only hold it up (decisions 1).
        """
        if self.points is not None:
            return self.points < 0
        return self.lowest is None or self.lowest < 0

    @property
    def is_unset(self) -> bool:
        """Whether the rulebook withholds its value, so that nobody can confirm it."""
        return self.points is None and self.lowest is None

    @property
    def untold(self) -> bool:
        """Whether the office wishes to hear those concerned and could tell nobody: no days run until it has.

        The days that are stored then are those of an earlier telling, and over.
        """
        return self.hearing_since is not None and self.statement_until <= self.hearing_since

    def is_ripe(self, now: datetime) -> bool:
        """Whether 核定 is open without a reason: those concerned have spoken, or their days for it are over.

        Only of a deduction: an addition is open at once.
        """
        if self.stage != Stage.OPEN.value:
            return False
        if not self.needs_a_hearing:
            return True
        has_spoken = self.statement is not None and self.hearing_since is None
        return has_spoken or (now >= self.statement_until and not self.untold)


def open_if_new(uow: UnitOfWork, **values: Any) -> int | None:
    """Store a proposal; return its id, or None when one with that key is there already."""
    proposal_id = new_id()
    return proposal_id if uow.insert_if_new(ProposalRow, id=proposal_id, **values) else None


_BY_KEY = select(ProposalRow).where(col(ProposalRow.key) == bindparam("key"))
_BY_ID = select(ProposalRow).where(col(ProposalRow.id) == bindparam("id"))


def by_key(uow: UnitOfWork, key: str) -> ProposalRow | None:
    """The proposal with that key."""
    return uow.row(uow.for_update(_BY_KEY), key=key)


def any_with_key(uow: UnitOfWork, beginning: str) -> bool:
    """Whether there is any proposal, whatever became of it, whose key begins so."""
    found = select(ProposalRow.id).where(col(ProposalRow.key).startswith(beginning, autoescape=True)).limit(1)
    return bool(uow.rows(found))


def by_number(uow: UnitOfWork, number: str) -> ProposalRow | None:
    """The proposal with that short number."""
    return uow.row(uow.for_update(select(ProposalRow).where(ProposalRow.number == number)))


def get(uow: UnitOfWork, proposal_id: int) -> ProposalRow:
    """The proposal with that id; KeyError if there is none."""
    row = uow.row(uow.for_update(_BY_ID), id=proposal_id)
    if row is None:
        raise KeyError(proposal_id)
    return row


def change(uow: UnitOfWork, proposal_id: int, **values: Any) -> None:
    """Change columns of a proposal."""
    uow.update_at(ProposalRow, {"id": proposal_id}, **values)


def reopen(uow: UnitOfWork, proposal_id: int, *, at: datetime) -> None:
    """Let a proposal run again that no person had decided: its fact holds anew, and so do the days for a statement."""
    change(
        uow,
        proposal_id,
        stage=Stage.RUNNING.value,
        opened_at=at,
        decided_at=None,
        decision_reason="",
    )


def stand_still(uow: UnitOfWork, proposal_id: int, *, at: datetime) -> None:
    """Let a proposal grow no further: its value is that of the day, and it can be decided."""
    change(uow, proposal_id, stage=Stage.OPEN.value, statement_until=at)


def of_account(
    uow: UnitOfWork, programme: int, subject: str, holder: int, stages: Iterable[Stage] = UNDECIDED
) -> Sequence[ProposalRow]:
    """An account's proposals in those stages, oldest first."""
    return uow.rows(
        select(ProposalRow)
        .where(
            ProposalRow.programme == programme,
            ProposalRow.subject == subject,
            ProposalRow.holder == holder,
            col(ProposalRow.stage).in_([stage.value for stage in stages]),
        )
        .order_by(col(ProposalRow.id))
    )


def of_obligation(uow: UnitOfWork, obligation: int) -> Sequence[ProposalRow]:
    """The proposals that an obligation gave rise to."""
    return uow.rows(select(ProposalRow).where(ProposalRow.obligation == obligation).order_by(col(ProposalRow.id)))


def drop(uow: UnitOfWork, key: str, *, at: datetime, reason: str) -> None:
    """Drop the proposal with that key, for that reason, where nobody's decision on it is final."""
    known = by_key(uow, key)
    if known is not None and known.stage in [stage.value for stage in UNDECIDED]:
        dropped = {"stage": Stage.REJECTED.value, "decided_at": at, "decided_by": None, "decision_reason": reason}
        change(uow, known.id, **dropped)


def drop_all(uow: UnitOfWork, programme: int, reason: str) -> None:
    """Drop whatever of a programme is undecided, for that reason."""
    uow.update(
        ProposalRow,
        ProposalRow.programme == programme,
        col(ProposalRow.stage).in_([stage.value for stage in UNDECIDED]),
        stage=Stage.REJECTED.value,
        decision_reason=reason,
    )


def units_of_account(uow: UnitOfWork, programme: int, subject: str, holder: int) -> dict[int, int]:
    """The unit whose matter each proposal of an account came from, by the proposal's id; whatever its stage."""
    return dict(
        uow.rows(
            select(ProposalRow.id, ProposalRow.unit).where(
                ProposalRow.programme == programme, ProposalRow.subject == subject, ProposalRow.holder == holder
            )
        )
    )


def holders_without_points(uow: UnitOfWork, programme: int, subject: str) -> set[int]:
    """Whose accounts have an undecided proposal that the rulebook gives no value and no range."""
    return set(
        uow.rows(
            select(ProposalRow.holder)
            .where(
                ProposalRow.programme == programme,
                ProposalRow.subject == subject,
                col(ProposalRow.stage).in_([Stage.RUNNING.value, Stage.OPEN.value]),
                col(ProposalRow.points).is_(None),
                col(ProposalRow.lowest).is_(None),
            )
            .distinct()
        )
    )


def being_heard(uow: UnitOfWork) -> Sequence[ProposalRow]:
    """The open proposals on which an office wishes to hear those concerned, oldest first."""
    return uow.rows(
        select(ProposalRow)
        .where(ProposalRow.stage == Stage.OPEN.value, col(ProposalRow.hearing_since).is_not(None))
        .order_by(col(ProposalRow.id))
    )


def undecided(uow: UnitOfWork, programme: int) -> Sequence[ProposalRow]:
    """A programme's open proposals, oldest first."""
    return uow.rows(
        select(ProposalRow)
        .where(ProposalRow.programme == programme, ProposalRow.stage == Stage.OPEN.value)
        .order_by(col(ProposalRow.id))
    )


def undecided_or_running(uow: UnitOfWork, programme: int) -> Sequence[ProposalRow]:
    """Everything of a programme that has not come to an end, oldest first: also what grows or is half decided."""
    return uow.rows(
        select(ProposalRow)
        .where(ProposalRow.programme == programme, col(ProposalRow.stage).in_([stage.value for stage in UNDECIDED]))
        .order_by(col(ProposalRow.id))
    )


def prepared(uow: UnitOfWork, programme: int) -> Sequence[ProposalRow]:
    """What a programme's office has decided and the leading group's secretary has not, oldest first."""
    return uow.rows(
        select(ProposalRow)
        .where(ProposalRow.programme == programme, ProposalRow.stage == Stage.PREPARED.value)
        .order_by(col(ProposalRow.id))
    )


def of_unit(uow: UnitOfWork, unit: int, stages: Iterable[Stage] = UNDECIDED) -> Sequence[ProposalRow]:
    """Proposals that concern a unit or its people, oldest first."""
    return uow.rows(
        select(ProposalRow)
        .where(ProposalRow.unit == unit, col(ProposalRow.stage).in_([stage.value for stage in stages]))
        .order_by(col(ProposalRow.id))
    )
