"""A notebook as its author wrote it: cells with ids, without what a run left in it."""

from __future__ import annotations

import json
import re
from typing import Any

_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")

#: What Jupyter and papermill note about a run, and changes from one to the next.
_NOTED = ("execution", "papermill", "ExecuteTime", "collapsed", "scrolled")


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


def cell_ids(cells: list[dict[str, Any]]) -> list[str]:
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
