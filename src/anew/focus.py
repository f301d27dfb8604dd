"""Another focus: the figures of an edition with one economy first, as far as the data allow.

A figure can be re-targeted when its notebook has the parameter `economies` and the edition names
them; the economy comes first among these. A notebook that has the parameter `focus` as well tells
its title on it. The text of the report stays with the edition's own figures, so that a build with
another focus is always one of figures alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from anew.catalog import Catalog, read_table
from anew.editions import DRAWN, Edition, FigurePlan
from anew.errors import AnewError
from anew.project import Project

if TYPE_CHECKING:
    from anew.parameters import Parameter

#: The parameter that lists whom a figure draws, and the one that says whom its title is about.
ECONOMIES, FOCUS = "economies", "focus"

Given = dict[str, dict[str, Any]]


def focusable(edition: Edition, schemas: Mapping[str, Mapping[str, Parameter]]) -> list[str]:
    """Return the addresses of the figures that can be re-targeted."""
    return [address for address in schemas if _drawn(edition.figures[address], schemas[address])]


def _drawn(plan: FigurePlan, schema: Mapping[str, Parameter], given: Any = None) -> list[str]:
    """Return the economies that a figure draws, none where it chooses them itself."""
    return list(given or plan.parameters.get(ECONOMIES) or []) if ECONOMIES in schema else []


def focus_on(
    project: Project,
    catalog: Catalog,
    edition: Edition,
    schemas: Mapping[str, Mapping[str, Parameter]],
    given: Mapping[str, Mapping[str, Any]],
    focus: str,
) -> Given:
    """Return what is given to each notebook in `schemas`, with the economy `focus` put first.

    `focus` is a code or a name in Chinese or English, `given` what was typed for each notebook.
    Raises AnewError for an economy that nobody knows, for a figure that cannot be re-targeted, and
    for data that lack the economy, naming it with the table and the years.
    """
    code = resolve_economy(catalog, focus)
    found: Given = {}
    faults: dict[str, list[str]] = {}
    for address, schema in schemas.items():
        plan, own = edition.figures[address], dict(given[address])
        drawn = _drawn(plan, schema, own.get(ECONOMIES))
        if not drawn:
            faults[address] = ["it draws no list of economies, or chooses them itself"]
            continue
        if lacking := list(_lacking(project, catalog, plan, {**plan.parameters, **own}, code)):
            faults[address] = lacking
        own[ECONOMIES] = [code, *(one for one in drawn if one != code)]
        if FOCUS in schema:
            own.setdefault(FOCUS, code)
        found[address] = own
    if faults:
        lines = [f"{address}: {'; '.join(said)}" for address, said in faults.items()]
        others = [address for address in schemas if address not in faults]
        raise AnewError(
            f"--focus {focus} cannot be drawn everywhere on edition {edition.name}.\n  "
            + "\n  ".join(lines),
            f"Leave these figures out: --only {','.join(others)}"
            if others
            else "Choose another economy, another edition or other years.",
        )
    return found


def resolve_economy(catalog: Catalog, written: str) -> str:
    """Return the code of an economy, written as a code or as a name in Chinese or English.

    Raises AnewError for one that nobody knows, with what may have been meant.
    """
    from anew.intake.names import Names

    names = Names(catalog)
    code = names.resolve(written)
    if code is None:
        known = ", ".join([*catalog.economies.kept, *catalog.economies.aggregates])
        hint = names.suggest(written) or f"Write a code or a name; the tables keep {known}."
        raise AnewError(f"--focus {written}: no economy has this code or name.", hint)
    return code


def _lacking(
    project: Project,
    catalog: Catalog,
    plan: FigurePlan,
    parameters: Mapping[str, Any],
    code: str,
) -> Iterable[str]:
    """Yield what is wanting of an economy in the tables that a figure draws, those that decide."""
    first, last = parameters.get("first_year"), parameters.get("last_year")
    for name in plan.last_year.tables if plan.last_year else ():
        vintage: Any = plan.tables[name]
        vintage = vintage if isinstance(vintage, str) else vintage[DRAWN]
        table = catalog.table(name)
        kinds = ("number", "integer")
        amounts = [c.name for c in table.columns if c.type in kinds and c.name not in table.key]
        frame = read_table(project, catalog, name, vintage).dropna(subset=amounts)
        rows = frame[frame["economy"] == code]
        years = rows[table.year] if table.year else None
        if years is not None and table.absent != "zero":
            rows = rows[(years >= (first or years.min())) & (years <= (last or years.max()))]
        if rows.empty:
            span = f" in {first}–{last}" if table.absent != "zero" and first and last else ""
            has = ", ".join(sorted(set(frame["economy"]) - {code}))
            yield f"{name} {vintage} has no {code}{span} (it has {has})"
