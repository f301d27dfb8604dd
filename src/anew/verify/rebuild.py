"""A build in a clean copy of a project, with the copy's own engine and nothing cached.

The copy is built as a user would build it: by `anew build`, in a process of its own that finds
the engine's modules in the copy first. That verb is all that the engine of another commit must have
in common with this one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from anew import __version__
from anew.diff.state import State, verified_state
from anew.project.errors import AnewError, BuildError
from anew.project.manifest import Asked, Manifest, Parameter, read_manifest
from anew.project.phrases import VARIABLES
from anew.project.stopping import stopped_by_signals
from anew.project.writing import write_text
from anew.verify.isolation import isolated, told_little

#: Seconds after which a build is given up.
LIMIT = 3600.0

#: Seconds that a build has for ending when it is told to.
_GRACE = 5.0

#: What `anew` writes before an error.
_ERROR = re.compile(r"^Error: ", re.MULTILINE)


@dataclass(frozen=True)
class Order:
    """One edition to build, with the request of the recorded build."""

    edition: str
    request: Asked = field(default_factory=Asked)
    typesetter: str = "embedded"

    @classmethod
    def of(cls, manifest: Manifest) -> Order:
        """Return the request of a manifest's build, with its typesetter if installed here."""
        quarto = manifest.versions.get("typesetter", "").casefold().startswith("quarto")
        here = quarto and shutil.which("quarto")
        return cls(manifest.edition, manifest.request, "quarto" if here else "embedded")

    def arguments(self) -> tuple[str, ...]:
        """Return the order as arguments of `anew build`; all editions of one site have the same."""
        found = ["--engine", self.typesetter, "--formats", ",".join(self.request.formats)]
        if self.request.editions:
            return (*found, "--all-editions")
        found += ["--edition", self.edition]
        found += ["--only", ",".join(self.request.only)] if self.request.only else []
        for address, values in sorted(self.request.parameters.items()):
            for name, value in values.items():
                found += ["-p", f"{address}.{name}={_typed(value)}"]
        return tuple(found)


def _typed(value: Parameter) -> str:
    """Return a parameter as typed on the command line."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True)
class BuiltSite:
    """A finished site and its manifest."""

    folder: Path
    manifest: Manifest

    @cached_property
    def numbers(self) -> State:
        """What the site states."""
        return verified_state(self.folder, self.manifest.facts)


@dataclass(frozen=True)
class Rebuilt:
    """The outcome of building one edition: its site, or the error."""

    edition: str
    site: BuiltSite | None
    errors: tuple[str, ...] = ()


def rebuild(
    root: Path,
    orders: Sequence[Order],
    out: Path,
    jobs: int,
    limit: float = LIMIT,
    isolate: bool = False,
) -> list[Rebuilt]:
    """Build `orders` in the project copied to `root` and put the sites below `out`.

    Editions of one site are built together; other builds run side by side, each in a copy of its
    own, and share `jobs`. With `isolate` they see nothing but that copy, and no network. Returns an
    answer for each order, in order. Raises BuildError when it takes longer than `limit` seconds; no
    process is left behind, however it ends.
    """
    out.mkdir(parents=True, exist_ok=True)
    environment = build_environment(root, announce(root, out / "announced"))
    environment[VARIABLES[0]] = "en"  # its errors are recorded, whoever reads them
    if isolate:
        environment = told_little(environment)
    different = list(dict.fromkeys(order.arguments() for order in orders))
    at_once = min(len(different), jobs)
    builds = []
    for number, arguments in enumerate(different):
        copy = root if not number else out / f"copy-{number}"
        if number:
            shutil.copytree(root, copy, symlinks=True)
        typed = [*arguments, "--jobs", str(jobs // at_once), "--output", str(out / f"{number}")]
        command = [sys.executable, "-c", _start(root), "build", *typed]
        if isolate:
            scratch = out / f"temporary-{number}"
            scratch.mkdir()
            command = isolated(command, [copy, out], copy, scratch)
        builds.append(_Build(command, copy, environment, out / f"{number}.log"))
    _run(builds, at_once, limit)
    found = {arguments: build for arguments, build in zip(different, builds, strict=True)}
    return [
        _rebuilt(order, out / str(different.index(order.arguments())), found[order.arguments()])
        for order in orders
    ]


def _rebuilt(order: Order, site: Path, build: _Build) -> Rebuilt:
    if build.code:
        return Rebuilt(order.edition, None, build.errors())
    older = site / "editions" / order.edition
    try:
        folder = older if older.is_dir() else site
        return Rebuilt(order.edition, BuiltSite(folder, read_manifest(folder)))
    except AnewError as error:
        return Rebuilt(order.edition, None, (str(error),))


class _Build:
    """One process that builds; what it writes to standard error is kept, and shown meanwhile."""

    def __init__(
        self, command: list[str], folder: Path, environment: dict[str, str], log: Path
    ) -> None:
        self.command, self.folder, self.environment, self.log = command, folder, environment, log
        self.code: int | None = None
        self._shown = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )  # fmt: skip

    def running(self) -> bool:
        """Show new output of the process; return whether it still runs."""
        if self._process is None or self.code is not None:
            return False
        self.code = self._process.poll()
        told = _ERROR.split(self._told())[0]
        told = told[: told.rfind("\n") + 1]
        sys.stderr.write(told[self._shown :])
        self._shown = len(told)
        return self.code is None

    def stop(self) -> None:
        """End the process and its children."""
        if self._process is None or self.code is not None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(_GRACE)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
            # the first process may end before those that it started
        self.code = self._process.poll()

    def errors(self) -> tuple[str, ...]:
        """Return the errors that the build printed, without the progress lines."""
        _, *found = _ERROR.split(self._told())
        if found:
            return tuple(dict.fromkeys(one.rstrip() for one in found))
        last = "\n".join(self._told().splitlines()[-20:])
        return (f"The build ended with exit code {self.code}.\n{last}",)

    def _told(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.is_file() else ""


def _run(builds: Sequence[_Build], at_once: int, limit: float) -> None:
    """Run builds in parallel until all have ended."""
    waiting, running = list(builds), list[_Build]()
    ends = time.monotonic() + limit
    with stopped_by_signals():
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    running.append(waiting.pop(0))
                    running[-1].start()
                time.sleep(0.05)
                running = [build for build in running if build.running()]
                if time.monotonic() > ends:
                    raise BuildError(
                        "The rebuild took longer than {limit:g} s.",
                        "Give it more time (--timeout) or more cores (--jobs).",
                        code="rebuild-too-slow",
                        limit=limit,
                    )
        finally:
            for build in builds:
                build.stop()


def _start(root: Path) -> str:
    """Return Python that runs the copy's own verb `anew`, wherever its engine keeps it."""
    where = _project_table(root).get("scripts", {}).get("anew", "anew.cli.main:main")
    module, _, function = where.partition(":")
    return f"from {module} import {function}; {function}()"


def _project_table(root: Path) -> dict[str, dict[str, str]]:
    """Return `[project]` of the copy's pyproject.toml if it holds an engine of its own; else {}."""
    file = root / "pyproject.toml"
    if not file.is_file() or not (root / "src" / "anew" / "__init__.py").is_file():
        return {}
    found: dict[str, dict[str, str]] = tomllib.loads(file.read_text("utf-8")).get("project", {})
    return found


def announce(root: Path, folder: Path) -> Path | None:
    """Write the entry points of the copy's own engine; return their folder, if it has any.

    Papermill finds the engine by the entry points of what is installed, and these are today's: an
    engine of another commit may have its modules elsewhere.
    """
    table = _project_table(root)
    if not table:
        return None
    lines = []
    groups: dict[str, dict[str, str]] = table.get("entry-points", {})  # type: ignore[assignment]
    for group, points in groups.items():
        lines += [f"[{group}]", *(f"{name} = {where}" for name, where in points.items()), ""]
    told = folder / f"anew-{__version__}.dist-info"
    write_text(told / "entry_points.txt", "\n".join(lines))
    write_text(told / "METADATA", f"Metadata-Version: 2.1\nName: anew\nVersion: {__version__}\n")
    return folder


def build_environment(root: Path, announced: Path | None = None) -> dict[str, str]:
    """Return environment variables without any trace of this project or session.

    `announced` is where the copy's engine says what it has, before what is installed.
    """
    apart = ("ANEW_", "PYTHON", "GIT_", "MPL", "SOURCE_DATE_EPOCH", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(apart)}
    kept |= {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1"}
    own = root / "src"
    if (own / "anew" / "__init__.py").is_file():
        kept["PYTHONPATH"] = os.pathsep.join(map(str, filter(None, (own, announced))))
    elif os.environ.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return kept
