"""What a step made, by content: how it is listed, and put in its places in another folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anew.project.writing import write_bytes


@dataclass(frozen=True)
class Contents:
    """Outputs of a step: the sha256 of every file by name, and which names are folders."""

    files: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, bool] = field(default_factory=dict)


def list_contents(root: Path, names: Iterable[str], keep: Callable[[bytes], str]) -> Contents:
    """Return what lies at `names` below `root`; `keep` turns a file's bytes into a hash."""
    files, folders = {}, {}
    for path in [root / name for name in names]:
        for file in files_below(path):
            files[file.relative_to(root).as_posix()] = keep(file.read_bytes())
        for folder in folders_below(path):
            folders[folder.relative_to(root).as_posix()] = True
    return Contents(files, folders)


def put_contents(
    contents: Contents, root: Path, made: Sequence[str], blob: Callable[[str], bytes | None]
) -> bool:
    """Put outputs in their places below `root`; return whether that could be done.

    `made` are the outputs; a file elsewhere is refused. Nothing is changed unless every file is in
    its place already or `blob` has it by its hash.
    """
    if not all(_below(name, made) for name in (*contents.files, *contents.folders)):
        return False  # a step makes its outputs, and nothing else in the project
    fresh: dict[str, bytes] = {}
    for name, known in contents.files.items():
        if not holds(root / name, known):
            data = blob(known)
            if data is None:
                return False
            fresh[name] = data
    for name in made:
        _clear(root / name, contents.files, root)
    for name, data in fresh.items():
        write_bytes(root / name, data, replace_folder=True)
    for name, is_folder in contents.folders.items():
        if is_folder:
            (root / name).mkdir(parents=True, exist_ok=True)
    return True


def files_below(path: Path) -> list[Path]:
    """Return the files that a path is or holds, but for byte-code."""
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [file for file in found if file.is_file() and "__pycache__" not in file.parts]


def folders_below(path: Path) -> list[Path]:
    """Return the folders that a path is or holds, but for byte-code."""
    found = [path, *sorted(path.rglob("*"))] if path.is_dir() else []
    return [folder for folder in found if folder.is_dir() and folder.name != "__pycache__"]


def holds(path: Path, sha256: str) -> bool:
    """Return whether a path is the file with a hash."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _below(name: str, made: Sequence[str]) -> bool:
    inside = any(name == one or name.startswith(f"{one}/") for one in made)
    return inside and not Path(name).is_absolute() and ".." not in Path(name).parts


def _clear(path: Path, files: Mapping[str, str], root: Path) -> None:
    """Remove from an output folder what the result has not."""
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file() and file.relative_to(root).as_posix() not in files:
                file.unlink()
