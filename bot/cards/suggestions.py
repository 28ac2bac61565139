"""修改建议 for next year's measure: taken, listed, decided."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.suggestions import (
    SuggestionAsk,
    SuggestionDecided,
    SuggestionLine,
    SuggestionList,
    SuggestionTaken,
    SuggestionUnclear,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, edition, headed, saying, wide
from bot.cards.times import clock
from bot.channels.card import Card, Tone, quoted

_SHOWN = 20


@card_of.register
def suggestion_taken(notice: SuggestionTaken, _zone: tzinfo) -> Card:
    """Its number, and that nothing changes this year."""
    until = notice.frozen_until
    frozen = f"办法在{until:%Y年%-m月%-d日}（含）前不作变动" if until is not None else "当年办法不作变动"
    where = f"{edition(notice.programme, '')}{notice.cite}"
    lines = (
        *quoted(notice.text),
        f"编号{notice.number}，涉及{where}，已列入{notice.year}年修改建议，采纳与否另行告知。",
        f"{frozen}。",
    )
    return Card("修改建议已收到", lines, Tone.GREEN)


@card_of.register
def suggestion_unclear(notice: SuggestionUnclear, _zone: tzinfo) -> Card:
    """What is missing, with a line to copy."""
    if notice.reason_missing:
        return Card("请写明不采纳的理由", (f"请回复“不采纳 {notice.number} 理由”。",), Tone.AMBER)
    if notice.number:
        return saying(f"没有{notice.number}这一条修改建议，请回复“修改建议”查看。")
    if notice.choices:
        return Card(
            "请写明对哪一办法的建议",
            tuple(f"请回复“建议修改 {wide(one)} 内容”。" for one in notice.choices),
            Tone.AMBER,
        )
    return Card("请写明建议内容", ("请回复“建议修改 第3条 内容和理由”。",), Tone.AMBER)


@card_of.register
def suggestion_list(notice: SuggestionList, zone: tzinfo) -> Card:
    """Every suggestion with the office's word on it."""
    title = f"{edition(notice.programme, '')}：{notice.year}年修改建议"
    if not notice.lines:
        return Card(title, ("目前没有修改建议。",))
    lines = [line for one in notice.lines[-_SHOWN:] for line in _said(one, zone)]
    left = len(notice.lines) - _SHOWN
    older = (f"另有较早的{left}条未列出。",) if left > 0 else ()
    open_one = next((one.number for one in notice.lines if one.state == "待定"), "")
    how = f"请回复“采纳 {open_one}”或“不采纳 {open_one} 理由”。" if open_one else ""
    return Card(f"{title}{len(notice.lines)}条", (*lines, *older), note=how)


@card_of.register
def suggestion_ask(notice: SuggestionAsk, zone: tzinfo) -> Card:
    """What one 确认 would put down."""
    word = "采纳" if notice.adopted else "不采纳"
    note = f"确认后告知提出人；{notice.year}年修订时一并办理。" if notice.adopted else "确认后告知提出人。"
    lines = (*_said(notice.line, zone), *headed("理由", notice.reason))
    return Card(f"请确认{word}", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def suggestion_decided(notice: SuggestionDecided, zone: tzinfo) -> Card:
    """The office's word."""
    if notice.before_at is not None:
        line = f"已由{notice.before_by}于{clock(notice.before_at, zone)}办理，本次未作变动。"
        return Card(f"{notice.line.number}此前已定：{notice.line.state}", (*_said(notice.line, zone), line))
    told = ("已告知提出人。",) if notice.to_office else ()
    tone = Tone.GREEN if notice.line.state == "采纳" else Tone.AMBER
    return Card(f"修改建议：{notice.line.state}", (*_said(notice.line, zone), *told), tone)


def _said(line: SuggestionLine, zone: tzinfo) -> Iterable[str]:
    yield f"{line.number}，{line.unit}，{clock(line.made_at, zone)}，{line.state}："
    yield from quoted(line.text)
    yield from headed("理由", line.reason)
