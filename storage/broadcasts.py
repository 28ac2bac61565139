"""Broadcasts 通知: what the office says to many, to whom, who has signed for it, and how far its letters have got.

A run leads along the recipients in their order and remembers the last one it dealt with (schedules.broadcasting).
What became of the letters is asked in storage.broadcast_letters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, func, insert, text
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.columns import Moment
from storage.files import FileRow
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

_NOT_DONE = text("NOT done")


class BroadcastRow(SQLModel, table=True):
    """One notice. It went into a work group where `conversation` is set, and then has no recipients."""

    __tablename__ = "broadcast"
    __table_args__ = (Index("ix_broadcast_office", "office", "id"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    office: int = Field(foreign_key="unit.id")
    ordered_by: int = Field(foreign_key="person.id")
    ordered_at: datetime = Field(sa_type=Moment)
    send_at: datetime = Field(sa_type=Moment)
    words: str
    receipt_until: datetime | None = Field(default=None, sa_type=Moment)
    channel: str = ""
    conversation: str = ""
    recalled_at: datetime | None = Field(default=None, sa_type=Moment)
    correction: str = ""

    @property
    def to_group(self) -> bool:
        """Whether it went into a work group."""
        return bool(self.conversation)


class RecipientRow(SQLModel, table=True):
    """Whom a notice is for; nobody where the post was vacant. `letter` is the key of the notice in the outbox."""

    __tablename__ = "broadcast_recipient"
    __table_args__ = (
        UniqueConstraint("broadcast", "person"),
        Index("ix_broadcast_recipient_broadcast", "broadcast", "id"),
        Index("ix_broadcast_recipient_person", "person"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    broadcast: int = Field(foreign_key="broadcast.id")
    person: int | None = Field(default=None, foreign_key="person.id")
    unit: int = Field(foreign_key="unit.id")
    role: str
    letter: str
    signed_at: datetime | None = Field(default=None, sa_type=Moment)


class EnclosureRow(SQLModel, table=True):
    """A file that goes with a notice."""

    __tablename__ = "broadcast_file"
    __table_args__ = (UniqueConstraint("broadcast", "position"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    broadcast: int = Field(foreign_key="broadcast.id")
    position: int
    file: int = Field(foreign_key="file.id")
    name: str
    """As the recipients see it."""


class Errand(StrEnum):
    """What a run brings."""

    NOTICE = "notice"
    CALL = "call"
    """再催: to those who have got it and are silent."""
    CORRECTION = "correction"
    """更正: to those who have got it, after what had not left was stopped."""


class RunRow(SQLModel, table=True):
    """One way along the recipients. `after` is the last one dealt with: a run that was cut off goes on from there."""

    __tablename__ = "broadcast_run"
    __table_args__ = (
        UniqueConstraint("broadcast", "errand", "n"),
        Index("ix_broadcast_run_due_at", "due_at", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    broadcast: int = Field(foreign_key="broadcast.id")
    errand: str
    n: int = 0
    """再催 for the n-th time; 0 for the others."""
    ordered_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment)
    after: int = 0
    done: bool = False


@dataclass(frozen=True)
class Enclosure:
    """A stored file, and what the recipients see as its name."""

    file: int
    name: str


@dataclass(frozen=True)
class Whom:
    """A role in a unit, and who held it when the notice was ordered; None where the post was vacant."""

    unit: int
    role: str
    person: int | None


def order(
    uow: UnitOfWork,
    *,
    number: str,
    office: int,
    ordered_by: int,
    ordered_at: datetime,
    send_at: datetime,
    words: str,
    receipt_until: datetime | None,
    whom: Iterable[Whom] = (),
    channel: str = "",
    conversation: str = "",
    files: Iterable[Enclosure] = (),
) -> int:
    """Store a notice with its recipients, each person once; its letters follow by the sweep. Returns its id.

    `files` are stored already, and go with it in this order.
    """
    broadcast = new_id()
    uow.insert(
        BroadcastRow,
        id=broadcast,
        number=number,
        office=office,
        ordered_by=ordered_by,
        ordered_at=ordered_at,
        send_at=send_at,
        words=words,
        receipt_until=receipt_until,
        channel=channel,
        conversation=conversation,
    )
    rows = [
        {
            "id": new_id(),
            "broadcast": broadcast,
            "person": one.person,
            "unit": one.unit,
            "role": one.role,
            "letter": f"broadcast:{broadcast}:{one.person or f'{one.unit}:{one.role}'}",
        }
        for one in each_once(whom)
    ]
    if rows:
        uow.execute(insert(RecipientRow), rows)
    for position, one in enumerate(files):
        uow.insert(EnclosureRow, id=new_id(), broadcast=broadcast, position=position, file=one.file, name=one.name)
    _run(uow, broadcast, Errand.NOTICE, ordered_at=ordered_at, due_at=send_at)
    return broadcast


def enclosed(uow: UnitOfWork, broadcast: int) -> list[tuple[str, FileRow]]:
    """The files of a notice in their order, each with the name that the recipients see."""
    query = (
        select(EnclosureRow.name, FileRow)
        .join(FileRow, col(FileRow.id) == col(EnclosureRow.file))
        .where(EnclosureRow.broadcast == broadcast)
        .order_by(col(EnclosureRow.position))
    )
    return [(name, file) for name, file in uow.rows(query)]


def numbers_with(uow: UnitOfWork, file: int) -> list[str]:
    """The numbers of the notices with which a file went or will go, oldest first."""
    query = (
        select(BroadcastRow.number)
        .join(EnclosureRow, col(EnclosureRow.broadcast) == col(BroadcastRow.id))
        .where(EnclosureRow.file == file)
        .order_by(col(BroadcastRow.id))
    )
    return list(uow.rows(query))


def each_once(whom: Iterable[Whom]) -> list[Whom]:
    """Nobody gets two letters for two posts; vacant posts stay, each by itself."""
    found: dict[object, Whom] = {}
    for one in whom:
        found.setdefault(one.person if one.person is not None else (one.unit, one.role), one)
    return list(found.values())


def get(uow: UnitOfWork, broadcast: int) -> BroadcastRow:
    """The notice with that id; KeyError if there is none."""
    row = uow.row(select(BroadcastRow).where(BroadcastRow.id == broadcast))
    if row is None:
        raise KeyError(broadcast)
    return row


def by_number(uow: UnitOfWork, number: str) -> BroadcastRow | None:
    """The notice with that short number."""
    return uow.row(select(BroadcastRow).where(BroadcastRow.number == number))


def newest_of(uow: UnitOfWork, offices: Sequence[int]) -> BroadcastRow | None:
    """The notice that one of these offices ordered last."""
    return uow.row(
        select(BroadcastRow).where(col(BroadcastRow.office).in_(offices)).order_by(col(BroadcastRow.id).desc()).limit(1)
    )


def sign(uow: UnitOfWork, recipient: int, at: datetime) -> bool:
    """Keep the receipt; False where there is one already, which stays as it is."""
    return bool(
        uow.update(RecipientRow, RecipientRow.id == recipient, col(RecipientRow.signed_at).is_(None), signed_at=at)
    )


def has_signed(uow: UnitOfWork, broadcast: int, person: int | None) -> bool:
    """Whether the person has signed for the notice."""
    query = select(RecipientRow.signed_at).where(RecipientRow.broadcast == broadcast, RecipientRow.person == person)
    return uow.row(query) is not None


def calls(uow: UnitOfWork, broadcast: int) -> int:
    """How often the silent have been called."""
    query = select(func.count()).where(RunRow.broadcast == broadcast, RunRow.errand == Errand.CALL.value)
    return uow.scalar(query)


def call(uow: UnitOfWork, broadcast: int, *, n: int, at: datetime, due_at: datetime) -> bool:
    """Order the n-th call; False where somebody else has."""
    return _run(uow, broadcast, Errand.CALL, n=n, ordered_at=at, due_at=due_at)


def recall(uow: UnitOfWork, broadcast: int, *, correction: str, at: datetime, due_at: datetime) -> bool:
    """Stop what has not left, and order a correction for whoever has it; False where it was recalled before."""
    fresh = uow.update(
        BroadcastRow,
        BroadcastRow.id == broadcast,
        col(BroadcastRow.recalled_at).is_(None),
        recalled_at=at,
        correction=correction,
    )
    if fresh:
        _run(uow, broadcast, Errand.CORRECTION, ordered_at=at, due_at=due_at)
    return bool(fresh)


def due_run(uow: UnitOfWork, now: datetime) -> RunRow | None:
    """The run that has been due longest, for one slice; no other replica takes it meanwhile."""
    waiting = select(RunRow).where(text("NOT broadcast_run.done"), col(RunRow.due_at) <= now)
    return uow.row(uow.for_update(waiting.order_by(col(RunRow.due_at), col(RunRow.id)).limit(1), skip_locked=True))


def next_run(uow: UnitOfWork) -> datetime | None:
    """When the next run is due; None when nothing waits."""
    query = select(RunRow.due_at).where(text("NOT broadcast_run.done")).order_by(col(RunRow.due_at)).limit(1)
    return uow.row(query)


def got_to(uow: UnitOfWork, run: RunRow, *, after: int, done: bool) -> None:
    """Remember how far the run has got."""
    uow.update(RunRow, RunRow.id == run.id, after=after, done=done)


def _run(
    uow: UnitOfWork, broadcast: int, errand: Errand, *, ordered_at: datetime, due_at: datetime, n: int = 0
) -> bool:
    return uow.insert_if_new(
        RunRow,
        id=new_id(),
        broadcast=broadcast,
        errand=errand.value,
        n=n,
        ordered_at=ordered_at,
        due_at=due_at,
    )
