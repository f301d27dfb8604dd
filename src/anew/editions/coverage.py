"""Coverage: the last period for which a figure's tables have every entity that it draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anew.editions.editions import FigurePlan
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase, joined
from anew.tables.catalog import Catalog
from anew.tables.periods import NOUNS, Kind, from_ordinal, ordinal
from anew.tables.reading import read_table


@dataclass(frozen=True)
class Coverage:
    """The periods that a figure may end in, the newest first, and who ends first in which table."""

    periods: tuple[str, ...]
    limits: tuple[str, ...]


def coverage(
    project: Project, catalog: Catalog, plan: FigurePlan, vintages: Mapping[str, str], where: str
) -> Coverage:
    """Return the periods in which every drawn entity is present in every table that decides.

    `vintages` names the vintage of each table that decides, `where` the figure in messages. In a
    table whose absent rows are zeros, every period up to its last counts. Raises AnewError when no
    period is left, naming the entity and table that end first.
    """
    rule, kind = plan.rule, plan.kind
    if rule is None or kind is None:
        return Coverage((), ())
    drawn = list(dict.fromkeys([*plan.drawn(), *rule.with_]))
    shared: set[str] | None = None
    ends: dict[str, dict[str, str]] = {}
    for name in rule.tables:
        periods, last = _periods(project, catalog, name, vintages[name], drawn, kind)
        shared = periods if shared is None else shared & periods
        ends[name] = last
    first = min(period for last in ends.values() for period in last.values())
    limits = tuple(
        _limit(name, vintages[name], last, first, kind)
        for name, last in ends.items()
        if first in last.values()
    )
    if not shared:
        raise AnewError(
            "{where}: no {kind} has every one of the {what} drawn: {limits}.",
            "Choose another vintage or other {what}.",
            code="no-coverage",
            where=where,
            kind=NOUNS[kind],
            what=Phrase("economies") if kind == "year" else Phrase("entities"),
            limits=joined("; ", limits),
        )
    return Coverage(tuple(sorted(shared, reverse=True)), limits)


def refuse_beyond(
    project: Project, catalog: Catalog, plan: FigurePlan, kind: Kind, last: str, where: str
) -> None:
    """Raise AnewError for a last period after the end of a table that decides it.

    Without a rule that names such tables, it is after the end of all that the figure reads.
    """
    rule = plan.rule.tables if plan.rule and plan.kind == kind else None
    ends: dict[str, str] = {}
    for name, _, vintage in plan.vintages():
        table = catalog.table(name)
        column = table.period
        if column is not None and column.type == kind and (rule is None or name in rule):
            frame = read_table(project, catalog, name, vintage)
            known = frame.dropna(subset=table.amounts)[column.name]
            if len(known):
                table_of = Phrase("{table}, vintage {vintage}", table=name, vintage=vintage)
                ends.setdefault(str(known.max()), table_of)
    if not ends:
        return
    end = max(ends) if rule is None else min(ends)
    if last > end:
        raise AnewError(
            "{where}: the data end in {end} ({table}).",
            "Give last_{kind} at most {end}.",
            code="no-coverage",
            where=where,
            end=end,
            table=ends[end],
            kind=kind,
        )


def _limit(name: str, vintage: str, last: Mapping[str, str], first: str, kind: Kind) -> str:
    codes = [code for code, period in last.items() if period == first]
    end = first or Phrase("no {kind}", kind=NOUNS[kind])
    told = "{codes} in {end} in {table} {vintage}"
    if len(codes) == len(last):
        told = "{table} {vintage} ends in {end}"
    return Phrase(told, table=name, vintage=vintage, codes=codes, end=end)


def _periods(
    project: Project,
    catalog: Catalog,
    name: str,
    vintage: str,
    drawn: Sequence[str],
    kind: Kind,
) -> tuple[set[str], dict[str, str]]:
    """Return the periods that count, and each entity's own last one ("" if it has none)."""
    table = catalog.table(name)
    frame = read_table(project, catalog, name, vintage).dropna(subset=table.amounts)
    entity, period = table.entity, table.period
    if period is None or period.type != kind:
        raise AnewError(
            "Table {name} has no {noun}, so it cannot decide a figure's last {noun}.",
            "Take it out of `last_{kind}` in data/editions.yml.",
            code="no-period-column",
            name=name,
            noun=NOUNS[kind],
            kind=kind,
        )
    when = frame[period.name].astype("str")
    if table.absent == "zero":
        first, last = (ordinal(kind, one) for one in (when.min(), when.max()))
        every = {from_ordinal(kind, number) for number in range(first, last + 1)}
        return every, {Phrase("the table"): when.max()}
    of = {code: set(when[frame[entity.name] == code]) for code in drawn} if entity else {}
    if not of:
        of = {Phrase("the table"): set(when)}
    return set.intersection(*of.values()), {
        code: max(periods, default="") for code, periods in of.items()
    }
