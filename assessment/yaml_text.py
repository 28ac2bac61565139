"""YAML as an office writes it: plain data in which nothing was guessed, and the place of every node.

Scalars stay the text that was typed, so that 18:30 is no number of minutes, 12.10 keeps its zero and `no` is no
boolean. Read from the parser's events and not with `yaml.compose`: the C composer recurses, and a short file of
opening brackets would take the whole process down.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from assessment.fault import Broken, Fault, Path, show_path

LARGEST = 1024 * 1024
"""Bytes; a rulebook has some ten thousand."""

_DEEPEST = 20
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT = re.compile(r" *\t\s*\S")
_COLON_SLIP = re.compile(r"\s*(?:-\s+)*\{?\s*(?P<key>[^\s:：'\"{}\[\],#]+)(?P<colon>：|:(?=[^\s]))")

_FULL_WIDTH_COLON = ("用了全角冒号“：”", "请改成半角冒号，后面空一格")
_NO_BLANK = ("冒号后面缺空格", "请在冒号后面空一格")
_PROBLEMS = (
    (
        "mapping values are not allowed",
        "这里多出一个冒号",
        "请看上一行是否缺“: ”、缩进是否对齐；文字里含“: ”的请加引号",
    ),
    ("could not find expected ':'", "这一行没有“: ”", "请写成“键: 值”"),
    ("unexpected end of stream", "引号没有成对", "请补上引号"),
    ("cannot start any token", "文字不能以这个字符开头", "请把文字加上引号"),
    ("',' or", "括号里缺逗号，或括号没有成对", "请用半角逗号“,”隔开，并补上括号"),
    ("alphabetic or numeric", "文字不能以“*”“&”开头", "请把文字加上引号"),
    ("expected", "缩进与上面各行不齐", "请把同一层的各行对齐"),
)
_UNREADABLE = ("", "这里的写法读不懂", "请检查冒号、引号、括号与缩进")


@dataclass(frozen=True)
class Document:
    """What stands in a file: dicts, lists, texts and None. An empty text is None."""

    data: object
    places: dict[Path, tuple[int, int]]
    """Line and column, from 1: of its key for an entry of a mapping, of itself for an item of a list."""
    faults: tuple[Fault, ...]
    """What did not keep the rest from being read: repeated keys, lines swallowed by the one above."""
    explained: frozenset[Path]
    """Entries that are missing because of one of these faults."""

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of that node, or of the nearest one around it."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def fault(self, file: str, path: Path, what: str, remedy: str) -> Fault:
        """What is wrong at that node, said with its place."""
        return Fault(file, *self.place(path), show_path(path), what, remedy)


def read(text: str, file: str, keys: frozenset[str]) -> Document:
    """Read one document; raise Broken when it cannot be read to its end. `keys` are those a line may begin with."""
    _refuse_unreadable(text, file)
    return _Reader(text, file, keys).document()


def colon_slip(text: str) -> tuple[str, str] | None:
    """What is wrong with `编号：甲` or `编号:甲`, which YAML takes for one text; None if nothing is."""
    found = _COLON_SLIP.match(text)
    if found is None:
        return None
    return _FULL_WIDTH_COLON if found["colon"] == "：" else _NO_BLANK


def _refuse_unreadable(text: str, file: str) -> None:
    odd = _UNPRINTABLE.search(text)
    if odd is not None:
        before = text[: odd.start()]
        line, column = before.count("\n") + 1, odd.start() - before.rfind("\n")
        what = "有不可见的控制字符"
        raise Broken((Fault(file, line, column, "", what, "请删去这个字符，文件另存为 UTF-8"),))
    if len(text.encode()) > LARGEST:
        raise Broken((Fault(file, 1, 1, "", "文件超过 1 MiB", "一个文件只写一部办法"),))


class _Reader:
    def __init__(self, text: str, file: str, keys: frozenset[str]) -> None:
        self._file = file
        self._keys = keys
        self._lines = text.splitlines()
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self._places: dict[Path, tuple[int, int]] = {}
        self._faults: list[Fault] = []
        self._explained: set[Path] = set()

    def document(self) -> Document:
        try:
            data = self._whole()
        except yaml.MarkedYAMLError as error:
            raise Broken(self._syntax_faults(error)) from error
        except yaml.YAMLError as error:
            raise Broken((Fault(self._file, 1, 1, "", *_UNREADABLE[1:]),)) from error
        return Document(data, self._places, tuple(self._faults), frozenset(self._explained))

    def _whole(self) -> object:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            self._refuse(start, (), "文件是空的", "请写入考核办法")
        top = next(self._events)
        self._places[()] = _place(top)
        data = self._node(top, ())
        next(self._events)
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            self._refuse(end, (), "一个文件里有几份内容", "请删去多余的“---”，一个文件只写一部办法")
        return data

    def _node(self, event: yaml.Event, path: Path) -> object:
        if len(path) > _DEEPEST:
            self._refuse(event, (), f"层次超过 {_DEEPEST} 层", "请检查括号与缩进")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self._refuse(event, path, "不支持锚点“&”与引用“*”", "请把内容直接写在这里；如是文字本身，请加引号")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, path, "不支持类型标记“!”", "请去掉标记；如是文字本身，请加引号")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(path)
        return self._mapping(path)

    def _mapping(self, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(event, path, "这里应是一个键", "请写成“键: 值”")
            key: str = event.value
            here = (*path, key)
            if key in found:
                what = f"这一项写了两次（前一处在第 {self._places[here][0]} 行）"
                self._faults.append(self._fault(event, here, what, "请删去一处"))
                self._node(next(self._events), (*here, "重复"))
                continue
            self._places[here] = _place(event)
            found[key] = self._node(next(self._events), here)
        return found

    def _items(self, path: Path) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            here = (*path, len(found))
            self._places[here] = _place(event)
            found.append(self._node(event, here))
        return found

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> str | None:
        text: str = event.value
        plain = event.implicit[0]
        if plain:
            self._note_swallowed_lines(event, path)
        return None if plain and text in _NOTHING else text.strip() or None

    def _note_swallowed_lines(self, event: yaml.ScalarEvent, path: Path) -> None:
        """A deeper line such as `名称：甲` is no entry to YAML: it silently goes on with the text of the line above."""
        for number in range(_position(event.start_mark)[0] + 1, _position(event.end_mark)[0] + 1):
            for key, fault in self._slips_in(number, path[:-1]):
                self._faults.append(fault)
                self._explained.add((*path[:-1], key))

    def _slips_in(self, number: int, path: Path) -> Iterator[tuple[str, Fault]]:
        line = self._lines[number] if number < len(self._lines) else ""
        found = _COLON_SLIP.match(line)
        if found is not None and found["key"] in self._keys:
            slip = _FULL_WIDTH_COLON if found["colon"] == "：" else _NO_BLANK
            shown = show_path((*path, found["key"]))
            yield found["key"], Fault(self._file, number + 1, found.start("key") + 1, shown, *slip)

    def _syntax_faults(self, error: yaml.MarkedYAMLError) -> tuple[Fault, ...]:
        """Slips of the hand that explain the error; failing these, what the parser made of it."""
        number, column = _position(error.problem_mark or error.context_mark)
        tabs = [
            Fault(self._file, at + 1, 1, "", "用制表符（Tab）缩进", "请改成空格")
            for at, line in enumerate(self._lines)
            if _TAB_INDENT.match(line)
        ]
        slips = [fault for at in range(len(self._lines)) for _, fault in self._slips_in(at, ())]
        found = sorted(tabs + slips)
        first = min(number, error.context_mark.line) if error.context_mark is not None else number - 1
        if not any(first <= fault.line - 1 <= number for fault in found):
            found.append(self._parser_fault(error, number, column))
        return tuple(sorted({*found, *self._faults}))

    def _parser_fault(self, error: yaml.MarkedYAMLError, number: int, column: int) -> Fault:
        problem = error.problem or ""
        if number >= len(self._lines):
            # Something was opened and never closed: say where it began, not where the file ends.
            number, column = _position(error.context_mark)
        _, what, remedy = next((known for known in _PROBLEMS if known[0] in problem), _UNREADABLE)
        if "',' or" in problem and "，" in self._lines[number]:
            what, remedy = "括号里用了全角逗号“，”", "请改成半角逗号“,”"
        return Fault(self._file, number + 1, column + 1, "", what, remedy)

    def _fault(self, event: yaml.Event, path: Path, what: str, remedy: str) -> Fault:
        return Fault(self._file, *_place(event), show_path(path), what, remedy)

    def _refuse(self, event: yaml.Event, path: Path, what: str, remedy: str) -> NoReturn:
        raise Broken((*self._faults, self._fault(event, path, what, remedy)))


def _place(event: yaml.Event) -> tuple[int, int]:
    line, column = _position(event.start_mark)
    return line + 1, column + 1


def _position(mark: Any) -> tuple[int, int]:
    """Line and column from 0; the two parsers have their own types of mark."""
    return (mark.line, mark.column) if mark is not None else (0, 0)
