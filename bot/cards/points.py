"""Proposals, decisions, entries and corrections."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal

from assessment.notices import (
    DecideAsk,
    Decided,
    DecideList,
    EntriesTold,
    EntryTold,
    ProposalLine,
    Proposed,
    RecordAsk,
    Recorded,
    StatementTaken,
    StatementWhich,
)
from assessment.notices.points import ApproveAsk
from bot.cards.dispatch import card_of
from bot.cards.phrases import (
    CANCEL,
    CONFIRM,
    change,
    clause_named,
    edition,
    headed,
    holder,
    listed,
    saying,
    total,
)
from bot.cards.times import by, deadline
from bot.channels.card import Button, Card, Style, Tone

_FEW = 5
"""So many buttons fit on a card everywhere."""


@card_of.register
def proposed(notice: Proposed, zone: tzinfo) -> Card:
    """To the unit: which clause, which fact, and until when it may speak."""
    line = notice.line
    return Card(
        f"{change(line.points, proposed=True)}（暂计）",
        (
            f"{whose(line)}：{clause_named(line.cite, line.clause)}，{proposed_change(line)}，编号{line.number}。",
            f"事实：{line.fact}。",
            f"原文：“{notice.clause_text}”。",
            *_covered(line),
            f"如有情况说明，请于{by(line.statement_until, zone)}回复“情况说明 {line.number} 内容”。",
        ),
        Tone.AMBER,
        note="核定前为暂计，不记入台账。",
    )


@card_of.register
def statement_taken(notice: StatementTaken, _zone: tzinfo) -> Card:
    """To the unit, and to the office that has to weigh it."""
    late = "，收到时说明期已满" if notice.late else ""
    lines = (f"{notice.unit}，编号{notice.number}，{notice.cite}{late}。", *headed("内容", notice.text))
    if notice.to_office:
        button = Button("核定", f"核定 {notice.number}")
        return Card("收到情况说明", lines, buttons=(button,), note=_how_to_decide(notice.number))
    return Card("情况说明已收", lines, Tone.GREEN, note="核定时一并考虑，结果另行告知。")


@card_of.register
def statement_which(notice: StatementWhich, zone: tzinfo) -> Card:
    """Which proposal it concerns, each with what to type."""
    unknown = (f"没有待贵单位说明的{notice.unknown}，请核对编号。",) if notice.unknown else ()
    if not notice.lines:
        return Card("目前没有可作情况说明的拟扣事项。", unknown)
    example = f"请回复“情况说明 编号 内容”，如“情况说明 {notice.lines[0].number} 内容”。"
    lines = (*unknown, *(_line(line, zone) for line in notice.lines), example)
    return Card("请写明是哪一项", lines, Tone.AMBER)


@card_of.register
def decide_list(notice: DecideList, zone: tzinfo) -> Card:
    """What awaits 核定, with what the unit said to it."""
    if not notice.lines:
        return saying("目前没有待核定的事项。")
    return Card(
        f"待核定{len(notice.lines)}项",
        (
            *_none_ready(notice.lines, zone),
            *_ripe_before_waiting(notice.lines, zone),
            *_what_may_be_typed(notice.lines),
        ),
        buttons=_what_may_be_pressed(notice.lines),
    )


def _what_may_be_pressed(lines: Sequence[ProposalLine]) -> tuple[Button, ...]:
    """核定 and 先听情况说明 for the first few that can be decided as they stand; none with half of its buttons."""
    ready = [line for line in lines if line.decidable and line.points is not None and not line.trial]
    pressed: tuple[Button, ...] = ()
    for line in ready:
        further = _buttons(line, "" if len(ready) == 1 else line.number)
        if len(pressed) + len(further) > _FEW:
            break
        pressed += further
    return pressed


def _buttons(line: ProposalLine, number: str) -> tuple[Button, ...]:
    decide = Button(f"核定{number}", f"核定 {line.number}")
    return (decide, Button(f"先听情况说明{number}", f"先听情况说明 {line.number}")) if _deducts(line) else (decide,)


@card_of.register
def decide_ask(notice: DecideAsk, _zone: tzinfo) -> Card:
    """Every proposal that one 确认 would decide."""
    word = "不予核定" if notice.reject else "核定"
    lines = [text for line in notice.confirm for text in (briefly(line), *_outage(line))]
    if notice.early:
        lines.append(f"说明期未满、提前办理：{'、'.join(notice.early)}。")
    if notice.through is not None:
        lines.append(f"逐日计扣截至{notice.through:%-m月%-d日}，此后不再计；未报送的仍为未提交。")
    lines += headed("理由", notice.reason)
    lines.append(
        "确认后不予计分；原拟扣分的，告知该单位或个人。"
        if notice.reject
        else "确认后报领导小组审定（由其秘书登记），审定后记入台账。"
        if notice.approval
        else "确认后记入台账；属扣分的，告知该单位或个人。"
    )
    buttons = (Button("确认", "确认", Style.DANGER), CANCEL)
    return Card(f"请确认{word}{len(notice.confirm)}项", tuple(lines), Tone.AMBER, buttons=buttons)


@card_of.register
def decided(notice: Decided, _zone: tzinfo) -> Card:
    """To the office: what was decided, under which numbers it stands."""
    word = f"不予{notice.word}" if notice.rejected else f"已{notice.word}"
    entries = (f"台账编号：{'、'.join(notice.entries)}。",) if notice.entries else ()
    if notice.awaits_approval:
        entries = (*entries, f"其中{notice.awaits_approval}项待领导小组审定（由其秘书登记），审定后记入台账。")
    lines = (_after_decision(line, rejected=notice.rejected) for line in notice.lines)
    return Card(f"{word}{len(notice.lines)}项", (*lines, *entries), Tone.GREEN)


@card_of.register
def approve_ask(notice: ApproveAsk, _zone: tzinfo) -> Card:
    """What waits for 审定, or a question about some of it; or what was handed back."""
    listed_lines = tuple(briefly(line) for line in notice.lines)
    reason = headed("理由", notice.reason)
    if notice.told:
        return Card("不予审定", (*listed_lines, *reason), Tone.AMBER, note="现退回，请重新核定。")
    if not notice.asks:
        if not listed_lines:
            return saying("目前没有待审定的加分、扣分。")
        return Card(
            f"待审定{len(listed_lines)}项",
            listed_lines,
            buttons=(Button("全部审定", "审定 全部", Style.PRIMARY),),
            note="审定请回复“审定 编号”；退回请回复“不予审定 编号 理由”。",
        )
    if notice.reject:
        return Card(
            "请确认不予审定",
            (*listed_lines, *reason, "确认后退回重新核定。"),
            Tone.AMBER,
            buttons=(CONFIRM, CANCEL),
        )
    line = "确认后记入台账；属扣分的，告知该单位或个人。"
    return Card("请确认审定", (*listed_lines, line), Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def entry_told(notice: EntryTold, _zone: tzinfo) -> Card:
    """To the unit: what became of a proposal, and by whom."""
    reason = headed("理由", notice.reason)
    if notice.rejected:
        return Card("核定结果：不予计分", (_became(notice), *reason), Tone.GREEN)
    title = f"核定结果：{change(notice.points)}" + ("（不重复计）" if notice.covered_by else "")
    lines = (_became(notice), *_counts_not(notice), *total_now(notice.total, personal=notice.personal), *reason)
    return Card(title, lines, note=_if_disputed(notice.entry))


@card_of.register
def entries_told(notice: EntriesTold, _zone: tzinfo) -> Card:
    """To one person: what became of each of several proposals, and what each account comes to then."""
    reasons = dict.fromkeys(one.reason for one in notice.told)
    lines = []
    for one in notice.told:
        lines += [_became(one), *_counts_not(one)]
        lines += headed("理由", one.reason) if len(reasons) > 1 else ()
    last = {one.account: one for one in notice.told if one.total is not None}
    for one in last.values():
        whose_total = f"{one.account}：" if len(last) > 1 else ""
        lines += [f"{whose_total}{text}" for text in total_now(one.total, personal=one.personal)]
    lines += headed("理由", notice.told[0].reason) if len(reasons) == 1 else ()
    entries = [one.entry for one in notice.told if one.entry]
    return Card(f"核定结果：{len(notice.told)}项", tuple(lines), note=_if_any_disputed(entries) if entries else "")


def _became(notice: EntryTold) -> str:
    account = holder(notice.account, personal=notice.personal)
    clause = clause_named(notice.cite, notice.clause)
    if notice.rejected:
        return f"{account}：{clause}，原{change(notice.points, proposed=True)}，经{notice.by}核定，不予计分。"
    return f"{account}：{clause}，{change(notice.points)}，{notice.by}{notice.word}，台账编号{notice.entry}。"


def _counts_not(notice: EntryTold) -> Iterable[str]:
    if notice.covered_by:
        yield f"不重复计：同一事项取最高，以{notice.covered_by}为准，{notice.entry}不另计。"


def _if_disputed(entry: str) -> str:
    return f"查看依据请回复“为什么 {entry}”；如有异议，请回复“申诉 {entry} 理由”。"


def _if_any_disputed(entries: Sequence[str]) -> str:
    """The same of each of several: one way of asking, and the numbers that may stand in it."""
    if len(entries) == 1:
        return _if_disputed(entries[0])
    how = "查看依据请回复“为什么 编号”；如有异议，请逐条回复“申诉 编号 理由”"
    return f"{how}。可写的编号：{listed(entries)}。"


@card_of.register
def record_ask(notice: RecordAsk, _zone: tzinfo) -> Card:
    """The clause in full, so that the wrong one is seen before it is recorded."""
    measure = edition(notice.programme, "") if notice.programme else ""
    lines = [
        f"{notice.account}，{change(notice.points, proposed=True)}。",
        f"依据：{measure}{clause_named(notice.cite, notice.clause)}。",
        f"原文：“{notice.clause_text}”。",
        *((f"所涉事项：{notice.matter}。",) if notice.matter else ()),
        *headed("事由", notice.reason),
    ]
    if notice.evidence:
        lines.append(f"佐证：{listed(notice.evidence)}。")
    lines.append("确认后列入待核定，核定后计分。")
    return Card("请确认记分", tuple(lines), Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def recorded(notice: Recorded, zone: tzinfo) -> Card:
    """A proposal made by hand waits like any other."""
    line = notice.line
    return Card("已记，待核定", (briefly(line), *_waits(line, zone), _how_to_decide(_to_type(line))), Tone.GREEN)


def whose(line: ProposalLine) -> str:
    """Whose points a proposal is about."""
    return holder(line.account, personal=line.personal)


def proposed_change(line: ProposalLine) -> str:
    """拟扣2分, with the mark of a stand-in; 分值未设定 where nobody can give points."""
    if line.unset:
        return f"分值未设定{line.mark}"
    return change(line.points, proposed=True) + line.mark


def _deducts(line: ProposalLine) -> bool:
    return line.points is not None and line.points < 0


def _line(line: ProposalLine, zone: tzinfo) -> str:
    return f"{briefly(line)}说明期至{deadline(line.statement_until, zone)}。"


def briefly(line: ProposalLine) -> str:
    """A proposal in one line: number, whose, how much, clause and fact."""
    return _with_its_change(line, proposed_change(line))


def _after_decision(line: ProposalLine, *, rejected: bool) -> str:
    """What was proposed is 扣2分 once it is decided, and 原拟扣2分 once it is dropped."""
    return _with_its_change(line, f"原{proposed_change(line)}" if rejected else change(line.points) + line.mark)


def _with_its_change(line: ProposalLine, what: str) -> str:
    trial = "（试运行）" if line.trial else ""
    return f"{line.number}{trial} {whose(line)}，{what}，{clause_named(line.cite, line.clause)}；{line.fact}。"


def _ripe_before_waiting(lines: Sequence[ProposalLine], zone: tzinfo) -> Iterable[str]:
    """What can be decided, then what waits for the words of those concerned."""
    ripe = [line for line in lines if line.decidable]
    waiting = [line for line in lines if not line.decidable]
    yield from (text for line in ripe for text in _to_decide(line, zone))
    if ripe and waiting:
        yield f"以下{len(waiting)}项等候情况说明："
    yield from (text for line in waiting for text in _to_decide(line, zone))


def _none_ready(lines: Sequence[ProposalLine], zone: tzinfo) -> Iterable[str]:
    """Where nothing may be decided as it stands: since when something may."""
    real = [line for line in lines if not line.trial]
    if not real or any(line.decidable for line in real):
        return
    told = [line.statement_until for line in real if not line.untold]
    when = f"最早于{deadline(min(told), zone)}期满后核定" if told else "告知单位或个人、说明期满后核定"
    yield f"目前没有可以核定的事项，{when}；提前核定须写明理由。"


def _to_decide(line: ProposalLine, zone: tzinfo) -> Iterable[str]:
    yield briefly(line)
    yield from _covered(line)
    yield from _outage(line)
    yield from headed("情况说明", line.statement or "")
    yield from _waits(line, zone)


def _outage(line: ProposalLine) -> Iterable[str]:
    if line.outage:
        yield f"{line.number}：有关截止时间前后平台曾中断，请核实是否因此逾期。"
    if line.unheard:
        yield f"{line.number}：拟扣分的告知未能送达，请先电话告知并听取说明，再作核定。"


def _waits(line: ProposalLine, zone: tzinfo) -> Iterable[str]:
    if line.untold:
        yield f"请作情况说明的告知未能送达，说明期未起算；告知后请回复“先听情况说明 {line.number} 已电话告知”。"
        return
    asked = "已请先作情况说明，" if line.hearing else ""
    if not line.decidable:
        yield f"{asked}说明期至{deadline(line.statement_until, zone)}，此前核定须写明理由。"
    elif asked:
        yield f"{asked}至{deadline(line.statement_until, zone)}未收到说明。"


def _what_may_be_typed(lines: Sequence[ProposalLine]) -> Iterable[str]:
    """Each example can be typed as it stands: the plain one is of a proposal that may be decided today.

    What a trial proposes is only looked at, and 核定 全部 would not pass with one of its lines among them.
    """
    real = [line for line in lines if not line.trial]
    ready = [line for line in real if line.decidable]
    valued = [line for line in real if line.points is not None]
    plain = next((line for line in valued if line.decidable), next(iter(valued), None))
    if plain is not None:
        yield f"{_how_to_decide(_to_type(plain)).removesuffix('。')}，编号可写多个。"
    heard = next((line for line in ready if _deducts(line)), None)
    if heard is not None:
        yield f"核定前须先听单位或个人说明的，请回复“先听情况说明 {heard.number} 问题”，问题可不写。"
    at_once = [line for line in ready if line.points is not None]
    if len(at_once) > 1 and len(real) == len(lines):
        valued_only = "其中分值已定的，" if len(at_once) < len(ready) else ""
        yield f"已作说明、说明期已满和不扣分的，{valued_only}可一并核定，请回复“核定 全部”。"
    unset = [line.number for line in real if line.unset]
    if unset:
        yield f"{listed(unset)}所依条款的分值尚未设定，设定前不能核定。"
    unvalued = [line.number for line in real if line.points is None and not line.unset]
    if unvalued:
        yield f"分值未定的，请回复“核定 {unvalued[0]} 分值 理由”。"
    if len(real) < len(lines):
        yield "标“试运行”的只供核对，不核定、不记入台账。"


def _to_type(line: ProposalLine) -> str:
    """What follows 核定: before the days for a statement are over, a reason too."""
    return line.number if line.decidable else f"{line.number} 理由"


def _how_to_decide(what: str) -> str:
    number = what.partition(" ")[0]
    return f"核定请回复“核定 {what}”，不予核定请回复“不予核定 {number} 理由”。"


def _covered(line: ProposalLine) -> Iterable[str]:
    if line.suppressed_by:
        yield f"同一事项取最高，以{line.suppressed_by}为准，核定后不另计。"


def total_now(points: Decimal | None, *, personal: bool = False) -> Iterable[str]:
    """What is confirmed in all, where the reader may know it."""
    if points is not None:
        yield f"现{'个人' if personal else ''}核定总分{total(points)}。"
