"""Running one notebook: in a child process for a build, or here as a dry run that draws nothing."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anew.project.errors import AnewError, BuildError
from anew.project.paths import Project

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from anew.notebook.session import Session

#: What a child has imported before it is forked; measured: a notebook then takes 0.3 s, not 2 s.
PRELOAD = [
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "seaborn",
    "IPython.core.interactiveshell",
    "papermill.execute",
    "papermill.engines",
    "pandera.pandas",
    "pydantic",
    "babel.numbers",
    "anew.notebook.opening",
    "anew.notebook.engine",
    "anew.tables.catalog",
    "anew.editions.editions",
    "anew.figures.drawing",
    "anew.text.statements",
    "nbconvert.exporters.html",
    "anew.site.notebooks",
]


@dataclass(frozen=True)
class NotebookRun:
    """One execution: which notebook, with which parameters, into which folder."""

    project: Project
    address: str
    notebook: Path
    parameters: Mapping[str, object]
    folder: Path

    @property
    def part(self) -> Path:
        """The folder while it is being written."""
        return self.folder.with_name(self.folder.name + ".part")


class NotebookError(BuildError):
    """A notebook that failed: its address, the cell's source and the error it raised."""

    def __init__(
        self, address: str, notebook: str, number: int, source: str, error: str, edition: str = ""
    ) -> None:
        self.address, self.number, self.source, self.error = address, number, source, error
        quoted = "\n".join(f"    │ {line}" for line in source.rstrip().splitlines())
        told = "\n".join(f"    {line}" for line in error.rstrip().splitlines())
        super().__init__(
            f"{address}: cell {number} of {notebook} failed"
            f"{f' on edition {edition}' if edition else ''}:\n{quoted}\n{told}",
            f"Mend the cell, or open it with `make lab`: {notebook}.",
        )


def context() -> Any:
    """Return the multiprocessing context that notebooks run in: a server that forks.

    The server has one thread and the heavy imports, so that a fork is safe and quick, whatever
    threads the build itself has. Where there is no fork (Windows) each child starts afresh.
    """
    methods = multiprocessing.get_all_start_methods()
    chosen = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        chosen.set_forkserver_preload(PRELOAD)
    return chosen


def run_notebook(run: NotebookRun) -> Sequence[Path]:
    """Run a notebook in a child and put its results into `run.folder`, whole or not at all.

    Returns the project's files that the notebook read: modules, tables, labels. Raises
    NotebookError when a cell fails and BuildError when the child dies.
    """
    shutil.rmtree(run.part, ignore_errors=True)
    run.part.mkdir(parents=True)
    child = context().Process(target=_child, args=(run,), name=f"anew {run.address}")
    child.start()
    child.join()
    try:
        report = json.loads((run.part / "run.json").read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(
            f"{run.address}: the process that ran {run.notebook.name} died "
            f"(exit code {child.exitcode}).",
            "Look for a crash or too little memory; --jobs 1 needs the least.",
        ) from None
    if report["error"]:
        raise _failure(run, **report["error"])
    (run.part / "run.json").unlink()
    inputs = [run.project.root / path for path in report["inputs"]]
    text = json.dumps(report["inputs"], indent=1) + "\n"
    (run.part / "inputs.json").write_text(text, "utf-8", newline="\n")
    shutil.rmtree(run.folder, ignore_errors=True)
    run.part.rename(run.folder)
    return inputs


def dry_run(run: NotebookRun) -> Session:
    """Run a notebook in this process without drawing or writing; return what it stated.

    It takes some hundred milliseconds at most, so that many changed cells can be tried. Raises
    NotebookError when a cell fails.
    """
    return _execute(run, None)[1]


def recorded_inputs(project: Project, folder: Path) -> list[Path]:
    """Return what the notebook of a result folder read when it ran last; nothing if it never did.

    A file that has gone since is left out: the step's inputs then differ, and it runs.
    """
    try:
        names = json.loads((folder / "inputs.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return [project.root / name for name in names if (project.root / name).is_file()]


def _child(run: NotebookRun) -> None:
    """In the child: run, then say how it went in `run.json`."""
    opened: set[str] = set()
    sys.addaudithook(lambda event, args: _note(opened, event, args))
    report: dict[str, Any] = {"error": None, "inputs": []}
    try:
        executed, session = _execute(run, run.part)
        session.write()
        _write_executed(executed, run.part / "notebook.ipynb")
    except NotebookError as error:
        report["error"] = {key: getattr(error, key) for key in ("number", "source", "error")}
    except AnewError as error:
        report["error"] = {"number": 0, "source": "", "error": str(error)}
    report["inputs"] = _project_files(run.project, opened)
    text = json.dumps(report, ensure_ascii=False)
    (run.part / "run.json").write_text(text, "utf-8")


def _note(opened: set[str], event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(args[0], (str, bytes, os.PathLike)):
        mode = args[1] if isinstance(args[1], str) else "r"
        if not set(mode) & set("wax+"):
            opened.add(os.path.abspath(os.fsdecode(args[0])))


def _project_files(project: Project, opened: set[str]) -> list[str]:
    """Return the project's own files among those opened and the modules loaded, sorted.

    What the build makes, the environment and the notebook itself (an input already) are left out.
    """
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    found: set[str] = set()
    root = project.root.resolve()
    apart = {".anew", ".venv", "_site", ".git", "figures"}
    for name in [*opened, *(os.path.abspath(path) for path in loaded if path)]:
        path = Path(name)
        if path.parent.name == "__pycache__":
            path = path.parent.parent / (path.name.split(".")[0] + ".py")
        try:
            inside = path.resolve().relative_to(root)
        except ValueError:
            continue
        if inside.parts[0] in apart or "__pycache__" in inside.parts or not path.is_file():
            continue
        if inside.parts[:2] == ("src", "anew"):
            continue  # the engine's modules are listed by import, whatever was loaded beside them
        if inside.suffix != ".ipynb" and inside.as_posix() not in {
            project.relative(project.catalog_file),
            project.relative(project.editions_file),
            "_quarto.yml",
        }:
            found.add(inside.as_posix())
    return sorted(found)


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
                str(run.notebook),
                None,
                parameters=dict(run.parameters),
                engine_name="anew-fork",
                kernel_name="python3",
                progress_bar=False,
                cwd=str(run.project.root),
            )
    except PapermillExecutionError as error:
        last = "" if error.ename == "AnewError" else "\n".join(error.traceback)
        raise _failure(run, error.exec_count, error.source, last or error.evalue) from None
    finally:
        EXECUTION.reset(token)
    if len(execution.sessions) != 1:
        told = f"The notebook opened {len(execution.sessions)} sessions; call anew.open once."
        raise _failure(run, 0, "", told)
    return executed, execution.sessions[0]


def _failure(run: NotebookRun, number: int, source: str, error: str) -> NotebookError:
    notebook, edition = run.project.relative(run.notebook), run.parameters.get("edition")
    return NotebookError(run.address, notebook, number, source, error, str(edition or ""))


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
    path.write_text(text + "\n", "utf-8", newline="\n")
