"""The 期初 sheet as it comes: whether a file is one, and its rows under the header that we know."""

from collections.abc import Iterator
from pathlib import Path

from bot.authoring.office_files import as_lines, holds_measure, read_bytes, read_grids
from bot.roster_table import Table, Unreadable, decode, find_header, lines_under
from bot.workbook.sheet import Grid

UNIT, PERSON, PROGRAMME = "单位", "人员", "考核方案"
CLAUSE, POINTS, DAY, MATTER = "条款编号", "分值", "发生日期", "事项"
INDICATOR, COHORT, FIGURE, PERIOD = "指标", "分组", "数", "报告期"
BASIS, REASON = "依据", "事由"

KNOWN_NAMES = {
    UNIT: (UNIT, "单位名称", "责任单位", "部门"),
    PERSON: (PERSON, "姓名", "责任人"),
    PROGRAMME: (PROGRAMME, "方案", "办法"),
    CLAUSE: (CLAUSE, "条款"),
    POINTS: (POINTS, "加扣分", "记分"),
    DAY: (DAY, "日期"),
    MATTER: (MATTER,),
    INDICATOR: (INDICATOR, "指标名称", "指标编号"),
    COHORT: (COHORT,),
    FIGURE: (FIGURE, "数值", "完成数"),
    PERIOD: (PERIOD, "期别"),
    BASIS: (BASIS, "佐证", "依据文件"),
    REASON: (REASON, "理由", "说明"),
}
"""What each column may be called; the first name is ours."""


def opening_text(path: Path) -> str | None:
    """The text of an 期初 sheet, its lines as the office counts them; None where the file is none. Raises Stop."""
    if path.suffix.lower() in (".yaml", ".yml") or not path.is_file():
        return None
    data = read_bytes(path)
    if path.suffix.lower() == ".xlsx":
        grids = read_grids(data, path.name)
        if holds_measure(grids):
            return None
        data = as_lines(next((grid for grid in grids if grid.cells), Grid("", {})))
    try:
        text = decode(data, path.name)
    except Unreadable:
        return None
    _, header, _ = find_header(text, KNOWN_NAMES)
    of_points, of_figures = {CLAUSE, POINTS}, {INDICATOR, FIGURE}
    return text if UNIT in header and (of_points <= header.keys() or of_figures <= header.keys()) else None


def read_opening(text: str) -> Table:
    """The rows of an 期初 sheet; the text has its header."""
    rows, header, at = find_header(text, KNOWN_NAMES)
    return Table(lines_under(rows[at + 1 :], header), header)


def every_cell(text: str) -> Iterator[tuple[int, str]]:
    """Every cell with the number of its line, those above the header, too."""
    rows, _, _ = find_header(text, KNOWN_NAMES)
    return ((number, cell) for number, cells in rows for cell in cells)
