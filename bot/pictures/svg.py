"""A small builder of SVG. Words enter a picture through this module alone, and here they are escaped."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NewType
from xml.sax.saxutils import escape

from bot.pictures import palette
from bot.pictures.fonts import FAMILY
from bot.pictures.lettering import Setting, overhang, plain

Markup = NewType("Markup", str)
"""Finished SVG. A plain string is none, so that the type checker stops words which nobody has escaped."""

WIDTH = 1000
"""All pictures are so wide, in pixels; a phone shows them at about 390."""

_FONTS = f"'Microsoft YaHei','PingFang SC','{FAMILY}',sans-serif"
"""In a browser the desk's own fonts; the renderer knows only the packaged one."""


class Anchor(StrEnum):
    """Which end of the words stands at x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


def picture(height: int, title: str, parts: Iterable[Markup]) -> str:
    """A whole picture on white; `title` is what a screen reader says."""
    inside = (_element("title", (), escaped(title)), rectangle(0, 0, WIDTH, height, fill=palette.PAPER), *parts)
    attributes = (
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", f"0 0 {WIDTH} {height}"),
        ("width", WIDTH),
        ("height", height),
        ("role", "img"),
        ("font-family", _FONTS),
        ("style", "font-variant-numeric:tabular-nums"),
    )
    return _element("svg", attributes, *inside)


def words(
    x: int, y: int, said: str, size: int, fill: str, anchor: Anchor = Anchor.START, *, halo: bool = False
) -> Markup:
    """One line of words with its baseline at y; with a halo where lines may run beneath."""
    attributes = (("x", x), ("y", y), ("font-size", size), ("fill", fill), ("text-anchor", anchor))
    round_it = (("stroke", palette.PAPER), ("stroke-width", 8), ("paint-order", "stroke")) if halo else ()
    return _element("text", (*attributes, *round_it), escaped(said))


def block(x: int, top: int, setting: Setting, fill: str, anchor: Anchor = Anchor.START) -> Iterable[Markup]:
    """Words that were set on several lines, from `top` down."""
    for number, line in enumerate(setting.lines):
        left = x - overhang(line, setting.size) if anchor is Anchor.START else x
        yield words(left, top + number * setting.leading + setting.size, line, setting.size, fill, anchor)


def rectangle(
    x: int,
    y: int,
    width: int,
    height: int,
    *,
    fill: str = "none",
    stroke: str = "none",
    thick: int = 0,
    round_: int = 0,
) -> Markup:
    """A rectangle, filled or framed."""
    attributes = (("x", x), ("y", y), ("width", width), ("height", height), ("rx", round_), ("fill", fill))
    return _element("rect", (*attributes, ("stroke", stroke), ("stroke-width", thick)))


def line(points: Sequence[tuple[int, int]], stroke: str, thick: int = 2, dashes: str = "none") -> Markup:
    """A line through the points; `dashes` as in `12 8`."""
    path = " ".join(f"{x},{y}" for x, y in points)
    look = (("stroke", stroke), ("stroke-width", thick), ("stroke-dasharray", dashes), ("stroke-linejoin", "round"))
    return _element("polyline", (("points", path), ("fill", "none"), *look))


def dot(x: int, y: int, radius: int, *, fill: str, stroke: str, thick: int = 4) -> Markup:
    """A round mark; hollow when filled with the paper's colour."""
    look = (("fill", fill), ("stroke", stroke), ("stroke-width", thick))
    return _element("circle", (("cx", x), ("cy", y), ("r", radius), *look))


def escaped(said: str) -> Markup:
    """Words as markup: nothing in them can open or close an element or an attribute."""
    return Markup(escape(plain(said), {'"': "&quot;", "'": "&#39;"}))


def _element(name: str, attributes: Iterable[tuple[str, int | str]], *inside: Markup) -> Markup:
    written = "".join(f' {key}="{escaped(str(value))}"' for key, value in attributes)
    return Markup(f"<{name}{written}>{''.join(inside)}</{name}>")
