"""Many spoilt requests at the real front door: python -m tests.bot.fuzz_doors --payloads 10000 --platform all --seed 1.

No answer outside the documented ones, nothing logged but the two lines for refusals, memory that does not grow, and
afterwards the door is open as before. --only NUMBER sends one request again and shows it.

The platform "dingtalk" is the Stream, to which we connect ourselves: there frames come over the pretend platform's
socket. Each must leave somebody listening, who answers the next frame, over a new connection if need be.
"""

import argparse
import asyncio
import ctypes
import gc
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from sqlmodel import col, select
from structlog.typing import EventDict, WrappedLogger

from bot.channels.body import MAX_BODY
from bot.channels.channel import Envelope
from bot.channels.dingtalk import stream
from bot.channels.dingtalk.frames import TAKEN
from bot.channels.dingtalk.stream import OPEN
from bot.clock import SystemClock
from bot.platforms.dingtalk import DingtalkPlatform
from bot.platforms.dingtalk_stream import StreamGateway
from storage.inbox import InboxRow
from tests.bot.channels.channel_subject import Subject
from tests.bot.doors import KINDS, Doors, open_doors
from tests.bot.spoiling import Spoilt, spoilt
from tests.bot.spoiling_frames import SpoiltFrame, spoilt_frame

DOCUMENTED = frozenset({200, 400, 401, 405, 413})
"""Of bot/incoming.py; 405 for methods without a route. 404, 408, 415 and 503 nothing here gives cause for."""
REFUSALS = frozenset({"callback unverified", "callback malformed"})
STREAM = "dingtalk"
INTERRUPTED = "stream interrupted"
NOT_TAKEN = frozenset({"message not taken", "frame malformed", f"{INTERRUPTED}: closed"})
"""What the listening end may log of a frame. One that is no text, or too large, costs the connection; no error does."""
PLATFORMS = (*KINDS, STREAM)
MAX_GROWTH_MB = 20.0
HEARD_SECONDS = 20
"""No measure: whoever has not been heard by then is heard no more."""


@dataclass
class Course:
    """How one platform's run went."""

    kind: str
    statuses: Counter[int | str] = field(default_factory=Counter)
    """Answers at a door; at the Stream, what became of frames and connections."""
    ways: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    kept: int = 0
    warm_mb: float = 0.0
    end_mb: float = 0.0
    seconds: float = 0.0

    @property
    def growth_mb(self) -> float:
        """Resident memory at the end above that after the warm-up."""
        return self.end_mb - self.warm_mb

    def __str__(self) -> str:
        answers = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items(), key=str))
        memory = f"{self.warm_mb:.1f} -> {self.end_mb:.1f} MB ({self.growth_mb:+.1f})"
        parts = (f"{self.kind}: {self.ways.total()} in {self.seconds:.0f} s", answers, f"kept {self.kept}", memory)
        return "; ".join([*parts, f"{len(self.faults)} faults"])


async def fuzz(kind: str, payloads: int, seed: int, folder: Path, *, only: int | None = None) -> Course:
    """Send the requests of a seed to one platform's door."""
    course, numbers = Course(kind), range(payloads) if only is None else range(only, only + 1)
    warm = len(numbers) // 5
    with everything_logged() as lines:
        async with open_doors(folder, (kind,)) as doors:
            lines.clear()
            start = time.perf_counter()
            for number in numbers:
                if number == warm:
                    course.warm_mb = resident_mb()
                request = spoilt(doors.subjects[kind], f"{seed}-{number}", SystemClock().now())
                await _try(course, doors, request, f"{seed}-{number}", lines)
                lines.clear()
            course.end_mb, course.seconds = resident_mb(), time.perf_counter() - start
            await _look_round(course, doors)
    return course


async def _try(course: Course, doors: Doors, request: Spoilt, number: str, lines: list[str]) -> None:
    answer = await doors.knock(course.kind, request.envelope)
    # A sender who is told 413 before the end may be cut off.
    status = 413 if answer.status == 0 and len(request.envelope.body) > MAX_BODY else answer.status
    course.statuses[status] += 1
    course.ways[request.way] += 1
    strange = [line for line in lines if line not in REFUSALS]
    if status not in DOCUMENTED or strange:
        course.faults.append(f"{number} ({request.way}): {status} {strange} {_shown(request.envelope)}")


async def _look_round(course: Course, doors: Doors) -> None:
    """No handler has failed, nobody was called, and a genuine message is still taken."""
    course.kept, _ = await doors.kept()
    await _look_at_handlers(course, doors)
    subject: Subject = doors.subjects[course.kind]
    genuine = subject.write(replace(subject.message, message_id="after-all"), at=SystemClock().now())
    if (await doors.knock(course.kind, genuine)).status != 200 or (await doors.kept())[0] != course.kept + 1:
        course.faults.append("a genuine message is no longer taken")


async def _look_at_handlers(course: Course, doors: Doors, besides: Collection[str] = ()) -> None:
    query = select(InboxRow).where(col(InboxRow.parked).is_(True))
    parked = await doors.service.database.read(lambda uow: len(uow.rows(query)))
    if parked:
        course.faults.append(f"{parked} messages parked")
    if outward := [path for path in doors.outward if path not in besides]:
        course.faults.append(f"calls of the platform: {outward[:5]}")


async def fuzz_stream(payloads: int, seed: int, folder: Path, *, only: int | None = None) -> Course:
    """Send the frames of a seed over the socket that the service has opened."""
    course, numbers = Course(STREAM), range(payloads) if only is None else range(only, only + 1)
    warm = len(numbers) // 5
    with everything_logged() as lines, patch.object(stream, "FIRST_PAUSE", 0.001):
        async with open_doors(folder, (STREAM,)) as doors, _listening(doors, course) as gateway:
            start = time.perf_counter()
            for number in numbers:
                if number == warm:
                    course.warm_mb = resident_mb()
                frame = spoilt_frame(doors.subjects[STREAM], f"{seed}-{number}")
                await _bring(course, gateway, frame, f"{seed}-{number}", lines)
                lines.clear()
            course.end_mb, course.seconds = resident_mb(), time.perf_counter() - start
            course.statuses["connections"] = gateway.opened
            await _listen_round(course, doors, gateway)
    return course


@asynccontextmanager
async def _listening(doors: Doors, course: Course) -> AsyncIterator[StreamGateway]:
    """The platform's end, while the service listens; the task must not have ended by itself."""
    platform = doors.platforms[STREAM]
    assert isinstance(platform, DingtalkPlatform)
    assert platform.gateway is not None
    listening = asyncio.create_task(doors.service.listen())
    await platform.gateway.online.wait()
    try:
        yield platform.gateway
    finally:
        if listening.done():
            course.faults.append("nobody listens any more")
        listening.cancel()
        await asyncio.wait([listening])


async def _bring(course: Course, gateway: StreamGateway, frame: SpoiltFrame, number: str, lines: list[str]) -> None:
    course.ways[frame.way] += 1
    await gateway.send_raw(frame.content, frame.opcode)
    heard = await _heard(gateway)
    course.statuses.update(line for line in lines if line in NOT_TAKEN)
    strange = [line for line in lines if line not in NOT_TAKEN]
    if not heard or strange:
        course.faults.append(f"{number} ({frame.way}): heard {heard} {strange} {frame.shown}")


async def _heard(gateway: StreamGateway) -> bool:
    """Whether somebody answers: over the connection as it is, or over the next one if the frame has cost it."""
    try:
        async with asyncio.timeout(HEARD_SECONDS):
            while (await gateway.ping("there?")) is None:
                await gateway.online.wait()
    except TimeoutError:
        return False
    return True


async def _listen_round(course: Course, doors: Doors, gateway: StreamGateway) -> None:
    """No handler has failed, nobody was called but for connections, and a genuine message is still taken."""
    course.kept, _ = await doors.kept()
    for family in doors.service.metrics.callbacks.collect():
        totals = (sample for sample in family.samples if sample.name.endswith("_total"))
        course.statuses.update({sample.labels["outcome"]: int(sample.value) for sample in totals})
    await _look_at_handlers(course, doors, besides={OPEN, "/connect"})
    subject = doors.subjects[STREAM]
    content = json.loads(subject.inside(replace(subject.message, message_id="after-all")))
    ack = await gateway.deliver(content)
    if ack is None or ack.code != TAKEN or (await doors.kept())[0] != course.kept + 1:
        course.faults.append("a genuine message is no longer taken")


def _shown(envelope: Envelope) -> str:
    return f"{envelope.method} {dict(envelope.query)} {dict(envelope.headers)} {envelope.body[:600]!r}"


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """The events of all logs, ours and the libraries', that are worth a warning or more; and whatever has a trace."""
    lines: list[str] = []

    def ours(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        if method in {"warning", "error", "critical", "exception"} or event.get("exc_info"):
            trace = event.get("exc_info")
            why = f": {event['reason']}" if event["event"] == INTERRUPTED else ""
            lines.append(str(event["event"]) + why + (f" {trace!r}" if trace else ""))
        raise structlog.DropEvent

    handler = _Kept(lines)
    before = structlog.get_config()
    structlog.configure(processors=[ours], cache_logger_on_first_use=False)
    logging.getLogger().addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(handler)
        structlog.configure(**before)


class _Kept(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            return  # not even HTTP: aiohttp answers 400 by itself, before the door
        self._lines.append(f"{record.name}: {record.getMessage()} {record.exc_info}")


def resident_mb() -> float:
    """Memory that this process holds now, after what is free was given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when nothing was found, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.bot.fuzz_doors", description=__doc__)
    parser.add_argument("--payloads", type=int, default=10_000, help="for each platform")
    parser.add_argument("--platform", choices=["all", *PLATFORMS], default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="send this one request of the seed")
    options = parser.parse_args(arguments)
    found = 0
    for kind in PLATFORMS if options.platform == "all" else (options.platform,):
        with tempfile.TemporaryDirectory(prefix="duban-fuzz-") as folder:
            run = fuzz_stream if kind == STREAM else partial(fuzz, kind)
            course = asyncio.run(run(options.payloads, options.seed, Path(folder), only=options.only))
        if course.growth_mb > MAX_GROWTH_MB and options.only is None:
            course.faults.append(f"memory has grown by {course.growth_mb:.1f} MB")
        found += len(course.faults)
        print(course, *course.faults[:20], sep="\n  ", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
