"""红黄绿: lamps with their words, worst first; what the source says beside what is entered by name."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.figures import Band
from assessment.notices import LagLine, Overview
from assessment.notices.overview import LagAsk, LagRecipient, LagTold
from assessment.points import show
from bot.cards.dispatch import card_of
from bot.cards.figures import against_time, amount, bare
from bot.cards.phrases import CANCEL, CONFIRM, edition, listed, saying, stand_in_explained, wide
from bot.cards.times import clock
from bot.channels.card import Card, Lamp, Tone

_WORDS = {
    Band.BELOW_BASE: (Lamp.RED.value, "低于基本任务"),
    Band.BASE: (Lamp.AMBER.value, "达到基本任务，未达满分目标"),
    Band.FULL: (Lamp.GREEN.value, "达到满分目标"),
    None: ("暂不能判断", "基本任务或满分目标未录入"),
}


@card_of.register
def overview(notice: Overview, zone: tzinfo) -> Card:
    """The source's own totals are quoted, never counted from: it names only some of the indicators."""
    scope = f"，{notice.scope}" if notice.scope else ""
    title = f"各项指标情况（截至{clock(notice.now, zone)}{scope}）"
    red = any(line.band is Band.BELOW_BASE for line in notice.bands)
    return Card(title, tuple(_lines(notice)), Tone.RED if red else Tone.BLUE, note=stand_in_explained(notice.mark))


@card_of.register
def lag_ask(notice: LagAsk, _zone: tzinfo) -> Card:
    """Whom it would reach, and with how many lagging indicators."""
    note = "确认后分别报送，各位领导只看到分管单位的指标。"
    return Card("请确认报送落后指标", tuple(map(_recipient, notice.recipients)), buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def lag_told(notice: LagTold, _zone: tzinfo) -> Card:
    """Done, or nothing to do."""
    if not notice.recipients:
        return saying("目前没有须报分管领导的落后指标。")
    return Card("落后指标已报分管领导", tuple(map(_recipient, notice.recipients)), Tone.GREEN)


def _recipient(one: LagRecipient) -> str:
    return f"{one.leader}（分管{listed(one.units)}）：落后指标{one.lagging}项。"


def _lines(notice: Overview) -> Iterable[str]:
    yield f"依据{edition(notice.programme, notice.version)}。"
    for quoted in notice.said:
        yield f"原文（{wide(quoted.cite)}）：“{wide(quoted.text)}”。"
    count = sum(len(line.names) for line in notice.bands) + len(notice.unreported)
    if not count:
        yield "目前没有可查看的指标。"
        return
    yield f"已列入系统的{count}项，按全年预测判断，未报预测的按已完成判断："
    for line in notice.bands:
        word, meaning = _WORDS[line.band]
        yield f"{word}{len(line.names)}项（{meaning}）：{listed(line.names)}。"
    if notice.unreported:
        yield f"未报{len(notice.unreported)}项：{listed(notice.unreported)}。"
    if notice.lagging:
        yield "落后指标，按已完成占基本任务的比例由低到高："
        for number, behind in enumerate(notice.lagging, start=1):
            yield f"{number}. {_lag(behind)}。"


def _lag(line: LagLine) -> str:
    share = f" {show(line.share)}%" if line.share is not None else ""
    figures = f"完成{bare(line.actual, line.unit)}，基本任务{amount(line.base, line.unit)}"
    behind = line.progress_gap is not None and line.progress_gap < 0
    progress = f"；{against_time(line.progress_gap)}" if line.progress_gap is not None and behind else ""
    return f"{wide(line.name)}{share}：{figures}{progress}（{line.owner}）"
