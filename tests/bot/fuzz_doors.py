"""Many spoilt requests at the real front door: python -m tests.bot.fuzz_doors --payloads 10000 --platform all --seed 1.

No answer outside the documented ones, nothing logged but the two lines for refusals, memory that does not grow, and
afterwards the door is open as before. --only NUMBER sends one request again and shows it.
"""

import argparse
import asyncio
import ctypes
import gc
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from sqlmodel import col, select
from structlog.typing import EventDict, WrappedLogger

from bot.channels.body import MAX_BODY
from bot.channels.channel import Envelope
from bot.clock import SystemClock
from storage.inbox import InboxRow
from tests.bot.channels.channel_subject import Subject
from tests.bot.doors import KINDS, Doors, open_doors
from tests.bot.spoiling import Spoilt, spoilt

DOCUMENTED = frozenset({200, 400, 401, 405, 413})
"""Of bot/incoming.py; 405 for methods without a route. 404, 408, 415 and 503 nothing here gives cause for."""
REFUSALS = frozenset({"callback unverified", "callback malformed"})
MAX_GROWTH_MB = 20.0


@dataclass
class Course:
    """How one platform's run went."""

    kind: str
    statuses: Counter[int] = field(default_factory=Counter)
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
        answers = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        memory = f"{self.warm_mb:.1f} -> {self.end_mb:.1f} MB ({self.growth_mb:+.1f})"
        parts = (f"{self.kind}: {self.statuses.total()} in {self.seconds:.0f} s", answers, f"kept {self.kept}", memory)
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
    query = select(InboxRow).where(col(InboxRow.parked).is_(True))
    parked = await doors.service.database.read(lambda uow: len(uow.rows(query)))
    if parked:
        course.faults.append(f"{parked} messages parked")
    if doors.outward:
        course.faults.append(f"calls of the platform: {doors.outward[:5]}")
    subject: Subject = doors.subjects[course.kind]
    genuine = subject.write(replace(subject.message, message_id="after-all"), at=SystemClock().now())
    if (await doors.knock(course.kind, genuine)).status != 200 or (await doors.kept())[0] != course.kept + 1:
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
            lines.append(str(event["event"]) + (f" {trace!r}" if trace else ""))
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
    parser.add_argument("--platform", choices=["all", *KINDS], default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="send this one request of the seed")
    options = parser.parse_args(arguments)
    found = 0
    for kind in KINDS if options.platform == "all" else (options.platform,):
        with tempfile.TemporaryDirectory(prefix="duban-fuzz-") as folder:
            course = asyncio.run(fuzz(kind, options.payloads, options.seed, Path(folder), only=options.only))
        if course.growth_mb > MAX_GROWTH_MB and options.only is None:
            course.faults.append(f"memory has grown by {course.growth_mb:.1f} MB")
        found += len(course.faults)
        print(course, *course.faults[:20], sep="\n  ", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
