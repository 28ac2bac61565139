"""Proposals, decisions, entries and corrections."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal

from assessment.notices import (
    DecideAsk,
    Decided,
    DecideList,
    EntryTold,
    ProposalLine,
    Proposed,
    RecordAsk,
    Recorded,
    ReverseAsk,
    Reversed,
    StatementTaken,
    StatementWhich,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, change, clause_named, headed, holder, listed, saying, signed, total
from bot.cards.times import by, deadline
from bot.channels.card import Button, Card, Style, Tone


@card_of.register
def proposed(notice: Proposed, zone: tzinfo) -> Card:
    """To the unit: which clause, which fact, and until when it may speak."""
    line = notice.line
    return Card(
        f"{change(line.points, proposed=True)}（暂计）",
        (
            f"{_holder(line)}：{clause_named(line.cite, line.clause)}，{_change(line)}，编号{line.number}。",
            f"原文：“{notice.clause_text}”。",
            f"事实：{line.fact}。",
            *_covered(line),
            f"如有情况说明，请于{by(line.statement_until, zone)}回复“情况说明 {line.number} 内容”。",
        ),
        Tone.AMBER,
        note="核定前为暂计，不入台账。",
    )


@card_of.register
def statement_taken(notice: StatementTaken, _zone: tzinfo) -> Card:
    """To the unit, and to the office that has to weigh it."""
    late = "，送达时已过说明期限" if notice.late else ""
    lines = (f"{notice.unit}，编号{notice.number}，{notice.cite}{late}。", *headed("内容", notice.text))
    if notice.to_office:
        return Card("收到情况说明", lines, buttons=(Button("核定", f"核定 {notice.number}"),))
    return Card("情况说明已收", lines, Tone.GREEN, note="考核办核定时一并考虑，结果另行告知。")


@card_of.register
def statement_which(notice: StatementWhich, zone: tzinfo) -> Card:
    """Which proposal it concerns, each with what to type."""
    if not notice.lines:
        return saying("目前没有可作情况说明的拟扣事项。")
    lines = (*(_line(line, zone) for line in notice.lines), "请回复“情况说明 编号 内容”。")
    return Card("请写明是哪一项", lines, Tone.AMBER)


@card_of.register
def decide_list(notice: DecideList, zone: tzinfo) -> Card:
    """What awaits 核定, with what the unit said to it."""
    if not notice.lines:
        return saying("目前没有待核定的事项。")
    first = notice.lines[0].number
    return Card(
        f"待核定{len(notice.lines)}项",
        (
            *(text for line in notice.lines for text in _to_decide(line, zone)),
            f"核定请回“核定 {first}”，不予核定请回“不予核定 {first} 理由”，编号可写多个。",
            *(("可核定的一并核定，请回“核定 全部”。",) if len(notice.lines) > 1 else ()),
            *_values_to_choose(notice.lines),
        ),
    )


@card_of.register
def decide_ask(notice: DecideAsk, _zone: tzinfo) -> Card:
    """Every proposal that one 确认 would decide."""
    word = "不予核定" if notice.reject else "核定"
    lines = [*map(_short, notice.confirm)]
    if notice.early:
        lines.append(f"说明期未满、提前办理：{'、'.join(notice.early)}。")
    lines += headed("理由", notice.reason)
    buttons = (Button("确认", "确认", Style.DANGER), CANCEL)
    return Card(f"请确认{word}{len(notice.confirm)}项", tuple(lines), Tone.AMBER, buttons=buttons)


@card_of.register
def decided(notice: Decided, _zone: tzinfo) -> Card:
    """To the office: what was decided, under which numbers it stands."""
    word = "不予核定" if notice.rejected else "已核定"
    entries = (f"台账编号：{'、'.join(notice.entries)}。",) if notice.entries else ()
    return Card(f"{word}{len(notice.lines)}项", (*map(_short, notice.lines), *entries), Tone.GREEN)


@card_of.register
def entry_told(notice: EntryTold, _zone: tzinfo) -> Card:
    """To the unit: what became of a proposal, and by whom."""
    account = holder(notice.account, personal=notice.personal)
    clause = clause_named(notice.cite, notice.clause)
    reason = headed("理由", notice.reason)
    if notice.rejected:
        dropped = f"{account}：{clause}，原{change(notice.points, proposed=True)}，经{notice.by}核定，不予计分。"
        return Card("核定结果：不予计分", (dropped, *reason), Tone.GREEN)
    return Card(
        f"核定结果：{change(notice.points)}",
        (
            f"{account}：{clause}，{change(notice.points)}，{notice.by}核定，台账编号{notice.entry}。",
            *reason,
            *_now(notice.total),
        ),
        note=f"查看依据请回复“为什么 {notice.entry}”；如有异议，请联系考核办。",
    )


@card_of.register
def record_ask(notice: RecordAsk, _zone: tzinfo) -> Card:
    """The clause in full, so that the wrong one is seen before it is recorded."""
    lines = [
        f"{notice.account}，{change(notice.points, proposed=True)}。",
        f"依据：{clause_named(notice.cite, notice.clause)}。",
        f"原文：“{notice.clause_text}”。",
        *headed("事由", notice.reason),
    ]
    if notice.evidence:
        lines.append(f"佐证：{listed(notice.evidence)}。")
    return Card("请确认记分", tuple(lines), Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def recorded(notice: Recorded, zone: tzinfo) -> Card:
    """A proposal made by hand waits like any other."""
    number = notice.line.number
    lines = (_line(notice.line, zone), f"核定请回“核定 {number}”。")
    return Card("已记，待核定", lines, Tone.GREEN)


@card_of.register
def reverse_ask(notice: ReverseAsk, _zone: tzinfo) -> Card:
    """What would no longer count, and what would count again."""
    lines = (
        f"将更正{notice.entry}：{notice.account}，{notice.cite}，{signed(notice.points)}。原记录保留，更正后不再计分。",
        *headed("理由", notice.reason),
        *_revived(notice.revived),
    )
    buttons = (Button("确认", "确认", Style.DANGER), CANCEL)
    return Card("请确认更正分", lines, Tone.AMBER, buttons=buttons)


@card_of.register
def reversed_(notice: Reversed, _zone: tzinfo) -> Card:
    """The original stays on record."""
    why = f"查看依据请回复“为什么 {notice.by_entry}”。" if notice.to_unit else ""
    return Card(
        "更正分（原记录保留）",
        (
            f"{notice.account}：{notice.entry}（{notice.cite}，{signed(notice.points)}）已更正，不再计分。",
            f"更正编号{notice.by_entry}，{notice.by}办理。",
            *headed("理由", notice.reason),
            *_revived(notice.revived),
            *_now(notice.total),
        ),
        note=why,
    )


def _holder(line: ProposalLine) -> str:
    return holder(line.account, personal=line.personal)


def _change(line: ProposalLine) -> str:
    return change(line.points, proposed=True) + line.mark


def _line(line: ProposalLine, zone: tzinfo) -> str:
    return f"{_short(line)}说明期至{deadline(line.statement_until, zone)}。"


def _short(line: ProposalLine) -> str:
    return f"{line.number} {_holder(line)}，{_change(line)}，{clause_named(line.cite, line.clause)}：{line.fact}。"


def _to_decide(line: ProposalLine, zone: tzinfo) -> Iterable[str]:
    yield _short(line)
    yield from _covered(line)
    if line.statement:
        yield from headed("情况说明", line.statement)
    elif not line.decidable:
        yield f"说明期至{deadline(line.statement_until, zone)}，此前核定须写明理由。"


def _values_to_choose(lines: Sequence[ProposalLine]) -> Iterable[str]:
    open_ones = [line.number for line in lines if line.points is None]
    if open_ones:
        yield f"分值未定的，请回“核定 {open_ones[0]} 分值 理由”。"


def _covered(line: ProposalLine) -> Iterable[str]:
    if line.suppressed_by:
        yield f"同一事项取最高，已由{line.suppressed_by}覆盖，核定后不另计。"


def _now(points: Decimal | None) -> Iterable[str]:
    if points is not None:
        yield f"现核定总分{total(points)}。"


def _revived(revived: Sequence[str]) -> Iterable[str]:
    if revived:
        yield f"恢复计入：{listed(revived)}。"
