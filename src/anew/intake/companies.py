"""Lists of companies, one a row: counted by economy and by year; the companies are not stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from anew.intake import quantities
from anew.intake.company_header import Header, as_of, header_of
from anew.intake.reading import (
    Place,
    Reading,
    Row,
    Task,
    cell_count,
    date_of,
    not_for,
    suggest_code,
)
from anew.intake.sheets import Sheet, Unreadable
from anew.project.errors import AnewError
from anew.tables.catalog import Table, last_day

_NOTHING = {"", "-", "–", "n/a", "N/A", "None"}


@dataclass(frozen=True)
class _List:
    """The companies of a list, column by column: as long as the list, in its order."""

    rows: list[int]
    codes: list[str]
    valuations: list[Decimal | None]
    years: dict[str, list[int | None]]


def recognise(sheet: Sheet) -> str:
    """Return `companies` for a sheet with a company, a valuation and a country in its header."""
    return "companies" if header_of(sheet) else ""


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return a reading for every table that the list has the columns for."""
    sheet = sheets[0]
    tables = task.tables("companies")
    if len(sheets) > 1:
        names = ", ".join(s.name for s in sheets)
        raise AnewError(f"Several lists at once: {names}.", "Bring in one list at a time.")
    if not tables:
        raise not_for(task, sheet, "a list of companies")
    header = header_of(sheet)
    assert header is not None
    has = {"joined": header.joined, "founded": header.founded, None: 0}
    chosen = [table for table in tables if has[table.intake.by] is not None]
    if not chosen:
        raise AnewError(f"{sheet.name} has no column for {tables[0].name}.", "See the catalogue.")
    published = as_of(sheet)
    first = Reading("list of companies", chosen[0].name, sheet, published)
    companies = _companies(sheet, header, first, chosen, task)
    if first.problems:
        return [first]
    others = (Reading(first.format, table.name, sheet, published) for table in chosen[1:])
    readings = [first, *others]
    for reading, table in zip(readings, chosen, strict=True):
        _count(reading, table, companies, task)
    for table in tables:
        if table not in chosen:
            missing = f"the list has no column for the year {table.intake.by}"
            first.remarks.append(f"{table.name} is not made: {missing}")
    for reading in readings[1:]:
        if not reading.rows:
            first.remarks.append(f"{reading.table} is not made: no company has a year for it")
    return [reading for reading in readings if reading is first or reading.rows]


def _companies(
    sheet: Sheet, header: Header, reading: Reading, tables: Sequence[Table], task: Task
) -> _List:
    """Read the list, noting all that is wrong; a text that comes again is judged once."""
    cells, named, valued = header.cells, header.named, header.valued
    currency = header.currency
    table = next((t for t in tables if t.intake.valuation), None)
    judge = _Judge(table, task, header.power, date_of(reading, task))
    found = _List([], [], [], {"joined": [], "founded": []})
    unknown: dict[str, list[int]] = defaultdict(list)
    seen: dict[tuple[str, str, str, str], int] = {}
    below: list[tuple[int, list[str]]] = []
    try:
        for line, row in sheet.body(cells):
            if sum(map(bool, row)) == 1:
                below.append((line, row))
                continue
            if below:
                _no_companies(reading, sheet, below)
                below = []
            if len(row) != len(cells):
                message = f"{cell_count(len(row))} where the header has {len(cells)}: cut off?"
                reading.wrong(Place(sheet.name, line), message, "Download it again.", "ragged")
                continue
            country = row[header.country]
            country = country.rsplit(",", 1)[-1] if header.located else country
            code = judge.code(country)
            if code is None:
                unknown[country.strip()].append(line)
                continue
            found.rows.append(line)
            found.codes.append(code)
            value, fault = judge.valuation(row[valued])
            found.valuations.append(value)
            if fault:
                _wrong(reading, sheet, line, cells[valued], fault, row[valued])
            for key, column in (("joined", header.joined), ("founded", header.founded)):
                year, fault = judge.year(row[column]) if column is not None else (None, None)
                found.years[key].append(year)
                if fault:
                    _wrong(reading, sheet, line, cells[column or 0], fault, row[column or 0])
            identity = (
                row[named].casefold(),
                code,
                row[header.city] if header.city is not None else "",
                row[header.joined] if header.joined is not None else "",
            )
            if seen.setdefault(identity, line) != line:
                message = f"{row[named]!r} is in the list twice, first in row {seen[identity]}."
                reading.wrong(Place(sheet.name, line), message, "Keep one.", "duplicate")
            if currency is not None and row[currency] not in ("USD", ""):
                message = f"a valuation in {row[currency]}."
                hint = "Export the list with the column of valuations in US dollars."
                fault = ("unit", message, hint)
                _wrong(reading, sheet, line, cells[currency], fault, row[currency])
    except Unreadable as error:
        reading.problems.append(error.problem)
    if below:
        reading.remarks.append(f"lines of text below the list, not taken: {len(below)}")
    _rarities(reading, sheet, cells[valued], judge, found)
    heading = cells[header.country]
    for country, lines in sorted(unknown.items()):
        message = f"unknown country {country!r}, rows: {len(lines)}." if country else "no country."
        hint = suggest_code(task, country, countries=True) if country else "Fill it in."
        for line in lines:
            reading.wrong(Place(sheet.name, line, heading), message, hint, "economy", country)
    return found


def _no_companies(reading: Reading, sheet: Sheet, lines: Iterable[tuple[int, list[str]]]) -> None:
    """Refuse lines with one cell among the companies; below the last one they are a footer."""
    for line, _ in lines:
        message = "one cell alone, among the companies."
        hint = "Complete the row, or take it out if it is no company."
        reading.wrong(Place(sheet.name, line), message, hint, "ragged")


def _rarities(reading: Reading, sheet: Sheet, column: str, judge: _Judge, found: _List) -> None:
    """Tell of valuations that hardly any company has; more than one in a hundred is no rarity."""
    bounds = judge.table.intake.each if judge.table else None
    if bounds is None or bounds.rarely is None or reading.problems:
        return
    limit = Decimal(str(bounds.rarely)).scaleb(judge.table.intake.scale if judge.table else 0)
    high = [
        row
        for row, value in zip(found.rows, found.valuations, strict=True)
        if value and value > limit
    ]
    unit = (judge.table.column(str(judge.table.intake.valuation)).unit or {}).get("en", "")
    if len(high) * 100 > len(found.codes):
        message = (
            f"above {bounds.rarely:g} {unit}: {len(high)} of the list, here first: mixed units?"
        )
        hint = "Give every sum in one unit."
        reading.wrong(Place(sheet.name, high[0], column), message, hint, "unit")
    elif high:
        rows = ", ".join(map(str, high))
        reading.remarks.append(f"valued above {bounds.rarely:g} {unit}: look at row {rows}")


def _wrong(
    reading: Reading, sheet: Sheet, line: int, column: str, fault: tuple[str, str, str], value: str
) -> None:
    code, message, hint = fault
    reading.wrong(Place(sheet.name, line, column), message, hint, code, value)


_DATES = "Dates are read as 2021-05-06, 5/6/2021, 6 May 2021, 2021年5月6日 or 2021."
#: A value, and what is wrong with it: a problem's code, its message and hint.
_Fault = tuple[str, str, str] | None


class _Judge:
    """What a text of the list means and what is wrong with it, remembered by text."""

    def __init__(self, table: Table | None, task: Task, power: int, date: str | None) -> None:
        self.table, self.names, self.power = table, task.names, power
        self.last = last_day(date).year if date else 9999
        self._sums: dict[str, tuple[Decimal | None, _Fault]] = {}
        self._years: dict[str, tuple[int | None, _Fault]] = {}
        self._codes: dict[str, str | None] = {}

    def code(self, text: str) -> str | None:
        if text not in self._codes:
            code = self.names.resolve(text)
            self._codes[text] = code if code and self.names.is_country(code) else None
        return self._codes[text]

    def year(self, text: str) -> tuple[int | None, _Fault]:
        if text not in self._years:
            self._years[text] = self._year(text.strip())
        return self._years[text]

    def valuation(self, text: str) -> tuple[Decimal | None, _Fault]:
        if text not in self._sums:
            self._sums[text] = self._valuation(text.strip())
        return self._sums[text]

    def _year(self, text: str) -> tuple[int | None, _Fault]:
        if text in _NOTHING:
            return None, None
        year = quantities.year(text, 2000)
        if year is None:
            return None, ("year", f"{text!r} is no date.", _DATES)
        if year > self.last:
            message = f"{year} lies after the vintage, which is of {self.last}."
            return year, ("future", message, "Is this the right vintage?")
        return year, None

    def _valuation(self, text: str) -> tuple[Decimal | None, _Fault]:
        if text in _NOTHING:
            return None, None
        value = quantities.money(text, self.power)
        if value is None:
            hint = "Sums are read as $1.2B, 900M, 12亿美元 or 1.2, in US dollars."
            return None, ("number", f"{text!r} is not a sum of US dollars.", hint)
        if value < 0:
            return value, ("range", f"{text} is negative.", "")
        if self.table is None or self.table.intake.each is None:
            return value, None
        bounds = self.table.intake.each
        scaled = value.scaleb(-self.table.intake.scale)
        if bounds.minimum <= scaled <= bounds.maximum:
            return value, None
        unit = (self.table.column(str(self.table.intake.valuation)).unit or {}).get("en", "")
        message = (
            f"{text} would be {quantities.written(scaled)} {unit}, outside "
            f"{bounds.minimum:g} to {bounds.maximum:g}: mixed units?"
        )
        return value, ("unit", message, "Give every sum in one unit.")


def _count(reading: Reading, table: Table, companies: _List, task: Task) -> None:
    """Count the companies into the rows of one table, aggregates among them."""
    members = task.catalog.economies.aggregates
    groups: dict[str, list[str]] = defaultdict(list)
    for name in table.intake.sums:
        for member in members[name].members:
            groups[member].append(name)
    totals = [name for name in table.intake.sums if not members[name].members]
    counts: Counter[tuple[str, ...]] = Counter()
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for (code, year, value), count in _tally(table, companies).items():
        when = _when(reading, table, year, count)
        if when is None:
            continue
        own = [code] if task.keeps(table, code) else []
        for name in (*own, *groups[code], *totals):
            counts[name, *when] += count
            sums[name, *when] += (value or 0) * count
    if table.intake.valuation and (without := companies.valuations.count(None)):
        reading.noted["companies without a valuation, counted all the same"] += without
    for key, count in sorted(counts.items()):
        cells = dict(zip(("economy", str(table.year)), key, strict=False))
        cells[str(table.intake.count)] = str(count)
        if table.intake.valuation:
            scaled = sums[key].scaleb(-table.intake.scale)
            cells[table.intake.valuation] = quantities.written(scaled)
        reading.rows.append(Row(cells, Place(reading.sheet.name)))
    reading.remarks.append(f"{len(companies.codes):,} companies in the list")


def _tally(table: Table, companies: _List) -> Counter[tuple[str, int | None, Decimal | None]]:
    """Return how many companies share economy, year and valuation, as far as the table asks."""
    nothing: list[None] = [None] * len(companies.codes)
    years = companies.years[table.intake.by] if table.intake.by else nothing
    values = companies.valuations if table.intake.valuation else nothing
    return Counter(zip(companies.codes, years, values, strict=True))


def _when(reading: Reading, table: Table, year: int | None, count: int) -> tuple[str, ...] | None:
    """Return the year as a part of the key; None for companies that the table leaves out."""
    if not table.intake.by:
        return ()
    if year is None:
        reading.left_out[f"companies without the year {table.intake.by}"] += count
        return None
    minimum = table.column(str(table.year)).minimum
    if minimum is not None and year < minimum:
        reading.left_out[f"companies {table.intake.by} before {minimum:g}"] += count
        return None
    return (str(year),)
