"""What the notebooks of one edition found, gathered for the text: facts, claims, words, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anew.project.errors import AnewError
from anew.project.language import LANGUAGES, say
from anew.project.writing import dump, write_text

if TYPE_CHECKING:
    from anew.editions.editions import Edition
    from anew.tables.catalog import Catalog

#: What notebooks give by id, and what one of each is called.
_KINDS = {
    "facts": "fact", "absent": "absent fact", "claims": "claim", "statements": "statement",
    "tables": "table",
}  # fmt: skip

#: What a fact prints that these data do not have.
NO_VALUE = "—"


@dataclass(frozen=True)
class Weave:
    """Everything that a text of one edition may print, by id."""

    edition: str
    title: Mapping[str, str]
    date: str
    figures: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Mapping[str, Any]]
    claims: Mapping[str, Mapping[str, Any]]
    statements: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, Mapping[str, Any]]
    absent: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return what `report/_built/weave.json` holds: all that a text reads."""
        return {"languages": list(LANGUAGES), **vars(self), "printed": self.printed()}

    def printed(self) -> dict[str, dict[str, str]]:
        """Return every computed table as each language prints it, by language and id."""
        return {
            language: {id: table_markdown(id, table, language) for id, table in self.tables.items()}
            for language in LANGUAGES
        }

    def variables(self) -> dict[str, dict[str, str]]:
        """Return what `_variables.yml` holds: every fact as each language prints it."""
        return {
            language: {
                **dict.fromkeys(sorted(self.absent), NO_VALUE),
                **{id: fact[language] for id, fact in sorted(self.facts.items())},
                "edition": self.edition,
                "edition_title": self.title[language],
                "edition_date": self.date,
            }
            for language in LANGUAGES
        }


def tell_evidence(woven: Weave, glossaries: Mapping[str, Mapping[str, str]]) -> Weave:
    """Return `woven` with the evidence of each claim as a line of text, by language (`told`).

    `glossaries` are words for codes and labels by language. Paper needs them there, where no link
    opens the evidence.
    """
    from anew.text.glossary import as_line

    def spoken(claim: Mapping[str, Any]) -> dict[str, Any]:
        lines = {la: as_line(claim["evidence"], la, names) for la, names in glossaries.items()}
        return {**claim, "told": lines}

    return replace(woven, claims={id: spoken(claim) for id, claim in woven.claims.items()})


def number_of(address: str) -> int | None:
    """Return 7 for `fig7`, None for an address that names no figure."""
    match = re.fullmatch(r"fig(\d+)", address)
    return int(match[1]) if match else None


def weave(
    edition: Edition, results: Iterable[Mapping[str, Any]], notebooks: Mapping[str, str]
) -> Weave:
    """Gather the results of an edition's notebooks.

    `results` are the contents of result.json files, `notebooks` the notebook's path by address.
    Raises AnewError when two notebooks use one id for a fact, a claim, a statement or a table.
    """
    gathered: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    figures: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    for result in results:
        address = result["address"]
        parameters[address] = result["parameters"]
        for kind, found in gathered.items():
            for id, value in result.get(kind, {}).items():
                if id in found:
                    raise AnewError(
                        f"{address} and {found[id]['figure']} both state {_KINDS[kind]} {id!r}.",
                        "Give one of them another id.",
                    )
                found[id] = value
        if result["words"]:
            figures[address] = {
                "address": address,
                "number": number_of(address),
                "notebook": notebooks[address],
                "sources": result["sources"],
                "points": result["points"],
                **{language: result["words"][language] for language in LANGUAGES},
            }
    return Weave(
        edition.name, dict(edition.title), str(edition.date), figures, **gathered,
        parameters=parameters,
    )  # fmt: skip


def table_markdown(id: str, table: Mapping[str, Any], language: str) -> str:
    """Return a computed table as a pipe table with its caption and id."""
    heads = [heading[language] for heading in table["columns"].values()]
    rules = ["---:" if numeric else ":---" for numeric in table["numeric"]]
    lines = [_row(heads), _row(rules, escape=False)]
    lines += [_row(row) for row in table["rows"][language]]
    return "\n".join([*lines, "", f": {table['caption'][language]} {{#{id}}}", ""])


#: What Markdown would read as markup in a cell that is plain text.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$|~^@])")


def _row(cells: Iterable[str], *, escape: bool = True) -> str:
    texts = [_MARKUP.sub(r"\\\1", cell) if escape else cell for cell in cells]
    return "| " + " | ".join(texts) + " |"


def sources_table(edition: Edition, catalog: Catalog) -> dict[str, Any]:
    """Return the table `tbl-sources`: each table and vintage that the edition reads, and where."""
    used: dict[tuple[str, str], list[str]] = {}
    for address, plan in edition.figures.items():
        for table, vintages in plan.tables.items():
            names = vintages.values() if isinstance(vintages, Mapping) else [vintages]
            for vintage in names:
                used.setdefault((table, str(vintage)), []).append(address)
    keys = ("table", "agency", "vintage", "figures")
    rows: dict[str, list[list[str]]] = {}
    for language in LANGUAGES:
        rows[language] = []
        for (name, vintage), addresses in sorted(used.items()):
            entry = catalog.tables[name]
            numbers = [number_of(address) for address in addresses]
            drawn = [str(number) for number in sorted(n for n in numbers if n is not None)]
            agency = f"{entry.vintages[vintage].agency[language]} {entry.code}".strip()
            published = vintage.partition("_")[0]
            used_by = ", ".join(dict.fromkeys(drawn)) or "—"
            rows[language].append([entry.title[language], agency, published, used_by])
    return {
        "figure": "engine",
        "columns": {
            key: {language: say(language, f"sources.{key}") for language in LANGUAGES}
            for key in keys
        },
        "numeric": [False] * len(keys),
        "rows": rows,
        "caption": {language: say(language, "sources.caption") for language in LANGUAGES},
    }


def write_built(folder: Path, woven: Weave) -> None:
    """Write what the text reads under `folder`: `_variables.yml` and `report/_built/`.

    A file is touched only when its content changes, so that nothing downstream runs for nothing.
    """
    import yaml

    variables = yaml.safe_dump(woven.variables(), allow_unicode=True, sort_keys=True, width=10**6)
    write_text(folder / "_variables.yml", variables)
    built = folder / "report" / "_built"
    kept = {write_text(built / "weave.json", dump(woven.as_dict()))}
    for language, tables in woven.printed().items():
        for id, text in tables.items():
            kept.add(write_text(built / language / f"{id}.md", text))
    for path in built.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
