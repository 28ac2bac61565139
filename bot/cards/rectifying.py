"""整改: the notice of problems, what is said of each, 待核验, 销号, and the 台账."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo

from assessment.notices.rectifying import (
    NotTaken,
    RectifyAsk,
    RectifyBook,
    RectifyClaimed,
    RectifyClosed,
    RectifyCount,
    RectifyEntry,
    RectifyItem,
    RectifyOrdered,
    RectifyPart,
    RectifyRefused,
    RectifyReported,
    RectifyReturned,
    RectifyTold,
    RectifyUnable,
    RectifyUnableAsk,
    RectifyUnit,
)
from bot.cards.dispatch import card_of
from bot.cards.evidence import attached
from bot.cards.phrases import CANCEL, CONFIRM, NOBODY_TOLD, headed, listed, named, said, saying, trial_lines, wide
from bot.cards.reviewing import unreached_lines
from bot.cards.times import by, by_receipt, clock, deadline
from bot.channels.card import Button, Card, Style, Tone, quoted

_LETTERS = {"整改通知": "问题整改通知书（{number}）"}
_ORDER = "整改通知 单位 限3月20日 1.问题 2.问题"


@card_of.register
def rectify_ask(notice: RectifyAsk, zone: tzinfo) -> Card:
    """To whom, by when, and each problem as it would stand on record."""
    trial = ("该办法正在试运行，只作记录，不通知该单位。",) if notice.trial else ()
    cite = f"（依据{notice.cite}）" if notice.cite else ""
    lines = (
        f"{notice.unit}，整改时限{deadline(notice.due, zone)}，问题{len(notice.items)}个：",
        *_numbered(notice.items),
        *((f"逐项须明确：{listed(notice.required)}{cite}。",) if notice.required else ()),
        *unreached_lines(notice.unreached),
        *trial,
    )
    note = f"确认后编号{'记录' if notice.trial else '发出'}，逐项列入整改台账。"
    return Card(f"请确认{notice.form}", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def rectify_ordered(notice: RectifyOrdered, zone: tzinfo) -> Card:
    """On record; each problem has its number."""
    told = "试运行期间只作记录，未通知该单位。" if notice.trial else f"已通知{notice.unit}。"
    lines = (
        f"整改时限{deadline(notice.due, zone)}。{told}",
        *_numbered(notice.items),
        *unreached_lines(notice.unreached),
        *((f"已列入待办{notice.task}：到期未整改到位的，按规定提出处理建议。",) if notice.task else ()),
    )
    done = "已记录" if notice.trial else "已发出"
    return Card(f"{notice.form}{notice.number}{done}", lines, Tone.AMBER if notice.unreached else Tone.GREEN)


@card_of.register
def rectify_told(notice: RectifyTold, zone: tzinfo) -> Card:
    """The notice as the unit gets it: what, by when, and what to type."""
    number = notice.items[0].number if len(notice.items) == 1 else notice.number
    claim = ""
    if notice.required:
        claim = f"请先逐项明确{listed(notice.required)}，回复“{_claim(number, notice.required)}”。"
    done = "整改到位后请回复" if len(notice.items) == 1 else "整改到位后请逐项回复"
    lines = (
        f"{notice.office}通知：{notice.unit}以下问题请于{by(notice.due, zone)}整改到位。",
        *_numbered(notice.items),
        *((claim,) if claim else ()),
        f"{done}“已整改 {notice.items[0].number} 整改情况”并附佐证材料，由{notice.office}核验销号。",
    )
    title = _LETTERS.get(notice.form, f"【{notice.form}】{notice.number}号")
    return Card(title.format(number=notice.number), lines, Tone.AMBER)


@card_of.register
def rectify_claimed(notice: RectifyClaimed, zone: tzinfo) -> Card:
    """What is kept, and what is missing by name (R48)."""
    lines = [line for part in notice.parts for line in headed(wide(part.name), part.text)]
    if notice.missing:
        lines.append(f"还缺{listed(notice.missing)}，请补齐，回复“{_claim(notice.numbers[0], notice.missing)}”。")
    else:
        lines.append(f"各项已明确。请于{by(notice.due, zone)}整改到位，并回复“已整改 {notice.numbers[0]} 整改情况”。")
    title = f"已记入整改台账：{listed(notice.numbers)}"
    return Card(title, tuple(lines), Tone.AMBER if notice.missing else Tone.GREEN)


@card_of.register
def rectify_reported(notice: RectifyReported, zone: tzinfo) -> Card:
    """The unit's word; nothing is closed by it (R49)."""
    timely = "按时" if notice.on_time else "逾期"
    sent = clock(notice.sent_at, zone) + by_receipt(notice.late_stamp)
    files = f"，{attached(notice.files)}" if notice.files else ""
    lines = (
        *quoted(notice.title),
        f"编号{notice.number}，{notice.unit}{sent}报已整改，{timely}{files}。",
        *headed("整改情况", notice.text),
    )
    if notice.to_office:
        button = Button("销号", f"销号 {notice.number}", Style.PRIMARY)
        how = f"核验后请销号；未到位的，请回复“退回 {notice.number} 原因”。"
        return Card("问题报已整改，待核验", (*lines, how), buttons=(button,))
    files_too = "佐证材料可继续发来，附于本项。" if not notice.files else ""
    return Card("已转待核验", (*lines, f"核验后销号。{files_too}"), Tone.GREEN)


@card_of.register
def rectify_returned(notice: RectifyReturned, zone: tzinfo) -> Card:
    """Not yet done: open again, by the same time limit."""
    lines = [*quoted(notice.title), f"编号{notice.number}，{notice.unit}。", *headed("原因", notice.reason)]
    if notice.to_office:
        lines.append("已退回，整改时限不变。" if notice.trial else "已退回并告知该单位，整改时限不变。")
        lines += [NOBODY_TOLD] if notice.trial else []
        return Card("已退回", tuple(lines))
    lines.append(f"整改时限不变（{deadline(notice.due, zone)}）。到位后请回复“已整改 {notice.number} 整改情况”。")
    return Card("问题整改：退回", tuple(lines), Tone.AMBER)


@card_of.register
def rectify_closed(notice: RectifyClosed, _zone: tzinfo) -> Card:
    """销号, and how many are left."""
    timely = "按时" if notice.on_time else "逾期"
    left = f"本次通知还有{notice.left}个问题未销号。" if notice.left else "本次通知所列问题已全部销号。"
    lines = (*quoted(notice.title), f"编号{notice.number}，{notice.unit}，{timely}整改，已核验销号。{left}")
    return Card("问题已销号", lines, Tone.GREEN)


@card_of.register
def rectify_book(notice: RectifyBook, zone: tzinfo) -> Card:
    """Counted by where they stand, by kind and by unit; then one by one where these are few."""
    scope = f"（{wide(notice.scope)}）" if notice.scope else ""
    if not notice.units:
        return saying(f"整改台账{scope}：没有您可查看的问题。" if scope else "整改台账目前没有问题。")
    many = len(notice.units) > 1
    lines = [f"{_counts(notice.standings)}。"]
    if notice.kinds:
        lines.append(f"未销号问题：{_counts(notice.kinds)}。")
    for unit in notice.units:
        lines += _of_unit(unit, zone, counted=many)
    total = sum(count.count for count in notice.standings)
    note = f"统计至{clock(notice.now, zone)}。“待核验”为单位自报已整改，以核验销号为准。"
    return Card(f"整改台账{scope}：问题{total}个", tuple(lines), note=note)


@card_of.register
def rectify_unable_ask(notice: RectifyUnableAsk, _zone: tzinfo) -> Card:
    """What the finding would do."""
    lines = (
        f"{notice.unit}：",
        *_numbered(notice.items),
        *headed("认定意见", notice.remark),
        *trial_lines(notice.trial),
    )
    then = "。" if notice.trial else "；同时列入待办，须报上级。"
    note = f"确认后不再催办整改，未说明原因的只催说明{then}"
    return Card("请确认：确实无法完成", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL), note=note)


@card_of.register
def rectify_unable(notice: RectifyUnable, _zone: tzinfo) -> Card:
    """To the office, the unit, or the leader in charge."""
    lines = [f"{notice.unit}，经认定，以下问题确实无法完成：", *_numbered(notice.items)]
    for part in notice.reasons:
        lines += headed(f"{part.name}说明的原因", part.text)
    lines += headed("认定意见", notice.remark)
    if notice.to == "unit" and notice.missing:
        lines.append(f"请说明原因，回复“无法完成 {notice.missing[0]} 原因”；说明后不再催办。")
    elif notice.to == "unit":
        lines.append("以上问题不再催办。")
    elif notice.missing:
        lines.append(f"尚未说明原因：{listed(notice.missing)}，只催说明。")
    if notice.task:
        lines.append(f"已列入待办{notice.task}：报上级；办后请回复“已办 {notice.task}”。")
    return Card("问题确实无法完成", tuple(lines), Tone.AMBER if notice.missing else Tone.BLUE)


@card_of.register
def rectify_refused(notice: RectifyRefused, zone: tzinfo) -> Card:
    """What is off, and what to type."""
    why, how = _REFUSALS[notice.why](notice, zone)
    lines = (*quoted(notice.title), *((how,) if how else ()))
    return Card(why, lines, Tone.AMBER)


_Refusal = Callable[[RectifyRefused, tzinfo], tuple[str, str]]


def _too_late(notice: RectifyRefused, zone: tzinfo) -> tuple[str, str]:
    assert notice.due is not None, "a limit lies after another"
    late = f"{notice.names[0]}{said(notice.words)}晚于通知要求的{deadline(notice.due, zone)}，未记入。"
    more = (
        f"确需延长的，请回复“延期 {notice.number} 日期 原因”。"
        if notice.more_time
        else "确需延长的，请与发出通知的单位联系。"
    )
    return late, more


_REFUSALS: Mapping[NotTaken, _Refusal] = {
    NotTaken.NO_RULES: lambda _n, _z: ("现行办法没有问题整改的规定，未发出。", ""),
    NotTaken.NO_UNIT: lambda _n, _z: ("请先写明被通知的单位。", f"请回复“{_ORDER}”。"),
    NotTaken.ONE_UNIT: lambda _n, _z: ("一份整改通知只发一个单位，请分别发出。", f"请回复“{_ORDER}”。"),
    NotTaken.NO_LIMIT: lambda n, _z: (
        f"整改时限{said(n.words)}无法识别。" if n.words else "请写明整改时限。",
        f"请回复“{_ORDER}”。",
    ),
    NotTaken.LIMIT_PASSED: lambda n, _z: (f"整改时限{n.words}已过，未发出，请另定时限。", ""),
    NotTaken.NO_PROBLEM: lambda _n, _z: ("请逐个写明问题。", f"请回复“{_ORDER}”。"),
    NotTaken.NO_SUCH_KIND: lambda n, _z: (
        f"办法没有{said(n.words)}这一类型。" if n.names else "办法没有划分问题类型，请去掉“类型”。",
        f"可写：{listed(n.names)}。" if n.names else "",
    ),
    NotTaken.NO_SUCH_ITEM: lambda n, _z: (
        f"没有编号为{n.number}的待整改问题。" if n.number else "请写明问题编号。",
        "请回复“整改台账”查看。",
    ),
    NotTaken.NOTHING_SAID: lambda n, _z: (
        f"还缺{listed(n.names)}，请写明名称和内容。",
        f"回复“{_claim(n.number, n.names)}”。",
    ),
    NotTaken.UNREADABLE_LIMIT: lambda n, _z: (
        f"{n.names[0]}{said(n.words)}无法识别，请写明几月几日，未记入。",
        f"请回复“整改 {n.number} {n.names[0]}：3月15日”。",
    ),
    NotTaken.TOO_LATE: _too_late,
    NotTaken.MISSING: lambda n, _z: (
        f"{n.number}还缺{listed(n.names)}，请补齐后再报已整改。",
        f"请回复“{_claim(n.number, n.names)}”。",
    ),
    NotTaken.NO_ACCOUNT: lambda n, _z: (
        "请写明整改情况，或先发来佐证材料。",
        f"请回复“已整改 {n.number} 整改情况”。",
    ),
    NotTaken.CHANGED: lambda _n, _z: ("其间情况已有变化，未办理。", "请回复“整改台账”查看。"),
}


def _claim(number: str, names: Sequence[str]) -> str:
    return f"整改 {number} " + "；".join(f"{wide(name)}：…" for name in names)


def _numbered(items: Iterable[RectifyItem]) -> Iterable[str]:
    for nth, item in enumerate(items, 1):
        kind = f"（{wide(item.kind)}）" if item.kind else ""
        yield f"{item.number or nth}{kind}："
        yield from quoted(item.text)


def _of_unit(unit: RectifyUnit, zone: tzinfo, *, counted: bool) -> Iterable[str]:
    if counted or not unit.entries:
        kinds = f"；{_counts(unit.kinds)}" if unit.kinds else ""
        yield f"{unit.unit}：{_counts(unit.standings)}{kinds}。"
    for entry in unit.entries:
        yield _entry(entry, zone)


def _entry(entry: RectifyEntry, zone: tzinfo) -> str:
    kind = f"（{wide(entry.kind)}）" if entry.kind else ""
    more = [f"时限{deadline(entry.due, zone)}", *(_part(part) for part in entry.parts)]
    if entry.missing:
        more.append(f"缺{listed(entry.missing)}")
    if entry.why:
        more.append(f"说明的原因{said(entry.why)}")
    return f"{entry.number}{kind}{named(entry.text)}：{entry.standing}，{'，'.join(more)}。"


def _part(part: RectifyPart) -> str:
    return f"{wide(part.name)}{said(part.text)}"


def _counts(counts: Iterable[RectifyCount]) -> str:
    return "、".join(f"{wide(count.name)}{count.count}" for count in counts)
