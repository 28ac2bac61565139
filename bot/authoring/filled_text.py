"""The text of a rulebook's file with values put in; whatever else stands there, remarks included, stays as it is."""

from collections.abc import Mapping

import yaml

from assessment.fault import Path
from bot.authoring.rulebook_text import value_text


def filled_text(text: str, values: Mapping[Path, object]) -> str:
    """The text with these values at these places of an entry, whether it is written there already or not.

    The text can be read (`rulebook_file.load`), and every path but for its last key leads somewhere in it.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert root is not None
    edits = sorted((_edit(text, root, path, value) for path, value in values.items()), reverse=True)
    for start, end, written in edits:
        text = text[:start] + written + text[end:]
    return text


def _edit(text: str, root: yaml.Node, path: Path, value: object) -> tuple[int, int, str]:
    """From where to where the text is replaced, and by what."""
    owner = _node(root, path[:-1])
    assert isinstance(owner, yaml.MappingNode)
    written = _behind_colon(owner, value)
    for key, known in owner.value:
        if key.value == path[-1]:
            behind = key.end_mark.index
            if known.start_mark.index == behind:  # within braces, without a colon
                return behind, behind, f":{written}"
            colon = text.index(":", behind)
            return colon + 1, max(colon + 1, _end(known)), written
    return _insertion(owner, f"{path[-1]}:{written}")


def _behind_colon(owner: yaml.MappingNode, value: object) -> str:
    """The value on the same line; a list, where there is room, with one item a line."""
    if owner.flow_style or not isinstance(value, list):
        return f" {value_text(value)}"
    indent = " " * (owner.value[0][0].start_mark.column + 2)
    return "".join(f"\n{indent}- {value_text(item)}" for item in value)


def _end(node: yaml.Node) -> int:
    """Where the node's own text ends; a block goes on to what follows it, remarks in between included."""
    at: int = node.end_mark.index
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return at
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _insertion(owner: yaml.MappingNode, entry: str) -> tuple[int, int, str]:
    """Before the first entry: behind the brace, or on a line of its own with the same indentation."""
    if owner.flow_style:
        at = owner.start_mark.index + 1
        return at, at, f"{entry}, " if owner.value else entry
    first = owner.value[0][0].start_mark
    return first.index, first.index, f"{entry}\n{' ' * first.column}"


def _node(node: yaml.Node, path: Path) -> yaml.Node:
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
        else:
            node = next(value for key, value in node.value if key.value == step)
    return node
