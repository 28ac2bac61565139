"""The requirements R01–R118 of the source texts, and the tests that show each: `python -m tests.requirements`.

A test shows a requirement when the requirement's id stands in the test's docstring or in a comment in or right above
it; a worked case or a year's story when it stands under its key 要求.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
STATEMENTS = ROOT / "docs" / "requirements.yaml"
PAPER = ROOT / "docs" / "requirements.md"
_ID = re.compile(r"\bR([0-9]{2,3})\b")


def statements() -> Mapping[str, str]:
    """Every requirement's id and what it asks for."""
    return dict(yaml.safe_load(STATEMENTS.read_text("utf-8")))


def shown_by() -> Mapping[str, list[str]]:
    """The tests, worked cases and stories that show each requirement, by its id."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, text in _tests_of(path):
            for ident in _ids(text):
                found[ident].append(f"{path.relative_to(ROOT).as_posix()}::{name}")
    for path in sorted((ROOT / "tests").rglob("*.yaml")):
        for ident in _ids("\n".join(re.findall(r"要求: *(.+)", path.read_text("utf-8")))):
            found[ident].append(path.relative_to(ROOT).as_posix())
    return found


def untraced() -> list[str]:
    """Requirements that nothing shows yet."""
    found = shown_by()
    return [ident for ident in statements() if ident not in found]


def paper() -> str:
    """The content of docs/requirements.md."""
    found = shown_by()
    lines = [
        "# Requirements of the source texts",
        "",
        "Made by `python -m tests.requirements` from `docs/requirements.yaml` and the tests that name an id.",
        "",
        f"{len(statements()) - len(untraced())} of {len(statements())} are shown by a test.",
        "",
        "| id | asked for | shown by |",
        "| --- | --- | --- |",
    ]
    for ident, statement in statements().items():
        shown = found.get(ident, [])
        more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
        tests = ", ".join(f"`{name}`" for name in shown[:3]) + more or "**open**"
        lines.append(f"| {ident} | {statement.replace('|', '/')} | {tests} |")
    return "\n".join(lines) + "\n"


def _ids(text: str) -> set[str]:
    return {f"R{number}" for number in _ID.findall(text)}


def _tests_of(path: Path) -> Iterator[tuple[str, str]]:
    """Each test of a file with its own words: the comments above and within it, and its docstring."""
    source = path.read_text("utf-8")
    if not _ID.search(source):
        return
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
            while first > 0 and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            own = lines[first : node.end_lineno]
            comments = [line for line in own if "#" in line]
            yield node.name, "\n".join([*comments, ast.get_docstring(node) or ""])


if __name__ == "__main__":
    PAPER.write_text(paper(), "utf-8")
    print(f"{len(untraced())} open: {' '.join(untraced())}")
