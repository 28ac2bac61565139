"""The small values that a rulebook is written in: points, times of day, and parameters still to be set."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from assessment.points import ExtraPlaces, to_scaled

T = TypeVar("T")


class Part(BaseModel):
    """Base of every piece of a rulebook: frozen, and no key that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def number_written(part: Part) -> int:
    """How many fields of `part` are written; for parts of which exactly one form may be."""
    return sum(value is not None for _, value in part)


def _exact_points(value: Decimal) -> Decimal:
    try:
        to_scaled(value)
    except ExtraPlaces as error:
        raise ValueError("分值最多四位小数") from error
    return value


Points = Annotated[Decimal, AfterValidator(_exact_points)]

_HOUR_AND_MINUTE = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_YEAR_MONTH_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _hour_and_minute(raw: object) -> object:
    # A bare number would be read as seconds since midnight: 9 as nine seconds past.
    if isinstance(raw, str) and re.fullmatch(_HOUR_AND_MINUTE, raw) is None:
        raise ValueError("时刻须写作“时:分”，如“09:00”")
    return raw


def _year_month_day(raw: object) -> object:
    # A bare number would be read as seconds since 1970: 20100905 as a day of that August.
    if isinstance(raw, str) and re.fullmatch(_YEAR_MONTH_DAY, raw) is None:
        raise ValueError("日期须写作年-月-日，如 2010-09-05")
    return raw


TimeOfDay = Annotated[
    time,
    BeforeValidator(_hour_and_minute),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_HOUR_AND_MINUTE}$"}),
]
Day = Annotated[date, BeforeValidator(_year_month_day)]
Yes = Annotated[Literal[True], BeforeValidator(lambda raw: True if raw == "true" else raw)]


_PARAMETER_KEYS = frozenset({"值", "代入", "value", "stand_in"})


class Parameter(Part, Generic[T]):
    """A value that the office may still have to set: `null`, the value, or `{值: …, 代入: 理由}`."""

    value: T | None = Field(None, alias="值", description="考核办所定的值；null 为未设定")
    stand_in: str | None = Field(None, alias="代入", description="代入值的理由；有此项时，据此得出的结果都标◇")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Let an editor accept all three ways of writing it."""
        reference = handler(core)
        schema = handler.resolve_ref_schema(reference)
        written_out = dict(schema)
        schema.clear()
        schema["anyOf"] = [*written_out["properties"]["值"]["anyOf"], written_out]
        return reference

    @model_validator(mode="before")
    @classmethod
    def _plain_value(cls, raw: object) -> object:
        if isinstance(raw, Parameter):
            return raw
        if raw is None:
            return {}
        written_out = isinstance(raw, Mapping) and (not raw or not _PARAMETER_KEYS.isdisjoint(raw))
        return raw if written_out else {"值": raw}

    @model_validator(mode="after")
    def _stand_in_complete(self) -> "Parameter[T]":
        if self.stand_in is not None and (self.value is None or not self.stand_in.strip()):
            raise ValueError("“代入”须同时写明“值”和代入的理由")
        return self

    @property
    def is_set(self) -> bool:
        """Whether anything may be computed from it."""
        return self.value is not None

    @property
    def mark(self) -> str:
        """◇ behind a value that is a stand-in."""
        return "◇" if self.stand_in else ""
