"""Recognition: what each file that came in says, by its layout, a plug-in, or as a tidy table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from anew.intake import reader, sdmx, worldbank_api
from anew.intake.formats import Format, load_formats
from anew.intake.layout import Header, Layout, layouts_of, load_layouts, recognise
from anew.intake.opening import open_sheets
from anew.intake.reading import Reading, Task
from anew.intake.report import refuse_all
from anew.intake.sheets import Sheet, Unreadable
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import Problem

#: First words of the lists of countries and indicators that lie beside the World Bank's data.
_BESIDE = {"countrycode", "indicatorcode", "seriescode"}


def readings_of(
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
    refuse_all(problems, ", ".join(path.name for path in files))
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
