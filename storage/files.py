"""Files that people send, as evidence or to go with a notice: what is still to be fetched, and what became of it.

The content lies outside the database under its own hash; a row is one sending of it. A row says "stored" only in a
transaction that began after the content was safely on the disk.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, bindparam, func, text
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class FileStatus(StrEnum):
    """What has become of a file."""

    WAITING = "waiting"
    STORED = "stored"
    REFUSED = "refused"
    LOST = "lost"


_WAITING_SQL = text("status = 'waiting'")
# Written out in queries as in the index: SQLite uses a partial index only for a condition without parameters.
_IS_WAITING = text("file.status = 'waiting'")


class FileRow(SQLModel, table=True):
    """One file of one message. `key` is what the platform gives it out for, and only for a while."""

    __tablename__ = "file"
    __table_args__ = (
        UniqueConstraint("inbox", "position"),
        Index("ix_file_next_try", "next_try", sqlite_where=_WAITING_SQL, postgresql_where=_WAITING_SQL),
        Index("ix_file_obligation", "obligation"),
        Index("ix_file_person", "person", "id"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    inbox: int = Field(foreign_key="inbox.id")
    position: int
    """Its place among the files of its message."""
    person: int = Field(foreign_key="person.id")
    channel: str
    key: str
    kind: str
    """As in handlers.incoming.FileRef."""
    name: str
    """Only a label, made harmless; never part of a path."""
    obligation: int | None = Field(default=None, foreign_key="obligation.id")
    """What it was attached to; None where that is still asked, or where it goes with what its message recorded."""
    number: str = ""
    """The short number of the report that stood when it was attached."""
    sent_at: datetime = Field(sa_type=Moment)
    """From then on the platform's time for giving it out runs."""
    asked_at: datetime = Field(sa_type=Moment)
    status: str = FileStatus.WAITING.value
    next_try: datetime = Field(sa_type=Moment)
    attempts: int = 0
    lease_until: int = 0
    """Real clock, epoch milliseconds: leases do not follow the domain's clock."""
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    sha256: str = ""
    size: int = 0
    type: str = ""
    """What its content is, by its usual ending: pdf, xlsx, …"""
    reason: str = ""
    """Why it was refused, an assessment.evidence.Unfit; for an attempt that failed a phrase for the office."""


_IS_DUE = (_IS_WAITING, col(FileRow.next_try) <= bindparam("now"), col(FileRow.lease_until) <= bindparam("real_ms"))
_DUE = (
    select(FileRow)
    .where(*_IS_DUE, col(FileRow.channel) == bindparam("channel"))
    # A channel gives all its files out for equally long: what was sent first is gone first.
    .order_by(col(FileRow.sent_at), col(FileRow.id))
    .limit(1)
)
_DUE_BY_CHANNEL = (
    select(FileRow.channel, func.count()).where(*_IS_DUE).group_by(col(FileRow.channel)).order_by(col(FileRow.channel))
)


def expect(
    uow: UnitOfWork,
    *,
    inbox: int,
    position: int,
    person: int,
    channel: str,
    key: str,
    kind: str,
    name: str,
    sent_at: datetime,
    asked_at: datetime,
) -> int:
    """Note a file that is to be fetched; return its id."""
    file_id = new_id()
    uow.insert(
        FileRow,
        id=file_id,
        inbox=inbox,
        position=position,
        person=person,
        channel=channel,
        key=key,
        kind=kind,
        name=name,
        sent_at=sent_at,
        asked_at=asked_at,
        next_try=asked_at,
    )
    return file_id


def get(uow: UnitOfWork, file_id: int) -> FileRow:
    """The file with that id, held until the end of the transaction; KeyError if there is none."""
    row = uow.row(uow.for_update(select(FileRow).where(FileRow.id == file_id)))
    if row is None:
        raise KeyError(file_id)
    return row


def attach(uow: UnitOfWork, file_ids: Collection[int], obligation: int | None, number: str) -> None:
    """Say to what the files belong; `number` is the report's, empty where none is in yet.

    An unscheduled report answers no obligation: its files are known by its number alone. What belongs to something
    already stays there, so that what proves an entry is neither taken away nor replaced (R64).
    """
    loose = (col(FileRow.obligation).is_(None), FileRow.number == "")
    uow.update(FileRow, col(FileRow.id).in_(file_ids), *loose, obligation=obligation, number=number)


def of_obligation(uow: UnitOfWork, obligation: int) -> Sequence[FileRow]:
    """What is attached to an obligation, oldest first: stored, or still on its way."""
    kept = (FileStatus.STORED.value, FileStatus.WAITING.value)
    return uow.rows(
        select(FileRow).where(FileRow.obligation == obligation, col(FileRow.status).in_(kept)).order_by(col(FileRow.id))
    )


def of_number(uow: UnitOfWork, number: str) -> Sequence[FileRow]:
    """What is attached under that number, oldest first: stored, or still on its way."""
    kept = (FileStatus.STORED.value, FileStatus.WAITING.value)
    return uow.rows(
        select(FileRow).where(FileRow.number == number, col(FileRow.status).in_(kept)).order_by(col(FileRow.id))
    )


def named(uow: UnitOfWork, file_ids: Collection[int]) -> Sequence[FileRow]:
    """The files with these ids, oldest first."""
    return uow.rows(select(FileRow).where(col(FileRow.id).in_(file_ids)).order_by(col(FileRow.id)))


def last_sent(uow: UnitOfWork, person: int, since: datetime, limit: int) -> Sequence[FileRow]:
    """Up to `limit` files that a person sent last, not before `since` and not refused or lost; oldest first."""
    kept = (FileStatus.STORED.value, FileStatus.WAITING.value)
    newest = (
        select(FileRow)
        .where(FileRow.person == person, col(FileRow.status).in_(kept), col(FileRow.asked_at) >= since)
        .order_by(col(FileRow.id).desc())
        .limit(limit)
    )
    return uow.rows(newest)[::-1]


def due(uow: UnitOfWork, *, now: datetime, real_ms: int) -> dict[str, int]:
    """How many files may be fetched now, by channel."""
    return dict(uow.rows(_DUE_BY_CHANNEL, now=now, real_ms=real_ms))


def claim(uow: UnitOfWork, channel: str, *, now: datetime, real_ms: int, lease_until: int) -> FileRow | None:
    """Take the file of a channel that will be gone first for one attempt; nobody else takes it meanwhile."""
    row = uow.row(uow.for_update(_DUE, skip_locked=True), channel=channel, now=now, real_ms=real_ms)
    if row is None:
        return None
    taken = {"attempts": row.attempts + 1, "lease_until": lease_until}
    uow.update(FileRow, FileRow.id == row.id, **taken)
    return row.model_copy(update=taken)


def next_moment(uow: UnitOfWork) -> datetime | None:
    """When the next file is to be fetched; None when none waits."""
    return uow.row(select(FileRow.next_try).where(_IS_WAITING).order_by(col(FileRow.next_try)).limit(1))


def try_again(uow: UnitOfWork, file_id: int, *, at: datetime, reason: str) -> None:
    """An attempt failed: let go of the file until `at`."""
    uow.update(
        FileRow,
        FileRow.id == file_id,
        FileRow.status == FileStatus.WAITING.value,
        next_try=at,
        lease_until=0,
        reason=reason,
    )


def end(
    uow: UnitOfWork,
    file_id: int,
    status: FileStatus,
    *,
    at: datetime,
    reason: str = "",
    sha256: str = "",
    size: int = 0,
    type_: str = "",
) -> bool:
    """Write down what became of a file; False where that is known already."""
    changed = uow.update(
        FileRow,
        FileRow.id == file_id,
        FileRow.status == FileStatus.WAITING.value,
        status=status.value,
        finished_at=at,
        lease_until=0,
        reason=reason,
        sha256=sha256,
        size=size,
        type=type_,
    )
    return changed == 1


def stored_contents(uow: UnitOfWork) -> Sequence[tuple[str, int]]:
    """Hash and size of every content that some row says is stored, each once."""
    rows = uow.execute(
        select(FileRow.sha256, func.max(FileRow.size))
        .where(FileRow.status == FileStatus.STORED.value)
        .group_by(col(FileRow.sha256))
        .order_by(col(FileRow.sha256))
    )
    return [(digest, size) for digest, size in rows]


def with_content(uow: UnitOfWork, sha256: str) -> Sequence[FileRow]:
    """Every sending of one stored content, oldest first."""
    return uow.rows(
        select(FileRow)
        .where(FileRow.sha256 == sha256, FileRow.status == FileStatus.STORED.value)
        .order_by(col(FileRow.id))
    )
