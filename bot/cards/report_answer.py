"""The one answer to a report: what was stored, what is asked back, what is still owed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo

from assessment.notices import ForeignLine, OwnedElsewhere, ReportAnswered
from assessment.points import show_points
from bot.cards.dispatch import card_of
from bot.cards.doubts import doubt_line, settled_by_confirming, which_confirming_settles
from bot.cards.figures import changed, figure_lines, score_lines
from bot.cards.phrases import (
    BY_UNIT,
    CANCEL,
    CONFIRM,
    headed,
    how_to_amend,
    how_to_report,
    is_one_text,
    listed,
    said,
    wide,
)
from bot.cards.times import by_receipt, clock, deadline
from bot.channels.card import Button, Card, Tone

_FEW = 3


@card_of.register
def report_answered(notice: ReportAnswered, zone: tzinfo) -> Card:
    """Stored items first, then what is not taken, the question, the receipt, and what is still owed."""
    return Card(
        title=f"{wide(notice.title)}：{_status(notice)}",
        lines=(
            *_superseded(notice),
            *figure_lines(notice.lines),
            *score_lines(notice.scores, notice.score_total),
            *_score_doubts(notice),
            *_parts(notice),
            *((f"附件：{'、'.join(map(said, notice.files))}。",) if notice.files else ()),
            *headed("作零报告，理由", notice.nil_reason),
            *_known_already(notice),
            *map(changed, notice.changes),
            *headed("更正原因", notice.reason),
            *_foreign(notice),
            *headed("以下内容未能识别，未收", notice.leftover),
            *_questions(notice),
            *_receipt(notice, zone),
            *_still_owed(notice, zone),
            *_how_to_go_on(notice),
        ),
        tone=_tone(notice),
        buttons=_buttons(notice),
        note=_how_to_amend(notice),
    )


@card_of.register
def owned_elsewhere(notice: OwnedElsewhere, _zone: tzinfo) -> Card:
    """Whose indicators these are; nothing was taken."""
    return Card("本条内容未收", tuple(_whose(line, BY_UNIT) for line in notice.foreign), Tone.AMBER)


def _status(notice: ReportAnswered) -> str:
    if notice.number is None:
        return _status_without_number(notice)
    if notice.doubts or notice.score_doubts:
        return f"已收，有{len(notice.doubts) + len(notice.score_doubts)}处请核"
    if not notice.complete:
        return "已收，尚未报齐"
    if notice.signer:
        return "已收，待签发"
    return "已代录" if notice.entered_by_office else "已收齐"


def _status_without_number(notice: ReportAnswered) -> str:
    """Nothing new was stored: it is doubtful, or known already, or not ours; or the person asked what is owed."""
    if notice.doubts or notice.score_doubts:
        return f"有{len(notice.doubts) + len(notice.score_doubts)}处请核"
    if _holds_something(notice):
        return "与已报一致"
    if notice.foreign or notice.leftover:
        return "未收"
    if notice.complete:
        return "已报齐"
    return f"还需报送{len(notice.owed)}项" if notice.reported else "请报送"


def _holds_something(notice: ReportAnswered) -> bool:
    return bool(notice.lines or notice.parts or notice.scores)


def _tone(notice: ReportAnswered) -> Tone:
    if (
        notice.doubts
        or notice.score_doubts
        or notice.foreign
        or notice.leftover
        or (notice.number and not notice.on_time)
    ):
        return Tone.AMBER
    return Tone.GREEN if notice.complete and not notice.signer else Tone.BLUE


def _superseded(notice: ReportAnswered) -> Iterable[str]:
    if notice.superseded:
        yield "此前所问的不再等候答复。"


def _known_already(notice: ReportAnswered) -> Iterable[str]:
    if notice.number is None and _holds_something(notice) and not notice.score_doubts:
        yield "以上内容此前已收，未作变动。"


def _score_doubts(notice: ReportAnswered) -> Iterable[str]:
    if notice.score_doubts:
        yield f"自评未收：{listed(notice.score_doubts)}。"
        yield (
            f"合计按{show_points(notice.fitting_total)}的请回复“确认”；分数有误的，请重新填写该项。"
            if notice.fitting_total is not None
            else "请重新填写有误的项。"
        )


def _parts(notice: ReportAnswered) -> Iterable[str]:
    if notice.parts:
        yield f"文字部分已收：{listed(notice.parts)}。"


def _foreign(notice: ReportAnswered) -> Iterable[str]:
    unit = notice.unit if notice.entered_by_office else BY_UNIT
    for line in notice.foreign:
        yield _whose(line, unit)


def _whose(line: ForeignLine, unit: str) -> str:
    return f"{wide(line.name)}：该指标由{listed(line.owners)}报送，{unit}无须填报。"


def _questions(notice: ReportAnswered) -> Iterable[str]:
    yield from map(doubt_line, notice.doubts)
    yield from which_confirming_settles(notice.doubts)
    if notice.doubts and notice.number is None:
        yield "答复前，有疑问的各项未收。"
    others = _certain_numbers(notice)
    if notice.doubts and others:
        yield f"第{_doubtful(notice)}项暂不报的，回“{_only(others)}”。"


def _receipt(notice: ReportAnswered, zone: tzinfo) -> Iterable[str]:
    if notice.number is None:
        return
    by_office = "，系代录" if notice.entered_by_office else ""
    stamp = by_receipt(notice.late_stamp)
    if notice.signer and notice.complete:
        yield f"编号{notice.number}，{clock(notice.sent_at, zone)}收到{stamp}{by_office}。"
        yield f"待{notice.signer}签发，签发后才算报送。"
        return
    timely = "按时" if notice.on_time else "迟交"
    yield f"编号{notice.number}，{clock(notice.sent_at, zone)}{stamp}，{timely}{by_office}。"


def _still_owed(notice: ReportAnswered, zone: tzinfo) -> Iterable[str]:
    due = deadline(notice.due, zone, notice.due_mark)
    if notice.complete:
        yield f"应报{notice.required}项已报齐" + ("，待审核。" if notice.review and not notice.signer else "。")
        if notice.signer:
            yield f"报送截止{due}。"
        return
    count = f"（已报{notice.reported}/{notice.required}）" if notice.reported else ""
    whole = is_one_text(notice.title, notice.owed)
    owed = f"还需报送{count}：{listed(notice.owed)}；" if notice.owed and not whole else ""
    signer = f"报齐后由{notice.signer}签发；" if notice.signer else ""
    yield f"{owed}{signer}报送截止{due}。"


def _how_to_amend(notice: ReportAnswered) -> str:
    told_how_it_stands = notice.number is None and not notice.complete
    if told_how_it_stands or notice.entered_by_office:
        return ""
    until = "审核前" if notice.until_review else "结算前"
    return f"{until}可更正，请回复“{_amendment(notice)}”，首次报送时间不变。"


def _amendment(notice: ReportAnswered) -> str:
    if notice.scores and not notice.lines:
        return f"更正 自评 （一）{show_points(notice.scores[0].points)}"
    if notice.text:
        return f"更正 {wide(notice.title)}：内容"
    return how_to_amend(notice.title, () if notice.lines else notice.parts)


def _how_to_go_on(notice: ReportAnswered) -> Iterable[str]:
    if notice.number is None and notice.owed and not notice.doubts and not notice.score_doubts:
        yield how_to_report(notice.title, notice.owed, headings=notice.headings)


def _buttons(notice: ReportAnswered) -> tuple[Button, ...]:
    """确认④, 改④, ④暂不报: the label is for the eye, the command is what can be typed."""
    if notice.score_doubts:
        return (CONFIRM, CANCEL) if notice.fitting_total is not None else (CANCEL,)
    if not notice.doubts:
        return ()
    asked = tuple(sorted({doubt.number for doubt in notice.doubts}))
    settled = settled_by_confirming(notice.doubts)
    confirm = (replace(CONFIRM, label=f"{CONFIRM.label}{_circled(settled)}"),) if settled else ()
    change = tuple(Button(f"改{_circled((number,))}", f"改 {number}") for number in asked if number in settled)
    others = _certain_numbers(notice)
    leave = Button(f"{_circled(asked)}暂不报", _only(others)) if others else CANCEL
    return (*confirm, *change[:_FEW], leave)


def _circled(numbers: tuple[int, ...]) -> str:
    """④; a number beyond twenty has no circle, and many would not fit on a button."""
    if len(numbers) > _FEW or max(numbers) > 20:
        return "其余各项" if len(numbers) > 1 else f"第{numbers[0]}项"
    return "".join(chr(0x245F + number) for number in numbers)


def _certain_numbers(notice: ReportAnswered) -> tuple[int, ...]:
    doubtful = {doubt.number for doubt in notice.doubts}
    return tuple(dict.fromkeys(line.number for line in notice.lines if line.number not in doubtful))


def _doubtful(notice: ReportAnswered) -> str:
    return "、".join(map(str, sorted({doubt.number for doubt in notice.doubts})))


def _only(numbers: tuple[int, ...]) -> str:
    return f"只收 {'、'.join(map(str, numbers))}"
