"""Where the time of one message goes: samples of the running stack, by room of the house and by function.

python -m bench.profile [--month 8] [--messages 120] [--json]
"""

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

from sqlalchemy import Engine

from bench import town
from bench.databases import Bench, Recorder, working
from bench.measuring import Report, options
from bot.app import router
from bot.county import found
from handlers.incoming import Incoming
from handlers.intake import Intake
from schedules import opening

_HOUSE = Path(__file__).parent.parent
_ROOMS = ("assessment", "handlers", "storage", "schedules", "bot")
_LIBRARIES = ("sqlalchemy", "sqlmodel", "pydantic")
_STEP = 0.001
"""Seconds of processor time between two samples."""


class Samples:
    """What the main thread was doing, a sample each millisecond of processor time."""

    def __init__(self) -> None:
        self.all = 0
        self.rooms: Counter[str] = Counter()
        """By the innermost room or library on the stack; the driver's own work is 'database'."""
        self.houses: Counter[str] = Counter()
        """By the innermost room of the house, with the libraries that it calls."""
        self.within: Counter[str] = Counter()
        """By every function of the house on the stack: its own time with all that it calls."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """Sample while the block runs."""
        before = signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, _STEP, _STEP)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def share(self, *rooms: str) -> float:
        """The part of all samples in those rooms of the house with the libraries that they call, 0 to 1."""
        return sum(self.houses[room] for room in rooms) / (self.all or 1)

    def _sample(self, _number: int, frame: FrameType | None) -> None:
        self.all += 1
        room = house = None
        seen: set[str] = set()
        while frame is not None:
            here = _room(frame)
            room = room or here
            if here in _ROOMS:
                house = house or here
                seen.add(f"{Path(frame.f_code.co_filename).relative_to(_HOUSE)}: {frame.f_code.co_qualname}")
            frame = frame.f_back
        self.rooms[room or "python"] += 1
        self.houses[house or "python"] += 1
        self.within.update(seen)


def _room(frame: FrameType) -> str | None:
    path = frame.f_code.co_filename
    if path.startswith(str(_HOUSE)) and "site-packages" not in path:
        room = Path(path).relative_to(_HOUSE).parts[0]
        return room if room in _ROOMS else None
    if path.endswith("sqlalchemy/engine/default.py") and frame.f_code.co_name.startswith("do_execute"):
        return "database"
    return next((library for library in _LIBRARIES if f"/{library}/" in path), None)


def opened_town(bench: Bench, name: str, units: int, at: datetime) -> Engine:
    """A town whose periods are open as of `at`."""
    engine = bench.engine("sqlite", name)
    with working(engine) as uow:
        found(uow, town.setting(units, at))
        opening.sweep(uow, town.installation(), at)
    return engine


def taker(engine: Engine, at: datetime) -> Callable[[Incoming], None]:
    """Takes one message in its own transaction, on this thread."""
    intake = Intake(router(), town.installation())

    def take(message: Incoming) -> None:
        with working(engine) as uow:
            intake.take(uow, message, at)

    return take


def profile(take: Callable[[Incoming], None], messages: Iterable[Incoming]) -> tuple[Samples, float, int]:
    """Samples, processor seconds and how many messages these were."""
    samples = Samples()
    count = 0
    start = time.process_time()
    with samples.running():
        for count, message in enumerate(messages, 1):  # noqa: B007 - counted
            take(message)
    return samples, time.process_time() - start, count


def run(units: int, month: int, limit: int) -> Report:
    """Profile the reports of one month."""
    at = datetime(town.YEAR + month // 12, month % 12 + 1, 3, 10, tzinfo=town.ZONE)
    report = Report("profile", f"the reports of month {month}, {units} units")
    with Bench() as bench:
        engine = opened_town(bench, "town", units, at)
        recorder = Recorder(on=False).listen(engine)
        take = taker(engine, at)
        messages = [m for m in town.reports(units, month, at) if m.message_id.startswith(f"m-r-{month}-")][:limit]
        take(messages.pop())
        recorder.on = True
        samples, spent, count = profile(take, messages)
        statements = len(recorder.take())
    table = report.table("one report", "cpu ms", "statements", "samples")
    table.row(1000 * spent / count, statements / count, samples.all)
    rooms = report.table("by room: innermost of the house or a library", "room", "%", "ms a message")
    for room, hits in samples.rooms.most_common():
        rooms.row(room, 100 * hits / samples.all, 1000 * spent / count * hits / samples.all)
    functions = report.table("by function, with all that it calls", "function", "%")
    for function, hits in samples.within.most_common(25):
        functions.row(function, 100 * hits / samples.all)
    return report


def main() -> int:
    """The command line."""
    parser = options("profile", rounds=1)
    parser.add_argument("--month", type=int, default=8, help="whose reports (default 8)")
    given = parser.parse_args()
    report = run(3 if given.tiny else 40, 1 if given.tiny else given.month, 120)
    return report.end(as_json=given.json, judged=False)


if __name__ == "__main__":
    sys.exit(main())
