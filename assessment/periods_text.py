"""Report periods as people write them: 7月, 1—7月, 一至七月, 三季度, 上半年, 2010年7月."""

import re
from dataclasses import dataclass, field
from datetime import date

from assessment.number_words import Number, scan_number
from assessment.periods import Frequency, Period
from assessment.typed_text import plain

_NUMBER = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_TO = " ?[-–—~〜−至到]{1,2} ?"
_YEAR = r"(?P<year>(?:20)?[0-9]{2})年(?:度)?"
_TEXT = re.compile(
    rf"(?:{_YEAR})?(?:"
    rf"(?:(?P<from>{_NUMBER})(?:月份?)?{_TO})?(?P<month>{_NUMBER})月(?P<part>份|底|末)?(?![0-9]{{1,2}}[日号])"
    rf"|(?P<quarters>前|(?:1|一){_TO})?第?(?P<quarter>[1-4一二三四])(?:个?季度|季)(?P<quarter_part>末)?"
    r"|(?P<half>[上下])半年"
    r")"
)
_NAME = re.compile(r"(?:20[0-9]{2})(?:-(?:0[1-9]|1[0-2])|[Qq][1-4]|[Hh][12])(?![-0-9])")
_WHOLE_YEAR = re.compile(r"(20[0-9]{2})年度?(?!\s?[0-9一二三四五六七八九十]+月)")
_MAY_BEGIN = frozenset("0123456789一二三四五六七八九十前第上下")


@dataclass(frozen=True)
class NamedPeriod:
    """A period that a text names; `cumulative` when figures run from the start of the year (1—7月)."""

    period: Period
    cumulative: bool = False
    one_month: bool = field(default=False, compare=False)
    """Only the month was written (7月), neither its end (7月底) nor where counting began (1—7月)."""

    def is_asked(self, period: Period, *, cumulative: bool) -> bool:
        """Whether it is the period of a duty: 7月 and 1—7月 are one where the duty is cumulative."""
        if not cumulative:
            return self.period == period and (not self.cumulative or self.period.index == 1)
        from_new_year = self.cumulative or self.period.first_day == date(self.period.year, 1, 1)
        return self.period == period or (from_new_year and self.period.last_day == period.last_day)


def read_period(text: str, year: int) -> NamedPeriod | None:
    """Read a field that names one period, in `year` unless it names its own; None for anything else."""
    field = plain(text)
    found = scan_period(field, 0, year)
    return found[0] if found is not None and found[1] == len(field) else None


def scan_period(text: str, start: int, year: int) -> tuple[NamedPeriod, int] | None:
    """The period that begins at `start` of plain text, with the place behind it; None where none begins there."""
    if text[start : start + 1] not in _MAY_BEGIN:
        return None
    name = _NAME.match(text, start)
    if name is not None:
        return NamedPeriod(Period.parse(name[0].upper())), name.end()
    found = _TEXT.match(text, start)
    if found is not None:
        period = _period(found, year)
        return None if period is None else (period, found.end())
    whole = _WHOLE_YEAR.match(text, start)
    return None if whole is None else (NamedPeriod(Period(int(whole[1]), Frequency.YEAR, 1)), whole.end())


def _period(found: re.Match[str], year: int) -> NamedPeriod | None:
    if found["year"]:
        year = int(found["year"][-2:]) + 2000
    if found["half"]:
        return NamedPeriod(Period(year, Frequency.HALF, "上下".index(found["half"]) + 1))
    if found["quarter"]:
        return NamedPeriod(Period(year, Frequency.QUARTER, _count(found["quarter"])), bool(found["quarters"]))
    month, first = _count(found["month"]), _count(found["from"]) if found["from"] else None
    if not 1 <= month <= 12 or first not in (None, 1) or first == month:
        return None
    one_month = first is None and found["part"] not in ("底", "末")
    return NamedPeriod(Period(year, Frequency.MONTH, month), first is not None, one_month)


def _count(written: str) -> int:
    """A small whole number in either writing; 0 where it is malformed."""
    number = scan_number(written, 0)
    return int(number.value) if isinstance(number, Number) and number.end == len(written) else 0
