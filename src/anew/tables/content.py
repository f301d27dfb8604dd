"""Content of a table's file: each cell as it is written, against the table's entry."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from math import isfinite

from anew.project.language import principal
from anew.project.phrases import Phrase
from anew.project.problems import Problem
from anew.project.texts import unsafe_cell
from anew.tables.catalog import Column, Table
from anew.tables.periods import EXAMPLES, KINDS, NOUNS, Kind, is_written, of_day

RESTORE = Phrase("A vintage never changes. Restore the file; ingest new data with `anew ingest`.")
_CORRECT = Phrase("Correct it at its source and ingest it as a new vintage with `anew ingest`.")
_CODE = Phrase("Write a code of ISO 3166 alpha-3 that the catalogue lists, or add it there.")
_MEMBER = Phrase("Write a code that the list in data/catalog.yml has, or add it there.")
_PLAIN = {
    "year": re.compile(r"\d{4}", re.ASCII),
    "integer": re.compile(r"-?\d+", re.ASCII),
    "number": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII),
}
_NOUNS = {
    "year": Phrase("a year"),
    "integer": Phrase("a whole number"),
    "number": Phrase("a number"),
}


def check_bytes(
    data: bytes,
    table: Table,
    codes: Mapping[str, Collection[str]],
    last_day: date,
    shown: str,
    rows: int | None = None,
) -> list[Problem]:
    """Return what is wrong in a CSV file of `table`, cell by cell; `shown` names it in messages.

    Looks at encoding, header, ragged and blank rows, the written form of every cell, ranges,
    economies and entities (`codes` by column), periods that begin after the vintage's `last_day`,
    duplicate keys and, where `rows` is given, their number.
    """
    if problems := _encoding(data, shown):
        return problems
    rows_read = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""))
    header = next(rows_read, [])
    if header != table.names:
        message = Phrase(
            "the header reads {reads}; it must read {must}.",
            reads=header or Phrase("nothing"),
            must=table.names,
        )
        return [Problem(shown, message, _CORRECT, "wrong-header", 1)]
    check = Rows(table, codes, last_day, shown)
    count = 0
    for count, row in enumerate(rows_read, 1):
        check.row(count + 1, row)
    if rows is not None and count != rows:
        message = Phrase("{count} rows, the catalogue says {rows}.", count=count, rows=rows)
        check.problems.insert(0, Problem(shown, message, RESTORE, "row-count"))
    return check.problems


def _encoding(data: bytes, shown: str) -> list[Problem]:
    hint = Phrase("Save it as UTF-8 without a byte order mark, with Unix line ends.")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        message = Phrase("it starts with a byte order mark.")
        return [Problem(shown, message, hint, "wrong-encoding", 1)]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        value = f"0x{data[error.start]:02x}"
        message = Phrase("byte {byte} is not UTF-8.", byte=value)
        return [Problem(shown, message, hint, "not-utf8", row, value=value)]
    marks = (
        (b"\r", Phrase("a carriage return in the file.")),
        (b"\0", Phrase("a NUL byte in the file.")),
    )
    for mark, message in marks:
        if mark in data:
            row = data.count(b"\n", 0, data.index(mark)) + 1
            return [Problem(shown, message, hint, "wrong-encoding", row)]
    if not data.endswith(b"\n"):
        row = data.count(b"\n") + 1
        message = Phrase("the last line has no end: cut off?")
        return [Problem(shown, message, RESTORE, "cut-off", row)]
    return []


class Rows:
    """Checks row after row; a text that comes again in a column is judged once."""

    def __init__(
        self, table: Table, codes: Mapping[str, Collection[str]], last_day: date, shown: str
    ) -> None:
        self.table, self.codes, self.shown = table, codes, shown
        self.last = {kind: of_day(kind, last_day) for kind in KINDS}
        self.problems: list[Problem] = []
        self._sound: list[set[str]] = [set() for _ in table.columns]
        self._key = [table.names.index(name) for name in table.key]
        self._keys: dict[tuple[str, ...], int] = {}

    def row(self, number: int, row: list[str]) -> None:
        """Record the problems of a row, from left to right."""
        columns = self.table.columns
        if not row:
            self._wrong(number, Phrase("the row is blank."), "ragged")
            return
        if len(row) != len(columns):
            self._ragged(number, row)
        for column, cell, sound in zip(columns, row, self._sound, strict=False):
            if cell in sound:
                continue
            if fault := self._fault(column, cell):
                hints = {"economy": _CODE, "entity": _MEMBER} if cell else {}
                hint = hints.get(column.type, _CORRECT)
                self._wrong(number, fault, "wrong-cell", column.name, cell, hint)
            else:
                sound.add(cell)
        if len(row) >= len(columns):
            key = tuple(row[n] for n in self._key)
            if self._keys.setdefault(key, number) != number:
                message = Phrase(
                    "the key {names} is not unique: {key} is in row {row} as well.",
                    names=self.table.key,
                    key=key,
                    row=self._keys[key],
                )
                self._wrong(number, message, "duplicate")

    def _ragged(self, number: int, row: list[str]) -> None:
        names = self.table.names
        if len(row) > len(names):
            message = Phrase("the row has more cells than the {count} columns.", count=len(names))
            self._wrong(number, message, "ragged")
        for name in names[len(row) :]:
            message = Phrase("the row ends before this column.")
            self._wrong(number, message, "ragged", name)

    def _wrong(
        self,
        number: int,
        message: str,
        code: str,
        column: str | None = None,
        value: str | None = None,
        hint: str = _CORRECT,
    ) -> None:
        self.problems.append(Problem(self.shown, message, hint, code, number, column, value))

    def _fault(self, column: Column, cell: str) -> str:
        """Return what is wrong with a cell; nothing for a sound one."""
        if not cell:
            return Phrase("the cell is empty.") if column.required else ""
        if column.type in ("economy", "entity"):
            codes = self.codes[column.name]
            if cell in codes:
                return ""
            close = get_close_matches(cell, sorted(codes), n=1)
            what = Phrase("economy") if column.type == "economy" else column.name
            return Phrase(
                "unknown {what} {cell!r}; did you mean {close}?"
                if close
                else "unknown {what} {cell!r}.",
                what=what,
                cell=cell,
                close=close,
            )
        if column.type == "text":
            if unsafe := unsafe_cell(cell):
                return Phrase("{what}.", what=unsafe)
            spaces = cell != cell.strip()
            return Phrase("{cell!r} has spaces around it.", cell=cell) if spaces else ""
        if column.period and column.period != "year":
            return self._period_fault(column.period, cell)
        if not _PLAIN[column.type].fullmatch(cell):
            what = _NOUNS[column.type]
            return Phrase("{cell!r} is not {what} in plain digits.", cell=cell, what=what)
        value = float(cell) if column.type == "number" else int(cell)
        if not isfinite(value):
            return Phrase("{cell} is too large a number.", cell=cell)
        unit = _unit(column)
        if column.positive and value <= 0:
            return Phrase("{cell} is not more than zero{unit}.", cell=cell, unit=unit)
        if column.minimum is not None and value < column.minimum:
            return Phrase(
                "{cell} is below the minimum of {bound:g}{unit}.",
                cell=cell,
                bound=column.minimum,
                unit=unit,
            )
        if column.type == "year" and value > int(self.last["year"]):
            return _too_late(cell, self.last["year"])
        if column.maximum is not None and value > column.maximum:
            return Phrase(
                "{cell} is above the maximum of {bound:g}{unit}.",
                cell=cell,
                bound=column.maximum,
                unit=unit,
            )
        if column.values and value not in column.values:
            return Phrase(
                "{cell} is none of the codes {codes}.", cell=cell, codes=list(column.values)
            )
        return ""

    def _period_fault(self, kind: Kind, cell: str) -> str:
        if not is_written(kind, cell):
            return Phrase(
                "{cell!r} is not a {kind}, written as {example}.",
                cell=cell,
                kind=NOUNS[kind],
                example=EXAMPLES[kind],
            )
        if cell > self.last[kind]:
            return _too_late(cell, self.last[kind])
        return ""


def _too_late(cell: str, last: str) -> Phrase:
    return Phrase("{cell} lies after the vintage, which is of {last}.", cell=cell, last=last)


def _unit(column: Column) -> str:
    return f" {column.unit[principal()]}" if column.unit else ""
