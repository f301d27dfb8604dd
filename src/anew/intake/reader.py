"""The reader of declared layouts: a sheet and its layout give a reading for each table it fills."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from anew.intake import economies, units
from anew.intake.headings import find, words
from anew.intake.layout import Header, Layout
from anew.intake.quantities import amount_fault, number, year_of, written
from anew.intake.reading import Place, Reading, Row, Task, not_for, published_on, ragged
from anew.intake.sheets import Sheet, Unreadable
from anew.intake.sums import add_sums
from anew.intake.units import Unit
from anew.project.errors import AnewError, unknown
from anew.project.problems import Problem
from anew.tables.catalog import Table, last_day

_USUAL = ("value", "count", "值", "数值", "数量", "obs_value")


@dataclass
class _Part:
    """What is found of one sheet before it is known which tables it fills."""

    sheet: Sheet
    layout: Layout
    header: Header
    body: list[tuple[int, list[str]]]
    above: list[str]
    notes: list[str]
    published: str | None


@dataclass
class _Target:
    """A table that is being filled: its reading, and where in the file its columns are."""

    table: Table
    reading: Reading
    measure: str
    column: int | None
    flag: int | None
    others: dict[str, int]
    constants: dict[str, str]
    select: list[tuple[int, str]]
    matched: int = 0
    economies: dict[str, economies.Found] = field(default_factory=dict)
    stated: dict[Unit, int] = field(default_factory=dict)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: set[tuple[str, ...]] = field(default_factory=set)
    rows_of: dict[tuple[str, str], int] = field(default_factory=dict)
    values: list[tuple[dict[str, str], Decimal, Place, Unit | None]] = field(default_factory=list)


def read(
    parts: Sequence[tuple[Sheet, Layout, Header]], beside: frozenset[str], task: Task
) -> list[Reading]:
    """Return a reading for every table that the sheets of one file fill.

    `beside` has the codes of a list of countries that lies beside the data. Raises AnewError for a
    file that is of no table, or that may be of several.
    """
    readings: dict[str, Reading] = {}
    for sheet, layout, header in parts:
        if layout.refuse:
            problem = Problem(sheet.name, layout.title + ".", layout.refuse, "format", 1)
            readings.setdefault("", Reading(layout.title, "", sheet)).problems.append(problem)
            continue
        for reading in _read(sheet, layout, header, beside, task):
            known = readings.setdefault(reading.table, reading)
            if known is not reading:  # several sheets, or pages, of one table
                _join(known, reading)
    return [_finished(reading, task) for reading in readings.values()]


def _join(known: Reading, more: Reading) -> None:
    known.rows += more.rows
    known.problems += more.problems
    known.left_out += more.left_out
    known.noted += more.noted
    known.groups += more.groups
    known.remarks += [remark for remark in more.remarks if remark not in known.remarks]
    known.origins.append(more.sheet)


def _finished(reading: Reading, task: Task) -> Reading:
    if reading.table and not reading.problems:
        add_sums(reading, task)
    return reading


def _read(
    sheet: Sheet, layout: Layout, header: Header, beside: frozenset[str], task: Task
) -> list[Reading]:
    try:
        body, notes = sheet.below(header.row)
    except Unreadable as error:
        return [Reading(layout.title, "", sheet, problems=[error.problem])]
    above = sheet.above(header.row)
    part = _Part(sheet, layout, header, body, above, notes, None)
    part.published = _published(part, task)
    finder = economies.Finder(layout, beside, task)
    targets = _targets(part, task)
    for line, row in part.body:
        _row(part, targets, line, row, finder, task)
    readings = []
    for target in targets.values():
        if not target.matched and len(targets) > 1 and not target.reading.problems:
            continue
        _convert(part, target, task)
        _describe(part, target, finder, beside)
        readings.append(target.reading)
    return readings


# Which tables a sheet fills.


def _targets(part: _Part, task: Task) -> dict[str, _Target]:
    """Return the tables that a sheet fills: by the code of its series, or else by table."""
    if task.table is not None and not task.tables():
        raise not_for(task, part.sheet, f"a file of the layout {part.layout.name}")
    if "series" in part.header.at or part.layout.across and part.layout.across.role == "series":
        return _by_series(part, task)
    tables = _chosen(part, task)
    return {table.name: _target(part, table, task) for table in tables}


def _by_series(part: _Part, task: Task) -> dict[str, _Target]:
    at = part.header.at.get("series")
    if at is None:
        codes = Counter(code for _, code in part.header.across)
    else:
        codes = Counter(_cell(row, at) for _, row in part.body if len(row) > at)
    tables = task.tables()
    by_code = {_series_key(code): table for table in tables for code in _codes_of(table)}
    found = {code: by_code[key] for code in codes if (key := _series_key(code)) in by_code}
    if not found and task.table is not None and not _codes_of(tables[0]):
        return {"": _target(part, tables[0], task)}  # a table without a code takes what is chosen
    if not found:
        known = sorted(code for table in tables for code in _codes_of(table))
        if len(codes) == 1:
            raise unknown("indicator", next(iter(codes)), known, _no_table(part))
        raise AnewError(
            f"{part.sheet.name} holds {len(codes)} indicators, none of a table of the catalogue.",
            f"Indicators with a table: {', '.join(known)}.",
        )
    targets = {code: _target(part, table, task) for code, table in found.items()}
    if others := len(codes) - len(found):
        for target in targets.values():
            target.reading.remarks.append(f"{others} other indicators are in the file")
    return targets


def _no_table(part: _Part) -> str:
    return f"{part.sheet.name}; no table has this code"


def _codes_of(table: Table) -> list[str]:
    return [code for code in (table.code, *table.intake.series) if code]


def _series_key(text: str) -> str:
    """Return a series as it is compared: a code as it is, a title without its unit."""
    return " ".join(words(text)) if re.search("[^\x00-\x7f]| ", text) else text.strip()


def _chosen(part: _Part, task: Task) -> list[Table]:
    if task.table is not None:
        return task.tables()
    name = part.layout.name
    declared = [table for table in task.tables() if name in table.intake.layout]
    fitting = [table for table in declared if _fits(part, table)]
    if name == "tidy":
        fitting = [table for table in task.tables() if _fits(part, table)]
        whole = [table for table in fitting if _fits(part, table, whole=True)]
        fitting = whole or fitting
    if len(fitting) == 1 or fitting and all(table.intake.select for table in fitting):
        return fitting
    shown = ", ".join(part.header.cells[:8]) + (", …" if len(part.header.cells) > 8 else "")
    if fitting:
        listed = ", ".join(table.name for table in fitting)
        raise AnewError(
            f"{part.sheet.name}: the columns {shown} fit several tables.",
            f"Say which with --table: {listed}.",
        )
    if name != "tidy":
        raise AnewError(
            f"{part.sheet.name} is of the layout {name} ({part.layout.title}), which no table "
            "declares.",
            f"Say whose data it is: --table NAME. Tables: {', '.join(task.catalog.tables)}.",
        )
    raise AnewError(
        f"{part.sheet.name}: the columns {shown} fit no table.",
        "A tidy table has a row for each economy and year, under the headings economy, year, "
        "value, or a table's own columns, which are in data/catalog.yml.",
    )


def _fits(part: _Part, table: Table, whole: bool = False) -> bool:
    """Return whether a header has every column that a table needs; `whole`: and no other."""
    if table.intake.value and part.layout.named and part.layout.name != "tidy":
        return find(part.header.plain, table.intake.value) is not None
    columns, missing = _columns(part, table)
    used = {*columns.values(), *part.header.at.values()}
    return not missing and (
        part.layout.name != "tidy" or len(used) == sum(map(bool, part.header.cells))
    ) and (not whole or set(columns) >= {c.name for c in table.columns if c.required} - _placed(table))


def _placed(table: Table) -> set[str]:
    return {"economy", table.year or "economy"}


def _columns(part: _Part, table: Table) -> tuple[dict[str, int], list[str]]:
    """Return where a table's columns are in a header, and which of those it needs are not."""
    layout, header = part.layout, part.header
    measure = table.measure
    found: dict[str, int] = {}
    taken = set(header.at.values()) - {header.at.get("value")}
    for column in table.columns:
        if column.name in _placed(table):
            continue
        names = [*table.intake.headings.get(column.name, ()), column.name, *column.title.values()]
        if column.name == measure:
            if layout.across or layout.rows:
                continue
            if (at := header.at.get("value")) is not None and layout.rank:
                found[column.name] = at
                continue
            names = [*([table.intake.value] if table.intake.value else []), *names, *_USUAL]
        at = find(header.plain, *names)
        if at is not None and at not in taken:
            found[column.name] = at
    if measure not in found and layout.named and layout.rank:
        known = {*taken, *found.values(), *_ignored(part, table)}
        rest = [n for n, cell in enumerate(header.cells) if cell and n not in known]
        if len(rest) == 1:
            found[measure] = rest[0]
    missing = [
        column.name
        for column in table.columns
        if column.required
        and column.name not in found
        and column.name not in layout.constants
        and not (column.values and column.name in table.key and layout.rank)
        and not (column.name == measure and (layout.across or layout.rows))
        and column.name not in ({"economy"} if "period" not in header.at and not _years(part) else _placed(table))
    ]
    return found, missing


def _years(part: _Part) -> bool:
    return bool(part.layout.across and part.layout.across.role == "period")


def _ignored(part: _Part, table: Table) -> set[int]:
    names = [name.replace("{value}", table.intake.value or "") for name in part.layout.ignores]
    return {at for name in names if (at := find(part.header.plain, name)) is not None}


def _target(part: _Part, table: Table, task: Task) -> _Target:
    layout, header = part.layout, part.header
    columns, missing = _columns(part, table)
    constants = {}
    title = " ".join([part.sheet.origin.name, *part.above])
    for name in missing + [n for n in layout.constants if n in table.names and n not in columns]:
        if value := _constant(layout, table, name, title):
            constants[name] = value
    for column in table.columns:
        if column.values and column.name in table.key and column.name not in columns:
            if (value := _category(column.values, " ".join(part.above))) is None:
                missing.append(column.name)
            else:
                constants[column.name] = value
    missing = [name for name in missing if name not in constants]
    if missing:
        raise AnewError(
            f"{part.sheet.name} has no column {', '.join(missing)}; its header reads "
            f"{', '.join(header.cells)}.",
            f"Table {table.name} has the columns {', '.join(table.names)}. Another heading is "
            f"declared in data/catalog.yml, under tables.{table.name}.intake.headings.",
        )
    reading = Reading(layout.title, table.name, part.sheet, part.published, worldwide=layout.worldwide)
    flag = header.at.get("flag")
    if flag is None and "flag" in layout.takes:
        names = [name.replace("{value}", table.intake.value or "") for name in layout.takes["flag"]]
        flag = find(header.plain, *names)
    select = []
    for name, wanted in table.intake.select.items():
        at = [find(header.plain, f"{name} Label"), find(header.plain, name)]
        select += [(n, wanted) for n in at if n is not None]
    measure = table.measure
    others = {name: at for name, at in columns.items() if name != measure}
    _unknown(part, table, reading, {*columns.values(), *(n for n, _ in select), flag})
    return _Target(table, reading, measure, columns.get(measure), flag, others, constants, select)


def _constant(layout: Layout, table: Table, name: str, title: str) -> str | None:
    if name not in layout.constants:
        return None
    match = re.search(layout.constants[name], title)
    return next((part for part in match.groups() if part), None) if match else None


def _category(values: dict[int, dict[str, str]], text: str) -> str | None:
    """Return the one category whose title a text has, the longest of those within each other."""
    plain = set(words(text))
    found = {
        code: len(said)
        for code, titles in values.items()
        for title in titles.values()
        if (said := words(title)) and (set(said) <= plain or title in text)
    }
    best = [code for code, size in found.items() if size == max(found.values())]
    return str(best[0]) if len(best) == 1 else None


def _unknown(part: _Part, table: Table, reading: Reading, used: set[int | None]) -> None:
    """Tell of the columns that are not understood."""
    header = part.header
    known = {*used, *header.at.values(), *(n for n, _ in header.across), *_ignored(part, table)}
    only = [re.compile(pattern, re.IGNORECASE) for pattern in part.layout.only]
    rest = [
        cell
        for n, cell in enumerate(header.cells)
        if cell and n not in known and not any(p.fullmatch(header.plain[n]) for p in only)
    ]
    if rest:
        reading.remarks.append(f"columns that the table does not have: {', '.join(rest)}")
    if part.layout.named and part.layout.rank:
        at = next((n for n in used if n is not None and header.cells[n] not in rest), None)
        heading = header.cells[at] if at is not None else ""
        if heading and heading != table.intake.value:
            reading.remarks.append(f"the column {heading} is taken for {table.measure}")


# One row.


def _row(
    part: _Part,
    targets: dict[str, _Target],
    line: int,
    row: list[str],
    finder: economies.Finder,
    task: Task,
) -> None:
    layout, header = part.layout, part.header
    place = Place(part.sheet.name, line)
    if layout.split:
        row = [*row[0].split(layout.split), *row[1:]]
    if len(row) != len(header.cells) and not _tolerable(row, header):
        ragged(next(iter(targets.values())).reading, place, row, len(header.cells))
        return
    at = header.at
    if "series" in at:
        code = row[at["series"]]
        target = targets.get(code.strip()) or targets.get("")
        if target is None:
            if not code.strip() and any(map(str.strip, row)):
                first = next(iter(targets.values())).reading
                first.wrong(place, "a row without the code of a series.", "Download it again.", "ragged")
            return
        _observe(part, target, place, row, finder, task)
        return
    for target in dict.fromkeys(map(id, targets.values())):
        chosen = next(t for t in targets.values() if id(t) == target)
        if all(row[n].strip() == wanted for n, wanted in chosen.select) or _any_label(chosen, row):
            _observe(part, chosen, place, row, finder, task, targets)


def _any_label(target: _Target, row: Sequence[str]) -> bool:
    """Return whether one of code and label of a selected member is the one that is wanted."""
    by_wanted: dict[str, list[int]] = defaultdict(list)
    for n, wanted in target.select:
        by_wanted[wanted].append(n)
    return all(any(row[n].strip() == wanted for n in at) for wanted, at in by_wanted.items())


def _tolerable(row: list[str], header: Header) -> bool:
    """Return whether a row only has blank cells too many, which it loses, or lacks the last ones."""
    width = len(header.cells)
    if len(row) > width and not any(map(str.strip, row[width:])):
        del row[width:]
        return True
    return False


def _observe(
    part: _Part,
    target: _Target,
    place: Place,
    row: Sequence[str],
    finder: economies.Finder,
    task: Task,
    targets: dict[str, _Target] | None = None,
) -> None:
    """Take what one row says for one table."""
    layout, header, reading = part.layout, part.header, target.reading
    target.matched += 1
    if not _is_total(part, row):
        reading.left_out["observations that are not annual totals"] += 1
        return
    unit_cell = _cell(row, header.at.get("unit"))
    wanted = target.table.intake.unit
    if wanted and unit_cell and unit_cell.partition(": ")[0] != wanted:
        reading.left_out[f"observations in {unit_cell}, not {wanted}"] += 1
        return
    unit = _row_unit(part, target, place, row, unit_cell)
    flag = _flag(layout, _cell(row, target.flag))
    whose = ("", "")
    if layout.economy is None and not (layout.across and layout.across.role == "code"):
        whose = (_code_cell(layout, row, header.at.get("code")), _cell(row, header.at.get("name")))
    for n, said in header.across or [(-1, "")]:
        role = layout.across.role if layout.across else ""
        column = target.column if role == "" else n
        if role == "series" and (targets is None or targets.get(said) is not target):
            continue
        economy = finder.find(target.table, (said, "") if role == "code" else whose, layout.economy)
        at = Place(place.file, place.row, header.cells[n] if role == "code" else _whose(part))
        if economy.problem:
            if finder.first(economy, (place.row, said if role == "code" else "")):
                message, hint = economy.problem
                reading.wrong(at, message, hint, "economy", economy.said)
            return
        if economy.group:
            reading.groups[economy.group] += 1
        elif not economy.kept:
            reading.left_out["rows of economies that the catalogue does not keep"] += 1
        period = said if role == "period" else _cell(row, header.at.get("period"))
        cell = "" if column is None or column < 0 else row[column]
        heading = header.cells[column] if column is not None and column >= 0 else None
        _take(part, target, Place(place.file, place.row, heading), economy, period, cell,
              flag, unit, row, task)  # fmt: skip
        if economy.group or not economy.kept:
            if role != "period":
                continue
            _look_at_rest(part, target, place, row, economy)
            return
    if header.across and layout.across and layout.across.role == "period":
        _repeated(part, target, place, economy)


def _look_at_rest(
    part: _Part, target: _Target, place: Place, row: Sequence[str], economy: economies.Found
) -> None:
    """Check the cells of a row that is left out: text among numbers spoils the file too."""
    for n, _ in part.header.across[1:]:
        cell = row[n].strip()
        if cell not in part.layout.missing and number(_bare(part.layout, cell)[0]) is None:
            at = Place(place.file, place.row, part.header.cells[n])
            message, hint, code = amount_fault(cell)
            target.reading.wrong(at, message, hint, code, cell)
    _repeated(part, target, place, economy)


def _repeated(part: _Part, target: _Target, place: Place, economy: economies.Found) -> None:
    """Refuse a second row of an economy that is left out; of one that is kept it is told by key."""
    key = (economy.code or economy.group, "")
    first = target.rows_of.setdefault(key, place.row or 0)
    if first != place.row and not economy.kept and part.layout.groups:
        message = f"{economy.said} is there twice, first in row {first}."
        hint = "Keep the right one; the file cannot say which that is."
        at = Place(place.file, place.row)
        target.reading.wrong(at, message, hint, "duplicate", economy.said)


def _take(
    part: _Part,
    target: _Target,
    at: Place,
    economy: economies.Found,
    period: str,
    cell: str,
    flag: str,
    unit: Unit | None,
    row: Sequence[str],
    task: Task,
) -> None:
    """Take one value of an economy, or only look at it if the economy is left out."""
    layout, reading, table = part.layout, target.reading, target.table
    bare, own_flag = _bare(layout, cell.strip())
    if layout.rows:
        bare = "1"
    year = ""
    if table.year:
        found = year_of(period)
        if found is None:
            if layout.rows and not period.strip():
                reading.left_out["rows without a date"] += economy.kept
            elif economy.kept and re.fullmatch(r"\d{4}-?[QMSWH].*|\d{4}-\d\d(-\d\d)?", period.strip()):
                reading.left_out["observations that are not annual totals"] += 1
            elif economy.kept or economy.code:
                heading = _heading(part, "period")
                where = Place(at.file, at.row, heading)
                reading.wrong(where, f"{period!r} is not a year.", "", "year", period)
            return
        year = str(found)
    if bare in layout.missing or bare == "":
        if economy.kept or economy.counts:
            if _years(part):
                target.counted[economy.code or "", ""] += 0
            else:
                reading.left_out["observations without a value"] += 1
        return
    value = number(bare)
    if value is None and bare.endswith("%"):
        value, unit = number(bare[:-1]), Unit(percent=True, text="%")
    if value is None or type(cell) is not str:
        message, hint, code = amount_fault(cell)
        reading.wrong(at, message, hint, code, str(cell))
        return
    if not (economy.kept or economy.counts):
        return
    date = task.vintage.split("_")[0] if task.vintage else reading.published
    if year and date and int(year) > last_day(date).year and layout.rank:
        last = last_day(date).year
        message = f"a value for {year}, which lies after the vintage ({last})."
        reading.wrong(at, message, "Is this the right vintage?", "future", cell)
        return
    cells = {"economy": economy.code or ""}
    if table.year:
        cells[table.year] = year
    cells |= target.constants
    for name, n in target.others.items():
        text = _other(part, target, name, row[n].strip(), at)
        if text is None:
            return
        cells[name] = text
    if layout.rows:
        _count(part, target, cells, row, at)
        return
    for said in (flag, own_flag, _estimated(part, row, year)):
        if said and economy.kept:
            reading.noted[f"values that are {said}"] += 1
    if (economy.code, "") in target.counted:
        target.counted[economy.code or "", ""] += 1
    target.values.append((cells, value, at, unit))


def _other(part: _Part, target: _Target, name: str, text: str, at: Place) -> str | None:
    """Return the cell of a further column as a raw table has it; None for one that is refused."""
    column = target.table.column(name)
    if column.type in ("number", "integer", "year") and text:
        heading = part.header.cells[target.others[name]]
        where = Place(at.file, at.row, heading)
        value = number(str(year_of(text) or text)) if column.type == "year" else number(text)
        if value is None and column.values and (code := _category(column.values, text)):
            return code
        if value is None:
            message, hint, code = amount_fault(text)
            target.reading.wrong(where, message, hint, code, text)
            return None
        return written(value)
    return text


def _count(
    part: _Part, target: _Target, cells: dict[str, str], row: Sequence[str], at: Place
) -> None:
    """Count a row; one that has been counted under its number is another part of the same."""
    id_ = _cell(row, part.header.at.get("id"))
    key = (cells["economy"], id_)
    if id_ and key in target.seen:
        target.reading.left_out["further rows of what has been counted"] += 1
        return
    target.seen.add(key)
    target.values.append((cells, Decimal(1), at, None))


# Units, and what is said at the end.


def _row_unit(
    part: _Part, target: _Target, place: Place, row: Sequence[str], said: str
) -> Unit | None:
    """Return the unit that a row itself states: its unit, its multiplier, or its series' title."""
    at = part.header.at
    scale = _cell(row, at.get("scale")).partition(": ")[0]
    unit = units.unit_of(said.partition(": ")[0]) or (units.unit_of(said) if said else None)
    if "scale" in at:
        power = number(scale or "0")
        if power is None:
            words_ = units.unit_of(scale)
            if words_ is None and scale.casefold() not in ("units", "unit"):
                where = Place(place.file, place.row, part.header.cells[at["scale"]])
                target.reading.wrong(where, f"{scale!r} is not a number.", "", "unit", scale)
                return None
            power = Decimal(words_.power if words_ else 0)
        if unit is None or not unit.percent:
            text = f"{said} × 10^{power}"
            unit = Unit(int(power) + (unit.power if unit else 0), unit.currency if unit else "", text=text)
    elif unit is None and part.layout.across and "series" in at:
        unit = units.stated(row[at["series"]])
    if unit:
        target.stated.setdefault(unit, place.row or 0)
    return unit


def _convert(part: _Part, target: _Target, task: Task) -> None:
    """Convert the values to the catalogue's unit, or refuse those in a unit that it is not."""
    reading, table = target.reading, target.table
    column = table.column(target.measure)
    goal = units.unit_of((column.unit or {}).get("en", "")) or Unit()
    said = _stated(part, target, task)
    if isinstance(said, Problem):
        reading.problems.append(said)
        return
    reading.unit = said
    if len(target.stated) > 1:
        (first, _), (second, line) = list(target.stated.items())[:2]
        place = Place(part.sheet.name, line, _heading(part, "scale") or _heading(part, "unit"))
        message = f"mixed units: {first.text}, {second.text}; the second starts here."
        reading.wrong(place, message, "A series has one unit; download it again.", "unit", second.text)
        return
    refused: dict[Unit, int] = {}
    for cells, value, at, unit in target.values:
        own = unit or said
        power = 0 if own is None else own.shift(goal)
        if power is None:
            assert own is not None
            if not refused:
                wanted = (column.unit or {}).get("en", "plain numbers")
                message = f"in {own.text!r}, and column {column.name} of {table.name} is in {wanted}."
                hint = "Convert it at its source: no exchange rate or share is applied here."
                reading.wrong(at, message, hint, "unit", written(value))
            refused[own] = refused.get(own, 0) + 1
            continue
        cells[target.measure] = written(value.scaleb(power))
        reading.rows.append(Row(cells, at))
    if part.layout.rows:
        _tally(target)


def _stated(part: _Part, target: _Target, task: Task) -> Unit | None | Problem:
    """Return the one unit that heading, title or notes state, or the author says."""
    asked = units.asked(task.answers.unit) if task.answers.unit else None
    if target.stated and asked is None:
        return None
    found = []
    if target.column is not None and not part.header.across:
        found += [units.of_heading(part.header.cells[target.column])]
    if part.layout.across and part.layout.across.role == "series":
        found += [units.stated(part.header.cells[n]) for n, _ in part.header.across][:0]
    found += [units.stated(text) for text in part.above]
    found += [units.stated(text, brackets=False) for text in part.notes]
    said = units.differing(unit for unit in found if unit)
    if asked is not None:
        if len(said) == 1 and units.differing([said[0], asked])[1:]:
            message = f"the file says {said[0].text!r}, and --unit {task.answers.unit!r}."
            return Problem(part.sheet.name, message, "Leave --unit out.", "unit")
        return asked
    if len(said) > 1:
        message = f"two units are stated: {said[0].text!r} and {said[1].text!r}."
        hint = "Say which holds for the values: --unit 'million usd'."
        return Problem(part.sheet.name, message, hint, "unit")
    return said[0] if said else None


def _tally(target: _Target) -> None:
    """Make one row of all that were counted for a key."""
    counts: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], Row] = {}
    for row in target.reading.rows:
        key = tuple(row.cells[name] for name in target.table.key)
        counts[key] += 1
        first.setdefault(key, row)
    target.reading.rows = [
        Row({**row.cells, target.measure: str(counts[key])}, Place(row.place.file))
        for key, row in first.items()
    ]


def _describe(
    part: _Part, target: _Target, finder: economies.Finder, beside: frozenset[str]
) -> None:
    """Tell what no row is about: countries of the list beside, economies without any value."""
    reading = target.reading
    for (code, _), count in target.counted.items():
        if code and not count:
            reading.left_out[f"{code}: no value in any year"] += 1
    lost = sorted(beside - finder.codes) if part.layout.groups else []
    if lost and not reading.problems:
        message = f"no row for {', '.join(lost[:5])}, which the country list beside it names."
        reading.wrong(Place(part.sheet.name), message, "Download it again.", "truncated")


def _published(part: _Part, task: Task) -> str | None:
    """Return when the file says that it was published."""
    if part.sheet.published:
        return published_on(part.sheet.published, f"{part.sheet.name}, lastupdated", task)
    texts = [*part.above, *part.notes]
    if "LAST UPDATE" in part.header.cells and part.body:
        at = part.header.cells.index("LAST UPDATE")
        texts += [f"LAST UPDATE, {part.body[0][1][at]}"] if len(part.body[0][1]) > at else []
    for pattern in part.layout.published:
        for match in (m for text in texts if (m := re.search(pattern, text))):
            said = match.groupdict()
            if "date" in said:
                what = f"{part.sheet.name}, {match[0].partition(',')[0]}"
                return published_on(said["date"].strip(), what, task)
            year = said["year"] if len(said["year"]) == 4 else f"20{said['year']}"
            return published_on(f"{year}-{said['month']}-{said['day']}", part.sheet.name, task)
    return None


def _is_total(part: _Part, row: Sequence[str]) -> bool:
    for n, members in _only(part):
        if row[n].strip().partition(": ")[0] not in members:
            return False
    return True


def _only(part: _Part) -> list[tuple[int, list[str]]]:
    known = getattr(part, "_only", None)
    if known is None:
        patterns = [(re.compile(p, re.IGNORECASE), m) for p, m in part.layout.only.items()]
        known = [(n, members) for n, cell in enumerate(part.header.plain)
                 for pattern, members in patterns if pattern.fullmatch(cell)]  # fmt: skip
        part._only = known  # type: ignore[attr-defined]
    return known


def _estimated(part: _Part, row: Sequence[str], year: str) -> str:
    last = _cell(row, part.header.at.get("estimates"))
    return "estimated" if year and last.isdigit() and int(year) > int(last) else ""


def _flag(layout: Layout, said: str) -> str:
    if not said:
        return ""
    code = said.partition(": ")[0] if layout.labelled else said
    return layout.flags.get(code, "") if layout.flags else f"given with the footnote {said!r}"


def _bare(layout: Layout, cell: str) -> tuple[str, str]:
    """Return a value without its flag, and what the flag means."""
    if not layout.cell or cell in layout.missing:
        return cell, ""
    match = re.fullmatch(layout.cell, cell)
    if match is None:
        return cell, ""
    flags = [layout.flags[letter] for letter in match["flag"] or "" if letter in layout.flags]
    return match["number"], ", ".join(flags)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _code_cell(layout: Layout, row: Sequence[str], column: int | None) -> str:
    text = _cell(row, column)
    return text.partition(": ")[0] if layout.labelled else text


def _heading(part: _Part, role: str) -> str | None:
    at = {str(name): n for name, n in part.header.at.items()}.get(role)
    return part.header.cells[at] if at is not None else None


def _whose(part: _Part) -> str | None:
    return _heading(part, "code") or _heading(part, "name")


def _iterate(row: Sequence[str]) -> Iterator[str]:
    yield from row
