"""Coverage: the last year for which a figure's tables have every economy that it draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anew.editions.editions import FigurePlan
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.tables.catalog import Catalog, Table
from anew.tables.reading import read_table


@dataclass(frozen=True)
class Coverage:
    """The years that a figure may end in, the newest first, and who ends first in which table."""

    years: tuple[int, ...]
    limits: tuple[str, ...]


def coverage(
    project: Project, catalog: Catalog, plan: FigurePlan, vintages: Mapping[str, str], where: str
) -> Coverage:
    """Return the years in which every drawn economy is present in every table that decides.

    `vintages` names the vintage of each table that decides, `where` the figure in messages. In a
    table whose absent rows are zeros, every year up to its last counts. Raises AnewError when no
    year is left, naming the economy and table that end first.
    """
    rule = plan.last_year
    if rule is None:
        return Coverage((), ())
    drawn = list(dict.fromkeys([*plan.drawn(), *rule.with_]))
    shared: set[int] | None = None
    ends: dict[str, dict[str, int]] = {}
    for name in rule.tables:
        years, last = _years(project, catalog, name, vintages[name], drawn)
        shared = years if shared is None else shared & years
        ends[name] = last
    first = min(year for last in ends.values() for year in last.values())
    limits = tuple(
        _limit(name, vintages[name], last, first)
        for name, last in ends.items()
        if first in last.values()
    )
    if not shared:
        raise AnewError(
            f"{where}: no year has every economy that is drawn: {'; '.join(limits)}.",
            "Choose another vintage or other economies.",
        )
    return Coverage(tuple(sorted(shared, reverse=True)), limits)


def refuse_beyond(
    project: Project, catalog: Catalog, plan: FigurePlan, last_year: int, where: str
) -> None:
    """Raise AnewError for a last year after the end of a table that decides it.

    Without a rule that names such tables, it is after the end of all that the figure reads.
    """
    rule = plan.last_year.tables if plan.last_year else None
    ends: dict[int, str] = {}
    for name, _, vintage in plan.vintages():
        year = catalog.table(name).year
        if year is not None and (rule is None or name in rule):
            frame = read_table(project, catalog, name, vintage)
            known = frame.dropna(subset=_amounts(catalog.table(name)))[year]
            if len(known):
                ends.setdefault(int(known.max()), f"{name}, vintage {vintage}")
    if not ends:
        return
    end = max(ends) if rule is None else min(ends)
    if last_year > end:
        raise AnewError(
            f"{where}: the data end in {end} ({ends[end]}).", f"Give last_year at most {end}."
        )


def _limit(name: str, vintage: str, last: Mapping[str, int], first: int) -> str:
    codes = [code for code, year in last.items() if year == first]
    end = first or "no year"
    if len(codes) == len(last):
        return f"{name} {vintage} ends in {end}"
    return f"{', '.join(codes)} in {end} in {name} {vintage}"


def _years(
    project: Project, catalog: Catalog, name: str, vintage: str, drawn: Sequence[str]
) -> tuple[set[int], dict[str, int]]:
    """Return the years that count, and each economy's own last year (0 if it has none)."""
    table = catalog.table(name)
    frame = read_table(project, catalog, name, vintage).dropna(subset=_amounts(table))
    if table.year is None:
        raise AnewError(
            f"Table {name} has no year, so it cannot decide a figure's last year.",
            "Take it out of `last_year` in data/editions.yml.",
        )
    if table.absent == "zero":
        years = frame[table.year]
        return set(range(int(years.min()), int(years.max()) + 1)), {"the table": int(years.max())}
    of = {code: set(map(int, frame.loc[frame["economy"] == code, table.year])) for code in drawn}
    if not of:
        of = {"the table": set(map(int, frame[table.year]))}
    return set.intersection(*of.values()), {
        code: max(years, default=0) for code, years in of.items()
    }


def _amounts(table: Table) -> list[str]:
    kinds = ("number", "integer")
    return [c.name for c in table.columns if c.type in kinds and c.name not in table.key]
