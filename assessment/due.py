"""When a report is due: a duty's rule applied to one period, as exact moments.

A report belongs to the year of its period even when it falls due in the next one: December's is due in January,
in a year whose calendar may still be unknown. What counts from an event is due on no day until the office has
recorded the event's.
"""

import calendar as months
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from assessment.periods import Period
from assessment.rulebook import Due, Duty
from assessment.workdays import WorkCalendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DueTimes:
    """The thresholds of one obligation; moments are UTC and exclusive: exactly at `due` is late."""

    due_day: date
    """The last day on which a report is on time, until 24:00."""
    due: datetime
    """24:00 of the due day, the next midnight of the domain zone (R105)."""
    grace_day: date
    """The last day of grace. Grace delays urging and proposals; a report within it is late all the same."""
    grace_end: datetime
    """24:00 of the last day of grace."""
    assumed: bool = False
    """The due day counts workdays of an unknown year: a calendar may still move it."""
    stand_in: bool = False
    """The rule is a stand-in: what rests on it is shown with ◇."""


def midnight_after(day: date, zone: tzinfo) -> datetime:
    """24:00 of `day` in `zone`, as the exclusive next midnight, in UTC."""
    return datetime.combine(day + _ONE_DAY, time.min, zone).astimezone(UTC)


def due_on(day: date, zone: tzinfo, grace_days: int = 0) -> DueTimes:
    """The thresholds of something due on a given day, such as an assigned matter; grace in calendar days."""
    grace_day = day + timedelta(days=grace_days)
    return DueTimes(day, midnight_after(day, zone), grace_day, midnight_after(grace_day, zone))


def by_event(rule: Due | None) -> bool:
    """Whether the day is counted from an event that the office records."""
    return rule is not None and (rule.after_event is not None or rule.before_event is not None)


def due_times(
    duty: Duty, period: Period, calendar: WorkCalendar, zone: tzinfo, event: date | None = None
) -> DueTimes | None:
    """When the duty's report for `period` is due; None while the office has not set the rule, or not the `event`.

    Days are calendar days and no holiday shifts them, unless the rule itself counts workdays (R105).
    """
    rule = duty.due.value
    if rule is None or (by_event(rule) and event is None):
        return None
    day = due_day(rule, period, calendar, event)
    counts_workdays = rule.workdays_after is not None
    return replace(
        due_on(day, zone, duty.grace_days),
        assumed=counts_workdays and calendar.assumed_between(period.last_day + _ONE_DAY, day),
        stand_in=duty.due.stand_in is not None,
    )


def due_day(rule: Due, period: Period, calendar: WorkCalendar, event: date | None = None) -> date:
    """The day that `rule` names for `period`; a month counts as the one in which the period ends.

    The 1st day after an event is the day that follows it. Raises ValueError where the rule counts from an event
    and none is given.
    """
    if by_event(rule):
        if event is None:
            raise ValueError("the event's day is unknown")
        return event + timedelta(days=rule.after_event or -(rule.before_event or 0))
    if rule.day_of_month is not None:
        return _day_in_month(period.last_day, rule.day_of_month)
    if rule.day_of_next_month is not None:
        return _day_in_month(_end_of_month(period.last_day) + _ONE_DAY, rule.day_of_next_month)
    if rule.days_after is not None:
        return period.last_day + timedelta(days=rule.days_after)
    if rule.workdays_after is not None:
        return calendar.add_workdays(period.last_day, rule.workdays_after)
    return rule.on or period.last_day


def periods_of(duty: Duty, year: int) -> list[Period]:
    """The periods of `year` for which the duty is owed, in order, from its first to its last.

    What is owed every so many years is owed in the year of its first period, and so many years later (R110).
    """
    first = Period.parse(duty.first) if duty.first else None
    last = Period.parse(duty.last) if duty.last else None
    if duty.every_years > 1 and first is not None and (year - first.year) % duty.every_years:
        return []
    period = Period(year, duty.frequency, 1)
    found = []
    while period.year == year:
        if (first is None or first <= period) and (last is None or period <= last):
            found.append(period)
        period = period.following()
    return found


def _day_in_month(month: date, number: int) -> date:
    """The `number`-th day of that month, or its last: the 31st of February is the 28th or 29th."""
    return month.replace(day=min(number, _end_of_month(month).day))


def _end_of_month(day: date) -> date:
    return day.replace(day=months.monthrange(day.year, day.month)[1])
