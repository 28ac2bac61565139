"""Units as people name them: the longest name or alias that stands in a text."""

import re
from dataclasses import dataclass

from assessment.roster import Roster, Unit

_FIRST_WORD = re.compile(r"[\u4e00-\u9fff]{2,}(?=[\s,，:：、]|$)")


@dataclass(frozen=True)
class Mention:
    """A unit found in a text, and where."""

    unit: Unit
    start: int
    end: int


def mentions(roster: Roster, text: str) -> tuple[Mention, ...]:
    """Every unit named in the text, in order; where names overlap the longest counts."""
    taken: list[Mention] = []
    for name, unit in roster.names:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(start < other.end and other.start < end for other in taken):
                taken.append(Mention(unit, start, end))
            start = text.find(name, end)
    return tuple(sorted(taken, key=lambda mention: mention.start))


def leading(roster: Roster, text: str) -> tuple[Unit | None, str]:
    """The unit at the very start of a text, and the rest after it; a first word that only one unit's name begins with
    is that unit's (西河 for 西河镇).
    """
    if any(text.startswith(name) for name, _ in roster.names):
        for mention in mentions(roster, text):
            if mention.start == 0:
                return mention.unit, text[mention.end :].strip(" ,，:：、")
    word = _FIRST_WORD.match(text)
    begun = {unit.id: unit for name, unit in roster.names if word is not None and name.startswith(word[0])}
    if word is not None and len(begun) == 1:
        return next(iter(begun.values())), text[word.end() :].strip(" ,，:：、")
    return None, text
