"""A notebook as its author wrote it: cells with ids, without what a run left in it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.phrases import Phrase
from anew.project.texts import parse_json, read_bytes

_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")

#: What Jupyter and papermill note about a run, and changes from one to the next.
_NOTED = ("execution", "papermill", "ExecuteTime", "collapsed", "scrolled")


@dataclass(frozen=True)
class Cell:
    """A stored cell; `kind` is code, markdown or raw, `ran` whether a run left traces in it."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()
    ran: bool = False


def normalised(data: bytes) -> bytes:
    """Return a notebook's JSON without outputs, execution counts and notes of a run.

    Cells without an id, or with one that a cell before has, get `cell-N` by their place, so that
    two runs give the same ids. What is not a notebook that can be read is returned as it is.
    """
    try:
        notebook = json.loads(data)
        cells = notebook["cells"]
        ids = cell_ids(cells)
        for cell, id in zip(cells, ids, strict=True):
            cell["id"] = id
            for note in _NOTED:
                cell.get("metadata", {}).pop(note, None)
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        notebook.get("metadata", {}).pop("papermill", None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return data
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True).encode("utf-8")


def read_cells(path: Path, shown: str) -> list[Cell]:
    """Return the cells of a notebook; `shown` is its name in messages.

    Raises AnewError for a file that is not a notebook of Python in format 4.
    """
    notebook = parse_json(read_bytes(path, shown), shown)
    if not isinstance(notebook, dict) or "nbformat" not in notebook and "cells" not in notebook:
        raise AnewError(
            "{file} is not a notebook.",
            "Restore it from the history.",
            code="not-a-notebook",
            file=shown,
        )
    version = notebook.get("nbformat", 4)
    if version != 4:
        raise AnewError(
            "{file}: a notebook of format {version}, not 4.",
            "Convert it: jupyter nbconvert --to notebook --nbformat 4 --inplace {file}",
            code="not-a-notebook",
            file=shown,
            version=version,
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise AnewError(
            "{file} has no cells.",
            "Restore it from the history.",
            code="not-a-notebook",
            file=shown,
        )
    found = [
        _cell(cell, Phrase("{file}, cell {number}", file=shown, number=number))
        for number, cell in enumerate(cells, 1)
    ]
    kernel = (notebook.get("metadata") or {}).get("kernelspec") or {}
    language = str(kernel.get("language") or "python")
    if language.casefold() != "python" or str(kernel.get("name", "python3")) == "ir":
        raise AnewError(
            "{file}: its kernel is {name!r} ({language}).",
            "A notebook of a report is in Python: choose a kernel of Python.",
            code="other-kernel",
            file=shown,
            name=kernel.get("name"),
            language=language,
        )
    return found


def _cell(cell: object, where: str) -> Cell:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or kind not in ("code", "markdown", "raw"):
        raise AnewError(
            "{place}: the cell_type is {kind!r}.",
            "It is code, markdown or raw.",
            code="not-a-notebook",
            place=where,
            kind=kind,
        )
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) < len(lines):
        raise AnewError(
            "{place}: its source is not text.",
            "Write it again.",
            code="not-a-notebook",
            place=where,
        )
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict):
        raise AnewError(
            "{place}: its metadata is not a mapping.",
            "Write {{}}.",
            code="not-a-notebook",
            place=where,
        )
    tags = metadata.get("tags") or []
    ran = bool(cell.get("outputs")) or cell.get("execution_count") is not None
    return Cell(str(kind), "".join(texts), tuple(map(str, tags)), ran)


def cell_ids(cells: Sequence[Mapping[str, object]]) -> list[str]:
    """Return an id for each cell: its own if it is valid and no cell before has it."""
    own = {cell.get("id") for cell in cells}
    found: list[str] = []
    for number, cell in enumerate(cells, 1):
        id = cell.get("id")
        if not isinstance(id, str) or not _ID.match(id) or id in found:
            id = f"cell-{number}"
            while id in own or id in found:
                id += "-"
        found.append(id)
    return found


def draws(path: Path, shown: str) -> bool:
    """Return whether a notebook draws a figure: it calls `figure` or `picture` of its session."""
    cells = [cell for cell in read_cells(path, shown) if cell.kind == "code"]
    return _draws(tuple(cell.source for cell in cells))


@lru_cache(maxsize=256)
def _draws(sources: tuple[str, ...]) -> bool:
    sessions: set[str] = set()
    calls: list[str] = []
    for source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:  # a magic, say
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                called = node.value.func
                if getattr(called, "attr", getattr(called, "id", "")) == "open":
                    sessions |= {one.id for one in node.targets if isinstance(one, ast.Name)}
            drawing = node.func if isinstance(node, ast.Call) else None
            if isinstance(drawing, ast.Attribute) and drawing.attr in ("figure", "picture"):
                calls.append(getattr(drawing.value, "id", ""))
    return not sessions.isdisjoint(calls)
