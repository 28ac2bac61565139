"""/healthz: the process lives. /readyz: it can work. /metrics: how much and how fast, and nothing about anyone."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from schedules.timetable import Pulse
from storage import leaving
from storage.database import Database

Check = Callable[[], Awaitable[bool]]
"""One condition of readiness; raising counts as no."""

CHECK_SECONDS = 5

LONGEST_WAIT = timedelta(minutes=10)
"""A message may be due so long and not have left: then nothing takes from the outbox, or not fast enough."""

_log = structlog.get_logger("health")


class Metrics:
    """The counters of one service, in a registry of their own. Labels are names from the settings and fixed words."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.callbacks = Counter(
            "duban_callbacks", "Callbacks of known channels", ["channel", "outcome"], registry=self.registry
        )
        self.intake_seconds = Histogram(
            "duban_intake_seconds", "Seconds from an opened callback to its commit", registry=self.registry
        )
        self.sends = Counter(
            "duban_sends", "Attempts to deliver a card", ["channel", "outcome"], registry=self.registry
        )
        self.outbox = Gauge("duban_outbox_notices", "Notices in the outbox", ["state"], registry=self.registry)

        self.listening = Gauge(
            "duban_listening",
            "Whether there is a connection to a platform that is heard over our own",
            ["channel"],
            registry=self.registry,
        )


CHECKS: web.AppKey[Mapping[str, Check]] = web.AppKey("checks")
METRICS = web.AppKey("metrics", Metrics)


def mount_health(app: web.Application, checks: Mapping[str, Check], metrics: Metrics) -> None:
    """Serve the three paths; `checks` by name, e.g. migrated, database, workers."""
    app[CHECKS] = checks
    app[METRICS] = metrics
    app.router.add_get("/healthz", live)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", measure)


def database_answers(database: Database) -> Check:
    """Whether the database can be written and read."""

    async def check() -> bool:
        await database.check()
        return True

    return check


def sweeps_run(pulse: Pulse) -> Check:
    """Whether every sweep of the timetable has ended well within its time; those that have not are logged."""

    async def check() -> bool:
        silent = pulse.silent()
        if silent:
            _log.error("sweeps do not run", silent=silent)
        return not silent

    return check


def listens(deaf: Collection[str], channel: str) -> Check:
    """Whether nobody has stopped listening to the channel for good: `deaf` are those of which somebody has.

    A connection that is lost and tried again is the platform's business, and makes no service unready.
    """

    async def check() -> bool:
        return channel not in deaf

    return check


def outbox_moves(database: Database, now: Callable[[], datetime], held: Callable[[], Collection[str]]) -> Check:
    """Whether no message has been due for longer than LONGEST_WAIT, by the domain's clock.

    What is tried again later is not due, and what waits on a channel that is `held` waits for its platform: one that
    is down or full makes no service unready.
    """

    async def check() -> bool:
        oldest = await database.read(lambda uow: leaving.next_moment(uow, besides=held()))
        stuck = oldest is not None and now() - oldest > LONGEST_WAIT
        if stuck:
            _log.error("outbox stuck", oldest=oldest)
        return not stuck

    return check


async def live(_: web.Request) -> web.Response:
    """200 as long as the process answers at all."""
    return web.Response(text="ok")


async def ready(request: web.Request) -> web.Response:
    """200 if every check holds, else 503; either way the outcome of each by name."""
    checks = request.app[CHECKS]
    outcomes = dict(zip(checks, await asyncio.gather(*(map(_holds, checks, checks.values()))), strict=True))
    return web.json_response(outcomes, status=200 if all(outcomes.values()) else 503)


async def measure(request: web.Request) -> web.Response:
    """The counters in Prometheus' text form."""
    body = generate_latest(request.app[METRICS].registry)
    return web.Response(body=body, headers={"content-type": CONTENT_TYPE_LATEST})


async def _holds(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception:  # noqa: BLE001 - a check that breaks is a check that does not hold
        _log.exception("check failed", check=name)
        return False
