"""自评:(一)16(二)44(三)27(四)12,合计100 -> numbers by category, which the rulebook names and numbers by its order."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assessment.accounts import Category
from assessment.number_words import Number, scan_number
from assessment.self_scoring import SelfScore, Typed, check_self_score
from assessment.typed_text import visible

_NUMERALS = "一二三四五六七八九十"
_COUNTED = {"十": 10, **{sign: place for place, sign in enumerate("一二三四五六七八九", start=1)}}
_LIST_SIGNS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_OTHER_LIST_SIGNS = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑"
_BRACKETED_SIGNS = str.maketrans(
    {sign: f"({place})" for signs in (_LIST_SIGNS, _OTHER_LIST_SIGNS) for place, sign in enumerate(signs, start=1)}
)
_ORDINAL = re.compile(
    rf"第? ?\( ?([{_NUMERALS}]{{1,3}}|[0-9]{{1,2}}) ?\) ?[项类条]?|第([{_NUMERALS}]{{1,3}}|[0-9]{{1,2}})[项类条]"
    rf"|([{_NUMERALS}]{{1,3}})[、.:]|([0-9]{{1,2}})(?:、|\.(?![0-9]))|([{_NUMERALS}])(?=[0-9])"
)
_TOTAL = re.compile("合计|总计|共计|总得分|总分|相加|共(?=[0-9])")
_NO_TASK = re.compile("(?:没有|未有|无)[^0-9,，。;；()\n]{0,16}?任务")
_NO_TASK_OF = re.compile("(?:没有|未有|无)(?:承办)?(.*?)(?:工作)?任务")
_CHINESE = re.compile("[、\u4e00-\u9fff]*")
_TOGETHER = re.compile("[、和及与均都]")
_FULL = re.compile(r"\( ?(?:满分|共)? ?([0-9]+(?:\.[0-9]+)?) ?分? ?\)|(?:满分|/) ?([0-9]+(?:\.[0-9]+)?)分?")
_NUMBER = re.compile(r"[-−–]?[0-9]+(?:\.[0-9]+)?")
_CHINESE_NUMBER = re.compile(rf"(?=[{_NUMERALS}零百两])")
_PASSED_OVER = re.compile(r"[0-9]+ ?(?:年|月|日|季度?|号|时|:[0-9]+)|附件 ?[0-9]*|\[[^\]\n]*\]")
"""Dates, times and the names of files are no scores."""
_CHARS_OF_NUMBERS = 12


@dataclass
class _Reading:
    """What was read so far, and the row that the next number belongs to."""

    categories: Sequence[Category]
    numbers: dict[str, Decimal] = field(default_factory=dict)
    without_task: set[str] = field(default_factory=set)
    total: Decimal | None = None
    unclear: list[str] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    bare: list[Decimal] = field(default_factory=list)
    row: Category | None = None
    awaits_total: bool = False

    def open(self, row: Category | None) -> None:
        """The next number is that row's, or without a row the total's. A row left without a number is not clear."""
        if self.row is not None and row is not self.row:
            self.unclear.append(self.row.name)
        self.row, self.awaits_total = row, row is None

    def close(self) -> None:
        self.row, self.awaits_total = None, False

    def number(self, value: Decimal) -> None:
        if self.awaits_total:
            self.total = value
        elif self.row is None:
            self.bare.append(value)
        elif self.numbers.setdefault(self.row.name, value) != value:
            self.repeated.add(self.row.name)
        self.close()

    def no_task(self, written: str, before: str) -> None:
        """Of the open row, or of one part of it; else of the only category that knows 无任务. `before` is what stands
        in front of the words: 政协提案无任务.
        """
        knowing = [category for category in self.categories if category.full_if_no_task]
        row = self.row or (knowing[0] if len(knowing) == 1 else None)
        part = _part_named(row, written, before) if row is not None else None
        if part is not None:
            self.without_task.add(part)  # the row stays open: its number may follow
            return
        if row is None:
            self.unclear.append(written)
        else:
            self.without_task.add(row.name)
        self.close()

    def typed(self) -> Typed:
        """Numbers without any name count in the rulebook's order, if there is one for each row and nothing else."""
        if self.bare and len(self.bare) == len(self.categories) and not (self.numbers or self.without_task):
            self.numbers = {row.name: value for row, value in zip(self.categories, self.bare, strict=True)}
            self.bare = []
        rows = [row for row in self.categories if row.name in self.numbers or row.name in self.without_task]
        return Typed(
            numbers=self.numbers,
            without_task=frozenset(self.without_task),
            with_task=frozenset(part for row in rows for part in row.parts) - self.without_task,
            total=self.total,
            unclear=(*self.unclear, *(f"{value:f}" for value in self.bare)),
            repeated=tuple(row.name for row in self.categories if row.name in self.repeated),
        )


def read_typed_scores(text: str, categories: Sequence[Category]) -> Typed:
    """What a message says of the categories; never raises, whatever the text. Dates in it are passed over."""
    plain = _plain(text)
    labels, reading, place = _Labels(categories), _Reading(categories), 0
    while place < len(plain):
        place = _read_on(plain, place, labels, reading)
    return reading.typed()


def read_self_score(text: str, categories: Sequence[Category], earlier: Typed | None = None) -> SelfScore:
    """Read a message and check it, together with what `earlier` messages said."""
    typed = read_typed_scores(text, categories)
    return check_self_score(typed if earlier is None else earlier.amended_by(typed), categories)


def _read_on(text: str, place: int, labels: "_Labels", reading: _Reading) -> int:
    """Read what stands at `place`; the place behind it."""
    if (total := _TOTAL.match(text, place)) is not None:
        reading.open(None)
        return total.end()
    if (no_task := _NO_TASK.match(text, place)) is not None:
        reading.no_task(no_task[0], text[:place])
        return no_task.end()
    if (label := labels.at(text, place)) is not None:
        reading.open(label[0])
        return label[1]
    if (other := _PASSED_OVER.match(text, place)) is not None:
        return other.end()
    if (full := _FULL.match(text, place)) is not None:
        return full.end()
    if (number := _number(text, place, spelt_out=reading.row is not None or reading.awaits_total)) is not None:
        reading.number(number[0])
        return number[1]
    return place + 1


def _part_named(category: Category, written: str, before: str) -> str | None:
    """The one part of the category that 政协提案无任务 or 没有提案任务 speaks of; None for the category as a whole.

    A part is known by two characters that no other part's name has, at the start: 建议 stands in both 人大建议 and
    政协建议案, so 建议、提案 and 建议提案 are the whole.
    """
    said = _NO_TASK_OF.fullmatch(written)
    word = (said[1] if said is not None else "") or _last_word(before)
    if len(word) < 2 or _TOGETHER.search(word):
        return None
    naming = [part for part in category.parts if word[:2] in part]
    return naming[0] if len(naming) == 1 else None


def _last_word(text: str) -> str:
    """The Chinese characters with which a text ends, without 其中."""
    found = _CHINESE.match(text[::-1])
    return found[0][::-1].lstrip("、").removeprefix("其中") if found is not None else ""


def _number(text: str, place: int, *, spelt_out: bool) -> tuple[Decimal, int] | None:
    """A number in figures; in characters only where one is expected, for 四项 is none."""
    figures = _NUMBER.match(text, place)
    if figures is not None:
        digits = figures[0].lstrip("-−–")
        value = Decimal(digits)
        return (value if figures[0] == digits else -value), figures.end()
    if spelt_out and _CHINESE_NUMBER.match(text, place):
        found = scan_number(text[: place + _CHARS_OF_NUMBERS], place)
        if isinstance(found, Number):
            return found.value, found.end
    return None


class _Labels:
    """The ways to name a category: its place (一)、1、第一项, its name, or both."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self._by_place = dict(enumerate(categories, start=1))
        self._by_name = sorted(self._names(categories), key=lambda named: -len(named[0]))

    @staticmethod
    def _names(categories: Sequence[Category]) -> Iterator[tuple[str, Category]]:
        for category in categories:
            name = _plain(category.name)
            yield name, category
            bare = _ORDINAL.sub("", name, count=1) if _ORDINAL.match(name) else ""
            if bare:
                yield bare, category

    def at(self, text: str, place: int) -> tuple[Category, int] | None:
        """The category that is named at `place`, and the place behind its name."""
        by_name = self._name_at(text, place)
        if by_name is not None:
            return by_name
        ordinal = _ORDINAL.match(text, place)
        if ordinal is None:
            return None
        category = self._by_place.get(_counted(next(group for group in ordinal.groups() if group)))
        if category is None:
            return None
        behind = self._name_at(text, _skip_blanks(text, ordinal.end()))
        return behind if behind is not None and behind[0] is category else (category, ordinal.end())

    def _name_at(self, text: str, place: int) -> tuple[Category, int] | None:
        found = next((named for named in self._by_name if text.startswith(named[0], place)), None)
        return None if found is None else (found[1], place + len(found[0]))


def _counted(written: str) -> int:
    """一, 十二 or 12 as a number; 0 for what is none."""
    if written.isdecimal():
        return int(written)
    tens, found, ones = written.rpartition("十")
    if not found:
        return _COUNTED.get(written, 0)
    return (_COUNTED.get(tens, 0) if tens else 1) * 10 + (_COUNTED.get(ones, 0) if ones else 0)


def _skip_blanks(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip())


def _plain(text: str) -> str:
    """One width for digits, brackets and points; list signs as numbers in brackets."""
    return unicodedata.normalize("NFKC", visible(text).translate(_BRACKETED_SIGNS))
