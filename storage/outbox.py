"""Outbox: messages committed with the change that causes them, delivered afterwards.

States: queued → sending → sent | retry | unknown | dead, or withdrawn(reason) before it leaves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Index, bindparam, func, text
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.columns import JsonText, Moment
from storage.ids import new_id
from storage.roster import address
from storage.unit_of_work import UnitOfWork


class Priority(IntEnum):
    """Who goes first: answers to people, then escalations, then reminders, then bulk."""

    ANSWER = 0
    ESCALATION = 1
    REMINDER = 2
    BULK = 3


class Status(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


GROUP_ROBOT = "webhook"
"""The recipient that stands for the group behind a channel's own group robot: it knows no idempotency keys."""
PRESSED, ANSWERED = "pressed", "answered"
"""Keys of `extra`: the platform's id of the card whose button was pressed; whether its question is closed now."""
WAITING = (Status.QUEUED.value, Status.RETRY.value)
ENDED = (Status.UNKNOWN, Status.DEAD, Status.WITHDRAWN)
"""It has not arrived, as far as we know, and is not tried again."""
_WAITING_SQL = text("status IN ('queued', 'retry')")
# Written out in queries as in the index: SQLite uses a partial index only for a condition without parameters.
IS_WAITING = text("outbox.status IN ('queued', 'retry')")


class OutboxRow(SQLModel, table=True):
    """One message to one recipient. `key` makes it unique for us and is the platform's idempotency key."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "channel",
            "priority",
            "not_before",
            "id",
            sqlite_where=_WAITING_SQL,
            postgresql_where=_WAITING_SQL,
        ),
        Index("ix_outbox_person_queued_at", "person", "queued_at"),
        Index("ix_outbox_channel_platform_id", "channel", "platform_id"),
        Index(
            "ix_outbox_sending",
            "lease_until",
            sqlite_where=text("status = 'sending'"),
            postgresql_where=text("status = 'sending'"),
        ),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    key: str = Field(unique=True)
    channel: str
    recipient: str
    to_group: bool = False
    person: int | None = Field(default=None, foreign_key="person.id")
    priority: int
    notice: dict[str, Any] = Field(sa_type=JsonText)
    initiated: bool = False
    """True for what the bot starts by itself: these count against the caps of the burden rules."""
    queued_at: datetime = Field(sa_type=Moment)
    not_before: datetime = Field(sa_type=Moment)
    status: str = Status.QUEUED.value
    attempts: int = 0
    first_sent_at: datetime | None = Field(default=None, sa_type=Moment)
    lease_by: str = ""
    lease_until: int = 0
    """Real clock, epoch milliseconds: leases do not follow the domain's clock."""
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    platform_id: str = ""
    reason: str = ""
    maybe_shown: bool = False
    """An attempt's answer was lost: a later one must say the same words under the same key."""
    pieces_sent: int = 0
    """So many of the messages that it takes on its platform were accepted: a later attempt sends the rest."""
    said_before: int = 0
    """How many others with the same words went to the recipient shortly before, judged at the first attempt."""
    extra: dict[str, Any] | None = Field(default=None, sa_type=JsonText)
    """What the platform wants to see again, from the message that this answers.

    Whoever has it may speak in our place: it is erased as soon as the message is on its way no more.
    """


class AboutRow(SQLModel, table=True):
    """What a message is about, so that it is withdrawn when it has become pointless."""

    __tablename__ = "outbox_about"
    __table_args__ = (UniqueConstraint("outbox", "obligation"), Index("ix_outbox_about_obligation", "obligation"))

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    outbox: int = Field(foreign_key="outbox.id")
    obligation: int = Field(foreign_key="obligation.id")
    round: int
    state: str
    """The obligation's state that the message rests on; in another state it is pointless."""
    urging: bool = False
    """True where its acceptance by the platform is the fact 'urged'."""


class AttemptRow(SQLModel, table=True):
    """One try to send, kept for ever: the audit of delivery."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("outbox", "n"),
        Index("ix_attempt_channel_started_at", "channel", "started_at"),
        Index("ix_attempt_channel_recipient_started_at", "channel", "recipient", "started_at"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    outbox: int = Field(foreign_key="outbox.id")
    n: int
    started_at: datetime = Field(sa_type=Moment)
    result: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    """None while it is under way: until then nobody knows when the platform counts it."""
    channel: str = ""
    recipient: str = ""
    calls: int = 1
    """API calls that it takes: what the platform's limits count."""
    words: str = ""
    """A digest of what was said, on platforms that swallow repeated words."""


@dataclass(frozen=True)
class About:
    """An obligation in one round and state."""

    obligation: int
    round: int
    state: str
    urging: bool = False


_ABOUT = select(AboutRow).where(col(AboutRow.outbox) == bindparam("message")).order_by(col(AboutRow.id))
_WAITING_ABOUT = (
    select(OutboxRow)
    .join(AboutRow, col(AboutRow.outbox) == col(OutboxRow.id))
    .where(col(AboutRow.obligation) == bindparam("obligation"), IS_WAITING)
)
_INITIATED_SINCE = (
    select(func.count())
    .select_from(OutboxRow)
    .where(
        col(OutboxRow.person) == bindparam("person"),
        col(OutboxRow.initiated).is_(True),
        col(OutboxRow.status) != Status.WITHDRAWN.value,
        col(OutboxRow.queued_at) >= bindparam("since"),
    )
)


def put(
    uow: UnitOfWork,
    *,
    key: str,
    channel: str,
    recipient: str,
    notice: dict[str, Any],
    priority: Priority,
    queued_at: datetime,
    not_before: datetime | None = None,
    to_group: bool = False,
    person: int | None = None,
    initiated: bool = False,
    about: Iterable[About] = (),
    extra: Mapping[str, str] | None = None,
) -> bool:
    """Queue a message; False when one with that key is there already."""
    outbox_id = new_id()
    if not uow.insert_if_new(
        OutboxRow,
        id=outbox_id,
        key=key,
        channel=channel,
        recipient=recipient,
        to_group=to_group,
        person=person,
        priority=int(priority),
        notice=notice,
        initiated=initiated,
        queued_at=queued_at,
        not_before=not_before or queued_at,
        extra=dict(extra) if extra else None,
    ):
        return False
    for item in about:
        uow.insert(
            AboutRow,
            id=new_id(),
            outbox=outbox_id,
            obligation=item.obligation,
            round=item.round,
            state=item.state,
            urging=item.urging,
        )
    return True


def tell(
    uow: UnitOfWork,
    person: int,
    notice: dict[str, Any],
    *,
    key: str,
    priority: Priority,
    queued_at: datetime,
    not_before: datetime | None = None,
    initiated: bool = True,
    about: Iterable[About] = (),
) -> bool:
    """Queue a message to a person on the channel where they are reached; False when they are on none."""
    found = address(uow, person)
    if found is None:
        return False
    put(
        uow,
        key=key,
        channel=found.channel,
        recipient=found.account,
        person=person,
        notice=notice,
        priority=priority,
        queued_at=queued_at,
        not_before=not_before,
        initiated=initiated,
        about=about,
    )
    return True


def set_status(
    uow: UnitOfWork, outbox_id: int, status: Status, *, at: datetime, reason: str, maybe_shown: bool = False
) -> None:
    """Move a message nobody holds to another state; `maybe_shown` when its sender died before it heard an answer."""
    values: dict[str, Any] = {"status": status.value, "reason": reason, "lease_by": "", "lease_until": 0}
    if maybe_shown:
        values["maybe_shown"] = True
    values["finished_at"] = at if status in ENDED else None
    if status in ENDED:
        values["extra"] = None
    uow.update(OutboxRow, OutboxRow.id == outbox_id, **values)


def by_keys(uow: UnitOfWork, keys: Sequence[str]) -> Sequence[OutboxRow]:
    """The messages with those keys, whatever became of them."""
    return uow.rows(select(OutboxRow).where(col(OutboxRow.key).in_(keys))) if keys else ()


def about(uow: UnitOfWork, outbox_id: int) -> Sequence[AboutRow]:
    """What a message is about."""
    return uow.rows(_ABOUT, message=outbox_id)


def waiting_about(uow: UnitOfWork, obligation: int) -> Sequence[OutboxRow]:
    """Messages about an obligation that have not left yet."""
    return uow.rows(_WAITING_ABOUT, obligation=obligation)


def pressed_card(uow: UnitOfWork, answer: OutboxRow) -> OutboxRow | None:
    """The message whose button `answer` answers; None where the platform does not name it, or it is none of ours."""
    pressed = (answer.extra or {}).get(PRESSED)
    if not pressed:
        return None
    return uow.row(
        select(OutboxRow)
        .where(
            col(OutboxRow.person) == answer.person,
            col(OutboxRow.channel) == answer.channel,
            col(OutboxRow.platform_id) == pressed,
        )
        .limit(1)
    )


def initiated_since(uow: UnitOfWork, person: int, since: datetime) -> int:
    """How many messages the bot has started to a person since then; withdrawn ones were never seen."""
    return uow.value(_INITIATED_SINCE, person=person, since=since) or 0


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How many messages stand in each state."""
    rows = uow.execute(select(OutboxRow.status, func.count()).group_by(col(OutboxRow.status)))
    return {status: count for status, count in rows}  # noqa: C416 - rows, not pairs
