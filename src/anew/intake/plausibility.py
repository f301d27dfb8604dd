"""Plausibility: values that cannot be what they were are refused; what may be real is only told.

A jump may be real and warns. A power of ten that all values share, or a factor of 10³ or 10⁶ in
some of them, is a unit; digits that are gone were lost in a spreadsheet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from anew.intake import units
from anew.intake.changes import (
    Cells,
    Comparison,
    Key,
    by_key,
    implausible_revisions,
    year_before,
)
from anew.intake.reading import Place, Row
from anew.intake.units import Unit
from anew.project.language import principal
from anew.project.phrases import Phrase
from anew.project.problems import Problem
from anew.tables.catalog import Column, Table

#: How far the logarithm of a factor may be from a whole number: 708 to 1413 for a thousand.
_NEAR = 0.15
#: Counts below this reach a factor of a thousand by chance.
_SMALL = 10
#: So many values are enough to speak of a factor that all share.
_FEW = 3
#: A number written with so few digits, where the vintage before has three more, was rounded.
_DIGITS, _LOST = 8, 3
_DOWNLOAD = Phrase(
    "A spreadsheet shows long numbers so, and saves what it shows: download the "
    "file again, and do not save it from a spreadsheet. If the agency rounds it "
    "so, say --accept-revisions."
)


def suspicious(
    table: Table, rows: Sequence[Row], old: Sequence[Cells], accepted: bool = False
) -> list[Problem]:
    """Return the cells in another unit than the vintage before or their neighbours, or rounded.

    Those that are only rounded may be `accepted`: an agency may publish fewer digits than before.
    """
    before = by_key(table, old)
    after = by_key(table, [row.cells for row in rows])
    places = {tuple(row.cells.get(n, "") for n in table.key): row.place for row in rows}
    found: list[Problem] = []
    for column in table.columns:
        if column.type not in ("number", "integer") or column.name in table.key or column.values:
            continue
        of_column = _throughout(table, column, before, after, places)
        if not of_column and column.type == "number":
            of_column = _mixed(table, column, before, after, places)
        if not of_column and not accepted:
            of_column = _rounded(table, column, before, after, places)
        found += of_column
    return found


def too_many_revisions(table: Table, comparison: Comparison, place: Place) -> list[Problem]:
    """Return a problem for each column of which more is revised than the catalogue lets pass."""
    problems = []
    compared = comparison.same + len({change.key for change in comparison.revisions})
    implausible = implausible_revisions(table, comparison)
    for column, bounds in table.plausible.items():
        count = sum(change.column == column for change in implausible)
        if count >= _FEW and compared and count / compared > bounds.share:
            message = Phrase(
                "{count:,} of {compared:,} values differ from vintage {previous} by more "
                "than {revision:.0%}.",
                count=count,
                compared=compared,
                previous=comparison.previous,
                revision=bounds.revision,
            )
            hint = Phrase(
                "Is it the same series, in the same unit? If the agency revised it so, say "
                "--accept-revisions."
            )
            problems.append(Problem(place.file, message, hint, "revisions", None, column))
    return problems


def _throughout(
    table: Table,
    column: Column,
    before: Mapping[Key, Cells],
    after: Mapping[Key, Cells],
    places: Mapping[Key, Place],
) -> list[Problem]:
    """Return the cells if all of them are one power of ten times what they were."""
    logs = {
        key: log
        for key in after.keys() & before.keys()
        if (log := _log(before[key].get(column.name), after[key].get(column.name))) is not None
    }
    if len(logs) < _FEW:
        return []
    middle = sorted(logs.values())[len(logs) // 2]
    power = round(middle)
    near = [key for key, log in logs.items() if abs(log - power) < _NEAR]
    if not power or len(near) * 10 < len(logs) * 9:
        return []
    hint = _convert(table, column, power)
    return [
        _unit_problem(places[key], key, column, after[key], power, Phrase("the vintage before"),
                      Phrase("in another unit"), hint)
        for key in sorted(near)
    ]  # fmt: skip


def _convert(table: Table, column: Column, power: int) -> str:
    unit = (column.unit or {}).get(principal(), Phrase("its unit"))
    own = units.unit_of(unit) or Unit()
    if own.percent:
        return Phrase(
            "Column {column} of table {table} is in {unit}: convert the file whole.",
            column=column.name,
            table=table.name,
            unit=unit,
        )
    looks = units.named(own.power - power, own.currency)
    advice = (
        Phrase("If the file is so: --unit '{looks}'.", looks=looks)
        if looks
        else Phrase("Convert the file whole.")
    )
    return Phrase(
        "Column {column} of table {table} is in {unit}. {advice}",
        column=column.name,
        table=table.name,
        unit=unit,
        advice=advice,
    )


def _mixed(
    table: Table,
    column: Column,
    before: Mapping[Key, Cells],
    after: Mapping[Key, Cells],
    places: Mapping[Key, Place],
) -> list[Problem]:
    """Return single cells off by 10³, 10⁶ or 10⁹ from the vintage before, or the year before."""
    off = []
    for key, cells in after.items():
        if key in before and (
            power := _factor(before[key].get(column.name), cells.get(column.name))
        ):
            off.append((key, power, Phrase("the vintage before")))
    # of a month or a day, rain may well be a thousand times that of the year before
    if not off and table.period is not None and table.period.type == "year":
        for key, cells in sorted(after.items()):
            last = year_before(table, key)
            if last in after and (
                power := _factor(after[last].get(column.name), cells.get(column.name))
            ):
                off.append((key, power, Phrase("the year before")))
    unit = (column.unit or {}).get(principal(), Phrase("its unit"))
    hint = Phrase(
        "Column {column} of table {table} is in {unit}: convert the file whole.",
        column=column.name,
        table=table.name,
        unit=unit,
    )
    return [
        _unit_problem(
            places[key], key, column, after[key], power, against, Phrase("mixed units"), hint
        )
        for key, power, against in off
    ]


def _rounded(
    table: Table,
    column: Column,
    before: Mapping[Key, Cells],
    after: Mapping[Key, Cells],
    places: Mapping[Key, Place],
) -> list[Problem]:
    """Return the cells that are the old values with most of their digits gone, if many are."""
    compared, lost = 0, []
    for key in after.keys() & before.keys():
        old, new = before[key].get(column.name), after[key].get(column.name)
        if not old or not new or _digits(old) < _LOST + 1:
            continue
        compared += 1
        digits = _digits(new)
        if digits <= _DIGITS and _digits(old) >= digits + _LOST and _is_rounding(old, new, digits):
            lost.append(key)
    if len(lost) < _FEW or len(lost) * 2 < compared:
        return []
    kept = max(_digits(after[key][column.name]) for key in lost)
    had = max(_digits(before[key][column.name]) for key in lost)
    message = Phrase(
        "digits were lost: at most {kept} where the vintage before has {had}.", kept=kept, had=had
    )
    return [
        Problem(places[key].file, message, _DOWNLOAD, "digits", places[key].row,
                places[key].column or column.name, after[key][column.name])
        for key in sorted(lost)
    ]  # fmt: skip


def _digits(text: str) -> int:
    return len(Decimal(text).normalize().as_tuple().digits)


def _is_rounding(old: str, new: str, digits: int) -> bool:
    was, is_ = Decimal(old), Decimal(new)
    step = Decimal(1).scaleb(was.adjusted() - digits + 1)
    return was.is_zero() is False and abs(was - is_) <= step / 2 and was != is_


def _log(old: str | None, new: str | None) -> float | None:
    if not old or not new or float(old) * float(new) <= 0:
        return None
    return math.log10(float(new) / float(old))


def _factor(old: str | None, new: str | None) -> int:
    """Return the power of ten between two values if it is a multiple of three, 0 if not."""
    log = _log(old, new)
    if log is None or max(abs(float(old or 0)), abs(float(new or 0))) < _SMALL:
        return 0
    nearest = 3 * round(log / 3)
    return nearest if abs(log - nearest) < _NEAR else 0


def _unit_problem(
    place: Place,
    key: Key,
    column: Column,
    cells: Cells,
    power: int,
    against: str,
    kind: str,
    hint: str,
) -> Problem:
    value = cells[column.name]
    message = Phrase(
        "{kind}: {key} is {value}, about 10^{power} times {against}.",
        kind=kind,
        key=" ".join(key),
        value=value,
        power=power,
        against=against,
    )
    return Problem(place.file, message, hint, "unit", place.row, place.column or column.name, value)
