"""DingTalk over HTTP for the suites of all channels, and the requests that its own tests write."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp

from bot.channel_settings import DingtalkSettings
from bot.channels.channel import Envelope
from bot.channels.dingtalk import DingtalkChannel
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP, signed
from bot.channels.sealed import Seal
from bot.clock import SystemClock
from bot.platforms.dingtalk_pen import SESSION_PATH, SESSION_UNTIL, SESSION_WEBHOOK, App, milliseconds, robot_message
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.channel_subject import NOW, Subject, Wrap, envelope_at

SECRET = "an office's own secret"
APP = App(corp_id="county", app_key="dingapp", app_secret=SECRET, robot_code="dingrobot")


def settings(**changes: object) -> DingtalkSettings:
    """The table of a channel of APP that hears over HTTP."""
    table: dict[str, object] = {
        "name": "door",
        "kind": "dingtalk",
        "mode": "http",
        "corp_id": APP.corp_id,
        "app_key": APP.app_key,
        "app_secret": SECRET,
        "robot_code": APP.robot_code,
    }
    return DingtalkSettings.model_validate({**table, **changes})


def channel(**changes: object) -> DingtalkChannel:
    """Such a channel; opening needs no network."""
    session: aiohttp.ClientSession = None  # type: ignore[assignment]
    return DingtalkChannel(settings(**changes), session, SystemClock(), SystemClock())


def request(body: bytes, *, secret: str = SECRET, at: datetime = NOW) -> Envelope:
    """A POST of `body` under a stamp signed at `at`, received then."""
    stamp = str(milliseconds(at))
    headers = {TIMESTAMP: stamp, SIGN: signed(secret, stamp)}
    return envelope_at(at, body, headers=headers)


class DingtalkSubject(Subject):
    """Plain bodies under a signed stamp, which covers the stamp alone; events under AES if the table has their keys."""

    signed_headers = (TIMESTAMP, SIGN)
    signs_body = False
    table: DingtalkSettings

    def inside(self, message: Incoming) -> bytes:
        """The body that brings the message."""
        return json.dumps(self._body(message), ensure_ascii=False).encode()

    def wrap(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """Any body beside a genuine stamp."""
        return request(content, secret=secret or self.table.app_secret.get_secret_value(), at=at)

    def wrap_event(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """A subscribed event; the table has to have the keys of events."""
        assert self.table.event_token
        assert self.table.event_aes_key
        token, key = secret or self.table.event_token.get_secret_value(), self.table.event_aes_key.get_secret_value()
        timestamp, nonce = str(milliseconds(at)), "nonce-5d41"
        sealed = Seal(token, key, (self.table.app_key,)).seal(content, timestamp=timestamp, nonce=nonce)
        query = {"msg_signature": sealed.signature, "timestamp": timestamp, "nonce": nonce}
        return envelope_at(at, json.dumps({"encrypt": sealed.encrypt}).encode(), query=query)

    def sayable(self, message: Incoming) -> Incoming:
        """Times are in milliseconds; a file travels without words, one at a time; words without leading blanks."""
        text = message.text.lstrip()
        at = message.sent_at.replace(microsecond=message.sent_at.microsecond // 1000 * 1000)
        names = () if text else message.attachments[:1]
        return replace(
            message,
            text=text,
            sent_at=at,
            addressed=message.addressed or message.private,
            attachments=tuple(name or "文件" for name in names),
            files=tuple(FileRef(name, "file", f"{message.message_id}-0") for name in names),
        )

    def idle(self) -> bytes:
        """Somebody outside the organisation has written."""
        return json.dumps({**self._body(self.message), "senderStaffId": ""}).encode()

    def contents(self) -> Sequence[bytes]:
        """Messages to a group, rich text and voice as well, and one that may be answered by a session's webhook."""
        picture = FileRef("", "image", "code-1")
        group = replace(self.message, private=False, addressed=True)
        rich = replace(self.message, files=(picture,))
        voice = {"msgtype": "audio", "content": {"downloadCode": "code-2", "recognition": "我的任务"}, "text": None}
        session = {SESSION_WEBHOOK: f"{self.table.oapi_base}{SESSION_PATH}?session=1", SESSION_UNTIL: "1785893400000"}
        more = (
            self._body(group),
            robot_message(rich, self._app),
            self._body(self.message) | voice,
            robot_message(replace(self.message, extra=session), self._app),
        )
        return (*super().contents(), *(json.dumps(one, ensure_ascii=False).encode() for one in more))

    def pens(self) -> Sequence[tuple[Sequence[bytes], Wrap]]:
        """Subscribed events have an envelope of their own."""
        if self.table.event_token is None:
            return super().pens()
        events = (
            b'{"EventType": "check_url"}',
            b'{"EventType": "user_leave_org", "UserId": ["u-7"], "TimeStamp": "1"}',
        )
        return (*super().pens(), (events, self.wrap_event))

    @property
    def _app(self) -> App:
        table = self.table
        return App(table.corp_id, table.app_key, table.app_secret.get_secret_value(), table.robot)

    def _body(self, message: Incoming) -> dict[str, Any]:
        return robot_message(self.sayable(message), self._app)


def dingtalk_subject(table: DingtalkSettings | None = None) -> DingtalkSubject:
    """The subject for a table, by default of a channel that hears over HTTP."""
    return DingtalkSubject(table or settings())
