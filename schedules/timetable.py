"""The one page of times. APScheduler only wakes sweeps; what is due stands in rows and is asked with our own clock."""

from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

Sweep = Callable[[], Awaitable[Any]]


def timetable(
    zone: ZoneInfo, *, open_periods: Sweep, climb_ladders: Sweep, deliver: Sweep, recover: Sweep
) -> AsyncIOScheduler:
    """Every sweep with its time. A missed tick is made up by the next: sweeps ask what is owed as of now."""
    scheduler = AsyncIOScheduler(
        timezone=zone, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    for name, sweep, trigger in (
        ("open periods", open_periods, CronTrigger(minute=5, timezone=zone)),
        ("climb ladders", climb_ladders, CronTrigger(second=0, timezone=zone)),
        ("deliver", deliver, IntervalTrigger(seconds=5, timezone=zone)),
        ("take back from the dead", recover, IntervalTrigger(seconds=30, timezone=zone)),
    ):
        scheduler.add_job(sweep, trigger, id=name, replace_existing=True)
    return scheduler
