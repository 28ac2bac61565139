"""What each platform can do, on one page for the office: `python -m bot.platform_table` writes docs/platforms.md.

The forms are not described but tried: the examples of docs/wording-examples.yaml go through each channel's own cards,
the limits are those that the channels declare and delivery obeys. So the page cannot say what the code does not do.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from assessment.evidence import KINDS, MAX_BYTES
from bot.cards import card_of
from bot.cards.pictures import drawing_for
from bot.channel_settings import DingtalkSettings
from bot.channels.card import Card
from bot.channels.channel import Capabilities
from bot.channels.dingtalk.client import CAPABILITIES as DINGTALK
from bot.channels.dingtalk.client import IN_GROUPS
from bot.channels.feishu import cards as feishu
from bot.channels.showing import Piece, in_words, shown
from bot.channels.wecom import cards as wecom
from bot.channels.wecom_bot import cards as wecom_bot
from bot.wording import DOCS, EXAMPLES, ZONE, Example, examples
from schedules.rates import Per, Rate

PAGE = DOCS / "platforms.md"


@dataclass(frozen=True)
class Column:
    """One platform of the table."""

    name: str
    can: Capabilities
    pieces: Callable[[Card], tuple[Piece, ...]]
    """The messages that say a card to a person."""
    group: Capabilities
    """The same in a group."""
    hears_groups: str
    """Whether it hears what is said to it in a group. Like `evidence` from the platform's papers, not declared."""
    evidence: str
    """What files people can send to it."""


def _dingtalk(card: Card) -> tuple[Piece, ...]:
    """A card with nothing to press goes as a text there."""
    return tuple(piece if piece.card and piece.card.buttons else Piece(piece.text) for piece in shown(card, DINGTALK))


def _no_press(can: Capabilities) -> Capabilities:
    return replace(can, buttons=False, form=False, update=False, max_buttons=0)


COLUMNS = (
    Column(
        "企业微信（自建应用）",
        wecom.CAPABILITIES,
        wecom.pieces,
        group=_no_press(wecom.CAPABILITIES),
        hears_groups="否；只能用群机器人网址发通知",
        evidence="单聊：图片；文件平台未承诺送达，可发给智能机器人",
    ),
    Column(
        "企业微信（智能机器人）",
        wecom_bot.CAPABILITIES,
        wecom_bot.pieces,
        group=_no_press(wecom_bot.CAPABILITIES),
        hears_groups="是，须@机器人；一小时内答复一次，不能主动发",
        evidence="单聊：图片、文件（平台只保留五分钟，不给文件名）；群内：图片",
    ),
    Column(
        "钉钉（企业内部应用机器人）",
        replace(DINGTALK, monthly_calls=DingtalkSettings.model_fields["monthly_calls"].default),
        _dingtalk,
        group=IN_GROUPS,
        hears_groups="是，须@机器人",
        evidence="单聊：图片、文件；群内：图片",
    ),
    Column(
        "飞书（自建应用机器人）",
        feishu.CAPABILITIES,
        feishu.pieces,
        group=feishu.CAPABILITIES,
        hears_groups="是，须@机器人",
        evidence="单聊、群内：图片、文件",
    ),
)

INTERACTIONS: Mapping[str, tuple[str, str]] = {
    "报送（待报清单）": ("报送", "填报人，我的任务"),
    "报送回执": ("报送", "填报人，报齐"),
    "疑问确认": ("报送", "填报人，一项有疑问"),
    "签发": ("报送", "主要负责人"),
    "提醒": ("催办", "填报人，几项"),
    "催报": ("催办", "填报人，几项逾期"),
    "报送领导": ("催办", "主要负责人、分管领导"),
    "名单（谁没报）": ("催办", "考核办，谁没报"),
    "催报前确认": ("催办", "考核办，催报"),
    "审核": ("审核与事项", "考核办，待审一件"),
    "交办前确认": ("审核与事项", "领导，交办"),
    "拟扣告知": ("记分", "单位，拟扣"),
    "核定": ("记分", "考核办，待核定"),
    "得分": ("得分", "领导问一个单位现在多少分"),
    "明细": ("得分", "领导，明细"),
    "排名": ("得分", "填报人，排名"),
    "走势图": ("得分", "填报人，走势"),
    "红黄绿": ("得分", "领导，红黄绿"),
    "为什么": ("得分", "单位，为什么 L-1008-41"),
    "通知": ("通知", "收件人，通知"),
    "通知前确认": ("通知", "考核办，通知前确认"),
}
"""Each with the chapter and the listener of the example that is tried."""

_ASK_FOR_IT = "正文注明向发通知的单位索取"
_NO_FILES = f"不能，{_ASK_FOR_IT}"

_HEAD = """\
# 各平台的形式与限额

本页列出每种交互在各平台上的样子和限额。由 `python -m bot.platform_table` 生成，请勿手改：
形式由 `docs/wording-examples.yaml` 中的举例逐条试排得出，限额取自各渠道的声明，发送时照此执行。
各平台的开通步骤见 [企业微信](guides/企业微信.md)、[钉钉](guides/钉钉.md)、[飞书](guides/飞书.md)，
网络要求见 [部署边界](guides/部署边界.md)。限额依据各平台公开文档，尚未在真实平台上逐项核验。

凡有按钮处，发送按钮上的文字所对应的命令，效果相同；`cards = false` 时各平台一律只发文字，办事一样能办完。
"""


def page(chapters: Mapping[str, tuple[Example, ...]]) -> str:
    """The whole page as Markdown. Raises LookupError for an interaction whose example is gone."""
    forms = [(title, *(_form(column, example) for column in COLUMNS)) for title, example in _tried(chapters)]
    words = ("只用文字时（cards = false）", *(_words(column, chapters) for column in COLUMNS))
    return "\n".join(
        (
            _HEAD,
            "## 交互与形式\n",
            *_table(("交互", *(column.name for column in COLUMNS)), [*forms, words]),
            "",
            "“文字 1 条 + 按钮 3 个”指内容较长，先发文字，按钮另成一张卡片。\n",
            "## 群内与附件\n",
            *_table(("事项", *(column.name for column in COLUMNS)), _groups()),
            "",
            "## 限额\n",
            *_table(("限额", *(column.name for column in COLUMNS)), _limits()),
            "",
        )
    )


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(examples(EXAMPLES.read_text("utf-8"))), "utf-8")


def _tried(chapters: Mapping[str, tuple[Example, ...]]) -> Iterable[tuple[str, Example]]:
    for title, (chapter, listener) in INTERACTIONS.items():
        found = [example for example in chapters[chapter] if example.listener == listener]
        if not found:
            raise LookupError(f"no example for {title}: {chapter}, {listener}")
        yield title, found[0]


def _form(column: Column, example: Example) -> str:
    """How the example looks there: its messages, their buttons, its form and its picture."""
    pieces = column.pieces(card_of(example.notice, ZONE))
    texts = sum(piece.card is None for piece in pieces)
    parts = [f"文字 {texts} 条"] if texts else []
    parts += [_card(piece.card, alone=not texts) for piece in pieces if piece.card]
    picture = column.can.picture and drawing_for(example.notice, ZONE) is not None
    return " + ".join(parts) + ("，附图" if picture else "")


def _card(card: Card, *, alone: bool) -> str:
    holds = [f"按钮 {len(card.buttons)} 个"] if card.buttons else []
    holds += ["表单"] if card.form else []
    named = "、".join(holds)
    return (f"卡片（{named}）" if named else "卡片") if alone else named or "卡片"


def _words(column: Column, chapters: Mapping[str, tuple[Example, ...]]) -> str:
    most = max(len(column.pieces(in_words(card_of(example.notice, ZONE)))) for _, example in _tried(chapters))
    return f"文字，最多 {most} 条"


def _groups() -> list[tuple[str, ...]]:
    return [
        ("群内能否听到", *(column.hears_groups for column in COLUMNS)),
        ("群内发出", *("卡片和按钮" if column.group.buttons else "只有文字" for column in COLUMNS)),
        ("附件（佐证）", *(column.evidence for column in COLUMNS)),
        ("随通知发文件", *(_files(column.can) for column in COLUMNS)),
        ("用群机器人网址发文件", *(_files_by_hook(column.can) for column in COLUMNS)),
    ]


def _files(can: Capabilities) -> str:
    if not can.file:
        return _NO_FILES
    most = min(can.max_file_bytes, MAX_BYTES) // (1024 * 1024)
    others = [kind for kind in KINDS if kind not in can.file_kinds]
    rest = f"；{'、'.join(others)}不能，{_ASK_FOR_IT}" if others else ""
    return f"{'、'.join(kind for kind in KINDS if kind in can.file_kinds)}，每个不超过 {most} 兆{rest}"


def _files_by_hook(can: Capabilities) -> str:
    if not can.file:
        return "没有这种网址"
    return "同上" if can.hook_takes_files else _NO_FILES


def _limits() -> list[tuple[str, ...]]:
    rows: dict[str, Callable[[Capabilities], str]] = {
        "一张卡片的按钮": lambda can: f"{can.max_buttons} 个，每个不超过 {can.max_label} 字",
        "一张卡片的正文": lambda can: f"{can.max_lines} 行；再长改发文字",
        "一条消息": lambda can: f"{can.max_bytes} 字节（约 {can.max_bytes // 3} 字）；再长分条",
        "卡片内填表": lambda can: "可以" if can.form else "不可以，照样稿回复文字",
        "卡片更新": lambda can: "按过的卡片可改成办理结果" if can.update else "不改原卡片，另发一条结果",
        "图片": lambda can: (
            f"不超过 {can.max_picture_bytes // 1000} KB；发不出时文字照发" if can.picture else "不发图片"
        ),
        "送达回执": lambda can: "可知已读" if can.read_receipt else "只知平台已收下，不知已读",
        "发送速率": lambda can: "；".join(map(_rate, can.rates)) or "未声明",
        "每月调用": lambda can: (
            "不限" if can.monthly_calls is None else f"{can.monthly_calls} 次（monthly_calls 可改）"
        ),
        "整点、半点": lambda can: "主动发出的错开其后两分钟" if can.avoids_marks else "不错开",
        "重发不重复": lambda can: (
            "平台不识别重发，断线后不再重发，催报等告知考核办"
            if can.idempotency_seconds is None
            else f"{_span(can.idempotency_seconds)}内重发只显示一条"
        ),
        "同样文字": lambda can: (
            f"{_span(can.repeat_seconds)}内的第二条注明“第2次发送”，否则被平台吞掉" if can.repeat_seconds else "照发"
        ),
    }
    return [(title, *(say(column.can) for column in COLUMNS)) for title, say in rows.items()]


_WHOM = {Per.CHANNEL: "整个应用", Per.PERSON: "每人", Per.GROUP: "每群"}


def _rate(rate: Rate) -> str:
    return f"{_WHOM[rate.per]}每{_span(rate.seconds).removeprefix('1 ')} {rate.most} 条"


def _span(seconds: int) -> str:
    for size, unit in ((3600, "小时"), (60, "分钟")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} 秒"


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (heading, ("---",) * len(heading), *rows)]


if __name__ == "__main__":
    main()
