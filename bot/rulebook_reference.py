"""The reference of rulebook files: `python -m bot.rulebook_reference` writes docs/rulebook-reference.md.

What a key means is its description in the models of assessment/, which an editor shows as well; examples are lines of
the rulebooks that come with Duban.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from inspect import getdoc
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from assessment.parameter import Parameter, Part
from assessment.rulebook import Rulebook
from assessment.rulebook_file import schema
from bot.explained.words import meaning
from bot.rulebook_samples import Sample, choices_in, held_in, is_union, parts_in, samples, shortened

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "rulebook-reference.md"
SHIPPED = sorted((ROOT / "assessment" / "rulebooks").glob("*.yaml"))
SAMPLED = [*SHIPPED, ROOT / "docs" / "rulebook-examples.yaml"]
"""Where examples come from: what no shipped rulebook needs is shown in the last one."""

_NOT_USED = "no shipped rulebook uses it"
_HEAD = """\
# Rulebook reference

Made by `python -m bot.rulebook_reference` from the models in `assessment/` (`rulebook.py` and what it imports); a test
compares the two. Examples are lines of the files in [assessment/rulebooks](../assessment/rulebooks), word for word,
long ones cut at `…`; for what none of these needs, of [rulebook-examples.yaml](rulebook-examples.yaml), which is no
measure: each entry shows a sentence of the texts.

A rulebook 考核办法 is one YAML file with Chinese keys. Begin it with

```yaml
# yaml-language-server: $schema=rulebook.schema.json
```

and an editor completes and checks it. `duban check` says what is wrong in it, with line and remedy;
`duban explain FILE` prints it back as a measure is read.

**Parameters.** A value of which the table says *may be open* is written in one of three ways: `null` while the office
has not set it, and then nothing is scored by it; the value; or a stand-in `{值: …, 代入: 理由}`, whose results are all
marked ◇ and with which no live year can be opened.
"""


def reference(found: Sequence[Sample]) -> str:
    """The whole page as Markdown; `found` are the samples to choose examples from."""
    models = list(_models())
    blocks = [_HEAD, "## Sections\n", *(f"- {_link(model)}: {_purpose(model)}" for model in models), ""]
    for model in models:
        blocks += _section(model, [sample for sample in found if sample.model is model])
    blocks += _words(models, found)
    return "\n".join(blocks).rstrip() + "\n"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(reference(list(samples(SAMPLED))), "utf-8")


def _models() -> Iterator[type[Part]]:
    """The rulebook and every part of it, each before what it is made of; parameters are explained at the head."""
    todo: list[type[Part]] = [Rulebook]
    seen: set[type[Part]] = set()
    while todo:
        model = todo.pop(0)
        if model not in seen:
            seen.add(model)
            yield model
            todo += [part for field in model.model_fields.values() for part in _held(field.annotation)]


def _keys_of(model: type[Part]) -> list[str]:
    """The keys under which such a part is written."""
    if model is Rulebook:
        return ["考核办法"]
    fields = [field for owner in _models() for field in owner.model_fields.values()]
    found = [field.alias or "" for field in fields if model in _held(field.annotation)]
    return list(dict.fromkeys(found))


def _held(annotation: object) -> list[type[Part]]:
    return [held for part in parts_in(annotation) for held in held_in(part)]


def _title(model: type[Part]) -> str:
    return f"{'、'.join(_keys_of(model))} {model.__name__}"


def _link(model: type[Part]) -> str:
    return f"[{'、'.join(_keys_of(model))}](#{_title(model).lower().replace(' ', '-').replace('、', '')})"


def _purpose(model: type[Part]) -> str:
    """The first sentence of what the model says of itself, by the keys of the file."""
    sentence = (getdoc(model) or "").partition(". ")[0].splitlines()[0].rstrip(".")
    for name, field in model.model_fields.items():
        sentence = sentence.replace(f"`{name}`", f"`{field.alias}`")
    return f"{sentence}."


def _section(model: type[Part], own: Sequence[Sample]) -> Iterator[str]:
    yield f"## {_title(model)}\n"
    yield f"{_purpose(model)}\n"
    yield "| key | meaning | what to write | default | example |"
    yield "| --- | --- | --- | --- | --- |"
    for field in model.model_fields.values():
        key = field.alias or ""
        example = _example([sample for sample in own if sample.key == key], field)
        yield f"| `{key}` | {_cell(field.description or '')} | {_type(field)} | {_default(model, field)} | {example} |"
    yield ""
    if own and model is not Rulebook:
        fullest = max(own, key=lambda sample: sample.fellows)
        yield f"An entry of `{fullest.file}`:\n"
        yield f"```yaml\n{fullest.entry}\n```\n"


def _example(found: Sequence[Sample], field: FieldInfo) -> str:
    short = min((sample for sample in found if "\n" not in sample.written), key=_is_open, default=None)
    if short is not None:
        return f"`{_cell(shortened(short.written))}` ({short.file})"
    if found:
        return f"see {'、'.join(map(_link, _held(field.annotation)))}" if _held(field.annotation) else "see below"
    return _NOT_USED


def _is_open(sample: Sample) -> bool:
    return sample.value == "null"


def _type(field: FieldInfo) -> str:
    written = _written(field.annotation)
    bounds = [f"at least {bound.ge}" for bound in field.metadata if isinstance(bound, Ge)]
    bounds += [f"at most {bound.le}" for bound in field.metadata if isinstance(bound, Le)]
    return ", ".join([written, *bounds])


def _written(annotation: Any) -> str:
    if is_union(annotation):
        return " or ".join(_written(inner) for inner in get_args(annotation) if inner is not type(None))
    origin = get_origin(annotation)
    if origin is tuple:
        return f"list of {_written(get_args(annotation)[0])}"
    if origin is Literal:
        return " / ".join(f"`{'true' if word is True else word}`" for word in get_args(annotation))
    if origin is not None and hasattr(annotation, "__metadata__"):
        return _written(annotation.__origin__)
    if origin is not None:
        return "names, each with a number"
    return _plain_type(annotation)


def _plain_type(kind: type) -> str:
    if issubclass(kind, Parameter):
        return f"{_written(kind.model_fields['value'].annotation)}; may be open"
    if issubclass(kind, Part):
        return _link(kind)
    if issubclass(kind, StrEnum):
        return " / ".join(f"`{word}`" for word in kind)
    names = {
        bool: "`true` or `false`",
        int: "whole number",
        Decimal: "number",
        time: 'time, as `"09:00"`',
        date: "day, as `2010-09-05`",
    }
    return names.get(kind, "text")


def _default(model: type[Part], field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Parameter):
        return "`null`" if value.value is None else f"`{value.value}`"
    if value is None or value in ((), "", {}):
        return "none"
    properties: Any = schema() if model is Rulebook else schema()["$defs"][model.__name__]  # type: ignore[index]
    default = properties["properties"][field.alias].get("default")
    if default is None:
        return "as there"
    if isinstance(default, str):
        return f"`{default}`"
    written = yaml.safe_dump(default, default_flow_style=True, allow_unicode=True, width=1000, sort_keys=False)
    return f"`{written.removesuffix('...' + chr(10)).strip()}`"


def _words(models: Sequence[type[Part]], found: Sequence[Sample]) -> Iterator[str]:
    """Every word of choice, with what it does and an entry that uses it."""
    yield "## Words of choice\n"
    yield "What each word does, and an entry that uses it with its source text.\n"
    for model in models:
        for field in model.model_fields.values():
            for kind in choices_in(field.annotation):
                yield f"### {field.alias} in {_link(model)}\n"
                yield "| word | what it does | example |"
                yield "| --- | --- | --- |"
                own = [sample for sample in found if sample.model is model and sample.key == field.alias]
                for word in kind:
                    use = _use(word, own) or ("the default" if word == field.default else _NOT_USED)
                    yield f"| `{word}` | {meaning(word)} | {use} |"
                yield ""


def _use(word: StrEnum, own: Sequence[Sample]) -> str:
    for sample in own:
        if word in _words_in(sample):
            return f"{_cell(sample.label or f'`{shortened(sample.written)}`')} ({sample.file})"
    return ""


def _words_in(sample: Sample) -> Sequence[str]:
    loaded = yaml.load(sample.written, yaml.BaseLoader)[sample.key]  # noqa: S506 - texts only
    if isinstance(loaded, dict):
        loaded = loaded.get("值")
    return loaded if isinstance(loaded, list) else [loaded]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    main()
