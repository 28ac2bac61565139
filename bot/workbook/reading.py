"""An .xlsx file -> its grids. Nothing is guessed: a number is the number that the cell shows, a date a date.

Excel, WPS and LibreOffice write the same parts in their own ways; read is what all of them mean by a cell: shared and
inline texts, the last result of a formula, dates by their format.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.workbook.sheet import Cell, Grid

LARGEST = 4 * 1024 * 1024
"""Bytes of the file; the workbook of a large rulebook has some fifty thousand."""
_UNPACKED = 32 * 1024 * 1024
_MOST_CELLS = 200_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
"""Of any workbook."""

_OLD = b"\xd0\xcf\x11\xe0"
_OUR_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Numbers of the formats of dates and times that every workbook has, the Chinese ones included."""
_PERCENT = frozenset((9, 10))
_NO_FORMAT = re.compile(r"\"[^\"]*\"|\\.|_.|\[[^\]]*\]")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
    ParseError,
    DefusedXmlException,
    LookupError,
    ValueError,
    RuntimeError,
    OSError,
    OverflowError,
)


class NoWorkbook(Exception):
    """The file cannot be read as a workbook; `what` and `remedy` say so in Chinese."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}，{remedy}")
        self.what = what
        self.remedy = remedy


def read_workbook(data: bytes) -> tuple[Grid, ...]:
    """The sheets of a workbook in its order. Raises NoWorkbook, and nothing else."""
    if data.startswith(_OLD):
        raise NoWorkbook("这是旧格式（.xls）或加了密码的工作簿", "请去掉密码，另存为 .xlsx")
    if len(data) > LARGEST:
        raise NoWorkbook("工作簿太大", "请删去无关的工作表和图片")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return tuple(_Reader(package).grids())
    except _BROKEN:
        raise NoWorkbook("文件不是完好的工作簿", "请用 Excel 或 WPS 打开，另存为 .xlsx") from None


@dataclass(frozen=True)
class _Formats:
    """What the numbers of a cell's style mean."""

    dates: frozenset[int]
    percents: frozenset[int]


class _Reader:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._left = _UNPACKED
        self._cells_left = _MOST_CELLS

    def grids(self) -> Iterator[Grid]:
        main = self._targets("_rels/.rels", "officeDocument")[0][1]
        book = self._part(main)
        folder = posixpath.dirname(main)
        related = dict(self._targets(f"{folder}/_rels/{posixpath.basename(main)}.rels", ""))
        texts = self._texts(related)
        formats = self._formats(related)
        first_day = datetime(1904, 1, 1) if _since_1904(book) else datetime(1899, 12, 30)  # noqa: DTZ001 - no moment
        for sheet in _all(book, "sheet"):
            identity = next(value for key, value in sheet.attrib.items() if _local(key) == "id")
            cells = dict(self._cells(self._part(related[identity]), texts, formats, first_day))
            yield Grid(sheet.attrib["name"], cells)

    def _part(self, path: str) -> Element:
        with self._package.open(path) as member:
            content = member.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise ValueError("unpacked too large")
        found: Element = fromstring(content, forbid_dtd=True)
        return found

    def _targets(self, path: str, kind: str) -> list[tuple[str, str]]:
        """Of a list of relations those of that kind: identity, and path in the package."""
        folder = posixpath.dirname(posixpath.dirname(path))
        return [
            (relation.attrib["Id"], posixpath.normpath(posixpath.join("/", folder, relation.attrib["Target"]))[1:])
            for relation in _all(self._part(path), "Relationship")
            if relation.attrib.get("TargetMode") != "External" and relation.attrib["Type"].endswith(kind)
        ]

    def _texts(self, related: Mapping[str, str]) -> list[str]:
        paths = [path for path in related.values() if path.endswith("sharedStrings.xml")]
        return [_text(item) for path in paths for item in _all(self._part(path), "si")]

    def _formats(self, related: Mapping[str, str]) -> _Formats:
        dates, percents = set(_OUR_DATES), set(_PERCENT)
        used: list[int] = []
        for path in (path for path in related.values() if path.endswith("styles.xml")):
            styles = self._part(path)
            for made in _all(styles, "numFmt"):
                code = _NO_FORMAT.sub("", made.attrib["formatCode"]).lower()
                (percents if "%" in code else dates if set(code) & set("ydhs") else set()).add(
                    int(made.attrib["numFmtId"])
                )
            used = [int(form.attrib.get("numFmtId", 0)) for group in _all(styles, "cellXfs") for form in group]
        return _Formats(
            frozenset(at for at, form in enumerate(used) if form in dates),
            frozenset(at for at, form in enumerate(used) if form in percents),
        )

    def _cells(
        self, sheet: Element, texts: list[str], formats: _Formats, first_day: datetime
    ) -> Iterator[tuple[Cell, str]]:
        row = 0
        for line in _all(sheet, "row"):
            row, column = int(line.attrib.get("r", row + 1)), 0
            for cell in line:
                column = _column(cell.attrib["r"]) if "r" in cell.attrib else column + 1
                shown = _shown(cell, texts, formats, first_day).strip()
                if shown:
                    self._cells_left -= 1
                    if self._cells_left < 0 or not (1 <= row <= _LAST_ROW and column <= _LAST_COLUMN):
                        raise ValueError("too many cells, or one out of place")
                    yield (row, column), shown


def _shown(cell: Element, texts: list[str], formats: _Formats, first_day: datetime) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = next((each.text or "" for each in cell if _local(each.tag) == "v"), "")
    if kind == "s":
        return texts[int(value)] if value else ""
    if kind == "b":
        return "是" if value == "1" else "否"
    if kind != "n" or not value:
        return _unescaped(value)
    style = int(cell.attrib.get("s", 0))
    if style in formats.dates:
        return _date(float(value), first_day)
    # Fifteen digits are what Excel knows; it keeps 0.7322 as 0.73219999999999996.
    return _number(float(value) * 100) + "%" if style in formats.percents else _number(float(value))


def _number(value: float) -> str:
    written = f"{value:.15g}"
    return f"{value:.0f}" if "e+" in written else f"{value:.15f}".rstrip("0") if "e" in written else written


def _date(serial: float, first_day: datetime) -> str:
    moment = first_day + timedelta(minutes=round(serial * 24 * 60))
    if serial < 1:
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if serial == int(serial) else f"{moment:%Y-%m-%d %H:%M}"


def _text(item: Element) -> str:
    """All its runs; the reading aids of phonetic runs are no part of the text."""
    if _local(item.tag) == "rPh":
        return ""
    own = _unescaped(item.text or "") if _local(item.tag) == "t" else ""
    return own + "".join(_text(child) for child in item)


def _unescaped(text: str) -> str:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _since_1904(book: Element) -> bool:
    return any(made.attrib.get("date1904") in ("1", "true") for made in _all(book, "workbookPr"))


def _all(part: Element, name: str) -> Iterator[Element]:
    return (each for each in part.iter() if _local(each.tag) == name)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
