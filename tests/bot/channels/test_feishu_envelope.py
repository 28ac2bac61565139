"""Whom Feishu's envelope believes; what all channels have in common stands in test_every_channel.py."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Challenge, Envelope, Ignored, Refused, Unverified
from bot.channels.feishu.envelope import MAX_CHALLENGE, WINDOW, FeishuEnvelope
from bot.channels.feishu.pressing import button_value
from bot.channels.feishu.seal import NONCE, SIGNATURE, TIMESTAMP, Seal
from handlers.incoming import Incoming
from tests.bot.channels.channel_subject import NOW
from tests.bot.channels.feishu_subject import SECRET, TOKEN, event, sealed
from tests.bot.channels.feishu_writing import door, opened, pressed, said

VECTORS = {
    vector["name"]: vector for vector in json.loads((Path(__file__).parent / "vectors.json").read_text())["feishu"]
}
STAMP = datetime(2026, 1, 1, tzinfo=UTC)


# The platform's own bytes


def vector_door(vector: dict[str, Any], account: Any = "open_id") -> FeishuEnvelope:
    return FeishuEnvelope(
        "door",
        Seal(vector["encrypt_key"]),
        tenant_key="tk0000000000001",
        app_id="cli_a000000000000001",
        verification_token=vector["verification_token"],
        account=account,
    )


def vector_request(vector: dict[str, Any]) -> Envelope:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    return Envelope("POST", headers, {}, vector["raw_body"].encode(), STAMP, STAMP)


def test_a_message_as_the_vendors_library_seals_it() -> None:
    vector = VECTORS["im_message_receive_v1"]
    envelope = vector_door(vector, "user_id")
    envelope.bot_open_id = "ou_bot"

    assert envelope.open(vector_request(vector)) == Incoming(
        channel="door",
        tenant="tk0000000000001",
        message_id="om_0001",
        sender="u0001",
        conversation="oc_0001",
        private=False,
        addressed=True,
        text="报送 12",
        sent_at=STAMP + timedelta(milliseconds=1),
    )


def test_a_reserialised_body_is_not_what_was_signed() -> None:
    vector = VECTORS["im_message_receive_v1"]
    body = json.dumps(json.loads(vector["raw_body"]), separators=(",", ":")).encode()

    with pytest.raises(Unverified):
        vector_door(vector).open(replace(vector_request(vector), body=body))


@pytest.mark.parametrize("headers", [True, False], ids=["signed", "unsigned"])
def test_the_question_whether_we_are_there(headers: bool) -> None:
    """It carries no signature that could be relied on; our key and our token prove it."""
    vector = VECTORS["url_verification"]
    request = vector_request(vector)
    answer = vector_door(vector).open(request if headers else replace(request, headers={}))

    assert isinstance(answer, Challenge)
    assert (json.loads(answer.body), answer.content_type) == ({"challenge": "ch-0123456789"}, "application/json")


def test_a_card_that_is_not_ours_is_left_alone() -> None:
    vector = VECTORS["card_action_trigger_form"]

    assert isinstance(vector_door(vector).open(vector_request(vector)), Ignored)


def test_the_example_of_the_manual_can_be_opened() -> None:
    vector = VECTORS["official_doc_example"]
    body = json.dumps({"encrypt": vector["encrypt"]}).encode()

    assert Seal(vector["encrypt_key"]).open(body).decode() == vector["plaintext"]


def test_our_pen_writes_as_the_vendors() -> None:
    for name in ("im_message_receive_v1", "card_action_trigger_form", "url_verification"):
        vector = VECTORS[name]
        seal = Seal(vector["encrypt_key"])
        body = seal.seal(vector["plaintext"].encode(), iv=bytes.fromhex(vector["iv_hex"]))

        assert body.decode() == vector["raw_body"]
        assert seal.signature(body, timestamp="1767225600", nonce="773344") == vector["headers"]["X-Lark-Signature"]


def test_the_old_card_callback_is_not_believed() -> None:
    vector = VECTORS["legacy_card_action_v1"]
    headers = {name.lower(): value for name, value in vector["headers"].items()}

    with pytest.raises(Unverified):
        door().open(Envelope("POST", headers, {}, vector["raw_body"].encode(), STAMP, STAMP))


# Who may speak


def test_a_body_in_the_clear_is_refused_even_if_signed() -> None:
    body = json.dumps(said({"text": "报送"})).encode()
    stamp = str(int(NOW.timestamp()))
    signature = Seal(SECRET).signature(body, timestamp=stamp, nonce="n")

    with pytest.raises(Unverified):
        door().open(Envelope("POST", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, {}, body, NOW, NOW))


@pytest.mark.parametrize(
    "wrong",
    [{"token": "guessed"}, {"token": "é"}, {"app_id": "cli_another"}, {"tenant_key": "another"}],
    ids=str,
)
@pytest.mark.parametrize("kind", [said, pressed])
def test_another_token_app_or_tenant(kind: Any, wrong: dict[str, str]) -> None:
    content = kind({"text": "报送"})
    content["header"] |= wrong

    with pytest.raises(Unverified):
        opened(content)


@pytest.mark.parametrize("token", ["guessed", None, 5, ""])
def test_a_challenge_needs_our_token(token: object) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "ch", "token": token}).encode()

    for request in (sealed(body), replace(sealed(body), headers={})):
        with pytest.raises(Unverified):
            door().open(request)


def test_a_challenge_under_another_key_or_too_long() -> None:
    content = {"type": "url_verification", "challenge": "ch", "token": TOKEN}
    with pytest.raises(Unverified):
        door().open(replace(sealed(json.dumps(content).encode(), "foreign"), headers={}))

    long = json.dumps(content | {"challenge": "x" * MAX_CHALLENGE}).encode()
    with pytest.raises(Unverified):
        door().open(replace(sealed(long), headers={}))
    assert isinstance(door().open(sealed(long)), Challenge)


def test_nothing_but_a_challenge_passes_unsigned() -> None:
    with pytest.raises(Unverified):
        door().open(replace(sealed(json.dumps(said({"text": "报送"})).encode()), headers={}))


@pytest.mark.parametrize("sign", [1, -1])
def test_window_to_the_second(sign: int) -> None:
    request = sealed(json.dumps(said({"text": "报送"})).encode())

    assert isinstance(door().open(replace(request, real_now=NOW + sign * WINDOW)), Incoming)
    with pytest.raises(Unverified):
        door().open(replace(request, real_now=NOW + sign * (WINDOW + timedelta(seconds=1))))


@pytest.mark.parametrize("stamp", ["１７８５８９３４００", "-5", "1e9", "", "9" * 400, " 5"])
def test_stamps_are_ascii_digits_even_when_signed(stamp: str) -> None:
    seal, body = Seal(SECRET), Seal(SECRET).seal(b"{}")
    signature = seal.signature(body, timestamp=stamp, nonce="n")

    with pytest.raises(Unverified):
        door().open(Envelope("POST", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, {}, body, NOW, NOW))


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Seal("")


def test_bots_and_people_of_other_organisations_are_ignored() -> None:
    """A user_id is unique within its own organisation only."""
    for change in ({"sender_type": "bot"}, {"tenant_key": "another"}):
        content = said({"text": "报送"})
        content["event"]["sender"] |= change
        assert isinstance(opened(content), Ignored)

    content = pressed(button_value("确认", private=True))
    content["event"]["operator"]["tenant_key"] = "another"
    assert isinstance(opened(content), Ignored)


@pytest.mark.parametrize("told", [{}, {"user_id": ""}, {"user_id": None}], ids=str)
def test_without_the_account_that_the_roster_knows(told: dict[str, Any]) -> None:
    """The platform leaves user_id away where a permission is missing: the log has to say so."""
    content = said({"text": "报送"})
    content["event"]["sender"]["sender_id"] = {"open_id": "ou_7"} | told
    ignored = opened(content, "user_id")

    assert isinstance(ignored, Ignored)
    assert "user_id" in ignored.reason


def test_the_account_is_the_one_of_the_settings() -> None:
    assert [getattr(opened(said({"text": "报送"}), kind), "sender", "") for kind in ("open_id", "user_id")] == [
        "ou_7",
        "u7",
    ]


@pytest.mark.parametrize(
    "kind",
    ["im.chat.member.bot.added_v1", "im.message.recalled_v1", "im.chat.access_event.bot_p2p_chat_entered_v1", "x"],
)
def test_other_events_are_ignored(kind: str) -> None:
    assert isinstance(opened(event(kind, {"chat_id": "oc_7"})), Ignored)


def test_an_event_in_the_old_envelope() -> None:
    old = {"type": "event_callback", "token": TOKEN, "uuid": "u", "event": {"type": "p2p_chat_create"}}

    assert isinstance(opened(old), Ignored)
    with pytest.raises(Unverified):
        opened(old | {"token": "guessed"})


@pytest.mark.parametrize(
    "encrypt", ["", "!", "é", "QQ==", b64encode(b"x" * 16), b64encode(b"x" * 33), 5, None], ids=str
)
def test_what_is_signed_and_no_ciphertext(encrypt: Any) -> None:
    body = json.dumps({"encrypt": encrypt.decode() if isinstance(encrypt, bytes) else encrypt}).encode()
    stamp = str(int(NOW.timestamp()))
    signature = Seal(SECRET).signature(body, timestamp=stamp, nonce="n")

    with pytest.raises(Refused):
        door().open(Envelope("POST", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, {}, body, NOW, NOW))
