"""When a message may leave by its platform's limits: exact windows over the attempts, an answer before a broadcast."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.rates import SHARE, Manner, Per, Rate
from storage import lanes
from storage.installation import Installation
from storage.outbox import GROUP_ROBOT, OutboxRow, Priority
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Full:
    """There is no room before `until`: for this recipient, or on the whole channel for its priority and below."""

    until: datetime
    whole_channel: bool


class Gate:
    """Judges the messages of one channel in one transaction, in which nobody else takes any of them."""

    def __init__(
        self, uow: UnitOfWork, installation: Installation, channel: str, manner: Manner, now: datetime
    ) -> None:
        """Holds the channel's lane until the transaction ends."""
        self._uow = uow
        self._channel = channel
        self._manner = manner
        self._now = now
        self._month, self._next_month = month_of(installation, now)
        self._spent: int | None = None
        lanes.hold(uow, channel)

    def refuses(self, row: OutboxRow, calls: int) -> Full | None:
        """Why a message of so many calls may not leave now; None where it may. Leased ones count at once."""
        priority = Priority(row.priority)
        counted = [rate for rate in self._manner.rates if rate.counts(to_group=row.to_group)]
        if row.recipient == GROUP_ROBOT:
            # The group's own robot is no part of the app: only what its group has to bear counts.
            counted = [rate for rate in counted if rate.per is Per.GROUP]
        full = [self._over_rate(rate, row, priority, calls) for rate in counted]
        full.append(self._over_budget(priority, calls))
        # The whole channel first: a message that waits for it need not be looked at again before.
        found = sorted((one for one in full if one), key=lambda one: (one.whole_channel, one.until), reverse=True)
        if self._spent is not None and not found:
            self._spent += calls
        return found[0] if found else None

    def _over_rate(self, rate: Rate, row: OutboxRow, priority: Priority, calls: int) -> Full | None:
        recipient = None if rate.per is Per.CHANNEL else row.recipient
        since = self._now - rate.window
        # What takes more messages than a window holds leaves alone, into an empty window.
        room = max(rate.room_for(priority), calls)
        if lanes.calls_since(self._uow, self._channel, since, recipient) + calls <= room:
            return None
        made = lanes.calls_in_order(self._uow, self._channel, since, self._now, recipient)
        return Full(room_at(made, rate.window, room - calls), whole_channel=recipient is None)

    def _over_budget(self, priority: Priority, calls: int) -> Full | None:
        budget = self._manner.monthly_calls
        if budget is None:
            return None
        if self._spent is None:
            # A month's sum is long: asked once, for nobody else takes any of the channel's messages meanwhile.
            self._spent = lanes.spent_since(self._uow, self._channel, self._month)
        if self._spent + calls <= budget * SHARE[priority] // 100:
            return None
        return Full(self._next_month, whole_channel=True)


def room_at(made: Sequence[tuple[datetime, int]], window: timedelta, most: int) -> datetime:
    """The first moment at which no more than `most` of the calls `made`, oldest first, lie in the window."""
    left = sum(calls for _, calls in made)
    for at, calls in made:
        left -= calls
        if left <= most:
            return at + window
    raise ValueError("calls that need no waiting")


def month_of(installation: Installation, at: datetime) -> tuple[datetime, datetime]:
    """The last moment before the calendar month of `at` in the domain zone, and the first moment of the next."""
    local = at.astimezone(installation.zone)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return first - timedelta(milliseconds=1), following
