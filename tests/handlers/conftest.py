"""The furnished county at four moments, made once a run and copied for every test."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from storage.database import Database
from tests.handlers.desk import START, Desk, entered_deduction, furnish, overdue_matter
from tests.handlers.one_measure import Under, desk_under


@dataclass(frozen=True)
class Moment:
    """A county's file at a moment, and the number that a test then speaks of."""

    path: Path
    at: datetime
    number: str = ""


@pytest.fixture(scope="session")
def county_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration county on the morning of 4 August 2010; copied, never opened by a test."""
    return furnish(sqlite_template, tmp_path_factory.mktemp("county") / "county.db")


@pytest.fixture(scope="session")
def with_proposal(county_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """县环保局 has missed a matter; 9 August."""
    path = tmp_path_factory.mktemp("county") / "proposal.db"
    with _at_desk(county_template, path) as desk:
        number = overdue_matter(desk)
        return Moment(path, desk.clock.now(), number)


@pytest.fixture(scope="session")
def with_ripe(with_proposal: Moment, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """The days for a statement on the missed matter are over without a word; 13 August."""
    path = tmp_path_factory.mktemp("county") / "ripe.db"
    with _at_desk(with_proposal.path, path, with_proposal.at) as desk:
        desk.wind(8, 13, 9, 5)
        return Moment(path, desk.clock.now(), with_proposal.number)


@pytest.fixture(scope="session")
def with_entry(county_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Moment:
    """The office has entered the deduction; 9 August."""
    path = tmp_path_factory.mktemp("county") / "entry.db"
    with _at_desk(county_template, path) as desk:
        number = entered_deduction(desk)
        return Moment(path, desk.clock.now(), number)


@pytest.fixture
def desk(request: pytest.FixtureRequest, county_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """The county at a desk of one's own: as a test's `proposal`, `ripe` or `entry` says, else 4 August."""
    moment = Moment(county_template, START)
    for name in ("proposal", "ripe", "entry"):
        if name in request.fixturenames:
            moment = request.getfixturevalue(f"with_{name}")
    with _at_desk(moment.path, tmp_path / "county.db", moment.at) as desk:
        yield desk


@pytest.fixture
def proposal(with_proposal: Moment) -> str:
    """The number of a deduction proposed of 县环保局, its days for a statement still running."""
    return with_proposal.number


@pytest.fixture
def ripe(with_ripe: Moment) -> str:
    """The number of that deduction once its days for a statement are over without a word."""
    return with_ripe.number


@pytest.fixture
def entry(with_entry: Moment) -> str:
    """The number of a deduction entered for 县环保局."""
    return with_entry.number


@pytest.fixture
def under(sqlite_template: Path, tmp_path: Path) -> Under:
    """A desk where measures of the test's own choice hold, from the day on which it opens."""

    def opened(rulebooks: Mapping[str, str], roster: str, start: datetime) -> AbstractContextManager[Desk]:
        return desk_under(rulebooks, roster, sqlite_template, tmp_path / "measure.db", start, start.date())

    return opened


@contextmanager
def _at_desk(template: Path, path: Path, at: datetime = START) -> Iterator[Desk]:
    shutil.copy(template, path)
    with Database.open(f"sqlite:///{path}") as database:
        yield Desk(database, at)
