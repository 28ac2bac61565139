"""What the shipped rulebooks write under each key, as it stands in their files, for the reference."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from textwrap import dedent
from types import UnionType
from typing import Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel

from assessment.parameter import Parameter, Part
from assessment.rulebook import Rulebook

_LONGEST = 60
"""Signs of an example; the rest of a long text is left out."""


@dataclass(frozen=True)
class Sample:
    """One key as a file writes it, and the entry that it belongs to."""

    file: str
    model: type[Part]
    key: str
    written: str
    """The key and its value, word for word."""
    value: str | None
    """The value where it is one word or text."""
    entry: str
    """The whole entry around it, its margin taken off."""
    label: str
    """The entry by number and name, with its source text where it has one."""
    fellows: int
    """How many keys the entry has."""


def samples(files: Iterable[Path]) -> Iterator[Sample]:
    """Every key of every entry of the files, in their order. The files must be rulebooks without a fault."""
    for path in files:
        text = path.read_text("utf-8")
        root = yaml.compose(text, yaml.SafeLoader)
        if root is not None:
            yield from _of_node(_File(path.name, text), root, Rulebook)


def parts_in(annotation: object) -> list[type[Part]]:
    """The models that a value of that type may be written as, a parameter by what it holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation] if issubclass(annotation, Part) else []
    return [part for inner in get_args(annotation) for part in parts_in(inner)]


def held_in(model: type[Part]) -> list[type[Part]]:
    """What a parameter holds where that is a part itself; the model where it is no parameter."""
    return parts_in(model.model_fields["value"].annotation) if issubclass(model, Parameter) else [model]


def choices_in(annotation: object) -> list[type[StrEnum]]:
    """The kinds of words that a value of that type is chosen from."""
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [annotation]
    if isinstance(annotation, type) and issubclass(annotation, Parameter):
        return choices_in(annotation.model_fields["value"].annotation)
    return [choice for inner in get_args(annotation) for choice in choices_in(inner)]


def is_union(annotation: object) -> bool:
    """Whether it is written A | B."""
    return get_origin(annotation) in (Union, UnionType)


@dataclass(frozen=True)
class _File:
    name: str
    text: str

    def written(self, first: yaml.Node, last: yaml.Node) -> str:
        """What stands between the beginning of one node and the end of another."""
        return self.text[first.start_mark.index : last.end_mark.index].rstrip()


def _of_node(file: _File, node: yaml.Node, model: type[Part]) -> Iterator[Sample]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _of_node(file, item, model)
    elif isinstance(node, yaml.MappingNode):
        fields = {field.alias: field for field in model.model_fields.values()}
        written = {key.value: value for key, value in node.value}
        if not written.keys() <= fields.keys():
            for part in held_in(model):
                yield from _of_node(file, node, part)
            return
        entry, label = _entry(file, node), _label(written)
        for key, value in node.value:
            scalar = value.value if isinstance(value, yaml.ScalarNode) else None
            if not issubclass(model, Parameter):
                yield Sample(file.name, model, key.value, file.written(key, value), scalar, entry, label, len(written))
            for part in _meant(parts_in(fields[key.value].annotation), value):
                yield from _of_node(file, value, part)


def _meant(parts: list[type[Part]], node: yaml.Node) -> list[type[Part]]:
    """Of several ways in which a part may be written, the one that the entry names."""
    if len(parts) < 2 or not isinstance(node, yaml.MappingNode):
        return parts
    written = {(key.value, value.value) for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    return [part for part in parts if not _names_of(part).isdisjoint(written)]


def _names_of(model: type[Part]) -> set[tuple[str, str]]:
    """The key and word by which the model is told from its fellows."""
    fields = [(field.alias or "", field.annotation) for field in model.model_fields.values()]
    return {(key, word) for key, kind in fields if get_origin(kind) is Literal for word in get_args(kind)}


def _entry(file: _File, node: yaml.Node) -> str:
    return dedent(" " * node.start_mark.column + file.written(node, node))


def _label(written: dict[str, yaml.Node]) -> str:
    """A1 表彰：表彰的加2分."""
    named = [node.value for key in ("编号", "名称") if isinstance(node := written.get(key), yaml.ScalarNode)]
    text = written.get("原文")
    quoted = f"：{shortened(text.value)}" if isinstance(text, yaml.ScalarNode) else ""
    return f"{' '.join(named)}{quoted}"


def shortened(text: str) -> str:
    """The text, its end left out where it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
