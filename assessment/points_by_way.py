"""The points of each way 计分方式, exactly as its part of the rulebook says; what a text leaves open is not filled in.

Each function takes what it needs from the worksheet, which raises when something is missing: with one parameter unset
nothing is scored. Only what never happened needs no value: without an occurrence nothing is taken off.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from operator import add

from assessment.clause import Range
from assessment.count_slots import Slots, fewest_missing, pace, slots
from assessment.indicator import Direction
from assessment.indicator_facts import IndicatorFacts, add_up
from assessment.scoring_ways import (
    Block,
    Blocks,
    Choice,
    CountMin,
    DeductFromFull,
    DeductOnly,
    Discretion,
    FullIfNoTask,
    Growth,
    GrowthBy,
    Judged,
    OneOf,
    Panel,
    RatedPlus,
    Rater,
    RatioOfTarget,
    Threshold,
    TimeLimit,
    VerifiedSum,
)
from assessment.worked_terms import NOTHING, Amount, Case, Term, exact_text
from assessment.worksheet import (
    CannotMark,
    Lack,
    Wanted,
    WhyNot,
    Worksheet,
    deduction,
    held,
    one_at_least,
    optional,
    refused,
    reported,
    require,
    setting,
    worth,
)

FIGURE = "完成数"
"""What is missing where nobody reported a figure."""


# Counts


def count_min(way: CountMin, facts: IndicatorFacts, sheet: Worksheet, months_passed: int) -> Term:
    """All counts reached earns 达到得分, anything less nothing; where 每缺一次 is written, it takes off instead.

    What is taken from 达到得分 ends at 0; without a 达到得分 it is a deduction that does not end. Before the year is
    over, the counts so far are held against the whole year, and the months so far against one time each.
    """
    total = reported("次数", _total(facts, months_passed))
    counts = [(total, setting(way, "at_least"))]
    counts += [
        (reported(part.name, facts.parts.get(part.name)), setting(part, "at_least", part.name)) for part in way.parts
    ]
    for has, wanted in counts:
        sheet.note(has.name, has, wanted)
    if total.number is not None and way.at_least.value is not None:
        sheet.pace = pace(ceil(way.at_least.value), floor(total.number), months_passed)
    places = slots(facts.by_month, months_passed) if way.monthly else Slots((), ())
    sheet.months_without = places.empty
    full, each = one_at_least(way, "full", "each_missing")
    unknown = [reported(f"{month}月次数", None) for month in places.unreported]
    require(*(one for pair in counts for one in pair), *unknown, full, each)
    compared = tuple(held(has, wanted) for has, wanted in counts)
    shortfalls = [ceil(pair.against.value - pair.figure.value) for pair in compared]
    missing = fewest_missing([*shortfalls, len(places.empty)])
    if each is None:
        return Case(compared, NOTHING if missing else worth(full))
    taken_off = deduction(each, missing)
    return Case(compared, taken_off if full is None else (full.amount + taken_off).at_least(NOTHING))


def _total(facts: IndicatorFacts, months_passed: int) -> Decimal | None:
    """What was said, else the months added up where none of them is missing; both must agree."""
    so_far = [facts.by_month[month] for month in range(1, months_passed + 1) if month in facts.by_month]
    if len(so_far) < months_passed or not so_far:
        return facts.figure
    if facts.figure is not None and facts.figure != sum(so_far):
        raise refused(f"合计{exact_text(Fraction(facts.figure))}与各月相加{sum(so_far)}不符")
    return Decimal(sum(so_far))


# Figures against a target


def threshold(way: Threshold, facts: IndicatorFacts, sheet: Worksheet, standard: Wanted, direction: Direction) -> Term:
    """The standard itself reaches (A1); of 达标分 and 未达标分 the one that is not written is 0."""
    has = reported(FIGURE, facts.figure)
    sheet.note(standard.name, has, standard, direction)
    reached, missed = one_at_least(way, "reached", "missed")
    require(has, standard, reached, missed)
    outcome = held(has, standard, direction)
    return Case((outcome,), worth(reached if outcome.reached else missed))


def ratio_of_target(
    way: RatioOfTarget, facts: IndicatorFacts, sheet: Worksheet, target: Wanted, direction: Direction
) -> Term:
    """In proportion, from 0 up to 最高, or to 满分 where no 最高 is written."""
    has = reported(FIGURE, facts.figure)
    sheet.note(target.name, has, target, direction)
    if direction is Direction.LOWER:
        raise refused("越小越好的指标没有完成比例，不能按比例得分")
    full, most = setting(way, "full"), optional(way, "most")
    require(has, target, full, most)
    return _share(has.amount, target, full, most or full)


def rated_plus(way: RatedPlus, facts: IndicatorFacts, sheet: Worksheet, standard: Wanted, direction: Direction) -> Term:
    """Nothing below the standard; beyond it 每超一 for each whole unit, up to 附加上限 where that is written."""
    has = reported(FIGURE, facts.figure)
    sheet.note(standard.name, has, standard, direction)
    rated, each_more, most = setting(way, "rated"), setting(way, "each_more"), optional(way, "most_more")
    require(has, standard, rated, each_more, most)
    outcome = held(has, standard, direction)
    if not outcome.reached:
        return Case((outcome,), NOTHING)
    beyond = floor(abs(has.amount.value - standard.amount.value))
    if not beyond:
        return Case((outcome,), rated.amount)
    more = each_more.amount * Amount(Fraction(beyond))
    return Case((outcome,), rated.amount + (more if most is None else more.at_most(most.amount)))


def growth(way: Growth, facts: IndicatorFacts, sheet: Worksheet, level: Wanted | None, direction: Direction) -> Term:
    """The growth's share of the target; no growth is 0. Where less is better, a fall is what counts.

    `level` is the figure that the unit is to reach, if one was set beside: what it takes to get there from last year
    is a target of growth, too, and the stricter of both binds (A15). An increment may start anywhere, below 0 too; a
    rate has no meaning over a base of 0 or less and is refused.
    """
    now, before = reported(FIGURE, facts.figure), reported("上年数", facts.last_year)
    goal, full = setting(way, "target"), setting(way, "full")
    require(now, before, goal if level is None else None, full)
    grown = sheet.step(way.by.value, _change(way, before.amount, now.amount, direction))
    if level is not None:
        goal = _stricter(goal, _as_growth(way, before.amount, level, sheet, direction))
    sheet.note(way.by.value, reported(way.by.value, grown.value), goal)
    return _share(grown, goal, full, full)


def _change(way: Growth, before: Amount, after: Amount, direction: Direction) -> Term:
    change = after - before if direction is Direction.HIGHER else before - after
    if way.by is GrowthBy.INCREMENT:
        return change
    if before.value <= 0:
        raise refused(f"上年数是{exact_text(before.value)}，没有增幅可算")
    return change / before * Amount(Fraction(100))


def _as_growth(way: Growth, before: Amount, level: Wanted, sheet: Worksheet, direction: Direction) -> Wanted:
    """What it takes from last year's figure to the level."""
    name = f"{level.name}折合{way.by.value}"
    plain = Amount(level.amount.value, "", level.stand_in)
    step = sheet.step(name, _change(way, before, plain, direction))
    return Wanted(name, step.value, WhyNot.UNSET, level.stand_in)


def _stricter(goal: Wanted, other: Wanted) -> Wanted:
    """Of two growths the larger one; the written goal where they are equal."""
    return other if goal.number is None or other.amount.value > goal.amount.value else goal


def verified_sum(way: VerifiedSum, facts: IndicatorFacts, sheet: Worksheet, target: Wanted) -> Term:
    """The vouchers' share of the target, from 0 up to 满分; one number counts once."""
    found = add_up(facts.vouchers)
    sheet.repeated_vouchers = found.repeated
    if found.contradictory:
        raise refused(f"凭据{'、'.join(found.contradictory)}前后数量不同，请核实")
    sheet.verified = found.total if facts.vouchers else None
    total, full = reported("核实合计", sheet.verified), setting(way, "full")
    sheet.note(target.name, total, target)
    require(total, target, full)
    amounts: list[Term] = [Amount(Fraction(voucher.quantity)) for voucher in found.counted]
    return _share(sheet.step(total.name, reduce(add, amounts)), target, full, full)


def _share(figure: Amount, target: Wanted, full: Wanted, most: Wanted) -> Term:
    if target.amount.value <= 0:
        raise refused(f"“{target.name}”须大于0，才能按比例得分")
    return (figure / target.amount * full.amount).at_most(most.amount).at_least(NOTHING)


# Deductions


def deduct_only(way: DeductOnly, facts: IndicatorFacts) -> Term:
    """Never more than 0, and not below 最多扣 where that is written."""
    if not facts.occurrences:
        return NOTHING
    each, lowest = setting(way, "each"), optional(way, "lowest")
    require(each, lowest)
    taken_off = deduction(each, facts.occurrences)
    return taken_off if lowest is None else taken_off.at_least(deduction(lowest))


def deduct_from_full(way: DeductFromFull | FullIfNoTask, times: int) -> Term:
    """Full marks less what each time takes off, down to 0."""
    full, each = setting(way, "full"), setting(way, "each") if times else None
    require(full, each)
    return full.amount if each is None else (full.amount + deduction(each, times)).at_least(NOTHING)


def full_if_no_task(way: FullIfNoTask, facts: IndicatorFacts) -> Term:
    """Without a task full marks; nobody's saying how many there were is 未报."""
    require(reported("任务件数", None if facts.tasks is None else Decimal(facts.tasks)))
    if facts.tasks is not None and facts.occurrences > facts.tasks:
        raise refused(f"任务{facts.tasks}件，未按要求办理的却有{facts.occurrences}件")
    return deduct_from_full(way, facts.occurrences)


# Time


def time_limit(way: TimeLimit, facts: IndicatorFacts) -> Term:
    """Until 24:00 of the day is in time; later it is 逾期分 and 每逾期一日 a calendar day. What is not written is 0."""
    in_time, late, each_day = one_at_least(way, "in_time", "late", "each_day")
    done, limit = facts.done, way.by.value
    on = reported("完成日期", None if done is None else Decimal(done.toordinal()))
    by = Wanted("期限", None if limit is None else Decimal(limit.toordinal()), WhyNot.UNSET, bool(way.by.stand_in))
    require(on, by, in_time, late, each_day)
    assert done is not None
    assert limit is not None
    days_late = (done - limit).days
    said = f"{_day(done)}完成，期限{_day(limit)}{way.by.mark}"
    if days_late <= 0:
        return Case((replace(held(on, by, Direction.LOWER), words=said),), worth(in_time))
    because = (replace(held(on, by, Direction.LOWER), words=f"{said}，逾期{days_late}日"),)
    if each_day is None:
        return Case(because, worth(late))
    by_day = deduction(each_day, days_late)
    return Case(because, by_day if late is None else late.amount + by_day)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# What people choose


def one_of(way: OneOf, facts: IndicatorFacts) -> Term:
    """The one level that was chosen."""
    return _chosen(way.choices, facts)


def discretion(way: Discretion, facts: IndicatorFacts) -> Term:
    """What was given, if it lies within the span, both ends included, and a reason is written."""
    return _given(facts, way.span, "酌定")


def judged(way: Judged, facts: IndicatorFacts) -> Term:
    """A level where there are levels, else points from 0 to full marks; never without a reason."""
    if way.levels:
        level = _chosen(way.levels, facts)
        _must_say_why(facts)
        return level
    full = setting(way, "full")
    require(full)
    span = Range(lowest=Decimal(0), highest=max(Decimal(0), way.full.value or Decimal(0)))
    return _given(facts, span, "评定").at_most(full.amount)


def _chosen(levels: Sequence[Choice], facts: IndicatorFacts) -> Term:
    names = "、".join(level.name for level in levels)
    if facts.choice is None:
        raise CannotMark(Lack(WhyNot.UNDECIDED, f"须在{names}中选定一档"))
    level = next((level for level in levels if level.name == facts.choice), None)
    if level is None:
        raise refused(f"没有“{facts.choice}”这一档，只有{names}")
    points = setting(level, "points", level.name)
    require(points)
    return replace(points.amount, name=level.name)


def _given(facts: IndicatorFacts, span: Range, name: str) -> Term:
    bounds = f"{exact_text(Fraction(span.lowest))}至{exact_text(Fraction(span.highest))}"
    if facts.given is None:
        raise CannotMark(Lack(WhyNot.UNDECIDED, f"须在{bounds}分之间给定"))
    if not span.holds(facts.given):
        raise refused(f"{exact_text(Fraction(facts.given))}超出{bounds}，请重填")
    _must_say_why(facts)
    return Amount(Fraction(facts.given), name)


def _must_say_why(facts: IndicatorFacts) -> None:
    if not facts.reason.strip():
        raise refused("没有写明理由")


# Weighted parts


def weighted(way: Panel | Blocks, facts: IndicatorFacts) -> Term:
    """Each rater's or block's value, from 0 to full marks, by its weight.

    The weights are taken as they stand: where they do not add up to 1, assessment.indicator_checks says so, and nothing
    is normalised.
    """
    members: Sequence[Rater | Block] = way.raters if isinstance(way, Panel) else way.blocks
    full = setting(way, "full")
    scores = [Wanted(member.name, facts.parts.get(member.name), WhyNot.UNREPORTED) for member in members]
    weights = [setting(member, "weight", member.name) for member in members]
    require(*scores, full, *weights)
    for score in scores:
        if not 0 <= score.amount.value <= full.amount.value:
            bounds = f"0至{exact_text(full.amount.value)}"
            raise refused(f"{score.name}{exact_text(score.amount.value)}超出{bounds}，请重填")
    parts = [score.amount * replace(weight.amount, name="权重") for score, weight in zip(scores, weights, strict=True)]
    return reduce(add, parts)
