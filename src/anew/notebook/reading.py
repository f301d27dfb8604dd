"""What a notebook reads of its project while it runs, by digest; writes there are refused."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
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
from anew.project.errors import AnewError
from anew.project.paths import Project

#: Folders of a project that hold no input: what a build makes, the environment, the history.
_APART = {".anew", ".venv", "_site", ".git", "figures"}

#: What Python announces when files are changed, and which arguments name them.
_CHANGES = {
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.truncate": (0,),
    "os.link": (1,),
    "os.symlink": (1,),
    "shutil.rmtree": (0,),
}
_PATH = (str, bytes, os.PathLike)

#: The engine's package, whose files are an input of every step.
_ENGINE = Path(__file__).resolve().parents[1]


class WriteRefused(AnewError):
    """A notebook would change a file of its project: only the step that makes a file may."""


class Reading:
    """Notes the project's files that this process opens, from `begin` to `end`.

    A file counts as it was when it was opened first. The notebook itself (`apart`), the catalogue
    and the editions are left out: what they decide is among the settings of the step. To change a
    file of the project outside `own`, the step's folder, raises WriteRefused; `refused` keeps it,
    for a notebook may pass over an error. What a program or a compiled library writes by itself is
    not seen.
    """

    def __init__(self, project: Project, apart: Path, own: Path) -> None:
        self.refused: list[WriteRefused] = []
        self._root = project.root.resolve()
        self._own = own.resolve()
        self._notebook = project.relative(apart)
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
        if not self._on or getattr(self._busy, "now", False):
            return
        if event not in _CHANGES and event != "open":
            return
        self._busy.now = True
        try:
            for path in _changed(event, args):
                self._refuse(os.path.realpath(os.fsdecode(path)))
            path = args[0]
            if event != "open" or not isinstance(path, _PATH) or _writes(args[1], args[2]):
                return
            name = os.path.realpath(os.fsdecode(path))
            if name not in self._read and self._counts(name) and not os.path.isdir(name):
                self._read[name] = self._digests.of(Path(name))
        finally:
            self._busy.now = False

    def _refuse(self, name: str) -> None:
        """Raise WriteRefused if the file `name` is the project's and not the step's."""
        path = Path(name)
        free = path == self._own or self._own in path.parents or "__pycache__" in path.parts
        within = self._root in path.parents and Path(sys.prefix).resolve() not in path.parents
        if free or not within:
            return
        top, *below = path.relative_to(self._root).parts
        if top == ".anew" and below[:1] not in (["records"], ["stage"], ["steps"]):
            return  # what the engine keeps for itself
        error = WriteRefused(
            "{notebook} would change {file}.",
            "A notebook changes no file of the project: state facts, draw figures and "
            "give tables to the session, and the build writes them.",
            code="notebook-writes",
            notebook=self._notebook,
            file=path.relative_to(self._root).as_posix(),
        )
        self.refused.append(error)
        raise error

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


def _changed(event: str, args: tuple[Any, ...]) -> Iterator[str | bytes | os.PathLike[Any]]:
    """Yield the files that a process is about to change, by what Python announces."""
    if event == "open":
        if isinstance(args[0], _PATH) and _writes(args[1], args[2]):
            yield args[0]
        return
    numbers = _CHANGES[event]
    folders = () if event in ("os.truncate", "shutil.rmtree") else args[-len(numbers) :]
    if any(isinstance(one, int) and one >= 0 for one in folders):
        return  # a name from an open folder: in a tree whose root was announced
    for number in numbers:
        if isinstance(args[number], _PATH):
            if event != "os.mkdir" or not os.path.isdir(args[number]):
                yield args[number]


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
