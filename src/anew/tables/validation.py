"""Validation: every catalogued file against its entry, with file, row, column and value.

Three levels, cheapest first: the hash; the file cell by cell with frictionless; the frame with
pandera. What passed is remembered under a fingerprint of content and rules, so that an unchanged
table costs one hash.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from anew.project.paths import Project
from anew.project.problems import Problem
from anew.tables.catalog import VINTAGE_NAME, Catalog, Column, Table, Vintage

_RESTORE = "A vintage never changes. Restore the file; bring new data in with `anew ingest`."
_CORRECT = "Correct it at its source and bring it in as a new vintage with `anew ingest`."
_PLAIN = {
    "year": re.compile(r"\d{4}", re.ASCII),
    "integer": re.compile(r"-?\d+", re.ASCII),
    "number": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII),
}
_NOUNS = {"year": "a year", "integer": "a whole number", "number": "a number"}


def check_tables(project: Project, catalog: Catalog) -> list[Problem]:
    """Return what is wrong in any catalogued vintage, used or not, and files that none names."""
    problems = _strays(project, catalog)
    for name, table in catalog.tables.items():
        for vintage in table.vintages:
            problems += check_table(project, catalog, name, vintage)
    return problems


def check_table(project: Project, catalog: Catalog, name: str, vintage: str) -> list[Problem]:
    """Return what is wrong in one vintage: hash, row count, structure, cells, keys, frame."""
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
    limits = (catalog.codes(name), entry.last_day.year)
    problems += check_bytes(data, table, *limits, entry.file, entry.rows)
    if not problems:
        from anew.tables.frames import check_frame, read_frame

        problems += check_frame(read_frame(data, table), table, *limits, entry.file)
    if not problems:
        _remember(known)
    return problems


def check_bytes(
    data: bytes,
    table: Table,
    codes: Collection[str],
    last_year: int,
    shown: str,
    rows: int | None = None,
) -> list[Problem]:
    """Return what is wrong in a CSV file of `table`, cell by cell; `shown` names it in messages.

    Looks at encoding, header, ragged and blank rows, the written form of every cell, ranges,
    economies, years after the vintage, duplicate keys and, where `rows` is given, their number.
    """
    if problems := _encoding(data, shown):
        return problems
    header, *body = csv.reader(io.StringIO(data.decode(), newline=""))
    if header != table.names:
        reads, must = ", ".join(header) or "nothing", ", ".join(table.names)
        message = f"the header reads {reads}; it must read {must}."
        return [Problem(shown, message, _CORRECT, "header", 1)]
    order = {None: -1, **{name: place for place, name in enumerate(table.names)}}
    cells = _cells(data, table, codes, last_year, shown)
    problems = sorted(cells, key=lambda p: (p.row or 0, order.get(p.column, -1)))
    if rows is not None and len(body) != rows:
        message = f"{len(body)} rows, the catalogue says {rows}."
        problems.insert(0, Problem(shown, message, _RESTORE, "row-count"))
    return problems


def _hash_problems(entry: Vintage, data: bytes) -> list[Problem]:
    if not data:
        message = f"the file of vintage {entry.name} is empty or not there."
        return [Problem(entry.file, message, _RESTORE, "no-file")]
    found = hashlib.sha256(data).hexdigest()
    if found == entry.sha256:
        return []
    message = f"the file was changed: sha256 {found[:12]}…, catalogued {entry.sha256[:12]}…."
    hint = f"{_RESTORE} If you edited it on purpose: `anew accept {entry.file}`."
    return [Problem(entry.file, message, hint, "hash")]


def _encoding(data: bytes, shown: str) -> list[Problem]:
    hint = "Save it as UTF-8 without a byte order mark, with Unix line ends."
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return [Problem(shown, "it starts with a byte order mark.", hint, "encoding", 1)]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        bad = f"byte 0x{data[error.start]:02x} is not UTF-8."
        return [Problem(shown, bad, hint, "encoding", row, value=f"0x{data[error.start]:02x}")]
    for mark, name in ((b"\r", "a carriage return"), (b"\0", "a NUL byte")):
        if mark in data:
            row = data.count(b"\n", 0, data.index(mark)) + 1
            return [Problem(shown, f"{name} in the file.", hint, "encoding", row)]
    if not data.endswith(b"\n"):
        row = data.count(b"\n") + 1
        return [Problem(shown, "the last line has no end: cut off?", _RESTORE, "truncated", row)]
    return []


def _cells(
    data: bytes, table: Table, codes: Collection[str], last_year: int, shown: str
) -> Iterator[Problem]:
    """Run frictionless over the file and say its findings in the catalogue's words."""
    from frictionless import Checklist, Detector, Dialect, Resource, Schema, formats

    control = formats.CsvControl(delimiter=",", quote_char='"', double_quote=True)
    resource = Resource(
        data=data,
        scheme="buffer",
        format="csv",
        encoding="utf-8",
        schema=Schema(
            fields=[_field(column, last_year) for column in table.columns],
            primary_key=list(table.key),
            missing_values=[""],
        ),
        dialect=Dialect(controls=[control]),
        detector=Detector(schema_sync=False),
    )
    rules = Checklist(checks=[_form(table, codes)])
    report = resource.validate(rules, limit_errors=1_000_000)
    names = ["type", "rowNumber", "fieldName", "cell", "note"]
    said: set[tuple[int | None, str | None]] = set()
    # of a cell that is not in plain form, that is the thing to say, not what it was read as
    findings = sorted(report.flatten(names), key=lambda finding: finding[0] != "cell-error")
    for finding in findings:
        problem = _problem(dict(zip(names, finding, strict=True)), table, last_year, shown)
        place = (problem.row, problem.column)
        if problem.column is None or place not in said:  # one sentence for one cell
            said.add(place)
            yield problem


def _field(column: Column, last_year: int) -> Any:
    from frictionless import fields

    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.type in ("economy", "text"):
        return fields.StringField(name=column.name, constraints=limits)
    whole = column.type != "number"
    as_type = int if whole else float
    if column.minimum is not None:
        limits["minimum"] = as_type(column.minimum)
    maximum = column.maximum
    if column.type == "year":
        maximum = last_year if maximum is None else min(maximum, last_year)
    if maximum is not None:
        limits["maximum"] = as_type(maximum)
    if column.values:
        limits["enum"] = list(column.values)
    kind = fields.IntegerField if whole else fields.NumberField
    return kind(name=column.name, constraints=limits)


def _form(table: Table, codes: Collection[str]) -> Any:
    """Return a frictionless check of what its types let pass.

    Python reads ` 7`, `1_0`, `７` and `NaN` as numbers; a table of record has one written form.
    """
    from frictionless import Check, errors

    columns = {column.name: column for column in table.columns}

    class Form(Check):
        type = "form"
        Errors = [errors.CellError]

        def validate_row(self, row: Any) -> Iterator[Any]:
            for name, cell in zip(row.field_names, row.cells, strict=False):
                note = _fault(columns[name], cell, codes) if name in columns else ""
                if note:
                    yield errors.CellError(
                        note=note,
                        cells=[str(c) for c in row.cells],
                        row_number=row.row_number,
                        cell=str(cell),
                        field_name=name,
                        field_number=row.field_names.index(name) + 1,
                    )

    return Form()


def _fault(column: Column, cell: str | None, codes: Collection[str]) -> str:
    if not cell:
        return ""  # frictionless says whether a cell may be empty
    if column.type == "economy" and cell not in codes:
        close = get_close_matches(cell, sorted(codes), n=1)
        return f"unknown economy {cell!r}{f'; did you mean {close[0]}?' if close else '.'}"
    if column.type in _PLAIN and not _PLAIN[column.type].fullmatch(cell):
        return f"{cell!r} is not {_NOUNS[column.type]} in plain digits."
    if column.positive and float(cell) <= 0:
        return f"{cell} is not more than zero{_unit(column)}."
    if column.type == "number" and not isfinite(float(cell)):
        return f"{cell} is too large a number."
    if column.type == "text" and cell != cell.strip():
        return f"{cell!r} has spaces around it."
    return ""


def _problem(found: dict[str, Any], table: Table, last_year: int, shown: str) -> Problem:
    """Say one finding of frictionless as a problem."""
    kind, note = found["type"], found["note"] or ""
    row, name, cell = found["rowNumber"], found["fieldName"] or None, found["cell"]
    hint = _CORRECT
    if kind == "constraint-error":
        message = _broken(note, table.column(name), cell, last_year)
    elif kind == "type-error":
        message = f"{cell!r} is not {_NOUNS[table.column(name).type]}."
    elif kind == "cell-error":
        message = note
        if "economy" in note:
            hint = "Write a code of ISO 3166 alpha-3 that the catalogue lists, or add it there."
    elif kind == "missing-cell":
        message, cell = "the row ends before this column.", None
    elif kind == "extra-cell":
        message, name = f"the row has more cells than the {len(table.names)} columns.", None
    elif kind == "primary-key":
        message = f"the key {', '.join(table.key)} is not unique: {note}."
    elif kind == "blank-row":
        message = "the row is blank."
    else:
        message = note or kind
    return Problem(shown, message, hint, kind, row, name, None if cell is None else str(cell))


def _broken(note: str, column: Column, cell: Any, last_year: int) -> str:
    rule = note.split('"')[1] if '"' in note else note
    if rule == "required":
        return "the cell is empty."
    if rule == "minimum":
        return f"{cell} is below the minimum of {column.minimum:g}{_unit(column)}."
    if rule == "maximum" and column.type == "year" and (column.maximum or last_year) >= last_year:
        return f"{cell} lies after the vintage, which is of {last_year}."
    if rule == "maximum":
        return f"{cell} is above the maximum of {column.maximum:g}{_unit(column)}."
    listed = ", ".join(map(str, column.values or ()))
    return f"{cell} is none of the codes {listed}."


def _unit(column: Column) -> str:
    return f" {column.unit['en']}" if column.unit else ""


def _strays(project: Project, catalog: Catalog) -> list[Problem]:
    known = {v.file for table in catalog.tables.values() for v in table.vintages.values()}
    problems = []
    for path in sorted(project.raw.rglob("*")):
        shown = project.relative(path)
        hidden = path.name.startswith(".")  # what file managers leave behind
        if path.is_file() and not hidden and shown not in known:
            named = path.suffix == ".csv" and VINTAGE_NAME.fullmatch(path.stem)
            hint = "Bring it in with `anew ingest`, or remove it."
            message = "no vintage in the catalogue has this file."
            if not named:
                message = "not a vintage: those are named <date>.csv or <date>_<source>.csv."
            problems.append(Problem(shown, message, hint, "stray"))
    return problems


def _fingerprint(catalog: Catalog, name: str, vintage: str, data: bytes) -> str:
    table, entry = catalog.table(name), catalog.vintage(name, vintage)
    rules = {
        "code": _rules(),
        "columns": [column.model_dump() for column in table.columns],
        "key": table.key,
        "economies": [table.economies, sorted(table.own_codes), catalog.economies.model_dump()],
        "vintage": [entry.file, entry.as_of, entry.rows, entry.sha256],
        "data": hashlib.sha256(data).hexdigest(),
    }
    text = json.dumps(rules, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _rules() -> str:
    """Return a hash of the code that checks: a stricter rule must look at old files again."""
    here = Path(__file__)
    code = here.read_bytes() + here.with_name("frames.py").read_bytes()
    return hashlib.sha256(code).hexdigest()


def _remember(known: Path) -> None:
    try:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.touch()
    except OSError:
        pass  # a project on a read-only disk is checked every time
