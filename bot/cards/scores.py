"""Scores, lines, gaps and the own place. 核定 and 暂计 are always apart, and no figure stands without its label."""

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal

from assessment.notices import (
    FigureBlock,
    GapLine,
    Gaps,
    OwnRank,
    PointLine,
    PointsBlock,
    ScoreLines,
    ScoreTold,
    WhyWhich,
)
from assessment.notices.scores import CategoryLine, StageBlock, StageCell
from assessment.points import show, show_points
from assessment.scorecard import Status
from bot.cards.dispatch import card_of
from bot.cards.figures import NO_BASE, against_time, amount, bare, difference
from bot.cards.phrases import (
    change,
    clause_named,
    edition,
    holder,
    listed,
    saying,
    signed,
    stand_in_explained,
    total,
    wide,
)
from bot.cards.times import clock, through
from bot.channels.card import Button, Card

_FEW = 3
"""So many lines, the dearest first, go with a score; 明细 shows them all."""

_SETTLED = frozenset({Status.REVERSED.value, Status.REVERSAL.value, Status.SUPPRESSED.value})
"""What no longer costs anything is read in 明细."""

_TARGETS = ("基本任务", "满分")
_ORDINALS = "一二三四五六七八九十"

Sentence = Callable[[GapLine], Iterable[str]]


@card_of.register
def score_told(notice: ScoreTold, zone: tzinfo) -> Card:
    """The score in the second line, then where it comes from; one block a programme."""
    blocks = list(_blocks(notice.points, lambda block: _dearest(block, zone)))
    named = {edition(block.programme, block.version) for block in notice.points}
    figures = [text for figure in notice.figures for text in _figure_block(figure, _labelled, named)]
    stages = [text for block in notice.stages for text in _stage_block(block)]
    if not blocks and not figures and not stages:
        return saying(f"{notice.unit}目前没有得分记录。")
    more = (("明细", notice.points), ("差距", notice.figures))
    why = [Button("为什么", f"为什么 {line.entry}") for block in notice.points for line in _costly(block)]
    buttons = (*why[:1], *(Button(word, f"{word} {notice.unit}") for word, there in more if there))
    title = f"{notice.unit}得分{_as_of(notice, zone)}"
    marks = _marks(notice.points, notice.figures) or stand_in_explained(*(block.mark for block in notice.stages))
    return Card(title, (*blocks, *stages, *figures), buttons=buttons, note=marks)


@card_of.register
def score_lines(notice: ScoreLines, zone: tzinfo) -> Card:
    """Every line, with what became of it."""
    if not notice.points:
        return saying(f"{notice.unit}目前没有记分明细。")
    entries = [line.entry for block in notice.points for line in block.lines]
    return Card(
        f"{notice.unit}记分明细（截至{clock(notice.now, zone)}）",
        tuple(_blocks(notice.points, lambda block: _all_lines(block, zone))),
        note=f"查看依据请回复“为什么 编号”，如“为什么 {entries[0]}”。" if entries else "",
    )


@card_of.register
def why_which(notice: WhyWhich, zone: tzinfo) -> Card:
    """Several lines are of so many points: each with its number, which is what to type."""
    lines = tuple(point_line(line, zone) for line in notice.lines)
    title = f"{notice.unit}{notice.points}共{len(lines)}条，请写明是哪一条"
    return Card(title, lines, note=f"查看依据请回复“为什么 编号”，如“为什么 {notice.lines[0].entry}”。")


@card_of.register
def gaps(notice: Gaps, _zone: tzinfo) -> Card:
    """What is lacking to 基本任务 and to 满分, by what is done and by the forecast."""
    if not notice.figures:
        return saying(f"{notice.unit}目前没有可比对的指标。")
    lines = tuple(text for block in notice.figures for text in _figure_block(block, _lacking))
    return Card(f"{notice.unit}指标差距", lines, note=_marks((), notice.figures))


@card_of.register
def own_rank(notice: OwnRank, _zone: tzinfo) -> Card:
    """The own place and nobody else's."""
    title = f"{notice.unit}名次"
    measure = f"依据{edition(notice.programme, '')}。"
    if notice.place is None:
        return Card(title, ("名次尚未公布，或暂不能排定。", measure))
    tied = "（并列）" if notice.tied else ""
    points = f"，核定总分{total(notice.total)}" if notice.total is not None else ""
    line = f"在{notice.peers}{notice.of}家中列第{notice.place}名{tied}{points}。"
    estimated = ("部分总分为暂估，名次为暂定。",) if notice.estimated else ()
    return Card(title, (line, *estimated, measure), note="全部名次在公布后可查。")


def point_line(line: PointLine, zone: tzinfo) -> str:
    """Points, clause, fact, and in brackets the number with what became of it; what is not confirmed is 拟扣."""
    fact = f"；{line.fact}" if line.fact else ""
    standing = "，".join((line.entry, *_standing(line, zone)))
    waiting = line.status == Status.PROVISIONAL.value
    points = change(line.points, proposed=True) if waiting else signed(line.points)
    return f"{points}，{clause_named(line.cite, line.clause)}{fact}（{standing}）。"


def covered(by: str) -> str:
    """Why a point does not count beside a larger one on the same matter."""
    return f"同一事项取最高，以{by}为准，此项不另计"


def _as_of(notice: ScoreTold, zone: tzinfo) -> str:
    if notice.as_of is None:
        return f"（截至{clock(notice.now, zone)}）"
    view = f"，按{wide(notice.view)}" if notice.view else ""
    return f"（截至{through(notice.as_of, zone)}{view}）"


def _blocks(blocks: Sequence[PointsBlock], details: Callable[[PointsBlock], Iterable[str]]) -> Iterable[str]:
    """Each account with its totals, then the measure where it is another one, then the details."""
    before = ""
    for block in blocks:
        yield _sum(block)
        measure = edition(block.programme, block.version)
        if measure != before:
            yield f"依据{measure}。"
        before = measure
        yield from _remarks(block)
        yield from _categories(block)
        yield from details(block)


def _sum(block: PointsBlock) -> str:
    base = f"（基础{show_points(block.base)}）" if block.base else ""
    word = "暂估" if block.estimated else "暂计"
    return (
        f"{holder(block.account, personal=block.personal)}：核定{total(block.confirmed)}{base}；"
        f"{word}{total(block.provisional)}{_pending(block.provisional - block.confirmed)}{block.mark}。"
    )


def _remarks(block: PointsBlock) -> Iterable[str]:
    if block.trial:
        yield "该办法正在试运行，以上只供核对，不作为正式结果。"
    if block.only_of:
        yield f"以上只计{block.only_of}事项。"
    if block.estimated:
        yield f"总分为暂估，以下未设定或未报，暂未计入：{listed(block.estimated)}。"
    if block.capped:
        yield f"累计{total(block.raw)}，超过上限，按上限计。"
    if block.flags:
        yield f"资格情况：{listed(block.flags)}。"


def _categories(block: PointsBlock) -> Iterable[str]:
    """（二）31分（满分45分）, with what the unit scored itself beside it."""
    yield from (f"{_category(number, line)}。" for number, line in enumerate(block.categories))
    if block.own_total is not None:
        yield f"{_beside(block.own_total, block.confirmed, block.office)}。"


def _category(number: int, line: CategoryLine) -> str:
    ordinal = f"（{_ORDINALS[number]}）" if number < len(_ORDINALS) else ""
    provisional = f"，暂计{total(line.provisional)}" if line.provisional != line.points else ""
    own = f"，自评{total(line.own)}" if line.own is not None else ""
    idle = f"，{listed(line.without_task)}无任务，{line.reading}" if line.without_task else ""
    return f"{ordinal}{wide(line.name)}：{total(line.points)}（满分{total(line.full)}）{provisional}{own}{idle}"


def _beside(own: Decimal, official: Decimal, office: str) -> str:
    """自评100分，考核办评86分，比自评低14分."""
    gap = official - own
    against = f"比自评{'高' if gap > 0 else '低'}{total(abs(gap))}" if gap else "与自评一致"
    return f"自评{total(own)}，{office}评{total(official)}，{against}"


def _stage_block(block: StageBlock) -> Iterable[str]:
    """The columns side by side; without a formula, or with anything lacking, there is no score of them."""
    cells = "；".join(map(_cell, block.cells))
    yield f"{edition(block.programme, block.version)}各阶段：{cells}。"
    if block.composite is not None:
        yield f"综合得分：{total(block.composite)}{block.mark}。"
    elif len(block.cells) > 1:
        yield f"{listed(block.lacking)}，不出综合得分。"


def _cell(cell: StageCell) -> str:
    value = total(cell.value) if cell.value is not None else f"无分值（{wide(cell.reason)}）"
    return f"{cell.name}{value}{'（参考）' if cell.reference_only else ''}"


def _pending(difference_: Decimal) -> str:
    """The net effect: additions and deductions may both wait."""
    return f"（含待核定{signed(difference_)}）" if difference_ else ""


def _marks(points: Sequence[PointsBlock], figures: Sequence[FigureBlock]) -> str:
    return stand_in_explained(
        *(block.mark for block in points), *(line.mark for block in figures for line in block.lines)
    )


def _dearest(block: PointsBlock, zone: tzinfo) -> Iterable[str]:
    return [point_line(line, zone) for line in _costly(block)[:_FEW]]


def _costly(block: PointsBlock) -> list[PointLine]:
    telling = (line for line in block.lines if line.status not in _SETTLED)
    return sorted((line for line in telling if line.points is not None and line.points < 0), key=_points)


def _points(line: PointLine) -> Decimal:
    return line.points or Decimal(0)


def _all_lines(block: PointsBlock, zone: tzinfo) -> Iterable[str]:
    if not block.lines:
        yield "没有加分、扣分记录。"
    for line in block.lines:
        yield point_line(line, zone)
    if block.readings:
        yield f"计分口径：{listed(block.readings)}。"


def _standing(line: PointLine, zone: tzinfo) -> Iterable[str]:
    if line.disputed:
        yield f"争议中，申诉{line.disputed}"
    if line.covered_by:
        yield covered(line.covered_by)
    elif line.confirmed_by:
        yield f"核定：{line.confirmed_by}"
        if line.at:
            yield clock(line.at, zone)
    elif line.status:
        yield wide(line.status)


def _figure_block(block: FigureBlock, sentence: Sentence, named: Container[str] = ()) -> Iterable[str]:
    """Indicators with a figure one by one; those without are only listed. A measure that is `named` is not again."""
    measure, period = edition(block.programme, block.version), wide(block.period)
    if measure in named:
        yield f"指标（{period}）：" if period else "指标："
    else:
        yield f"依据{measure}{'，' if period else ''}{period}："
    for line in block.lines:
        if _reported(line):
            yield f"{wide(line.name)}：{'；'.join(sentence(line))}{line.mark}。"
    for marked in block.marked:
        yield f"{wide(marked.name)}：{wide('；'.join(marked.lines))}{marked.mark}。"
    unreported = [line.name for line in block.lines if not _reported(line)]
    if unreported:
        yield f"未报：{listed(unreported)}。"


def _reported(line: GapLine) -> bool:
    return line.actual is not None or line.forecast is not None


def _labelled(line: GapLine) -> Iterable[str]:
    """The three labelled figures."""
    yield from _by("按已完成计", line.actual, line.actual_share, line.unit)
    yield from _by("按全年预测计", line.forecast, line.forecast_share, line.unit)
    yield _progress(line)
    # The nearer question of a leader: what is still lacking to the basic task, by the better-founded figure.
    basis, short = (
        ("按全年预测", line.forecast_to_base) if line.forecast is not None else ("按已完成", line.actual_to_base)
    )
    if line.base is not None and short is not None and short > 0:
        yield f"{basis}距基本任务{bare(line.base, line.unit)}差{difference(short, line.unit)}"
    yield from _both_targets(line)
    yield from _contested(line)
    if line.base is None:
        yield NO_BASE
    elif line.points is not None:
        yield f"{'按已完成' if line.forecast is None else '按全年预测'}折算{show_points(line.points)}分"


def _contested(line: GapLine) -> Iterable[str]:
    if line.contested_by:
        yield f"与{line.contested_by}的数不一致，采用其中之一以前不计分"


def _both_targets(line: GapLine) -> Iterable[str]:
    """自定1.69、下达1.74，按1.74计: both are kept, and which one binds is said (A15)."""
    own, assigned = line.own_target, line.assigned_target
    if own is not None and assigned is not None and line.base is not None:
        yield f"自定{bare(own, line.unit)}、下达{bare(assigned, line.unit)}，按{bare(line.base, line.unit)}计"


def _by(label: str, value: Decimal | None, share: Decimal | None, unit: str) -> Iterable[str]:
    """Silent without a figure: not every indicator is to be forecast, and 我的任务 names what is owed."""
    if value is not None:
        of_base = f"，为基本任务的{show(share)}%" if share is not None else ""
        yield f"{label}{amount(value, unit)}{of_base}"


def _progress(line: GapLine) -> str:
    if line.is_rate:
        return "序时进度不适用（比率指标）"
    if line.progress_gap is None:
        return "序时进度暂无法计算"
    return against_time(line.progress_gap)


def _lacking(line: GapLine) -> Iterable[str]:
    for label, value, short_of in (
        ("按已完成计", line.actual, (line.actual_to_base, line.actual_to_full)),
        ("按全年预测计", line.forecast, (line.forecast_to_base, line.forecast_to_full)),
    ):
        if value is not None:
            yield "，".join(_against(label, value, line, short_of))
    if line.progress_gap is not None and line.progress_gap < 0:
        yield against_time(line.progress_gap)
    yield from _both_targets(line)
    yield from _contested(line)
    if line.base is None:
        yield NO_BASE


def _against(
    label: str, value: Decimal, line: GapLine, short_of: tuple[Decimal | None, Decimal | None]
) -> Iterable[str]:
    yield f"{label}{amount(value, line.unit)}"
    for name, target, short in zip(_TARGETS, (line.base, line.full), short_of, strict=True):
        if target is None or short is None:
            continue
        reached = f"达到{name}{bare(target, line.unit)}"
        yield f"距{name}{bare(target, line.unit)}差{difference(short, line.unit)}" if short > 0 else reached
