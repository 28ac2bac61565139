"""One transaction as one object: what a job may rely on, the same on SQLite and PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, MultipleResultsFound
from sqlmodel import select

from storage.database import Database
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork
from tests.storage.notes import Gate, Note, OwnRows, keys, note


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
    return empty_database


class TestAfterCommit:
    def test_called_once_after_a_commit_and_never_otherwise(self, database: Database) -> None:
        called: list[str] = []

        def job(uow: UnitOfWork) -> None:
            uow.after_commit(lambda: called.append("kept"))
            with suppress(LookupError), uow.savepoint():
                uow.after_commit(lambda: called.append("undone"))
                raise LookupError

        def bad(uow: UnitOfWork) -> None:
            uow.after_commit(lambda: called.append("failed"))
            raise LookupError

        database.write_now(job)
        with pytest.raises(LookupError):
            database.write_now(bad)

        assert called == ["kept"]

    def test_an_error_in_it_harms_nobody(self, database: Database, caplog: pytest.LogCaptureFixture) -> None:
        def job(uow: UnitOfWork) -> None:
            note("a")(uow)
            uow.after_commit({}.popitem)

        database.write_now(job)

        assert keys(database) == ["a"]
        assert "callback after the commit failed" in caplog.text


class TestUnitOfWork:
    def test_a_read_sees_what_the_same_job_wrote(self, database: Database) -> None:
        number = new_id()

        def job(uow: UnitOfWork) -> list[str]:
            uow.insert(Note, id=number, key="a")
            first = uow.row(select(Note).where(Note.id == number))
            changed = uow.update(Note, Note.id == number, text="new")
            second = uow.row(select(Note).where(Note.id == number))
            assert first is not None
            assert second is not None
            assert changed == 1
            return [second.text, *[key for key, _ in uow.rows(select(Note.key, Note.text))]]

        assert database.write_now(job) == ["new", "a"]

    def test_row_is_none_or_the_only_one(self, database: Database) -> None:
        database.write_now(note("a"))
        database.write_now(note("b"))

        assert database.read_now(lambda uow: uow.row(select(Note).where(Note.key == "c"))) is None
        with pytest.raises(MultipleResultsFound):
            database.read_now(lambda uow: uow.row(select(Note)))

    def test_what_is_added_to_the_session_is_kept(self, database: Database) -> None:
        number = new_id()
        database.write_now(lambda uow: uow.session.add(Note(id=number, key="a")))

        assert keys(database) == ["a"]

    def test_an_update_says_how_many_rows_met_its_conditions(self, database: Database) -> None:
        database.write_now(note("a"))

        assert database.write_now(lambda uow: uow.update(Note, Note.key == "b", text="x")) == 0
        assert database.write_now(lambda uow: uow.update(Note, Note.key == "a", Note.text == "", text="x")) == 1
        assert database.write_now(lambda uow: uow.update(Note, Note.key == "a", Note.text == "", text="y")) == 0
        with pytest.raises(ValueError, match="needs a condition"):
            database.write_now(lambda uow: uow.update(Note, text="x"))

    def test_an_update_made_once_changes_what_the_plain_one_would(self, database: Database) -> None:
        for key in "abc":
            database.write_now(note(key))

        assert database.write_now(lambda uow: uow.update_at(Note, {"key": "b"}, text="x")) == 1
        assert database.write_now(lambda uow: uow.update_at(Note, {"key": "b", "text": ""}, text="y")) == 0
        assert database.write_now(lambda uow: uow.update_at(Note, {"key": "c", "text": ""}, text="z")) == 1
        assert database.write_now(lambda uow: uow.update_at(Note, {"key": "none"}, text="y")) == 0
        with pytest.raises(ValueError, match="needs a condition"):
            database.write_now(lambda uow: uow.update_at(Note, {}, text="x"))

        found = database.read_now(lambda uow: uow.rows(select(Note.key, Note.text).order_by(Note.key)))
        assert found == [("a", ""), ("b", "x"), ("c", "z")]

    def test_insert_if_new_tells_exactly_one_of_many_writers_true(self, database: Database) -> None:
        start = threading.Barrier(8)

        def race(number: int) -> bool:
            start.wait()
            return database.write_now(lambda uow: uow.insert_if_new(Note, id=number, key="same"))

        for _ in range(5):
            with ThreadPoolExecutor(8) as writers:
                won = list(writers.map(race, [new_id() for _ in range(8)]))
            assert sum(won) == 1
            database.write_now(lambda uow: uow.execute(text("DELETE FROM note")))

    def test_insert_if_new_hides_no_other_fault(self, database: Database) -> None:
        with pytest.raises(IntegrityError):
            database.write_now(lambda uow: uow.insert_if_new(Note, id=new_id(), key="a", folder=1))
        with pytest.raises(IntegrityError):
            database.write_now(lambda uow: uow.insert_if_new(Note, id=new_id(), key=None))

    def test_a_reference_to_nothing_is_refused(self, database: Database) -> None:
        with pytest.raises(IntegrityError):
            database.write_now(note("a", folder=12345))
        assert keys(database) == []

    def test_a_savepoint_undoes_its_block_and_keeps_the_rest(self, database: Database) -> None:
        def job(uow: UnitOfWork) -> None:
            note("a")(uow)
            with suppress(IntegrityError), uow.savepoint():
                note("b")(uow)
                uow.session.add(Note(id=new_id(), key="c"))
                note("a")(uow)
            note("d")(uow)

        database.write_now(job)

        assert keys(database) == ["a", "d"]

    def test_a_locked_row_is_left_to_its_holder(self, database: Database) -> None:
        """On SQLite the second job comes after the first; on PostgreSQL it passes by the locked row."""
        database.write_now(note("a"))
        gate = Gate()

        def take(uow: UnitOfWork) -> int:
            return len(uow.rows(uow.for_update(select(Note).where(Note.text == ""), skip_locked=True)))

        def hold(uow: UnitOfWork) -> None:
            assert take(uow) == 1
            gate(uow)
            uow.update(Note, Note.key == "a", text="taken")

        with ThreadPoolExecutor(2) as callers:
            holder = callers.submit(database.write_now, hold)
            gate.reached.wait()
            if database.dialect == "sqlite":
                gate.open.set()
            assert callers.submit(database.write_now, take).result() == 0
            gate.open.set()
            holder.result()
