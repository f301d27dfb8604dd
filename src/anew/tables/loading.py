"""Loading of the catalogue: the file with what it leaves out, or every problem in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anew.project.configuration import Path_, checked, read_yaml
from anew.project.errors import unknown
from anew.project.language import LANGUAGES, say
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import Problem, at, refuse
from anew.tables.catalog import Catalog


def load_catalog(project: Project) -> Catalog:
    """Return the project's catalogue; raise DataError with every problem in the file."""
    shown = project.relative(project.catalog_file)
    data, lines = read_yaml(project.catalog_file, shown)
    catalog = checked(Catalog, _named(data), lines, shown)
    refuse(list(_unknown_lists(catalog, lines, shown)), shown)
    return catalog


def _unknown_lists(catalog: Catalog, lines: Mapping[Path_, int], shown: str) -> Iterator[Problem]:
    """Yield the columns whose list the catalogue does not have, each at its line."""
    for name, table in catalog.tables.items():
        for number, column in enumerate(table.columns):
            if column.list is None or column.list in catalog.lists:
                continue
            where = ("tables", name, "columns", number, "list")
            error = unknown("list", column.list, catalog.lists)
            message = at(f"tables.{name}.columns[{number}].list", error.message)
            place = Phrase("{file}, line {line}", file=shown, line=lines[where])
            yield Problem(place, message, error.hint, error.code)


def _named(data: Any) -> Any:
    """Give tables and vintages their names, and vintages what they take from their table."""
    if not isinstance(data, dict) or not isinstance(data.get("tables"), dict):
        return data
    tables = {}
    for name, table in data["tables"].items():
        if isinstance(table, dict):
            table = _filled(str(name), table)
            if isinstance(vintages := table.get("vintages"), dict):
                table["vintages"] = {key: _vintage(key, v, table) for key, v in vintages.items()}
        tables[name] = table
    return {**data, "tables": tables}


def _filled(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """Give a table what its entry leaves out; what is not stated says so to its readers."""

    unstated = {language: say(language, "not-stated") for language in LANGUAGES}
    table, columns = dict(table), table.get("columns")
    if isinstance(columns, list):
        own = [column if isinstance(column, dict) else {} for column in columns]
        table["columns"] = [
            {"title": dict.fromkeys(LANGUAGES, str(one["name"])), **one} if "name" in one else given
            for one, given in zip(own, columns, strict=True)
        ]
        quantities = ("number", "integer")
        keys = [one["name"] for one in own if "name" in one and one.get("type") not in quantities]
        table = {"key": keys, **table}
    return {
        "name": name,
        "title": dict.fromkeys(LANGUAGES, name),
        "agency": unstated,
        "url": "",
        "licence": unstated,
        "citation": f"{name}.",
        "note": {language: say(language, "no-note") for language in LANGUAGES},
        **table,
    }


def _vintage(name: str, vintage: Any, table: dict[str, Any]) -> Any:
    if not isinstance(vintage, dict):
        return vintage
    inherited = {key: table[key] for key in ("agency", "url") if key in table}
    spoken_of = {"as_of": vintage["published"]} if "published" in vintage else {}
    noted = {"note": {language: say(language, "no-note") for language in LANGUAGES}}
    return {"name": name, **inherited, **spoken_of, **noted, **vintage}
