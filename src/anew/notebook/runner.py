"""Running one notebook in a child process, and recording what it reads."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anew.notebook.child import in_child
from anew.notebook.reading import Reading
from anew.project.digests import ABSENT
from anew.project.errors import AnewError, BuildError
from anew.project.notebooks import normalised
from anew.project.paths import Project
from anew.project.writing import dump, make_room, write_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from anew.notebook.session import Session


@dataclass(frozen=True)
class NotebookRun:
    """One execution: which notebook, with which parameters, into which folder."""

    project: Project
    address: str
    notebook: Path
    parameters: Mapping[str, object]
    folder: Path


class NotebookError(BuildError):
    """A notebook that failed: its address, the cell's source and the error it raised."""

    def __init__(self, address: str, notebook: str, failure: _Failure, edition: str = "") -> None:
        self.address, self.number, self.failure = address, failure.number, failure
        self.source, self.error = failure.source, failure.error
        quoted = "\n".join(f"    │ {line}" for line in self.source.rstrip().splitlines())
        told = "\n".join(f"    {line}" for line in self.error.rstrip().splitlines())
        super().__init__(
            f"{address}: cell {self.number} of {notebook} failed"
            f"{f' on edition {edition}' if edition else ''}:\n{quoted}\n{told}",
            f"Fix the cell, or open it with `make lab`: {notebook}.",
        )


def run_notebook(run: NotebookRun) -> dict[Path, str]:
    """Run a notebook in a child process and move its complete results to `run.folder`.

    Returns the project's files that the notebook read (modules, tables, labels), with the digests
    that they had when it opened them. Raises NotebookError when a cell fails and BuildError when
    the child dies.
    """
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    beside, name = run.folder.parent, run.folder.name
    part = Path(tempfile.mkdtemp(prefix=f"{name}.", suffix=".part", dir=beside))
    try:
        part.chmod(0o755)
        done = in_child(_run, run, part)
        if done.failure is not None:
            raise _failed(run, done.failure)
        there = [path for path, digest in done.read.items() if digest != ABSENT]
        write_text(part / "inputs.json", dump(sorted(map(run.project.relative, there))))
        make_room(run.folder)
        part.rename(run.folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return done.read


def dry_run(run: NotebookRun) -> Session:
    """Run a notebook in this process without drawing or writing; return what it stated.

    It takes some hundred milliseconds at most, so that many changed cells can be tried. Raises
    NotebookError when a cell fails.
    """
    return _execute(run, None)[1]


def recorded_inputs(project: Project, folder: Path) -> list[Path]:
    """Return what the notebook of a result folder read when it ran; empty if it never ran."""
    try:
        names = json.loads((folder / "inputs.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [project.root / name for name in names]


@dataclass(frozen=True)
class _Failure:
    """A cell that failed: its number as executed, its source, and the error as text."""

    number: int
    source: str
    error: str


@dataclass(frozen=True)
class _Done:
    """How a run went, and the project's files that it read with their digests."""

    failure: _Failure | None
    read: dict[Path, str]


def _run(run: NotebookRun, part: Path) -> _Done:
    """In the child: execute the notebook into the folder `part`."""
    reading = Reading(run.project, apart=run.notebook)
    reading.begin()
    failure = None
    try:
        executed, session = _execute(run, part)
        session.write()
        _write_executed(executed, part / "notebook.ipynb")
    except NotebookError as error:
        failure = error.failure
    except AnewError as error:
        failure = _Failure(0, "", str(error))
    return _Done(failure, reading.end())


def _execute(run: NotebookRun, folder: Path | None) -> tuple[NotebookNode, Session]:
    """Execute a notebook in this process; return it with its outputs, and its session.

    Results go to `folder`, nowhere without one. Raises NotebookError.
    """
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook

    from anew.notebook.engine import InProcessEngine
    from anew.notebook.opening import EXECUTION, Execution

    papermill_engines.register("anew-fork", InProcessEngine)
    # names were checked against the cell itself; papermill's own reader knows fewer forms
    logging.getLogger("papermill").setLevel(logging.ERROR)
    execution = Execution(folder)
    token = EXECUTION.set(execution)
    try:
        with _imports_from(run.project):
            executed = execute_notebook(
                str(_source(run, folder) if folder else run.notebook),
                None,
                parameters=dict(run.parameters),
                engine_name="anew-fork",
                kernel_name="python3",
                progress_bar=False,
                cwd=str(run.project.root),
            )
    except PapermillExecutionError as error:
        last = "" if error.ename == "AnewError" else "\n".join(error.traceback)
        told = _Failure(error.exec_count, error.source, last or error.evalue)
        raise _failed(run, told) from None
    finally:
        EXECUTION.reset(token)
    if len(execution.sessions) != 1:
        opened = f"The notebook opened {len(execution.sessions)} sessions; call anew.open once."
        raise _failed(run, _Failure(0, "", opened))
    return executed, execution.sessions[0]


def _failed(run: NotebookRun, failure: _Failure) -> NotebookError:
    where = (run.address, run.project.relative(run.notebook))
    return NotebookError(*where, failure, str(run.parameters.get("edition") or ""))


@contextmanager
def _imports_from(project: Project) -> Iterator[None]:
    """Let a notebook find `project` and import its modules, inside this context."""
    before = os.environ.get("ANEW_PROJECT")
    os.environ["ANEW_PROJECT"] = str(project.root)
    project.make_importable()
    try:
        yield
    finally:
        if before is None:
            del os.environ["ANEW_PROJECT"]
        else:
            os.environ["ANEW_PROJECT"] = before


def _source(run: NotebookRun, part: Path) -> Path:
    """Write the notebook as it is run: with an id for each cell, without stored outputs."""
    path = part / "source.ipynb"
    path.write_bytes(normalised(run.notebook.read_bytes()))
    return path


def _write_executed(notebook: NotebookNode, path: Path) -> None:
    """Write an executed notebook without papermill's clocks, run ids and paths."""
    import nbformat

    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-{number}"
    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    path.with_name("source.ipynb").unlink()
    path.write_text(text + "\n", "utf-8", newline="\n")
