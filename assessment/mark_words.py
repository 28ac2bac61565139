"""A mark in words: what was reached, which target binds, the arithmetic, and why there are no points."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from assessment.indicator_marks import IndicatorMark
from assessment.readings import BothTargets
from assessment.targets import Target
from assessment.worked_terms import Amount, exact_text, term_in_words
from assessment.worksheet import POINTS, Met, Step, WhyNot


def in_words(mark: IndicatorMark) -> tuple[str, ...]:
    """One line for each thing to say, in the order in which people ask; figures without their unit of measure."""
    return tuple(_lines(mark))


def _lines(mark: IndicatorMark) -> Iterator[str]:
    yield from (_reached(met, counted=mark.pace is not None) for met in mark.met)
    if mark.pace is not None and mark.pace.month < 12 and mark.pace.behind:
        yield f"{mark.pace.month}月底应完成{mark.pace.due}次，落后{mark.pace.behind}次"
    if mark.months_without:
        yield f"没有的月份：{'、'.join(f'{month}月' for month in mark.months_without)}"
    yield from _both_targets(mark.target)
    if mark.repeated_vouchers:
        yield f"{'、'.join(mark.repeated_vouchers)}重复，只计一次"
    yield from _reported_and_verified(mark)
    yield from (step_in_words(step) for step in mark.steps)
    yield from _reasons(mark)


def step_in_words(step: Step) -> str:
    """拟计分：155÷目标168.7×满分5≈4.59; of what was chosen, 拟计分：规范，1分."""
    if step.name == POINTS and isinstance(step.term, Amount):
        return f"{step.name}：{_chosen(step.term)}"
    return f"{step.name}：{term_in_words(step.term)}"


def _chosen(amount: Amount) -> str:
    """Points that no arithmetic leads to: what they are given for stands before them."""
    what = f"{amount.name}，" if amount.name else ""
    return f"{what}{exact_text(amount.number)}分{'◇' if amount.is_stand_in else ''}"


def _reached(met: Met, *, counted: bool) -> str:
    if met.has is None or met.short is None:
        return f"{met.name}{exact_text(met.wanted)}，未报"
    rest = f"还差{exact_text(met.short)}" if met.short else "已达到"
    if counted:
        return f"{met.name}{exact_text(met.has)}（应达到{exact_text(met.wanted)}），{rest}"
    return f"完成{exact_text(met.has)}，{met.name}{exact_text(met.wanted)}，{rest}"


def _both_targets(target: Target) -> Iterable[str]:
    """Nothing where there is only one."""
    if not target.differ or target.own is None or target.assigned is None or target.base.value is None:
        return
    own, assigned, binding = (
        exact_text(Fraction(figure)) for figure in (target.own, target.assigned, target.base.value)
    )
    how = "较严的" if target.reading is BothTargets.STRICTER else ""
    part = "；本单位任务" if target.is_a_part else f"，按{how}"
    yield f"自定{own}，下达{assigned}{part}{binding}{'' if target.is_a_part else '计'}"


def _reported_and_verified(mark: IndicatorMark) -> Iterable[str]:
    if mark.reported is None or mark.verified is None or not mark.difference:
        return
    verified = exact_text(Fraction(mark.verified))
    yield f"上报{exact_text(Fraction(mark.reported))}，核实{verified}，差{exact_text(mark.difference)}"


def _reasons(mark: IndicatorMark) -> Iterable[str]:
    for why in WhyNot:
        named = [lack.what for lack in mark.lacks if lack.why is why]
        if named:
            yield f"{why}：{'、'.join(named)}"
