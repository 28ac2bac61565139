"""Posts cards to the sandbox's messenger; the only file of this channel that touches the network."""

import json
import secrets
from base64 import b64encode
from http import HTTPStatus

import aiohttp

from bot.channels.calling import ANSWER_LOST, NOT_CONNECTED
from bot.channels.channel import Outgoing, SendError, Sent
from bot.channels.sandbox.cards import render
from bot.channels.sandbox.envelope import Signer
from bot.clock import Clock

MAX_BYTES = 60_000
"""Of one payload without its picture, in UTF-8; more is refused here rather than cut."""
MAX_PICTURE_BYTES = 500_000
"""Of one picture; in base64 and beside the largest payload it still stays below the megabyte that a server takes."""

_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
_MAX_ANSWER = 16 * 1024
_NOT_NOW = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


class SandboxClient:
    """Delivers cards to `<api_base>/messages`, one attempt each."""

    def __init__(
        self, api_base: str, signer: Signer, session: aiohttp.ClientSession, clock: Clock, real_clock: Clock
    ) -> None:
        """`clock` dates deliveries, `real_clock` signatures. The session stays the caller's to close."""
        self._address = f"{api_base.rstrip('/')}/messages"
        self._signer = signer
        self._session = session
        self._clock = clock
        self._real_clock = real_clock

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Post one card. Raises SendError; `unknown` when the request may have arrived and no answer came back."""
        body = _payload(outgoing)
        headers = self._signer.sign(body, nonce=secrets.token_hex(16), real_now=self._real_clock.now())
        try:
            async with self._session.post(
                self._address,
                data=body,
                headers={**headers, "content-type": "application/json"},
                timeout=_TIMEOUT,
                allow_redirects=False,
            ) as answer:
                _raise_for_status(answer)
                said = await _read(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendError(NOT_CONNECTED, silent=True) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendError(ANSWER_LOST, unknown=True, silent=True) from error
        return Sent(_message_id(said), self._clock.now())


def _payload(outgoing: Outgoing) -> bytes:
    message = {
        "key": outgoing.key,
        "recipient": outgoing.recipient,
        "to_group": outgoing.to_group,
        "card": render(outgoing.card),
    }
    body = json.dumps(message, ensure_ascii=False).encode()
    if len(body) > MAX_BYTES:
        raise SendError("内容超过平台允许的长度", permanent=True)
    picture = outgoing.picture
    if picture is None or len(picture.png) > MAX_PICTURE_BYTES:
        return body
    shown = {"png": b64encode(picture.png).decode(), "alternative": picture.alternative}
    return json.dumps({**message, "picture": shown}, ensure_ascii=False).encode()


def _raise_for_status(answer: aiohttp.ClientResponse) -> None:
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    again = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _NOT_NOW
    wait = answer.headers.get("retry-after", "")
    raise SendError(
        "平台查无此账号" if answer.status == HTTPStatus.NOT_FOUND else f"平台未收下（{answer.status}）",
        permanent=not again,
        silent=again,
        retry_after=float(wait) if again and wait.isascii() and wait.isdigit() and len(wait) <= 6 else None,
    )


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    said = b""
    async for part in answer.content.iter_chunked(_MAX_ANSWER):
        said += part
        if len(said) > _MAX_ANSWER:
            break
    return said


def _message_id(said: bytes) -> str:
    """The platform's id in its answer; empty where there is none, since the delivery itself is not in doubt."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return ""
    message_id = found.get("message_id") if isinstance(found, dict) else None
    return message_id if isinstance(message_id, str) else ""
