"""关账: what is still open in a year that is to be closed, and its end."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices.closing import CloseAsk, CloseRefused, OpenItem, YearClosed, YearIsClosed
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, edition, listed, saying, wide
from bot.cards.points import briefly
from bot.cards.times import clock, deadline
from bot.channels.card import Button, Card, Style, Tone

_SHOWN = 10
_LOCKED = "关账后不再提醒、催报，不再加扣分；补报只能代录；得分和明细仍可查询。"


@card_of.register
def close_ask(notice: CloseAsk, _zone: tzinfo) -> Card:
    """Everything that would stay open, by name and number."""
    left = [*notice.open, *notice.unsettled, *notice.unsigned, *notice.follow_ups, *notice.unset]
    counted = f"：尚有{_many(left)}项未了，关账后照原样留存" if left else ""
    lines = [f"{edition(notice.programme, '')}，{notice.year}年度{counted}。"]
    if notice.open:
        lines += [f"尚未办结{_many(notice.open)}项：", *map(_item, notice.open[:_SHOWN])]
        lines += [f"　另有{len(notice.open) - _SHOWN}类，请回复“谁没报”查看。"] if len(notice.open) > _SHOWN else []
    if notice.unsettled:
        lines += [f"尚未结算的指标{_many(notice.unsettled)}项：", *map(_item, notice.unsettled[:_SHOWN])]
        lines += [f"　另有{len(notice.unsettled) - _SHOWN}家。"] if len(notice.unsettled) > _SHOWN else []
    if notice.unsigned:
        lines += [f"尚未签署的责任书{_many(notice.unsigned)}份：", *map(_item, notice.unsigned)]
    if notice.follow_ups:
        lines += [f"尚未办理的待办{len(notice.follow_ups)}项：", *map(_task, notice.follow_ups[:_SHOWN])]
        lines += [f"　另有{len(notice.follow_ups) - _SHOWN}项。"] if len(notice.follow_ups) > _SHOWN else []
    if notice.unset:
        lines += [f"分值未设定、不能核定的{_many(notice.unset)}件，不计分：", *map(_item, notice.unset[:_SHOWN])]
        lines += [f"　另有{len(notice.unset) - _SHOWN}条。"] if len(notice.unset) > _SHOWN else []
    if notice.suggestions:
        many, named = len(notice.suggestions), listed(notice.suggestions[:_SHOWN])
        lines.append(f"修改建议尚有{many}条未定：{named}{'等' if many > _SHOWN else ''}，关账后仍可查看。")
    if len(lines) == 1:
        lines.append("各项均已办结。")
    if notice.changed:
        lines.insert(0, "上次确认之后情况有变化，尚未关账，请重新核对：")
    if notice.unpublished:
        lines.append("年度考核结果尚未公布；须公布的，请取消后先回复“公布”。")
    buttons = (Button("确认", "确认", Style.DANGER), CANCEL) if left else (CONFIRM, CANCEL)
    return Card(
        f"请确认{notice.year}年度关账", tuple(lines), Tone.AMBER, buttons=buttons, note=f"{_LOCKED}确认后不能撤销。"
    )


@card_of.register
def close_refused(notice: CloseRefused, zone: tzinfo) -> Card:
    """What has to be done first."""
    if notice.choices:
        return Card("请选择关账的办法", tuple(f"请回复“关账 {wide(choice)}”。" for choice in notice.choices))
    if not notice.programme:
        return saying("没有可关账的办法。")
    if notice.closed_at is not None:
        when = clock(notice.closed_at, zone)
        line = f"{edition(notice.programme, '')}，已由{notice.closed_by}于{when}关账，未重复办理。"
        return Card(f"{notice.year}年度此前已关账", (line,))
    lines = []
    if notice.to_come:
        lines.append("本年度以下任务尚未到期，到期后再关账：")
        lines += [f"　{wide(title)}：截止{deadline(due, zone)}。" for title, due in notice.to_come[:_SHOWN]]
    if notice.proposals:
        lines.append(f"尚有拟加拟扣{len(notice.proposals)}件未核定，请先核定：{listed(notice.proposals[:_SHOWN])}。")
        lines.append("请回复“核定”查看。")
    if notice.running:
        lines += _counts(notice)
    if notice.appeals:
        lines.append(f"尚有申诉{len(notice.appeals)}件未答复，请先答复：{listed(notice.appeals[:_SHOWN])}。")
        lines.append("请回复“待办”查看。")
    if notice.corrections:
        many, named = len(notice.corrections), listed(notice.corrections[:_SHOWN])
        lines.append(f"尚有更正{many}件待另一名同志同意：{named}。请先回复“同意更正 编号”或“不同意更正 编号 理由”。")
    if notice.unpublished:
        lines.append("该办法公布前保密，年度考核结果尚未公布，关账后不能再公布。请先回复“公布”。")
    return Card(f"{notice.year}年度：暂不能关账", tuple(lines), Tone.AMBER)


def _counts(notice: CloseRefused) -> list[str]:
    """What still grows by the day; with today's value where the office may end the count."""
    many = f"逐日计扣尚未停止{len(notice.running)}件"
    if not notice.counts:
        return [f"{many}：{listed(notice.running[:_SHOWN])}，报送、办结或代录后停止，再行核定。"]
    first = notice.counts[0].number
    how = f"报送、办结或代录后停止；不再等待的，请回复“核定 {first} 截至今日 理由”，仍列为未提交或未办结。"
    return [f"{many}，截至今日：", *map(briefly, notice.counts[:_SHOWN]), how]


@card_of.register
def year_is_closed(_notice: YearIsClosed, _zone: tzinfo) -> Card:
    """What came while the year was being closed, or after a question that was opened before."""
    return saying("本年度已关账，此事不再办理，未作任何登记。")


@card_of.register
def year_closed(notice: YearClosed, zone: tzinfo) -> Card:
    """Closed for good."""
    left = f"未办结{notice.left_open}项照原样留存。" if notice.left_open else "各项均已办结。"
    lines = (f"{edition(notice.programme, notice.version)}，{clock(notice.closed_at, zone)}关账。", left)
    how = f"查询请回复“得分 单位 {notice.year}年12月31日”。"
    return Card(f"{notice.year}年度已关账", lines, Tone.GREEN, note=_LOCKED + how)


def _many(items: Iterable[OpenItem]) -> int:
    return sum(item.count for item in items)


def _task(item: OpenItem) -> str:
    whose = f"：{listed(item.whose)}" if item.whose else ""
    return f"　{wide(item.name)}{whose}。"


def _item(item: OpenItem) -> str:
    whose = f"（{listed(item.whose)}）" if item.whose else ""
    return f"　{wide(item.name)}：{item.count}项{whose}。"
