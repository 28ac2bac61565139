"""Tables pasted into a message, unfolded into lines that say what each figure is."""

import re
from collections.abc import Iterator, Sequence

_FIGURE = re.compile(r"\s*[0-9０-９][0-9０-９.,．，]*\s*[%％‰]?\s*")
_PERIOD = re.compile("[0-9０-９]{1,2} ?[-—–~－至到]+ ?[0-9０-９]{1,2}月|[0-9０-９]{1,4}[年月]")
_ANY_FIGURE = re.compile("[0-9０-９]")
_SAYS_WHICH = re.compile("完成|实绩|累计|预测|预计|目标")
_UNIT = re.compile(r"\s*(?:计量)?单位\s*")
_NUMBER = re.compile(r"\s*(?:序号|编号|№)\s*")
_LEGEND = re.compile(
    r"[(（]?[^\n、|\t(（]{0,4}?[:：是为]?(?P<columns>指标(?:名称)?(?:[、|][^\n、|()（）]+)+)[)）]?\s*\Z"
)


def unfold_tables(text: str) -> str:
    """Each row under a heading 指标|完成|预测 as a line 指标 完成85,预测155; all else as it is.

    The heading may also stand at the end, as a legend: (指标、完成、预测).
    """
    legend = _LEGEND.search(text)
    columns = re.split("[、|]", legend["columns"]) if legend is not None else []
    if not _is_heading(columns):
        legend, columns = None, []
    body = text[: legend.start()] if legend is not None else text
    unfolded = list(_unfolded(body.split("\n"), columns))
    return "\n".join(unfolded) if legend is None or unfolded != body.split("\n") else text


def _unfolded(lines: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        cells = _cells(line)
        if _is_heading(cells) and len(cells) == len(_cells(following)):
            columns = cells
        elif len(cells) > 1 and len(cells) == len(columns):
            yield _row(columns, cells)
        else:
            # Two blanks, so that the figures of two cells never look like one.
            yield line.replace("\t", "  ")


def _cells(line: str) -> list[str]:
    """The cells of a row; a | at both ends is only its frame."""
    return line.strip("|").split("|") if "|" in line else line.split("\t")


def _is_heading(cells: Sequence[str]) -> bool:
    says_which = any(_SAYS_WHICH.search(cell) for cell in cells)
    return len(cells) > 1 and says_which and not any(_ANY_FIGURE.search(_PERIOD.sub("", cell)) for cell in cells)


def _row(columns: Sequence[str], cells: Sequence[str]) -> str:
    """What is reported, its unit, then each figure behind the words over its column."""
    said: list[str] = []
    figures: list[str] = []
    for column, cell in zip(columns, cells, strict=True):
        if _NUMBER.fullmatch(column):
            continue
        if _UNIT.fullmatch(column):
            said.append(f"({cell.strip()})")
        elif _FIGURE.fullmatch(cell):
            figures.append(f"{column.strip()}{cell.strip()}")
        else:
            said.append(cell.strip())
    return f"{''.join(said)} {','.join(figures)}"
