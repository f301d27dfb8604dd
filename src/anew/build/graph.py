"""The build graph: steps with inputs, settings and outputs, run by doit when content changed.

doit keeps the order, runs steps side by side and remembers what each step saw. Two things are
set here: content is compared by sha256 alone, never by time, as it was when the step began; and a
step whose own outputs were damaged runs again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from doit.action import BaseAction
from doit.cmd_base import TaskLoader2
from doit.control import TaskControl
from doit.dependency import Dependency, FileChangedChecker, JsonDB
from doit.doit_cmd import DoitMain
from doit.exceptions import InvalidTask, TaskFailed
from doit.task import Task

from anew.project.errors import AnewError, BuildError


@dataclass(frozen=True)
class Step:
    """One piece of work. `run` returns further inputs that it found itself reading."""

    name: str
    label: str
    run: Callable[[], Sequence[Path]]
    inputs: Sequence[Path]
    outputs: Sequence[Path]
    settings: Mapping[str, Any] = field(default_factory=dict)


class Observer(Protocol):
    """Who watches a run: a progress view, or nobody."""

    def begin(self, steps: Sequence[Step]) -> None: ...
    def started(self, step: Step) -> None: ...
    def skipped(self, step: Step) -> None: ...
    def finished(self, step: Step) -> None: ...
    def failed(self, step: Step, error: AnewError) -> None: ...
    def end(self) -> None: ...


@dataclass
class Outcome:
    """What a run did, by step name."""

    ran: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: dict[str, AnewError] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """Why a step would run; no reasons means that it would not."""

    step: Step
    reasons: tuple[str, ...]


def digest_file(path: Path | str) -> str:
    """Return the sha256 of a file's content; of a notebook, of its cells without outputs."""
    data = Path(path).read_bytes()
    if str(path).endswith(".ipynb"):
        try:
            cells = json.loads(data)["cells"]
            kept = [
                (c["cell_type"], "".join(c["source"]), c.get("metadata", {}).get("tags", []))
                for c in cells
            ]
            if not any(c.get("outputs") for c in cells):
                data = json.dumps(kept).encode()
            elif "/.anew/" not in Path(path).as_posix():
                data = json.dumps(kept).encode()
        except (ValueError, KeyError, TypeError):
            pass  # not a notebook that can be read: whatever it holds counts
    return hashlib.sha256(data).hexdigest()


def name_of(path: Path, root: Path) -> str:
    """Return a path as the memory holds it: from the root, so that a project can be moved."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


class _ContentChecker(FileChangedChecker):
    """Compares content, as it was when the step was looked at. Names are from `root`."""

    root = Path()

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    @classmethod
    def within(cls, root: Path) -> type[_ContentChecker]:
        """Return the checker of a project; its name is the same for every project."""
        return type(cls.__name__, (cls,), {"root": root})

    def exists(self, file_path: str) -> bool:
        return (self.root / file_path).exists()

    def info(self, file_path: str) -> str:
        if file_path not in self._seen:
            self._seen[file_path] = digest_file(self.root / file_path)
        return self._seen[file_path]

    def check_modified(self, file_path: str, file_stat: str, state: str) -> bool:
        return file_stat != state

    def get_state(self, dep: str, current_state: str | None) -> str:
        return self.info(dep)


class _Memory:
    """What doit asks whether a step is up to date apart from its inputs."""

    def __init__(self, step: Step, root: Path) -> None:
        self.step, self.root = step, root
        self.settings = json.loads(json.dumps(step.settings, sort_keys=True, default=str))

    def configure_task(self, task: Task) -> None:
        task.value_savers.append(self._now)

    def _now(self) -> dict[str, Any]:
        outputs = {name_of(path, self.root): digest_file(path) for path in self.step.outputs}
        return {"settings": self.settings, "outputs": outputs}

    def __call__(self, task: Task, values: Mapping[str, Any]) -> bool:
        return not self.reasons(values)

    def reasons(self, values: Mapping[str, Any]) -> list[str]:
        """Return what differs from the last time, in words."""
        if not values:
            return ["it has not been built"]
        before, now = values["settings"], self.settings
        found = [
            f"{key} changed from {_short(before.get(key))} to {_short(now.get(key))}"
            for key in sorted({*before, *now})
            if before.get(key) != now.get(key)
        ]
        for name, digest in values["outputs"].items():
            path = self.root / name
            if not path.exists():
                found.append(f"its output {path.name} is gone")
            elif digest_file(path) != digest:
                found.append(f"its output {path.name} was changed by another hand")
        return found


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 60 else text[:57] + "…"


class _Action(BaseAction):
    """Runs a step; doit's own Python action would redirect sys.stdout for every thread."""

    def __init__(self, step: Step, root: Path, outcome: Outcome) -> None:
        self.step, self.root, self.outcome = step, root, outcome
        self.task: Task | None = None
        self.out = self.err = ""
        self.result = self.values = None

    def execute(self, out: Any = None, err: Any = None) -> TaskFailed | None:
        self.values, self.result = {}, None
        try:
            found = self.step.run()
        except AnewError as error:
            self.outcome.failed[self.step.name] = error
            return TaskFailed(str(error))
        except Exception as error:  # a defect of ours or a library's: said whole, not hidden
            self.outcome.failed[self.step.name] = unexpected(self.step.label, error)
            return TaskFailed(str(error))
        assert self.task is not None
        self.task.file_dep.update(name_of(path, self.root) for path in found)
        return None


def unexpected(label: str, error: Exception) -> BuildError:
    """Return the error for an exception that nobody foresaw, with the place it came from."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return BuildError(
        f"{label}: {type(error).__name__}: {error}{place}",
        "This is a defect of the engine or of a library; set ANEW_DEBUG=1 to see the traceback.",
    )


class _Reporter:
    """Turns doit's calls into an Observer's."""

    desc = "anew"

    def __init__(self, steps: Mapping[str, Step], outcome: Outcome, observer: Observer) -> None:
        self.steps, self.outcome, self.observer = steps, outcome, observer
        self.errors: list[str] = []

    def initialize(self, tasks: Any, selected_tasks: Any) -> None:
        self.observer.begin(list(self.steps.values()))

    def get_status(self, task: Task) -> None:
        pass

    def execute_task(self, task: Task) -> None:
        self.observer.started(self.steps[task.name])

    def add_failure(self, task: Task, fail: Any) -> None:
        step = self.steps[task.name]
        if step.name in self.outcome.failed:
            self.observer.failed(step, self.outcome.failed[step.name])
        elif fail.get_name() == "UnmetDependency":
            self.observer.skipped(step)
        else:
            error = BuildError(f"{step.label}: {fail.get_msg().strip()}")
            self.outcome.failed[step.name] = error
            self.observer.failed(step, error)

    def add_success(self, task: Task) -> None:
        self.outcome.ran.append(task.name)
        self.observer.finished(self.steps[task.name])

    def skip_uptodate(self, task: Task) -> None:
        self.outcome.skipped.append(task.name)
        self.observer.skipped(self.steps[task.name])

    def skip_ignore(self, task: Task) -> None:
        pass

    def cleanup_error(self, exception: Any) -> None:
        self.errors.append(exception.get_msg())

    def runtime_error(self, msg: str) -> None:
        self.errors.append(msg)

    def teardown_task(self, task: Task) -> None:
        pass

    def complete_run(self) -> None:
        self.observer.end()


class _Loader(TaskLoader2):
    def __init__(self, tasks: list[Task], config: dict[str, Any]) -> None:
        super().__init__()
        self.tasks, self.doit_config = tasks, config

    def setup(self, opt_values: Any) -> None:
        pass

    def load_doit_config(self) -> dict[str, Any]:
        return self.doit_config

    def load_tasks(self, cmd: Any, pos_args: Any) -> list[Task]:
        return self.tasks


def _tasks(steps: Sequence[Step], root: Path, outcome: Outcome) -> list[Task]:
    return [
        Task(
            step.name,
            [_Action(step, root, outcome)],
            file_dep=[name_of(path, root) for path in step.inputs],
            targets=[name_of(path, root) for path in step.outputs],
            uptodate=[_Memory(step, root)],
        )
        for step in steps
    ]


def run_steps(
    steps: Sequence[Step],
    root: Path,
    store: Path,
    jobs: int,
    observer: Observer,
    *,
    again: bool = False,
) -> Outcome:
    """Run the steps whose content changed, `jobs` at once, and remember what they saw in `store`.

    Files under `root` are remembered by their names from there. A step runs after those whose
    outputs it reads. A failure stops what depends on it and nothing else. Raises BuildError when
    the graph itself is wrong (a cycle, two steps with one output).
    """
    outcome = Outcome()
    store.parent.mkdir(parents=True, exist_ok=True)
    try:
        TaskControl(_tasks(steps, root, outcome)).process(None)
    except InvalidTask as error:
        raise BuildError(f"The build graph is not sound: {error}") from None
    reporter = _Reporter({step.name: step for step in steps}, outcome, observer)
    config = {
        "dep_file": str(store),
        "backend": "json",
        "check_file_uptodate": _ContentChecker.within(root),
        "reporter": reporter,
        "verbosity": 0,
        "continue": True,
        "num_process": jobs,
        "par_type": "thread",
        "always": again,
    }
    DoitMain(_Loader(_tasks(steps, root, outcome), config), config_filenames=()).run(["run"])
    if reporter.errors:
        raise BuildError("The build graph is not sound: " + "; ".join(reporter.errors))
    return outcome


def explain_steps(steps: Sequence[Step], root: Path, store: Path) -> list[Explanation]:
    """Return for each step why it would run now; nothing is run."""
    store.parent.mkdir(parents=True, exist_ok=True)
    memory = Dependency(JsonDB, str(store), checker_cls=_ContentChecker.within(root))
    explained: list[Explanation] = []
    rebuilt: dict[str, str] = {}  # an output that a step before would make anew
    for step, task in zip(steps, _tasks(steps, root, Outcome()), strict=True):
        reasons = _Memory(step, root).reasons(memory.get_values(task.name))
        waiting = sorted({rebuilt[name] for name in task.file_dep if name in rebuilt})
        if not reasons:
            present = {path for path in task.file_dep if path not in rebuilt}
            log = memory.get_status(task, {}, get_log=True).reasons
            for path in sorted(present.intersection(log.get("changed_file_dep", []))):
                reasons.append(f"{path} changed")
            reasons += [f"{path} is new" for path in log.get("added_file_dep", [])]
            reasons += [f"{path} is no longer read" for path in log.get("removed_file_dep", [])]
        reasons += [f"{label} would run" for label in waiting]
        if reasons:
            rebuilt.update(dict.fromkeys(task.targets, step.label))
        explained.append(Explanation(step, tuple(reasons)))
    return explained
