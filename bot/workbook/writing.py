"""Sheets -> an .xlsx file: heads that stay in view, hints and lists to choose from, every cell kept as it is typed.

Printed, it lies on A4 across: a sheet as wide as a page or few pages, the heads on each, the page's number below.
"""

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.workbook.sheet import Cell, Hint, Sheet

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LAST_ROW = 2000
"""So many rows have the form and the hints of their column."""
_LONGEST_LIST = 255
_LONGEST_TITLE = 32
_REFUSAL = {"showErrorMessage": "1", "errorTitle": "只能选列出的", "error": "请从下拉列表中选一项"}
_USUAL_WIDTH = 14
_LINE_HEIGHT, _HIGHEST_ROW = 16, 400
"""In points."""
_PAGE_WIDTH = 190
"""In characters: so much on a page stays large enough to be read."""
_PRINTED = (
    '<printOptions horizontalCentered="1" gridLines="1"/>'
    '<pageMargins left="0.5" right="0.5" top="0.8" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="{pages}" fitToHeight="0"/>'
    "<headerFooter><oddHeader>&amp;L&amp;A</oddHeader>"
    "<oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>"
)
_TEXT, _HEAD = 1, 2
"""Styles: text as it is typed, so that 0.10 keeps its zero and 2010-09 is no date; a head."""

_STYLES = (
    f'{_DECLARED}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EEF7"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" '
    'applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The file, the same bytes for the same sheets."""
    numbered = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(sheets),
        "xl/_rels/workbook.xml.rels": _relations([*numbered, ("styles", "styles.xml")]),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{at}.xml": _sheet(sheet) for at, sheet in enumerate(sheets, start=1)},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in parts.items():
            package.writestr(zipfile.ZipInfo(path), content.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def letters(column: int) -> str:
    """What a column is called: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def _content_types(number: int) -> str:
    parts = {"workbook": f"{_KIND}.sheet.main+xml", "styles": f"{_KIND}.styles+xml"}
    parts |= {f"worksheets/sheet{at}": f"{_KIND}.worksheet+xml" for at in range(1, number + 1)}
    listed = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{path}"/>'
        for at, (kind, path) in enumerate(targets, start=1)
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _book(sheets: Sequence[Sheet]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{at}" r:id="rId{at}"/>'
        for at, sheet in enumerate(sheets, start=1)
    )
    repeated = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">{_on_each_page(sheet)}</definedName>'
        for at, sheet in enumerate(sheets)
    )
    return (
        f'{_DECLARED}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets>'
        f"<definedNames>{repeated}</definedNames></workbook>"
    )


def _on_each_page(sheet: Sheet) -> str:
    """The heads; and what names a row, where a row goes over several pages."""
    name = escape("'" + sheet.name.replace("'", "''") + "'")
    return f"{name}!$A:$A,{name}!$1:$1" if _pages_wide(sheet) > 1 else f"{name}!$1:$1"


def _pages_wide(sheet: Sheet) -> int:
    return -(-sum(_width(sheet, at) for at in range(1, len(sheet.heads) + 1)) // _PAGE_WIDTH) or 1


def _sheet(sheet: Sheet) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{_width(sheet, at)}" style="{_TEXT}" customWidth="1"/>'
        for at in range(1, len(sheet.heads) + 1)
    )
    lines = [_line(sheet, 1, sheet.heads, _HEAD)]
    lines += [_line(sheet, at, row, _TEXT) for at, row in enumerate(sheet.rows, start=2)]
    return (
        f'{_DECLARED}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>{_hints(sheet)}"
        f"{_PRINTED.format(pages=_pages_wide(sheet))}</worksheet>"
    )


def _width(sheet: Sheet, column: int) -> int:
    return sheet.widths[column - 1] if column <= len(sheet.widths) else _USUAL_WIDTH


def _line(sheet: Sheet, row: int, texts: Sequence[str | None], style: int) -> str:
    cells = "".join(_cell(row, at, text, style) for at, text in enumerate(texts, start=1) if text)
    return f'<row r="{row}" ht="{_height(sheet, texts)}">{cells}</row>'


def _height(sheet: Sheet, texts: Sequence[str | None]) -> int:
    """In points, as high as the longest text needs; not every program works that out when it opens the file."""
    lines = (_lines(text, _width(sheet, at)) for at, text in enumerate(texts, start=1) if text)
    return min(max(lines, default=1) * _LINE_HEIGHT, _HIGHEST_ROW)


def _lines(text: str, width: int) -> int:
    return sum(-(-_breadth(line) // (width - 1)) or 1 for line in text.splitlines())


def _breadth(line: str) -> int:
    """In characters; a Chinese one takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)


def _cell(row: int, column: int, text: str, style: int) -> str:
    return (
        f'<c r="{letters(column)}{row}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(text)}</t></is></c>'
    )


def _hints(sheet: Sheet) -> str:
    ranges = {f"{letters(at)}2:{letters(at)}{_LAST_ROW}": hint for at, hint in sheet.column_hints.items()}
    ranges |= {_name(cell): hint for cell, hint in sheet.cell_hints.items()}
    found = [each for where, hint in ranges.items() for each in _hint(where, hint)]
    return f'<dataValidations count="{len(found)}">{"".join(found)}</dataValidations>' if found else ""


def _name(cell: Cell) -> str:
    return f"{letters(cell[1])}{cell[0]}"


def _hint(where: str, hint: Hint) -> Iterator[str]:
    listed = ",".join(hint.choices)
    closed = bool(listed) and len(listed) <= _LONGEST_LIST and not any("," in choice for choice in hint.choices)
    source = f'"{listed}"' if closed else hint.choices_from
    if not (source or hint.note):
        return
    said = {"allowBlank": "1", "showInputMessage": "1", "sqref": where}
    said |= {"type": "list"} if source else {}
    said |= _REFUSAL if closed else {}
    said |= {"promptTitle": hint.title[:_LONGEST_TITLE], "prompt": hint.note[:_LONGEST_LIST]} if hint.note else {}
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in said.items())
    yield f"<dataValidation {attributes}>{f'<formula1>{escape(source)}</formula1>' if source else ''}</dataValidation>"
