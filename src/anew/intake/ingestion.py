"""Ingestion: recognise files by their content, plan their vintages, report, write."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from anew.intake import companies, long, tidy, world_bank
from anew.intake.company_header import lacking
from anew.intake.names import Names
from anew.intake.plan import Planned, plan
from anew.intake.reading import Reading, Task, checked_date
from anew.intake.report import IntakeReport
from anew.intake.sheets import Sheet, open_sheets
from anew.intake.trial import trial
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.problems import Problem, refuse
from anew.tables.catalog import VINTAGE_NAME, Catalog, load_catalog
from anew.tables.insertion import insert, replace_file

#: What else changes with new vintages, a line each: called with a project in which they are there.
Consequences = Callable[[Project, Sequence[Planned]], list[str]]

#: The formats, the most particular first: a tidy header is a part of several others.
_FORMATS: tuple[ModuleType, ...] = (world_bank, long, companies, tidy)


def ingest(
    project: Project,
    files: Sequence[Path],
    table: str | None = None,
    vintage: str | None = None,
    dry_run: bool = False,
    keep_companies: bool = False,
    today: datetime.date | None = None,
    consequences: Consequences | None = None,
) -> IntakeReport:
    """Make vintages of files as published, and return what they are and what they change.

    `table` and `vintage` say what a file does not say itself. `today` is noted as the day of
    reading; no value is judged by it. With `dry_run` nothing is written, and `consequences` is
    asked what would change in a copy of the project that has the vintages. All files are taken or
    none: raises DataError listing every problem with its place, and leaves the project as it was.
    """
    catalog = load_catalog(project)
    task = Task(catalog, Names(catalog), table, vintage)
    if table is not None:
        catalog.table(table)
    if vintage is not None:
        checked_date(vintage.split("_")[0], "--vintage")
        if not VINTAGE_NAME.fullmatch(vintage):
            hint = "Name it 2026-07-01, 2026-07 or 2026-07_source."
            raise AnewError(f"{vintage!r} names no vintage.", hint)
    readings, problems = _readings(files, task)
    planned: list[Planned] = []
    for reading in readings:
        made, wrong = plan(project, reading, task)
        problems += wrong
        planned += [made] if made else []
    names = ", ".join(path.name for path in files)
    refuse(_once(problems), f"{names}: refused whole, nothing was written")
    _distinct(planned, names)
    report = IntakeReport(planned)
    if dry_run:
        if consequences is not None:
            with trial(project) as copy:
                write(copy, load_catalog(copy), planned, today)
                try:
                    report.consequences = consequences(copy, planned)
                except AnewError as error:  # the vintages are sound; what is made of them is not
                    report.consequences = [f"It would not build: {error}"]
        return report
    write(project, catalog, planned, today)
    report.written = True
    if keep_companies:
        report.stored = _store(project, readings, planned)
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
    try:
        for item in planned:
            path = project.root / item.file
            path.parent.mkdir(parents=True, exist_ok=True)
            if not _left_behind(path, item.data):
                with path.open("xb") as file:  # never over a file that exists
                    made.append(path)
                    file.write(item.data)
            shown = project.relative(project.catalog_file)
            at = ("tables", item.table, "vintages")
            text = insert(project.catalog_file, shown, at, item.vintage, _entry(item, read))
            replace_file(project.catalog_file, text)
        load_catalog(project)
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if project.catalog_file.read_bytes() != original:
            replace_file(project.catalog_file, original)
        if isinstance(error, FileExistsError):
            raise AnewError(
                f"{project.relative(Path(error.filename))} exists, but is in no catalogue.",
                "Remove it, or catalogue it; a vintage is never overwritten.",
            ) from None
        raise


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
    entry["origin"] = f"{item.origin} {item.origin_sha256}"
    entry["note"] = {
        "zh": f"由机构发布的文件 {item.origin} 转入",
        "en": f"taken in from the agency's file {item.origin}",
    }
    return entry


def _readings(files: Sequence[Path], task: Task) -> tuple[list[Reading], list[Problem]]:
    """Return what every file says. Pages of one answer may come as files of their own."""
    if not files:
        raise AnewError("No file was given.", "anew ingest FILE …")
    by_format: dict[ModuleType, list[list[Sheet]]] = {}
    problems: list[Problem] = []
    for path in files:
        sheets, wrong = open_sheets(path)
        problems += wrong
        if wrong:
            continue
        if all(world_bank.recognise(sheet) == "metadata" for sheet in sheets):
            message = "lists of countries and indicators, and no data beside them."
            problems.append(Problem(path.name, message, "Download the zip again.", "format"))
            continue
        format = next((f for f in _FORMATS if any(_holds(f, s) for s in sheets)), None)
        if format is None or (format is tidy and any(lacking(sheet) for sheet in sheets)):
            problems.append(_unrecognised(path, sheets))
        else:
            by_format.setdefault(format, []).append(sheets)
    refuse(problems, f"{', '.join(p.name for p in files)}: refused whole, nothing was written")
    readings: list[Reading] = []
    for format, groups in by_format.items():
        data = [[s for s in sheets if format.recognise(s)] for sheets in groups]
        if format is world_bank:  # pages of one answer; metadata belong to their own file
            pages = [s for sheets in data for s in sheets if world_bank.recognise(s) == "pages"]
            data = [sheets for sheets in data if all(s not in pages for s in sheets)]
            data += [pages] if pages else []
        for sheets in data:
            readings += format.read(sheets, task)
    return readings, problems


def _holds(format: ModuleType, sheet: Sheet) -> bool:
    return format.recognise(sheet) not in ("", "metadata")


def _unrecognised(path: Path, sheets: Sequence[Sheet]) -> Problem:
    hint = (
        "Known: a World Bank indicator (zip, CSV, XLSX, API's JSON), its bulk file or a DataBank "
        "export, a Data360 or UNCTADstat export, a list of companies, a tidy table (economy, year, "
        "value)."
    )
    for sheet in sheets:
        if answer := world_bank.error(sheet):
            message = f"an error of the API, not data: {answer}"
            return Problem(path.name, message, "Look at the address that was asked.", "format")
        if wanting := lacking(sheet):
            return Problem(path.name, *wanting, "format", 1)
    if path.name.endswith(".json") and not any(sheet.head for sheet in sheets):
        message = "not a known format: JSON of another shape."
        return Problem(path.name, message, hint, "format", 1)
    first = next((row for sheet in sheets for row in sheet.head), [])
    head = ", ".join(" ".join(cell.split()) for cell in first[:8] if cell.strip())
    return Problem(path.name, f"not a known format: it begins with {head}.", hint, "format", 1)


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def _distinct(planned: Sequence[Planned], names: str) -> None:
    seen: set[tuple[str, str]] = set()
    for item in planned:
        if (item.table, item.vintage) in seen:
            raise AnewError(
                f"{names}: vintage {item.vintage} of table {item.table} comes twice.",
                "Give each file once.",
            )
        seen.add((item.table, item.vintage))


def _store(project: Project, readings: Sequence[Reading], planned: Sequence[Planned]) -> str | None:
    """Keep the list of companies in the work folder, which is not in the repository."""
    for reading in readings:
        if reading.format == "list of companies":
            suffix = reading.sheet.origin.suffix
            path = project.work / "companies" / f"{planned[0].vintage}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, reading.sheet.origin.read_bytes())
            return project.relative(path)
    return None
