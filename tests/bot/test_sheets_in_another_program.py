"""Our workbooks in LibreOffice: what is typed stands there, comes back as it was, and is printed so that it is read."""

import csv
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assessment import yaml_text
from assessment.rulebook_errors import every_key
from assessment.rulebook_file import Loaded, load, schema
from bot.authoring.from_sheets import document_of
from bot.authoring.into_sheets import sheets_of
from bot.authoring.layout import GUIDE
from bot.authoring.parameters import BASIS, PLACE, VALUE, parameter_sheet, read_filled
from bot.opening_table import DAY, POINTS, opening_text, read_opening
from bot.workbook.reading import read_workbook
from bot.workbook.sheet import Sheet
from bot.workbook.writing import workbook_bytes
from tests.bot.house import DATA
from tests.conftest import program

pytestmark = [pytest.mark.office, pytest.mark.timeout(180)]

MEASURE = DATA / "rulebooks" / "county-2009.yaml"
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Every sheet into a file of its own, each cell as it is shown."""
TYPED = "Text - txt - csv (StarCalc):44,34,76,1"
"""How a .csv is read: as if it were typed in."""
A4_ACROSS = (842, 595)
"""In points."""

Convert = Callable[[str, Sequence[Path]], Path]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Lets LibreOffice open files and write them in another form, into a folder of their own."""
    office = program("office")
    assert office is not None, "tests that ask for it are marked office"
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def converted(form: str, files: Sequence[Path]) -> Path:
        folder = tmp_path_factory.mktemp("converted")
        how = [f"-env:UserInstallation={profile}", "--headless"]
        how += [f"--infilter={TYPED}"] if files[0].suffix == ".csv" else []
        order = [office, *how, "--convert-to", form, "--outdir", folder, *files]
        done = subprocess.run(order, capture_output=True, env=os.environ, timeout=150, check=False)
        assert done.returncode == 0, done.stderr
        return folder

    return converted


@pytest.fixture(scope="module")
def measure() -> Loaded:
    return load(MEASURE.read_text("utf-8"), MEASURE.name)


@pytest.fixture(scope="module")
def sheets() -> list[Sheet]:
    return sheets_of(data())


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory, sheets: list[Sheet]) -> Path:
    return put(tmp_path_factory.mktemp("ours") / "办法.xlsx", sheets)


def data() -> dict[str, Any]:
    found = yaml_text.read(MEASURE.read_text("utf-8"), MEASURE.name, every_key(schema())).data
    assert isinstance(found, dict)
    return found


def put(path: Path, sheets: Sequence[Sheet]) -> Path:
    path.write_bytes(workbook_bytes(sheets))
    return path


def shown(path: Path) -> list[list[str]]:
    """The cells of a sheet as LibreOffice shows them, without empty ones at the end of a row."""
    with path.open(encoding="utf-8", newline="") as file:
        return [without_tail(row) for row in csv.reader(file)]


def without_tail(row: Sequence[str | None]) -> list[str]:
    cells = [cell or "" for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def test_every_cell_stands_there_as_it_was_typed(convert: Convert, workbook: Path, sheets: list[Sheet]) -> None:
    folder = convert(CSV, [workbook])

    for sheet in sheets:
        expected = [without_tail(row) for row in (sheet.heads, *sheet.rows)]
        assert shown(folder / f"办法-{sheet.name}.csv") == expected


def test_what_looks_like_a_number_or_a_day_stays_text(convert: Convert, tmp_path: Path) -> None:
    typed = ["0.10", "2010-09", "1/2", "007", "3-1", "=1+1", "1E5", "-0.5", "12345678901234567", "第一\n第二"]
    folder = convert(CSV, [put(tmp_path / "值.xlsx", [Sheet("值", ["甲"], [[text] for text in typed])])])

    assert [row[0] for row in shown(folder / "值-值.csv")] == ["甲", *typed]


def test_saved_there_it_is_the_same_measure(convert: Convert, workbook: Path) -> None:
    """Its styles, shared texts and empty cells are LibreOffice's own now."""
    saved = (convert("xlsx:Calc MS Excel 2007 XML", [workbook]) / "办法.xlsx").read_bytes()

    assert saved != workbook.read_bytes()
    grids = read_workbook(saved)
    assert document_of([grid for grid in grids if grid.name != GUIDE], "办法.xlsx") == document_of(
        read_workbook(workbook.read_bytes()), "办法.xlsx"
    )


def test_filled_in_and_saved_there_the_values_arrive(convert: Convert, measure: Loaded, tmp_path: Path) -> None:
    sheet = parameter_sheet(measure)
    value, basis = sheet.heads.index(VALUE), sheet.heads.index(BASIS)
    rows = [list(row) for row in sheet.rows]
    chosen = next(row for row in rows if str(row[sheet.heads.index(PLACE)]).endswith("/满分"))
    chosen[value], chosen[basis] = "10", "县考发1号"
    ours = put(tmp_path / "参数表.xlsx", [Sheet(sheet.name, sheet.heads, rows, sheet.widths)])

    saved = (convert("xlsx:Calc MS Excel 2007 XML", [ours]) / "参数表.xlsx").read_bytes()
    filled = read_filled(read_workbook(saved), "参数表.xlsx", measure, MEASURE.read_text("utf-8"))
    assert ([change.after for change in filled.changes], filled.faults) == (["10"], ())


def test_an_opening_sheet_of_the_offices_own_is_read(convert: Convert, tmp_path: Path) -> None:
    """Typed without any form: there the days are days and the points are numbers, not text."""
    (tmp_path / "期初.csv").write_text(
        "单位,条款编号,分值,发生日期,依据\n甲局,U1,-1,2026-03-05,台账\n甲局,U2,2.5,2026-04-30,台账\n", "utf-8"
    )
    saved = convert("xlsx:Calc MS Excel 2007 XML", [tmp_path / "期初.csv"]) / "期初.xlsx"
    text = opening_text(saved)

    assert text is not None
    lines = read_opening(text).lines
    assert [line.cells[DAY] for line in lines] == ["2026-03-05", "2026-04-30"]
    assert [Decimal(line.cells[POINTS]) for line in lines] == [Decimal(-1), Decimal("2.5")]


def test_a_sheet_is_printed_across_and_as_wide_as_a_page(
    convert: Convert, measure: Loaded, workbook: Path, sheets: list[Sheet], tmp_path: Path
) -> None:
    parameters = put(tmp_path / "参数表.xlsx", [parameter_sheet(measure)])
    folder = convert("pdf", [parameters, workbook])
    pages = {name: boxes((folder / f"{name}.pdf").read_bytes()) for name in ("参数表", "办法")}

    assert set(pages["参数表"]) == set(pages["办法"]) == {A4_ACROSS}
    assert len(pages["参数表"]) <= 3, "its eight columns stand side by side"
    assert len(pages["办法"]) <= 2 * len(sheets)


def boxes(pdf: bytes) -> list[tuple[int, int]]:
    """The size of every page, rounded to points."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in found]
