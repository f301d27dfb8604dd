"""The catalogue: every raw table, its source and terms, its columns, its vintages with hashes."""

from __future__ import annotations

import calendar
import datetime
import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue, field_validator, model_validator

from anew.project.configuration import Entry, Name, Text
from anew.project.errors import AnewError, unknown
from anew.project.paths import Project
from anew.project.phrases import Either, Phrase
from anew.tables.lists import Economies, EntityList, iso_codes
from anew.tables.periods import KINDS, Kind

#: A vintage is named by a date, and by its source where several publish one table.
VINTAGE_NAME = re.compile(r"(\d{4}-\d{2}(?:-\d{2})?)(?:_([a-z0-9]+))?")


class Column(Entry):
    """A column of a table: what its cells are, in which unit, within which bounds.

    An entity is one of a list of the project's own (`list`), as an economy is one of ISO 3166. A
    period is written as 2024, 2024-Q1, 2024-03, 2024-W05 or 2024-03-15.
    """

    name: str
    type: Literal[
        "economy", "entity", "year", "quarter", "month", "week", "date", "integer", "number", "text"
    ]
    list: str | None = None
    title: Text
    unit: Text | None = None
    minimum: float | None = None
    maximum: float | None = None
    positive: bool = False
    required: bool = True
    values: dict[int, Text] | None = None

    @model_validator(mode="after")
    def _has_its_list(self) -> Column:
        if (self.type == "entity") != (self.list is not None):
            raise ValueError(Phrase("has a list if it is of type entity, and only then"))
        return self

    @cached_property
    def period(self) -> Kind | None:
        """The kind of period that the column holds; None for another column."""
        return next((kind for kind in KINDS if kind == self.type), None)


class Plausible(Entry):
    """What makes a reader look again: relative changes, judged from `floor` upwards.

    Where more than `share` of the values that two vintages have are revised beyond `revision`, the
    new one is refused until the author accepts it.
    """

    year_on_year: float | None = Field(None, gt=0)
    revision: float | None = Field(None, gt=0)
    floor: float = Field(0, ge=0)
    share: float = Field(0.1, gt=0, le=1)


class Sdmx(Entry):
    """A question to an SDMX service that `sdmx1` knows: its id, the data flow and a key in it."""

    source: str
    flow: str
    key: str = "all"
    start: str | None = None


class Fetch(Entry):
    """The source of a table for `anew fetch`: the URL of a file, or a query to an SDMX service.

    A file that never changes may have its hash here.
    """

    url: str | None = None
    sha256: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    sdmx: Sdmx | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Fetch:
        if (self.url is None) == (self.sdmx is None):
            raise ValueError(Phrase("needs either url or sdmx"))
        return self


class Source(Entry):
    """Who publishes a table."""

    agency: Text
    url: str


class Intake(Entry):
    """How published files are converted to vintages of a table; see `anew.intake`.

    layout: the layouts in which its source publishes it; a file of any other is read too, if it
    names its series or the author names the table. format: a format plug-in instead, and what it
    is told (`settings`). economies: keep these only. sums: aggregates that the project adds up
    itself; `note` takes how many members a sum has. sources: who else publishes the table, by the
    source in a vintage's name. series: the codes of the series at other agencies. value: the
    measure's heading. headings: of further columns. select: members of other dimensions. unit: the
    measure's code in files that have several.
    """

    layout: list[str] = []
    format: str | None = None
    settings: dict[str, JsonValue] = {}
    economies: list[str] | None = None
    sums: list[str] = []
    sources: dict[str, Source] = {}
    note: str | None = None
    series: list[str] = []
    value: str | None = None
    headings: dict[str, list[str]] = {}
    unit: str | None = None
    select: dict[str, str] = {}
    fetch: Fetch | None = None

    @field_validator("layout", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Intake:
        if self.settings and self.format is None:
            raise ValueError(Phrase("has settings, but no format that is told them"))
        return self


class Vintage(Entry):
    """A table as published on a date."""

    name: str
    file: str
    published: str
    as_of: str
    read: str
    agency: Text
    url: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(ge=1)
    origin: str | list[str] | None = None
    options: str | None = None
    note: Text

    @field_validator("published", "as_of", "read")
    @classmethod
    def _is_date(cls, value: str) -> str:
        last_day(value)
        return value

    @property
    def last_day(self) -> datetime.date:
        """The last day that the data can speak of; the month's last where no day is known."""
        return last_day(self.as_of)

    @property
    def complete_year(self) -> int:
        """The last year that the data cover whole: a list of October 2025 covers 2024."""
        ends = self.as_of.endswith("-12-31")
        return self.last_day.year if ends else self.last_day.year - 1


class Table(Entry):
    """Raw data under one name: what it is, whose, under which terms, and its vintages."""

    name: str
    title: Text
    agency: Text
    code: str = ""
    url: str
    licence: Name
    licence_url: str | None = None
    citation: str
    note: Text
    economies: Literal["kept", "any"] = "kept"
    own_codes: dict[str, Text] = {}
    key: list[str] = Field(min_length=1)
    absent: Literal["missing", "zero"] = "missing"
    columns: list[Column] = Field(min_length=2)
    plausible: dict[str, Plausible] = {}
    intake: Intake = Intake()
    vintages: dict[str, Vintage] = {}

    @model_validator(mode="after")
    def _hangs_together(self) -> Table:
        names = self.names
        if len(set(names)) != len(names):
            raise ValueError(Phrase("has two columns of one name"))
        for kinds in (("economy",), KINDS):
            if len([c for c in self.columns if c.type in kinds and c.name in self.key]) > 1:
                raise ValueError(
                    Phrase("has two columns of type {kinds} in its key", kinds=Either(kinds))
                )
        for name in [*self.key, *self.plausible, *self.intake.headings, self.intake.note]:
            if name and name not in names:
                raise ValueError(
                    Phrase("speaks of the column {name}, which it does not have", name=name)
                )
        for name, vintage in self.vintages.items():
            if not VINTAGE_NAME.fullmatch(name):
                raise ValueError(
                    Phrase(
                        "has a vintage {name!r}; name it by its date, as 2025-10_source", name=name
                    )
                )
            if vintage.file != file_of(self.name, name):
                raise ValueError(
                    Phrase(
                        "keeps vintage {name} in {vintage}, not in its own file",
                        name=name,
                        vintage=vintage.file,
                    )
                )
            if first_day(vintage.as_of) > last_day(vintage.read):
                raise ValueError(
                    Phrase("has a vintage {name} that was retrieved before its own date", name=name)
                )
        return self

    @cached_property
    def names(self) -> list[str]:
        """The columns' names, in the order of the files."""
        return [column.name for column in self.columns]

    @cached_property
    def period(self) -> Column | None:
        """The column that places a row in time: the period that is part of the key."""
        return next((c for c in self.columns if c.period and c.name in self.key), None)

    @cached_property
    def entity(self) -> Column | None:
        """The column that says whose a row is: the key's economy, or else its first entity."""
        found = [c for c in self.columns if c.type in ("economy", "entity") and c.name in self.key]
        return min(found, key=lambda column: column.type) if found else None

    @cached_property
    def yearly(self) -> bool:
        """Whether it has a row for each economy and year, or each economy, as agencies' files."""
        entity, period = self.entity, self.period
        return (
            entity is not None
            and entity.type == "economy"
            and (period is None or period.type == "year")
        )

    @cached_property
    def measure(self) -> str:
        """The name of the column that is measured: the first quantity that is not in the key."""
        return next(iter(self.amounts), self.names[-1])

    @cached_property
    def amounts(self) -> list[str]:
        """The names of the columns that hold quantities and are not part of the key."""
        kinds = ("number", "integer")
        return [c.name for c in self.columns if c.type in kinds and c.name not in self.key]

    def headings(self, name: str) -> list[str]:
        """Return what files may call a column: what the catalogue says, its name, its titles."""
        return [*self.intake.headings.get(name, ()), name, *self.column(name).title.values()]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def newest(self, as_of: datetime.date | None = None, year: int | None = None) -> str | None:
        """Return the newest vintage's name: published by `as_of`, dated in `year`, if given."""
        found = [
            (vintage.last_day, name)
            for name, vintage in self.vintages.items()
            if (as_of is None or first_day(vintage.published) <= as_of)
            and (year is None or vintage.last_day.year == year)
        ]
        return max(found)[1] if found else None


class Catalog(Entry):
    """All tables by name, and the economies and entities that they may contain."""

    economies: Economies = Economies(kept=[])
    lists: dict[str, EntityList] = {}
    formats: dict[str, str] = {}
    tables: dict[str, Table]

    def table(self, name: str) -> Table:
        """Return the table; raise AnewError listing those that exist."""
        if name not in self.tables:
            raise unknown("table", name, self.tables, "data/catalog.yml")
        return self.tables[name]

    def vintage(self, table: str, name: str) -> Vintage:
        """Return a table's vintage; raise AnewError listing those that exist."""
        vintages = self.table(table).vintages
        if name not in vintages:
            raise unknown("vintage", name, vintages, Phrase("table {table}", table=table))
        return vintages[name]

    def codes(self, table: str) -> dict[str, frozenset[str]]:
        """Return the codes that may stand in the table's economies and entities, by column."""
        entry = self.table(table)
        found: dict[str, frozenset[str]] = {}
        for column in entry.columns:
            if column.list is not None:
                found[column.name] = frozenset(self.lists[column.list].members)
            elif column.type == "economy":
                known = iso_codes() if entry.economies == "any" else {*self.economies.kept}
                codes = {*known, *self.economies.aggregates, *entry.own_codes}
                found[column.name] = frozenset(codes)
        return found


class _Withheld(dict[str, str]):
    """A note where no note may be read."""

    def __missing__(self, language: str) -> str:
        raise AnewError(
            "A notebook cannot read a note of the catalogue.",
            "Notes are printed on the data page. State in the notebook what the figure needs.",
            code="note-not-read",
        )


def without_notes(catalog: Catalog) -> Catalog:
    """Return the catalogue as notebooks see it: an edit of a note then runs no notebook."""

    def silent(table: Table) -> Table:
        vintages = {
            n: v.model_copy(update={"note": _Withheld()}) for n, v in table.vintages.items()
        }
        return table.model_copy(update={"note": _Withheld(), "vintages": vintages})

    tables = {name: silent(table) for name, table in catalog.tables.items()}
    return catalog.model_copy(update={"tables": tables})


def file_of(table: str, vintage: str) -> str:
    """Return where a vintage's file is, from the root."""
    return f"data/raw/{table}/{vintage}.csv"


def path_of(project: Project, catalog: Catalog, table: str, vintage: str) -> Path:
    """Return the path of a vintage's file; raise AnewError if either name is unknown."""
    return project.root / catalog.vintage(table, vintage).file


def first_day(date: str) -> datetime.date:
    """Return the first day that `2025-10` or `2025-10-07` may mean."""
    year, month, *day = map(int, date.split("-"))
    return datetime.date(year, month, day[0] if day else 1)


def last_day(date: str) -> datetime.date:
    """Return the last day that `2025-10` or `2025-10-07` may mean; ValueError for other text."""
    if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", str(date)):
        raise ValueError(Phrase("must be a date such as 2025-10-07 or a month such as 2025-10"))
    year, month, *day = map(int, date.split("-"))
    if not 1 <= month <= 12:
        raise ValueError(Phrase("has a month {month}", month=month))
    return datetime.date(year, month, day[0] if day else calendar.monthrange(year, month)[1])
