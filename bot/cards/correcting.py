"""更正分: what would no longer count, who has to agree, and that the original stays on record."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from assessment.notices import CorrectionDropped, CorrectionWaits, ReverseAsk, Reversed
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, headed, listed, signed
from bot.cards.points import total_now
from bot.channels.card import Button, Card, Style, Tone


@card_of.register
def reverse_ask(notice: ReverseAsk, _zone: tzinfo) -> Card:
    """What would no longer count, and what would count again."""
    after = "确认后待另一名同志同意，同意后才更正。" if notice.takes_two else "确认后告知该单位或个人。"
    lines = (
        f"将更正{_corrected(notice)}。原记录保留，更正后不再计分。",
        *((f"由{notice.asked_by}提出。",) if notice.asked_by else ()),
        *headed("理由", notice.reason),
        *_revived(notice.revived),
        after,
    )
    buttons = (Button("确认", "确认", Style.DANGER), CANCEL)
    return Card("请确认更正记分", lines, Tone.AMBER, buttons=buttons)


@card_of.register
def correction_waits(notice: CorrectionWaits, _zone: tzinfo) -> Card:
    """To whoever asked, and to those of the office who may agree."""
    lines = (f"{_corrected(notice)}；由{notice.by}提出。", *headed("理由", notice.reason))
    if not notice.to_second:
        withdraw = f"撤回请回复“不同意更正 {notice.entry}”。"
        return Card("更正记分：待另一名同志同意", (*lines, "同意前不作更正。"), Tone.AMBER, note=withdraw)
    buttons = (Button("同意", f"同意更正 {notice.entry}"), Button("不同意", f"不同意更正 {notice.entry}"))
    return Card("更正记分：待您同意", lines, Tone.AMBER, buttons=buttons)


@card_of.register
def correction_dropped(notice: CorrectionDropped, _zone: tzinfo) -> Card:
    """Declined by the second person or taken back by the first."""
    return Card(
        "记分未更正", (f"{notice.entry}不作更正，原记分不变，由{notice.by}办理。", *headed("理由", notice.reason))
    )


@card_of.register
def reversed_(notice: Reversed, _zone: tzinfo) -> Card:
    """The original stays on record."""
    why = f"查看依据请回复“为什么 {notice.by_entry}”。" if notice.to_unit else ""
    upheld = f"申诉{notice.appeal}成立，" if notice.appeal else ""
    return Card(
        f"{upheld}记分已更正（原记录保留）",
        (
            f"{notice.account}：{notice.entry}（{notice.cite}，{signed(notice.points)}）已更正，不再计分。",
            *total_now(notice.total),
            *headed("理由", notice.reason),
            *_revived(notice.revived),
            f"更正编号{notice.by_entry}，{notice.by}办理。",
        ),
        note=why,
    )


def _corrected(notice: ReverseAsk | CorrectionWaits) -> str:
    return f"{notice.entry}：{notice.account}，{notice.cite}，{signed(notice.points)}"


def _revived(revived: Sequence[str]) -> Iterable[str]:
    if revived:
        yield f"恢复计入：{listed(revived)}。"
