"""The AES envelope that WeCom's callbacks and DingTalk's event subscription share. No I/O.

Source: WeCom pages 90968 and 90930; DingTalk "callback event message body encryption and decryption".
"""

import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Collection
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from bot.channels.channel import Malformed, Unverified

_BLOCK_BITS = 256
"""The padding fills blocks of 32 bytes, not of AES's 16."""
_RANDOM = 16
_LENGTH = 4


_ECHO = re.compile(rb"[0-9A-Za-z_-]{1,64}")


def echoed(word: bytes) -> str:
    """What a platform asks to hear again when it checks our address. Raises Unverified for anything longer.

    A captured message, sent again as such a question, must not be answered with what is in it.
    """
    if _ECHO.fullmatch(word) is None:
        raise Unverified("not a word to be echoed")
    return word.decode()


@dataclass(frozen=True)
class Sealed:
    """A ciphertext in base64 and the signature over it."""

    encrypt: str
    signature: str


class Seal:
    """Opens and makes envelopes under one token and one EncodingAESKey."""

    def __init__(self, token: str, encoding_aes_key: str, receive_ids: Collection[str]) -> None:
        """`receive_ids`: whom an envelope may be meant for; the first is written into those that we make."""
        self._token = token
        self._key = b64decode(encoding_aes_key + "=")
        self._receive_ids = tuple(name.encode() for name in receive_ids)

    def open(self, encrypt: str, *, signature: str, timestamp: str, nonce: str) -> bytes:
        """The message inside. Raises Unverified for what was not made with our keys for us, Malformed otherwise."""
        expected = self.signature(encrypt, timestamp=timestamp, nonce=nonce)
        if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
            raise Unverified("the signature does not fit")
        plain = self.decrypted(encrypt)
        start = _RANDOM + _LENGTH
        end = start + int.from_bytes(plain[_RANDOM:start])
        if len(plain) < start or end > len(plain):
            raise Malformed("the length inside leads outside")
        if not any(hmac.compare_digest(plain[end:], ours) for ours in self._receive_ids):
            raise Unverified("meant for somebody else")
        return plain[start:end]

    def seal(self, message: bytes, *, timestamp: str, nonce: str, random16: bytes | None = None) -> Sealed:
        """The inverse of open; `random16` is for repeating a known envelope and nothing else."""
        head = (random16 or os.urandom(_RANDOM)) + len(message).to_bytes(_LENGTH)
        encrypt = b64encode(self.covered(head + message + self._receive_ids[0])).decode()
        return Sealed(encrypt, self.signature(encrypt, timestamp=timestamp, nonce=nonce))

    def signature(self, encrypt: str, *, timestamp: str, nonce: str) -> str:
        """SHA-1 in hex over the four parts in order of their characters."""
        parts = sorted([self._token, timestamp, nonce, encrypt])
        return hashlib.sha1("".join(parts).encode(errors="replace"), usedforsecurity=False).hexdigest()

    def decrypted(self, encrypt: str) -> bytes:
        """The bytes under the cipher without their padding. Raises Malformed.

        DingTalk's own Python example breaks its base64 into lines and signs the breaks too: they mean nothing.
        """
        try:
            ciphertext = b64decode(encrypt.replace("\n", ""), validate=True)
        except (NotBase64, ValueError):
            raise Malformed("not base64") from None
        return self.uncovered(ciphertext)

    def uncovered(self, ciphertext: bytes) -> bytes:
        """The bytes under the cipher without their padding, as files of 智能机器人 come too. Raises Malformed."""
        if not ciphertext or len(ciphertext) % (_BLOCK_BITS // 8):
            raise Malformed("not whole blocks")
        cipher = self._cipher().decryptor()
        padded = cipher.update(ciphertext) + cipher.finalize()
        unpadder = PKCS7(_BLOCK_BITS).unpadder()
        try:
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise Malformed("the padding is broken") from None

    def covered(self, plain: bytes) -> bytes:
        """The inverse of uncovered."""
        padder = PKCS7(_BLOCK_BITS).padder()
        cipher = self._cipher().encryptor()
        return cipher.update(padder.update(plain) + padder.finalize()) + cipher.finalize()

    def _cipher(self) -> Cipher[CBC]:
        return Cipher(AES256(self._key), CBC(self._key[:16]))
