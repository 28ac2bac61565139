"""What a workbook holds: sheets to be written, with heads and hints, and grids as they were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Cell = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True)
class Hint:
    """What a cell offers when somebody stands on it."""

    title: str = ""
    note: str = ""
    choices: tuple[str, ...] = ()
    """A closed list: nothing else is accepted there."""
    choices_from: str = ""
    """Or the cells that hold the choices, such as '指标'!$A$2:$A$500; other words are accepted, too."""


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written: one row of heads, and rows of texts; None leaves a cell empty."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | None]] = ()
    widths: Sequence[int] = ()
    """In characters; those not given are of middling width."""
    column_hints: Mapping[int, Hint] = field(default_factory=dict)
    """For all cells under a head, by the column from 1."""
    cell_hints: Mapping[Cell, Hint] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """A sheet as it was read: only cells in which something stands, as text without blanks at its ends."""

    name: str
    cells: Mapping[Cell, str]

    @property
    def rows(self) -> list[tuple[int, dict[int, str]]]:
        """Every row in which something stands, with its number."""
        found: dict[int, dict[int, str]] = {}
        for (row, column), text in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = text
        return list(found.items())
