"""The front door: a platform's callback in, its acknowledgement out, and nothing acknowledged before it is kept.

200  kept, known already, or nothing to do     404  no such channel            413  too large
400  genuine but not understood                408  the body came too slowly   415  compressed
401  not proven genuine                        503  not kept: send it again
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

import structlog
from aiohttp import web

from bot.channels.body import MAX_BODY
from bot.channels.channel import Challenge, Channel, Envelope, Ignored, Malformed, Unverified
from bot.clock import Clock
from bot.health import Metrics
from handlers.incoming import Incoming, Signature

Intake = Callable[[Incoming, datetime], Awaitable[None]]
"""Keeps one message, given the domain time of its receipt; returns once it is committed, raises if it is not."""

Spend = Callable[[str, Signature, datetime], Awaitable[None]]
"""Notes that a channel's signature has proven its body and proves no other; returns once that is committed."""

MAX_WAITING = 200
"""Messages that may be on their way into storage at once: a second or two of work. Beyond, the platform is asked to
come again, before it gives up waiting by itself."""

BODY_SECONDS = 30

_log = structlog.get_logger("incoming")


class FrontDoor:
    """Opens the callbacks of all channels and hands them to intake."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        intake: Intake,
        *,
        clock: Clock,
        real_clock: Clock,
        metrics: Metrics,
        spend: Spend | None = None,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        """`channels` by name; `clock` is the domain's, `real_clock` the machine's.

        `spend` is told the signatures of what is ignored; for those of messages intake cares itself.
        """
        self._channels = channels
        self._intake = intake
        self._clock = clock
        self._real_clock = real_clock
        self._metrics = metrics
        self._spend = spend
        self._max_waiting = max_waiting
        self._waiting = 0

    def mount(self, app: web.Application) -> None:
        """Serve GET and POST /webhooks/{channel}."""
        app[FRONT_DOOR] = self
        app.router.add_get("/webhooks/{channel}", receive, allow_head=False)
        app.router.add_post("/webhooks/{channel}", receive)

    async def answer(self, request: web.Request) -> web.Response:
        """The answer to one callback. No answer says why a request was refused."""
        channel = self._channels.get(request.match_info["channel"])
        if channel is None:
            return web.Response(status=404)
        response, outcome = await self._judge(channel, request)
        self._metrics.callbacks.labels(channel.name, outcome).inc()
        return response

    async def _judge(self, channel: Channel, request: web.Request) -> tuple[web.Response, str]:
        if request.headers.get("content-encoding", "identity") != "identity":
            return _closing(415), "compressed"
        try:
            body = await _read(request)
        except TimeoutError:
            return _closing(408), "slow"
        if body is None:
            return _closing(413), "oversized"
        envelope = Envelope(
            method=request.method,
            headers={name.lower(): value for name, value in request.headers.items()},
            query=dict(request.query),
            body=body,
            received_at=self._clock.now(),
            real_now=self._real_clock.now(),
        )
        try:
            opened = channel.open(envelope)
        except Unverified as refusal:
            _log.warning("callback unverified", channel=channel.name, reason=str(refusal))
            return web.Response(status=401), "unverified"
        except Malformed as refusal:
            _log.warning("callback malformed", channel=channel.name, reason=str(refusal))
            return web.Response(status=400), "malformed"
        match opened:
            case Challenge():
                return web.Response(text=opened.body, content_type=opened.content_type), "challenge"
            case Ignored():
                done = await self._ignore(channel.name, opened, envelope.received_at)
                return (_acknowledged(channel, envelope), "ignored") if done else (_come_again(), "not kept")
            case Incoming():
                kept = await self._keep(channel.name, partial(self._intake, opened, envelope.received_at))
                return (_acknowledged(channel, envelope), "kept") if kept else (_come_again(), "not kept")

    async def _ignore(self, channel: str, ignored: Ignored, received_at: datetime) -> bool:
        """Whether nothing is left to do; what the signature has proven must not be a message afterwards."""
        if ignored.signature is None or self._spend is None:
            return True
        return await self._keep(channel, partial(self._spend, channel, ignored.signature, received_at))

    async def _keep(self, channel: str, commit: Callable[[], Awaitable[None]]) -> bool:
        """Whether the message is committed; False asks the platform to send it again."""
        if self._waiting >= self._max_waiting:
            return False
        self._waiting += 1
        try:
            with self._metrics.intake_seconds.time():
                await commit()
        except Exception:  # noqa: BLE001 - whatever it was, the message is not kept and has to come again
            _log.exception("intake failed", channel=channel)
            return False
        finally:
            self._waiting -= 1
        return True


FRONT_DOOR = web.AppKey("front_door", FrontDoor)


async def receive(request: web.Request) -> web.Response:
    """GET and POST /webhooks/{channel}."""
    return await request.app[FRONT_DOOR].answer(request)


async def _read(request: web.Request) -> bytes | None:
    """The body, or None as soon as it is known to exceed MAX_BODY; TimeoutError when it comes too slowly."""
    if request.content_length is not None and request.content_length > MAX_BODY:
        return None
    if request.content.is_eof():
        # It came in one piece with its headers, as nearly all do: nothing to wait for, no alarm to set.
        whole = request.content.read_nowait()
        return whole if len(whole) <= MAX_BODY else None
    body = bytearray()
    async with asyncio.timeout(BODY_SECONDS):
        async for part in request.content.iter_any():
            body += part
            if len(body) > MAX_BODY:
                return None
    return bytes(body)


def _acknowledged(channel: Channel, envelope: Envelope) -> web.Response:
    answer = channel.acknowledge(envelope)
    return web.Response(text=answer.body, content_type=answer.content_type)


def _closing(status: int) -> web.Response:
    """A refusal that leaves the rest of the body unread and the connection unused."""
    response = web.Response(status=status)
    response.force_close()
    return response


def _come_again() -> web.Response:
    return web.Response(status=503, headers={"retry-after": "1"})
