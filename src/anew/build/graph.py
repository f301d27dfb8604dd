"""The build graph: steps with inputs, settings and outputs, run when their content changed.

A step runs after those whose outputs it reads, side by side with the others. What it saw and made
is recorded by digest (`records`) only if no input changed while it ran; where one did, it runs
again. A step is up to date when its settings, its inputs and its outputs are those of its record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Protocol

from anew.build.cache import Cache
from anew.build.records import Records
from anew.project.digests import Digests
from anew.project.errors import AnewError, BuildError

#: Further inputs with the digests that they had when a step read them.
Found = Mapping[Path, str]


@dataclass(frozen=True)
class Step:
    """One piece of work.

    `inputs` are files or folders; a folder counts with all that it holds. `outputs` are files and
    `folders` are folders that the step makes whole. `late` returns inputs that are known only when
    the steps before have run. `run` returns inputs that it found itself reading, or nothing.
    """

    name: str
    label: str
    run: Callable[[], Found | None]
    inputs: Sequence[Path]
    outputs: Sequence[Path]
    settings: Mapping[str, object] = field(default_factory=dict)
    late: Callable[[], Sequence[Path]] = tuple
    folders: Sequence[Path] = ()

    @property
    def made(self) -> tuple[Path, ...]:
        """All that the step makes, files and folders."""
        return (*self.outputs, *self.folders)


@dataclass(frozen=True)
class Memory:
    """Where a graph keeps its records, and what decides every step.

    `engine` says what the engine is, by part: it is an input of every step. `guard` are the digests
    of the files that the steps were planned from: none of them may change while the steps run.
    `cache` is one that machines share, and `elsewhere` runs steps on other machines.
    """

    root: Path
    folder: Path
    engine: Mapping[str, str] = field(default_factory=dict)
    guard: Mapping[Path, str] = field(default_factory=dict)
    digests: Digests = field(default_factory=Digests)
    cache: Cache | None = None
    elsewhere: Elsewhere | None = None

    @property
    def records(self) -> Records:
        """The records of the steps."""
        return Records(self.folder / "records")


class Elsewhere(Protocol):
    """What runs a step on another machine, and puts its outputs in their places here.

    `inputs` are the digests of the declared inputs, by the names that records have.
    """

    def run(
        self, step: Step, settings: Mapping[str, object], inputs: Mapping[str, str]
    ) -> Found: ...
    def stop(self) -> None: ...


class Observer(Protocol):
    """An observer of a run, such as a progress view."""

    def begin(self, steps: Sequence[Step]) -> None: ...
    def started(self, step: Step) -> None: ...
    def skipped(self, step: Step) -> None: ...
    def finished(self, step: Step) -> None: ...
    def failed(self, step: Step, error: AnewError) -> None: ...
    def end(self) -> None: ...


@dataclass
class Outcome:
    """What a run did, by step name; `blocked` steps wait for one that failed.

    `fetched` came from a shared cache, and are among those skipped.
    """

    ran: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    failed: dict[str, AnewError] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    cache_fault: str = ""


@dataclass(frozen=True)
class Timing:
    """How long a step ran, in seconds: `began` by the monotonic clock, `seconds` of wall, `cpu`.

    `cpu` is that of the step's thread and of the children in which it worked. `after` names the
    steps that it waited for.
    """

    step: str
    label: str
    began: float
    seconds: float
    cpu: float
    thread: str
    after: tuple[str, ...] = ()

    @property
    def ended(self) -> float:
        return self.began + self.seconds


@dataclass(frozen=True)
class Explanation:
    """Why a step would run; no reasons means that it would not."""

    step: Step
    reasons: tuple[str, ...]


class PlanChanged(Exception):
    """A file that the steps were planned from changed while they ran, so plan again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} changed")


def sorter_of(before: Mapping[str, set[str]]) -> TopologicalSorter[str]:
    """Return a topological sorter of steps by name. Raises BuildError for a cycle."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        raise BuildError(
            "The build graph has a cycle: {steps}.", code="defect", steps=" → ".join(error.args[1])
        ) from None
    return TopologicalSorter(before)


def name_of(path: Path, root: Path) -> str:
    """Return a path as records hold it: from the root, so that a project can be moved."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


def predecessors(steps: Sequence[Step]) -> dict[str, set[str]]:
    """Return the steps whose outputs each step reads. Raises BuildError for a shared output."""
    makers: dict[Path, str] = {}
    for step in steps:
        for path in step.made:
            if path in makers:
                raise BuildError(
                    "{maker} and {step} both make {path}.",
                    code="defect",
                    maker=makers[path],
                    step=step.name,
                    path=path,
                )
            makers[path] = step.name
    folders: dict[Path, set[str]] = {}
    for path, name in makers.items():
        for above in path.parents:
            folders.setdefault(above, set()).add(name)
    found: dict[str, set[str]] = {}
    for step in steps:
        read: set[str] = set()
        for path in step.inputs:
            read |= folders.get(path, set())
            read |= {makers[one] for one in (path, *path.parents) if one in makers}
        found[step.name] = read - {step.name}
    return found
