"""A card as a platform with given capabilities can show it: what it cannot show becomes text, and nothing is cut.

Renderers degrade by capability, never by a platform's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.channels.card import Card
from bot.channels.channel import Capabilities

CONTINUED = "（接上条）"
"""How each message but the first of one saying begins."""


@dataclass(frozen=True)
class Piece:
    """One message: plain text, or a card with its buttons."""

    text: str
    card: Card | None = None


def shown(card: Card, can: Capabilities) -> tuple[Piece, ...]:
    """The messages that say `card`, in order; together they hold every word of it and every command."""
    if not can.buttons:
        return tuple(Piece(part) for part in split(card.text(), can.max_bytes))
    fitting = card.buttons[: can.max_buttons]
    if any(len(button.label) > can.max_label for button in fitting):
        fitting = ()
    whole = replace(card, buttons=fitting, form=card.form if can.form else None)
    # A command without a button has to be typed: then the text names them all.
    left_over = len(fitting) < len(card.buttons)
    too_long = len(card.lines) > can.max_lines or len(card.text().encode()) > can.max_bytes
    if not left_over and not too_long:
        return (Piece(card.text(), whole),)
    text = tuple(Piece(part) for part in split(card.text(), can.max_bytes))
    if not fitting:
        return text
    head = replace(whole, lines=(), table=None, fields=(), note="")
    return (*text, Piece(head.text(), head))


def in_words(card: Card) -> Card:
    """The same saying without anything to press: for whoever wants no cards from a platform that has them."""
    title, *lines = card.text().split("\n")
    return Card(title, tuple(lines), card.tone)


def split(text: str, most: int) -> tuple[str, ...]:
    """Whole lines together up to `most` bytes of UTF-8; only a line longer than that is divided, between characters."""
    parts: list[str] = []
    room = most - len(f"{CONTINUED}\n".encode())
    held = ""
    for line in text.split("\n"):
        for piece in _divided(line, room):
            longer = f"{held}\n{piece}" if held else piece
            if held and len(longer.encode()) > (most if not parts else room):
                parts.append(held)
                held = piece
            else:
                held = longer
    parts.append(held)
    return (parts[0], *(f"{CONTINUED}\n{part}" for part in parts[1:]))


def _divided(line: str, room: int) -> Iterator[str]:
    start = size = 0
    for place, character in enumerate(line):
        bytes_ = len(character.encode())
        if size + bytes_ > room:
            yield line[start:place]
            start, size = place, 0
        size += bytes_
    yield line[start:]
