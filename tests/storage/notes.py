"""Folders and notes: rows for the tests of the engine, which the house's metadata does not know."""

import threading
from collections.abc import Callable

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from storage.database import Database
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class OwnRows(SQLModel, registry=registry(metadata=MetaData())):
    """Rows of these tests only."""


class Folder(OwnRows, table=True):
    __tablename__ = "folder"

    id: int = Field(primary_key=True, sa_type=BigInteger)


class Note(OwnRows, table=True):
    __tablename__ = "note"

    id: int = Field(primary_key=True, sa_type=BigInteger)
    key: str = Field(unique=True)
    text: str = ""
    folder: int | None = Field(default=None, foreign_key="folder.id", sa_type=BigInteger)


def note(key: str, **values: object) -> Callable[[UnitOfWork], None]:
    """A job that writes one note."""
    number = new_id()
    return lambda uow: uow.insert(Note, id=number, key=key, **values)


def keys(database: Database) -> list[str]:
    return database.read_now(lambda uow: uow.rows(select(Note.key).order_by(Note.key)))


class Gate:
    """A job that holds a writer until it is opened, so that other jobs come to wait behind it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, _uow: UnitOfWork) -> None:
        self.reached.set()
        self.open.wait()
