"""Rehearsing notebooks: what they would state and claim, without drawing and without writing.

A rehearsal runs the code cells of a notebook in this process and takes tens of milliseconds, so
that a thousand changed cells can be tried, and an author can be told what a new table would change
before it is taken in.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any

from anew.build.plan import Plan, Request, make_plan
from anew.build.weave import weave
from anew.editions.editions import Edition
from anew.notebook.findings import Findings, Woven
from anew.notebook.opening import REHEARSAL
from anew.notebook.runner import NotebookError
from anew.notebook.session import Session
from anew.project.errors import AnewError
from anew.project.paths import Project


def rehearse(project: Project, request: Request) -> tuple[Woven, dict[str, list[dict[str, str]]]]:
    """Return what a build would weave, and each figure's data as rows of texts by address.

    Raises what the build would raise: a wrong request, a table that is not what the catalogue
    says, NotebookError for a cell that fails.
    """
    plan = make_plan(project, request)
    results, data = [], {}
    for address in plan.runs:
        session = rehearse_notebook(plan, address)
        results.append(session.findings())
        if session.data:
            data[address] = rows_of(session)
    return gathered(plan.edition, results, plan), data


def rows_of(session: Session) -> list[dict[str, str]]:
    """Return the data of a session's figure as rows of texts; none without a figure."""
    return list(csv.DictReader(io.StringIO(session.data)))


def gathered(edition: Edition, results: Sequence[Findings], plan: Plan) -> Woven:
    """Return the weave of results, with each notebook's path as the project writes it."""
    names = {address: plan.project.relative(run.notebook) for address, run in plan.runs.items()}
    return weave(edition, results, names)


def rehearse_notebook(plan: Plan, address: str) -> Session:
    """Run one notebook's code cells here; return its session. Raises NotebookError."""
    run = plan.runs[address]
    cells = [
        "".join(cell["source"])
        for cell in json.loads(run.notebook.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *things: None}
    with _stage(plan.project) as sessions, redirect_stdout(io.StringIO()):
        for number, source in enumerate(cells, 1):
            try:
                exec(compile(ast.parse(source), f"{run.notebook.name}[{number}]", "exec"), names)
            except Exception as error:
                told = str(error) if isinstance(error, AnewError) else repr(error)
                shown = plan.project.relative(run.notebook)
                edition = str(run.parameters.get("edition") or "")
                raise NotebookError(address, shown, number, source, told, edition) from error
            if number == 1:
                names.update(run.parameters)
    if len(sessions) != 1:
        raise AnewError(
            f"{address}: the notebook opened {len(sessions)} sessions.", "Call anew.open once."
        )
    return sessions[0]


@contextmanager
def _stage(project: Project) -> Iterator[list[Session]]:
    """Let notebooks find `project` and neither draw nor write, inside this context."""
    sessions: list[Session] = []
    token = REHEARSAL.set(sessions)
    before = os.environ.get("ANEW_PROJECT")
    os.environ["ANEW_PROJECT"] = str(project.root)
    project.make_importable()
    try:
        yield sessions
    finally:
        REHEARSAL.reset(token)
        if before is None:
            del os.environ["ANEW_PROJECT"]
        else:
            os.environ["ANEW_PROJECT"] = before
