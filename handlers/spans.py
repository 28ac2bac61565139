"""Which stretch of the year a message means, 上半年, 二季度 or 8月, and which page of a list: 第2页."""

import re

from assessment.notices.results import ResultsNotDone, ResultsRefused
from assessment.periods import Frequency, Period
from assessment.periods_text import scan_period
from assessment.typed_text import plain
from handlers.turn import Turn
from storage.publications import YEAR

PAGE = 12
"""So many lines of a list stand on one card: what people still read, and what one message holds on any platform."""

_NTH_PAGE = re.compile(r"第 ?([0-9]{1,4}|[一二三四五六七八九十]) ?页")
_NUMERALS = "零一二三四五六七八九十"


def part_named(words: str, year: int) -> Period | None:
    """The part of a year that the words name; None for the year itself, and where they name none."""
    text = plain(words)
    for start in range(len(text)):
        found = scan_period(text, start, year)
        if found is not None:
            period = found[0].period
            return None if period.frequency is Frequency.YEAR else period
    return None


def page_named(words: str) -> tuple[int, str]:
    """The page that is asked for, the first where none is, and the words without it."""
    found = _NTH_PAGE.search(words)
    if found is None:
        return 1, words
    written = found[1]
    number = int(written) if written.isdecimal() else _NUMERALS.index(written)
    return max(number, 1), words[: found.start()] + words[found.end() :]


def pages_of(lines: int) -> int:
    """How many pages so many lines fill; an empty list has one."""
    return max(1, -(-lines // PAGE))


def span_of(part: Period | None) -> str:
    """What the year or its part is called in notices, and where publications are kept."""
    return YEAR if part is None else part.label()


def is_over(turn: Turn, part: Period, about: str) -> bool:
    """Whether that part of the year has ended; where not, the answer says from when on it will have."""
    if turn.today > part.last_day:
        return True
    day = part.following().first_day
    words = f"{part.label()}尚未结束，{day.month}月{day.day}日起"
    turn.reply(ResultsNotDone(about=about, why=ResultsRefused.PART_NOT_OVER, words=words))
    return False
