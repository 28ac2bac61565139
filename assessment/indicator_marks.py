"""What an indicator earns 指标得分, or why nobody can say: pure, exact, and with the arithmetic to show.

未报 is never 0 (A20), an unset parameter is never guessed, and what only a person may decide is never computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add

from assessment import points_by_way as by_way
from assessment.count_slots import Pace
from assessment.figures import Figures, figures
from assessment.indicator import CohortsMake, Indicator
from assessment.indicator_facts import Exact, IndicatorFacts
from assessment.readings import Readings
from assessment.scoring_ways import (
    Blocks,
    CountMin,
    DeductFromFull,
    DeductOnly,
    Discretion,
    FullIfNoTask,
    Growth,
    Judged,
    OneOf,
    Panel,
    RatedPlus,
    RatioOfTarget,
    Threshold,
    TimeLimit,
    VerifiedSum,
)
from assessment.submission import Figure, Slot
from assessment.targets import Target, TargetFrom, binding_target
from assessment.worked_terms import Amount, Term
from assessment.worksheet import (
    POINTS,
    CannotMark,
    Lack,
    Met,
    Step,
    Wanted,
    WhyNot,
    Worksheet,
    is_written,
    refused,
    reported,
    setting,
)

__all__ = ["IndicatorMark", "Lack", "Met", "Step", "WhyNot", "mark_indicator"]


@dataclass(frozen=True)
class IndicatorMark:
    """One indicator of one unit. Everything is exact; whoever shows it rounds (A16)."""

    indicator: str
    points: Fraction | None
    lacks: tuple[Lack, ...]
    """Why there are no points; empty exactly where there are some."""
    stand_in: bool
    """Whether the points rest on a stand-in: they are then shown with ◇."""
    steps: tuple[Step, ...]
    """The arithmetic; the last step's value is the points."""
    met: tuple[Met, ...]
    """What was to be reached, and how far it is; also where there are no points."""
    target: Target
    """The target that binds, with the own and the assigned one beside it."""
    pace: Pace | None = None
    """Of counts: where they should stand by now."""
    months_without: tuple[int, ...] = ()
    """Of a duty of every month: the months in which nothing was done."""
    repeated_vouchers: tuple[str, ...] = ()
    """Voucher numbers that came more than once and were counted once (A24)."""
    reported: Decimal | None = None
    verified: Exact | None = None
    """Both kept where they differ (R84); the verified one counts."""

    @property
    def difference(self) -> Fraction | None:
        """Verified less reported, where there are both."""
        if self.reported is None or self.verified is None:
            return None
        return Fraction(self.verified) - Fraction(self.reported)


def mark_indicator(
    indicator: Indicator,
    facts: IndicatorFacts,
    readings: Readings,
    *,
    months_passed: int = 12,
    unit: str | None = None,
) -> IndicatorMark:
    """Mark one indicator, by what is known after so many months of the year (0 to 12).

    Before the year is over, each figure is taken as if it were the year's result; counts have their pace beside it.
    `unit` is the name of the unit that is marked; where the target is split, it is held to its own part.
    """
    target = binding_target(indicator, readings, unit=unit)
    sheet = Worksheet()
    term: Term | None = None
    lacks: tuple[Lack, ...] = ()
    try:
        term = _term(indicator, facts, readings, target, sheet, months_passed, unit)
        sheet.step(POINTS, term)
    except CannotMark as reason:
        lacks = reason.lacks
    return IndicatorMark(
        indicator=indicator.id,
        points=None if term is None else term.value,
        lacks=lacks,
        stand_in=any(step.term.stand_in for step in sheet.steps) or _chosen_for_now(indicator, term),
        steps=tuple(sheet.steps),
        met=tuple(sheet.met),
        target=target,
        pace=sheet.pace,
        months_without=sheet.months_without,
        repeated_vouchers=sheet.repeated_vouchers,
        reported=facts.value,
        verified=facts.verified if sheet.verified is None else sheet.verified,
    )


def _term(
    indicator: Indicator,
    facts: IndicatorFacts,
    readings: Readings,
    target: Target,
    sheet: Worksheet,
    months_passed: int,
    unit: str | None,
) -> Term:
    if facts.contested:
        raise CannotMark(Lack(WhyNot.CONTESTED, facts.contested))
    way, direction = indicator.way, indicator.direction
    match way:
        case None:
            return _between_base_and_full(indicator, facts, readings, sheet, months_passed, unit)
        case CountMin():
            return by_way.count_min(way, facts, sheet, months_passed)
        case Threshold():
            return by_way.threshold(way, facts, sheet, _goal(way, "standard", target), direction)
        case RatioOfTarget():
            return by_way.ratio_of_target(way, facts, sheet, _goal(way, "target", target), direction)
        case RatedPlus():
            return by_way.rated_plus(way, facts, sheet, _goal(way, "standard", target), direction)
        case Growth():
            return by_way.growth(way, facts, sheet, _level(target), direction)
        case VerifiedSum():
            return by_way.verified_sum(way, facts, sheet, _goal(way, "target", target))
        case DeductOnly():
            return by_way.deduct_only(way, facts)
        case DeductFromFull():
            return by_way.deduct_from_full(way, facts.occurrences)
        case FullIfNoTask():
            return by_way.full_if_no_task(way, facts)
        case TimeLimit():
            return by_way.time_limit(way, facts)
        case OneOf():
            return by_way.one_of(way, facts)
        case Discretion():
            return by_way.discretion(way, facts)
        case Judged():
            return by_way.judged(way, facts)
        case Panel() | Blocks():
            return by_way.weighted(way, facts)


def _goal(way: Threshold | RatioOfTarget | RatedPlus | VerifiedSum, field_name: str, target: Target) -> Wanted:
    """A unit's own part before what the way writes, and that before the target of the indicator as a whole."""
    unwritten = not is_written(way, field_name)
    elsewhere = target.base.is_set or target.source is not TargetFrom.BASE
    if target.is_a_part or (unwritten and elsewhere):
        return Wanted(target.name, target.base.value, WhyNot.UNSET, bool(target.base.stand_in))
    return setting(way, field_name)


def _level(target: Target) -> Wanted | None:
    """The figure that a unit is to reach, its own part of it or what was set for all, where there is one."""
    base = target.base
    return Wanted(target.name, base.value, WhyNot.UNSET, bool(base.stand_in)) if base.is_set else None


def _between_base_and_full(
    indicator: Indicator,
    facts: IndicatorFacts,
    readings: Readings,
    sheet: Worksheet,
    months_passed: int,
    unit: str | None,
) -> Term:
    """As assessment.figures has it. Each cohort has points of its own; one result they make only as the office says."""
    found = _figures(indicator, facts, readings, months_passed, unit)
    for each in found:
        for name, wanted in ((each.target.name, each.target.base), ("满分目标", each.target.full)):
            has = reported(by_way.FIGURE, each.by_actual.value)
            asked = f"{each.cohort or ''}{name}"
            sheet.note(asked, has, Wanted(asked, wanted.value, WhyNot.UNSET), indicator.direction)
    missing = [Lack(WhyNot.UNREPORTED, each.cohort or by_way.FIGURE) for each in found if each.by_actual.value is None]
    unset = [Lack(WhyNot.UNSET, name) for name in dict.fromkeys(name for each in found for name in each.unset)]
    if any(each.by_actual.working is None and each.by_actual.value is not None and not each.unset for each in found):
        raise refused("基本任务、满分目标与方向不符，或“低于基本”写成了正数")
    terms = [each.by_actual.working for each in found if each.by_actual.working is not None]
    if indicator.cohorts:
        names = [each.cohort for each in found if each.by_actual.working is not None]
        terms = [sheet.step(f"{name}得分", term) for name, term in zip(names, terms, strict=True)]
        if not indicator.cohorts_make.is_set:
            unset.append(Lack(WhyNot.UNSET, "分组合成"))
    if missing or unset:
        raise CannotMark(*missing, *unset)
    return _together(indicator, terms)


def _chosen_for_now(indicator: Indicator, term: Term | None) -> bool:
    return term is not None and bool(indicator.cohorts) and indicator.cohorts_make.stand_in is not None


def _together(indicator: Indicator, terms: Sequence[Term]) -> Term:
    """The one result of several cohorts; a single figure is its own."""
    made = indicator.cohorts_make
    match made.value:
        case CohortsMake.MEAN:
            return reduce(add, terms) / Amount(Fraction(len(terms)), "组数")
        case CohortsMake.LOWEST:
            lowest = min(terms, key=lambda term: term.value)
            return Amount(lowest.value, "最低组", lowest.stand_in)
        case CohortsMake.SUM:
            return reduce(add, terms)
        case None:
            return terms[0]


def _figures(
    indicator: Indicator, facts: IndicatorFacts, readings: Readings, months_passed: int, unit: str | None
) -> tuple[Figures, ...]:
    values = {
        Slot(indicator.id, Figure.ACTUAL, cohort.name): facts.parts[cohort.name]
        for cohort in indicator.cohorts
        if cohort.name in facts.parts
    }
    if facts.figure is not None:
        values[Slot(indicator.id, Figure.ACTUAL)] = facts.figure
    return figures(indicator, values, months_passed=months_passed, readings=readings, unit=unit)
