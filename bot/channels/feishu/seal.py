"""Feishu's seal around a callback: SHA-256 over the raw body, AES-256-CBC inside. No I/O.

Source: Feishu, Encrypt Key configuration, and "send notifications to developers' server".
"""

import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from bot.channels.body import refuse_deep
from bot.channels.channel import Malformed, Unverified

TIMESTAMP = "x-lark-request-timestamp"
NONCE = "x-lark-request-nonce"
SIGNATURE = "x-lark-signature"

_BLOCK = 16
"""Bytes, of the cipher and of its padding."""


class Seal:
    """Opens and makes callback bodies under one Encrypt Key."""

    def __init__(self, encrypt_key: str) -> None:
        """The key as the platform's console shows it; any text but an empty one."""
        if not encrypt_key:
            raise ValueError("the encrypt key is empty")
        self._encrypt_key = encrypt_key.encode()
        self._key = hashlib.sha256(self._encrypt_key).digest()

    def signature(self, body: bytes, *, timestamp: str, nonce: str) -> str:
        """What the platform writes into its signature header for exactly these bytes."""
        head = f"{timestamp}{nonce}".encode(errors="replace")
        return hashlib.sha256(head + self._encrypt_key + body).hexdigest()

    def vouches_for(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether `headers` (names in lower case) bear the signature of `body`, at whatever time it was made."""
        timestamp, nonce, signature = (headers.get(name, "") for name in (TIMESTAMP, NONCE, SIGNATURE))
        expected = self.signature(body, timestamp=timestamp, nonce=nonce)
        return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))

    def open(self, body: bytes) -> bytes:
        """The content of a body. Raises Unverified for one in the clear, Malformed for one that cannot be opened."""
        refuse_deep(body)
        try:
            outer = json.loads(body)
        except (ValueError, RecursionError):
            raise Malformed("not JSON") from None
        encrypt = outer.get("encrypt") if isinstance(outer, dict) else None
        if not isinstance(encrypt, str):
            raise Unverified("not encrypted")
        return self._decrypted(encrypt)

    def seal(self, content: bytes, *, iv: bytes | None = None) -> bytes:
        """The inverse of open; `iv` is for repeating a known body and nothing else."""
        start = iv or os.urandom(_BLOCK)
        padder = PKCS7(_BLOCK * 8).padder()
        padded = padder.update(content) + padder.finalize()
        cipher = Cipher(AES256(self._key), CBC(start)).encryptor()
        encrypt = b64encode(start + cipher.update(padded) + cipher.finalize()).decode()
        return json.dumps({"encrypt": encrypt}).encode()

    def _decrypted(self, encrypt: str) -> bytes:
        try:
            sealed = b64decode(encrypt, validate=True)
        except (NotBase64, ValueError):
            raise Malformed("not base64") from None
        if len(sealed) < 2 * _BLOCK or len(sealed) % _BLOCK:
            raise Malformed("not whole blocks")
        cipher = Cipher(AES256(self._key), CBC(sealed[:_BLOCK])).decryptor()
        padded = cipher.update(sealed[_BLOCK:]) + cipher.finalize()
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        try:
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise Malformed("the padding is broken") from None
