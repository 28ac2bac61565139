"""What WeCom demands of a message to members, with the code of each refusal (pages 90236, 90313).

Lengths that the page only advises are demanded here: what goes beyond them is not seen whole on every screen.
"""

import re
from typing import Any

WRONG_AGENT = 40056
UNKNOWN_KIND = 40008
NO_RECEIVER = 82001
EMPTY_TEXT = 44004
CARD_TASK = 42014
CARD_FIELD = 42027

MAX_TEXT = 2048
"""Bytes; more is cut without a word."""

_MESSAGE_FIELDS = {"touser", "agentid", "msgtype", "enable_id_trans", "enable_duplicate_check"}
_MORE_FIELDS = {"safe", "duplicate_check_interval"}
_CARD_FIELDS = {"card_type", "main_title", "task_id", "button_list"}
_MORE_CARD_FIELDS = {"sub_title_text", "horizontal_content_list"}
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")


def refusal(message: dict[str, Any], agent_id: int) -> int:
    """The code with which a message is refused, 0 for a right one."""
    kind = message.get("msgtype")
    if kind not in {"text", "image", "file", "template_card"} or not isinstance(message.get(kind), dict):
        return UNKNOWN_KIND
    if message.get("agentid") != agent_id:
        return WRONG_AGENT
    if not isinstance(message.get("touser"), str) or not message["touser"]:
        return NO_RECEIVER
    if not _MESSAGE_FIELDS <= message.keys() <= _MESSAGE_FIELDS | _MORE_FIELDS | {kind}:
        return UNKNOWN_KIND
    if kind == "text" and not message["text"].get("content"):
        return EMPTY_TEXT
    return _card_refusal(message["template_card"]) if kind == "template_card" else 0


def as_cut(text: str) -> str:
    """A text as members get it."""
    return text.encode()[:MAX_TEXT].decode(errors="ignore")


def as_seen(card: dict[str, Any]) -> str:
    """What a template card shows, its buttons left out."""
    fields = [f"{field['keyname']}：{field['value']}" for field in card.get("horizontal_content_list", [])]
    return "\n".join(part for part in (card["main_title"]["title"], card.get("sub_title_text", ""), *fields) if part)


def _card_refusal(card: dict[str, Any]) -> int:
    if not _CARD_FIELDS <= card.keys() <= _CARD_FIELDS | _MORE_CARD_FIELDS:
        return CARD_FIELD
    if not isinstance(card["task_id"], str) or not _TASK_ID.fullmatch(card["task_id"]):
        return CARD_TASK
    right = (
        card["card_type"] == "button_interaction"
        and card["main_title"].keys() == {"title"}
        and _is_text(card["main_title"]["title"], 36)
        and _is_text(card.get("sub_title_text", "－"), 160)
        and len(fields := card.get("horizontal_content_list", [])) <= 6
        and all(_is_text(field.get("keyname"), 5) and _is_text(field.get("value"), 30) for field in fields)
        and 1 <= len(buttons := card["button_list"]) <= 6
        and all(_is_button(button) for button in buttons)
        and len({button["key"] for button in buttons}) == len(buttons)
    )
    return 0 if right else CARD_FIELD


def _is_button(button: dict[str, Any]) -> bool:
    key = button.get("key")
    return (
        button.keys() == {"text", "style", "key"}
        and _is_text(button["text"], 10)
        and button["style"] in {1, 2, 3, 4}
        and isinstance(key, str)
        and 1 <= len(key.encode()) <= 1024
    )


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= most
