"""Units as people name them: the longest name or alias that stands in a text."""

from dataclasses import dataclass

from assessment.roster import Roster, Unit


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
    """The unit at the very start of a text, and the rest after it."""
    if not any(text.startswith(name) for name, _ in roster.names):
        return None, text
    for mention in mentions(roster, text):
        if mention.start == 0:
            return mention.unit, text[mention.end :].strip(" ,，:：、")
    return None, text
