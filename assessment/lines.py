"""The leaders' lines 条线: a leader in charge and the units in that charge, as the roster has them on a day.

A line is known by its leader. Its account is the leader's for the programme's year: units that come or go change what
belongs to it from that day on, and never what was entered before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assessment.roster import Role, Roster, Unit

WORD = "条线"


@dataclass(frozen=True)
class Line:
    """One leader's line."""

    leader: int
    units: tuple[Unit, ...]
    """Never empty; in roster order."""


def line_of(people: Roster, leader: int, day: date) -> Line | None:
    """The line of a person on that day; None where the person is in charge of no unit."""
    held = people.posts_of(leader, day)
    units = dict.fromkeys(post.unit for post in held if post.role is Role.LEADER_IN_CHARGE)
    found = tuple(unit for unit in map(people.unit, units) if unit.belongs_on(day))
    return Line(leader, found) if found else None


def lines(people: Roster, day: date) -> tuple[Line, ...]:
    """Every line there is on that day, in the roster's order of people."""
    found = (line_of(people, person.id, day) for person in people.people)
    return tuple(line for line in found if line is not None)


def leader_of(people: Roster, unit: int, day: date) -> int | None:
    """In whose line the unit is on that day: of several leaders in charge the one who stands first in the roster."""
    return next(iter(people.holders(unit, (Role.LEADER_IN_CHARGE,), day)), None)


def leading(people: Roster, text: str, day: date) -> tuple[Line, str] | None:
    """The line that a text begins with, 王伟条线 or 条线王伟, and what follows; None where it begins with none.

    Of two leaders with one name neither is meant.
    """
    found = [(line, rest) for line, rest in _beginning(people, lines(people, day), text)]
    return found[0] if len(found) == 1 else None


def named(people: Roster, text: str, day: date) -> tuple[Line, ...]:
    """The lines whose leaders the text names, wherever."""
    return tuple(line for line in lines(people, day) if people.person(line.leader).name in text)


def _beginning(people: Roster, every: Iterable[Line], text: str) -> Iterator[tuple[Line, str]]:
    for line in every:
        name = people.person(line.leader).name
        for start in (f"{name}{WORD}", f"{name} {WORD}", f"{WORD}{name}", f"{WORD} {name}"):
            if text.startswith(start):
                yield line, text[len(start) :].strip(" ,，:：、")
                break
