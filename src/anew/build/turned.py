"""A whole report with another focus: which of its sentences follow the focus, and which do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from anew.build.identity import articles, woven_of
from anew.build.plan import Plan, Request
from anew.build.stage import stage_folder
from anew.diff.state import State, state_from


def unturned_places(plan: Plan, request: Request) -> Iterator[str]:
    """Yield where the text says of figures with another focus what it says without it, file:line.

    A paragraph follows the focus when any fact or claim in it is another one than in the edition's
    own report. One that says nothing of these figures is left out.
    """
    from anew.build.dry_run import edition_state  # keeps the notebooks' libraries off other builds
    from anew.text.blocks import read_blocks
    from anew.text.document import read_text

    state = state_from(woven_of(stage_folder(plan)), {})
    own = edition_state(plan.project, Request(edition=plan.edition.name))
    turned = {address for address, given in plan.given.items() if given}
    of_turned = _stated(state, turned) | _stated(own, turned)
    same = {id for id in of_turned if _value(state, id) == _value(own, id)}
    for document in articles(plan.project):
        language = Path(document).parts[1]
        for block in read_blocks(read_text(plan.project.root, document), language):
            said = {*block.facts, *block.claims} & of_turned
            if said and said <= same:
                yield str(block.place)


def _stated(state: State, addresses: set[str]) -> set[str]:
    facts = {id for id, one in state.facts.items() if one.figure in addresses}
    return facts | {id for id, one in state.claims.items() if one.figure in addresses}


def _value(state: State, id: str) -> object:
    return state.facts.get(id), state.claims.get(id)
