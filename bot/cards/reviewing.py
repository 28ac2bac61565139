"""Review of reports, entering for a unit, and matters assigned."""

from datetime import tzinfo

from assessment.notices import (
    EnterAsk,
    EnteredFor,
    MatterAsk,
    MatterAssigned,
    MatterClosed,
    MatterReported,
    MatterTold,
    Reviewed,
    ReviewLine,
    ReviewList,
    SentBack,
)
from bot.cards.dispatch import card_of
from bot.cards.figures import figure_lines
from bot.cards.phrases import BY_UNIT, CANCEL, CONFIRM, headed, listed, saying, wide
from bot.cards.times import by, clock, deadline
from bot.channels.card import Button, Card, Style, Tone, quoted


@card_of.register
def review_list(notice: ReviewList, zone: tzinfo) -> Card:
    """Oldest first, a single one with its figures and its button; or the question that 通过 and 退回 ask."""
    if not notice.lines:
        return saying("目前没有待审的报送。")
    if notice.ask:
        return _ask_about(notice, zone)
    single = len(notice.lines) == 1
    only = notice.lines[0]
    return Card(
        f"待审{len(notice.lines)}件",
        (
            *(_for_review(line, zone) for line in notice.lines),
            *(figure_lines(only.lines) if single else ()),
            f"通过请回“通过 {only.number}”，退回请回“退回 {only.number} 理由”。",
        ),
        buttons=(Button("通过", f"通过 {only.number}", Style.PRIMARY),) if single else (),
    )


@card_of.register
def reviewed(notice: Reviewed, _zone: tzinfo) -> Card:
    """To the office: done, and the unit knows."""
    what = f"{notice.unit}{wide(notice.title)}（编号{notice.number}）"
    if notice.accepted:
        return Card("已通过", (f"{what}已审核通过。",), Tone.GREEN)
    return Card("已退回", (f"{what}已退回并告知该单位，首次报送时间不变。", *headed("理由", notice.reason)))


@card_of.register
def sent_back(notice: SentBack, zone: tzinfo) -> Card:
    """To the unit: what to repair, and that the first stamp stays."""
    timely = "按时" if notice.on_time else "迟交"
    return Card(
        f"{wide(notice.title)}：退回修改",
        (
            f"{BY_UNIT}编号{notice.number}的报送请修改后重报。",
            *headed("理由", notice.reason),
            f"首次报送时间{clock(notice.first_at, zone)}（{timely}）不变。",
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
            *((f"文字部分：{listed(notice.parts)}。",) if notice.parts else ()),
        ),
        Tone.AMBER,
        buttons=(CONFIRM, CANCEL),
        note="是否按时以上述时间为准，确认后告知该单位。",
    )


@card_of.register
def entered_for(notice: EnteredFor, zone: tzinfo) -> Card:
    """To the unit: the office entered what came by telephone or on paper."""
    return Card(
        f"{wide(notice.title)}：考核办已代录",
        (
            f"{notice.unit}{clock(notice.at, zone)}以{wide(notice.way)}方式报送的内容已代录，编号{notice.number}。",
            *figure_lines(notice.lines),
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
        f"办结时限：{deadline(notice.due, zone)}。确认后告知以上单位。",
    )
    return Card("请确认交办", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def matter_assigned(notice: MatterAssigned, zone: tzinfo) -> Card:
    """To who assigned it."""
    co = f"，协办{listed(notice.co)}" if notice.co else ""
    line = f"编号{notice.number}，主办{notice.lead}{co}，办结时限{deadline(notice.due, zone)}。"
    return Card("已交办", (*quoted(notice.title), line), Tone.GREEN)


@card_of.register
def matter_told(notice: MatterTold, zone: tzinfo) -> Card:
    """To the units: what to do by when."""
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，由{notice.assigned_by}同志交办，{notice.unit}为{notice.share}单位。",
        f"请于{by(notice.due, zone)}办结，并回复“办结 {notice.number} 办理情况”。",
    )
    return Card("交办事项", lines)


@card_of.register
def matter_reported(notice: MatterReported, zone: tzinfo) -> Card:
    """The unit's word is in; closing is the office's."""
    timely = "按时" if notice.on_time else "逾期"
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，{notice.unit}{clock(notice.sent_at, zone)}报办结，{timely}。",
        *headed("办理情况", notice.text),
    )
    if notice.to_office:
        button = Button("销号", f"销号 {notice.number}", Style.PRIMARY)
        return Card("事项报办结，待销号", (*lines, "核实后请销号。"), buttons=(button,))
    return Card("已收到办结报告", (*lines, "考核办核实后销号。"), Tone.GREEN)


@card_of.register
def matter_closed(notice: MatterClosed, _zone: tzinfo) -> Card:
    """销号."""
    timely = "按时办结" if notice.on_time else "逾期办结"
    line = f"编号{notice.number}，{notice.unit}，{timely}，已销号。"
    return Card("事项已销号", (*quoted(notice.title), line), Tone.GREEN)


def _ask_about(notice: ReviewList, zone: tzinfo) -> Card:
    """Exactly what one 确认 would do, and that the unit hears of it."""
    what = tuple(_for_review(line, zone) for line in notice.lines)
    title = f"请确认{notice.ask}{len(notice.lines)}件"
    sent_back = "确认后告知该单位修改重报，首次报送时间不变。"
    consequence = (sent_back if notice.reason else "确认后即审核通过。",)
    return Card(title, (*what, *headed("理由", notice.reason), *consequence), Tone.AMBER, buttons=(CONFIRM, CANCEL))


def _for_review(line: ReviewLine, zone: tzinfo) -> str:
    timely = "按时" if line.on_time else "迟交"
    return f"{line.number} {line.unit}：{wide(line.title)}，{clock(line.sent_at, zone)}，{timely}。"
