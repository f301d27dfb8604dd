"""The place where a fact, a claim or a statement is made, recorded while a notebook runs."""

from __future__ import annotations

import linecache
import sys
from functools import cache
from pathlib import Path
from types import FrameType

import pydantic
from pydantic import BaseModel, ConfigDict

from anew.project.notebooks import read_cells
from anew.project.paths import Project

_APART = (str(Path(__file__).parents[1]), str(Path(pydantic.__file__).parent), "<string>")


class Place(BaseModel):
    """A line of a notebook, and the line of a module behind it where one made what is stated.

    `cell` counts the code cells of the notebook as it is stored; it is None for a cell that was
    changed since it was stored. `module` is file:line, "" for what the cell itself makes.
    """

    model_config = ConfigDict(frozen=True)

    notebook: str
    cell: int | None = None
    line: int | None = None
    module: str = ""

    def __str__(self) -> str:
        if self.module:
            return self.module
        cell = f", cell {self.cell}" if self.cell is not None else ""
        return self.notebook + (f"{cell}, line {self.line}" if self.line is not None else cell)


def caller() -> str:
    """Return file:line of the call that led into the engine, with the absolute path.

    Of the modules between a cell and the engine it is the one that the cell called: what that
    calls in turn, such as a helper that makes every claim, says less of where this one is made.
    """
    outside = []
    frame: FrameType | None = sys._getframe(1)
    while frame and not _is_cell(frame):
        if not frame.f_code.co_filename.startswith(_APART):
            outside.append(frame)
        frame = frame.f_back
    made = [frame, *outside][-1] if frame else next(iter(outside), None)
    return f"{made.f_code.co_filename}:{made.f_lineno}" if made else ""


def place_of(project: Project, notebook: Path, made: str) -> Place:
    """Return the place of what a cell of `notebook` states now and what was `made` at file:line.

    Raises nothing: outside a notebook the place is the notebook itself.
    """
    file, _, line = made.rpartition(":")
    module = ""
    if file.endswith(".py") and project.root.resolve() in Path(file).resolve().parents:
        module = f"{project.relative(Path(file).resolve())}:{line}"
    name = project.relative(notebook)
    frame: FrameType | None = sys._getframe(1)
    while frame and not _is_cell(frame):
        frame = frame.f_back
    if frame is None:
        return Place(notebook=name, module=module)
    cell = _number(notebook, frame.f_code.co_filename)
    return Place(notebook=name, cell=cell, line=frame.f_lineno, module=module)


def _is_cell(frame: FrameType) -> bool:
    """Whether a frame runs a notebook's cell; the main file of a script is there as a file."""
    main = frame.f_globals.get("__name__") == "__main__"
    return main and not Path(frame.f_code.co_filename).is_file()


def _number(notebook: Path, filename: str) -> int | None:
    source = "".join(linecache.getlines(filename)).rstrip()
    cells = _cells(notebook)
    return cells.index(source) + 1 if source in cells else None


@cache  # a process runs one notebook as it was stored
def _cells(notebook: Path) -> tuple[str, ...]:
    """Return the source of each code cell."""
    cells = read_cells(notebook, notebook.name)
    return tuple(cell.source.rstrip() for cell in cells if cell.kind == "code")
