"""Sends cards by DingTalk's robot API; with stream.py the only files of this channel that touch the network."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import structlog

from bot.channel_settings import DingtalkSettings
from bot.channels.calling import NOT_CONNECTED, UPLOAD_TIMEOUT, Answer, Caller
from bot.channels.channel import Attachment, Capabilities, Outgoing, SendError, Sent
from bot.channels.dingtalk.cards import MAX_BUTTONS, MAX_BYTES, MAX_PARAM_BYTES, Message, file, picture, render
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP, signed
from bot.channels.dingtalk.refusals import (
    NO_SUCH_NUMBER,
    NOT_PERMITTED,
    code_of,
    expired,
    refuse,
    refuse_receivers,
    unknown_media,
)
from bot.channels.in_order import Carrier, send_in_order
from bot.channels.showing import Piece, shown
from bot.channels.tokens import Token, TokenCache
from bot.channels.uploads import MediaGone, OwnBook, Uploads
from bot.clock import Clock
from schedules.rates import Per, Rate

WEBHOOK = "webhook"
"""The recipient that stands for the group of the channel's own webhook."""
TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - a header's name

PICTURES = ("png", "jpg")
"""Kinds of files that are sent as pictures: a file's message takes only documents."""

CAPABILITIES = Capabilities(
    buttons=True,
    picture=True,
    file=True,
    file_kinds=("pdf", "docx", "xlsx", "doc", *PICTURES),
    max_file_bytes=20 * 1024 * 1024,
    max_buttons=MAX_BUTTONS,
    max_bytes=MAX_BYTES,
    rates=(Rate(20, 1), Rate(20, 60, Per.GROUP)),
    avoids_marks=True,
)
IN_GROUPS = replace(CAPABILITIES, buttons=False, max_buttons=0)
"""A button makes a person say its command without an @, and a group's robot hears only what is said to it."""

_FILE_LIFE = timedelta(days=1)
"""Ours: the platform calls its ids reusable and names no end."""
_NO_LOOKING_UP = "应用没有按手机号查询人员的权限，请在开发者后台开通通讯录权限"
_CREDENTIALS = "应用编号（Client ID）或应用密钥（Client Secret）不对，请管理员核对设置"
_NO_TOKEN = "平台未返回访问凭据"  # noqa: S105 - says that there is none

_log = structlog.get_logger("dingtalk")


class DingtalkClient:
    """Delivers cards for one app, one attempt each."""

    def __init__(
        self,
        settings: DingtalkSettings,
        session: aiohttp.ClientSession,
        clock: Clock,
        real_clock: Clock,
        uploads: Uploads | None = None,
    ) -> None:
        """`clock` dates deliveries, `real_clock` signatures. The session stays the caller's to close."""
        self._settings = settings
        self._clock = clock
        self._real_clock = real_clock
        self._api = Caller(settings.api_base, session)
        self._old_api = Caller(settings.oapi_base, session)
        self._tokens = TokenCache(self._ask_token)
        self._shelf = (uploads or Uploads(OwnBook(), clock.now)).shelf(settings.name, settings.app_key, _FILE_LIFE)
        self._hook = _Hook(settings, session, real_clock) if settings.webhook_url else None

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Send what is still to be sent of a card and its files, then its picture. Raises SendError.

        The platform knows no idempotency key: after `unknown` a repetition may be seen twice.
        """
        pieces = shown(outgoing.card, IN_GROUPS if outgoing.to_group else CAPABILITIES)
        if outgoing.to_group and outgoing.recipient == WEBHOOK:
            message_id = await send_in_order(outgoing, [partial(self._post_by_hook, piece) for piece in pieces])
            return Sent(message_id, self._clock.now())
        words = [partial(self._post, outgoing, render(piece)) for piece in pieces]
        message_id = await send_in_order(outgoing, words, self._carrier(outgoing))
        if outgoing.pieces_sent < len(pieces):
            await self._try_picture(outgoing)
        return Sent(message_id, self._clock.now())

    def _carrier(self, outgoing: Outgoing) -> Carrier:
        """A file bears its name in its message alone, not in its upload."""

        async def post(one: Attachment, media_id: str, _place: int) -> None:
            pictured = one.kind in PICTURES
            try:
                await self._post(outgoing, picture(media_id) if pictured else file(media_id, one.name, one.kind))
            except SendError as error:
                raise MediaGone(error.reason, permanent=True) if unknown_media(error) else error from error

        async def say(words: str, _place: int) -> None:
            await self._post(outgoing, render(Piece(words)))

        return Carrier(self._shelf, self._upload_file, post, say)

    async def _upload_file(self, one: Attachment, content: bytes) -> str:
        kind = "image" if one.kind in PICTURES else "file"
        return await self._upload(content, kind=kind, name=f"file.{one.kind}")

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
            raise SendError("群机器人网址（webhook_url）未填写，请管理员补上", permanent=True)
        await self._hook.post(piece.text)
        return ""

    async def _try_picture(self, outgoing: Outgoing) -> None:
        """Send the picture, if there is one; it only repeats the words, which are delivered already."""
        shot = outgoing.picture
        if shot is None or len(shot.png) > CAPABILITIES.max_picture_bytes:
            return
        try:
            await self._post(outgoing, picture(await self._upload(shot.png, kind="image", name="picture.png")))
        except SendError as error:
            _log.warning("picture not sent", channel=self._settings.name, reason=error.reason)

    async def call(self, path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        """Post to a path of the API under the token; what it answers. Raises SendError."""

        async def attempt(token: str) -> Answer:
            return await self._api.call("POST", path, headers={TOKEN_HEADER: token}, body=body)

        return await self._authorised(attempt)

    async def account_of(self, number: str) -> str | None:
        """The staff id of whoever has that mobile number; None for nobody. Raises SendError."""

        async def attempt(token: str) -> Answer:
            params, body = {"access_token": token}, {"mobile": number}
            answer = await self._old_api.call("POST", "/topapi/v2/user/getbymobile", params=params, body=body)
            # Whom nobody knows is an answer, not a refusal.
            return replace(answer, data={"errcode": 0}) if code_of(answer) in NO_SUCH_NUMBER else answer

        try:
            result = (await self._authorised(attempt)).get("result")
        except SendError as error:
            if error.reason == NOT_PERMITTED:
                raise SendError(_NO_LOOKING_UP, repair=True) from error
            raise
        found = result.get("userid") if isinstance(result, dict) else None
        return found if isinstance(found, str) and found else None

    async def _upload(self, content: bytes, *, kind: str, name: str) -> str:
        """Raises SendError; the platform's id of the content otherwise. `kind`: image or file."""

        async def attempt(token: str) -> Answer:
            form = aiohttp.FormData({"type": kind})
            form.add_field("media", content, filename=name, content_type="application/octet-stream")
            params = {"access_token": token}
            return await self._old_api.call("POST", "/media/upload", params=params, form=form, timeout=UPLOAD_TIMEOUT)

        media_id = (await self._authorised(attempt)).get("media_id")
        if not isinstance(media_id, str):
            raise SendError("平台未返回图片或附件编号")
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
