"""The steps of a build: what each reads, what each writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from anew.build.graph import Step
from anew.build.plan import Plan
from anew.notebook.closure import module_closure
from anew.notebook.runner import NotebookRun, context, recorded_inputs, run_notebook
from anew.project.errors import AnewError, BuildError
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.problems import refuse
from anew.tables.catalog import load_catalog, path_of

#: The engine's own package, whose modules are inputs as the project's are.
ENGINE = Path(__file__).parents[1]

#: What the pictures of one figure are called, in a result folder and in `figures/`.
PICTURES = tuple(f"{language}.{kind}" for language in LANGUAGES for kind in ("svg", "png"))


def engine_files(*modules: str, data: Sequence[str] = ()) -> list[Path]:
    """Return the engine's files that `modules` are made of, and every file under `data` folders."""
    return list(_engine_files(modules, tuple(data)))


@cache  # a process keeps the engine that it loaded
def _engine_files(modules: tuple[str, ...], data: tuple[str, ...]) -> tuple[Path, ...]:
    files = module_closure(ENGINE, modules)
    for folder in data:
        files += sorted(path for path in (ENGINE / folder).rglob("*") if path.is_file())
    return tuple(path for path in files if "__pycache__" not in path.parts)


def tables_step(plan: Plan) -> Step:
    """Check every vintage in the catalogue, used or not."""
    from anew.tables.validation import fingerprint

    project, catalog = plan.project, plan.catalog
    stamp = project.work / "tables.json"
    every = [(name, v) for name, table in catalog.tables.items() for v in table.vintages]
    files = [path_of(project, catalog, *pair) for pair in every]
    prints = {"/".join(pair): fingerprint(project, catalog, *pair) for pair in every}

    def run() -> Sequence[Path]:
        in_child(_check_tables, project, stamp)
        return []

    present = [path for path in files if path.is_file()]
    modules = engine_files("anew.tables.validation")
    return Step(
        "tables", "check the tables", run, [*present, *modules], [stamp], {"tables": prints}
    )


def _check_tables(project: Project, stamp: Path) -> None:
    from anew.tables.validation import check_tables

    catalog = load_catalog(project)
    refuse(check_tables(project, catalog), "The tables are not what the catalogue says")
    checked = {name: sorted(map(str, table.vintages)) for name, table in catalog.tables.items()}
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(checked, sort_keys=True) + "\n", "utf-8", newline="\n")


def result_files(run: NotebookRun) -> list[Path]:
    """Return what every notebook's result folder holds, figure or no figure."""
    return [run.folder / name for name in ("result.json", "notebook.ipynb", "inputs.json")]


def notebook_step(plan: Plan, address: str) -> Step:
    """Run one notebook, once for all languages."""
    run = plan.runs[address]
    raw = [path_of(plan.project, plan.catalog, *pair) for pair in _vintages(plan, address)]
    inputs = [
        run.notebook,
        *(path for path in raw if path.is_file()),
        *recorded_inputs(plan.project, run.folder),
        *engine_files("anew.notebook.opening", "anew.notebook.engine"),
    ]
    return Step(
        f"notebook {run.folder.name}",
        f"{address}: run {run.notebook.name}" + ("" if plan.newest else f" on {plan.edition.name}"),
        lambda: run_notebook(run),
        sorted(set(inputs)),
        [*result_files(run), *drawn(run)],
        plan.settings[address],
    )


def _vintages(plan: Plan, address: str) -> list[tuple[str, str]]:
    found = []
    for table, vintages in plan.edition.figures[address].tables.items():
        names = vintages.values() if hasattr(vintages, "values") else [vintages]
        found += [(table, str(name)) for name in names]
    return found


def drawn(run: NotebookRun) -> list[Path]:
    """Return the pictures that a notebook with a figure leaves; `figN` addresses have one."""
    if not run.address.startswith("fig"):
        return []
    return [run.folder / f"figure.{name}" for name in PICTURES] + [run.folder / "data.csv"]


def code_files(plan: Plan) -> list[Path]:
    """Return the project's own files that the notebooks are made from: cells, modules, labels."""
    found = {run.notebook for run in plan.runs.values()}
    for run in plan.runs.values():
        found.update(recorded_inputs(plan.project, run.folder))
    return sorted(path for path in found if plan.project.raw not in path.parents)


def in_child(work: Callable[..., None], *args: Any) -> None:
    """Do `work` in a forked child, so that threads of the build wait and do not compete.

    `work` is a module's function. Raises what it raised, as an AnewError, or BuildError.
    """
    receiver, sender = context().Pipe(duplex=False)
    child = context().Process(target=_report, args=(sender, work, args))
    child.start()
    sender.close()
    try:
        kind, message, hint = receiver.recv()
    except EOFError:
        kind, message, hint = "BuildError", f"{work.__name__}: its process died.", ""
    child.join()
    if kind == "AnewError":
        raise AnewError(message, hint)
    if kind:
        raise BuildError(message, hint)


def _report(sender: Any, work: Callable[..., None], args: tuple[Any, ...]) -> None:
    from anew.build.graph import unexpected

    try:
        work(*args)
        sender.send(("", "", ""))
    except AnewError as error:
        kind = "BuildError" if error.exit_code == 1 else "AnewError"
        sender.send((kind, error.message, error.hint))
    except Exception as error:
        failure = unexpected(work.__name__.strip("_"), error)
        sender.send(("BuildError", failure.message, failure.hint))


def clear(folder: Path) -> None:
    """Remove a folder and all in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
