"""Any value of a rulebook in words, so that nothing that a file says is left out."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from assessment.parameter import Parameter, Part
from bot.cards.figures import number
from bot.cards.phrases import wide

UNSET = "未设定"

T = TypeVar("T")


def identity(key: str) -> str:
    """What an author calls it, behind its name and out of a reader's way: （编号 gdp）."""
    return f"（编号 {key}）"


def spoken(value: object) -> str:
    """The value as it is read: numbers exact, yes and no, lists with 、, and what a part holds by its keys."""
    match value:
        case None:
            return "无"
        case Parameter():
            return parameter(value)
        case bool():
            return "是" if value else "否"
        case Decimal():
            return number(value)
        case StrEnum():
            return value.value
        case str():
            return wide(value)
        case time():
            return f"{value:%H:%M}"
        case date():
            return f"{value:%Y年%-m月%-d日}"
        case Part():
            return "，".join(rest(value, ()))
        case Mapping():
            return "、".join(f"{spoken(key)} {spoken(item)}" for key, item in value.items())
        case tuple():
            return ("；" if any(isinstance(item, Part) for item in value) else "、").join(map(spoken, value))
        case _:
            return str(value)


def parameter(value: Parameter[T], unit: str = "") -> str:
    """What is set with its unit, ◇ and the reason behind a stand-in: 3分◇（代入：原文未给）, or 未设定."""
    if value.value is None:
        return UNSET
    reason = f"（代入：{value.stand_in.strip()}）" if value.stand_in else ""
    return f"{spoken(value.value)}{unit}{value.mark}{reason}"


def points(value: Decimal) -> str:
    """What a clause does, exact: 加0.5分, 扣2分, 不加不扣."""
    if value == 0:
        return "不加不扣"
    return f"{'扣' if value < 0 else '加'}{number(abs(value))}分"


def between(lowest: Decimal, highest: Decimal) -> str:
    """What a clause does within a range: 加0.5至1分, 扣1至2分, −1至2分."""
    if lowest >= 0:
        return f"加{number(lowest)}至{number(highest)}分"
    if highest <= 0:
        return f"扣{number(abs(highest))}至{number(abs(lowest))}分"
    return f"{number(lowest)}至{number(highest)}分"


def rest(part: Part, told: Collection[str]) -> Iterator[str]:
    """键：值 for whatever the file says of the part beyond the fields already `told`, in the file's own keys.

    A field that is new to the schema is shown here before anybody has found words for it.
    """
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if name not in told and name in part.model_fields_set and value is not None:
            yield f"{field.alias or name}：{spoken(value)}"
