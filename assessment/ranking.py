"""Ranks 名次 within a peer group or among the leaders' lines 条线, on exact totals: 89.995 is not 90 (A16).

Standard competition ranking (A11): equals share a place and the next place is left out, as in 1, 1, 3.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessment.ledger import AccountKey
from assessment.rulebook import Subject


@dataclass(frozen=True)
class Place:
    """One holder's place among `of` peers; `tied` when others share it."""

    holder: int
    total: Decimal
    place: int
    of: int
    tied: bool


@dataclass(frozen=True)
class Cut:
    """Who is within a quota. A tie across the line is for the office to decide, never for us."""

    within: tuple[int, ...]
    undecided: tuple[int, ...] = ()
    """Those who share the place at the line."""
    left: int = 0
    """How many of the undecided may still come in."""


@dataclass(frozen=True)
class Group:
    """One peer group and its places. Without places while a total is `unknown`: some would be wrong ones."""

    name: str
    places: tuple[Place, ...]
    unknown: tuple[int, ...] = ()
    """The holders without a total."""


def ranked(totals: Mapping[int, Decimal]) -> tuple[Place, ...]:
    """Everybody's place, best first; equals in the order given."""
    ordered = sorted(totals.items(), key=lambda held: held[1], reverse=True)
    sharing = Counter(totals.values())
    first: dict[Decimal, int] = {}
    for number, (_, total) in enumerate(ordered, start=1):
        first.setdefault(total, number)
    return tuple(
        Place(holder=holder, total=total, place=first[total], of=len(ordered), tied=sharing[total] > 1)
        for holder, total in ordered
    )


def own_place(holder: int, totals: Mapping[int, Decimal | None], groups: Mapping[int, str]) -> Place | None:
    """The place of `holder` within its own peer group, and nobody else's.

    None when it has no total, or when a peer's is not known yet: a place among some of them would be a wrong one.
    """
    peers = {other: total for other, total in totals.items() if groups.get(other) == groups.get(holder)}
    known = {other: total for other, total in peers.items() if total is not None}
    if holder not in known or len(known) < len(peers):
        return None
    return next(place for place in ranked(known) if place.holder == holder)


def by_group(totals: Mapping[int, Decimal | None], groups: Mapping[int, str]) -> tuple[Group, ...]:
    """Every peer group with its own places, in the order in which the groups first occur in `totals`."""
    peers: dict[str, dict[int, Decimal | None]] = {}
    for holder, total in totals.items():
        peers.setdefault(groups.get(holder, ""), {})[holder] = total
    return tuple(_group(name, of_it) for name, of_it in peers.items())


def of_kind(
    totals: Mapping[AccountKey, Decimal | None], programme: str, subject: Subject
) -> Mapping[int, Decimal | None]:
    """The totals of one kind of account of one programme, by holder: 条线排名 is without units (R26)."""
    return {
        account.holder: total
        for account, total in totals.items()
        if account.programme == programme and account.subject is subject
    }


def last_place(places: Iterable[Place]) -> tuple[int, ...]:
    """Who stands last in one ranking 末位, all of them where several do. Nobody where nobody stands before them."""
    listed = list(places)
    lowest = max((place.place for place in listed), default=1)
    return tuple(place.holder for place in listed if place.place == lowest > 1)


def cut(places: Iterable[Place], quota: int) -> Cut:
    """The first `quota` of one ranking; fewer when there are fewer."""
    listed = list(places)
    sharing = Counter(place.place for place in listed)
    # The last of equals decides: were they told apart, it would stand at place + sharing - 1.
    within = tuple(place.holder for place in listed if place.place + sharing[place.place] - 1 <= quota)
    undecided = tuple(place.holder for place in listed if place.place <= quota < place.place + sharing[place.place] - 1)
    return Cut(within, undecided, quota - len(within) if undecided else 0)


def _group(name: str, totals: Mapping[int, Decimal | None]) -> Group:
    known = {holder: total for holder, total in totals.items() if total is not None}
    unknown = tuple(holder for holder in totals if holder not in known)
    return Group(name, () if unknown else ranked(known), unknown)
