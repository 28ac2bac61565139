"""Whom a notice is for, read from the words in which an office says it. Nothing is guessed: what is unclear is named.

全体, a peer group, 未报单位, 某某分管单位 or units by name, each alone or with a role; a role alone is that of all
units, or of those named before it. Without any role the reporters are meant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rapidfuzz.distance import OSA

from assessment.roster import Role, Roster, Unit

EVERY_UNIT = "全体"
MISSING_UNITS = "未报单位"
IN_CHARGE = "分管单位"
WORK_GROUP = "工作群"

_EVERY = frozenset({EVERY_UNIT, "全体单位", "所有单位", "各单位", "全部单位"})
_EACH_OF = re.compile("各|全体|所有|全部")
_MISSING = re.compile("(?P<duty>.*?)的?(?:未报送?|缺报|没报)的?(?:单位|部门)?")
_LED_BY = re.compile("(?P<leader>.*?)的?分管的?(?:单位|部门)")
_ROLES: Mapping[str, Role] = {
    "填报人": Role.REPORTER,
    "填报员": Role.REPORTER,
    "主要负责人": Role.HEAD,
    "主要负责同志": Role.HEAD,
    "分管负责人": Role.DEPUTY,
    "分管负责同志": Role.DEPUTY,
    "分管领导": Role.LEADER_IN_CHARGE,
}
_OF_A_UNIT = frozenset({Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.LEADER_IN_CHARGE})
_BETWEEN = re.compile("[、,，;；和与及]+")
_LONGEST_PART = 40
_NEAR_AT_MOST = 3


@dataclass(frozen=True)
class Known:
    """What the words are about, as of `day`."""

    roster: Roster
    day: date
    asker: int
    """Who says 分管单位 without a name means the own ones."""
    missing: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By the title of what is overdue: the units that owe it."""

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that exist on the day."""
        return tuple(unit for unit in self.roster.units if unit.belongs_on(self.day))

    @cached_property
    def assessed(self) -> tuple[Unit, ...]:
        """Whom 全体 means: neither the office itself, nor a place where only leaders have their posts."""
        roles: dict[int, set[Role]] = {}
        for post in self.roster.posts:
            if post.held_on(self.day):
                roles.setdefault(post.unit, set()).add(post.role)
        return tuple(unit for unit in self.units if unit.id not in roles or roles[unit.id] & _OF_A_UNIT)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The peer groups with a unit that is assessed, in roster order."""
        return tuple(dict.fromkeys(unit.group for unit in self.assessed if unit.group))

    @cached_property
    def by_name(self) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
        """By what may be typed, and by meaning: a unit of that name or alias, or a peer group, with or without 类."""
        found: dict[str, dict[str, tuple[int, ...]]] = {}
        for unit in self.units:
            for name in (unit.name, *unit.aliases):
                found.setdefault(name, {})[unit.name] = (unit.id,)
        for group in dict.fromkeys(unit.group for unit in self.units if unit.group):
            members = tuple(unit.id for unit in self.units if unit.group == group)
            for name in {group, group.removesuffix("类"), f"{group.removesuffix('类')}类"}:
                found.setdefault(name, {})[group] = members
        return found


@dataclass(frozen=True)
class Addressee:
    """A role in a unit, and who holds it; nobody where the post is vacant."""

    unit: int
    role: Role
    people: tuple[int, ...]


@dataclass(frozen=True)
class Unclear:
    """A word that was not understood, or that has several meanings."""

    written: str
    meanings: tuple[str, ...] = ()
    """What it may mean; empty where it means nothing here."""
    near: tuple[str, ...] = ()
    """Names of units that look like it."""


@dataclass(frozen=True)
class Audience:
    """Whom the words mean; nobody is to be written to while anything is unclear."""

    addressees: tuple[Addressee, ...]
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class _Part:
    units: tuple[int, ...]
    role: Role | None


def read_audience(words: str, known: Known) -> Audience:
    """Read 全体主要负责人 or 甲局、乙局, in one width. Never raises, whatever the words."""
    parts: list[_Part] = []
    unclear: list[Unclear] = []
    for written, part in _parts(words, known, parts):
        if isinstance(part, _Part):
            parts.append(part)
        else:
            unclear.append(part or Unclear(written, near=_near(written, known)))
    pairs = {(unit, role): None for part, role in _with_roles(parts) for unit in part.units}
    found = (Addressee(unit, role, known.roster.holders(unit, (role,), known.day)) for unit, role in pairs)
    return Audience(tuple(found), tuple(unclear))


def possible_words(known: Known) -> tuple[str, ...]:
    """What may be said beside the names of units."""
    roles = (Role.HEAD.value, Role.DEPUTY.value, Role.LEADER_IN_CHARGE.value)
    return (EVERY_UNIT, *known.groups, MISSING_UNITS, *roles, WORK_GROUP)


def _with_roles(parts: list[_Part]) -> Iterator[tuple[_Part, Role]]:
    """A role counts for the units before it that have none of their own: 甲局、乙局主要负责人."""
    role = Role.REPORTER
    found: list[tuple[_Part, Role]] = []
    for part in reversed(parts):
        role = part.role or role
        found.append((part, role))
    yield from reversed(found)


def _parts(words: str, known: Known, before: list[_Part]) -> Iterator[tuple[str, _Part | Unclear | None]]:
    """Each part with what it means: the longest that is understood, so that a name may hold 和 or 与."""
    start = 0
    while start < len(words):
        gap = _BETWEEN.match(words, start)
        if gap is not None and start == gap.start() and gap.end() > start:
            start = gap.end()
            continue
        ends = [found.start() for found in _BETWEEN.finditer(words, start, start + _LONGEST_PART + 1)]
        if len(words) - start <= _LONGEST_PART:
            ends.append(len(words))
        first = ends[0] if ends else len(words)
        for end in reversed(ends):
            meaning = _meaning(words[start:end], before, known)
            if meaning is not None:
                yield words[start:end], meaning
                start = end
                break
        else:
            yield words[start:first], None
            start = first


def _meaning(written: str, before: list[_Part], known: Known) -> _Part | Unclear | None:
    named = _units(written, known)
    if named is not None:
        return _Part(named, None) if isinstance(named, tuple) else named
    word = next((word for word in sorted(_ROLES, key=len, reverse=True) if written.endswith(word)), None)
    if word is None:
        return None
    whose = written.removesuffix(word).removesuffix("的")
    if not whose:
        return _Part(before[-1].units if before else _every(known), _ROLES[word])
    of = _units(whose, known)
    return _Part(of, _ROLES[word]) if isinstance(of, tuple) else of


def _units(written: str, known: Known) -> tuple[int, ...] | Unclear | None:
    """The units that a word without a role means; Unclear where it has several meanings."""
    if written in _EVERY:
        return _every(known)
    each = _EACH_OF.match(written)
    found = known.by_name.get(written) or known.by_name.get(written[each.end() :] if each else "") or {}
    if len(set(found.values())) > 1:
        return Unclear(written, meanings=tuple(found))
    if found:
        return next(iter(found.values()))
    if owing := _MISSING.fullmatch(written):
        return _owing(owing["duty"], known)
    if led := _LED_BY.fullmatch(written):
        return _led(written, led["leader"], known)
    return None


def _every(known: Known) -> tuple[int, ...]:
    return tuple(unit.id for unit in known.assessed)


def _owing(duty: str, known: Known) -> tuple[int, ...] | None:
    """The units that owe what is overdue; of one duty where it is named."""
    titles = [title for title in known.missing if duty in title]
    if duty and not titles:
        return None
    return tuple(dict.fromkeys(unit for title in titles for unit in known.missing[title]))


def _led(written: str, leader: str, known: Known) -> tuple[int, ...] | Unclear | None:
    """The units in somebody's charge: the asker's own, or those of the leader who is named."""
    named = [person.id for person in known.roster.people if person.name == leader]
    lines = {person: _in_charge(person, known) for person in named or ([known.asker] if not leader else [])}
    lines = {person: units for person, units in lines.items() if units}
    if not leader and not lines:
        return Unclear(written, meanings=tuple(f"{name}{IN_CHARGE}" for name in _leaders(known)))
    if len(lines) > 1:
        names = (known.roster.unit(units[0]).name for units in lines.values())
        return Unclear(written, meanings=tuple(f"{leader}（{name}）" for name in names))
    return next(iter(lines.values()), None)


def _in_charge(person: int, known: Known) -> tuple[int, ...]:
    posts = known.roster.posts_of(person, known.day)
    return tuple(dict.fromkeys(post.unit for post in posts if post.role is Role.LEADER_IN_CHARGE))


def _leaders(known: Known) -> Iterable[str]:
    led = (post for post in known.roster.posts if post.role is Role.LEADER_IN_CHARGE and post.held_on(known.day))
    return dict.fromkeys(known.roster.person(post.person).name for post in led)


def _near(written: str, known: Known) -> tuple[str, ...]:
    """Names that differ from it in a sign or two: offered, never taken."""
    if len(written) > _LONGEST_PART:
        return ()
    slips = max(1, len(written) // 3)
    distances = {
        unit.name: min(OSA.distance(written, name, score_cutoff=slips) for name in (unit.name, *unit.aliases))
        for unit in known.units
    }
    fitting = sorted((distance, name) for name, distance in distances.items() if distance <= slips)
    return tuple(name for _, name in fitting[:_NEAR_AT_MOST])
