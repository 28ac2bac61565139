"""What every channel needs to fetch a file: one request, no redirects, the body in small parts, a total time.

How much is taken is the taker's business: whatever `take` raises ends the download.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol, runtime_checkable

import aiohttp
from yarl import URL

from bot.channels.calling import NOT_CONNECTED, Answer

TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5, sock_read=15)
_PART = 64 * 1024
_LONGEST_WORD = 64 * 1024
"""Bytes of an answer that says why there is no file."""

Take = Callable[[bytes], None]
"""Takes the next part of the file."""


class NotFetched(Exception):
    """There is no file, for now. The reason is a Chinese phrase for the office, without a name or a secret."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class GoneThere(NotFetched):
    """The platform does not have the file any more, or never had it."""


class Withheld(NotFetched):
    """The platform never gives this file to us."""


class TooLargeThere(NotFetched):
    """The platform gives out no file of this size."""


@runtime_checkable
class FileSource(Protocol):
    """A channel whose platform hands over what people send."""

    @property
    def file_life(self) -> timedelta:
        """For how long after it was sent a file is worth asking for."""

    async def fetch(self, key: str, kind: str, take: Take) -> None:
        """Hand a file to `take`, part by part, in one attempt. Raises NotFetched, and whatever `take` raises."""


@asynccontextmanager
async def download(
    session: aiohttp.ClientSession,
    address: str | URL,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Ask for a file, unpacked by nobody on the way. Raises NotFetched where the platform cannot be reached."""
    try:
        async with session.get(
            address,
            params=params,
            headers={**(headers or {}), "accept-encoding": "identity"},
            timeout=TIMEOUT,
            allow_redirects=False,
        ) as answer:
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise NotFetched("平台的回音无法辨认")
            yield answer
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotFetched(NOT_CONNECTED) from error


async def hand_on(answer: aiohttp.ClientResponse, take: Take) -> None:
    """The whole body, part by part. Raises NotFetched where it breaks off."""
    if answer.status != HTTPStatus.OK:
        raise NotFetched(f"平台未给出文件（{answer.status}）")
    async for part in answer.content.iter_chunked(_PART):
        take(part)


async def said_instead(answer: aiohttp.ClientResponse) -> Answer:
    """What an answer without a file says, as JSON; an answer that is too long says nothing."""
    said = await answer.content.read(_LONGEST_WORD)
    found: Any = None
    if answer.content.at_eof():
        try:
            found = json.loads(said)
        except (ValueError, RecursionError):
            found = None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status, headers, found if isinstance(found, dict) else {})


def is_json(answer: aiohttp.ClientResponse) -> bool:
    """Whether the body is a saying of the platform and no file."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in {"application/json", "text/json"} or (
        kind == "text/plain" and "content-disposition" not in answer.headers
    )
