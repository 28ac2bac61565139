"""The files that offices hand in and take away: rulebooks as text or workbook, and workbooks of all kinds."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assessment import rulebook_file
from assessment.fault import Broken
from assessment.rulebook_file import Loaded
from bot.authoring.from_sheets import document_of
from bot.authoring.layout import FIRST
from bot.authoring.rulebook_text import rulebook_text
from bot.command_line import BAD_USAGE, Stop
from bot.roster_table import Unreadable, decode
from bot.workbook.reading import NoWorkbook, read_workbook
from bot.workbook.sheet import Grid


@dataclass(frozen=True)
class Measure:
    """A rulebook with the text that it has as a file, whichever kind of file it came from."""

    text: str
    loaded: Loaded


def read_bytes(path: Path) -> bytes:
    """What stands in the file. Raises Stop: 2 where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Stop(f"没有文件 {path}，请核对路径", status=BAD_USAGE) from None
    except OSError as error:
        raise Stop(f"{path}：文件不能读取（{error.strerror}）", status=BAD_USAGE) from None


def read_grids(data: bytes, file: str) -> tuple[Grid, ...]:
    """The sheets of a workbook. Raises Stop."""
    try:
        return read_workbook(data)
    except NoWorkbook as refused:
        raise Stop(f"{file}：{refused}") from None


def measure_in_text(data: bytes, file: str) -> Measure:
    """A rulebook's own file. Raises Stop with everything that is wrong in it."""
    try:
        text = decode(data, file)
        return Measure(text, rulebook_file.load(text, file))
    except Unreadable as unreadable:
        raise Stop(str(unreadable.fault)) from None
    except Broken as broken:
        raise refusal(broken) from None


def holds_measure(grids: Sequence[Grid]) -> bool:
    """Whether the workbook is that of a rulebook, not a sheet of the office's own."""
    return any(grid.name.strip() == FIRST for grid in grids)


def measure_in_grids(grids: Sequence[Grid], file: str) -> Measure:
    """A rulebook's workbook. Raises Stop with everything that is wrong in it, each with its cell."""
    document = document_of(grids, file)
    try:
        found = rulebook_file.judged(document, file)
    except Broken as broken:
        raise refusal(broken) from None
    text = rulebook_text(document.data)
    of_text = rulebook_file.load(text, file)
    assert of_text.rulebook == found.rulebook
    return Measure(text, replace(of_text, warnings=found.warnings))


def as_lines(grid: Grid) -> bytes:
    """A sheet as the text of a table: the same rows, so that faults name the line that the office sees."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    rows = dict(grid.rows)
    for number in range(1, max(rows, default=0) + 1):
        cells = rows.get(number, {})
        lines.writerow([" ".join(cells.get(at, "").split("\n")) for at in range(1, max(cells, default=0) + 1)])
    return out.getvalue().encode()


def measure_at(path: Path) -> Measure:
    """The rulebook in a file of either kind. Raises Stop."""
    data = read_bytes(path)
    if path.suffix.lower() == ".xlsx":
        return measure_in_grids(read_grids(data, path.name), path.name)
    return measure_in_text(data, path.name)


def write(path: Path, content: bytes) -> None:
    """Put the file there whole. Raises Stop."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Stop(f"{path}：不能写入（{error.strerror}）", status=BAD_USAGE) from None


def refusal(broken: Broken) -> Stop:
    """Everything that is wrong, and how much that is."""
    return Stop(*map(str, broken.faults), f"有误 {len(broken.faults)} 处，未写入")
