"""An indicator's names in running text: exact ones of everybody, misspelt ones of one's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from assessment.rulebook import Indicator
from assessment.typed_text import plain
from assessment.very_same import VerySame

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


class _Index:
    """Where each name of some indicators leads."""

    def __init__(self, key: VerySame[Indicator]) -> None:
        self.names = _by_name(key.items)
        self.ids = frozenset(indicator.id for indicator in key.items)
        self.misspellable = [name for name in self.names if len(name) >= _SHORTEST_MISSPELT]
        self.longest_misspellable = max(map(len, self.misspellable), default=0)
        self.longest = max(map(len, self.names), default=0)
        self._lengths: dict[str, list[int]] = {}
        for first, length in sorted({(name[0], len(name)) for name in self.names}, reverse=True):
            self._lengths.setdefault(first, []).append(length)

    def begins(self, sign: str) -> bool:
        """Whether any name begins with that sign."""
        return sign in self._lengths

    def at_start(self, text: str, longer_than: int = 0) -> Iterator[str]:
        """The names that a text in lower case begins with, the longest first."""
        for length in self._lengths.get(text[:1], ()):
            if length <= longer_than:
                return
            # A slice beyond the end is a shorter text.
            if length <= len(text) and text[:length] in self.names:
                yield text[:length]


_index_of_a_unit = lru_cache(maxsize=1024)(_Index)
_index_of_everybody = lru_cache(maxsize=16)(_Index)
"""Large, and the same for all units of the programmes that run."""


class IndicatorNames:
    """All names of one's own indicators and of the others', ready to be found in one message."""

    def __init__(self, own: Sequence[Indicator], others: Sequence[Indicator]) -> None:
        """Own ones among the others are passed over: everybody's may be given as they stand, and are looked at once."""
        self._own = _index_of_a_unit(VerySame(own))
        self._others = _index_of_everybody(VerySame(others))
        self._longest = max(self._own.longest, self._others.longest)
        self._guesses_left = _GUESSES_A_MESSAGE

    def at(self, text: str, start: int) -> tuple[Named | NamedElsewhere, int] | None:
        """The longest exact name that begins at `start`, with the place behind it. One's own go first."""
        first = text[start : start + 1].lower()[:1]
        if not (self._own.begins(first) or self._others.begins(first)):
            return None
        here = text[start : start + self._longest].lower()
        own = next(self._own.at_start(here), "")
        for name in self._others.at_start(here, longer_than=len(own)):
            for indicator in self._others.names[name]:
                if indicator not in self._own.ids:
                    return NamedElsewhere(indicator), start + len(name)
        return (Named(self._own.names[own]), start + len(own)) if own else None

    def shortened(self, text: str, start: int, end: int) -> Misspelt | None:
        """The own name that `text[start:end]` is the whole beginning or end of, where that is one indicator's only."""
        written = text[start:end].lower()
        if len(written) < _SHORTEST_PIECE:
            return None
        own = self._own.names
        found = (own[name] for name in own if name.startswith(written) or name.endswith(written))
        ids = tuple(dict.fromkeys(i for each in found for i in each))
        return Misspelt(start, end, Named(ids, text[start:end])) if len(ids) == 1 else None

    def misspelt(self, text: str, start: int, end: int) -> Misspelt | None:
        """The own name that the end of `text[start:end]` nearly is: one slip, or two in a name of six signs or more.

        The nearest name wins; names equally near are all returned. Only so many places of one message are tried.
        """
        if self._guesses_left <= 0 or end - start < _SHORTEST_MISSPELT - 1:
            return None
        self._guesses_left -= 1
        begin = max(start, end - self._own.longest_misspellable - 2)
        written = text[begin:end].lower()
        fits: list[_Fit] = []
        for name in self._own.misspellable:
            slips = 2 if len(name) >= _LONG_NAME else 1
            for length in range(max(2, len(name) - slips), min(len(written), len(name) + slips) + 1):
                distance = OSA.distance(name, written[-length:], score_cutoff=slips)
                if distance <= slips:
                    fits.append(_Fit(distance, abs(length - len(name)), -len(name), length, name))
        if not fits:
            return None
        nearest = min(fits)
        ids = tuple(
            dict.fromkeys(i for fit in fits if fit.distance == nearest.distance for i in self._own.names[fit.name])
        )
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
