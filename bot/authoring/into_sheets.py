"""A rulebook -> the sheets of its workbook, each cell with what may be written there; an empty one is the form."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bot.authoring.cells import IN_CELLS, UNSET, cell_of
from bot.authoring.fields import Field, Form, fields_of
from bot.authoring.layout import (
    ENTRY,
    GUIDE,
    REASON,
    REQUIRED_MARK,
    Shape,
    Table,
    marked,
    reason_head,
    tables,
    ways_of_writing,
)
from bot.workbook.sheet import Cell, Hint, Sheet

Data = Mapping[str, object]

_WIDE = 48
_NARROW = 14
_LONG_TEXTS = frozenset({"原文", "说明", "内容", "处理", "后续", "分项"})
_FORMS: Mapping[Form, str] = {
    Form.WORDS: "几项之间用顿号或换行隔开",
    Form.SHARES: "写作 名称：分数，几项之间用顿号或换行隔开",
    Form.PAIRS: "写作 名称：数，几项之间用顿号或换行隔开；原文未给的写 名称：未定",
    Form.SPAN: "写作 0.5至1；扣分写负数",
}
_PREFACE = (
    ("空格", "空着的格即没有写这一项"),
    (UNSET, f"原文没有给出、考核办也未定的数，写“{UNSET}”，不据此计分"),
    (REASON, "原文没有给出、暂用代入值的，在旁边一格写明理由；有代入值的办法只能试运行"),
    (REQUIRED_MARK, f"表头带“{REQUIRED_MARK}”的必须填写"),
    ("备注", "可另加“备注”一列，系统不读"),
)


def sheets_of(data: Data) -> list[Sheet]:
    """The workbook of what a rulebook's file says (`assessment.yaml_text`); of nothing, the form to be filled in."""
    return [_guide(), *(_sheet(table, data) for table in tables())]


def _guide() -> Sheet:
    rows: list[tuple[str, str, str]] = [("", name, what) for name, what in _PREFACE]
    for table in tables():
        rows += [(table.name, marked(field), note_of(field)) for field in table.fields]
        for kind, rest in ways_of_writing(table):
            wanted = "、".join(marked(field) for field in rest) or "不须另写"
            rows.append((table.name, f"{kind.key}：{kind.choices[0]}", f"{kind.note}；另写：{wanted}"))
    return Sheet(GUIDE, ("工作表", ENTRY, "怎样填写"), rows, (14, 16, 90))


def _sheet(table: Table, data: Data) -> Sheet:
    rows = list(_rows(table, data))
    if table.shape is Shape.ENTRIES:
        at = 2 if table.owner else 1
        widths = (*([_NARROW] if table.owner else []), 18, _WIDE, 30, 60)
        return Sheet(table.name, table.heads, rows, widths, _of_owner(table), dict(_entry_hints(table, rows, at)))
    widths = tuple(_width(head) for head in table.heads)
    return Sheet(table.name, table.heads, rows, widths, _of_owner(table) | dict(_column_hints(table)))


def _rows(table: Table, data: Data) -> Iterator[list[str]]:
    if table.owner:
        for owner in _list(data.get(table.route[0])):
            yield from _owned_rows(table, owner)
    elif table.shape is Shape.ENTRIES:
        part = _at(data, table.route)
        for field in table.fields:
            yield [marked(field), *_cells(field, part), note_of(field)]
    else:
        for part in _list(_at(data, table.route[:-1]).get(table.route[-1])):
            yield [text for field in table.fields for text in _cells(field, part)[: 2 if field.parameter else 1]]


def _owned_rows(table: Table, owner: Data) -> Iterator[list[str]]:
    name, held = str(owner.get(table.key) or ""), owner.get(table.route[1])
    if table.shape is Shape.ENTRIES:
        part = cast("Data", held) if isinstance(held, Mapping) else {}
        for field in table.fields:
            if field.key in part:
                yield [name, field.key, *_cells(field, part), note_of(field)]
        return
    parts = _list(held)
    for part in parts:
        yield [name, *(text for field in table.fields for text in _cells(field, part)[: 2 if field.parameter else 1])]
    if table.makes_owners and not parts:
        yield [name]


def _cells(field: Field, part: Data) -> tuple[str, str]:
    return cell_of(field, part[field.key]) if field.key in part else ("", "")


def _at(data: Data, route: Sequence[str]) -> Data:
    for key in route:
        inner = data.get(key)
        data = cast("Data", inner) if isinstance(inner, Mapping) else {}
    return data


def _list(value: object) -> list[Data]:
    return [cast("Data", each) for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


# Hints


def note_of(field: Field) -> str:
    """What the schema says of it, and how it is written in a cell."""
    said = [field.note, _FORMS.get(field.form, ""), _keyed(field)]
    said += [f"可写：{'、'.join(field.choices)}" if field.choices and field.form is not Form.YES_NO else ""]
    written = "；".join(filter(None, said))
    for of_file, of_cell in IN_CELLS:
        written = written.replace(of_file, of_cell)
    return written


def _keyed(field: Field) -> str:
    """Each way of writing a small part, as it stands in a cell: 次月：5."""
    if field.form is not Form.KEYED:
        return ""
    return "写其中一种：" + "、".join(f"{inner.key}：…（{inner.note}）" for inner in fields_of(*field.parts))


def _entry_hints(table: Table, rows: Sequence[Sequence[str]], at: int) -> Iterator[tuple[Cell, Hint]]:
    known = {field.key: field for field in table.fields}
    for number, row in enumerate(rows, start=2):
        field = known[row[at - 1].removesuffix(REQUIRED_MARK)]
        if field.listed:
            yield (number, at + 1), Hint(field.key, note_of(field), field.choices)


def _column_hints(table: Table) -> Iterator[tuple[int, Hint]]:
    for field in table.fields:
        column = table.heads.index(marked(field)) + 1
        choices = (*field.choices, *((UNSET,) if field.parameter else ())) if field.listed else ()
        yield column, Hint(field.key, note_of(field), choices)
        if field.parameter:
            note = f"“{field.key}”原文没有给出、暂用代入值的，在此写明理由"
            yield table.heads.index(reason_head(field)) + 1, Hint(REASON, note)


def _of_owner(table: Table) -> dict[int, Hint]:
    """The names of the owners, to choose from, where they have a sheet; and of entries that have no other."""
    if not table.owner:
        return {}
    if table.makes_owners:
        return {1: Hint(table.key, "同一编号的各行合为一项；与上一行相同的可以空着")}
    owners = next(each for each in tables() if each.route == table.route[:1])
    note = "属于哪一项；与上一行相同的可以空着"
    hint = Hint(table.owner, note, choices_from=f"'{owners.name}'!$A$2:$A$500")
    entries = tuple(field.key for field in table.fields)
    return {1: hint, **({2: Hint(ENTRY, "写哪一项", entries)} if table.shape is Shape.ENTRIES else {})}


def _width(head: str) -> int:
    return _WIDE if head.removesuffix(REQUIRED_MARK) in _LONG_TEXTS else _NARROW
