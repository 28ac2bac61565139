"""Installations in folders of their own, and ledgers of their own."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.__main__ import main
from storage.database import Database
from tests.bot.books import Books, fill
from tests.bot.house import ROSTER, RULEBOOK, Said
from tests.bot.neighbours import Neighbours, Write, write_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new installation, and the shell in it, on 3 August 2026."""
    monkeypatch.setattr("bot.__main__._today", lambda _zone: date(2026, 8, 3))
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    assert main(["init", str(tmp_path / "house")]) == 0
    monkeypatch.chdir(tmp_path / "house")
    return tmp_path / "house"


@pytest.fixture
def duban(folder: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command in the new installation: exit status, what was said, what was complained of."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    """Platforms and services on ports of their own."""
    with Neighbours() as found:
        yield found


@pytest.fixture
def write(folder: Path) -> Write:
    """Put channels into the settings of the new installation."""
    return partial(write_settings, folder / "duban.toml")


@pytest.fixture
def office(folder: Path, duban: Said) -> Path:
    """The same with roster and rulebook in it."""
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    (folder / "rulebooks" / "test.yaml").write_text(RULEBOOK, "utf-8")
    assert duban("import", "roster.csv")[0] == 0
    assert duban("import", "rulebooks/test.yaml", "--live-from", "2026-08-01")[0] == 0
    return folder


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the ledger; copied, never opened by a test."""
    path = tmp_path_factory.mktemp("books") / "duban.db"
    shutil.copy(sqlite_template, path)
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(fill)
    return path


@pytest.fixture
def books(filled: Path, tmp_path: Path) -> Iterator[Books]:
    """A copy of the ledger, on SQLite."""
    path = shutil.copy(filled, tmp_path / "duban.db")
    with Database.open(f"sqlite:///{path}") as database:
        yield Books(database)


@pytest.fixture
def books_on_both(database: Database) -> Books:
    """The ledger on SQLite and on PostgreSQL."""
    database.write_now(fill)
    return Books(database)
