"""What Feishu posts, written for tests of its envelope, and the envelope that opens it."""

import json
from typing import Any

from bot.channels.channel import Opened
from bot.channels.feishu.envelope import MESSAGE, PRESS, FeishuEnvelope
from bot.channels.feishu.seal import Seal
from handlers.incoming import Incoming
from tests.bot.channels.feishu_subject import APP, SECRET, TOKEN, event, sealed


def door(account: Any = "open_id", *, bot: str | None = None) -> FeishuEnvelope:
    """Opens what is for our app; `bot` is our bot's own open_id where that is known."""
    envelope = FeishuEnvelope(
        "door", Seal(SECRET), tenant_key="county", app_id=APP, verification_token=TOKEN, account=account
    )
    envelope.bot_open_id = bot
    return envelope


def opened(content: dict[str, Any], account: Any = "open_id", *, bot: str | None = None) -> Opened:
    return door(account, bot=bot).open(sealed(json.dumps(content).encode()))


def said(content: dict[str, Any] | str, kind: str = "text", **message: Any) -> dict[str, Any]:
    """A private message of that kind."""
    sender = {"sender_id": {"open_id": "ou_7", "user_id": "u7"}, "sender_type": "user", "tenant_key": "county"}
    fields = {
        "message_id": "om_1",
        "create_time": "1785893400123",
        "chat_id": "oc_7",
        "chat_type": "p2p",
        "message_type": kind,
        "content": content if isinstance(content, str) else json.dumps(content),
    }
    return event(MESSAGE, {"sender": sender, "message": fields | message})


def pressed(value: Any, filled: Any = None, **header: Any) -> dict[str, Any]:
    action = {"value": value, "tag": "button"} | ({} if filled is None else {"form_value": filled})
    content = {
        "operator": {"open_id": "ou_7", "user_id": "u7", "tenant_key": "county"},
        "token": "c-1",
        "action": action,
        "host": "im_message",
        "context": {"open_message_id": "om_2", "open_chat_id": "oc_7"},
    }
    return event(PRESS, content, **({"create_time": "1785893400123456"} | header))


def mention(key: str, name: str, open_id: str = "ou_x", kind: str = "user") -> dict[str, Any]:
    return {
        "key": key,
        "id": {"open_id": open_id, "user_id": "", "union_id": "on"},
        "mentioned_type": kind,
        "name": name,
    }


def text_of(content: dict[str, Any], **more: Any) -> str:
    message = opened(content, **more)
    assert isinstance(message, Incoming)
    return message.text
