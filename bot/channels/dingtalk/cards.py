"""Card -> DingTalk's messages: a text, or an ActionCard whose buttons make the client send their command. Pure.

An ActionCard is Markdown. Which escapes its renderers honour is nowhere documented, so what could act as markup is
written in its full-width form, which acts nowhere; all that a person types is folded back before it is read.

Sources: DingTalk "robot message types"; `dtmd://dingtalkclient/sendMessage` for the buttons.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bot.channels.card import Button, Card
from bot.channels.showing import Piece

MAX_BUTTONS = 5
MAX_BYTES = 4_000
"""Of a card's words: in the widest form that they can take the parameters stay below MAX_PARAM_BYTES."""
MAX_PARAM_BYTES = 15_000
"""Of `msgParam`, in UTF-8."""
SEND = "dtmd://dingtalkclient/sendMessage?content="
NEWLINE = "  \n  "

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_ANYWHERE = {ord(sign): _WIDE[ord(sign)] for sign in r"\`*_[]<>~|@"}
_LEADING = re.compile(r"([0-9]*)([#>+=\-]+|(?<=[0-9])[.)](?=\s|$))")
"""What makes a heading, a quotation, a list or a rule of the line that it begins."""


@dataclass(frozen=True)
class Message:
    """A message as the robot's API takes it."""

    key: str
    """The kind: `msgKey`."""
    parameters: Mapping[str, str]

    @property
    def param(self) -> str:
        """`msgParam`, a JSON text."""
        return json.dumps(dict(self.parameters), ensure_ascii=False)


def render(piece: Piece) -> Message:
    """The message that says `piece`."""
    if piece.card is None or not piece.card.buttons:
        return Message("sampleText", {"content": piece.text})
    return _action_card(piece.card)


def picture(media_id: str) -> Message:
    """An uploaded picture as a message."""
    return Message("sampleImageMsg", {"photoURL": media_id})


def file(media_id: str, name: str, kind: str) -> Message:
    """An uploaded document as a message."""
    return Message("sampleFile", {"mediaId": media_id, "fileName": name, "fileType": kind})


def disarmed(line: str) -> str:
    """`line` with nothing in it that Markdown, or an @, could act upon; it reads the same."""
    safe = line.lstrip().translate(_ANYWHERE)
    leading = _LEADING.match(safe)
    return safe if leading is None else leading[1] + leading[2].translate(_WIDE) + safe[leading.end() :]


def command_address(command: str) -> str:
    """The address that makes the client of whoever opens it say `command` to the robot."""
    return f"{SEND}{quote(command, safe='')}"


def _action_card(card: Card) -> Message:
    buttons = card.buttons[:MAX_BUTTONS]
    words = {"title": disarmed(card.title), "text": _markdown(card)}
    if len(buttons) == 1:
        only = buttons[0]
        address = command_address(only.command)
        return Message("sampleActionCard", {**words, "singleTitle": only.label, "singleURL": address})
    return Message(f"sampleActionCard{len(buttons)}", {**words, **_actions(buttons)})


def _actions(buttons: tuple[Button, ...]) -> dict[str, str]:
    actions: dict[str, str] = {}
    for number, button in enumerate(buttons, start=1):
        actions |= {f"actionTitle{number}": button.label, f"actionURL{number}": command_address(button.command)}
    return actions


def _markdown(card: Card) -> str:
    """The card's words without its commands, which are its buttons."""
    lines = [*card.lines, *(field.text() for field in card.fields)]
    if card.table:
        lines += card.table.text()
    lines.append(card.note)
    return NEWLINE.join([f"### {disarmed(card.title)}", *(disarmed(line) for line in lines if line.strip())])
