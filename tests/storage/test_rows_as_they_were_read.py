"""What a read hands over: values, rows of a table or both, as the database held them at that moment."""

import pytest
from sqlalchemy.exc import MultipleResultsFound
from sqlmodel import SQLModel, select

from storage.database import Database
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork
from tests.storage.notes import Folder, Note, OwnRows, note


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
    return empty_database


def test_a_row_stays_as_it_was_read_whatever_is_written_and_read_later(database: Database) -> None:
    def job(uow: UnitOfWork) -> tuple[str, str]:
        note("a", text="old")(uow)
        (before,) = uow.rows(select(Note))
        uow.update(Note, Note.key == "a", text="new")
        (after,) = uow.rows(select(Note))
        return before.text, after.text

    assert database.write_now(job) == ("old", "new")


def test_a_row_that_was_read_is_not_assigned_to(database: Database) -> None:
    database.write_now(note("a"))
    (row,) = database.read_now(lambda uow: uow.rows(select(Note)))

    with pytest.raises(AttributeError):
        row.text = "lost"


def test_a_row_that_was_read_equals_the_one_that_was_written(database: Database) -> None:
    written = Note(id=new_id(), key="a", text="b")
    database.write_now(lambda uow: uow.insert(Note, **written.model_dump()))
    read = database.read_now(lambda uow: uow.row(select(Note)))

    assert read == written
    assert isinstance(read, Note)
    assert read.model_dump() == written.model_dump()
    assert read.model_copy(update={"text": "c"}).text == "c"


def test_rows_come_beside_values_and_beside_other_rows(database: Database) -> None:
    folder = new_id()
    database.write_now(lambda uow: uow.insert(Folder, id=folder))
    database.write_now(note("a", folder=folder, text="t"))
    joined = select(Folder.id, Note, Note.text, Note.key).join(Folder)

    def job(uow: UnitOfWork) -> None:
        place, row, text, key = uow.rows(joined)[0]
        assert (place, row.key, row.text, row.folder, text, key) == (folder, "a", "t", folder, "t", "a")
        ((row, of),) = uow.rows(select(Note, Folder).join(Folder))
        assert (row.key, row.folder, of.id) == ("a", folder, folder)
        assert uow.row(joined) == uow.rows(joined)[0]
        assert uow.rows(select(Note.key, Note.text)) == [("a", "t")]
        assert uow.rows(select(Note.key)) == ["a"]
        assert uow.row(select(Note.key)) == "a"

    database.read_now(job)


def test_a_column_before_its_own_row_is_refused_and_never_read_as_another(database: Database) -> None:
    """SQLAlchemy folds the two into one, and what follows would be laid out one place too early."""
    database.write_now(note("a"))

    with pytest.raises(TypeError, match="ask for the row first"):
        database.read_now(lambda uow: uow.rows(select(Note.text, Note)))


def test_a_value_is_none_or_the_only_one(database: Database) -> None:
    assert database.read_now(lambda uow: uow.row(select(Note.key))) is None
    database.write_now(note("a"))
    database.write_now(note("b"))

    with pytest.raises(MultipleResultsFound):
        database.read_now(lambda uow: uow.row(select(Note.key)))


def test_every_table_is_read_into_the_columns_it_has(empty_database: Database) -> None:
    """Values are laid out by place: the select must name the columns in the order in which a row knows them."""
    kinds = {mapper.class_: mapper for mapper in SQLModel._sa_registry.mappers}

    def job(uow: UnitOfWork) -> None:
        for kind, mapper in kinds.items():
            asked = select(kind).compile(dialect=uow.connection.dialect)
            names = [column.key for column in asked.statement.selected_columns]  # type: ignore[union-attr]
            assert names == list(mapper.columns.keys()) == list(kind.model_fields), kind

    empty_database.read_now(job)
