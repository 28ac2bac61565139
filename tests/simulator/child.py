"""The whole service in a process of its own, to be killed. Domain time stands still; all else is as in `serve`."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
import structlog
from pydantic import SecretStr

from bot import app
from bot.channel_settings import SandboxSettings
from bot.clock import WoundClock
from bot.settings import Service, Settings
from handlers.incoming import Incoming
from schedules import leases
from storage.database import Database
from tests.simulator.world import CHANNEL, KEY


@dataclass(frozen=True)
class Site:
    """Where a child works: everything that it is told."""

    database: Path
    port: int
    secret: str
    api_base: str
    now: datetime
    hasty: bool = False
    """A fault put in on purpose: messages are acknowledged before they are kept."""


class HastyService(app.Service):
    """Acknowledges first and keeps afterwards, to show that the kills would find it out."""

    async def take(self, incoming: Incoming, received_at: datetime) -> None:
        self._promised = asyncio.create_task(super().take(incoming, received_at))


def serve(site: Site) -> None:
    """Run until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    # The one process of an SQLite database need not wait for its dead self to be given up.
    leases.LEASE_MS = 1
    asyncio.run(_serve(site))


async def _serve(site: Site) -> None:
    settings = Settings(
        service=Service(
            listen=f"127.0.0.1:{site.port}",
            database=SecretStr(str(site.database)),
            ledger_key=SecretStr(KEY.decode()),
            files=site.database.parent,
            rulebooks=site.database.parent,
        ),
        channels=(
            SandboxSettings(name=CHANNEL, kind="sandbox", secret=SecretStr(site.secret), api_base=site.api_base),
        ),
    )
    async with aiohttp.ClientSession() as session:
        with Database.open(app.database_url(settings)) as database:
            kind = HastyService if site.hasty else app.Service
            service = kind(settings, database, app.installation_of(settings), WoundClock(site.now), session)
            await service.run(service.application())
