"""Platforms and services on ports of their own, in a thread: a command that runs a loop itself can speak with them."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.app import channel
from bot.channel_settings import ChannelSettings
from bot.clock import SystemClock
from bot.health import Metrics, mount_health
from bot.incoming import FrontDoor
from bot.platforms.platform import Platform
from bot.platforms.tenants import tenant
from handlers.incoming import Incoming

Result = TypeVar("Result")
Write = Callable[..., None]
"""Puts channels into the settings of the installation, see write_settings."""

KINDS = ("wecom", "wecom-bot", "feishu", "dingtalk", "dingtalk-http")


class Neighbours:
    """Whoever answers on this machine until the block ends."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        """By how much their clocks are ahead of ours."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runners: list[web.AppRunner] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self._session = self._do(self._open_session())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def platform(self, kind: str) -> tuple[Any, ChannelSettings]:
        """A pretend platform, and the settings that lead to it."""
        return self._do(self._platform(kind))

    def serve(self, application: Callable[[], web.Application], tls: ssl.SSLContext | None = None) -> str:
        """The address at which the application answers."""
        return self._do(self._serve(application, tls))

    def duban(self, *tables: ChannelSettings) -> tuple[str, list[Incoming]]:
        """The front door of a service with these channels: its address, and what it has kept."""
        kept: list[Incoming] = []

        async def keep(message: Incoming, _: datetime) -> None:
            kept.append(message)

        def application() -> web.Application:
            app, clock, metrics = web.Application(), SystemClock(), Metrics()
            doors = {table.name: channel(table, self._session, clock) for table in tables}
            FrontDoor(doors, keep, clock=clock, real_clock=clock, metrics=metrics).mount(app)
            mount_health(app, {}, metrics)
            return app

        return self.serve(application), kept

    async def _platform(self, kind: str) -> tuple[Platform, ChannelSettings]:
        made = tenant(kind, SystemClock(), self._session)
        base = await self._serve(made.platform.application)
        return made.platform, made.settings(base)

    async def _serve(self, application: Callable[[], web.Application], tls: ssl.SSLContext | None = None) -> str:
        app = application()
        app.on_response_prepare.append(self._date)
        runner = web.AppRunner(app, access_log=None)
        self._runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        return f"http{'s' if tls else ''}://127.0.0.1:{runner.addresses[0][1]}"

    async def _date(self, _: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["date"] = format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)

    async def _open_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    async def _close(self) -> None:
        for runner in self._runners:
            await runner.cleanup()
        await self._session.close()

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)


def write_settings(path: Path, *tables: ChannelSettings, public_url: str = "", **changes: str) -> None:
    """Settings with these channels, each value of `changes` in the place of the channels' own."""
    service = path.read_text("utf-8").partition("[[channels]]")[0]
    if public_url:
        service += f"public_url = {json.dumps(public_url)}\n"
    for table in tables:
        service += "\n[[channels]]\n"
        for key, value in {**dict(table), **changes}.items():
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            if plain is not None:
                service += f"{key} = {json.dumps(plain, ensure_ascii=False)}\n"
    path.write_text(service, "utf-8")


def of(channel: str, text: str) -> list[str]:
    """The lines about one channel, without its name."""
    place = f"渠道 {channel}："
    return [line.replace(place, "") for line in text.splitlines() if place in line]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
