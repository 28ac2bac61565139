"""The sandbox's sealed envelope, both ways: a JSON body under an HMAC over time, nonce and the raw bytes. No I/O."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.channels.body import refuse_deep, storable
from bot.channels.channel import Envelope, Ignored, Malformed, Unverified
from handlers.incoming import Incoming

TIMESTAMP = "x-duban-timestamp"
NONCE = "x-duban-nonce"
SIGNATURE = "x-duban-signature"

WINDOW = timedelta(minutes=5)
"""How far the signature's stamp may lie from the real clock, either way. A resend is signed afresh."""


class Signer:
    """Signs and verifies bytes with the secret that both sides know."""

    def __init__(self, secret: str) -> None:
        """Raises ValueError for an empty secret: everybody knows that one."""
        if not secret:
            raise ValueError("the secret is empty")
        self._secret = secret.encode()

    def sign(self, body: bytes, *, nonce: str, real_now: datetime) -> dict[str, str]:
        """The three headers that vouch for `body`."""
        stamp = str(int(real_now.timestamp()))
        return {TIMESTAMP: stamp, NONCE: nonce, SIGNATURE: self._signature(stamp, nonce, body)}

    def verify(self, body: bytes, headers: Mapping[str, str], *, real_now: datetime) -> None:
        """Raise Unverified unless `headers` (names in lower case) vouch for `body`, now."""
        stamp, nonce, signature = (headers.get(name, "") for name in (TIMESTAMP, NONCE, SIGNATURE))
        expected = self._signature(stamp, nonce, body)
        if not hmac.compare_digest(expected.encode(), signature.encode(errors="replace")):
            raise Unverified("the signature does not fit")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
            raise Unverified("the stamp is not a number of seconds")
        if abs(real_now.timestamp() - int(stamp)) > WINDOW.total_seconds():
            raise Unverified("the signature is stale")

    def _signature(self, stamp: str, nonce: str, body: bytes) -> str:
        head = f"{stamp}\n{nonce}\n".encode(errors="replace")
        return hmac.new(self._secret, head + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Sealed:
    """A signed request, ready to be posted."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class SandboxEnvelope:
    """Seals and opens the messages of one tenant for one channel."""

    channel: str
    tenant: str
    signer: Signer

    def seal(self, message: Incoming, *, nonce: str, real_now: datetime, from_bot: bool = False) -> Sealed:
        """The inverse of open; the pretend messenger and the tests use it."""
        body = _Message(
            tenant=message.tenant,
            id=message.message_id,
            sender=message.sender,
            conversation=message.conversation,
            private=message.private,
            addressed=message.addressed,
            from_bot=from_bot,
            text=message.text,
            sent_at=message.sent_at,
            attachments=message.attachments,
        ).model_dump_json()
        return Sealed(self.signer.sign(body.encode(), nonce=nonce, real_now=real_now), body.encode())

    def open(self, request: Envelope) -> Incoming | Ignored:
        """Verify, then read. The message's own time is handed on as it is: how old it may be depends on whether its
        id is known, which intake knows (decisions 9). Raises Unverified or Malformed.
        """
        if request.method != "POST":
            raise Unverified("not posted")
        self.signer.verify(request.body, request.headers, real_now=request.real_now)
        refuse_deep(request.body)
        try:
            message = _Message.model_validate_json(request.body)
        except ValidationError as error:
            raise Malformed(f"{error.error_count()} fields do not fit") from None
        if message.tenant != self.tenant:
            raise Unverified("another tenant")
        if message.from_bot:
            return Ignored("sent by a bot")
        return Incoming(
            channel=self.channel,
            tenant=message.tenant,
            message_id=message.id,
            sender=message.sender,
            conversation=message.conversation,
            private=message.private,
            addressed=message.addressed,
            text=message.text,
            sent_at=message.sent_at,
            attachments=message.attachments,
        )


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("unprintable")
    return name


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


Id = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_printable)]
Words = Annotated[str, AfterValidator(storable)]


class _Message(BaseModel):
    """The body's fields; unknown ones are tolerated, as platforms add some now and then."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    tenant: Id
    id: Id
    sender: Id
    conversation: Id
    private: bool
    addressed: bool
    text: Words
    sent_at: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    from_bot: bool = False
    attachments: tuple[Words, ...] = ()
