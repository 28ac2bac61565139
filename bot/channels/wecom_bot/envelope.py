"""Callbacks of a WeCom 智能机器人: sealed JSON in, one message, event or address check out. No I/O.

Source: WeCom pages 101033 (envelope), 100719 (messages) and 101027 (events).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.channels.body import refuse_deep, storable
from bot.channels.channel import Challenge, Envelope, Ignored, Malformed, Opened, Unverified
from bot.channels.sealed import Seal, echoed
from handlers.incoming import ANSWERED_AT, FileRef, Incoming

WINDOW = timedelta(hours=8, minutes=10)
"""How far the signature's stamp may lie from the real clock. Whether a resend bears a new stamp is not documented,
so nothing tighter than the age that a new message may have (decisions 9)."""

ANSWER_PATH = "/cgi-bin/aibot/response"
ANSWER_LIFE = timedelta(hours=1)
UNTIL = "until"
"""In `Incoming.extra`: milliseconds since 1970 until which the address for the answer is worth calling."""
CHAT = "chat"
"""In `Incoming.extra`: the conversation to which the answer goes, and no other."""

PRESS = "template_card_event"
_FILES = {"image": "图片", "file": "文件", "video": "视频"}
"""Kinds of message that bring a file, and what it is called: the platform tells no name."""
_LONGEST_ADDRESS = 2048
_LAST_SECOND = 253_402_214_400
"""A day before the end of the calendar, so that every zone can show it."""

_PartT = TypeVar("_PartT", bound=BaseModel)


@dataclass(frozen=True)
class WecomBotEnvelope:
    """Opens the callbacks of one robot in one company."""

    channel: str
    corp_id: str
    bot_id: str
    bot_name: str
    api_base: str
    seal: Seal

    def open(self, request: Envelope) -> Opened:
        """Verify, then read. Raises Unverified or Malformed.

        A message bears no time of its own: it counts as sent when its request was signed. Whether a resend is signed
        anew is not documented; whatever stamp it bears, it is known by its id. An event bears its own time.
        """
        if request.method == "GET":
            return Challenge(echoed(self._unsealed(request, request.query.get("echostr", ""))))
        if request.method != "POST":
            raise Unverified("not posted")
        content = _object(self._unsealed(request, _encrypt(request.body)))
        return self._read(_fitting(_Head, content), content, _moment(_stamp(request)))

    def _unsealed(self, request: Envelope, encrypt: str) -> bytes:
        stamp, nonce, signature = (request.query.get(name, "") for name in ("timestamp", "nonce", "msg_signature"))
        content = self.seal.open(encrypt, signature=signature, timestamp=stamp, nonce=nonce)
        if abs(request.real_now.timestamp() - _stamp(request)) > WINDOW.total_seconds():
            raise Unverified("the signature is stale")
        return content

    def _read(self, head: "_Head", content: Mapping[str, Any], signed_at: datetime) -> Incoming | Ignored:
        if head.aibotid != self.bot_id:
            raise Unverified("another robot")
        if head.sender.corpid not in {None, "", self.corp_id}:
            # Told only of people of other companies (page 101027).
            raise Unverified("another tenant")
        said = _said(head.msgtype, content)
        if said is None:
            return Ignored("nothing is asked of us")
        private, conversation = head.place()
        text = said.text if private or said.pressed else unaddressed(said.text, self.bot_name)
        return Incoming(
            channel=self.channel,
            tenant=self.corp_id,
            message_id=head.msgid,
            sender=head.sender.account,
            conversation=conversation,
            private=private,
            addressed=True,  # a robot hears nothing else of a group
            text=text,
            sent_at=signed_at if head.create_time is None else _moment(head.create_time),
            attachments=tuple(_FILES[file.kind] for file in said.files),
            extra=self._answerable(head.response_url, conversation, signed_at),
            files=said.files,
        )

    def _answerable(self, address: object, conversation: str, signed_at: datetime) -> dict[str, str]:
        """What the one answer takes; without an address where none came that leads to the platform's API (T8)."""
        until = int((signed_at + ANSWER_LIFE).timestamp() * 1000)
        usable = address if isinstance(address, str) and answer_path(address, self.api_base) else ""
        return {ANSWERED_AT: usable, UNTIL: str(until), CHAT: conversation}


def answer_path(address: str, api_base: str) -> str | None:
    """Path and query of an address for answers at exactly that API; None for any other address."""
    base = api_base.rstrip("/")
    tame = address.isascii() and address.isprintable() and len(address) <= _LONGEST_ADDRESS
    if not tame or not address.startswith(f"{base}{ANSWER_PATH}?") or any(sign in address for sign in "# \\"):
        return None
    return address.removeprefix(base)


def unaddressed(text: str, bot_name: str) -> str:
    """What was said in a group without the mentions of the robot.

    The platform leaves them in the text as "@name" and tells no offsets: each one that ends at a blank or at the end
    is taken out, wherever it stands. Where there is none, one that begins the text without a blank after it is.
    """
    rest, found = re.subn(rf"@{re.escape(bot_name)}(?:\s|$)", "", text)
    return (rest if found else text.strip().removeprefix(f"@{bot_name}")).strip()


@dataclass(frozen=True)
class _Said:
    text: str
    files: tuple[FileRef, ...] = ()
    pressed: bool = False


def _said(kind: str, content: Mapping[str, Any]) -> _Said | None:
    """Words and files, or the command of a button; None for what says nothing to us."""
    match kind:
        case "text" | "voice":
            return _Said(_fitting(_Words, content.get(kind)).content)
        case "mixed":
            return _mixed(_fitting(_Mixed, content.get(kind)).msg_item)
        case "event":
            event = _fitting(_Event, content.get(kind))
            command = event.template_card_event.event_key if event.template_card_event else ""
            return _Said(command, pressed=True) if event.eventtype == PRESS and command else None
        case _ if kind in _FILES:
            return _Said("", (FileRef("", kind, _fitting(_File, content.get(kind)).url),))
        case _:
            # Among them "stream": the platform asks for the rest of a stream; we never begin one.
            return None


def _mixed(items: "list[_Item]") -> _Said:
    words = "\n".join(item.text.content for item in items if item.msgtype == "text" and item.text)
    pictures = tuple(FileRef("", "image", item.image.url) for item in items if item.msgtype == "image" and item.image)
    return _Said(words, pictures)


def _encrypt(body: bytes) -> str:
    """What is sealed in a body that nothing vouches for yet: so whatever is wrong with it, it is Unverified."""
    try:
        refuse_deep(body)
        return _Wrapping.model_validate_json(body).encrypt
    except (Malformed, ValidationError):
        raise Unverified("not a sealed message") from None


def _object(content: bytes) -> dict[str, Any]:
    refuse_deep(content)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Malformed("the content is not JSON") from None
    if not isinstance(found, dict):
        raise Malformed("the content is no object")
    return found


def _fitting(model: type[_PartT], part: object) -> _PartT:
    try:
        return model.model_validate(part)
    except ValidationError as error:
        raise Malformed(f"{error.error_count()} fields do not fit") from None


def _stamp(request: Envelope) -> int:
    stamp = request.query.get("timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Unverified("the stamp is not a number of seconds")
    return int(stamp)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _stored(words: object) -> object:
    return storable(words) if isinstance(words, str) else words


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("unprintable")
    return name


Id = Annotated[str, BeforeValidator(_stored), Field(min_length=1, max_length=256), AfterValidator(_printable)]
Words = Annotated[str, BeforeValidator(_stored)]
Address = Annotated[str, BeforeValidator(_stored), Field(min_length=1, max_length=4096), AfterValidator(_printable)]


class _Part(BaseModel):
    """Fields that we know; unknown ones are tolerated, as the platform adds some now and then."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Wrapping(_Part):
    encrypt: str


class _Sender(_Part):
    userid: Id
    corpid: str | None = None

    @property
    def account(self) -> str:
        """Ids are the same whatever their case."""
        return self.userid.lower()


class _Head(_Part):
    """What every callback bears: who said it, to which robot and where."""

    msgid: Id
    aibotid: str
    sender: _Sender = Field(alias="from")
    msgtype: str
    chattype: Literal["single", "group"] | None = None
    chatid: Id | None = None
    create_time: Annotated[int, Field(ge=0, le=_LAST_SECOND)] | None = None
    response_url: object = None

    def place(self) -> tuple[bool, str]:
        """Whether it was said in private, and in which conversation. Raises Malformed where that is not told."""
        if self.chattype == "single":
            return True, f"bot:{self.sender.account}"
        if self.chattype == "group" and self.chatid:
            return False, self.chatid
        raise Malformed("said nowhere")


class _Words(_Part):
    content: Words


class _File(_Part):
    url: Address


class _Item(_Part):
    msgtype: str
    text: _Words | None = None
    image: _File | None = None


class _Mixed(_Part):
    msg_item: list[_Item]


class _Pressed(_Part):
    event_key: Words = ""


class _Event(_Part):
    eventtype: str
    template_card_event: _Pressed | None = None
