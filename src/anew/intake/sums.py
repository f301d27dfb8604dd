"""Sums: aggregates that the project adds up itself, with how many members each covers."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from anew.intake.quantities import written
from anew.intake.reading import Place, Reading, Row, Task
from anew.project.phrases import Phrase
from anew.tables.periods import PLURALS


def add_sums(reading: Reading, task: Task) -> None:
    """Add up the aggregates that the table wants added up, then drop members that are not kept.

    A sum says in its note how many members it covers, and is made only where nine of ten report:
    with fewer it would be another quantity under the same name.
    """
    table = task.catalog.table(reading.table)
    whose, period = table.entity, table.period
    if whose is None or whose.type != "economy":
        return
    economy = whose.name
    own = sum(row.cells[economy] in table.intake.sums for row in reading.rows)
    for name in table.intake.sums:
        if own:
            reason = Phrase(
                "observations of {name}, which the table adds up from members", name=name
            )
            reading.left_out[reason] += own
    rows = [row for row in reading.rows if row.cells[economy] not in table.intake.sums]
    sums = []
    for name in table.intake.sums:
        members = task.catalog.economies.aggregates[name].members
        by_period: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.cells[economy] in members:
                by_period[row.cells[period.name] if period else ""].append(row)
        for when, rows_then in sorted(by_period.items()):
            count = len({row.cells[economy] for row in rows_then})
            if count * 10 < len(members) * 9:
                what = PLURALS[period.period] if period and period.period else Phrase("values")
                reason = Phrase(
                    "{name}: {what} in which too few members report", name=name, what=what
                )
                reading.left_out[reason] += 1
                continue
            total = sum((Decimal(row.cells[table.measure]) for row in rows_then), Decimal(0))
            cells = {economy: name, table.measure: written(total)}
            if period:
                cells[period.name] = when
            if table.intake.note:
                cells[table.intake.note] = f"sum of {count}/{len(members)} members"
            sums.append(Row(cells, Place(reading.sheet.name)))
    kept = [row for row in rows if task.keeps(table, row.cells[economy])]
    if dropped := {row.cells[economy] for row in rows} - {row.cells[economy] for row in kept}:
        reading.left_out[Phrase("economies that only count in a sum")] += len(dropped)
    reading.rows = kept + sums
