"""Which sheets a rulebook's workbook has, and what stands in their columns: made from the schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from assessment.rulebook import Rulebook
from bot.authoring.fields import GUIDE, Field, Form, fields_of

__all__ = ["CONTENT", "ENTRY", "FIRST", "GUIDE", "NOTE", "REASON", "REMARKS", "REQUIRED_MARK", "Shape", "Table"]
__all__ += ["marked", "reason_head", "tables", "ways_of_writing"]

FIRST = "基本信息"
ENTRY, CONTENT, REASON, NOTE = "项", "内容", "代入理由", "说明"
REMARKS = "备注"
"""A column of the office's own, which nobody reads."""
REQUIRED_MARK = "*"


class Shape(Enum):
    """How a sheet is read."""

    ENTRIES = "an entry a row: its name, what it says, why it is a stand-in"
    ROWS = "a part a row, a field a column"


@dataclass(frozen=True)
class Table:
    """One sheet. What it holds stands in the file at `route`: a part, a list, or one in each item of a list."""

    name: str
    route: tuple[str, ...]
    fields: tuple[Field, ...]
    shape: Shape
    owner: str = ""
    """The head over what names the item to which a row belongs; empty where rows belong to none."""
    key: str = ""
    """The field by which the owner is named."""
    makes_owners: bool = False
    """Whether the owners have no sheet of their own and come about here."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns, in order."""
        owner = (self.owner,) if self.owner else ()
        if self.shape is Shape.ENTRIES:
            return (*owner, ENTRY, CONTENT, REASON, NOTE)
        return (*owner, *(head for field in self.fields for head in _heads(field)))


def reason_head(field: Field) -> str:
    """The head over the reasons for which values of that field are stand-ins."""
    return f"{field.key}{REASON}"


def marked(field: Field) -> str:
    """The field's name as it is shown: what must be written bears a mark."""
    return field.key + (REQUIRED_MARK if field.required else "")


@cache
def tables() -> tuple[Table, ...]:
    """All sheets; a sheet of owners comes before those that name them."""
    top = fields_of(Rulebook)
    rest = [table for field in top if not field.in_a_cell for table in _tables_of(field)]
    return (Table(FIRST, (), _in_cells(top), Shape.ENTRIES), *rest)


def ways_of_writing(table: Table) -> Iterator[tuple[Field, tuple[Field, ...]]]:
    """Where the rows of a sheet may be of several kinds: what names each kind, and what else belongs to it."""
    if len(table.route) != 2:
        return
    owner = next(field for field in fields_of(Rulebook) if field.key == table.route[0])
    child = next(field for field in fields_of(*owner.parts) if field.key == table.route[1])
    if len(child.parts) > 1:
        for part in child.parts:
            kind, *rest = fields_of(part)
            yield kind, tuple(rest)


def _tables_of(field: Field) -> Iterator[Table]:
    inner = fields_of(*field.parts)
    beyond = [child for child in inner if not child.in_a_cell]
    first = inner[0]
    if field.form is Form.ITEMS:
        yield Table(field.key, (field.key,), _in_cells(inner), Shape.ENTRIES)
        for child in beyond:
            yield _rows(child, (field.key, child.key))
    elif len(inner) == 2 and beyond:
        (child,) = beyond
        fields = _in_cells(fields_of(*child.parts))
        yield Table(field.key, (field.key, child.key), fields, Shape.ROWS, marked(first), first.key, makes_owners=True)
    else:
        yield _rows(field, (field.key,))
        for child in beyond:
            shape = Shape.ROWS if child.form is Form.ROWS else Shape.ENTRIES
            fields = _in_cells(fields_of(*child.parts))
            yield Table(child.key, (field.key, child.key), fields, shape, field.key + first.key, first.key)


def _rows(field: Field, route: tuple[str, ...]) -> Table:
    return Table(field.key, route, _in_cells(fields_of(*field.parts)), Shape.ROWS)


def _in_cells(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.in_a_cell)


def _heads(field: Field) -> Iterator[str]:
    yield marked(field)
    if field.parameter:
        yield reason_head(field)
