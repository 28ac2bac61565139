"""The working calendar: the State Council's holidays and make-up workdays 调休, under the office's own files.

Published years come with the package `chinese_calendar`. An overlay, one file a year, wins over it and makes an
unknown year known. In a year that neither knows, Monday to Friday is assumed: good enough for planning, never for
a personal message or a deduction, so every judgement can be asked whether it rests on that assumption.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, cached_property
from typing import Protocol

from chinese_calendar import is_workday as is_published_workday

ALARM_DAYS = 45
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_BREAK = 15


class Hours(Protocol):
    """Office hours of one part of a day, from `start` until `end` (exclusive), by the clock on the wall."""

    @property
    def start(self) -> time:
        """When the office opens."""

    @property
    def end(self) -> time:
        """When it closes."""


@dataclass(frozen=True)
class Overlay:
    """What the office has said of one year. As in the yearly notice, days of the December before may be named."""

    year: int
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. Of two overlays for one year the later in the tuple counts."""

    overlays: tuple[Overlay, ...] = ()

    @cached_property
    def _said(self) -> dict[date, bool]:
        said: dict[date, bool] = {}
        for _, overlay in sorted({overlay.year: overlay for overlay in self.overlays}.items()):
            said |= dict.fromkeys(overlay.off, False) | dict.fromkeys(overlay.on, True)
        return said

    @cached_property
    def _overlaid_years(self) -> frozenset[int]:
        return frozenset(overlay.year for overlay in self.overlays)

    def known(self, day: date) -> bool:
        """Whether the holidays of the day's year are known, so that `is_workday` is a fact."""
        return day.year in self._overlaid_years or _published_workdays(day.year) is not None

    def assumed(self, day: date) -> bool:
        """Whether `is_workday` is only an assumption.

        Any day of an unknown year may turn out a holiday or a make-up workday; personal messages planned on it
        wait for the office's word, and no deduction is proposed because of it.
        """
        return not self.known(day)

    def assumed_between(self, first: date, last: date) -> bool:
        """Whether a judgement over the days from `first` to `last`, both included, rests on an assumption."""
        return any(self.assumed(date(year, 1, 1)) for year in range(first.year, last.year + 1))

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked; in an unknown year Monday to Friday are assumed to be."""
        said = self._said.get(day)
        if said is not None:
            return said
        published = _published_workdays(day.year)
        return day.weekday() < _SATURDAY if published is None else day in published

    def next_workday(self, day: date) -> date:
        """The first workday strictly after `day`."""
        return self._walk(day, _ONE_DAY)

    def previous_workday(self, day: date) -> date:
        """The last workday strictly before `day`."""
        return self._walk(day, -_ONE_DAY)

    def add_workdays(self, day: date, number: int) -> date:
        """The `number`-th workday after `day`, or before it when negative; `day` itself for 0."""
        step = _ONE_DAY if number > 0 else -_ONE_DAY
        for _ in range(abs(number)):
            day = self._walk(day, step)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """How many workdays there are from `first` to `last`, both included; 0 when `last` comes earlier."""
        return sum(self.is_workday(first + _ONE_DAY * past) for past in range((last - first).days + 1))

    def office_time(self, at: datetime, windows: Sequence[Hours], zone: tzinfo) -> datetime:
        """`at` itself when it lies in the office hours of a workday, else the next moment when they begin.

        Takes any aware moment and returns it in `zone`. Raises ValueError when the windows leave no office hours.
        """
        opening = sorted((window.start, window.end) for window in windows if window.start < window.end)
        if not opening:
            raise ValueError("办公时间为空：每段的“自”须早于“至”")
        local = at.astimezone(zone)
        if self.is_workday(local.date()):
            for start, end in opening:
                if local.time() < end:
                    return max(local, datetime.combine(local.date(), start, zone))
        return datetime.combine(self.next_workday(local.date()), opening[0][0], zone)

    def in_office_hours(self, at: datetime, windows: Sequence[Hours], zone: tzinfo) -> bool:
        """Whether `at` lies in the office hours of a workday, so that a message may leave now."""
        return self.office_time(at, windows, zone) == at

    def missing_year(self, today: date) -> int | None:
        """The year whose calendar the office must be asked for on `today`: this one, or from the alarm on the next."""
        if self.assumed(today):
            return today.year
        ahead = today.year + 1
        return ahead if today >= alarm_from(ahead) and self.assumed(date(ahead, 1, 1)) else None

    def _walk(self, day: date, step: timedelta) -> date:
        day += step
        while not self.is_workday(day):
            day += step
        return day


def alarm_from(year: int) -> date:
    """The day from which the office is told that the calendar of `year` is still missing: 45 days before it begins."""
    return date(year, 1, 1) - timedelta(days=ALARM_DAYS)


def weekday_name(day: date) -> str:
    """The day of the week as people write it: 周四."""
    return f"周{'一二三四五六日'[day.weekday()]}"


@cache
def _published_workdays(year: int) -> frozenset[date] | None:
    """The workdays of a year as the package knows them, None for a year that it does not know."""
    new_year = date(year, 1, 1)
    try:
        return frozenset(
            day for past in range(366) if (day := new_year + _ONE_DAY * past).year == year and is_published_workday(day)
        )
    except NotImplementedError:
        return None


_HEADING = re.compile(r"(年度|放假|上班)\s*:\s*(.*)")
_RANGE = re.compile(r"\s*(?:至|到|~|—+|–|(?<=[日)])-)\s*")
_DAY = re.compile(
    r"(?:(?:(?P<year>\d{4})[-年])?(?P<month>\d{1,2})[-月])?(?P<day>\d{1,2})日?(?:\((?:周|星期)(?P<weekday>[一二三四五六日天])\))?"
)


def parse_overlay(text: str) -> Overlay:
    """Read a calendar file; raise ValueError with a sentence for the office that names the line.

    Dates may be written as in the notice itself, the day of the week (which is checked) included:

        年度: 2027
        放假: 1月1日(周五)至3日, 2月5日至2月11日    # a comment
        上班:
          - 2027-02-14
    """
    year: int | None = None
    heading = ""
    days: dict[str, set[date]] = {"放假": set(), "上班": set()}
    for number, line in enumerate(unicodedata.normalize("NFKC", text).lstrip("\ufeff").splitlines(), start=1):
        content = line.partition("#")[0].strip()
        found = _HEADING.fullmatch(content)
        if found:
            heading, content = found.groups()
        try:
            if found and heading == "年度":
                year = _read_year(content, year)
            elif content:
                _listed_under(heading, days).update(_read_days(content, year))
            _refuse_both(days)
        except ValueError as fault:
            raise ValueError(f"第{number}行：{fault}") from fault
    if year is None:
        raise ValueError("没有写年度，请在第1行写明，如“年度: 2027”")
    if not any(days.values()):
        raise ValueError(f"没有写{year}年的放假或上班日期")
    return Overlay(year, off=frozenset(days["放假"]), on=frozenset(days["上班"]))


def _read_year(words: str, earlier: int | None) -> int:
    if earlier is not None:
        raise ValueError("一个文件只写一个年度")
    if not re.fullmatch(r"20\d\d年?", words):
        raise ValueError(f"“{words}”不是年度，应写作“年度: 2027”")
    return int(words[:4])


def _listed_under(heading: str, days: dict[str, set[date]]) -> set[date]:
    if heading not in days:
        raise ValueError("此行不属于“年度”“放假”“上班”中的任何一项")
    return days[heading]


def _refuse_both(days: dict[str, set[date]]) -> None:
    both = days["放假"] & days["上班"]
    if both:
        raise ValueError(f"{_spoken(min(both))}既写了放假又写了上班")


def _read_days(words: str, year: int | None) -> Iterator[date]:
    if year is None:
        raise ValueError("请先写年度，如“年度: 2027”")
    plain = words.removeprefix("-").translate(str.maketrans("", "", "[]\"'"))
    for part in re.split(r"[、,;]\s*|\s+(?=\d)", _RANGE.sub("至", plain.strip())):
        if part:
            yield from _read_range(part, year)


def _read_range(part: str, year: int) -> Iterator[date]:
    start_words, *end_words = part.split("至")
    first = _read_day(start_words, None, year)
    last = _read_day(end_words[0], first, year) if end_words else first
    if len(end_words) > 1 or not 0 <= (last - first).days < _LONGEST_BREAK:
        raise ValueError(f"“{part}”起止有误，一段应在1至{_LONGEST_BREAK}天之间")
    for past in range((last - first).days + 1):
        yield first + _ONE_DAY * past


def _read_day(words: str, since: date | None, year: int) -> date:
    """One date; after `since`, the start of its range, month and year may be left out."""
    found = _DAY.fullmatch(words.strip())
    if found is None or (found["month"] is None and since is None):
        raise ValueError(f"“{words}”不是日期，应写作“2月5日”或“{year}-02-05”")
    written_year = int(found["year"]) if found["year"] else since.year if since else year
    month = int(found["month"]) if found["month"] else since.month if since else 0
    try:
        day = date(written_year, month, int(found["day"]))
    except ValueError as fault:
        raise ValueError(f"“{words}”：没有这一天") from fault
    # A range from the December before into January leaves the year out at its end.
    if since and not found["year"] and day < since and since.year < year:
        day = day.replace(year=year)
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise ValueError(f"“{words}”不在{year}年（可含上年12月）")
    if found["weekday"] and weekday_name(day) != f"周{found['weekday'].replace('天', '日')}":
        raise ValueError(f"{_spoken(day)}是{weekday_name(day)}，不是周{found['weekday']}")
    return day


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
