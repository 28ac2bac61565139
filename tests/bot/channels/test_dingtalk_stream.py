"""The listening end of Stream: what it answers to each frame, and how it comes back, against a real websocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.channels.dingtalk.stream
from bot.channels.body import MAX_BODY
from bot.channels.channel import Malformed, Unverified
from bot.channels.dingtalk.frames import connection_address, read_frame
from bot.channels.dingtalk.messages import RobotMessages
from bot.channels.dingtalk.stream import StreamReceiver
from bot.clock import WoundClock
from bot.platforms.dingtalk_pen import robot_message
from bot.platforms.dingtalk_stream import Ack, StreamGateway
from handlers.incoming import Incoming
from tests.bot.channels.dingtalk_subject import APP
from tests.bot.channels.dingtalk_subject import settings as table

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
MESSAGE = Incoming("door", APP.corp_id, "m-1", "u-7", "c-7", private=True, addressed=True, text="报送", sent_at=NOW)
BODY = robot_message(MESSAGE, APP)
TAKEN = Ack(200, '{"response":{}}')


@dataclass
class Line:
    """A gateway and a receiver, connected."""

    gateway: StreamGateway
    receiver: StreamReceiver
    kept: list[tuple[Incoming, datetime]] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    refusals: list[web.Response] = field(default_factory=list)
    """Answers to the next requests for a connection, before one is given."""
    broken: bool = False
    """Whether keeping fails."""
    listening: asyncio.Task[None] | None = None


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    numbers = iter(range(10_000))
    gateway = StreamGateway(APP, lambda: f"id-{next(numbers)}")
    app = web.Application()
    gateway.mount(app)
    lines: list[Line] = []

    async def open_connection(request: web.Request) -> web.Response:
        if lines[0].refusals:
            return lines[0].refusals.pop(0)
        return web.json_response(gateway.ticket(await request.json(), request.host))

    app.router.add_post("/v1.0/gateway/connections/open", open_connection)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        base = str(server.make_url("")).rstrip("/")

        async def keep(message: Incoming, received_at: datetime) -> None:
            if lines[0].broken:
                raise OSError("SENTINEL")
            lines[0].kept.append((message, received_at))

        async def pause(seconds: float) -> None:
            lines[0].pauses.append(seconds)
            await asyncio.sleep(0)

        outcomes: list[str] = []
        receiver = StreamReceiver(
            table(mode="stream", api_base=base),
            session,
            RobotMessages("door", APP.corp_id, APP.robot).read,
            keep,
            WoundClock(NOW),
            count=outcomes.append,
            pause=pause,
            dice=lambda: 1.0,
        )
        lines.append(Line(gateway, receiver, outcomes=outcomes))
        with structlog.testing.capture_logs():
            lines[0].listening = asyncio.create_task(receiver.run())
            yield lines[0]
            lines[0].listening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await lines[0].listening
        assert not receiver.connected


async def test_a_message_is_acknowledged_once_it_is_kept(line: Line) -> None:
    await line.gateway.online.wait()

    assert await line.gateway.deliver(BODY) == TAKEN
    assert line.kept == [(MESSAGE, NOW)]
    assert line.outcomes == ["kept"]


async def test_what_is_not_kept_has_to_come_again(line: Line) -> None:
    await line.gateway.online.wait()
    line.broken = True

    assert await line.gateway.deliver(BODY) == Ack(500, '{"response":{}}')

    line.broken = False

    assert await line.gateway.deliver(BODY) == TAKEN
    assert line.outcomes == ["not kept", "kept"]
    assert line.gateway.opened == 1


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"senderStaffId": ""}, "ignored"),
        ({"robotCode": "another"}, "unverified"),
        ({"createAt": "soon"}, "malformed"),
    ],
)
async def test_what_can_never_be_kept_is_acknowledged(line: Line, changes: dict[str, Any], outcome: str) -> None:
    await line.gateway.online.wait()

    assert await line.gateway.deliver({**BODY, **changes}) == TAKEN
    assert (line.outcomes, line.kept) == ([outcome], [])


async def test_other_topics_are_acknowledged(line: Line) -> None:
    await line.gateway.online.wait()

    assert await line.gateway.deliver({}, kind="EVENT", topic="*") == TAKEN
    assert await line.gateway.deliver({}, topic="/v1.0/card/instances/callback") == TAKEN
    assert await line.gateway.deliver(BODY, kind="EVENT") == TAKEN
    assert line.kept == []


async def test_a_ping_gets_its_own_data_back(line: Line) -> None:
    await line.gateway.online.wait()

    assert await line.gateway.ping('{"opaque":"四"}') == Ack(200, '{"opaque":"四"}')


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[]", "{}", '{"type":"CALLBACK","headers":{},"data":"{}"}', "[" * 5000, '{"type":5}'],
    ids=len,
)
async def test_what_is_no_frame_is_passed_over(line: Line, text: str) -> None:
    await line.gateway.online.wait()
    await line.gateway.send_raw(text)

    assert await line.gateway.deliver(BODY) == TAKEN
    assert line.gateway.opened == 1


async def test_asked_to_leave_it_comes_back_at_once(line: Line) -> None:
    await line.gateway.online.wait()
    await line.gateway.ping("{}")
    await line.gateway.disconnect()
    await line.gateway.until_opened(2)

    assert line.pauses == []
    assert await line.gateway.deliver(BODY) == TAKEN


async def test_asked_to_leave_before_anything_was_said_it_pauses(line: Line) -> None:
    """A gateway that only ever says good-bye is not called round and round."""
    for times in (1, 2, 3):
        await line.gateway.until_opened(times)
        await line.gateway.disconnect()
    await line.gateway.until_opened(4)

    assert line.pauses == [1.0, 2.0, 4.0]


async def test_a_broken_connection_is_replaced(line: Line) -> None:
    await line.gateway.online.wait()
    await line.gateway.ping("{}")
    await line.gateway.cut()
    await line.gateway.until_opened(2)

    assert line.pauses == [1.0]
    assert await line.gateway.deliver(BODY) == TAKEN


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that leaves the websocket's own pings unanswered, as a machine does that has gone from the net."""
    monkeypatch.setattr(bot.channels.dingtalk.stream, "HEARTBEAT", 0.05)
    monkeypatch.setattr(web, "WebSocketResponse", partial(cast("Any", web.WebSocketResponse), autoping=False))


@pytest.mark.usefixtures("dead")
async def test_a_connection_that_is_only_there_in_name_is_replaced(line: Line) -> None:
    """Nobody closes it, and nothing comes: the heartbeat bounds how long that is taken for quiet."""
    async with asyncio.timeout(20):
        await line.gateway.until_opened(3)

    assert line.pauses[:2] == [1.0, 2.0]


async def test_too_large_a_frame_costs_the_connection_and_no_more(line: Line) -> None:
    await line.gateway.online.wait()
    await line.gateway.deliver({**BODY, "text": {"content": "长" * MAX_BODY}})
    await line.gateway.until_opened(2)

    assert await line.gateway.deliver(BODY) == TAKEN
    assert len(line.kept) == 1


async def test_it_asks_ever_more_rarely(line: Line) -> None:
    line.refusals += [web.Response(status=503) for _ in range(9)]
    await line.gateway.online.wait()

    assert line.pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


async def test_it_waits_as_long_as_it_is_told_within_reason(line: Line) -> None:
    line.refusals += [
        web.Response(status=503, headers={"retry-after": "77"}),
        web.json_response({"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}, status=403),
    ]
    await line.gateway.online.wait()

    assert line.pauses == [77.0, 300.0]


async def test_whatever_the_gateway_answers_it_goes_on(line: Line) -> None:
    elsewhere = {"endpoint": "wss://example.org/connect", "ticket": "t"}
    line.refusals += [
        web.json_response({"code": "authFailed"}, status=401),
        web.json_response({}),
        web.json_response({"endpoint": 5, "ticket": None}),
        web.json_response({"endpoint": "ws://[", "ticket": "t"}),
        web.json_response(elsewhere),
        web.Response(text="<html>", content_type="text/html"),
    ]
    await line.gateway.online.wait()

    assert await line.gateway.deliver(BODY) == TAKEN
    assert len(line.pauses) == 6


async def test_a_ticket_that_is_refused(line: Line) -> None:
    await line.gateway.online.wait()
    port = line.receiver._api.base.rsplit(":", 1)[1]
    line.refusals.append(web.json_response({"endpoint": f"ws://127.0.0.1:{port}/connect", "ticket": "stale"}))
    await line.gateway.cut()
    await line.gateway.until_opened(2)

    assert len(line.pauses) == 2


async def test_nothing_secret_is_logged(line: Line) -> None:
    with structlog.testing.capture_logs() as logs:
        await line.gateway.online.wait()
        port = line.receiver._api.base.rsplit(":", 1)[1]
        stale = {"endpoint": f"ws://127.0.0.1:{port}/connect", "ticket": "SENTINEL"}
        line.refusals += [web.Response(status=503), web.json_response(stale)]
        line.broken = True
        await line.gateway.deliver(BODY)
        await line.gateway.deliver({**BODY, "robotCode": "SENTINEL"})
        await line.gateway.send_raw("SENTINEL")
        await line.gateway.cut()
        await line.gateway.until_opened(2)
    said = "".join(json.dumps(log, default=type) for log in logs)

    assert {log["event"] for log in logs} >= {"stream connected", "stream interrupted", "message not taken"}
    assert not any(word in said for word in (APP.app_secret, "id-0", "ticket", "SENTINEL", "报送", "u-7"))


API = "https://api.dingtalk.com"


@pytest.mark.parametrize(
    ("endpoint", "base"),
    [
        ("wss://wss-open-connection.dingtalk.com:443/connect", API),
        ("wss://dingtalk.com/connect", API),
        ("wss://api.dingtalk.com/connect", API),
        ("ws://127.0.0.1:8080/connect", "http://127.0.0.1:8080"),
        ("ws://localhost/connect", "http://[::1]:8080"),
        ("wss://office.example/connect", "https://office.example"),
    ],
)
def test_an_endpoint_of_the_platform(endpoint: str, base: str) -> None:
    address = connection_address({"endpoint": endpoint, "ticket": "a+b/c=&d"}, base)

    assert address.query["ticket"] == "a+b/c=&d"
    assert "+" not in address.raw_query_string
    assert str(address).startswith(endpoint.replace(":443", ""))


@pytest.mark.parametrize(
    ("endpoint", "base"),
    [
        ("ws://wss-open-connection.dingtalk.com/connect", API),
        ("https://wss-open-connection.dingtalk.com/connect", API),
        ("wss://example.org/connect", API),
        ("wss://evildingtalk.com/connect", API),
        ("wss://dingtalk.com.example.org/connect", API),
        ("wss://dingtalk.com@example.org/connect", API),
        ("wss://dingtalk.com:x@api.dingtalk.com/connect", API),
        ("wss://127.0.0.1/connect", API),
        ("ws://127.0.0.1/connect", API),
        ("ws://example.org/connect", "http://127.0.0.1:8080"),
        ("wss://other.example/connect", "https://office.example"),
        ("wss://9.2.0.1/connect", "https://192.2.0.1"),
        ("/connect", API),
        ("", API),
    ],
)
def test_an_endpoint_elsewhere(endpoint: str, base: str) -> None:
    with pytest.raises(Unverified):
        connection_address({"endpoint": endpoint, "ticket": "t"}, base)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_a_frame_or_malformed(text: str) -> None:
    try:
        frame = read_frame(text)
    except Malformed:
        return

    assert json.loads(replace(frame).answer(200))["headers"]["messageId"] == frame.message_id
