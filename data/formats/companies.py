"""Lists of companies, one a row, counted by economy and by year; the companies are not stored.

A format plug-in of this report (see `anew.intake.formats`), named in data/catalog.yml. A list fills
every table of this format that it has the columns for. It says the unit of its valuations in the
heading, in the title or in a note; where it says none they are billions of US dollars.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from anew.intake import quantities, units
from anew.intake.headings import find, words
from anew.intake.reading import Place, Reading, Row, Task, date_of, not_for, ragged, suggest_code
from anew.intake.sheets import Sheet, Unreadable
from anew.intake.units import Unit
from anew.project.errors import AnewError
from anew.tables.catalog import Table, last_day

_COMPANY = (
    "company", "company name", "organization name", "organization", "name", "unicorn", "startup",
    "公司", "公司名称", "企业", "企业名称", "名称",
)  # fmt: skip
#: Of several columns the first in this order counts: sums in dollars before sums in any currency.
_VALUATION = (
    "post-money valuation currency (in usd)", "post-money valuation (in usd)", "valuation ($b)",
    "valuation (usd)", "valuation", "latest valuation", "last valuation", "current valuation",
    "post-money valuation", "post money value (in usd)", "post money value", "valuation usd",
    "valuation usd bn", "post money value usd", "valuation billions", "valuation usd billions",
    "估值", "最新估值", "公司估值", "企业估值",
)  # fmt: skip
_JOINED = (
    "date joined", "joined", "year joined", "date added", "unicorn date", "date became unicorn",
    "became unicorn", "joined unicorn club", "date joined unicorn club", "unicorn since",
    "入榜日期", "加入日期", "入榜年份", "入榜时间", "加入时间",
)  # fmt: skip
_FOUNDED = (
    "year founded", "founded", "founded date", "date founded", "founding year", "founding date",
    "成立年份", "成立时间", "成立日期",
)  # fmt: skip
_COUNTRY = (
    "country", "country/region", "headquarters country", "hq country", "country code", "economy",
    "country of origin", "国家", "国家/地区", "国家或地区", "经济体", "所在国家",
)  # fmt: skip
_LOCATION = (
    "headquarters location",
    "headquarters",
    "location",
    "hq location",
    "hq",
    "总部所在地",
    "总部",
)
_CITY = ("city", "城市", "headquarters city")
_RANK = {("rank",), ("no",), ("#",), ("id",), ("排名",), ("序号",), ()}
_AS_OF = re.compile(r"as of ([A-Za-z]+ \d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_NOTHING = {"", "-", "–", "—", "n/a", "N/A", "None", "nan", "未知", "unknown", "Unknown"}
_MONEY = re.compile(
    r"(?P<sign>US ?\$|USD|\$)? ?(?P<number>-?[\d,]+(?:\.\d+)?) ?"
    r"(?P<unit>k|m|mn|mm|million|b|bn|billion|t|tn|trillion|亿|十亿|百万|万|万亿)?\+?"
    r" ?(?P<dollars>USD|US\$|美元|dollars)?",
    re.IGNORECASE,
)
_POWERS = {
    "k": 3, "m": 6, "mn": 6, "mm": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12,
    "tn": 12, "trillion": 12, "万": 4, "百万": 6, "亿": 8, "十亿": 9, "万亿": 12,
}  # fmt: skip
_NAMED = {6: ("millions", "($M)"), 3: ("thousands", "($K)"), 8: ("亿美元", "(亿美元)"),
          0: ("dollars", "(USD)"), 9: ("billions", "($B)")}  # fmt: skip
_DATES = "Dates are read as 2021-05-06, 5/6/2021, 6 May 2021, 2021年5月6日 or 2021."
_BILLIONS = Unit(9, "USD", text="billions of US$")
_Fault = tuple[str, str, str] | None


class _Range(BaseModel):
    """Bounds of one company's valuation, and the one that hardly any of many passes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    minimum: float
    maximum: float
    rarely: float | None = None


class Settings(BaseModel):
    """What a table says under intake.settings: which year counts, which columns are filled."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    by: Literal["joined", "founded"] | None = None
    count: str
    valuation: str | None = None
    each: _Range | None = None


@dataclass(frozen=True)
class _Header:
    cells: list[str]
    company: int
    valuation: int
    country: int
    located: bool
    years: dict[str, int | None]
    city: int | None
    currency: int | None


@dataclass
class _Company:
    line: int
    code: str  # empty where the list has no country
    value: Decimal | None
    years: dict[str, int | None]
    row: list[str] = field(repr=False)


def recognise(sheet: Sheet) -> bool:
    """Return whether a header has a company, a valuation and a country or a place."""
    return _header(sheet) is not None


def lacking(sheet: Sheet) -> tuple[str, str] | None:
    """Return what a list of companies wants to be one, and what to do; None for other sheets."""
    for row in sheet.head:
        company = find(row, *_COMPANY) is not None
        valued = find(row, *_VALUATION) is not None
        placed = find(row, *_COUNTRY, *_LOCATION) is not None
        if company and valued + placed == 1 and sum(map(bool, row)) > 2:
            what = "countries" if valued else "valuations"
            hint = "Name the column of countries Country."
            if placed:
                hint = "Name the column Valuation, with its unit, such as Valuation ($B)."
            listed = ", ".join(cell for cell in row if cell.strip())
            return f"a list of companies without a column of {what}: {listed}.", hint
    return None


def read(sheets: Sequence[Sheet], task: Task) -> list[Reading]:
    """Return a reading for every table that the list has the columns for."""
    sheet = sheets[0]
    tables = task.tables("companies")
    if len(sheets) > 1:
        names = ", ".join(s.name for s in sheets)
        raise AnewError(f"Several lists at once: {names}.", "Bring in one: --sheet NAME.")
    if not tables:
        raise not_for(task, sheet, "a list of companies")
    header = _header(sheet)
    assert header is not None
    told = {table.name: Settings.model_validate(table.intake.settings) for table in tables}
    has = {"joined": header.years["joined"], "founded": header.years["founded"], None: 0}
    chosen = [table for table in tables if has[told[table.name].by] is not None]
    if not chosen:
        raise AnewError(f"{sheet.name} has no column for {tables[0].name}.", "See the catalogue.")
    first = Reading("list of companies", chosen[0].name, sheet, _as_of(sheet, header), judged=True)
    companies = _List(sheet, header, first, chosen, told, task).read()
    if first.problems:
        return [first]
    others = [
        Reading(first.format, t.name, sheet, first.published, judged=True) for t in chosen[1:]
    ]
    for reading, table in zip([first, *others], chosen, strict=True):
        reading.told = list(first.told)
        _count(reading, table, told[table.name], companies, task)
    for table in tables:
        if table not in chosen:
            missing = f"the list has no column for the year {told[table.name].by}"
            first.remarks.append(f"{table.name} is not made: {missing}")
    for reading in others:
        if not reading.rows:
            first.remarks.append(f"{reading.table} is not made: no company has a year for it")
    return [reading for reading in [first, *others] if reading is first or reading.rows]


def _header(sheet: Sheet) -> _Header | None:
    for row in sheet.head:
        company, valued = find(row, *_COMPANY), find(row, *_VALUATION)
        country, located = find(row, *_COUNTRY), find(row, *_LOCATION)
        where = country if country is not None else located
        if company is None or valued is None or where is None:
            continue
        years = {"joined": find(row, *_JOINED), "founded": find(row, *_FOUNDED)}
        currency = find(row, f"{row[valued]} currency")
        return _Header(row, company, valued, where, country is None, years, find(row, *_CITY),
                       currency if currency != valued else None)  # fmt: skip
    return None


def _as_of(sheet: Sheet, header: _Header) -> str | None:
    """Return the day that the title above a list speaks of, None where there is none."""
    for text in sheet.above(header.cells):
        if match := _AS_OF.search(text):
            day = quantities.day(f"{match[1]}, {match[2]}")
            return day.isoformat() if day else None
    return None


class _List:
    """A list that is being read: what is wrong is noted, a text that comes again judged once."""

    def __init__(
        self,
        sheet: Sheet,
        header: _Header,
        reading: Reading,
        tables: Sequence[Table],
        told: dict[str, Settings],
        task: Task,
    ) -> None:
        self.sheet, self.header, self.reading, self.task = sheet, header, reading, task
        valued = [table for table in tables if told[table.name].valuation]
        self.table = valued[0] if valued else None
        self.each = told[self.table.name].each if self.table else None
        column = self.table.column(str(told[self.table.name].valuation)) if self.table else None
        self.unit_text = (column.unit or {}).get("en", "") if column else ""
        self.goal = units.unit_of(self.unit_text) or _BILLIONS
        date = date_of(reading, task)
        self.last = last_day(date).year if date else 9999
        self._sums: dict[str, tuple[Decimal | None, _Fault]] = {}
        self._years: dict[str, tuple[int | None, _Fault]] = {}
        self._places: dict[str, tuple[str | None, str]] = {}
        self.bare: list[Decimal] = []

    def read(self) -> list[_Company]:
        """Return the companies that count, once what is asked about them is answered."""
        try:
            body, notes = self.sheet.below(self.header.cells)
        except Unreadable as error:
            self.reading.problems.append(error.problem)
            return []
        if notes:
            self.reading.remarks.append(f"lines of text below the list, not taken: {len(notes)}")
        self._unknown()
        self.unit, self.said = self._unit(notes)
        if self.unit is None:
            return []
        found = [company for line, row in body if (company := self._company(line, row))]
        self._tell_unknown()
        if self.answers_needed(found):
            return []
        return found if self.reading.problems else self._distinct(found)

    def _unknown(self) -> None:
        header = self.header
        known = {header.company, header.valuation, header.country, header.city, header.currency}
        known |= set(header.years.values())
        rest = [c for n, c in enumerate(header.cells)
                if c and n not in known and words(c) not in _RANK]  # fmt: skip
        if rest:
            self.reading.remarks.append(f"columns that are not needed: {', '.join(rest)}")

    def _unit(self, notes: Sequence[str]) -> tuple[Unit | None, bool]:
        """Return the unit of bare numbers, and whether the list itself says it."""
        header = self.header
        heading = header.cells[header.valuation]
        if header.currency is not None:
            return Unit(0, "USD", text="US$"), True  # beside a currency, sums are written out
        found = [
            units.of_heading(heading),
            *(units.stated(t) for t in self.sheet.above(header.cells)),
        ]
        found += [units.stated(text, brackets=False) for text in notes]
        said = units.differing(unit for unit in found if unit)
        asked = units.asked(self.task.answers.unit) if self.task.answers.unit else None
        place = Place(self.sheet.name, None, heading)
        if len(said) > 1 and asked is None:
            message = f"two units are stated: {said[0].text!r} and {said[1].text!r}."
            self.reading.wrong(place, message, "Say which holds: --unit 'billion usd'.", "unit")
            return None, True
        if asked and len(said) == 1 and units.differing([said[0], asked])[1:]:
            message = f"the list says {said[0].text!r}, and --unit {self.task.answers.unit!r}."
            self.reading.wrong(place, message, "Leave --unit out.", "unit")
            return None, True
        unit = asked or (said[0] if said else _BILLIONS)
        if unit.currency and unit.shift(self.goal) is None:
            message = f"valuations in {unit.text!r}; the table has them in {self.unit_text}."
            hint = (
                "Export the list with valuations in US dollars: no exchange rate is applied here."
            )
            self.reading.wrong(place, message, hint, "unit")
            return None, True
        return unit, bool(said or asked)

    def _company(self, line: int, row: list[str]) -> _Company | None:
        header, answers = self.header, self.task.answers
        place = Place(self.sheet.name, line)
        if sum(map(bool, row)) == 1:
            message = "one cell alone, among the companies."
            hint = "Complete the row, or take it out if it is no company."
            self.reading.wrong(place, message, hint, "ragged")
            return None
        if len(row) != len(header.cells):
            ragged(self.reading, place, row, len(header.cells))
            return None
        where = row[header.country]
        if where.strip() in _NOTHING:
            if answers.unplaced == "drop":
                self.reading.left_out["companies without a country"] += 1
                return None
            if answers.unplaced is None:
                hint = ("Fill it in; or count it in the total only with --unplaced keep, or leave "
                        "it out with --unplaced drop.")  # fmt: skip
                self._wrong(line, header.country, ("economy", "no country.", hint), "")
                return None
            code: str | None = ""
        else:
            code, doubt = self._place(where)
            if code is None:
                self._lost[where.strip(), doubt].append(line)
                return None
        value, fault = self._valuation(row[header.valuation])
        if fault:
            self._wrong(line, header.valuation, fault, row[header.valuation])
        if value == 0:
            if answers.zero == "drop":
                self.reading.left_out["companies with a valuation of zero"] += 1
                return None
            self.reading.noted["companies with a valuation of zero, which is taken for none"] += 1
            value = None
        found: dict[str, int | None] = {}
        for key, column in header.years.items():
            found[key], fault = self._year(row[column]) if column is not None else (None, None)
            if fault and column is not None:
                self._wrong(line, column, fault, row[column])
        if header.currency is not None and row[header.currency] not in ("USD", ""):
            message = f"a valuation in {row[header.currency]}."
            hint = "Export the list with the column of valuations in US dollars."
            self._wrong(line, header.currency, ("currency", message, hint), row[header.currency])
        return _Company(line, code or "", value, found, row)

    def _place(self, text: str) -> tuple[str | None, str]:
        if text not in self._places:
            names = self.task.names
            code, doubt = names.place(text) if self.header.located else (names.resolve(text), "")
            if several := names.ambiguous(text):
                doubt = f"{text} may be {' or '.join(several)}"
            if code and not names.is_country(code):
                code = None
            self._places[text] = (code, doubt)
        return self._places[text]

    @property
    def _lost(self) -> dict[tuple[str, str], list[int]]:
        if not hasattr(self, "_lost_places"):
            self._lost_places: dict[tuple[str, str], list[int]] = defaultdict(list)
        return self._lost_places

    def _tell_unknown(self) -> None:
        heading = self.header.cells[self.header.country]
        for (text, doubt), lines in sorted(self._lost.items()):
            message = f"unknown country {text!r}, rows: {len(lines)}."
            hint = suggest_code(self.task, text, countries=True)
            if doubt:
                message = f"{text!r} does not say its country: {doubt}. Rows: {len(lines)}."
                hint = "Add the country's name behind it, as 'Dublin, Ireland' has it."
            for line in lines:
                place = Place(self.sheet.name, line, heading)
                self.reading.wrong(place, message, hint, "economy", text)

    def _wrong(self, line: int, column: int, fault: tuple[str, str, str], value: str) -> None:
        code, message, hint = fault
        place = Place(self.sheet.name, line, self.header.cells[column])
        self.reading.wrong(place, message, hint, code, value)

    def _year(self, text: str) -> tuple[int | None, _Fault]:
        if text not in self._years:
            self._years[text] = self._judged_year(text.strip())
        return self._years[text]

    def _judged_year(self, text: str) -> tuple[int | None, _Fault]:
        if text in _NOTHING:
            return None, None
        year = quantities.year(text.removesuffix(".0"), 2000)
        if year is None:
            return None, ("year", f"{text!r} is no date.", _DATES)
        if year > self.last:
            message = f"{year} lies after the vintage, which is of {self.last}."
            return year, ("future", message, "Is this the right vintage?")
        return year, None

    def _valuation(self, text: str) -> tuple[Decimal | None, _Fault]:
        if text not in self._sums:
            self._sums[text] = self._judged_sum(text)
        return self._sums[text]

    def _judged_sum(self, text: str) -> tuple[Decimal | None, _Fault]:
        """Return a sum in the table's unit, and what is wrong with it."""
        said = text.strip()
        if said in _NOTHING:
            return None, None
        match = _MONEY.fullmatch(said)
        amount = quantities.number(match["number"]) if match else None
        if match is None or amount is None:
            hint = "Sums are read as $1.2B, 900M, 12亿美元 or 1.2, in US dollars."
            message = f"{said!r} is not a sum of US dollars."
            if said[:1] in "=#" or type(text) is not str:
                message, hint, _ = quantities.amount_fault(text)
            return None, ("number", message, hint)
        word = (match["unit"] or "").lower()
        assert self.unit is not None
        value = amount.scaleb((_POWERS[word] if word else self.unit.power) - self.goal.power)
        if value < 0:
            return value, ("range", f"{said} is negative.", "")
        if not word:
            self.bare.append(amount)
        if self.each is None or not value or self.each.minimum <= value <= self.each.maximum:
            return value, None
        message = (
            f"{said} would be {quantities.written(value)} {self.unit_text}, outside "
            f"{self.each.minimum:g} to {self.each.maximum:g}: mixed units?"
        )
        return value, ("unit", message, "Give every sum in one unit.")

    def answers_needed(self, companies: Sequence[_Company]) -> bool:
        """Tell of sums that hardly any company has; more than one in a hundred is no rarity.

        A list that would be right in another unit throughout is offered that unit.
        """
        each, heading = self.each, self.header.cells[self.header.valuation]
        if each is None or each.rarely is None:
            return False
        limit = Decimal(str(each.rarely))
        high = [company for company in companies if company.value and company.value > limit]
        off = [p for p in self.reading.problems if p.code == "unit"]
        if off and (advice := self._looks()) or len(high) * 100 > len(companies):
            rest = [p for p in self.reading.problems if p.code != "unit"]
            line = off[0].row if off else high[0].line
            advice = self._looks()
            message = (
                f"above {each.rarely:g} {self.unit_text}: {len(high)} of the list, here first: "
            )
            message += advice[0] if advice else "mixed units?"
            if off and advice:
                message = f"{len(off)} sums, here first, are no valuation in billions: {advice[0]}"
            self.reading.problems[:] = rest
            hint = advice[1] if advice else "Give every sum in one unit."
            self.reading.wrong(Place(self.sheet.name, line, heading), message, hint, "unit")
            return True
        if high and not self.reading.problems:
            rows = ", ".join(str(company.line) for company in high)
            self.reading.remarks.append(
                f"valued above {each.rarely:g} {self.unit_text}: look at row {rows}"
            )
        return False

    def _looks(self) -> tuple[str, str] | None:
        """Return in which unit all bare sums would be valuations, and how to say it."""
        each = self.each
        if (
            each is None
            or not self.bare
            or len(self.bare) < len([v for v, _ in self._sums.values() if v])
        ):
            return None
        top = Decimal(str(each.rarely or each.maximum))
        for power in (6, 9, 8, 3, 0):
            scaled = [v.scaleb(power - self.goal.power) for v in self.bare if v]
            if scaled and all(Decimal(str(each.minimum)) <= v <= top for v in scaled):
                what, mark = _NAMED[power]
                option = f", or say --unit '{units.named(power, 'usd')}'" if not self.said else ""
                return f"the sums look like {what}.", f"Name the column Valuation {mark}{option}."
        return None

    def _distinct(self, companies: list[_Company]) -> list[_Company]:
        """Return each company once: rows of one name are one, two, or a question to the author."""
        answers, by_name = self.task.answers.duplicates, defaultdict(list)
        for company in companies:
            by_name[company.row[self.header.company].strip().casefold()].append(company)
        said = _answers(answers) if isinstance(answers, Path) else {}
        dropped: set[int] = set()
        twice = apart = kept = 0
        for name, alike in by_name.items():
            for n, company in enumerate(alike[1:], 1):
                kinds = {self._kind(other, company) for other in alike[:n]}
                kind = next(k for k in ("repeat", "question", "other") if k in kinds)
                answer = said.get(name) or (answers if isinstance(answers, str) else None)
                if kind == "other":
                    apart += 1
                elif answer == "keep":
                    kept += 1
                elif answer == "drop" or kind == "repeat":
                    twice += 1
                    dropped.add(company.line)
                else:
                    written = company.row[self.header.company]
                    message = (
                        f"{written!r} is in the list twice, first in row {alike[0].line}: one "
                        "company or two?"
                    )
                    hint = (
                        "--duplicates drop counts such rows once, --duplicates keep each, and "
                        "--duplicates FILE as a CSV with the columns name and answer says."
                    )
                    self._wrong(
                        company.line, self.header.company, ("duplicate", message, hint), written
                    )
        for count, en, zh in (
            (twice, "rows that repeat another company are counted once", "行重复的企业各计一次"),
            (kept, "rows that repeat another company are counted each", "行重复的企业逐行计数"),
            (apart, "rows share the name of another company and are other companies",
             "行与其他企业同名，按不同企业计数"),
        ):  # fmt: skip
            if count:
                self.reading.remarks.append(f"{count:,} {en}")
                self.reading.told.append({"en": f"{count:,} {en}", "zh": f"{count:,} {zh}"})
        return [company for company in companies if company.line not in dropped]

    def _kind(self, one: _Company, other: _Company) -> str:
        """Return whether two rows of one name are a repeat, another company, or a question."""
        header = self.header
        own = {header.company, header.valuation, header.country}
        pairs = [
            (n, a.strip(), b.strip())
            for n, (a, b) in enumerate(zip(one.row, other.row, strict=True))
            if words(header.cells[n]) not in _RANK
        ]
        if all(a == b for _, a, b in pairs):
            return "repeat"
        if one.code != other.code:
            return "other"
        told = [
            a != b for n, a, b in pairs if n not in own and a not in _NOTHING and b not in _NOTHING
        ]
        return "other" if sum(told) >= 2 and sum(told) * 2 > len(told) else "question"


def _answers(file: Path) -> dict[str, str]:
    """Return keep or drop by company, as a file says it."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    found = {row[0].strip().casefold(): row[1].strip() for row in rows[1:] if len(row) > 1}
    if bad := sorted({answer for answer in found.values() if answer not in ("keep", "drop")}):
        raise AnewError(f"{file.name}: {bad[0]!r} is no answer.", "Say keep or drop for each name.")
    return found


def _count(
    reading: Reading, table: Table, told: Settings, companies: Iterable[_Company], task: Task
) -> None:
    """Count the companies into the rows of one table, aggregates among them."""
    listed = list(companies)
    members = task.catalog.economies.aggregates
    groups: dict[str, list[str]] = defaultdict(list)
    for name in table.intake.sums:
        for member in members[name].members:
            groups[member].append(name)
    totals = [name for name in table.intake.sums if not members[name].members]
    counts: Counter[tuple[str, ...]] = Counter()
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    tally = Counter(
        (c.code, c.years[told.by] if told.by else None, c.value if told.valuation else None)
        for c in listed
    )
    dated = table.period
    minimum = dated.minimum if told.by and dated is not None else None
    for (code, year, value), count in tally.items():
        if told.by and year is None:
            reading.left_out[f"companies without the year {told.by}"] += count
            continue
        if minimum is not None and year is not None and year < minimum:
            reading.left_out[f"companies {told.by} before {minimum:g}"] += count
            continue
        when = (str(year),) if told.by else ()
        own = [code] if code and task.keeps(table, code) else []
        for name in (*own, *groups[code], *totals):
            counts[name, *when] += count
            sums[name, *when] += (value or 0) * count
    without = sum(company.value is None for company in listed)
    if told.valuation and without:
        reading.noted["companies without a valuation, counted all the same"] += without
    if unplaced := sum(not company.code for company in listed):
        reading.noted["companies without a country, counted in the total only"] += unplaced
    for text, zh in (
        ("companies without a country", "家没有所属国家的企业未计入"),
        ("companies with a valuation of zero", "家估值为零的企业未计入"),
    ):
        if left := reading.left_out[text]:
            reading.told.append({"en": f"{left:,} {text} are left out", "zh": f"{left:,} {zh}"})
    if unplaced:
        reading.told.append({
            "en": f"{unplaced:,} companies without a country are counted in the total only",
            "zh": f"{unplaced:,} 家没有所属国家的企业只计入总数",
        })  # fmt: skip
    for key, count in sorted(counts.items()):
        cells = dict(zip(("economy", dated.name if dated is not None else ""), key, strict=False))
        cells[told.count] = str(count)
        if told.valuation:
            cells[told.valuation] = quantities.written(sums[key])
        reading.rows.append(Row(cells, Place(reading.sheet.name)))
    reading.remarks.append(f"{len(listed):,} companies in the list")
