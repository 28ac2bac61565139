"""Sayings about reports to those who report and sign; the answer to a report itself is next door."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices import (
    Amended,
    DutyChoice,
    NilAsk,
    NothingOwed,
    Signed,
    SignList,
    SignRequest,
    TaskList,
    WhichDuty,
    WhichPeriod,
    WithdrawAsk,
    Withdrawn,
    WithdrawRefused,
)
from assessment.notices.reporting import NotYetOpen, TaskLine
from bot.cards.dispatch import card_of
from bot.cards.figures import changed, figure_lines, score_lines
from bot.cards.phrases import (
    CANCEL,
    CONFIRM,
    headed,
    how_to_report,
    is_one_text,
    listed,
    named,
    report_form,
    said,
    saying,
    stand_in_explained,
    to_event,
    wide,
    written_form,
)
from bot.cards.times import by, by_receipt, clock, deadline
from bot.channels.card import Button, Card, Style, Tone, quoted

_MOST_BUTTONS = 3


@card_of.register
def amended(notice: Amended, _zone: tzinfo) -> Card:
    """Old and new value, and that the old one is kept."""
    lines = (*map(changed, notice.changes), f"编号{notice.number}，首次报送时间不变。")
    return Card(f"{wide(notice.title)}：已更正", lines, Tone.GREEN)


@card_of.register
def nothing_owed(notice: NothingOwed, _zone: tzinfo) -> Card:
    """There is nothing that this could belong to."""
    return Card(f"{notice.unit}目前没有与此相应的待报事项。", ("查看待办请回复“我的任务”。",))


@card_of.register
def not_yet_open(notice: NotYetOpen, zone: tzinfo) -> Card:
    """From when on it is taken; nothing was."""
    lines = (
        f"{notice.unit}该项自{notice.opens:%-m月%-d日}起报送，报送截止{deadline(notice.due, zone, notice.due_mark)}。",
        "本条内容未收，届时请重新发送。",
    )
    return Card(f"{wide(notice.title)}：尚未开始报送", lines, Tone.AMBER, note=stand_in_explained(notice.due_mark))


@card_of.register
def which_duty(notice: WhichDuty, _zone: tzinfo) -> Card:
    """Each possibility is a line to type: a beginning that settles it, or the whole with what is to be filled in."""
    if notice.choices:
        lines = (*map(_to_type, notice.choices), "请照其中一行的写法重新发送。")
    else:
        lines = (*map(wide, notice.titles), "请将其中一行写在开头，重新发送。")
    return Card("请写明是哪一项", lines, Tone.AMBER)


@card_of.register
def which_period(notice: WhichPeriod, _zone: tzinfo) -> Card:
    """The text is kept: naming the period is enough."""
    titles = [wide(title) for title in notice.titles]
    lines = (
        *quoted(notice.text),
        f"待报的有{len(titles)}期：{listed(titles)}。",
        f"请回复其中一期，如“{titles[-1]}”；以上内容已留存，不必重发。",
    )
    return Card(
        "请写明是哪一期", lines, Tone.AMBER, buttons=tuple(Button(title, title) for title in titles[-_MOST_BUTTONS:])
    )


def _to_type(choice: DutyChoice) -> str:
    title = f"{choice.unit} {wide(choice.title)}".strip()
    if choice.nil:
        return f"零报告 {title} 理由"
    if choice.figures:
        return f"{title}：指标 数值"
    return f"{title} {choice.part}：内容" if choice.part else f"{title}：内容"


@card_of.register
def nil_ask(notice: NilAsk, _zone: tzinfo) -> Card:
    """What a nil report would cover, before it counts."""
    what = f"本期作零报告：{listed(notice.names)}"
    if notice.text:
        what = f"本期没有可写的内容，{wide(notice.title)}作零报告"
    lines = (f"{notice.unit}{what}。", *headed("理由", notice.reason))
    return Card(f"{wide(notice.title)}：请确认零报告", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def withdraw_ask(notice: WithdrawAsk, zone: tzinfo) -> Card:
    """What taking back means for the first stamp."""
    lines = (
        f"将撤回{notice.unit}编号{notice.number}的报送，撤回后列为未报送。",
        f"{by(notice.keep_until, zone)}重报的，仍按首次报送时间计；此后重报的，按重报时间计。",
    )
    return Card(f"{wide(notice.title)}：请确认撤回", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def withdrawn(notice: Withdrawn, zone: tzinfo) -> Card:
    """Taken back, and until when the first stamp holds."""
    lines = (
        f"{notice.unit}的报送已撤回，请重报；报送截止{deadline(notice.due, zone)}。",
        f"{by(notice.keep_until, zone)}重报的，仍按首次报送时间计。",
    )
    return Card(f"{wide(notice.title)}：已撤回", lines)


@card_of.register
def withdraw_refused(notice: WithdrawRefused, _zone: tzinfo) -> Card:
    """Nothing to take back, or acted on already."""
    if notice.title is None:
        return saying(f"{notice.unit}目前没有可以撤回的报送。")
    lines = (f"{notice.unit}的报送已审核或已办理，不能撤回。", "如需更正，请回复“更正”并写明更正内容。")
    return Card(f"{wide(notice.title)}：未撤回", lines, Tone.AMBER)


@card_of.register
def task_list(notice: TaskList, zone: tzinfo) -> Card:
    """What is open, by due time, and what to type for it."""
    if not notice.lines:
        return saying(f"{notice.unit}目前没有待办事项。")
    lines = tuple(f"（{number}）{_task(line, zone)}。" for number, line in enumerate(notice.lines, 1))
    several = len(notice.lines) > 1
    ways = dict.fromkeys(way for line in notice.lines for way in _how(line, among_others=several))
    return Card(
        f"{notice.unit}：待办{len(notice.lines)}项",
        (*lines, *ways),
        form=report_form(
            [line.owed for line in notice.lines if not is_one_text(line.title, line.owed)],
            [heading for line in notice.lines for heading in line.headings],
        ),
        note=f"统计至{clock(notice.now, zone)}。",
    )


@card_of.register
def sign_request(notice: SignRequest, zone: tzinfo) -> Card:
    """All that the signature would cover."""
    return Card(
        f"{wide(notice.title)}：待您签发",
        (
            f"{notice.unit}，{notice.reporter}报来，编号{notice.number}。",
            f"报送截止{deadline(notice.due, zone, notice.due_mark)}，签发后才算报送。",
            *figure_lines(notice.lines),
            *score_lines(notice.scores, notice.score_total),
            *(line for name, text in notice.parts for line in headed(wide(name), text)),
            *((f"附件：{'、'.join(map(said, notice.files))}。",) if notice.files else ()),
            "如需修改，请填报人更正后再签发。",
        ),
        buttons=(_sign(notice.number),),
    )


@card_of.register
def sign_list(notice: SignList, _zone: tzinfo) -> Card:
    """What awaits this person's signature."""
    if not notice.titles:
        return saying("目前没有待您签发的报送。")
    lines = (*map(wide, notice.titles), "请回复其中一行；一并签发请回复“签发 全部”。")
    return Card(f"待您签发{len(notice.titles)}件", lines)


@card_of.register
def signed(notice: Signed, zone: tzinfo) -> Card:
    """The time of the signature is the one that counts."""
    timely = "按时" if notice.on_time else f"迟交（报送截止{deadline(notice.due, zone)}）"
    signed_at = clock(notice.signed_at, zone) + by_receipt(notice.late_stamp)
    return Card(
        f"{wide(notice.title)}：已签发",
        (
            f"{notice.unit}，编号{notice.number}，{signed_at}由{notice.signer}签发，{timely}。",
            "已送审核。" if notice.review else "报送已完成。",
        ),
        Tone.GREEN if notice.on_time else Tone.AMBER,
    )


def _sign(number: str) -> Button:
    return Button("签发", f"签发 {number}", Style.PRIMARY)


def _task(line: TaskLine, zone: tzinfo) -> str:
    return "；".join(_of_a_task(line, zone))


def _how(line: TaskLine, *, among_others: bool) -> Iterable[str]:
    """What to type for it; nothing where somebody else has to act."""
    if line.problem and not line.reported:
        if line.unclaimed:
            yield f"明确责任请回复“整改 {line.number} {line.unclaimed[0]}：…”。"
        yield f"整改到位后请回复“已整改 {line.number} 整改情况”。"
    elif line.reply:
        yield from (() if line.reported else (written_form(line.reply, line.owed),))
    elif line.number and not line.reported:
        yield f"办结后请回复“办结 {line.number} 办理情况”。"
    elif line.owed and not line.waiting_for:
        yield how_to_report(line.title, line.owed, among_others=among_others, headings=line.headings)


def _of_a_task(line: TaskLine, zone: tzinfo) -> Iterable[str]:
    waiting = line.state.replace("待", f"待{line.waiting_for}", 1) if line.waiting_for else line.state
    state = "未报办结" if line.number and not line.reply and not line.reported else waiting
    if line.problem:
        state = "待核验" if line.reported else "待认领" if line.unclaimed else "整改中"
    called = "整改问题" if line.problem else "交办事项"
    what = f"{called}{line.number}{named(line.title)}" if line.number else wide(line.title)
    if line.reply:
        what = f"{wide(line.title)}（{line.number}）"
    yield f"{what}：{state}，截止{deadline(line.due, zone, line.due_mark)}"
    if line.owed and not line.waiting_for and not is_one_text(line.title, line.owed):
        yield f"还缺{listed(line.owed)}"
    if line.until_event:
        yield to_event(line)
