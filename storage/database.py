"""The database: SQLite for one process, PostgreSQL for several replicas, the same jobs on both.

A job is an ordinary function of a UnitOfWork. It runs from start to end inside one transaction on a thread of the
database, touches nothing but the database and may be run again when a neighbour in its group failed. A caller that is
cancelled while waiting does not stop its job.
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text

from storage.transactions import Crash, DatabaseClosed, Workers
from storage.unit_of_work import UnitOfWork

__all__ = ["Crash", "Database", "DatabaseClosed", "UnusableDatabase"]

_T = TypeVar("_T")
_GROUP = 64
_WRITERS = 4
_READERS = 4
_SQLITE_BUSY_MS = 5000

# The session is told what a server may have been told otherwise: answered means on disk; a row lock is waited for as
# long as on SQLite; a replica that froze inside a transaction lets go of its locks.
_POSTGRES_OPTIONS = "-c synchronous_commit=on -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"


class UnusableDatabase(RuntimeError):
    """The address names no database that this service can keep its records in; the text says what to change."""


class Database:
    """One open database with its writer and reader threads. Make it with `Database.open`, end it with `close`."""

    on_statement: Callable[[str], None] | None = None
    """For crash tests: called on the writer's thread before every statement with its text, before the commit with
    COMMIT and after it with AFTER COMMIT. Raising Crash there is dying there."""

    def __init__(self, url: URL) -> None:
        self.url = url
        writing = make_engine(url)
        reading = make_engine(url, read_only=True)
        self.dialect: str = writing.dialect.name
        event.listen(writing, "before_cursor_execute", self._before_statement)
        event.listen(writing, "commit", self._before_commit)
        alone = self.dialect == "sqlite"
        self._writers = Workers(
            "database-writer",
            writing,
            threads=1 if alone else _WRITERS,
            group=_GROUP if alone else 1,
            committed=self._after_commit,
        )
        self._readers = Workers("database-reader", reading, threads=_READERS, group=1, committed=_nothing)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open `sqlite:///path` or `postgresql://user@host/name`; raise UnusableDatabase or SQLAlchemy's error."""
        database = cls(parse_url(url))
        try:
            database.check_now()
        except BaseException:
            database.close()
            raise
        return database

    @property
    def waiting(self) -> int:
        """How many writes have not been begun yet; intake answers 503 when it is behind."""
        return self._writers.waiting

    async def write(self, job: Callable[[UnitOfWork], _T]) -> _T:
        """Run `job` in a transaction and return its value after the commit; raise what it or the commit raised."""
        return await self._writers.run(job)

    async def read(self, job: Callable[[UnitOfWork], _T]) -> _T:
        """Run `job` on one consistent snapshot of all that is committed; a write in it is refused."""
        return await self._readers.run(job)

    def write_now(self, job: Callable[[UnitOfWork], _T]) -> _T:
        """As write, blocking the calling thread: for the command line and tests."""
        return self._writers.run_now(job)

    def read_now(self, job: Callable[[UnitOfWork], _T]) -> _T:
        """As read, blocking the calling thread: for the command line and tests."""
        return self._readers.run_now(job)

    async def check(self) -> None:
        """Raise when the database can be neither written nor read just now."""
        await self.write(_ping)
        await self.read(_ping)

    def check_now(self) -> None:
        """As check, blocking the calling thread."""
        self.write_now(_ping)
        self.read_now(_ping)

    def close(self) -> None:
        """Finish the jobs that wait and let go of the database; later jobs raise DatabaseClosed."""
        # Readers first: the last connection to leave is the writer's, which folds SQLite's log into the file.
        self._readers.close()
        self._writers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _before_statement(self, _connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self.on_statement is not None:
            self.on_statement(statement)

    def _before_commit(self, _connection: Connection) -> None:
        if self.on_statement is not None:
            self.on_statement("COMMIT")

    def _after_commit(self) -> None:
        if self.on_statement is not None:
            self.on_statement("AFTER COMMIT")


def parse_url(url: str) -> URL:
    """Return the address with the driver that we use; raise UnusableDatabase when we cannot use it."""
    parsed = make_url(url)
    backend = "postgresql" if parsed.drivername == "postgres" else parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UnusableDatabase(f"{backend} is not supported; use sqlite:///path or postgresql://user@host/name")
    if parsed.database in {None, "", ":memory:"}:
        raise UnusableDatabase("a database in memory forgets everything; use sqlite:///path")
    return parsed.set(drivername="sqlite+pysqlite")


def make_engine(url: URL, *, read_only: bool = False) -> Engine:
    """Return an engine that begins transactions our way and keeps no pool: each thread holds one connection."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, read_only=read_only)
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ" if read_only else "READ COMMITTED"}
    engine = create_engine(url, poolclass=NullPool, connect_args={"options": _POSTGRES_OPTIONS})
    return engine.execution_options(**options, postgresql_readonly=read_only)


def _sqlite_engine(url: URL, *, read_only: bool) -> Engine:
    folder = Path(url.database or "").parent
    if not folder.is_dir():
        raise UnusableDatabase(f"there is no folder {folder} for the database")
    # isolation_level None: sqlite3 itself would begin a transaction late, and only before a write.
    engine = create_engine(url, poolclass=NullPool, connect_args={"isolation_level": None})
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout={_SQLITE_BUSY_MS}")
        if connection.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
            raise UnusableDatabase(f"the file system of {folder} cannot keep a write-ahead log; use a local disk")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA recursive_triggers=ON")  # else REPLACE deletes without asking the triggers
        connection.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "commit")
    def refuse_lost_transaction(connection: Connection) -> None:
        # A full disk makes SQLite roll back by itself. A job that swallowed that error must not be told "committed".
        if not connection.connection.in_transaction:
            raise UnusableDatabase("SQLite gave up the transaction before its commit")

    return engine


def _ping(uow: UnitOfWork) -> None:
    uow.execute(text("SELECT 1"))


def _nothing() -> None:
    return None
