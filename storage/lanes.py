"""How much has left on a channel or to one recipient there, counted from the attempts: no restart forgets it."""

from datetime import datetime, timedelta

from sqlalchemy import Index, bindparam, func, or_
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.columns import Moment
from storage.ids import new_id
from storage.outbox import GROUP_ROBOT, AttemptRow, OutboxRow
from storage.unit_of_work import UnitOfWork


class LaneRow(SQLModel, table=True):
    """One channel's lane. Held by whoever takes messages from it, so that two replicas never count at once."""

    __tablename__ = "lane"

    channel: str = Field(primary_key=True)


class ErrandRow(SQLModel, table=True):
    """Calls of a platform's API that send no message: a finished card, a file. Only a month's budget counts them."""

    __tablename__ = "errand"
    __table_args__ = (Index("ix_errand_channel_at", "channel", "at"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str
    at: datetime = Field(sa_type=Moment)
    calls: int


_LONGEST_SEND = timedelta(minutes=5)
"""An attempt that was begun so long ago has ended, or died with its sender."""
_LANE = select(LaneRow).where(col(LaneRow.channel) == bindparam("channel"))
_WITHIN = (
    col(AttemptRow.channel) == bindparam("channel"),
    col(AttemptRow.started_at) > bindparam("earliest"),
    or_(col(AttemptRow.ended_at).is_(None), col(AttemptRow.ended_at) > bindparam("since")),
)
_TO = col(AttemptRow.recipient) == bindparam("recipient")
_CALLS: SelectOfScalar[int] = select(func.coalesce(func.sum(AttemptRow.calls), 0)).where(*_WITHIN)
_BY_APP = col(AttemptRow.recipient) != GROUP_ROBOT
_CALLS_OF_APP = _CALLS.where(_BY_APP)
_CALLS_TO = _CALLS.where(_TO)
_ERRANDS: SelectOfScalar[int] = select(func.coalesce(func.sum(ErrandRow.calls), 0)).where(
    col(ErrandRow.channel) == bindparam("channel"), col(ErrandRow.at) > bindparam("since")
)
_TIMES = select(AttemptRow.ended_at, AttemptRow.calls).where(*_WITHIN).order_by(col(AttemptRow.id))
_TIMES_OF_APP = _TIMES.where(_BY_APP)
_TIMES_TO = _TIMES.where(_TO)
_HIGHEST_OF_EQUALS = (
    select(func.max(OutboxRow.said_before))
    .join(AttemptRow, col(AttemptRow.outbox) == col(OutboxRow.id))
    .where(
        col(AttemptRow.channel) == bindparam("channel"),
        col(AttemptRow.recipient) == bindparam("recipient"),
        col(AttemptRow.started_at) > bindparam("since"),
        col(AttemptRow.words) == bindparam("words"),
    )
)


def hold(uow: UnitOfWork, channel: str) -> None:
    """Keep other replicas from taking messages of this channel until the transaction ends."""
    uow.insert_if_new(LaneRow, channel=channel)
    uow.row(uow.for_update(_LANE), channel=channel)


def note(uow: UnitOfWork, channel: str, at: datetime, calls: int = 1) -> None:
    """Write down calls of the channel's API that sent no message."""
    uow.insert(ErrandRow, id=new_id(), channel=channel, at=at, calls=calls)


def spent_since(uow: UnitOfWork, channel: str, since: datetime) -> int:
    """All calls of the channel's API after `since`: messages, the group robot's too, and errands beside them."""
    messages = uow.value(_CALLS, channel=channel, since=since, earliest=since - _LONGEST_SEND)
    errands = uow.value(_ERRANDS, channel=channel, since=since)
    return int(messages or 0) + int(errands or 0)  # a sum is a Decimal on PostgreSQL


def calls_since(uow: UnitOfWork, channel: str, since: datetime, recipient: str | None = None) -> int:
    """Messages of the channel's app after `since`, or those to one recipient; failed ones count too.

    What the group's own robot says is none of the app's: the platform counts it apart.


    The platform counts when they reach it, which is at their end at the latest: those under way count in any case.
    """
    if recipient is None:
        found = uow.value(_CALLS_OF_APP, channel=channel, since=since, earliest=since - _LONGEST_SEND)
    else:
        found = uow.value(_CALLS_TO, channel=channel, since=since, earliest=since - _LONGEST_SEND, recipient=recipient)
    return int(found or 0)  # a sum is a Decimal on PostgreSQL


def calls_in_order(
    uow: UnitOfWork, channel: str, since: datetime, now: datetime, recipient: str | None = None
) -> list[tuple[datetime, int]]:
    """The same calls with the moments of their end, oldest first; what is under way counts as of now."""
    earliest = since - _LONGEST_SEND
    if recipient is None:
        found = uow.rows(_TIMES_OF_APP, channel=channel, since=since, earliest=earliest)
    else:
        found = uow.rows(_TIMES_TO, channel=channel, since=since, earliest=earliest, recipient=recipient)
    return sorted((ended or now, calls) for ended, calls in found)


def next_number(uow: UnitOfWork, channel: str, recipient: str, words: str, since: datetime) -> int:
    """The number of a message among those with equal words to the recipient after `since`: 0 for the first.

    One more than the highest, not the count: a count falls as the window moves on, and would give a number twice.
    """
    highest = uow.value(_HIGHEST_OF_EQUALS, channel=channel, recipient=recipient, words=words, since=since)
    return 0 if highest is None else highest + 1
