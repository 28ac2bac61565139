"""What the fields of a rulebook are, as far as a sheet has to know: read off the schema, so that a new one needs
nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from assessment.parameter import Parameter, Part
from assessment.rulebook_errors import OWN_WORDS


class Form(Enum):
    """How a field stands in a sheet."""

    TEXT = "one word, number or sentence"
    YES_NO = "是 or 否"
    WORDS = "甲、乙"
    SHARES = "甲：3、乙：2"
    PAIRS = "parts of a name and one value: 甲：3（代入：理由）"
    SPAN = "a part of two bounds: 0.5至1"
    KEYED = "a small part: 次月：5"
    ITEMS = "a part, its entries one below the other"
    ROWS = "a list of parts, each a row of a sheet"


CELLS = frozenset(Form) - {Form.ITEMS, Form.ROWS}
"""What one cell holds."""


@dataclass(frozen=True)
class Field:
    """One field of a part of the rulebook."""

    key: str
    note: str
    form: Form
    required: bool = False
    parameter: bool = False
    """Whether it may be 未定 or a stand-in, whose reason stands beside it."""
    choices: tuple[str, ...] = ()
    parts: tuple[type[Part], ...] = ()
    """What it is made of; several where a part may be written in several ways."""

    @property
    def in_a_cell(self) -> bool:
        """Whether one cell holds it."""
        return self.form in CELLS

    @property
    def listed(self) -> bool:
        """Whether its choices can be offered as a list to choose one from."""
        return bool(self.choices) and self.form in (Form.TEXT, Form.YES_NO)


GUIDE = "填表说明"
"""The sheet that explains the others; nothing is read from it."""


@cache
def fields_of(*parts: type[Part]) -> tuple[Field, ...]:
    """The fields of a part in the schema's order; of several ways of writing one, each key once."""
    found: dict[str, Field] = {}
    for part in parts:
        for name, info in part.model_fields.items():
            key = info.alias or name
            field = _field(key, info.description or "", info.annotation, required=info.is_required())
            known = found.setdefault(key, field)
            if known.choices != field.choices:
                note = f"各种写法须写的项见“{GUIDE}”"
                found[key] = Field(key, note, known.form, choices=(*known.choices, *field.choices))
    return tuple(found.values())


def _field(key: str, note: str, annotation: Any, *, required: bool) -> Field:
    kind = _plain(annotation)
    if isinstance(kind, type) and issubclass(kind, Parameter):
        inner = _field(key, note, kind.model_fields["value"].annotation, required=required)
        return Field(key, note, inner.form, required, True, inner.choices, inner.parts)
    form, choices, parts = _form(kind)
    if form is Form.WORDS and choices:
        return Field(key, f"{note}；可写：{'、'.join(choices)}", form, required)
    return Field(key, note, form, required, False, choices, parts)


def _form(kind: Any) -> tuple[Form, tuple[str, ...], tuple[type[Part], ...]]:
    origin = get_origin(kind)
    if origin is tuple:
        return _form_of_list(_plain(get_args(kind)[0]))
    if origin is Literal and True not in get_args(kind):
        return Form.TEXT, tuple(map(str, get_args(kind))), ()
    if kind is bool or origin is Literal:
        return Form.YES_NO, ("是", "否"), ()
    if origin in (Union, UnionType):
        return Form.ITEMS, (), tuple(_plain(each) for each in get_args(kind))
    if origin is not None and issubclass(origin, Mapping):
        return Form.SHARES, (), ()
    if issubclass(kind, StrEnum):
        return Form.TEXT, tuple(choice.value for choice in kind if choice not in OWN_WORDS), ()
    if issubclass(kind, Part):
        return _form_of_part(kind), (), (kind,)
    return Form.TEXT, (), ()


def _form_of_list(item: Any) -> tuple[Form, tuple[str, ...], tuple[type[Part], ...]]:
    if not (isinstance(item, type) and issubclass(item, Part)):
        return Form.WORDS, tuple(item) if isinstance(item, type) and issubclass(item, StrEnum) else (), ()
    fields = fields_of(item)
    named_value = len(fields) == 2 and fields[1].parameter and not fields[0].parameter
    return (Form.PAIRS if named_value else Form.ROWS), (), (item,)


def _form_of_part(part: type[Part]) -> Form:
    fields = fields_of(part)
    if [field.key for field in fields] == ["自", "至"]:
        return Form.SPAN
    one_of = all(field.in_a_cell and not field.required and not field.parameter for field in fields)
    return Form.KEYED if one_of and hasattr(part, "_exactly_one") else Form.ITEMS


def _plain(annotation: Any) -> Any:
    """Without what pydantic alone needs, and without `| None`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        kinds = [each for each in get_args(annotation) if each is not NoneType]
        return _plain(kinds[0]) if len(kinds) == 1 else annotation
    return annotation
