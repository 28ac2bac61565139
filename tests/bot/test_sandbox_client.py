"""What the client makes of each answer, and of none; against a real HTTP server on this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, SendError, Sent
from bot.channels.sandbox import client as client_module
from bot.channels.sandbox.client import MAX_BYTES, SandboxClient
from bot.channels.sandbox.envelope import Signer
from bot.clock import WoundClock

SIGNER = Signer("an office's own secret")
DOMAIN = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
REAL = datetime(2031, 1, 1, tzinfo=UTC)
CARD = Card("提醒：7月月报明日截止", buttons=(Button("现在报送", "报送 7月"),))
OUTGOING = Outgoing(key="k-1", recipient="u-7", to_group=False, card=CARD)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Deliver = Callable[[Answer], Awaitable[Sent]]


def deliverer(api_base: str, session: aiohttp.ClientSession) -> SandboxClient:
    return SandboxClient(api_base, SIGNER, session, WoundClock(DOMAIN), WoundClock(REAL))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def deliver(session: aiohttp.ClientSession) -> AsyncIterator[Deliver]:
    """Deliver OUTGOING to a platform that answers as told."""
    servers: list[TestServer] = []

    async def to(answer: Answer) -> Sent:
        app = web.Application()
        app.router.add_post("/api/messages", answer)
        servers.append(TestServer(app))
        await servers[-1].start_server()
        return await deliverer(str(servers[-1].make_url("/api")), session).deliver(OUTGOING)

    yield to
    for server in servers:
        await server.close()


def answering(status: int, body: str = "", **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


async def test_what_is_posted(deliver: Deliver) -> None:
    """A signed JSON body with the key, whom it is for, and the card; dated by the domain's clock when accepted."""
    seen: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        SIGNER.verify(body, {name.lower(): value for name, value in request.headers.items()}, real_now=REAL)
        seen.append(json.loads(body))
        return web.json_response({"message_id": "p-1"})

    assert await deliver(answer) == Sent("p-1", DOMAIN)
    assert [{k: seen[0][k] for k in ("key", "recipient", "to_group")}] == [
        {"key": "k-1", "recipient": "u-7", "to_group": False}
    ]
    assert seen[0]["card"]["text"] == CARD.text()
    assert seen[0]["card"]["buttons"] == [{"label": "现在报送", "command": "报送 7月", "style": "plain"}]


@pytest.mark.parametrize("said", ["", "not json", "[]", '{"message_id": 5}', "[" * 5000, "x" * 200_000], ids=len)
async def test_an_odd_acceptance_is_an_acceptance(deliver: Deliver, said: str) -> None:
    assert await deliver(answering(200, said)) == Sent("", DOMAIN)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        *((status, True) for status in (301, 307, 400, 401, 404, 413)),
        *((status, False) for status in (408, 425, 429, 500, 502, 503, 504)),
    ],
)
async def test_refusals(deliver: Deliver, status: int, permanent: bool) -> None:
    with pytest.raises(SendError) as error:
        await deliver(answering(status, location="/api/messages"))

    assert (error.value.permanent, error.value.unknown, error.value.retry_after) == (permanent, False, None)


@pytest.mark.parametrize(
    ("status", "wait", "expected"),
    [
        (429, "7", 7.0),
        (503, "0", 0.0),
        (503, "Fri, 01 Jan 2100 00:00:00 GMT", None),
        (429, "-1", None),
        (429, "9" * 40, None),
        (404, "7", None),
    ],
)
async def test_retry_after(deliver: Deliver, status: int, wait: str, expected: float | None) -> None:
    with pytest.raises(SendError) as error:
        await deliver(answering(status, retry_after=wait))

    assert error.value.retry_after == expected


async def test_nobody_listens(session: aiohttp.ClientSession) -> None:
    """Nothing was sent, so nothing can have arrived."""
    with pytest.raises(SendError) as error:
        await deliverer(f"http://127.0.0.1:{unused_port()}", session).deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown) == (False, False)


async def test_connection_breaks_before_the_answer(deliver: Deliver) -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(SendError) as error:
        await deliver(answer)

    assert (error.value.permanent, error.value.unknown) == (False, True)


async def test_connection_breaks_within_the_answer(deliver: Deliver) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-length": "100"})
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport is not None
        request.transport.close()
        return response

    with pytest.raises(SendError) as error:
        await deliver(answer)

    assert error.value.unknown


async def test_no_answer_in_time(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_TIMEOUT", aiohttp.ClientTimeout(total=0.2, connect=5))
    never = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    with pytest.raises(SendError) as error:
        await deliver(answer)
    never.set()

    assert error.value.unknown


async def test_too_large_a_card_is_never_sent(session: aiohttp.ClientSession) -> None:
    large = Outgoing("k-2", "u-7", to_group=False, card=Card("长", lines=("字" * MAX_BYTES,)))

    with pytest.raises(SendError) as error:
        await deliverer(f"http://127.0.0.1:{unused_port()}", session).deliver(large)

    assert error.value.permanent
