"""How wide words are, and how they are set so that they stay within their place: smaller, wrapped, at last cut."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Advance widths of the packaged font for U+0020 to U+007E, in thousandths of the size. A test compares them with it.
# fmt: off
_ASCII = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555,
    555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812,
    723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620,
    554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338,
    270, 338, 555,
)
# fmt: on
_EM = 1000
_NARROW = {chr(0x20 + place): width for place, width in enumerate(_ASCII)} | {"−": 555}
_BEYOND = {"⸺": 1676, "⸻": 2459, "Ю": 1014}
"""The only ones wider than their size; everything else is taken to be full-width, which errs to the safe side."""

_INVISIBLE = frozenset({"Cf", "Cs"})
_NO_CHARACTERS = frozenset("\ufffe\uffff")
_ELLIPSIS = "…"
_UNBROKEN = re.compile(
    r"[（《“‘〔\[(]*"  # an opening bracket stays with what follows
    r"(?:[0-9A-Za-z.,%+−/_-]+|.)"  # so do the digits of a number
    r"[，。、；：！？）》”’〕％)\]…]*\s*"  # and no line begins with a closing one
)
_NARROWING = 8
"""By so many pixels a block is made narrower in turn, until its last line is no longer all but empty."""
_SHORTEST = 6
"""The last line takes at least this part of the room, where that is possible."""
_OPENING = frozenset("（《“‘")


@dataclass(frozen=True)
class Setting:
    """Words as they are to be set: line by line, in one size."""

    lines: tuple[str, ...]
    size: int

    @property
    def height(self) -> int:
        """From the top of the first line to the foot of the last, in pixels."""
        return len(self.lines) * self.leading

    @property
    def leading(self) -> int:
        """From one baseline to the next."""
        return leading(self.size)

    @property
    def width(self) -> int:
        """The widest line."""
        return max((width(line, self.size) for line in self.lines), default=0)


def leading(size: int) -> int:
    """The distance of baselines that suits a size."""
    return -(-size * 13 // 10)


def plain(words: str) -> str:
    """What can be seen of the words: on one line, without control characters and marks that turn the direction."""
    seen = (
        " " if unicodedata.category(character) == "Cc" else character
        for character in words
        if unicodedata.category(character) not in _INVISIBLE and character not in _NO_CHARACTERS
    )
    return " ".join("".join(seen).split())


def width(words: str, size: int) -> int:
    """An upper bound in pixels of how wide the words come out on one line."""
    thousandths = sum(_NARROW.get(character) or _BEYOND.get(character, _EM) for character in plain(words))
    return -(-thousandths * size // _EM)


def overhang(line: str, size: int) -> int:
    """How far a line is moved out, so that the blank half of an opening bracket does not look like an indent."""
    return size // 2 if line[:1] in _OPENING else 0


def fit(words: str, room: int, sizes: Sequence[int], most_lines: int = 1) -> Setting:
    """Set the words within `room` pixels: first smaller on one line, then on more; what is still too long ends in ….

    `sizes` are those allowed, the largest first.
    """
    seen = plain(words)
    for count in range(1, most_lines + 1):
        for size in sizes:
            lines = _wrapped(seen, room, size)
            if len(lines) <= count:
                return Setting(lines if len(lines) == 1 else _evened(seen, lines, room, size), size)
    smallest = sizes[-1]
    kept = _wrapped(seen, room, smallest)[:most_lines]
    return Setting((*kept[:-1], _cut(kept[-1], room, smallest)), smallest)


def _wrapped(words: str, room: int, size: int) -> tuple[str, ...]:
    lines = [""]
    for piece in _pieces(words, room, size):
        if lines[-1] and width(lines[-1] + piece, size) > room:
            lines.append("")
        lines[-1] += piece
    return tuple(line.rstrip() for line in lines)


def _pieces(words: str, room: int, size: int) -> list[str]:
    """What is not to be broken, unless it is too wide for a line of its own."""
    found: list[str] = []
    for piece in _UNBROKEN.findall(words):
        found.extend([piece] if width(piece, size) <= room else piece)
    return found


def _evened(words: str, lines: tuple[str, ...], room: int, size: int) -> tuple[str, ...]:
    """The same number of lines without a lone last character."""
    for narrower in range(room, room // 2, -_NARROWING):
        even = _wrapped(words, narrower, size)
        if len(even) == len(lines) and width(even[-1], size) >= room // _SHORTEST:
            return even
    return lines


def _cut(line: str, room: int, size: int) -> str:
    while line and width(line + _ELLIPSIS, size) > room:
        line = line[:-1]
    return line.rstrip() + _ELLIPSIS
