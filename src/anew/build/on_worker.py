"""What a worker of a Dask scheduler does: run one step of a report that is elsewhere.

A worker has the engine and no project. A job names a step, the request that it is planned from, and
the hash of every file that it may read. The worker keeps files by hash (`cache`), answers which it
lacks, and is then sent those. It lays the files out as a project in a folder of its own, plans the
same graph as the sender did, and runs the one step with the same code (`run_steps`), so that a step
needs no other form to travel in. The answer holds the outputs, by hash, and what was read.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from anew.build.builder import all_steps
from anew.build.cache import MACHINE, Cache, place_of
from anew.build.contents import Contents, holds, list_contents
from anew.build.engine import identity
from anew.build.graph import Memory
from anew.build.plan import Request, make_plans
from anew.build.progress import Quiet
from anew.build.running import run_steps
from anew.figures.fonts import font_place
from anew.notebook.child import fix_environment
from anew.project.digests import Digests
from anew.project.errors import AnewError, BuildError, no_room, told_by_system
from anew.project.language import LANGUAGES
from anew.project.paths import Project

#: Less free space than this, in bytes, and a failure is the disk's.
_NEARLY_FULL = 1 << 18


@dataclass(frozen=True)
class Job:
    """A step to run: the files that it may read by name, each by its sha256.

    `settings` and `inputs` are those of the step as the sender sees them; the worker's must be the
    same.
    """

    step: str
    label: str
    request: Request
    settings: Mapping[str, object]
    inputs: Mapping[str, str]
    files: Mapping[str, str]
    folders: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """What came of a job: files that are lacking, or an error, or what the step made.

    `full` says that the worker has no room, `found` what the step read beside its inputs, `blobs`
    are the contents by hash.
    """

    worker: str
    lacks: Sequence[str] = ()
    full: str = ""
    error: AnewError | None = None
    found: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    contents: Contents = field(default_factory=Contents)
    blobs: Mapping[str, bytes] = field(default_factory=dict)


def describe() -> dict[str, str]:
    """Return what this machine is, as far as it decides results: machine, engine, fonts."""
    digests = Digests()
    fonts = digests.of(font_place(Project(Path(os.devnull))))
    return {"machine": MACHINE, **_engine(), "fonts": fonts.removeprefix("folder ")[:16]}


@cache
def _engine() -> dict[str, str]:
    return identity(Digests())  # what this process has loaded stays as it is


def run_job(job: Job, blobs: Mapping[str, bytes]) -> Answer:
    """Run a step in a folder of this worker's own; called by Dask, on a worker."""
    from distributed import get_worker  # an extra; only who has it gets here

    worker = get_worker()
    _allow_children()
    fix_environment()
    return run_in(Path(worker.local_directory) / "anew", worker.address, job, blobs)


def _allow_children() -> None:
    """Let steps work in child processes, as they do at home.

    A nanny starts workers as daemons, which may have no children; ours end with their parent. And
    each child would import again what the worker was started from, all of Dask.
    """
    multiprocessing.current_process().daemon = False
    main = sys.modules["__main__"]
    main.__spec__ = None
    vars(main).pop("__file__", None)


def run_in(here: Path, worker: str, job: Job, blobs: Mapping[str, bytes]) -> Answer:
    """Run a step below the folder `here`."""
    try:
        store = Cache(str(here / "store"))
        for data in blobs.values():
            store.keep(data)
        store.stored = bool(blobs)
        store.tidy()
        if store.fault:
            return Answer(worker, full=store.fault)
        (here / "runs").mkdir(parents=True, exist_ok=True)
        root = Path(tempfile.mkdtemp(dir=here / "runs"))
    except OSError as error:
        return Answer(worker, full=told_by_system(error).message)
    try:
        if lacks := _lay_out(job, here / "store", root):
            return Answer(worker, lacks=lacks)
        with _speaking(here, root):
            return _run(worker, job, root)
    except (AnewError, OSError) as raised:
        told = told_by_system(raised) if isinstance(raised, OSError) else raised
        if no_room(told) or shutil.disk_usage(here).free < _NEARLY_FULL:
            return Answer(worker, full=told.message)
        kind = BuildError if told.exit_code == 1 else AnewError  # as it travels
        where = str(root) + os.sep
        message, hint = told.message.replace(where, ""), told.hint.replace(where, "")
        return Answer(worker, error=kind(message, hint, code=told.code))
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _lay_out(job: Job, store: Path, root: Path) -> list[str]:
    """Link files from the store into a project at `root`; return the hashes that are lacking."""
    lacks = {one for one in job.files.values() if _lacks(store / place_of(one), one)}
    for name in job.folders:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, sha256 in job.files.items() if not lacks else ():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(store / place_of(sha256), target)
        except FileNotFoundError:
            lacks.add(sha256)  # removed to make room
    return sorted(lacks)


def _lacks(path: Path, sha256: str) -> bool:
    """Return whether a file is not in the store; one that is damaged is removed from it."""
    if holds(path, sha256):
        return False
    path.unlink(missing_ok=True)  # sent again, it would be taken for the one that is there
    return True


def _run(worker: str, job: Job, root: Path) -> Answer:
    """Plan the report that is laid out at `root`, and run the one step."""
    project = Project(root)
    plans = make_plans(project, job.request)
    steps = [step for plan in plans for step in all_steps(plan, job.request)]
    step = next((one for one in steps if one.name == job.step), None)
    memory = Memory(root, project.work, _engine())
    outcome = run_steps([step], memory, 1, Quiet()) if step is not None else None
    if outcome is not None and outcome.failed:
        raise outcome.failed[job.step]
    record = memory.records.read(job.step)
    if record is None or dict(record.settings) != dict(job.settings):
        raise BuildError(
            "{step}: {worker} planned another step.",
            "Wait until nothing writes to the project, then sweep again.",
            code="changed-meanwhile",
            step=job.label,
            worker=worker,
        )
    other = [name for name, digest in record.inputs.items() if job.inputs.get(name) != digest]
    if wrong := [name for name in other if not Path(name).is_absolute()]:
        raise BuildError(
            "{step}: {files} did not arrive as sent, between here and {worker}.",
            "Look at the disk of that machine, then sweep again.",
            code="wrong-transfer",
            step=job.label,
            files=wrong,
            worker=worker,
        )
    blobs: dict[str, bytes] = {}

    def keep(data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        blobs[sha256] = data
        return sha256

    contents = list_contents(root, record.outputs, keep)
    return Answer(
        worker, found=record.found, outputs=record.outputs, contents=contents, blobs=blobs
    )


_turn = threading.Condition()
_spoken: dict[str, int] = {}


@contextmanager
def _speaking(here: Path, root: Path) -> Iterator[None]:
    """Make the languages of a report those of this process, of which several threads run steps.

    Their configuration lies where it stays when a run's folder is gone. Steps of another report
    wait until those of this one are done.
    """
    data = (root / "_quarto.yml").read_bytes()
    digest = Digests().of(root / "_quarto.yml")[:16]
    with _turn:
        _turn.wait_for(lambda: not _spoken or digest in _spoken)
        kept = here / "languages" / digest / "_quarto.yml"
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
        LANGUAGES.of(kept.parent)
        _spoken[digest] = _spoken.get(digest, 0) + 1
    try:
        yield
    finally:
        with _turn:
            _spoken[digest] -= 1
            if not _spoken[digest]:
                del _spoken[digest]
            _turn.notify_all()
