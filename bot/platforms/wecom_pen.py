"""How WeCom writes its callbacks to a self-built app: XML in an envelope (pages 90239, 90240, 90930)."""

from dataclasses import dataclass
from uuid import uuid4

from bot.channels.sealed import Seal
from bot.clock import Clock
from bot.platforms.platform import Callback
from handlers.incoming import Incoming


@dataclass(frozen=True)
class Pressed:
    """The button that an event tells of, beside its command."""

    task_id: str
    response_code: str


class Pen:
    """Writes and seals the callbacks of one app in one company."""

    def __init__(self, *, corp_id: str, agent_id: int, token: str, encoding_aes_key: str, real_clock: Clock) -> None:
        """`real_clock` dates the signatures."""
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._seal = Seal(token, encoding_aes_key, (corp_id,))
        self._real_clock = real_clock

    def content(self, message: Incoming, pressed: Pressed | None = None) -> bytes:
        """The inner XML: an event for a press, a message with media if there is a file, else a text.

        As on the platform a file comes alone; the words with it would be another message.
        """
        head = _element("ToUserName", message.tenant) + _element("FromUserName", message.sender)
        head += f"<CreateTime>{int(message.sent_at.timestamp())}</CreateTime>"
        agent = f"<AgentID>{self._agent_id}</AgentID>"
        return f"<xml>{head}{_event(message, pressed) if pressed else _message(message)}{agent}</xml>".encode()

    def post(self, content: bytes) -> Callback:
        """The request that brings `content`, signed now."""
        query, encrypt = self._sealed(content)
        body = _element("ToUserName", self._corp_id) + _element("AgentID", str(self._agent_id))
        return Callback(
            f"<xml>{body}{_element('Encrypt', encrypt)}</xml>".encode(), {"content-type": "text/xml"}, query
        )

    def check(self, echo: str) -> Callback:
        """The request that asks whether the app is there; `echo` is the right answer."""
        query, encrypt = self._sealed(echo.encode())
        return Callback(b"", query={**query, "echostr": encrypt}, method="GET")

    def _sealed(self, content: bytes) -> tuple[dict[str, str], str]:
        stamp, nonce = str(int(self._real_clock.now().timestamp())), str(uuid4().int % 10**10)
        sealed = self._seal.seal(content, timestamp=stamp, nonce=nonce)
        return {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce}, sealed.encrypt


def _message(message: Incoming) -> str:
    identity = f"<MsgId>{message.message_id}</MsgId>"
    if not message.files:
        return f"{_element('MsgType', 'text')}{_element('Content', message.text)}{identity}"
    file = message.files[0]
    words = _element("Recognition", message.text) if message.text else ""
    return f"{_element('MsgType', file.kind)}{_element('MediaId', file.key)}{words}{identity}"


def _event(message: Incoming, pressed: Pressed) -> str:
    return "".join(
        (
            _element("MsgType", "event"),
            _element("Event", "template_card_event"),
            _element("EventKey", message.text),
            _element("TaskId", pressed.task_id),
            _element("CardType", "button_interaction"),
            _element("ResponseCode", pressed.response_code),
        )
    )


def _element(name: str, text: str) -> str:
    return f"<{name}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
