"""Migrations: bring a database to the tables this program knows, and see whether it has them.

There is no way down: a step back is the backup made before the upgrade. For developers, after changing a row:
`python -m storage.migrate revision "what changed"`.
"""

import argparse
import importlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import URL, Connection, TypeDecorator, event, inspect
from sqlmodel import SQLModel

from storage import closed_books
from storage.append_only import is_append_only, refuse_changes, refuses_changes
from storage.columns import WHOLE_NUMBER
from storage.database import Database, make_engine, parse_url

# Every file of storage/ that declares rows.
NOUNS = (
    "appeals",
    "audit",
    "awards",
    "bindings",
    "breakdowns",
    "broadcasts",
    "calendars",
    "circulars",
    "closings",
    "conversations",
    "coordination",
    "counters",
    "event_days",
    "extensions",
    "files",
    "follow_ups",
    "grades",
    "inability",
    "inbox",
    "judgements",
    "lanes",
    "ledger",
    "major",
    "matters",
    "obligations",
    "outbox",
    "own_targets",
    "phones",
    "programmes",
    "proposals",
    "publications",
    "recommendations",
    "rectifications",
    "roster",
    "stage_values",
    "samples",
    "steps",
    "submissions",
    "suggestions",
    "supervision",
    "uploads",
)
_FOLDER = Path(__file__).parent / "migrations"
_VERSIONS = _FOLDER / "versions"
_ADVISORY_LOCK = 7_368_214_903


class BrokenReferences(RuntimeError):
    """The upgrade would have left rows that refer to nothing; it has been rolled back."""


class NothingChanged(RuntimeError):
    """There is no difference to write a version about."""


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version, in one transaction; do nothing when they are.

    Replicas that start together take turns. Raises BrokenReferences, or Alembic's CommandError when the database
    was made by a newer program.
    """
    apply(database.url, _VERSIONS)


def apply(url: URL, versions: Path) -> None:
    """As upgrade, with the versions of that folder."""
    load_rows()
    config = _config(versions)
    with _connection(url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _restore_triggers(connection)
        _refuse_broken_references(connection)


def current(database: Database) -> str | None:
    """The version the tables are at; None for an empty database."""
    return database.read_now(lambda uow: MigrationContext.configure(uow.connection).get_current_revision())


def newest() -> str | None:
    """The version this program brings the tables to."""
    return ScriptDirectory.from_config(_config(_VERSIONS)).get_current_head()


def check(database: Database) -> list[str]:
    """Say how the tables differ from the rows declared in storage/; empty when they do not."""
    return database.read_now(lambda uow: _differences(uow.connection))


def revise(message: str, versions: Path = _VERSIONS) -> Path:
    """Write the version that leads from the newest one to the rows as declared now, and return its path.

    Raises NothingChanged when there is nothing to write.
    """
    with tempfile.TemporaryDirectory() as scratch:
        url = parse_url(f"sqlite:///{scratch}/empty.db")
        apply(url, versions)
        config = _config(versions)
        with _connection(url) as connection:
            config.attributes["connection"] = connection
            number = len(list(versions.glob("[0-9]*.py"))) + 1
            if not _differences(connection):
                raise NothingChanged("the newest version already makes the tables as they are declared")
            script = cast("Script", command.revision(config, message, autogenerate=True, rev_id=f"{number:04}"))
    path = Path(script.path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ### " not in line), "utf-8")  # Alembic's own remarks
    return path


def load_rows() -> None:
    """Import every noun, so that SQLModel.metadata knows all tables."""
    for noun in NOUNS:
        importlib.import_module(f"storage.{noun}")


def autogenerate_options(connection: Connection) -> dict[str, Any]:
    """What Alembic must know of our tables, for running as well as for comparing."""
    load_rows()
    return {
        "target_metadata": SQLModel.metadata,
        "compare_type": True,
        "compare_server_default": True,
        "render_as_batch": connection.dialect.name == "sqlite",
        "render_item": _render_plain_type,
    }


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", _escape(_FOLDER))
    config.set_main_option("version_locations", _escape(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_section_option("post_write_hooks", "hooks", "format")
    config.set_section_option("post_write_hooks", "format.type", "module")
    config.set_section_option("post_write_hooks", "format.module", "ruff")
    config.set_section_option("post_write_hooks", "format.options", "format --quiet REVISION_SCRIPT_FILENAME")
    return config


def _escape(path: Path) -> str:
    return str(path).replace("%", "%%")


@contextmanager
def _connection(url: URL) -> Iterator[Connection]:
    """One transaction for the whole upgrade; nobody else upgrades meanwhile."""
    engine = make_engine(url)
    if url.get_backend_name() == "sqlite":
        # A batch makes a table anew and drops the old one; with foreign keys on, that would delete its children.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
        # And triggers of other tables speak of the one that is being made anew: they are looked at when it stands.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA legacy_alter_table=ON"))
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            yield connection
    finally:
        engine.dispose()


def _restore_triggers(connection: Connection) -> None:
    """Versions do not speak of triggers: SQLite drops them when a batch makes the table anew, so all are set here."""
    tables = set(inspect(connection).get_table_names())
    for table in SQLModel.metadata.tables.values():
        if is_append_only(table) and table.name in tables and not refuses_changes(connection, table.name):
            refuse_changes(connection, table.name)
    closed_books.guard(connection)


def _refuse_broken_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise BrokenReferences(f"{len(broken)} rows refer to nothing, the first of them in {broken[0][0]}")


def _differences(connection: Connection) -> list[str]:
    options = autogenerate_options(connection)
    context = MigrationContext.configure(connection, opts=options)
    differences = [repr(difference) for difference in compare_metadata(context, SQLModel.metadata)]
    unguarded = [
        f"{table.name} can be changed: its triggers are missing"
        for table in SQLModel.metadata.tables.values()
        if is_append_only(table) and not refuses_changes(connection, table.name)
    ]
    unguarded += [
        f"{name} grows after the year is closed: its triggers are missing"
        for name in closed_books.unguarded(connection)
    ]
    return differences + unguarded


def _render_plain_type(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Write our column types as the plain types beneath them: a version must not change when the program does."""
    if kind == "type" and item is WHOLE_NUMBER:
        return "WHOLE_NUMBER"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m storage.migrate", description="Write a new version of the tables.")
    parser.add_argument("command", choices=["revision"])
    parser.add_argument("message", help="what changed, in a few words; becomes the file's name")
    options = parser.parse_args(arguments)
    print(revise(options.message))


if __name__ == "__main__":
    main()
