"""延期: what was asked for, what stands in the way, what the office decided."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.supervision import (
    ExtensionAsk,
    ExtensionAsked,
    ExtensionDecided,
    ExtensionLine,
    ExtensionRefused,
    ExtensionWaits,
    NotExtended,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, NOBODY_TOLD, headed, named, saying, the_office, trial_lines, wide
from bot.cards.times import clock, deadline
from bot.channels.card import Button, Card, Style, Tone

_CLOSED = (NotExtended.DECIDED, NotExtended.UNKNOWN, NotExtended.NEEDLESS, NotExtended.DAY_PASSED)


@card_of.register
def extension_refused(notice: ExtensionRefused, zone: tzinfo) -> Card:
    """What stands in the way, and until when it is due all the same."""
    why = f"{_why(notice, zone)}。"
    if notice.why is NotExtended.NOTHING_OPEN:
        return saying("没有可申请延期的事项，或编号有误。可回复“我的任务”查看。")
    if notice.why in _CLOSED:
        return Card("延期：未办理", (f"{notice.number}：{why}" if notice.number else why,), Tone.AMBER)
    due = f"{wide(notice.title)}的时限仍为{deadline(notice.due, zone)}。" if notice.due else ""
    return Card("延期：未受理", tuple(line for line in (why, due) if line), Tone.AMBER)


@card_of.register
def extension_asked(notice: ExtensionAsked, zone: tzinfo) -> Card:
    """The request lies with the office, and the time limit holds meanwhile."""
    return Card(
        f"延期申请已报{the_office(notice.line.office)}",
        tuple(_what(notice.line, zone)),
        Tone.GREEN,
        note=f"准予前时限不变，仍为{deadline(notice.line.old_due, zone)}，提醒和催办照常。",
    )


@card_of.register
def extension_waits(notice: ExtensionWaits, zone: tzinfo) -> Card:
    """To the office: one request with its buttons, or all that wait."""
    if not notice.lines:
        return saying("目前没有待办的延期申请。")
    first = notice.lines[0]
    lines = [line for one in notice.lines for line in (f"{one.unit}申请延期：", *_what(one, zone))]
    lines.append(f"准予请回复“准予延期 {first.number}”，不予延期请回复“不予延期 {first.number} 理由”。")
    single = len(notice.lines) == 1
    return Card(
        f"{first.unit}申请延期" if single else f"延期申请{len(notice.lines)}件",
        tuple(lines[1:] if single else lines),
        Tone.AMBER,
        buttons=(Button("准予延期", f"准予延期 {first.number}", Style.PRIMARY),) if single else (),
    )


@card_of.register
def extension_ask(notice: ExtensionAsk, zone: tzinfo) -> Card:
    """Exactly what one 确认 would do."""
    word = "准予延期" if notice.granted else "不予延期"
    moved = f"确认后时限改为{deadline(notice.line.new_due, zone)}，催办相应顺延"
    note = moved if notice.granted else f"确认后时限仍为{deadline(notice.line.old_due, zone)}"
    lines = (
        f"{notice.line.unit}：",
        *_what(notice.line, zone),
        *headed("意见", notice.reason),
        *trial_lines(notice.trial),
    )
    told = "" if notice.trial else "，并告知该单位"
    return Card(f"请确认{word}", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=f"{note}{told}。")


@card_of.register
def extension_decided(notice: ExtensionDecided, zone: tzinfo) -> Card:
    """The office's word; the old time limit stays on record."""
    line = notice.line
    item = f"{line.number}，{line.unit}{_item(line)}"
    if notice.granted:
        old, new = deadline(line.old_due, zone), deadline(line.new_due, zone)
        what = f"{item}：时限由{old}延至{new}，原时限留存。"
    else:
        what = f"{item}：时限仍为{deadline(line.old_due, zone)}，请按时办理。"
    told = (NOBODY_TOLD if notice.trial else "已告知该单位。",) if notice.to_office else ()
    title = "准予延期" if notice.granted else "不予延期"
    tone = Tone.GREEN if notice.granted else Tone.AMBER
    return Card(title, (what, *headed(f"{the_office(line.office)}意见", notice.reason), *told), tone)


def _why(notice: ExtensionRefused, zone: tzinfo) -> str:
    cite = f"（依据{notice.cite}）" if notice.cite else ""
    match notice.why:
        case NotExtended.NOT_ALLOWED:
            return "本办法没有延期的规定，请按时办理；确有困难的，请回复“请求协调”并写明问题"
        case NotExtended.TOO_LATE:
            return "时限已过，不再受理延期，请尽快办理；被拟扣分的，可按告知的编号作情况说明"
        case NotExtended.WAITS:
            return f"已申请延期（{notice.number}），正待办理，不必重复申请"
        case NotExtended.USED_UP:
            return f"同一事项最多准予延期{notice.times}次{cite}，次数已满"
        case NotExtended.TOO_LONG:
            latest = deadline(notice.latest, zone) if notice.latest else ""
            return f"最迟可延至{latest}{cite}，请重新写明日期"
        case NotExtended.NOT_LATER:
            return "所写日期不晚于现时限，请重新写明日期"
        case NotExtended.DECIDED:
            return "该延期申请已办理，未重复办理"
        case NotExtended.NEEDLESS:
            return f"{wide(notice.title)}已报送或不再需要，无须延期"
        case NotExtended.DAY_PASSED:
            return f"所申请的日期已过，不能再准予，请回复“不予延期 {notice.number} 理由”"
        case NotExtended.UNKNOWN:
            return "没有这一延期申请，或编号有误"
        case NotExtended.NOTHING_OPEN:
            return "没有可申请延期的事项"


def _what(line: ExtensionLine, zone: tzinfo) -> Iterable[str]:
    used = f"此前已准予{line.used}次，最多{line.times}次。" if line.used else ""
    asked = f"{line.asked_by}{clock(line.asked_at, zone)}申请。{used}"
    yield f"编号{line.number}，{_item(line)}，{asked}"
    yield f"现时限{deadline(line.old_due, zone)}，申请延至{deadline(line.new_due, zone)}。"
    yield from headed("理由", line.reason)


def _item(line: ExtensionLine) -> str:
    return f"交办事项{line.matter}{named(line.title)}" if line.matter else wide(line.title)
