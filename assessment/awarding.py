"""Awards 奖励: which are given in a year, who may be chosen, and what they cost. The service lists; people award.

Nothing is cut to a quota here: with more winners than places the row says so, and people decide.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal

from assessment.eligibility import Eligibility
from assessment.points import tidy
from assessment.rulebook import Award, Rulebook

_EXACT = Context(prec=MAX_PREC)


@dataclass(frozen=True)
class Choosable:
    """Who may be chosen for an award."""

    holders: tuple[int, ...]
    excluded: tuple[int, ...]
    """Those with the grade who may not be chosen because of a flag; their points stay."""
    quota: int | None
    """None where it is not limited or not set."""
    quota_unset: bool = False

    @property
    def too_many(self) -> int:
        """How many more may be chosen than there are places; people decide among them."""
        return 0 if self.quota is None else max(0, len(self.holders) - self.quota)


@dataclass(frozen=True)
class Row:
    """One award of the table, and what it costs. Without an amount in the rulebook there is no sum."""

    award: Award
    winners: tuple[int, ...]
    total: Decimal | None
    over_quota: int = 0
    """How many winners too many there are; nobody is left out by us."""


@dataclass(frozen=True)
class Sum:
    """What the awards in one currency come to; `complete` is False while an amount is not set."""

    currency: str
    total: Decimal
    complete: bool


@dataclass(frozen=True)
class RewardTable:
    """The awards of one year."""

    year: int
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    """By currency, in the order of the rulebook; amounts that are not set are not in them. A currency in which no
    amount is set has no sum, rather than 0.
    """
    unset: tuple[str, ...]
    """Names of awards with winners whose amount is not set."""
    stand_in: bool
    """Whether an amount is a stand-in, so that the sums are shown with ◇."""


def is_given_in(award: Award, year: int) -> bool:
    """Whether the award is given in `year`: every so many years, from its first on (R110)."""
    first = award.from_year if award.from_year is not None else year
    return year >= first and (year - first) % award.every_years == 0


def choosable(
    award: Award,
    *,
    grades: Mapping[int, str],
    groups: Mapping[int, str],
    standings: Mapping[int, Eligibility],
) -> Choosable:
    """Who may be chosen for `award`: of the kind it is for, with its grade where it names one, and not excluded.

    `grades` are those that people decided, `groups` the holders' peer groups. One without a standing has no flags.
    """
    fitting = [
        holder for holder, group in groups.items() if group == award.to and award.grade in (None, grades.get(holder))
    ]
    excluded = [holder for holder in fitting if holder in standings and not standings[holder].may_be_awarded]
    return Choosable(
        holders=tuple(holder for holder in fitting if holder not in excluded),
        excluded=tuple(excluded),
        quota=award.quota.value,
        quota_unset=award.quota.value is None and "quota" in award.model_fields_set,
    )


def reward_table(rulebook: Rulebook, winners: Mapping[str, Collection[int]], *, year: int) -> RewardTable:
    """The table of those awards that are given in `year`; `winners` by the name of the award.

    Raises KeyError for an award that the rulebook does not have or does not give in that year.
    """
    given = {award.name: award for award in rulebook.awards if is_given_in(award, year)}
    for name in winners:
        given[name]
    rows = tuple(_row(award, winners.get(name, ())) for name, award in given.items())
    costing = [row for row in rows if row.winners]
    currencies = dict.fromkeys(row.award.currency for row in costing if row.total is not None)
    return RewardTable(
        year=year,
        rows=rows,
        sums=tuple(_sum(currency, costing) for currency in currencies),
        unset=tuple(row.award.name for row in costing if row.total is None),
        stand_in=any(row.award.amount.stand_in is not None for row in costing),
    )


def _row(award: Award, winners: Collection[int]) -> Row:
    amount, quota = award.amount.value, award.quota.value
    return Row(
        award=award,
        winners=tuple(winners),
        total=None if amount is None else tidy(_EXACT.multiply(amount, Decimal(len(winners)))),
        over_quota=0 if quota is None else max(0, len(winners) - quota),
    )


def _sum(currency: str, rows: Collection[Row]) -> Sum:
    total = Decimal(0)
    totals = [row.total for row in rows if row.award.currency == currency]
    for amount in totals:
        total = total if amount is None else _EXACT.add(total, amount)
    return Sum(currency, tidy(total), complete=None not in totals)
