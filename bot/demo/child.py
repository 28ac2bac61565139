"""The service of the demonstration in a process of its own: all as in `serve`, but its clock is wound from outside.

It is told where it works by one line of JSON on its standard input, answers with its address on its standard output,
and ends when its input is closed, so that it never outlives the page. It may be killed at any moment.
"""

import asyncio
import json
import logging
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, SecretStr, TypeAdapter

from bot import app
from bot.channel_settings import SandboxSettings
from bot.clock import WoundClock
from bot.county import CHANNEL, Setting, found, listen
from bot.demo.behind import behind, counts
from bot.settings import Service, Settings
from handlers.features import router
from schedules import leases

TOKEN = "x-duban-demo"  # noqa: S105 - the name of a header
_MOMENT = TypeAdapter(AwareDatetime)


class Site(BaseModel):
    """Everything that a child is told."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    api_base: str
    secret: str
    ledger_key: str
    token: str
    """Winds the clock and looks behind the scenes; only the page knows it."""
    now: AwareDatetime
    roster: str
    rulebooks: dict[str, str]
    start: AwareDatetime
    live_from: date

    @property
    def setting(self) -> Setting:
        """What the county starts from."""
        return Setting(self.roster, self.rulebooks, self.start, self.live_from)


class Strings:
    """By which the page holds its child: what is due next, wind the clock, look behind the scenes."""

    def __init__(self, service: app.Service, clock: WoundClock, token: str) -> None:
        """`token` is asked of every request."""
        self._service = service
        self._clock = clock
        self._token = token
        self._router = router()

    def application(self) -> web.Application:
        """The routes, for the loopback only."""
        strings = web.Application(middlewares=[self._known])
        strings.router.add_post("/next", self.next)
        strings.router.add_post("/wind", self.wind)
        strings.router.add_post("/behind", self.behind)
        strings.router.add_post("/counts", self.counts)
        return strings

    @web.middleware
    async def _known(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get(TOKEN) != self._token:
            return web.Response(status=403)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def next(self, request: web.Request) -> web.Response:
        """The next moment at which something is due before `until`, or null."""
        until = _MOMENT.validate_python((await request.json())["until"])
        moment = await self._service.next_moment(self._clock.now(), until)
        return web.json_response({"at": moment.isoformat() if moment is not None else None})

    async def wind(self, request: web.Request) -> web.Response:
        """Set the clock and do what is due then; the caller jumps over nothing."""
        self._clock.wind_to(_MOMENT.validate_python((await request.json())["to"]))
        await self._service.settle()
        return web.json_response({})

    async def behind(self, request: web.Request) -> web.Response:
        """What became of one message."""
        message = str((await request.json())["message"])
        found = await self._service.database.read(lambda uow: behind(uow, message, self._router.word_in))
        return web.json_response(found)

    async def counts(self, _: web.Request) -> web.Response:
        """What the outbox has owed people so far."""
        return web.json_response(await self._service.database.read(lambda uow: counts(uow, self._clock.now())))


def main() -> None:
    """Read the site, serve until the input ends."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # The one process of an SQLite database need not wait for its dead self to be given up.
    leases.LEASE_MS = 1
    # Killed on purpose, it leaves what the renderer's process shared with it; nobody needs to read that.
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning:multiprocessing.resource_tracker"
    site = Site.model_validate_json(sys.stdin.readline())
    asyncio.run(_serve(site))


async def _serve(site: Site) -> None:
    settings = Settings(
        service=Service(
            database=SecretStr(str(site.folder / "duban.sqlite")),
            ledger_key=SecretStr(site.ledger_key),
            files=site.folder,
            rulebooks=site.folder,
        ),
        channels=(
            SandboxSettings(name=CHANNEL, kind="sandbox", secret=SecretStr(site.secret), api_base=site.api_base),
        ),
    )
    database = app.open_database(settings)
    await database.write(lambda uow: found(uow, site.setting, {CHANNEL: CHANNEL}))
    clock = WoundClock(site.now)
    async with aiohttp.ClientSession() as session:
        service = app.Service(settings, database, app.installation_of(settings), clock, session)
        async with (
            listen(service.application()) as webhook,
            listen(Strings(service, clock, site.token).application()) as strings,
        ):
            # What a killed predecessor had on its way goes out again under its old key.
            await service.delivery.recover()
            await service.settle()
            print(json.dumps({"webhook": webhook, "strings": strings}), flush=True)
            delivering = asyncio.create_task(service.deliver_when_woken())
            await asyncio.to_thread(sys.stdin.read)
            delivering.cancel()
    database.close()


if __name__ == "__main__":
    main()
