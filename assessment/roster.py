"""Units, people and the posts that they hold; a duty belongs to a post, never to a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Role(StrEnum):
    """A post's role; rights come from nothing else."""

    REPORTER = "填报人"
    DEPUTY = "分管负责人"
    HEAD = "主要负责人"
    LEADER_IN_CHARGE = "分管领导"
    LEADER = "领导"
    OFFICE = "考核办"
    SECRETARY = "领导小组秘书"
    ADMINISTRATOR = "系统管理员"


@dataclass(frozen=True)
class Unit:
    """A unit that is assessed, assesses, or both. Names in `aliases` are as good as `name`."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    group: str = ""
    """Peer group (类别); ranks are taken within it."""
    first_day: date = date.min
    last_day: date = date.max

    def belongs_on(self, day: date) -> bool:
        """Whether the unit existed on that day, both ends included."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Post:
    """One role of one person in one unit. A leader in charge has one post for each unit in charge."""

    person: int
    unit: int
    role: Role
    first_day: date = date.min
    last_day: date = date.max

    def held_on(self, day: date) -> bool:
        """Whether the post was held on that day, both ends included."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Person:
    """Someone known by platform ids, never by display name."""

    id: int
    name: str


@dataclass(frozen=True)
class Roster:
    """The whole organisation as of now; small enough to hold in memory (a county has some hundred posts).

    Never changes, so that threads may share one. What is looked up is found by keys that are made once, when first
    asked for.
    """

    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    posts: tuple[Post, ...]

    def unit(self, unit_id: int) -> Unit:
        """The unit with that id; KeyError if there is none."""
        return self._units_by_id[unit_id]

    def person(self, person_id: int) -> Person:
        """The person with that id; KeyError if there is none."""
        return self._people_by_id[person_id]

    def named(self, name: str) -> Unit | None:
        """The unit with exactly that name or alias."""
        return self._units_by_name.get(name)

    def posts_of(self, person_id: int, day: date) -> tuple[Post, ...]:
        """The posts that a person holds on that day."""
        return tuple(post for post in self._posts_by_person.get(person_id, ()) if post.held_on(day))

    def holders(self, unit_id: int, roles: Iterable[Role], day: date) -> tuple[int, ...]:
        """The ids of those who hold one of `roles` in that unit on that day, in roster order, each once."""
        wanted = frozenset(roles)
        found = [p.person for p in self._posts_by_unit.get(unit_id, ()) if p.role in wanted and p.held_on(day)]
        return tuple(dict.fromkeys(found))

    def chosen(self, names: Iterable[str], day: date) -> tuple[Unit, ...]:
        """The units that `names` mean on that day, each a unit's name or alias, or a peer group; in roster order."""
        wanted = frozenset(names)
        return tuple(
            unit
            for unit in self.units
            if unit.belongs_on(day) and (unit.group in wanted or wanted & {unit.name, *unit.aliases})
        )

    @cached_property
    def names(self) -> tuple[tuple[str, Unit], ...]:
        """Every name and alias of a unit with the unit, the longest first."""
        every = ((name, unit) for unit in self.units for name in (unit.name, *unit.aliases))
        return tuple(sorted(every, key=lambda pair: -len(pair[0])))

    @cached_property
    def _units_by_id(self) -> dict[int, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _people_by_id(self) -> dict[int, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def _units_by_name(self) -> dict[str, Unit]:
        # Last first, so that of two units with one name the first in the roster's order stays.
        return {name: unit for unit in reversed(self.units) for name in (unit.name, *unit.aliases)}

    @cached_property
    def _posts_by_person(self) -> dict[int, list[Post]]:
        return _grouped((post.person, post) for post in self.posts)

    @cached_property
    def _posts_by_unit(self) -> dict[int, list[Post]]:
        return _grouped((post.unit, post) for post in self.posts)


def _grouped(keyed: Iterable[tuple[int, Post]]) -> dict[int, list[Post]]:
    """The posts under each key, in their order."""
    groups: dict[int, list[Post]] = {}
    for key, post in keyed:
        groups.setdefault(key, []).append(post)
    return groups
