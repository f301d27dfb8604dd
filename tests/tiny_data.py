"""A tiny project with two tables and two editions, for the tests of everything that reads data."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml

from anew.project.paths import Project


def text(word: str) -> dict[str, str]:
    return {"zh": f"{word}（中文）", "en": word}


def column(name: str, type: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type, "title": text(name), **more}


def table(columns: list[dict[str, Any]], key: list[str], **more: Any) -> dict[str, Any]:
    return {
        "title": text("A table"),
        "agency": text("An agency"),
        "url": "https://example.org/table",
        "licence": "CC BY 4.0",
        "citation": "An agency. A table.",
        "note": text("A note"),
        "key": key,
        "columns": columns,
        "intake": {"layout": "tidy"},
        "vintages": {},
        **more,
    }


def money() -> dict[str, Any]:
    """A table of values by economy and year."""
    columns = [
        column("economy", "economy"),
        column("year", "year", minimum=1960),
        column("value", "number", unit=text("US$"), positive=True, maximum=1e15),
        column("note", "text", required=False),
    ]
    bounds = {"value": {"year_on_year": 0.5, "revision": 0.1}}
    return table(columns, ["economy", "year"], code="MONEY", plausible=bounds)


def lists() -> dict[str, Any]:
    """A table of counts by economy, whose absent rows are zeros, with codes of its own."""
    columns = [
        column("economy", "economy"),
        column("field", "integer", values={1: text("one"), 2: text("two")}),
        column("count", "integer", unit=text("companies"), minimum=0),
    ]
    own = {"OURS9": text("nine of ours")}
    more = {"economies": "any", "absent": "zero", "own_codes": own}
    return table(columns, ["economy", "field"], **more)


MONEY_OLD = "economy,year,value,note\nCHN,2019,100,\nCHN,2020,110.5,revised\nUSA,2019,200,\n"
MONEY_NEW = MONEY_OLD + "USA,2020,210,\nWLD,2019,1000,\nWLD,2020,1100,\n"
COUNTS = "economy,field,count\nBRA,1,3\nBRA,2,4\nOURS9,1,9\nWLD,1,12\n"


class TinyProject:
    """A project being written: change `catalog` or `editions`, then `save()`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = Project(root)
        self.catalog: dict[str, Any] = {
            "economies": {
                "kept": ["CHN", "DEU", "USA"],
                "aggregates": {
                    "EUU": {"title": text("EU"), "members": ["DEU", "FRA"]},
                    "WLD": {"title": text("World")},
                },
            },
            "tables": {"money": money(), "lists": lists()},
        }
        self.editions: dict[str, Any] = {"editions": {}}
        (root / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
        self.add("money", "2021-03-01", MONEY_OLD)
        self.add("money", "2022-04", MONEY_NEW)
        self.add("lists", "2021-12_a", COUNTS)
        for name, vintage in (("2021", "2021-03-01"), ("2022", "2022-04")):
            self.editions["editions"][name] = {
                "title": text(f"Edition {name}"),
                "date": "2022-05-01",
                "figures": {
                    "fig1": {
                        "tables": {"money": vintage},
                        "parameters": {"last_year": 2019, "economies": ["CHN", "USA"]},
                        "last_year": {"tables": ["money"]},
                    },
                    "fig2": {"tables": {"lists": {"2021": "2021-12_a"}}},
                },
            }
        self.save()

    def add(self, table: str, vintage: str, content: str | bytes, **more: Any) -> Path:
        """Write a file and its entry, with the hash and row count that it has."""
        data = content.encode() if isinstance(content, str) else content
        path = self.root / "data" / "raw" / table / f"{vintage}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.catalog["tables"][table]["vintages"][vintage] = {
            "file": f"data/raw/{table}/{vintage}.csv",
            "published": vintage.split("_")[0],
            "read": "2024-01-01",
            "sha256": hashlib.sha256(data).hexdigest(),
            "rows": data.count(b"\n") - 1,
            "note": text("as published"),
            **more,
        }
        return path

    def save(self) -> Project:
        for name, data in (("catalog", self.catalog), ("editions", self.editions)):
            dumped = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
            (self.root / "data" / f"{name}.yml").write_text(dumped, "utf-8")
        return self.project
