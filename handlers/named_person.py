"""People as others write of them, by name and unit: 某某 某某局. Whom that means is asked of the roster."""

import re
from dataclasses import dataclass
from datetime import date

from assessment.notices import BoundAccount, KnownPerson, PostHeld
from assessment.roster import Post, Role, Roster, Unit
from assessment.typed_text import plain
from handlers import whom
from storage import roster
from storage.installation import Installation
from storage.roster import IdentityRow
from storage.unit_of_work import UnitOfWork

_BETWEEN = re.compile(r"[\s,，、:：;；。.()/]+")
_ROLES = frozenset(role.value for role in Role)
_MOST_SHOWN = 4


@dataclass(frozen=True)
class Written:
    """A name, and the unit and role behind or before it as far as there are any."""

    name: str
    unit: Unit | None = None
    role: Role | None = None

    def fits(self, post: Post) -> bool:
        """Whether it speaks of that post."""
        return (self.unit is None or post.unit == self.unit.id) and self.role in (None, post.role)


def read(people: Roster, text: str) -> Written:
    """What the text says of a person; never raises. Words that are no unit and no role are the name."""
    text = plain(text)
    parts = [part for part in _BETWEEN.split(text) if part]
    unit = next((found for part in parts if (found := people.named(part)) is not None), None)
    if unit is not None:
        parts.remove(next(part for part in parts if people.named(part) == unit))
    elif mentions := whom.mentions(people, text):
        # Written without a blank between name and unit.
        unit, start, end = mentions[-1].unit, mentions[-1].start, mentions[-1].end
        parts = [part for part in _BETWEEN.split(f"{text[:start]} {text[end:]}") if part]
    role = next((Role(part) for part in parts if part in _ROLES), None) if unit is not None else None
    return Written("".join(part for part in parts if part != role), unit, role)


def in_office(people: Roster, written: Written, day: date) -> tuple[int, ...]:
    """Those of that name who hold such a post on that day. Without a unit it means nobody."""
    if written.unit is None:
        return ()
    return tuple(
        person for person in _named(people, written.name) if any(map(written.fits, people.posts_of(person, day)))
    )


def ever(people: Roster, written: Written) -> tuple[int, ...]:
    """Those of that name who hold or have held such a post; of that name at all where no unit is written."""
    named = _named(people, written.name)
    if written.unit is None:
        return named
    return tuple(person for person in named if any(p.person == person and written.fits(p) for p in people.posts))


def shown(uow: UnitOfWork, installation: Installation, people: Roster, person: int, day: date) -> KnownPerson:
    """The person as the office is shown one: name, posts of that day, accounts."""
    posts = people.posts_of(person, day)
    return KnownPerson(
        name=people.person(person).name,
        posts=tuple(PostHeld(unit=people.unit(post.unit).name, role=post.role) for post in posts),
        accounts=tuple(account(installation, identity) for identity in roster.identities(uow, person)),
    )


def account(installation: Installation, identity: IdentityRow) -> BoundAccount:
    """An account as it is shown."""
    return BoundAccount(platform=installation.platform(identity.channel), account=masked(identity.account))


def masked(whole: str) -> str:
    """An account of which no more is seen than it takes to tell two of a person apart."""
    seen = min(_MOST_SHOWN, max(1, len(whole) // 4))
    return f"{whole[:seen]}***{whole[-seen:]}"


def _named(people: Roster, name: str) -> tuple[int, ...]:
    wanted = "".join(name.split())
    return tuple(
        person.id for person in people.people if wanted and "".join(_BETWEEN.split(plain(person.name))) == wanted
    )
