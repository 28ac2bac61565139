"""Appeals against one entry: the points stand until the answer, 争议中, and every answer has its reason."""

from collections.abc import Iterable
from datetime import date, tzinfo

from assessment.notices.appealing import (
    AppealAsk,
    AppealDated,
    AppealDeclined,
    AppealDue,
    AppealLine,
    AppealList,
    AppealRefusal,
    AppealRefused,
    AppealTaken,
    AppealWhich,
    EntryChoice,
)
from bot.cards.dispatch import card_of
from bot.cards.phrases import CANCEL, clause_named, edition, headed, holder, said, saying, signed
from bot.cards.times import by_receipt, clock
from bot.channels.card import Button, Card, Style, Tone

_WEEKDAYS = "一二三四五六日"


@card_of.register
def appeal_taken(notice: AppealTaken, zone: tzinfo) -> Card:
    """The receipt, with the day of the answer; to the office what it has to answer."""
    line = notice.line
    if notice.to_office:
        return Card("收到申诉", (*_in_full(line, zone), _until(line)), Tone.AMBER, buttons=_buttons(line))
    when = f"{_by(line)}由{notice.office}答复" if line.day is not None else f"答复期限由{notice.office}确定后告知"
    counted = f"（{notice.workdays}个工作日）" if notice.workdays is not None else ""
    received = f"{clock(line.made_at, zone)}收到{by_receipt(notice.late_stamp)}"
    return Card(
        f"已收到申诉，编号{line.number}",
        (
            f"{_about(line)}。{received}。",
            *headed("理由", line.text),
            f"{when}{counted}。",
            "答复前该项标为争议中，总分不变。",
        ),
        Tone.GREEN,
        note="如有佐证，可随后直接发送文件。",
    )


@card_of.register
def appeal_dated(notice: AppealDated, _zone: tzinfo) -> Card:
    """By when it is answered."""
    line = notice.line
    title = "申诉答复期限已定" if notice.to_office else f"申诉{line.number}：答复期限"
    return Card(title, (f"{line.number} {_about(line)}。", f"{_by(line)}答复，由{notice.by}确定。"), Tone.GREEN)


@card_of.register
def appeal_list(notice: AppealList, zone: tzinfo) -> Card:
    """What is to be answered, what is overdue said so."""
    lines = [text for line in notice.lines for text in (*_in_full(line, zone), _until(line, notice.today))]
    one = notice.lines[0] if len(notice.lines) == 1 else None
    return Card(
        f"待答复申诉{len(notice.lines)}件",
        (f"{edition(notice.programme, '')}：", *lines),
        Tone.AMBER,
        buttons=_buttons(one) if one is not None else (),
        note=_how_to_answer(notice.lines[0].number),
    )


@card_of.register
def appeal_due(notice: AppealDue, zone: tzinfo) -> Card:
    """A reminder of the office's own task."""
    line = notice.line
    return Card(
        f"申诉待答复：{_by(line)}",
        tuple(_in_full(line, zone)),
        Tone.AMBER,
        buttons=_buttons(line),
        note=_how_to_answer(line.number),
    )


@card_of.register
def appeal_ask(notice: AppealAsk, _zone: tzinfo) -> Card:
    """What one 确认 declines."""
    line = notice.line
    return Card(
        "请确认申诉不成立",
        (
            f"{line.number} {_about(line)}。",
            *headed("申诉理由", line.text),
            *headed("答复理由", notice.reason),
            "确认后原记分不变，告知该单位或个人。",
        ),
        Tone.AMBER,
        buttons=(Button("确认", "确认", Style.DANGER), CANCEL),
    )


@card_of.register
def appeal_declined(notice: AppealDeclined, _zone: tzinfo) -> Card:
    """The points stay, and why."""
    line = notice.line
    return Card(
        f"申诉{line.number}：不成立",
        (f"{_about(line)}，原记分不变。", *headed("答复理由", notice.reason), f"由{notice.by}答复。"),
        note="" if notice.to_office else f"查看依据请回复“为什么 {line.entry}”。",
    )


@card_of.register
def appeal_which(notice: AppealWhich, _zone: tzinfo) -> Card:
    """The unit's entries, each with what to type."""
    if not notice.lines:
        return saying("目前没有可以申诉的记分。")
    example = notice.lines[0].entry
    return Card(
        "请写明对哪一条记分申诉",
        (*map(_choice, notice.lines), f"请回复“申诉 编号 理由”，如“申诉 {example} 8月6日已书面办结”。"),
        Tone.AMBER,
    )


_REFUSED = {
    AppealRefusal.NO_REASON: ("请写明申诉理由。", "申诉 {entry} 8月6日已书面办结"),
    AppealRefusal.SEVERAL: ("一次申诉只对一条记分。", "申诉 {entry} 理由"),
    AppealRefusal.PROPOSED: ("{entry}尚未核定，可先作情况说明。", "情况说明 {entry} 内容"),
    AppealRefusal.CORRECTED: ("{entry}已更正，或本身是更正记录，不再申诉。", "为什么 {entry}"),
    AppealRefusal.CLOSED: ("{entry}所属年度已关账，不再受理申诉。", ""),
    AppealRefusal.OPEN_ALREADY: ("{entry}已有申诉{number}正在办理，{when}；补充佐证请直接发送文件。", ""),
    AppealRefusal.UPHELD_BEFORE: ("{entry}的申诉{number}已答复：成立。", "为什么 {entry}"),
    AppealRefusal.DECLINED_BEFORE: ("{entry}的申诉{number}已答复：不成立。同一条记分不重复受理。", "为什么 {entry}"),
    AppealRefusal.WHICH: ("没有这一申诉，请核对编号。", "待办"),
    AppealRefusal.ANSWERED: ("申诉{number}此前已答复，未重复办理。", "为什么 {entry}"),
    AppealRefusal.WAITS_FOR_SECOND: (
        "{entry}的更正正待另一名同志同意，请先答复该更正。",
        "不同意更正 {entry} 理由",
    ),
    AppealRefusal.DAY_BY_MEASURE: ("办法规定{workdays}个工作日内答复，申诉{number}应于{when}，不另定期限。", ""),
    AppealRefusal.WHICH_DAY: ("请写明答复日期。", "申诉期限 {number} 9月30日"),
    AppealRefusal.DAY_PASSED: ("该日期已过，请另定日期。", "申诉期限 {number} 9月30日"),
    AppealRefusal.ANSWER_LACKS_REASON: ("请写明答复理由。", "{word} {number} 理由"),
}


@card_of.register
def appeal_refused(notice: AppealRefused, _zone: tzinfo) -> Card:
    """Why not, what was answered before, and a line to copy."""
    why, example = _REFUSED[notice.why]
    facts = {
        "entry": notice.entry,
        "number": notice.number,
        "word": notice.word,
        "workdays": notice.workdays,
        "when": f"{_day(notice.day)}24:00前答复" if notice.day is not None else "答复期限待定",
    }
    lines = (why.format_map(facts), *headed("答复理由", notice.reason))
    how = (f"可回复“{example.format_map(facts)}”。",) if example else ()
    return Card(f"{notice.word}：未办理", (*lines, *how), Tone.AMBER)


def _about(line: AppealLine) -> str:
    account = holder(line.account, personal=line.personal)
    return f"{account}：{line.entry}（{clause_named(line.cite, line.clause)}，{signed(line.points)}）"


def _in_full(line: AppealLine, zone: tzinfo) -> Iterable[str]:
    yield f"{line.number} {_about(line)}；{line.fact}。"
    yield f"{line.unit}{line.by}{clock(line.made_at, zone)}提出。"
    yield from headed("理由", line.text)
    if line.files:
        yield f"佐证{len(line.files)}件：{'、'.join(map(said, line.files))}。"


def _until(line: AppealLine, today: date | None = None) -> str:
    if line.day is None:
        return f"尚未定答复期限，请回复“申诉期限 {line.number} 日期”。"
    overdue = "，已超期" if today is not None and line.day < today else ""
    return f"{_by(line)}答复{overdue}。"


def _by(line: AppealLine) -> str:
    assert line.day is not None, "asked only of an appeal with a day"
    return f"{_day(line.day)}24:00前{'（以公布的放假安排为准）' if line.assumed else ''}"


def _day(day: date) -> str:
    return f"{day:%-m月%-d日}（周{_WEEKDAYS[day.weekday()]}）"


def _buttons(line: AppealLine) -> tuple[Button, ...]:
    """The answers need a reason, so a button only shows where the points come from."""
    return (Button("查看依据", f"为什么 {line.entry}"),)


def _how_to_answer(number: str) -> str:
    return f"请回复“申诉成立 {number} 理由”或“申诉不成立 {number} 理由”。"


def _choice(choice: EntryChoice) -> str:
    account = holder(choice.account, personal=choice.personal)
    clause = clause_named(choice.cite, choice.clause)
    return f"{choice.entry} {account}，{signed(choice.points)}，{clause}；{choice.fact}。"
