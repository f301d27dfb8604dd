"""Format plug-ins: files that no layout describes, read by code that a project brings.

A plug-in is a Python file named in the catalogue, as `formats: {lists: data/formats/lists.py}`,
or an entry point of the group `anew.formats`. It has three functions:

    recognise(sheet: Sheet) -> bool                         whether the file is of this format
    read(sheets: Sequence[Sheet], task: Task) -> list[Reading]
    lacking(sheet: Sheet) -> tuple[str, str] | None         what such a file wants, and what to do
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Protocol, cast

from anew.intake.reading import Reading, Task
from anew.intake.sheets import Sheet
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.tables.catalog import Catalog

GROUP = "anew.formats"


class Format(Protocol):
    """What a plug-in has."""

    def recognise(self, sheet: Sheet) -> bool:
        """Return whether a sheet is of this format."""

    def read(self, sheets: Sequence[Sheet], task: Task) -> list[Reading]:
        """Return a reading for every table that the sheets of one file fill."""

    def lacking(self, sheet: Sheet) -> tuple[str, str] | None:
        """Return what a sheet wants to be of this format and what to do; None if it is another."""


def load_formats(project: Project, catalog: Catalog) -> dict[str, Format]:
    """Return the plug-ins that the catalogue's tables take, by name.

    Raises AnewError for one that is not there, or that is no plug-in.
    """
    wanted = {t.intake.format for t in catalog.tables.values() if t.intake.format is not None}
    return {name: _load(project, catalog, name) for name in sorted(wanted)}


def _load(project: Project, catalog: Catalog, name: str) -> Format:
    if name not in catalog.formats:
        found = [point for point in entry_points(group=GROUP) if point.name == name]
        if not found:
            known = sorted({*catalog.formats, *(p.name for p in entry_points(group=GROUP))})
            raise AnewError(
                "data/catalog.yml: unknown format {name!r}.",
                "Known: {known}. A format is declared under formats, with its file; most files "
                "need only a layout.",
                code="file-format",
                name=name,
                known=known or Phrase("none"),
            )
        return _checked(found[0].load(), name, found[0].value)
    path = project.root / catalog.formats[name]
    shown = project.relative(path)
    if not path.is_file():
        raise AnewError(
            "The format {name} is not there: {file}.",
            "Restore the file.",
            code="file-format",
            name=name,
            file=shown,
        )
    spec = importlib.util.spec_from_file_location(f"anew_format_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # data/ holds data alone
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a project's own code raises whatever it does
        raise AnewError(
            "{file} cannot be loaded: {error!r}.",
            "Fix the format.",
            code="file-format",
            file=shown,
            error=error,
        ) from error
    finally:
        sys.dont_write_bytecode = writes
    return _checked(module, name, shown)


def _checked(module: object, name: str, shown: str) -> Format:
    missing = [part for part in ("recognise", "read", "lacking") if not hasattr(module, part)]
    if missing:
        raise AnewError(
            "{file}, the format {name}, has no {missing}.",
            "Add it.",
            code="file-format",
            file=shown,
            name=name,
            missing=list(missing),
        )
    return cast(Format, module)
