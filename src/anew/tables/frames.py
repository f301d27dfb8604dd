"""Frames: tables in memory, read without guessing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from anew.tables.catalog import Column, Table

if TYPE_CHECKING:
    from pandas import DataFrame

_TYPES = {"year": "int64", "integer": "int64", "number": "float64"}


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


def _dtype(column: Column) -> str:
    # An integer column that may be empty cannot be int64 without inventing a number for the gap.
    nullable = not column.required and column.type in ("year", "integer")
    return "Int64" if nullable else _TYPES.get(column.type, "str")
