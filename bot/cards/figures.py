"""Figures of indicators with their units, and how far they are from 基本任务 and 满分目标."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from assessment.notices.reporting import Change, FigureLine, ScoreLine
from assessment.points import show, show_points, tidy
from assessment.rulebook import Direction
from assessment.units_of_measure import PERCENT
from bot.cards.phrases import listed, said, wide
from bot.channels.card import quoted

NO_BASE = "基本任务未录入，暂不计分"


def number(value: Decimal) -> str:
    """The exact figure, however long; a minus that does not break from its digits."""
    text = f"{tidy(abs(value)):f}"
    return f"−{text}" if value < 0 else text


def amount(value: Decimal, unit: str) -> str:
    """A figure with its unit: 26%, 85万元/亩."""
    return f"{number(value)}{unit}"


def bare(value: Decimal, unit: str) -> str:
    """A figure whose unit stands beside it already; a share keeps its sign all the same."""
    return amount(value, unit) if unit == PERCENT else number(value)


def difference(value: Decimal, unit: str) -> str:
    """How far apart two figures are: 13.7, 20个百分点."""
    return f"{number(value)}个百分点" if unit == PERCENT else number(value)


def values_of(actual: Decimal | None, forecast: Decimal | None, unit: str) -> str:
    """完成85，预测155（万元/亩）; 完成26%，预测25%; 完成50.2人."""
    given = [(word, value) for word, value in (("完成", actual), ("预测", forecast)) if value is not None]
    if len(given) == 1:
        word, value = given[0]
        return f"{word}{amount(value, unit)}"
    written = "，".join(f"{word}{bare(value, unit)}" for word, value in given)
    return written if unit == PERCENT else f"{written}（{unit}）"


def against_time(gap: Decimal) -> str:
    """落后序时进度12.61个百分点; only of figures that add up over the year: a rate has no time progress."""
    return f"{'超' if gap >= 0 else '落后'}序时进度{show(abs(gap))}个百分点"


def shortfalls(
    value: Decimal, base: Decimal | None, full: Decimal | None, direction: Direction, unit: str
) -> tuple[str, ...]:
    """What `value` lacks to 基本任务 and 满分, or that it reaches them; nothing on a target that is not set."""
    if full is not None and _short(value, full, direction) <= 0:
        return (f"达到满分目标{bare(full, unit)}",)
    found = []
    for name, target in (("基本任务", base), ("满分", full)):
        if target is None:
            continue
        short = _short(value, target, direction)
        reached = f"达到{name}{bare(target, unit)}"
        found.append(f"距{name}{bare(target, unit)}差{difference(short, unit)}" if short > 0 else reached)
    return tuple(found)


def figure_line(line: FigureLine) -> str:
    """One indicator as it stands in a report, numbered so that 改 and 只收 can name it."""
    name = wide(line.name) + (f"（您写{said(line.written_as)}）" if line.written_as else " ")
    if line.nil_reason is not None:
        return f"{line.number}. {name}零报告"
    head = f"{line.number}. {name}{values_of(line.actual, line.forecast, line.unit)}"
    return "；".join([head, *_standing(line)])


def figure_lines(lines: Sequence[FigureLine]) -> tuple[str, ...]:
    """All of them; under a nil report the reason that was given, as it was written."""
    return tuple(_with_reasons(lines))


def changed(change: Change) -> str:
    """One figure amended: 更正：… 完成3.8→4.1万元/亩，原记录保留。"""
    return (
        f"更正：{wide(change.name)} {change.figure}{bare(change.old, change.unit)}→"
        f"{amount(change.new, change.unit)}，原记录保留。"
    )


def _with_reasons(lines: Sequence[FigureLine]) -> Iterable[str]:
    numbered = set[int]()
    for line in lines:
        text = figure_line(line)
        # The years of one indicator share its number, which stands at the first of them.
        yield (text if line.number not in numbered else f"　{text.partition('. ')[2]}") + "。"
        numbered.add(line.number)
        yield from quoted(line.nil_reason or "")


def _standing(line: FigureLine) -> Iterable[str]:
    by_forecast = line.forecast is not None and not line.year_over
    value, basis = (line.forecast, "按全年预测") if by_forecast else (line.actual, "按已完成")
    if value is not None:
        found = shortfalls(value, line.base, line.full, line.direction, line.unit)
        if found:
            yield basis + "，".join(found)
    if line.base is None and not line.own_way:
        yield NO_BASE


def _short(value: Decimal, target: Decimal, direction: Direction) -> Decimal:
    return target - value if direction is Direction.HIGHER else value - target


def score_lines(scores: Sequence[ScoreLine], total: Decimal | None) -> Iterable[str]:
    """自评：…16，…27（无任务），合计99; nothing where there is no self-score."""
    if scores:
        rows = "；".join(f"{wide(row.category)}{show_points(row.points)}{_without_task(row)}" for row in scores)
        yield f"自评：{rows}" + (f"；合计{show_points(total)}。" if total is not None else "。")


def _without_task(row: ScoreLine) -> str:
    if row.no_task:
        return "（无任务）"
    return f"（{listed(row.parts_without_task)}无任务）" if row.parts_without_task else ""
