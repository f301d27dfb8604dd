"""What a finished build leaves so that the same command, typed again, need not plan it again.

A standing record holds what the command said and the digest of all that decided it: the files that
any step read or made, the folders that the steps are planned from, the site. When all of that is
as it was, no step would run. A digest is looked up by what stat says of a file, so that this takes
a tenth of a second; nothing heavier than the standard library is imported for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from anew.project.digests import Digests
from anew.project.paths import Project
from anew.project.writing import sealed, unsealed, write_bytes

#: What of the environment leads to a project or a typesetter.
_ENVIRONMENT = ("ANEW_PROJECT", "ANEW_ENGINE", "QUARTO_PATH", "PATH")

#: How many commands are remembered.
_KEPT = 20


@dataclass(frozen=True)
class Standing:
    """What a command said of a build that was up to date, and the digests of what decided it.

    `said` has, in each language of the command, what stands before the seconds that it took, and
    the lines after them. Names are from the project's root.
    """

    command: Sequence[str]
    environment: str
    said: Mapping[str, tuple[str, Sequence[str]]]
    digests: Mapping[str, str]


def still_standing(project: Project, arguments: Sequence[str]) -> Standing | None:
    """Return the record of a command if all that decided it is as it was, else None."""
    standing = _read(_file(project, arguments))
    command = _command(arguments)
    if standing is None or list(standing.command) != command:
        return None
    if standing.environment != environment_digest():
        return None
    digests = Digests(digests_file(project))
    root = str(project.root)
    same = all(
        digests.of(os.path.join(root, name)) == digest for name, digest in standing.digests.items()
    )
    digests.save()
    return standing if same else None


def last_decided(project: Project) -> Mapping[str, str]:
    """Return the digests that decided the newest build that is remembered, by name; else none."""
    try:
        files = [*(project.work / "standing").glob("*.json")]
        newest = max(files, key=lambda path: path.stat().st_mtime_ns, default=None)
    except OSError:
        return {}
    standing = _read(newest) if newest is not None else None
    return standing.digests if standing is not None else {}


def leave_standing(
    project: Project,
    arguments: Sequence[str],
    said: Mapping[str, tuple[str, Sequence[str]]],
    digests: Mapping[str, str],
) -> None:
    """Keep what a finished build said and what decided it; a disk that refuses costs time only."""
    kept = dict(_without_inner(digests))
    record = Standing(_command(arguments), environment_digest(), said, kept)
    try:
        file = write_bytes(_file(project, arguments), sealed(asdict(record)), replace_folder=True)
        others = sorted(file.parent.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for old in others[:-_KEPT]:
            old.unlink()
    except OSError:
        return


def digests_file(project: Project) -> Path:
    """Return where a project's digests are remembered."""
    return project.work / "digests.json"


def planned_folders(project: Project) -> list[Path]:
    """Return the folders and files that the steps of a build are planned from, listings counted."""
    named = [project.root / "_quarto.yml", project.lock_file]
    return [*named, project.data, project.analysis, project.report]


def environment_digest() -> str:
    """Return a digest of what runs the build: Python, each package's version, Quarto if found."""
    packages = [name for folder in sys.path for name in _packages(folder)]
    said = [os.environ.get(name) for name in _ENVIRONMENT]
    program = shutil.which(os.environ.get("QUARTO_PATH") or "quarto")
    quarto = _looks(program) if program else []
    text = json.dumps([sys.version, sys.prefix, sys.path, sorted(packages), said, quarto])
    return hashlib.sha256(text.encode()).hexdigest()


def _packages(folder: str) -> list[str]:
    """Return the names that say which versions of packages a folder of modules holds."""
    try:
        return [name for name in os.listdir(folder or ".") if name.endswith("-info")]
    except OSError:
        return []


def _looks(program: str) -> list[object]:
    """Return what an update of Quarto changes: its program, and the file with its version."""
    real = os.path.realpath(program)
    found: list[object] = []
    for path in (real, os.path.join(os.path.dirname(real), "..", "share", "version")):
        try:
            seen = os.stat(path)
        except OSError:
            continue
        found += [real, seen.st_size, seen.st_mtime_ns, seen.st_ino]
    return found


def _command(arguments: Sequence[str]) -> list[str]:
    return [os.getcwd(), *arguments]


def _file(project: Project, arguments: Sequence[str]) -> Path:
    name = hashlib.sha256("\0".join(_command(arguments)).encode()).hexdigest()[:16]
    return project.work / "standing" / f"{name}.json"


def _read(file: Path) -> Standing | None:
    try:
        return Standing(**unsealed(file.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _without_inner(digests: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the digests but those of files in a folder that has a digest itself."""
    folders = tuple(f"{name}/" for name, digest in digests.items() if digest.startswith("folder "))
    return ((n, d) for n, d in sorted(digests.items()) if not n.startswith(folders))
