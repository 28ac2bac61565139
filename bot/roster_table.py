"""The office's own spreadsheet as it comes: bytes -> text -> the header that we know and the lines under it."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assessment.fault import Fault

KNOWN_NAMES: Mapping[str, tuple[str, ...]] = {
    "单位": ("单位", "单位名称", "责任单位", "部门"),
    "单位别名": ("单位别名", "别名", "简称", "单位简称"),
    "类别": ("类别", "组别"),
    "姓名": ("姓名", "填报人", "联络员", "经办人"),
    "岗位": ("岗位", "职责", "角色"),
    "渠道": ("渠道", "平台", "通道"),
    "账号": ("账号", "帐号", "用户号"),
    "手机号": ("手机号", "手机", "手机号码", "联系电话"),
    "起": ("起", "起始", "任职起"),
    "止": ("止", "终止", "任职止"),
}
"""What each column may be called; the first name is ours."""

REPORTERS_ONLY = frozenset({"填报人", "联络员", "经办人"})
"""A sheet whose names stand under one of these lists reporters and needs no 岗位."""

PHONE = "手机号"
"""Read only where the settings of a channel want accounts to be looked up by it."""
_REQUIRED = ("单位", "姓名", "岗位", "渠道", "账号")
_LIST = "单位别名"
_HEADER_WITHIN = 10
_DELIMITERS = ",\t;"
_BRACKETED = re.compile(r"[(（\[【].*?[)）\]】]")
_BLANK = re.compile(r"\s+")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_SUMS = frozenset({"合计", "小计", "总计"})


class Unreadable(Exception):
    """The file is no roster at all; `fault` says why and what to do."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Line:
    """One line under the header. `cells` has our names; a column that the file lacks is missing from it."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A sheet whose header is known. `columns` says where each stands, counting fields from 1."""

    lines: tuple[Line, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    reporters_only: bool = False

    def fault(self, file: str, line: int, column: str, what: str, remedy: str) -> Fault:
        """A fault in that column of that line."""
        return Fault(file, line, self.columns.get(column, 1), column, what, remedy)


def decode(data: bytes, file: str) -> str:
    """The text of an office's file: UTF-8 with or without mark, then GB 18030. Raises Unreadable."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_of_file(file, "这是 Excel 工作簿", "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”后导入"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_of_file(file, "文字编码无法识别", "请另存为“CSV UTF-8（逗号分隔）”后导入"))


def read_table(text: str, file: str, *, phones: bool = False) -> Table:
    """Find the header among the first lines and read what is under it. Raises Unreadable.

    Empty lines, sums and lines that begin with # are left out, and telephone numbers unless `phones`.
    """
    rows, header, at = find_header(text, KNOWN_NAMES)
    if "单位" not in header:
        raise Unreadable(_of_file(file, "前十行内没有找到表头", f"表头应有：{'、'.join(_REQUIRED)}"))
    number, names = rows[at]
    reporters_only = _plain(names[header["姓名"] - 1]) in REPORTERS_ONLY if "姓名" in header else False
    missing = [name for name in _REQUIRED if name not in header and not (name == "岗位" and reporters_only)]
    if missing:
        what = f"表头缺少{'、'.join(f'“{name}”' for name in missing)}"
        raise Unreadable(Fault(file, number, 1, "", what, "请补上这一列，名称写在表头行"))
    wanted = header if phones else {name: at for name, at in header.items() if name != PHONE}
    return Table(lines_under(rows[at + 1 :], wanted), header, reporters_only)


Rows = list[tuple[int, list[str]]]
"""Rows in which something stands, each with the number of its line."""


def find_header(text: str, known_names: Mapping[str, tuple[str, ...]]) -> tuple[Rows, dict[str, int], int]:
    """All rows, the header that knows most columns (our name -> field from 1), and its place among the rows."""
    column_of = {name: column for column, names in known_names.items() for name in names}
    # Of equally good readings max keeps the first: a comma, the uppermost line.
    return max((_reading(text, delimiter, column_of) for delimiter in _DELIMITERS), key=lambda found: len(found[1]))


def lines_under(rows: Rows, header: Mapping[str, int]) -> tuple[Line, ...]:
    """The rows as lines by our names, without sums and lines that begin with #."""
    lines = (_line(number, cells, header) for number, cells in rows)
    return tuple(line for line in lines if _says_something(line))


def _reading(text: str, delimiter: str, column_of: Mapping[str, str]) -> tuple[Rows, dict[str, int], int]:
    rows = [(number, cells) for number, cells in _numbered(text, delimiter) if any(map(str.strip, cells))]
    headers = [_header(cells, column_of) for _, cells in rows[:_HEADER_WITHIN]]
    at = max(range(len(headers)), key=lambda place: len(headers[place]), default=0)
    return rows, headers[at] if headers else {}, at


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins on: a quoted cell may hold line breaks."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _header(cells: list[str], column_of: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, name in enumerate(cells, start=1):
        column = column_of.get(_plain(name))
        if column is not None:
            found.setdefault(column, at)
    return found


def _plain(name: str) -> str:
    return _BLANK.sub("", _BRACKETED.sub("", name))


def _line(number: int, cells: list[str], header: Mapping[str, int]) -> Line:
    values = {name: cells[at - 1] if at <= len(cells) else "" for name, at in header.items()}
    # In a list a blank stands between two names; elsewhere people put blanks between characters to align them: 张　三.
    return Line(
        number,
        {
            name: value.strip() if name == _LIST else _BETWEEN_CHINESE.sub("", value.strip())
            for name, value in values.items()
        },
    )


def _says_something(line: Line) -> bool:
    unit = line.cells["单位"]
    return any(line.cells.values()) and not unit.startswith("#") and unit not in _SUMS


def _of_file(file: str, what: str, remedy: str) -> Fault:
    return Fault(file, 1, 1, "", what, remedy)
