"""Sayings of the conversation itself."""

from datetime import tzinfo

from assessment.notices import (
    Cancelled,
    Failed,
    Lapsed,
    Marked,
    Menu,
    NoQuestion,
    NotUnderstood,
    OtherContent,
    Refused,
    SayInPrivate,
    Stranger,
    ToldPrivately,
    TooLong,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import saying, wide
from bot.channels.card import Button, Card, Tone

_FEW = 6
"""More words than this are a list to read, not buttons to press."""

_REPORT = "报送"

HELP = Button("帮助", "帮助")
TASKS = Button("我的任务", "我的任务")


@card_of.register
def stranger(_notice: Stranger, _zone: tzinfo) -> Card:
    """Nothing else is said before somebody is in the roster."""
    return saying("您尚未登记，请回复：绑定 姓名 单位，经考核办确认后使用。")


@card_of.register
def refused(_notice: Refused, _zone: tzinfo) -> Card:
    """One wording for unknown and forbidden (decisions 20)."""
    return saying("该结果在规定范围内知悉，如需了解请联系考核办。")


@card_of.register
def marked(_notice: Marked, _zone: tzinfo) -> Card:
    """The content was not kept, so it is not repeated either."""
    return saying("请按保密规定通过规定渠道报送（本条内容未保存）。")


@card_of.register
def told_privately(_notice: ToldPrivately, _zone: tzinfo) -> Card:
    """All that a group hears."""
    return saying("已单独发给您。")


@card_of.register
def say_in_private(_notice: SayInPrivate, _zone: tzinfo) -> Card:
    """Nothing was done, so that nothing happens of which the sender does not learn."""
    return saying("本条未办理：不便在群内答复，请打开与本应用的单独会话，重新发送。")


@card_of.register
def too_long(notice: TooLong, _zone: tzinfo) -> Card:
    """A report has a length; a longer text is no report."""
    return Card("本条未办理", (f"内容超过{notice.limit}字。请分成几条，重新发送。",), Tone.AMBER)


@card_of.register
def failed(_notice: Failed, _zone: tzinfo) -> Card:
    """Our own fault, never the sender's."""
    lines = ("系统未能办理本条消息，原文和发送时间已留存，由工作人员处理。", "事项紧急的，请电话联系主管单位。")
    return Card("本条暂未办理", lines, Tone.AMBER)


@card_of.register
def other_content(notice: OtherContent, _zone: tzinfo) -> Card:
    """What came in twice with different words is done only when the person says it anew."""
    if notice.unproven:
        unsure = "收到一条以您的账号发来的消息，未能核实是否您本人所发，已另存，未办理。"
        return Card(
            "请核实一条消息", (unsure, "如确系您所发，请重新发送一次；如非您所发，请告知主管单位。"), Tone.AMBER
        )
    lines = ("收到一条消息，与此前一条编号相同、内容不同，已另存，未办理。", "如确系您所发，请重新发送一次。")
    return Card("请核实一条消息", lines, Tone.AMBER)


@card_of.register
def no_question(_notice: NoQuestion, _zone: tzinfo) -> Card:
    """确认 with nothing to confirm."""
    return Card("目前没有等候您答复的问题。", ("查看待办请回复“我的任务”。",), buttons=(TASKS, HELP))


@card_of.register
def lapsed(_notice: Lapsed, _zone: tzinfo) -> Card:
    """Pressed or typed too late: nothing was done."""
    return Card("该问题已失效，未作办理", ("如仍需办理，请重新发起。",))


@card_of.register
def cancelled(_notice: Cancelled, _zone: tzinfo) -> Card:
    """What had been stored before stays."""
    return saying("已取消，所问事项未办理；此前已收的内容不变。")


@card_of.register
def not_understood(notice: NotUnderstood, _zone: tzinfo) -> Card:
    """At most three likely meanings, each as what to type."""
    if not notice.choices:
        lines = ("报送请写指标名称和数值，查询请写“得分”“差距”等词语。", "可办理的事项，请回复“帮助”。")
        return Card("未能识别您的消息", lines, buttons=(HELP,))
    choices = tuple(f"{_without_remark(choice.label)}，请回复“{choice.command}”。" for choice in notice.choices)
    buttons = tuple(Button(_without_remark(choice.label), choice.command) for choice in notice.choices)
    return Card("未能识别您的消息，是否要办理以下事项", choices, buttons=(*buttons, HELP))


@card_of.register
def menu(notice: Menu, _zone: tzinfo) -> Card:
    """Only what this person can do now; how to report only to whoever has something to report."""
    reports = any(line.word == _REPORT for line in notice.lines)
    return Card(
        "您可以办理",
        tuple(f"{line.word}：{wide(line.what)}" for line in notice.lines),
        buttons=tuple(Button(line.word, line.word) for line in notice.lines) if len(notice.lines) <= _FEW else (),
        note="请回复其中的词语。" + ("报送也可直接发指标名称和数值。" if reports else ""),
    )


def _without_remark(label: str) -> str:
    """What a word does, without the remark in brackets that the menu has room for."""
    return wide(label).partition("（")[0]
