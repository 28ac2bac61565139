"""Column types: what SQLite and PostgreSQL would each keep in their own way is kept here in one exact way.

Use them in a row as `Field(sa_type=PointsType)` or `Field(sa_type=EnumText(Status))`. This module also names the
constraints of every table and gives every plain `int` 64 bits; storage.unit_of_work imports it, so that both hold
before any noun declares its rows.
"""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Column, Dialect, Integer, Table, Text, TypeDecorator, event
from sqlmodel import SQLModel

from assessment.points import from_scaled, to_scaled

# Migrations can alter only what has a name, and both databases must agree on it.
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = CONSTRAINT_NAMES

# Ids and milliseconds need 64 bits. An INTEGER of SQLite has them, and as a primary key it is the row's own number,
# which saves an index; an INTEGER of PostgreSQL has 32.
WHOLE_NUMBER = BigInteger().with_variant(Integer(), "sqlite")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_E = TypeVar("_E", bound=StrEnum)


@event.listens_for(Column, "after_parent_attach")
def _give_64_bits(column: Column[Any], table: Table) -> None:
    if type(column.type) is Integer and table.metadata is SQLModel.metadata:
        column.type = WHOLE_NUMBER


class PointsType(TypeDecorator[Decimal]):
    """Points as an integer of ten-thousandths. Sums and comparisons in SQL are exact; products are not points.

    Raises TypeError for a float and assessment.points.ExtraPlaces for a fifth decimal place.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else to_scaled(_exact(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        # PostgreSQL answers sum() of integers with a Decimal.
        return None if value is None else from_scaled(int(value))


class DecimalText(TypeDecorator[Decimal]):
    """A figure as the text of its digits, with the places it was reported with; not for comparing in SQL.

    Raises TypeError for a float and ValueError for NaN and infinities.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if not _exact(value).is_finite():
            raise ValueError(f"{value} is not a figure")
        return f"{value:f}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime]):
    """A point in time as epoch milliseconds; comes back aware, in UTC. What is finer than a millisecond is cut off.

    Raises ValueError for a datetime without a time zone.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value} has no time zone")
        return (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _EPOCH + int(value) * _MILLISECOND


class JsonText(TypeDecorator[Any]):
    """A JSON value as text, Chinese readable, keys sorted: equal values are equal text.

    Changing a value in place is not saved: assign a new one. Raises TypeError for what JSON does not know
    (Decimal, datetime, keys that are not text) and ValueError for NaN and infinities.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        _refuse_other_keys(value)
        text = _dumps(value, ensure_ascii=False)
        # Half a surrogate pair, which a platform may send, cannot be stored as a character but as its escape.
        return text if text.isascii() or _is_encodable(text) else _dumps(value, ensure_ascii=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


class EnumText(TypeDecorator[_E]):
    """A member of a StrEnum as its value; a value that is no member (any more) raises ValueError when read."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[_E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: _E | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> _E | None:  # noqa: ARG002
        return None if value is None else self.kind(value)


def _exact(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}; only Decimal is exact")


def _dumps(value: Any, *, ensure_ascii: bool) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_other_keys(value: object) -> None:
    """json.dumps would turn the key 1 into "1", and the value would come back changed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is not text")
            _refuse_other_keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_other_keys(inner)
