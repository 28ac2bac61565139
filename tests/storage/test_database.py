"""The engine's promises, the same on SQLite and PostgreSQL: all or nothing, nobody answered before the commit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import select

from storage.database import Crash, Database, DatabaseClosed, UnusableDatabase
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork
from tests.storage.notes import Gate, Note, OwnRows, keys, note


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
    return empty_database


async def behind_a_gate(database: Database, jobs: list[Callable[[UnitOfWork], object]]) -> list[object]:
    """Let all jobs wait at once, then run them; return their values and errors."""
    gates = [Gate() for _ in range(1 if database.dialect == "sqlite" else 4)]
    held = [asyncio.create_task(database.write(gate)) for gate in gates]
    await asyncio.gather(*(asyncio.to_thread(gate.reached.wait) for gate in gates))
    waiting = [asyncio.create_task(database.write(job)) for job in jobs]
    await asyncio.sleep(0)

    assert database.waiting == len(jobs)

    for gate in gates:
        gate.open.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.gather(*held)
    return list(answers)


class TestWriting:
    def test_a_job_returns_its_value_after_the_commit(self, database: Database) -> None:
        number = new_id()

        assert database.write_now(lambda uow: uow.insert_if_new(Note, id=number, key="a")) is True
        assert keys(database) == ["a"]

    def test_a_job_that_raises_leaves_nothing(self, database: Database) -> None:
        def half(uow: UnitOfWork) -> None:
            note("a")(uow)
            raise LookupError("no such unit")

        with pytest.raises(LookupError, match="no such unit"):
            database.write_now(half)
        assert keys(database) == []

    async def test_one_bad_job_among_fifty_fails_alone(self, database: Database) -> None:
        jobs: list[Callable[[UnitOfWork], object]] = [note(f"{number:02}") for number in range(50)]
        jobs[17] = note("16")  # the key of its neighbour

        answers = await behind_a_gate(database, jobs)

        assert [index for index, answer in enumerate(answers) if answer is not None] in ([17], [16])
        assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1
        assert len(keys(database)) == 49

    async def test_sqlite_commits_what_waits_together(self, database: Database) -> None:
        if database.dialect != "sqlite":
            pytest.skip("PostgreSQL commits each job by itself")
        commits: list[str] = []
        database.on_statement = lambda statement: commits.append(statement) if statement == "COMMIT" else None

        await behind_a_gate(database, [note(f"{number}") for number in range(60)])

        assert len(commits) == 2  # the gate's and one for all sixty

    async def test_sixty_four_callers_at_once(self, database: Database) -> None:
        async def caller(name: int) -> None:
            for number in range(5):
                await database.write(note(f"{name}-{number}"))

        await asyncio.gather(*(caller(name) for name in range(64)))

        assert len(keys(database)) == 320

    async def test_a_cancelled_caller_does_not_stop_its_job(self, database: Database) -> None:
        gate = Gate()

        def slow(uow: UnitOfWork) -> None:
            note("a")(uow)
            gate(uow)
            note("b")(uow)

        caller = asyncio.create_task(database.write(slow))
        await asyncio.to_thread(gate.reached.wait)
        caller.cancel()
        gate.open.set()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await asyncio.to_thread(database.close)

        with Database.open(database.url.render_as_string(hide_password=False)) as again:
            assert keys(again) == ["a", "b"]

    async def test_a_caller_cancelled_before_its_turn_has_its_job_done_all_the_same(self, database: Database) -> None:
        gate = Gate()
        held = asyncio.create_task(database.write(gate))
        await asyncio.to_thread(gate.reached.wait)
        caller = asyncio.create_task(database.write(note("a")))
        await asyncio.sleep(0)
        caller.cancel()
        gate.open.set()
        await held
        await database.write(note("b"))
        await asyncio.to_thread(database.close)

        with Database.open(database.url.render_as_string(hide_password=False)) as again:
            assert keys(again) == ["a", "b"]

    async def test_closing_finishes_what_waits(self, database: Database) -> None:
        gate = Gate()
        held = asyncio.create_task(database.write(gate))
        await asyncio.to_thread(gate.reached.wait)
        waiting = [asyncio.create_task(database.write(note(f"{number}"))) for number in range(5)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(database.close))
        while not database._writers._closed:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)
        gate.open.set()

        await asyncio.gather(held, closing, *waiting)

        with pytest.raises(DatabaseClosed):
            await database.write(note("late"))

    @pytest.mark.parametrize("error", [StopIteration(), KeyError("x"), Crash("x")])
    async def test_whatever_a_job_raises_reaches_its_caller(self, database: Database, error: BaseException) -> None:
        def job(uow: UnitOfWork) -> None:
            raise error

        with pytest.raises((RuntimeError, KeyError, Crash)):
            await asyncio.wait_for(database.write(job), 5)
        await database.write(note("a"))

    def test_callers_of_a_failed_commit_are_told_and_the_thread_lives_on(self, database: Database) -> None:
        def fail(statement: str) -> None:
            if statement == "COMMIT":
                raise OSError("disk full")

        database.on_statement = fail
        with pytest.raises(OSError, match="disk full"):
            database.write_now(note("a"))
        database.on_statement = None
        database.write_now(note("b"))

        assert keys(database) == ["b"]

    def test_two_jobs_that_block_each_other_both_end_well(self, database: Database) -> None:
        """PostgreSQL ends one of them for the sake of the other; it is run again."""
        first, second = new_id(), new_id()
        database.write_now(lambda uow: uow.insert(Note, id=first, key="1"))
        database.write_now(lambda uow: uow.insert(Note, id=second, key="2"))
        holding = {first: threading.Event(), second: threading.Event()}

        def lock(mine: int, other: int) -> Callable[[UnitOfWork], None]:
            def job(uow: UnitOfWork) -> None:
                uow.update(Note, Note.id == mine, text="held")
                holding[mine].set()
                if uow.dialect == "postgresql":
                    holding[other].wait()
                uow.update(Note, Note.id == other, text="held")

            return job

        with ThreadPoolExecutor(2) as callers:
            list(callers.map(database.write_now, [lock(first, second), lock(second, first)]))

        assert database.read_now(lambda uow: uow.rows(select(Note.text))) == ["held", "held"]


class TestReading:
    def test_a_reader_sees_one_moment(self, database: Database) -> None:
        database.write_now(note("a"))

        def look_twice(uow: UnitOfWork) -> tuple[int, int]:
            before = uow.scalar(select(func.count()).select_from(Note))
            with ThreadPoolExecutor(1) as other:
                other.submit(database.write_now, note("b")).result()
            return before, uow.scalar(select(func.count()).select_from(Note))

        assert database.read_now(look_twice) == (1, 1)
        assert keys(database) == ["a", "b"]

    def test_a_reader_cannot_write(self, database: Database) -> None:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            database.read_now(note("a"))
        assert keys(database) == []

    async def test_readers_and_writers_do_not_wait_for_each_other(self, database: Database) -> None:
        await database.write(note("a"))
        gate = Gate()
        writing = asyncio.create_task(database.write(gate))
        await asyncio.to_thread(gate.reached.wait)

        assert await database.read(lambda uow: uow.rows(select(Note.key))) == ["a"]

        gate.open.set()
        await writing


class TestOpening:
    def test_an_open_database_is_usable(self, database: Database) -> None:
        database.check_now()

    async def test_a_closed_database_is_not(self, database: Database) -> None:
        await database.check()
        database.close()
        database.close()

        with pytest.raises(DatabaseClosed):
            await database.check()

    @pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", "sqlite:////no/such/x.db"])
    def test_an_address_that_cannot_work_is_refused_with_a_sentence(self, url: str) -> None:
        with pytest.raises(UnusableDatabase, match=r"use|no folder"):
            Database.open(url)

    def test_a_file_that_is_no_database_is_refused(self, tmp_path: object) -> None:
        path = f"{tmp_path}/letter.db"
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write("关于做好督查工作的通知" * 1000)
        with pytest.raises(DBAPIError, match="not a database"):
            Database.open(f"sqlite:///{path}")


class TestSqlite:
    @pytest.fixture
    def path(self, tmp_path: object) -> str:
        return f"{tmp_path}/duban.db"

    @pytest.mark.usefixtures("power_cuts")
    def test_connections_are_set_up_for_keeping(self, path: str) -> None:
        with Database.open(f"sqlite:///{path}") as database:
            for run in (database.write_now, database.read_now):

                def pragma(name: str, run: Callable[[Callable[[UnitOfWork], int]], int] = run) -> object:
                    return run(lambda uow: uow.execute(text(f"PRAGMA {name}")).scalar_one())

                found = [pragma(name) for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")]
                assert found == ["wal", 2, 5000, 1]

    def test_a_writer_waits_for_another_program(self, path: str) -> None:
        with Database.open(f"sqlite:///{path}") as database, ThreadPoolExecutor(1) as caller:
            database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            answer = caller.submit(database.write_now, note("a"))
            assert not answer.done()
            other.execute("COMMIT")
            other.close()
            answer.result()
            assert keys(database) == ["a"]

    def test_nobody_writes_between_what_a_job_reads_and_what_it_writes(self, path: str) -> None:
        def read_then_write(uow: UnitOfWork) -> None:
            assert uow.rows(select(Note.key)) == []
            other = sqlite3.connect(path, isolation_level=None, timeout=0)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("INSERT INTO note (id, key, text) VALUES (1, 'other', '')")
            other.close()
            note("a")(uow)

        with Database.open(f"sqlite:///{path}") as database:
            database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
            database.write_now(read_then_write)

    @pytest.mark.parametrize("swallowed", [False, True])
    def test_a_full_disk_is_told_to_everybody_and_passes(self, path: str, swallowed: bool) -> None:
        with Database.open(f"sqlite:///{path}") as database:
            database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))

            def fill(uow: UnitOfWork) -> None:
                pages = uow.execute(text("PRAGMA page_count")).scalar_one()
                uow.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
                note("lost")(uow)
                try:
                    note("big", text="x" * 100_000)(uow)
                except OperationalError:
                    if not swallowed:
                        raise

            with pytest.raises((OperationalError, UnusableDatabase), match=r"full|gave up"):
                database.write_now(fill)
            database.write_now(lambda uow: uow.execute(text("PRAGMA max_page_count = 1000000")))
            database.write_now(note("b"))

            assert keys(database) == ["b"]


def test_crash_is_not_an_error_that_a_job_could_catch() -> None:
    assert not issubclass(Crash, Exception)
