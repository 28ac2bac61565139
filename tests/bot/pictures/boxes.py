"""Reads a picture as its viewer does: which words stand where, in which size."""

import itertools
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from bot.pictures.lettering import width

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Words:
    """One line of words and the box that it fills."""

    said: str
    size: int
    fill: str
    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: "Words") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Read:
    """A picture, read back."""

    root: ET.Element
    words: tuple[Words, ...]

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(words.said for words in self.words)

    def saying(self, part: str) -> Words:
        """The one line with these words in it."""
        found = [words for words in self.words if part in words.said]
        assert len(found) == 1, (part, self.said)
        return found[0]

    def marks(self, name: str) -> list[ET.Element]:
        return list(self.root.iter(_SVG + name))

    def collisions(self) -> list[tuple[str, str]]:
        return [(one.said, other.said) for one, other in itertools.combinations(self.words, 2) if one.meets(other)]

    def outside(self) -> list[str]:
        wide, high = int(self.root.attrib["width"]), int(self.root.attrib["height"])
        return [
            words.said
            for words in self.words
            if words.left < 0 or words.right > wide or words.top < 0 or words.bottom > high
        ]


def read(svg: str) -> Read:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return Read(root, tuple(_words(element) for element in root.iter(_SVG + "text") if element.text))


def _words(element: ET.Element) -> Words:
    said, size = element.text or "", int(element.attrib["font-size"])
    x, y, wide = int(element.attrib["x"]), int(element.attrib["y"]), width(said, size)
    left = x - {"start": 0, "middle": wide // 2, "end": wide}[element.attrib["text-anchor"]]
    return Words(said, size, element.attrib["fill"], left, y - size * 86 // 100, left + wide, y + size * 12 // 100)
