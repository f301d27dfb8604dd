"""Formatting values for tables on pages; downloads keep every digit."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from anew.project.language import say

#: Digits that a value keeps on a page; the file behind it has all of them.
_SIGNIFICANT = 5
_LARGE = {
    "zh": ((1e12, "万亿"), (1e8, "亿")),
    "en": ((1e12, "trillion"), (1e9, "billion")),
    "de": ((1e12, "Billionen"), (1e9, "Milliarden")),
}
#: German writes the comma and the point the other way round.
_COMMAS = str.maketrans(",.", ".,")
MINUS = "\u2212"
DASH = "–"


#: A cell of a CSV file, read: None is a gap.
Cell = int | float | str | None


@dataclass(frozen=True)
class Grid:
    """A table ready to be shown: headings, which columns are numbers, rows of texts or None."""

    heads: Sequence[str]
    numeric: Sequence[bool]
    rows: Sequence[Sequence[str | None]]


def shown(value: object, language: str) -> str:
    """Return a value as a page shows it: grouped, at most five significant digits, true as yes.

    A mapping or a list is joined; a missing value is an en dash.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return DASH
    if isinstance(value, bool):
        return say(language, "true" if value else "false")
    if isinstance(value, (int, float)):
        return _number(value, language)
    if isinstance(value, Mapping):
        colon = say(language, "colon")
        return _joined((f"{k}{colon}{shown(v, language)}" for k, v in value.items()), language)
    if isinstance(value, (list, tuple)):
        return _joined((shown(item, language) for item in value), language)
    return str(value)


def brief(value: object, language: str) -> str:
    """Return a value as a sentence would give it: large numbers in words, 1.23 trillion."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        for size, unit in _LARGE[language]:
            if abs(value) >= size:
                return f"{_number(value / size, language)} {unit}"
    return shown(value, language)


def _joined(parts: Iterable[str], language: str) -> str:
    return say(language, "semicolon").join(parts)


def _number(value: int | float, language: str) -> str:
    text = _digits(value)
    return text.translate(_COMMAS) if language == "de" else text


def _digits(value: int | float) -> str:
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and 1900 <= value < 2100:
        return str(value)  # most likely a year
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", MINUS)
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    if whole:
        decimals = max(_SIGNIFICANT - whole, 0)
    else:
        decimals = _SIGNIFICANT - 1 - math.floor(math.log10(abs(value)))
    if decimals > 10:
        return f"{value:.{_SIGNIFICANT}g}".replace("-", MINUS)
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def read_cells(
    text: str, language: str, names: Mapping[str, str] | None = None
) -> tuple[list[str], list[list[Cell]]]:
    """Return the headings and the rows of a CSV file, each cell a number, text or None.

    A column of numbers holds numbers, any other one text. `names` gives the words for column names
    and for codes in cells, in `language`; what it lacks is as the file has it.
    """
    names = {"True": say(language, "true"), "False": say(language, "false")} | dict(names or {})
    head, *body = list(csv.reader(StringIO(text))) or [[]]
    columns = list(zip(*(row for row in body if row), strict=True)) or [()] * len(head)
    found: list[list[Cell]] = []
    for column in columns:
        values = [_value(cell) for cell in column]
        if not _is_numeric(values):
            values = [
                None if value is None else names.get(cell, cell)
                for value, cell in zip(values, column, strict=True)
            ]
        found.append(values)
    return [names.get(name, name) for name in head], [list(row) for row in zip(*found, strict=True)]


def read_grid(text: str, language: str, names: Mapping[str, str] | None = None) -> Grid:
    """Return a CSV file as a table to be shown, its cells as `read_cells` reads them.

    Whole numbers from 1000 to 2999 that fill a column are years.
    """
    heads, body = read_cells(text, language, names)
    columns = list(zip(*body, strict=True)) if body else [()] * len(heads)
    years = [_is_years(column) for column in columns]
    rows = [
        [
            None if cell is None else _shown(cell, language, year=year)
            for cell, year in zip(row, years, strict=True)
        ]
        for row in body
    ]
    return Grid(heads, [_is_numeric(column) for column in columns], rows)


def _shown(cell: int | float | str, language: str, *, year: bool) -> str:
    if isinstance(cell, str):
        return cell
    return str(int(cell)) if year else shown(cell, language)


def _value(cell: str) -> Cell:
    if cell in ("", "NaN", "nan"):
        return None
    if cell in ("True", "False"):
        return cell
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def _is_numeric(column: Sequence[Cell]) -> bool:
    present = [value for value in column if value is not None]
    return bool(present) and all(isinstance(value, (int, float)) for value in present)


def _is_years(column: Sequence[Cell]) -> bool:
    present = [value for value in column if value is not None]
    return _is_numeric(column) and all(
        value == int(value) and 1000 <= value < 3000 for value in present
    )
