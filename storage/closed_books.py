"""What belongs to a programme is not added to it once its year is closed: triggers refuse it, whoever writes.

This is the one place where a simultaneous act and 关账 meet (decisions 0022). On PostgreSQL every row that is added
takes a shared hold on its programme, and 关账 takes the whole (`storage.programmes.hold`): one of the two waits for the
other. What was written first is there when 关账 looks; what comes second finds the year closed and is refused. SQLite
has one writer at a time.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, Table, event, inspect, text
from sqlmodel import SQLModel

_SAYS = "the year is closed"

_DIRECTLY = "NEW.programme"
_WHOSE = {
    "entry": "(SELECT id FROM programme WHERE code = NEW.programme)",
    "appeal_answer": "(SELECT programme FROM appeal WHERE id = NEW.appeal)",
    "appeal_day": "(SELECT programme FROM appeal WHERE id = NEW.appeal)",
    "award_taken_back": "(SELECT programme FROM award_given WHERE id = NEW.award)",
    "recommendation_decision": (
        "(SELECT p.id FROM programme p JOIN entry e ON e.programme = p.code WHERE e.id = NEW.entry)"
    ),
    "own_target_wording": "(SELECT programme FROM own_target WHERE id = NEW.own_target)",
    "own_target_upward": "(SELECT programme FROM own_target WHERE id = NEW.own_target)",
}
"""The programme of rows that do not name it by its id."""
_CHANGED_TOO = frozenset({"proposal"})
"""Tables whose rows are decided by being changed."""
_STAYS_OPEN = frozenset({"closing"})

_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_while_open_{verb} BEFORE {verb} ON {table} "
    "WHEN (SELECT ended FROM programme WHERE id = {programme}) "
    "BEGIN SELECT RAISE(ABORT, '{table}: the year is closed'); END"
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION {table}_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        is_over boolean;
    BEGIN
        SELECT ended INTO is_over FROM programme WHERE id = {programme} FOR KEY SHARE;
        IF is_over THEN
            RAISE EXCEPTION USING MESSAGE = '{table}: the year is closed', ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE OR REPLACE TRIGGER {table}_while_open BEFORE {verbs} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_while_open()""",
)
_KNOWN = {
    "sqlite": text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE :table || '_while_open_%'"),
    "postgresql": text(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND tgname = :table || '_while_open'"
    ),
}


def is_refusal(error: BaseException) -> bool:
    """Whether the database has refused a row because its programme's year is closed."""
    return _SAYS in str(getattr(error, "orig", ""))


def guarded(metadata: MetaData = SQLModel.metadata) -> Mapping[str, str]:
    """The tables that nothing is added to in a closed year, each with the SQL that finds a new row's programme."""
    direct = {table.name: _DIRECTLY for table in metadata.tables.values() if _names_programme(table)}
    known = {name: whose for name, whose in _WHOSE.items() if name in metadata.tables}
    return {name: whose for name, whose in sorted((direct | known).items()) if name not in _STAYS_OPEN}


def guard(connection: Connection) -> None:
    """Put the triggers on the tables that want them and have none."""
    whose = guarded()
    for name in unguarded(connection):
        for statement in _statements(connection.dialect.name, name, whose[name]):
            connection.exec_driver_sql(statement)


def unguarded(connection: Connection) -> list[str]:
    """The tables that are there and whose triggers are not."""
    there = set(inspect(connection).get_table_names())
    return [name for name in guarded() if name in there and not _stands(connection, name)]


def _statements(dialect: str, table: str, programme: str) -> list[str]:
    verbs = ["INSERT", "UPDATE"] if table in _CHANGED_TOO else ["INSERT"]
    if dialect == "sqlite":
        return [_SQLITE.format(table=table, programme=programme, verb=verb) for verb in verbs]
    return [one.format(table=table, programme=programme, verbs=" OR ".join(verbs)) for one in _POSTGRESQL]


def _stands(connection: Connection, table: str) -> bool:
    wanted = 2 if table in _CHANGED_TOO and connection.dialect.name == "sqlite" else 1
    return bool(connection.execute(_KNOWN[connection.dialect.name], {"table": table}).scalar_one() == wanted)


def _names_programme(table: Table) -> bool:
    return any(key.column.table.name == "programme" for key in table.foreign_keys if key.parent.name == "programme")


def _after_create(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    guard(connection)


event.listen(SQLModel.metadata, "after_create", _after_create)
