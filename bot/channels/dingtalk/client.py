"""Sends cards by DingTalk's robot API; with stream.py the only files of this channel that touch the network."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import structlog

from bot.channel_settings import DingtalkSettings
from bot.channels.calling import NOT_CONNECTED, Answer, Caller
from bot.channels.channel import Capabilities, Outgoing, SendError, Sent
from bot.channels.dingtalk.cards import MAX_BUTTONS, MAX_BYTES, MAX_PARAM_BYTES, Message, picture, render
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP, signed
from bot.channels.dingtalk.refusals import expired, refuse, refuse_receivers
from bot.channels.showing import Piece, shown
from bot.channels.tokens import Token, TokenCache
from bot.clock import Clock
from schedules.rates import Per, Rate

WEBHOOK = "webhook"
"""The recipient that stands for the group of the channel's own webhook."""
TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - a header's name

CAPABILITIES = Capabilities(
    buttons=True,
    picture=True,
    max_buttons=MAX_BUTTONS,
    max_bytes=MAX_BYTES,
    rates=(Rate(20, 1), Rate(20, 60, Per.GROUP)),
    avoids_marks=True,
)
IN_GROUPS = replace(CAPABILITIES, buttons=False, max_buttons=0)
"""A button makes a person say its command without an @, and a group's robot hears only what is said to it."""

_CREDENTIALS = "应用凭据不符，请核对 Client ID 和 Client Secret"
_NO_TOKEN = "平台未返回访问凭据"  # noqa: S105 - says that there is none

_log = structlog.get_logger("dingtalk")

_Post = Callable[[Piece], Awaitable[str]]
"""Posts one piece; returns the platform's id of the message, empty where it gives none. Raises SendError."""


class DingtalkClient:
    """Delivers cards for one app, one attempt each."""

    def __init__(
        self, settings: DingtalkSettings, session: aiohttp.ClientSession, clock: Clock, real_clock: Clock
    ) -> None:
        """`clock` dates deliveries, `real_clock` signatures. The session stays the caller's to close."""
        self._settings = settings
        self._clock = clock
        self._real_clock = real_clock
        self._api = Caller(settings.api_base, session)
        self._old_api = Caller(settings.oapi_base, session)
        self._tokens = TokenCache(self._ask_token)
        self._hook = _Hook(settings, session, real_clock) if settings.webhook_url else None

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Send the card's pieces that are still to be sent, then its picture. Raises SendError.

        The platform knows no idempotency key: after `unknown` a repetition may be seen twice.
        """
        if outgoing.to_group and outgoing.recipient == WEBHOOK:
            message_id = await self._post_all(outgoing, self._post_by_hook)
            return Sent(message_id, self._clock.now())

        async def post(piece: Piece) -> str:
            return await self._post(outgoing, render(piece))

        message_id = await self._post_all(outgoing, post)
        await self._try_picture(outgoing)
        return Sent(message_id, self._clock.now())

    async def _post_all(self, outgoing: Outgoing, post: _Post) -> str:
        message_id = ""
        pieces = shown(outgoing.card, IN_GROUPS if outgoing.to_group else CAPABILITIES)
        for number, piece in enumerate(pieces):
            if number < outgoing.pieces_sent:
                continue
            try:
                message_id = await post(piece)
            except SendError as error:
                error.pieces_sent = number
                raise
        return message_id

    async def _post(self, outgoing: Outgoing, message: Message) -> str:
        param = message.param
        if len(param.encode()) > MAX_PARAM_BYTES:
            raise SendError("消息过长，平台拒收", permanent=True)
        body: dict[str, object] = {"robotCode": self._settings.robot, "msgKey": message.key, "msgParam": param}
        if outgoing.to_group:
            body["openConversationId"] = outgoing.recipient
            return _message_id(await self.call("/v1.0/robot/groupMessages/send", body))
        body["userIds"] = [outgoing.recipient]
        data = await self.call("/v1.0/robot/oToMessages/batchSend", body)
        refuse_receivers(data)
        return _message_id(data)

    async def _post_by_hook(self, piece: Piece) -> str:
        if self._hook is None:
            raise SendError("未设置群机器人网址 webhook_url", permanent=True)
        await self._hook.post(piece.text)
        return ""

    async def _try_picture(self, outgoing: Outgoing) -> None:
        """Send the picture, if there is one; it only repeats the words, which are delivered already."""
        shot = outgoing.picture
        if shot is None or len(shot.png) > CAPABILITIES.max_picture_bytes:
            return
        try:
            await self._post(outgoing, picture(await self._upload(shot.png)))
        except SendError as error:
            _log.warning("picture not sent", channel=self._settings.name, reason=error.reason)

    async def call(self, path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        """Post to a path of the API under the token; what it answers. Raises SendError."""

        async def attempt(token: str) -> Answer:
            return await self._api.call("POST", path, headers={TOKEN_HEADER: token}, body=body)

        return await self._authorised(attempt)

    async def _upload(self, png: bytes) -> str:
        """Raises SendError; the platform's id of the picture otherwise."""

        async def attempt(token: str) -> Answer:
            form = aiohttp.FormData({"type": "image"})
            form.add_field("media", png, filename="picture.png", content_type="image/png")
            return await self._old_api.call("POST", "/media/upload", params={"access_token": token}, form=form)

        media_id = (await self._authorised(attempt)).get("media_id")
        if not isinstance(media_id, str):
            raise SendError("平台未返回图片编号")
        return media_id

    async def _authorised(self, attempt: Callable[[str], Awaitable[Answer]]) -> Mapping[str, Any]:
        """What the platform answers to a call with a token, renewed once if it was refused. Raises SendError."""
        token = await self._tokens.get()
        answer = await attempt(token)
        if expired(answer):
            answer = await attempt(await self._tokens.renew(token))
        refuse(answer)
        return answer.data

    async def _ask_token(self) -> Token:
        secret = self._settings.app_secret.get_secret_value()
        try:
            answer = await self._api.call(
                "POST", "/v1.0/oauth2/accessToken", body={"appKey": self._settings.app_key, "appSecret": secret}
            )
        except SendError as error:  # also where the answer was lost: no message was on its way yet
            raise SendError(NOT_CONNECTED, silent=True) from error
        if expired(answer):
            raise SendError(_CREDENTIALS, repair=True)
        try:
            refuse(answer)
        except SendError as error:
            if error.unknown:
                raise SendError(_NO_TOKEN) from error
            if error.permanent:
                raise SendError(_CREDENTIALS, repair=True) from error
            raise
        value, seconds = answer.data.get("accessToken"), answer.data.get("expireIn")
        if not isinstance(value, str) or not isinstance(seconds, int):
            raise SendError(_NO_TOKEN)
        return Token(value, seconds)


class _Hook:
    """The robot of one group, which knows nothing but to send."""

    def __init__(self, settings: DingtalkSettings, session: aiohttp.ClientSession, real_clock: Clock) -> None:
        assert settings.webhook_url is not None
        address = urlsplit(settings.webhook_url.get_secret_value())
        self._caller = Caller(f"{address.scheme}://{address.netloc}", session)
        self._path = address.path
        self._key = dict(parse_qsl(address.query))
        self._secret = settings.webhook_secret
        self._real_clock = real_clock

    async def post(self, text: str) -> None:
        """Raises SendError."""
        body = {"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": False}}
        refuse(await self._caller.call("POST", self._path, params={**self._key, **self._signature()}, body=body))

    def _signature(self) -> dict[str, str]:
        """The stamp and its signature, raw: the address is percent-encoded once, when the call is made."""
        if self._secret is None:
            return {}
        timestamp = str(int(self._real_clock.now().timestamp() * 1000))
        return {TIMESTAMP: timestamp, SIGN: signed(self._secret.get_secret_value(), timestamp)}


def _message_id(data: Mapping[str, Any]) -> str:
    key = data.get("processQueryKey")
    return key if isinstance(key, str) else ""
