"""One call to a platform's API: no redirects, an answer of limited size, and every failure as a SendError.

What the codes in an answer mean is each platform's own business; here is only what HTTP itself can say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.channels.channel import SendError

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=300, connect=5)
"""A file may have to go through a narrow line; no letter waits for it so long, see schedules.attempts."""
MAX_ANSWER = 256 * 1024
"""Bytes; what is longer is not read to its end and counts as no answer in JSON."""

_FROM_BEHIND = (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)

NOT_CONNECTED = "平台连接不上"
ANSWER_LOST = "平台未回音，可能已送达"


@dataclass(frozen=True)
class Answer:
    """What came back. `data` is empty where the body was no JSON object, as gateways answer in HTML now and then."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""
    data: Mapping[str, Any] = field(repr=False)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the answer's Retry-After asks for; None without one."""
        return seconds(self.headers.get("retry-after", ""))


def seconds(text: str) -> float | None:
    """A header's number of seconds; None for anything else."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


class Caller:
    """Calls the API at one base address."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        """The session stays the caller's to close."""
        self.base = base.rstrip("/")
        self._session = session

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        form: aiohttp.FormData | None = None,
        timeout: aiohttp.ClientTimeout = TIMEOUT,  # noqa: ASYNC109 - aiohttp's own, of several parts
    ) -> Answer:
        """Make one call: `body` goes as JSON, `form` as multipart.

        Raises SendError: plain where nothing can have arrived, `unknown` where the answer was lost.
        Whatever status came back is the caller's to judge, but for a 5xx of a gateway, see `refuse_status`.
        """
        try:
            async with self._session.request(
                method,
                f"{self.base}{path}",
                params=params,
                headers={**(headers or {}), **({"content-type": "application/json"} if form is None else {})},
                data=form if form is not None else _encoded(body),
                timeout=timeout,
                allow_redirects=False,
            ) as answer:
                said = await _read(answer)
                return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, _object(said))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendError(NOT_CONNECTED, silent=True) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendError(ANSWER_LOST, unknown=True, silent=True) from error


def refuse_status(answer: Answer) -> None:
    """Raise SendError for a status that no code in the body explains."""
    if answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if answer.status in _FROM_BEHIND:
        # A gateway speaks: what stands behind it may have taken the message all the same.
        raise SendError(ANSWER_LOST, unknown=True, silent=True)
    throttled = answer.status == HTTPStatus.TOO_MANY_REQUESTS
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or throttled:
        raise SendError(f"平台暂不可用（{answer.status}）", silent=True, retry_after=answer.retry_after)
    raise SendError(f"平台拒收（{answer.status}）", permanent=True)


def _encoded(body: object) -> bytes | None:
    return None if body is None else json.dumps(body, ensure_ascii=False).encode()


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    said = b""
    async for part in answer.content.iter_chunked(16 * 1024):
        said += part
        if len(said) > MAX_ANSWER:
            return b""
    return said


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
