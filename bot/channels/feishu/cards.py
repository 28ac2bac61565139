"""Card -> Feishu's card JSON 2.0, and words -> a text message. Pure.

Every string of a card goes into a plain-text node, where nothing is markup. A text message has no such mode, so its
few marks are taken apart there. Unknown properties are errors to the platform: only documented ones are written.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from assessment.evidence import KINDS
from bot.channels.card import Button, Card, Form, Style, Table, Tone, neutralise
from bot.channels.channel import Capabilities
from bot.channels.feishu.pressing import MAX_BLANKS, blank_name, button_value, form_value
from bot.channels.showing import Piece, shown
from schedules.rates import Per, Rate

CAPABILITIES = Capabilities(
    buttons=True,
    form=True,
    update=True,
    file=True,
    file_kinds=KINDS,
    max_file_bytes=30 * 1024 * 1024,
    picture=True,
    max_buttons=10,
    max_lines=60,
    max_bytes=28_000,
    max_picture_bytes=2_000_000,
    idempotency_seconds=3600,
    rates=(
        Rate(5, 1, Per.PERSON),
        Rate(5, 1, Per.GROUP),
        Rate(50, 1),
        Rate(1000, 60),
    ),
    avoids_marks=True,
)

WORDS_ONLY = replace(CAPABILITIES, buttons=False, form=False, update=False, picture=False, max_buttons=0)
"""Where the office wants no cards, or its Feishu shows none."""

MAX_CARD_BYTES = 29_000
"""Of a card's JSON text as it stands in the request, escaped once more; the platform takes 30 KB."""
MAX_ELEMENTS = 180
"""Parts with a tag in one card; the platform takes 200."""
_PICTURE_BYTES = 1000
"""Room kept for a picture's key and alternative, so that a picture never decides over how a card is divided."""

_WORDS_APART = replace(CAPABILITIES, max_lines=-1)
"""The words as text, the buttons on a card of their own."""
_HOOK = replace(WORDS_ONLY, max_bytes=9_000)
"""A group robot's address takes 20 KB, and no press ever comes back from it."""

_TEMPLATES = {Tone.BLUE: "blue", Tone.GREEN: "green", Tone.AMBER: "orange", Tone.RED: "red"}
_TYPES = {Style.PLAIN: "default", Style.PRIMARY: "primary", Style.DANGER: "danger"}
_BUTTONS_A_ROW = 3
_MAX_PAGE = 10
_MAX_COLUMNS = 50
_MAX_INPUT = 1000
_ALTERNATIVE = 200

_TAG = re.compile(r"<(?=[/a-zA-Z])")
_LINK = re.compile(r"\](?=\()")


def pieces(card: Card, *, as_cards: bool = True) -> tuple[Piece, ...]:
    """The messages that say `card`; the same ones each time, with or without a picture."""
    for can in (CAPABILITIES, _WORDS_APART) if as_cards else ():
        found = shown(card, can)
        if all(_fits(piece.card) for piece in found if piece.card):
            return found
    return shown(card, WORDS_ONLY)


def hook_pieces(card: Card) -> tuple[Piece, ...]:
    """The messages that say `card` through a group robot's address: words only."""
    return shown(card, _HOOK)


def plain(text: str) -> str:
    """The words for a text message, in which no tag and no link comes to life."""
    return _LINK.sub("] ", _TAG.sub("＜", text))


def render(card: Card, *, private: bool, image_key: str = "", alternative: str = "") -> dict[str, Any]:
    """The card as JSON-ready data; `private` says in what kind of chat its buttons will be pressed."""
    elements = [_words(line) for line in card.lines]
    elements += [_words(field.text()) for field in card.fields]
    if card.table:
        elements += _table(card.table)
    if image_key:
        elements.append(_image(image_key, alternative))
    if card.note:
        elements.append(_words(card.note, text_size="notation"))
    if card.form:
        elements.append(_form(card.form, private=private))
    elements += _buttons(card.buttons, private=private)
    return {
        "schema": "2.0",
        "config": {"update_multi": True},
        "header": {"title": _plain_text(card.title), "template": _TEMPLATES[card.tone]},
        "body": {"elements": elements},
    }


def encoded(payload: dict[str, Any]) -> str:
    """JSON text, as the platform wants a message's content inside the request's own JSON."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _fits(card: Card) -> bool:
    if card.form and len(card.form.blanks) > MAX_BLANKS:
        return False
    payload = render(card, private=True)
    size = len(json.dumps(encoded(payload), ensure_ascii=False).encode())
    return size + _PICTURE_BYTES <= MAX_CARD_BYTES and sum(1 for _ in _tagged(payload)) <= MAX_ELEMENTS


def _tagged(part: object) -> Iterator[object]:
    if isinstance(part, dict):
        if "tag" in part:
            yield part
        for inner in part.values():
            yield from _tagged(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _tagged(inner)


def _plain_text(text: str, **more: str) -> dict[str, Any]:
    return {"tag": "plain_text", "content": text, **more}


def _words(text: str, **more: str) -> dict[str, Any]:
    return {"tag": "div", "text": _plain_text(text, **more)}


def _table(table: Table) -> list[dict[str, Any]]:
    """The platform's own table, cells as plain text and as high as they need; without rows, or too wide, as lines."""
    if not table.rows or len(table.heading) > _MAX_COLUMNS:
        return [_words(line) for line in table.text()]
    names = [f"c{place}" for place in range(len(table.heading))]
    columns = [
        {"name": name, "display_name": heading, "data_type": "text"}
        for name, heading in zip(names, table.heading, strict=True)
    ]
    return [
        {
            "tag": "table",
            "page_size": min(len(table.rows), _MAX_PAGE),
            "row_height": "auto",
            "columns": columns,
            "rows": [dict(zip(names, row, strict=True)) for row in table.rows],
        }
    ]


def _image(image_key: str, alternative: str) -> dict[str, Any]:
    return {"tag": "img", "img_key": image_key, "alt": _plain_text(neutralise(alternative)[:_ALTERNATIVE])}


def _buttons(buttons: tuple[Button, ...], *, private: bool) -> list[dict[str, Any]]:
    made = [
        {
            "tag": "button",
            "text": _plain_text(button.label),
            "type": _TYPES[button.style],
            "behaviors": [{"type": "callback", "value": button_value(button.command, private=private)}],
        }
        for button in buttons
    ]
    return [_row(made[start : start + _BUTTONS_A_ROW]) for start in range(0, len(made), _BUTTONS_A_ROW)]


def _row(buttons: list[dict[str, Any]]) -> dict[str, Any]:
    """Buttons beside each other, below each other where the screen is narrow."""
    columns = [{"tag": "column", "width": "auto", "elements": [button]} for button in buttons]
    return {"tag": "column_set", "flex_mode": "flow", "columns": columns}


def _form(form: Form, *, private: bool) -> dict[str, Any]:
    blanks = [
        {
            "tag": "input",
            "name": blank_name(place),
            "label": _plain_text(blank.label),
            "required": blank.required,
            "max_length": _MAX_INPUT,
            **({"placeholder": _plain_text(blank.hint)} if blank.hint else {}),
        }
        for place, blank in enumerate(form.blanks)
    ]
    submit = {
        "tag": "button",
        "name": "submit",
        "text": _plain_text(form.submit),
        "type": "primary",
        "form_action_type": "submit",
        "behaviors": [{"type": "callback", "value": form_value(form, private=private)}],
    }
    return {"tag": "form", "name": "form", "elements": [*blanks, submit]}
