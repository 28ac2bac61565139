"""What people wrote in their own words, kept as they typed it: commands are read in one width, sentences are not."""

from assessment.typed_text import plain
from handlers.turn import Turn

_LONGEST_COMMAND = 80
"""So long at most is what stands before a person's own words: a command, a number, a name."""


def as_typed(turn: Turn, words: str) -> str:
    """The end of the message that reads as `words`, as it was typed; `words` where they do not end it."""
    typed = turn.typed.strip()
    for start in range(min(len(typed), _LONGEST_COMMAND)):
        if plain(typed[start:]) == words:
            return typed[start:].strip()
    return words
