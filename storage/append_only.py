"""Tables that only grow: triggers refuse UPDATE and DELETE, whoever asks."""

from typing import Any

from sqlalchemy import Connection, Table, event, inspect, text
from sqlmodel import SQLModel

_MARK = "append_only"

_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {{table}}_no_{verb.lower()} BEFORE {verb} ON {{table}} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
]
_KNOWN = {
    "sqlite": text("SELECT count(*) = 2 FROM sqlite_master WHERE type = 'trigger' AND name LIKE :table || '_no_%'"),
    "postgresql": text(
        "SELECT count(*) = 1 FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND tgname = :table || '_no_change'"
    ),
}


def append_only(row: type[SQLModel]) -> None:
    """Declare that the table of `row` only grows: a change raises IntegrityError, also outside this program."""
    table = _table_of(row)
    table.info[_MARK] = True
    event.listen(table, "after_create", _after_create)


def is_append_only(table: Table) -> bool:
    """Whether `append_only` was declared."""
    return bool(table.info.get(_MARK))


def refuse_changes(connection: Connection, table_name: str) -> None:
    """Put the triggers on an existing table, where they are missing."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement.format(table=table_name))


def refuses_changes(connection: Connection, table_name: str) -> bool:
    """Whether the triggers stand."""
    return bool(connection.execute(_KNOWN[connection.dialect.name], {"table": table_name}).scalar_one())


def _after_create(table: Table, connection: Connection, **_: Any) -> None:
    refuse_changes(connection, table.name)


def _table_of(row: type[SQLModel]) -> Table:
    table = inspect(row).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} has no table of its own")
    return table
