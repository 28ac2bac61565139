"""What the pretend DingTalk writes to the service: the body of a robot message, as HTTP and Stream bring it alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.incoming import FileRef, Incoming

SESSION_PATH = "/robot/sendBySession"
SESSION_WEBHOOK, SESSION_UNTIL = "session_webhook", "session_until"
"""Keys of `Incoming.extra`: the address by which a message may be answered at once, and until when."""
_TYPES = {"image": "picture", "voice": "audio", "video": "video", "file": "file"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class App:
    """The app's credentials, as its console shows them."""

    corp_id: str
    app_key: str
    app_secret: str
    robot_code: str = ""
    """Empty: the same as the app's key."""

    @property
    def robot(self) -> str:
        """The code of the app's robot."""
        return self.robot_code or self.app_key


def milliseconds(at: datetime) -> int:
    """A time as the platform writes it."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def robot_message(message: Incoming, app: App) -> dict[str, Any]:
    """The body that brings `message`. Raises ValueError for words and a file in one: no client sends that."""
    return {
        "msgId": message.message_id,
        "createAt": milliseconds(message.sent_at),
        "conversationId": message.conversation,
        "conversationType": "1" if message.private else "2",
        "senderId": f"$:LWCP_v1:${message.sender}",
        "senderNick": "某人",
        "senderStaffId": message.sender,
        "senderCorpId": message.tenant,
        "senderPlatform": "Mac",
        "isAdmin": False,
        "chatbotCorpId": message.tenant,
        "chatbotUserId": "$:LWCP_v1:$robot",
        "isInAtList": message.addressed,
        "robotCode": app.robot,
        **_session(message.extra or {}),
        **_content(message),
    }


def _session(extra: Mapping[str, str]) -> dict[str, Any]:
    if SESSION_WEBHOOK not in extra:
        return {}
    return {"sessionWebhook": extra[SESSION_WEBHOOK], "sessionWebhookExpiredTime": int(extra[SESSION_UNTIL])}


def _content(message: Incoming) -> dict[str, Any]:
    files = message.files or tuple(
        FileRef(name, "file", f"{message.message_id}-{number}") for number, name in enumerate(message.attachments)
    )
    if not files:
        # The blank is what the client leaves behind where @robot stood.
        return {"msgtype": "text", "text": {"content": f" {message.text}"}}
    if all(file.kind == "image" for file in files) and (message.text or len(files) > 1):
        pictures = [{"type": "picture", "downloadCode": file.key} for file in files]
        return {"msgtype": "richText", "content": {"richText": [{"text": message.text}, *pictures]}}
    if message.text or len(files) > 1:
        raise ValueError("a file travels alone and without words")
    file = files[0]
    content = {"downloadCode": file.key, **({"fileName": file.name} if file.kind == "file" else {})}
    return {"msgtype": _TYPES[file.kind], "content": content}
