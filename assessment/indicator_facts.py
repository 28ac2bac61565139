"""What may be known of one indicator and one unit: figures, counts, days, and what people chose.

Nothing is judged here. A figure that nobody gave is None and never 0 (A20).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

Exact = Decimal | Fraction


@dataclass(frozen=True)
class Voucher:
    """A voucher 凭据 that was looked at, e.g. an invoice: its number as written, and the quantity on it."""

    number: str
    quantity: Decimal

    @property
    def key(self) -> str:
        """The same for every way of writing the number: Ａ２, a2, A 2."""
        return "".join(unicodedata.normalize("NFKC", self.number).split()).casefold()


@dataclass(frozen=True)
class IndicatorFacts:
    """All optional; each way of scoring reads only what concerns it. Figures are in the indicator's own unit."""

    value: Decimal | None = None
    """What the unit reported."""
    verified: Decimal | None = None
    """What a check on the spot or an office's ruling put in its place; both are kept (R84)."""
    last_year: Exact | None = None
    """上年数; `last_year_from` gives it where only the growth is known."""
    by_month: Mapping[int, int] = field(default_factory=dict)
    """How often in each month, 1 to 12; a month that is not in it is 未报, not 0."""
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    """By name: sub-counts, values of blocks, raters' values, cohorts."""
    choice: str | None = None
    """The name of the level that a person chose."""
    given: Decimal | None = None
    """The points that a person chose."""
    reason: str = ""
    """Why they chose so."""
    occurrences: int = 0
    """How often something happened that takes off points; what did not happen is 0 without anybody's saying so."""
    tasks: int | None = None
    """How many tasks there were; 0 is 无任务, None is 未报."""
    done: date | None = None
    """The day on which it was done."""
    vouchers: tuple[Voucher, ...] = ()
    contested: str = ""
    """Both figures in words, where two units gave different ones and nobody has ruled which is used (R72)."""

    def __post_init__(self) -> None:
        """Counts below 0, and months outside the year, are a programming error: ValueError."""
        if self.occurrences < 0 or (self.tasks is not None and self.tasks < 0):
            raise ValueError("a count below 0")
        if any(not 1 <= month <= 12 or times < 0 for month, times in self.by_month.items()):
            raise ValueError(f"not counts by month: {dict(self.by_month)}")

    @property
    def figure(self) -> Decimal | None:
        """What counts: the verified value where there is one, else the reported one."""
        return self.value if self.verified is None else self.verified


@dataclass(frozen=True)
class Verified:
    """Vouchers added up, each number once (A24)."""

    total: Fraction
    counted: tuple[Voucher, ...]
    repeated: tuple[str, ...]
    """Numbers that came more than once with the same quantity, as first written."""
    contradictory: tuple[str, ...]
    """Numbers that came with different quantities: nobody knows which is right, and none of them is counted."""


def add_up(vouchers: Iterable[Voucher]) -> Verified:
    """The sum of what the vouchers say; the order in which they come makes no difference to it."""
    by_number: dict[str, list[Voucher]] = {}
    for voucher in vouchers:
        by_number.setdefault(voucher.key, []).append(voucher)
    agreed = [same for same in by_number.values() if len({voucher.quantity for voucher in same}) == 1]
    counted = tuple(same[0] for same in agreed)
    return Verified(
        total=sum((Fraction(voucher.quantity) for voucher in counted), Fraction(0)),
        counted=counted,
        repeated=tuple(same[0].number for same in agreed if len(same) > 1),
        contradictory=tuple(same[0].number for same in by_number.values() if same not in agreed),
    )


def last_year_from(value: Exact, growth_percent: Exact) -> Fraction | None:
    """上年数 from this year's figure and its growth in per cent (R82): 6.81亿 and 14.4% are about 5.95亿.

    None for a fall by 100% and more, from which nothing can be told.
    """
    rate = 1 + Fraction(growth_percent) / 100
    return Fraction(value) / rate if rate > 0 else None


def increment_from(value: Exact, growth_percent: Exact) -> Fraction | None:
    """增量 from this year's figure and its growth in per cent (R82): about 0.8572亿; None as for last_year_from."""
    before = last_year_from(value, growth_percent)
    return None if before is None else Fraction(value) - before
