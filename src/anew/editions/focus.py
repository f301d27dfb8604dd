"""Focus: the figures of an edition re-targeted to put another economy first.

A figure can be re-targeted when its notebook has the parameter `economies` and the edition names
them; the economy comes first among these. A notebook that has the parameter `focus` tells its title
on it, and shows it where it chooses its economies itself. The text of the report is written for the
edition's own figures, so that a build with another focus is one of figures alone; a whole report is
built on request, and tells which of its sentences do not follow the focus.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anew.editions.editions import DRAWN, Edition, FigurePlan
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase, joined
from anew.tables.catalog import Catalog
from anew.tables.reading import read_table

if TYPE_CHECKING:
    from anew.editions.parameters import Parameter

#: The parameter that lists whom a figure draws, and the one that says whom its title is about.
ECONOMIES, FOCUS = "economies", "focus"

Given = dict[str, dict[str, object]]


def focusable(edition: Edition, schemas: Mapping[str, Mapping[str, Parameter]]) -> list[str]:
    """Return the addresses of the figures that can be re-targeted."""
    return [
        address
        for address, schema in schemas.items()
        if FOCUS in schema or _drawn(edition.figures[address], schema)
    ]


def _drawn(plan: FigurePlan, schema: Mapping[str, Parameter], given: object = None) -> list[str]:
    """Return the economies that a figure draws, none where it chooses them itself."""
    if ECONOMIES not in schema:
        return []
    chosen = given if given and isinstance(given, (list, tuple)) else plan.drawn()
    return [str(code) for code in chosen]


def focus_on(
    project: Project,
    catalog: Catalog,
    edition: Edition,
    schemas: Mapping[str, Mapping[str, Parameter]],
    given: Mapping[str, Mapping[str, object]],
    focus: str,
) -> Given:
    """Return the parameters of each notebook in `schemas` that put the economy `focus` first.

    `focus` is a code or a name in Chinese or English, `given` what was typed for each notebook.
    Raises AnewError for an unknown economy, for a figure that cannot be re-targeted, and
    for data that lack the economy, naming it with the table and the years.
    """
    code = resolve_economy(catalog, focus)
    found: Given = {}
    faults: dict[str, str] = {}
    lacking: list[_Lacking] = []
    for address, schema in schemas.items():
        plan, own = edition.figures[address], dict(given[address])
        drawn = _drawn(plan, schema, own.get(ECONOMIES))
        if not drawn and FOCUS not in schema:
            faults[address] = Phrase("it draws no list of economies")
            continue
        wanting = list(_lacking(project, catalog, plan, {**plan.parameters, **own}, code))
        if wanting:
            lacking += wanting
            faults[address] = _told(wanting, code)
        if drawn:
            own[ECONOMIES] = [code, *(one for one in drawn if one != code)]
        if FOCUS in schema:
            own.setdefault(FOCUS, code)
        found[address] = own
    if faults:
        others = ",".join(address for address in schemas if address not in faults)
        leave = [Phrase("Leave these figures out: --only {others}.", others=others)]
        raise AnewError(
            "--focus {focus} cannot be drawn everywhere on edition {edition}.\n  {faults}",
            joined(" ", [*(leave if others else ()), *_instead(catalog, code, lacking)]),
            code="focus-not-drawn",
            focus=focus,
            edition=edition.name,
            faults=joined(
                "\n  ",
                (
                    Phrase("{place}: {message}", place=address, message=said)
                    for address, said in faults.items()
                ),
            ),
        )
    return found


def _told(lacking: Sequence[_Lacking], code: str) -> str:
    """Return which tables lack an economy, those of the same years together."""
    spans: dict[str, list[str]] = {}
    for one in lacking:
        spans.setdefault(one.span, []).append(one.table)
    return joined(
        "; ",
        (
            Phrase(
                "{tables} has no {economy}{span}"
                if len(tables) == 1
                else "{tables} have no {economy}{span}",
                tables=tables,
                economy=code,
                span=span,
            )
            for span, tables in spans.items()
        ),
    )


def _instead(catalog: Catalog, code: str, lacking: Sequence[_Lacking]) -> list[Phrase]:
    """Return what to do instead: choose other economies, or ingest this one's data."""
    if not lacking:
        return []
    shared = sorted(frozenset.intersection(*(one.has for one in lacking)))
    advice = [Phrase("Choose another economy, another edition or other years.")]
    if shared:
        advice = [Phrase("What they all have: {shared}.", shared=shared)]
    if code not in catalog.economies.kept and code not in catalog.economies.aggregates:
        advice.append(
            Phrase(
                "To have {economy}, list it under economies.kept in data/catalog.yml and take "
                "the agencies' files in again.",
                economy=code,
            )
        )
    return advice


def resolve_economy(catalog: Catalog, written: str) -> str:
    """Return the code of an economy, written as a code or as a name in Chinese or English.

    Raises AnewError for an unknown one, with the nearest names, and for the total of
    which all others are parts.
    """
    from anew.intake.names import Names

    names = Names(catalog)
    code = names.resolve(written)
    if code is None:
        known = [*catalog.economies.kept, *catalog.economies.aggregates]
        hint = names.suggest(written) or Phrase(
            "Write a code or a name; the tables keep {known}.", known=known
        )
        raise AnewError(
            "--focus {written}: no economy has this code or name.",
            hint,
            code="wrong-focus",
            written=written,
        )
    group = catalog.economies.aggregates.get(code)
    if group is not None and not group.members:
        raise AnewError(
            "--focus {written}: {economy} is the total, and cannot stand among its own parts.",
            "Choose an economy, or a group of some.",
            code="wrong-focus",
            written=written,
            economy=code,
        )
    return code


@dataclass(frozen=True)
class _Lacking:
    """A table without an economy in the years of a figure, and the economies that it has."""

    table: str
    span: str
    has: frozenset[str]


def _lacking(
    project: Project,
    catalog: Catalog,
    plan: FigurePlan,
    parameters: Mapping[str, object],
    code: str,
) -> Iterable[_Lacking]:
    """Yield the tables without an economy: of those that decide a figure, else of all it reads."""
    first, last = parameters.get("first_year"), parameters.get("last_year")
    for name in plan.rule.tables if plan.rule else plan.tables:
        vintage = plan.tables[name]
        vintage = vintage if isinstance(vintage, str) else vintage[DRAWN]
        table = catalog.table(name)
        if table.entity is None or table.entity.type != "economy":
            continue
        frame = read_table(project, catalog, name, vintage).dropna(subset=table.amounts)
        rows = frame[frame[table.entity.name] == code]
        yearly = table.period is not None and table.period.type == "year"
        years = rows[table.period.name] if table.period and yearly else None
        if years is not None and table.absent != "zero":
            rows = rows[(years >= (first or years.min())) & (years <= (last or years.max()))]
        if rows.empty:
            bounded = table.absent != "zero" and first and last
            span = Phrase(" in {first}–{last}", first=first, last=last) if bounded else ""
            totals = {c for c, group in catalog.economies.aggregates.items() if not group.members}
            has = frozenset(frame[table.entity.name]) - {code} - totals
            yield _Lacking(f"{name} {vintage}", span, has)
