"""The front door by real HTTP: which answer each callback gets, and that none comes before the message is kept."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import incoming as incoming_module
from bot.channels.body import MAX_BODY
from bot.channels.channel import (
    Acknowledgement,
    Capabilities,
    Challenge,
    Envelope,
    Ignored,
    Malformed,
    Opened,
    Outgoing,
    Sent,
    Unverified,
)
from bot.clock import WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from handlers.incoming import Incoming

DOMAIN = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
REAL = datetime(2031, 1, 1, tzinfo=UTC)
MESSAGE = Incoming("door", "county", "m-1", "u-7", "c-7", True, True, "我的任务", DOMAIN)
SECRET_TEXT = "sentinel-text"


class StubChannel:
    """Opens every envelope to what the test laid out."""

    name = "door"
    kind = "stub"
    capabilities = Capabilities()

    def __init__(self) -> None:
        self.outcome: Opened | Exception = MESSAGE
        self.acknowledgement = Acknowledgement()
        self.seen: list[Envelope] = []

    def open(self, request: Envelope) -> Opened:
        self.seen.append(request)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def acknowledge(self, request: Envelope, /) -> Acknowledgement:
        assert request in self.seen
        return self.acknowledgement

    async def send(self, outgoing: Outgoing) -> Sent:
        raise NotImplementedError


@dataclass
class House:
    channel: StubChannel
    client: TestClient[web.Request, web.Application]
    metrics: Metrics
    kept: list[tuple[Incoming, datetime]] = field(default_factory=list)
    intake: Callable[[], Awaitable[None]] | None = None

    async def post(self, body: bytes = b"{}", **more: Any) -> aiohttp.ClientResponse:
        return await self.client.post("/webhooks/door", data=body, **more)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    channel, metrics, app = StubChannel(), Metrics(), web.Application()

    async def intake(message: Incoming, received_at: datetime) -> None:
        if the_house.intake:
            await the_house.intake()
        the_house.kept.append((message, received_at))

    clocks = {"clock": WoundClock(DOMAIN), "real_clock": WoundClock(REAL)}
    FrontDoor({"door": channel}, intake, metrics=metrics, max_waiting=2, **clocks).mount(app)
    async with TestClient(TestServer(app)) as client:
        the_house = House(channel, client, metrics)
        yield the_house


async def test_kept_then_acknowledged(house: House) -> None:
    answer = await house.post()

    assert (answer.status, await answer.json()) == (200, {})
    assert house.kept == [(MESSAGE, DOMAIN)]


async def test_acknowledged_in_the_words_of_the_platform(house: House) -> None:
    house.channel.acknowledgement = Acknowledgement("", "text/xml")
    answer = await house.post()

    assert (answer.status, answer.content_type, await answer.text()) == (200, "text/xml", "")


async def test_nothing_is_acknowledged_before_intake_returns(house: House) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        reached.set()
        await go_on.wait()

    house.intake = slow
    answer = asyncio.create_task(house.post())
    await reached.wait()

    assert not answer.done()

    go_on.set()

    assert (await answer).status == 200


async def test_what_the_channel_is_given(house: House) -> None:
    await house.client.get("/webhooks/door", params={"echostr": "x"}, headers={"X-Duban-Nonce": "n"})
    envelope = house.channel.seen[0]

    assert (envelope.method, dict(envelope.query), envelope.body) == ("GET", {"echostr": "x"}, b"")
    assert envelope.headers["x-duban-nonce"] == "n"
    assert (envelope.received_at, envelope.real_now) == (DOMAIN, REAL)


async def test_intake_that_fails_asks_for_a_resend(house: House) -> None:
    async def broken() -> None:
        raise OSError("disk full")

    house.intake = broken

    assert (await house.post()).status == 503
    assert not house.kept

    house.intake = None

    assert (await house.post()).status == 200


@pytest.mark.parametrize(
    ("outcome", "status", "body"),
    [
        (Unverified("why"), 401, ""),
        (Malformed("why"), 400, ""),
        (Ignored("why"), 200, "{}"),
        (Challenge("echo-this"), 200, "echo-this"),
    ],
    ids=["unverified", "malformed", "ignored", "challenge"],
)
async def test_other_outcomes(house: House, outcome: Any, status: int, body: str) -> None:
    house.channel.outcome = outcome
    answer = await house.post()

    assert (answer.status, await answer.text()) == (status, body)
    assert not house.kept


async def test_unknown_channel(house: House) -> None:
    answer = await house.client.post("/webhooks/another", data=b"{}")

    assert (answer.status, await answer.text()) == (404, "")


async def test_body_up_to_the_limit(house: House) -> None:
    assert (await house.post(b"x" * MAX_BODY)).status == 200
    assert len(house.channel.seen[0].body) == MAX_BODY


async def test_body_beyond_the_limit_is_not_opened(house: House) -> None:
    assert (await house.post(b"x" * (MAX_BODY + 1))).status == 413
    assert not house.channel.seen


async def test_body_beyond_the_limit_without_a_length(house: House) -> None:
    """The limit holds while reading, not only by what the sender announces; the sender may be cut off."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 16_384

    try:
        answer = await house.client.post("/webhooks/door", data=endless())
    except aiohttp.ClientConnectionError:
        pass
    else:
        assert answer.status == 413

    assert not house.channel.seen


async def test_a_body_that_never_ends_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming_module, "BODY_SECONDS", 0.1)
    never = asyncio.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield b"{"
        await never.wait()

    try:
        answer = await house.client.post("/webhooks/door", data=stalled())
    except aiohttp.ClientConnectionError:
        pass
    else:
        assert answer.status == 408
    never.set()

    assert not house.channel.seen


async def test_compressed_bodies_are_not_unpacked(house: House) -> None:
    bomb = zlib.compress(b"0" * 10_000_000)
    answer = await house.post(bomb, headers={"content-encoding": "deflate"})

    assert answer.status == 415
    assert not house.channel.seen


async def test_too_many_at_once_are_asked_to_come_again(house: House) -> None:
    reached, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slow() -> None:
        reached.release()
        await go_on.wait()

    house.intake = slow
    waiting = [asyncio.create_task(house.post()) for _ in range(2)]
    for _ in waiting:
        await reached.acquire()

    turned_away = await house.post()
    go_on.set()

    assert (turned_away.status, turned_away.headers["retry-after"]) == (503, "1")
    assert [(await answer).status for answer in waiting] == [200, 200]
    assert (await house.post()).status == 200


async def test_outcomes_are_counted(house: House) -> None:
    await house.post()
    house.channel.outcome = Unverified("why")
    await house.post()

    def count(outcome: str) -> float | None:
        labels = {"channel": "door", "outcome": outcome}
        return house.metrics.registry.get_sample_value("duban_callbacks_total", labels)

    assert (count("kept"), count("unverified")) == (1, 1)


async def test_logs_hold_no_body_and_no_headers(house: House) -> None:
    async def broken() -> None:
        raise ValueError(SECRET_TEXT)

    with structlog.testing.capture_logs() as logs:
        for outcome in (MESSAGE, Unverified("the signature does not fit"), Malformed("3 fields do not fit")):
            house.channel.outcome = outcome
            house.intake = broken
            await house.post(SECRET_TEXT.encode(), headers={"x-duban-signature": SECRET_TEXT})

    assert [line["event"] for line in logs] == ["intake failed", "callback unverified", "callback malformed"]
    assert SECRET_TEXT not in str(logs)
