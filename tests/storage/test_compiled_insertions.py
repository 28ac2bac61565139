"""Rows are written by statements made once: what stands in the table is what Core would have put there."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import BigInteger, MetaData
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from storage.columns import DecimalText, EnumText, JsonText, Moment, PointsType
from storage.database import Database
from storage.unit_of_work import UnitOfWork


class OwnRows(SQLModel, registry=registry(metadata=MetaData())):
    """Rows of this file only; the house's metadata does not know them."""


class Colour(StrEnum):
    RED = "红"
    GREEN = "绿"


class Sample(OwnRows, table=True):
    """A column of every type that the house has, with and without a default."""

    __tablename__ = "sample"

    id: int = Field(primary_key=True, sa_type=BigInteger)
    key: str = Field(unique=True)
    day: date
    points: Decimal = Field(sa_type=PointsType)
    figure: Decimal | None = Field(default=None, sa_type=DecimalText)
    moment: datetime = Field(sa_type=Moment)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText)
    colour: Colour = Field(default=Colour.RED, sa_type=EnumText(Colour))
    flag: bool = False
    note: str = "—"
    count: int = 1
    later: datetime | None = Field(default=None, sa_type=Moment)


NEEDED = {
    "key": "甲",
    "day": date(2010, 8, 5),
    "points": Decimal("-0.25"),
    "moment": datetime(2010, 8, 5, 9, 0, 0, 123_000, tzinfo=UTC),
}
EVERYTHING = NEEDED | {
    "figure": Decimal("1.20"),
    "content": {"名": ["甲", 1, None]},
    "colour": Colour.GREEN,
    "flag": True,
    "note": "% 100 %s :name '",
    "count": 7,
    "later": datetime(2011, 1, 1, tzinfo=UTC),
}


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.write_now(lambda uow: OwnRows.metadata.create_all(uow.connection))
    return empty_database


def stored(database: Database) -> list[tuple[Any, ...]]:
    """The rows as the driver sees them, without their ids."""
    rows = database.read_now(lambda uow: uow.connection.exec_driver_sql("SELECT * FROM sample ORDER BY id").fetchall())
    return [tuple(row)[1:] for row in rows]


@pytest.mark.parametrize("values", [NEEDED, EVERYTHING], ids=["defaults", "everything"])
@pytest.mark.parametrize("how", [UnitOfWork.insert, UnitOfWork.insert_if_new], ids=lambda how: how.__name__)
def test_a_row_is_what_core_would_have_written(database: Database, values: dict[str, Any], how: Any) -> None:
    """Every type, every default, whatever the text holds."""

    def job(uow: UnitOfWork) -> None:
        uow.connection.execute(sqlalchemy.insert(Sample), {"id": 1, **values})
        how(uow, Sample, id=2, **(values | {"key": "乙"}))

    database.write_now(job)
    plain, ours = stored(database)

    assert ours == ("乙", *plain[1:])


def test_a_default_that_is_made_is_made_anew(database: Database) -> None:
    """And the order in which the columns are named is of no matter."""
    database.write_now(lambda uow: uow.insert(Sample, id=1, **NEEDED))
    database.write_now(lambda uow: uow.insert(Sample, **(NEEDED | {"key": "乙"}), id=2))

    first, second = stored(database)
    assert second == ("乙", *first[1:])


def test_a_taken_key_is_told_and_not_written(database: Database) -> None:
    """By one of the unique keys, not only by the first."""
    told = database.write_now(
        lambda uow: [
            uow.insert_if_new(Sample, id=1, **NEEDED),
            uow.insert_if_new(Sample, id=2, **NEEDED),
            uow.insert_if_new(Sample, id=1, **(NEEDED | {"key": "乙"})),
        ]
    )

    assert told == [True, False, False]
    assert len(stored(database)) == 1


def test_what_the_table_forbids_is_an_integrity_error(database: Database) -> None:
    """As from Core, so that callers need to know of one error only."""
    database.write_now(lambda uow: uow.insert(Sample, id=1, **NEEDED))
    with pytest.raises(IntegrityError):
        database.write_now(lambda uow: uow.insert(Sample, id=2, **NEEDED))
    with pytest.raises(IntegrityError):
        database.write_now(lambda uow: uow.insert_if_new(Sample, id=3, **(NEEDED | {"key": "乙", "day": None})))


def test_a_column_that_is_none_is_refused(database: Database) -> None:
    """A slip of the pen is no row with something missing."""
    with pytest.raises(KeyError, match="colour_of_hair"):
        database.write_now(lambda uow: uow.insert(Sample, id=1, colour_of_hair="红", **NEEDED))
