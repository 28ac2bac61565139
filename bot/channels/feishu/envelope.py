"""Feishu's callbacks: bytes in, what was said or pressed out. No I/O.

Source: Feishu, event subscription guide, im.message.receive_v1 and card.action.trigger. Only the envelope 2.0 is
read, and only under an Encrypt Key; the old card callback with its SHA-1 is not to be subscribed.
"""

import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.body import refuse_deep, storable
from bot.channels.channel import Challenge, Envelope, Ignored, Malformed, Opened, Refused, Unverified
from bot.channels.feishu.fields import Id, instant
from bot.channels.feishu.pressing import pressed_command
from bot.channels.feishu.seal import TIMESTAMP, Seal
from bot.channels.feishu.speech import Accounts, Mention, speech
from handlers.incoming import Incoming

WINDOW = timedelta(hours=8, minutes=10)
"""How far the signature's stamp may lie from the real clock: the last resend comes some seven hours after the first,
and whether it is signed afresh is not documented.
"""
MAX_CHALLENGE = 4096
"""Bytes of the one kind of request that is read without a signature."""

MESSAGE = "im.message.receive_v1"
PRESS = "card.action.trigger"


class FeishuEnvelope:
    """Opens the callbacks of one app in one organisation."""

    def __init__(
        self,
        channel: str,
        seal: Seal,
        *,
        tenant_key: str,
        app_id: str,
        verification_token: str,
        account: Literal["open_id", "user_id"],
    ) -> None:
        """`account` says which of a person's ids the roster knows."""
        self.bot_open_id: str | None = None
        """Our bot's own open_id once it is learnt; until then a mention of any bot counts as one of ours."""
        self._channel = channel
        self._seal = seal
        self._tenant_key = tenant_key
        self._app_id = app_id
        self._token = verification_token
        self._account = account

    def open(self, request: Envelope) -> Opened:
        """Verify, then read. Raises Unverified or Malformed."""
        if request.method != "POST":
            raise Unverified("not posted")
        if not self._seal.vouches_for(request.body, request.headers):
            return self._unsigned(request.body)
        _refuse_stale(request)
        content = self._content(request.body)
        if content.get("type") == "url_verification":
            return self._challenge(content)
        if content.get("type") == "event_callback":
            self._refuse_token(content.get("token"))
            return Ignored("an event in the old envelope")
        header = _read(_Header, content.get("header"))
        self._refuse_foreign(header)
        if header.event_type == MESSAGE:
            return self._message(_read(_MessageEvent, content.get("event")))
        if header.event_type == PRESS:
            return self._press(header, _read(_PressEvent, content.get("event")))
        return Ignored("an event that asks for nothing")

    def _unsigned(self, body: bytes) -> Challenge:
        """The question whether we are there comes without a signature; nothing else does."""
        if len(body) <= MAX_CHALLENGE:
            with suppress(Refused):
                content = self._content(body)
                if content.get("type") == "url_verification":
                    return self._challenge(content)
        raise Unverified("the signature does not fit")

    def _content(self, body: bytes) -> dict[str, Any]:
        opened = self._seal.open(body)
        refuse_deep(opened)
        try:
            content = json.loads(opened)
        except (ValueError, RecursionError):
            raise Malformed("the content is not JSON") from None
        if not isinstance(content, dict):
            raise Malformed("the content is no object")
        return content

    def _challenge(self, content: Mapping[str, Any]) -> Challenge:
        self._refuse_token(content.get("token"))
        challenge = content.get("challenge")
        if not isinstance(challenge, str):
            raise Malformed("a challenge without its word")
        answer = json.dumps({"challenge": storable(challenge)}, ensure_ascii=False)
        return Challenge(answer, content_type="application/json")

    def _refuse_token(self, token: object) -> None:
        given = token.encode(errors="replace") if isinstance(token, str) else b""
        if not hmac.compare_digest(self._token.encode(), given):
            raise Unverified("another verification token")

    def _refuse_foreign(self, header: "_Header") -> None:
        self._refuse_token(header.token)
        if header.app_id != self._app_id:
            raise Unverified("another app")
        if header.tenant_key != self._tenant_key:
            raise Unverified("another tenant")

    def _message(self, event: "_MessageEvent") -> Incoming | Ignored:
        sender, message = event.sender, event.message
        if sender.sender_type != "user":
            return Ignored("sent by a bot")
        if sender.tenant_key not in {"", self._tenant_key}:
            return Ignored("sent from another organisation")
        account = sender.sender_id.called(self._account)
        if not account:
            return Ignored(f"the platform does not tell the sender's {self._account}")
        said = speech(message.message_type, message.content, message.message_id, message.mentions, self.bot_open_id)
        if said is None:
            return Ignored("a kind of message that says nothing")
        private = message.chat_type == "p2p"
        return Incoming(
            channel=self._channel,
            tenant=self._tenant_key,
            message_id=message.message_id,
            sender=_id(account),
            conversation=message.chat_id,
            private=private,
            addressed=private or any(mention.is_bot(self.bot_open_id) for mention in message.mentions),
            text=said.text,
            sent_at=_at(message.create_time),
            attachments=tuple(file.name for file in said.files if file.name),
            files=said.files,
        )

    def _press(self, header: "_Header", event: "_PressEvent") -> Incoming | Ignored:
        if event.operator.tenant_key not in {"", self._tenant_key}:
            return Ignored("pressed from another organisation")
        account = event.operator.called(self._account)
        if not account:
            return Ignored(f"the platform does not tell the {self._account} of who pressed")
        pressed = pressed_command(event.action.value, event.action.form_value)
        if pressed is None:
            return Ignored("not a button of ours")
        return Incoming(
            channel=self._channel,
            tenant=self._tenant_key,
            message_id=header.event_id,
            sender=_id(account),
            conversation=event.context.open_chat_id,
            private=pressed.private,
            addressed=True,
            text=pressed.text,
            sent_at=_at(header.create_time),
            # The token with which a card could be answered is not kept: we change the card by its own id.
            extra={"pressed": event.context.open_message_id},
        )


def _refuse_stale(request: Envelope) -> None:
    stamp = request.headers.get(TIMESTAMP, "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Unverified("the stamp is not a number of seconds")
    if abs(request.real_now.timestamp() - int(stamp)) > WINDOW.total_seconds():
        raise Unverified("the signature is stale")


class _Part(BaseModel):
    """A part of a callback; unknown fields are tolerated, as the platform adds some now and then."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Header(_Part):
    event_id: Id
    event_type: Id
    create_time: Id
    token: str
    app_id: Id
    tenant_key: Id


class _Sender(_Part):
    sender_id: Accounts = Field(default_factory=Accounts)
    sender_type: str
    tenant_key: str = ""


class _Message(_Part):
    message_id: Id
    create_time: Id
    chat_id: Id
    chat_type: str
    message_type: str
    content: str
    mentions: list[Mention] = Field(default_factory=list)


class _MessageEvent(_Part):
    sender: _Sender
    message: _Message


class _Operator(Accounts, _Part):
    tenant_key: str = ""


class _Action(_Part):
    value: object = None
    form_value: object = None


class _Context(_Part):
    open_message_id: Id
    open_chat_id: Id


class _PressEvent(_Part):
    operator: _Operator
    action: _Action
    context: _Context


_P = TypeVar("_P", bound=_Part)


def _read(kind: type[_P], found: object) -> _P:
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        raise Malformed(f"{error.error_count()} fields do not fit") from None


def _id(account: str) -> str:
    if len(account) > 128 or not account.isprintable():
        raise Malformed("an account that is none")
    return account


def _at(digits: str) -> datetime:
    try:
        return instant(digits)
    except ValueError:
        raise Malformed("no moment") from None
