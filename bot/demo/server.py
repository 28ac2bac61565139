"""`duban demo`: opens the page at once, starts the service behind it, and ends both on Ctrl-C."""

import asyncio
import contextlib
import signal
import socket
import webbrowser
from pathlib import Path

import typer

from bot.command_line import DONE, FAULTS, complain
from bot.county import listen
from bot.demo.minute import read_minute
from bot.demo.page import page
from bot.demo.stage import NoService, Stage

FIRST_PORT = 8810
_TRIED = 50


def show_demo(*, port: int | None, folder: Path | None, opens: bool) -> int:
    """Serve until interrupted; 0 then, 1 where the service cannot be started."""
    return asyncio.run(_show(port or free_port(), folder, opens=opens))


def free_port(first: int = FIRST_PORT) -> int:
    """The first port from `first` on that nobody listens to; raises OSError where there is none."""
    for port in range(first, first + _TRIED):
        with socket.socket() as taken:
            if taken.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError(f"{first}—{first + _TRIED - 1} 端口都被占用")


async def _show(port: int, folder: Path | None, *, opens: bool) -> int:
    stage = Stage(read_minute(), folder)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, told.set)
    async with listen(page(stage), port) as address:
        typer.echo(f"演示页面：{address}")
        typer.echo("只在本机可见；按 Ctrl-C 结束。")
        if opens:
            await asyncio.to_thread(webbrowser.open, address)
        return await _play(stage, told)


async def _play(stage: Stage, told: asyncio.Event) -> int:
    """Open the stage and keep it open until told; it may be told before all is ready."""
    opening, waiting = asyncio.create_task(stage.open()), asyncio.create_task(told.wait())
    try:
        await asyncio.wait({opening, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
            typer.echo("已就绪。")
            await waiting
        opening.cancel()
        await asyncio.wait({opening})
    except NoService:
        complain(["演示服务没有启动，请重试；仍不行时，用 --dir 另指定目录"])
        return FAULTS
    finally:
        waiting.cancel()
        await stage.close()
    return DONE
