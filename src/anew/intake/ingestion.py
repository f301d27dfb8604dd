"""Ingestion: recognise files by their content, plan their vintages, report, write."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from anew.intake.names import Names
from anew.intake.plan import Planned, plan
from anew.intake.reading import NO_ANSWERS, Answers, Task, checked_date
from anew.intake.recognition import readings_of
from anew.intake.report import IntakeReport, refuse_all
from anew.intake.trial import trial
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES, say
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.texts import check_name
from anew.project.writing import create, dump, runs, write_bytes, write_text
from anew.tables.catalog import VINTAGE_NAME, Catalog
from anew.tables.insertion import insert
from anew.tables.loading import load_catalog

#: What else changes with new vintages, a line each: called with a project in which they are there.
Consequences = Callable[[Project, Sequence[Planned]], list[str]]

#: The build folder's note of the files that an intake is writing, with its process.
_NOTED = "intake-"


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
    for file in files:
        check_name(file)
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
    readings, problems = readings_of(project, files, task)
    planned: list[Planned] = []
    for reading in readings:
        made, wrong = plan(project, reading, task)
        problems += wrong
        planned += [made] if made else []
    names = ", ".join(path.name for path in files)
    refuse_all(problems, names)
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
