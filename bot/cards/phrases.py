"""Turns of phrase that many sayings share: lists, quotations, points, and the way an edition is named."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from assessment.notices.chasing import OwedLine
from assessment.notices.reporting import TaskLine
from assessment.points import show_points, show_signed
from assessment.requirements import FILES, SELF_SCORE
from assessment.rulebook import TextPart
from bot.channels.card import Blank, Button, Card, Form, Style, quoted

CONFIRM = Button("确认", "确认", Style.PRIMARY)
CANCEL = Button("取消", "取消")
BY_UNIT = "贵单位"
NOBODY_TOLD = "试运行期间只作记录，未通知该单位。"
"""The receipt of what would otherwise be told to the unit."""

_NARROW_BRACKETS = re.compile("(?<![一二三四五六七八九十])[(]([^()]*)[)]")
"""Not those of a citation, 三(二)1, which are the measure's own."""
_NARROW_COMMA = re.compile("(?<![0-9]),|,(?![0-9])")
_QUOTES = str.maketrans("“”", "‘’")
_STAND_IN_MARK = "◇"
_LONGEST_QUOTATION = 30
_YEAR_AND_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def the_office(name: str) -> str:
    """Who runs the measure, by its own name where the notice has it; the general word otherwise."""
    return name or "考核办"


def saying(sentence: str) -> Card:
    """A card that is one sentence."""
    return Card(sentence)


def listed(names: Sequence[str]) -> str:
    """甲、乙、丙, in full-width punctuation."""
    return "、".join(map(wide, names))


def is_one_text(title: str, owed: Sequence[str]) -> bool:
    """Whether what is owed is the whole of a duty of one free text, so that its title says it all."""
    return len(owed) == 1 and title.endswith(owed[0])


def how_to_report(title: str, owed: Sequence[str], *, among_others: bool = False, headings: Sequence[str] = ()) -> str:
    """What to type: figures need no command word but their names, parts their headings, one text the duty's name.

    `among_others`: where several things are owed, each way says for which it is. `headings` are those of `owed` that
    are written under a heading of their own.
    """
    lead = f"报送{wide(title)}，请" if among_others else "请"
    if is_one_text(title, owed):
        return f"请直接回复“{wide(title)}：内容”。"
    if owed and frozenset(owed) <= frozenset(TextPart):
        if len(owed) == 1:
            return f"{lead}直接回复“{owed[0]}：内容”。"
        return f"{lead}直接回复，按“{owed[0]}”等各部分名称分段书写。"
    other = tuple(_other_ways(owed, headings))
    if other and len(_figures_of(owed, headings)) == 0:
        return f"{lead}{'，'.join(other)}。"
    several = "，几项可写在一条里" if len(owed) > 1 else ""
    return f"{lead}直接回复指标名称和数值（可用简称）{several}。"


def _other_ways(owed: Sequence[str], headings: Sequence[str]) -> Iterator[str]:
    """How self-scores, named parts and files are given."""
    if any(name.endswith(SELF_SCORE) for name in owed):
        yield "回复“自评 （一）分数 （二）分数 合计分数”，无任务的写“无任务”"
    written = [name for name in owed if name in headings]
    if written:
        yield f"另起一行写“{written[0]}：内容”" if len(written) == 1 else f"按{listed(written)}分行书写，名称后加冒号"
    if FILES in owed:
        yield "发送附件材料"


def _figures_of(owed: Sequence[str], headings: Sequence[str]) -> list[str]:
    no_figures = {*TextPart, *headings, FILES}
    return [name for name in owed if name not in no_figures and not name.endswith(SELF_SCORE)]


def written_form(command: str, owed: Sequence[str]) -> str:
    """What to type for a written report: its command with its number, and the headings that it must have."""
    return f"请回复“{command} {' '.join(f'{wide(part)}：…' for part in owed) or '内容'}”。"


def report_form(owed: Sequence[Sequence[str]], headings: Sequence[str] = ()) -> Form | None:
    """A form for the figures of the one duty that owes any; None where it would not be clear whose they are.

    Each of `owed` is what one duty lacks. Submitting says the figures by their names, as a person would type them.
    """
    figures = [named for names in owed if (named := _figures_of(names, headings))]
    if len(figures) != 1:
        return None
    return Form("报送", tuple(Blank(wide(name), "如 85 预测155") for name in figures[0]), submit="报送")


def how_to_amend(title: str, parts: Sequence[str] = ()) -> str:
    """What to type to amend: a figure by its indicator; where only text was reported, that text by its name."""
    if not parts:
        return "更正 指标 数值"
    return f"更正 {wide(title) if is_one_text(title, parts) else parts[0]}：内容"


def to_event(line: OwedLine | TaskLine) -> str:
    """距考核组进驻还有3天，尚缺佐证材料2件 (R51)."""
    when = (
        f"距{wide(line.until_event)}还有{line.days_to_event}天"
        if line.days_to_event
        else f"{wide(line.until_event)}即在今日"
    )
    return f"{when}，尚缺佐证材料{line.evidence_missing}件" if line.evidence_missing else when


def trial_lines(trial: bool) -> tuple[str, ...]:
    """That what is asked about is only put on record; nothing outside a trial."""
    return ("该办法正在试运行，只作记录，不通知各单位和领导。",) if trial else ()


def stand_in_explained(*marks: str) -> str:
    """What ◇ means, for a message in which it stands; nothing otherwise."""
    return "标◇的为暂定，以正式确定的为准。" if _STAND_IN_MARK in "".join(marks) else ""


def wide(text: str) -> str:
    """A name or title in full-width punctuation; citations inside it stay as they are."""
    return _NARROW_COMMA.sub("，", _NARROW_BRACKETS.sub(r"（\1）", text))


def named(title: str) -> str:
    """A matter's title, which a person typed, as a name inside a sentence."""
    return f"“{wide(' '.join(title.split())).translate(_QUOTES)}”"


def said(text: str) -> str:
    """A few words of a person inside a sentence, so that they cannot end their own quotation."""
    words = " ".join(text.split()).translate(_QUOTES)
    return f"“{words if len(words) <= _LONGEST_QUOTATION else words[: _LONGEST_QUOTATION - 1] + '…'}”"


def headed(heading: str, text: str) -> tuple[str, ...]:
    """A heading and, below it, what a person wrote; nothing where nothing was written."""
    lines = quoted(text)
    return (f"{heading}：", *lines) if lines else ()


def change(points: Decimal | None, *, proposed: bool = False) -> str:
    """What a clause does: 扣2分, 拟加1分, 不加不扣; 分值未定 where nobody has given a number yet."""
    if points is None:
        return "分值未定"
    if points == 0:
        return "不加不扣"
    return f"{'拟' if proposed else ''}{'扣' if points < 0 else '加'}{show_points(abs(points))}分"


def total(points: Decimal) -> str:
    """A sum of points: 78分, −3分."""
    return f"{show_signed(points) if points < 0 else show_points(points)}分"


def signed(points: Decimal | None) -> str:
    """The same as a figure in a list: −2分, +1分."""
    if points is None or points == 0:
        return change(points)
    return f"{show_signed(points)}分"


def clause_named(cite: str, name: str) -> str:
    """Where a point comes from: 第九条 事项逾期."""
    return f"{cite} {wide(name)}".strip()


def holder(account: str, *, personal: bool) -> str:
    """Whose points they are; a person's are never a unit's."""
    return f"{account}（个人记分，不计入单位）" if personal else account


def edition(programme: str, version: str) -> str:
    """《…办法》（2010年9月版）."""
    name = wide(programme)
    title = name if name.startswith("《") else f"《{name}》"
    found = _YEAR_AND_MONTH.fullmatch(version)
    if found:
        return f"{title}（{found[1]}年{int(found[2])}月版）"
    return title if not version or version in name else f"{title}（{wide(version)}版）"
