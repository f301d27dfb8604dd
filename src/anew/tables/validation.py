"""Validation: every catalogued file against its entry, with file, row, column and value.

The hash, then every cell as it is written, since a table of record has one written form: what
Python or pandas would read all the same (` 7`, `1_0`, `７`, `NaN`) is refused. What passed is
remembered under a fingerprint of content and rules, so that an unchanged table costs one hash.

One pass of its own instead of frictionless for files and pandera for frames: of 200,000 rows
it takes 0.6 s where they took 7.4 s, and neither knew the written form, the economies or the
vintage's last year without code of ours.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from math import isfinite
from pathlib import Path

from anew.project.language import principal
from anew.project.paths import Project
from anew.project.phrases import Phrase, joined
from anew.project.problems import Problem
from anew.project.texts import unsafe_cell
from anew.tables.catalog import VINTAGE_NAME, Catalog, Column, Table, Vintage
from anew.tables.periods import EXAMPLES, KINDS, NOUNS, Kind, is_written, of_day

_RESTORE = Phrase("A vintage never changes. Restore the file; ingest new data with `anew ingest`.")
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


def check_tables(project: Project, catalog: Catalog) -> list[Problem]:
    """Return what is wrong in any catalogued vintage, used or not, and files that none names."""
    problems = _strays(project, catalog)
    for name, table in catalog.tables.items():
        for vintage in table.vintages:
            problems += check_table(project, catalog, name, vintage)
    return problems


def check_table(project: Project, catalog: Catalog, name: str, vintage: str) -> list[Problem]:
    """Return what is wrong in one vintage: hash, row count, structure, cells, keys."""
    data = read_content(project, catalog, name, vintage)
    return check_content(project, catalog, name, vintage, data)


def check_hash(project: Project, catalog: Catalog, name: str, vintage: str) -> list[Problem]:
    """Return whether a vintage's file is there and is the one that was catalogued; cheap."""
    data = read_content(project, catalog, name, vintage)
    return _hash_problems(catalog.vintage(name, vintage), data)


def fingerprint(project: Project, catalog: Catalog, name: str, vintage: str) -> str:
    """Return a hash of all that decides whether a vintage is valid: file, entry, rules."""
    return _fingerprint(catalog, name, vintage, read_content(project, catalog, name, vintage))


def read_content(project: Project, catalog: Catalog, name: str, vintage: str) -> bytes:
    """Return a vintage's file as it is; empty when there is none, since no table may be empty."""
    path = project.root / catalog.vintage(name, vintage).file
    return path.read_bytes() if path.is_file() else b""


def check_content(
    project: Project, catalog: Catalog, name: str, vintage: str, data: bytes
) -> list[Problem]:
    """Return what is wrong with `data` as the file of a vintage; nothing is read again.

    Content that passed before is not checked again: its fingerprint lies in the project's work
    folder.
    """
    known = project.work / "validated" / _fingerprint(catalog, name, vintage, data)
    if known.is_file():
        return []
    table, entry = catalog.table(name), catalog.vintage(name, vintage)
    problems = _hash_problems(entry, data)
    if not data:
        return problems
    codes = catalog.codes(name)
    problems += check_bytes(data, table, codes, entry.last_day, entry.file, entry.rows)
    if not problems:
        _remember(known)
    return problems


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
    check = _Check(table, codes, last_day, shown)
    count = 0
    for count, row in enumerate(rows_read, 1):
        check.row(count + 1, row)
    if rows is not None and count != rows:
        message = Phrase("{count} rows, the catalogue says {rows}.", count=count, rows=rows)
        check.problems.insert(0, Problem(shown, message, _RESTORE, "row-count"))
    return check.problems


def _hash_problems(entry: Vintage, data: bytes) -> list[Problem]:
    if not data:
        message = Phrase("the file of vintage {name} is empty or not there.", name=entry.name)
        return [Problem(entry.file, message, _RESTORE, "no-file")]
    found = hashlib.sha256(data).hexdigest()
    if found == entry.sha256:
        return []
    message = Phrase(
        "the file was changed: sha256 {found}…, catalogued {recorded}….",
        found=found[:12],
        recorded=entry.sha256[:12],
    )
    accept = Phrase("If you edited it on purpose: `anew accept {file}`.", file=entry.file)
    hint = joined(" ", (_RESTORE, accept))
    return [Problem(entry.file, message, hint, "changed-vintage")]


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
        return [Problem(shown, message, _RESTORE, "cut-off", row)]
    return []


class _Check:
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


def _strays(project: Project, catalog: Catalog) -> list[Problem]:
    known = {v.file for table in catalog.tables.values() for v in table.vintages.values()}
    problems = []
    for path in sorted(project.raw.rglob("*")):
        shown = project.relative(path)
        hidden = path.name.startswith(".")  # what file managers leave behind
        if path.is_file() and not hidden and shown not in known:
            named = path.suffix == ".csv" and VINTAGE_NAME.fullmatch(path.stem)
            hint = Phrase("Ingest it with `anew ingest`, or remove it.")
            message = Phrase("no vintage in the catalogue has this file.")
            if not named:
                message = Phrase(
                    "not a vintage: those are named <date>.csv or <date>_<source>.csv."
                )
            problems.append(Problem(shown, message, hint, "not-a-vintage"))
    return problems


def _fingerprint(catalog: Catalog, name: str, vintage: str, data: bytes) -> str:
    table, entry = catalog.table(name), catalog.vintage(name, vintage)
    rules = {
        "code": _rules(),
        "columns": [column.model_dump() for column in table.columns],
        "key": table.key,
        "economies": [table.economies, sorted(table.own_codes), catalog.economies.model_dump()],
        "lists": {c.name: sorted(catalog.lists[c.list].members) for c in table.columns if c.list},
        "vintage": [entry.file, entry.as_of, entry.rows, entry.sha256],
        "data": hashlib.sha256(data).hexdigest(),
    }
    text = json.dumps(rules, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _rules() -> str:
    """Return a hash of the code that checks: a stricter rule must look at old files again."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _remember(known: Path) -> None:
    try:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.touch()
    except OSError:
        pass  # a project on a read-only disk is checked every time
