"""The AES envelope against the vendors' own tools: vectors.json says with which each vector was made."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.channel import Malformed, Unverified
from bot.channels.sealed import Seal

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
WECOM: list[dict[str, Any]] = VECTORS["wecom"]
DINGTALK = [
    {
        **vector,
        "encoding_aes_key": vector["aes_key"],
        "receive_id": vector["owner_key"],
        "timestamp": vector["timeStamp"],
    }
    for vector in VECTORS["dingtalk"]
    if "owner_key" in vector
]
ALL = [*WECOM, *DINGTALK]
REPEATABLE = [vector for vector in ALL if "random16" in vector]
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SEAL = Seal("qK9vTestTok3n", KEY, ("ww0123456789abcdef",))


def name(vector: dict[str, Any]) -> str:
    return vector["name"]


def seal_of(vector: dict[str, Any], **changes: str) -> Seal:
    given = {**vector, **changes}
    return Seal(given["token"], given["encoding_aes_key"], (given["receive_id"],))


def opened(seal: Seal, vector: dict[str, Any], **changes: str) -> bytes:
    given = {**vector, **changes}
    return seal.open(
        given["encrypt"], signature=given["msg_signature"], timestamp=given["timestamp"], nonce=given["nonce"]
    )


def test_there_are_vectors_of_both_platforms() -> None:
    assert (len(WECOM), len(DINGTALK), len(REPEATABLE)) == (8, 3, 9)


@pytest.mark.parametrize("vector", ALL, ids=name)
def test_opening(vector: dict[str, Any]) -> None:
    assert opened(seal_of(vector), vector).decode() == vector["plaintext"]


@pytest.mark.parametrize("vector", REPEATABLE, ids=name)
def test_sealing(vector: dict[str, Any]) -> None:
    """With its random part each envelope comes out the same, to the byte. One tool breaks its base64 into lines and
    signs the breaks too; they make no other ciphertext.
    """
    sealed = seal_of(vector).seal(
        vector["plaintext"].encode(),
        timestamp=vector["timestamp"],
        nonce=vector["nonce"],
        random16=vector["random16"].encode(),
    )

    assert sealed.encrypt == vector["encrypt"].replace("\n", "")
    if "\n" not in vector["encrypt"]:
        assert sealed.signature == vector["msg_signature"]


@pytest.mark.parametrize("vector", ALL, ids=name)
def test_what_is_not_signed_for_us(vector: dict[str, Any]) -> None:
    for change in (
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"msg_signature": "签" * 40},
        {"msg_signature": vector["msg_signature"].upper()},
        {"timestamp": vector["timestamp"] + "0"},
        {"nonce": ""},
    ):
        with pytest.raises(Unverified):
            opened(seal_of(vector), vector, **change)
    with pytest.raises(Unverified):
        opened(seal_of(vector, token="another"), vector)


@pytest.mark.parametrize("vector", ALL, ids=name)
def test_what_is_meant_for_somebody_else(vector: dict[str, Any]) -> None:
    for receive_id in ("ww-somebody-else", vector["receive_id"] + "x", vector["receive_id"][:-1] or "x"):
        with pytest.raises(Unverified):
            opened(seal_of(vector, receive_id=receive_id), vector)


def test_one_of_several_receivers_is_enough() -> None:
    vector = WECOM[0]
    seal = Seal(vector["token"], vector["encoding_aes_key"], ("another", vector["receive_id"]))

    assert opened(seal, vector).decode() == vector["plaintext"]


@pytest.mark.parametrize("vector", ALL, ids=name)
def test_every_flipped_byte(vector: dict[str, Any]) -> None:
    seal = seal_of(vector)
    for part in ("encrypt", "msg_signature", "timestamp", "nonce"):
        for place, character in enumerate(vector[part]):
            changed = vector[part][:place] + chr(ord(character) ^ 1) + vector[part][place + 1 :]
            with pytest.raises(Unverified):
                opened(seal, vector, **{part: changed})


@pytest.mark.parametrize("vector", WECOM, ids=name)
def test_another_key(vector: dict[str, Any]) -> None:
    """Whoever has our token and another key is not understood; the padding or the receiver gives it away."""
    with pytest.raises((Malformed, Unverified)):
        opened(seal_of(vector, encoding_aes_key="Z" + vector["encoding_aes_key"][1:]), vector)


@pytest.mark.parametrize(
    "encrypt",
    ["", "A", "AAAA", "====", "密文", "A" * 43 + "=", "\0", "\ud800", "AAAA" * 11],
    ids=repr,
)
def test_signed_but_no_ciphertext(encrypt: str) -> None:
    signature = SEAL.signature(encrypt, timestamp="1", nonce="n")

    with pytest.raises((Malformed, Unverified)):
        SEAL.open(encrypt, signature=signature, timestamp="1", nonce="n")


@pytest.mark.parametrize("length", [0, 1, 11, 12, 31, 32, 33, 255])
def test_padding_of_another_length(length: int) -> None:
    """Padding bytes say how many they are, from 1 to 32, all alike; anything else is refused."""
    sealed = SEAL.seal(b"x" * length, timestamp="1", nonce="n")
    # A bit changed in the last block but one changes the same bit of the last one, here in the last padding byte.
    raw = bytearray(b64decode(sealed.encrypt))
    raw[-17] ^= 0x80
    encrypt = b64encode(raw).decode()
    with pytest.raises(Malformed):
        SEAL.open(encrypt, signature=SEAL.signature(encrypt, timestamp="1", nonce="n"), timestamp="1", nonce="n")


@settings(max_examples=150, deadline=None)
@given(
    message=st.binary(max_size=200),
    stamp=st.text(max_size=12),
    nonce=st.text(max_size=12),
    receiver=st.text(st.characters(codec="ascii"), max_size=40),
)
def test_opening_undoes_sealing(message: bytes, stamp: str, nonce: str, receiver: str) -> None:
    seal = Seal("token", KEY, (receiver,))
    sealed = seal.seal(message, timestamp=stamp, nonce=nonce)

    assert seal.open(sealed.encrypt, signature=sealed.signature, timestamp=stamp, nonce=nonce) == message


def test_no_two_envelopes_are_alike() -> None:
    first, again = (SEAL.seal(b"x", timestamp="1", nonce="n") for _ in range(2))

    assert first.encrypt != again.encrypt
