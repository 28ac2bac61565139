"""Column types: what was written comes back exactly, on both databases; what cannot is refused."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Engine, MetaData, Table, func, select
from sqlalchemy.exc import StatementError
from sqlmodel import Field, SQLModel

from assessment.points import ExtraPlaces
from storage.columns import WHOLE_NUMBER, DecimalText, EnumText, JsonText, Moment, PointsType
from storage.database import make_engine, parse_url

FEW = settings(max_examples=60, deadline=None)


class Colour(StrEnum):
    RED = "红"
    GREEN = "绿"


METADATA = MetaData()
THINGS = Table(
    "thing",
    METADATA,
    Column("whole", WHOLE_NUMBER),
    Column("points", PointsType),
    Column("figure", DecimalText),
    Column("moment", Moment),
    Column("content", JsonText),
    Column("colour", EnumText(Colour)),
)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('columns') / 'columns.db'}"
    else:
        url = request.getfixturevalue("postgres_server").create("columns")
    engine = make_engine(parse_url(url))
    METADATA.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def connection(engine: Engine) -> Iterator[Connection]:
    """One transaction for the module; a table with the last example in it is no trouble to the next."""
    with engine.connect() as connection:
        yield connection


def stored(connection: Connection, column: str, value: Any) -> Any:
    """Write the value and read it back."""
    with connection.begin_nested() as savepoint:
        connection.execute(THINGS.insert(), {column: value})
        back = connection.execute(select(THINGS.c[column])).scalar_one()
        savepoint.rollback()
    return back


points = st.decimals(min_value=-(10**12), max_value=10**12, places=4)
figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
moments = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@FEW
@given(points)
@example(Decimal("0.1"))
@example(Decimal("-0.0001"))
@example(Decimal("1E+3"))
def test_points_come_back_exactly(connection: Connection, value: Decimal) -> None:
    assert stored(connection, "points", value) == value


@FEW
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=5))
@example(Decimal("0.00001"))
@example(Decimal("1.00000000000000000000000000000001"))
def test_points_with_a_fifth_place_are_refused(connection: Connection, value: Decimal) -> None:
    if value == value.quantize(Decimal("0.0001")):
        assert stored(connection, "points", value) == value
    else:
        with pytest.raises((ExtraPlaces, StatementError)):
            stored(connection, "points", value)


@pytest.mark.parametrize("column", ["points", "figure"])
@pytest.mark.parametrize("value", [0.5, 1.0, math.nan, "1.5", True, Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_exact_number_is_refused(connection: Connection, column: str, value: object) -> None:
    with pytest.raises((TypeError, ValueError, StatementError)):
        stored(connection, column, value)


def test_the_sum_of_points_is_exact_points(connection: Connection) -> None:
    with connection.begin_nested() as savepoint:
        for _ in range(10):
            connection.execute(THINGS.insert(), {"points": Decimal("0.1")})
        total = connection.execute(select(func.sum(THINGS.c.points))).scalar_one()
        none = connection.execute(select(func.coalesce(func.sum(THINGS.c.points), 0)).where(THINGS.c.points > 1))
        savepoint.rollback()

        assert total == Decimal(1)
        assert none.scalar_one() == 0


@FEW
@given(figures)
@example(Decimal("123456789012.123457"))
@example(Decimal("3.50"))
def test_figures_come_back_with_their_places(connection: Connection, value: Decimal) -> None:
    back = stored(connection, "figure", value)

    assert back == value
    assert f"{back:f}" == f"{value:f}"


@FEW
@given(moments)
@example(datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
def test_moments_come_back_aware_in_utc_and_never_later(connection: Connection, value: datetime) -> None:
    back = stored(connection, "moment", value)

    assert back.tzinfo is UTC
    assert timedelta(0) <= value - back < timedelta(milliseconds=1)


def test_moments_are_compared_as_moments(connection: Connection) -> None:
    noon = datetime(2026, 8, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    with connection.begin_nested() as savepoint:
        connection.execute(THINGS.insert(), {"moment": noon})
        found = connection.execute(
            select(func.count()).where(THINGS.c.moment <= datetime(2026, 8, 1, 4, tzinfo=UTC))
        ).scalar_one()
        savepoint.rollback()

    assert found == 1


def test_a_moment_without_a_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        stored(connection, "moment", datetime(2026, 8, 1, 12))  # noqa: DTZ001 - that is the point


@FEW
@given(json_values)
@example({"单位": "甲", "b": [1, {"a": None}]})
@example("half a pair: \ud800, nothing: \x00")
def test_json_comes_back_as_it_was(connection: Connection, value: object) -> None:
    assert stored(connection, "content", value) == value


def test_json_is_kept_readable_and_in_one_order() -> None:
    write = JsonText().process_bind_param

    assert write({"b": 1, "a": "工作"}, None) == write({"a": "工作", "b": 1}, None) == '{"a":"工作","b":1}'  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [{1: "a"}, [{"a": {2: "b"}}], Decimal(1), math.nan, datetime(2026, 8, 1, tzinfo=UTC)])
def test_what_json_would_change_is_refused(connection: Connection, value: object) -> None:
    with pytest.raises((TypeError, ValueError, StatementError)):
        stored(connection, "content", value)


def test_an_enum_is_kept_as_its_value_and_comes_back_as_a_member(connection: Connection) -> None:
    assert stored(connection, "colour", Colour.GREEN) is Colour.GREEN
    assert EnumText(Colour).process_bind_param(Colour.RED, connection.dialect) == "红"


def test_a_value_that_is_no_member_is_refused(connection: Connection) -> None:
    with pytest.raises((ValueError, StatementError)):
        stored(connection, "colour", "蓝")


@pytest.mark.parametrize("column", ["whole", "points", "figure", "moment", "content", "colour"])
def test_nothing_stays_nothing(connection: Connection, column: str) -> None:
    assert stored(connection, column, None) is None


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63)])
def test_whole_numbers_have_64_bits(connection: Connection, value: int) -> None:
    assert stored(connection, "whole", value) == value


def test_a_plain_int_of_a_row_has_64_bits() -> None:
    class Plain(SQLModel, table=True):
        __tablename__ = "plain_for_test"

        id: int = Field(primary_key=True)
        parent: int | None = None

    try:
        table = SQLModel.metadata.tables["plain_for_test"]

        assert [column.type for column in table.columns] == [WHOLE_NUMBER, WHOLE_NUMBER]
        assert table.primary_key.name == "pk_plain_for_test"
    finally:
        SQLModel.metadata.remove(SQLModel.metadata.tables["plain_for_test"])
