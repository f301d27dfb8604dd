"""Tidy files: a table's own columns, one row a row; names of economies in either language."""

from __future__ import annotations

from collections.abc import Sequence

from anew.intake.quantities import number, written
from anew.intake.reading import (
    NO_NUMBER,
    Place,
    Reading,
    Row,
    Task,
    cell_count,
    find,
    suggest_code,
)
from anew.intake.sheets import Sheet, Unreadable
from anew.project.errors import AnewError
from anew.tables.catalog import Table

_NO_NUMBER = f"{NO_NUMBER} The decimal point is a point; commas may stand between thousands."
_USUAL = {
    "economy": ("economy", "country", "country code", "code", "iso3", "国家", "经济体", "代码"),
    "year": ("year", "年", "年份"),
    "number": ("value", "值", "数值"),
    "integer": ("count", "数量"),
}


def recognise(sheet: Sheet) -> str:
    """Return `tidy` for a sheet with a header that has an economy and something beside it."""
    return "tidy" if sheet.header(_is_header) else ""


def _is_header(row: Sequence[str]) -> bool:
    filled = sum(bool(cell.strip()) for cell in row)
    return filled > 1 and find(row, *_USUAL["economy"]) is not None


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return one reading for each sheet, for the table asked for or the only one that fits."""
    return [_read(sheet, task) for sheet in sheets]


def _read(sheet: Sheet, task: Task) -> Reading:
    top = sheet.header(_is_header) or []
    header = [cell.strip() for cell in top]
    table = _table(sheet, header, task)
    columns = _columns(header, table)
    reading = Reading("tidy table", table.name, sheet)
    ignored = [cell for n, cell in enumerate(header) if cell and n not in columns.values()]
    if ignored:
        reading.remarks.append(f"columns that the table does not have: {', '.join(ignored)}")
    try:
        for line, row in sheet.body(top):
            place = Place(sheet.name, line)
            if len(row) != len(header) and any(cell.strip() for cell in row[len(header) :]):
                message = f"{cell_count(len(row))} where the header has {len(header)}."
                reading.wrong(place, message, "Is a comma too many?", "ragged")
                continue
            if len(row) < len(header):
                message = f"{cell_count(len(row))} where the header has {len(header)}: cut off?"
                reading.wrong(place, message, "Complete the row.", "ragged")
                continue
            cells = {name: row[at].strip() for name, at in columns.items()}
            _take(reading, table, cells, {n: header[at] for n, at in columns.items()}, place, task)
    except Unreadable as error:
        reading.problems.append(error.problem)
    return reading


def _take(
    reading: Reading,
    table: Table,
    cells: dict[str, str],
    headings: dict[str, str],
    place: Place,
    task: Task,
) -> None:
    """Take one row; `cells` and the file's own `headings` are by the table's columns."""
    code = cells["economy"]
    if code not in table.own_codes:
        meant = task.names.resolve(code)
        if meant is None:
            at = Place(place.file, place.row, headings["economy"])
            hint = suggest_code(task, code)
            reading.wrong(at, f"unknown economy {code!r}.", hint, "economy", code)
            return
        if meant not in task.catalog.codes(table.name):
            reading.left_out["rows of economies that the catalogue does not keep"] += 1
            return
        cells["economy"] = meant
    for column in table.columns:
        if column.type in ("number", "integer", "year") and (text := cells.get(column.name)):
            value = number(text.removesuffix("年") if column.type == "year" else text)
            if value is None:
                at = Place(place.file, place.row, headings[column.name])
                reading.wrong(at, f"{text!r} is not a number.", _NO_NUMBER, "number", text)
                return
            cells[column.name] = written(value)
    amounts = [c.name for c in table.columns if c.type in ("number", "integer")]
    amounts = [name for name in amounts if name not in table.key]
    if amounts and not any(cells.get(name) for name in amounts):
        reading.left_out["rows without a value"] += 1
        return
    reading.seen.add(cells["economy"])
    reading.rows.append(Row(cells, place))


def _table(sheet: Sheet, header: Sequence[str], task: Task) -> Table:
    if task.table is not None:
        table = task.catalog.table(task.table)
        missing = [
            column.name
            for column in table.columns
            if column.required and _position(header, table, column.name) is None
        ]
        if missing:
            raise AnewError(
                f"{sheet.name} has no column {', '.join(missing)}; its header reads "
                f"{', '.join(header)}.",
                f"Table {table.name} has the columns {', '.join(table.names)}.",
            )
        return table
    fitting = [table for table in task.catalog.tables.values() if _fits(header, table)]
    if len(fitting) == 1:
        return fitting[0]
    shown = ", ".join(header[:8]) + (", …" if len(header) > 8 else "")
    if fitting:
        listed = ", ".join(table.name for table in fitting)
        raise AnewError(
            f"{sheet.name}: the columns {shown} fit several tables.",
            f"Say which with --table: {listed}.",
        )
    raise AnewError(
        f"{sheet.name}: the columns {shown} fit no table.",
        "A tidy table has a row for each economy and year, under the headings economy, year, "
        "value, or a table's own columns, which are in data/catalog.yml.",
    )


def _fits(header: Sequence[str], table: Table) -> bool:
    found = {column.name: _position(header, table, column.name) for column in table.columns}
    required = [column.name for column in table.columns if column.required]
    used = {at for at in found.values() if at is not None}
    return all(found[name] is not None for name in required) and len(used) == sum(map(bool, header))


def _columns(header: Sequence[str], table: Table) -> dict[str, int]:
    found = {column.name: _position(header, table, column.name) for column in table.columns}
    return {name: at for name, at in found.items() if at is not None}


def _position(header: Sequence[str], table: Table, name: str) -> int | None:
    """Return where a column is: by its name, its title in either language, or its usual name."""
    column = table.column(name)
    exact = find(header, name, *column.title.values())
    if exact is not None:
        return exact
    same = [c for c in table.columns if c.type == column.type]
    return find(header, *_USUAL.get(column.type, ())) if len(same) == 1 else None
