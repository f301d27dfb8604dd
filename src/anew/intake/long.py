"""Long files: one observation a row, as World Bank Data360 and UNCTADstat export them.

Data360: REF_AREA, INDICATOR, TIME_PERIOD, OBS_VALUE with SDMX attributes beside; its wide files
have a column a year instead of the last two. UNCTADstat: Year, Economy, Economy Label, further
dimensions with labels, and for each measure a column with a footnote and a missing-value column
beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from anew.intake.quantities import number, written
from anew.intake.reading import (
    NO_NUMBER,
    Place,
    Reading,
    Row,
    Task,
    cell_count,
    find,
    not_for,
    suggest_code,
)
from anew.intake.sheets import Sheet, Unreadable
from anew.project.errors import AnewError, unknown
from anew.tables.catalog import Table

_DATA360 = ("REF_AREA", "INDICATOR")
_OBSERVED = ("TIME_PERIOD", "OBS_VALUE")
_UNCTAD = ("Year", "Economy", "Economy Label")
#: SDMX dimensions and the member that means "all of it".
_TOTALS = {"_T", "_Z", ""}
_BREAKDOWNS = re.compile(r"SEX|AGE|URBANISATION|COMP_BREAKDOWN_\d+")
#: So close to a country's name is a slip; "South America" is a group of the agency's.
_TYPO = 0.9
_YEAR = re.compile(r"\d{4}", re.ASCII)
_STATUS = {"E": "estimated", "P": "provisional", "I": "imputed", "F": "forecast"}


def recognise(sheet: Sheet) -> str:
    """Return `data360`, `unctad` or nothing."""
    if sheet.header(_is_data360):
        return "data360"
    return "unctad" if sheet.header(_is_unctad) else ""


def _is_data360(row: Sequence[str]) -> bool:
    if not all(find(row, name) is not None for name in _DATA360):
        return False
    return all(find(row, name) is not None for name in _OBSERVED) or bool(_years(row))


def _is_unctad(row: Sequence[str]) -> bool:
    return all(find(row, name) is not None for name in _UNCTAD)


def _years(header: Sequence[str]) -> list[int]:
    """Return the columns that are a year each."""
    return [n for n, cell in enumerate(header) if _YEAR.fullmatch(cell.strip())]


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return a reading for every table that one of the sheets has observations for."""
    readings = []
    for sheet in sheets:
        kind = recognise(sheet)
        tables = task.tables("long")
        if task.table is not None and not tables:
            raise not_for(task, sheet, "a long file")
        readings += (_data360 if kind == "data360" else _unctad)(sheet, tables, task)
    return readings


def _data360(sheet: Sheet, tables: Sequence[Table], task: Task) -> list[Reading]:
    header = sheet.header(_is_data360) or []
    at = {name: find(header, name) for name in (*_DATA360, *_OBSERVED, "FREQ", "OBS_STATUS")}
    at |= {name: find(header, name) for name in ("UNIT_MULT", "UNIT_MEASURE", "REF_AREA_LABEL")}
    years = [] if at["OBS_VALUE"] is not None else _years(header)
    breakdowns = [n for n, name in enumerate(header) if _BREAKDOWNS.fullmatch(name)]
    by_code = {table.code: table for table in tables if table.code}
    readings: dict[str, Reading] = {}
    others: set[str] = set()
    powers: dict[str, dict[str, int]] = {}
    try:
        for line, row in sheet.body(header):
            place = Place(sheet.name, line)
            code = _cell(row, at["INDICATOR"])
            table = by_code.get(code)
            if len(row) != len(header):
                reading = next(iter(readings.values()), None) or Reading("Data360", "", sheet)
                readings.setdefault(code or "", reading)
                _ragged(reading, place, row, header)
                continue
            if table is None:
                others.add(code)
                continue
            reading = readings.setdefault(code, Reading("Data360", table.name, sheet))
            reading.worldwide = True
            if _cell(row, at["FREQ"]) not in ("A", "") or any(
                row[n] not in _TOTALS for n in breakdowns
            ):
                reading.left_out["observations that are not annual totals"] += 1
                continue
            unit = _cell(row, at["UNIT_MEASURE"])
            if table.intake.unit and unit and unit != table.intake.unit:
                reading.left_out[f"observations in {unit}, not {table.intake.unit}"] += 1
                continue
            multiplier = _cell(row, at["UNIT_MULT"]) or "0"
            powers.setdefault(code, {}).setdefault(f"{unit} × 10^{multiplier}", line)
            power = number(multiplier)
            if power is None:
                at_power = Place(sheet.name, line, "UNIT_MULT")
                reading.wrong(at_power, f"{multiplier!r} is not a number.", "", "unit", multiplier)
                continue
            area = _cell(row, at["REF_AREA"])
            meant = task.names.resolve(_cell(row, at["REF_AREA_LABEL"]))
            if task.names.resolve(area) != meant and meant is not None:
                message = f"the code is {area}, the label that of {meant}."
                column = Place(sheet.name, line, "REF_AREA")
                reading.wrong(column, message, "Download it again.", "economy", area)
                continue
            status = _STATUS.get(_cell(row, at["OBS_STATUS"]))
            note = f"values that are {status}" if status else ""
            observed = _Observation(area, "REF_AREA", int(power), note)
            if years:
                for n in years:
                    when = header[n].strip()
                    _take(reading, table, observed, when, row[n].strip(), when, place, task)
            else:
                when, value = _cell(row, at["TIME_PERIOD"]), _cell(row, at["OBS_VALUE"])
                _take(reading, table, observed, when, value, "OBS_VALUE", place, task)
    except Unreadable as error:
        return [Reading("Data360", "", sheet, problems=[error.problem])]
    if not readings:
        raise unknown("indicator", ", ".join(sorted(others)) or "nothing", by_code, sheet.name)
    for code, found in powers.items():
        if len(found) > 1:
            (_, _), (unit, line) = sorted(found.items(), key=lambda item: item[1])[:2]
            message = f"mixed units: {', '.join(found)}; the second starts here."
            hint = "A series has one unit; download it again."
            place = Place(sheet.name, line, "UNIT_MULT")
            readings[code].wrong(place, message, hint, "unit", unit)
    return [_summed(reading, task) for reading in readings.values()]


def _unctad(sheet: Sheet, tables: Sequence[Table], task: Task) -> list[Reading]:
    header = sheet.header(_is_unctad) or []
    year, label = find(header, "Year"), find(header, "Economy Label")
    chosen = [t for t in tables if t.intake.value and find(header, t.intake.value) is not None]
    if not chosen:
        listed = "; ".join(sorted({t.intake.value for t in tables if t.intake.value}))
        raise AnewError(
            f"{sheet.name} has none of the measures that a table takes.", f"Measures: {listed}."
        )
    at = {
        table.name: (find(header, measure) or 0, find(header, f"{measure} Footnote"))
        for table in chosen
        if (measure := str(table.intake.value))
    }
    readings = {table.name: Reading("UNCTADstat", table.name, sheet) for table in chosen}
    matched = {table.name: 0 for table in chosen}
    try:
        for line, row in sheet.body(header):
            place = Place(sheet.name, line)
            if len(row) != len(header):
                _ragged(next(iter(readings.values())), place, row, header)
                continue
            for table in chosen:
                if not _selected(row, header, table):
                    continue
                matched[table.name] += 1
                reading = readings[table.name]
                reading.worldwide = True
                measure = str(table.intake.value)
                valued, noted = at[table.name]
                footnote = _cell(row, noted)
                note = f"values with the footnote {footnote!r}" if footnote else ""
                power = 6 if "million" in measure.casefold() else 0
                observed = _Observation(_cell(row, label), "Economy Label", power, note)
                when, value = _cell(row, year), _cell(row, valued)
                _take(reading, table, observed, when, value, measure, place, task)
    except Unreadable as error:
        return [Reading("UNCTADstat", "", sheet, problems=[error.problem])]
    found = [readings[name] for name, count in matched.items() if count or readings[name].problems]
    if not found:
        raise AnewError(
            f"{sheet.name} has no row for {', '.join(matched)}.",
            "See `select` of these tables in the catalogue.",
        )
    return [_summed(reading, task) for reading in found]


def _selected(row: Sequence[str], header: Sequence[str], table: Table) -> bool:
    for name, wanted in table.intake.select.items():
        columns = [find(header, f"{name} Label"), find(header, name)]
        if not any(n is not None and row[n].strip() == wanted for n in columns):
            return False
    return True


@dataclass(frozen=True)
class _Observation:
    """Whom a row is about, where it says so, its power of ten, and what it says of its values."""

    economy: str
    column: str
    power: int
    note: str


def _take(
    reading: Reading,
    table: Table,
    observed: _Observation,
    when: str,
    cell: str,
    column: str,
    place: Place,
    task: Task,
) -> None:
    """Take one value. What is no economy is a group of the agency's, named in the report."""
    code = task.names.resolve(observed.economy)
    if code is None and task.names.suggest(observed.economy, _TYPO):
        at = Place(place.file, place.row, observed.column)
        hint = suggest_code(task, observed.economy)
        message = f"unknown economy {observed.economy!r}."
        reading.wrong(at, message, hint, "economy", observed.economy)
        return
    if code is None:
        reading.groups[observed.economy] += 1
        return
    if not _YEAR.fullmatch(when):
        at = Place(place.file, place.row, "TIME_PERIOD" if column == "OBS_VALUE" else "Year")
        reading.wrong(at, f"{when!r} is not a year.", "", "year", when)
        return
    if cell in ("", "..", "_"):
        reading.left_out["observations without a value"] += 1
        return
    value = number(cell)
    at = Place(place.file, place.row, column)
    if value is None:
        reading.wrong(at, f"{cell!r} is not a number.", NO_NUMBER, "number", cell)
        return
    value = value.scaleb(observed.power - table.intake.scale)
    reading.seen.add(code)
    if code in table.intake.sums:
        reading.left_out[f"observations of {code}, which the table adds up from members"] += 1
        return
    if not task.keeps(table, code) and not any(
        code in _members(task, name) for name in table.intake.sums
    ):
        reading.left_out["observations of economies that the catalogue does not keep"] += 1
        return
    if observed.note and task.keeps(table, code):
        reading.noted[observed.note] += 1
    reading.rows.append(_row(table, code, when, value, at))


def _row(table: Table, code: str, year: str, value: Decimal, place: Place, note: str = "") -> Row:
    column = next(c.name for c in table.columns if c.type == "number")
    cells = {"economy": code, str(table.year): year, column: written(value)}
    if table.intake.note:
        cells[table.intake.note] = note
    return Row(cells, place)


def _members(task: Task, name: str) -> list[str]:
    return task.catalog.economies.aggregates[name].members


def _summed(reading: Reading, task: Task) -> Reading:
    """Add up the aggregates that the catalogue wants added up, then drop the unkept members.

    A sum says in its note how many members it covers, and is made only where nine of ten report:
    with fewer it would be another quantity under the same name.
    """
    if not reading.table:
        return reading
    table = task.catalog.table(reading.table)
    column = next(c.name for c in table.columns if c.type == "number")
    rows = list(reading.rows)
    for name in table.intake.sums:
        members = _members(task, name)
        years = sorted({row.cells[str(table.year)] for row in rows})
        for year in years:
            of_year = [
                row
                for row in rows
                if row.cells[str(table.year)] == year and row.cells["economy"] in members
            ]
            count = len({row.cells["economy"] for row in of_year})
            if count * 10 < len(members) * 9:
                reading.left_out[f"{name}: years in which too few members report"] += 1
                continue
            total = sum((Decimal(row.cells[column]) for row in of_year), Decimal(0))
            note = f"sum of {count}/{len(members)} members"
            place = Place(reading.sheet.name)
            reading.rows.append(_row(table, name, year, total, place, note))
    kept = [row for row in reading.rows if row.cells["economy"] in task.catalog.codes(table.name)]
    dropped = {row.cells["economy"] for row in reading.rows} - {r.cells["economy"] for r in kept}
    if dropped:
        reading.left_out["economies that only count in a sum"] += len(dropped)
    reading.rows = kept
    return reading


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _ragged(reading: Reading, place: Place, row: Sequence[str], header: Sequence[str]) -> None:
    message = f"{cell_count(len(row))} where the header has {len(header)}: cut off?"
    reading.wrong(place, message, "Download it again.", "ragged")
