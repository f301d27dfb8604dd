"""Targets: which tables a sheet fills, and where in its header each of their columns is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from anew.intake.headings import find, words
from anew.intake.layout import Header, Layout, layouts_of
from anew.intake.reading import Place, Reading, Task, not_for
from anew.intake.sheets import Sheet
from anew.intake.units import Unit
from anew.project.errors import AnewError, unknown
from anew.project.phrases import Phrase, joined
from anew.tables.catalog import Table

_USUAL = ("value", "count", "值", "数值", "数量", "obs_value")


@dataclass
class Part:
    """A sheet that is being read: its rows, and the lines above and below them."""

    sheet: Sheet
    layout: Layout
    header: Header
    body: list[tuple[int, list[str]]]
    above: list[str]
    notes: list[str]
    published: str | None = None
    only: list[tuple[int, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        patterns = [(re.compile(p, re.IGNORECASE), m) for p, m in self.layout.only.items()]
        cells = enumerate(self.header.plain)
        self.only = [(n, m) for n, cell in cells for p, m in patterns if p.fullmatch(cell)]

    @property
    def across(self) -> str:
        """What the headings of the columns across are: period, series, code, or nothing."""
        return self.layout.across.role if self.layout.across else ""

    def heading(self, *roles: str) -> str | None:
        """Return the heading of the first of these roles that the header has."""
        at = {str(role): n for role, n in self.header.at.items()}
        return next((self.header.cells[at[role]] for role in roles if role in at), None)


@dataclass
class Target:
    """A table that is being filled: its reading, and where in the file its columns are.

    values: what was taken, before it is converted. valued: how many values each economy has.
    """

    table: Table
    reading: Reading
    column: int | None = None
    flag: int | None = None
    others: dict[str, int] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    select: list[tuple[list[int], str]] = field(default_factory=list)
    matched: int = 0
    stated: dict[Unit, int] = field(default_factory=dict)
    valued: Counter[str] = field(default_factory=Counter)
    counted: set[tuple[str, str]] = field(default_factory=set)
    rows_of: dict[str, int] = field(default_factory=dict)
    values: list[tuple[dict[str, str], Decimal, Place, Unit | None]] = field(default_factory=list)

    def selects(self, row: list[str]) -> bool:
        """Return whether a row is of the members that the table selects, by code or label."""
        return all(any(row[n].strip() == wanted for n in at) for at, wanted in self.select)


def targets_of(part: Part, task: Task) -> dict[str, Target]:
    """Return the tables that a sheet fills: by the code of its series, or else by name.

    Raises AnewError where there is none, or where several may be meant.
    """
    if task.table is not None and not task.tables():
        raise not_for(
            task, part.sheet, Phrase("a file of the layout {layout}", layout=part.layout.name)
        )
    if "series" in part.header.at or part.across == "series":
        if found := _by_series(part, task):
            return found
    presume = task.table is not None
    return {table.name: _target(part, table, presume) for table in _chosen(part, task)}


def _by_series(part: Part, task: Task) -> dict[str, Target]:
    """Return the tables by the series' code; nothing where the author's table has no code."""
    at = part.header.at.get("series")
    codes = Counter(code for _, code in part.header.across if at is None)
    if at is not None:
        codes.update(row[at].strip() for _, row in part.body if len(row) > at)
    tables = task.tables()
    by_code = {series_key(code): table for table in tables for code in _codes_of(table)}
    if task.table is not None and not by_code:
        return {}
    found = {code: by_code[key] for code in codes if (key := series_key(code)) in by_code}
    if not found and part.layout.rank < 50 and task.table is None:
        return {}  # a column that happens to be called so
    if not found:
        known = sorted(code for table in tables for code in _codes_of(table))
        if len(codes) == 1:
            where = Phrase("{sheet}; no table has this code", sheet=part.sheet.name)
            error = unknown("indicator", next(iter(codes)), known, where)
            hint = Phrase(
                "If a table has this series from another agency, name it under intake.series."
            )
            raise AnewError(error.message, joined(" ", (error.hint, hint)), code=error.code)
        raise AnewError(
            "{sheet} holds {count} indicators, none of a table of the catalogue.",
            "Indicators with a table: {known}.",
            code="no-table-fits",
            sheet=part.sheet.name,
            count=len(codes),
            known=list(known),
        )
    targets = {code: _target(part, table) for code, table in found.items()}
    if others := len(codes) - len(found):
        for target in targets.values():
            target.reading.remarks.append(
                Phrase("{others} other indicators are in the file", others=others)
            )
    return targets


def _codes_of(table: Table) -> list[str]:
    return [code for code in (table.code, *table.intake.series) if code]


def series_key(text: str) -> str:
    """Return a series as it is compared: a code as it is, a title without its unit."""
    text = text.strip()
    return text if re.fullmatch(r"[\w.:-]+", text, re.ASCII) else " ".join(words(text))


def _chosen(part: Part, task: Task) -> list[Table]:
    """Return the table asked for, or those that declare the layout and that the header fits."""
    if task.table is not None:
        return task.tables()
    name, header = part.layout.name, part.header
    if part.layout.table is not None:
        return [_own(part, task)]
    tables = [table for table in task.tables() if table.yearly or name in table.intake.layout]
    if part.layout.rank:
        tables = [table for table in tables if name in table.intake.layout]
    fitting = [table for table in tables if _fits(part, table)]
    fitting = [table for table in fitting if _titled(part, table)] or fitting
    if len(fitting) == 1 or fitting and all(table.intake.select for table in fitting):
        return fitting
    shown = ", ".join(header.cells[:8]) + (", …" if len(header.cells) > 8 else "")
    if fitting:
        raise _several(part, fitting)
    if part.layout.rank:
        measures = sorted({t.intake.value for t in tables if t.intake.value})
        known = (
            Phrase("Measures: {measures}.", measures=measures)
            if measures
            else Phrase("Tables: {tables}.", tables=list(task.catalog.tables))
        )
        raise AnewError(
            "{sheet} ({title}): the columns {columns} are those of no table.",
            "Say whose data it is: --table NAME. {known}",
            code="no-table-fits",
            sheet=part.sheet.name,
            title=part.layout.title,
            columns=shown,
            known=known,
        )
    raise AnewError(
        "{sheet}: the columns {columns} fit no table.",
        "A tidy table has a row for each economy and year, under the headings "
        "economy, year, value, or a table's own columns, which are in "
        "data/catalog.yml.",
        code="no-table-fits",
        sheet=part.sheet.name,
        columns=shown,
    )


def _own(part: Part, task: Task) -> Table:
    """Return the table whose own layout a header has; raise AnewError where it fits several."""
    row, named = part.header.row, task.table is not None
    tables = [table for table in task.tables() if not table.yearly]
    fitting = [t for t in tables if any(one.header(row) for one in layouts_of(t, named))]
    if len(fitting) > 1:
        raise _several(part, fitting)
    return fitting[0]


def _several(part: Part, fitting: Sequence[Table]) -> AnewError:
    cells = part.header.cells
    shown = ", ".join(cells[:8]) + (", …" if len(cells) > 8 else "")
    return AnewError(
        "{sheet}: the columns {columns} fit several tables.",
        "Say which with --table: {names}.",
        code="several-tables-fit",
        sheet=part.sheet.name,
        columns=shown,
        names=[table.name for table in fitting],
    )


def _fits(part: Part, table: Table) -> bool:
    """Return whether a header has every column that a table needs; a tidy one, and no other."""
    columns, missing = _columns(part, table)
    if part.layout.rank:
        heading = table.intake.value
        named = not heading or find(part.header.plain, heading) is not None
        return not missing and named and _titled(part, table) is not None
    used = {*columns.values(), *part.header.at.values()}
    return not missing and len(used) == sum(map(bool, part.header.cells))


def _titled(part: Part, table: Table) -> bool | None:
    """Return whether the title says a category that is no column; None if it must and does not."""
    found = False
    for column in table.columns:
        names = table.headings(column.name)
        if column.values and column.name in table.key and find(part.header.plain, *names) is None:
            if category(column.values, " ".join(part.above)) is None:
                return None
            found = True
    return found


def _columns(part: Part, table: Table, presume: bool = False) -> tuple[dict[str, int], list[str]]:
    """Return where a table's columns are in a header, and which of those it needs are not.

    The only column that is left is the measure where a layout has any heading for it, or where
    the author named the table (`presume`).
    """
    layout, header = part.layout, part.header
    placed = {table.entity.name} if table.entity is not None else set()
    if table.period is not None and ("period" in header.at or part.across == "period"):
        placed.add(table.period.name)
    taken = {n for role, n in header.at.items() if role != "value"}
    found: dict[str, int] = {}
    for column in table.columns:
        names = table.headings(column.name)
        if column.name == table.measure:
            if layout.across or layout.rows:
                continue
            names = (
                [table.intake.value, *names, *_USUAL] if table.intake.value else [*names, *_USUAL]
            )
            at = header.at.get("value", find(header.plain, *names))
        else:
            at = None if column.name in placed else find(header.plain, *names)
        if at is not None and at not in taken:
            found[column.name] = at
    if layout.named and table.measure not in found and (layout.rank or presume):
        known = {*taken, *found.values(), *_ignored(part, table)}
        rest = [n for n, cell in enumerate(header.cells) if cell and n not in known]
        if len(rest) == 1:
            found[table.measure] = rest[0]
    given = placed | found.keys() | layout.constants.keys()
    if layout.across or layout.rows:
        given |= {table.measure}
    if layout.rank:  # a category may stand in the title
        given |= {c.name for c in table.columns if c.values and c.name in table.key}
    return found, [c.name for c in table.columns if c.required and c.name not in given]


def _ignored(part: Part, table: Table) -> set[int]:
    names = [name.replace("{value}", table.intake.value or "") for name in part.layout.ignores]
    return {at for name in names if (at := find(part.header.plain, name)) is not None}


def _target(part: Part, table: Table, presume: bool = False) -> Target:
    layout, header = part.layout, part.header
    columns, missing = _columns(part, table, presume)
    title = " ".join([part.sheet.origin.name, *part.above])
    constants: dict[str, str] = {}
    for column in table.columns:
        if column.name in columns or column.name == table.measure:
            continue
        value = None
        if column.name in layout.constants:
            match = re.search(layout.constants[column.name], title)
            value = next((p for p in match.groups() if p), None) if match else None
        elif column.values and column.name in table.key:
            value = category(column.values, " ".join(part.above))
        else:
            continue
        if value is not None:
            constants[column.name] = value
        elif column.required and column.name not in missing:
            missing.append(column.name)
    if missing:
        raise AnewError(
            "{sheet} has no column {missing}; its header reads {cells}.",
            "Table {table} has the columns {names}. Another heading is declared in "
            "data/catalog.yml, under tables.{table}.intake.headings.",
            code="no-column",
            sheet=part.sheet.name,
            missing=list(missing),
            cells=list(header.cells),
            table=table.name,
            names=list(table.names),
        )
    reading = Reading(layout.title, table.name, part.sheet, part.published)
    reading.worldwide = layout.worldwide
    target = Target(table, reading, columns.pop(table.measure, None), constants=constants)
    target.others = columns
    names = [n.replace("{value}", table.intake.value or "") for n in layout.takes.get("flag", ())]
    target.flag = header.at.get("flag", find(header.plain, *names))
    for name, wanted in table.intake.select.items():
        at = [find(header.plain, f"{name} Label"), find(header.plain, name)]
        target.select.append(([n for n in at if n is not None], wanted))
    _tell_columns(part, target)
    return target


def category(values: dict[int, dict[str, str]], text: str) -> str | None:
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


def _tell_columns(part: Part, target: Target) -> None:
    """Tell of the columns that are not understood, and of one that is only presumed."""
    header, table = part.header, target.table
    known = {*header.at.values(), *target.others.values(), target.column, target.flag}
    known |= {n for n, _ in header.across} | _ignored(part, table) | {n for n, _ in part.only}
    known |= {n for at, _ in target.select for n in at}
    rest = [cell for n, cell in enumerate(header.cells) if cell and n not in known]
    if rest:
        target.reading.remarks.append(
            Phrase("columns that the table does not have: {rest}", rest=list(rest))
        )
    if part.layout.named and target.column is not None:
        heading = header.plain[target.column]
        names = [table.intake.value or "", table.measure, *_USUAL]
        names += table.column(table.measure).title.values()
        if find([heading], *names, *table.intake.headings.get(table.measure, ())) is None:
            target.reading.remarks.append(
                Phrase(
                    "the column {heading} is taken for {measure}",
                    heading=heading,
                    measure=table.measure,
                )
            )
