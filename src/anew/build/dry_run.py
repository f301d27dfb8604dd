"""Dry runs: an edition's facts and claims computed without drawing, and how two editions differ.

Two editions differ in their data and in their years. To separate the two causes, the newer
edition's notebooks also run with the older one's parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from anew.build.plan import Request, make_plan
from anew.build.weave import weave
from anew.diff.change import Comparison
from anew.diff.comparison import compare
from anew.diff.sites import compare_sites
from anew.diff.state import Fact, State, is_site, site_state, state_from
from anew.diff.telling import text_lines
from anew.editions.editions import Editions, load_editions
from anew.editions.successor import add_edition, succeed, successor_lines
from anew.intake.plan import Planned
from anew.notebook.runner import NotebookError, dry_run
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.text.facts import load_units

#: An edition's parameters by figure.
Parameters = dict[str, dict[str, Any]]


def edition_state(project: Project, request: Request) -> State:
    """Return what a build would state, computed without drawing.

    Raises what the build would raise: a wrong request, a table that is not what the catalogue
    says, NotebookError for a cell that fails.
    """
    plan = make_plan(project, request)
    sessions = {address: dry_run(run) for address, run in plan.runs.items()}
    found = [session.findings() for session in sessions.values()]
    names = {address: project.relative(run.notebook) for address, run in plan.runs.items()}
    data = {address: one.data.splitlines() for address, one in sessions.items() if one.data}
    return state_from(weave(plan.edition, found, names), data)


def state_of(project: Project, target: str) -> State:
    """Return the state of an edition, by a dry run, or of a built site's folder.

    Raises AnewError when `target` is neither.
    """
    if is_site(target):
        return site_state(Path(target))
    editions = load_editions(project)
    if target not in list(editions):
        raise AnewError(
            "{target} is neither an edition nor the folder of a built site.",
            "Editions: {editions}; a site's folder holds facts.json.",
            code="neither-edition-nor-site",
            target=target,
            editions=list(editions),
        )
    return edition_state(project, Request(edition=target))


def compare_targets(project: Project, old: str, new: str) -> Comparison:
    """Return what changed from one edition or site to another; raise what `state_of` raises."""
    if is_site(old) and is_site(new):
        return compare_sites(Path(old), Path(new), project.root)
    return compare_states(project, state_of(project, old), state_of(project, new))


def compare_states(project: Project, old: State, new: State) -> Comparison:
    """Return what changed from one state to another.

    Where both are of editions, what the data changed is told apart from what other years changed.
    """
    if old.built or new.built:
        return compare(old, new)
    moved = _moved(load_editions(project), old.name, new.name)
    return compare(old, new, _between(project, new.name, moved), moved)


def _moved(editions: Editions, old: str, new: str) -> Parameters:
    """Return the older edition's parameters of every figure that has others in the newer."""
    before, after = editions[old].figures, editions[new].figures
    return {
        address: dict(before[address].parameters)
        for address in after
        if address in before and before[address].parameters != after[address].parameters
    }


def _between(project: Project, edition: str, moved: Parameters) -> State:
    """Return facts and data of the moved notebooks with the older parameters.

    A notebook that cannot do that, for want of the old years in the new data, is left out.
    """
    facts: dict[str, Fact] = {}
    data: dict[str, list[str]] = {}
    runs = make_plan(project, Request(edition=edition, only=tuple(moved))).runs if moved else {}
    for address, run in runs.items():
        try:
            session = dry_run(replace(run, parameters={**run.parameters, **moved[address]}))
        except NotebookError:
            continue
        stated = session.findings().facts
        facts |= {id: Fact(one.value, one.unit, address) for id, one in stated.items()}
        data[address] = session.data.splitlines()
    return State(edition, facts, data=data)


def consequences(copy: Project, planned: Sequence[Planned]) -> list[str]:
    """Return, line by line, what the edition after the newest would change; writes to `copy` only.

    `planned` are the vintages that the copy has beyond the project's own. The answer is that of
    `anew diff` once the edition is made. Raises what a build of that edition would raise.
    """
    newest = load_editions(copy).default
    made = succeed(copy, next_name(newest))
    add_edition(copy, made)
    told = text_lines(compare_targets(copy, newest, made.name), load_units(copy.units_file))
    return [*successor_lines(made, False)[:-1], "", *told[:-1]]


def next_name(newest: str) -> str:
    """Return how the edition after `newest` would be named: 2027 after 2026."""
    return str(int(newest) + 1) if newest.isdigit() else f"{newest}-next"
