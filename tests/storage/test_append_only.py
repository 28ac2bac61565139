"""A table that only grows refuses UPDATE and DELETE, from whatever statement they come."""

import pytest
from sqlalchemy import BigInteger, MetaData, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from storage.append_only import append_only, refuse_changes, refuses_changes
from storage.database import Database


class OwnRows(SQLModel, registry=registry(metadata=MetaData())):
    """Rows of this file only; the house's metadata does not know them."""


class Stone(OwnRows, table=True):
    __tablename__ = "stone"

    id: int = Field(primary_key=True, sa_type=BigInteger)
    word: str


append_only(Stone)


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
    return empty_database


CHANGES = ["UPDATE stone SET word = 'x'", "DELETE FROM stone"]


@pytest.fixture
def stone(database: Database) -> Database:
    database.write_now(lambda uow: uow.insert(Stone, id=1, word="kept"))
    return database


def assert_kept(database: Database) -> None:
    assert database.read_now(lambda uow: uow.rows(select(Stone.word))) == ["kept"]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_refused(stone: Database, change: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        stone.write_now(lambda uow: uow.execute(text(change)))
    assert_kept(stone)


def test_replacing_or_emptying_is_refused(stone: Database) -> None:
    sqlite = stone.dialect == "sqlite"
    change = "REPLACE INTO stone (id, word) VALUES (1, 'x')" if sqlite else "TRUNCATE stone"
    with pytest.raises(IntegrityError, match="append-only"):
        stone.write_now(lambda uow: uow.execute(text(change)))
    assert_kept(stone)


def test_a_missing_guard_is_seen_and_put_back(stone: Database) -> None:
    drop = "DROP TRIGGER stone_no_update" if stone.dialect == "sqlite" else "DROP TRIGGER stone_no_change ON stone"
    assert stone.read_now(lambda uow: refuses_changes(uow.connection, "stone"))

    stone.write_now(lambda uow: uow.execute(text(drop)))
    assert not stone.read_now(lambda uow: refuses_changes(uow.connection, "stone"))

    stone.write_now(lambda uow: refuse_changes(uow.connection, "stone"))
    assert stone.read_now(lambda uow: refuses_changes(uow.connection, "stone"))
    with pytest.raises(IntegrityError, match="append-only"):
        stone.write_now(lambda uow: uow.execute(text("UPDATE stone SET word = 'x'")))
