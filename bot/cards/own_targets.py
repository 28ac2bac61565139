"""自选目标: received, listed, filed upward."""

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

from assessment.notices.own_targets import (
    OwnTargetLine,
    OwnTargetList,
    OwnTargetNotTaken,
    OwnTargetTaken,
    OwnTargetUnclear,
    UpwardAsk,
    UpwardRecorded,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, listed, saying, wide
from bot.cards.times import clock
from bot.channels.card import Card, Tone, quoted

_SHOWN = 30
_FORM = "请回复“自选目标 内容… 目标值… 完成时限…”。"


@card_of.register
def own_target_not_taken(notice: OwnTargetNotTaken, _zone: tzinfo) -> Card:
    """Why not, and what to type."""
    match notice.why:
        case OwnTargetUnclear.NONE_TO_SET:
            return saying("本单位所适用的办法没有自选目标的规定。")
        case OwnTargetUnclear.PARTS if notice.number:
            return Card(
                "请写明更改哪一部分", (f"请回复“自选目标 {notice.number} 目标值…”，未写的部分不变。",), Tone.AMBER
            )
        case OwnTargetUnclear.PARTS:
            return Card(f"自选目标未收，还缺{listed(notice.missing)}", (_FORM,), Tone.AMBER)
        case OwnTargetUnclear.NO_DAY:
            why = f"完成时限“{wide(notice.written)}”有误，请写今日以后的日期，如12月20日。"
            return Card("自选目标未收", (why, _FORM), Tone.AMBER)
        case OwnTargetUnclear.NO_SUCH_NUMBER:
            said = f"没有{notice.number}这一项自选目标" if notice.number else "请写明自选目标的编号"
            return saying(f"{said}，请回复“自选目标”查看。")
        case OwnTargetUnclear.FILED_UPWARD:
            filed = f"已于{_day(notice.filed_on)}上报（{wide(notice.reference)}）" if notice.filed_on else "已上报"
            return Card("自选目标上报后不再更改", (f"{notice.number}{filed}。",), Tone.AMBER)
        case OwnTargetUnclear.NO_PAPER:
            how = f"请回复“自选目标上报 {notice.number} 5月20日 文号”；日期不晚于今日。"
            return Card("请写明上报日期和文号", (how,), Tone.AMBER)
        case OwnTargetUnclear.MEANWHILE:
            why = f"其间{notice.number}已更改，请回复“自选目标”查看后再定。"
            return Card("自选目标上报：未登记", (why,), Tone.AMBER)


@card_of.register
def own_target_taken(notice: OwnTargetTaken, zone: tzinfo) -> Card:
    """Its number, and until when it may be changed."""
    before = notice.before
    changed = (f"原为：{_parts(before)}。原记录保留。",) if before is not None else ()
    lines = (
        *_said(notice.line),
        *changed,
        f"编号{notice.line.number}，{clock(notice.taken_at, zone)}，依据{wide(f'《{notice.programme}》')}。",
        f"考核标准：{listed(notice.standards)}。",
        f"上报前可更改，请回复“自选目标 {notice.line.number} 目标值…”。",
    )
    return Card("自选目标已更改" if before is not None else "自选目标已收到", lines, Tone.GREEN)


@card_of.register
def own_target_list(notice: OwnTargetList, _zone: tzinfo) -> Card:
    """Every target with its state; how many of them are filed upward stands in the title."""
    title = wide(notice.programme)
    if not notice.lines:
        return Card(f"{title}：目前没有自选目标", () if notice.to_office else (_FORM,))
    filed = sum(line.filed_on is not None for line in notice.lines)
    waiting = [line for line in notice.lines if line.filed_on is None]
    counts = "，".join(f"{count}项{state}" for count, state in ((filed, "已上报"), (len(waiting), "待上报")) if count)
    shown = notice.lines[-_SHOWN:]
    older = (f"另有较早的{len(notice.lines) - _SHOWN}项未列出。",) if len(notice.lines) > _SHOWN else ()
    marked = (f"考核标准：{listed(notice.standards)}。",) if notice.standards else ()
    return Card(
        f"自选目标：{counts}",
        (f"依据《{title}》。", *(one for line in shown for one in _said(line)), *older, *marked),
        note=_next(waiting, to_office=notice.to_office),
    )


@card_of.register
def upward_ask(notice: UpwardAsk, _zone: tzinfo) -> Card:
    """What one 确认 would put on record."""
    lines = (*(one for line in notice.lines for one in _said(line)), _filed(notice.day, notice.reference))
    title = f"请确认自选目标已上报：{len(notice.lines)}项"
    return Card(title, lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note="确认后告知有关单位，内容不再更改。")


@card_of.register
def upward_recorded(notice: UpwardRecorded, _zone: tzinfo) -> Card:
    """On record, and final."""
    lines = (*(one for line in notice.lines for one in _said(line)), _filed(notice.day, notice.reference))
    note = "已告知有关单位。" if notice.to_office else "上报后内容不再更改。"
    return Card(f"自选目标：{len(notice.lines)}项已上报", lines, Tone.GREEN, note=note)


def _said(line: OwnTargetLine) -> Iterable[str]:
    state = f"，{_day(line.filed_on)}已上报（{wide(line.reference)}）" if line.filed_on is not None else ""
    yield f"{line.number}，{line.unit}，目标值{wide(line.target)}，完成时限{_day(line.due)}{state}："
    yield from quoted(line.content)


def _parts(line: OwnTargetLine) -> str:
    return f"内容“{wide(line.content)}”，目标值{wide(line.target)}，完成时限{_day(line.due)}"


def _filed(day: date, reference: str) -> str:
    return f"上报：{_day(day)}，{wide(reference)}。"


def _next(waiting: Sequence[OwnTargetLine], *, to_office: bool) -> str:
    if not waiting:
        return ""
    number = waiting[0].number
    if to_office:
        return f"上报后登记，请回复“自选目标上报 {number} 5月20日 文号”。"
    return f"上报前可更改，请回复“自选目标 {number} 目标值…”。"


def _day(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}"
