"""Requests 绑定: from which account somebody asked to be known, in which words, and what an office made of it.

A request never changes once it is made: whoever words it anew makes another one, so that an office agrees to what
it has read. One that nobody decided lapses by itself.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, func, text
from sqlmodel import Field, SQLModel, col, select

from storage import counters, roster
from storage.columns import Moment
from storage.ids import new_id
from storage.roster import IdentityRow
from storage.unit_of_work import UnitOfWork

LIVES = timedelta(days=7)
MOST_A_DAY = 3
"""From one account in 24 hours: whoever is unknown cannot flood an office."""
LETTER = "B"
_OPEN = text("state = 'open'")


class State(StrEnum):
    """Where a request stands; one that has lapsed is still `open`, but not found any more."""

    OPEN = "open"
    REPLACED = "replaced"
    """The same account has asked in other words since."""
    AGREED = "agreed"
    DECLINED = "declined"
    OUTDATED = "outdated"
    """The number that led to the account is no longer the person's in the roster."""


class BindRequestRow(SQLModel, table=True):
    """One request; `name` and `unit` are as understood from its words and prove nothing."""

    __tablename__ = "bind_request"
    __table_args__ = (
        Index(
            "ix_bind_request_open",
            "channel",
            "tenant",
            "account",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_bind_request_asked_at", "channel", "tenant", "account", "asked_at"),
        Index("ix_bind_request_number", "number"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = ""
    channel: str
    tenant: str
    account: str
    words: str
    name: str
    unit: str
    asked_at: datetime = Field(sa_type=Moment)
    state: str = State.OPEN.value
    person: int | None = Field(default=None, foreign_key="person.id")
    """To whom the account was bound."""
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str = ""
    found_for: int | None = Field(default=None, foreign_key="person.id")
    """For whom the account was found by telephone number; None where somebody asked from it."""

    def is_open(self, now: datetime) -> bool:
        """Whether an office may still decide it."""
        return self.state == State.OPEN.value and now - self.asked_at < LIVES


class FormerAccountRow(SQLModel, table=True):
    """An account that was a person's until an office ended it: who it was, where a roster names it once more."""

    __tablename__ = "former_account"
    __table_args__ = (
        Index("ix_former_account_account", "channel", "tenant", "account"),
        Index("ix_former_account_person", "person"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: int = Field(foreign_key="person.id")
    channel: str
    tenant: str
    account: str
    ended_at: datetime = Field(sa_type=Moment)


def ask(
    uow: UnitOfWork,
    *,
    channel: str,
    tenant: str,
    account: str,
    words: str,
    name: str,
    unit: str,
    now: datetime,
    day: date,
) -> BindRequestRow | None:
    """Open a request, in the place of the account's older one; None for the same words again, or too many a day."""
    mine = (
        col(BindRequestRow.channel) == channel,
        col(BindRequestRow.tenant) == tenant,
        col(BindRequestRow.account) == account,
    )
    older = uow.row(uow.for_update(select(BindRequestRow).where(*mine, _OPEN)))
    if older is not None and older.words == words and older.is_open(now):
        return None
    lately = select(func.count()).where(*mine, col(BindRequestRow.asked_at) > now - timedelta(days=1))
    if uow.scalar(lately) >= MOST_A_DAY:
        return None
    if older is not None:
        uow.update(BindRequestRow, BindRequestRow.id == older.id, state=State.REPLACED.value)
    request = new_id()
    values = {"channel": channel, "tenant": tenant, "account": account, "words": words, "name": name, "unit": unit}
    # The number is taken only by what is stored: of two messages at once one finds the place taken.
    if not uow.insert_if_new(BindRequestRow, id=request, asked_at=now, **values):
        return None
    uow.update(BindRequestRow, BindRequestRow.id == request, number=counters.number(uow, LETTER, day))
    return get(uow, request)


def found(
    uow: UnitOfWork, *, channel: str, tenant: str, account: str, person: int, words: str, now: datetime, day: date
) -> BindRequestRow | None:
    """Open a request for an account that was found by a person's telephone number.

    None where one from that account is open: whoever asked from it is decided on first.
    """
    query = select(BindRequestRow).where(
        col(BindRequestRow.channel) == channel,
        col(BindRequestRow.tenant) == tenant,
        col(BindRequestRow.account) == account,
        _OPEN,
    )
    older = uow.row(uow.for_update(query))
    if older is not None and older.is_open(now):
        return None
    if older is not None:
        uow.update(BindRequestRow, BindRequestRow.id == older.id, state=State.REPLACED.value)
    request = new_id()
    values = {"channel": channel, "tenant": tenant, "account": account, "words": words, "name": "", "unit": ""}
    if not uow.insert_if_new(BindRequestRow, id=request, asked_at=now, found_for=person, **values):
        return None
    uow.update(BindRequestRow, BindRequestRow.id == request, number=counters.number(uow, LETTER, day))
    return get(uow, request)


def outdate(uow: UnitOfWork, person: int, channel: str) -> None:
    """Close what a person's number led to on a channel: the roster has another number for them since."""
    theirs = (BindRequestRow.found_for == person, BindRequestRow.channel == channel)
    uow.update(BindRequestRow, *theirs, BindRequestRow.state == State.OPEN.value, state=State.OUTDATED.value)


def numbered(uow: UnitOfWork, number: str) -> BindRequestRow | None:
    """The request of that short number, locked until the transaction ends."""
    return uow.row(uow.for_update(select(BindRequestRow).where(BindRequestRow.number == number)))


def get(uow: UnitOfWork, request: int) -> BindRequestRow:
    """The request with that id, locked until the transaction ends; it must exist."""
    row = uow.row(uow.for_update(select(BindRequestRow).where(BindRequestRow.id == request)))
    assert row is not None, "requests are never deleted"
    return row


def undecided(uow: UnitOfWork, now: datetime) -> Sequence[BindRequestRow]:
    """The requests that an office may still decide, oldest first."""
    query = select(BindRequestRow).where(_OPEN, col(BindRequestRow.asked_at) > now - LIVES)
    return uow.rows(query.order_by(col(BindRequestRow.id)))


def end_account(uow: UnitOfWork, identity: IdentityRow, at: datetime) -> None:
    """End a platform id at once, and remember whose it was."""
    roster.unbind(uow, identity.id)
    uow.insert(
        FormerAccountRow,
        id=new_id(),
        person=identity.person,
        channel=identity.channel,
        tenant=identity.tenant,
        account=identity.account,
        ended_at=at,
    )


def any_former(uow: UnitOfWork) -> bool:
    """Whether any account has ever been ended."""
    return bool(uow.rows(select(FormerAccountRow.id).limit(1)))


def formerly(uow: UnitOfWork, channel: str, tenant: str, account: str) -> int | None:
    """Whose account it was last, before it was ended; None where nobody's was."""
    query = select(FormerAccountRow.person).where(
        col(FormerAccountRow.channel) == channel,
        col(FormerAccountRow.tenant) == tenant,
        col(FormerAccountRow.account) == account,
    )
    found = uow.rows(query.order_by(col(FormerAccountRow.id).desc()).limit(1))
    return found[0] if found else None


def lost_theirs(uow: UnitOfWork, people: Collection[int], channel: str) -> frozenset[int]:
    """Who of these had an account on a channel that was ended, and has none there now."""
    ended: list[int] = uow.rows(
        select(FormerAccountRow.person).where(
            col(FormerAccountRow.person).in_(people), col(FormerAccountRow.channel) == channel
        )
    )
    known: list[int] = uow.rows(
        select(IdentityRow.person).where(col(IdentityRow.person).in_(people), col(IdentityRow.channel) == channel)
    )
    return frozenset(ended) - frozenset(known)


def decide(
    uow: UnitOfWork,
    request: int,
    state: State,
    *,
    by: int,
    at: datetime,
    person: int | None = None,
    reason: str = "",
) -> None:
    """Close a request; `person`: to whom the account was bound."""
    values = {"state": state.value, "decided_by": by, "decided_at": at, "person": person, "reason": reason}
    uow.update(BindRequestRow, BindRequestRow.id == request, **values)
