"""指标任务分解表: what each unit takes of each indicator's target -> the 分解 of a rulebook, with its sums (R77).

Two layouts come in: a row for each unit of each indicator, or a row for each unit and a column for each indicator.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assessment import rulebook_file
from assessment.fault import Broken, Fault
from assessment.points import tidy
from assessment.rulebook import Direction, Indicator, Rulebook
from assessment.rulebook_errors import nearest
from assessment.targets import SplitSum, check_split
from bot.authoring.cells import UNSET
from bot.authoring.filled_text import filled_text
from bot.authoring.from_sheets import CellFault
from bot.workbook.sheet import Grid

_INDICATOR, _UNIT = "指标", "单位"
_UNITS = (_UNIT, "单位名称", "责任单位", "承担单位", "乡镇", "部门")
_INDICATORS = (_INDICATOR, "指标名称", "考核指标", "任务指标")
_BASE, _FULL, _POINTS = "基本任务", "满分目标", "分值"
_NO_INDICATORS = frozenset((*_UNITS, "序号", "备注", "类别"))
_SUMS = frozenset({"合计", "小计", "总计"})


@dataclass(frozen=True)
class SplitLine:
    """One indicator's split as it was read."""

    name: str
    units: int
    told: str
    """What the parts come to against the target: 合计相符, 分解缺口400万元."""
    adds_up: bool


@dataclass(frozen=True)
class SplitSheet:
    """What the sheet says, the text that the rulebook would have, and what keeps it from being used."""

    lines: tuple[SplitLine, ...]
    text: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Part:
    """One unit's part of one indicator, and the cell that names it."""

    indicator: str
    unit: str
    figures: dict[str, str]
    """By 基本任务, 满分目标 and 分值."""
    row: int
    column: int


def read_splits(grids: Sequence[Grid], file: str, rulebook: Rulebook, text: str) -> SplitSheet:
    """Read the first sheet in which something stands against the rulebook in `text`."""
    grid = next((grid for grid in grids if grid.cells), Grid("", {}))
    reader = _Reader(file, grid, rulebook)
    found = reader.splits()
    if reader.faults or not found:
        return SplitSheet((), text, tuple(sorted(reader.faults)))
    order = {indicator.id: at for at, indicator in enumerate(rulebook.indicators)}
    new = filled_text(text, {("指标", order[name], "分解"): parts for name, parts in found.items()})
    try:
        changed = rulebook_file.load(new, file).rulebook
    except Broken as broken:
        return SplitSheet((), text, broken.faults)
    return SplitSheet(tuple(_line(changed.indicator(name), changed) for name in found), new, ())


def _line(indicator: Indicator, rulebook: Rulebook) -> SplitLine:
    found = check_split(indicator, rulebook.readings).split
    told, adds_up = _told(found, indicator) if found is not None else ("比率不相加", True)
    return SplitLine(indicator.name, len(indicator.split), told, adds_up)


def _told(found: SplitSum, indicator: Indicator) -> tuple[str, bool]:
    parts = f"分解合计 {_said(found.parts)}{indicator.unit}"
    if found.unset:
        return f"{parts}；{'、'.join(found.unset)}未定，暂不能核对", False
    if found.target is None or found.gap is None:
        return f"{parts}；基本任务未设定，不能核对", False
    if not found.gap:
        return f"{parts}，与基本任务相符", True
    short = (found.gap > 0) == (indicator.direction is Direction.HIGHER)
    amount = f"{'分解缺口' if short else '分解多出'} {_said(abs(found.gap))}{indicator.unit}"
    return f"{parts}，基本任务 {_said(found.target)}{indicator.unit}，{amount}", False


def _said(value: Decimal) -> str:
    return f"{tidy(value):f}"


class _Reader:
    def __init__(self, file: str, grid: Grid, rulebook: Rulebook) -> None:
        self._file = file
        self._grid = grid
        self._rulebook = rulebook
        self._named = {
            _plain(name): indicator
            for indicator in rulebook.indicators
            for name in (indicator.id, indicator.name, *indicator.aliases)
        }
        self.faults: list[CellFault] = []

    def splits(self) -> dict[str, list[dict[str, object]]]:
        """By the indicator's id its parts as the file has them, in the order of the sheet."""
        found: dict[str, list[dict[str, object]]] = {}
        for part in self._parts():
            indicator = self._named.get(_plain(part.indicator))
            if indicator is None:
                self._note_unknown(part)
                continue
            parts = found.setdefault(indicator.id, [])
            if any(known[_UNIT] == part.unit for known in parts):
                self._note(part.row, part.column, indicator.name, f"“{part.unit}”写了两次", "请删去一处")
            parts.append({_UNIT: part.unit, **self._figures(part, indicator)})
        return found

    def _parts(self) -> Iterator[_Part]:
        header = self._header()
        if header is None:
            self._note(1, 1, "", "没有找到表头", "表头应有“单位”，以及“指标”“基本任务”，或以各指标名称为列")
            return
        at, heads = header
        unit_at = next(column for head, column in heads.items() if head in _UNITS)
        indicator_at = next((column for head, column in heads.items() if head in _INDICATORS), None)
        last = ""
        for row, cells in self._grid.rows:
            unit = cells.get(unit_at, "")
            if row <= at or unit in _SUMS:
                continue
            if indicator_at is None:
                yield from self._across(row, cells, unit, heads) if unit else ()
                continue
            last = cells.get(indicator_at) or last
            figures = {name: cells[heads[name]] for name in (_BASE, _FULL, _POINTS) if cells.get(heads.get(name, 0))}
            if unit and last not in _SUMS and figures:
                yield _Part(last, unit, figures, row, indicator_at)

    def _across(self, row: int, cells: Mapping[int, str], unit: str, heads: Mapping[str, int]) -> Iterator[_Part]:
        """The parts of one unit's row, where each indicator has its columns: 名称, or 名称 and what it is."""
        found: dict[str, _Part] = {}
        for head, column in heads.items():
            kind = next((kind for kind in (_BASE, _FULL, _POINTS) if head.endswith(kind)), "")
            name = head.removesuffix(kind).rstrip("·-—（(:：") if kind else head
            if name in _NO_INDICATORS or column not in cells:
                continue
            known = self._named.get(_plain(name))
            part = found.setdefault(known.name if known else name, _Part(name, unit, {}, row, column))
            part.figures[kind or _BASE] = cells[column]
        yield from found.values()

    def _header(self) -> tuple[int, dict[str, int]] | None:
        for row, cells in self._grid.rows[:5]:
            heads = {"".join(text.split()): column for column, text in cells.items()}
            if len(heads) > 1 and any(head in _UNITS for head in heads):
                return row, heads
        return None

    def _figures(self, part: _Part, indicator: Indicator) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, written in part.figures.items():
            value = _number(written)
            if value is None and written != UNSET:
                self._note(part.row, part.column, indicator.name, f"“{written}”不是数", "请只写数，单位按办法")
            elif name == _POINTS and value != indicator.full_points.value:
                full = indicator.full_points.value
                printed = _said(full) if full is not None else UNSET
                remedy = f"分值按办法中这项指标的满分（{printed}）计，不能各单位另定"
                self._note(part.row, part.column, indicator.name, f"分值 {written} 与办法不符", remedy)
            elif name != _POINTS:
                found[name] = None if value is None else f"{value:f}"
        return found

    def _note_unknown(self, part: _Part) -> None:
        meant = nearest(part.indicator, [indicator.name for indicator in self._rulebook.indicators])
        remedy = f"是不是“{meant}”？" if meant else "请核对名称，或先把这项指标写入办法"
        if not any(fault.path == part.indicator for fault in self.faults):
            self._note(part.row, part.column, part.indicator, "办法中没有这项指标", remedy)

    def _note(self, row: int, column: int, named: str, what: str, remedy: str) -> None:
        self.faults.append(CellFault(self._file, row, column, named, what, remedy, self._grid.name))


def _number(written: str) -> Decimal | None:
    try:
        found = Decimal(written.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
