"""Editions: the configuration of each yearly report, with vintages and parameters by figure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import Field, field_validator

from anew.project.configuration import Entry, Path_, Text, checked, read_yaml
from anew.project.errors import unknown
from anew.project.paths import Project, natural
from anew.project.problems import Problem, refuse
from anew.tables.catalog import Catalog, first_day, last_day

#: The role of the vintage that a figure shows, where it reads others of the same table beside it.
DRAWN = "drawn"


class LastYear(Entry):
    """How a new edition finds the parameter last_year, in the tables that decide it.

    It is the last year in which each of `tables` has a row for every economy that is drawn (the
    parameter `economies`) and for every one of `with_`.
    """

    tables: list[str] = Field(min_length=1)
    with_: list[str] = Field([], alias="with")


class FigurePlan(Entry):
    """What an edition says of one notebook: tables with their vintages, and parameters."""

    tables: dict[str, str | dict[str, str]] = {}
    parameters: dict[str, object] = {}
    last_year: LastYear | None = None

    def year(self, name: str) -> int | None:
        """Return the parameter `name`, a year; None where the edition does not set it."""
        value = self.parameters.get(name)
        return value if isinstance(value, int) else None

    def drawn(self) -> list[str]:
        """Return the parameter `economies`; empty where the edition does not set it."""
        value = self.parameters.get("economies")
        return [str(code) for code in value] if isinstance(value, list) else []

    def vintages(self) -> list[tuple[str, str | None, str]]:
        """Return every table, role (None where there is one vintage) and vintage that is read."""
        found: list[tuple[str, str | None, str]] = []
        for table, vintage in self.tables.items():
            if isinstance(vintage, str):
                found.append((table, None, vintage))
            else:
                found += [(table, role, name) for role, name in vintage.items()]
        return found


class Edition(Entry):
    """One yearly report."""

    name: str
    title: Text
    date: str
    note: Text | None = None
    figures: dict[str, FigurePlan] = Field(min_length=1)

    @field_validator("date")
    @classmethod
    def _is_day(cls, value: str) -> str:
        if last_day(value).isoformat() != value:
            raise ValueError("must be a date such as 2026-07-01")
        return value

    def vintages(self) -> list[tuple[str, str]]:
        """Return every table and vintage that some figure reads, each once, sorted."""
        plans = self.figures.values()
        return sorted({(table, name) for plan in plans for table, _, name in plan.vintages()})


class Editions(Entry):
    """All editions by name. The greatest name is the newest, and the default."""

    editions: dict[str, Edition] = Field(min_length=1)

    @property
    def default(self) -> str:
        """The newest edition's name."""
        return max(self.editions, key=natural)

    @property
    def names(self) -> list[str]:
        """The editions' names, the oldest first."""
        return sorted(self.editions, key=natural)

    def __getitem__(self, name: str) -> Edition:
        """Return an edition; raise AnewError listing those that exist."""
        if name not in self.editions:
            raise unknown("edition", name, self.editions, "data/editions.yml")
        return self.editions[name]

    def __contains__(self, name: object) -> bool:
        return name in self.editions

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.names)


def load_editions(project: Project) -> Editions:
    """Return the project's editions; raise DataError with every problem in the file.

    Whether they fit the catalogue and the notebooks is `check_editions`.
    """
    shown = project.relative(project.editions_file)
    data, lines = read_yaml(project.editions_file, shown)
    return checked(Editions, _named(data), lines, shown)


def check_editions(
    project: Project, catalog: Catalog, addresses: Collection[str] | None = None
) -> list[Problem]:
    """Return what in the editions does not fit the catalogue, each with its line.

    `addresses` are the notebooks that exist, if a figure without one is to be a problem.
    """
    shown = project.relative(project.editions_file)
    data, lines = read_yaml(project.editions_file, shown)
    editions = checked(Editions, _named(data), lines, shown)
    problems: list[Problem] = []
    for name in editions.names:
        for path, error in _faults(editions[name], catalog, addresses):
            full: Path_ = ("editions", name, *path)
            line = next(lines[full[:n]] for n in range(len(full), -1, -1) if full[:n] in lines)
            message = f"edition {name}, {'.'.join(map(str, path))}: {error[0]}"
            problems.append(Problem(f"{shown}, line {line}", message, error[1], "edition"))
    return problems


def refuse_misfits(project: Project, catalog: Catalog, addresses: Collection[str] | None) -> None:
    """Raise DataError when the editions do not fit the catalogue or the notebooks."""
    shown = project.relative(project.editions_file)
    refuse(check_editions(project, catalog, addresses), f"{shown} does not fit the catalogue")


def _named(data: object) -> object:
    if not isinstance(data, dict) or not isinstance(data.get("editions"), dict):
        return data
    named = {
        name: {"name": name, **edition} if isinstance(edition, dict) else edition
        for name, edition in data["editions"].items()
    }
    return {**data, "editions": named}


Fault = tuple[Path_, tuple[str, str]]


def _faults(
    edition: Edition, catalog: Catalog, addresses: Collection[str] | None
) -> Iterator[Fault]:
    newest, newest_of = "", ""
    for address, plan in edition.figures.items():
        at: Path_ = ("figures", address)
        if addresses is not None and address not in addresses:
            error = unknown("figure", address, addresses)
            yield at, (error.message, error.hint)
        for table, role, vintage in plan.vintages():
            path: Path_ = (*at, "tables", table, *([role] if role else []))
            if table not in catalog.tables:
                error = unknown("table", table, catalog.tables)
                yield path, (error.message, error.hint)
            elif vintage not in catalog.tables[table].vintages:
                error = unknown("vintage", vintage, catalog.tables[table].vintages)
                yield path, (error.message, error.hint)
            elif (published := catalog.vintage(table, vintage).published) > newest:
                newest, newest_of = published, f"{table} {vintage}"
        yield from _plan_faults(at, plan)
    if newest and first_day(newest) > last_day(edition.date):
        hint = "Date the edition on or after that day, or plan an older vintage."
        yield ("date",), (f"{edition.date} is before {newest_of}, published {newest}.", hint)


def _plan_faults(at: Path_, plan: FigurePlan) -> Iterator[Fault]:
    first, last = plan.year("first_year"), plan.year("last_year")
    if first is not None and last is not None and first > last:
        fault = f"first_year {first} is after last_year {last}."
        yield (*at, "parameters"), (fault, "Exchange them.")
    if plan.last_year:
        for table in plan.last_year.tables:
            planned = plan.tables.get(table, {})
            if table not in plan.tables:
                error = unknown("table", table, plan.tables, "this figure's tables")
                yield (*at, "last_year", "tables"), (error.message, error.hint)
            elif not isinstance(planned, str) and DRAWN not in planned:
                hint = f"Name it {DRAWN}, or let another table decide."
                fault = f"{table} decides, but none of its roles is the one that is drawn."
                yield (*at, "tables", table), (fault, hint)
        if "last_year" not in plan.parameters:
            hint = "Add the parameter, or take the rule out."
            yield (*at, "last_year"), ("a rule for a parameter last_year that is not there.", hint)
