"""What people give 评定: levels, points, counts, days, vouchers and checked figures, for what no report can say.

Nothing is judged here. What was given is kept as it was given; later words on the same thing replace earlier ones.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from assessment.indicator import Indicator
from assessment.indicator_facts import IndicatorFacts, Voucher, last_year_from
from assessment.scoring_ways import (
    Blocks,
    CountMin,
    DeductFromFull,
    DeductOnly,
    Discretion,
    FullIfNoTask,
    Growth,
    Judged,
    OneOf,
    Panel,
    TimeLimit,
    VerifiedSum,
)
from assessment.submission import Figure, Slot


class Given(StrEnum):
    """What kind of thing was given. The values are stored."""

    LEVEL = "档次"
    POINTS = "分值"
    TIMES = "次数"
    TASKS = "任务"
    DONE = "完成日"
    LAST_YEAR = "上年"
    GROWTH = "增幅"
    FIGURE = "核实数"
    MONTH = "月次数"
    PART = "分项"
    VOUCHERS = "凭据"


@dataclass(frozen=True)
class Judgement:
    """One thing that was given of one indicator and one unit."""

    given: Given
    value: str = ""
    """The exact decimal, the ISO day or the level's name."""
    name: str = ""
    """Which part, or the month's number."""
    vouchers: tuple[Voucher, ...] = ()
    reason: str = ""

    @property
    def number(self) -> Decimal:
        """The value as a number."""
        return Decimal(self.value)


@dataclass(frozen=True)
class Reading:
    """What a message gives; empty where nothing in it can be read."""

    judgements: tuple[Judgement, ...] = ()
    reason: str = ""

    @property
    def kept(self) -> tuple[Judgement, ...]:
        """Each with the reason."""
        return tuple(replace(one, reason=self.reason) for one in self.judgements)


_GAP = " \t\n,，:：;；、。"
_NUMBER = re.compile(r"[-−]?[0-9]+(?:\.[0-9]+)?")
_TIMES = re.compile(r"([0-9]+)\s*[次件起人项]?")
_NONE = re.compile(r"(?:没有|未发生|无|零)(?:发生)?")
_NO_TASK = re.compile(r"(?:没有|未有|无)[^0-9,，。;；]{0,12}?任务")
_TASKS = re.compile(r"(?:任务)?\s*([0-9]+)\s*件(?:任务)?")
_NOT_DONE = re.compile(r"([0-9]+)\s*件\s*(?:未|没有|不)|(?:未|没有|不)[^0-9]{0,12}?([0-9]+)\s*件?")
_DAY = re.compile(r"(?:([0-9]{4})[年-])?([0-9]{1,2})[月-]([0-9]{1,2})[日号]?")
_LAST_YEAR = re.compile(r"上年(?:同期)?(?:完成)?数?|去年(?:同期)?(?:完成)?数?")
_THIS_YEAR = re.compile(r"(?:本年|今年|当年|全年)?(?:完成|实现|达到)?数?\s*(?=[-−]?[0-9])")
_GROWTH = re.compile(r"(?:同比|比上年)?(增长|增幅|增速|下降)(?:了|为)?\s*([0-9]+(?:\.[0-9]+)?)\s*(?:%|个百分点)?")
_MONTH = re.compile(r"([0-9]{1,2})\s*月份?")
_TOTAL = re.compile(r"共计|合计|全年|次数|共")
_VOUCHER_WORD = re.compile(r"^(?:发票号?|凭据|票据|凭证)")
_PART_WORD = re.compile(r"^(?:评议|其中|各块)")


def read_judgement(indicator: Indicator, text: str, year: int) -> Reading:
    """Read what is said of the indicator in the words of its way; `year` is that of days without one.

    The text is already NFKC. What lies outside the printed bounds is read all the same: to refuse it is the marking's.
    """
    words = text.strip(_GAP)
    match indicator.way:
        case OneOf(choices=levels) | Judged(levels=levels) if levels:
            return _level([level.name for level in levels], words)
        case Judged() | Discretion():
            return _number(Given.POINTS, words)
        case DeductOnly() | DeductFromFull():
            return _times(words)
        case FullIfNoTask():
            return _tasks(words)
        case TimeLimit():
            return _day(words, year)
        case VerifiedSum():
            return _vouchers(words)
        case Growth():
            return _growth(indicator, words)
        case CountMin(parts=parts):
            return _parts([part.name for part in parts], words, counted=True)
        case Panel(raters=members) | Blocks(blocks=members):
            return _parts([member.name for member in members], words)
        case _:
            names = [cohort.name for cohort in indicator.cohorts]
            return _parts(names, words) if names else _number(Given.FIGURE, words, unit=indicator.unit)


def facts_from(
    indicator: Indicator,
    values: Mapping[Slot, Decimal],
    given: Iterable[Judgement],
    *,
    by_month: Mapping[int, int] | None = None,
) -> IndicatorFacts:
    """What is known of the indicator: what the unit reported, and over it what people gave, oldest first."""
    latest = {(one.given, one.name): one for one in given}
    months = {int(name): int(one.number) for (kind, name), one in latest.items() if kind is Given.MONTH}
    parts = {
        cohort.name: value
        for cohort in indicator.cohorts
        if (value := values.get(Slot(indicator.id, Figure.ACTUAL, cohort.name))) is not None
    }
    parts |= {name: one.number for (kind, name), one in latest.items() if kind is Given.PART}
    reported, verified = values.get(Slot(indicator.id, Figure.ACTUAL)), _of(latest, Given.FIGURE)
    level, points = latest.get((Given.LEVEL, "")), latest.get((Given.POINTS, ""))
    tasks, vouchers = _of(latest, Given.TASKS), latest.get((Given.VOUCHERS, ""))
    done, times = latest.get((Given.DONE, "")), _of(latest, Given.TIMES)
    growth, last_year = _of(latest, Given.GROWTH), _of(latest, Given.LAST_YEAR)
    figure = reported if verified is None else verified
    chosen = level or points
    return IndicatorFacts(
        value=reported,
        verified=verified,
        last_year=last_year_from(figure, growth)
        if last_year is None and growth is not None and figure is not None
        else last_year,
        by_month={**(by_month or {}), **months},
        parts=parts,
        choice=level.value if level is not None else None,
        given=points.number if points is not None else None,
        reason=chosen.reason if chosen is not None else "",
        occurrences=int(times) if times is not None else 0,
        tasks=int(tasks) if tasks is not None else None,
        done=date.fromisoformat(done.value) if done is not None else None,
        vouchers=vouchers.vouchers if vouchers is not None else (),
    )


def in_words(judgement: Judgement, unit: str = "") -> str:
    """As a card names it: 扩大学习2, 上年5.95, A1 120; `unit` is the indicator's unit of measure."""
    match judgement.given:
        case Given.VOUCHERS:
            return "、".join(f"{voucher.number} {voucher.quantity:f}" for voucher in judgement.vouchers)
        case Given.MONTH:
            return f"{judgement.name}月{judgement.value}次"
        case Given.PART:
            return f"{judgement.name}{judgement.value}"
        case Given.LEVEL:
            return judgement.value
        case Given.POINTS:
            return f"{judgement.value}分"
        case Given.TIMES:
            return f"{judgement.value}次"
        case Given.TASKS:
            return f"任务{judgement.value}件" if judgement.number else "无任务"
        case Given.DONE:
            day = date.fromisoformat(judgement.value)
            return f"{day.month}月{day.day}日完成"
        case Given.GROWTH:
            return f"增幅{judgement.value}%"
        case Given.LAST_YEAR:
            return f"上年{judgement.value}{unit}"
        case Given.FIGURE:
            return f"{judgement.value}{unit}"


def how_to_say(indicator: Indicator) -> str:
    """What may follow the indicator's name, as an example to copy."""
    match indicator.way:
        case OneOf(choices=levels) | Judged(levels=levels) if levels:
            return f"{levels[0].name} 理由"
        case Judged() | Discretion():
            return "分值 理由"
        case DeductOnly() | DeductFromFull():
            return "2次 依据"
        case FullIfNoTask():
            return "无任务"
        case TimeLimit():
            return "6月9日完成"
        case VerifiedSum():
            return "发票 0101 120 0102 80"
        case Growth():
            return "上年 数值"
        case CountMin(parts=parts):
            return "5次" + "".join(f" {part.name}2次" for part in parts[:1])
        case Panel(raters=members) | Blocks(blocks=members):
            return f"{members[0].name} 90"
        case _:
            return f"{indicator.cohorts[0].name} 数值" if indicator.cohorts else "数值 依据"


def _of(latest: Mapping[tuple[Given, str], Judgement], given: Given) -> Decimal | None:
    found = latest.get((given, ""))
    return None if found is None else found.number


def _level(names: Sequence[str], words: str) -> Reading:
    """The level that is named; another word stands as it is, and the marking says which levels there are."""
    for name in sorted(names, key=len, reverse=True):
        if words.startswith(name):
            return Reading((Judgement(Given.LEVEL, name),), words[len(name) :].strip(_GAP))
    head, _, tail = words.partition(" ")
    return Reading((Judgement(Given.LEVEL, head),), tail.strip(_GAP)) if head else Reading()


def _number(given: Given, words: str, unit: str = "分") -> Reading:
    found = _NUMBER.match(words)
    if found is None:
        return Reading()
    behind = words[found.end() :].lstrip()
    rest = behind.removeprefix(unit)
    if rest == behind and behind[:1] and behind == words[found.end() :] and behind[0] not in _GAP:
        return Reading()  # another unit of measure stands right behind the number
    return Reading((Judgement(given, _text(found[0])),), rest.strip(_GAP))


def _times(words: str) -> Reading:
    none = _NONE.match(words)
    if none is not None:
        return Reading((Judgement(Given.TIMES, "0"),), words[none.end() :].strip(_GAP))
    found = _TIMES.match(words)
    if found is None:
        return Reading()
    return Reading((Judgement(Given.TIMES, str(int(found[1]))),), words[found.end() :].strip(_GAP))


def _tasks(words: str) -> Reading:
    none = _NO_TASK.match(words)
    if none is not None:
        judgements = Judgement(Given.TASKS, "0"), Judgement(Given.TIMES, "0")
        return Reading(judgements, words[none.end() :].strip(_GAP))
    tasks = _TASKS.match(words)
    if tasks is None:
        return Reading()
    rest = words[tasks.end() :].strip(_GAP)
    missed = _NOT_DONE.search(rest)
    times = next(group for group in missed.groups() if group) if missed is not None else "0"
    return Reading((Judgement(Given.TASKS, tasks[1]), Judgement(Given.TIMES, str(int(times)))), rest)


def _day(words: str, year: int) -> Reading:
    found = _DAY.match(words)
    if found is None:
        return Reading()
    try:
        day = date(int(found[1] or year), int(found[2]), int(found[3]))
    except ValueError:
        return Reading()
    rest = words[found.end() :].strip(_GAP).removeprefix("完成").strip(_GAP)
    return Reading((Judgement(Given.DONE, day.isoformat()),), rest)


def _vouchers(words: str) -> Reading:
    """Number and quantity in turn; what is left at the end is the reason."""
    pieces = [piece for piece in re.split(r"[\s,，;；、]+", _VOUCHER_WORD.sub("", words).strip(_GAP)) if piece]
    found = []
    while len(pieces) > 1 and _NUMBER.fullmatch(pieces[1]):
        found.append(Voucher(pieces[0], Decimal(_text(pieces[1]))))
        pieces = pieces[2:]
    judgements = (Judgement(Given.VOUCHERS, vouchers=tuple(found)),) if found else ()
    return Reading(judgements, " ".join(pieces)) if found else Reading()


def _growth(indicator: Indicator, words: str) -> Reading:
    """The year's figure, last year's and the growth, in any order and as many of them as are written; then why."""
    found: dict[Given, Judgement] = {}
    rest = words
    while True:
        piece = _growth_piece(indicator, rest)
        new = {one.given: one for one in piece.judgements if one.given not in found}
        if not new:
            return Reading(tuple(found.values()), rest) if found else Reading()
        found |= new
        rest = piece.reason


def _growth_piece(indicator: Indicator, words: str) -> Reading:
    last_year, rate = _LAST_YEAR.match(words), _GROWTH.match(words)
    if last_year is not None:
        return _as(Given.LAST_YEAR, _number(Given.FIGURE, words[last_year.end() :].strip(_GAP), indicator.unit))
    if rate is not None:
        sign = "-" if rate[1] == "下降" else ""
        return Reading((Judgement(Given.GROWTH, f"{sign}{rate[2]}"),), words[rate.end() :].strip(_GAP))
    this_year = _THIS_YEAR.match(words)
    return _number(Given.FIGURE, words[this_year.end() :] if this_year else words, indicator.unit)


def _as(given: Given, reading: Reading) -> Reading:
    return replace(reading, judgements=tuple(replace(one, given=given) for one in reading.judgements))


def _parts(names: Sequence[str], words: str, *, counted: bool = False) -> Reading:
    """Numbers behind the names of parts; where times are counted, also behind months, and the total without a name."""
    found: list[Judgement] = []
    rest = words
    while rest:
        rest = _PART_WORD.sub("", rest).strip(_GAP)
        label = next(_labels(names, rest, counted=counted), None)
        if label is None:
            break
        judgement, behind = label
        number = _NUMBER.match(behind)
        if number is None:
            break
        found.append(replace(judgement, value=_text(number[0])))
        rest = re.sub(r"^\s*[次分件]", "", behind[number.end() :]).strip(_GAP)
    return Reading(tuple(found), rest) if found else Reading()


def _labels(names: Sequence[str], text: str, *, counted: bool) -> Iterator[tuple[Judgement, str]]:
    for name in sorted(names, key=len, reverse=True):
        if text.startswith(name):
            yield Judgement(Given.PART, name=name), text[len(name) :].strip(_GAP)
    if not counted:
        return
    month, total = _MONTH.match(text), _TOTAL.match(text)
    if month is not None and 1 <= int(month[1]) <= 12:
        yield Judgement(Given.MONTH, name=str(int(month[1]))), text[month.end() :].strip(_GAP)
    elif month is None:
        yield Judgement(Given.FIGURE), text[total.end() :].strip(_GAP) if total is not None else text


def _text(number: str) -> str:
    return number.replace("−", "-")
