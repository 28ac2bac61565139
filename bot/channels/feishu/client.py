"""Calls Feishu's API: one attempt a message, the access token kept and renewed. The only file here with I/O.

Source: Feishu, auth/v3/tenant_access_token/internal, im/v1/messages, im/v1/images, bot/v3/info, custom bot guide.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog

from bot.channel_settings import FeishuSettings
from bot.channels.calling import TIMEOUT, UPLOAD_TIMEOUT, Answer, Caller
from bot.channels.card import Card
from bot.channels.channel import Attachment, Outgoing, Picture, SendError, Sent
from bot.channels.feishu.cards import encoded, hook_pieces, pieces, plain, render
from bot.channels.feishu.refusals import NO_SCOPE, NOT_OURS, TOKEN, CardRefused, code_of, judged
from bot.channels.in_order import Carrier, send_in_order
from bot.channels.showing import Piece
from bot.channels.tokens import Token, TokenCache
from bot.channels.uploads import MediaGone, OwnBook, Uploads
from bot.clock import Clock

HOOK = "webhook"
"""The recipient that stands for the group robot's address in the settings."""

_MARGIN = 1500
"""Seconds: with more than thirty minutes left the platform gives the same token again, with less a new one."""

_NO_TOKEN = "平台未给出访问凭证，稍后重发"  # noqa: S105 - a phrase
_NO_LOOKING_UP = "飞书应用缺少通过手机号获取用户 ID 的权限（contact:user.id:readonly），请在开放平台开通并发布新版本"
_TOKEN_PATH = "/open-apis/auth/v3/tenant_access_token/internal"  # noqa: S105 - an address

_FILE_TYPES = ("pdf", "doc", "xls")
"""Of the platform's own names for kinds those that are meant by their usual endings; all else is a stream."""
_FILE_LIFE = timedelta(days=1)
"""Ours: how long the platform keeps what nobody was sent is not said."""

_log = structlog.get_logger("feishu")


class FeishuClient:
    """Delivers cards for one app."""

    def __init__(
        self,
        settings: FeishuSettings,
        session: aiohttp.ClientSession,
        clock: Clock,
        real_clock: Clock,
        uploads: Uploads | None = None,
    ) -> None:
        """`clock` dates deliveries, `real_clock` signatures. The session stays the caller's to close."""
        self._settings = settings
        self._clock = clock
        self._real_clock = real_clock
        self._caller = Caller(settings.api_base, session)
        self.tokens = TokenCache(self._ask_token, margin=_MARGIN)
        hook = settings.webhook_url
        self._shelf = (uploads or Uploads(OwnBook(), clock.now)).shelf(settings.name, settings.app_id, _FILE_LIFE)
        self._hook = Caller(hook.get_secret_value(), session) if hook else None

    def pieces(self, card: Card) -> tuple[Piece, ...]:
        """The messages that the card takes, the group robot's address apart."""
        return pieces(card, as_cards=self._settings.cards)

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Send what is left of one card, each of its messages in one attempt. Raises SendError."""
        if outgoing.to_group and outgoing.recipient == HOOK:
            said = [partial(self._post_to_hook, piece) for piece in hook_pieces(outgoing.card)]
            return Sent(await send_in_order(outgoing, said), self._clock.now())
        found = self.pieces(outgoing.card)
        left = found[outgoing.pieces_sent :]
        image_key = await self._uploaded(outgoing.picture) if any(piece.card for piece in left) else ""
        words = [partial(self._send, outgoing, place, piece, image_key) for place, piece in enumerate(found)]
        message_id = await send_in_order(outgoing, words, self._carrier(outgoing))
        return Sent(message_id, self._clock.now())

    async def finish(self, extra: Mapping[str, str], card: Card, *, to_group: bool = False) -> bool | None:
        """Put `card` in the place of the card that was pressed (Incoming.extra), for everybody who sees it.

        False where the platform no longer changes it: then send a new one; None where the card is not named, and
        nothing was called. Raises SendError where it may work later.
        """
        message_id = extra.get("pressed", "")
        if not (message_id.isascii() and message_id.replace("_", "").isalnum()):
            return None
        body = {"content": encoded(render(card, private=not to_group))}
        try:
            await self._call("PATCH", f"/open-apis/im/v1/messages/{message_id}", body=body)
        except SendError as error:
            if error.permanent:
                return False
            raise
        return True

    async def account_of(self, number: str) -> str | None:
        """The account of whoever has that mobile number; None for nobody, or nobody here any more. Raises SendError."""
        try:
            said = await self._call(
                "POST",
                "/open-apis/contact/v3/users/batch_get_id",
                params={"user_id_type": self._settings.account},
                body={"mobiles": [number], "emails": [], "include_resigned": False},
            )
        except SendError as error:
            if error.reason == NO_SCOPE:
                raise SendError(_NO_LOOKING_UP, repair=True) from error
            raise
        data = said.get("data")
        people = data.get("user_list") if isinstance(data, dict) else None
        return _word(people[0], "user_id") or None if isinstance(people, list) and people else None

    async def bot_open_id(self) -> str:
        """Our bot's own open_id, by which a mention of it is known. Raises SendError."""
        said = await self._call("GET", "/open-apis/bot/v3/info")
        return _word(said.get("bot"), "open_id")

    async def _send(self, outgoing: Outgoing, place: int, piece: Piece, image_key: str) -> str:
        if piece.card is None:
            return await self._create(outgoing, place, "text", {"text": plain(piece.text)})
        alternative = outgoing.picture.alternative if outgoing.picture else ""
        payload = render(piece.card, private=not outgoing.to_group, image_key=image_key, alternative=alternative)
        try:
            return await self._create(outgoing, place, "interactive", payload)
        except CardRefused as error:
            # Nothing was shown, and the words say everything: better a plain message than none.
            _log.error("card refused, its words go as text", channel=self._settings.name, reason=error.reason)
            return await self._create(outgoing, place, "text", {"text": plain(piece.text)})

    def _carrier(self, outgoing: Outgoing) -> Carrier:
        async def post(_file: Attachment, file_key: str, place: int) -> None:
            try:
                await self._create(outgoing, place, "file", {"file_key": file_key})
            except SendError as error:
                raise MediaGone(error.reason, permanent=True) if error.reason == NOT_OURS else error from error

        async def say(words: str, place: int) -> None:
            await self._create(outgoing, place, "text", {"text": plain(words)})

        return Carrier(self._shelf, self._upload, post, say)

    async def _upload(self, file: Attachment, content: bytes) -> str:
        said = await self._call(
            "POST", "/open-apis/im/v1/files", form=lambda: _file_form(file, content), timeout=UPLOAD_TIMEOUT
        )
        file_key = _word(said.get("data"), "file_key")
        if not file_key:
            raise SendError("平台未返回附件编号，稍后重发")
        return file_key

    async def _create(self, outgoing: Outgoing, place: int, kind: str, content: dict[str, Any]) -> str:
        """Make one message and return its id."""
        said = await self._call(
            "POST",
            "/open-apis/im/v1/messages",
            params={"receive_id_type": "chat_id" if outgoing.to_group else self._settings.account},
            body={
                "receive_id": outgoing.recipient,
                "msg_type": kind,
                "content": encoded(content),
                "uuid": _uuid(outgoing.key, place, kind),
            },
        )
        return _word(said.get("data"), "message_id")

    async def _uploaded(self, picture: Picture | None) -> str:
        """The key of the picture; empty where there is none or it does not get there: the words go all the same."""
        if picture is None:
            return ""
        try:
            said = await self._call("POST", "/open-apis/im/v1/images", form=lambda: _image_form(picture))
        except SendError as error:
            _log.warning("picture not uploaded", channel=self._settings.name, reason=error.reason)
            return ""
        return _word(said.get("data"), "image_key")

    async def _post_to_hook(self, piece: Piece) -> str:
        if self._hook is None:
            raise SendError("群机器人网址（webhook_url）未填写，请管理员补上", permanent=True)
        body: dict[str, object] = {"msg_type": "text", "content": {"text": plain(piece.text)}}
        if secret := self._settings.webhook_secret:
            stamp = str(int(self._real_clock.now().timestamp()))
            body |= {"timestamp": stamp, "sign": hook_sign(stamp, secret.get_secret_value())}
        judged(await self._hook.call("POST", "", body=body))
        return ""

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        form: Callable[[], aiohttp.FormData] | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,  # noqa: ASYNC109 - aiohttp's own, of several parts
    ) -> Mapping[str, Any]:
        """One call under the token; refused as expired, it is made once more, unchanged, under another."""

        async def attempt(token: str) -> Answer:
            headers = {"authorization": f"Bearer {token}"}
            # A multipart form can be read but once, so each attempt makes its own.
            made = form() if form else None
            return await self._caller.call(
                method, path, params=params, headers=headers, body=body, form=made, timeout=timeout
            )

        token = await self.tokens.get()
        answer = await attempt(token)
        if code_of(answer) in TOKEN:
            answer = await attempt(await self.tokens.renew(token))
        return judged(answer)

    async def _ask_token(self) -> Token:
        settings = self._settings
        body = {"app_id": settings.app_id, "app_secret": settings.app_secret.get_secret_value()}
        try:
            said = judged(await self._caller.call("POST", _TOKEN_PATH, body=body))
        except SendError as error:
            if error.unknown:
                # Only the question for a token was lost; no message can have arrived.
                raise SendError(_NO_TOKEN, silent=error.silent) from error
            raise
        value, life = said.get("tenant_access_token"), said.get("expire")
        if not isinstance(value, str) or not value or not isinstance(life, int):
            raise SendError(_NO_TOKEN)
        return Token(value, life)


def hook_sign(stamp: str, secret: str) -> str:
    """The group robot's signature: time and secret are the key, and the message is empty."""
    return b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def _uuid(key: str, place: int, kind: str) -> str:
    """At most 50 characters, the same on every attempt, another for every message of the card."""
    return hashlib.sha256(f"{key}\n{place}\n{kind}".encode()).hexdigest()[:40]


def _image_form(picture: Picture) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("image_type", "message")
    form.add_field("image", picture.png, filename="picture.png", content_type="image/png")
    return form


def _file_form(file: Attachment, content: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("file_type", file.kind if file.kind in _FILE_TYPES else "stream")
    form.add_field("file_name", file.name)
    form.add_field("file", content, filename=f"file.{file.kind}", content_type="application/octet-stream")
    return form


def _word(found: object, name: str) -> str:
    """A word of the answer; empty where there is none, since what was done is not in doubt."""
    word = found.get(name) if isinstance(found, dict) else None
    return word if isinstance(word, str) else ""
