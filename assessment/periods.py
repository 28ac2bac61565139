"""Report periods as values with a name: 2026-07, 2026-W10, 2026Q3, 2026H2, 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self


class Frequency(StrEnum):
    """How often a duty recurs, in the rulebook's own word."""

    WEEK = "周"
    MONTH = "月"
    QUARTER = "季"
    HALF = "半年"
    YEAR = "年"


_NAME = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})|-W(?P<week>[0-9]{2})|Q(?P<quarter>[1-4])|H(?P<half>[12]))?"
)
_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF: 6, Frequency.YEAR: 12}
_IN_YEAR = {Frequency.MONTH: 12, Frequency.QUARTER: 4, Frequency.HALF: 2, Frequency.YEAR: 1}


@dataclass(frozen=True, order=True)
class Period:
    """One report period: the `index`-th (from 1) of its frequency in `year`. Weeks are ISO weeks."""

    year: int
    frequency: Frequency
    index: int

    def __post_init__(self) -> None:
        last = _weeks_of(self.year) if self.frequency is Frequency.WEEK else _IN_YEAR[self.frequency]
        if not 1 <= self.index <= last:
            raise ValueError(f"{self.year} has no {self.frequency} {self.index}")

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read a period's name; raise ValueError for anything that is not one."""
        found = _NAME.fullmatch(name)
        if found is None:
            raise ValueError(f"{name!r} is no period: expected 2026-07, 2026-W10, 2026Q3, 2026H2 or 2026")
        year = int(found["year"])
        for frequency, group in (
            (Frequency.MONTH, "month"),
            (Frequency.WEEK, "week"),
            (Frequency.QUARTER, "quarter"),
            (Frequency.HALF, "half"),
        ):
            if found[group] is not None:
                return cls(year, frequency, int(found[group]))
        return cls(year, Frequency.YEAR, 1)

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> Self:
        """The period of `frequency` in which `day` lies."""
        if frequency is Frequency.WEEK:
            iso = day.isocalendar()
            return cls(iso.year, frequency, iso.week)
        return cls(day.year, frequency, (day.month - 1) // _MONTHS[frequency] + 1)

    @property
    def name(self) -> str:
        """The stable name that files, tables and people use."""
        match self.frequency:
            case Frequency.WEEK:
                return f"{self.year}-W{self.index:02}"
            case Frequency.MONTH:
                return f"{self.year}-{self.index:02}"
            case Frequency.QUARTER:
                return f"{self.year}Q{self.index}"
            case Frequency.HALF:
                return f"{self.year}H{self.index}"
            case Frequency.YEAR:
                return f"{self.year}"

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        if self.frequency is Frequency.WEEK:
            return date.fromisocalendar(self.year, self.index, 1)
        return date(self.year, (self.index - 1) * _MONTHS[self.frequency] + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the period, itself included."""
        return self.following().first_day - timedelta(days=1)

    def following(self) -> "Period":
        """The next period of the same frequency."""
        last = _weeks_of(self.year) if self.frequency is Frequency.WEEK else _IN_YEAR[self.frequency]
        if self.index < last:
            return Period(self.year, self.frequency, self.index + 1)
        return Period(self.year + 1, self.frequency, 1)

    def label(self, *, cumulative: bool = False) -> str:
        """The period as an office writes it: 7月, or 1—7月 where figures run from the start of the year."""
        match self.frequency:
            case Frequency.WEEK:
                return f"第{self.index}周"
            case Frequency.MONTH:
                return f"1—{self.index}月" if cumulative and self.index > 1 else f"{self.index}月"
            case Frequency.QUARTER:
                return f"{'一二三四'[self.index - 1]}季度"
            case Frequency.HALF:
                return f"{'上下'[self.index - 1]}半年"
            case Frequency.YEAR:
                return f"{self.year}年"


def _weeks_of(year: int) -> int:
    return date(year, 12, 28).isocalendar().week
