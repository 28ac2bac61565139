"""WeCom's app for the suites of all channels: one company, its keys, and the platform's pen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.channel_settings import WecomSettings
from bot.channels.channel import Envelope
from bot.clock import WoundClock
from bot.platforms.platform import Callback
from bot.platforms.wecom_pen import Pen, Pressed
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.channel_subject import NOW, Subject

CORP = "ww0123456789abcdef"
AGENT = 1000002
SECRET = "qK9vTestTok3n"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

MESSAGE = Incoming(
    channel="door",
    tenant=CORP,
    message_id="7460001234567890123",
    sender="zhangsan",
    conversation="app:zhangsan",
    private=True,
    addressed=True,
    text="报送7月 招商引资 4.2亿美元",
    sent_at=NOW - timedelta(minutes=2),
)

ids = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789_-@."), min_size=1, max_size=20)


def _said(message_id: str, sender: str, text: str, sent_at: datetime) -> Incoming:
    return Incoming("door", CORP, message_id, sender, f"app:{sender}", True, True, text, sent_at)


messages = st.builds(
    _said,
    message_id=ids,
    sender=ids,
    # What XML cannot hold, or does not hold on to, is told of in test_wecom_envelope.py.
    text=st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")),
    sent_at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0)
    ),
)
"""What people can say to the app: always in private, in whole seconds, without files."""


def settings(**changes: object) -> WecomSettings:
    """The channel's table."""
    return WecomSettings.model_validate(
        {
            "name": "door",
            "kind": "wecom",
            "corp_id": CORP,
            "agent_id": AGENT,
            "secret": "corp-secret",
            "token": SECRET,
            "encoding_aes_key": AES_KEY,
            "api_base": "http://127.0.0.1:9",
            **changes,
        }
    )


def pen(*, token: str = SECRET, corp_id: str = CORP, agent_id: int = AGENT, now: datetime = NOW) -> Pen:
    """The platform's pen, by default with the right keys."""
    clock = WoundClock(now)
    return Pen(corp_id=corp_id, agent_id=agent_id, token=token, encoding_aes_key=AES_KEY, real_clock=clock)


def envelope(callback: Callback, *, now: datetime = NOW) -> Envelope:
    """A callback as the front door hands it on."""
    return Envelope(callback.method, callback.headers, callback.query, callback.body, now, now)


class WecomSubject(Subject):
    """Sealed XML; the proof stands in the address."""

    signed_query = ("msg_signature", "timestamp", "nonce")
    table: WecomSettings

    def inside(self, message: Incoming) -> bytes:
        """The inner XML."""
        return self._pen().content(self.sayable(message))

    def wrap(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """The sealed XML."""
        return envelope(self._pen(secret, at).post(content), now=at)

    def check(self, echo: str, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """The question whether we are there."""
        return envelope(self._pen(secret, at).check(echo), now=at)

    def sayable(self, message: Incoming) -> Incoming:
        """Always in private; words, or one file without a name."""
        files = () if message.text else tuple(FileRef("", "file", "media-1") for _ in message.attachments[:1])
        return replace(
            message,
            conversation=f"app:{message.sender}",
            attachments=tuple("文件" for _ in files),
            files=files,
        )

    @property
    def messages(self) -> SearchStrategy[Incoming]:
        """What XML can hold."""
        return messages

    def idle(self) -> bytes:
        """Somebody has opened the app's chat."""
        return self.contents()[1].replace(b"<![CDATA[template_card_event]]>", b"<![CDATA[enter_agent]]>")

    def contents(self) -> Sequence[bytes]:
        """Words, presses, and each kind of file."""
        pressed = self._pen().content(self.message, Pressed("task-1", "code-1"))
        kinds = ("image", "voice", "video", "file")
        media = [replace(self.message, files=(FileRef("", kind, "media-1"),), text="") for kind in kinds]
        return (self.inside(self.message), pressed, *map(self._pen().content, media))

    def _pen(self, token: str | None = None, at: datetime = NOW) -> Pen:
        table = self.table
        return Pen(
            corp_id=table.corp_id,
            agent_id=table.agent_id,
            token=token or table.token.get_secret_value(),
            encoding_aes_key=table.encoding_aes_key.get_secret_value(),
            real_clock=WoundClock(at),
        )


def wecom_subject(table: WecomSettings | None = None) -> WecomSubject:
    """The subject for a table, by default the one of `settings`."""
    return WecomSubject(table or settings())
