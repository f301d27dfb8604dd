"""Whether anything changed since Quarto's hooks last did their work, told in a few hundredths.

Quarto calls the hooks at every render. To find that nothing is to be done must cost nothing one
notices, so this module needs only the standard library, reads every file once, and knows nothing of
the build: any change of content at all sends the hooks to the build graph, which knows the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

#: What a build is made from: folders and files of a project.
_INPUTS = ("data", "analysis", "report", "_quarto.yml", "requirements.lock")

#: Below them, what is built or of no consequence.
_APART = {"_built", "__pycache__", ".ipynb_checkpoints", "manifests"}

_ENGINE = Path(__file__).parents[2]


def fingerprint(root: Path) -> str:
    """Return a hash over the content of all that a build of the project at `root` is made from.

    That is the project's sources, the engine, Python and the installed packages' versions.
    """
    total = hashlib.sha256(sys.version.encode())
    for folder in sorted({str(_ENGINE.parent), *map(str, sys.path)}):
        if os.path.isdir(folder):
            installed = sorted(n for n in os.listdir(folder) if n.endswith(".dist-info"))
            total.update("\n".join(installed).encode())
    engine = (path.relative_to(_ENGINE).as_posix() for path in _files(_ENGINE))
    for base, names in ((root, inputs(root)), (_ENGINE, engine)):
        for name in names:
            total.update(f"\0{name}\0".encode())
            total.update(hashlib.sha256((base / name).read_bytes()).digest())
    return total.hexdigest()


def inputs(root: Path) -> list[str]:
    """Return the files that a build of the project at `root` is made from, by their paths there."""
    found = (path for name in _INPUTS for path in _files(root / name))
    return [path.relative_to(root).as_posix() for path in found]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if name not in _APART)
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith((".part", ".pyc")):
                yield Path(folder, name)


def digests(root: Path, files: Iterable[Path]) -> dict[str, str]:
    """Return the sha256 of each file that is there, by its path from `root`."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
        if path.is_file()
    }


def recall(root: Path, hook: str) -> dict[str, object]:
    """Return what a hook remembered; nothing where it has not run."""
    try:
        return dict(json.loads(_memory(root, hook).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def remember(root: Path, hook: str, **facts: object) -> None:
    """Let a hook remember `facts` until the next time."""
    path = _memory(root, hook)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(facts, sort_keys=True), "utf-8", newline="\n")
    part.replace(path)


def forget(root: Path, hook: str) -> None:
    """Let a hook forget what it remembered."""
    _memory(root, hook).unlink(missing_ok=True)


def _memory(root: Path, hook: str) -> Path:
    return root / ".anew" / "quarto" / f"{hook}.json"
