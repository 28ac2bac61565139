"""One server to be measured, in a process of its own; told what to do line by line on its standard input.

duban       the service's own front door, intake and database
bare        aiohttp, the same signature check, no database
statements  bare, and the statements that the service would have run, in groups of at most 64 a commit
one-each    the same, a commit for each message
"""

import asyncio
import json
import queue
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bench.databases import Statement, connect_raw, play
from bot import app
from bot.channel_settings import SandboxSettings
from bot.channels.sandbox.envelope import Signer
from bot.clock import WoundClock
from bot.county import CHANNEL
from bot.settings import Service, Settings

SECRET = "a secret for measuring only"  # noqa: S105 - it guards nothing
GROUP = 64


class GroupCommit:
    """A thread that runs lists of statements, as many as wait in one transaction, and answers after the commit."""

    def __init__(self, path: Path, group: int = GROUP) -> None:
        self._connection = connect_raw(path)
        self._group = group
        self._waiting: queue.SimpleQueue[tuple[list[Statement], Callable[[], object]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, statements: list[Statement], done: Callable[[], object]) -> None:
        """Have `statements` run; `done` is called on the thread after their commit."""
        self._waiting.put((statements, done))

    def close(self) -> None:
        """Finish what waits."""
        self._waiting.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            while len(group) < self._group and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    self._waiting.put(None)
                    break
                group.append(more)
            self._commit(group)

    def _commit(self, group: list[tuple[list[Statement], Callable[[], object]]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for statements, _ in group:
            play(self._connection, statements)
        self._connection.execute("COMMIT")
        for _, done in group:
            done()


def write_statements(path: Path, by_message: Mapping[str, list[Statement]]) -> None:
    """Keep recorded statements for another process."""
    plain = {key: [(s.text, list(s.parameters), s.many) for s in found] for key, found in by_message.items()}
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")


def read_statements(path: Path) -> dict[str, list[Statement]]:
    """What write_statements kept."""
    return {key: [Statement(*each) for each in found] for key, found in json.loads(path.read_text("utf-8")).items()}


async def _duban(stack: AsyncExitStack, database: Path, at: datetime, _statements: Path) -> web.Application:
    settings = Settings(
        service=Service(database=SecretStr(str(database)), ledger_key=SecretStr("k" * 32), files=database.parent),
        channels=(
            SandboxSettings(name=CHANNEL, kind="sandbox", secret=SecretStr(SECRET), api_base="http://127.0.0.1:9"),
        ),
    )
    opened = app.open_database(settings)
    stack.callback(opened.close)
    session = await stack.enter_async_context(aiohttp.ClientSession())
    installation = app.installation_of(settings)
    return app.Service(settings, opened, installation, WoundClock(at), session).application()


async def _bare(_stack: AsyncExitStack, _database: Path, _at: datetime, _statements: Path) -> web.Application:
    async def nothing(_message: Any) -> None:
        return None

    return _bare_application(nothing)


async def _statements(stack: AsyncExitStack, database: Path, _at: datetime, statements: Path) -> web.Application:
    return _playing(stack, database, statements, GROUP)


async def _one_each(stack: AsyncExitStack, database: Path, _at: datetime, statements: Path) -> web.Application:
    return _playing(stack, database, statements, 1)


def _playing(stack: AsyncExitStack, database: Path, statements: Path, group: int) -> web.Application:
    by_message = read_statements(statements)
    line = GroupCommit(database, group)
    stack.callback(line.close)
    loop = asyncio.get_running_loop()

    async def keep(message: Any) -> None:
        done = asyncio.Event()
        line.submit(by_message[message["id"]], lambda: loop.call_soon_threadsafe(done.set))
        await done.wait()

    return _bare_application(keep)


def _bare_application(keep: Callable[[Any], Awaitable[None]]) -> web.Application:
    """The least that a webhook must do: prove the signature, read the JSON, keep it, answer."""
    signer = Signer(SECRET)

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        signer.verify(body, headers, real_now=datetime.now(UTC))
        await keep(json.loads(body))
        return web.json_response({})

    application = web.Application()
    application.router.add_post("/webhooks/{channel}", receive)
    return application


VARIANTS: Mapping[str, Callable[[AsyncExitStack, Path, datetime, Path], Awaitable[web.Application]]] = {
    "duban": _duban,
    "bare": _bare,
    "statements": _statements,
    "one-each": _one_each,
}


async def _serve(variant: str) -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            said = json.loads(line)
            match said["do"]:
                case "open":
                    at = datetime.fromisoformat(said["at"])
                    application = await VARIANTS[variant](stack, Path(said["database"]), at, Path(said["statements"]))
                    _answer(port=await _listen(stack, application))
                case "cpu":
                    _answer(cpu=time.process_time())
                case "close":
                    await stack.aclose()
                    _answer(closed=True)


async def _listen(stack: AsyncExitStack, application: web.Application) -> int:
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port: int = runner.addresses[0][1]
    return port


def _answer(**said: object) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
