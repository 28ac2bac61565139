"""To the office: what did not arrive, why, who was told instead, and what is left to do by telephone."""

from datetime import datetime, tzinfo

from assessment.notices import BudgetAlarm, ChannelClosed, FilesNotDelivered, NotDelivered, OwedLine, ToldInstead
from bot.cards.dispatch import card_of
from bot.cards.evidence import attached
from bot.cards.phrases import listed, named, wide
from bot.cards.times import clock, deadline
from bot.channel_titles import TITLES
from bot.channels.card import Button, Card, Tone

_WHAT = {
    "Reminder": "报送提醒",
    "Urging": "催报",
    "Escalated": "督办通知",
    "Proposed": "拟加拟扣告知",
    "HearingTold": "请作情况说明的告知",
    "EntryTold": "核定结果",
    "EntriesTold": "核定结果",
    "SentBack": "退回通知",
    "MatterAssigned": "交办通知",
    "MatterTold": "交办通知",
    "SignRequest": "待签发提醒",
    "HandedOver": "工作交接告知",
    "BindAsked": "绑定申请",
    "BoundElsewhere": "账号绑定的告知",
}


@card_of.register
def not_delivered(notice: NotDelivered, _zone: tzinfo) -> Card:
    """Nothing is counted as told before the platform has taken it."""
    head = _said(notice) + ("未能确认送达。" if notice.perhaps else "未送达。")
    if notice.stand_ins:
        rest = f"已改发{listed(notice.stand_ins)}，请提醒其转告。"
    elif notice.perhaps:
        rest = "为免重复，不再自动重发，请电话确认对方是否收到。"
    elif notice.person:
        rest = "请电话告知，并核对名册中的账号。"
    else:
        rest = "请另行告知有关人员，并请系统管理员核对工作群。"
    counted = ("未确认送达本人的，不作为已催报，不起算延迟天数。",) if notice.lost == "Urging" else ()
    return Card(
        "消息未能确认送达" if notice.perhaps else "消息未送达",
        (head, f"原因：{wide(notice.reason)}。", rest, *counted),
        tone=Tone.AMBER,
        buttons=(Button("谁没报", "谁没报"),) if notice.lost in ("Reminder", "Urging", "Escalated") else (),
    )


@card_of.register
def files_not_delivered(notice: FilesNotDelivered, _zone: tzinfo) -> Card:
    """Which files, why, and what their readers will ask for."""
    return Card(
        f"通知{notice.number}：附件未能送达",
        (
            f"部分或全部收件人未收到{attached(notice.files)}。",
            f"原因：{wide(notice.reason)}。",
            f"通知正文照发，并已请收件人向{wide(notice.office)}索取附件，请备好文件。",
        ),
        tone=Tone.AMBER,
    )


def _said(notice: NotDelivered) -> str:
    """The message by its kind, its subject and its reader."""
    whom = f"{listed(notice.units)}{notice.person}" if notice.person else "工作群"
    if not notice.lost:
        return f"对{whom}来信的答复" if notice.person else f"发到{whom}的答复"
    about = f"（{listed(notice.titles)}）" if notice.titles else ""
    return f"发给{whom}的{_WHAT.get(notice.lost, '通知')}{about}"


@card_of.register
def told_instead(notice: ToldInstead, zone: tzinfo) -> Card:
    """What is owed by when, and why it comes to somebody who does not report."""
    units = listed(list(dict.fromkeys(line.unit for line in notice.lines)))
    wanted = "、".join(dict.fromkeys("办结" if line.number else "报送" for line in notice.lines))
    return Card(
        f"{units}：请转告并安排{wanted}",
        (
            *(_owed(line, notice.now, zone) for line in notice.lines),
            f"以上通知未能送达填报人{notice.missed}，请转告并安排尽快{wanted}。",
            "填报人有变动的，请告知主管单位更新名册。",
        ),
        tone=Tone.AMBER,
        note=f"统计至{clock(notice.now, zone)}。",
    )


def _owed(line: OwedLine, now: datetime, zone: tzinfo) -> str:
    what = f"交办事项{line.number}{named(line.title)}" if line.number else wide(line.title)
    late = "已逾期，" if now >= line.due else ""
    owed = "退回后尚未重报" if line.returned else "尚未报办结" if line.number else "尚未报送"
    return f"{what}截止时间为{deadline(line.due, zone, line.due_mark)}，{late}{owed}。"


@card_of.register
def budget_alarm(notice: BudgetAlarm, zone: tzinfo) -> Card:
    """How much is used, when it ends, and what goes on all the same."""
    share = notice.used * 100 // notice.budget
    lines = [f"{notice.month}月已用{notice.used}次，额度{notice.budget}次，已用{share}%。"]
    if notice.runs_out is not None:
        lines.append(f"按本月至今的用量，预计{clock(notice.runs_out, zone)}用完。")
    lines.append("额度将用完时，依次停发通知、提醒、催报，余额留作答复；全部用完后，下月1日恢复。")
    lines.append("请系统管理员联系平台增购额度，并请酌减通知。")
    return Card(f"{TITLES.get(notice.platform, '平台')}消息额度提醒", tuple(lines), tone=Tone.AMBER)


@card_of.register
def channel_closed(notice: ChannelClosed, _zone: tzinfo) -> Card:
    """What to repair, and that nothing is lost meanwhile."""
    name = TITLES.get(notice.platform, "平台")
    return Card(
        f"{name}暂时不能发送消息",
        (
            f"原因：{wide(notice.reason)}。",
            "请系统管理员处理。待发消息均已保留，处理后自动补发；其间未送达的，不作为已催报，不起算延迟天数。",
        ),
        tone=Tone.RED,
    )
