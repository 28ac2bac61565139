"""Obligations: what each unit owes by when, the plan of its ladder, and when it must be looked at next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, func, text
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.obligation import Kind, Obligation, State
from assessment.rulebook import SignOff
from storage.columns import Moment
from storage.ids import new_id
from storage.programmes import ProgrammeRow
from storage.unit_of_work import UnitOfWork


class ObligationRow(SQLModel, table=True):
    """One obligation. `look_at` is the durable alarm of the sweep: the next time at which something may be due."""

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("programme", "kind", "ref", "period", "unit"),
        Index(
            "ix_obligation_look_at",
            "look_at",
            "unit",
            "id",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
        Index("ix_obligation_unit_state", "unit", "state"),
        Index("ix_obligation_held", "held", sqlite_where=text("held"), postgresql_where=text("held")),
        Index("ix_obligation_programme_due", "programme", "due"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id")
    kind: str
    ref: str
    unit: int = Field(foreign_key="unit.id")
    period: str = ""
    number: str = ""
    """What people call it by: a matter's number, a problem's; empty for a duty, whose reports have their own."""
    title: str
    due: datetime = Field(sa_type=Moment)
    grace_end: datetime = Field(sa_type=Moment)
    due_assumed: bool = False
    """The due day rests on a year whose calendar was unknown when it was set: nothing is deducted because of it."""
    held: bool = False
    """Its due day or a step rests on an unknown year: looked at again when that year's calendar is known."""
    sign_off: str = SignOff.NONE.value
    review: bool = False
    state: str = State.OPEN.value
    round: int = 1
    round_since: datetime | None = Field(default=None, sa_type=Moment)
    """When the present round began, for a round after the first."""
    nil: bool = False
    reported_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    drafted_at: datetime | None = Field(default=None, sa_type=Moment)
    urged_at: datetime | None = Field(default=None, sa_type=Moment)
    plan: str = "[]"
    """The ladder, frozen when the obligation opened: ladder.to_json."""
    urged_person: int | None = Field(default=None, foreign_key="person.id")
    look_at: datetime | None = Field(default=None, sa_type=Moment)

    def facts(self) -> Obligation:
        """The row as the domain sees it."""
        return Obligation(
            id=self.id,
            programme=self.programme,
            kind=Kind(self.kind),
            ref=self.ref,
            unit=self.unit,
            period=self.period,
            title=self.title,
            due=self.due,
            grace_end=self.grace_end,
            sign_off=SignOff(self.sign_off),
            review=self.review,
            state=State(self.state),
            round=self.round,
            round_since=self.round_since,
            nil=self.nil,
            reported_at=self.reported_at,
            withdrawn_at=self.withdrawn_at,
            drafted_at=self.drafted_at,
            urged_at=self.urged_at,
        )


def open_if_new(uow: UnitOfWork, row: ObligationRow) -> bool:
    """Store a new obligation; False when that unit already owes it (the sweep ran before)."""
    return uow.insert_if_new(ObligationRow, **row.model_dump())


def fresh(**values: Any) -> ObligationRow:
    """A row with a new id, not yet stored."""
    return ObligationRow(id=new_id(), **values)


_BY_ID = select(ObligationRow).where(col(ObligationRow.id) == bindparam("id"))


def get(uow: UnitOfWork, obligation_id: int) -> ObligationRow:
    """The obligation with that id; KeyError if there is none."""
    row = uow.row(uow.for_update(_BY_ID), id=obligation_id)
    if row is None:
        raise KeyError(obligation_id)
    return row


def save(uow: UnitOfWork, changed: Obligation, **extra: Any) -> None:
    """Write back what the life cycle changed, and `extra` columns (plan, look_at).

    `changed` must come from a row that `get` has locked in this transaction. That it was urged is written by the
    delivery alone.
    """
    uow.update_at(
        ObligationRow,
        {"id": changed.id},
        state=changed.state.value,
        round=changed.round,
        nil=changed.nil,
        reported_at=changed.reported_at,
        withdrawn_at=changed.withdrawn_at,
        drafted_at=changed.drafted_at,
        **extra,
    )


def look_again(uow: UnitOfWork, obligation_id: int, at: datetime | None) -> None:
    """Set the time of the next look; None for never."""
    uow.update_at(ObligationRow, {"id": obligation_id}, look_at=at)


def look_no_later(uow: UnitOfWork, obligation_id: int, at: datetime) -> None:
    """Bring the next look forward to `at` if it stood later or not at all."""
    uow.update(
        ObligationRow,
        ObligationRow.id == obligation_id,
        (col(ObligationRow.look_at).is_(None)) | (col(ObligationRow.look_at) > at),
        look_at=at,
    )


def due_for_a_look(uow: UnitOfWork, now: datetime, limit: int) -> Sequence[ObligationRow]:
    """Obligations whose alarm has come, earliest first; on PostgreSQL those that no other replica holds."""
    return uow.rows(
        uow.for_update(
            select(ObligationRow)
            .where(col(ObligationRow.look_at) <= now)
            .order_by(col(ObligationRow.look_at), col(ObligationRow.unit), col(ObligationRow.id))
            .limit(limit),
            skip_locked=True,
        )
    )


def next_alarm(uow: UnitOfWork) -> datetime | None:
    """When the earliest alarm stands; None when nothing is planned."""
    return uow.row(
        select(ObligationRow.look_at)
        .where(col(ObligationRow.look_at).is_not(None))
        .order_by(col(ObligationRow.look_at))
        .limit(1)
    )


def held(uow: UnitOfWork) -> Sequence[ObligationRow]:
    """What is still owed and rests on a year whose calendar was unknown when it was planned."""
    return uow.rows(
        uow.for_update(
            select(ObligationRow)
            .where(
                col(ObligationRow.held).is_(True),
                col(ObligationRow.state).in_([State.OPEN.value, State.UNSIGNED.value]),
            )
            .order_by(col(ObligationRow.id)),
            skip_locked=True,
        )
    )


_OF_UNIT_EVER = (
    select(ObligationRow)
    .where(
        col(ObligationRow.unit) == bindparam("unit"),
        col(ObligationRow.state).in_(bindparam("states", expanding=True)),
    )
    .order_by(col(ObligationRow.due), col(ObligationRow.id))
)
_OF_UNIT = _OF_UNIT_EVER.where(
    col(ObligationRow.programme).not_in(select(col(ProgrammeRow.id)).where(col(ProgrammeRow.ended).is_(True)))
)


def of_unit(
    uow: UnitOfWork, unit: int, states: Iterable[State] = tuple(State), *, closed: bool = False
) -> Sequence[ObligationRow]:
    """A unit's obligations in those states, by due time; those of closed years only where `closed` asks for them."""
    return uow.rows(_OF_UNIT_EVER if closed else _OF_UNIT, unit=unit, states=[state.value for state in states])


def of_programme(
    uow: UnitOfWork, programme: int, *, kind: Kind | None = None, states: Iterable[State] = tuple(State)
) -> Sequence[ObligationRow]:
    """A programme's obligations in those states, by due time and unit."""
    query = select(ObligationRow).where(
        ObligationRow.programme == programme, col(ObligationRow.state).in_([state.value for state in states])
    )
    if kind is not None:
        query = query.where(ObligationRow.kind == kind.value)
    return uow.rows(query.order_by(col(ObligationRow.due), col(ObligationRow.unit), col(ObligationRow.id)))


def of_matter(uow: UnitOfWork, matter: int) -> Sequence[ObligationRow]:
    """The obligations of one matter, the lead unit's first."""
    return uow.rows(
        select(ObligationRow)
        .where(ObligationRow.kind == Kind.MATTER.value, ObligationRow.ref == str(matter))
        .order_by(col(ObligationRow.id))
    )


_RECEIPTS = (
    select(func.count())
    .select_from(ObligationRow)
    .where(
        col(ObligationRow.unit).in_(bindparam("units", expanding=True)),
        ObligationRow.kind == Kind.DUTY.value,
        (col(ObligationRow.reported_at) >= bindparam("since"))
        | ((col(ObligationRow.state) == State.OPEN.value) & (col(ObligationRow.due) <= bindparam("until"))),
    )
)


def receipts_between(uow: UnitOfWork, units: Collection[int], since: datetime, until: datetime) -> int:
    """How many reports of these units are acknowledged from `since` until `until`: those that are in, and those that
    are still owed by then.
    """
    return uow.value(_RECEIPTS, units=list(units), since=since, until=until) or 0


_OF_DUTIES = select(col(ObligationRow.ref), col(ObligationRow.period), col(ObligationRow.unit)).where(
    ObligationRow.programme == bindparam("programme"), ObligationRow.kind == Kind.DUTY.value
)


def of_duties(uow: UnitOfWork, programme: int) -> Mapping[tuple[str, str], set[int]]:
    """The units that owe a report already, by duty and period; read from the index alone, however large the rows."""
    found: dict[tuple[str, str], set[int]] = {}
    for ref, period, unit in uow.execute(_OF_DUTIES, {"programme": programme}):
        found.setdefault((ref, period), set()).add(unit)
    return found
