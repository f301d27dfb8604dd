"""The build graph: steps with inputs, settings and outputs, run when their content changed.

A step runs after those whose outputs it reads, side by side with the others. What it saw and made
is recorded by digest (`records`) only if no input changed while it ran; where one did, it runs
again. A step is up to date when its settings, its inputs and its outputs are those of its record.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Protocol

from anew.build.cache import Cache
from anew.build.records import Record, Records
from anew.notebook.child import cpu_seconds, end_children
from anew.project.digests import ABSENT, Digests, dumped
from anew.project.errors import AnewError, BuildError, refused_by_system, told_by_system, unexpected
from anew.project.phrases import Phrase
from anew.project.writing import make_room

#: How often a step runs while its inputs change under it.
ATTEMPTS = 3

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


def run_steps(steps: Sequence[Step], memory: Memory, jobs: int, observer: Observer) -> Outcome:
    """Run the steps that are not up to date, `jobs` in parallel, and record inputs and outputs.

    A failure, of whatever kind, stops the steps that depend on it and no others. Raises BuildError
    when the graph itself is wrong (a cycle, two steps with one output), and PlanChanged.
    """
    before = _predecessors(steps)
    sorter = _sorted(before)
    sorter.prepare()
    named = {step.name: step for step in steps}
    outcome = Outcome()
    work = _Work(memory, before, outcome.timings)
    observer.begin(steps)
    pool = ThreadPoolExecutor(max(jobs, 1), thread_name_prefix="anew")
    running: dict[Future[bool], str] = {}
    try:
        while sorter.is_active():
            for name in sorter.get_ready():
                if {*outcome.failed, *outcome.blocked}.intersection(before[name]):
                    outcome.blocked.append(name)
                    observer.skipped(named[name])
                    sorter.done(name)
                else:
                    running[pool.submit(work.bring_up_to_date, named[name], observer)] = name
            done, _ = wait(running, return_when=FIRST_COMPLETED) if running else (set(), set())
            for future in done:
                name = running.pop(future)
                _settle(named[name], future, outcome, observer)
                sorter.done(name)
    except PlanChanged:
        raise
    except BaseException:  # interrupted
        pool.shutdown(wait=False, cancel_futures=True)
        while any(future.running() for future in running):
            if memory.elsewhere is not None:
                memory.elsewhere.stop()
            end_children()
            time.sleep(0.02)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        if memory.cache is not None:
            memory.cache.tidy()
            outcome.fetched, outcome.cache_fault = memory.cache.fetched, memory.cache.fault
        memory.digests.save()
        observer.end()
    return outcome


def explain_steps(steps: Sequence[Step], memory: Memory) -> list[Explanation]:
    """Return why each step would run, in a valid order; nothing is run."""
    before = _predecessors(steps)
    named = {step.name: step for step in steps}
    work = _Work(memory, before, [])
    explained: dict[str, Explanation] = {}
    for name in _sorted(before).static_order():
        step = named[name]
        rebuilt = [named[one] for one in before[name] if explained[one].reasons]
        waiting = sorted(Phrase("{step} would run", step=one.label) for one in rebuilt)
        explained[name] = Explanation(step, (*work.reasons(step, rebuilt), *waiting))
    return [explained[step.name] for step in steps]


def _sorted(before: Mapping[str, set[str]]) -> TopologicalSorter[str]:
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


def _settle(step: Step, future: Future[bool], outcome: Outcome, observer: Observer) -> None:
    """Note how a step ended. Raises PlanChanged, which ends the run."""
    error = future.exception()
    if error is None:
        (outcome.ran if future.result() else outcome.skipped).append(step.name)
        (observer.finished if future.result() else observer.skipped)(step)
        return
    if isinstance(error, PlanChanged):
        raise error
    told = error if isinstance(error, AnewError) else _told(step, error)
    outcome.failed[step.name] = told
    observer.failed(step, told)


def _told(step: Step, error: BaseException) -> BuildError:
    """Return an exception as an error that names the step."""
    system = refused_by_system(error) or error
    if isinstance(system, OSError) and system.errno:
        refused = told_by_system(system)
        return BuildError(
            "{step}: {message}",
            refused.hint,
            code=refused.code,
            step=step.label,
            message=refused.message,
        )
    return unexpected(step.label, error)


class _Work:
    """Brings one step up to date; used from several threads."""

    def __init__(
        self, memory: Memory, before: Mapping[str, set[str]], timings: list[Timing]
    ) -> None:
        self.memory, self.records, self.digests = memory, memory.records, memory.digests
        self.before, self.timings = before, timings

    def bring_up_to_date(self, step: Step, observer: Observer) -> bool:
        """Run a step if anything that decides it changed; return whether it ran."""
        if not self.reasons(step):
            return False
        if self._fetched(step):
            return False
        observer.started(step)
        changed: Path | None = None
        for _ in range(ATTEMPTS):
            began, cpu = time.monotonic(), cpu_seconds()
            changed = self._attempt(step)
            if changed is None:
                self.timings.append(
                    Timing(
                        step.name, step.label, began, time.monotonic() - began,
                        cpu_seconds() - cpu, threading.current_thread().name,
                        tuple(sorted(self.before[step.name])),
                    )
                )  # fmt: skip
                return True
        assert changed is not None
        raise BuildError(
            "{step}: {file} keeps changing while it is read.",
            "Wait until no other program writes to it, then build again.",
            code="changed-meanwhile",
            step=step.label,
            file=name_of(changed, self.memory.root),
        )

    def _fetched(self, step: Step) -> bool:
        """Take a step's result from the shared cache; return whether it has it."""
        if self.memory.cache is None or not self._within(step):
            return False
        inputs = {path: self.digests.of(path) for path in (*step.inputs, *step.late())}
        self._refuse_change()
        record = self.memory.cache.fetch(
            step.name,
            self._settings(step),
            {self._name(path): digest for path, digest in inputs.items()},
            lambda name: self.digests.of(self.memory.root / name),
            [self._name(path) for path in step.made],
            self.memory.root,
        )
        if record is None:
            return False
        made = {self._name(path): self.digests.of(path) for path in step.made}
        if made != dict(record.outputs):  # the cache does not say what it holds
            return False
        self.records.write(record)
        return True

    def _within(self, step: Step) -> bool:
        """Return whether all that a step makes lies in the project: else it is not shared."""
        return all(self.memory.root in path.parents for path in step.made)

    def reasons(self, step: Step, rebuilt: Sequence[Step] = ()) -> list[str]:
        """Return why a step is not up to date; outputs of `rebuilt` steps are not looked at."""
        record = self.records.read(step.name)
        if record is None:
            return [Phrase("it has not been built")]
        now = self._settings(step)
        reasons: list[str] = [
            Phrase(
                "{key} changed from {old} to {new}",
                key=key,
                old=_short(record.settings.get(key)),
                new=_short(now.get(key)),
            )
            for key in sorted({*record.settings, *now})
            if record.settings.get(key) != now.get(key)
        ]
        made = [path for one in rebuilt for path in one.made]
        inputs = [*step.inputs, *([] if rebuilt else step.late())]
        declared = {self._name(path): path for path in inputs}
        for name, path in declared.items():
            if any(_overlap(path, one) for one in made):
                continue
            if name not in record.inputs:
                reasons.append(Phrase("{name} is new", name=name))
            elif self.digests.of(path) != record.inputs[name]:
                reasons.append(Phrase("{name} changed", name=name))
        if not rebuilt:
            gone = record.inputs.keys() - declared
            reasons += [Phrase("{name} is no longer read", name=name) for name in gone]
        for name, digest in record.found.items():
            if name not in declared and self.digests.of(self.memory.root / name) != digest:
                reasons.append(Phrase("{name} changed", name=name))
        if {*record.outputs} != {self._name(path) for path in step.made}:
            reasons.append(Phrase("its list of outputs changed"))
        for name, digest in record.outputs.items():
            found = self.digests.of(self.memory.root / name)
            if found == ABSENT:
                reasons.append(Phrase("its output {name} is missing", name=name))
            elif found != digest:
                reasons.append(Phrase("its output {name} was changed outside the build", name=name))
        return reasons

    def _attempt(self, step: Step) -> Path | None:
        """Run a step and record it; return an input that changed meanwhile, or None."""
        inputs = [*step.inputs, *step.late()]
        stamps = {path: self.digests.stamp(path) for path in inputs}
        seen = {path: self.digests.of(path) for path in inputs}
        self._refuse_change()
        self._make_room(step)
        error: BaseException | None = None
        found: Found = {}
        try:
            found = self._run(step, seen) or {}
        except BaseException as raised:
            error = raised
        self._refuse_change()
        for path, digest in {**found, **seen}.items():
            if self.digests.of(path) != digest or found.get(path, digest) != digest:
                return path
        for path, stamp in stamps.items():  # saved with the same content: a reader may see half
            if self.digests.stamp(path) != stamp:
                return path
        if error is not None:
            raise error
        made = {path: self.digests.of(path) for path in step.made}
        missing = [self._name(path) for path, digest in made.items() if digest == ABSENT]
        if missing:
            raise BuildError(
                "{step}: it did not make {missing}.",
                code="defect",
                step=step.label,
                missing=sorted(missing),
            )
        record = Record(
            step.name,
            self._settings(step),
            {self._name(path): digest for path, digest in seen.items()},
            {self._name(path): d for path, d in found.items() if path not in seen},
            {self._name(path): digest for path, digest in made.items()},
        )
        self.records.write(record)
        if self.memory.cache is not None and self._within(step):
            self.memory.cache.store(record, self.memory.root)
        return None

    def _run(self, step: Step, seen: Mapping[Path, str]) -> Found | None:
        """Run a step, here or elsewhere."""
        if self.memory.elsewhere is None or not self._within(step):
            return step.run()
        inputs = {self._name(path): digest for path, digest in seen.items()}
        return self.memory.elsewhere.run(step, self._settings(step), inputs)

    def _make_room(self, step: Step) -> None:
        """Remove what a step could trip over in the build folder: damage and leftovers."""
        record = self.records.read(step.name)
        known = record.outputs if record else {}
        for path in step.made:
            if self.memory.folder not in path.parents:
                continue
            make_room(path if path in step.outputs else path / "inside")
            if path in step.folders and self.digests.of(path) != known.get(self._name(path)):
                shutil.rmtree(path, ignore_errors=True)

    def _refuse_change(self) -> None:
        for path, digest in self.memory.guard.items():
            if self.digests.of(path) != digest:
                raise PlanChanged(path)

    def _settings(self, step: Step) -> dict[str, object]:
        plain = dumped({**step.settings, **self.memory.engine})
        assert isinstance(plain, dict)
        return plain

    def _name(self, path: Path) -> str:
        return name_of(path, self.memory.root)


def _predecessors(steps: Sequence[Step]) -> dict[str, set[str]]:
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


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 60 else text[:57] + "…"
