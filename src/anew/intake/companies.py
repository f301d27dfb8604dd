"""Lists of companies, one a row: counted by economy and by year; the companies are not stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from anew.catalog import Table, last_day
from anew.errors import AnewError
from anew.intake import quantities
from anew.intake.reading import Place, Reading, Row, Task, find, not_for, suggest_code
from anew.intake.sheets import Sheet, Unreadable


def _headings(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_COMPANY = _headings(
    "company|company name|organization name|organization|name|公司|公司名称|企业|企业名称"
)
_VALUATION = _headings(
    "valuation|valuation ($b)|valuation ($bn)|valuation ($m)|valuation (us$ billion)|"
    "valuation (billion us$)|valuation (usd)|latest valuation|last valuation|"
    "post money valuation|post money value|post money value (in usd)|"
    "估值|估值（十亿美元）|估值（亿美元）|估值(十亿美元)|估值(亿美元)|最新估值"
)
_JOINED = _headings(
    "date joined|joined|year joined|date added|unicorn date|date became unicorn|"
    "joined unicorn club|入榜日期|加入日期|入榜年份"
)
_COUNTRY = _headings(
    "country|country/region|headquarters country|hq country|country code|economy|"
    "国家|国家/地区|国家或地区|经济体|所在国家"
)
_LOCATION = _headings("headquarters location|headquarters|location|总部所在地")
_FOUNDED = _headings("founded year|year founded|founded|founded date|成立年份|成立时间|成立日期")
_CITY = _headings("city|城市")
_NO_VALUATION = {"", "-", "–", "n/a", "N/A", "None"}


@dataclass(frozen=True)
class _List:
    """The companies of a list, column by column: as long as the list, in its order."""

    rows: list[int]
    codes: list[str]
    valuations: list[Decimal | None]
    years: dict[str, list[int | None]]


def recognise(sheet: Sheet) -> str:
    """Return `companies` for a sheet with a company, a valuation and a country in its header."""
    header = sheet.head[0] if sheet.head else []
    where = (find(header, *_COUNTRY), find(header, *_LOCATION))
    named = find(header, *_COMPANY) is not None and find(header, *_VALUATION) is not None
    return "companies" if named and any(n is not None for n in where) else ""


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return a reading for every table that the list has the columns for."""
    sheet = sheets[0]
    tables = task.tables("companies")
    if len(sheets) > 1:
        names = ", ".join(s.name for s in sheets)
        raise AnewError(f"Several lists at once: {names}.", "Bring in one list at a time.")
    if not tables:
        raise not_for(task, sheet, "a list of companies")
    header = sheet.head[0]
    has = {"joined": find(header, *_JOINED), "founded": find(header, *_FOUNDED), None: 0}
    chosen = [table for table in tables if has[table.intake.by] is not None]
    if not chosen:
        raise AnewError(f"{sheet.name} has no column for {tables[0].name}.", "See the catalogue.")
    first = Reading("list of companies", chosen[0].name, sheet)
    companies = _companies(sheet, first, chosen, task)
    if first.problems:
        return [first]
    readings = [first, *(Reading(first.format, table.name, sheet) for table in chosen[1:])]
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


def _companies(sheet: Sheet, reading: Reading, tables: Sequence[Table], task: Task) -> _List:
    """Read the list, noting all that is wrong; a text that comes again is judged once."""
    header = sheet.head[0]
    named, valued = find(header, *_COMPANY) or 0, find(header, *_VALUATION) or 0
    placed = find(header, *_COUNTRY)
    located = find(header, *_LOCATION) or 0
    joined, founded = find(header, *_JOINED), find(header, *_FOUNDED)
    city = find(header, *_CITY)
    table = next((t for t in tables if t.intake.valuation), None)
    judge = _Judge(table, task, _power(header[valued]))
    found = _List([], [], [], {"joined": [], "founded": []})
    unknown: Counter[str] = Counter()
    first_row: dict[str, int] = {}
    seen: dict[tuple[str, str, str, str], int] = {}
    try:
        rows = sheet.rows()
        next(rows)
        for line, row in rows:
            if len(row) != len(header):
                message = f"{len(row)} cells where the header has {len(header)}: cut off?"
                reading.wrong(Place(sheet.name, line), message, "Download it again.", "ragged")
                continue
            country = row[placed] if placed is not None else row[located].rsplit(",", 1)[-1]
            code = judge.code(country)
            if code is None:
                unknown[country] += 1
                first_row.setdefault(country, line)
                continue
            found.rows.append(line)
            found.codes.append(code)
            value, fault = judge.valuation(row[valued])
            found.valuations.append(value)
            if fault:
                _wrong(reading, sheet, line, header[valued], fault, row[valued])
            for key, column in (("joined", joined), ("founded", founded)):
                year, fault = judge.year(row[column]) if column is not None else (None, None)
                found.years[key].append(year)
                if fault:
                    _wrong(reading, sheet, line, header[column or 0], fault, row[column or 0])
            identity = (
                row[named].casefold(),
                code,
                row[city] if city is not None else "",
                row[joined] if joined is not None else "",
            )
            if seen.setdefault(identity, line) != line:
                message = f"{row[named]!r} is in the list twice, first in row {seen[identity]}."
                reading.wrong(Place(sheet.name, line), message, "Keep one.", "duplicate")
    except Unreadable as error:
        reading.problems.append(error.problem)
    _rarities(reading, sheet, header[valued], judge, found)
    heading = header[placed if placed is not None else located]
    for country, count in sorted(unknown.items()):
        message = f"unknown country {country!r}, rows: {count}." if country else "no country."
        place = Place(sheet.name, first_row[country], heading)
        reading.wrong(place, message, suggest_code(task, country), "economy", country)
    return found


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


#: A value, and what is wrong with it: a problem's code, its message and hint.
_Fault = tuple[str, str, str] | None


class _Judge:
    """What a text of the list means and what is wrong with it, remembered by text."""

    def __init__(self, table: Table | None, task: Task, power: int) -> None:
        self.table, self.names, self.power = table, task.names, power
        self.last = last_day(task.vintage.split("_")[0]).year if task.vintage else 9999
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
        if not text:
            return None, None
        year = quantities.year(text, 2000)
        if year is None:
            return None, ("year", f"{text!r} is no date.", "")
        if year > self.last:
            message = f"{year} lies after the vintage, which is of {self.last}."
            return year, ("future", message, "Is this the right vintage?")
        return year, None

    def _valuation(self, text: str) -> tuple[Decimal | None, _Fault]:
        if text in _NO_VALUATION:
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


def _power(heading: str) -> int:
    """Return the power of ten that a heading gives its bare numbers; billions if it is silent."""
    plain = heading.casefold()
    if "十亿" in plain or "($b" in plain or "billion" in plain:
        return 9
    if "亿" in plain:
        return 8
    if "($m" in plain or "million" in plain:
        return 6
    return 0 if "usd" in plain else 9


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
