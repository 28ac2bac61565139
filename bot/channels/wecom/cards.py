"""Card -> the messages of WeCom that say it: a template card where it fits whole, text where it does not. Pure.

Source: WeCom page 90236 (text, template_card of the kind button_interaction).
"""

import hashlib
from typing import Any

from assessment.evidence import KINDS
from bot.channels.card import Button, Card, Field, Style
from bot.channels.channel import Capabilities
from bot.channels.showing import Piece, shown, split
from schedules.rates import LookUps, Per, Rate

MAX_BYTES = 2048
"""Of a text; the platform cuts what is longer."""
MAX_KEY = 1024
"""Bytes of the command behind a button."""
MAX_TITLE = 36
"""Characters of a template card's title; this and the next four are the page's advice, not enforced there."""
MAX_WORDS = 160
MAX_LABEL = 10
MAX_FIELD_NAME = 5
MAX_FIELD_VALUE = 30
MAX_FIELDS = 6
MAX_BUTTONS = 6
MAX_LINES = 8
"""Ours, not the platform's: more is easier to read as a text."""

DUPLICATE_SECONDS = 4 * 60 * 60
"""The longest that the platform can be asked to remember what it was sent."""

CAPABILITIES = Capabilities(
    buttons=True,
    update=True,
    max_buttons=MAX_BUTTONS,
    max_label=MAX_LABEL,
    max_lines=MAX_LINES,
    max_bytes=MAX_BYTES,
    picture=True,
    file=True,
    file_kinds=KINDS,
    max_file_bytes=20 * 1024 * 1024,
    hook_takes_files=True,
    idempotency_seconds=DUPLICATE_SECONDS,
    rates=(
        Rate(30, 60, Per.PERSON),
        Rate(1000, 60 * 60, Per.PERSON),
        Rate(20, 60, Per.GROUP),
    ),
    avoids_marks=True,
    repeat_seconds=DUPLICATE_SECONDS,
)
LOOK_UPS = LookUps(a_day=100, misses=10)
"""The platform bars a company for a day once wrong numbers exceed a fifth of its head-count (page 95402). Over which
time it counts them is not said: we take half of that, in seven days, of the people whom the roster names.
"""
"""Beyond a person's rate messages vanish without a word, beyond a group robot's they are refused (90236, 91770)."""

_CHOOSE = "请选择"
_ROOM_FOR_REPEAT = 64
"""Bytes kept free in each text for the line that tells a repetition from its original."""


def pieces(card: Card) -> tuple[Piece, ...]:
    """The messages that say `card`, in order, each within the platform's limits; nothing is cut.

    A card that a template card cannot hold whole is said as text first, its buttons follow under its title.
    """
    text = plain(card, MAX_BYTES - _ROOM_FOR_REPEAT)
    head = next((piece.card for piece in shown(card, CAPABILITIES) if piece.card and piece.card.buttons), None)
    if head is None or not _pressable(head.buttons):
        return text
    if head.buttons == card.buttons and _fits(card):
        return (Piece(card.text(), card),)
    bare = Card(card.title, buttons=head.buttons)
    if not _fits(bare):
        # A title too long for a title becomes the words, or stays with the text alone.
        bare = Card(_CHOOSE, (card.title,) if len(card.title) <= MAX_WORDS else (), buttons=head.buttons)
    return (*text, Piece(bare.text(), bare))


def plain(card: Card, most: int) -> tuple[Piece, ...]:
    """`card` as texts of up to `most` bytes each."""
    return tuple(Piece(part) for part in split(escaped(card.text()), most))


def escaped(text: str) -> str:
    """`text` with nothing in it that a text message reads as a link or, in a group, as a mention."""
    return text.replace("<", "＜")


def text_message(text: str, said_before: int = 0) -> dict[str, Any]:
    """A message of the kind text. `said_before`: how many others with these very words went before it.

    The platform drops what it was sent before (enable_duplicate_check), so that words meant to be seen twice have to
    differ.
    """
    again = f"\n（第{said_before + 1}次发送）" if said_before else ""
    return {"msgtype": "text", "text": {"content": text + again}}


def file_message(media_id: str) -> dict[str, Any]:
    """A message that is an uploaded file; its name is the one with which it was uploaded."""
    return {"msgtype": "file", "file": {"media_id": media_id}}


def template_card(card: Card, task_id: str) -> dict[str, Any]:
    """A message of the kind template_card; each button's key is its command."""
    listed = _listed(card.fields)
    words = "\n".join(_words(card))
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": card.title or _CHOOSE},
            **({"sub_title_text": words} if words else {}),
            **({"horizontal_content_list": listed} if listed else {}),
            "task_id": task_id,
            "button_list": [
                {"text": button.label, "style": 1 if button.style is Style.PRIMARY else 2, "key": button.command}
                for button in card.buttons
            ],
        },
    }


def task_id(key: str, place: int) -> str:
    """The id of the template card that is the message at `place` of the letter `key`; the same in every attempt."""
    return hashlib.sha256(f"{place}\n{key}".encode()).hexdigest()[:32]


def _fits(card: Card) -> bool:
    words = _words(card)
    return len(card.title) <= MAX_TITLE and len(words) <= MAX_LINES and len("\n".join(words)) <= MAX_WORDS


def _words(card: Card) -> tuple[str, ...]:
    """The card's lines; its fields among them where the platform's own list cannot take them."""
    fields = () if _listed(card.fields) else tuple(field.text() for field in card.fields)
    table = card.table.text() if card.table else ()
    return tuple(line for line in (*card.lines, *fields, *table, card.note) if line)


def _listed(fields: tuple[Field, ...]) -> list[dict[str, str]]:
    """The fields as the platform's list of names and values; empty where one does not fit it."""
    listed = [{"keyname": field.label, "value": _value(field)} for field in fields]
    fitting = len(listed) <= MAX_FIELDS and all(
        0 < len(line["keyname"]) <= MAX_FIELD_NAME and 0 < len(line["value"]) <= MAX_FIELD_VALUE for line in listed
    )
    return listed if fitting else []


def _value(field: Field) -> str:
    return field.value + (f"（{field.lamp}）" if field.lamp else "")


def _pressable(buttons: tuple[Button, ...]) -> bool:
    """Whether each has a label, and a command that the platform takes and can tell from the others."""
    commands = {button.command for button in buttons}
    return len(commands) == len(buttons) and all(
        button.label and 0 < len(button.command.encode()) <= MAX_KEY for button in buttons
    )
