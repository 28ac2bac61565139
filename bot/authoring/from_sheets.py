"""The sheets of a workbook -> what a rulebook's file would say, with the cell of every node for its faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from assessment.fault import Fault, Path, show_path
from assessment.rulebook_errors import nearest
from assessment.yaml_text import Document
from bot.authoring.cells import IN_CELLS, Slip, value_of
from bot.authoring.fields import Field
from bot.authoring.layout import (
    CONTENT,
    ENTRY,
    FIRST,
    GUIDE,
    NOTE,
    REASON,
    REMARKS,
    REQUIRED_MARK,
    Shape,
    Table,
    reason_head,
    tables,
)
from bot.workbook.sheet import Grid
from bot.workbook.writing import letters


@dataclass(frozen=True)
class CellFault(Fault):
    """One thing to put right in a workbook; `line` and `column` are those of the cell."""

    sheet: str = ""

    def __lt__(self, other: Fault) -> bool:
        """Sheet by sheet, each from above."""
        return _in_order(self) < _in_order(other)

    def __str__(self) -> str:
        named = self.path.rpartition(" › ")[2]
        named = "" if named.isdecimal() else named
        where = f"{self.file} “{self.sheet}”表 {letters(self.column)}{self.line}"
        return f"{where}{' ' if named else ''}{named}：{self.what}，{self.remedy}"


def _in_order(fault: Fault) -> tuple[int, int, int, str]:
    names = [table.name for table in tables()]
    sheet = getattr(fault, "sheet", "")
    return names.index(sheet) if sheet in names else len(names), fault.line, fault.column, fault.what


@dataclass(frozen=True)
class SheetDocument(Document):
    """What stands in a workbook, as if it had been read from a rulebook's file."""

    sheets: Mapping[Path, str] = field(default_factory=dict)
    """The sheet of each place."""

    def fault(self, file: str, path: Path, what: str, remedy: str) -> CellFault:
        """What is wrong at that node, said with its cell, and in the words of cells."""
        at = path
        while at not in self.places:
            at = at[:-1]
        for of_file, of_cell in IN_CELLS:
            remedy = remedy.replace(of_file, of_cell)
        return CellFault(file, *self.places[at], show_path(path), what, remedy, self.sheets[at])


def document_of(grids: Sequence[Grid], file: str) -> SheetDocument:
    """Read the sheets by their names; those that are not there say nothing. What is wrong is in its `faults`."""
    reader = _Reader(file)
    by_name = {grid.name.strip(): grid for grid in grids}
    reader.refuse_unknown(by_name)
    for table in tables():
        if table.name in by_name:
            reader.read(table, by_name[table.name])
    return reader.document()


_List = list[dict[str, object]]
_Row = Mapping[int, str]


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._data: dict[str, object] = {}
        self._places: dict[Path, tuple[int, int]] = {(): (1, 1)}
        self._sheets: dict[Path, str] = {(): FIRST}
        self._faults: list[CellFault] = []
        self._unreadable: set[Path] = set()

    def document(self) -> SheetDocument:
        unreadable = frozenset(self._unreadable)
        return SheetDocument(self._data, self._places, tuple(self._faults), unreadable, self._sheets)

    def refuse_unknown(self, grids: Mapping[str, Grid]) -> None:
        known = [table.name for table in tables()]
        for name, grid in grids.items():
            if name in known or name == GUIDE or name.startswith(REMARKS) or not grid.cells:
                continue
            meant = nearest(name, known)
            remedy = f"是不是“{meant}”？" if meant else f"请改名或删去；自用的表，名称以“{REMARKS}”开头"
            self._note(name, 1, 1, "", "没有这一种工作表", remedy)

    def read(self, table: Table, grid: Grid) -> None:
        rows = grid.rows
        if not rows:
            return
        number, heads = rows[0]
        columns = self._columns(table, number, heads)
        body = [(at, row) for at, row in rows[1:] if any(row.get(column) for column in columns.values())]
        if table.shape is Shape.ENTRIES:
            self._read_entries(table, body, columns)
        else:
            self._read_rows(table, body, columns)

    def _columns(self, table: Table, number: int, heads: _Row) -> dict[str, int]:
        """Where each head stands; heads are known without their mark."""
        known = [head.removesuffix(REQUIRED_MARK) for head in table.heads]
        found: dict[str, int] = {}
        for column, written in heads.items():
            head = "".join(written.split()).removesuffix(REQUIRED_MARK)
            if head in found:
                self._note(table.name, number, column, head, "这一列有两列", "请删去一列")
            elif head in known:
                found[head] = column
            elif not head.startswith(REMARKS):
                meant = nearest(head, known)
                remedy = f"是不是“{meant}”？" if meant else f"请改正；自用的列，表头以“{REMARKS}”开头"
                self._note(table.name, number, column, written, "没有这一列", remedy)
        needed = [table.owner.removesuffix(REQUIRED_MARK)] if table.owner else []
        needed += [ENTRY, CONTENT] if table.shape is Shape.ENTRIES else []
        for head in needed:
            if head not in found:
                self._note(table.name, number, 1, head, f"缺少“{head}”一列", "请补上，表头写在第一行")
        if table.shape is Shape.ENTRIES:
            found.pop(NOTE, None)
        return found

    def _read_rows(self, table: Table, body: Sequence[tuple[int, _Row]], columns: Mapping[str, int]) -> None:
        for number, row, holder, at in self._by_owner(table, body, columns):
            items = cast("_List", holder.setdefault(table.route[-1], []))
            path: Path = (*at, table.route[-1], len(items))
            owner = columns.get(table.owner.removesuffix(REQUIRED_MARK)) if table.owner else None
            if table.makes_owners and set(row) <= {owner}:
                continue
            item: dict[str, object] = {}
            items.append(item)
            self._place(path, table, number, 1)
            for each in table.fields:
                column, beside = columns.get(each.key), columns.get(reason_head(each))
                text = row.get(column, "") if column is not None else ""
                reason = row.get(beside, "") if beside is not None else ""
                self._place((*path, each.key), table, number, column or 1)
                self._put(table, each, item, path, text, reason)

    def _read_entries(self, table: Table, body: Sequence[tuple[int, _Row]], columns: Mapping[str, int]) -> None:
        known = {each.key: each for each in table.fields}
        if ENTRY not in columns or CONTENT not in columns:
            return
        for number, row, holder, at in self._by_owner(table, body, columns):
            key = "".join(row.get(columns[ENTRY], "").split()).removesuffix(REQUIRED_MARK)
            text, reason = row.get(columns[CONTENT], ""), row.get(columns.get(REASON, 0), "")
            path: Path = (*at, *table.route[-1:])
            if key in known and (*path, key) not in self._places:
                self._place((*path, key), table, number, columns[CONTENT])
            elif key in known and text:
                self._note(table.name, number, columns[ENTRY], key, "这一项写了两次", "请删去一处")
                continue
            if not text and not reason:
                continue
            if key not in known:
                meant = nearest(key, list(known))
                remedy = f"是不是想写“{meant}”？" if meant else f"这里可写：{'、'.join(known)}"
                self._note(table.name, number, columns[ENTRY], key, f"没有“{key}”这一项", remedy)
                continue
            if reason and not known[key].parameter:
                self._note(table.name, number, columns[REASON], key, "这一项不能是代入值", "请删去理由")
                continue
            part = cast("dict[str, object]", holder.setdefault(table.route[-1], {})) if table.route else self._data
            self._place(path, table, number, columns[ENTRY])
            self._put(table, known[key], part, path, text, reason)

    def _by_owner(
        self, table: Table, body: Sequence[tuple[int, _Row]], columns: Mapping[str, int]
    ) -> Iterator[tuple[int, _Row, dict[str, object], Path]]:
        """Each row with the mapping that it belongs to and its path. An empty name is that of the row above."""
        if not table.owner:
            for number, row in body:
                yield number, row, *self._holder(table.route[:-1])
            return
        column = columns.get(table.owner.removesuffix(REQUIRED_MARK))
        name = ""
        for number, row in body:
            if column is None:
                return
            name = row.get(column) or name
            owners = cast("_List", self._data.setdefault(table.route[0], []))
            at = next((at for at, owner in enumerate(owners) if owner.get(table.key) == name), None)
            if at is None and table.makes_owners and name:
                at = len(owners)
                owners.append({table.key: name, table.route[1]: []})
                for place in (table.key, table.route[1]):
                    self._place((table.route[0], at, place), table, number, column)
                self._place((table.route[0], at), table, number, 1)
            if at is None:
                remedy = self._owner_meant(name, [str(owner.get(table.key)) for owner in owners], table)
                self._note(table.name, number, column, table.owner, f"“{table.route[0]}”表里没有“{name}”", remedy)
                continue
            yield number, row, owners[at], (table.route[0], at)

    def _owner_meant(self, name: str, names: Sequence[str], table: Table) -> str:
        meant = nearest(name, names) if len(name) > 2 else None
        return f"是不是“{meant}”？" if meant else f"请写“{table.route[0]}”表里的{table.key}"

    def _holder(self, route: Sequence[str]) -> tuple[dict[str, object], Path]:
        holder = self._data
        for key in route:
            holder = cast("dict[str, object]", holder.setdefault(key, {}))
        return holder, tuple(route)

    def _put(self, table: Table, each: Field, part: dict[str, object], path: Path, text: str, reason: str) -> None:
        if not text and not reason:
            return
        try:
            part[each.key] = value_of(each, text, reason) if text else {"代入": reason}
        except Slip as slip:
            row, column = self._places[*path, each.key]
            self._note(table.name, row, column, each.key, slip.what, slip.remedy)
            self._unreadable.add((*path, each.key))

    def _place(self, path: Path, table: Table, row: int, column: int) -> None:
        if path not in self._places:
            self._places[path], self._sheets[path] = (row, column), table.name

    def _note(self, sheet: str, row: int, column: int, named: str, what: str, remedy: str) -> None:
        self._faults.append(CellFault(self._file, row, column, named, what, remedy, sheet))
