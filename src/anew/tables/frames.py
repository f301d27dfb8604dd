"""Frames: tables in memory, read without guessing and checked with pandera, types before values."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from anew.project.problems import Problem
from anew.tables.catalog import Table

if TYPE_CHECKING:
    from collections.abc import Collection

    from pandas import DataFrame

_TYPES = {"economy": "str", "text": "str", "year": "int64", "integer": "int64", "number": "float64"}


def read_frame(data: bytes, table: Table) -> DataFrame:
    """Return the content of a CSV file as a frame with the catalogue's columns and types.

    Only an empty cell is missing: NA, nan and null are text, and text in a number's column raises
    ValueError, so check the file first.
    """
    import pandas as pd

    types = {column.name: _dtype(column) for column in table.columns}
    return pd.read_csv(
        io.BytesIO(data),
        dtype=types,
        encoding="utf-8",
        keep_default_na=False,
        na_values=[""],
    )


def check_frame(
    frame: DataFrame, table: Table, codes: Collection[str], last_year: int, shown: str
) -> list[Problem]:
    """Return what is wrong in `frame` against the catalogue: types first, then values.

    A value is judged only once every type is right, because a check on a column of mixed types
    fails without saying where. `codes` are the economies that may occur, `last_year` the last year
    that the vintage can speak of. Rows are counted as in the file, the header being row 1.
    """
    frame = frame.reset_index(drop=True)
    problems = _validate(frame, _type_schema(table), shown)
    return problems or _validate(frame, _value_schema(table, codes, last_year), shown)


def _validate(frame: DataFrame, schema: Any, shown: str) -> list[Problem]:
    from pandera.errors import SchemaErrors

    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        return [_problem(case, shown) for case in error.failure_cases.to_dict("records")]
    return []


def _problem(case: dict[str, Any], shown: str) -> Problem:
    index = case.get("index")
    row = int(index) + 2 if isinstance(index, int | float) and index == index else None
    column = case["column"] if case["schema_context"] == "Column" else None
    check = str(case["check"])
    message = f"{case['failure_case']!r} fails the frame's check {check}."
    hint = "Correct it at its source and bring it in as a new vintage."
    return Problem(shown, message, hint, "frame", row, column, str(case["failure_case"]))


def _dtype(column: Any) -> str:
    # An integer column that may be empty cannot be int64 without inventing a number for the gap.
    nullable = not column.required and column.type in ("year", "integer")
    return "Int64" if nullable else _TYPES[column.type]


def _type_schema(table: Table) -> Any:
    import pandera.pandas as pa

    columns = {
        column.name: pa.Column(_dtype(column), nullable=not column.required)
        for column in table.columns
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def _value_schema(table: Table, codes: Collection[str], last_year: int) -> Any:
    import pandera.pandas as pa

    columns = {}
    for column in table.columns:
        checks = []
        if column.type == "economy":
            checks.append(pa.Check.isin(sorted(codes), error="known economy"))
        if column.minimum is not None:
            checks.append(pa.Check.ge(column.minimum, error=f"at least {column.minimum:g}"))
        if column.maximum is not None:
            checks.append(pa.Check.le(column.maximum, error=f"at most {column.maximum:g}"))
        if column.positive:
            checks.append(pa.Check.gt(0, error="more than zero"))
        if column.type == "year":
            checks.append(pa.Check.le(last_year, error=f"not after the vintage ({last_year})"))
        if column.values:
            checks.append(pa.Check.isin(sorted(column.values), error="one of the codes"))
        columns[column.name] = pa.Column(checks=checks, nullable=not column.required)
    return pa.DataFrameSchema(columns, unique=table.key)
