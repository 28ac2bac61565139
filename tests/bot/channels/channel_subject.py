"""What the suites of all channels ask of a subject: a channel of one organisation, and its platform's pen."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bot.app import channel
from bot.channel_settings import ChannelSettings
from bot.channels.channel import Envelope
from bot.clock import SystemClock
from handlers.incoming import Incoming

NOW = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
FOREIGN = "some other party's secret"

Wrap = Callable[[bytes, str | None, datetime], Envelope]

ids = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


class Subject(ABC):
    """A channel under test. A new platform says how it writes; every suite then knows what to ask of it."""

    signed_headers: tuple[str, ...] = ()
    """The headers that prove a request."""
    signed_query: tuple[str, ...] = ()
    """The query parameters that do."""
    signs_body: bool = True
    """Whether the proof covers the body; where it does not, a changed body is read or refused and not Unverified."""

    def __init__(self, table: ChannelSettings) -> None:
        session: aiohttp.ClientSession = None  # type: ignore[assignment]  # opening needs no network
        self.table = table
        self.channel = channel(table, session, SystemClock())
        said = Incoming(
            channel=table.name,
            tenant=table.tenant,
            message_id="m-1",
            sender="u-7",
            conversation="c-7",
            private=True,
            addressed=True,
            text="报送7月 招商引资 4.2亿美元",
            sent_at=NOW - timedelta(minutes=2),
        )
        self.message = self.sayable(said)
        """What somebody says in this organisation."""

    @abstractmethod
    def inside(self, message: Incoming) -> bytes:
        """The content by which the platform brings what is sayable of `message`."""

    @abstractmethod
    def wrap(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """A request that bears any content whatever, proven with `secret` (default: the right one), made at `at`."""

    def write(self, message: Incoming, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """A request that bears the message."""
        return self.wrap(self.inside(message), secret, at)

    def sayable(self, message: Incoming) -> Incoming:
        """The message as this platform can say it: what `open` has to give for what `write` was given."""
        return message

    @property
    def messages(self) -> SearchStrategy[Incoming]:
        """Any message whatever of this organisation."""
        return st.builds(
            Incoming,
            channel=st.just(self.table.name),
            tenant=st.just(self.table.tenant),
            message_id=ids,
            sender=ids,
            conversation=ids,
            private=st.booleans(),
            addressed=st.booleans(),
            text=words,
            sent_at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            attachments=st.lists(words).map(tuple),
            extra=st.none(),
        )

    @abstractmethod
    def idle(self) -> bytes:
        """Content of a genuine event with nothing to do."""

    def contents(self) -> Sequence[bytes]:
        """Genuine contents of the sorts that the platform brings."""
        silent = replace(self.message, text="", attachments=("证明.pdf",))
        return (self.inside(self.message), self.inside(silent), self.idle())

    def pens(self) -> Sequence[tuple[Sequence[bytes], Wrap]]:
        """Every way of writing to the channel's address: what is written so, and what wraps it."""
        return ((self.contents(), self.wrap),)


def envelope_at(
    at: datetime,
    body: bytes,
    *,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    method: str = "POST",
) -> Envelope:
    """A request as the front door hands it on, made and received at `at`."""
    return Envelope(method, headers or {}, query or {}, body, received_at=at, real_now=at)
