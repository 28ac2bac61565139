"""Who is who: units, people, posts and the platform ids by which people are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy
from sqlalchemy import bindparam, delete
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.roster import Person, Post, Role, Roster, Unit
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

FOREVER_AGO = date(1900, 1, 1)
FOR_GOOD = date(9999, 12, 31)


class UnitRow(SQLModel, table=True):
    """A unit; `position` is its place in the office's own list, which is the order of every answer."""

    __tablename__ = "unit"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str = Field(unique=True)
    aliases: str = ""
    peers: str = ""
    position: int = 0
    first_day: date = FOREVER_AGO
    last_day: date = FOR_GOOD


class PersonRow(SQLModel, table=True):
    """A person; the name is for showing only."""

    __tablename__ = "person"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    name: str


class PostRow(SQLModel, table=True):
    """One role of one person in one unit, with its days."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("person", "unit", "role", "first_day"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: int = Field(foreign_key="person.id", index=True)
    unit: int = Field(foreign_key="unit.id", index=True)
    role: str
    first_day: date = FOREVER_AGO
    last_day: date = FOR_GOOD


class IdentityRow(SQLModel, table=True):
    """A platform's stable id for a person. `preferred` marks the one for messages that we start."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "tenant", "account"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: int = Field(foreign_key="person.id", index=True)
    channel: str
    tenant: str
    account: str
    preferred: bool = True


class RosterStampRow(SQLModel, table=True):
    """One row whose number is new after every change of the roster, so that readers know when to look again."""

    __tablename__ = "roster_stamp"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = 0


_STAMP = select(RosterStampRow.number).where(RosterStampRow.id == 1)
_KNOWN = select(IdentityRow.person).where(
    col(IdentityRow.channel) == bindparam("channel"),
    col(IdentityRow.tenant) == bindparam("tenant"),
    col(IdentityRow.account) == bindparam("account"),
)
_KNOWN_IN = (
    select(IdentityRow.person)
    .where(col(IdentityRow.tenant) == bindparam("tenant"), col(IdentityRow.account) == bindparam("account"))
    .distinct()
    .limit(2)
)
_ADDRESS = (
    select(IdentityRow.channel, IdentityRow.account)
    .where(col(IdentityRow.person) == bindparam("person"))
    .order_by(col(IdentityRow.preferred).desc(), col(IdentityRow.id))
    .limit(1)
)
_IDENTITIES = (
    select(IdentityRow)
    .where(col(IdentityRow.person) == bindparam("person"))
    .order_by(col(IdentityRow.preferred).desc(), col(IdentityRow.id))
)
_UNITS = sqlalchemy.select(
    col(UnitRow.id),
    col(UnitRow.name),
    col(UnitRow.aliases),
    col(UnitRow.peers),
    col(UnitRow.first_day),
    col(UnitRow.last_day),
).order_by(col(UnitRow.position), col(UnitRow.id))
_PEOPLE = select(PersonRow.id, PersonRow.name).order_by(col(PersonRow.id))
_POSTS = sqlalchemy.select(
    col(PostRow.person), col(PostRow.unit), col(PostRow.role), col(PostRow.first_day), col(PostRow.last_day)
).order_by(col(PostRow.id))

_read_already: dict[int, Roster] = {}
"""The roster last read, by its stamp; stamps are never used twice, in no database."""


@dataclass(frozen=True)
class Address:
    """Where a person is reached."""

    channel: str
    account: str


def whole(uow: UnitOfWork) -> Roster:
    """The roster of the whole organisation; its stamp is asked every time, the rest only when that has moved."""
    while True:
        stamp = uow.value(_STAMP) or 0
        known = _read_already.get(stamp)
        if known is not None:
            return known
        found = _read(uow)
        # Where a replica changed the roster between our reads, half of it would be old: read it all once more.
        if (uow.value(_STAMP) or 0) == stamp:
            # Several threads may come here at once: each returns what it has read, whoever writes last is remembered.
            _read_already.clear()
            _read_already[stamp] = found
            return found


def _read(uow: UnitOfWork) -> Roster:
    return Roster(
        units=tuple(
            Unit(id_, name, tuple(aliases.split()), peers, first_day, last_day)
            for id_, name, aliases, peers, first_day, last_day in uow.execute(_UNITS)
        ),
        people=tuple(Person(id_, name) for id_, name in uow.execute(_PEOPLE)),
        posts=tuple(
            Post(person, unit, Role(role), first_day, last_day)
            for person, unit, role, first_day, last_day in uow.execute(_POSTS)
        ),
    )


def known(uow: UnitOfWork, channel: str, tenant: str, account: str) -> int | None:
    """The person with exactly that platform id, or None."""
    return uow.value(_KNOWN, channel=channel, tenant=tenant, account=account)


def known_in(uow: UnitOfWork, tenant: str, account: str) -> int | None:
    """The person with that platform id in that organisation, on whichever channel; None where it is not one person."""
    found = uow.rows(_KNOWN_IN, tenant=tenant, account=account)
    return found[0] if len(found) == 1 else None


def address(uow: UnitOfWork, person: int) -> Address | None:
    """Where messages that we start reach a person; None when no platform id is known."""
    found = uow.execute(_ADDRESS, {"person": person}).one_or_none()
    return Address(*found) if found is not None else None


def identities(uow: UnitOfWork, person: int) -> Sequence[IdentityRow]:
    """The platform ids of a person, the one for messages that we start first."""
    return uow.rows(_IDENTITIES, person=person)


def bind(uow: UnitOfWork, person: int, channel: str, tenant: str, account: str) -> bool:
    """Let a person be known by one more platform id; False when somebody is known by it already.

    Messages that we start go on to where they went.
    """
    return uow.insert_if_new(
        IdentityRow,
        id=new_id(),
        person=person,
        channel=channel,
        tenant=tenant,
        account=account,
        preferred=address(uow, person) is None,
    )


def unbind(uow: UnitOfWork, identity: int) -> None:
    """End a platform id at once: the next message from it is a stranger's."""
    uow.execute(delete(IdentityRow).where(col(IdentityRow.id) == identity))


def add_unit(
    uow: UnitOfWork,
    name: str,
    aliases: Iterable[str] = (),
    peers: str = "",
    position: int = 0,
    *,
    first_day: date = FOREVER_AGO,
) -> int:
    """Add a unit that belongs from `first_day` on, or bring the one of that name up to date; return its id."""
    values = {"aliases": " ".join(aliases), "peers": peers, "position": position}
    row = uow.row(select(UnitRow).where(UnitRow.name == name))
    _touch(uow)
    if row is not None:
        uow.update(UnitRow, UnitRow.id == row.id, **values)
        return row.id
    unit_id = new_id()
    uow.insert(UnitRow, id=unit_id, name=name, first_day=first_day, **values)
    return unit_id


def add_person(uow: UnitOfWork, name: str, channel: str, tenant: str, account: str) -> int:
    """Add a person under a platform id, or bring the name of the one known by it up to date; return the id."""
    person = known(uow, channel, tenant, account)
    _touch(uow)
    if person is not None:
        uow.update(PersonRow, PersonRow.id == person, name=name)
        return person
    person = new_id()
    uow.insert(PersonRow, id=person, name=name)
    uow.insert(IdentityRow, id=new_id(), person=person, channel=channel, tenant=tenant, account=account)
    return person


def add_unreachable(uow: UnitOfWork, name: str) -> int:
    """Add a person of whom no platform id is known yet; return the id."""
    _touch(uow)
    person = new_id()
    uow.insert(PersonRow, id=person, name=name)
    return person


def add_post(
    uow: UnitOfWork, person: int, unit: int, role: Role, first_day: date = FOREVER_AGO, last_day: date = FOR_GOOD
) -> None:
    """Give a person a post; the same post again is brought up to date."""
    _touch(uow)
    values = {"last_day": last_day}
    if not uow.insert_if_new(
        PostRow, id=new_id(), person=person, unit=unit, role=role.value, first_day=first_day, **values
    ):
        uow.update(
            PostRow,
            PostRow.person == person,
            PostRow.unit == unit,
            PostRow.role == role.value,
            PostRow.first_day == first_day,
            **values,
        )


def end_post(uow: UnitOfWork, person: int, unit: int, role: Role, last_day: date) -> None:
    """End a post with `last_day`, that day included (交接)."""
    _touch(uow)
    uow.update(
        PostRow,
        PostRow.person == person,
        PostRow.unit == unit,
        PostRow.role == role.value,
        PostRow.last_day > last_day,
        last_day=last_day,
    )


def _touch(uow: UnitOfWork) -> None:
    # A number never used before, so that what was read inside a transaction later rolled back is never met again.
    number = new_id()
    if not uow.insert_if_new(RosterStampRow, id=1, number=number):
        uow.update(RosterStampRow, RosterStampRow.id == 1, number=number)
