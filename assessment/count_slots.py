"""Counts 次数 against a yearly minimum: the sub-counts, the months that stand empty, and the pace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Where a count of the year should stand at the end of a month, spread evenly."""

    month: int
    due: int
    """Whole times that should have been done by then."""
    behind: int
    """How many fewer there are; 0 when there are enough."""


def pace(at_least: int, times: int, month: int) -> Pace:
    """9月底应完成9次，落后4次. A time that is not due in full does not count: of 4 a year, 2 at the end of July."""
    due = at_least * month // 12
    return Pace(month, due, max(0, due - times))


@dataclass(frozen=True)
class Slots:
    """The months of a duty of every month."""

    empty: tuple[int, ...]
    """Months of which it is known that nothing was done."""
    unreported: tuple[int, ...]
    """Months of which nothing is known."""


def slots(by_month: Mapping[int, int], months_passed: int) -> Slots:
    """What each month so far holds; months to come are neither empty nor unreported."""
    so_far = range(1, months_passed + 1)
    return Slots(
        empty=tuple(month for month in so_far if by_month.get(month) == 0),
        unreported=tuple(month for month in so_far if month not in by_month),
    )


def fewest_missing(shortfalls: Iterable[int]) -> int:
    """How many further times would complete it at least: one time may fill several gaps, so gaps are not added up."""
    return max((0, *shortfalls))
