"""One suite for every channel: what its envelope takes and refuses. A new platform adds one line to SUBJECTS.

A subject knows how its platform writes a genuine request; everything else here is the same for all.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channel_settings import SandboxSettings
from bot.channels.body import MAX_BODY, MAX_DEPTH
from bot.channels.channel import Challenge, Channel, Envelope, Ignored, Malformed, Refused, Unverified
from bot.channels.sandbox import SandboxChannel
from bot.channels.sandbox.envelope import SandboxEnvelope, Signer
from bot.clock import SystemClock
from handlers.incoming import Incoming

NOW = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
SECRET = "an office's own secret"
FOREIGN = "some other party's secret"

MESSAGE = Incoming(
    channel="door",
    tenant="county",
    message_id="m-1",
    sender="u-7",
    conversation="c-7",
    private=True,
    addressed=True,
    text="报送7月 招商引资 4.2亿美元",
    sent_at=NOW - timedelta(minutes=2),
    attachments=("证明.pdf",),
)


@dataclass(frozen=True)
class Subject:
    """A channel under test, and its platform's pen."""

    channel: Channel
    write: Callable[[Incoming, str], Envelope]
    """A request that bears the message, sealed with that secret."""
    wrap: Callable[[bytes], Envelope]
    """A genuine seal around any content whatever."""


def request(headers: dict[str, str], body: bytes, *, method: str = "POST") -> Envelope:
    return Envelope(method=method, headers=headers, query={}, body=body, received_at=NOW, real_now=NOW)


def sandbox() -> Subject:
    address = "http://127.0.0.1:9"
    table = SandboxSettings(name="door", kind="sandbox", tenant="county", secret=SECRET, api_base=address)
    session: aiohttp.ClientSession = None  # type: ignore[assignment]  # opening needs no network

    def write(message: Incoming, secret: str) -> Envelope:
        sealed = SandboxEnvelope("door", message.tenant, Signer(secret)).seal(message, nonce="n", real_now=NOW)
        return request(dict(sealed.headers), sealed.body)

    def wrap(content: bytes) -> Envelope:
        return request(Signer(SECRET).sign(content, nonce="n", real_now=NOW), content)

    return Subject(SandboxChannel(table, session, SystemClock(), SystemClock()), write, wrap)


SUBJECTS = {"sandbox": sandbox}


@pytest.fixture(params=SUBJECTS)
def subject(request: pytest.FixtureRequest) -> Subject:
    return SUBJECTS[request.param]()


def test_good(subject: Subject) -> None:
    """A genuine request opens to exactly what was said."""
    assert subject.channel.open(subject.write(MESSAGE, SECRET)) == MESSAGE


def test_repeated(subject: Subject) -> None:
    """The same request opens again to the same; telling repeats apart is the inbox's business."""
    envelope = subject.write(MESSAGE, SECRET)

    assert subject.channel.open(envelope) == subject.channel.open(envelope)


def test_forged(subject: Subject) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(subject.write(MESSAGE, FOREIGN))


def test_unsigned(subject: Subject) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(replace(subject.write(MESSAGE, SECRET), headers={}, query={}))


@pytest.mark.parametrize("off", [timedelta(hours=-9), timedelta(hours=9)], ids=["stale", "ahead"])
def test_stamp_out_of_window(subject: Subject, off: timedelta) -> None:
    """Old seals and seals from the future are refused by the real clock, whatever the domain's clock says."""
    with pytest.raises(Unverified):
        subject.channel.open(replace(subject.write(MESSAGE, SECRET), real_now=NOW - off))


def test_domain_clock_decides_nothing_here(subject: Subject) -> None:
    envelope = replace(subject.write(MESSAGE, SECRET), received_at=NOW + timedelta(days=400))

    assert subject.channel.open(envelope) == MESSAGE


def test_another_tenant(subject: Subject) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(subject.write(replace(MESSAGE, tenant="another"), SECRET))


def test_every_truncation(subject: Subject) -> None:
    envelope = subject.write(MESSAGE, SECRET)
    for length in range(len(envelope.body)):
        with pytest.raises(Unverified):
            subject.channel.open(replace(envelope, body=envelope.body[:length]))


def test_every_flipped_byte(subject: Subject) -> None:
    envelope = subject.write(MESSAGE, SECRET)
    for place in range(len(envelope.body)):
        body = bytearray(envelope.body)
        body[place] ^= 1
        with pytest.raises(Unverified):
            subject.channel.open(replace(envelope, body=bytes(body)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"tenant": 5}',
        b"[" * 100_000,
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
        b"9" * 10_000,
        b"[" + b"1," * (MAX_BODY // 2) + b"1]",
    ],
    ids=["empty", "prose", "null", "list", "string", "bytes", "no-fields", "types", "bomb", "deep", "digits", "big"],
)
def test_senseless_content_under_a_genuine_seal(subject: Subject, content: bytes) -> None:
    with pytest.raises(Malformed):
        subject.channel.open(subject.wrap(content))


def test_brackets_within_a_text_are_no_depth(subject: Subject) -> None:
    message = replace(MESSAGE, text='[{"\\' * 50)

    assert subject.channel.open(subject.write(message, SECRET)) == message


def test_long_text_is_handed_on(subject: Subject) -> None:
    """Too long a report is answered politely by a handler, not lost at the door."""
    message = replace(MESSAGE, text="长" * 5000)

    assert subject.channel.open(subject.write(message, SECRET)) == message


def test_no_text_that_a_database_refuses(subject: Subject) -> None:
    opened = subject.channel.open(subject.write(replace(MESSAGE, text="报\0送"), SECRET))

    assert isinstance(opened, Incoming)
    assert opened.text == "报\ufffd送"


def test_reasons_do_not_quote(subject: Subject) -> None:
    """What is logged of a refusal repeats nothing that the sender wrote."""
    for body in (b'{"tenant": "SENTINEL"}', b"SENTINEL"):
        with pytest.raises(Refused) as refusal:
            subject.channel.open(subject.wrap(body))

        assert "SENTINEL" not in str(refusal.value)


ids = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)
messages = st.builds(
    Incoming,
    channel=st.just("door"),
    tenant=st.just("county"),
    message_id=ids,
    sender=ids,
    conversation=ids,
    private=st.booleans(),
    addressed=st.booleans(),
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    sent_at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    attachments=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))).map(tuple),
    extra=st.none(),
)

quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(message=messages)
def test_opening_undoes_sealing(subject: Subject, message: Incoming) -> None:
    assert subject.channel.open(subject.write(message, SECRET)) == message


@quick
@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(st.sampled_from(["x-duban-timestamp", "x-duban-nonce", "x-duban-signature"]), st.text()),
    method=st.sampled_from(["GET", "POST"]),
)
def test_random_requests_are_unverified(subject: Subject, body: bytes, headers: dict[str, str], method: str) -> None:
    with pytest.raises(Unverified):
        subject.channel.open(request(headers, body, method=method))


@quick
@given(content=st.binary(max_size=300))
def test_random_content_is_refused_and_never_breaks(subject: Subject, content: bytes) -> None:
    with pytest.raises(Refused):
        subject.channel.open(subject.wrap(content))


@quick
@given(seed=st.integers())
def test_mutated_content_is_read_or_refused(subject: Subject, seed: int) -> None:
    """Bytes changed inside a genuine seal: an answer or a refusal, no other exception."""
    dice = random.Random(seed)
    body = bytearray(subject.write(MESSAGE, SECRET).body)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(body))
        body[place : place + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
    try:
        opened = subject.channel.open(subject.wrap(bytes(body)))
    except Refused:
        return

    assert isinstance(opened, Incoming | Challenge | Ignored)
