"""The World Bank's files: an indicator's wide CSV, the bulk WDI file, DataBank's, the API's pages.

Wide: preamble with Data Source and Last Updated Date, then Country Name, Country Code, Indicator
Name, Indicator Code and a column a year, the last column empty. https://data.worldbank.org
DataBank: Series Name and Series Code, in any order, columns as `2023 [YR2023]`, the date below the
rows as month, day, year. https://databank.worldbank.org
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anew.intake.quantities import number, written
from anew.intake.reading import (
    NO_NUMBER,
    Place,
    Reading,
    Row,
    Task,
    cell_count,
    date_of,
    not_for,
    published_on,
)
from anew.intake.sheets import Sheet, Unreadable
from anew.project.errors import AnewError, unknown
from anew.tables.catalog import Table, last_day

_METADATA = {"countrycode", "indicatorcode", "seriescode"}
_YEAR = re.compile(r"\d{4}", re.ASCII)
_YEAR_COLUMN = re.compile(r"(\d{4})(?: \[YR\1\])?", re.ASCII)
_FOOTER = re.compile(r"Data from database: .*|Last Updated: *(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{2,3}")
#: What the database's other exports write in a cell without a value.
_MISSING = {"", ".."}
#: The Bank's own groups, which are no economies: https://data.worldbank.org/country (aggregates).
_GROUPS = frozenset(
    "AFE AFR AFW ARB CEA CEB CEU CHI CLA CME CSA CSS EAP EAR EAS ECA ECS EMU EUU FCS FXS HIC HPC "
    "IBB IBD IBT IDA IDB IDX INX LAC LCN LDC LIC LMC LMY LTE MCA MDE MEA MIC MNA NAC NRS OED OSS "
    "PRE PSS PST RRS SAS SSA SSF SST SXZ TEA TEC TLA TMN TSA TSS UMC WLD XKX XZN".split()
)


@dataclass(frozen=True)
class _Layout:
    """Where a wide file has name and code of the economy, the series' code, and each year."""

    name: int
    code: int
    series: int
    years: tuple[tuple[int, str], ...]
    width: int


def _layout(row: Sequence[str]) -> _Layout | None:
    """Return the layout that a header says, None for a row that is no header."""
    cells = [cell.strip() for cell in row]
    kind = "Series" if "Series Code" in cells else "Indicator"
    wanted = ("Country Name", "Country Code", f"{kind} Code")
    if not all(cell in cells for cell in wanted):
        return None
    years = tuple((n, m[1]) for n, cell in enumerate(cells) if (m := _YEAR_COLUMN.fullmatch(cell)))
    name, code, series = (cells.index(cell) for cell in wanted)
    return _Layout(name, code, series, years, len(row)) if years else None


def recognise(sheet: Sheet) -> str:
    """Return `wide`, `pages`, `metadata` or nothing."""
    if sheet.json is not None:
        return "pages" if _is_page(sheet.json) else ""
    if sheet.header(lambda row: _layout(row) is not None):
        return "wide"
    first = sheet.head[0][0] if sheet.head else ""
    return "metadata" if "".join(first.split()).replace("_", "").lower() in _METADATA else ""


def error(sheet: Sheet) -> str | None:
    """Return what the API says in an answer that is an error, None for any other sheet."""
    try:
        return str(sheet.json[0]["message"][0]["value"])
    except (TypeError, LookupError):
        return None


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return a reading for every table whose indicator is in one of the sheets of one file."""
    tables = {table.code: table for table in task.tables("world_bank") if table.code}
    wide = [sheet for sheet in sheets if recognise(sheet) == "wide"]
    pages = [sheet for sheet in sheets if recognise(sheet) == "pages"]
    if task.table is not None and not tables:
        raise not_for(task, (wide + pages)[0], "a file of the World Bank")
    known = _countries(sheets)
    readings = [reading for sheet in wide for reading in _wide(sheet, tables, known, task)]
    return readings + (_pages(pages, tables, task) if pages else [])


def _countries(sheets: Sequence[Sheet]) -> frozenset[str]:
    """Return the codes in the country list that lies beside the data, if it does."""
    for sheet in sheets:
        if recognise(sheet) == "metadata" and sheet.head[0][0] == "Country Code":
            try:
                return frozenset(row[0] for _, row in sheet.rows()) - {sheet.head[0][0]}
            except Unreadable:
                return frozenset()  # the data sheet is what counts
    return frozenset()


def _wide(
    sheet: Sheet, tables: dict[str, Table], known: frozenset[str], task: Task
) -> list[Reading]:
    header = sheet.header(lambda row: _layout(row) is not None) or []
    layout = _layout(header)
    assert layout is not None
    format, published = _published(sheet, header, task)
    readings: dict[str, Reading] = {}
    others: dict[str, int] = {}
    said: dict[str, dict[str, int]] = {}
    try:
        for line, row in sheet.body(header):
            if _FOOTER.fullmatch(row[0].strip()) and not any(row[1:]):
                continue
            code = row[layout.series].strip() if len(row) > layout.series else ""
            table = tables.get(code)
            if table is None and len(row) > layout.series and code:
                others[code] = others.get(code, 0) + 1
                continue
            reading = readings.setdefault(code, Reading(format, code, sheet, published))
            place = Place(sheet.name, line)
            if table is None or len(row) != layout.width:
                message = f"{cell_count(len(row))} where the header has {layout.width}: cut off?"
                reading.wrong(place, message, "Download it again.", "ragged")
                continue
            reading.table, reading.worldwide = table.name, True
            economy, rows = row[layout.code], said.setdefault(code, {})
            # of an economy that is kept it is told year by year
            if rows.setdefault(economy, line) != line and not task.keeps(table, economy):
                message = f"{economy} is there twice, first in row {rows[economy]}."
                hint = "Keep the right one; the file cannot say which that is."
                reading.wrong(place, message, hint, "duplicate", economy)
                continue
            values = ((header[n].strip(), year, row[n].strip()) for n, year in layout.years)
            _take(reading, table, row[layout.name], economy, values, place, known, task)
    except Unreadable as error:
        broken = Reading(format, "", sheet, published, problems=[error.problem])
        return [*readings.values(), broken]
    if not readings:
        raise _no_table(sheet, others, tables, task)
    for code, reading in readings.items():
        lost = sorted(known - said.get(code, {}).keys())
        if lost and not reading.problems:
            message = f"no row for {', '.join(lost[:5])}, which the country list beside it names."
            reading.wrong(Place(sheet.name), message, "Download it again.", "truncated")
        if others:
            reading.remarks.append(f"{len(others)} other indicators are in the file")
    return list(readings.values())


def _published(sheet: Sheet, header: Sequence[str], task: Task) -> tuple[str, str | None]:
    """Return what kind of wide file it is, and when it says that it was updated."""
    if "Series Code" in (cell.strip() for cell in header):
        try:
            dates = [m for _, row in sheet.rows() if (m := _FOOTER.fullmatch(row[0].strip()))]
        except Unreadable:
            dates = []  # the rows are read again, and it is told there
        return "World Bank DataBank", next((f"{m[3]}-{m[1]}-{m[2]}" for m in dates if m[1]), None)
    for row in sheet.head:
        if row[0].strip() == "Last Updated Date" and len(row) > 1:
            where = f"{sheet.name}, Last Updated Date"
            return "World Bank CSV", published_on(row[1].strip(), where, task)
    return "World Bank CSV", None


def _no_table(
    sheet: Sheet, codes: Iterable[str], tables: dict[str, Table], task: Task
) -> AnewError:
    found = sorted(codes)
    if len(found) == 1:
        return unknown("indicator", found[0], tables, f"{sheet.name}; no table has this code")
    listed = ", ".join(sorted(tables))
    return AnewError(
        f"{sheet.name} holds {len(found)} indicators, none of a table of the catalogue.",
        f"Indicators with a table: {listed}.",
    )


def _take(
    reading: Reading,
    table: Table,
    name: str,
    code: str,
    values: Iterable[tuple[str, str, str]],
    place: Place,
    known: frozenset[str],
    task: Task,
) -> None:
    """Check one economy's row, kept or not, and take its values if it is kept.

    `values` are the column's name, the year and the cell.
    """
    fault = _economy_fault(name, code, known, task)
    if fault:
        at = Place(place.file, place.row, "Country Code")
        hint = task.names.suggest(name) or (
            "Download it again. New groups of the Bank's own are known from the list of countries "
            "that the zip has beside the data."
        )
        reading.wrong(at, fault, hint, "economy", code)
        return
    keep = task.keeps(table, code)
    reading.seen.add(code)
    date = date_of(reading, task)
    last = last_day(date).year if date else 9999
    taken = 0
    for column, year, cell in values:
        at = Place(place.file, place.row, column)
        if cell in _MISSING:
            continue
        value = number(cell)
        if value is None:
            reading.wrong(at, f"{cell!r} is not a number.", NO_NUMBER, "number", cell)
        elif int(year) > last:
            message = f"a value for {year}, which lies after the vintage ({last})."
            reading.wrong(at, message, "Is this the right vintage?", "future", cell)
        elif keep:
            taken += 1
            reading.rows.append(_row(table, code, year, value, at))
    if not keep:
        reading.left_out["economies and groups that the catalogue does not keep"] += 1
    elif not taken:
        reading.left_out[f"{code}: no value in any year"] += 1


def _row(table: Table, code: str, year: str, value: Decimal, at: Place) -> Row:
    column = next(c.name for c in table.columns if c.type in ("number", "integer"))
    if table.intake.scale:
        value = value.scaleb(-table.intake.scale)
    return Row({"economy": code, str(table.year): year, column: written(value)}, at)


def _economy_fault(name: str, code: str, known: frozenset[str], task: Task) -> str:
    """Return what is wrong with an economy's name and code, which must agree."""
    meant = task.names.resolve(name)
    if not _CODE.fullmatch(code):
        return f"{code!r} is no country code; are the columns swapped?"
    if task.names.is_country(code):
        if meant and meant != code:
            return f"the code is {code} and the name, {name!r}, is that of {meant}."
        return ""
    if meant and task.names.is_country(meant):
        return f"unknown economy {code!r}: the name, {name!r}, has the code {meant}."
    groups = known | _GROUPS | set(task.catalog.economies.aggregates)
    return "" if code in groups else f"unknown economy {code!r}, {name!r}."


def _is_page(document: Any) -> bool:
    """Return whether a JSON document is a page of the API: a head, then observations."""
    return (
        isinstance(document, list)
        and len(document) == 2
        and isinstance(document[0], dict)
        and all(isinstance(document[0].get(key), int) for key in ("page", "pages", "total"))
        and (document[1] is None or isinstance(document[1], list))
    )


def _pages(sheets: Sequence[Sheet], tables: dict[str, Table], task: Task) -> list[Reading]:
    readings: dict[str, Reading] = {}
    groups: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        rows = sheet.json[1] or []
        code = rows[0].get("indicator", {}).get("id", "") if rows else ""
        groups.setdefault(code, []).append(sheet)
    for code, group in sorted(groups.items()):
        if code not in tables:
            raise _no_table(group[0], [code], tables, task)
        updated = group[0].json[0].get("lastupdated")
        if updated is not None:
            updated = published_on(str(updated), f"{group[0].name}, lastupdated", task)
        reading = Reading("World Bank API", tables[code].name, group[0], updated)
        reading.worldwide = True
        readings[code] = reading
        _whole(reading, group)
        for sheet in sorted(group, key=lambda s: s.json[0]["page"]):
            for n, row in enumerate(sheet.json[1] or [], 1):
                _observation(reading, tables[code], row, Place(sheet.name, n), task)
    return list(readings.values())


def _whole(reading: Reading, sheets: Sequence[Sheet]) -> None:
    """Check that the pages are all there and of one state of the database."""
    heads = [sheet.json[0] for sheet in sheets]
    place = Place(sheets[0].name)
    here, must = sorted(head["page"] for head in heads), heads[0]["pages"]
    if here != list(range(1, must + 1)):
        message = f"pages {', '.join(map(str, here))} of {must}."
        reading.wrong(place, message, "Give every page once.", "pages")
    if len({head.get("lastupdated") for head in heads}) > 1:
        message = "the pages were updated on different days."
        reading.wrong(place, message, "Fetch them again, all at once.", "pages")
    rows = sum(len(sheet.json[1] or []) for sheet in sheets)
    if here == list(range(1, must + 1)) and rows != heads[0]["total"]:
        message = f"{rows} observations where the API says {heads[0]['total']}."
        reading.wrong(place, message, "Fetch them again.", "pages")


def _observation(reading: Reading, table: Table, row: Any, place: Place, task: Task) -> None:
    try:
        name, code = row["country"]["value"], row["countryiso3code"]
        year, value = str(row["date"]), row["value"]
        indicator = row["indicator"]["id"]
    except (TypeError, KeyError) as error:
        reading.wrong(place, f"an observation without {error}.", "Fetch it again.", "pages")
        return
    if indicator != table.code:
        reading.wrong(place, f"{indicator} among {table.code}.", "Fetch it again.", "pages")
    if not code:  # the API gives groups that have no code of three letters an empty one
        reading.left_out["observations of groups without a code"] += 1
        return
    if not _YEAR.fullmatch(year):
        reading.wrong(place, f"{year!r} is not a year.", "", "year", year)
        return
    cell = "" if value is None else str(value)
    _take_observation(reading, table, name, code, (year, cell), place, task)


def _take_observation(
    reading: Reading,
    table: Table,
    name: str,
    code: str,
    value: tuple[str, str],
    place: Place,
    task: Task,
) -> None:
    before = reading.left_out.copy()
    _take(reading, table, name, code, [(value[0], *value)], place, frozenset(), task)
    if reading.left_out != before:  # counted by economy there, by observation here
        reading.left_out = before
        kept = task.keeps(table, code)
        reason = "without a value" if kept else "of economies that the catalogue does not keep"
        reading.left_out[f"observations {reason}"] += 1
