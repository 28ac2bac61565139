"""Appeals 申诉: one ledger entry, the words of those concerned, the day for an answer, and the answer (R102).

Everything here only grows: an appeal, each day that was set for it, and the one answer that it gets. Whoever makes or
answers one holds the entry's account first (storage.ledger.hold), so that corrections and answers take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Field, SQLModel, col, select

from storage import outbox
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.outbox import IS_WAITING, OutboxRow, Status
from storage.unit_of_work import UnitOfWork

LETTER = "A"
NO_LONGER_DUE = "申诉期限已变或已答复"


class AppealRow(SQLModel, table=True):
    """One appeal, in the words in which it was made; an entry is appealed against once."""

    __tablename__ = "appeal"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """E.g. A-2608-3. Its evidence is what storage/files holds under it."""
    programme: int = Field(foreign_key="programme.id", index=True)
    entry: int = Field(foreign_key="entry.id", unique=True)
    unit: int = Field(foreign_key="unit.id")
    person: int = Field(foreign_key="person.id", index=True)
    text: str
    made_at: datetime = Field(sa_type=Moment)


class AppealDayRow(SQLModel, table=True):
    """A day by which the office is to answer; the newest holds."""

    __tablename__ = "appeal_day"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    appeal: int = Field(foreign_key="appeal.id", index=True)
    day: date
    set_by: int | None = Field(default=None, foreign_key="person.id")
    """None where the measure itself sets it."""
    set_at: datetime = Field(sa_type=Moment)


class AppealAnswerRow(SQLModel, table=True):
    """The office's answer."""

    __tablename__ = "appeal_answer"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    appeal: int = Field(foreign_key="appeal.id", unique=True)
    upheld: bool
    reason: str
    answered_by: int = Field(foreign_key="person.id")
    answered_at: datetime = Field(sa_type=Moment)


for _row in (AppealRow, AppealDayRow, AppealAnswerRow):
    append_only(_row)


@dataclass(frozen=True)
class Appeal:
    """An appeal as it stands."""

    row: AppealRow
    day: date | None
    """By when it is to be answered; None while nobody has set that."""
    answer: AppealAnswerRow | None

    @property
    def number(self) -> str:
        """What people call it by."""
        return self.row.number


def make(
    uow: UnitOfWork, *, number: str, programme: int, entry: int, unit: int, person: int, text: str, at: datetime
) -> Appeal | None:
    """Put an appeal on record; None where the entry has one already."""
    row = AppealRow(
        id=new_id(), number=number, programme=programme, entry=entry, unit=unit, person=person, text=text, made_at=at
    )
    return Appeal(row, None, None) if uow.insert_if_new(AppealRow, **row.model_dump()) else None


def by_number(uow: UnitOfWork, number: str) -> Appeal | None:
    """The appeal with that number."""
    return _whole(uow, uow.row(select(AppealRow).where(AppealRow.number == number)))


def of_entry(uow: UnitOfWork, entry: int) -> Appeal | None:
    """The appeal against that entry."""
    return _whole(uow, uow.row(select(AppealRow).where(AppealRow.entry == entry)))


def last_by(uow: UnitOfWork, person: int, since: datetime) -> AppealRow | None:
    """The newest appeal of a person, not older than `since`."""
    query = select(AppealRow).where(AppealRow.person == person, col(AppealRow.made_at) >= since)
    return uow.row(query.order_by(col(AppealRow.made_at).desc(), col(AppealRow.id).desc()).limit(1))


def open_ones(uow: UnitOfWork, programme: int) -> list[Appeal]:
    """A programme's appeals that wait for an answer, oldest first."""
    return [Appeal(row, _day(uow, row.id), None) for row in _open(uow, programme)]


def disputed(uow: UnitOfWork, programme: int) -> dict[int, str]:
    """The entries 争议中 of a programme, each with the number of its appeal."""
    return {row.entry: row.number for row in _open(uow, programme)}


def set_day(uow: UnitOfWork, appeal: Appeal, day: date, *, by: int | None, at: datetime) -> None:
    """From now on it is to be answered by that day; what was to remind of another day is taken back."""
    uow.insert(AppealDayRow, id=new_id(), appeal=appeal.row.id, day=day, set_by=by, set_at=at)
    _stop_reminding(uow, appeal, at)


def answer(uow: UnitOfWork, appeal: Appeal, *, upheld: bool, reason: str, by: int, at: datetime) -> bool:
    """Write the one answer down; False where somebody was first."""
    first = uow.insert_if_new(
        AppealAnswerRow,
        id=new_id(),
        appeal=appeal.row.id,
        upheld=upheld,
        reason=reason,
        answered_by=by,
        answered_at=at,
    )
    _stop_reminding(uow, appeal, at)
    return first


def reminder_key(appeal: Appeal, day: date) -> str:
    """What the letters begin with that remind the office of that day."""
    return f"appeal due:{appeal.row.id}:{day}"


def _stop_reminding(uow: UnitOfWork, appeal: Appeal, at: datetime) -> None:
    begins = f"appeal due:{appeal.row.id}:"
    waiting = uow.rows(select(OutboxRow).where(IS_WAITING, col(OutboxRow.key).startswith(begins)))
    for message in waiting:
        outbox.set_status(uow, message.id, Status.WITHDRAWN, at=at, reason=NO_LONGER_DUE)


def _open(uow: UnitOfWork, programme: int) -> Sequence[AppealRow]:
    answered = select(AppealAnswerRow.appeal)
    return uow.rows(
        select(AppealRow)
        .where(AppealRow.programme == programme, col(AppealRow.id).not_in(answered))
        .order_by(col(AppealRow.made_at), col(AppealRow.id))
    )


def _whole(uow: UnitOfWork, row: AppealRow | None) -> Appeal | None:
    if row is None:
        return None
    given = uow.row(select(AppealAnswerRow).where(AppealAnswerRow.appeal == row.id))
    return Appeal(row, _day(uow, row.id), given)


def _day(uow: UnitOfWork, appeal: int) -> date | None:
    query = select(AppealDayRow).where(AppealDayRow.appeal == appeal).order_by(col(AppealDayRow.id).desc())
    newest = uow.row(query.limit(1))
    return newest.day if newest is not None else None
