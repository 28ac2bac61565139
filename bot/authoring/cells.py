"""One field of a rulebook <-> the text of one cell. What stands in a file comes back from its cell as it was.

Values are those of assessment.yaml_text: texts, lists, mappings and None, nothing guessed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from assessment.parameter import Part
from bot.authoring.fields import Field, Form, fields_of

UNSET = "未定"
"""In a cell: the source does not say, and the office has not set it; an empty cell is not written at all."""

IN_CELLS = (
    ("“分值: null”", f"“{UNSET}”"),
    ("写 null", f"写“{UNSET}”"),
    ("null", UNSET),
    ("rulebook.schema.json", "“填表说明”表"),
    ("true 或 false", "是或否"),
    ("true 时", "“是”时"),
    ("true", "是"),
)
"""What the schema and the checks call by a file's words, and what it is called in a cell."""

_VALUE, _STAND_IN = "值", "代入"
_TO_WORDS = {"true": "是", "false": "否"}
_FROM_WORDS = {word: written for written, word in _TO_WORDS.items()}
_ITEM = "- "
_SPAN = re.compile(r"(?P<low>.+?)\s*(?:至|到|~|～|—+)\s*(?P<high>.+)")
_REASON = re.compile(r"(?P<rest>.*?)\s*[（(]代入[：:]\s*(?P<reason>.+)[)）]", re.DOTALL)
_COLON = re.compile(r"(?P<name>.+?)\s*[：:]\s*(?P<value>[^：:]*)", re.DOTALL)


class Slip(Exception):
    """The cell cannot be read; `what` and `remedy` say so in Chinese."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}，{remedy}")
        self.what = what
        self.remedy = remedy


def cell_of(field: Field, value: object) -> tuple[str, str]:
    """The cell's text, and the reason beside it where the value is a stand-in."""
    if field.parameter:
        value, reason = _bare(value)
        return (UNSET if value is None else _text(field, value)), reason
    return ("" if value is None else _text(field, value)), ""


def value_of(field: Field, text: str, reason: str = "") -> object:
    """What the file would say. Raises Slip where the cell cannot be read at all; the rest the schema judges."""
    value = None if field.parameter and text == UNSET else _value(field, text)
    if reason and field.parameter:
        return {_VALUE: value, _STAND_IN: reason}
    return value


def _bare(value: object) -> tuple[object, str]:
    """A parameter's value and its reason, in whichever way it is written."""
    if isinstance(value, Mapping) and (not value or _VALUE in value or _STAND_IN in value):
        return value.get(_VALUE), str(value.get(_STAND_IN) or "")
    return value, ""


def _text(field: Field, value: object) -> str:
    match field.form:
        case Form.YES_NO:
            return _TO_WORDS.get(str(value), str(value))
        case Form.WORDS:
            return _listed([str(each) for each in cast("Sequence[object]", value)])
        case Form.SHARES:
            return _listed([f"{name}：{share}" for name, share in cast("Mapping[str, object]", value).items()])
        case Form.PAIRS:
            return _listed([_pair(field, each) for each in cast("Sequence[Mapping[str, object]]", value)])
        case Form.SPAN:
            bounds = cast("Mapping[str, object]", value)
            return f"{bounds.get('自') or ''}至{bounds.get('至') or ''}"
        case Form.KEYED:
            return "、".join(_keyed(field.parts[0], cast("Mapping[str, object]", value)))
    return str(value)


def _value(field: Field, text: str) -> object:
    match field.form:
        case Form.YES_NO:
            return _FROM_WORDS.get(text, text)
        case Form.WORDS:
            return list(_items(text))
        case Form.SHARES:
            return _without_repeats([_named(item) for item in _items(text)])
        case Form.PAIRS:
            return [_of_pair(field, item) for item in _items(text)]
        case Form.SPAN:
            found = _SPAN.fullmatch(text)
            if found is None:
                raise Slip(f"“{text}”不是幅度", "请写作 0.5至1；扣分写负数，如 -1至-0.5")
            return {"自": found["low"], "至": found["high"]}
        case Form.KEYED:
            return _without_repeats([_of_keyed(field.parts[0], item) for item in _items(text)])
    return text


# Lists in one cell


def _listed(items: Sequence[str]) -> str:
    """With 、 between them; where one of them has that itself, one a line."""
    joined = "、".join(items)
    return joined if list(_items(joined)) == list(items) else "\n".join(_ITEM + item for item in items)


def _items(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.split("\n")]
    if any(line.startswith(_ITEM) for line in lines):
        yield from (line.removeprefix(_ITEM).strip() for line in lines if line)
    else:
        yield from (item.strip() for line in lines for item in line.split("、") if item.strip())


def _pair(field: Field, each: Mapping[str, object]) -> str:
    name, value = fields_of(*field.parts)
    if value.key not in each:
        return str(each.get(name.key) or "")
    text, reason = cell_of(value, each[value.key])
    return f"{each.get(name.key) or ''}：{text}" + (f"（代入：{reason}）" if reason else "")


def _of_pair(field: Field, item: str) -> dict[str, object]:
    name, value = fields_of(*field.parts)
    reasoned = _REASON.fullmatch(item)
    rest, reason = (reasoned["rest"], reasoned["reason"]) if reasoned else (item, "")
    found = _COLON.fullmatch(rest)
    if found is None:
        return {name.key: rest}
    return {name.key: found["name"], value.key: value_of(value, found["value"], reason)}


def _named(item: str) -> tuple[str, str]:
    found = _COLON.fullmatch(item)
    if found is None or not found["value"]:
        raise Slip(f"“{item}”没有写分数", "请写作 名称：分数，各项之间用顿号或换行隔开")
    return found["name"], found["value"]


def _without_repeats(named: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(named)
    if len(found) < len(named):
        raise Slip("同一名称写了两次", "请删去一处")
    return found


# Small parts


def _keyed(part: type[Part], value: Mapping[str, object]) -> Iterator[str]:
    for field in fields_of(part):
        if field.key in value:
            yield f"{field.key}：{cell_of(field, value[field.key])[0]}"


def _of_keyed(part: type[Part], item: str) -> tuple[str, object]:
    """`次月：5`, `次月5日` or, where nothing is to be said, `期末`."""
    known = sorted(fields_of(part), key=lambda field: -len(field.key))
    field = next((field for field in known if item.startswith(field.key)), None)
    if field is None:
        ways = "、".join(f"{field.key}：…" for field in fields_of(part))
        raise Slip(f"“{item}”看不懂", f"请写其中一种：{ways}")
    rest = item.removeprefix(field.key).strip(" ：:　")
    if field.form is Form.YES_NO:
        return field.key, value_of(field, rest or "是")
    return field.key, value_of(field, rest.removesuffix("日") if rest[:-1].isdecimal() else rest)
