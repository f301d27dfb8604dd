"""The points of a figure by name, so that two editions' data can be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anew.tables.periods import KINDS

Row = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Points:
    """The values of one figure: `values` by key, the key's last part being the column.

    `periods` are all that the data have; `at` is where a key holds its period, None without one.
    """

    values: Mapping[Key, float]
    periods: frozenset[str]
    at: int | None

    def period_of(self, key: Key) -> str:
        """Return the period that a key names, "" where it names none."""
        return "" if self.at is None else key[self.at]


def points_of(*states: Sequence[Row]) -> list[Points]:
    """Return the points of one figure in several states, named by the same columns in each.

    The period (a column year, quarter, month, week or date) and as many text columns as tell the
    rows apart name a point, from the left; where these do not suffice, columns of whole numbers (a
    field's number) do too. Truth values and further texts describe a point and do not name it. All
    other numbers are values; a missing one is a point that is missing. Rows that nothing tells
    apart are numbered.
    """
    names = _names(states)
    at = next((names.index(kind) for kind in KINDS if kind in names), None)
    return [_points(rows, names, at) for rows in states]


def _points(rows: Sequence[Row], names: Sequence[str], at: int | None) -> Points:
    columns = [name for name in _columns([rows]) if name not in names and _numeric([rows], name)]
    values: dict[Key, float] = {}
    periods = set()
    for row in rows:
        named = tuple(row.get(name, "") for name in names)
        if at is not None:
            periods.add(named[at])
        for column in columns:
            if row.get(column, "") != "":
                values[_free((*named, column), values)] = float(row[column])
    return Points(values, frozenset(periods), at)


def _free(key: Key, taken: Mapping[Key, float]) -> Key:
    number, free = 1, key
    while free in taken:
        number += 1
        free = (*key[:-1], f"{key[-1]} ({number})")
    return free


def _names(states: Sequence[Sequence[Row]]) -> list[str]:
    states = [rows for rows in states if rows]
    columns = _columns(states)
    when = [kind for kind in KINDS if kind in columns][:1]
    numbers = {name for name in columns if name not in when and _numeric(states, name)}
    texts = [c for c in columns if c not in {*numbers, *when} and not _boolean(states, c)]
    chosen: list[str] = []
    for name in texts:
        if chosen and _apart(states, [*chosen, *when]):
            break
        chosen.append(name)
    helped = list(chosen)
    for name in columns:
        if name in numbers and _whole(states, name) and not _apart(states, [*helped, *when]):
            helped.append(name)
    if numbers - set(helped) and _apart(states, [*helped, *when]):  # else it is a value
        chosen = helped
    return [name for name in columns if name in chosen or name in when]


def _columns(states: Sequence[Sequence[Row]]) -> list[str]:
    return list(dict.fromkeys(name for rows in states for row in rows[:1] for name in row))


def _apart(states: Sequence[Sequence[Row]], names: Sequence[str]) -> bool:
    return all(
        len({tuple(row.get(name, "") for name in names) for row in rows}) == len(rows)
        for rows in states
    )


def _texts(states: Sequence[Sequence[Row]], name: str) -> list[str]:
    return [row[name] for rows in states for row in rows if row.get(name, "") != ""]


def _numeric(states: Sequence[Sequence[Row]], name: str) -> bool:
    texts = _texts(states, name)
    try:
        return bool(texts) and all(math.isfinite(float(text)) for text in texts)
    except ValueError:
        return False


def _boolean(states: Sequence[Sequence[Row]], name: str) -> bool:
    texts = _texts(states, name)
    return not texts or set(texts) <= {"True", "False"}


def _whole(states: Sequence[Sequence[Row]], name: str) -> bool:
    return _numeric(states, name) and all(
        text.lstrip("-").isdigit() for text in _texts(states, name)
    )
