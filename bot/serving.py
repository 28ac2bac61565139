"""`duban serve`: the service in this process until it is told to stop."""

import asyncio
import signal
from collections.abc import Iterator

import aiohttp
import structlog
from pydantic import SecretStr

from bot.app import Service, installation_of
from bot.checkup import Mark, what_is_missing
from bot.clock import SystemClock
from bot.command_line import DONE, FAULTS, complain
from bot.logs import configure_logs
from bot.settings import Settings
from storage import calendars
from storage.database import Database

DRAIN_SECONDS = 10
"""So long what is under way may take after SIGTERM."""

log = structlog.get_logger("serve")


def serve(settings: Settings, database: Database) -> int:
    """Run until SIGTERM or SIGINT: 0 then, 1 after a fatal error or when what was under way did not end in time."""
    configure_logs(secrets_of(settings))
    return asyncio.run(_serve(settings, database))


async def _serve(settings: Settings, database: Database) -> int:
    clock = SystemClock()
    installation = installation_of(settings, await database.read(calendars.calendar))
    today = installation.day(clock.now())
    for finding in await database.read(lambda uow: what_is_missing(uow, today)):
        if finding.mark is not Mark.GOOD:
            log.warning("not ready", what=finding.what, remedy=finding.remedy)
    async with aiohttp.ClientSession() as session:
        service = Service(settings, database, installation, clock, session)
        running = asyncio.create_task(service.run(service.application()))
        await _until_told_to_stop(running)
        return _status(running, settings)


async def _until_told_to_stop(running: asyncio.Task[None]) -> None:
    """Wait for the end of the service by itself, or for a signal, and then for what is under way."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(told.set))
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not running.done():
        log.info("stopping")
        running.cancel()
        await asyncio.wait({running}, timeout=DRAIN_SECONDS)


def _status(running: asyncio.Task[None], settings: Settings) -> int:
    if not running.done():
        log.error("not drained in time")
        return FAULTS
    if running.cancelled():
        log.info("stopped")
        return DONE
    error = running.exception()
    log.error("service failed", exc_info=error)
    if isinstance(error, OSError):
        complain([f"不能监听 {settings.service.listen}：地址不对，或端口已被占用"])
    else:
        complain(["服务因内部错误停止，详见日志"])
    return FAULTS


def secrets_of(settings: Settings) -> Iterator[str]:
    """What must never be logged. A database that is a plain path is no secret."""
    address = settings.service.database.get_secret_value()
    yield from [address] if "://" in address else []
    yield settings.service.ledger_key.get_secret_value()
    for channel in settings.channels:
        yield from (value.get_secret_value() for value in vars(channel).values() if isinstance(value, SecretStr))
