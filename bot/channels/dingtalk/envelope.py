"""DingTalk's HTTP callbacks: the robot's messages under a signed stamp, and subscribed events under AES. No I/O.

The signature of a robot message covers its stamp and not its body: whoever holds one pair of headers could write bodies
for an hour (T3). So what is opened bears the digests of both, and proves one body only (decision 0016). Stream has no
such gap.

Sources: DingTalk "robot-receive-message"; "callback-event-message-body-encryption-and-decryption".
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channel_settings import DingtalkSettings
from bot.channels.body import refuse_deep
from bot.channels.channel import Acknowledgement, Envelope, Ignored, Malformed, Unverified
from bot.channels.dingtalk.messages import RobotMessages
from bot.channels.sealed import Seal
from handlers.incoming import Incoming, Signature

TIMESTAMP = "timestamp"
SIGN = "sign"
WINDOW = timedelta(hours=1)
"""How far the signature's stamp may lie from the real clock, either way."""

_TAKEN = b"success"


def signed(secret: str, timestamp: str) -> str:
    """The signature over a stamp in milliseconds, in base64: of callbacks, and of sends to a group's own robot."""
    message = f"{timestamp}\n{secret}".encode(errors="replace")
    return b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class RobotCallbacks:
    """Opens robot messages that came over HTTP."""

    def __init__(self, app_secret: str, messages: RobotMessages) -> None:
        """`app_secret` is the app's Client Secret."""
        self._secret = app_secret
        self._messages = messages

    def open(self, request: Envelope) -> Incoming | Ignored:
        """Verify, then read. Raises Unverified or Malformed."""
        pair = self._verified(request.headers, request.real_now)
        signature = Signature(_digest(pair), _digest(request.body))
        return replace(self._messages.read(request.body), signature=signature)

    def _verified(self, headers: Mapping[str, str], real_now: datetime) -> bytes:
        """The pair of stamp and signature, as nobody can write it in another way. Raises Unverified."""
        timestamp, sign = headers.get(TIMESTAMP, ""), headers.get(SIGN, "")
        expected = signed(self._secret, timestamp)
        if not hmac.compare_digest(expected.encode(), sign.encode(errors="replace")):
            raise Unverified("the signature does not fit")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
            raise Unverified("the stamp is not a number of milliseconds")
        if abs(real_now.timestamp() * 1000 - int(timestamp)) > WINDOW.total_seconds() * 1000:
            raise Unverified("the signature is stale")
        return f"{timestamp}\n{sign}".encode()


class EventSubscription:
    """Opens and acknowledges subscribed events that came over HTTP; none of them is acted upon."""

    def __init__(self, token: str, aes_key: str, owners: tuple[str, ...]) -> None:
        """`owners`: the ids under which the platform may seal for us; its papers name the app's and the corp's."""
        self._token = token
        self._seals = tuple(Seal(token, aes_key, [owner]) for owner in owners)

    @staticmethod
    def concerns(request: Envelope) -> bool:
        """Whether the request is an event rather than a robot message."""
        return "signature" in request.query or "msg_signature" in request.query

    def open(self, request: Envelope) -> Ignored:
        """Verify and name the event. Raises Unverified or Malformed."""
        _, content = self._opened(request)
        refuse_deep(content)
        try:
            event = _Event.model_validate_json(content)
        except ValidationError:
            raise Malformed("not an event") from None
        return Ignored("the address is checked" if event.kind == "check_url" else "an event")

    def acknowledge(self, request: Envelope) -> Acknowledgement:
        """`success` under the seal that the request came in; the same for the same request."""
        seal, _ = self._opened(request)
        timestamp, nonce = str(int(request.real_now.timestamp() * 1000)), request.query.get("nonce", "")
        random16 = hmac.new(self._token.encode(), request.body + timestamp.encode(), hashlib.sha256).digest()[:16]
        taken = seal.seal(_TAKEN, timestamp=timestamp, nonce=nonce, random16=random16)
        answer = {
            "msg_signature": taken.signature,
            "timeStamp": timestamp,
            "nonce": nonce,
            "encrypt": taken.encrypt,
        }
        return Acknowledgement(json.dumps(answer))

    def _opened(self, request: Envelope) -> tuple[Seal, bytes]:
        """The seal that fits, and the content under it."""
        encrypt, query = _encrypt(request.body), request.query
        signature = query.get("msg_signature") or query.get("signature", "")
        timestamp = query.get("timestamp") or query.get("timeStamp", "")
        refusal = Unverified("no seal fits")
        for seal in self._seals:
            try:
                return seal, seal.open(encrypt, signature=signature, timestamp=timestamp, nonce=query.get("nonce", ""))
            except Unverified as error:
                refusal = error
        raise refusal


class DingtalkEnvelope:
    """Opens and acknowledges whatever the platform posts to one channel's address."""

    def __init__(self, settings: DingtalkSettings, messages: RobotMessages) -> None:
        """Robot messages are taken over HTTP only if the settings say so: what comes by Stream needs no open door."""
        secret = settings.app_secret.get_secret_value()
        self._robot = RobotCallbacks(secret, messages) if settings.mode == "http" else None
        self._events: EventSubscription | None = None
        if settings.event_token and settings.event_aes_key:
            self._events = EventSubscription(
                settings.event_token.get_secret_value(),
                settings.event_aes_key.get_secret_value(),
                (settings.app_key, settings.corp_id),
            )

    def open(self, request: Envelope) -> Incoming | Ignored:
        """Verify and read one callback. Raises Unverified or Malformed."""
        if request.method != "POST":
            raise Unverified("not posted")
        if self._events and self._events.concerns(request):
            return self._events.open(request)
        if self._robot is None:
            raise Unverified("robot messages come by stream here")
        return self._robot.open(request)

    def acknowledge(self, request: Envelope) -> Acknowledgement:
        """What the platform wants to read; meant for requests that `open` has taken."""
        if self._events and self._events.concerns(request):
            return self._events.acknowledge(request)
        return Acknowledgement()


class _Wrapping(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    encrypt: str


class _Event(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    kind: str = Field(alias="EventType")


def _encrypt(body: bytes) -> str:
    """The ciphertext; a body without one proves nothing. It is hashed exactly as it stands in the field."""
    try:
        refuse_deep(body)
        return _Wrapping.model_validate_json(body).encrypt
    except (Malformed, ValidationError):
        raise Unverified("nothing sealed in it") from None
