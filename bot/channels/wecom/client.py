"""Posts messages to WeCom's API; the only file of this channel that touches the network."""

import contextlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from functools import partial
from hashlib import md5, sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot.channel_settings import WecomSettings
from bot.channels.calling import UPLOAD_TIMEOUT, Answer, Caller
from bot.channels.channel import Attachment, Outgoing, SendError, Sent
from bot.channels.in_order import Carrier, send_in_order
from bot.channels.showing import CONTINUED, Piece
from bot.channels.tokens import Token, TokenCache
from bot.channels.uploads import OwnBook, Uploads
from bot.channels.wecom.cards import (
    CAPABILITIES,
    DUPLICATE_SECONDS,
    MAX_BYTES,
    escaped,
    file_message,
    pieces,
    plain,
    task_id,
    template_card,
    text_message,
)
from bot.channels.wecom.codes import (
    CARD_CLOSED,
    NO_SUCH_NUMBER,
    TOKEN_REFUSED,
    code_of,
    refuse_code,
    refuse_looking_up,
    refuse_unreached,
)
from bot.clock import Clock

MEDIA_USED = timedelta(days=2, hours=12)
"""So long an uploaded file is used; the platform keeps it for three days."""


class WecomClient:
    """Sends as one app of one company; to its group by the group's robot, if one is set."""

    def __init__(
        self, settings: WecomSettings, session: aiohttp.ClientSession, clock: Clock, uploads: Uploads | None = None
    ) -> None:
        """`clock` dates deliveries. The session stays the caller's to close."""
        uploads = uploads or Uploads(OwnBook(), clock.now)
        self._corp_id = settings.corp_id
        self._agent_id = settings.agent_id
        self._secret = settings.secret
        self._api = Caller(settings.api_base, session)
        self.tokens = TokenCache(self._ask_for_token)
        self._hook = _hook(settings, session, uploads)
        self._clock = clock
        # Ids hold for all apps of a company.
        self._shelf = uploads.shelf(settings.name, settings.corp_id, MEDIA_USED)

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Send what is left of one card, in order. Raises SendError, with the number of messages accepted so far."""
        if outgoing.to_group:
            return await self._tell_group(outgoing)
        _refuse_crowd(outgoing.recipient)
        words = [partial(self._tell, outgoing.recipient, message) for message in _messages(outgoing)]
        message_id = await send_in_order(outgoing, words, self._carrier(outgoing.recipient))
        if outgoing.pieces_sent < len(words):
            await self._send_picture(outgoing)
        return Sent(message_id, self._clock.now())

    async def finish(self, extra: Mapping[str, str], words: str) -> bool | None:
        """Replace the buttons of the card that was pressed by `words`, for whoever got that card.

        `extra` is the press's own (Incoming.extra); its code can be used once, within 72 hours: False when it is too
        late for that, None where there is none and nothing was called. Raises SendError for any other failure.
        """
        if not (response_code := extra.get("response_code")):
            return None
        body = {
            "atall": 1,
            "agentid": self._agent_id,
            "response_code": response_code,
            "button": {"replace_name": words},
        }
        answer = await self._call("/cgi-bin/message/update_template_card", body)
        if (code := code_of(answer)) == CARD_CLOSED:
            return False
        refuse_code(code)
        return True

    async def account_of(self, number: str) -> str | None:
        """The user id of whoever has that mobile number, in lower case; None for nobody. Raises SendError."""
        answer = await self._call("/cgi-bin/user/getuserid", {"mobile": number})
        if (code := code_of(answer)) in NO_SUCH_NUMBER:
            return None
        refuse_looking_up(code)
        return _text(answer.data.get("userid")).lower() or None

    async def _tell_group(self, outgoing: Outgoing) -> Sent:
        if self._hook is None:
            raise SendError("自建应用不能向该群发消息，群机器人网址（webhook_url）未填写，请管理员补上", permanent=True)
        words = [partial(self._hook.post, text_message(piece.text)) for piece in plain(outgoing.card, MAX_BYTES)]
        await send_in_order(outgoing, words, self._hook.carrier())
        picture = outgoing.picture
        if picture and outgoing.pieces_sent < len(words) and len(picture.png) <= CAPABILITIES.max_picture_bytes:
            await _without_fail(self._hook.post(_image_message(picture.png)))
        return Sent("", self._clock.now())

    def _carrier(self, recipient: str) -> Carrier:
        return Carrier(
            self._shelf,
            self._upload,
            lambda _file, media_id, _place: self._tell(recipient, file_message(media_id)),
            lambda words, _place: self._tell(recipient, text_message(escaped(words))),
        )

    async def _tell(self, recipient: str, message: dict[str, Any]) -> str:
        """Send one message; returns the platform's id of it. Raises SendError."""
        answer = await self._post("/cgi-bin/message/send", self._letter(recipient, message))
        refuse_unreached(answer.data)
        return _text(answer.data.get("msgid"))

    async def _upload(self, file: Attachment, content: bytes) -> str:
        """The platform's id of the file, good for three days and for everybody in the company."""

        async def attempt(token: str) -> Answer:
            params = {"access_token": token, "type": "file"}
            form = _file_form(file, content)
            return await self._api.call(
                "POST", "/cgi-bin/media/upload", params=params, form=form, timeout=UPLOAD_TIMEOUT
            )

        return _media_id(await self._authorised(attempt))

    async def _send_picture(self, outgoing: Outgoing) -> None:
        """The picture comes after the words that it repeats, and may fail to come."""
        if (picture := outgoing.picture) and len(picture.png) <= CAPABILITIES.max_picture_bytes:
            await _without_fail(self._upload_and_send(outgoing.recipient, picture.png))

    async def _upload_and_send(self, recipient: str, png: bytes) -> None:
        form = aiohttp.FormData()
        form.add_field("media", png, filename="picture.png", content_type="image/png")
        params = {"access_token": await self.tokens.get(), "type": "image"}
        answer = await self._api.call("POST", "/cgi-bin/media/upload", params=params, form=form)
        refuse_code(code_of(answer))
        image = {"msgtype": "image", "image": {"media_id": _text(answer.data.get("media_id"))}}
        await self._post("/cgi-bin/message/send", self._letter(recipient, image))

    def _letter(self, recipient: str, message: dict[str, Any]) -> dict[str, Any]:
        """The whole request; the same in every attempt, to the byte, as the platform knows a repetition by that."""
        return {
            "touser": recipient,
            "agentid": self._agent_id,
            **message,
            "enable_id_trans": 0,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DUPLICATE_SECONDS,
        }

    async def _post(self, path: str, body: dict[str, Any]) -> Answer:
        answer = await self._call(path, body)
        refuse_code(code_of(answer))
        return answer

    async def _call(self, path: str, body: dict[str, Any]) -> Answer:
        return await self._authorised(
            lambda token: self._api.call("POST", path, params={"access_token": token}, body=body)
        )

    async def _authorised(self, attempt: Callable[[str], Awaitable[Answer]]) -> Answer:
        """One call, repeated once under a new token if the platform no longer takes the one we have."""
        token = await self.tokens.get()
        answer = await attempt(token)
        if code_of(answer) in TOKEN_REFUSED:
            answer = await attempt(await self.tokens.renew(token))
        return answer

    async def _ask_for_token(self) -> Token:
        params = {"corpid": self._corp_id, "corpsecret": self._secret.get_secret_value()}
        try:
            answer = await self._api.call("GET", "/cgi-bin/gettoken", params=params)
            refuse_code(code_of(answer))
        except SendError as error:
            # Whatever became of the answer, no message was under way yet.
            reason = f"取不到平台令牌：{error.reason}" if not error.unknown else "取不到平台令牌，稍后重发"
            raise SendError(reason, silent=error.silent, repair=error.repair, retry_after=error.retry_after) from error
        token, life = answer.data.get("access_token"), answer.data.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(life, int):
            raise SendError("取不到平台令牌，稍后重发")
        return Token(token, life)


class _Hook:
    """The robot of one group. Its address is its key: it occurs in no reason and no log."""

    def __init__(self, address: str, session: aiohttp.ClientSession, channel: str, uploads: Uploads) -> None:
        parts = urlsplit(address)
        self._caller = Caller(f"{parts.scheme}://{parts.netloc}", session)
        self._path = parts.path
        self._params = dict(parse_qsl(parts.query))
        # What is uploaded here is known to this robot alone.
        self._shelf = uploads.shelf(channel, f"hook {sha256(address.encode()).hexdigest()[:16]}", MEDIA_USED)

    async def post(self, message: dict[str, Any]) -> str:
        """Say one message in the group. Raises SendError. The platform knows no key against repetition here."""
        answer = await self._caller.call("POST", self._path, params=self._params, body=message)
        refuse_code(code_of(answer))
        return ""

    def carrier(self) -> Carrier:
        """How files go into the group."""
        return Carrier(
            self._shelf,
            self._upload,
            lambda _file, media_id, _place: self.post(file_message(media_id)),
            lambda words, _place: self.post(text_message(escaped(words))),
        )

    async def _upload(self, file: Attachment, content: bytes) -> str:
        path = f"{self._path.removesuffix('/send')}/upload_media"
        params = {**self._params, "type": "file"}
        form = _file_form(file, content)
        return _media_id(await self._caller.call("POST", path, params=params, form=form, timeout=UPLOAD_TIMEOUT))


def _hook(settings: WecomSettings, session: aiohttp.ClientSession, uploads: Uploads) -> _Hook | None:
    address = settings.webhook_url
    return _Hook(address.get_secret_value(), session, settings.name, uploads) if address else None


def _file_form(file: Attachment, content: bytes) -> aiohttp.FormData:
    # The name is what people see: written as it is, since the platform reads no percent signs back.
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("media", content, filename=file.name, content_type="application/octet-stream")
    return form


def _media_id(answer: Answer) -> str:
    refuse_code(code_of(answer))
    media_id = _text(answer.data.get("media_id"))
    if not media_id:
        raise SendError("平台未返回附件编号，稍后重发")
    return media_id


def _messages(outgoing: Outgoing) -> list[dict[str, Any]]:
    return [_message(outgoing, piece, place) for place, piece in enumerate(pieces(outgoing.card))]


def _message(outgoing: Outgoing, piece: Piece, place: int) -> dict[str, Any]:
    if piece.card:
        return template_card(piece.card, task_id(outgoing.key, place))
    # The platform compares message by message: two letters may differ in their first alone, and it would swallow the
    # second one's rest. A few digits of the letter's own keep them apart, the same in every attempt.
    own = f"（接上条{int(task_id(outgoing.key, place)[:8], 16) % 10_000:04}）"
    return text_message(piece.text.replace(CONTINUED, own, 1) if place else piece.text, outgoing.said_before)


def _image_message(png: bytes) -> dict[str, Any]:
    checksum = md5(png, usedforsecurity=False).hexdigest()
    return {"msgtype": "image", "image": {"base64": b64encode(png).decode(), "md5": checksum}}


def _refuse_crowd(recipient: str) -> None:
    """Raise SendError for an account that the platform reads as several people, or as everybody."""
    if not recipient or "|" in recipient or recipient.startswith("@"):
        raise SendError("收件人账号不合规，请核对名册", permanent=True)


async def _without_fail(sending: Coroutine[Any, Any, object]) -> None:
    """A picture only repeats words that have arrived: whether it comes too is nobody's worry."""
    with contextlib.suppress(SendError):
        await sending


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
