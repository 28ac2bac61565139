"""Days as people write them: 下周五, 9月10日前, 9.10, 20260910, 月底, 三季度末, 五个工作日内. Never a guess."""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assessment.number_words import Number, scan_number
from assessment.periods import Frequency, Period
from assessment.typed_text import plain

AddWorkdays = Callable[[date, int], date]


class DayFault(StrEnum):
    """Why a day cannot be read. The values are keys, not wording."""

    NOT_A_DAY = "not a day"
    NO_SUCH_DAY = "no such day"
    HOLIDAY = "relative to a holiday"
    VAGUE = "vague"
    PAST = "past"


@dataclass(frozen=True)
class UnreadableDay:
    """A day that must be asked for again."""

    reason: DayFault
    written: str


_LONGEST_FIELD = 40
_AHEAD_AT_MOST = timedelta(days=183)
_N = r"[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_TAIL = r" ?(?:之前|以前|前完成|前报送|前|截止|为止|止)?[。.]?"
_HOLIDAY = re.compile("元旦|春节|过年|年前|年后|清明|五一|劳动节|端午|中秋|国庆|十一前|十一后|双节|节前|节后|假期|放假")
_VAGUE = re.compile("尽快|近期|近日|左右|上旬|中旬|下旬|月初|年初|年中|以后|之后|后$|大约|约|大概|几天|适时|早日|初$")


def read_day(text: str, today: date, add_workdays: AddWorkdays) -> date | UnreadableDay:
    """Read a field that names one day, seen from `today`; `前` includes the day. Never raises, whatever the text.

    A day without its year or month is the next such day, at most half a year ahead; `add_workdays(day, n)` is the
    n-th workday after a day. Holidays and 上旬 are refused, and so is a day that its month does not have.
    """
    field = plain(text)
    if len(field) > _LONGEST_FIELD:
        return UnreadableDay(DayFault.NOT_A_DAY, field)
    try:
        for pattern, meaning in _MEANINGS:
            found = pattern.fullmatch(field)
            if found is not None:
                day = meaning(found, today, add_workdays)
                return day if isinstance(day, date) else UnreadableDay(day, field)
    except (ValueError, OverflowError):
        return UnreadableDay(DayFault.NO_SUCH_DAY, field)
    if _HOLIDAY.search(field):
        return UnreadableDay(DayFault.HOLIDAY, field)
    return UnreadableDay(DayFault.VAGUE if _VAGUE.search(field) else DayFault.NOT_A_DAY, field)


Meaning = Callable[[re.Match[str], date, AddWorkdays], date | DayFault]


def _full_date(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    return _not_past(date(int(found[1]), _count(found[2]), _count(found[3])), today)


def _month_and_day(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    month, day = _count(found[1]), _count(found[2])
    if (month, day) == (2, 29) and not isleap(today.year):
        return _soon(date(today.year + 1, month, day), today)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else _soon(date(today.year + 1, month, day), today)


def _day_of_month(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    month, day = found[1], _count(found[2])
    if month:
        return _not_past(_months_on(today, 1 if month[0] in "下次" else 0, day), today)
    return _months_on(today, 0 if day >= today.day else 1, day)


def _month_end(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    named = found[1]
    if named and named[0] not in "本这当下次":
        month = _count(named)
        this_year = _last_of(today.year, month)
        return this_year if this_year >= today else _soon(_last_of(today.year + 1, month), today)
    first = _months_on(today, 1 if named and named[0] in "下次" else 0, 1)
    return _last_of(first.year, first.month)


def _quarter_end(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    named = found[1]
    current = Period.containing(today, Frequency.QUARTER)
    if not named or named[0] in "本这":
        return current.last_day
    if named.startswith("下"):
        return current.following().last_day
    quarter = _count(named.removeprefix("第"))
    wanted = Period(today.year, Frequency.QUARTER, quarter).last_day
    return wanted if wanted >= today else _soon(Period(today.year + 1, Frequency.QUARTER, quarter).last_day, today)


def _year_or_half_end(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    return _not_past(date(today.year, 6, 30) if found[1] == "上半年" else date(today.year, 12, 31), today)


def _weekday(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    week, weekday = found[1], "一二三四五六日".index(found[2].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    if week:
        return _not_past(monday + timedelta(days=weekday + 7 * week.count("下")), today)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _named_day(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    return today + timedelta(days={"今": 0, "当": 0, "明": 1, "次": 1, "后": 2, "大后": 3}[found[1]])


def _workdays_on(found: re.Match[str], today: date, add_workdays: AddWorkdays) -> date | DayFault:
    count = _count(found[1])
    return add_workdays(today, count) if count else DayFault.NOT_A_DAY


def _days_on(found: re.Match[str], today: date, _: AddWorkdays) -> date | DayFault:
    count = _count(found[1]) * (7 if found[2] in {"周", "星期"} else 1)
    return today + timedelta(days=count) if count else DayFault.NOT_A_DAY


def _not_past(day: date, today: date) -> date | DayFault:
    return day if day >= today else DayFault.PAST


def _soon(day: date, today: date) -> date | DayFault:
    """A day that has just gone by this year is not meant for next year, unless that is near."""
    return day if day - today <= _AHEAD_AT_MOST else DayFault.PAST


def _months_on(today: date, months: int, day: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    return date(today.year + years, month + 1, day)


def _last_of(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    return date(year, month, monthrange(year, month)[1])


def _count(written: str) -> int:
    number = scan_number(written, 0)
    return int(number.value) if isinstance(number, Number) and number.end == len(written) else 0


_MEANINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple(
    (re.compile(pattern + _TAIL), meaning)
    for pattern, meaning in (
        (r"(20[0-9]{2})([01][0-9])([0-3][0-9])", _full_date),
        (r"(20[0-9]{2})[-./]([0-9]{1,2})[-./]([0-9]{1,2})", _full_date),
        (rf"(20[0-9]{{2}})年({_N})月({_N})[日号]", _full_date),
        (rf"({_N})月({_N})[日号]?", _month_and_day),
        (r"([0-9]{1,2})[./-]([0-9]{1,2})[日号]?", _month_and_day),
        (rf"(本月|这个月|当月|下个?月|次月)?({_N})[日号]", _day_of_month),
        (rf"(本|这个?|当|下个?|次|{_N})?月[底末]", _month_end),
        (r"(本|这个?|下个?|第?[1-4一二三四])?(?:季度|季)[底末]", _quarter_end),
        (r"(上半年|年|本年|全年)(?:度)?[底末]", _year_or_half_end),
        (r"(本|这个?|下个?|下下)?(?:周|星期|礼拜)([一二三四五六日天])", _weekday),
        (r"(今|当|明|次|后|大后)[天日]", _named_day),
        (rf"({_N})个?工作日(?:之内|以内|内)", _workdays_on),
        (rf"({_N})个?(天|日|周|星期)(?:之内|以内|内)", _days_on),
    )
)
