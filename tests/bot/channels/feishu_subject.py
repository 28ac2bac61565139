"""Feishu for the suite of all channels: a channel, its platform's pen, and what the platform can say at all."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import aiohttp

from bot.channel_settings import FeishuSettings
from bot.channels.channel import Channel, Envelope
from bot.channels.feishu import FeishuChannel
from bot.channels.feishu.envelope import MESSAGE
from bot.channels.feishu.seal import NONCE, SIGNATURE, TIMESTAMP, Seal
from bot.clock import SystemClock
from bot.platforms.feishu_events import message_event, milliseconds
from handlers.incoming import FileRef, Incoming

NOW = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
SECRET = "an office's own secret"
APP = "cli_county"
TOKEN = "an office's verification token"
FIRST, LAST = datetime(2001, 9, 10, tzinfo=UTC), datetime(2286, 11, 1, tzinfo=UTC)
"""Between these a moment in milliseconds has 13 digits."""


class FeishuSubject(NamedTuple):
    """The parts of test_every_channel.Subject, and two that a platform other than the sandbox needs."""

    channel: Channel
    write: Callable[[Incoming, str], Envelope]
    wrap: Callable[[bytes], Envelope]
    sayable: Callable[[Incoming], Incoming]
    """The message as this platform can say it: what `open` has to give for what `write` was given."""
    inside: Callable[[Incoming], bytes]
    """What `write` seals, to be mutated and wrapped."""


def settings(**changes: Any) -> FeishuSettings:
    table = {
        "name": "door",
        "kind": "feishu",
        "tenant_key": "county",
        "app_id": APP,
        "app_secret": "an app's own secret",
        "encrypt_key": SECRET,
        "verification_token": TOKEN,
        "api_base": "http://127.0.0.1:9",
    }
    return FeishuSettings.model_validate(table | changes)


def sealed(content: bytes, secret: str = SECRET, *, at: datetime = NOW) -> Envelope:
    """A request with `content` under that Encrypt Key, stamped at `at`."""
    seal = Seal(secret)
    body = seal.seal(content)
    stamp = str(int(at.timestamp()))
    headers = {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: seal.signature(body, timestamp=stamp, nonce="n")}
    return Envelope("POST", headers, {}, body, NOW, NOW)


def event(kind: str, content: dict[str, Any], **header: Any) -> dict[str, Any]:
    """An event of the envelope 2.0."""
    head = {
        "event_id": "ev-1",
        "event_type": kind,
        "create_time": milliseconds(NOW),
        "token": TOKEN,
        "app_id": APP,
        "tenant_key": "county",
    }
    return {"schema": "2.0", "header": head | header, "event": content}


def sayable(message: Incoming) -> Incoming:
    """Words, or one file, which mentions nobody; milliseconds; in private always addressed."""
    sent_at = min(max(message.sent_at, FIRST), LAST)
    attachments = () if message.text else message.attachments[:1]
    return replace(
        message,
        addressed=message.private or (message.addressed and not attachments),
        sent_at=sent_at.replace(microsecond=sent_at.microsecond // 1000 * 1000),
        attachments=tuple(name for name in attachments if name),
        files=tuple(FileRef(name, "file", f"{message.message_id}/file_1") for name in attachments),
    )


def inside(message: Incoming) -> bytes:
    said = message_event(sayable(message), "open_id")
    return json.dumps(event(MESSAGE, said, tenant_key=message.tenant)).encode()


def feishu_subject() -> FeishuSubject:
    session: aiohttp.ClientSession = None  # type: ignore[assignment]  # opening needs no network
    channel = FeishuChannel(settings(), session, SystemClock(), SystemClock())
    return FeishuSubject(channel, lambda message, secret: sealed(inside(message), secret), sealed, sayable, inside)
