"""Running one notebook in a child process, and recording what it reads."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from anew.notebook.child import ChildDied, in_child
from anew.notebook.reading import Reading
from anew.project.digests import ABSENT
from anew.project.errors import AnewError, BuildError, refused_by_system, told_by_system
from anew.project.language import LANGUAGES
from anew.project.notebooks import normalised
from anew.project.paths import Project
from anew.project.phrases import Phrase, indented
from anew.project.settings import Limits, read_settings
from anew.project.writing import dump, make_room, write_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from anew.notebook.session import Session


#: Holds the number of the cell at work while a notebook runs.
AT = "cell"


@dataclass(frozen=True)
class NotebookRun:
    """One execution: which notebook, with which parameters, into which folder.

    `draws` tells that the notebook leaves a figure.
    """

    project: Project
    address: str
    notebook: Path
    parameters: Mapping[str, object]
    folder: Path
    draws: bool = False


class NotebookError(BuildError):
    """A notebook that failed: its address, the cell's source and the error it raised."""

    def __init__(self, address: str, notebook: str, failure: _Failure, edition: str = "") -> None:
        self.address, self.number, self.failure = address, failure.number, failure
        self.source, self.error = failure.source, failure.error
        error = self.error if isinstance(self.error, Phrase) else self.error.rstrip()
        super().__init__(
            "{address}: cell {number} of {notebook} failed on edition {edition}:\n{quoted}\n{told}"
            if edition
            else "{address}: cell {number} of {notebook} failed:\n{quoted}\n{told}",
            failure.hint or Phrase("Fix the cell: jupyter lab {notebook}.", notebook=notebook),
            code=failure.code or "notebook-failed",
            address=address,
            number=self.number,
            notebook=notebook,
            edition=edition,
            quoted=indented(self.source.rstrip(), "    │ "),
            told=indented(error, "    "),
        )


def run_notebook(run: NotebookRun) -> dict[Path, str]:
    """Run a notebook in a child process and move its complete results to `run.folder`.

    Returns the project's files that the notebook read (modules, tables, labels), with the digests
    that they had when it opened them. Raises NotebookError when a cell fails, and BuildError when
    the child dies or is ended because it takes too long; `anew: limits:` in _quarto.yml says when.
    """
    limits = read_settings(run.project.root).limits
    run.folder.parent.mkdir(parents=True, exist_ok=True)
    beside, name = run.folder.parent, run.folder.name
    part = Path(tempfile.mkdtemp(prefix=f"{name}.", suffix=".part", dir=beside))
    try:
        part.chmod(0o755)
        try:
            done = in_child(_run, run, part, limits, seconds=limits.seconds)
        except ChildDied as error:
            raise _ended(run, part, error.exit, limits) from None
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
    hint: str = ""
    code: str = ""


@dataclass(frozen=True)
class _Done:
    """How a run went, and the project's files that it read with their digests."""

    failure: _Failure | None
    read: dict[Path, str]


def _ended(run: NotebookRun, part: Path, code: int | None, limits: Limits) -> BuildError:
    """Return the error for a notebook whose process ended before its last cell did."""
    notebook = run.project.relative(run.notebook)
    try:
        number = (part / AT).read_text()
        cell: str = Phrase("cell {number} of {notebook}", number=number, notebook=notebook)
    except OSError:
        cell = notebook
    edition = run.parameters.get("edition")
    where = Phrase(
        "{address}: {cell} on edition {edition}" if edition else "{address}: {cell}",
        address=run.address,
        cell=cell,
        edition=edition,
    )
    if code is None:
        return BuildError(
            "{where} was still running after {seconds:g} s, and was stopped.",
            "Look for an endless loop, or allow more: anew: limits: seconds: in _quarto.yml.",
            code="notebook-too-slow",
            where=where,
            seconds=limits.seconds,
        )
    if code < 0:
        return BuildError(
            "{where} was killed by signal {signal}.",
            "Signal 9 may mean that the machine's memory is used up (--jobs 1 needs the "
            "least), signal 11 a crash in a library.",
            code="notebook-killed",
            where=where,
            signal=-code,
        )
    return BuildError(
        "{where} ended the process itself (exit code {exit}).",
        "Take os._exit out, or look for a crash in a library.",
        code="notebook-killed",
        where=where,
        exit=code,
    )


def _bound(memory: float) -> None:
    """Bound the memory of this process, in GiB, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        most = int(memory * (1 << 30))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _run(run: NotebookRun, part: Path, limits: Limits) -> _Done:
    """In the child: execute the notebook into the folder `part`, within bounds."""
    import papermill.execute  # noqa: F401  # first: it imports the engines that are installed

    from anew.notebook.engine import InProcessEngine

    _bound(limits.memory)
    InProcessEngine.output, InProcessEngine.at = limits.output, part / AT
    reading = Reading(run.project, apart=run.notebook, own=part)
    list(LANGUAGES)  # read before, and an input of the step by name: not the whole configuration
    reading.begin()
    failure = None
    try:
        executed, session = _execute(run, part)
        session.write()
        _write_executed(executed, part / "notebook.ipynb")
    except NotebookError as error:
        failure = _told(error.failure, InProcessEngine.failure, limits)
    except AnewError as error:
        failure = _Failure(0, "", str(error), code=error.code)
    read = reading.end()
    if reading.refused:  # a cell may have passed over the error
        refused = reading.refused[0]
        number, source = (failure.number, failure.source) if failure else (0, "")
        failure = _Failure(number, source, refused.message, refused.hint, refused.code)
    (part / AT).unlink(missing_ok=True)
    return _Done(failure, read)


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
        if error.ename == "AnewError":  # the code refuses its data or parameters, and says which
            hint = Phrase(
                "Change what it names, or the code: {notebook}.",
                notebook=run.project.relative(run.notebook),
            )
            raised = InProcessEngine.failure
            said, code = error.evalue, ""
            if isinstance(raised, AnewError) and str(raised) == said:  # as it can be translated
                said, code = str(raised), raised.code
            told = _Failure(error.exec_count, error.source, said, hint, code)
        else:
            told = _Failure(error.exec_count, error.source, "\n".join(error.traceback))
        raise _failed(run, told) from None
    finally:
        EXECUTION.reset(token)
    if len(execution.sessions) != 1:
        opened = Phrase(
            "The notebook opened {count} sessions; call anew.open once.",
            count=len(execution.sessions),
        )
        raise _failed(run, _Failure(0, "", opened))
    return executed, execution.sessions[0]


def _told(failure: _Failure, error: BaseException | None, limits: Limits) -> _Failure:
    """Return a failure as it is told: where the cell itself is not at fault, what to do else."""
    if refused := refused_by_system(error):
        system = told_by_system(refused)
        return replace(failure, error=system.message, hint=system.hint, code=system.code)
    if isinstance(error, MemoryError):
        hint = Phrase(
            "A notebook may use {memory:g} GiB of memory. Read less at once, or allow more: "
            "anew: limits: memory: in _quarto.yml.",
            memory=limits.memory,
        )
        return replace(failure, hint=hint, code="out-of-memory")
    return failure


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
