"""One furnished county a run, copied for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.handlers.desk import Desk, furnish


@pytest.fixture(scope="session")
def county_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration county on the morning of 4 August 2010; copied, never opened by a test."""
    return furnish(sqlite_template, tmp_path_factory.mktemp("county") / "county.db")


@pytest.fixture
def desk(county_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """The county at a desk of one's own."""
    path = shutil.copy(county_template, tmp_path / "county.db")
    with Database.open(f"sqlite:///{path}") as database:
        yield Desk(database)
