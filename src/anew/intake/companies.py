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


@dataclass
class _Company:
    code: str
    valuation: Decimal | None
    joined: int | None
    founded: int | None
    place: Place


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
    readings = [first, *(Reading(first.format, table.name, sheet) for table in chosen[1:])]
    for reading, table in zip(readings, chosen, strict=True):
        _count(reading, table, companies, task)
    for table in tables:
        if table not in chosen:
            missing = f"the list has no column for the year {table.intake.by}"
            first.remarks.append(f"{table.name} is not made: {missing}")
    return readings


def _companies(
    sheet: Sheet, reading: Reading, tables: Sequence[Table], task: Task
) -> list[_Company]:
    header = sheet.head[0]
    at = {
        "name": find(header, *_COMPANY),
        "country": find(header, *_COUNTRY),
        "location": find(header, *_LOCATION),
        "valuation": find(header, *_VALUATION),
        "joined": find(header, *_JOINED),
        "founded": find(header, *_FOUNDED),
        "city": find(header, *_CITY),
    }
    table = next((t for t in tables if t.intake.valuation), None)
    power = _power(header[at["valuation"] or 0])
    last = last_day(task.vintage.split("_")[0]).year if task.vintage else 9999
    years = _Years(last)
    sums: dict[str, Decimal | None] = {}
    found: list[_Company] = []
    unknown: Counter[str] = Counter()
    first_row: dict[str, Place] = {}
    twice: dict[tuple[str, ...], int] = {}
    try:
        rows = sheet.rows()
        next(rows)
        for line, row in rows:
            if len(row) != len(header):
                message = f"{len(row)} cells where the header has {len(header)}: cut off?"
                reading.wrong(Place(sheet.name, line), message, "Download it again.", "ragged")
                continue
            cells = {key: row[n].strip() if n is not None else "" for key, n in at.items()}
            country = cells["country"] or cells["location"].rsplit(",", 1)[-1].strip()
            code = task.names.resolve(country)
            if code is None or not task.names.is_country(code):
                unknown[country] += 1
                first_row.setdefault(country, Place(sheet.name, line, _heading(header, at)))
                continue
            identity = tuple(cells[key].casefold() for key in ("name", "city", "joined")) + (code,)
            if identity in twice:
                message = f"{cells['name']!r} is in the list twice, first in row {twice[identity]}."
                reading.wrong(Place(sheet.name, line), message, "Keep one.", "duplicate")
            twice.setdefault(identity, line)
            text = cells["valuation"]
            if text not in sums:
                sums[text] = quantities.money(text, power) if text else None
            company = _Company(
                code,
                sums[text],
                years.read(cells["joined"]),
                years.read(cells["founded"]),
                Place(sheet.name, line),
            )
            _faults(reading, company, cells, header, at, table, last)
            found.append(company)
    except Unreadable as error:
        reading.problems.append(error.problem)
    for country, count in sorted(unknown.items()):
        message = f"unknown country {country!r}, {count} times." if country else "no country."
        hint = suggest_code(task, country)
        reading.wrong(first_row[country], message, hint, "economy", country)
    return found


class _Years:
    """Years of dates, each text read once; -1 stands for text that is no date."""

    def __init__(self, last: int) -> None:
        self.last, self.seen = last, {"": None}

    def read(self, text: str) -> int | None:
        if text not in self.seen:
            found = quantities.year(text, 2000)
            self.seen[text] = -1 if found is None else found
        return self.seen[text]


def _heading(header: Sequence[str], at: dict[str, int | None]) -> str:
    column = at["country"] if at["country"] is not None else at["location"]
    return header[column or 0]


def _faults(
    reading: Reading,
    company: _Company,
    cells: dict[str, str],
    header: Sequence[str],
    at: dict[str, int | None],
    table: Table | None,
    last: int,
) -> None:
    """Note what is wrong with one company's valuation and years."""
    for key, year in (("joined", company.joined), ("founded", company.founded)):
        if year is None:
            continue
        place = Place(company.place.file, company.place.row, header[at[key] or 0])
        if year == -1:
            reading.wrong(place, f"{cells[key]!r} is no date.", "", "year", cells[key])
        elif year > last:
            message = f"{year} lies after the vintage, which is of {last}."
            reading.wrong(place, message, "Is this the right vintage?", "future", cells[key])
    text, value = cells["valuation"], company.valuation
    place = Place(company.place.file, company.place.row, header[at["valuation"] or 0])
    if value is None:
        if text not in ("", "-", "–", "n/a", "N/A"):
            hint = "Sums are read as $1.2B, 900M, 12亿美元 or 1.2, in US dollars."
            reading.wrong(place, f"{text!r} is not a sum of US dollars.", hint, "number", text)
    elif value < 0:
        reading.wrong(place, f"{text} is negative.", "", "range", text)
    elif table is not None and table.intake.each is not None:
        bounds = table.intake.each
        scaled = value.scaleb(-table.intake.scale)
        if not bounds.minimum <= scaled <= bounds.maximum:
            unit = (table.column(str(table.intake.valuation)).unit or {}).get("en", "")
            message = (
                f"{text} would be {quantities.written(scaled)} {unit}, outside "
                f"{bounds.minimum:g} to {bounds.maximum:g}: mixed units?"
            )
            reading.wrong(place, message, "Give every sum in one unit.", "unit", text)


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


def _count(reading: Reading, table: Table, companies: Sequence[_Company], task: Task) -> None:
    """Count the companies into the rows of one table, aggregates among them."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in table.intake.sums:
        for member in task.catalog.economies.aggregates[name].members:
            groups[member].append(name)
    totals = [n for n in table.intake.sums if not task.catalog.economies.aggregates[n].members]
    counts: Counter[tuple[str, ...]] = Counter()
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    minimum = table.column(table.year).minimum if table.year else None
    for company in companies:
        when: tuple[str, ...] = ()
        if table.intake.by:
            year = company.joined if table.intake.by == "joined" else company.founded
            if year is None or year == -1:
                reading.left_out[f"companies without the year {table.intake.by}"] += 1
                continue
            if minimum is not None and year < minimum:
                reading.left_out[f"companies {table.intake.by} before {minimum:g}"] += 1
                continue
            when = (str(year),)
        elif company.valuation is None:
            reading.noted["companies without a valuation, counted all the same"] += 1
        own = [company.code] if task.keeps(table, company.code) else []
        for code in (*own, *groups[company.code], *totals):
            counts[code, *when] += 1
            sums[code, *when] += company.valuation or 0
    for key, count in sorted(counts.items()):
        cells = dict(zip(("economy", str(table.year)), key, strict=False))
        cells[str(table.intake.count)] = str(count)
        if table.intake.valuation:
            scaled = sums[key].scaleb(-table.intake.scale)
            cells[table.intake.valuation] = quantities.written(scaled)
        reading.rows.append(Row(cells, Place(reading.sheet.name)))
    reading.remarks.append(f"{len(companies):,} companies in the list")
