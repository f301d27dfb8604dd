"""Units: values that are a thousand or a million times what they were are in another unit.

A jump may be real and only warns. A factor of 10³, 10⁶ or 10⁹ within a table is told apart from it
by how near the factor is to that power, and is refused: nothing real comes so close.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from anew.intake.changes import Cells, by_key
from anew.intake.reading import Place, Row
from anew.project.problems import Problem
from anew.tables.catalog import Table

#: How far the logarithm of a factor may be from a multiple of three: 708 to 1413 for a thousand.
_NEAR = 0.15
#: Counts below this reach a factor of a thousand by chance.
_SMALL = 10


def mixed_units(table: Table, rows: Sequence[Row], old: Sequence[Cells]) -> list[Problem]:
    """Return the cells that are in another unit than the vintage before, or than their neighbours.

    All cells off by one factor mean a file in another unit; some cells, mixed units.
    """
    before = by_key(table, old)
    after = by_key(table, [row.cells for row in rows])
    places = {tuple(row.cells.get(n, "") for n in table.key): row.place for row in rows}
    found: list[Problem] = []
    for column in (c.name for c in table.columns if c.type == "number" and c.name not in table.key):
        compared, off = 0, []
        for key, cells in after.items():
            factor = _factor(before.get(key, {}).get(column), cells.get(column))
            compared += factor is not None
            if factor:
                off.append((key, factor, "the vintage before"))
        if not off and table.year:
            off = _against_neighbours(table, after, column)
        kind = "in another unit" if off and len(off) == compared else "mixed units"
        found += [
            _problem(table, places[key], key, column, after[key][column], factor, against, kind)
            for key, factor, against in off
        ]
    return found


def _against_neighbours(
    table: Table, rows: dict[tuple[str, ...], Cells], column: str
) -> list[tuple[tuple[str, ...], int, str]]:
    place = table.key.index(str(table.year))
    found = []
    for key, cells in sorted(rows.items()):
        last = (*key[:place], str(int(key[place]) - 1), *key[place + 1 :])
        factor = _factor(rows.get(last, {}).get(column), cells.get(column))
        if factor:
            found.append((key, factor, "the year before"))
    return found


def _factor(old: str | None, new: str | None) -> int | None:
    """Return the power of ten between two values if it is a multiple of three, 0 if not."""
    if not old or not new or float(old) * float(new) <= 0:
        return None
    if max(abs(float(old)), abs(float(new))) < _SMALL:
        return 0
    power = math.log10(float(new) / float(old))
    nearest = 3 * round(power / 3)
    return nearest if abs(power - nearest) < _NEAR else 0


def _problem(
    table: Table,
    place: Place,
    key: tuple[str, ...],
    column: str,
    value: str,
    factor: int,
    against: str,
    kind: str,
) -> Problem:
    unit = (table.column(column).unit or {}).get("en", "its unit")
    message = f"{kind}: {' '.join(key)} is {value}, about 10^{factor} times {against}."
    hint = f"Column {column} of table {table.name} is in {unit}: convert the file whole."
    return Problem(place.file, message, hint, "unit", place.row, place.column or column, value)
