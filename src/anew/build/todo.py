"""What a project's author has still to write: the TODO marks in its own files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anew.build.stage import text_files
from anew.project.notebooks import read_cells
from anew.project.paths import Project
from anew.project.texts import read_text

_MARK = re.compile(r"\bTODO\b.{0,60}")

#: Files of these endings are written by people and hold words.
_WRITTEN = {".yml", ".qmd", ".md", ".py"}


def todo_marks(project: Project) -> Iterator[str]:
    """Yield every TODO in the catalogue, the editions, the texts, the modules and the notebooks.

    Raises AnewError for a file that is not UTF-8 and for a notebook that cannot be read.
    """
    written = [project.catalog_file, project.editions_file, *text_files(project)]
    for path in [*written, *sorted(project.analysis.rglob("*.py"))]:
        if path.suffix in _WRITTEN and path.is_file():
            shown = project.relative(path)
            for number, line in enumerate(read_text(path, shown).splitlines(), 1):
                yield from _found(f"{shown}:{number}", line)
    for path in project.notebooks().values():
        shown = project.relative(path)
        for number, cell in enumerate(read_cells(path, shown), 1):
            for line in cell.source.splitlines():
                yield from _found(f"{shown}, cell {number}", line)


def _found(place: str, line: str) -> Iterator[str]:
    match = _MARK.search(line)
    if match:
        yield f"{place}: {match[0].rstrip()}"
