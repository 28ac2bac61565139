"""Work done once for things that do not change: a key under which its result is kept."""

from collections.abc import Sequence
from operator import is_
from typing import Generic, TypeVar

Item = TypeVar("Item")


class VerySame(Generic[Item]):
    """A key for `lru_cache`: two are equal where they hold the very same objects in the same order.

    What the objects are is not looked at, so that asking for thousands of them costs next to nothing; whoever uses it
    holds objects that are never changed. The key keeps them, so that no other object takes their place in memory.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)

    def __hash__(self) -> int:
        # The ends tell most of them apart, without going through all.
        return hash((len(self.items), *map(id, (*self.items[:1], *self.items[-1:]))))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VerySame):
            return NotImplemented
        mine, others = self.items, other.items
        return mine is others or (len(mine) == len(others) and all(map(is_, mine, others)))
