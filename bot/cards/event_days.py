"""Days of events: what would follow from one, what followed, and what units hear of it."""

from collections.abc import Iterable
from datetime import date, tzinfo

from assessment.notices.event_days import (
    EventAsk,
    EventDuty,
    EventEffect,
    EventLine,
    EventList,
    EventNotRecorded,
    EventRecorded,
    EventTold,
    EventUnclear,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, listed, saying, stand_in_explained, wide
from bot.cards.times import deadline
from bot.channels.card import Card, Tone

_WEEKDAYS = "一二三四五六日"
_SHOWN = 20
"""So many units that lack evidence are named."""


@card_of.register
def event_not_recorded(notice: EventNotRecorded, _zone: tzinfo) -> Card:
    """Why not, and what to type."""
    event = wide(notice.event) or "事件名称"
    match notice.why:
        case EventUnclear.NO_EVENT:
            return saying("本办法没有按事件确定时限的报送任务，无须记录事件。")
        case EventUnclear.WHICH:
            why = f"请写明是哪一事件：{listed(notice.events)}。"
        case EventUnclear.NO_DAY:
            why = f"“{wide(notice.written)}”有误，请重新写明日期。" if notice.written else "请写明日期。"
        case EventUnclear.NOBODY:
            why = f"{wide(notice.unit)}没有按“{event}”确定时限的报送任务。"
        case EventUnclear.MEANWHILE:
            why = "其间该事件日期已另行记录，本次未记录，请查看后再定。"
    return Card("事件：未记录", (why, f"请回复“事件 {event} 10月20日”；查看已记录的，请回复“事件”。"), Tone.AMBER)


@card_of.register
def event_ask(notice: EventAsk, zone: tzinfo) -> Card:
    """Exactly what one 确认 would do."""
    changed = (f"原记录为{_day(notice.before)}，原记录留存。",) if notice.before else ()
    late = ("按此日期有的任务已经逾期，将随即催报。",) if notice.overdue else ()
    trial = ("该办法正在试运行，不通知各单位。",) if notice.trial else ()
    nothing = () if notice.effects else ("按此日期目前没有须报送的任务。",)
    lines = (
        f"{_whose(notice.unit)}{wide(notice.event)}：{_day(notice.day)}。",
        *changed,
        *(line for effect in notice.effects for line in _effect(effect, zone)),
        *nothing,
        *late,
        *trial,
    )
    note = "" if notice.trial else "确认后告知有关单位。"
    explained = stand_in_explained(*(effect.mark for effect in notice.effects))
    return Card("请确认事件日期", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note + explained)


@card_of.register
def event_recorded(notice: EventRecorded, _zone: tzinfo) -> Card:
    """On record, and what came of it."""
    before = f"（原为{_day(notice.before)}）" if notice.before else ""
    done = [f"布置{notice.opened}项"] if notice.opened else []
    done += [f"调整时限{notice.moved}项"] if notice.moved else []
    told = "" if notice.trial else "，已告知有关单位"
    lines = (
        f"{_whose(notice.unit)}{wide(notice.event)}：{_day(notice.day)}{before}。",
        f"{'，'.join(done)}{told}。" if done else "没有须布置或调整的任务。",
    )
    return Card("事件日期已记录", lines, Tone.GREEN)


@card_of.register
def event_told(notice: EventTold, zone: tzinfo) -> Card:
    """To a unit: the day, and what is due because of it."""
    first = f"{wide(notice.event)}：{_day(notice.day)}（{wide(notice.office)}记录）。"
    lines = (first, *(_due(line, zone) for line in notice.lines))
    return Card(f"{notice.unit}：{len(notice.lines)}项报送时限", lines, note="回复“我的任务”可查看。")


@card_of.register
def event_list(notice: EventList, _zone: tzinfo) -> Card:
    """Every event, recorded or not."""
    missing = next((line.event for line in notice.lines if not line.days), notice.lines[0].event)
    lines = tuple(_listed(line) for line in notice.lines)
    return Card("按事件确定时限的报送任务", (*lines, f"记录或改期请回复“事件 {wide(missing)} 10月20日”。"))


def _effect(effect: EventEffect, zone: tzinfo) -> Iterable[str]:
    said = [f"布置{listed(effect.opened)}"] if effect.opened else []
    said += [f"{listed(effect.moved)}的时限随之调整"] if effect.moved else []
    said += [f"{listed(effect.kept)}已准予延期，时限不变"] if effect.kept else []
    said += [f"{effect.done}家已报送或免报，不变"] if effect.done else []
    yield f"{wide(effect.title)}：{deadline(effect.due, zone, effect.mark)}截止；{'；'.join(said)}。"


def _due(line: EventDuty, zone: tzinfo) -> str:
    if line.before is not None:
        return f"{wide(line.title)}：时限由{deadline(line.before, zone)}改为{deadline(line.due, zone)}。"
    return f"{wide(line.title)}：请于{deadline(line.due, zone)}前报送。"


def _listed(line: EventLine) -> str:
    days = "，".join(f"{wide(unit)}{_day(day)}" for unit, day in line.days) or "尚未记录，未布置"
    total = sum(count for _, count in line.evidence_missing)
    whose = "、".join(f"{wide(unit)}{count}件" for unit, count in line.evidence_missing[:_SHOWN])
    more = f"等{len(line.evidence_missing)}家" if len(line.evidence_missing) > _SHOWN else ""
    lacking = f"缺佐证材料{total}件：{whose}{more}。" if total else ""
    return f"{wide(line.event)}：{days}。涉及{listed(line.duties)}。{lacking}"


def _whose(unit: str) -> str:
    return f"{wide(unit)}，" if unit else ""


def _day(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}（周{_WEEKDAYS[day.weekday()]}）"
