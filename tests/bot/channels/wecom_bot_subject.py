"""WeCom's robot for the suites of all channels: one company, one robot, its keys, and the platform's pen."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channel_settings import WecomBotSettings
from bot.channels.channel import Envelope
from bot.channels.wecom_bot.envelope import ANSWER_LIFE, CHAT, UNTIL
from bot.clock import WoundClock
from bot.platforms.wecom_bot import ANSWER_PATH, Pen, Robot
from handlers.incoming import ANSWERED_AT, FileRef, Incoming
from tests.bot.channels.channel_subject import NOW, Subject, envelope_at

CORP = "ww0123456789abcdef"
BOT = "AIBOT01"
NAME = "考核助手"
TOKEN = "qK9vTestTok3n"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
BASE = "http://127.0.0.1:9"
CODE = "RC1"


def settings(**changes: object) -> WecomBotSettings:
    """The channel's table."""
    return WecomBotSettings.model_validate(
        {
            "name": "door",
            "kind": "wecom_bot",
            "corp_id": CORP,
            "bot_id": BOT,
            "bot_name": NAME,
            "token": TOKEN,
            "encoding_aes_key": AES_KEY,
            "api_base": BASE,
            **changes,
        }
    )


def answerable(conversation: str, *, base: str = BASE, code: str = CODE, signed_at: datetime = NOW) -> dict[str, str]:
    """What goes with a message so that it can be answered."""
    until = int((signed_at + ANSWER_LIFE).timestamp() * 1000)
    return {ANSWERED_AT: f"{base}{ANSWER_PATH}?response_code={code}", UNTIL: str(until), CHAT: conversation}


class WecomBotSubject(Subject):
    """Sealed JSON; the proof stands in the address."""

    signed_query = ("msg_signature", "timestamp", "nonce")
    table: WecomBotSettings

    def inside(self, message: Incoming) -> bytes:
        """The inner JSON."""
        return self._pen().content(self.sayable(message), CODE)

    def wrap(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """The sealed JSON."""
        callback = self._pen(secret, at).post(content)
        return envelope_at(at, callback.body, headers=dict(callback.headers), query=dict(callback.query))

    def check(self, echo: str, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """The question whether we are there."""
        return envelope_at(at, b"", query=dict(self._pen(secret, at).check(echo).query), method="GET")

    def sayable(self, message: Incoming) -> Incoming:
        """Said to the robot, at the time of the signature; words, or in private one file without a name."""
        sender = message.sender.lower()
        conversation = f"bot:{sender}" if message.private else message.conversation
        named = message.private and not message.text and message.attachments
        files = (FileRef("", "file", "https://files.example/1?sign=a%2Bb"),) if named else ()
        return replace(
            message,
            sender=sender,
            conversation=conversation,
            addressed=True,
            text=message.text if message.private else message.text.strip(),
            sent_at=NOW,
            attachments=tuple("文件" for _ in files),
            files=files,
            extra=answerable(conversation, base=self.table.api_base),
        )

    def idle(self) -> bytes:
        """Somebody has opened the robot's chat for the first time today."""
        return self.changed(
            msgtype="event", event={"eventtype": "enter_chat"}, create_time=1785893400, chattype=None, response_url=None
        )

    def contents(self) -> Sequence[bytes]:
        """Words in private and in a group, a press, words with pictures, and each kind of file."""
        url = "https://files.example/1"
        group = replace(self.message, private=False, conversation="wrCHAT01")
        pen = self._pen()
        press = replace(self.message, text="确认 #1234", sent_at=NOW - timedelta(minutes=1))
        pictured = replace(group, files=(FileRef("", "image", url),))
        files = [{"msgtype": kind, kind: {"url": url}} for kind in ("image", "file", "video")]
        more = [*files, {"msgtype": "voice", "voice": {"content": "我的任务"}}]
        return (
            *super().contents(),
            pen.content(group, CODE),
            pen.content(press, CODE, pressed="t-42"),
            pen.content(pictured, CODE),
            *(self.changed(**fields) for fields in more),
        )

    def changed(self, **fields: Any) -> bytes:
        """The message in private with other fields; None leaves one away."""
        content = {**json.loads(self.inside(self.message)), **fields}
        kept = {name: value for name, value in content.items() if value is not None}
        return json.dumps(kept, ensure_ascii=False).encode()

    def _pen(self, token: str | None = None, at: datetime = NOW) -> Pen:
        table = self.table
        robot = Robot(
            table.corp_id,
            table.bot_id,
            table.bot_name,
            token or table.token.get_secret_value(),
            table.encoding_aes_key.get_secret_value(),
        )
        return Pen(robot, lambda: table.api_base, WoundClock(at))


def wecom_bot_subject(table: WecomBotSettings | None = None) -> WecomBotSubject:
    """The subject for a table, by default the one of `settings`."""
    return WecomBotSubject(table or settings())
