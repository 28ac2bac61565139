"""YAML text -> Rulebook, or everything that is wrong with it, each with line, column and remedy."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from assessment.fault import Broken, Fault, Path
from assessment.open_parameters import StandIn, Unset, stand_ins, unset_parameters
from assessment.rulebook import Rulebook
from assessment.rulebook_checks import Finding, find_faults, find_warnings
from assessment.rulebook_errors import every_key, translate
from assessment.yaml_text import Document, read

__all__ = ["Broken", "Fault", "Loaded", "StandIn", "Unset", "judged", "load", "schema", "schema_text"]

_FILLERS = {"编号": "-", "办法": "-", "版本": "-", "年度": "2000", "主管": "-", "出处": "-"}
"""For required entries that are faulty, so that the others can be checked all the same."""


@dataclass(frozen=True)
class Loaded:
    """A rulebook that can be used, and what the office should know of it."""

    rulebook: Rulebook
    warnings: tuple[Fault, ...]
    unset: tuple[Unset, ...]
    stand_ins: tuple[StandIn, ...]
    """While there is one, no live year can be opened (decisions 4)."""
    digest: str
    """SHA-256 of the text in UTF-8, in hex."""


def load(text: str, name: str) -> Loaded:
    """Read a rulebook; raise Broken with all its faults at once. `name` is what the faults call the file."""
    return judged(read(text, name, every_key(schema())), name, sha256(text.encode()).hexdigest())


def judged(document: Document, name: str, digest: str = "") -> Loaded:
    """The same for what was read already, from a file of whatever kind that can say the place of each node."""
    try:
        rulebook = Rulebook.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise Broken(_all_faults(document, name, error.errors(include_url=False))) from None
    faults = (*document.faults, *_placed(find_faults(rulebook), document, name))
    if faults:
        raise Broken(tuple(sorted(faults)))
    return Loaded(
        rulebook=rulebook,
        warnings=tuple(sorted(_placed(find_warnings(rulebook), document, name))),
        unset=unset_parameters(rulebook),
        stand_ins=stand_ins(rulebook),
        digest=digest,
    )


@cache
def schema() -> Mapping[str, object]:
    """The JSON Schema of rulebook files, with their Chinese keys, for editors."""
    found = Rulebook.model_json_schema(by_alias=True)
    for part in [found, *found["$defs"].values()]:
        _leave_out_english(part)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "考核办法", **found}


def schema_text() -> str:
    """The content of `assessment/rulebooks/rulebook.schema.json`."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _leave_out_english(part: dict[str, Any]) -> None:
    """Our names and docstrings are of no use to whoever writes a rulebook."""
    part.pop("description", None)
    part.pop("title", None)
    for entry in part.get("properties", {}).values():
        entry.pop("title", None)
    for form in part.get("anyOf", ()):
        _leave_out_english(form)


def _placed(findings: Iterable[Finding], document: Document, name: str) -> list[Fault]:
    return [document.fault(name, found.path, found.what, found.remedy) for found in findings]


def _all_faults(document: Document, name: str, errors: list[ErrorDetails]) -> tuple[Fault, ...]:
    faults = {*document.faults, *translate(errors, document, name, schema())}
    if isinstance(document.data, dict):
        faults.update(_placed(_findings_in_the_rest(document.data, errors), document, name))
    return tuple(sorted(faults))


def _findings_in_the_rest(data: Mapping[str, object], errors: list[ErrorDetails]) -> list[Finding]:
    """Check what is left without the faulty entries; whatever is named in those counts as known."""
    bad_keys, bad_items = _faulty(data, errors)
    rest: dict[str, object] = {**_FILLERS, **{key: value for key, value in data.items() if key not in bad_keys}}
    kept: dict[str, list[int]] = {}
    dropped: list[object] = [data[key] for key in bad_keys if key in data]
    for key, places in bad_items.items():
        items = data[key]
        if key in rest and isinstance(items, list):
            kept[key] = [at for at in range(len(items)) if at not in places]
            rest[key] = [items[at] for at in kept[key]]
            dropped += [items[at] for at in places]
    rulebook = Rulebook.model_validate(rest, by_alias=True, by_name=False)
    findings = find_faults(rulebook, frozenset(_words(dropped)))
    return [Finding(_original(found.path, kept), found.what, found.remedy) for found in findings]


def _faulty(data: Mapping[str, object], errors: list[ErrorDetails]) -> tuple[set[str], dict[str, set[int]]]:
    """The top entries, and the items of top lists, that have an error."""
    keys: set[str] = set()
    items: dict[str, set[int]] = {}
    for error in errors:
        key, place = (*error["loc"], None)[:2]
        if isinstance(place, int) and isinstance(data.get(str(key)), list):
            items.setdefault(str(key), set()).add(place)
        else:
            keys.add(str(key))
    return keys, items


def _original(path: Path, kept: Mapping[str, list[int]]) -> Path:
    """The path in the whole file of a path in the rest."""
    if len(path) > 1 and path[0] in kept and isinstance(path[1], int):
        return (path[0], kept[str(path[0])][path[1]], *path[2:])
    return path


def _words(data: object) -> set[str]:
    if isinstance(data, dict):
        return {word for value in data.values() for word in _words(value)}
    if isinstance(data, list):
        return {word for value in data for word in _words(value)}
    return {data} if isinstance(data, str) else set()
