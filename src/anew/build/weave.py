"""What the notebooks of one edition found, gathered for the text: facts, claims, words, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from anew.figures.words import figure_address
from anew.notebook.findings import (
    KINDS,
    Absent,
    Claim,
    Each,
    Fact,
    Findings,
    ReportTable,
    Tested,
    Woven,
    WovenFigure,
)
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES, say
from anew.project.paths import natural
from anew.project.writing import dump, write_text
from anew.text.elsewhere import Elsewhere
from anew.text.glossary import as_line

if TYPE_CHECKING:
    from anew.editions.editions import Edition
    from anew.tables.catalog import Catalog

#: What a fact prints that these data do not have.
NO_VALUE = "—"

#: What stands as the address of what the engine itself offers to a text.
ENGINE = "engine"


def printed(woven: Woven) -> dict[str, dict[str, str]]:
    """Return every computed table as each language prints it, by language and id."""
    return {
        language: {id: table_markdown(table, language) for id, table in woven.tables.items()}
        for language in LANGUAGES
    }


def variables(woven: Woven) -> dict[str, dict[str, str]]:
    """Return what `_variables.yml` holds: every fact as each language prints it."""
    return {
        language: {
            **dict.fromkeys(sorted(woven.absent), NO_VALUE),
            **{id: fact.printed[language] for id, fact in sorted(woven.facts.items())},
            "edition": woven.edition,
            "edition_title": woven.title[language],
            "edition_date": woven.date,
        }
        for language in LANGUAGES
    }


def tell_evidence(woven: Woven, glossaries: Mapping[str, Mapping[str, str]]) -> Woven:
    """Return `woven` with the evidence of each claim as a line of text, by language (`told`).

    `glossaries` are words for codes and labels by language. Paper needs them there, where no link
    opens the evidence.
    """

    def spoken(claim: Claim) -> Claim:
        lines = {la: as_line(claim.evidence, la, names) for la, names in glossaries.items()}
        return claim.model_copy(update={"told": lines})

    claims = {id: spoken(claim) for id, claim in woven.claims.items()}
    return woven.model_copy(update={"claims": claims})


def numbered(
    addresses: Iterable[str], orders: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, int]]:
    """Return the document and number of each figure: by its place, then those that are in none.

    `orders` are the ids of all figures of each document, in which the author's own count as well;
    each document counts its own, and those that are in none follow the figures of the first.
    """
    found = {
        figure_address(id): (document, number)
        for document, order in orders.items()
        for number, id in enumerate(order, 1)
    }
    first, order = next(iter(orders.items()), ("index.qmd", ()))
    rest = sorted((a for a in addresses if a not in found), key=natural)
    return found | {one: (first, number) for number, one in enumerate(rest, len(order) + 1)}


def weave(
    edition: Edition,
    found: Iterable[Findings],
    notebooks: Mapping[str, str],
    orders: Mapping[str, Sequence[str]] | None = None,
    elsewhere: Mapping[str, Mapping[str, Elsewhere]] | None = None,
) -> Woven:
    """Gather what an edition's notebooks found; `notebooks` are their paths by address.

    `orders` are the ids of the figures of each document, by which they are numbered, `elsewhere`
    what one document may refer to in another, by language.
    Where it is stated is left out, so that an edit that only moves lines sets no text again.
    Raises AnewError when two notebooks use one id for a fact, a claim, a statement or a table.
    """
    facts: dict[str, Fact] = {}
    absent: dict[str, Absent] = {}
    claims: dict[str, Claim] = {}
    statements: dict[str, Tested] = {}
    tables: dict[str, ReportTable] = {}
    every = list(found)
    numbers = numbered((one.address for one in every if one.words), orders or {})
    for one in every:
        _take(facts, one.facts, KINDS["facts"])
        _take(absent, one.absent, KINDS["absent"])
        _take(claims, one.claims, KINDS["claims"])
        _take(statements, one.statements, KINDS["statements"])
        _take(tables, one.tables, KINDS["tables"])
    return Woven(
        edition=edition.name,
        title=edition.title,
        date=str(edition.date),
        figures={
            one.address: WovenFigure(
                address=one.address,
                document=Path(numbers[one.address][0]).stem,
                number=numbers[one.address][1],
                notebook=notebooks[one.address],
                sources=one.sources,
                points=one.points,
                words=one.words,
            )
            for one in every
            if one.words
        },
        facts=facts,
        claims=claims,
        statements=statements,
        tables=tables,
        absent=absent,
        parameters={one.address: one.parameters for one in every},
        elsewhere={la: dict(found) for la, found in (elsewhere or {}).items() if found},
    )


def _take(gathered: dict[str, Each], found: Mapping[str, Each], kind: str) -> None:
    for id, one in found.items():
        if id in gathered:
            raise AnewError(
                "{figure} and {other} both state {kind} {id!r}.",
                "Rename one of them.",
                code="stated-twice",
                figure=one.figure,
                other=gathered[id].figure,
                kind=kind,
                id=id,
            )
        gathered[id] = one


def table_markdown(table: ReportTable, language: str) -> str:
    """Return a computed table as a pipe table with its caption and id."""
    heads = [heading[language] for heading in table.columns.values()]
    rules = ["---:" if numeric else ":---" for numeric in table.numeric]
    lines = [_row(heads), _row(rules, escape=False)]
    lines += [_row(row) for row in table.rows[language]]
    return "\n".join([*lines, "", f": {_plain(table.caption[language])} {{#{table.id}}}", ""])


#: What Markdown would read as markup in a cell that is plain text.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$|~^@])")


def _plain(text: str) -> str:
    """Return text as Markdown that says just that, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _row(cells: Iterable[str], *, escape: bool = True) -> str:
    texts = [_plain(cell) if escape else cell for cell in cells]
    return "| " + " | ".join(texts) + " |"


def sources_table(
    edition: Edition, catalog: Catalog, figures: Mapping[str, WovenFigure]
) -> ReportTable:
    """Return the table `tbl-sources`: each table and vintage that the edition reads, and where."""
    used: dict[tuple[str, str], list[str]] = {}
    for address, plan in edition.figures.items():
        for table, _, vintage in plan.vintages():
            used.setdefault((table, vintage), []).append(address)
    keys = ("table", "agency", "vintage", "figures")
    rows: dict[str, list[list[str]]] = {}
    for language in LANGUAGES:
        rows[language] = []
        for (name, vintage), addresses in sorted(used.items()):
            entry = catalog.tables[name]
            read = sorted(
                (figures[a] for a in addresses if a in figures),
                key=lambda one: (one.document != "index", one.number),
            )
            drawn = [one.told for one in read]
            agency = f"{entry.vintages[vintage].agency[language]} {entry.code}".strip()
            published = vintage.partition("_")[0]
            used_by = ", ".join(dict.fromkeys(drawn)) or "—"
            rows[language].append([entry.title[language], agency, published, used_by])
    return ReportTable(
        id="tbl-sources",
        figure=ENGINE,
        columns={key: {of: say(of, f"sources.{key}") for of in LANGUAGES} for key in keys},
        numeric=[False] * len(keys),
        rows=rows,
        caption={language: say(language, "sources.caption") for language in LANGUAGES},
    )


def write_built(folder: Path, woven: Woven) -> None:
    """Write what the text reads under `folder`: `_variables.yml` and `report/_built/`.

    A file is touched only when its content changes, so that nothing downstream runs for nothing.
    """
    texts = yaml.safe_dump(variables(woven), allow_unicode=True, sort_keys=True, width=10**6)
    write_text(folder / "_variables.yml", texts)
    built = folder / "report" / "_built"
    tables = printed(woven)
    told = {"languages": list(LANGUAGES), **woven.model_dump(mode="json"), "printed": tables}
    kept = {write_text(built / "weave.json", dump(told))}
    for language, of_language in tables.items():
        for id, text in of_language.items():
            kept.add(write_text(built / language / f"{id}.md", text))
    for path in built.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()
