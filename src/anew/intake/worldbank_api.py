"""The World Bank's API: its answers as sheets, one for each page, once all pages are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anew.intake.sheets import Sheet
from anew.project.phrases import Phrase
from anew.project.problems import Problem

#: The columns of a sheet made of a page; `layouts/worldbank-api.yml` reads them.
_COLUMNS = ("country.value", "countryiso3code", "date", "value", "indicator.id", "obs_status")


def is_page(document: Any) -> bool:
    """Return whether a JSON document is a page: a head, then observations or nothing."""
    return (
        isinstance(document, list)
        and len(document) == 2
        and isinstance(document[0], dict)
        and all(isinstance(document[0].get(key), int) for key in ("page", "pages", "total"))
        and (document[1] is None or isinstance(document[1], list))
    )


def error(document: Any) -> str | None:
    """Return what the API says in an answer that is an error, None for any other document."""
    try:
        return str(document[0]["message"][0]["value"])
    except (TypeError, LookupError):
        return None


def empty(document: Any) -> bool:
    """Return whether an answer says that there is no observation."""
    return is_page(document) and not document[0]["total"]


def tables(pages: Sequence[Sheet]) -> tuple[list[Sheet], list[Problem]]:
    """Return a sheet with rows for each page, or what is wrong with the pages."""
    problems: list[Problem] = []
    groups: dict[str, list[Sheet]] = {}
    for sheet in pages:
        sheet.cells = [list(_COLUMNS)]
        for n, row in enumerate(sheet.json[1] or [], 1):
            try:
                sheet.cells.append(_cells(row))
            except (TypeError, KeyError) as fault:
                message = Phrase("an observation without {fault}.", fault=fault)
                problems.append(
                    Problem(sheet.name, message, Phrase("Fetch it again."), "missing-pages", n)
                )
        sheet.head = sheet.cells[:1]
        updated = sheet.json[0].get("lastupdated")
        sheet.published = None if updated is None else str(updated)
        groups.setdefault(sheet.cells[1][4] if len(sheet.cells) > 1 else "", []).append(sheet)
    for group in groups.values():
        problems += _whole(group)
    return sorted(pages, key=lambda sheet: sheet.json[0]["page"]), problems


def _cells(row: Any) -> list[str]:
    value = row["value"]
    return [
        row["country"]["value"],
        row["countryiso3code"],
        str(row["date"]),
        "" if value is None else str(value),
        row["indicator"]["id"],
        str(row.get("obs_status") or ""),
    ]


def _whole(sheets: Sequence[Sheet]) -> list[Problem]:
    """Return what is wrong with pages of which not all are there, or not of one state."""
    heads = [sheet.json[0] for sheet in sheets]
    name = sheets[0].name
    here, must = sorted(head["page"] for head in heads), heads[0]["pages"]
    whole = here == list(range(1, must + 1))
    found = []
    if not whole:
        message = Phrase("pages {pages} of {must}.", pages=here, must=must)
        found.append(Problem(name, message, Phrase("Give every page once."), "missing-pages"))
    if len({head.get("lastupdated") for head in heads}) > 1:
        message = Phrase("the pages were updated on different days.")
        found.append(
            Problem(name, message, Phrase("Fetch them again, all at once."), "missing-pages")
        )
    rows = sum(len(sheet.json[1] or []) for sheet in sheets)
    if whole and rows != heads[0]["total"]:
        message = Phrase(
            "{rows} observations where the API says {total}.", rows=rows, total=heads[0]["total"]
        )
        found.append(Problem(name, message, Phrase("Fetch them again."), "missing-pages"))
    return found
