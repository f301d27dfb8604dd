"""The plan: readings become vintages to be written, or are refused whole. Nothing is written here.

Every cell is checked with the rules that hold for the raw tables, and each fault is told at the
place where it stood in the file that came in.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from anew.catalog import Catalog, Table, file_of, first_day, last_day
from anew.errors import AnewError
from anew.intake.changes import Change, Comparison, compare, implausible_revisions, jumps
from anew.intake.reading import Place, Reading, Row, Task, date_of
from anew.intake.units import mixed_units
from anew.problems import Problem
from anew.project import Project
from anew.validation import check_bytes, read_content


@dataclass
class Planned:
    """A vintage to be: its file, its place in the catalogue, and what a reader should know."""

    table: str
    vintage: str
    format: str
    data: bytes
    rows: int
    origin: str
    origin_sha256: str
    agency: dict[str, str] | None = None
    url: str | None = None
    comparison: Comparison | None = None
    jumps: list[Change] = field(default_factory=list)
    implausible: list[Change] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        """Where the file will be, from the root."""
        return file_of(self.table, self.vintage)

    @property
    def sha256(self) -> str:
        """The hash of the file to be written."""
        return hashlib.sha256(self.data).hexdigest()


def plan(project: Project, reading: Reading, task: Task) -> tuple[Planned | None, list[Problem]]:
    """Return the vintage that a reading makes, or all that is wrong with it."""
    problems = list(reading.problems)
    if not reading.table or reading.table not in task.catalog.tables:
        return None, problems
    table = task.catalog.table(reading.table)
    vintage = _name(reading, table, task)
    if not reading.rows and not problems:
        message = f"not one row for table {table.name}."
        problems.append(Problem(reading.sheet.name, message, "Is it the right file?", "empty"))
    problems += _duplicates(table, reading.rows)
    earlier = _previous(table, vintage)
    old = _rows(project, task.catalog, table.name, earlier) if earlier else []
    if reading.rows:
        problems += _cells(table, vintage, reading.rows, task.catalog)
    if not problems:
        if table.intake.format != "companies":  # there each company's sum was judged by itself
            problems += mixed_units(table, reading.rows, old)
        problems += _lost(reading, old, earlier)
    if problems:
        return None, problems
    data = write_csv(table, [row.cells for row in reading.rows])
    return _planned(table, vintage, reading, data, earlier, old), []


def write_csv(table: Table, rows: Iterable[dict[str, str]]) -> bytes:
    """Return rows as raw tables are written: the catalogue's columns, sorted by key, UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.names)
    numeric = {c.name for c in table.columns if c.type in ("year", "integer", "number")}

    def order(row: dict[str, str]) -> list[tuple[float, str]]:
        return [(float(row[n]), "") if n in numeric else (0.0, row[n]) for n in table.key]

    for row in sorted(rows, key=order):
        writer.writerow([row.get(name, "") for name in table.names])
    return out.getvalue().encode()


def _name(reading: Reading, table: Table, task: Task) -> str:
    """Return the new vintage's name; raise AnewError if it is not known, wrong or taken."""
    date, asked = date_of(reading, task), task.vintage
    where = f"{reading.sheet.name} (table {table.name})"
    if date is None:
        raise AnewError(
            f"{where} does not say when it was published.",
            "Say it: --vintage 2026-07-01, or 2026-07_source where several publish one table.",
        )
    said = reading.published
    if said and asked and not (first_day(date) <= first_day(said) <= last_day(date)):
        raise AnewError(
            f"{where} says that it was updated on {said}, not {date}.",
            "Leave --vintage out: the file knows its date.",
        )
    name = asked or date
    if name in table.vintages:
        raise AnewError(
            f"Table {table.name} has a vintage {name} already; a vintage is never overwritten.",
            "If the agency changed it on the same day, add a source: --vintage "
            f"{name.split('_')[0]}_again.",
        )
    return name


def _previous(table: Table, vintage: str) -> str | None:
    """Return the vintage before: of the same source if there is one, else of any."""
    source = vintage.partition("_")[2]
    end = last_day(vintage.split("_")[0])
    older = [(v.last_day, name) for name, v in table.vintages.items() if v.last_day <= end]
    same = [item for item in older if item[1].partition("_")[2] == source]
    return max(same or older)[1] if older else None


def _rows(project: Project, catalog: Catalog, name: str, vintage: str) -> list[dict[str, str]]:
    text = read_content(project, catalog, name, vintage).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _duplicates(table: Table, rows: Sequence[Row]) -> list[Problem]:
    first: dict[tuple[str, ...], Place] = {}
    problems = []
    for row in rows:
        key = tuple(row.cells.get(name, "") for name in table.key)
        if key in first:
            message = f"{' '.join(key)} is there twice, first in row {first[key].row}."
            at = row.place
            hint = "Keep the right one; the file cannot say which that is."
            problems.append(
                Problem(at.file, message, hint, "duplicate", at.row, at.column, " ".join(key))
            )
        first.setdefault(key, row.place)
    return problems


def _cells(table: Table, vintage: str, rows: Sequence[Row], catalog: Catalog) -> list[Problem]:
    """Check the rows with the rules of raw tables, in the order in which they came."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.names)
    for row in rows:
        writer.writerow([row.cells.get(name, "") for name in table.names])
    last = last_day(vintage.split("_")[0]).year
    found = check_bytes(out.getvalue().encode(), table, catalog.codes(table.name), last, "")
    # keys that are there twice were told before, with both their places
    return [_moved(problem, rows) for problem in found if problem.code != "primary-key"]


def _moved(problem: Problem, rows: Sequence[Row]) -> Problem:
    """Return the problem at the place where the value stood in the file that came in."""
    place = rows[(problem.row or 2) - 2].place
    column = place.column if problem.column in (None, "value") and place.column else problem.column
    hint = "Correct it at its source; a vintage is the agency's data, not ours."
    return replace(problem, file=place.file, row=place.row, column=column, hint=hint)


def _lost(reading: Reading, old: Sequence[dict[str, str]], earlier: str | None) -> list[Problem]:
    """Return economies that a file of the whole world no longer has: it is not whole."""
    if not reading.worldwide or not earlier:
        return []
    lost = sorted({row["economy"] for row in old} - {row.cells["economy"] for row in reading.rows})
    message = f"no value for {', '.join(lost)}, which vintage {earlier} has."
    hint = "Is the file cut off, or a selection? Download it for all economies."
    return [Problem(reading.sheet.name, message, hint, "lost")] if lost else []


def _planned(
    table: Table,
    vintage: str,
    reading: Reading,
    data: bytes,
    earlier: str | None,
    old: Sequence[dict[str, str]],
) -> Planned:
    cells = [row.cells for row in reading.rows]
    source = vintage.partition("_")[2]
    same = [v for n, v in sorted(table.vintages.items()) if n.partition("_")[2] == source]
    made = Planned(
        table.name,
        vintage,
        reading.format,
        data,
        len(cells),
        reading.sheet.origin.name,
        reading.sheet.sha256,
        same[-1].agency if same and same[-1].agency != table.agency else None,
        same[-1].url if same and same[-1].url != table.url else None,
        left_out=dict(sorted(reading.left_out.items())),
        remarks=[*reading.remarks, *(f"{n:,} {what}" for what, n in sorted(reading.noted.items()))],
    )
    if earlier:
        made.comparison = compare(table, old, cells, earlier)
        agency = made.agency or table.agency
        made.comparison.source_changed = table.vintages[earlier].agency != agency
        made.implausible = implausible_revisions(table, made.comparison)
    made.jumps = jumps(table, cells, old)
    return made
