"""Where a fact or a claim comes from: the line that gives it its id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from anew.project.paths import Project

#: How a notebook states each kind.
_STATED = {"facts": re.compile(r"\.facts?\("), "claims": re.compile(r"\.claim\(")}


def origin(project: Project, kind: str, id: str, address: str) -> str:
    """Return the place of a fact or claim (`kind` is facts or claims) made at `address`.

    That is the line with its id in quotes, in the notebook or in a module of the analysis; where
    the id is put together from parts, the line of the notebook that states the kind.
    """
    path = project.notebooks().get(address)
    if path is None:
        return address
    quoted = re.compile(rf"[\"']{re.escape(id)}[\"']")
    cells = list(_cells(path.read_text("utf-8")))
    name = project.relative(path)
    for pattern in (quoted, _STATED[kind]):
        for number, source in cells:
            for line, text in enumerate(source.splitlines(), 1):
                if pattern.search(text):
                    return f"{name}, cell {number}, line {line}"
        if pattern is quoted:
            for module in sorted(project.analysis.rglob("*.py")):
                for line, text in enumerate(module.read_text("utf-8").splitlines(), 1):
                    if quoted.search(text):
                        return f"{project.relative(module)}:{line}"
    return name


def _cells(notebook: str) -> Iterator[tuple[int, str]]:
    """Yield number and source of each code cell."""
    cells = json.loads(notebook)["cells"]
    code = (cell for cell in cells if cell["cell_type"] == "code")
    yield from ((number, "".join(cell["source"])) for number, cell in enumerate(code, 1))
