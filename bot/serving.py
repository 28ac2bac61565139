"""`duban serve`: the service in this process until it is told to stop."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from types import FrameType

import aiohttp
import structlog
from pydantic import BaseModel, SecretStr

from bot.app import Service, installation_of
from bot.checkup import Finding, Mark, what_is_missing
from bot.clock import SystemClock
from bot.command_line import DONE, FAULTS
from bot.logs import configure_logs
from bot.settings import Settings
from storage import calendars
from storage.database import Database

DRAIN_SECONDS = 10
"""So long what is under way may take after SIGTERM."""

log = structlog.get_logger("serve")


def serve(settings: Settings, database: Database) -> int:
    """Run until SIGTERM or SIGINT; 0 when stopped so, 1 after a fatal error or when the end took too long."""
    configure_logs(_secrets(settings))
    return asyncio.run(_serve(settings, database))


async def _serve(settings: Settings, database: Database) -> int:
    clock = SystemClock()
    installation = installation_of(settings, await database.read(calendars.calendar))
    async with aiohttp.ClientSession() as session:
        service = Service(settings, database, installation, clock, session)
        today = installation.day(clock.now())
        _tell(await database.read(lambda uow: what_is_missing(uow, today)))
        running = asyncio.create_task(service.run(service.application()))
        with _Stopping(running):
            await asyncio.wait({running})
    return DONE


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        if finding.mark is not Mark.GOOD:
            log.warning("not ready", what=finding.what, remedy=finding.remedy)


def _secrets(part: BaseModel) -> Iterator[str]:
    """Every secret in the settings, for blotting out; a database that is a plain path is none."""
    for value in vars(part).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, BaseModel):
                yield from _secrets(item)
            elif isinstance(item, SecretStr) and ("://" in item.get_secret_value()):
                yield item.get_secret_value()
