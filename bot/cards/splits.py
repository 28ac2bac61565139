"""分解: each target with the sum of its parts and the gap."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.splits import SplitIndicator, SplitsTold, SplitTotal
from bot.cards.dispatch import card_of
from bot.cards.figures import amount
from bot.cards.phrases import edition, listed, saying, stand_in_explained, wide
from bot.channels.card import Card, Tone


@card_of.register
def splits_told(notice: SplitsTold, _zone: tzinfo) -> Card:
    """One line an indicator; a second giving-out of the same target has a sum of its own."""
    if not notice.indicators:
        return saying("没有分解到单位的指标。")
    totals = [total for one in notice.indicators for total in (one.split, one.dual_split) if total is not None]
    fits = all(total.gap == 0 for total in totals)
    return Card(
        "指标分解情况",
        (
            f"依据{edition(notice.programme, notice.version)}。",
            *(f"{wide(one.name)}：{'；'.join(_said(one))}{one.mark}。" for one in notice.indicators),
        ),
        Tone.BLUE if fits else Tone.AMBER,
        note=stand_in_explained(*(one.mark for one in notice.indicators)),
    )


def _said(one: SplitIndicator) -> Iterable[str]:
    if one.is_rate:
        yield "比率指标，各单位任务不相加"
        return
    yield f"基本任务{amount(one.target, one.unit)}" if one.target is not None else "基本任务未设定"
    if one.split is not None:
        yield _sum("分解", one.split, one)
    if one.dual_split is not None:
        yield f"{_sum('双向分解', one.dual_split, one)}，不与分解相加"


def _sum(word: str, total: SplitTotal, one: SplitIndicator) -> str:
    head = f"{word}{total.units}家，合计{amount(total.parts, one.unit)}"
    if total.unset:
        return f"{head}，{listed(total.unset)}未定，暂不能核对"
    if total.gap is None:
        return f"{head}，不能核对"
    if not total.gap:
        return f"{head}，与基本任务相符"
    return f"{head}，{'分解缺口' if total.gap > 0 else '分解多出'}{amount(abs(total.gap), one.unit)}"
