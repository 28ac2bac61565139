"""Whatever the statement at which the process dies: nothing lost, nothing taken twice, nothing said twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import PostgresServer
from tests.simulator.crash_points import SEASON, WORKS, Work, examine
from tests.simulator.world import World, copy_database, found

_number = count(1)
NAMES = [work.name for work in WORKS]


@pytest.mark.parametrize("work", WORKS, ids=NAMES)
def test_dying_at_any_statement_changes_nothing(work: Work, memory_folder: Path) -> None:
    prepared, copy = memory_folder / "prepared.sqlite", memory_folder / "copy.sqlite"
    with Database.open(f"sqlite:///{prepared}") as database:
        found(database, SEASON)
        world = World(database, SEASON)
        work.prepare(world)

    @contextmanager
    def fresh() -> Iterator[Database]:
        copy_database(prepared, copy)
        with Database.open(f"sqlite:///{copy}") as opened:
            yield opened

    assert examine(work, fresh, world.now) > 10


@pytest.mark.postgres
@pytest.mark.parametrize("work", WORKS, ids=NAMES)
def test_dying_on_postgres_changes_nothing(work: Work, postgres_server: PostgresServer) -> None:
    """A sample of the same deaths."""
    prepared = f"prepared_{next(_number)}"
    with Database.open(postgres_server.create(prepared)) as database:
        found(database, SEASON)
        world = World(database, SEASON)
        work.prepare(world)

    @contextmanager
    def fresh() -> Iterator[Database]:
        name = f"copy_{next(_number)}"
        with Database.open(postgres_server.create(name, prepared)) as opened:
            yield opened
        postgres_server.drop(name)

    assert examine(work, fresh, world.now, every=5) > 3
