"""Names of people in what is sealed: written down as their ids, and shown as names to whoever reads (decisions 11)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from assessment.ledger import Basis
from assessment.roster import Person, Roster

_MARK = "@person:"
_TOKEN = re.compile(rf"{_MARK}([0-9]+);")
_SHORTEST = 2
"""A name of one sign would be found in half of all sentences."""


def unnamed(basis: Basis, people: Iterable[Person], others: Iterable[Person] = ()) -> Basis:
    """The same basis with the names of these people replaced by their ids, so that the seal outlives the names.

    `others` keep theirs; they are known so that 王伟 is not found inside 王伟民. A name that is an ordinary
    word as well (高峰) is taken for the name.
    """
    concerned = [person for person in people if len(person.name) >= _SHORTEST]
    ids = {person.name: person.id for person in concerned}
    longest_first = sorted({*ids, *(person.name for person in others if len(person.name) >= _SHORTEST)}, key=_length)
    names = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def written(text: str) -> str:
        # Somebody who types the mark names nobody by it.
        typed = text.replace(_MARK, _MARK.replace("@", "@ "))
        return names.sub(lambda found: f"{_MARK}{ids[found[0]]};" if found[0] in ids else found[0], typed)

    return replace(
        basis,
        reason=written(basis.reason) if basis.reason is not None else None,
        evidence=tuple(map(written, basis.evidence)),
    )


def _length(name: str) -> tuple[int, str]:
    return -len(name), name


def named(text: str, people: Roster) -> str:
    """The text with the names that these people bear today; whom the roster no longer knows stays an id."""
    known = {person.id: person.name for person in people.people} if _TOKEN.search(text) else {}
    return _TOKEN.sub(lambda found: known.get(int(found[1]), found[0]), text)
