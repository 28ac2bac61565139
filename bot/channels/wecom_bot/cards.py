"""Card -> the one message with which a 智能机器人 answers: a template card if it fits whole, else Markdown. Pure.

Source: WeCom pages 101138 (answers) and 101032 (template cards). Which escapes the Markdown renderers honour is nowhere
documented, so what could act as markup is written in its full-width form, which acts nowhere; all that a person types
is folded back before it is read.
"""

import hashlib
import re
from typing import Any

from bot.channels.card import Button, Card, Field, Style
from bot.channels.channel import Capabilities
from bot.channels.showing import Piece

MAX_BYTES = 20_000
"""Of the Markdown; the platform takes 20 480."""
MAX_KEY = 1024
"""Bytes of the command behind a button."""
MAX_TITLE = 26
"""Characters of a template card's title; this and the next four are the page's advice, not enforced there."""
MAX_WORDS = 112
MAX_LABEL = 10
MAX_FIELD_NAME = 5
MAX_FIELD_VALUE = 26
MAX_FIELDS = 6
MAX_BUTTONS = 6
MAX_LINES = 6
"""Ours, not the platform's: more is easier to read as a text."""

CAPABILITIES = Capabilities(
    buttons=True, max_buttons=MAX_BUTTONS, max_label=MAX_LABEL, max_lines=MAX_LINES, max_bytes=MAX_BYTES
)
"""No idempotency key, no picture, no change of a card once it is sent; and nothing but answers."""

NEWLINE = "  \n"
LEFT_OUT = "（内容较长，以下从略，请在督办应用中发送同样内容查看。）"

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_ANYWHERE = {ord(sign): _WIDE[ord(sign)] for sign in r"\`*_[]()<>~|@#&"}
_LEADING = re.compile(r"([0-9]*)([>+=\-]+|(?<=[0-9])[.)](?=\s|$))")
"""What makes a quotation, a list or a rule of the line that it begins."""


def answer(card: Card, key: str, *, to_group: bool) -> dict[str, Any]:
    """The message that says `card`; `key` tells it from other messages. In a group there is nothing to press."""
    if not to_group and card.buttons and _fits(card):
        return _template_card(card, hashlib.sha256(key.encode()).hexdigest()[:32])
    return {"msgtype": "markdown", "markdown": {"content": markdown(card)}}


def pieces(card: Card) -> tuple[Piece, ...]:
    """The one message that says `card` in private: with its buttons where all of it fits, in words otherwise."""
    return (Piece(card.text(), card if card.buttons and _fits(card) else None),)


def markdown(card: Card) -> str:
    """The card in words, its commands among them; as much as one message holds, and a word where that is not all."""
    lines = [disarmed(line) for line in card.text().split("\n") if line.strip()]
    whole = NEWLINE.join(lines)
    if len(whole.encode()) <= MAX_BYTES:
        return whole
    room = MAX_BYTES - len(f"{NEWLINE}{LEFT_OUT}".encode())
    held = whole.encode()[:room].decode(errors="ignore")
    # Whole lines, unless the first alone is too long.
    return (held.rpartition(NEWLINE)[0] or held) + NEWLINE + LEFT_OUT


def disarmed(line: str) -> str:
    """`line` with nothing in it that Markdown, or an @, could act upon; it reads the same."""
    safe = line.lstrip().translate(_ANYWHERE)
    leading = _LEADING.match(safe)
    return safe if leading is None else leading[1] + leading[2].translate(_WIDE) + safe[leading.end() :]


def _template_card(card: Card, task_id: str) -> dict[str, Any]:
    """Each button's key is its command. Every node is plain text."""
    listed = _listed(card.fields)
    words = "\n".join(_words(card))
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": card.title},
            **({"sub_title_text": words} if words else {}),
            **({"horizontal_content_list": listed} if listed else {}),
            "task_id": task_id,
            "button_list": [
                {"text": button.label, "style": 1 if button.style is Style.PRIMARY else 2, "key": button.command}
                for button in card.buttons
            ],
        },
    }


def _fits(card: Card) -> bool:
    """Whether nothing of the card would be left away or cut."""
    words = _words(card)
    return (
        0 < len(card.title) <= MAX_TITLE
        and len(words) <= MAX_LINES
        and len("\n".join(words)) <= MAX_WORDS
        and len(card.buttons) <= MAX_BUTTONS
        and len({button.command for button in card.buttons}) == len(card.buttons)
        and all(map(_is_pressable, card.buttons))
    )


def _is_pressable(button: Button) -> bool:
    return 0 < len(button.label) <= MAX_LABEL and 0 < len(button.command.encode()) <= MAX_KEY


def _words(card: Card) -> tuple[str, ...]:
    """The card's lines; its fields among them where the platform's own list cannot take them."""
    fields = () if _listed(card.fields) else tuple(field.text() for field in card.fields)
    table = card.table.text() if card.table else ()
    return tuple(line for line in (*card.lines, *fields, *table, card.note) if line)


def _listed(fields: tuple[Field, ...]) -> list[dict[str, str]]:
    """The fields as the platform's list of names and values; empty where one does not fit it."""
    listed = [
        {"keyname": field.label, "value": field.value + (f"（{field.lamp}）" if field.lamp else "")} for field in fields
    ]
    fitting = len(listed) <= MAX_FIELDS and all(
        0 < len(line["keyname"]) <= MAX_FIELD_NAME and 0 < len(line["value"]) <= MAX_FIELD_VALUE for line in listed
    )
    return listed if fitting else []
