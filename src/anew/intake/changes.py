"""Changes: a new vintage against the one before, cell by cell. Nothing here refuses anything."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anew.tables import periods
from anew.tables.catalog import Table

#: A spreadsheet keeps fifteen digits; another value in the last of them is no revision.
_NOISE = 2e-14

Cells = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A value that is another than before: the vintage before, or the year before."""

    key: Key
    column: str
    old: float
    new: float

    @property
    def absolute(self) -> float:
        """The difference, in the column's unit."""
        return self.new - self.old

    @property
    def relative(self) -> float | None:
        """The difference as a fraction of the old value; None where that is zero."""
        return self.new / self.old - 1 if self.old else None


@dataclass
class Comparison:
    """What a new vintage changes against `previous`; lists are sorted, the largest change first.

    `dated` tells that rows speak of a period, so that another value of one is a revision; `zeros`
    that a row that is not there is a zero. `kind` is that of the periods, and `whose` names the
    entities.
    """

    previous: str
    dated: bool = True
    kind: str = "year"
    whose: str = "economies"
    zeros: bool = False
    source_changed: bool = False
    new_periods: list[str] = field(default_factory=list)
    new_entities: list[str] = field(default_factory=list)
    lost_entities: list[str] = field(default_factory=list)
    added: int = 0
    lost: list[Key] = field(default_factory=list)
    same: int = 0
    revisions: list[Change] = field(default_factory=list)


def compare(table: Table, old: Sequence[Cells], new: Sequence[Cells], previous: str) -> Comparison:
    """Return what changed between the rows of two vintages."""
    before, after = by_key(table, old), by_key(table, new)
    period = table.period
    found = Comparison(previous, dated=period is not None, zeros=table.absent == "zero")
    if period:
        found.kind = period.type
        place = table.key.index(period.name)
        spans = [{key[place] for key in rows} for rows in (before, after)]
        found.new_periods = sorted(spans[1] - spans[0])
    if entity := table.entity:
        found.whose = "economies" if entity.type == "economy" else entity.name
        place = table.key.index(entity.name)
        codes = [{key[place] for key in rows} for rows in (before, after)]
        found.new_entities = sorted(codes[1] - codes[0])
        found.lost_entities = sorted(codes[0] - codes[1])
    found.added = len(after.keys() - before.keys())
    found.lost = sorted(before.keys() - after.keys())
    for key in sorted(before.keys() & after.keys()):
        changed = [
            change
            for column in table.amounts
            if (change := _change(key, column, before[key], after[key]))
            and not math.isclose(change.old, change.new, rel_tol=_NOISE)
        ]
        found.revisions += changed
        found.same += not changed
    found.revisions.sort(key=lambda c: -abs(c.relative if c.relative is not None else 9e99))
    return found


def implausible_revisions(table: Table, comparison: Comparison) -> list[Change]:
    """Return the revisions beyond what the catalogue calls plausible."""
    found = []
    for change in comparison.revisions:
        bounds = table.plausible.get(change.column)
        if bounds and bounds.revision and _beyond(change, bounds.revision, bounds.floor):
            found.append(change)
    return found


def jumps(table: Table, new: Sequence[Cells], old: Sequence[Cells] = ()) -> list[Change]:
    """Return the changes from one year to the next that the catalogue calls implausible.

    A jump that the vintage before already has, in both its years, is not told again.
    """
    if table.period is None or not any(one.year_on_year for one in table.plausible.values()):
        return []
    after, before = by_key(table, new), by_key(table, old)
    found = []
    for key, cells in sorted(after.items()):
        last = year_before(table, key)
        if last not in after:
            continue
        for column, bounds in sorted(table.plausible.items()):
            change = _change(key, column, after[last], cells)
            if change is None or not bounds.year_on_year:
                continue
            known = key in before and last in before
            known = known and _change(key, column, before[last], before[key]) == change
            if not known and _beyond(change, bounds.year_on_year, bounds.floor):
                found.append(change)
    return sorted(found, key=lambda c: -abs(c.relative or 0))


def by_key(table: Table, rows: Sequence[Cells]) -> dict[Key, Cells]:
    """Return the rows by the table's key."""
    return {tuple(row.get(name, "") for name in table.key): row for row in rows}


def year_before(table: Table, key: Key) -> Key:
    """Return the key of the same row a year before; the key itself without a period."""
    if table.period is None or table.period.period is None:
        return key
    place = table.key.index(table.period.name)
    before = periods.year_before(table.period.period, key[place])
    return (*key[:place], before, *key[place + 1 :])


def _change(key: Key, column: str, old: Cells, new: Cells) -> Change | None:
    was, is_ = old.get(column), new.get(column)
    return Change(key, column, float(was), float(is_)) if was and is_ else None


def _beyond(change: Change, bound: float, floor: float) -> bool:
    if max(abs(change.old), abs(change.new)) < floor:
        return False
    return change.relative is None or abs(change.relative) > bound
