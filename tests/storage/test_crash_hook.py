"""Dying at any statement, or by kill -9, leaves all of a job or nothing, and loses nothing that was acknowledged."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from storage.database import Crash, Database
from storage.unit_of_work import UnitOfWork


class CrashRows(SQLModel, registry=registry(metadata=MetaData())):
    """Rows of this file only."""


class Parcel(CrashRows, table=True):
    __tablename__ = "parcel"

    id: int = Field(primary_key=True)
    state: str = "packed"


class Receipt(CrashRows, table=True):
    __tablename__ = "receipt"

    id: int = Field(primary_key=True)
    parcel: int = Field(foreign_key="parcel.id", unique=True)


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.write_now(lambda uow: CrashRows.metadata.create_all(uow.connection))
    return empty_database


def deliver(number: int) -> Callable[[UnitOfWork], None]:
    """A job of several statements: half of it would be a parcel sent without a receipt."""

    def job(uow: UnitOfWork) -> None:
        uow.insert(Parcel, id=number)
        with uow.savepoint():
            uow.insert_if_new(Receipt, id=number, parcel=number)
        uow.row(select(Parcel).where(Parcel.id == number))
        uow.update(Parcel, Parcel.id == number, state="sent")

    return job


def delivered(database: Database, number: int) -> tuple[list[str], int]:
    def look(uow: UnitOfWork) -> tuple[list[str], int]:
        parcels = uow.rows(select(Parcel).where(Parcel.id == number))
        return [parcel.state for parcel in parcels], len(uow.rows(select(Receipt).where(Receipt.parcel == number)))

    return database.read_now(look)


class DieAt:
    """Counts the statement boundaries and dies at one of them; at none when `boundary` is None."""

    def __init__(self, boundary: int | None = None) -> None:
        self.boundary = boundary
        self.passed: list[str] = []

    def __call__(self, statement: str) -> None:
        self.passed.append(statement)
        if len(self.passed) - 1 == self.boundary:
            raise Crash(statement)


def boundaries(database: Database) -> list[str]:
    counting = DieAt()
    database.on_statement = counting
    database.write_now(deliver(0))
    database.on_statement = None
    return counting.passed


def test_the_hook_hears_every_statement_and_both_sides_of_the_commit(database: Database) -> None:
    heard = [statement.split()[0] for statement in boundaries(database)]

    begin = ["BEGIN"] if database.dialect == "sqlite" else []
    assert heard == [*begin, "INSERT", "SAVEPOINT", "INSERT", "RELEASE", "SELECT", "UPDATE", "COMMIT", "AFTER"]


def test_dying_at_any_statement_leaves_all_or_nothing(database: Database) -> None:
    for boundary, statement in enumerate(boundaries(database)):
        number = boundary + 1
        database.on_statement = DieAt(boundary)
        with pytest.raises(Crash):
            database.write_now(deliver(number))
        database.on_statement = None

        committed = statement == "AFTER COMMIT"
        assert delivered(database, number) == ((["sent"], 1) if committed else ([], 0)), statement

        if not committed:
            database.write_now(deliver(number))
        assert delivered(database, number) == (["sent"], 1)


def test_nobody_hears_of_a_commit_that_the_process_did_not_survive(database: Database) -> None:
    woken: list[str] = []

    def job(uow: UnitOfWork) -> None:
        deliver(1)(uow)
        uow.after_commit(lambda: woken.append("delivery"))

    database.on_statement = DieAt(len(boundaries(database)) - 1)
    with pytest.raises(Crash):
        database.write_now(job)

    assert woken == []
    assert delivered(database, 1) == (["sent"], 1)


def test_a_whole_group_dies_together(database: Database) -> None:
    """After kill -9 none of them would have been answered, so none of them is run again."""
    if database.dialect != "sqlite":
        pytest.skip("PostgreSQL has no groups")
    reached, opened = threading.Event(), threading.Event()
    answers: dict[int, BaseException | None] = {}

    def gate(_uow: UnitOfWork) -> None:
        reached.set()
        opened.wait()

    def call(number: int) -> None:
        try:
            database.write_now(deliver(number) if number else gate)
            answers[number] = None
        except Crash as crash:
            answers[number] = crash

    callers = [threading.Thread(target=call, args=[number]) for number in range(5)]
    callers[0].start()
    reached.wait()
    for caller in callers[1:]:
        caller.start()
    while database.waiting < 4:
        pass
    died: list[str] = []

    def die_once(statement: str) -> None:
        if statement.startswith("UPDATE") and not died:
            died.append(statement)
            raise Crash(statement)

    database.on_statement = die_once
    opened.set()
    for caller in callers:
        caller.join()
    database.on_statement = None

    assert answers[0] is None
    assert all(isinstance(answers[number], Crash) for number in range(1, 5))
    assert [delivered(database, number) for number in range(1, 5)] == [([], 0)] * 4


CHILD = """
import asyncio, sys
from storage.database import Database
from sqlalchemy import text

async def write(database, line):
    for number in range(1_000_000):
        id = line * 1_000_000 + number
        def job(uow):
            uow.execute(text("INSERT INTO parcel (id, state) VALUES (:id, 'sent')"), {"id": id})
            uow.execute(text("INSERT INTO receipt (id, parcel) VALUES (:id, :id)"), {"id": id})
        await database.write(job)
        sys.stdout.write(f"{id}\\n")
        sys.stdout.flush()

async def main():
    database = Database.open(sys.argv[1])
    await asyncio.gather(*(write(database, line) for line in range(8)))

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill without asking")
@pytest.mark.parametrize("acknowledged", [1, 200])
def test_kill_9_loses_nothing_that_was_acknowledged(database: Database, database_url: str, acknowledged: int) -> None:
    database.close()
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, database_url], stdout=subprocess.PIPE, text=True, cwd=root
    ) as child:
        assert child.stdout is not None
        seen = [int(child.stdout.readline()) for _ in range(acknowledged)]  # work is really in flight now
        os.kill(child.pid, signal.SIGKILL)
        # What the dying child had still written out was acknowledged too; its last line may be cut off.
        seen += [int(line) for line in child.stdout if line.endswith("\n")]

    assert child.returncode == -signal.SIGKILL
    with Database.open(database_url) as again:
        kept = again.read_now(lambda uow: uow.rows(select(Parcel.id)))
        receipts = again.read_now(lambda uow: uow.rows(select(Receipt.parcel)))

        assert set(seen) <= set(kept)
        assert sorted(kept) == sorted(receipts)
        if again.dialect == "sqlite":
            assert again.read_now(lambda uow: uow.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"
        again.write_now(deliver(99_000_000))
