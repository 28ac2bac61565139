"""Sayings about files that people send as evidence."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from assessment.evidence import MAX_BYTES, Unfit
from assessment.notices import (
    FileLost,
    FileRefused,
    FilesForNotice,
    FilesHelp,
    FilesHomeless,
    FilesTaken,
    FilesUnsupported,
    FilesWhich,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, named, said, wide
from bot.channels.card import Button, Card, Tone

_LIMIT = f"{MAX_BYTES // (1024 * 1024)}兆"
_KINDS = "图片、PDF、Word文档和Excel表格"
_OTHERWISE = "不能改为上述格式的，可拍照或截图发送，或将附件送主管单位代录。"
_FEW = 5

_WHY: Mapping[Unfit, str] = {
    Unfit.TOO_LARGE: f"超过{_LIMIT}，请缩小图片或分成几个文件后重新发送。",
    Unfit.TYPE: f"格式不符，可收{_KINDS}。压缩包请解压后逐个发送，其他格式请另存为上述格式后重新发送。",
    Unfit.MACROS: "含有宏（自动运行的程序），请另存为不含宏的文件后重新发送。",
    Unfit.ENCRYPTED: "设有密码，请取消密码后重新发送。",
    Unfit.BOMB: "展开后过大，请另存一份或转成PDF后重新发送。",
    Unfit.DAMAGED: "无法打开，请核对文件后重新发送。",
    Unfit.WITHHELD: "受平台限制无法接收，请拍照或截图发送，或将附件送主管单位代录。",
}


@card_of.register
def files_taken(notice: FilesTaken, _zone: tzinfo) -> Card:
    """Received, attached to what, that silence means it is all right, and that a file alone is no report."""
    line = f"已收到{attached(notice.names)}{_attached_to(notice)}；文件打不开或格式不符的，另行告知。"
    alone = ("只发附件不算报送，请另行报送内容。",) if notice.title and not notice.number else ()
    return Card("附件已收", (line, *alone), Tone.GREEN)


@card_of.register
def files_which(notice: FilesWhich, _zone: tzinfo) -> Card:
    """Each possibility with its number; nothing is attached before the answer."""
    lines = tuple(f"（{number}）{wide(title)}" for number, title in enumerate(notice.titles, 1))
    dropped = ("此前所问的不再等候答复。",) if notice.superseded else ()
    buttons = tuple(Button(f"第{number}项", f"第{number}项") for number in range(1, len(notice.titles) + 1))
    return Card(
        "请选定附件附于哪一项",
        (
            *dropped,
            f"已收到{attached(notice.names)}，可附于：",
            *(f"{line}。" for line in lines),
            "请回复其中一项的序号。",
        ),
        Tone.AMBER,
        buttons=(*buttons, CANCEL),
    )


@card_of.register
def files_homeless(notice: FilesHomeless, _zone: tzinfo) -> Card:
    """Nobody's report: the files are not kept."""
    lines = (
        f"{attached(notice.names)}未予留存。",
        "作为报送附件的，请先报送内容，再发附件；查看待办请回复“我的任务”。",
    )
    return Card("目前没有可接收附件的事项", lines, Tone.AMBER)


@card_of.register
def files_for_notice(notice: FilesForNotice, _zone: tzinfo) -> Card:
    """Kept for a day, and the words with which they go out."""
    lines = (
        f"已收到{attached(notice.names)}，一日内可作为通知附件；文件打不开或格式不符的，另行告知。",
        "作为通知附件的，请回复“通知 对象 正文 附件”；附几个写“附件2个”，改名写“附件：文件名称”。",
    )
    return Card("附件已收", lines, Tone.GREEN)


@card_of.register
def files_unsupported(notice: FilesUnsupported, _zone: tzinfo) -> Card:
    """Sound, film, and what the platform keeps to itself."""
    return Card("附件未能接收", (f"{attached(notice.names)}未能接收，可收{_KINDS}。", _OTHERWISE), Tone.AMBER)


@card_of.register
def files_help(_notice: FilesHelp, _zone: tzinfo) -> Card:
    """One way for all platforms; what one of them does not let through has its way too."""
    return Card(
        "附件发送办法",
        (
            f"请在本会话中直接发送，可收{_KINDS}，每个不超过{_LIMIT}。",
            "先报送内容、再发附件的，附于刚报送的一项；不能确定的，再请您选定附于哪一项。",
            "平台不能发送文件的，可拍照或截图发送，或将附件送主管单位代录。",
        ),
    )


@card_of.register
def file_refused(notice: FileRefused, _zone: tzinfo) -> Card:
    """Why, and what to do instead."""
    line = f"{_which(notice.name, notice.title)}{_WHY[notice.why]}"
    return Card("附件未能接收", (line,), Tone.AMBER, note=_report_stands(notice))


@card_of.register
def file_lost(notice: FileLost, _zone: tzinfo) -> Card:
    """Not the sender's fault, but only the sender can help."""
    line = f"{_which(notice.name, notice.title)}未能从平台取得，请重新发送。"
    return Card("附件未能接收", (line,), Tone.AMBER, note=_report_stands(notice))


def _report_stands(notice: FileRefused | FileLost) -> str:
    return "已报内容及报送时间不受影响。" if notice.reported else ""


def attached(names: Sequence[str]) -> str:
    """附件“证明.pdf”, or 附件2个：“甲.pdf”、“图片”; of many the first."""
    shown = "、".join(said(name) for name in names[:_FEW]) + ("等" if len(names) > _FEW else "")
    return f"附件{shown}" if len(names) == 1 else f"附件{len(names)}个（{shown}）"


def _attached_to(notice: FilesTaken) -> str:
    if not notice.title:
        return ""
    title = named(notice.title) if notice.matter else wide(notice.title)
    number = f"（{notice.number}）" if notice.number else "（尚未报送）"
    return f"，附于{title}{number}"


def _which(name: str, title: str) -> str:
    """The beginning of a sentence about one file."""
    return f"{attached((name,))}" + (f"（{wide(title)}）" if title else "")
