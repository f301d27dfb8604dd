"""Ingestion: recognise files by their content, plan their vintages, report, write."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from anew.intake import reader, sdmx, worldbank_api
from anew.intake.formats import Format, load_formats
from anew.intake.layout import Header, Layout, layouts_of, load_layouts, recognise
from anew.intake.names import Names
from anew.intake.plan import Planned, plan
from anew.intake.reading import NO_ANSWERS, Answers, Reading, Task, checked_date
from anew.intake.report import IntakeReport
from anew.intake.sheets import Sheet, Unreadable, open_sheets
from anew.intake.trial import trial
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES, say
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import DataError, Problem, listing
from anew.project.writing import create, dump, runs, write_bytes, write_text
from anew.tables.catalog import VINTAGE_NAME, Catalog, load_catalog
from anew.tables.insertion import insert

#: What else changes with new vintages, a line each: called with a project in which they are there.
Consequences = Callable[[Project, Sequence[Planned]], list[str]]

#: First words of the lists of countries and indicators that lie beside the World Bank's data.
_BESIDE = {"countrycode", "indicatorcode", "seriescode"}
#: The build folder's note of the files that an intake is writing, with its process.
_NOTED = "intake-"
#: So many problems of one kind are told one by one.
_APART = 5


def ingest(
    project: Project,
    files: Sequence[Path],
    table: str | None = None,
    vintage: str | None = None,
    dry_run: bool = False,
    keep_source: bool = False,
    answers: Answers = NO_ANSWERS,
    today: datetime.date | None = None,
    consequences: Consequences | None = None,
) -> IntakeReport:
    """Make vintages of files as published, and return what they are and what they change.

    `table` and `vintage` say what a file does not say itself, `answers` what it leaves open.
    `keep_source` keeps the files in the work folder, which is not in the repository. `today` is
    noted as the day of reading; no value is judged by it. With `dry_run` nothing is written, and
    `consequences` is asked what would change in a copy of the project that has the vintages. All
    files are taken or none: raises DataError listing every problem with its place, and leaves the
    project as it was.
    """
    catalog = load_catalog(project)
    task = Task(catalog, Names(catalog), table, vintage, answers)
    if table is not None:
        catalog.table(table)
    if vintage is not None:
        checked_date(vintage.split("_")[0], "--vintage")
        if not VINTAGE_NAME.fullmatch(vintage):
            hint = Phrase("Name it 2026-07-01, 2026-07 or 2026-07_source.")
            raise AnewError(
                "{vintage!r} is not the name of a vintage.",
                hint,
                code="wrong-name",
                vintage=vintage,
            )
    readings, problems = _readings(project, files, task)
    planned: list[Planned] = []
    for reading in readings:
        made, wrong = plan(project, reading, task)
        problems += wrong
        planned += [made] if made else []
    names = ", ".join(path.name for path in files)
    _refuse(problems, names)
    _distinct(planned, names)
    report = IntakeReport(planned)
    if dry_run:
        if consequences is not None:
            with trial(project) as copy:
                write(copy, load_catalog(copy), planned, today)
                try:
                    report.consequences = consequences(copy, planned)
                except AnewError as error:  # the vintages are sound; what is made of them is not
                    report.consequences = [Phrase("It would not build: {error}", error=error)]
        return report
    write(project, catalog, planned, today)
    report.written = True
    if keep_source:
        report.stored = [_store(project, path, planned[0].vintage) for path in files]
    return report


def write(
    project: Project,
    catalog: Catalog,
    planned: Sequence[Planned],
    today: datetime.date | None = None,
) -> None:
    """Write the files and their entries; what was written is taken back if anything fails."""
    read = (today or datetime.date.today()).isoformat()
    original = project.catalog_file.read_bytes()
    made: list[Path] = []
    noted = write_text(
        project.work / f"{_NOTED}{os.getpid()}.json", dump([item.file for item in planned])
    )
    try:
        for item in planned:
            path = project.root / item.file
            if not _left_behind(path, item.data):
                create(path, item.data)  # never over a file that exists
                made.append(path)
            shown = project.relative(project.catalog_file)
            at = ("tables", item.table, "vintages")
            text = insert(project.catalog_file, shown, at, item.vintage, _entry(item, read))
            write_text(project.catalog_file, text)
        load_catalog(project)
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if project.catalog_file.read_bytes() != original:
            write_bytes(project.catalog_file, original)
        if isinstance(error, FileExistsError):
            raise AnewError(
                "{file} exists but is not in the catalogue.",
                "Remove it, or catalogue it; a vintage is never overwritten.",
                code="not-a-vintage",
                file=project.relative(Path(error.filename)),
            ) from None
        raise
    finally:
        noted.unlink(missing_ok=True)


def take_back(project: Project) -> None:
    """Remove the files of an intake that was killed before the catalogue named them."""
    for noted in project.work.glob(f"{_NOTED}*.json"):
        if runs(int(noted.stem.removeprefix(_NOTED))):
            continue
        catalog = load_catalog(project)
        named = {one.file for table in catalog.tables.values() for one in table.vintages.values()}
        for name in json.loads(noted.read_text("utf-8")):
            if name not in named:
                (project.root / name).unlink(missing_ok=True)
        noted.unlink()


def _left_behind(path: Path, data: bytes) -> bool:
    """Return whether the very file is there already, from a run that was killed."""
    return path.is_file() and path.read_bytes() == data


def _entry(item: Planned, read: str) -> dict[str, object]:
    date = item.published
    entry: dict[str, object] = {"file": item.file, "published": date}
    if item.agency:
        entry["agency"] = item.agency
    if item.url:
        entry["url"] = item.url
    entry["read"] = max(read, date)
    entry["sha256"] = item.sha256
    entry["rows"] = item.rows
    origin = f"{item.origin} {item.origin_sha256}"
    entry["origin"] = [origin, *item.pages] if item.pages else origin
    if item.options:
        entry["options"] = item.options
    entry["note"] = {
        la: say(la, "semicolon").join(
            [
                say(la, "taken-in", file=item.origin),
                *(told.get(la, told["en"]) for told in item.told),
            ]
        )
        for la in LANGUAGES
    }
    return entry


def _readings(
    project: Project, files: Sequence[Path], task: Task
) -> tuple[list[Reading], list[Problem]]:
    """Return what every file says. Pages of one answer may come as files of their own."""
    if not files:
        raise AnewError("No file was given.", "anew ingest FILE …", code="nothing-named")
    named = task.table is not None
    strange = [table for table in task.tables() if not table.yearly]
    own = [layout for table in strange for layout in layouts_of(table, named)]
    layouts, formats = [*load_layouts(project), *own], load_formats(project, task.catalog)
    problems: list[Problem] = []
    groups: list[list[Sheet]] = []
    pages: list[Sheet] = []
    for path in files:
        sheets, wrong = open_sheets(path, task.answers.encoding, task.answers.sheet)
        problems += wrong
        for sheet in list(sheets):
            if worldbank_api.empty(sheet.json):
                problems.append(_no_observation(sheet))
            elif worldbank_api.is_page(sheet.json):
                pages.append(sheet)
                sheets.remove(sheet)
            elif sheet.xml or isinstance(sheet.json, dict):
                problems += sdmx.tabulate(sheet)
        groups += [sheets] if sheets else []
    if pages:
        tables, wrong = worldbank_api.tables(pages)
        problems += wrong
        groups.append(tables)
    _refuse(problems, ", ".join(path.name for path in files))
    readings: list[Reading] = []
    for sheets in groups:
        readings += _read(sheets, layouts, formats, task, problems)
    return readings, problems


def _read(
    sheets: Sequence[Sheet],
    layouts: Sequence[Layout],
    formats: dict[str, Format],
    task: Task,
    problems: list[Problem],
) -> list[Reading]:
    """Return what one file says: by its layout, a plug-in, or as a tidy table, in this order."""
    name = sheets[0].origin.name
    data = [sheet for sheet in sheets if not _is_beside(sheet)]
    if not data:
        message = Phrase("lists of countries and indicators, and no data beside them.")
        problems.append(Problem(name, message, Phrase("Download the zip again."), "file-format"))
        return []
    for particular in (True, False):
        ranked = [layout for layout in layouts if bool(layout.rank) == particular]
        parts = [(sheet, *found) for sheet in data if (found := recognise(sheet, ranked))]
        wanted = next((f.lacking(s) for f in formats.values() for s in data if f.lacking(s)), None)
        if parts and (particular or wanted is None):
            return reader.read(_chosen(parts, task), _countries(sheets), task)
        for format in formats.values() if particular else ():
            if fitting := [sheet for sheet in data if format.recognise(sheet)]:
                return format.read(fitting, task)
    problems.append(_unrecognised(name, data, formats, layouts))
    return []


def _chosen(
    parts: list[tuple[Sheet, Layout, Header]], task: Task
) -> list[tuple[Sheet, Layout, Header]]:
    """Return the sheets of the most particular layout: the others are notes and metadata."""
    best = max(layout.rank for _, layout, _ in parts)
    return [part for part in parts if part[1].rank == best]


def _is_beside(sheet: Sheet) -> bool:
    """Return whether a sheet is a list of countries or indicators that lies beside the data."""
    first = sheet.head[0][0] if sheet.head else ""
    plain = "".join(first.split()).replace("_", "").lower()
    return plain in _BESIDE and not any(cell.strip()[:4].isdigit() for cell in sheet.head[0])


def _countries(sheets: Sequence[Sheet]) -> frozenset[str]:
    """Return the codes in the country list that lies beside the data, if it does."""
    for sheet in sheets:
        if _is_beside(sheet) and sheet.head[0][0] == "Country Code":
            try:
                return frozenset(row[0] for _, row in sheet.rows()) - {sheet.head[0][0]}
            except Unreadable:
                return frozenset()  # the data sheet is what counts
    return frozenset()


def _no_observation(sheet: Sheet) -> Problem:
    message = Phrase("the API has no observation for this question.")
    hint = Phrase("Ask for an indicator, economies and years that it has; the address says which.")
    return Problem(sheet.name, message, hint, "no-data")


def _unrecognised(
    name: str, sheets: Sequence[Sheet], formats: dict[str, Format], layouts: Sequence[Layout]
) -> Problem:
    known = dict.fromkeys(layout.title for layout in layouts if not layout.refuse)
    hint = Phrase(
        "Known: {known}. A layout is declared in data/layouts/.",
        known="; ".join([*known, *formats]),
    )
    for sheet in sheets:
        if answer := worldbank_api.error(sheet.json):
            message = Phrase("an error of the API, not data: {answer}", answer=answer)
            return Problem(
                name, message, Phrase("Look at the address that was asked."), "file-format"
            )
        if wanting := next((w for f in formats.values() if (w := f.lacking(sheet))), None):
            lacking, todo = wanting
            return Problem(name, lacking, todo, "file-format", 1)
    if not any(sheet.head for sheet in sheets):
        what = "JSON" if sheets[0].json is not None else "XML"
        return Problem(
            name,
            Phrase("not a known format: {what} of another shape.", what=what),
            hint,
            "file-format",
            1,
        )
    first = next((row for sheet in sheets for row in sheet.head), [])
    head = ", ".join(" ".join(cell.split()) for cell in first[:8] if cell.strip())
    return Problem(
        name,
        Phrase("not a known format: it begins with {head}.", head=head),
        hint,
        "file-format",
        1,
    )


def _refuse(problems: Sequence[Problem], names: str) -> None:
    """Raise DataError for problems: those of one kind are told once, with count and first rows."""
    found = list(dict.fromkeys(problems))
    if not found:
        return
    kinds: dict[tuple[str, str, str | None, str], list[Problem]] = {}
    for problem in found:
        column = None if problem.code in ("unit", "digits", "duplicate") else problem.column
        kinds.setdefault((problem.file, problem.code, column, problem.hint), []).append(problem)
    told: list[Problem] = []
    for alike in kinds.values():
        if len({replace(problem, row=None) for problem in alike}) <= _APART:
            told += alike
            continue
        rows = list(dict.fromkeys(str(p.row) for p in alike if p.row is not None))
        more = " …" if len(rows) > 8 else ""
        where = Phrase(", rows {rows}{more}", rows=rows[:8], more=more) if rows else ""
        message = Phrase(
            "{first} And {count:,} more of this kind{where}.",
            first=alike[0].message,
            count=len(alike) - 1,
            where=where,
        )
        told.append(replace(alike[0], message=message))
    refused = "{names}: refused whole, nothing was written: 1 problem.\n{listing}"
    if len(found) > 1:
        refused = "{names}: refused whole, nothing was written: {count:,} problems.\n{listing}"
    raise DataError(refused, found, names=names, count=len(found), listing=listing(told))


def _distinct(planned: Sequence[Planned], names: str) -> None:
    seen: set[tuple[str, str]] = set()
    for item in planned:
        if (item.table, item.vintage) in seen:
            raise AnewError(
                "{files}: vintage {vintage} of table {table} comes twice.",
                "Give each file once.",
                code="twice-given",
                files=names,
                vintage=item.vintage,
                table=item.table,
            )
        seen.add((item.table, item.vintage))


def _store(project: Project, file: Path, vintage: str) -> str:
    """Keep a file as it came in the work folder, which is not in the repository."""
    path = project.work / "sources" / f"{vintage}-{file.name}"
    write_bytes(path, file.read_bytes())
    return project.relative(path)
