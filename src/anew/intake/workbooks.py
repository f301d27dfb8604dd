"""Workbooks: XLSX, XLS and ODS as rows of text, where a cell says what a reader would see.

A cell shown as a percentage is text such as `2.56%`, an error is `#N/A`, a formula without a
stored result is the formula, and a cell filled from a merged one is `Merged`: what reads a number
from it decides whether it may.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cells = list[list[str]]
_OLE = b"\xd0\xcf\x11\xe0"
#: Formats 9 and 10 are 0% and 0.00% (ECMA-376, 18.8.30); a format of its own has a code with %.
_PERCENT = {9, 10}
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)|<(?:\w+:)?row\b([^>]*)>", re.DOTALL
)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</(?:\w+:)?v>|<(?:\w+:)?is>")
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"


class Merged(str):
    """The text of a merged cell, in a row below the first that it covers."""


def sheets_of(data: bytes, members: dict[str, bytes]) -> list[tuple[str, Cells]]:
    """Return name and rows of every sheet of a workbook; `members` are the files of a zipped one.

    Raises whatever the libraries raise for a damaged file.
    """
    if data.startswith(_OLE):
        return list(_xls(data))
    if "content.xml" in members:
        return list(_ods(members["content.xml"]))
    return list(_xlsx(data, members))


def is_workbook(data: bytes, members: Iterable[str] = ()) -> bool:
    """Return whether bytes are a workbook: an old Excel file, or a zip with a workbook's parts."""
    names = set(members)
    return data.startswith(_OLE) or "[Content_Types].xml" in names or "content.xml" in names


def text_of(value: object) -> str:
    """Return a cell's value as text: whole numbers without a point, dates as 2026-07-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return str(value.date()) if value.time() == datetime.time() else str(value)
    return str(value).strip()


def percentage(value: object) -> str:
    """Return a fraction as the percentage that is shown."""
    return f"{(Decimal(repr(value)) * 100).normalize():f}%"


def _xlsx(data: bytes, members: dict[str, bytes]) -> Iterable[tuple[str, Cells]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    styles = _percent_styles(members.get("xl/styles.xml", b""))
    parts = _sheet_parts(members)
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        _correct(rows, members.get(parts.get(name, ""), b""), styles)
        yield name, _spread(rows, _merges(sheet))


def _merges(sheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    return [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]


def _sheet_parts(members: dict[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by its name."""
    relations = {}
    for item in ElementTree.fromstring(members["xl/_rels/workbook.xml.rels"]):
        target = item.attrib["Target"]
        relations[item.attrib["Id"]] = target.lstrip("/") if target[0] == "/" else f"xl/{target}"
    found = {}
    for item in ElementTree.fromstring(members["xl/workbook.xml"]).iter():
        if item.tag.endswith("}sheet"):
            key = next((v for k, v in item.attrib.items() if k.endswith("}id")), "")
            found[item.attrib["name"]] = relations.get(key, "")
    return found


def _percent_styles(styles: bytes) -> set[int]:
    """Return the cell styles that show a fraction as a percentage."""
    if not styles:
        return set()
    root = ElementTree.fromstring(styles)
    formats = set(_PERCENT)
    for item in root.iter():
        if item.tag.endswith("}numFmt") and "%" in _unquoted(item.attrib.get("formatCode", "")):
            formats.add(int(item.attrib["numFmtId"]))
    cells = next((list(item) for item in root if item.tag.endswith("}cellXfs")), [])
    return {n for n, xf in enumerate(cells) if int(xf.attrib.get("numFmtId", 0)) in formats}


def _unquoted(code: str) -> str:
    return re.sub(r'"[^"]*"|\\.', "", code)


def _correct(rows: Cells, xml: bytes, percent: set[int]) -> None:
    """Put into `rows` what calamine does not tell: percentages, errors, formulas not computed."""
    if not (percent or b"<f" in xml or b":f" in xml or b't="e"' in xml):
        return
    row, column = -1, -1
    for match in _CELL.finditer(xml):
        if match[1] is None:
            row = int(said) - 1 if (said := _attribute(match[3], b"r")) else row + 1
            column = -1
            continue
        column = _column(said) if (said := _attribute(match[1], b"r")) else column + 1
        content, kind = match[2] or b"", _attribute(match[1], b"t")
        formula, value = _FORMULA.search(content), _VALUE.search(content)
        if formula and not value:
            text = "=" + (formula[1] or b"?").decode("utf-8", "replace")
        elif kind == b"e" and value and value[1]:
            text = value[1].decode("utf-8", "replace")
        elif kind in (None, b"n") and value and int(_attribute(match[1], b"s") or 0) in percent:
            text = percentage(float(value[1]))
        else:
            continue
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text


def _attribute(attributes: bytes, name: bytes) -> bytes | None:
    match = re.search(rb"\b" + name + rb'="([^"]*)"', attributes)
    return match[1] if match else None


def _column(reference: bytes) -> int:
    number = 0
    for letter in reference:
        if 65 <= letter <= 90:
            number = number * 26 + letter - 64
    return number - 1


def _xls(data: bytes) -> Iterable[tuple[str, Cells]]:
    """Read a file of before 2007; xlrd, since calamine does not tell how its numbers are shown."""
    import xlrd

    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    percent = {
        n
        for n, xf in enumerate(book.xf_list)
        if "%" in _unquoted(book.format_map[xf.format_key].format_str)
    }
    for sheet in book.sheets():
        rows = []
        for n in range(sheet.nrows):
            row = []
            for cell in sheet.row(n):
                if cell.ctype == xlrd.XL_CELL_DATE:
                    row.append(text_of(xlrd.xldate_as_datetime(float(cell.value), book.datemode)))
                elif cell.ctype == xlrd.XL_CELL_ERROR:
                    row.append(xlrd.error_text_from_code.get(int(cell.value), "#ERROR"))
                elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    row.append(text_of(bool(cell.value)))
                elif cell.ctype == xlrd.XL_CELL_NUMBER and cell.xf_index in percent:
                    row.append(percentage(cell.value))
                else:
                    row.append(text_of(cell.value))
            rows.append(row)
        merges = [(a, c, b - 1, d - 1) for a, b, c, d in sheet.merged_cells]
        yield sheet.name, _spread(rows, merges)


def _ods(xml: bytes) -> Iterable[tuple[str, Cells]]:
    """Read a LibreOffice file: its cells say themselves what they are, percentages too."""
    table, office = _ODF % "table", _ODF % "office"
    for sheet in ElementTree.fromstring(xml).iter(f"{table}table"):
        rows: Cells = []
        merges = []
        blank = 0
        for line in sheet.iter(f"{table}table-row"):
            row: list[str] = []
            for cell in line:
                if cell.tag not in (f"{table}table-cell", f"{table}covered-table-cell"):
                    continue
                down = int(cell.attrib.get(f"{table}number-rows-spanned", 1))
                text = _ods_text(cell, office, table)
                if down > 1:
                    at = len(rows) + blank
                    merges.append((at, len(row), at + down - 1, len(row)))
                times = int(cell.attrib.get(f"{table}number-columns-repeated", 1))
                row += [text] * (times if text else min(times, 1000))
            times = int(line.attrib.get(f"{table}number-rows-repeated", 1))
            if not any(row):
                blank += times  # a sheet ends in a million of these
                continue
            rows += [[] for _ in range(blank)] + [list(row) for _ in range(min(times, 100_000))]
            blank = 0
        yield sheet.attrib.get(f"{table}name", ""), _spread(rows, merges)


def _ods_text(cell: ElementTree.Element, office: str, table: str) -> str:
    kind, value = cell.attrib.get(f"{office}value-type"), cell.attrib.get(f"{office}value")
    shown = "\n".join("".join(line.itertext()) for line in cell if line.tag.endswith("}p")).strip()
    formula = cell.attrib.get(f"{table}formula")
    if shown.startswith(("#", "Err:")):
        return shown
    if kind == "percentage" and value:
        return percentage(float(value))
    if kind in ("float", "currency") and value:
        return text_of(float(value))
    if kind == "date":
        return cell.attrib.get(f"{office}date-value", "").removesuffix("T00:00:00")
    if formula and kind is None:
        return "=" + formula.partition("=")[2]
    return shown


def _spread(rows: Cells, merges: Sequence[tuple[int, int, int, int]]) -> Cells:
    """Fill the rows below the first of a merged cell, and return rows of one length."""
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    for top, left, bottom, _ in merges:
        text = rows[top][left] if top < len(rows) and left < width else ""
        for row in rows[top + 1 : bottom + 1]:
            if text and not row[left]:
                row[left] = Merged(text)
    return rows
