"""Lines of plain text that fit a terminal, a Chinese character taking two columns."""

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 100
"""Columns of the longest line."""

_STEP = "  "
_PIECE = re.compile(r"[（《“〔]*(?:[!-~]+|\S)[，。；：、）》”〕◇,;:.)]*|\s")


def indented(line: str) -> str:
    """The line one step further in."""
    return f"{_STEP}{line}"


def fitted(line: str) -> Iterator[str]:
    """The line in as many as it needs, the later ones a step further in.

    Numbers and Latin words stay whole where they can, and no line begins with what closes a clause.
    """
    margin = line[: len(line) - len(line.lstrip(" "))]
    current, further = margin, f"{margin}{_STEP}"
    for piece in _pieces(line[len(margin) :], WIDTH - columns(further)):
        if columns(current + piece) <= WIDTH:
            current += piece
        else:
            yield current.rstrip()
            current = further + piece.lstrip()
    yield current.rstrip()


def columns(text: str) -> int:
    """How many columns it takes at most: terminals in China show “ ”, — and ◇ two columns wide."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _pieces(text: str, room: int) -> Iterator[str]:
    """What must not be torn, as far as it fits on a line of its own."""
    for found in _PIECE.finditer(text):
        piece = found[0]
        if columns(piece) <= room:
            yield piece
        else:
            yield from piece
