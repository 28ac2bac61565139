"""What the office should know of how its indicators are scored: signs, ways and parts that cannot be as meant."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from assessment.fault import Path
from assessment.finding import Finding
from assessment.indicator import Direction, Indicator
from assessment.parameter import Parameter
from assessment.rulebook import Rulebook
from assessment.scoring_ways import CountMin, DeductFromFull, DeductOnly, FullIfNoTask, RatioOfTarget, TimeLimit
from assessment.targets import SplitSum, check_split


def find_indicator_warnings(rulebook: Rulebook) -> Iterator[Finding]:
    """Warnings on the indicators of a rulebook that can be used all the same; nothing is repaired."""
    for at, indicator in enumerate(rulebook.indicators):
        here: Path = ("指标", at)
        yield from _signs(indicator, here)
        yield from _no_proportion(indicator, (*here, "计分"))
        yield from _excess(check_split(indicator, rulebook.readings).dual_split, indicator, (*here, "双向分解"))
        yield from _twice(indicator, here)


def _signs(indicator: Indicator, path: Path) -> Iterator[Finding]:
    for key, parameter in _deductions(indicator):
        if parameter.value is not None and parameter.value > 0:
            where = path if key == "低于基本" else (*path, "计分")
            yield Finding((*where, key), f"“{key}”写的是正数 {parameter.value}", "扣分请写负数，写正数的不予计分")


def _deductions(indicator: Indicator) -> Iterable[tuple[str, Parameter[Decimal]]]:
    yield "低于基本", indicator.below_base
    match indicator.way:
        case CountMin(each_missing=each):
            yield "每缺一次", each
        case DeductOnly(each=each, lowest=lowest):
            yield "每次", each
            yield "最多扣", lowest
        case DeductFromFull(each=each) | FullIfNoTask(each=each):
            yield "每次", each
        case TimeLimit(each_day=each):
            yield "每逾期一日", each


def _no_proportion(indicator: Indicator, path: Path) -> Iterator[Finding]:
    if isinstance(indicator.way, RatioOfTarget) and indicator.direction is Direction.LOWER:
        yield Finding((*path, "方式"), "越小越好的指标没有完成比例", "请改用其他计分方式，否则不予计分")


def _excess(found: SplitSum | None, indicator: Indicator, path: Path) -> Iterator[Finding]:
    """The other half may cover only a part of the task, but not more than it."""
    if found is not None and found.gap is not None and found.gap < 0:
        what = f"双向分解合计 {found.parts}{indicator.unit}，超过任务 {found.target}{indicator.unit}"
        yield Finding(path, what, "请核对；与“分解”是同一任务，不相加")


def _twice(indicator: Indicator, path: Path) -> Iterator[Finding]:
    for key, parts in (("分解", indicator.split), ("双向分解", indicator.dual_split)):
        names = [part.unit for part in parts]
        for place, name in enumerate(names):
            if name in names[:place]:
                yield Finding((*path, key, place, "单位"), f"“{name}”前面已经分过", "请删去一处；按先写的一处计")
