"""WeCom's callbacks to the self-built app: sealed XML in, what was said or pressed out. No I/O.

Source: WeCom pages 90930 (the envelope), 90238 (the address check), 90239 and 90240 (messages and events).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels.body import storable
from bot.channels.channel import Challenge, Envelope, Ignored, Malformed, Opened, Unverified
from bot.channels.sealed import Seal, echoed
from handlers.incoming import FileRef, Incoming

WINDOW = timedelta(hours=8, minutes=10)
"""How far the signature's stamp may lie from the real clock. Whether a resend bears a new stamp is not documented,
so nothing tighter than the age that a new message may have (decisions 9)."""

PRESS = "template_card_event"
_MENU = "click"
_FILES = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}
"""Kinds of message that bring a file, and what it is called: the platform tells no name."""

_MAX_TAGS = 40
"""Angle brackets in the outer XML, counted before it is parsed; a genuine one has some fifteen."""
_MAX_ID = 256
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold. People do paste such characters out of office documents; their message is not lost."""


@dataclass(frozen=True)
class WecomEnvelope:
    """Opens the callbacks of one app in one company."""

    channel: str
    corp_id: str
    agent_id: int
    seal: Seal

    def open(self, request: Envelope) -> Opened:
        """Verify, then read. The message's own time is handed on as it is: how old it may be depends on whether its
        id is known, which intake knows (decisions 9). Raises Unverified or Malformed.
        """
        if request.method == "GET":
            return Challenge(echoed(self._unsealed(request, request.query.get("echostr", ""))))
        if request.method != "POST":
            raise Unverified("not posted")
        return self._read(_parsed(_text(self._unsealed(request, self._ciphertext(request.body)))))

    def _ciphertext(self, body: bytes) -> str:
        """What is sealed in a body that nothing vouches for yet: so whatever is wrong with it, it is Unverified."""
        if body.count(b"<") > _MAX_TAGS:
            raise Unverified("not a sealed message")
        try:
            outer = _parsed(body.decode())
        except (UnicodeDecodeError, Malformed):
            raise Unverified("not a sealed message") from None
        self._addressed(outer)
        return outer.findtext("Encrypt", "")

    def _unsealed(self, request: Envelope, encrypt: str) -> bytes:
        stamp, nonce, signature = (request.query.get(name, "") for name in ("timestamp", "nonce", "msg_signature"))
        content = self.seal.open(encrypt, signature=signature, timestamp=stamp, nonce=nonce)
        if not _is_number(stamp):
            raise Unverified("the stamp is not a number of seconds")
        if abs(request.real_now.timestamp() - int(stamp)) > WINDOW.total_seconds():
            raise Unverified("the signature is stale")
        return content

    def _read(self, inner: Element) -> Incoming | Ignored:
        self._addressed(inner)
        match kind := inner.findtext("MsgType", ""):
            case "":
                raise Malformed("no kind of message")
            case "event":
                return self._event(inner)
            case "text":
                return self._said(inner, inner.findtext("Content", ""))
            case _ if kind in _FILES:
                # The words of a voice message come along where the company has that switched on.
                file = FileRef("", kind, _id(inner, "MediaId"))
                return self._said(inner, inner.findtext("Recognition", ""), file)
            case _:
                return Ignored("a kind of message that says nothing to us")

    def _event(self, inner: Element) -> Incoming | Ignored:
        event, command = inner.findtext("Event", ""), inner.findtext("EventKey", "")
        if event not in {PRESS, _MENU} or not command:
            return Ignored("an event that asks nothing of us")
        task = inner.findtext("TaskId", "")
        sender, at = _id(inner, "FromUserName").lower(), inner.findtext("CreateTime", "")
        code = inner.findtext("ResponseCode", "")
        extra = {"response_code": storable(code), "task_id": storable(task)} if event == PRESS else None
        return self._incoming(inner, press_id(sender, at, event, command, task), command, extra=extra)

    def _said(self, inner: Element, text: str, file: FileRef | None = None) -> Incoming:
        return self._incoming(inner, _id(inner, "MsgId"), text, file)

    def _incoming(
        self,
        inner: Element,
        message_id: str,
        text: str,
        file: FileRef | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Incoming:
        # Ids are the same whatever their case (page 90236 gives them back in lower case).
        sender = _id(inner, "FromUserName").lower()
        return Incoming(
            channel=self.channel,
            tenant=self.corp_id,
            message_id=message_id,
            sender=sender,
            conversation=f"app:{sender}",
            private=True,
            addressed=True,
            text=storable(text),
            sent_at=_sent_at(inner),
            attachments=(_FILES[file.kind],) if file else (),
            extra=extra,
            files=(file,) if file else (),
        )

    def _addressed(self, part: Element) -> None:
        """Raise Unverified for what is meant for another company or app; an event may name no app."""
        if part.findtext("ToUserName", "") != self.corp_id:
            raise Unverified("another tenant")
        if part.findtext("AgentID") not in {None, "", str(self.agent_id)}:
            raise Unverified("another app")


def press_id(sender: str, at: str, event: str, command: str, task: str) -> str:
    """What tells one press from another, as an event bears no id: who, the second, which button of which card (I2)."""
    button = hashlib.sha256(command.encode(errors="replace")).hexdigest()[:16]
    return ":".join((sender, at, event, button, task if len(task) <= 128 else ""))


def _parsed(text: str) -> Element:
    """The root of a flat XML text; no DTD, no entity, nothing external. Raises Malformed."""
    try:
        return fromstring(_NO_XML.sub("\ufffd", text), forbid_dtd=True)
    except (ParseError, DefusedXmlException):
        raise Malformed("not XML as the platform writes it") from None


def _text(content: bytes) -> str:
    return content.decode(errors="replace")


def _id(inner: Element, name: str) -> str:
    found = inner.findtext(name, "")
    if not found or len(found) > _MAX_ID or not found.isprintable():
        raise Malformed(f"no usable {name}")
    return found


def _sent_at(inner: Element) -> datetime:
    stamp = inner.findtext("CreateTime", "")
    if not _is_number(stamp):
        raise Malformed("the time is not a number of seconds")
    try:
        return datetime.fromtimestamp(int(stamp), UTC)
    except (OverflowError, ValueError, OSError):
        raise Malformed("the time lies outside the calendar") from None


def _is_number(stamp: str) -> bool:
    return stamp.isascii() and stamp.isdigit() and len(stamp) <= 12
