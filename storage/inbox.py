"""Inbox: (channel, platform message id) is unique. The key that makes invariant 2 true.

A signature that does not cover the body it came with proves one body, the first (decision 0016).
"""

import hashlib
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, bindparam, delete
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.columns import Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

SIGNATURES_LIVE = timedelta(days=1)
"""For so long it is remembered what came under a signature: many times as long as any platform's is taken."""


class Seen(StrEnum):
    """What the inbox says of a message."""

    NEW = "new"
    REPEAT = "repeat"
    OTHER_CONTENT = "other content"


class InboxRow(SQLModel, table=True):
    """One message taken in. `text` is empty where a classification mark forbade keeping it."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "message_id"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str
    message_id: str
    fingerprint: str
    sender: str
    conversation: str
    text: str = ""
    sent_at: datetime = Field(sa_type=Moment)
    received_at: datetime = Field(sa_type=Moment)
    late_stamp: bool = False
    """The stamp lay outside [received − 8 h, received + 5 min]: the time of receipt counts instead."""
    parked: bool = False
    """Its handler failed; kept with an alarm, nothing else of it took effect."""


class KeptAsideRow(SQLModel, table=True):
    """Known id, other content; or known signature, other body. Not executed, not dropped, asked back (decisions 9)."""

    __tablename__ = "kept_aside"
    __table_args__ = (UniqueConstraint("channel", "message_id", "fingerprint"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    channel: str
    message_id: str
    fingerprint: str
    sender: str
    received_at: datetime = Field(sa_type=Moment)


class SignatureRow(SQLModel, table=True):
    """Which body came first under a signature."""

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_received_at", "received_at"),)

    channel: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    body: str
    received_at: datetime = Field(sa_type=Moment)


_KEPT = select(InboxRow.fingerprint).where(
    col(InboxRow.channel) == bindparam("channel"), col(InboxRow.message_id) == bindparam("message_id")
)
"""What was kept under a message's id."""
_FIRST_BODY = select(SignatureRow.body).where(
    col(SignatureRow.channel) == bindparam("channel"), col(SignatureRow.digest) == bindparam("digest")
)


def fingerprint(sender: str, conversation: str, text: str) -> str:
    """What makes two deliveries the same message: sender, conversation and normalised text, not bytes."""
    normal = " ".join(unicodedata.normalize("NFKC", text).split())
    return hashlib.sha256(f"{sender}\x1f{conversation}\x1f{normal}".encode("utf-8", "surrogatepass")).hexdigest()


def comes_first(uow: UnitOfWork, *, channel: str, signature: str, body: str, received_at: datetime) -> bool:
    """Whether this is the one body that the signature proves; both are given as digests.

    Of several bodies that come at once exactly one is told True; that one is told so again whenever it is repeated.
    """
    row = {"channel": channel, "digest": signature}
    if uow.insert_if_new(SignatureRow, **row, body=body, received_at=received_at):
        return True
    return uow.value(_FIRST_BODY, **row) == body


def forget_signatures(uow: UnitOfWork, now: datetime) -> int:
    """Drop the signatures that no platform's window takes any more; how many there were."""
    return uow.execute(delete(SignatureRow).where(col(SignatureRow.received_at) < now - SIGNATURES_LIVE)).rowcount


def admit(
    uow: UnitOfWork,
    *,
    channel: str,
    message_id: str,
    sender: str,
    conversation: str,
    text: str,
    keep_text: bool,
    sent_at: datetime,
    received_at: datetime,
    late_stamp: bool,
    proven: bool = True,
) -> tuple[Seen, int]:
    """Take a message in once. Returns what it is and the inbox id (0 unless it is new).

    One that is not `proven`, since its signature was another body's, is new in no case.
    """
    mark = fingerprint(sender, conversation, text)
    inbox_id = new_id()
    if proven and uow.insert_if_new(
        InboxRow,
        id=inbox_id,
        channel=channel,
        message_id=message_id,
        fingerprint=mark,
        sender=sender,
        conversation=conversation,
        text=text if keep_text else "",
        sent_at=sent_at,
        received_at=received_at,
        late_stamp=late_stamp,
    ):
        return Seen.NEW, inbox_id
    if uow.value(_KEPT, channel=channel, message_id=message_id) == mark:
        return Seen.REPEAT, 0
    kept = uow.insert_if_new(
        KeptAsideRow,
        id=new_id(),
        channel=channel,
        message_id=message_id,
        fingerprint=mark,
        sender=sender,
        received_at=received_at,
    )
    return (Seen.OTHER_CONTENT if kept else Seen.REPEAT), 0


def park(uow: UnitOfWork, inbox_id: int) -> None:
    """Mark a message whose handler failed."""
    uow.update(InboxRow, InboxRow.id == inbox_id, parked=True)
