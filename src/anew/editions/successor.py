"""The next edition: the newest vintages, each figure up to the last period of its data."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from anew.editions.coverage import Coverage, coverage
from anew.editions.editions import DRAWN, Edition, FigurePlan, load_editions, refuse_misfits
from anew.project.errors import AnewError
from anew.project.language import principal
from anew.project.paths import Project
from anew.project.phrases import Phrase, joined
from anew.project.writing import write_bytes, write_text
from anew.tables.catalog import Catalog, last_day
from anew.tables.insertion import insert
from anew.tables.loading import load_catalog
from anew.tables.periods import NOUNS, Kind, end_of, of_day, said

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
    """What changes for one figure: vintages, last period, and what limits it."""

    address: str
    moves: list[Move] = field(default_factory=list)
    old_last: str | None = None
    last: str | None = None
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
    last: str | None = None,
    as_of: datetime.date | None = None,
) -> Successor:
    """Return edition `name`, derived from `base` (the newest); nothing is written.

    Every table is read in its newest vintage, published by `as_of` if that is given, and so is the
    role `drawn`; a role that is a year takes the last vintage of that year, and moves on where it
    is the figure's last year; any other role keeps its vintage. A figure with a rule such as
    `last_year` or `last_month` goes on to the last period in which every entity that it draws is
    present, never beyond the argument `last`. The edition's date is the latest on which one of its
    vintages was read, or `as_of`. Raises AnewError for a name that exists or is none, for a `last`
    that is no period, for a table without a vintage by `as_of`, and for a figure that no period is
    left for.
    """
    if last is not None:
        said(last, principal())  # refuses what is no period
    catalog, editions = load_catalog(project), load_editions(project)
    if not _NAME.fullmatch(name):
        raise AnewError(
            "{name!r} cannot name an edition.",
            "Name it by its year, as 2027.",
            code="wrong-name",
            name=name,
        )
    if name in editions:
        raise AnewError(
            "Edition {name} already exists.",
            "Editions: {editions}. Choose another name, or remove it first.",
            code="name-taken",
            name=name,
            editions=list(editions.names),
        )
    before = editions[base or editions.default]
    figures: list[FigureSuccessor] = []
    plans: dict[str, FigurePlan] = {}
    for address, plan in before.figures.items():
        found, plans[address] = _figure(project, catalog, address, plan, last, as_of)
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
    write_text(file, insert(file, shown, ("editions",), made.name, made.entry))
    try:
        refuse_misfits(project, load_catalog(project), None)
    except AnewError:
        write_bytes(file, original)
        raise


def _figure(
    project: Project,
    catalog: Catalog,
    address: str,
    plan: FigurePlan,
    cap: str | None,
    as_of: datetime.date | None,
) -> tuple[FigureSuccessor, FigurePlan]:
    found = FigureSuccessor(address)
    tables: dict[str, str | dict[str, str]] = {}
    parameters = dict(plan.parameters)
    if plan.rule and plan.kind:
        deciding = {table: _newest(catalog, table, as_of) for table in plan.rule.tables}
        covered = coverage(project, catalog, plan, deciding, address)
        found.old_last = plan.period(f"last_{plan.kind}")
        found.last = _last(catalog, plan, plan.kind, covered, cap, as_of, address)
        found.limits = covered.limits
        written = int(found.last) if plan.kind == "year" else found.last
        parameters[f"last_{plan.kind}"] = written
    for table, vintage in plan.tables.items():
        if isinstance(vintage, str):
            tables[table] = _newest(catalog, table, as_of)
        else:
            tables[table] = _roles(catalog, table, vintage, found, as_of)
    made = plan.model_copy(update={"tables": tables, "parameters": parameters})
    reads = {(table, role): vintage for table, role, vintage in made.vintages()}
    for table, role, old in plan.vintages():
        if (table, role) not in reads:  # the role of the last year, which has moved on
            role = found.last
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
    if plan.rule:
        rule = plan.rule.model_dump(by_alias=True, exclude_defaults=True)
        written[f"last_{plan.kind}"] = rule
    return written


def _newest(catalog: Catalog, table: str, as_of: datetime.date | None) -> str:
    newest = catalog.table(table).newest(as_of=as_of)
    if newest is None:
        first = min(vintage.published for vintage in catalog.tables[table].vintages.values())
        raise AnewError(
            "Table {table} has no vintage published by {date}.",
            "Its first was published {first}: an earlier cut than that cannot be made.",
            code="no-coverage",
            table=table,
            date=as_of,
            first=first,
        )
    return newest


def _last(
    catalog: Catalog,
    plan: FigurePlan,
    kind: Kind,
    covered: Coverage,
    cap: str | None,
    as_of: datetime.date | None,
    address: str,
) -> str:
    """Return the last period that the data, the cap and the vintages of year roles allow."""
    old = plan.period(f"last_{kind}")
    first = plan.period(f"first_{kind}") or ""
    dated = [t for t, v in plan.tables.items() if not isinstance(v, str) and old in v]
    end = of_day(kind, end_of(cap)) if cap else covered.periods[0]
    told = [*covered.limits]
    for period in covered.periods:
        if not first < period <= end:
            continue
        year = int(period[:4])
        without = [t for t in dated if not catalog.tables[t].newest(as_of=as_of, year=year)]
        if not without or period == old:
            return period
        if len(told) == len(covered.limits):
            told.append(Phrase("{tables} has no vintage of {year}", tables=without, year=year))
    raise AnewError(
        "{address}: no {kind} up to {end} has all that the figure draws.",
        "The data end: {limits}. The figure begins in {first}. Choose a later --last, or write "
        "the edition by hand."
        if first and end <= first
        else "The data end: {limits}. Choose a later --last, or write the edition by hand.",
        code="no-coverage",
        address=address,
        kind=NOUNS[kind],
        end=end,
        limits=joined("; ", told),
        first=first,
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
        name = found.last if found.last and role == found.old_last else role
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
    """Return a new edition's vintages and last periods as text."""
    return joined("\n", [*successor_lines(made, written), ""])


def successor_lines(made: Successor, written: bool) -> list[str]:
    """Return the lines of `render_successor`; the last says whether it was written."""
    lines: list[str] = [
        Phrase(
            "Edition {name}, after {base}, dated {date}",
            name=made.name,
            base=made.base,
            date=made.entry["date"],
        )
    ]
    for figure in made.figures:
        told = []
        if figure.last is not None:
            moved = figure.last != figure.old_last
            told.append(
                Phrase(
                    "to {last}, was {old} ({limits})"
                    if moved
                    else "to {last}, as before ({limits})",
                    last=figure.last,
                    old=figure.old_last,
                    limits=joined("; ", figure.limits),
                )
            )
        if not figure.moves:
            told.append(Phrase("the same vintages"))
        if told:
            line = Phrase("  {figure}: {told}", figure=figure.address, told=joined("; ", told))
        else:
            line = Phrase("  {figure}", figure=figure.address)
        lines.append(line)
        for move in figure.moves:
            role = f" ({move.role})" if move.role else ""
            broken = Phrase("; another source: a break in the series")
            lines.append(
                Phrase(
                    "    {table}{role}: {old} → {new}{broken}",
                    table=move.table,
                    role=role,
                    old=move.old,
                    new=move.new,
                    broken=broken if move.source_changed else "",
                )
            )
    lines.append(
        Phrase(
            "Written to data/editions.yml. Build it: anew build --edition {name}", name=made.name
        )
        if written
        else Phrase("Dry run: nothing was written.")
    )
    return lines
