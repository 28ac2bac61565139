"""One transaction as one object: what a handler or a sweep reads and writes with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeGuard, TypeVar, cast, overload

import sqlalchemy
from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import Select, SelectOfScalar

import storage.columns  # noqa: F401 - every noun imports this module, so the rules for columns hold for all rows
from storage.compiled import insertion

_T = TypeVar("_T")
_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_D = TypeVar("_D")
_SelectT = TypeVar("_SelectT", bound=sqlalchemy.Select[*tuple[Any, ...]])

_KEY = "at_"


class UnitOfWork:
    """What one job does in one transaction. Made, committed and rolled back by `storage.database.Database` only.

    Write with insert, update and execute; read with rows, row and scalar. A row that was read says what the database
    held then, whatever is written later, and is not to be assigned to: `update` changes the database.

    An error leaves the job and rolls all of it back; to survive one, use `insert_if_new` or `savepoint` (PostgreSQL
    refuses to go on after a failed statement).
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect: str = connection.dialect.name
        self._session: Session | None = None
        self._on_commit: list[Callable[[], object]] = []

    @property
    def session(self) -> Session:
        """A session on the same connection; what is added to it is flushed when the job ends."""
        if self._session is None:
            self._session = Session(
                self.connection, autoflush=False, expire_on_commit=False, join_transaction_mode="rollback_only"
            )
        return self._session

    @overload
    def rows(self, statement: SelectOfScalar[_T], /, **parameters: Any) -> list[_T]: ...
    @overload
    def rows(self, statement: Select[_A, _B], /, **parameters: Any) -> list[tuple[_A, _B]]: ...
    @overload
    def rows(self, statement: Select[_A, _B, _C], /, **parameters: Any) -> list[tuple[_A, _B, _C]]: ...
    @overload
    def rows(self, statement: Select[_A, _B, _C, _D], /, **parameters: Any) -> list[tuple[_A, _B, _C, _D]]: ...
    def rows(self, statement: Any, /, **parameters: Any) -> Any:
        """Return all that the select finds, in its order; `parameters` fill the places of a select made once."""
        return _as_asked(statement, self.connection.execute(statement, parameters).all())

    @overload
    def row(self, statement: SelectOfScalar[_T], /, **parameters: Any) -> _T | None: ...
    @overload
    def row(self, statement: Select[_A, _B], /, **parameters: Any) -> tuple[_A, _B] | None: ...
    @overload
    def row(self, statement: Select[_A, _B, _C], /, **parameters: Any) -> tuple[_A, _B, _C] | None: ...
    @overload
    def row(self, statement: Select[_A, _B, _C, _D], /, **parameters: Any) -> tuple[_A, _B, _C, _D] | None: ...
    def row(self, statement: Any, /, **parameters: Any) -> Any:
        """Return the one row that the select finds, or None; raise MultipleResultsFound when there are more."""
        found = self.connection.execute(statement, parameters).one_or_none()
        return None if found is None else _as_asked(statement, [found])[0]

    def scalar(self, statement: SelectOfScalar[_T]) -> _T:
        """Return the value of a select that always has exactly one row: a count, a sum, an exists."""
        return self.connection.execute(statement).scalar_one()

    def value(self, statement: SelectOfScalar[_T], /, **parameters: Any) -> _T | None:
        """As row, for the one column of a hot select that was made once: making it anew costs more than running it."""
        return self.connection.execute(statement, parameters).scalar_one_or_none()

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Run one Core statement; with a list of parameters, once for each."""
        return self.connection.execute(statement, parameters)

    def insert(self, row: type[SQLModel], /, **values: Any) -> None:
        """Write one row; raise IntegrityError when a key, a check or a reference forbids it."""
        insertion(_table_of(row), tuple(values), self.connection.dialect, if_new=False).run(self.connection, values)

    def insert_if_new(self, row: type[SQLModel], /, **values: Any) -> bool:
        """Write one row unless one of its unique keys is taken; say whether it was written.

        Of several writers with one key exactly one is told True. On PostgreSQL the others wait until its
        transaction has ended. A failed check or reference still raises IntegrityError.
        """
        statement = insertion(_table_of(row), tuple(values), self.connection.dialect, if_new=True)
        return statement.run(self.connection, values).rowcount == 1

    def update(self, row: type[SQLModel], /, *where: ColumnElement[bool] | bool, **values: Any) -> int:
        """Change the rows that meet all conditions and return how many these were.

        A zero where one was expected means that somebody else was there first.
        """
        if not where:
            raise ValueError("an update needs a condition")
        conditions = cast("tuple[ColumnElement[bool], ...]", where)
        statement = sqlalchemy.update(_table_of(row)).where(*conditions).values(**values)
        return self.connection.execute(statement).rowcount

    def update_at(self, row: type[SQLModel], key: Mapping[str, object], /, **values: Any) -> int:
        """As `update`, where columns equal values: the statement is made once for those columns (decisions 26)."""
        if not key:
            raise ValueError("an update needs a condition")
        statement = _update_at(row, tuple(key), tuple(values))
        parameters = {f"{_KEY}{name}": value for name, value in key.items()} | values
        return self.connection.execute(statement, parameters).rowcount

    def for_update(self, statement: _SelectT, *, skip_locked: bool = False) -> _SelectT:
        """Lock the selected rows until the transaction ends; with `skip_locked`, leave out what others have locked.

        SQLite has one writer at a time, so there the statement stays as it is.
        """
        if self.dialect == "sqlite":
            return statement
        return statement.with_for_update(skip_locked=skip_locked)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did when it raises; the error goes on, and the caller may catch it and keep the rest."""
        known = len(self._on_commit)
        try:
            with self.connection.begin_nested():
                yield
                self.flush()
        except BaseException:
            del self._on_commit[known:]
            if self._session is not None:
                self._session.expunge_all()
            raise

    def after_commit(self, callback: Callable[[], object]) -> None:
        """Call `callback` once the transaction is committed, never otherwise.

        It is called from the writer's thread and must be short; to reach an event loop it uses call_soon_threadsafe.
        What it raises is logged and changes nothing. A process that dies just after the commit never calls it, so
        it may only be a hint to look sooner.
        """
        self._on_commit.append(callback)

    def flush(self) -> None:
        """Write what was added to the session; done by itself when the job ends."""
        if self._session is not None:
            self._session.flush()

    def take_callbacks(self) -> list[Callable[[], object]]:
        """Hand over what is to be called after the commit."""
        return self._on_commit

    def close(self) -> None:
        """Let go of the session; the transaction is the database's to end."""
        if self._session is not None:
            self._session.close()


def _as_asked(statement: Any, found: Sequence[Row[*tuple[Any, ...]]]) -> list[Any]:
    """What the select asked for: values, rows of a table, or tuples of both.

    A session would find out of each row what has changed since, to write it back. Nobody assigns to a row here, and
    that costs more than the reading (decisions 26).
    """
    asked = [each["expr"] for each in statement.column_descriptions]
    if isinstance(statement, SelectOfScalar):
        return [_one(asked[0], iter(values)) for values in found]
    if not found or not any(map(_is_row, asked)):
        return list(found)
    if len(found[0]) != sum(len(_columns_of(each)) if _is_row(each) else 1 for each in asked):
        raise TypeError("a column asked for before its own row is not read twice: ask for the row first")
    return [tuple(_one(each, values) for each in asked) for values in map(iter, found)]


def _one(asked: Any, values: Iterator[Any]) -> Any:
    """The next value, or as many as the row has that was asked for."""
    if not _is_row(asked):
        return next(values)
    row = asked.__new__(asked)
    row.__dict__.update(zip(_columns_of(asked), values, strict=False))
    return row


def _is_row(asked: Any) -> TypeGuard[type[SQLModel]]:
    return isinstance(asked, type)


@cache
def _columns_of(row: type[SQLModel]) -> tuple[str, ...]:
    return tuple(sqlalchemy.inspect(row).columns.keys())


@cache
def _update_at(row: type[SQLModel], key: tuple[str, ...], names: tuple[str, ...]) -> sqlalchemy.Update:
    table = _table_of(row)
    conditions = (table.c[name] == sqlalchemy.bindparam(f"{_KEY}{name}", type_=table.c[name].type) for name in key)
    return sqlalchemy.update(table).where(*conditions).values({name: sqlalchemy.bindparam(name) for name in names})


@cache
def _table_of(row: type[SQLModel]) -> Table:
    return cast("Table", sqlalchemy.inspect(row).local_table)
