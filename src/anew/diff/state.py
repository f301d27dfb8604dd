"""What a report says, as it can be compared: of an edition, or of a site that was built.

Two editions differ in their data and in the years that they look at. To tell one from the other,
the newer edition's notebooks are also rehearsed with the older one's parameters.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anew.build.plan import Request, make_plan
from anew.diff.change import Comparison
from anew.diff.comparison import compare
from anew.editions.editions import Editions, load_editions
from anew.figures.points import Row
from anew.project.errors import AnewError
from anew.project.paths import Project


@dataclass(frozen=True)
class State:
    """Figures, facts, claims and statements by id, and each figure's data as rows of texts.

    `built` tells what a site's folder holds from what the project's edition would say now.
    """

    name: str
    woven: Mapping[str, Any]
    data: Mapping[str, Sequence[Row]]
    built: bool = False


def compare_targets(project: Project, old: str, new: str) -> Comparison:
    """Return what changed from one edition or site to another; raise what `state_of` raises."""
    return compare_states(project, state_of(project, old), state_of(project, new))


def compare_states(project: Project, old: State, new: State) -> Comparison:
    """Return what changed from one state to another.

    Where both are of editions, what the data changed is told apart from what other years changed.
    """
    between, moved = None, None
    if not (old.built or new.built):
        editions = load_editions(project)
        moved = _moved(editions, old.name, new.name)
        between = _between(project, new.name, moved)
    return compare(old.woven, new.woven, old.data, new.data, between, moved)


def _moved(editions: Editions, old: str, new: str) -> dict[str, dict[str, Any]]:
    """Return the older edition's parameters of every figure that has others in the newer."""
    before, after = editions[old].figures, editions[new].figures
    return {
        address: dict(before[address].parameters)
        for address in after
        if address in before and before[address].parameters != after[address].parameters
    }


def _between(
    project: Project, edition: str, moved: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, Any], dict[str, Sequence[Row]]]:
    """Return facts and data of the moved notebooks with the older parameters.

    A notebook that cannot do that, for want of the old years in the new data, is left out.
    """
    from anew.diff.rehearsal import rehearse_notebook, rows_of
    from anew.notebook.runner import NotebookError

    facts: dict[str, Any] = {}
    data: dict[str, Sequence[Row]] = {}
    if moved:
        plan = make_plan(project, Request(edition=edition, only=tuple(moved)))
        for address, run in plan.runs.items():
            asked = replace(run, parameters={**run.parameters, **moved[address]})
            try:
                session = rehearse_notebook(
                    replace(plan, runs={**plan.runs, address: asked}), address
                )
            except NotebookError:
                continue
            facts |= session.findings().model_dump(mode="json")["facts"]
            data[address] = rows_of(session)
    return {"facts": facts}, data


def state_of(project: Project, target: str) -> State:
    """Return the state of an edition (its notebooks are rehearsed) or of a built site's folder.

    Raises AnewError when `target` is neither.
    """
    if is_site(target):
        return site_state(Path(target))
    editions = load_editions(project)
    if target not in list(editions):
        raise AnewError(
            f"{target} is neither an edition nor the folder of a built site.",
            f"Editions: {', '.join(editions)}; a site's folder holds facts.json.",
        )
    return edition_state(project, target)


def is_site(target: str) -> bool:
    """Whether `target` is the folder of a built site; an edition of that name counts less."""
    return (Path(target) / "facts.json").is_file()


def edition_state(project: Project, edition: str) -> State:
    """Return what an edition would say, computed without drawing."""
    from anew.diff.rehearsal import rehearse

    woven, data = rehearse(project, Request(edition=edition))
    return State(edition, woven.model_dump(mode="json"), data)


def site_state(folder: Path) -> State:
    """Return what a built site says. Raises AnewError when one of its records is not there."""
    read = {}
    for name in ("facts", "claims", "figures"):
        path = folder / f"{name}.json"
        try:
            read[name] = json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            raise AnewError(
                f"{path} is missing or is not JSON.", "Build the site again: anew build."
            ) from None
    data = {}
    for address in read["figures"]:
        with (folder / "figures" / f"{address}.csv").open(encoding="utf-8", newline="") as stream:
            data[address] = list(csv.DictReader(stream))
    try:
        woven = {
            "edition": read["facts"]["edition"],
            "facts": read["facts"]["facts"],
            "claims": read["claims"]["claims"],
            "statements": read["claims"]["statements"],
            "figures": read["figures"],
        }
    except (KeyError, TypeError):
        raise AnewError(
            f"{folder / 'facts.json'} or claims.json beside it is not as a build writes it.",
            "Build the site again: anew build.",
        ) from None
    return State(read["facts"]["edition"], woven, data, built=True)
