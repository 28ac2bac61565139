"""SVG -> PNG, away from the event loop.

The renderer holds the interpreter lock for a tenth of a second or two, so it works in a process of its own. That
process starts with the first picture and is replaced when a picture takes too long or brings it down.
"""

import asyncio
import contextlib
import hashlib
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Self

import resvg_py

from bot.pictures.fonts import FAMILY, font_files

_LONGEST_SECONDS = 20.0
_MOST_BYTES = 16 * 1024 * 1024


class NotRendered(RuntimeError):
    """There is no picture; the text that goes with it is enough to finish the task."""


class Renderer:
    """Renders pictures one after the other and keeps the latest. Belongs to one event loop; close it at the end."""

    def __init__(
        self,
        extra_fonts: Iterable[Path] = (),
        *,
        longest_seconds: float = _LONGEST_SECONDS,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        """`extra_fonts` serve characters that the packaged font lacks; raises FontMissing for one that is not there.

        A picture may take `longest_seconds`, the start of the process included. Up to `most_bytes` of PNG are kept.
        """
        self._fonts = tuple(str(file) for file in font_files(extra_fonts))
        self._longest_seconds = longest_seconds
        self._kept = _Kept(most_bytes)
        self._one_at_a_time = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._worker: int | None = None
        self._closed = False

    async def png(self, svg: str) -> bytes:
        """The picture 1000 pixels wide; the same SVG is rendered once while it is kept. Raises NotRendered."""
        key = hashlib.sha256(svg.encode()).digest()
        found = self._kept.get(key)
        if found is not None:
            return found
        async with self._one_at_a_time:
            found = self._kept.get(key)  # another may have asked for the same meanwhile
            if found is None:
                found = await self._rendered(svg)
                self._kept.put(key, found)
            return found

    async def close(self) -> None:
        """Let the picture under way be finished and end the process. Later pictures are refused."""
        self._closed = True
        async with self._one_at_a_time:
            await self._end()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _rendered(self, svg: str) -> bytes:
        if self._closed:
            raise NotRendered("the renderer is closed")
        try:
            async with asyncio.timeout(self._longest_seconds):
                pool = await self._started()
                return await asyncio.get_running_loop().run_in_executor(pool, _rasterise, svg, self._fonts)
        except TimeoutError as error:
            await self._end(at_once=True)
            raise NotRendered(f"not finished within {self._longest_seconds} seconds") from error
        except BrokenProcessPool as error:
            await self._end()
            raise NotRendered("the process that renders has ended unexpectedly") from error
        except ValueError as error:
            raise NotRendered(f"the renderer refuses this SVG: {error}") from error

    async def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not fork: the service has threads, and a copy of their locks would never be released.
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_follow_parent)
        if self._worker is None:
            self._worker = await asyncio.get_running_loop().run_in_executor(self._pool, os.getpid)
        return self._pool

    async def _end(self, *, at_once: bool = False) -> None:
        pool, worker = self._pool, self._worker
        self._pool = self._worker = None
        if pool is None:
            return
        if at_once and worker is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGTERM)  # a pool cannot stop what it has begun
        # A process still starting has no number yet; it ends by itself, and nobody waits for it.
        await asyncio.to_thread(pool.shutdown, wait=worker is not None, cancel_futures=True)


class _Kept:
    """The pictures used last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pictures: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> bytes | None:
        if key in self._pictures:
            self._pictures.move_to_end(key)
        return self._pictures.get(key)

    def put(self, key: bytes, png: bytes) -> None:
        self._pictures[key] = png
        self._bytes += len(png)
        while self._bytes > self._most_bytes:
            _, oldest = self._pictures.popitem(last=False)
            self._bytes -= len(oldest)


def _rasterise(svg: str, fonts: tuple[str, ...]) -> bytes:
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=list(fonts),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )


def _follow_parent() -> None:
    """Ctrl-C reaches every process of a terminal; the one that serves decides when this one ends.

    One that is killed decides nothing any more: then this one goes too, and lets go of what it has inherited.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)
