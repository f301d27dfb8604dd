"""Patent families by WIPO technology field, in the study's three groups (Fig. 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

#: WIPO fields for the study's panels (a) 5G and AI, (b) software, chips and operating systems,
#: (c) e-commerce and blockchain: the nearest fields that the open table has.
GROUPS = {"communications": (3, 4, 5), "software_and_chips": (6, 8), "it_methods": (7,)}

#: The digital fields; field 1 (electrical machinery) is not among them.
DIGITAL = (2, 3, 4, 5, 6, 7, 8)
ELECTRICAL = (1, *DIGITAL)


def families_by_field(
    table: pd.DataFrame, *, economies: Sequence[str], years: Sequence[int]
) -> pd.DataFrame:
    """Return patent families of each group, field, economy and year.

    `table` has economy, year, wipo_field, count. Columns: group, wipo_field, economy, year, count
    (families; missing where the table has no row, never zero), in the order of the groups.
    """
    fields = [(group, field) for group, members in GROUPS.items() for field in members]
    cells = pd.MultiIndex.from_tuples(
        [(field, economy, year) for _, field in fields for economy in economies for year in years],
        names=["wipo_field", "economy", "year"],
    )
    known = table.set_index(["wipo_field", "economy", "year"])["count"].astype("float64")
    frame = known.reindex(cells).reset_index()
    frame.insert(0, "group", frame["wipo_field"].map({field: group for group, field in fields}))
    return frame


def families(table: pd.DataFrame, economy: str, year: int, fields: Iterable[int]) -> float:
    """Return an economy's families in a year, summed over `fields`; NaN if one is missing."""
    rows = table[(table["economy"] == economy) & (table["year"] == year)]
    counts = rows.set_index("wipo_field")["count"].astype("float64").reindex(list(fields))
    return float(counts.sum(skipna=False))


def count_of(table: pd.DataFrame, economy: str, year: int) -> float:
    """Return the count of an economy and year in a table without fields, NaN if it has none."""
    hit = table[(table["economy"] == economy) & (table["year"] == year)]["count"]
    return float(hit.iloc[0]) if len(hit) else float("nan")
