"""`anew add`: the files of a new figure, table or section, with TODO marks for their author."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from anew.editions.editions import load_editions
from anew.project.errors import AnewError, unknown
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.writing import write_text
from anew.start.templates import fill, render
from anew.tables.catalog import Catalog, Table, last_day
from anew.tables.loading import load_catalog

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_REFERENCES = re.compile(r"^# .*#sec-references.*$", re.MULTILINE)
_DATE = re.compile(r"^    date: [\"']?(\d{4}-\d\d-\d\d)", re.MULTILINE)
_TEMPLATES = Path(__file__).parent


def add_figure(project: Project, name: str, table: str | None = None) -> list[Path]:
    """Add a figure that draws a table, to analysis, default edition and texts; return the files.

    Raises AnewError for a name that is not one, for a table that has no vintage, no period or no
    number, and where a file of that name exists.
    """
    catalog = load_catalog(project)
    chosen = _table_of(catalog, table)
    period, entity = chosen.period, chosen.entity
    value = next((c for c in chosen.columns if c.type == "number"), None)
    if period is None or value is None or not chosen.vintages:
        raise AnewError(
            "The table {table} has no vintage, no period or no number to be drawn.",
            "Name another with --table, or take a vintage in first: anew ingest.",
            code="nothing-to-draw",
            table=chosen.name,
        )
    number = 1
    while f"fig{number}" in project.notebooks():
        number += 1
    values: dict[str, object] = {
        "name": _checked(name), "module": name.replace("-", "_"), "address": f"fig{number}",
        "label": str(number), "table": chosen.name, "period": period.name, "kind": period.type,
        "entity": entity.name if entity else "", "value": value.name,
        "measure": value.title,
    }  # fmt: skip
    editions = project.editions_file
    vintage = max(chosen.vintages)
    planned = f"      fig{number}:\n        tables: {{{chosen.name}: {vintage}}}\n"
    edition = load_editions(project).default
    day = last_day(chosen.vintages[vintage].published).isoformat()
    texts = {editions: _plan(editions.read_text("utf-8"), edition, planned, day)}
    return _write(project, "figure", values, texts)


def add_section(project: Project, name: str) -> list[Path]:
    """Add a section to the text in every language, before the references; return the files.

    Raises AnewError for a name that is not one, and where a file of that name exists.
    """
    return _write(project, "section", {"name": _checked(name)}, {})


def add_table(project: Project, name: str) -> list[Path]:
    """Add a table without a vintage to the catalogue; return the changed file.

    Raises AnewError for a name that is not one, and for a table that exists.
    """
    catalog = load_catalog(project)
    if _checked(name) in catalog.tables:
        raise AnewError(
            "There is a table {name}.", "Choose another name.", code="name-taken", name=name
        )
    entry = fill(_TEMPLATES / "table.yml", LANGUAGES, {"name": name})
    text = project.catalog_file.read_text("utf-8")
    start = re.search(r"^tables:.*\n", text, re.MULTILINE)
    if start is None:
        raise AnewError(
            "data/catalog.yml has no tables:.",
            "Write tables: on a line of its own.",
            code="missing-key",
        )
    after = re.search(r"^\S", text[start.end() :], re.MULTILINE)
    at = start.end() + after.start() if after else len(text)
    before = text[:at].rstrip("\n")
    return [write_text(project.catalog_file, f"{before}\n{entry}\n{text[at:]}".rstrip("\n") + "\n")]


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise AnewError(
            "{name!r} is not a name.",
            "Write lower case letters, digits and hyphens: rain-share.",
            code="wrong-name",
            name=name,
        )
    return name


def _table_of(catalog: Catalog, name: str | None) -> Table:
    if name is None:
        name = next((one for one, table in catalog.tables.items() if table.vintages), "")
    if name not in catalog.tables:
        raise unknown("table", name, catalog.tables)
    return catalog.tables[name]


def _write(
    project: Project, folder: str, values: Mapping[str, object], texts: Mapping[Path, str]
) -> list[Path]:
    """Write a recipe's files and include its texts; nothing is written if one of them exists."""
    files = render(folder, LANGUAGES, values)
    for name in files:
        if (project.root / name).exists():
            raise AnewError(
                "There is a file {name}.", "Choose another name.", code="name-taken", name=name
            )
    changed = dict(texts)
    for name in files:
        path = Path(name)
        if path.suffix == ".qmd":
            index = project.root / path.parent / "index.qmd"
            changed[index] = _include(index.read_text("utf-8"), path.name)
    every = {project.root / name: text for name, text in files.items()} | changed
    return [write_text(path, text) for path, text in every.items()]


def _include(text: str, name: str) -> str:
    """Return a text that includes the file `name` before its references, or at its end."""
    line = f"{{{{< include {name} >}}}}"
    found = _REFERENCES.search(text)
    if found is None:
        return text.rstrip("\n") + f"\n\n{line}\n"
    return f"{text[: found.start()]}{line}\n\n{text[found.start() :]}"


def _plan(text: str, edition: str, planned: str, day: str) -> str:
    """Return `editions.yml` with a figure added at the end of an edition's figures.

    An edition is never dated before what it reads: one that is, is dated `day`.
    """
    start = re.search(rf'^  ["\']?{re.escape(edition)}["\']?:.*\n', text, re.MULTILINE)
    figures = start and re.search(r"^    figures:[ ]*\n", text[start.end() :], re.MULTILINE)
    if start is None or figures is None:
        raise AnewError(
            "data/editions.yml: the figures of edition {edition} were not found.",
            "Add there:\n{planned}",
            code="not-inserted",
            edition=edition,
            planned=planned,
        )
    dated = _DATE.search(text, start.end(), start.end() + figures.start())
    if dated and dated[1] < day:
        return _plan(f"{text[: dated.start(1)]}{day}{text[dated.end(1) :]}", edition, planned, day)
    begins = start.end() + figures.end()
    after = re.search(r"^(?: {0,4}\S)", text[begins:], re.MULTILINE)
    at = begins + after.start() if after else len(text)
    before = text[:at].rstrip("\n")
    rest = text[at:]
    return f"{before}\n{planned}" + (f"\n{rest}" if rest else "")
