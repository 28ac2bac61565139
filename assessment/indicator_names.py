"""An indicator's names in running text: exact ones of everybody, misspelt ones of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from assessment.rulebook import Indicator
from assessment.typed_text import WordTable, plain

_SHORTEST_MISSPELT = 3
_SHORTEST_PIECE = 2
_LONG_NAME = 6
_GUESSES_A_MESSAGE = 200


@dataclass(frozen=True)
class Named:
    """Own indicators that a name fits; more than one where it fits them equally well."""

    ids: tuple[str, ...]
    written_as: str | None = None
    """The name as typed, where it was misspelt."""


@dataclass(frozen=True)
class NamedElsewhere:
    """An indicator that only other units report."""

    id: str


@dataclass(frozen=True)
class Misspelt:
    """Where in the text a misspelt name stands, and what it fits."""

    start: int
    end: int
    named: Named


class _Both:
    """One's own indicators and the others', the very same objects: what they are is not looked at again."""

    def __init__(self, own: Sequence[Indicator], others: Sequence[Indicator]) -> None:
        self.own, self.others = tuple(own), tuple(others)
        self._ids = (tuple(map(id, self.own)), tuple(map(id, self.others)))

    def __hash__(self) -> int:
        return hash(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Both) and self._ids == other._ids


class _Index:
    """Where each name leads."""

    def __init__(self, both: _Both) -> None:
        self.own = _by_name(both.own)
        own_ids = {indicator.id for indicator in both.own}
        foreign = _by_name([indicator for indicator in both.others if indicator.id not in own_ids])
        self.others = {name: ids for name, ids in foreign.items() if name not in self.own}
        self.table = WordTable([*self.own, *self.others])
        self.misspellable = [name for name in self.own if len(name) >= _SHORTEST_MISSPELT]
        self.longest = max((len(name) for name in self.misspellable), default=0)


_index = lru_cache(maxsize=256)(_Index)
"""Made once for the indicators of a unit under a rulebook; the cache keeps them, so that no other takes their place."""


class IndicatorNames:
    """All names of one's own indicators and of the others', ready to be found in one message."""

    def __init__(self, own: Sequence[Indicator], others: Sequence[Indicator]) -> None:
        index = _index(_Both(own, others))
        self._own, self._others, self._table = index.own, index.others, index.table
        self._misspellable, self._longest = index.misspellable, index.longest
        self._guesses_left = _GUESSES_A_MESSAGE

    def at(self, text: str, start: int) -> tuple[Named | NamedElsewhere, int] | None:
        """The longest exact name that begins at `start`, with the place behind it. One's own go first."""
        name = self._table.at(text, start)
        if name is None:
            return None
        ids = self._own.get(name)
        meaning = Named(ids) if ids else NamedElsewhere(self._others[name][0])
        return meaning, start + len(name)

    def shortened(self, text: str, start: int, end: int) -> Misspelt | None:
        """The own name that `text[start:end]` is the whole beginning or end of, where that is one indicator's only."""
        written = text[start:end].lower()
        if len(written) < _SHORTEST_PIECE:
            return None
        found = (self._own[name] for name in self._own if name.startswith(written) or name.endswith(written))
        ids = tuple(dict.fromkeys(i for each in found for i in each))
        return Misspelt(start, end, Named(ids, text[start:end])) if len(ids) == 1 else None

    def misspelt(self, text: str, start: int, end: int) -> Misspelt | None:
        """The own name that the end of `text[start:end]` nearly is: one slip, or two in a name of six signs or more.

        The nearest name wins; names equally near are all returned. Only so many places of one message are tried.
        """
        if self._guesses_left <= 0 or end - start < _SHORTEST_MISSPELT - 1:
            return None
        self._guesses_left -= 1
        begin = max(start, end - self._longest - 2)
        written = text[begin:end].lower()
        fits: list[_Fit] = []
        for name in self._misspellable:
            slips = 2 if len(name) >= _LONG_NAME else 1
            for length in range(max(2, len(name) - slips), min(len(written), len(name) + slips) + 1):
                distance = OSA.distance(name, written[-length:], score_cutoff=slips)
                if distance <= slips:
                    fits.append(_Fit(distance, abs(length - len(name)), -len(name), length, name))
        if not fits:
            return None
        nearest = min(fits)
        ids = tuple(dict.fromkeys(i for fit in fits if fit.distance == nearest.distance for i in self._own[fit.name]))
        return Misspelt(end - nearest.length, end, Named(ids, text[end - nearest.length : end]))


class _Fit(NamedTuple):
    """A name that nearly stands there; the smallest is the best."""

    distance: int
    off: int
    shortness: int
    length: int
    name: str


def _by_name(indicators: Sequence[Indicator]) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for indicator in indicators:
        for name in (indicator.name, *indicator.aliases):
            key = plain(name).lower()
            if key and indicator.id not in names.get(key, ()):
                names[key] = (*names.get(key, ()), indicator.id)
    return names
