"""分解到人: who sees to what, and what nobody sees to yet."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.breakdowns import (
    BreakdownNotTaken,
    BreakdownOwn,
    BreakdownTaken,
    BreakdownTold,
    BreakdownUnclear,
    NamedLine,
    UnitBreakdown,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import listed, saying, wide
from bot.cards.times import clock
from bot.channels.card import Card, Tone

_FORM = "请回复“分解到人 指标 科室 姓名”。"


@card_of.register
def breakdown_not_taken(notice: BreakdownNotTaken, _zone: tzinfo) -> Card:
    """Why not, and what to type."""
    match notice.why:
        case BreakdownUnclear.NOTHING:
            return saying("本单位没有须分解到人的指标。")
        case BreakdownUnclear.WHICH:
            return Card("请写明是哪一项指标", (f"本单位的指标：{listed(notice.indicators)}。", _FORM), Tone.AMBER)
        case BreakdownUnclear.WHO:
            how = f"请回复“分解到人 {wide(notice.indicator)} 科室 姓名”。"
            return Card("请写明科室和姓名", (how,), Tone.AMBER)
        case BreakdownUnclear.LEFT:
            why = f"{wide(notice.name)}已不在本单位任职。"
            return Card("请另行分解到人", (why, f"请回复“分解到人 {wide(notice.indicator)} 科室 姓名”。"), Tone.AMBER)


@card_of.register
def breakdown_taken(notice: BreakdownTaken, zone: tzinfo) -> Card:
    """Who sees to it now, and what is left."""
    before = f"（原为{wide(notice.before)}）" if notice.before else ""
    left = f"未分解到人：{len(notice.left)}项，{listed(notice.left)}。" if notice.left else "各项指标均已分解到人。"
    unknown = () if notice.in_roster else ("名册中没有此人，人员变动时请重新分解。",)
    who = f"{wide(notice.section)} {wide(notice.name)}{before}"
    lines = (
        f"{wide(notice.indicator)}：{who}，{clock(notice.taken_at, zone)}。",
        *unknown,
        left,
    )
    return Card("已分解到人", lines, Tone.AMBER if notice.left else Tone.GREEN)


@card_of.register
def breakdown_own(notice: BreakdownOwn, _zone: tzinfo) -> Card:
    """Every indicator of the unit, with who sees to it."""
    left = sum(not line.name for line in notice.lines)
    title = f"{notice.unit}：未分解到人{left}项" if left else f"{notice.unit}：各项指标均已分解到人"
    lines = (f"依据《{wide(notice.programme)}》。", *map(_named, notice.lines))
    return Card(title, lines, Tone.AMBER if left else Tone.GREEN, note=_FORM if left else "")


@card_of.register
def breakdown_told(notice: BreakdownTold, _zone: tzinfo) -> Card:
    """Unit by unit what is left; those that are done are counted."""
    if not notice.programme:
        return saying("没有须分解到人的指标。")
    owing = [line for line in notice.lines if line.missing or line.anew]
    done = len(notice.lines) - len(owing)
    left = sum(len(line.missing) + len(line.anew) for line in owing)
    complete = (f"另有{done}家已全部分解到人。" if owing else f"共{done}家单位。",) if done else ()
    return Card(
        f"未分解到人：{left}项" if left else "各项指标均已分解到人",
        (f"依据《{wide(notice.programme)}》。", *map(_unit, owing), *complete),
        Tone.AMBER if left else Tone.GREEN,
    )


def _named(line: NamedLine) -> str:
    if line.name:
        return f"{wide(line.indicator)}：{wide(line.section)} {wide(line.name)}。"
    return f"{wide(line.indicator)}：{'原定人员已变动，请重新分解' if line.has_left else '未分解到人'}。"


def _unit(line: UnitBreakdown) -> str:
    return f"{line.unit}（共{line.indicators}项）：{'；'.join(_left(line))}。"


def _left(line: UnitBreakdown) -> Iterable[str]:
    if line.missing:
        yield f"未分解到人：{len(line.missing)}项，{listed(line.missing)}"
    if line.anew:
        yield f"人员变动须重新分解：{len(line.anew)}项，{listed(line.anew)}"
