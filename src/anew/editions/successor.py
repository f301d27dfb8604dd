"""The next edition: the newest vintages, each figure up to the last year of its data."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from anew.editions.coverage import Coverage, coverage
from anew.editions.editions import DRAWN, Edition, FigurePlan, load_editions, refuse_misfits
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.tables.catalog import Catalog, last_day, load_catalog
from anew.tables.insertion import insert, replace_file

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


@dataclass(frozen=True)
class Move:
    """A table whose vintage differs from the previous edition."""

    table: str
    role: str | None
    old: str
    new: str
    source_changed: bool


@dataclass
class FigureSuccessor:
    """What changes for one figure: vintages, last year, and what limits the last year."""

    address: str
    moves: list[Move] = field(default_factory=list)
    old_last_year: int | None = None
    last_year: int | None = None
    limits: tuple[str, ...] = ()


@dataclass
class Successor:
    """A new edition: its entry for data/editions.yml, and what it changes figure by figure."""

    name: str
    base: str
    entry: dict[str, object]
    figures: list[FigureSuccessor]


def succeed(
    project: Project,
    name: str,
    base: str | None = None,
    last_year: int | None = None,
    as_of: datetime.date | None = None,
) -> Successor:
    """Return edition `name`, derived from `base` (the newest); nothing is written.

    Every table is read in its newest vintage, published by `as_of` if that is given, and so is the
    role `drawn`; a role that is a year takes the last vintage of that year, and moves on where it
    is the figure's last year; any other role keeps its vintage. A figure with a rule `last_year`
    goes on to the last year in which every economy that it draws is present, never beyond the
    argument `last_year`. The edition's date is the latest on which one of its vintages was read, or
    `as_of`. Raises AnewError for a name that exists or is none, for a table without a vintage by
    `as_of`, and for a figure that no year is left for.
    """
    catalog, editions = load_catalog(project), load_editions(project)
    if not _NAME.fullmatch(name):
        raise AnewError(f"{name!r} cannot name an edition.", "Name it by its year, as 2027.")
    if name in editions:
        raise AnewError(
            f"Edition {name} already exists.",
            f"Editions: {', '.join(editions.names)}. Choose another name, or remove it first.",
        )
    before = editions[base or editions.default]
    figures: list[FigureSuccessor] = []
    plans: dict[str, FigurePlan] = {}
    for address, plan in before.figures.items():
        found, plans[address] = _figure(project, catalog, address, plan, last_year, as_of)
        figures.append(found)
    entry: dict[str, object] = {
        "title": _title(before, name),
        "date": _date(catalog, plans, as_of),
        "figures": {address: _written(plan) for address, plan in plans.items()},
    }
    return Successor(name, before.name, entry, figures)


def add_edition(project: Project, made: Successor) -> None:
    """Append a new edition to data/editions.yml; existing lines are not changed."""
    file, shown = project.editions_file, project.relative(project.editions_file)
    original = file.read_bytes()
    replace_file(file, insert(file, shown, ("editions",), made.name, made.entry))
    try:
        refuse_misfits(project, load_catalog(project), None)
    except AnewError:
        replace_file(file, original)
        raise


def _figure(
    project: Project,
    catalog: Catalog,
    address: str,
    plan: FigurePlan,
    cap: int | None,
    as_of: datetime.date | None,
) -> tuple[FigureSuccessor, FigurePlan]:
    found = FigureSuccessor(address)
    tables: dict[str, str | dict[str, str]] = {}
    parameters = dict(plan.parameters)
    if plan.last_year:
        deciding = {table: _newest(catalog, table, as_of) for table in plan.last_year.tables}
        covered = coverage(project, catalog, plan, deciding, address)
        found.old_last_year = plan.year("last_year")
        found.last_year = _last_year(catalog, plan, covered, cap, as_of, address)
        found.limits = covered.limits
        parameters["last_year"] = found.last_year
    for table, vintage in plan.tables.items():
        if isinstance(vintage, str):
            tables[table] = _newest(catalog, table, as_of)
        else:
            tables[table] = _roles(catalog, table, vintage, found, as_of)
    made = plan.model_copy(update={"tables": tables, "parameters": parameters})
    reads = {(table, role): vintage for table, role, vintage in made.vintages()}
    for table, role, old in plan.vintages():
        if (table, role) not in reads:  # the role of the last year, which has moved on
            role = str(found.last_year)
        new = reads[table, role]
        if new != old:
            entry = catalog.tables[table].vintages
            changed = entry[old].agency != entry[new].agency
            found.moves.append(Move(table, role, old, new, changed))
    return found, made


def _written(plan: FigurePlan) -> dict[str, object]:
    """Return a figure's plan as data/editions.yml has it."""
    written: dict[str, object] = {"tables": plan.tables}
    if plan.parameters:
        written["parameters"] = plan.parameters
    if plan.last_year:
        written["last_year"] = plan.last_year.model_dump(by_alias=True, exclude_defaults=True)
    return written


def _newest(catalog: Catalog, table: str, as_of: datetime.date | None) -> str:
    newest = catalog.table(table).newest(as_of=as_of)
    if newest is None:
        first = min(vintage.published for vintage in catalog.tables[table].vintages.values())
        raise AnewError(
            f"Table {table} has no vintage published by {as_of}.",
            f"Its first was published {first}: an earlier cut than that cannot be made.",
        )
    return newest


def _last_year(
    catalog: Catalog,
    plan: FigurePlan,
    covered: Coverage,
    cap: int | None,
    as_of: datetime.date | None,
    address: str,
) -> int:
    """Return the last year that the data, the cap and the vintages of year roles allow."""
    old = str(plan.parameters["last_year"])
    first = plan.year("first_year") or 0
    dated = [t for t, v in plan.tables.items() if not isinstance(v, str) and old in v]
    lacking = ""
    for year in covered.years:
        if not first < year <= (cap or year):
            continue
        without = [t for t in dated if not catalog.tables[t].newest(as_of=as_of, year=year)]
        if not without or str(year) == old:
            return year
        lacking = lacking or f"; {', '.join(without)} has no vintage of {year}"
    raise AnewError(
        f"{address}: no year up to {cap or covered.years[0]} has all that the figure draws.",
        f"The data end: {'; '.join(covered.limits)}{lacking}. "
        + (f"The figure begins in {first}. " if first and (cap or first) <= first else "")
        + "Choose a later --last-year, or write the edition by hand.",
    )


def _roles(
    catalog: Catalog,
    table: str,
    roles: Mapping[str, str],
    found: FigureSuccessor,
    as_of: datetime.date | None,
) -> dict[str, str]:
    made: dict[str, str] = {}
    for role, vintage in roles.items():
        if role == DRAWN:
            made[role] = _newest(catalog, table, as_of)
            continue
        moves = found.last_year and role == str(found.old_last_year)
        name = str(found.last_year) if moves else role
        year = int(name) if name.isdigit() else None
        newest = catalog.table(table).newest(as_of=as_of, year=year) if year else None
        made[name] = newest or vintage
    return made


def _title(before: Edition, name: str) -> dict[str, str]:
    return {
        language: text.replace(before.name, name) if before.name in text else f"{text} {name}"
        for language, text in before.title.items()
    }


def _date(catalog: Catalog, plans: Mapping[str, FigurePlan], as_of: datetime.date | None) -> str:
    if as_of is not None:
        return as_of.isoformat()
    read = {
        catalog.vintage(table, vintage).read
        for plan in plans.values()
        for table, _, vintage in plan.vintages()
    }
    return max(last_day(date) for date in read).isoformat()


def render_successor(made: Successor, written: bool) -> str:
    """Return a new edition's vintages and last years as text."""
    lines = [f"Edition {made.name}, after {made.base}, dated {made.entry['date']}"]
    for figure in made.figures:
        years = ""
        if figure.last_year is not None:
            moved = figure.last_year != figure.old_last_year
            years = f": to {figure.last_year}"
            years += f", was {figure.old_last_year}" if moved else ", as before"
            years += f" ({'; '.join(figure.limits)})"
        same = "" if figure.moves else "; the same vintages" if years else ": the same vintages"
        lines.append(f"  {figure.address}{years}{same}")
        for move in figure.moves:
            role = f" ({move.role})" if move.role else ""
            broken = "; another source: a break in the series" if move.source_changed else ""
            lines.append(f"    {move.table}{role}: {move.old} → {move.new}{broken}")
    lines.append(
        f"Written to data/editions.yml. Build it: anew build --edition {made.name}"
        if written
        else "Dry run: nothing was written."
    )
    return "\n".join(lines) + "\n"
