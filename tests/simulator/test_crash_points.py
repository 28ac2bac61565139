"""Whatever the statement at which the process dies: nothing lost, nothing taken twice, nothing said twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from storage.database import Database
from tests.conftest import PostgresServer
from tests.simulator.crash_points import SEASON, WORKS, Work, examine
from tests.simulator.world import World, copy_database, found

_number = count(1)
NAMES = [work.name for work in WORKS]


def examine_on_sqlite(work: Work, folder: Path) -> int:
    """Prepare the work once, and die at each of its statements on a copy."""
    prepared, copy = folder / "prepared.sqlite", folder / "copy.sqlite"
    with Database.open(f"sqlite:///{prepared}") as database:
        found(database, SEASON)
        world = World(database, SEASON)
        work.prepare(world)

    @contextmanager
    def fresh() -> Iterator[Database]:
        copy_database(prepared, copy)
        with Database.open(f"sqlite:///{copy}") as opened:
            yield opened

    return examine(work, fresh, world.now)


@pytest.mark.parametrize("work", WORKS, ids=NAMES)
def test_dying_at_any_statement_changes_nothing(work: Work, memory_folder: Path) -> None:
    assert examine_on_sqlite(work, memory_folder) > 10


def test_the_examination_bites(memory_folder: Path) -> None:
    """The seeded fault: a message is remembered as taken in one transaction and has its effect in the next."""

    def act(world: World) -> None:
        message = world.message("clerk-0", "工作计划:抓好造林", message_id="the-one")
        if any(row.message_id == "remembered" for row in world.inbox()):
            return
        world.take(replace(message, message_id="remembered", text="帮助"))
        world.take(message)

    work = Work("remembered before its effect", lambda _world: None, act)
    with pytest.raises(AssertionError, match="differs after death"):
        examine_on_sqlite(work, memory_folder)


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
