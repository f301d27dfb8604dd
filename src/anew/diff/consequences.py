"""Consequences: what an edition of the newest vintages would change, before it is made.

The answer is that of `anew diff` between the newest edition and the one after it, computed by
rehearsing the notebooks in a copy of the project that has the new vintages.
"""

from __future__ import annotations

from collections.abc import Sequence

from anew.diff.state import compare_targets
from anew.diff.telling import as_text
from anew.editions.editions import load_editions
from anew.editions.successor import add_edition, render_successor, succeed
from anew.intake.plan import Planned
from anew.project.paths import Project
from anew.text.facts import load_units


def consequences(copy: Project, planned: Sequence[Planned]) -> list[str]:
    """Return, line by line, what the edition after the newest would change; writes to `copy` only.

    `planned` are the vintages that the copy has beyond the project's own. Raises what a build of
    that edition would raise.
    """
    editions = load_editions(copy)
    newest = editions.default
    made = succeed(copy, next_name(newest))
    add_edition(copy, made)
    told = as_text(compare_targets(copy, newest, made.name), load_units(copy.units_file))
    head = render_successor(made, False).splitlines()[:-1]
    return [*head, "", *told.rstrip("\n").splitlines()]


def next_name(newest: str) -> str:
    """Return how the edition after `newest` would be named: 2027 after 2026."""
    return str(int(newest) + 1) if newest.isdigit() else f"{newest}-next"
