"""What pydantic finds in a rulebook, said in Chinese at the line where it stands."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic_core import ErrorDetails
from rapidfuzz.distance import OSA

from assessment.clause import Trigger
from assessment.fault import Fault, Path
from assessment.yaml_text import Document, colon_slip

JsonSchema = Mapping[str, object]

_QUOTED = re.compile(r"'([^']*)'")
_NUMBER = "请只写半角数字，如 2 或 -0.5"
_SAYINGS: Mapping[str, tuple[str, str]] = {
    "string_type": ("这里应是文字", "请直接写文字，不写成列表或下一级"),
    "decimal_parsing": ("“{input}”不是数", _NUMBER),
    "decimal_type": ("这里应是一个数", _NUMBER),
    "finite_number": ("“{input}”不是数", _NUMBER),
    "int_parsing": ("“{input}”不是整数", "请只写半角整数，如 5"),
    "int_type": ("这里应是一个整数", "请只写半角整数，如 5"),
    "bool_parsing": ("“{input}”看不出是或否", "请写 true 或 false"),
    "bool_type": ("这里应是 true 或 false", "请写 true 或 false"),
    "tuple_type": ("这里应是列表", "请每项一行、以“- ”开头，或写在方括号里"),
    "too_short": ("这里至少要有一项", "请补上"),
    "greater_than_equal": ("“{input}”太小", "不得小于 {ge}"),
    "less_than_equal": ("“{input}”太大", "不得大于 {le}"),
    "date_from_datetime_parsing": ("“{input}”不是日期", "请写作 2010-09-05"),
    "date_parsing": ("“{input}”不是日期", "请写作 2010-09-05"),
}
OWN_WORDS = frozenset({Trigger.SETTLED})
"""Choices that the programme makes and no file may."""

_ONE_LEVEL_DOWN = ("这里应写下一级的各项", "请另起一行并缩进，写成“键: 值”")
_OTHERWISE = ("这一项的写法不对", "请对照 rulebook.schema.json")


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that `word` is probably a slip of: at most half of it differs."""
    best = min(known, key=lambda candidate: OSA.distance(word, candidate), default=None)
    if best is None or OSA.distance(word, best) * 2 > min(len(word), len(best)):
        return None
    return best


def translate(errors: Sequence[ErrorDetails], document: Document, file: str, schema: JsonSchema) -> Iterator[Fault]:
    """One fault for each error, save for what another fault of the same entry already explains."""
    located = [(_locate(error, document.data), error) for error in errors]
    explained = set(document.explained)
    for path, error in located:
        if error["type"] == "extra_forbidden":
            meant = nearest(str(path[-1]), keys_at(schema, error["loc"][:-1]))
            explained.add((*path[:-1], meant or ""))
    for path, error in located:
        if not (error["type"] == "missing" and path in explained):
            what, remedy = _say(path, error, schema)
            yield document.fault(file, path, what, remedy)


def keys_at(schema: JsonSchema, path: Path) -> list[str]:
    """The keys that may be written at that place, in the schema's order.

    `path` may name the way in which a part is written, as pydantic's places do; then only its keys are found.
    """
    nodes = [schema]
    for step in path:
        nodes = [child for node in _alternatives(nodes, schema) for child in _children(node, step)]
    keys = [key for node in _alternatives(nodes, schema) for key in _mapping(node.get("properties"))]
    return list(dict.fromkeys(keys))


def every_key(schema: JsonSchema) -> frozenset[str]:
    """All keys that occur anywhere in a rulebook."""
    parts = [schema, *_mapping(schema.get("$defs")).values()]
    found = [_mapping(node.get("properties")) for node in _alternatives(parts, schema)]
    return frozenset(key for properties in found for key in properties)


def _say(path: Path, error: ErrorDetails, schema: JsonSchema) -> tuple[str, str]:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        return "缺少这一项", "请补上"
    if kind == "extra_forbidden":
        return _say_unknown(str(path[-1]), given, keys_at(schema, error["loc"][:-1]))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _say_way(error, schema)
    if given is None:
        return "这一项空着", "请填写；可以不写的项，整行删去"
    if kind == "value_error":
        what, _, remedy = str(error["ctx"]["error"]).partition("，")
        return what, remedy or "请据此改正"
    if kind in ("enum", "literal_error"):
        choices = _QUOTED.findall(error["ctx"]["expected"]) or ["true"]
        return _say_choices(str(given), [choice for choice in choices if choice not in OWN_WORDS])
    if kind in ("model_type", "model_attributes_type", "mapping_type", "dict_type"):
        slip = colon_slip(given) if isinstance(given, str) else None
        return slip or _ONE_LEVEL_DOWN
    what, remedy = _SAYINGS.get(kind, _OTHERWISE)
    values = {"input": given, **error.get("ctx", {})}
    return what.format(**values), remedy.format(**values)


def _say_unknown(key: str, given: object, known: Sequence[str]) -> tuple[str, str]:
    slip = colon_slip(key)
    if slip is not None:
        return slip
    meant = nearest(key, known)
    if meant is not None:
        return "没有这一项", f"是不是想写“{meant}”？"
    if given is None:
        # {代入: 原文未给,代入5日}: within braces a comma ends the text.
        return "没有这一项", "如是上一项文字里逗号后的半句，请把整句加引号"
    return "没有这一项", f"这里可写：{'、'.join(known)}"


def _say_way(error: ErrorDetails, schema: JsonSchema) -> tuple[str, str]:
    """One of several ways of writing a part was not named, or by a name that there is not: which one is meant?"""
    key = _QUOTED.findall(error["ctx"]["discriminator"])[-1]
    ways = {way: keys_at(schema, (*error["loc"], way)) for way in _ways(schema, error["loc"])}
    given = error["input"] if isinstance(error["input"], dict) else {}
    written = given.get(key)
    meant = nearest(written, list(ways)) if isinstance(written, str) else None
    if meant is None:
        meant = _way_of(frozenset(given) - {key}, ways)
    what = f"没有“{written}”这种{key}" if isinstance(written, str) else f"没有写“{key}”"
    if meant is None:
        return what, f"可写：{'、'.join(ways)}"
    return what, f"是不是想写“{key}: {meant}”？其中可写：{'、'.join(name for name in ways[meant] if name != key)}"


def _ways(schema: JsonSchema, path: Path) -> list[str]:
    nodes = [schema]
    for step in path:
        nodes = [child for node in _alternatives(nodes, schema) for child in _children(node, step)]
    return [way for node in _alternatives(nodes, schema) for way in _by_way(node)]


def _way_of(written: frozenset[str], ways: Mapping[str, Sequence[str]]) -> str | None:
    """The only way in which all these keys may be written."""
    fitting = [way for way, keys in ways.items() if written and written <= frozenset(keys)]
    return fitting[0] if len(fitting) == 1 else None


def _say_choices(given: str, choices: Sequence[str]) -> tuple[str, str]:
    meant = nearest(given, choices)
    guess = f"是不是想写“{meant}”？" if meant else ""
    return f"不能写“{given}”", f"{guess}可写：{'、'.join(choices)}"


def _locate(error: ErrorDetails, data: object) -> Path:
    """The path in the file: steps that only pydantic knows (tags of unions, a parameter's own field) are dropped."""
    path: list[str | int] = []
    for step in error["loc"]:
        match data, step:
            case dict(), str() if step in data:
                data = data[step]
            case list(), int():
                data = data[step]
            case _:
                continue
        path.append(step)
    return (*path, error["loc"][-1]) if error["type"] == "missing" else tuple(path)


def _alternatives(nodes: Sequence[JsonSchema], schema: JsonSchema) -> Iterator[JsonSchema]:
    for node in nodes:
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield from _alternatives([_definition(schema, reference)], schema)
            continue
        for choices in (node.get("anyOf"), node.get("oneOf")):
            if isinstance(choices, list):
                yield from _alternatives(choices, schema)
        yield node


def _definition(schema: JsonSchema, reference: str) -> JsonSchema:
    return _mapping(_mapping(schema["$defs"])[reference.rpartition("/")[2]])


def _children(node: JsonSchema, step: str | int) -> Iterator[JsonSchema]:
    child = node.get("items") if isinstance(step, int) else _mapping(node.get("properties")).get(step)
    if isinstance(child, dict):
        yield child
    elif step in (ways := _by_way(node)):
        yield {"$ref": ways[str(step)]}


def _by_way(node: JsonSchema) -> Mapping[str, object]:
    """The ways that a part may be written in, by the word that tells them apart, in the schema's order."""
    mapping = _mapping(_mapping(node.get("discriminator")).get("mapping"))
    forms = node.get("oneOf")
    order = [form["$ref"] for form in forms] if isinstance(forms, list) else []
    return {way: mapping[way] for way in sorted(mapping, key=lambda way: order.index(mapping[way]))}


def _mapping(node: object) -> Mapping[str, JsonSchema]:
    return node if isinstance(node, dict) else {}
