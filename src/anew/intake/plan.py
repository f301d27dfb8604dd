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

from anew.intake.changes import Change, Comparison, compare, implausible_revisions, jumps
from anew.intake.plausibility import suspicious, too_many_revisions
from anew.intake.reading import Place, Reading, Row, Task, date_of
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Either, Phrase, joined
from anew.project.problems import Problem
from anew.tables.catalog import Catalog, Source, Table, file_of, first_day, last_day
from anew.tables.content import check_bytes
from anew.tables.validation import read_content


@dataclass
class Planned:
    """A vintage to be: its file, its place in the catalogue, and what a reader should know."""

    table: str
    vintage: str
    published: str
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
    groups: dict[str, int] = field(default_factory=dict)
    older_than: str | None = None
    remarks: list[str] = field(default_factory=list)
    told: list[dict[str, str]] = field(default_factory=list)
    options: str = ""
    pages: list[str] = field(default_factory=list)

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
    source = source_of(task.catalog, table, vintage)
    if not reading.rows and not problems:
        problems.append(_empty(reading, table))
    problems += _duplicates(table, reading, task)
    earlier = _previous(table, vintage)
    old = _rows(project, task.catalog, table.name, earlier) if earlier else []
    if reading.rows:
        problems += _cells(table, vintage, reading.rows, task.catalog)
    if not problems:
        if not reading.judged:
            problems += suspicious(table, reading.rows, old, task.answers.revisions)
        problems += _lost(table, reading, old, earlier)
    data = write_csv(table, [row.cells for row in reading.rows]) if not problems else b""
    if not problems and vintage in table.vintages:
        problems.append(_taken(reading, table, vintage, data))
    if problems:
        return None, problems
    made = _planned(table, vintage, source, reading, data, earlier, old)
    made.options = task.answers.options()
    compared = made.comparison
    if compared and not (compared.source_changed or reading.judged or task.answers.revisions):
        problems += too_many_revisions(table, compared, Place(reading.sheet.name))
    return (None, problems) if problems else (made, [])


def write_csv(table: Table, rows: Iterable[dict[str, str]]) -> bytes:
    """Return rows as raw tables are written: the catalogue's columns, sorted by key, UTF-8."""
    numeric = {c.name for c in table.columns if c.type in ("year", "integer", "number")}

    def order(row: dict[str, str]) -> list[tuple[float, str]]:
        return [(float(row[n]), "") if n in numeric else (0.0, row[n]) for n in table.key]

    return _csv(table, sorted(rows, key=order))


def _csv(table: Table, rows: Iterable[dict[str, str]]) -> bytes:
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows([row.get(name, "") for name in table.names] for row in rows)
    text.flush()
    return out.getvalue()


def _name(reading: Reading, table: Table, task: Task) -> str:
    """Return the new vintage's name; raise AnewError if it is not known, or wrong."""
    date, asked = date_of(reading, task), task.vintage
    where = Phrase("{sheet} (table {table})", sheet=reading.sheet.name, table=table.name)
    if date is None:
        raise AnewError(
            "{where} does not say when it was published.",
            "State the date: --vintage 2026-07-01, or 2026-07_source where several "
            "agencies publish the table.",
            code="no-date",
            where=where,
        )
    said = reading.published
    if said and asked and not (first_day(date) <= first_day(said) <= last_day(date)):
        raise AnewError(
            "{where} says that it was updated on {said}, not {date}.",
            "Leave --vintage out: the file knows its date.",
            code="other-date",
            where=where,
            said=said,
            date=date,
        )
    return asked or date


def _empty(reading: Reading, table: Table) -> Problem:
    reasons = [
        Phrase("{count:,} {reason}", count=count, reason=reason)
        for reason, count in sorted(reading.left_out.items())
    ]
    why = Phrase("; left out: {reasons}", reasons=reasons) if reasons else ""
    message = Phrase("not one row for table {table}{why}.", table=table.name, why=why)
    return Problem(reading.sheet.name, message, Phrase("Is it the right file?"), "no-data")


def _taken(reading: Reading, table: Table, vintage: str, data: bytes) -> Problem:
    """Return the problem that there is such a vintage, and what may be done."""
    same = hashlib.sha256(data).hexdigest() == table.vintages[vintage].sha256
    message = "table {table} has a vintage {vintage} already; a vintage is never overwritten."
    if same:
        message = (
            "table {table} has a vintage {vintage} already, with the same content: there is "
            "nothing to do."
        )
        hint = Phrase("Where a file makes several vintages, --table takes one of them.")
    else:
        date, source = vintage.split("_")[0], vintage.partition("_")[2] or "again"
        on = reading.published or last_day(date).isoformat()
        again = f"{on}_{source}" if "_" in vintage else f"{date}_again"
        hint = Phrase(
            "If the agency changed it afterwards, name it anew: --vintage {again}.", again=again
        )
    told = Phrase(message, table=table.name, vintage=vintage)
    return Problem(reading.sheet.name, told, hint, "vintage-exists")


def source_of(catalog: Catalog, table: Table, vintage: str) -> Source | None:
    """Return who publishes a vintage, by the source in its name; None for the table's own agency.

    A table with a format of its own has several publishers, so that a vintage must name one whom
    the catalogue knows. Raises AnewError for one that it does not name, or that nobody knows.
    """
    date, _, source = vintage.partition("_")
    known: dict[str, Source] = {}
    for other in (*catalog.tables.values(), table):  # the table's own say counts most
        if other is table or other.intake.format == table.intake.format != None:  # noqa: E711
            for name, entry in other.vintages.items():
                known[name.partition("_")[2]] = Source(agency=entry.agency, url=entry.url)
            known |= other.intake.sources
    known.pop("", None)
    if table.intake.format is None and not table.intake.sources:
        return None
    if source not in known:
        raise AnewError(
            "Table {table} is published by several: {source!r} is not known."
            if source
            else "Table {table} is published by several: say whose data it is.",
            "Known: {names}. Who publishes another is stated in data/catalog.yml, under "
            "tables.{table}.intake.sources.",
            code="no-source",
            table=table.name,
            source=source,
            names=Either(f"--vintage {date}_{name}" for name in sorted(known)),
        )
    return known[source]


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


def _duplicates(table: Table, reading: Reading, task: Task) -> list[Problem]:
    """Return the rows whose key is there twice; drop those that say the same, if that is asked."""
    first: dict[tuple[str, ...], Row] = {}
    problems, kept = [], []
    for row in reading.rows:
        key = tuple(row.cells.get(name, "") for name in table.key)
        known = first.setdefault(key, row)
        if known is row:
            kept.append(row)
        elif task.answers.duplicates == "drop" and known.cells == row.cells:
            reading.left_out[Phrase("rows that repeat another one")] += 1
        else:
            place, value = row.place, " ".join(key)
            message = Phrase(
                "{value} is there twice, first in row {row}.", value=value, row=known.place.row
            )
            hint = Phrase("Keep the right one; the file cannot say which that is.")
            if known.cells == row.cells:
                hint = Phrase("Both say the same: --duplicates drop takes one.")
            elif table.intake.layout and not table.intake.select:
                select = Phrase("If the file has several series, name one under intake.select.")
                hint = joined(" ", (hint, select))
            problems.append(
                Problem(place.file, message, hint, "duplicate", place.row, place.column, value)
            )
    reading.rows = kept
    return problems


def _cells(table: Table, vintage: str, rows: Sequence[Row], catalog: Catalog) -> list[Problem]:
    """Check the rows with the rules of raw tables, in the order in which they came."""
    data = _csv(table, (row.cells for row in rows))
    last = last_day(vintage.split("_")[0])
    found = check_bytes(data, table, catalog.codes(table.name), last, "")
    # keys that are there twice were told before, with both their places
    return [_moved(problem, rows) for problem in found if problem.code != "duplicate"]


def _moved(problem: Problem, rows: Sequence[Row]) -> Problem:
    """Return the problem at the place where the value stood in the file that came in."""
    place = rows[(problem.row or 2) - 2].place
    column = place.column if problem.column in (None, "value") and place.column else problem.column
    hint = Phrase("Correct it at its source; a vintage is the agency's data, not ours.")
    return replace(problem, file=place.file, row=place.row, column=column, hint=hint)


def _lost(
    table: Table, reading: Reading, old: Sequence[dict[str, str]], earlier: str | None
) -> list[Problem]:
    """Return economies that a file of the whole world no longer has: it is not whole."""
    if not reading.worldwide or not earlier or table.entity is None:
        return []
    whose = table.entity.name
    lost = sorted({row[whose] for row in old} - {row.cells[whose] for row in reading.rows})
    message = Phrase(
        "no value for {lost}, which vintage {earlier} has.", lost=list(lost), earlier=earlier
    )
    hint = Phrase("Is the file cut off, or a selection? Download it for all economies.")
    return [Problem(reading.sheet.name, message, hint, "lost-rows")] if lost else []


def _planned(
    table: Table,
    vintage: str,
    source: Source | None,
    reading: Reading,
    data: bytes,
    earlier: str | None,
    old: Sequence[dict[str, str]],
) -> Planned:
    cells = [row.cells for row in reading.rows]
    newest = table.newest()
    made = Planned(
        table.name,
        vintage,
        reading.published or vintage.split("_")[0],
        reading.format,
        data,
        len(cells),
        reading.sheet.origin.name,
        reading.sheet.sha256,
        source.agency if source and source.agency != table.agency else None,
        source.url if source and source.url != table.url else None,
        left_out=dict(sorted(reading.left_out.items())),
        groups=dict(sorted(reading.groups.items())),
        told=list(reading.told),
        pages=[f"{sheet.origin.name} {sheet.sha256}" for sheet in reading.origins],
        remarks=[*reading.remarks, *(f"{n:,} {what}" for what, n in sorted(reading.noted.items()))],
    )
    if newest and table.vintages[newest].last_day > last_day(vintage.split("_")[0]):
        made.older_than = newest
    if earlier:
        made.comparison = compare(table, old, cells, earlier)
        agency = made.agency or table.agency
        made.comparison.source_changed = table.vintages[earlier].agency != agency
        made.implausible = implausible_revisions(table, made.comparison)
    made.jumps = jumps(table, cells, old)
    return made
