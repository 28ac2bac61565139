"""What the pretend Feishu takes as a card JSON 2.0: the components that are used here, each with its properties.

The real one refuses unknown properties and names the first; so does this.
"""

from collections.abc import Iterator
from typing import Any

MAX_BYTES = 30 * 1024
MAX_ELEMENTS = 200

_PROPERTIES: dict[str, tuple[set[str], set[str]]] = {
    # component: properties that it needs, properties that it may have
    "div": ({"text"}, set()),
    "plain_text": ({"content"}, {"text_size", "text_color", "text_align", "lines"}),
    "markdown": ({"content"}, {"text_size", "text_align"}),
    "hr": (set(), set()),
    "img": ({"img_key", "alt"}, {"title", "scale_type", "size", "preview"}),
    "table": (
        {"columns", "rows"},
        {"page_size", "row_height", "row_max_height", "freeze_first_column", "header_style"},
    ),
    "column_set": ({"columns"}, {"flex_mode", "horizontal_spacing", "horizontal_align", "background_style"}),
    "column": ({"elements"}, {"width", "weight", "vertical_align", "horizontal_align", "vertical_spacing"}),
    "button": ({"text"}, {"type", "size", "width", "name", "form_action_type", "behaviors", "disabled", "confirm"}),
    "form": ({"name", "elements"}, set()),
    "input": (
        {"name"},
        {"label", "placeholder", "required", "max_length", "default_value", "input_type", "rows", "width"},
    ),
}
_CARD = {"schema", "config", "header", "body"}
_CONFIG = {"update_multi", "enable_forward", "enable_forward_interaction", "width_mode", "summary"}
_HEADER = {"title", "subtitle", "template"}
_COLUMN = {"name", "display_name", "data_type", "width", "horizontal_align", "vertical_align"}
_TEMPLATES = {"blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "grey", "default"}


class CardInvalid(Exception):
    """The card is refused; the words are the platform's."""


def check_card(card: Any, size: int) -> None:
    """Raise CardInvalid unless `card`, `size` bytes as JSON, may be shown."""
    _need(isinstance(card, dict) and card.get("schema") == "2.0", "schema")
    _need(size <= MAX_BYTES, "card is too large")
    _known(card, _CARD, "card")
    _known(card.get("config", {}), _CONFIG, "config")
    _need(card.get("config", {}).get("update_multi", True) is True, "update_multi")
    _known(card.get("header", {}), _HEADER, "header")
    _need(card.get("header", {}).get("template", "default") in _TEMPLATES, "template")
    elements = card.get("body", {}).get("elements")
    _need(isinstance(elements, list), "body.elements")
    parts = [*tagged(card)]
    _need(len(parts) <= MAX_ELEMENTS, "element exceeds the limit")
    for part in parts:
        _check_part(part)
    for part in elements:
        _check_nesting(part)
    names = [part["name"] for part in parts if part["tag"] in {"form", "input"} or "form_action_type" in part]
    _need(all(names) and len(names) == len(set(names)), "name")


def tagged(part: object) -> Iterator[dict[str, Any]]:
    """Every component in a card, outer ones first; what a button carries is no component."""
    if isinstance(part, dict):
        if "tag" in part:
            yield part
        for name, inner in part.items():
            if name not in {"behaviors", "rows"}:
                yield from tagged(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from tagged(inner)


def _check_part(part: dict[str, Any]) -> None:
    found = _PROPERTIES.get(part["tag"])
    if found is None:
        raise CardInvalid(f"type of element is not supported tag: {part['tag']}; ErrCode: 200861")
    needed, allowed = found
    _need(needed <= part.keys(), f"{part['tag']} lacks a property")
    _known(part, needed | allowed | {"tag", "element_id", "margin"}, part["tag"])
    match part["tag"]:
        case "plain_text":
            _need(isinstance(part["content"], str), "content")
        case "table":
            _check_table(part)
        case "button":
            _need(all(behavior.get("type") == "callback" for behavior in part.get("behaviors", [])), "behaviors")
        case "input":
            _need(1 <= part.get("max_length", 1000) <= 1000, "max_length")


def _check_table(table: dict[str, Any]) -> None:
    _need(1 <= table.get("page_size", 5) <= 10, "page_size")
    for column in table["columns"]:
        _known(column, _COLUMN, "column")
    names = {column["name"] for column in table["columns"]}
    _need(all(row.keys() <= names for row in table["rows"]), "rows")


def _check_nesting(part: dict[str, Any]) -> None:
    inner = [each["tag"] for each in tagged(part)][1:]
    _need("table" not in inner and "form" not in inner, "form and table stand at the root only")
    if part["tag"] == "form":
        submits = [each for each in tagged(part) if each.get("form_action_type") == "submit"]
        _need(len(submits) == 1, "a form has one submit button")
    else:
        _need("input" not in inner and part["tag"] != "input", "a needed input stands in a form")


def _known(part: dict[str, Any], names: set[str], where: str) -> None:
    unknown = sorted(part.keys() - names)
    _need(not unknown, f"unknown property, property: {unknown[:1]} of {where}; ErrCode: 200621")


def _need(holds: bool, words: str) -> None:
    if not holds:
        raise CardInvalid(f"Failed to create card content, ext=ErrCode: 11310; ErrMsg: {words}")
