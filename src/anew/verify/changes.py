"""What in a source is another than was recorded: a value of a table, a cell, a line of the text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from anew.verify.difference import Difference, around
from anew.verify.numbers import compare_tables

#: So many places of one source are named.
_MOST = 5


def changed_sources(
    recorded: Mapping[str, str],
    today: Mapping[str, str],
    root: Path,
    before: Callable[[str, str], bytes | None],
) -> list[Difference]:
    """Return what differs between the sources as they were recorded and as they are.

    Both are sha256 by name; `root` holds today's. `before(name, digest)` returns a source as it was
    recorded, None where it is not at hand: then the source is named without a place in it.
    """
    found: list[Difference] = []
    for name in sorted({*recorded, *today}):
        was, now = recorded.get(name), today.get(name)
        if was == now:
            continue
        if was is None or now is None:
            hashes = (None if one is None else f"sha256 {one[:12]}…" for one in (was, now))
            found.append(Difference("source", name, {}, *hashes))
            continue
        content = before(name, was)
        if content is None:
            hashes = (f"sha256 {one[:12]}…" for one in (was, now))
            found.append(Difference("source", name, {}, *hashes))
        else:
            found += changed_source(name, content, (root / name).read_bytes())
    return found


def changed_source(name: str, was: bytes, now: bytes) -> list[Difference]:
    """Return where two contents of one source differ: by cell of a table or notebook, by line."""
    suffix = PurePosixPath(name).suffix
    found: list[Difference] = []
    try:
        if suffix == ".csv":
            lines = [data.decode("utf-8").splitlines() for data in (was, now)]
            found = compare_tables(name, *lines, kind="source", most=_MOST)
        elif suffix == ".ipynb":
            found = _cells(name, was, now)
    except (ValueError, KeyError, TypeError):
        pass  # damaged: told by its lines
    return found or changed_lines("source", name, was, now)


def _cells(name: str, was: bytes, now: bytes) -> list[Difference]:
    """Return the first line that differs in each cell of a notebook that does."""
    one, two = ([_cell(cell) for cell in json.loads(data)["cells"]] for data in (was, now))
    found = []
    for number in range(max(len(one), len(two))):
        old = one[number] if number < len(one) else ""
        new = two[number] if number < len(two) else ""
        if old != new:
            line, left, right = _first(old, new)
            place = {"cell": number + 1, "line": line}
            found.append(Difference("source", name, place, left, right))
    return found[:_MOST]


def _cell(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def changed_lines(kind: str, name: str, was: bytes, now: bytes) -> list[Difference]:
    """Return the first line in which two texts differ; of what is no text, that it does."""
    try:
        old, new = was.decode("utf-8"), now.decode("utf-8")
    except UnicodeDecodeError:
        return [Difference(kind, name, {}, f"{len(was)} bytes", f"{len(now)} bytes")]
    line, left, right = _first(old, new)
    return [Difference(kind, name, {"line": line}, left, right)]


def _first(was: str, now: str) -> tuple[int, str, str]:
    """Return the number of the first line that differs, and what either side has there."""
    one, two = was.split("\n"), now.split("\n")
    for number in range(max(len(one), len(two))):
        left = one[number] if number < len(one) else ""
        right = two[number] if number < len(two) else ""
        if left != right:
            break
    return number + 1, *around(left, right)

