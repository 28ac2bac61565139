"""What a button of a Feishu card carries, and what its press says: written and read in one room. Pure.

The value comes back in a genuine callback exactly as it was put into the card. It says whether the card was sent in
private, since the callback does not tell what kind of chat it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.body import storable
from bot.channels.card import Blank, Form
from bot.channels.channel import Malformed

MAX_BLANKS = 50
"""Of one form."""


@dataclass(frozen=True)
class Pressed:
    """One press."""

    text: str
    """What typing would have sent."""
    private: bool


def button_value(command: str, *, private: bool) -> dict[str, Any]:
    """The value of a button that sends `command`."""
    return {"command": command, "p": int(private)}


def form_value(form: Form, *, private: bool) -> dict[str, Any]:
    """The value of a form's submitting button; what was filled in comes back beside it, see blank_name."""
    labels = [blank.label for blank in form.blanks]
    return {"form": {"command": form.command, "labels": labels}, "p": int(private)}


def blank_name(place: int) -> str:
    """The name of the form's blank at that place, from 0."""
    return f"f{place}"


def pressed_command(value: object, filled: object) -> Pressed | None:
    """What the press of a button says; None for a button that is not ours. Raises Malformed."""
    if not isinstance(value, dict) or not ("command" in value or "form" in value):
        return None
    private = value.get("p")
    if isinstance(private, bool) or private not in (0, 1):
        raise Malformed("a button that does not tell its chat")
    if "form" in value:
        return Pressed(_composed(value["form"], filled), bool(private))
    return Pressed(_word(value["command"]), bool(private))


def _composed(form: object, filled: object) -> str:
    """The text of a submitted form, exactly as Form.composed writes it."""
    if not isinstance(form, dict):
        raise Malformed("a form that is none")
    labels = form.get("labels")
    if not isinstance(labels, list) or len(labels) > MAX_BLANKS:
        raise Malformed("a form without its labels")
    blanks = tuple(Blank(_word(label)) for label in labels)
    return Form(_word(form.get("command")), blanks).composed(_values(filled, len(blanks)))


def _values(filled: object, count: int) -> Sequence[str]:
    """In the order of the blanks; what was left blank is missing or null."""
    if filled is None:
        filled = {}
    if not isinstance(filled, dict):
        raise Malformed("a form without its values")
    values = [filled.get(blank_name(place)) for place in range(count)]
    if any(not isinstance(value, str | None) for value in values):
        raise Malformed("a value that is no text")
    return [value or "" for value in values]


def _word(found: object) -> str:
    if not isinstance(found, str) or not found:
        raise Malformed("a button without its words")
    return storable(found)
