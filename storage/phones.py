"""Telephone numbers, kept only to look up whose account is whose, and the look-ups made with them.

A number is kept for one person and one channel until the person is known there, has left, or it is erased by order.
Look-ups are counted without saying whose they were: they outlive the numbers, as the platforms' limits do.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, bindparam, delete, exists, func, or_
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import bindings
from storage.bindings import LIVES
from storage.columns import Moment
from storage.ids import new_id
from storage.roster import IdentityRow
from storage.unit_of_work import UnitOfWork

LONGEST_ASKING = timedelta(minutes=10)
"""What was begun so long ago died with whoever asked."""


class State(StrEnum):
    """What became of a number on its channel."""

    WAITING = "waiting"
    ASKING = "asking"
    FOUND = "found"
    """The office has been asked whether the account is the person's."""
    MISSED = "missed"
    """The platform knows nobody by it; the office has not been told yet."""
    TOLD = "told"
    """The same, and the office knows."""
    DECLINED = "declined"
    """The office says that the account is not the person's."""


class Outcome(StrEnum):
    """How a look-up ended; empty while it is under way."""

    UNKNOWN = ""
    FOUND = "found"
    MISSED = "missed"
    REFUSED = "refused"
    """The platform does not let us ask."""
    LOST = "lost"
    """No answer came; whether it counts is not known. What never left us is no look-up at all."""


class PhoneRow(SQLModel, table=True):
    """One person's number, to be asked of one channel. It is shown masked only, and written into no log."""

    __tablename__ = "phone"
    __table_args__ = (UniqueConstraint("person", "channel"), Index("ix_phone_channel_state", "channel", "state"))

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: int = Field(foreign_key="person.id")
    channel: str
    number: str
    state: str = State.WAITING.value
    asked_at: datetime | None = Field(default=None, sa_type=Moment)


class PhoneLookupRow(SQLModel, table=True):
    """One look-up, without the number and without the person."""

    __tablename__ = "phone_lookup"
    __table_args__ = (Index("ix_phone_lookup_channel_at", "channel", "at"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str
    at: datetime = Field(sa_type=Moment)
    outcome: str = Outcome.UNKNOWN.value


class PhoneBookRow(SQLModel, table=True):
    """The looking-up on one channel: held by whoever begins a look-up, so that two replicas never count at once."""

    __tablename__ = "phone_book"

    channel: str = Field(primary_key=True)
    told: str = ""
    """Why no more were asked, as the office heard it last."""
    told_at: datetime | None = Field(default=None, sa_type=Moment)


_BOOK = select(PhoneBookRow).where(col(PhoneBookRow.channel) == bindparam("channel"))


def keep(uow: UnitOfWork, person: int, channel: str, number: str) -> bool:
    """Keep a number to be looked up; another one than before is asked anew. False where nothing changed.

    What another number led to is not for the office to decide any more: it says nothing of this one.
    """
    theirs = (PhoneRow.person == person, PhoneRow.channel == channel)
    if uow.rows(select(PhoneRow.id).where(*theirs, PhoneRow.number == number)):
        return False
    # The requests first, as whoever decides on one: so neither waits for the other.
    bindings.outdate(uow, person, channel)
    if not uow.insert_if_new(PhoneRow, id=new_id(), person=person, channel=channel, number=number):
        uow.update(PhoneRow, *theirs, number=number, state=State.WAITING.value, asked_at=None)
    return True


def whose(uow: UnitOfWork, channel: str, number: str) -> Sequence[int]:
    """For whom a number is kept on a channel."""
    query = select(PhoneRow.person).where(PhoneRow.channel == channel, PhoneRow.number == number)
    return uow.rows(query.order_by(col(PhoneRow.id)))


def count(uow: UnitOfWork) -> int:
    """Of how many people a number is kept."""
    return int(uow.scalar(select(func.count(func.distinct(PhoneRow.person)))))


def _next(channel: str, at: datetime) -> SelectOfScalar[PhoneRow]:
    state, asked_at = col(PhoneRow.state), col(PhoneRow.asked_at)
    open_ = or_(
        state == State.WAITING.value,
        (state == State.ASKING.value) & (asked_at <= at - LONGEST_ASKING),
        (state == State.FOUND.value) & (asked_at <= at - LIVES),
    )
    return select(PhoneRow).where(PhoneRow.channel == channel, open_).order_by(col(PhoneRow.id)).limit(1)


def hold(uow: UnitOfWork, channel: str) -> PhoneBookRow:
    """Keep other replicas from beginning a look-up on this channel until the transaction ends."""
    uow.insert_if_new(PhoneBookRow, channel=channel)
    book = uow.row(uow.for_update(_BOOK), channel=channel)
    assert book is not None, "it has just been written"
    return book


def waits(uow: UnitOfWork, channel: str, at: datetime) -> bool:
    """Whether any number is to be asked on a channel."""
    return uow.row(_next(channel, at)) is not None


def begin(uow: UnitOfWork, channel: str, at: datetime) -> tuple[PhoneRow, int] | None:
    """Take the next number that is to be asked, with its look-up's id; None where nothing is to be asked.

    The look-up counts from here on, whatever becomes of whoever asks. One whose request lapsed is asked once more.
    """
    row = uow.row(uow.for_update(_next(channel, at), skip_locked=True))
    if row is None:
        return None
    uow.update(PhoneRow, PhoneRow.id == row.id, state=State.ASKING.value, asked_at=at)
    lookup = new_id()
    uow.insert(PhoneLookupRow, id=lookup, channel=channel, at=at)
    return row, lookup


def end(uow: UnitOfWork, row: PhoneRow, lookup: int, outcome: Outcome, state: State) -> bool:
    """Write down how a look-up ended; False where the number was erased or changed meanwhile."""
    uow.update(PhoneLookupRow, PhoneLookupRow.id == lookup, outcome=outcome.value)
    return bool(
        uow.update(
            PhoneRow,
            PhoneRow.id == row.id,
            PhoneRow.number == row.number,
            PhoneRow.state == State.ASKING.value,
            state=state.value,
        )
    )


def unasked(uow: UnitOfWork, row: PhoneRow, lookup: int) -> None:
    """Let it be as if a look-up had not begun: nothing of it has reached the platform."""
    end(uow, row, lookup, Outcome.UNKNOWN, State.WAITING)
    uow.execute(delete(PhoneLookupRow).where(col(PhoneLookupRow.id) == lookup))


def end_as(uow: UnitOfWork, row: PhoneRow, state: State) -> None:
    """Let a number stand otherwise than its look-up ended."""
    uow.update(PhoneRow, PhoneRow.id == row.id, state=state.value)


def made_since(uow: UnitOfWork, channel: str, since: datetime, outcomes: Collection[Outcome] = tuple(Outcome)) -> int:
    """How many look-ups were made on a channel after `since`, or how many of them ended so."""
    wanted = [outcome.value for outcome in outcomes]
    query: SelectOfScalar[int] = select(func.count()).where(
        col(PhoneLookupRow.channel) == channel,
        col(PhoneLookupRow.at) > since,
        col(PhoneLookupRow.outcome).in_(wanted),
    )
    return int(uow.scalar(query))


def endings_since(uow: UnitOfWork, channel: str, since: datetime, lately: datetime) -> dict[Outcome, tuple[int, int]]:
    """How the look-ups made on a channel after `since` ended: of each how many, and how many after `lately`.

    All in one statement: on PostgreSQL each sees what others have committed meanwhile, and a look-up that ended between
    two of them would be counted in neither.
    """
    outcome, at = col(PhoneLookupRow.outcome), col(PhoneLookupRow.at)
    query = (
        select(outcome, func.count(), func.count().filter(at > lately))
        .where(col(PhoneLookupRow.channel) == channel, at > since)
        .group_by(outcome)
    )
    return {Outcome(ending): (total, late) for ending, total, late in uow.execute(query)}


def missed(uow: UnitOfWork, channel: str) -> Sequence[PhoneRow]:
    """What the platform knows nobody by, and the office has not been told of."""
    query = select(PhoneRow).where(PhoneRow.channel == channel, PhoneRow.state == State.MISSED.value)
    return uow.rows(query.order_by(col(PhoneRow.id)))


def tell(uow: UnitOfWork, rows: Iterable[PhoneRow]) -> None:
    """The office knows of these by now."""
    for row in rows:
        uow.update(PhoneRow, PhoneRow.id == row.id, state=State.TOLD.value)


def tell_why(uow: UnitOfWork, channel: str, why: str, at: datetime) -> None:
    """The office knows by now why no more are asked."""
    uow.update(PhoneBookRow, PhoneBookRow.channel == channel, told=why, told_at=at)


def decline(uow: UnitOfWork, person: int, channel: str) -> None:
    """The account that was found is not the person's: the number that led to it is not asked again."""
    uow.update(
        PhoneRow,
        PhoneRow.person == person,
        PhoneRow.channel == channel,
        PhoneRow.state == State.FOUND.value,
        state=State.DECLINED.value,
    )


def erase(uow: UnitOfWork, people: Collection[int] | None = None, channel: str | None = None) -> int:
    """Erase the numbers of these people, or all, on a channel, or on all; return how many rows that were."""
    wanted: list[ColumnElement[bool]] = []
    if people is not None:
        wanted.append(col(PhoneRow.person).in_(people))
    if channel is not None:
        wanted.append(col(PhoneRow.channel) == channel)
    return uow.execute(delete(PhoneRow).where(*wanted)).rowcount


def tidy(uow: UnitOfWork, channels: Collection[str], staying: Collection[int]) -> int:
    """Erase what has no purpose left: who is known there or has left, and channels on which nothing is looked up."""
    bound = exists().where(
        col(IdentityRow.person) == col(PhoneRow.person), col(IdentityRow.channel) == col(PhoneRow.channel)
    )
    done = uow.execute(delete(PhoneRow).where(or_(bound, col(PhoneRow.channel).not_in(channels)))).rowcount
    holders = set(uow.rows(select(PhoneRow.person).distinct()))
    return done + erase(uow, sorted(holders - set(staying)))
