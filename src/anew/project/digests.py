"""Digests of files and folders: what a step's inputs and outputs are compared by.

A digest depends on content alone, never on time. What was hashed is remembered by what stat says
of the file, so that an unchanged file is not read again: size, modification and change time and
inode must all be as they were, and the file must not have been touched shortly before it was
hashed, since a clock ticks too slowly to tell two writes apart (git calls such an entry racy).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from anew.project.notebooks import normalised
from anew.project.writing import sealed, sha256, unsealed, write_bytes

#: The digest of a path at which there is nothing.
ABSENT = "absent"

#: A file touched less than this before it was hashed is hashed again; FAT counts in 2 s.
RACY_NS = 2_000_000_000

_IGNORED = {"__pycache__", ".ipynb_checkpoints"}

_Seen = tuple[int, int, int, int, str]


class Digests:
    """Digests by path; `memory` is the file in which they are kept between runs, if any."""

    def __init__(self, memory: Path | None = None) -> None:
        self._memory = memory
        self._seen: dict[str, _Seen] = {}
        self._changed = False
        if memory is not None:
            kept = _load(memory)  # five values each, as `save` writes them
            self._seen = {name: tuple(entry) for name, entry in kept.items()}  # type: ignore[misc]

    def of(self, path: Path | str) -> str:
        """Return the digest of a file or of all that a folder holds, ABSENT if there is neither.

        Of a notebook in the project, stored outputs and execution counts are left out.
        """
        try:
            found = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        if S_ISDIR(found.st_mode):
            return self._folder(path)
        if not S_ISREG(found.st_mode):
            return "special"
        key = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        name = str(path)
        known = self._seen.get(name)
        if known is not None and known[:4] == key:
            return known[4]
        began = time.time_ns()
        try:
            digest = _digest(Path(path))
            after = os.stat(path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return self.of(path)  # replaced between two looks
        if key == (after.st_size, after.st_mtime_ns, after.st_ctime_ns, after.st_ino):
            if max(found.st_mtime_ns, found.st_ctime_ns) + RACY_NS < began:
                self._seen[name] = (*key, digest)
                self._changed = True
        return digest

    def raw(self, path: Path) -> str:
        """Return the sha256 of a file's bytes, those of a notebook's outputs too."""
        return sha256(path) if path.suffix == ".ipynb" else self.of(path)

    def stamp(self, path: Path) -> tuple[object, ...]:
        """Return what any write to a file or in a folder changes, even one that is undone."""
        try:
            found = os.stat(path)
            if S_ISDIR(found.st_mode):
                inside = sorted(os.listdir(path))
                return tuple(self.stamp(path / name) for name in inside if name not in _IGNORED)
        except (FileNotFoundError, NotADirectoryError):
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def save(self) -> None:
        """Save the digests for the next run; a write error is ignored, as it only costs time."""
        if self._memory is None or not self._changed:
            return
        try:
            write_bytes(self._memory, sealed(self._seen), replace_folder=True)
        except OSError:
            return
        self._changed = False

    def _folder(self, folder: Path | str) -> str:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        total = hashlib.sha256()
        for entry in entries:
            if entry.name not in _IGNORED:
                total.update(f"{entry.name}\0{self.of(entry.path)}\n".encode())
        return "folder " + total.hexdigest()


def _digest(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix == ".ipynb" and ".anew" not in path.parts:
        data = normalised(data)
    return hashlib.sha256(data).hexdigest()


def _load(memory: Path) -> dict[str, list[int | str]]:
    try:
        return dict(unsealed(memory.read_bytes()))
    except (OSError, ValueError, TypeError):
        return {}


def dumped(value: object) -> object:
    """Return `value` as it is after a round trip through JSON, for comparing with a record."""
    return json.loads(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))
