"""The sandbox's own oddities; what all channels have in common stands in test_every_channel.py."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.body import MAX_DEPTH
from bot.channels.channel import Envelope, Ignored, Malformed, Unverified
from bot.channels.sandbox.envelope import NONCE, SIGNATURE, TIMESTAMP, WINDOW, SandboxEnvelope, Signer
from handlers.incoming import Incoming

NOW = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
SECRET = "an office's own secret"
SIGNER = Signer(SECRET)
DOOR = SandboxEnvelope("door", "county", SIGNER)

FIELDS: dict[str, Any] = {
    "tenant": "county",
    "id": "m-1",
    "sender": "u-7",
    "conversation": "c-7",
    "private": True,
    "addressed": True,
    "text": "我的任务",
    "sent_at": "2026-08-05T09:28:00+08:00",
}
MESSAGE = Incoming(
    channel="door",
    tenant="county",
    message_id="m-1",
    sender="u-7",
    conversation="c-7",
    private=True,
    addressed=True,
    text="我的任务",
    sent_at=datetime(2026, 8, 5, 1, 28, tzinfo=UTC),
)


def envelope(fields: dict[str, Any]) -> Envelope:
    body = json.dumps(fields).encode()
    return Envelope("POST", SIGNER.sign(body, nonce="n", real_now=NOW), {}, body, NOW, NOW)


def test_signature_by_hand() -> None:
    """The signature is what the documentation says, reckoned here without the code under test."""
    stamp = str(int(NOW.timestamp()))
    by_hand = hmac.new(SECRET.encode(), f"{stamp}\nabc\n{{}}".encode(), hashlib.sha256).hexdigest()

    assert SIGNER.sign(b"{}", nonce="abc", real_now=NOW) == {TIMESTAMP: stamp, NONCE: "abc", SIGNATURE: by_hand}


def test_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Signer("")


def test_fields_as_documented() -> None:
    assert DOOR.open(envelope(FIELDS)) == MESSAGE


def test_time_of_day_is_an_instant() -> None:
    """The same instant, written in another zone, is the same message."""
    assert DOOR.open(envelope(FIELDS | {"sent_at": "2026-08-05T01:28:00Z"})) == MESSAGE


def test_unknown_fields_are_tolerated() -> None:
    assert DOOR.open(envelope(FIELDS | {"mood": "good", "nested": {"a": [1, 2]}})) == MESSAGE


@pytest.mark.parametrize("beyond", [0, 1])
def test_depth_counts_in_unknown_fields_too(beyond: int) -> None:
    """The message's own braces are the first level."""
    nested: Any = None
    for _ in range(MAX_DEPTH - 1 + beyond):
        nested = [nested]
    deep = envelope(FIELDS | {"nested": nested})
    if beyond:
        with pytest.raises(Malformed):
            DOOR.open(deep)
    else:
        assert DOOR.open(deep) == MESSAGE


def test_bots_are_ignored() -> None:
    assert isinstance(DOOR.open(envelope(FIELDS | {"from_bot": True})), Ignored)


@pytest.mark.parametrize("age", [timedelta(hours=7), timedelta(hours=100), timedelta(hours=-3)])
def test_the_messages_own_time_is_not_judged_here(age: timedelta) -> None:
    sent_at = NOW - age

    opened = DOOR.open(envelope(FIELDS | {"sent_at": sent_at.isoformat()}))

    assert opened == replace(MESSAGE, sent_at=sent_at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": 17},
        {"id": "m\n1"},
        {"id": "m" * 129},
        {"sender": None},
        {"sender": "u\u202e7"},
        {"private": "yes"},
        {"private": 1},
        {"text": ["我的任务"]},
        {"sent_at": "2026-08-05T09:28:00"},
        {"sent_at": "yesterday"},
        {"sent_at": 1785893280},
        {"sent_at": "0001-01-01T00:00:00+08:00"},
        {"attachments": "证明.pdf"},
        {"attachments": [{}]},
    ],
    ids=str,
)
def test_wrong_fields_are_malformed(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        DOOR.open(envelope(FIELDS | wrong))


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_needed(field: str) -> None:
    with pytest.raises(Malformed):
        DOOR.open(envelope({name: value for name, value in FIELDS.items() if name != field}))


@pytest.mark.parametrize("sign", [1, -1])
def test_window_to_the_second(sign: int) -> None:
    headers = SIGNER.sign(b"x", nonce="n", real_now=NOW)

    SIGNER.verify(b"x", headers, real_now=NOW + sign * WINDOW)

    with pytest.raises(Unverified):
        SIGNER.verify(b"x", headers, real_now=NOW + sign * (WINDOW + timedelta(seconds=1)))


@pytest.mark.parametrize("stamp", ["１７８５８９３４００", "-5", "1e9", "", "9" * 400, " 5", "0x10"])
def test_stamps_are_ascii_digits_even_when_signed(stamp: str) -> None:
    signature = hmac.new(SECRET.encode(), f"{stamp}\nn\nx".encode(), hashlib.sha256).hexdigest()

    with pytest.raises(Unverified):
        SIGNER.verify(b"x", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, real_now=NOW)


@settings(max_examples=60, deadline=None)
@given(header=st.sampled_from([TIMESTAMP, NONCE, SIGNATURE]), value=st.text())
def test_no_header_can_be_changed(header: str, value: str) -> None:
    headers = SIGNER.sign(b"x", nonce="n", real_now=NOW)
    if headers[header] != value:
        with pytest.raises(Unverified):
            SIGNER.verify(b"x", headers | {header: value}, real_now=NOW)
