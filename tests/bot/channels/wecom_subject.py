"""The WeCom app as a subject of the suite for every channel: one company, its keys, and the platform's pen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
from hypothesis import strategies as st

from bot.channel_settings import WecomSettings
from bot.channels.channel import Envelope
from bot.channels.wecom import WecomChannel
from bot.clock import SystemClock, WoundClock
from bot.platforms.platform import Callback
from bot.platforms.wecom_pen import Pen
from handlers.incoming import Incoming

NOW = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
CORP = "ww0123456789abcdef"
AGENT = 1000002
SECRET = "qK9vTestTok3n"
FOREIGN = "some-other-token"
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


@dataclass(frozen=True)
class Subject:
    """A channel under test, and its platform's pen."""

    channel: WecomChannel
    write: Callable[[Incoming, str], Envelope]
    wrap: Callable[[bytes], Envelope]
    content: Callable[[Incoming], bytes]
    """What a message is before it is sealed."""


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


def wecom_subject() -> Subject:
    session: aiohttp.ClientSession = None  # type: ignore[assignment]  # opening needs no network

    def write(message: Incoming, token: str) -> Envelope:
        own = pen(token=token, corp_id=message.tenant)
        return envelope(own.post(own.content(message)))

    return Subject(
        channel=WecomChannel(settings(), session, SystemClock(), SystemClock()),
        write=write,
        wrap=lambda content: envelope(pen().post(content)),
        content=lambda message: pen().content(message),
    )
