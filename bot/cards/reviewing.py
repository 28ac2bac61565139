"""Review of reports, entering for a unit, and matters assigned."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices import (
    EnterAsk,
    EnteredFor,
    HandedOn,
    MatterAsk,
    MatterAssigned,
    MatterClosed,
    MatterReported,
    MatterTold,
    Reviewed,
    ReviewLine,
    ReviewList,
    SentBack,
    Unreached,
)
from assessment.rulebook import TextPart
from bot.cards.dispatch import card_of
from bot.cards.evidence import attached
from bot.cards.figures import figure_lines, score_lines
from bot.cards.phrases import BY_UNIT, CANCEL, CONFIRM, NOBODY_TOLD, headed, listed, named, saying, trial_lines, wide
from bot.cards.times import by, by_receipt, clock, deadline
from bot.channels.card import Button, Card, Style, Tone, quoted


@card_of.register
def review_list(notice: ReviewList, zone: tzinfo) -> Card:
    """Oldest first, a single one with its figures and its button; or the question that 通过 and 退回 ask."""
    if not notice.lines:
        return saying("目前没有待审的报送和事项。")
    if notice.ask:
        return _ask_about(notice, zone)
    single = len(notice.lines) == 1
    only = notice.lines[0]
    first_of_each = {_settles(line): line for line in reversed(notice.lines)}
    return Card(
        f"待审{len(notice.lines)}件",
        (
            *(_for_review(line, zone) for line in notice.lines),
            *(_content(only) if single else ()),
            *(_how_to_settle(line) for _, line in sorted(first_of_each.items())),
        ),
        buttons=(Button(_settles(only), f"{_settles(only)} {only.number}", Style.PRIMARY),) if single else (),
    )


@card_of.register
def reviewed(notice: Reviewed, _zone: tzinfo) -> Card:
    """To the office: done, and the unit knows."""
    what = f"{notice.unit}{wide(notice.title)}（编号{notice.number}）"
    if notice.accepted:
        return Card("已通过", (f"{what}已{_decided_by(notice.by)}审核通过。",), Tone.GREEN)
    known = "" if notice.trial else "并告知该单位"
    told = f"{what}已{_decided_by(notice.by)}退回{known}，首次报送时间不变。"
    trial = (NOBODY_TOLD,) if notice.trial else ()
    return Card("已退回", (told, *headed("理由", notice.reason), *trial))


@card_of.register
def handed_on(notice: HandedOn, _zone: tzinfo) -> Card:
    """已转县委办审查: to who passed it, to who is next, to the unit."""
    what = f"{notice.unit}{wide(notice.title)}（编号{notice.number}）"
    if notice.hearer == "reviewer":
        how = f"审核通过请回复“通过 {notice.number}”，退回请回复“退回 {notice.number} 理由”；内容请回复“待审”查看。"
        so_far = f"已由{notice.by}审核" if notice.by else "已报送"
        return Card("待审1件", (f"{what}{so_far}，请{notice.to}审查。", how))
    if notice.hearer == "unit":
        return Card(f"{wide(notice.title)}：已转{notice.to}审查", (f"编号{notice.number}，已由{notice.by}审核通过。",))
    return Card(f"已转{notice.to}审查", (f"{what}已由{notice.by}审核通过。",), Tone.GREEN)


@card_of.register
def sent_back(notice: SentBack, zone: tzinfo) -> Card:
    """To the unit: what to repair, and that the first stamp stays."""
    if notice.matter:
        return _matter_sent_back(notice, zone)
    timely = "按时" if notice.on_time else "迟交"
    return Card(
        f"{wide(notice.title)}：退回修改",
        (
            f"{BY_UNIT}编号{notice.number}的报送{_decided_by(notice.by, '退回，')}请尽快修改后重报。",
            *headed("理由", notice.reason),
            f"首次报送时间{clock(notice.first_at, zone)}（{timely}）不变，是否按时以此为准，重报不另设时限。",
            "请直接回复修改后的内容，其余内容保留。",
        ),
        Tone.AMBER,
    )


@card_of.register
def enter_ask(notice: EnterAsk, zone: tzinfo) -> Card:
    """What would be entered, and the time that would decide."""
    signer = f"签发人{notice.signer}。" if notice.signer else ""
    return Card(
        f"{wide(notice.title)}：请确认代录",
        (
            f"{notice.unit}，{clock(notice.at, zone)}以{wide(notice.way)}方式报送。{signer}",
            *figure_lines(notice.lines),
            *score_lines(notice.scores, notice.score_total),
            *((f"文字部分：{listed(notice.parts)}。",) if notice.parts else ()),
            *((f"代录后仍缺{listed(notice.owed)}。",) if notice.owed else ()),
        ),
        Tone.AMBER,
        buttons=(CONFIRM, CANCEL),
        note="是否按时以上述时间为准，确认后告知该单位。",
    )


@card_of.register
def entered_for(notice: EnteredFor, zone: tzinfo) -> Card:
    """To the unit: the office entered what came by telephone or on paper."""
    return Card(
        f"{wide(notice.title)}：已代录",
        (
            f"{notice.unit}{clock(notice.at, zone)}以{wide(notice.way)}方式报送的内容已代录，编号{notice.number}。",
            *figure_lines(notice.lines),
            *score_lines(notice.scores, notice.score_total),
        ),
        note="如与原报不符，请回复" + ("“更正 指标 数值”。" if notice.lines else "“更正”并写明更正内容。"),
    )


@card_of.register
def matter_ask(notice: MatterAsk, zone: tzinfo) -> Card:
    """Exactly what would be assigned, to whom."""
    lines = (
        *quoted(notice.title),
        f"类别：{wide(notice.category)}。",
        f"主办：{notice.lead}。" + (f"协办：{listed(notice.co)}。" if notice.co else ""),
        *((f"包抓领导：{notice.leader}。",) if notice.leader else ()),
        f"办结时限：{deadline(notice.due, zone)}。{'' if notice.trial else '确认后告知以上单位。'}",
        *unreached_lines(notice.unreached),
        *trial_lines(notice.trial),
    )
    return Card("请确认交办", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def matter_assigned(notice: MatterAssigned, zone: tzinfo) -> Card:
    """To who assigned it."""
    co = f"，协办{listed(notice.co)}" if notice.co else ""
    leader = f"，包抓领导{notice.leader}" if notice.leader else ""
    line = f"编号{notice.number}，主办{notice.lead}{co}{leader}，办结时限{deadline(notice.due, zone)}。"
    told = ("试运行期间只作记录，未通知承办单位。",) if notice.trial else ()
    tone = Tone.AMBER if notice.unreached else Tone.GREEN
    return Card("已交办", (*quoted(notice.title), line, *unreached_lines(notice.unreached), *told), tone)


@card_of.register
def matter_told(notice: MatterTold, zone: tzinfo) -> Card:
    """To the units: what to do by when."""
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，由{notice.assigned_by}同志交办，{notice.unit}为{notice.share}单位。",
        *((f"包抓领导：{notice.leader}。",) if notice.leader else ()),
        *((_convenes(notice),) if notice.convener else ()),
        f"请于{by(notice.due, zone)}办结，并回复“办结 {notice.number} 办理情况”。",
    )
    return Card("交办事项", lines)


@card_of.register
def matter_reported(notice: MatterReported, zone: tzinfo) -> Card:
    """The unit's word is in; closing is the office's."""
    timely = "按时" if notice.on_time else "逾期"
    sent = clock(notice.sent_at, zone) + by_receipt(notice.late_stamp)
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，{notice.unit}{sent}报办结，{timely}。",
        *headed("办理情况", notice.text),
    )
    if notice.to_office:
        button = Button("销号", f"销号 {notice.number}", Style.PRIMARY)
        return Card("事项报办结，待销号", (*lines, "核实后请销号。"), buttons=(button,))
    return Card("已收到办结报告", (*lines, "核实后销号。"), Tone.GREEN)


@card_of.register
def matter_closed(notice: MatterClosed, _zone: tzinfo) -> Card:
    """销号."""
    timely = "按时办结" if notice.on_time else "逾期办结"
    line = f"编号{notice.number}，{notice.unit}，{timely}，已销号。"
    return Card("事项已销号", (*quoted(notice.title), line), Tone.GREEN)


def _decided_by(who: str, act: str = "") -> str:
    """由县委办, where that was not the office itself."""
    return f"由{who}{act}" if who else ""


def _ask_about(notice: ReviewList, zone: tzinfo) -> Card:
    """Exactly what one 确认 would do, and that the unit hears of it."""
    what = tuple(_for_review(line, zone) for line in notice.lines)
    title = f"请确认{notice.ask}{len(notice.lines)}件"
    content = _content(notice.lines[0]) if len(notice.lines) == 1 else ()
    lines = (*what, *content, *headed("理由", notice.reason), _consequence(notice), *trial_lines(notice.trial))
    return Card(title, lines, Tone.AMBER, buttons=(CONFIRM, CANCEL))


def _consequence(notice: ReviewList) -> str:
    matters = all(line.matter or line.problem for line in notice.lines)
    if notice.reason:
        to_whom = "退回" if notice.trial else "告知"
        return f"确认后{to_whom}该单位" + ("重新办理。" if matters else "修改重报，首次报送时间不变。")
    return "确认后即销号，不再催办。" if matters else "确认后即审核通过。"


def _for_review(line: ReviewLine, zone: tzinfo) -> str:
    timely = "按时" if line.on_time else "逾期" if line.matter or line.problem else "迟交"
    what = f"交办事项{named(line.title)}报办结" if line.matter else wide(line.title)
    if line.problem:
        what = f"整改问题{named(line.title)}报已整改"
    files = f"，{attached(line.files)}" if line.files else ""
    return f"{line.number} {line.unit}：{what}，{clock(line.sent_at, zone)}，{timely}{files}。"


def _content(line: ReviewLine) -> Iterable[str]:
    """Figures and written parts, as far as the notice carries them."""
    yield from figure_lines(line.lines)
    for heading, text in line.parts:
        account = heading == TextPart.PROGRESS and line.problem
        yield from headed("办理情况" if line.matter else "整改情况" if account else wide(heading), text)


def _settles(line: ReviewLine) -> str:
    """The word by which the office is done with it."""
    return "销号" if line.matter or line.problem else "通过"


def _how_to_settle(line: ReviewLine) -> str:
    word = _settles(line)
    return f"{word}请回复“{word} {line.number}”，退回请回复“退回 {line.number} 理由”。"


def _matter_sent_back(notice: SentBack, zone: tzinfo) -> Card:
    """What was not done is done in time only if that comes soon; the day is said."""
    timely = "按时" if notice.on_time else "逾期"
    first = f"首次报办结时间{clock(notice.first_at, zone)}（{timely}）"
    if notice.on_time_until is None:
        when = f"{first}，重新报办结的仍计为逾期。"
    else:
        when = f"{first}；{by(notice.on_time_until, zone)}重新报办结的仍计为按时，此后按重新报办结的时间计。"
    return Card(
        "交办事项：退回",
        (
            *quoted(notice.title),
            f"{BY_UNIT}编号{notice.number}的事项请尽快办理后重新报办结。",
            *headed("理由", notice.reason),
            when,
            f"办结后请回复“办结 {notice.number} 办理情况”。",
        ),
        Tone.AMBER,
    )


def _convenes(notice: MatterTold) -> str:
    if notice.unit == notice.convener:
        return "请贵单位牵头汇总各承办单位的办理情况。"
    return f"由{notice.convener}牵头，办理进展请回复“反馈 {notice.number} 办理进展”，同时告知牵头单位。"


def unreached_lines(units: Iterable[Unreached]) -> Iterable[str]:
    """Who will not hear of it, and why."""
    for unit in units:
        why = f"{unit.post}{listed(unit.people)}尚未登记账号" if unit.people else f"{unit.post}空缺"
        yield f"{unit.unit}：{why}，目前无法送达，请另行通知。"
