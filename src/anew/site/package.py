"""The data package: all tables described for machines, as the Frictionless standard has it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from anew.project.language import principal
from anew.site.page import Site
from anew.tables.catalog import Catalog, Column, Table

#: The catalogue's types of columns in the words of the standard; any other is a string.
_TYPES = {
    "year": "year",
    "month": "yearmonth",
    "date": "date",
    "integer": "integer",
    "number": "number",
}


def vintage_path(table: str, vintage: str) -> str:
    """Return where a vintage's file is on the site."""
    return f"data/{table}/{vintage}.csv"


def resource_name(table: str, vintage: str) -> str:
    """Return the name of a vintage in the data package: lower case, only `.`, `_`, `-`."""
    return f"{table}.{vintage}".lower()


def data_package(site: Site, catalog: Catalog, sizes: Mapping[tuple[str, str], int]) -> str:
    """Return datapackage.json for every vintage of every table.

    `sizes` are the bytes of each file by (table, vintage). Paths are relative to `data/`.
    """
    package: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": f"report-{site.edition}-data",
        "title": site.title[principal()],
        "description": site.description[principal()],
        "version": site.edition,
        "created": f"{site.date}T00:00:00Z",
        "keywords": list(site.keywords.get(principal(), ())),
        "contributors": [
            {"title": author[principal()], "role": "author"} for author in site.authors
        ],
        "resources": [
            _resource(table, vintage, sizes.get((table.name, vintage)))
            for table in catalog.tables.values()
            for vintage in table.vintages
        ],
    }
    if site.site_url:
        package["homepage"] = site.address("data/index.html")
    kept = {key: value for key, value in package.items() if value not in ([], "")}
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def _resource(table: Table, name: str, size: int | None) -> dict[str, object]:
    vintage = table.vintages[name]
    main = principal()
    licence: dict[str, str] = {
        "name": _licence_name(table.licence[main]),
        "title": table.licence[main],
    }
    if table.licence_url:
        licence["path"] = table.licence_url
    resource: dict[str, object] = {
        "profile": "tabular-data-resource",
        "name": resource_name(table.name, name),
        "path": vintage_path(table.name, name).removeprefix("data/"),
        "title": f"{table.title[main]}, vintage {name}",
        **_translated(table.title),
        "description": f"{table.note[main]} Vintage {name}: {vintage.note[main]}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{vintage.sha256}",
        "sources": [
            {"title": vintage.agency[main], **({"path": vintage.url} if vintage.url else {})}
        ],
        "licenses": [licence],
        "citation": table.citation,
        "published": vintage.published,
        "read": vintage.read,
        "rows": vintage.rows,
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }
    if size is not None:
        resource["bytes"] = size
    return resource


def _translated(title: Mapping[str, str]) -> dict[str, str]:
    """Return a title in the report's other languages: title_zh."""
    return {f"title_{la}": text for la, text in title.items() if la != principal()}


def _field(column: Column) -> dict[str, object]:
    field: dict[str, object] = {
        "name": column.name,
        "type": _TYPES.get(column.type, "string"),
        "title": column.title[principal()],
        **_translated(column.title),
    }
    if column.unit:
        field["unit"] = column.unit[principal()]
    limits: dict[str, object] = {}
    if column.required:
        limits["required"] = True
    if column.type in ("year", "integer", "number"):
        whole = column.type != "number"
        for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
            if bound is not None:
                limits[name] = int(bound) if whole else bound
    if limits:
        field["constraints"] = limits
    return field


def _licence_name(licence: str) -> str:
    """Return the licence's short name as open licences are registered: CC-BY-4.0."""
    return licence.replace(" ", "-").replace(",", "") if licence.startswith("CC ") else "other"
