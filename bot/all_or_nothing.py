"""One job as one transaction, or as a dry run that leaves no trace."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from storage.database import Database
from storage.unit_of_work import UnitOfWork

_T = TypeVar("_T")


class _OnlyTried(Exception):
    """Makes the database forget a dry run."""


def written(database: Database, job: Callable[[UnitOfWork], _T], *, dry_run: bool) -> _T:
    """Do the job and return what came of it; in a dry run the same, and nothing stays."""
    if not dry_run:
        return database.write_now(job)
    outcome: list[_T] = []

    def tried(uow: UnitOfWork) -> None:
        outcome.append(job(uow))
        raise _OnlyTried

    with suppress(_OnlyTried):
        database.write_now(tried)
    return outcome[-1]
