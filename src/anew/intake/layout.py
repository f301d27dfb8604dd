"""Layouts: how agencies write their tables, declared in `layouts/*.yml`, one a file.

A layout says by which headings a file is recognised, what each of its columns is, which codes are
groups or mean that there is no value, and where it says when it was published. A project adds its
own under `data/layouts/`; one of the same name replaces the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from anew.intake.headings import find
from anew.intake.sheets import Sheet
from anew.project.configuration import Entry, checked, read_yaml
from anew.project.paths import Project
from anew.tables.catalog import Table
from anew.tables.periods import spoken

#: What a column, or a heading of the columns across, may be.
Role = Literal[
    "code", "name", "period", "value", "series", "unit", "scale", "flag", "estimates", "id"
]
_OWN = Path(__file__).with_name("layouts")
_GROUPS = _OWN / "groups.txt"


class Across(Entry):
    """Columns that are alike: their headings are a period, a series or an economy each."""

    role: Literal["period", "series", "code"]
    pattern: str


class Layout(Entry):
    """How a kind of file is written.

    title: what a report calls it. about: where it is published. rank: of several layouts that fit
    a header, the highest is taken. needs: the columns that a header must have, by what they are,
    each with its headings; takes: those that it may have. across: columns that are alike. named:
    the value's column is the one that a table names (`intake.value`, its title, or the only one
    left). rows: each row counts one. refuse: why such a file is not read, and what to do.

    split: the first column holds several, with this between them. labelled: codes have their label
    behind a colon. cell: a pattern of a value with `number` and `flag`. missing: what is written
    where there is no value. flags: what a flag means. only: members to keep of other columns, by
    pattern of the heading. ignores: columns that are known and not needed. codes: of economies,
    where they are not those of ISO 3166. groups: every code of a group is listed, so that an
    unknown code is an error. economy: of whom all rows are. worldwide: a file has every economy.
    published: patterns of a line above or below the table with `date`, or `day`, `month`, `year`.
    constants: columns of a table that the title says, by pattern. table: the one that it is of,
    and must: the headings of its other key columns; see `layouts_of`.
    """

    name: str
    title: str
    about: str = ""
    rank: int = 0
    needs: dict[Role, list[str]]
    takes: dict[Role, list[str]] = {}
    across: Across | None = None
    named: bool = False
    rows: bool = False
    refuse: str = ""
    split: str = ""
    labelled: bool = False
    cell: str = ""
    missing: list[str] = [""]
    flags: dict[str, str] = {}
    only: dict[str, list[str]] = {}
    ignores: list[str] = []
    codes: dict[str, str] = {}
    groups: bool = False
    economy: str | None = None
    worldwide: bool = False
    published: list[str] = []
    constants: dict[str, str] = {}
    table: str | None = None
    must: list[list[str]] = []

    @field_validator("across", "cell", "published", "constants", "only")
    @classmethod
    def _are_patterns(cls, value: object) -> object:
        found = value.values() if isinstance(value, dict) else value
        for pattern in [found.pattern] if isinstance(found, Across) else list(found or ()):  # type: ignore[call-overload]
            if isinstance(pattern, str) and len(pattern) > 1:
                re.compile(pattern)
        return value

    @cached_property
    def _across(self) -> re.Pattern[str] | None:
        return re.compile(self.across.pattern, re.ASCII) if self.across else None

    def header(self, row: Sequence[str]) -> Header | None:
        """Return where everything is in a header of this layout, None for another row."""
        cells = [" ".join(cell.split()) for cell in row]
        if self.split:
            first, _, _ = cells[0].partition("\\")
            inner = first.split(self.split)
            if len(inner) < 2:
                return None
            cells = [*inner, *cells[1:]]
        plain = [cell.partition(": ")[0] for cell in cells] if self.labelled else cells
        at = {role: find(plain, *names) for role, names in (self.takes | self.needs).items()}
        found = {role: n for role, n in at.items() if n is not None}
        if any(role not in found for role in self.needs) or len({*found.values()}) < len(found):
            return None
        if any(find(plain, *names) is None for names in self.must):
            return None
        across: list[tuple[int, str]] = []
        if self._across is not None:
            matches = ((n, self._across.fullmatch(cell)) for n, cell in enumerate(cells))
            across = [(n, m[1]) for n, m in matches if m and n not in found.values()]
            if not across:
                return None
        if sum(map(bool, cells)) < 2:
            return None
        return Header(list(row), cells, plain, found, across)


@dataclass(frozen=True)
class Header:
    """A header: `row` as written, `cells` after splitting, `at` the column of each role.

    `across` has the columns that are alike, each with the period, series or code that it is.
    """

    row: list[str]
    cells: list[str]
    plain: list[str]
    at: dict[Role, int]
    across: list[tuple[int, str]]


def recognise(sheet: Sheet, layouts: Sequence[Layout]) -> tuple[Layout, Header] | None:
    """Return the layout of a sheet and its header: the topmost row that fits any, best first."""
    for row in sheet.head:
        for layout in layouts:
            if header := layout.header(row):
                return layout, header
    return None


def load_layouts(project: Project) -> list[Layout]:
    """Return the layouts that ship with the engine and those of the project, best first.

    Raises DataError for one that is not valid.
    """
    found = dict(_shipped())
    folder = project.data / "layouts"
    for path in sorted(folder.glob("*.yml")) if folder.is_dir() else ():
        found[path.stem] = _load(path, project.relative(path))
    return sorted(found.values(), key=lambda layout: (-layout.rank, layout.name))


def layouts_of(table: Table, named: bool) -> list[Layout]:
    """Return the layouts of a table that agencies' layouts do not fit: under its own headings.

    A row for each key, and, where it has periods, one for each entity with the periods across. Of a
    table that the author has not `named`, every column that it needs has to be there.
    """
    entity, period = table.entity, table.period
    placed = [column for column in (entity, period) if column is not None]
    needs: dict[Role, list[str]] = {}
    if entity is not None:
        usual = _shipped()["tidy"].needs["name"] if entity.type == "economy" else []
        needs["name"] = [*table.headings(entity.name), *usual]
    others = [
        table.headings(column.name)
        for column in table.columns
        if column not in placed
        and (not column.values if column.name in table.key else column.required and not named)
    ]
    measure = table.headings(table.measure)
    long = Layout(
        name=f"table {table.name}",
        title=f"table {table.name}",
        table=table.name,
        rank=2,
        needs={**needs, "period": table.headings(period.name)} if period is not None else needs,
        named=True,
        must=others,
    )
    if period is None or period.period is None:
        return [long]
    across = Across(role="period", pattern=f"({spoken(period.period)})")
    wide = {
        "needs": needs,
        "named": False,
        "across": across,
        "missing": _shipped()["wide"].missing,
        "must": [names for names in others if names != measure],
    }
    return [long, long.model_copy(update={"name": f"wide {long.name}", **wide})]


@cache
def _shipped() -> dict[str, Layout]:
    return {path.stem: _load(path, path.name) for path in sorted(_OWN.glob("*.yml"))}


def _load(path: Path, shown: str) -> Layout:
    data, lines = read_yaml(path, shown)
    if isinstance(data, dict):
        data = {"name": path.stem, **data}
    return checked(Layout, data, lines, shown)


@cache
def groups() -> frozenset[str]:
    """Return the codes of the World Bank's groups, which are no economies."""
    lines = (line for line in _GROUPS.read_text("utf-8").splitlines() if line[:1] != "#")
    return frozenset(code for line in lines for code in line.split())
