"""Conversion: values from the unit that a file states to the one that the catalogue has."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from anew.intake import units
from anew.intake.quantities import number, written
from anew.intake.reading import Place, Row, Task, taken
from anew.intake.targets import Part, Target
from anew.intake.units import Unit
from anew.project.language import principal
from anew.project.phrases import Phrase
from anew.project.problems import Problem

_HINT = Phrase("Convert it at its source: no exchange rate or share is applied here.")


def row_unit(part: Part, target: Target, line: int | None, row: Sequence[str]) -> Unit | None:
    """Return the unit that a row itself states: its unit, its multiplier, or its series' title."""
    at = part.header.at
    said = row[at["unit"]].strip() if "unit" in at else ""
    unit = units.unit_of(said.partition(": ")[0]) or units.unit_of(said)
    if "scale" in at:
        scale = row[at["scale"]].strip().partition(": ")[0]
        word = None if scale.casefold() in ("units", "unit") else units.unit_of(scale)
        power = Decimal(word.power) if word else number(scale or "0")
        if power is None and scale.casefold() not in ("units", "unit"):
            where = Place(part.sheet.name, line, part.heading("scale"))
            target.reading.wrong(
                where, Phrase("{scale!r} is not a number.", scale=scale), "", "unit", scale
            )
            return None
        if unit is None or not unit.percent:
            own, currency = (unit.power, unit.currency) if unit else (0, "")
            unit = Unit(int(power or 0) + own, currency, text=f"{said} × 10^{scale or 0}")
    elif unit is None and part.across == "period" and "series" in at:
        unit = units.stated(row[at["series"]])
    if unit:
        target.stated.setdefault(unit, line or 0)
    return unit


def convert(part: Part, target: Target, task: Task) -> None:
    """Make rows of the values, in the catalogue's unit; refuse those in a unit of another kind."""
    reading, table = target.reading, target.table
    column = table.column(table.measure)
    wanted = (column.unit or {}).get(principal(), "")
    goal = units.unit_of(wanted) or Unit()
    said = None if part.layout.rows else _stated(part, target, task)
    if isinstance(said, Problem):
        reading.problems.append(said)
        return
    if len(target.stated) > 1:
        (first, _), (second, line) = list(target.stated.items())[:2]
        place = Place(part.sheet.name, line, part.heading("scale", "unit", "series"))
        message = Phrase(
            "mixed units: {first}, {second}; the second starts here.",
            first=first.text,
            second=second.text,
        )
        hint = Phrase("A series has one unit; choose one under intake.unit, or download it again.")
        reading.wrong(place, message, hint, "unit", second.text)
        return
    refused: set[Unit] = set()
    values, target.values = target.values, []
    for cells, value, at, unit in taken(values):
        own = unit or said
        power = 0 if own is None else own.shift(goal)
        if own is not None and power is None:
            if own not in refused:
                message = Phrase(
                    "in {own!r}, and column {column} of {table} is in {wanted}.",
                    own=own.text,
                    column=column.name,
                    table=table.name,
                    wanted=wanted or Phrase("plain numbers"),
                )
                reading.wrong(at, message, _HINT, "unit", written(value))
            refused.add(own)
            continue
        cells[table.measure] = written(value.scaleb(power or 0))
        reading.rows.append(Row(cells, at))


def _stated(part: Part, target: Target, task: Task) -> Unit | None | Problem:
    """Return the one unit that heading, title or notes state, or that the author says."""
    asked = units.asked(task.answers.unit) if task.answers.unit else None
    if target.stated and asked is None:
        return None
    found = [units.stated(text) for text in part.above]
    found += [units.stated(text, brackets=False) for text in part.notes]
    if target.column is not None:
        found.append(units.of_heading(part.header.cells[target.column]))
    headings = {part.header.cells[n] for n, _ in part.header.across if part.across == "series"}
    if len(headings) == 1:
        found.append(units.stated(headings.pop()))
    said = units.differing(unit for unit in found if unit)
    if asked is not None:
        if len(said) == 1 and units.differing([said[0], asked])[1:]:
            message = Phrase(
                "the file says {said!r}, and --unit {unit!r}.",
                said=said[0].text,
                unit=task.answers.unit,
            )
            return Problem(part.sheet.name, message, Phrase("Leave --unit out."), "unit")
        return asked
    if len(said) > 1:
        message = Phrase(
            "two units are stated: {first!r} and {second!r}.",
            first=said[0].text,
            second=said[1].text,
        )
        hint = Phrase("Say which holds for the values: --unit 'million usd'.")
        return Problem(part.sheet.name, message, hint, "unit")
    return said[0] if said else None
