"""What follows from the year's results: 待办, 约谈, 书面报告."""

from datetime import date, tzinfo

from assessment.notices.following_up import (
    FollowUpAsk,
    FollowUpDone,
    FollowUpDropped,
    FollowUpLine,
    FollowUpList,
    FollowUpNotDone,
    FollowUpRefused,
    InterviewEnded,
    InterviewTold,
    WrittenAsked,
    WrittenTaken,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, CONFIRM, edition, headed, listed, said, saying, wide
from bot.cards.times import by, by_receipt, clock, deadline
from bot.channels.card import Card, Tone, quoted

_INTERVIEW, _END = "约谈", "约谈结束"


@card_of.register
def follow_up_list(notice: FollowUpList, _zone: tzinfo) -> Card:
    """What is to be done, with what to type for each."""
    if not notice.lines:
        return saying(f"{edition(notice.programme, '')}目前没有待办。")
    lines = [text for line in notice.lines for text in _item(line)]
    return Card(f"待办{len(notice.lines)}项", (f"{edition(notice.programme, '')}：", *lines))


@card_of.register
def follow_up_done(notice: FollowUpDone, zone: tzinfo) -> Card:
    """Ticked off, by whom and when."""
    line = (
        f"{notice.line.number} {_whose(notice.line)}{wide(notice.line.name)}：{notice.by}{clock(notice.at, zone)}登记。"
    )
    return Card("待办已办理", (line, *headed("办理情况", notice.remark)), Tone.GREEN)


@card_of.register
def follow_up_ask(notice: FollowUpAsk, _zone: tzinfo) -> Card:
    """An interview, its end, or a day; with what it brings about."""
    line = notice.line
    what = f"{_whose(line)}{wide(line.name)}（{wide(line.because)}，{line.number}）"
    lines = [f"{what}。"]
    if notice.act == _INTERVIEW:
        lines.append(f"约谈日期：{_day(notice.day)}。")
        title, note = "请确认约谈", "确认后告知该单位主要负责人。"
    elif notice.act == _END:
        lines.append(f"约谈于{_day(notice.day)}结束。")
        lines += [f"随后：{_brings(one)}。" for one in notice.follow]
        title, note = "请确认约谈结束", "期限自约谈结束之日起算；确认后告知该单位。"
    else:
        lines.append(f"报送期限：{_day(notice.day)}24:00前。")
        title, note = "请确认报送期限", "确认后告知该单位，并按期催报。"
    lines += headed("备注", notice.remark)
    return Card(title, tuple(lines), Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def interview_told(notice: InterviewTold, _zone: tzinfo) -> Card:
    """To the head, or as a receipt."""
    lines = (
        f"{notice.unit}：{wide(notice.name)}（依据{wide(notice.cite)}），定于{_day(notice.day)}。",
        *headed("备注", notice.remark),
    )
    if notice.to_office:
        note = f"约谈后请回复“约谈结束 {notice.unit} 日期”，后续期限自该日起算。"
        return Card("约谈已通知", lines, Tone.GREEN, note=note)
    when = "请届时参加" if notice.remark else "请届时参加，具体时间、地点请提前联系"
    return Card("约谈通知", (*lines, f"{when}。联系：{notice.office}。"), Tone.RED)


@card_of.register
def interview_ended(notice: InterviewEnded, _zone: tzinfo) -> Card:
    """Over, and what follows."""
    lines = [f"{notice.number} {notice.unit}：{_day(notice.day)}结束。"]
    lines += [f"随后：{one.number} {_brings(one)}。" for one in notice.follow]
    return Card("约谈结束已登记", tuple(lines), Tone.GREEN)


@card_of.register
def written_asked(notice: WrittenAsked, zone: tzinfo) -> Card:
    """By when the report is due and what it must say."""
    due = by(notice.due, zone, notice.mark)
    must = f"，须写明{listed(notice.required)}" if notice.required else ""
    what = f"{notice.unit}：{wide(notice.name)}（依据{wide(notice.cite)}），编号{notice.number}。"
    line = f"{what}起因：{wide(notice.because)}。"
    if notice.to_office:
        return Card("已通知报送", (line, f"报送期限：{due}{must}。"), Tone.GREEN)
    return Card(
        "请报送书面报告",
        (line, f"请于{due}报送{must}。", f"请回复“{_form(notice.number, notice.required)}”。"),
        Tone.RED,
        note="缺任何一项的，退回补充。" if notice.required else "",
    )


@card_of.register
def follow_up_dropped(notice: FollowUpDropped, _zone: tzinfo) -> Card:
    """Owed no longer, and why; to the office with what it may have to correct."""
    what = f"{notice.unit}：{wide(notice.name)}（依据{wide(notice.cite)}），编号{notice.number}"
    lines = [f"{what}，因{wide(notice.why)}，无须再报送，不再催报。"]
    if notice.entries:
        lines.append(f"由此入账的{listed(notice.entries)}，请核对；须更正的，请回复“更正分 {notice.entries[0]} 理由”。")
    return Card("书面报告不再报送", tuple(lines), note="已告知该单位。" if notice.to_office else "")


@card_of.register
def written_taken(notice: WrittenTaken, zone: tzinfo) -> Card:
    """In, or returned with what it lacks."""
    sent = clock(notice.sent_at, zone) + by_receipt(notice.late_stamp)
    head = f"编号{notice.number}，{notice.unit}{wide(notice.name)}，第{notice.version}次，{sent}收到。"
    written = [text for name, words in notice.parts for text in (f"{wide(name)}：", *quoted(words))]
    if notice.missing:
        how = f"请补充：“{_form(notice.number, notice.missing)}”，已写的保留。"
        lines = (head, f"缺{listed(notice.missing)}，尚不算报送，截止{deadline(notice.due, zone)}。", how)
        return Card(f"书面报告：缺{listed(notice.missing)}", lines, Tone.AMBER)
    timely = "按时" if notice.on_time else "迟交"
    if notice.to_office:
        note = f"审核请回复“通过 {notice.number}”或“退回 {notice.number} 理由”。"
        return Card("书面报告待审", (f"{head}{timely}。", *written), note=note)
    return Card("已收到书面报告", (f"{head}{timely}，待审核。", *written), Tone.GREEN)


_NOT_DONE = {
    FollowUpRefused.NOTHING_TO_INTERVIEW: ("{words}目前没有须约谈的事项。", "待办"),
    FollowUpRefused.INTERVIEW_WHICH_UNIT: ("请写明约谈哪个单位。", "约谈 单位 1月12日"),
    FollowUpRefused.WHICH_DAY: ("请写明日期。", "{about} {words}{number} 1月12日"),
    FollowUpRefused.END_AHEAD: ("约谈尚未结束，不能登记以后的日期。", "约谈结束 {words}"),
    FollowUpRefused.END_BEFORE_CAUSE: ("日期在评定等次之前，请核对。", "约谈结束 {words}"),
    FollowUpRefused.DAY_PASSED: ("{written}已过或有误，请核对日期。", "{about} {words}{number} 1月12日"),
    FollowUpRefused.NOTHING_LIKE_IT: ("没有这一待办，请核对编号。", "待办"),
    FollowUpRefused.NOT_A_TASK: ("{number}须按其规定办理，不能直接登记已办。", "待办"),
    FollowUpRefused.DONE_BEFORE: ("{number}此前已办理，未重复办理。", "待办"),
    FollowUpRefused.CAUSE_GONE: ("{words}，{number}无须再办理。", "待办"),
    FollowUpRefused.NOTHING_WRITTEN_OWED: ("目前没有须报送的书面报告。", "我的任务"),
    FollowUpRefused.WRITE_WHAT: ("请写明内容；有多件的，写明编号：{words}。", "书面报告 编号 内容"),
    FollowUpRefused.DECIDE_WHAT: ("请写明取消或不取消，以及决定的依据。", "决定 {number} 不取消 依据"),
}


@card_of.register
def follow_up_not_done(notice: FollowUpNotDone, _zone: tzinfo) -> Card:
    """Why not, and a line to copy."""
    why, example = _NOT_DONE[notice.why]
    facts = {"words": wide(notice.words), "number": notice.number, "about": notice.about}
    facts["written"] = said(notice.written) if notice.written else "该日期"
    lines = (why.format_map(facts), f"可回复“{example.format_map(facts)}”。")
    return Card(f"{wide(notice.about)}：未办理", lines, Tone.AMBER)


def _item(line: FollowUpLine) -> tuple[str, ...]:
    due = f"，期限{_day(line.due_day)}24:00前" if line.due_day is not None else ""
    late = "（已逾期）" if line.overdue else ""
    planned = f"，已定{_day(line.planned_day)}约谈" if line.planned_day is not None else ""
    what = f"{line.number} {_whose(line)}{wide(line.name)}（{wide(line.because)}）{due}{late}{planned}。"
    return what, f"　{_how(line)}"


def _how(line: FollowUpLine) -> str:
    if line.awaits_day:
        return f"请先设定报送期限：“报送期限 {line.number} 1月31日”。"
    if line.act == _INTERVIEW:
        return f"请回复“{_END if line.planned_day is not None else _INTERVIEW} {line.account} 日期”。"
    if line.name.endswith("待有关部门决定"):
        return f"有关部门决定后请回复“决定 {line.number} 取消”或“不取消”，并写明依据。"
    return f"办理后请回复“已办 {line.number} 办理情况”。"


def _brings(line: FollowUpLine) -> str:
    if line.awaits_day:
        return f"{wide(line.name)}，请先设定报送期限"
    due = f"，期限{_day(line.due_day)}24:00前" if line.due_day is not None else ""
    return f"{_whose(line)}{wide(line.name)}{due}"


def _whose(line: FollowUpLine) -> str:
    return f"{line.account}：" if line.account else ""


def _form(number: str, parts: tuple[str, ...]) -> str:
    if not parts:
        return f"书面报告 {number} 内容"
    return f"书面报告 {number} " + " ".join(f"{wide(part)}：…；" for part in parts).rstrip("；")


def _day(day: date) -> str:
    return f"{day:%-m月%-d日}"
