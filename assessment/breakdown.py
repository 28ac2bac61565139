"""分解到人: each target of a unit belongs to a section and to a person who is there to see to it (R115)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assessment.indicator import Indicator
from assessment.roster import Roster


@dataclass(frozen=True)
class Named:
    """Who sees to one indicator. `person` is None for somebody who is not in the roster; then `name` is all we know."""

    indicator: str
    section: str
    name: str
    person: int | None = None


@dataclass(frozen=True)
class Breakdown:
    """How far a unit has come: each of its indicators stands in exactly one of the three."""

    named: Mapping[str, Named] = field(default_factory=dict)
    missing: Sequence[Indicator] = ()
    anew: Sequence[Indicator] = ()
    """Whoever was named has left the unit."""

    @property
    def is_complete(self) -> bool:
        """Whether somebody who is there sees to every indicator."""
        return not self.missing and not self.anew


def breakdown(
    indicators: Sequence[Indicator], words: Iterable[Named], roster: Roster, unit: int, day: date
) -> Breakdown:
    """What counts of all these words on that day, the oldest first; who is in no roster is taken to be still there."""
    last = {word.indicator: word for word in words}
    gone = {
        key for key, word in last.items() if word.person is not None and not works_in(roster, word.person, unit, day)
    }
    return Breakdown(
        named={one.id: last[one.id] for one in indicators if one.id in last and one.id not in gone},
        missing=[one for one in indicators if one.id not in last],
        anew=[one for one in indicators if one.id in gone],
    )


def works_in(roster: Roster, person: int, unit: int, day: date) -> bool:
    """Whether the person holds any post of the unit on that day."""
    return any(post.unit == unit for post in roster.posts_of(person, day))
