"""The life of a supervised matter: rounds, progress, problems for leaders, major matters, what cannot be done."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from assessment.notices.supervision import (
    MajorList,
    MajorTaken,
    MajorTold,
    ProblemAnswered,
    ProblemLine,
    ProblemRaised,
    ProblemsOpen,
    ProblemTold,
    ProgressLine,
    ProgressList,
    ProgressReturnAsk,
    ProgressReturned,
    ProgressTaken,
    ProgressTold,
    RoundCost,
    RoundLine,
    RoundRefused,
    RoundSigned,
    SuperviseAsk,
    SuperviseDone,
    SupervisedTold,
    UnableAsk,
    UnableFiled,
    UnableMarked,
)
from bot.cards.dispatch import card_of
from bot.cards.evidence import attached
from bot.cards.phrases import (
    CANCEL,
    CONFIRM,
    NOBODY_TOLD,
    change,
    clause_named,
    headed,
    listed,
    said,
    saying,
    the_office,
    trial_lines,
    wide,
)
from bot.cards.reviewing import unreached_lines
from bot.cards.times import by, by_receipt, clock, deadline
from bot.channels.card import Blank, Button, Card, Form, Style, Tone, quoted

_ORDINALS = "一二三四五六七八九十"
_SHOWN = 6
"""So many of the newest feedbacks fit one message."""


def nth(number: int) -> str:
    """第二次."""
    return f"第{_ORDINALS[number - 1] if number <= len(_ORDINALS) else number}次"


# ── 督办 ──


@card_of.register
def supervise_ask(notice: SuperviseAsk, zone: tzinfo) -> Card:
    """Which round it would be, what it takes off, and what the next one would."""
    trial = ("该办法正在试运行，督办只作记录，不通知承办单位。",) if notice.trial else ()
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，办结时限{deadline(notice.due, zone)}，尚未办结：{listed(notice.units)}。",
        *(_before(line, zone) for line in notice.before),
        *((f"本次督办时限：{deadline(notice.until, zone)}。",) if notice.until else ()),
        *headed("事由", notice.reason),
        *_costs("本次", notice.costs, named_units=len(notice.units) > 1),
        *_costs(nth(notice.nth + 1), notice.next_costs, named_units=len(notice.units) > 1),
        *trial,
    )
    if notice.trial:
        note = "确认后编号记录。"
    else:
        note = "确认后编号发出；扣分先作拟扣，听取情况说明后核定。" if notice.costs else "确认后编号发出。"
    return Card(f"请确认{nth(notice.nth)}督办", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def supervise_done(notice: SuperviseDone, zone: tzinfo) -> Card:
    """On record under its number, and who hears of it when."""
    if notice.trial:
        when = "试运行期间只作记录，未通知承办单位。"
    elif notice.held_until:
        when = f"将于{clock(notice.held_until, zone)}送{listed(notice.units)}。"
    else:
        when = f"即送{listed(notice.units)}。"
    lines = (
        *quoted(notice.title),
        f"督办编号{notice.letter}，交办事项{notice.number}。{when}",
        *((f"本次督办时限：{deadline(notice.until, zone)}。",) if notice.until else ()),
        *unreached_lines(notice.unreached),
    )
    return Card(f"{nth(notice.nth)}督办已记录", lines, Tone.AMBER if notice.unreached else Tone.GREEN)


@card_of.register
def supervised_told(notice: SupervisedTold, zone: tzinfo) -> Card:
    """The letter: a deadline, a fact, what it costs, what to do."""
    what = f"{notice.unit}承办的事项{notice.number}尚未办结，办结时限{deadline(notice.due, zone)}。"
    lines = [*quoted(notice.title), what, *headed("督办事由", notice.reason), *_costs("本次", notice.costs)]
    lines += _costs(nth(notice.nth + 1), notice.next_costs)
    title = f"{nth(notice.nth)}督办（{notice.letter}）"
    if notice.copied:
        lines += [f"本次督办时限：{deadline(notice.until, zone)}。"] if notice.until else []
        lines.append(f"{notice.office}已督办，抄送您知悉，请督促尽快办结。")
        return Card(title, tuple(lines), Tone.RED)
    limit = f"请于{by(notice.until, zone)}办结" if notice.until else "请尽快办结"
    lines.append(f"{limit}，并回复“办结 {notice.number} 办理情况”；尚未办结的，请回复“反馈 {notice.number} 办理进展”。")
    button = Button("签收", f"签收 {notice.letter}", Style.PRIMARY)
    note = "拟扣分在核定前可作情况说明，编号另行告知。" if notice.costs else ""
    return Card(title, tuple(lines), Tone.RED, buttons=(button,), note=note)


@card_of.register
def round_refused(notice: RoundRefused, zone: tzinfo) -> Card:
    """No round is left out, and none is ordered twice (A27)."""
    if notice.letter and notice.at is not None:
        why = f"{nth(notice.wanted)}督办已于{clock(notice.at, zone)}发出（{notice.letter}），未重复记录。"
    else:
        missing = nth(notice.stands + 1)
        why = f"没有{missing}督办记录，不能直接记{nth(notice.wanted)}。"
    return Card(
        "督办：未办理",
        (*quoted(notice.title), why, f"再督办请回复“督办 {notice.number} 事由”。"),
        Tone.AMBER,
        note=f"已记录到{nth(notice.stands)}督办。" if notice.stands else "该事项尚未督办过。",
    )


@card_of.register
def round_signed(notice: RoundSigned, zone: tzinfo) -> Card:
    """The first receipt stands."""
    before = "此前" if notice.before else ""
    line = f"{notice.office}{nth(notice.nth)}督办{notice.letter}，{before}已于{clock(notice.signed_at, zone)}签收。"
    return Card("已签收", (*quoted(notice.title), line), Tone.GREEN)


# ── 反馈 ──


@card_of.register
def progress_taken(notice: ProgressTaken, zone: tzinfo) -> Card:
    """Kept with its time; the matter is still to be done."""
    sent = clock(notice.sent_at, zone) + by_receipt(notice.late_stamp)
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，{nth(notice.version)}反馈，{sent}收到。",
        f"该事项尚未报办结，办结时限{deadline(notice.due, zone)}。",
    )
    return Card("已收到进展反馈", lines, Tone.GREEN, note=f"办结后请回复“办结 {notice.number} 办理情况”。")


@card_of.register
def progress_told(notice: ProgressTold, zone: tzinfo) -> Card:
    """To the office, which may send it back, and to the unit that convenes."""
    lines = (*quoted(notice.title), *_said(notice.line, zone))
    if notice.to_office:
        word = f"反馈不合要求的，请回复“反馈不合要求 {notice.number} {notice.line.unit} 理由”。"
        return Card(f"{notice.number}进展反馈", (*lines, word))
    return Card(f"{notice.number}进展反馈", (*lines, "请贵单位牵头汇总。"))


@card_of.register
def progress_list(notice: ProgressList, zone: tzinfo) -> Card:
    """The newest of what the units have said."""
    if not notice.lines:
        return Card(f"{notice.number}进展反馈", (*quoted(notice.title), "目前没有反馈。"))
    shown = notice.lines[-_SHOWN:]
    earlier = len(notice.lines) - len(shown)
    more = (f"另有较早的{earlier}次反馈，未列出。",) if earlier else ()
    said_so_far = (line for one in shown for line in _said(one, zone))
    return Card(f"{notice.number}进展反馈（{len(notice.lines)}次）", (*quoted(notice.title), *said_so_far, *more))


@card_of.register
def progress_return_ask(notice: ProgressReturnAsk, zone: tzinfo) -> Card:
    """Exactly what would be sent back, and what that costs."""
    lines = (
        *quoted(notice.title),
        *_said(notice.line, zone),
        *headed("理由", notice.reason),
        *_costs("本次", notice.costs),
        *trial_lines(notice.trial),
    )
    note = "办结时限不变。" if notice.trial else "确认后告知该单位补充反馈，办结时限不变。"
    return Card("请确认反馈不合要求", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def progress_returned(notice: ProgressReturned, zone: tzinfo) -> Card:
    """What to write anew; the time limit stays."""
    lines = (*quoted(notice.title), *headed("理由", notice.reason))
    if notice.to_office:
        known = "。" if notice.trial else "并告知该单位。"
        what = f"{notice.unit}的反馈（{notice.number}）已退回{known}"
        return Card("反馈已退回", (what, *lines, *((NOBODY_TOLD,) if notice.trial else ())))
    how = f"请补充后回复“反馈 {notice.number} 办理进展”，办结时限{deadline(notice.due, zone)}不变。"
    return Card("交办事项：反馈不合要求", (*lines, how), Tone.AMBER)


# ── 请求协调 ──


@card_of.register
def problem_raised(notice: ProblemRaised, zone: tzinfo) -> Card:
    """Who has it, and that nothing is put off by it."""
    office = the_office(notice.line.office)
    whom = f"已送{listed(notice.leaders)}同志和{office}。" if notice.leaders else f"已送{office}。"
    lines = [f"编号{notice.line.number}，{clock(notice.line.raised_at, zone)}收到。{whom}"]
    if notice.unreached:
        lines.append(f"{listed(notice.unreached)}同志尚未登记账号，无法送达，请另行报告。")
    elif not notice.leaders:
        lines.append("名册中未登记贵单位的分管领导，请另行报告。")
    due = f"{deadline(notice.line.due, zone)}" if notice.line.due else ""
    item = f"{wide(notice.line.item)}的时限{due}不因此顺延" if due else "有关事项的时限不因此顺延"
    note = f"{item}，催办照常；须延期的，请另行申请。"
    title = "已转请领导协调" if notice.leaders else f"请求协调已报{office}"
    return Card(title, tuple(lines), Tone.GREEN, note=note)


@card_of.register
def problem_told(notice: ProblemTold, zone: tzinfo) -> Card:
    """To the leader, who is asked to answer; to the office, which sees it."""
    title = f"{notice.line.unit}请求协调"
    if notice.to_office:
        whom = f"已送{listed(notice.leaders)}同志。" if notice.leaders else "该单位未登记分管领导，请转报。"
        return Card(title, (*_problem(notice.line, zone), whom), note="有关时限不因此顺延。")
    return Card(
        title,
        (*_problem(notice.line, zone), f"请回复“答复 {notice.line.number} 意见”。"),
        Tone.AMBER,
        form=Form(
            f"答复 {notice.line.number}", (Blank("意见", "如 由某某局牵头，下周一前报方案", required=True),), "答复"
        ),
    )


@card_of.register
def problems_open(notice: ProblemsOpen, zone: tzinfo) -> Card:
    """What waits for the leader's answer."""
    if not notice.lines:
        return saying("目前没有待您答复的问题。")
    lines = tuple(line for one in notice.lines for line in _problem(one, zone))
    which = notice.lines[0].number if len(notice.lines) == 1 else "编号"
    return Card(f"待答复{len(notice.lines)}件", (*lines, f"请回复“答复 {which} 意见”。"))


@card_of.register
def problem_answered(notice: ProblemAnswered, zone: tzinfo) -> Card:
    """A receipt to the leader, or the answer to the unit and the office."""
    what = f"编号{notice.line.number}，{notice.line.unit}，{notice.leader}同志{clock(notice.at, zone)}答复。"
    lines = (what, *headed("答复", notice.answer))
    if notice.receipt and notice.before:
        return Card("该问题已答复，未重复办理", lines)
    if notice.receipt:
        return Card("已答复", (*lines, f"已告知该单位和{the_office(notice.line.office)}。"), Tone.GREEN)
    return Card("请求协调：已答复", (*lines, *headed("所报问题", notice.line.text)))


# ── 重大事项 ──


@card_of.register
def major_taken(notice: MajorTaken, zone: tzinfo) -> Card:
    """Stored, and who has been told."""
    sent = clock(notice.sent_at, zone) + by_receipt(notice.late_stamp)
    told = f"已即时发给{listed(notice.told)}。" if notice.told else "目前无法送达，请立即电话报告。"
    return Card(
        "重大事项已收到",
        (f"编号{notice.number}，{notice.unit}，{sent}收到。", told),
        Tone.GREEN if notice.told else Tone.AMBER,
        note="有图片、文件的，请接着发来" + ("；紧急情况请同时电话报告。" if notice.told else "。"),
    )


@card_of.register
def major_told(notice: MajorTold, zone: tzinfo) -> Card:
    """To the office and the leader in charge, in the unit's own words."""
    files = (f"{attached(notice.files)}。",) if notice.files else ()
    what = f"编号{notice.number}，{notice.unit}{notice.reporter}，{clock(notice.sent_at, zone)}报。"
    return Card("重大事项报告", (what, *quoted(notice.text), *files), Tone.RED)


@card_of.register
def major_list(notice: MajorList, zone: tzinfo) -> Card:
    """The newest first."""
    if not notice.lines:
        return saying("目前没有重大事项报告。")
    lines = tuple(
        f"{one.number} {one.unit}，{clock(one.sent_at, zone)}：{said(one.text.rstrip('。'))}。" for one in notice.lines
    )
    return Card(f"重大事项报告{len(lines)}件", (*lines, f"查看请回复“重大事项 {notice.lines[0].number}”。"))


# ── 无法完成 ──


@card_of.register
def unable_filed(notice: UnableFiled, zone: tzinfo) -> Card:
    """The reason is in; what follows is the office's word."""
    when = "" if notice.early else f"，已过办结时限{deadline(notice.due, zone)}"
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，{notice.unit}，{clock(notice.at, zone)}说明无法完成的原因{when}。",
        *headed("原因", notice.reason),
    )
    if notice.settled:
        return Card("原因说明已收齐", (*lines, "该事项不再催办。"), Tone.GREEN)
    if notice.to_office:
        word = f"确实无法完成的，请回复“确实无法完成 {notice.number} {notice.unit}”；可以延期的，按延期办理。"
        return Card("事项无法完成：待认定", (*lines, word), Tone.AMBER)
    return Card("已收到原因说明", (*lines, "认定前，时限和催办不变。"))


@card_of.register
def unable_ask(notice: UnableAsk, _zone: tzinfo) -> Card:
    """What the finding would do."""
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，{listed(notice.units)}。",
        *_reasons(notice.reasons),
        *headed("认定意见", notice.remark),
        *((f"尚未说明原因：{listed(notice.missing)}。",) if notice.missing else ()),
        *trial_lines(notice.trial),
    )
    report = "" if notice.trial else "认定情况报交办领导。"
    note = f"确认后不再催办该事项，不按逾期拟扣分；未说明原因的只催说明。{report}"
    return Card("请确认：确实无法完成", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def unable_marked(notice: UnableMarked, _zone: tzinfo) -> Card:
    """To the office, the unit, or the level above."""
    lines = [*quoted(notice.title), f"编号{notice.number}，{listed(notice.units)}，经认定确实无法完成。"]
    lines += [*_reasons(notice.reasons), *headed("认定意见", notice.remark)]
    if notice.to == "unit" and notice.missing:
        lines.append(f"请说明原因，回复“无法完成 {notice.number} 原因”；说明后不再催办。")
    elif notice.to == "unit":
        lines.append("该事项不再催办。")
    elif notice.missing:
        lines.append(f"尚未说明原因：{listed(notice.missing)}，只催说明。")
    return Card("事项确实无法完成", tuple(lines), Tone.AMBER if notice.missing else Tone.BLUE)


def _before(line: RoundLine, zone: tzinfo) -> str:
    signed = [f"{listed(line.signed)}已签收"] if line.signed else []
    unsigned = [f"{listed(line.unsigned)}未签收"] if line.unsigned else []
    return f"{nth(line.nth)}督办{line.letter}：{clock(line.at, zone)}发出，{'，'.join(signed + unsigned)}。"


def _costs(which: str, costs: Sequence[RoundCost], *, named_units: bool = False) -> Iterable[str]:
    """What a round takes off, clause by clause; 本次 as 拟扣, a later one as what would come."""
    for cost in costs:
        whom = listed(cost.units) if named_units else ""
        points = f"{change(cost.points, proposed=True)}{cost.mark}"
        flag = f"，核定后{cost.flag}" if cost.flag else ""
        when = which if which == "本次" else f"如有{which}督办，"
        yield f"{when}{whom}{points}{flag}（{clause_named(cost.cite, cost.name)}）。"


def _said(line: ProgressLine, zone: tzinfo) -> Iterable[str]:
    yield f"{line.unit}，{clock(line.at, zone)}反馈："
    yield from quoted(line.text)
    yield from headed("已退回", line.returned)


def _problem(line: ProblemLine, zone: tzinfo) -> Iterable[str]:
    yield f"编号{line.number}，{line.unit}{line.raised_by}，{clock(line.raised_at, zone)}报。"
    if line.item:
        yield f"所涉事项：{wide(line.item)}{_due(line.due, zone)}。"
    yield from quoted(line.text)


def _due(at: datetime | None, zone: tzinfo) -> str:
    return f"，时限{deadline(at, zone)}" if at is not None else ""


def _reasons(reasons: Iterable[tuple[str, str]]) -> Iterable[str]:
    for unit, reason in reasons:
        yield from headed(f"{unit}说明的原因", reason)
