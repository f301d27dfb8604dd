"""Tidy files: a table's own columns, one row a row; names of economies in either language."""

from __future__ import annotations

from collections.abc import Sequence

from anew.catalog import Table
from anew.errors import AnewError
from anew.intake.quantities import number, written
from anew.intake.reading import Place, Reading, Row, Task, find, suggest_code
from anew.intake.sheets import Sheet, Unreadable

_USUAL = {
    "economy": ("economy", "country", "country code", "code", "iso3", "国家", "经济体", "代码"),
    "year": ("year", "年", "年份"),
    "number": ("value", "值", "数值"),
    "integer": ("count", "数量"),
}


def recognise(sheet: Sheet) -> str:
    """Return `tidy` for a sheet whose first columns could be economy and something."""
    header = sheet.head[0] if sheet.head else []
    return "tidy" if find(header, *_USUAL["economy"]) is not None else ""


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return one reading for each sheet, for the table asked for or the only one that fits."""
    return [_read(sheet, task) for sheet in sheets]


def _read(sheet: Sheet, task: Task) -> Reading:
    header = [cell.strip() for cell in sheet.head[0]]
    table = _table(sheet, header, task)
    columns = _columns(header, table)
    reading = Reading("tidy table", table.name, sheet)
    rows = sheet.rows()
    next(rows)
    try:
        for line, row in rows:
            place = Place(sheet.name, line)
            if len(row) != len(header) and any(cell.strip() for cell in row[len(header) :]):
                message = f"{len(row)} cells where the header has {len(header)}."
                reading.wrong(place, message, "Is a comma too many?", "ragged")
                continue
            if len(row) < len(header):
                message = f"{len(row)} cells where the header has {len(header)}: cut off?"
                reading.wrong(place, message, "Complete the row.", "ragged")
                continue
            _take(reading, table, {n: row[at].strip() for n, at in columns.items()}, place, task)
    except Unreadable as error:
        reading.problems.append(error.problem)
    return reading


def _take(reading: Reading, table: Table, cells: dict[str, str], place: Place, task: Task) -> None:
    code = cells["economy"]
    if code not in table.own_codes:
        meant = task.names.resolve(code)
        if meant is None:
            at = Place(place.file, place.row, "economy")
            hint = suggest_code(task, code)
            reading.wrong(at, f"unknown economy {code!r}.", hint, "economy", code)
            return
        if meant not in task.catalog.codes(table.name):
            reading.left_out["rows of economies that the catalogue does not keep"] += 1
            return
        cells["economy"] = meant
    for column in table.columns:
        if column.type in ("number", "integer", "year") and (text := cells.get(column.name)):
            value = number(text)
            if value is not None:
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
    listed = ", ".join(table.name for table in fitting or task.catalog.tables.values())
    which = "several tables" if fitting else "no table"
    raise AnewError(
        f"{sheet.name}: the columns {', '.join(header)} fit {which}.",
        f"Say which with --table: {listed}.",
    )


def _fits(header: Sequence[str], table: Table) -> bool:
    found = {column.name: _position(header, table, column.name) for column in table.columns}
    required = [column.name for column in table.columns if column.required]
    used = {at for at in found.values() if at is not None}
    return all(found[name] is not None for name in required) and len(used) == len(header)


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
