"""DingTalk's robot callback as the suite of all channels writes it: a plain body under a signed stamp."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

import aiohttp

from bot.channel_settings import DingtalkSettings
from bot.channels.channel import Envelope
from bot.channels.dingtalk import DingtalkChannel
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP, signed
from bot.clock import SystemClock
from bot.platforms.dingtalk_pen import App, milliseconds, robot_message
from handlers.incoming import FileRef, Incoming

NOW = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
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
    return Envelope(method="POST", headers=headers, query={}, body=body, received_at=at, real_now=at)


class DingtalkSubject(NamedTuple):
    """The channel under test and its platform's pen, as the suite asks for them."""

    channel: DingtalkChannel
    write: Callable[[Incoming, str], Envelope]
    """A request that bears the message, its stamp signed with that secret."""
    wrap: Callable[[bytes], Envelope]
    """A genuine stamp beside any content whatever."""
    sayable: Callable[[Incoming], Incoming]
    """The message as this platform can say it: what `open` has to give for what `write` was given."""
    inside: Callable[[Incoming], bytes]
    """What `write` puts under its stamp, to be mutated and wrapped."""
    signs_body: bool = False
    """The platform's signature covers its stamp alone: a changed body is read or refused, and not Unverified."""


def sayable(message: Incoming) -> Incoming:
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


def inside(message: Incoming) -> bytes:
    """The body that brings what can be said of `message`."""
    return json.dumps(robot_message(sayable(message), APP), ensure_ascii=False).encode()


def dingtalk_subject() -> DingtalkSubject:
    """A channel that hears over HTTP."""

    def write(message: Incoming, secret: str) -> Envelope:
        return request(inside(message), secret=secret)

    return DingtalkSubject(channel(), write, request, sayable, inside)
