"""What the bot shows, free of any platform: a neutral Card, and its plain-text form that is always enough.

Every string in a card is data. Control, zero-width and direction characters are taken out when a card is made, so
that no channel has to remember to do it; what a platform reads as markup is escaped by that channel's cards.py.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Drawn as nothing although Unicode counts them as letters, marks or symbols."""

_SIGN = re.compile(r" #[0-9]{4}$")
_QUOTE = "│ "
DEALT_WITH = "已办理"
"""What a card shows whose question is answered, in the place of its buttons."""


class Tone(StrEnum):
    """The mood of a card; a platform may turn it into a colour, the words have to say it too."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Lamp(StrEnum):
    """A lamp beside a figure; its value is the word that is always written with the colour."""

    GREEN = "绿灯"
    AMBER = "黄灯"
    RED = "红灯"


class Style(StrEnum):
    """How much a button asks to be pressed."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


def neutralise(text: str) -> str:
    """Return `text` as one line that shows all it holds: breaks become spaces, what cannot be seen is dropped."""
    if text.isprintable() and _INVISIBLE.isdisjoint(text):
        return text
    return "".join(_seen(character) for character in text)


def quoted(text: str) -> tuple[str, ...]:
    """Lines that repeat what a person wrote, each marked so that none can pass for a line of the bot's own (T10)."""
    return tuple(_QUOTE + line for raw in text.splitlines() if (line := neutralise(raw).strip()))


@dataclass(frozen=True)
class Field:
    """One labelled value, with a lamp where one is due."""

    label: str
    value: str
    lamp: Lamp | None = None

    def __post_init__(self) -> None:
        _clean(self, "label", "value")

    def text(self) -> str:
        """The field as one line; the lamp is written out."""
        return f"{self.label}：{self.value}" + (f"（{self.lamp}）" if self.lamp else "")


@dataclass(frozen=True)
class Table:
    """A heading and rows of equal length."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heading) for row in self.rows):
            raise ValueError("every row of a table has as many cells as its heading")
        _clean(self, "heading")
        object.__setattr__(self, "rows", tuple(tuple(map(neutralise, row)) for row in self.rows))

    def text(self) -> tuple[str, ...]:
        """The table as lines, cells parted by a bar."""
        return tuple(" | ".join(row) for row in (self.heading, *self.rows))


@dataclass(frozen=True)
class Button:
    """A shortcut for typing: pressing it sends `command`, exactly as if the person had typed it."""

    label: str
    command: str
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        _clean(self, "label", "command")

    @property
    def typed(self) -> str:
        """What a person types instead of pressing: the command without the sign of its question."""
        return _SIGN.sub("", self.command)


@dataclass(frozen=True)
class Blank:
    """One line of a form, to be filled in: a figure, or a few words."""

    label: str
    """Written before what is filled in, when the form becomes a text."""
    hint: str = ""
    required: bool = False

    def __post_init__(self) -> None:
        _clean(self, "label", "hint")


@dataclass(frozen=True)
class Form:
    """Blanks and a button: submitting sends one text, exactly as if the person had typed it."""

    command: str
    """The words that the text begins with."""
    blanks: tuple[Blank, ...]
    submit: str = "提交"

    def __post_init__(self) -> None:
        _clean(self, "command", "submit")

    def composed(self, values: Sequence[str]) -> str:
        """The text that typing would have taken; `values` in the order of the blanks, empty where left blank."""
        filled = [
            f"{blank.label} {said}"
            for blank, value in zip(self.blanks, values, strict=True)
            if (said := neutralise(value).strip())
        ]
        return "\n".join([self.command, *filled])


@dataclass(frozen=True)
class Card:
    """One saying of the bot. `lines` are paragraphs of one line each; use quoted() for what a person wrote."""

    title: str
    lines: tuple[str, ...] = ()
    tone: Tone = Tone.BLUE
    fields: tuple[Field, ...] = ()
    table: Table | None = None
    buttons: tuple[Button, ...] = ()
    note: str = ""
    form: Form | None = None
    """A shortcut for typing several figures. The words of the card have to say how to do it by typing."""

    def __post_init__(self) -> None:
        _clean(self, "title", "lines", "note")

    def text(self) -> str:
        """The card without colour or buttons: enough to understand it and to finish the task by typing."""
        parts = [self.title, *self.lines, *(field.text() for field in self.fields)]
        if self.table:
            parts += self.table.text()
        parts.append(self.note)
        if self.buttons:
            parts.append("回复：" + " / ".join(button.typed for button in self.buttons))
        return "\n".join(part for part in parts if part)


def _seen(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return ""
        case "Cs":
            return "\ufffd"
        case _:
            return "" if character in _INVISIBLE else character


def _clean(part: object, *names: str) -> None:
    """Neutralise the named attributes of a frozen part, each a string or a tuple of strings."""
    for name in names:
        value = getattr(part, name)
        clean = neutralise(value) if isinstance(value, str) else tuple(map(neutralise, value))
        object.__setattr__(part, name, clean)
