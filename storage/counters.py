"""Short numbers for people: one counter per month for the whole deployment, without gaps."""

from datetime import date

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, select

from storage.unit_of_work import UnitOfWork


class CounterRow(SQLModel, table=True):
    """The last number given out in one month."""

    __tablename__ = "counter"

    month: str = Field(primary_key=True)
    last: int = 0


_OF_MONTH = select(CounterRow).where(col(CounterRow.month) == bindparam("month"))


def number(uow: UnitOfWork, letter: str, day: date) -> str:
    """The next short number, e.g. R-2608-17 for a report taken in August 2026."""
    month = f"{day:%y%m}"
    if uow.insert_if_new(CounterRow, month=month, last=1):
        return f"{letter}-{month}-1"
    row = uow.row(uow.for_update(_OF_MONTH), month=month)
    assert row is not None, "the row was there a moment ago and counters are never deleted"
    uow.update_at(CounterRow, {"month": month}, last=row.last + 1)
    return f"{letter}-{month}-{row.last + 1}"
