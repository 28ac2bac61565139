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
MOST_ASIDE = 20
"""Of so many other bodies under one signature each is kept aside; of any more only how many they are."""
ASIDE_LIVES = timedelta(days=35)
"""For so long what was kept aside can be looked at: a month, and the days until somebody asks."""


class Seen(StrEnum):
    """What the inbox says of a message."""

    NEW = "new"
    REPEAT = "repeat"
    OTHER_CONTENT = "other content"
    TOO_MANY = "too many"
    """Other content, and more of it than is kept under one signature: counted, and nothing else."""


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
    __table_args__ = (
        UniqueConstraint("channel", "message_id", "fingerprint"),
        Index("ix_kept_aside_received_at", "received_at"),
    )

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
    others: int = 0
    """How many other bodies have come under it."""


_KEPT = select(InboxRow.fingerprint).where(
    col(InboxRow.channel) == bindparam("channel"), col(InboxRow.message_id) == bindparam("message_id")
)
"""What was kept under a message's id."""
_SIGNATURE = select(SignatureRow).where(
    col(SignatureRow.channel) == bindparam("channel"), col(SignatureRow.digest) == bindparam("digest")
)
_ASIDE = select(KeptAsideRow.id).where(
    col(KeptAsideRow.channel) == bindparam("channel"),
    col(KeptAsideRow.message_id) == bindparam("message_id"),
    col(KeptAsideRow.fingerprint) == bindparam("fingerprint"),
)
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


def forget(uow: UnitOfWork, now: datetime) -> int:
    """Drop the signatures that no platform's window takes any more, and what has lain aside long enough; how many."""
    signatures = delete(SignatureRow).where(col(SignatureRow.received_at) < now - SIGNATURES_LIVE)
    aside = delete(KeptAsideRow).where(col(KeptAsideRow.received_at) < now - ASIDE_LIVES)
    return uow.execute(signatures).rowcount + uow.execute(aside).rowcount


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
    spent: str = "",
) -> tuple[Seen, int]:
    """Take a message in once. Returns what it is and the inbox id (0 unless it is new).

    `spent`: the digest of its signature, where that has proven another body. Then it is new in no case; and of
    whoever writes on and on under it no more than the first are kept aside.
    """
    mark = fingerprint(sender, conversation, text)
    inbox_id = new_id()
    if not spent and uow.insert_if_new(
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
    aside = {"channel": channel, "message_id": message_id, "fingerprint": mark}
    if spent and not _has_place(uow, spent, aside):
        return Seen.TOO_MANY, 0
    kept = uow.insert_if_new(KeptAsideRow, id=new_id(), **aside, sender=sender, received_at=received_at)
    return (Seen.OTHER_CONTENT if kept else Seen.REPEAT), 0


def _has_place(uow: UnitOfWork, signature: str, aside: dict[str, str]) -> bool:
    """Whether what came under a spent signature lies aside, or may; it is counted unless it does."""
    # Held, so that what comes at once is counted in turn.
    row = uow.row(uow.for_update(_SIGNATURE), channel=aside["channel"], digest=signature)
    assert row is not None, "it has proven another body"
    if uow.value(_ASIDE, **aside) is not None:
        return True
    uow.update_at(SignatureRow, {"channel": row.channel, "digest": row.digest}, others=row.others + 1)
    return row.others < MOST_ASIDE


def park(uow: UnitOfWork, inbox_id: int) -> None:
    """Mark a message whose handler failed."""
    uow.update(InboxRow, InboxRow.id == inbox_id, parked=True)
