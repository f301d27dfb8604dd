"""Locating differences in a file: a cell of a table or a notebook, a line of a text."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, zip_longest
from pathlib import Path, PurePosixPath

from anew.diff.difference import Difference, aligned, around, close, shown

#: So many places of one source are named.
_MOST = 5


def changed_sources(
    recorded: Mapping[str, str],
    today: Mapping[str, str],
    root: Path,
    before: Callable[[str, str], bytes | None],
) -> list[Difference]:
    """Locate what changed in the sources since they were recorded.

    Both are sha256 by name; `root` holds today's. `before(name, digest)` returns a source as it was
    recorded, None where it is not at hand: then the source is named without a place in it.
    """
    found: list[Difference] = []
    for name in sorted({*recorded, *today}):
        was, now = recorded.get(name), today.get(name)
        if was == now:
            continue
        content = before(name, was) if was and now else None
        if content is None:
            hashes = (one and f"sha256 {one[:12]}…" for one in (was, now))
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
            one, two = (data.decode("utf-8").splitlines() for data in (was, now))
            found = list(islice(compare_tables(name, one, two, "source"), _MOST))
        elif suffix == ".ipynb":
            found = list(islice(_cells(name, was, now), _MOST))
    except (ValueError, KeyError, TypeError):
        pass  # damaged: told by its lines
    return found or changed_lines("source", name, was, now)


def _cells(name: str, was: bytes, now: bytes) -> Iterator[Difference]:
    """Yield the first line that differs in each cell of a notebook that does."""
    sides = (["".join(cell["source"]) for cell in json.loads(one)["cells"]] for one in (was, now))
    for number, (old, new) in enumerate(zip_longest(*sides, fillvalue=""), 1):
        if old != new:
            line, left, right = _first(old, new)
            yield Difference("source", name, {"cell": number, "line": line}, left, right)


def changed_lines(kind: str, name: str, was: bytes, now: bytes) -> list[Difference]:
    """Return the first line in which two texts differ; for binary content, that they differ."""
    try:
        line, left, right = _first(was.decode("utf-8"), now.decode("utf-8"))
    except UnicodeDecodeError:
        return [Difference(kind, name, {}, f"{len(was)} bytes", f"{len(now)} bytes")]
    return [Difference(kind, name, {"line": line}, left, right)]


def _first(was: str, now: str) -> tuple[int, str, str]:
    """Return the number of the first line that differs, and what either side has there."""
    lines = list(zip_longest(was.split("\n"), now.split("\n"), fillvalue=""))
    parted = (number for number, (one, two) in enumerate(lines) if one != two)
    number = next(parted, len(lines) - 1)
    return number + 1, *around(*lines[number])


def compare_tables(
    name: str, was: Sequence[str], now: Sequence[str], kind: str = "data"
) -> Iterator[Difference]:
    """Yield where two CSV files differ, by the row in the file and the column.

    `was` and `now` are their lines. A cell that is a number on both sides is compared as one. Rows
    that one side lacks are named as such, found by what their other cells say.
    """
    one, two = list(csv.reader(was)), list(csv.reader(now))
    if not one or not two or one[0] != two[0]:
        heads = (shown(",".join(rows[0])) if rows else None for rows in (one, two))
        yield Difference(kind, name, {"row": 1}, *heads)
    elif len(one) != len(two):
        yield from _rows(kind, name, one, two)
    else:
        for row, (left, right) in enumerate(zip(one[1:], two[1:], strict=True), 2):
            if len(left) != len(right):
                yield Difference(kind, name, {"row": row}, ",".join(left), ",".join(right))
                continue
            for column, old, new in zip(one[0], left, right, strict=False):
                if not _same_cell(old, new):
                    place = Difference(kind, name, {"row": row, "column": column})
                    yield replace(place, was=shown(old), now=shown(new))


def _rows(
    kind: str, name: str, was: Sequence[Sequence[str]], now: Sequence[Sequence[str]]
) -> Iterator[Difference]:
    """Yield the rows that only one side has, by their number on that side."""
    for one, two in aligned(was, now, tuple):
        old = None if one is None else shown(",".join(was[one]))
        new = None if two is None else shown(",".join(now[two]))
        row = next(number for number in (one, two) if number is not None)
        yield Difference(kind, name, {"row": row + 1}, old, new)


def _same_cell(one: str, two: str) -> bool:
    """Return whether two cells say the same, as numbers where both are numbers."""
    if one == two:
        return True
    try:
        return close(float(one), float(two))
    except ValueError:
        return False
