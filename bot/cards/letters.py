"""责任书: what a unit's letter says, its signature, and who has signed."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.letters import (
    LetterDayAsk,
    LetterDaySet,
    LetterDuty,
    LetterShown,
    LetterSigned,
    LetterStatus,
    LettersWaiting,
    LetterTarget,
    LetterUnclear,
)
from assessment.points import show
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, listed, saying, stand_in_explained, trial_lines, wide
from bot.cards.times import by, clock, deadline
from bot.channels.card import Button, Card, Style, Tone

_SIGN = Button("签署", "签署", Style.PRIMARY)


@card_of.register
def letter_shown(notice: LetterShown, zone: tzinfo) -> Card:
    """Everything the unit takes upon itself, and what is still to be set."""
    if notice.signed_at is not None:
        state = f"{notice.signer}已于{clock(notice.signed_at, zone)}签署。"
    elif notice.due is not None:
        state = f"请主要负责人于{by(notice.due, zone)}签署，回复“签署”即可。"
    else:
        state = "签署时间另行通知。"
    lines = (
        *(("指标任务：",) if notice.targets else ()),
        *(_target(line) for line in notice.targets),
        *(("报送任务：",) if notice.duties else ()),
        *(_duty(line, zone) for line in notice.duties),
        *((f"尚未设定：{listed(notice.unset)}。设定前不据此计分。",) if notice.unset else ()),
        state,
    )
    marks = [line.mark for line in notice.targets] + [line.mark for line in notice.duties]
    return Card(
        f"{notice.unit}：{wide(notice.title)}",
        lines,
        buttons=(_SIGN,) if notice.may_sign and notice.signed_at is None else (),
        note=stand_in_explained(*marks),
    )


@card_of.register
def letter_signed(notice: LetterSigned, zone: tzinfo) -> Card:
    """The signature with its time."""
    late = "" if notice.on_time else f"，晚于截止时间{deadline(notice.due, zone)}"
    who = f"{notice.signer}于" if notice.copied else ""
    return Card(
        "责任书已签署",
        (f"{notice.unit}{wide(notice.title)}，{who}{clock(notice.signed_at, zone)}签署{late}。",),
        Tone.GREEN,
    )


@card_of.register
def letters_waiting(notice: LettersWaiting, _zone: tzinfo) -> Card:
    """Which one, or none."""
    if not notice.titles:
        return saying("目前没有待您签署的责任书。")
    return Card(
        "待签署的责任书",
        (*(f"请回复“{wide(one)}”。" for one in notice.titles), "一并签署请回复“签署 全部”。"),
        Tone.AMBER,
    )


@card_of.register
def letter_status(notice: LetterStatus, zone: tzinfo) -> Card:
    """Totals, and the names of those who have not signed."""
    if notice.due is None:
        return Card(
            f"{wide(notice.title)}：尚未布置签署",
            ("签署截止时间尚未设定。", "请回复“责任书 截止 3月31日”。"),
            Tone.AMBER,
        )
    trial = ("该办法正在试运行，不签署责任书。",) if notice.trial else ()
    unsigned = f"未签{len(notice.unsigned)}家：{listed(notice.unsigned)}。" if notice.unsigned else "均已签署。"
    return Card(
        f"{wide(notice.title)}：签署情况",
        (f"应签{len(notice.signed) + len(notice.unsigned)}家，已签{len(notice.signed)}家。", unsigned, *trial),
        Tone.AMBER if notice.unsigned else Tone.GREEN,
        note=f"签署截止{deadline(notice.due, zone)}，统计至{clock(notice.now, zone)}。",
    )


@card_of.register
def letter_day_ask(notice: LetterDayAsk, zone: tzinfo) -> Card:
    """What one 确认 would do."""
    before = (f"原截止时间{deadline(notice.before, zone)}。",) if notice.before else ()
    whom = f"须签署{len(notice.units)}家：{listed(notice.units)}。" if notice.units else "目前没有须签署的单位。"
    lines = (
        f"{wide(notice.title)}：请于{deadline(notice.due, zone)}前签署。",
        *before,
        whom,
        *trial_lines(notice.trial),
    )
    note = "" if notice.trial else "确认后请各单位主要负责人签署。"
    return Card("请确认签署截止时间", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def letter_day_set(notice: LetterDaySet, zone: tzinfo) -> Card:
    """To the office what was done; to a head what waits."""
    if notice.unit:
        lines = (
            f"{notice.unit}{wide(notice.title)}待您签署，请于{by(notice.due, zone)}签署。",
            "回复“责任书”查看内容。",
        )
        return Card("请签署责任书", lines, buttons=(Button("查看", "责任书"), _SIGN))
    line = f"{wide(notice.title)}签署截止{deadline(notice.due, zone)}，已请{notice.units}家单位主要负责人签署。"
    return Card("签署截止时间已设定", (line, "签署情况请回复“责任书签署情况”。"), Tone.GREEN)


@card_of.register
def letter_unclear(notice: LetterUnclear, _zone: tzinfo) -> Card:
    """Why nothing was done."""
    if not notice.exists:
        return saying("本办法没有责任书。")
    why = f"“{wide(notice.written)}”有误，请重新写明日期。" if notice.written else "请写明签署截止日期。"
    return Card("责任书：未办理", (why, "请回复“责任书 截止 3月31日”。"), Tone.AMBER)


def _target(line: LetterTarget) -> str:
    said = [f"任务{show(line.base, 4)}{line.measure}{line.mark}"] if line.base is not None else []
    said += [f"满分目标{show(line.full, 4)}{line.measure}{line.mark}"] if line.full is not None else []
    role = "" if line.lead else "（配合）"
    part = "（分解到本单位）" if line.part else ""
    return f"{wide(line.name)}{role}：{'，'.join(said) or '任务未设定'}{part}{''.join(_both(line))}。"


def _both(line: LetterTarget) -> Iterable[str]:
    if line.own is not None and line.assigned is not None:
        yield f"（自定{show(line.own, 4)}，下达{show(line.assigned, 4)}）"


def _duty(line: LetterDuty, zone: tzinfo) -> str:
    times = f"全年{line.times}次" if line.times > 1 else "全年1次"
    if line.event:
        return f"{wide(line.name)}：时限按“{wide(line.event)}”的日期确定。"
    if line.first_due is None:
        return f"{wide(line.name)}：{times}，截止时间未设定。"
    first = "首次截止" if line.times > 1 else "截止"
    return f"{wide(line.name)}：{times}，{first}{deadline(line.first_due, zone, line.mark)}。"
