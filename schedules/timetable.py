"""The one page of times. APScheduler only wakes sweeps; what is due stands in rows and is asked with our own clock."""

import time
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

Sweep = Callable[[], Awaitable[Any]]

OPEN_PERIODS = "open periods"
CLIMB_LADDERS = "climb ladders"
DELIVER = "deliver"
RECOVER = "take back from the dead"
FETCH = "fetch files"
SPREAD = "spread notices"
LOOK_UP = "look up accounts"

LONGEST_SILENCE = {
    OPEN_PERIODS: 3 * 3600,
    CLIMB_LADDERS: 600,
    DELIVER: 1800,
    RECOVER: 600,
    FETCH: 1800,
    SPREAD: 600,
    LOOK_UP: 3 * 3600,
}
"""Real seconds after which a sweep that has not ended well counts as dead: several of its turns.

A drain may take its time over many messages; whether they get away at all is asked of the outbox.
"""


class Pulse:
    """When each sweep of the timetable last ended well, by a clock that nobody sets."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def begin(self) -> None:
        """From now on the sweeps are expected; before, as with a clock wound by hand, silence means nothing."""
        self._last = dict.fromkeys(LONGEST_SILENCE, self._seconds())

    def watched(self, name: str, sweep: Sweep) -> Sweep:
        """The same sweep, noted whenever it ends without an error."""

        async def noted() -> Any:
            result = await sweep()
            self._last[name] = self._seconds()
            return result

        return noted

    def silent(self) -> tuple[str, ...]:
        """The sweeps that have not ended well for longer than they may."""
        now = self._seconds()
        return tuple(name for name, last in self._last.items() if now - last > LONGEST_SILENCE[name])


def timetable(
    zone: ZoneInfo,
    pulse: Pulse,
    *,
    open_periods: Sweep,
    climb_ladders: Sweep,
    deliver: Sweep,
    recover: Sweep,
    fetch: Sweep,
    spread: Sweep,
    look_up: Sweep,
) -> AsyncIOScheduler:
    """Every sweep with its time. A missed tick is made up by the next: sweeps ask what is owed as of now."""
    scheduler = AsyncIOScheduler(
        timezone=zone, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    for name, sweep, trigger in (
        (OPEN_PERIODS, open_periods, CronTrigger(minute=5, timezone=zone)),
        (CLIMB_LADDERS, climb_ladders, CronTrigger(second=0, timezone=zone)),
        (DELIVER, deliver, IntervalTrigger(seconds=5, timezone=zone)),
        (RECOVER, recover, IntervalTrigger(seconds=30, timezone=zone)),
        (FETCH, fetch, IntervalTrigger(seconds=5, timezone=zone)),
        (SPREAD, spread, IntervalTrigger(seconds=5, timezone=zone)),
        (LOOK_UP, look_up, IntervalTrigger(minutes=10, timezone=zone)),
    ):
        scheduler.add_job(pulse.watched(name, sweep), trigger, id=name, replace_existing=True)
    return scheduler
