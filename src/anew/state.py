"""What a report says, as it can be compared: of an edition, or of a site that was built."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anew.editions import load_editions
from anew.errors import AnewError
from anew.plan import Request
from anew.project import Project

Row = Mapping[str, str]


@dataclass(frozen=True)
class State:
    """Figures, facts, claims and statements by id, and each figure's data as rows of texts."""

    name: str
    woven: Mapping[str, Any]
    data: Mapping[str, Sequence[Row]]


def state_of(project: Project, target: str) -> State:
    """Return the state of an edition (its notebooks are rehearsed) or of a built site's folder.

    Raises AnewError when `target` is neither.
    """
    folder = Path(target)
    if (folder / "facts.json").is_file():
        return site_state(folder)
    editions = load_editions(project)
    if target not in list(editions):
        raise AnewError(
            f"{target} is neither an edition nor the folder of a built site.",
            f"Editions: {', '.join(editions)}; a site's folder holds facts.json.",
        )
    return edition_state(project, target)


def edition_state(project: Project, edition: str) -> State:
    """Return what an edition would say, computed without drawing."""
    from anew.rehearsal import rehearse

    woven, data = rehearse(project, Request(edition=edition))
    return State(edition, woven.as_dict(), data)


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
    woven = {
        "edition": read["facts"]["edition"],
        "facts": read["facts"]["facts"],
        "claims": read["claims"]["claims"],
        "statements": read["claims"]["statements"],
        "figures": read["figures"],
    }
    return State(read["facts"]["edition"], woven, data)
