"""The whole service, doors and delivery, in a process of its own: python -m bench.served_doors FOLDER.

Its domain clock starts at the moment that the folder's settings name and runs. It prints its port, answers each line
with the processor time that it has spent, and ends with its input.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot import app
from bot.channel_settings import ChannelSettings
from bot.county import ended
from bot.settings import Service, Settings

DATABASE = "doors.sqlite"
TABLES = "doors.json"


class RunningClock:
    """Runs as the machine's does, from a moment of its own."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The start, and what has passed since."""
        return self._start + timedelta(seconds=time.monotonic() - self._since)


def write_tables(folder: Path, at: datetime, tables: Sequence[ChannelSettings]) -> None:
    """Keep the channels' settings, secrets and all, for the process that serves them."""
    plain = [{name: _shown(value) for name, value in table} for table in tables]
    (folder / TABLES).write_text(json.dumps({"at": at.isoformat(), "channels": plain}), "utf-8")


def _shown(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _settings(folder: Path, channels: Sequence[Mapping[str, Any]]) -> Settings:
    service = Service(database=SecretStr(str(folder / DATABASE)), ledger_key=SecretStr("k" * 32), files=folder)
    return Settings.model_validate({"service": service, "channels": channels})


async def _serve(folder: Path) -> None:
    kept = json.loads((folder / TABLES).read_text("utf-8"))
    settings = _settings(folder, kept["channels"])
    database = app.open_database(settings)
    async with aiohttp.ClientSession() as session:
        clock = RunningClock(datetime.fromisoformat(kept["at"]))
        service = app.Service(settings, database, app.installation_of(settings), clock, session)
        runner = web.AppRunner(service.application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await service.delivery.start()
        delivering = asyncio.create_task(service.deliver_when_woken())
        print(runner.addresses[0][1], flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(time.process_time(), flush=True)
        service.delivery.stop()
        await ended(delivering)
        await service.delivery.finish()
        await runner.cleanup()
    database.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
