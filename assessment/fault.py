"""What is wrong in a file that an office wrote, said so that the office can put it right."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The way to a node from the top of a file: keys, and places in a list from 0."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to put right. Lines and columns count from 1; all texts are Chinese."""

    file: str
    line: int
    column: int
    path: str
    """As people read it, counting from 1: 条款 › 3 › 分值. Empty for the file as a whole."""
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file} 第 {self.line} 行 第 {self.column} 列"
        return f"{where}{' ' if self.path else ''}{self.path}：{self.what}，{self.remedy}"


class Broken(Exception):
    """The file cannot be used; `faults` names everything that is wrong, in the order of its lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def show_path(path: Path) -> str:
    """The path as people read it, list places counting from 1."""
    return " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)
