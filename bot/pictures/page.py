"""What all pictures have in common: a heading, the band above it, the notes below, and a pen that moves down."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.pictures import palette, svg
from bot.pictures.lettering import fit, width
from bot.pictures.svg import Anchor, Markup

LEFT = 52
RIGHT = svg.WIDTH - LEFT
TRIAL = "试运行"
STAND_IN = "◇"
STAND_IN_NOTE = "标◇的为暂定，以考核办正式确定的为准。"

_BAND = 12
_TITLE_SIZES = (50, 44, 40)
_TAG_SIZE = 40
_TAG_PADDING = 14
_TAG_HEIGHT = 56


@dataclass
class Page:
    """The parts drawn so far and how far down they reach."""

    parts: list[Markup] = field(default_factory=list)
    y: int = 0

    def add(self, *parts: Markup) -> None:
        """Put parts on the page."""
        self.parts.extend(parts)

    def paragraph(self, said: str, size: int, fill: str, *, most_lines: int = 2) -> None:
        """Words over the whole width, and the pen below them."""
        setting = fit(said, RIGHT - LEFT, (size,), most_lines)
        self.add(*svg.block(LEFT, self.y, setting, fill))
        self.y += setting.height

    def heading(self, title: str, below: Iterable[str], size: int, *, trial: bool) -> None:
        """The title, the facts on what it is about, and 试运行 in a frame where the office only rehearses.

        It begins where the pen is: a picture of several accounts has several headings.
        """
        self.add(svg.rectangle(0, self.y, svg.WIDTH, _BAND, fill=palette.NAVY))
        self.y += _BAND + 20
        room = RIGHT - LEFT
        if trial:
            wide = tag_width(TRIAL)
            self.add(*tag(RIGHT - wide, self.y + 4, TRIAL, palette.AMBER))
            room -= wide + 24
        setting = fit(title, room, _TITLE_SIZES, most_lines=2)
        self.add(*svg.block(LEFT, self.y, setting, palette.NAVY))
        self.y += setting.height
        for said in packed(below, size):
            self.paragraph(said, size, palette.MUTED)

    def notes(self, said: Iterable[str], size: int, *, most_lines: int = 3) -> None:
        """Remarks at the foot, each on its own line."""
        for note in said:
            self.paragraph(note, size, palette.MUTED, most_lines=most_lines)

    def picture(self, title: str, foot: int) -> str:
        """The finished SVG, with `foot` pixels of paper below the pen."""
        return svg.picture(self.y + foot, title, self.parts)


def packed(facts: Iterable[str], size: int) -> tuple[str, ...]:
    """Short facts side by side, as many on a line as there is room for."""
    lines: list[str] = []
    for fact in filter(None, facts):
        longer = f"{lines[-1]} · {fact}" if lines else fact
        if lines and width(longer, size) <= RIGHT - LEFT:
            lines[-1] = longer
        else:
            lines.append(fact)
    return tuple(lines)


def tag_width(said: str) -> int:
    """How much room a framed word takes."""
    return width(said, _TAG_SIZE) + 2 * _TAG_PADDING


def tag(x: int, top: int, said: str, colour: str) -> tuple[Markup, ...]:
    """A word in a frame."""
    wide = tag_width(said)
    return (
        svg.rectangle(x, top, wide, _TAG_HEIGHT, stroke=colour, thick=2, round_=8),
        svg.words(x + wide // 2, top + 42, said, _TAG_SIZE, colour, Anchor.MIDDLE),
    )
