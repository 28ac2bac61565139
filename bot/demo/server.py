"""`duban demo`: opens the page at once, starts the service behind it, and ends both on Ctrl-C."""

import asyncio
import contextlib
import signal
import socket
import webbrowser
from pathlib import Path

import typer

from bot.county import listen
from bot.demo.minute import read_minute
from bot.demo.page import page
from bot.demo.stage import Stage

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
        await stage.open()
        typer.echo("已就绪。")
        await told.wait()
        await stage.close()
    return 0
