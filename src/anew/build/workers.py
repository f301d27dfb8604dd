"""Steps on the workers of a Dask scheduler: who may run them, what travels, what if one dies.

`graph` decides as ever which steps run and when, and records what they read and made; only the call
of a step goes to a worker (`on_worker`), one thread here waiting for each. So progress, records,
`anew explain`, failures and repeated runs are those of a local build. A job carries hashes; a
worker answers which contents it lacks, and is sent them from the project; what it made comes back
by hash and is put in its places as a shared cache does it (`contents`).

Before any work every worker says what it is. One with another engine, another Python, other
packages, fonts or another kind of machine would make other bytes: the run is refused. One that
joins later is asked too, and gets nothing if it differs. A worker that dies loses its step to
another one, as Dask does it; one that has no room left on its disk is given no more steps.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anew.build.contents import files_below, folders_below, put_contents
from anew.build.graph import Found, Step
from anew.build.on_worker import Answer, Job, describe, run_job
from anew.build.plan import Request
from anew.build.standing import planned_folders
from anew.project.digests import Digests
from anew.project.errors import AnewError, BuildError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.writing import sha256

#: Seconds without any worker before a step fails.
PATIENCE = 60

#: Folders that no step reads but by name, and what marks others: a site, an environment.
_APART = {"figures", "node_modules"}
_MARKS = ("manifest.json", "sweep.json", "pyvenv.cfg")


@dataclass
class Workers:
    """The workers of a scheduler that run the steps of a project.

    `requests` says from which request a step is planned, by its name; `ran` counts the steps of
    each worker, `remarks` is what a person should know of them.
    """

    project: Project
    client: Any
    requests: dict[str, Request] = field(default_factory=dict)
    ran: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._digests = Digests()
        self._own = describe()
        self._fit: dict[str, bool] = {}
        self._stopped = False

    def refuse_strangers(self) -> int:
        """Ask all workers what they are; return how many steps they run at once.

        Raises AnewError when one would make other bytes than this machine, or there is none.
        """
        threads: Mapping[str, int] = self.client.nthreads()
        if not threads:
            try:
                self.client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                raise AnewError(
                    "The scheduler {address} has no workers.",
                    "Start one: dask worker {address}",
                    code="no-workers",
                    address=self.client.scheduler.address,
                ) from None
            threads = self.client.nthreads()
        if strange := self._ask(list(threads)):
            listed = [f"  {address}: {why}" for address, why in strange.items()]
            raise AnewError(
                "Workers would make other results than this machine, so that nothing was run:\n"
                "{workers}",
                "Install the same engine and the same lock there, or start the sweep there.",
                code="strange-worker",
                workers="\n".join(listed),
            )
        return sum(threads.values())

    def run(self, step: Step, settings: Mapping[str, object], inputs: Mapping[str, str]) -> Found:
        """Run a step on a worker and put its outputs in their places; return what it read more.

        Raises what the step raised there, and BuildError when no worker can run it.
        """
        request = self.requests[step.name]
        job = Job(step.name, step.label, request, settings, inputs, *self._files(inputs))
        blobs: dict[str, bytes] = {}
        while True:
            answer = self._answer(job, blobs)
            if answer.lacks:
                blobs |= self._contents(job, answer.lacks)
            elif answer.full:
                self._give_up(answer)
            elif answer.error is not None:
                raise answer.error
            else:
                break
        root = self.project.root
        made = [path.relative_to(root).as_posix() for path in step.made]
        whole = put_contents(answer.contents, root, made, answer.blobs.get)
        if not whole or any(
            self._digests.of(root / name) != digest for name, digest in answer.outputs.items()
        ):
            raise BuildError(
                "{step}: {files} did not arrive as sent, between here and {worker}.",
                "Look at the disk of that machine, then sweep again.",
                code="wrong-transfer",
                step=step.label,
                files=made,
                worker=answer.worker,
            )
        with self._lock:
            self.ran[answer.worker] += 1
        return {root / name: digest for name, digest in answer.found.items()}

    def stop(self) -> None:
        """Wait for no worker any more: the build was interrupted."""
        self._stopped = True

    def close(self) -> None:
        """End the connection to the scheduler."""
        self.client.close()

    def _files(self, inputs: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        """Return the files that a step may read, with their hashes, and the folders of its inputs.

        Names are from the project's root.
        """
        root = self.project.root
        named = [root / name for name in inputs if not Path(name).is_absolute()]
        files = [*_read_by_all(self.project), *(one for path in named for one in files_below(path))]
        folders = [one for path in named for one in folders_below(path)]
        return (
            {file.relative_to(root).as_posix(): self._digests.raw(file) for file in files},
            [folder.relative_to(root).as_posix() for folder in folders],
        )

    def _contents(self, job: Job, lacks: Sequence[str]) -> dict[str, bytes]:
        """Return the contents that a worker lacks. Raises BuildError if a file has changed."""
        names = {digest: name for name, digest in job.files.items()}
        found = {}
        for one in lacks:
            path = self.project.root / names[one]
            found[one] = path.read_bytes()
            if sha256(path) != one:
                raise BuildError(
                    "{step}: {file} changed while it was sent.",
                    "Wait until nothing writes to the project, then sweep again.",
                    code="changed-meanwhile",
                    step=job.label,
                    file=names[one],
                )
        return found

    def _answer(self, job: Job, blobs: Mapping[str, bytes]) -> Answer:
        """Send a job to the workers that fit, and wait for its answer."""
        from distributed import KilledWorker

        while True:
            fit = self._fitting(job)
            future = self.client.submit(
                run_job, job, blobs, workers=fit, key=f"anew-{uuid.uuid4()}", pure=False
            )
            done = threading.Event()
            future.add_done_callback(lambda _, done=done: done.set())
            while True:
                if self._stopped:
                    future.cancel()
                    raise _lost(job.label, "interrupted")
                try:
                    if done.wait(1):
                        answer: Answer = future.result(timeout=10 * PATIENCE)
                        return answer
                    if not set(fit) & set(self._live()):
                        future.cancel()
                        break  # all that could run it are gone: ask who is there now
                except KilledWorker:
                    raise _lost(job.label, "every worker that ran it died") from None
                except AnewError:
                    raise
                except Exception as error:  # whatever Dask raises when a connection ends
                    raise _lost(job.label, f"{type(error).__name__}: {error}") from None

    def _fitting(self, job: Job) -> list[str]:
        """Return the workers that may run steps. Raises BuildError when none is left."""
        until = time.monotonic() + PATIENCE
        while True:
            live = self._live()
            with self._lock:
                for address, why in self._ask(
                    [one for one in live if one not in self._fit]
                ).items():
                    self.remarks.append(
                        Phrase("{worker} is given no steps: {why}", worker=address, why=why)
                    )
                if fit := [one for one in live if self._fit.get(one)]:
                    return fit
            if live or self._stopped or time.monotonic() > until:
                why = "; ".join(self.remarks) or "no worker is left"
                raise _lost(job.label, why)
            time.sleep(0.5)

    def _live(self) -> list[str]:
        try:
            return sorted(self.client.nthreads())
        except Exception as error:  # whatever Dask raises when a connection ends
            raise _lost("The scheduler", f"{type(error).__name__}: {error}") from None

    def _ask(self, addresses: Sequence[str]) -> dict[str, str]:
        """Ask workers what they are; return why one differs, by its address."""
        if not addresses:
            return {}
        told = self.client.run(describe, workers=list(addresses), on_error="return")
        strange = {}
        for address in addresses:
            if address in told and (why := self._difference(told[address])):
                strange[address] = why
            self._fit[address] = address in told and address not in strange
        return strange

    def _difference(self, told: Mapping[str, str] | Exception) -> str:
        if isinstance(told, Exception):
            return f"anew cannot be used there ({type(told).__name__}: {told})"
        own = self._own
        names = [name for name in {**own, **told} if own.get(name) != told.get(name)]
        return ", ".join(
            f"{name} {told.get(name, 'unknown')} there, {own.get(name, 'unknown')} here"
            for name in names[:5]
        )

    def _give_up(self, answer: Answer) -> None:
        """Give no more steps to a worker that has no room."""
        with self._lock:
            if self._fit.get(answer.worker):
                self._fit[answer.worker] = False
                self.remarks.append(
                    Phrase(
                        "{worker} is given no more steps: {why}",
                        worker=answer.worker,
                        why=answer.full,
                    )
                )


def _lost(step: str, why: str) -> BuildError:
    """Return the error for a step that no worker brought to its end."""
    return BuildError(
        "{step}: no worker brought it to an end: {why}.",
        "Look at the scheduler and the logs of the workers (too little memory kills one), then "
        "sweep again: what is done is kept.",
        code="worker-lost",
        step=step,
        why=why,
    )


def connect(project: Project, address: str) -> Workers:
    """Return the workers of a scheduler. Raises AnewError when it does not answer."""
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise AnewError(
            "Dask is not installed.",
            "Install it here and on the workers: pip install 'anew[dask]'.",
            code="not-installed",
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said here
    warnings.filterwarnings("ignore", module="distributed")
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
    try:
        client = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise AnewError(
            "No scheduler answers at {address} ({error}).",
            "Give the address that dask scheduler printed: tcp://host:8786.",
            code="no-scheduler",
            address=address,
            error=error,
        ) from None
    return Workers(project, client)


def _read_by_all(project: Project) -> list[Path]:
    """Return the files that any step may read: the project's own, nothing built and no history."""
    planned = planned_folders(project)
    own = [file for path in planned for file in files_below(path)]
    for path in sorted(project.root.iterdir()):
        marked = path.name in _APART or any((path / name).exists() for name in _MARKS)
        for file in files_below(path) if path not in planned and not marked else ():
            folders = file.relative_to(project.root).parent.parts
            if not any(name.startswith((".", "_")) for name in (*folders, path.name)):
                own.append(file)
    return own
