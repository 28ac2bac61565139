"""The short answers to a question about a report: 确认, 只收 1、2, 改 3 27%, 取消."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assessment.number_words import Number, scan_number
from assessment.numerals import Quantity, QuantityReader, Unreadable
from assessment.plausibility import Yardstick
from assessment.report_items import judge_figure
from assessment.report_reading import Doubt, Item
from assessment.rulebook import Indicator
from assessment.submission import Figure, Slot
from assessment.typed_text import plain


@dataclass(frozen=True)
class Confirm:
    """Everything as it was asked."""


@dataclass(frozen=True)
class TakeOnly:
    """Only the items with these numbers, in the order given."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """Other values for one item. What still cannot be read or believed stands in `doubts`, not in `values`."""

    number: int
    values: Mapping[Slot, Decimal] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Cancel:
    """Drop the question."""


@dataclass(frozen=True)
class NoSuchNumber:
    """A command for items that were not asked about."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Unfilled:
    """改 3 without a figure, as its button sends it: the figure is still to come."""

    number: int


ReportAnswer = Confirm | TakeOnly | Change | Cancel | NoSuchNumber | Unfilled

_CONFIRM = re.compile("(?:全部)?确认(?:无误)?|是的?|对的?|没错|无误|正确")
_YES_BUT = re.compile("(?:是的?|对的?)[ ,、]+(.+)", re.DOTALL)
_CANCEL = re.compile("取消(?:了|吧|报送)?")
_TAKE_ONLY = re.compile("只收(.+)", re.DOTALL)
_CHANGE = re.compile(
    r"(?:更正|修改|改)(?P<gap>[ :]*)第?(?P<number>[0-9]{1,3})(?:[项条]|(?=[ :,完实达预全为成]))[ :,]*(?P<rest>.+)",
    re.DOTALL,
)
_CHANGE_BEHIND = re.compile(
    r"第?(?P<number>[0-9]{1,3})[项条]?[ :,]*(?:改[为成]?|更正为|应[为是])[ :]*(?P<rest>.+)", re.DOTALL
)
_CHANGE_ONLY_ONE = re.compile(r"(?:更正|改)[为成]?[ :]*(?P<rest>[^ ].*)", re.DOTALL)
_CHANGE_UNFILLED = re.compile(r"(?:更正|修改|改)[ :]*第?([0-9]{1,3})[项条]?")
_NUMBERS = re.compile(
    "[ \n,、和及;.第]*([0-9]+|[一二三四五六七八九]|十[一二三四五六七八九]?)"
    "([一二两三四五六七八九十这]?[项条个]|吧|了|就行|即可)?"
)
_FIGURE_WORD = re.compile(
    "[ ,、:;]*(?:(?P<forecast>(?:全年)?(?:预测|预计)(?:全年)?|全年)|(?P<actual>完成|实现|达到|累计))?[为成到 :]*"
)
_GOES_ON_LISTING = "和及第一二三四五六七八九十"
_LONGEST = 200
_CIRCLED = {chr(0x2460 + index): f" {index + 1} " for index in range(20)}
_SENTENCE_END = " \n。.!,;、~"


def read_answer(text: str, items: Sequence[Item], own: Sequence[Indicator]) -> ReportAnswer | None:
    """Read a message as the answer to the open question about `items`; None where it is something else.

    Never raises. 改 wants a number, and a blank, 项 or 完成/预测 behind it, so that 改造项目 is no command. A lone
    figure changes the one doubtful item. An answer that names an indicator is an ordinary report text.
    """
    if len(text) > _LONGEST:
        return None
    field_ = plain("".join(_CIRCLED.get(sign, sign) for sign in text)).strip(_SENTENCE_END)
    if _CONFIRM.fullmatch(field_):
        return Confirm()
    if _CANCEL.fullmatch(field_):
        return Cancel()
    unfilled = _CHANGE_UNFILLED.fullmatch(field_)
    if unfilled is not None:
        return _unfilled(int(unfilled[1]), items)
    only = _TAKE_ONLY.fullmatch(field_)
    if only is not None:
        return _take_only(only[1], items)
    indicators = {indicator.id: indicator for indicator in own}
    return _change(field_, items, indicators) or _change_of_the_doubtful(field_, items, indicators)


def _take_only(written: str, items: Sequence[Item]) -> ReportAnswer | None:
    """1、2 / 1 2 / 12 where there is no item 12. A number that runs on into other words is not one of the list."""
    valid = {item.number for item in items}
    numbers: list[int] = []
    place = 0
    while (found := _NUMBERS.match(written, place)) is not None:
        rest = written[found.end() :]
        runs_on = not found[2] and rest[:1].isalpha() and rest[:1] not in _GOES_ON_LISTING
        if runs_on and numbers:
            break
        if runs_on:
            return None
        numbers.extend(_several(found[1], valid))
        place = found.end()
    if not numbers:
        return None
    unknown = tuple(number for number in numbers if number not in valid)
    return NoSuchNumber(unknown) if unknown else TakeOnly(tuple(dict.fromkeys(numbers)))


def _unfilled(number: int, items: Sequence[Item]) -> ReportAnswer | None:
    """改 4 where there is an item 4; 改85 where there is none may be a figure."""
    return Unfilled(number) if any(item.number == number for item in items) else None


def _several(written: str, valid: set[int]) -> Iterator[int]:
    number = scan_number(written, 0)
    whole = int(number.value) if isinstance(number, Number) else 0
    if whole not in valid and written.isdigit() and len(written) > 1 and all(int(digit) in valid for digit in written):
        yield from (int(digit) for digit in written)
    else:
        yield whole


def _change(written: str, items: Sequence[Item], own: Mapping[str, Indicator]) -> ReportAnswer | None:
    found = _CHANGE.fullmatch(written) or _CHANGE_BEHIND.fullmatch(written)
    if found is None:
        return None
    number = int(found["number"])
    item = next((each for each in items if each.number == number), None)
    figures = _figures(found["rest"], item, own)
    if figures is None:
        return None
    return NoSuchNumber((number,)) if item is None else _changed(item, figures, own)


def _change_of_the_doubtful(written: str, items: Sequence[Item], own: Mapping[str, Indicator]) -> ReportAnswer | None:
    """改为27%, 27%, 预测27%, 是,85万元: about the one item that is in doubt."""
    doubtful = [item for item in items if item.doubts]
    if len(doubtful) != 1:
        return None
    found = _YES_BUT.fullmatch(written)
    rest = found[1] if found else written
    command = _CHANGE_ONLY_ONE.fullmatch(rest)
    rest = command["rest"] if command else rest
    figures = _figures(rest, doubtful[0], own)
    if not figures or (found is None and _is_only_a_number(rest, items)):
        return None
    return _changed(doubtful[0], figures, own)


def _is_only_a_number(written: str, items: Sequence[Item]) -> bool:
    """A lone 3 may choose the third item; it is not read as a figure."""
    return written.isascii() and written.isdigit() and any(written == str(item.number) for item in items)


_Figures = list[tuple[Figure | None, Quantity | Unreadable]]


def _figures(written: str, item: Item | None, own: Mapping[str, Indicator]) -> _Figures | None:
    """Figures with or without 完成 and 预测, and nothing else; None where there is anything else."""
    indicator = own.get(item.indicator or "") if item is not None else None
    reader = QuantityReader([indicator.unit] if indicator else [])
    figures: _Figures = []
    place = 0
    while place < len(written):
        word = _FIGURE_WORD.match(written, place)
        start = word.end() if word else place
        found = reader.scan(written, start)
        if found is None:
            return None
        figure = None
        if word is not None and (word["forecast"] or word["actual"]):
            figure = Figure.FORECAST if word["forecast"] else Figure.ACTUAL
        figures.append((figure, found[0]))
        place = found[1]
    return figures or None


def _changed(item: Item, figures: _Figures, own: Mapping[str, Indicator]) -> Change | None:
    """The figures in the item's unit, each held against the targets; bare ones count in the unit asked about."""
    indicator = own.get(item.indicator or "")
    if indicator is None:
        return None
    values: dict[Slot, Decimal] = {}
    doubts: list[Doubt] = []
    for figure, quantity in figures:
        slot = _slot(item, indicator, figure, set(values))
        judged = judge_figure(indicator, slot, quantity, Yardstick(), sibling=indicator.unit)
        if isinstance(judged, Doubt):
            doubts.append(judged)
        else:
            values[slot] = judged
    return Change(item.number, values, tuple(doubts))


def _slot(item: Item, indicator: Indicator, figure: Figure | None, taken: set[Slot]) -> Slot:
    """The place that a figure changes: the one said, else the one in doubt, else the actual figure."""
    in_doubt = [doubt.slot for doubt in item.doubts if doubt.slot is not None and doubt.slot not in taken]
    fitting = [slot for slot in in_doubt if figure is None or slot.figure is figure]
    if fitting:
        return fitting[0]
    known = [slot for slot in item.values if slot.figure is (figure or Figure.ACTUAL) and slot not in taken]
    return known[0] if known else Slot(indicator.id, figure or Figure.ACTUAL)
