"""Drawing a sample 抽查 so that anybody can check it with a pocket tool: sha256 of the seed and each name (R114).

Each name is written behind the seed and a line break, both in UTF-8; the names with the smallest sha256, compared as
the usual hexadecimal text, are drawn, smallest first. The order in which the names were given does not matter.
"""

from collections.abc import Collection
from hashlib import sha256


def draw(names: Collection[str], wanted: int, seed: str) -> tuple[str, ...]:
    """The `wanted` names that the seed draws, in order. Raises ValueError for more than there are, or none."""
    urn = frozenset(names)
    if not 0 < wanted <= len(urn):
        raise ValueError(f"{wanted} of {len(urn)} cannot be drawn")
    return tuple(sorted(urn, key=lambda name: (ticket(name, seed), name))[:wanted])


def ticket(name: str, seed: str) -> str:
    """What decides whether a name is drawn: the smaller, the sooner."""
    return sha256(f"{seed}\n{name}".encode()).hexdigest()
