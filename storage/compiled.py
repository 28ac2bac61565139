"""Statements in the driver's own words, made once: what every message runs is not put together anew each time.

An insert of one row through Core costs three times what the driver needs; here it is compiled once for each table,
set of columns and dialect, from the same tables, and bound as Core would bind it (engine-notes 2). What is shown of
errors, hooks and transactions stays SQLAlchemy's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy
from sqlalchemy import Column, Connection, CursorResult, Dialect, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

Bind = Callable[[Any], Any]
Default = Callable[[], Any]


@dataclass(frozen=True)
class Insertion:
    """One row into one table, from values by column."""

    text: str
    columns: tuple[tuple[str, Bind | None, Default | None], ...]
    """Each column in the driver's order, what makes a value the driver's, and its default where none is given."""
    by_name: bool
    """Whether the driver takes its parameters by name, not by place."""

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
        """Write the row; raises what Core would raise."""
        filled = [
            (name, _bound(bind, values[name] if default is None else default())) for name, bind, default in self.columns
        ]
        return connection.exec_driver_sql(self.text, dict(filled) if self.by_name else tuple(v for _, v in filled))


_made: dict[tuple[Table, tuple[str, ...], str, bool], Insertion] = {}
"""As many as there are places in the house that write a row, for each kind of database."""


def insertion(table: Table, names: tuple[str, ...], dialect: Dialect, *, if_new: bool) -> Insertion:
    """The insert of a row of which the columns `names` are given; the others take their defaults.

    With `if_new` a taken key writes nothing. Raises KeyError for a column that the table does not have.
    """
    key = (table, names, dialect.name, if_new)
    if key not in _made:
        _made[key] = _compile(table, names, dialect, if_new=if_new)
    return _made[key]


def _compile(table: Table, names: tuple[str, ...], dialect: Dialect, *, if_new: bool) -> Insertion:
    left = {column.name: _default(column) for column in table.columns if column.name not in names and column.default}
    keys = [*names, *left]
    binds = {name: _bind(table.columns[name], dialect) for name in keys}
    statement = _if_new(table, dialect) if if_new else sqlalchemy.insert(table)
    compiled: Any = statement.inline().compile(dialect=dialect, column_keys=keys)
    columns = tuple(
        (name, binds[name], left.get(name)) for name in (compiled.positiontup if compiled.positional else keys)
    )
    return Insertion(compiled.string, columns, by_name=not compiled.positional)


def _if_new(table: Table, dialect: Dialect) -> Insert:
    if dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def _default(column: Column[Any]) -> Default:
    made: Any = column.default
    # SQLAlchemy hands a callable the statement's context, of which no default of ours knows.
    return (lambda: made.arg(None)) if made.is_callable else (lambda: made.arg)


def _bind(column: Column[Any], dialect: Dialect) -> Bind | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _bound(bind: Bind | None, value: Any) -> Any:
    return value if bind is None else bind(value)
