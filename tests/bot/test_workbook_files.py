"""Workbooks in and out: what is typed is what is read, whoever saved the file; what is none is refused in Chinese."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workbook.reading import NoWorkbook, read_workbook
from bot.workbook.sheet import Grid, Hint, Sheet
from bot.workbook.writing import letters, workbook_bytes

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n&<>\"'"), max_size=30
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(sheet: str, *, shared: str = "", styles: str = "", book: str = "") -> bytes:
    """A workbook as another program might write it, with shared texts and styles of its own."""
    targets = {"rId1": ("worksheet", "worksheets/sheet1.xml")}
    parts = {"xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>"}
    if shared:
        targets["rId2"] = ("sharedStrings", "sharedStrings.xml")
        parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{shared}</sst>"
    if styles:
        targets["rId3"] = ("styles", "/xl/styles.xml")
        parts["xl/styles.xml"] = f"<styleSheet {MAIN}>{styles}</styleSheet>"
    listed = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{k}" Target="{t}"/>' for i, (k, t) in targets.items())
    parts |= {
        "_rels/.rels": f'<R><Relationship Id="a" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></R>',
        "xl/_rels/workbook.xml.rels": f"<R>{listed}</R>",
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}">{book}<sheets>'
        '<sheet name="条款" sheetId="1" r:id="rId1"/></sheets></workbook>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for path, content in parts.items():
            package.writestr(path, content)
    return file.getvalue()


def cells(sheet: str, **more: str) -> list[str]:
    (grid,) = read_workbook(packed(sheet, **more))
    return list(grid.cells.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=4), max_size=5))
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    (grid,) = read_workbook(workbook_bytes([Sheet("表", ["甲", "乙", "丙", "丁"], rows)]))
    written = {(r, c): text.strip() for r, row in enumerate(rows, start=2) for c, text in enumerate(row, start=1)}

    assert {cell: text for cell, text in grid.cells.items() if cell[0] > 1} == {
        cell: text for cell, text in written.items() if text
    }
    assert grid.rows[0] == (1, {1: "甲", 2: "乙", 3: "丙", 4: "丁"})


def test_a_number_is_what_its_cell_shows() -> None:
    """Excel keeps 0.7322 with seventeen digits; nobody wrote these."""
    kept = ("0.73219999999999996", "0.30000000000000004", "5", "1E-7")
    row = "".join(f"<c><v>{number}</v></c>" for number in kept)

    assert cells(f"<row>{row}</row>") == ["0.7322", "0.3", "5", "0.0000001"]


def test_dates_and_hours_are_read_by_their_format() -> None:
    used = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 170, 171, 9))
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
        '<numFmt numFmtId="171" formatCode="0.00&quot;亿day&quot;"/></numFmts>'
        f"<cellXfs>{used}</cellXfs>"
    )
    row = "".join(
        f'<c s="{style}"><v>{value}</v></c>' for style, value in ((1, 40426), (2, 40426), (1, 0.375), (3, 40426))
    )

    assert cells(f"<row>{row}</row>", styles=styles) == ["2010-09-05", "2010-09-05", "09:00", "40426"]
    assert cells('<row><c s="4"><v>0.4</v></c></row>', styles=styles) == ["40%"], "a share is not taken for 0.4"
    since_1904 = '<workbookPr date1904="1"/>'
    assert cells('<row><c s="1"><v>38964</v></c></row>', styles=styles, book=since_1904) == ["2010-09-05"]


def test_texts_come_without_reading_aids_and_escapes() -> None:
    shared = "<si><r><t>催</t></r><r><t>办</t></r><rPh><t>cui</t></rPh></si><si><t>甲_x000D_\n乙</t></si>"
    row = '<c r="B3" t="s"><v>0</v></c><c r="AA3" t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="str"><v>合计</v></c>'

    (grid,) = read_workbook(packed(f'<row r="3">{row}</row>', shared=shared))
    assert grid == Grid("条款", {(3, 2): "催办", (3, 27): "甲\n乙", (3, 28): "是", (3, 29): "合计"})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件不是完好的工作簿"),
        ("单位,姓名\n".encode(), "文件不是完好的工作簿"),
        (b"\xd0\xcf\x11\xe0....", "这是旧格式（.xls）或加了密码的工作簿，请去掉密码，另存为 .xlsx"),
        (packed('<row><c t="s"><v>7</v></c></row>'), "文件不是完好的工作簿"),
        (packed("<row><c r='1A'><v>7</v></c></row>"), "文件不是完好的工作簿"),
        (packed("<row>"), "文件不是完好的工作簿"),
        (packed('<row r="x"/>'), "文件不是完好的工作簿"),
        (packed('<row r="99999999999"><c><v>1</v></c></row>'), "文件不是完好的工作簿"),
        (packed("<!DOCTYPE a []>"), "文件不是完好的工作簿"),
        (b"PK" + bytes(5 * 1024 * 1024), "工作簿太大"),
    ],
    ids=[
        "nothing",
        "text",
        "old",
        "no such text",
        "no such cell",
        "cut off",
        "no row",
        "no such row",
        "entities",
        "too large",
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(NoWorkbook, match=said[:12]):
        read_workbook(data)


def test_a_small_file_that_unpacks_to_a_large_one_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed("<row/>"))) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            large = content.replace(b"<row/>", b"<row/>" + b" " * 40_000_000)
            new.writestr(member.filename, large)
    assert len(file.getvalue()) < 100_000

    with pytest.raises(NoWorkbook):
        read_workbook(file.getvalue())


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_bytes_cut_or_changed_are_read_or_refused(data: st.DataObject) -> None:
    whole = workbook_bytes([Sheet("条款", ["编号", "分值"], [["A1", "2"]])])
    at = data.draw(st.integers(0, len(whole) - 1))
    spoilt = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 40)) :]

    with suppress(NoWorkbook):
        read_workbook(spoilt)


def test_the_same_sheets_are_the_same_bytes_and_lists_are_offered() -> None:
    hints = {1: Hint("计法", "如何计入", ("只列示", "累加")), 2: Hint("指标编号", choices_from="'指标'!$A$2:$A$9")}
    sheet = Sheet("大类", ["计法", "指标编号"], [], column_hints=hints)

    assert workbook_bytes([sheet]) == workbook_bytes([sheet])
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([sheet]))) as package:
        written = package.read("xl/worksheets/sheet1.xml").decode()
    assert '<formula1>"只列示,累加"</formula1>' in written
    assert "<formula1>'指标'!$A$2:$A$9</formula1>" in written
    assert 'sqref="A2:A2000"' in written
    assert [letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
