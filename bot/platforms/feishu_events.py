"""What the pretend Feishu reports: a message that a person sent, a card that a person pressed. Pure."""

import json
from datetime import datetime
from typing import Any, Literal

from handlers.incoming import FileRef, Incoming

BOT_OPEN_ID = "ou_duban"
BOT_NAME = "督办"

Account = Literal["open_id", "user_id"]

_KINDS = {"image": ("image", "image_key"), "voice": ("audio", "file_key"), "video": ("media", "file_key")}


def milliseconds(at: datetime) -> str:
    """The moment as the platform writes it."""
    return str(int(at.timestamp()) * 1000 + at.microsecond // 1000)


def message_event(message: Incoming, account: Account) -> dict[str, Any]:
    """The event of im.message.receive_v1. Raises ValueError for what nobody can send there in one message."""
    files = message.files or tuple(FileRef(name, "file", f"file_{name}") for name in message.attachments)
    if len(files) + bool(message.text) > 1:
        raise ValueError("a message of Feishu is words, or one file")
    kind, content = _file(files[0]) if files else ("text", {"text": message.text})
    mentions = []
    if kind == "text" and message.addressed and not message.private:
        content = {"text": f"@_user_1 {message.text}"}
        bot = {"union_id": "on_duban", "user_id": "", "open_id": BOT_OPEN_ID}
        mentions = [{"key": "@_user_1", "id": bot, "mentioned_type": "bot", "name": BOT_NAME}]
    return {
        "sender": {
            "sender_id": _ids(message.sender, account),
            "sender_type": "user",
            "tenant_key": message.tenant,
        },
        "message": {
            "message_id": message.message_id,
            "create_time": milliseconds(message.sent_at),
            "update_time": milliseconds(message.sent_at),
            "chat_id": message.conversation,
            "chat_type": "p2p" if message.private else "group",
            "message_type": kind,
            "content": json.dumps(content, ensure_ascii=False),
            "mentions": mentions,
        },
    }


def press_event(
    message: Incoming, account: Account, pressed_id: str, value: dict[str, Any], filled: dict[str, str] | None
) -> dict[str, Any]:
    """The event of card.action.trigger on the card with that id; `filled` is what stands in its form."""
    action: dict[str, Any] = {"value": value, "tag": "button", "timezone": "Asia/Shanghai"}
    if filled is not None:
        action |= {"name": "submit", "form_value": filled}
    return {
        "operator": {**_ids(message.sender, account), "tenant_key": message.tenant},
        "token": f"c-{message.message_id}",
        "action": action,
        "host": "im_message",
        "context": {"open_message_id": pressed_id, "open_chat_id": message.conversation},
    }


def _file(file: FileRef) -> tuple[str, dict[str, str]]:
    kind, key = _KINDS.get(file.kind, ("file", "file_key"))
    return kind, {key: file.key.rpartition("/")[2]} | ({"file_name": file.name} if file.name else {})


def _ids(person: str, account: Account) -> dict[str, str]:
    return {"union_id": f"on_{person}", "open_id": f"ou_{person}", "user_id": f"u_{person}", account: person}
