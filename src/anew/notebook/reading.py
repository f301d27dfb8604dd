"""The project's files and modules that a notebook reads while it runs, by digest."""

from __future__ import annotations

import os
import sys
import threading
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType
from typing import Any

from anew.project.digests import ABSENT, Digests
from anew.project.paths import Project

#: Folders of a project that hold no input: what a build makes, the environment, the history.
_APART = {".anew", ".venv", "_site", ".git", "figures"}

#: The engine's package, whose files are an input of every step.
_ENGINE = Path(__file__).resolve().parents[1]


class Reading:
    """Notes the project's files that this process opens, from `begin` to `end`.

    A file counts as it was when it was opened first. The notebook itself (`apart`), the catalogue
    and the editions are left out: what they decide is among the settings of the step.
    """

    def __init__(self, project: Project, apart: Path) -> None:
        self._root = project.root.resolve()
        self._apart = {
            os.path.realpath(path) for path in (apart, project.catalog_file, project.editions_file)
        }
        self._digests = Digests()
        self._read: dict[str, str] = {}
        self._busy = threading.local()
        self._on = False

    def begin(self) -> None:
        """Start recording; from now on modules of the project are loaded from source."""
        self._on = True
        sys.addaudithook(self._note)
        sys.path_hooks.insert(0, self._finder)
        sys.path_importer_cache.clear()

    def end(self) -> dict[Path, str]:
        """Return the files read, with their digests; ABSENT for one that would have come first.

        `analysis/a/__init__.py` would be imported in place of `analysis/a.py`, if it were there.
        """
        self._on = False
        found = {Path(name): digest for name, digest in self._read.items()}
        for path in list(found):
            package = path.with_suffix("") / "__init__.py"
            if path.suffix == ".py" and path.name != "__init__.py" and not package.exists():
                found[package] = ABSENT
        return found

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or not self._on or getattr(self._busy, "now", False):
            return
        path, mode = args[0], args[1]
        if not isinstance(path, (str, bytes, os.PathLike)) or _writes(mode, args[2]):
            return
        self._busy.now = True
        try:
            name = os.path.realpath(os.fsdecode(path))
            if name not in self._read and self._counts(name) and not os.path.isdir(name):
                self._read[name] = self._digests.of(Path(name))
        finally:
            self._busy.now = False

    def _counts(self, name: str) -> bool:
        try:
            inside = Path(name).relative_to(self._root)
        except ValueError:
            return False
        return not (
            inside.parts[0] in _APART
            or "__pycache__" in inside.parts
            or name in self._apart
            or _ENGINE in Path(name).parents
            or Path(sys.prefix).resolve() in Path(name).parents
        )

    def _finder(self, folder: str) -> FileFinder:
        """Find the project's modules; raise ImportError for any other folder."""
        if not self._counts(os.path.join(os.path.realpath(folder), "module.py")):
            raise ImportError
        return FileFinder(
            folder, (ExtensionFileLoader, EXTENSION_SUFFIXES), (_Source, SOURCE_SUFFIXES)
        )


class _Source(SourceFileLoader):
    """Loads a module from its source, never from byte-code.

    Byte-code is taken for that of a source of the same size and second, which an edit can keep.
    """

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
