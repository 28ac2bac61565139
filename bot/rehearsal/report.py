"""What a rehearsal found → a page that an office of three reads, and the same as data."""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from bot.rehearsal.burden import EXPLAINED, MINUTES, OTHERWISE, Load, Over, loads, over_the_caps
from bot.rehearsal.facts import Calls, Rehearsed, UnitEnd
from schedules.rates import SHARE
from storage.outbox import Priority

_SHOWN = 12
_WIDTH = 100


def faults(found: Rehearsed) -> list[str]:
    """What makes the rehearsal fail: posts above a cap, channels above the budget that leaves room for reminders."""
    return [*_over(_overs(found)), *(_beyond(one) for one in found.calls if _is_beyond(one))]


def text(found: Rehearsed) -> list[str]:
    """The report, line by line, none wider than 100 columns."""
    lines = [
        *_heading(found),
        "",
        *_burden(found),
        "",
        *_channels(found),
        "",
        *_ends(found),
        "",
        *_section("放假与截止", [_rest(found, place) for place in range(len(found.rests))], "截止日均为工作日。"),
        "",
        *_section("需要留意", [_counted(one.what, one.number) for one in found.conflicts], "未发现相互矛盾之处。"),
    ]
    return [part for line in lines for part in _folded(line)]


def data(found: Rehearsed) -> dict[str, Any]:
    """Everything as plain values: times as ISO text, points as exact decimal text."""
    plain: dict[str, Any] = _plain(asdict(found))
    overs = [asdict(one) for one in _overs(found)]
    return plain | {
        "minutes_assumed": {**MINUTES, "otherwise": OTHERWISE},
        "loads": [asdict(one) for one in loads(found.messages)],
        "over_the_caps": overs,
        "faults": faults(found),
    }


def messages_table(found: Rehearsed) -> str:
    """Every message on a line, for a spreadsheet: when, to whom, what, and why."""
    written = StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(("时间", "姓名", "岗位", "渠道", "账号", "标题", "事由", "性质"))
    for one in found.messages:
        nature = "主动发出" if one.initiated else "回执" if one.receipts else "答复"
        who = (one.person, one.post, one.channel, one.recipient)
        table.writerow((f"{one.at:%Y-%m-%d %H:%M}", *who, one.title, one.reason, nature))
    return written.getvalue()


def _overs(found: Rehearsed) -> list[Over]:
    return over_the_caps(found.messages, clerk_a_month=found.clerk_a_month, leader_a_day=found.leader_a_day)


def _heading(found: Rehearsed) -> Iterator[str]:
    yield f"{found.year} 年度预演：{found.start:%-m月%-d日} 至 {_last_day(found):%Y年%-m月%-d日}"
    yield f"考核方案 {len(found.programmes)} 个：{'、'.join(found.programmes)}"
    own = sum(one.initiated for one in found.messages)
    yield (
        f"承担单位 {found.units} 个；收到来信 {len(found.typed)} 条，发出消息 {len(found.messages)} 条"
        f"（主动发出 {own} 条，答复 {len(found.messages) - own} 条）"
    )
    yield "预演的是办法自行布置的任务：报送、自评、责任书；交办、通报、整改和结算由人发起，不在其中"
    yield "每条消息的收件人、时间和事由：加 --data 消息.csv 另存为表格"


def _last_day(found: Rehearsed) -> date:
    return date.fromordinal(found.until.toordinal() - (found.until.hour == found.until.minute == 0))


def _burden(found: Rehearsed) -> Iterator[str]:
    yield "一、减负"
    every = loads(found.messages)
    months = sorted({load.month for load in every})
    if not months:
        yield "  没有发出消息。"
        return
    yield "  各类岗位每人每月收到的消息（最多的一人；按规定只计主动发出的和每项任务一份回执）"
    yield "  " + _row("岗位", [_month(month, found.year) for month in months], ["分钟/月◇"])
    by_role: defaultdict[str, list[Load]] = defaultdict(list)
    for load in every:
        by_role[load.role].append(load)
    for role, some in by_role.items():
        most = [max((load.counted for load in some if load.month == month), default=0) for month in months]
        yield "  " + _row(role, [str(number or "·") for number in most], [_per_month(some)])
    yield f"  ◇ 分钟数为估算，每条按：{EXPLAINED}"
    yield f"  上限：按时报送单位的填报人每月 {found.clerk_a_month} 条，领导每日 {found.leader_a_day} 条"
    yield from (f"  {line}" for line in _some([f"✗ {line}" for line in _over(_overs(found))]) or ["✓ 均未超过上限"])


def _month(month: str, year: int) -> str:
    """8月, and of the year after that is rehearsed 次1月."""
    return f"{'次' if int(month[:4]) > year else ''}{int(month[5:])}月"


def _per_month(some: Sequence[Load]) -> str:
    """The average over those months in which the post heard anything."""
    return str(round(sum(load.minutes for load in some) / len(some)))


def _over(overs: Sequence[Over]) -> list[str]:
    """One line for each month or day and number, with all posts of which it is true."""
    together: defaultdict[tuple[str, int, int, int], list[str]] = defaultdict(list)
    for one in overs:
        together[one.when, one.counted, one.receipts, one.cap].append(f"{one.post}（{one.person}）")
    return [
        f"{_spoken(when)} {counted} 条{f'（其中回执 {receipts} 条）' if receipts else ''}，上限 {cap} 条："
        f"{'、'.join(posts)}"
        for (when, counted, receipts, cap), posts in together.items()
    ]


def _spoken(when: str) -> str:
    year, month, *day = map(int, when.split("-"))
    return f"{year}年{month}月" + (f"{day[0]}日" if day else "")


def _channels(found: Rehearsed) -> Iterator[str]:
    yield "二、各渠道调用"
    by_channel: defaultdict[str, list[Calls]] = defaultdict(list)
    for one in found.calls:
        by_channel[one.channel].append(one)
    for channel, some in by_channel.items():
        most, total = max(some, key=lambda one: one.calls), sum(one.calls for one in some)
        budget = f"每月额度 {most.budget} 次" if most.budget is not None else "平台不限每月次数"
        yield f"  {most.title or channel}：全期 {total} 次，最多的 {_spoken(most.month)}为 {most.calls} 次；{budget}"
        yield from (f"  ✗ {_beyond(one)}" for one in some if _is_beyond(one))
    if not by_channel:
        yield "  没有发出消息。"


def _is_beyond(one: Calls) -> bool:
    return one.budget is not None and one.calls * 100 > one.budget * SHARE[Priority.REMINDER]


def _beyond(one: Calls) -> str:
    share = SHARE[Priority.REMINDER]
    return (
        f"{one.title or one.channel} {_spoken(one.month)}调用 {one.calls} 次，超过额度 {one.budget} 次的 {share}%，"
        "其后当月提醒停发"
    )


def _ends(found: Rehearsed) -> Iterator[str]:
    yield "三、不同做法的结果（分值均为拟加拟扣，须经核定）"
    for end in found.ends:
        yield f"  {end.unit}（{_HABITS[end.habit]}）：{_listed(end.buckets) or '期间没有任务'}"
        yield f"    有关消息：{_listed(end.steps) or '无'}"
        yield from (f"    {line}" for line in _points(end))
    if found.others:
        yield f"  其余单位：{'、'.join(f'{_HABITS[habit]} {number} 个' for habit, number in found.others.items())}"
    if not found.ends:
        yield "  没有须报送或签署的单位，请核对办法的截止日、承担单位和名册。"


_HABITS = {"按时": "均在截止前一日办理", "迟交": "均迟 3 日办理", "不报": "全年不报不签"}


def _points(end: UnitEnd) -> list[str]:
    lines = []
    for one in end.points:
        value = "未设定" if one.points is None else f"{one.points:+f} 分"
        lines.append(f"{one.account}：{one.clause}（{one.cite}）{one.number} 次，{value}")
    return lines or ["没有加减分"]


def _rest(found: Rehearsed, place: int) -> str:
    rest = found.rests[place]
    return f"{rest.due:%Y年%-m月%-d日} {rest.title}（{rest.units} 个单位）：{rest.why}"


_NUMBERS = {"放假与截止": "四", "需要留意": "五"}


def _section(title: str, lines: Sequence[str], none: str) -> Iterator[str]:
    yield f"{_NUMBERS[title]}、{title}"
    yield from (f"  {line}" for line in _some([f"△ {line}" for line in lines]) or [none])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"另有 {more} 项，用 --data 可得全部"]


def _counted(what: str, number: int) -> str:
    return f"{what}（{number} 处）" if number > 1 else what


def _listed(numbers: Any) -> str:
    return "、".join(f"{what} {number}" for what, number in numbers.items())


def _row(name: str, cells: Sequence[str], last: Sequence[str]) -> str:
    return _wide(name, 14) + "".join(_right(cell, 5) for cell in cells) + "".join(_right(cell, 10) for cell in last)


def _wide(what: str, width: int) -> str:
    return what + " " * max(width - columns(what), 1)


def _right(what: str, width: int) -> str:
    return " " * max(width - columns(what), 1) + what


def columns(what: str) -> int:
    """How many columns of a terminal it takes: a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in what)


def _folded(line: str) -> Iterator[str]:
    """The line in pieces that fit, those after the first set in."""
    piece, indent = "", line[: len(line) - len(line.lstrip())] + "  "
    for sign in line:
        if columns(piece + sign) > _WIDTH:
            yield piece
            piece = indent
        piece += sign
    yield piece


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(_plain(key)): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value
