"""A platform's monthly API budget: planned ahead, and told to the office before it runs out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessment.notices import BudgetAlarm, write
from assessment.roster import Role
from schedules.gate import month_of
from storage import lanes, outbox, programmes, roster
from storage.installation import Installation
from storage.outbox import Priority
from storage.unit_of_work import UnitOfWork

LEVELS = (60, 80, 95)
"""Per cent of the budget at which the office is told."""
FORESEEN = "foreseen"
EARLIEST = timedelta(days=5)
"""Before so much of a month has passed, its pace says nothing."""


@dataclass(frozen=True)
class Budget:
    """What a channel may use in a calendar month."""

    platform: str
    """The kind of the channel, as in the settings."""
    calls: int


def sweep(uow: UnitOfWork, installation: Installation, budgets: Mapping[str, Budget], now: datetime) -> int:
    """Tell the offices of each channel that runs out, or will before the month ends; each level once a month.

    `budgets` by channel. Returns how many messages were queued.
    """
    return sum(_look(uow, installation, channel, budget, now) for channel, budget in sorted(budgets.items()))


def _look(uow: UnitOfWork, installation: Installation, channel: str, budget: Budget, now: datetime) -> int:
    before, following = month_of(installation, now)
    used = lanes.spent_since(uow, channel, before)
    reached = [level for level in LEVELS if used * 100 >= budget.calls * level]
    runs_out = runs_out_at(used, budget.calls, before, now)
    if runs_out is not None and runs_out >= following:
        runs_out = None
    level = str(reached[-1]) if reached else FORESEEN if runs_out is not None else ""
    if not level:
        return 0
    month = now.astimezone(installation.zone)
    told = BudgetAlarm(platform=budget.platform, month=month.month, used=used, budget=budget.calls, runs_out=runs_out)
    people, day = roster.whole(uow), installation.day(now)
    offices = {programme.office for programme in programmes.running(uow)}
    listeners = {one for office in offices for one in people.holders(office, (Role.OFFICE, Role.ADMINISTRATOR), day)}
    return sum(
        outbox.tell(
            uow,
            person,
            write(told),
            key=f"budget:{channel}:{month:%Y-%m}:{level}:{person}",
            priority=Priority.ESCALATION,
            queued_at=now,
        )
        for person in sorted(listeners)
    )


def runs_out_at(used: int, budget: int, start: datetime, now: datetime) -> datetime | None:
    """When the budget ends at the pace of the month so far; None where it has not shown a pace yet."""
    if now - start < EARLIEST or not used:
        return None
    return start + (now - start) * budget / used
