"""Moments as an office writes them: absolute, in the domain zone, a day's end as 24:00 of that day."""

from datetime import datetime, time, timedelta, tzinfo

_WEEKDAYS = "一二三四五六日"
_A_TICK = timedelta(milliseconds=1)
"""The last moment of a day is so far from the midnight that ends it."""


def clock(at: datetime, zone: tzinfo) -> str:
    """When something happened: 8月4日 09:12."""
    return f"{at.astimezone(zone):%-m月%-d日 %H:%M}"


def dated(at: datetime, zone: tzinfo) -> str:
    """When something happened, with its year, for what stays on record: 2010年8月4日 09:12."""
    return f"{at.astimezone(zone):%Y年%-m月%-d日 %H:%M}"


def deadline(at: datetime, zone: tzinfo, mark: str = "") -> str:
    """By when: 8月5日（周四）24:00. Midnight, which no longer counts, is shown as the end of the day before."""
    local = at.astimezone(zone)
    ends_a_day = local.time() == time.min
    day = local - timedelta(days=1) if ends_a_day else local
    hour = "24:00" if ends_a_day else f"{local:%H:%M}"
    return f"{day:%-m月%-d日}（周{_WEEKDAYS[day.weekday()]}）{hour}{mark}"


def through(at: datetime, zone: tzinfo) -> str:
    """As dated, for what may end with a day: its last moment, and the midnight after it, are 2010年7月31日24:00."""
    local = at.astimezone(zone)
    ends_a_day = local.time() == time.min or (local + _A_TICK).date() > local.date()
    return f"{local - _A_TICK:%Y年%-m月%-d日}24:00" if ends_a_day else dated(at, zone)


def by(at: datetime, zone: tzinfo, mark: str = "") -> str:
    """As deadline, with 前: 8月5日（周四）24:00前◇."""
    return f"{deadline(at, zone)}前{mark}"


def by_receipt(late_stamp: bool) -> str:
    """What follows a time that is the receipt's, because the message's own stamp was out of bounds (decisions 9)."""
    return "（以收到时间为准）" if late_stamp else ""


def days_late(due: datetime, now: datetime, zone: tzinfo) -> int:
    """Calendar days from the due day to today; 0 while it is not over."""
    due_day = (due.astimezone(zone) - timedelta(microseconds=1)).date()
    return max((now.astimezone(zone).date() - due_day).days, 0) if now >= due else 0
