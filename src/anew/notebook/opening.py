"""Opening a session: in a build, in a dry run, or interactively (papermill, Jupyter)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from anew.editions.parameters import read_schema, resolve
from anew.notebook.session import Session
from anew.project.errors import unknown
from anew.project.paths import find_project


@dataclass
class Execution:
    """One execution of a notebook by the runner.

    Results go to `folder`; without one nothing is drawn or written. `sessions` are those that the
    notebook opened; it should be one.
    """

    folder: Path | None
    sessions: list[Session] = field(default_factory=list)


#: What the runner executes here; None at a desk, where results go to `.anew/desk/`.
EXECUTION: ContextVar[Execution | None] = ContextVar("execution", default=None)


def open_session(
    address: str, *, edition: str | int | None, parameters: Mapping[str, object]
) -> Session:
    """Return the session for the notebook at `address`; see `anew.open`."""
    from anew.editions.editions import load_editions
    from anew.tables.catalog import without_notes
    from anew.tables.loading import load_catalog

    project = find_project()
    project.make_importable()
    notebooks = project.notebooks()
    if address not in notebooks:
        raise unknown("figure", address, notebooks)
    editions = load_editions(project)
    # papermill reads `-p edition 2025` as a number
    chosen = editions[str(edition) if edition is not None else editions.default]
    if address not in chosen.figures:
        raise unknown("figure", address, chosen.figures, f"edition {chosen.name}")
    schema = read_schema(notebooks[address])
    _refuse_unknown_injected(schema, notebooks[address].name)
    schema.pop("edition", None)
    values = resolve(
        schema, chosen.figures[address].parameters, parameters, f"{address}, edition {chosen.name}"
    )
    execution = EXECUTION.get()
    folder = project.work / "desk" / address if execution is None else execution.folder
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    session = Session(
        project, address, notebooks[address], chosen, SimpleNamespace(**values),
        without_notes(load_catalog(project)), folder, building=execution is not None,
    )  # fmt: skip
    if execution is not None:
        execution.sessions.append(session)
    _show_numbers_in_full()
    return session


def _show_numbers_in_full() -> None:
    """Let frames show 4,730,000,000,000, not 4.73e+12, unless the notebook chose a form itself."""
    import pandas as pd  # sessions read tables with it in any case

    if pd.options.display.float_format is None:
        pd.options.display.float_format = plain_number


def plain_number(value: float) -> str:
    """Return a number as people write it: `4,730,000,000,000`, `958.7`, `0.0234`."""
    if value == 0 or 1e-4 <= abs(value) < 1e5:
        return f"{value:.6g}"
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:.3g}"


def _refuse_unknown_injected(schema: Mapping[str, object], where: str) -> None:
    """Refuse a parameter that papermill injected and the notebook does not declare.

    Papermill only warns about it, and the cell that it inserts sets an unused variable.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    for source in shell.user_ns.get("In", []) if shell else []:
        if not source.startswith("# Parameters\n"):
            continue
        for statement in ast.parse(source).body:
            for target in getattr(statement, "targets", []):
                if isinstance(target, ast.Name) and target.id not in schema:
                    raise unknown("parameter", target.id, schema, where)
