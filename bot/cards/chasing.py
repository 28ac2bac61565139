"""Reminders, urgings, escalations and the live roster: a deadline, a fact, what to do."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from assessment.notices import (
    Board,
    BoardRow,
    CalendarMissing,
    Escalated,
    HeldLine,
    OwedLine,
    ReleaseAsk,
    Released,
    Reminder,
    UrgeAsk,
    UrgedLine,
    UrgeDone,
    Urging,
)
from assessment.obligation import Bucket
from assessment.points import show
from bot.cards.dispatch import card_of
from bot.cards.phrases import (
    BY_UNIT,
    CANCEL,
    CONFIRM,
    how_to_report,
    is_one_text,
    listed,
    named,
    report_form,
    saying,
    stand_in_explained,
    to_event,
    wide,
    written_form,
)
from bot.cards.times import by, clock, days_late, deadline
from bot.channels.card import Button, Card, Form, Style, Tone

_NO_NAMES = (Bucket.ON_TIME.value, Bucket.NOT_DUE.value)
"""Buckets whose units are only counted: a board names those of whom something is wanted."""
_NAMED_FIRST = (Bucket.MISSING.value, Bucket.UNSIGNED.value, Bucket.LATE.value)
"""Whom a board is asked for, before all others."""


@card_of.register
def reminder(notice: Reminder, zone: tzinfo) -> Card:
    """One message for a person's many items."""
    lines = tuple(_ahead(line, notice.lines, zone) for line in notice.lines)
    return Card(
        _heading("提醒", notice.lines),
        (*lines, *_what_to_do(notice.lines)),
        buttons=_sign(notice.lines),
        form=_form(notice.lines),
        note=stand_in_explained(*(line.due_mark for line in notice.lines)),
    )


@card_of.register
def urging(notice: Urging, zone: tzinfo) -> Card:
    """What is overdue, and what is counted from when."""
    lines = tuple(_overdue(line, notice.lines, notice.now, zone) for line in notice.lines)
    return Card(
        _heading(_urging_word(notice.lines), notice.lines),
        (*lines, *_counted(notice), *_what_to_do(notice.lines)),
        Tone.AMBER,
        buttons=_sign(notice.lines),
        form=_form(notice.lines),
    )


@card_of.register
def escalated(notice: Escalated, zone: tzinfo) -> Card:
    """Facts for the head, the leader in charge or the office."""
    lines = tuple(_reported_upward(line, notice.now, zone) for line in notice.lines)
    who = (f"填报人：{listed(notice.reporters)}。",) if notice.reporters else ()
    title = f"{notice.step}：{len(notice.lines)}项逾期"
    note = f"统计至{clock(notice.now, zone)}。请督促尽快{_what_is_wanted(notice.lines)}。"
    return Card(title, (*lines, *who), Tone.RED, note=note)


@card_of.register
def board(notice: Board, zone: tzinfo) -> Card:
    """Totals that add up, and the names of those of whom something is wanted."""
    counts = "，".join(f"{row.bucket}{len(row.units)}家" for row in notice.rows)
    scope = f"（{wide(notice.scope)}）" if notice.scope else ""
    return Card(
        f"{wide(notice.title)}：报送名单{scope}",
        (
            f"应报{notice.total}家：{counts}。",
            *(f"{row.bucket}：{listed(row.units)}。" for row in sorted(notice.rows, key=_place) if _named(row)),
            *(f"{line.unit}{_lacking(line)}。" for line in notice.missing if _begun(line)),
            *_urged(notice, zone),
        ),
        Tone.AMBER if notice.missing else Tone.GREEN,
        buttons=(Button("催报未报单位", f"催报 {notice.title}"),) if notice.missing and notice.may_urge else (),
        note=f"报送截止{deadline(notice.due, zone, notice.due_mark)}，统计至{clock(notice.now, zone)}。",
    )


@card_of.register
def urge_ask(notice: UrgeAsk, _zone: tzinfo) -> Card:
    """Exactly whom it would reach."""
    lines = [f"将单独发送催报{len(notice.units)}家：{listed(notice.units)}。", f"收件人：{listed(notice.people)}。"]
    if notice.unreachable:
        lines.append(f"无法送达：{listed(notice.unreachable)}。请另行联系。")
    lines.append("确认后即发出并留存记录；其间已报送的不发。")
    buttons = (Button("确认", "确认", Style.DANGER), CANCEL)
    return Card(f"{wide(notice.title)}：请确认催报", tuple(lines), Tone.AMBER, buttons=buttons)


@card_of.register
def urge_done(notice: UrgeDone, zone: tzinfo) -> Card:
    """Who was urged, and who was left alone."""
    if not notice.sent and not notice.skipped:
        return saying("目前没有逾期未报的单位，无须催报。")
    lines = []
    if notice.sent and notice.held_until:
        lines.append(f"将于{clock(notice.held_until, zone)}催报{len(notice.sent)}家：{listed(notice.sent)}。")
    elif notice.sent:
        lines.append(f"已催报{len(notice.sent)}家：{listed(notice.sent)}。")
    if notice.skipped:
        lines.append(f"未发{len(notice.skipped)}家（已报送或无法送达）：{listed(notice.skipped)}。")
    return Card(f"{wide(notice.title)}：催报已办理", tuple(lines), Tone.GREEN)


@card_of.register
def release_ask(notice: ReleaseAsk, _zone: tzinfo) -> Card:
    """What is held, why, and what letting it go does not do."""
    if not notice.lines:
        return saying("目前没有因放假安排未定而暂缓的提醒和催报。")
    why = f"{notice.year}年放假安排尚未录入" if notice.year else "相关日期的放假安排尚未录入"
    lines = (
        f"{why}，以下提醒和催报暂缓发出：",
        *map(_held, notice.lines),
        "确认后在办公时间发出，该项其后的催报也照常发出；涉及的日期仍不据此提出拟扣分。",
    )
    return Card(f"请确认放行{len(notice.lines)}项", lines, Tone.AMBER, buttons=(CONFIRM, CANCEL))


@card_of.register
def released(notice: Released, zone: tzinfo) -> Card:
    """What goes, and when."""
    if not notice.lines:
        return saying("所列事项已不在暂缓之列，未作放行。")
    when = f"将于{clock(notice.held_until, zone)}发出。" if notice.held_until else "即行发出，其间已报送的不发。"
    return Card(f"已放行{len(notice.lines)}项", (*map(_held, notice.lines), when), Tone.GREEN)


@card_of.register
def calendar_missing(notice: CalendarMissing, _zone: tzinfo) -> Card:
    """What is missing, what happens meanwhile, and what to do."""
    return Card(
        f"{notice.year}年放假安排尚未录入",
        (
            "录入前，涉及该年的提醒和催报暂缓发出，也不据此提出拟扣分。",
            "请系统管理员在国务院办公厅公布放假安排后导入日历文件；确需先行发出的，请主管单位回复“放行”。",
        ),
        Tone.AMBER,
    )


def _held(line: HeldLine) -> str:
    return f"{line.unit}：{wide(line.title)}（{listed(line.steps)}）。"


def _heading(word: str, lines: Sequence[OwedLine]) -> str:
    """提醒：1项待报; what it is about stands in the first line."""
    if all(line.letter for line in lines):
        state = "待签署"
    elif all(line.waiting_for for line in lines):
        state = "待签发"
    elif all(line.required for line in lines):
        state = "待报"
    else:
        state = "待办" if any(line.required or line.waiting_for for line in lines) else "待办结"
    return f"{word}：{len(lines)}项{state}"


def _urging_word(lines: Sequence[OwedLine]) -> str:
    """催签 where 责任书 alone are wanted, 催报 otherwise; 再次 where that was said before."""
    word = "催签" if all(line.letter for line in lines) else "催报"
    return f"再次{word}" if all(line.urged_before for line in lines) else word


def _whose(line: OwedLine, among: Sequence[OwedLine]) -> str:
    """The unit's name where a person works for several."""
    return line.unit if len({other.unit for other in among}) > 1 else BY_UNIT


def _ahead(line: OwedLine, among: Sequence[OwedLine], zone: tzinfo) -> str:
    until = by(line.due, zone, line.due_mark)
    if line.letter:
        return f"{line.unit}{wide(line.title)}待您签署，请于{until}签署；回复“责任书”查看内容。"
    if line.waiting_for:
        return f"{line.unit}{wide(line.title)}已报来，待您签发，请于{until}签发，签发后才算报送。"
    act = "整改到位" if line.problem else "报送" if line.required else "办结"
    before = f"{to_event(line)}。" if line.until_event else ""
    return f"{_what(line)}请于{until}{act}{_remaining(line, among)}。{before}"


def _overdue(line: OwedLine, among: Sequence[OwedLine], now: datetime, zone: tzinfo) -> str:
    if line.letter:
        return f"{line.unit}{wide(line.title)}待您签署，{_late(line, now, zone)}；回复“责任书”查看内容。"
    if line.waiting_for:
        return f"{line.unit}{wide(line.title)}已报来，待您签发，{_late(line, now, zone)}。"
    return f"{_what(line)}{_late(line, now, zone)}{_remaining(line, among)}。"


def _reported_upward(line: OwedLine, now: datetime, zone: tzinfo) -> str:
    sign = "签署" if line.letter else "签发"
    state = f"，待{line.waiting_for}{sign}" if line.waiting_for else f"，{_lacking(line)}"
    return f"{line.unit}：{_what(line)}{_late(line, now, zone)}{state}。"


def _late(line: OwedLine, now: datetime, zone: tzinfo) -> str:
    days = days_late(line.due, now, zone)
    late = f"，已逾期{days}天" if days else ""
    return f"截止时间为{deadline(line.due, zone, line.due_mark)}{late}"


def _what(line: OwedLine) -> str:
    """A duty by its name, a matter as what somebody assigned, a problem as what is to be put right."""
    if line.problem:
        return f"整改问题{line.number}{named(line.title)}"
    if line.reply:
        return f"{wide(line.title)}（{line.number}）"
    return wide(line.title) if line.required or line.waiting_for else f"交办事项{line.number}{named(line.title)}"


def _what_is_wanted(lines: Sequence[OwedLine]) -> str:
    wanted = {_wanted(line) for line in lines}
    return "、".join(word for word in ("报送", "重报", "签发", "签署", "办结", "整改") if word in wanted)


def _wanted(line: OwedLine) -> str:
    if line.letter:
        return "签署"
    if line.waiting_for:
        return "签发"
    if line.problem:
        return "整改"
    if not line.required:
        return "办结"
    return "重报" if line.returned else "报送"


def _remaining(line: OwedLine, among: Sequence[OwedLine]) -> str:
    whose = _whose(line, among)
    if not line.required and line.owed:
        return f"，已认定无法完成，{whose}尚未说明{listed(line.owed)}"
    if line.problem:
        return f"，{_rectifying(line, whose)}"
    if not line.required:
        return f"，{whose}所报办结已退回，尚未重报" if line.returned else f"，{whose}尚未报办结"
    if line.returned:
        return f"，{whose}所报已退回，尚未重报"
    if not line.owed or is_one_text(line.title, line.owed):
        return f"，{whose}尚未报送"
    return f"，{whose}尚有{len(line.owed)}项未报：{listed(line.owed)}"


def _rectifying(line: OwedLine, whose: str = "") -> str:
    if line.returned:
        return f"{whose}所报已整改经核验退回，尚未重报"
    return f"{whose}尚未明确{listed(line.unclaimed)}" if line.unclaimed else f"{whose}尚未报已整改"


def _begun(line: OwedLine) -> bool:
    return bool(line.reported and line.owed)


def _lacking(line: OwedLine) -> str:
    if not line.required and line.owed:
        return f"已认定无法完成，尚未说明{listed(line.owed)}"
    if line.problem:
        return _rectifying(line)
    if not line.required:
        return "已报办结，退回后尚未重报" if line.returned else "尚未报办结"
    if line.returned:
        return "已报送，退回后尚未重报"
    return f"已报{line.reported}/{line.required}，还缺{listed(line.owed)}" if _begun(line) else "尚未报送"


def _counted(notice: Urging) -> Iterable[str]:
    """What each day costs and from when, said before it is counted; by name where it does not concern all."""
    rest = f"；{'、'.join(notice.rest_days)}为休息日，照计" if notice.rest_days else ""
    for rule, lines in _by_rule(notice.lines).items():
        per_day, cite, personal, from_due, again = rule
        whose = "" if len(lines) == len(notice.lines) else listed([line.title for line in lines])
        start = "自截止次日起" if from_due else "自首次催报次日起" if again else "自催报次日起"
        place = "，".join(part for part in (cite, "个人记分" if personal else "") if part)
        once = "，再次催报不重复计" if again else ""
        yield f"{whose}{start}，每延迟1天拟扣{show(abs(per_day))}分{f'（{place}）' if place else ''}{once}{rest}。"


def _by_rule(lines: Iterable[OwedLine]) -> dict[tuple[Decimal, str, bool, bool, bool], list[OwedLine]]:
    rules: dict[tuple[Decimal, str, bool, bool, bool], list[OwedLine]] = {}
    for line in lines:
        if line.per_day is not None:
            rule = (line.per_day, line.per_day_cite, line.per_day_personal, line.counted_from_due, line.urged_before)
            rules.setdefault(rule, []).append(line)
    return rules


def _what_to_do(lines: Sequence[OwedLine]) -> Iterable[str]:
    """What to type; nothing for a signer, who has a button and its word."""
    owing = [line for line in lines if not line.waiting_for]
    matters = [line.number for line in owing if not line.required and not line.owed and not line.problem]
    problems = [line for line in owing if line.problem and not line.owed]
    for line in owing:
        if not line.required and line.owed:
            yield f"{line.number}请回复“无法完成 {line.number} 原因”，说明后不再催办。"
    if matters:
        yield f"办结后请回复“办结 {matters[0] if len(matters) == 1 else '编号'} 办理情况”。"
    for problem in problems[:1]:
        which = problem.number if len(problems) == 1 else "编号"
        if problem.unclaimed:
            yield f"请先回复“整改 {which} {problem.unclaimed[0]}：…”，逐项写明{listed(problem.unclaimed)}。"
        yield f"整改到位后请回复“已整改 {which} 整改情况”。"
    if any(line.required for line in owing):
        several = len(owing) > 1
        yield from dict.fromkeys(_how(line, among_others=several) for line in owing if line.required)


def _how(line: OwedLine, *, among_others: bool) -> str:
    if line.reply:
        return written_form(line.reply, line.owed)
    if line.returned:
        return "请直接回复修改后的内容，其余内容保留。"
    return how_to_report(line.title, line.owed, among_others=among_others, headings=line.headings)


def _sign(lines: Sequence[OwedLine]) -> tuple[Button, ...]:
    words = dict.fromkeys("签署" if line.letter else "签发" for line in lines if line.waiting_for)
    return tuple(Button(word, word, Style.PRIMARY) for word in words)


def _urged(notice: Board, zone: tzinfo) -> Iterable[str]:
    """Who was urged and when; where that is all who are missing, their names are not said twice."""
    missing = {unit for row in notice.rows if row.bucket == Bucket.MISSING for unit in row.units}
    for together in _within_half_an_hour(notice.urged):
        units = [line.unit for line in together]
        who = "未提交单位均" if set(units) == missing else listed(units)
        first, last = clock(together[0].at, zone), clock(together[-1].at, zone)
        yield f"{who}已于{first}{'' if last == first else f'至{last.split()[-1]}'}催报。"
    if notice.urged and notice.undisturbed:
        yield f"其余{notice.undisturbed}家未发催报。"


def _within_half_an_hour(urged: Sequence[UrgedLine]) -> list[list[UrgedLine]]:
    """Urgings that left together: platforms take them one after the other over some minutes."""
    groups: list[list[UrgedLine]] = []
    for line in sorted(urged, key=lambda line: line.at):
        if groups and line.at - groups[-1][0].at < timedelta(minutes=30):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _form(lines: Sequence[OwedLine]) -> Form | None:
    """Where all of it is one unit's, so that it is clear for whom the figures are."""
    if len({line.unit for line in lines}) != 1:
        return None
    return report_form(
        [line.owed for line in lines if not line.reply and not is_one_text(line.title, line.owed)],
        [heading for line in lines for heading in line.headings],
    )


def _place(row: BoardRow) -> int:
    return _NAMED_FIRST.index(row.bucket) if row.bucket in _NAMED_FIRST else len(_NAMED_FIRST)


def _named(row: BoardRow) -> bool:
    return row.bucket not in _NO_NAMES and bool(row.units)
