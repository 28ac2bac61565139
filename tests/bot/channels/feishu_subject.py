"""Feishu for the suites of all channels, and the seal and events that its own tests write with."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channel_settings import FeishuSettings
from bot.channels.card import Blank, Form
from bot.channels.channel import Envelope
from bot.channels.feishu.envelope import MESSAGE, PRESS
from bot.channels.feishu.pressing import button_value, form_value
from bot.channels.feishu.seal import NONCE, SIGNATURE, TIMESTAMP, Seal
from bot.platforms.feishu_events import message_event, milliseconds, press_event
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.channel_subject import NOW, Subject, envelope_at

SECRET = "an office's own secret"
APP = "cli_county"
TOKEN = "an office's verification token"
FIRST, LAST = datetime(2001, 9, 10, tzinfo=UTC), datetime(2286, 11, 1, tzinfo=UTC)
"""Between these a moment in milliseconds has 13 digits."""
FORM = Form("报送 7月", (Blank("招商引资"), Blank("说明")))


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
    nonce = "nonce-5d41"
    headers = {TIMESTAMP: stamp, NONCE: nonce, SIGNATURE: seal.signature(body, timestamp=stamp, nonce=nonce)}
    return envelope_at(at, body, headers=headers)


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


class FeishuSubject(Subject):
    """Events under an Encrypt Key, signed over time, nonce and body."""

    signed_headers = (TIMESTAMP, NONCE, SIGNATURE)
    table: FeishuSettings

    def inside(self, message: Incoming) -> bytes:
        """The event that brings the message."""
        return self._event(MESSAGE, message_event(self.sayable(message), "open_id"), message.tenant)

    def wrap(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """The sealed and signed body."""
        return sealed(content, secret or self.table.encrypt_key.get_secret_value(), at=at)

    def sayable(self, message: Incoming) -> Incoming:
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

    def idle(self) -> bytes:
        """The bot was put into a group."""
        return self._event("im.chat.member.bot.added_v1", {"chat_id": "oc_7"}, self.table.tenant)

    def contents(self) -> Sequence[bytes]:
        """Messages to a group, rich text and presses as well."""
        group = replace(self.message, private=False, addressed=True)
        post = message_event(self.message, "open_id")
        rich = {"title": "7月", "content": [[{"tag": "at", "user_id": "@_user_1"}, {"tag": "text", "text": "报送"}]]}
        post["message"] |= {"message_type": "post", "content": json.dumps(rich)}
        pressed = press_event(self.message, "open_id", "om_2", button_value("我的任务", private=True), None)
        filled = press_event(
            self.message, "open_id", "om_2", form_value(FORM, private=True), {"f0": "4.2亿", "f1": "两个项目"}
        )
        tenant = self.table.tenant
        return (
            *super().contents(),
            self.inside(group),
            self._event(MESSAGE, post, tenant),
            self._event(PRESS, pressed, tenant),
            self._event(PRESS, filled, tenant),
            json.dumps(self.challenge()).encode(),
        )

    def challenge(self) -> dict[str, str]:
        """The question whether we are there."""
        token = self.table.verification_token.get_secret_value()
        return {"type": "url_verification", "challenge": "ch-0123456789", "token": token}

    def _event(self, kind: str, content: dict[str, Any], tenant: str) -> bytes:
        token = self.table.verification_token.get_secret_value()
        return json.dumps(event(kind, content, tenant_key=tenant, app_id=self.table.app_id, token=token)).encode()


def feishu_subject(table: FeishuSettings | None = None) -> FeishuSubject:
    """The subject for a table, by default the one of `settings`."""
    return FeishuSubject(table or settings())
