"""Industrial practice of economies on six axes in several years (Fig. 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

#: The axes clockwise from the top, with the unit of their values. The study names GDP, the size
#: of the digital economy, exports, imports, and the number and value of unicorns (section 2.3).
AXES = {
    "gdp": "usd",
    "digital_economy": "usd",
    "exports": "usd",
    "imports": "usd",
    "unicorns": "companies",
    "valuation": "usd",
}


def industrial_practice(
    gdp: pd.DataFrame,
    digital_economy: pd.DataFrame,
    exports: pd.DataFrame,
    imports: pd.DataFrame,
    unicorns: Mapping[int, pd.DataFrame],
    *,
    economies: Sequence[str],
    years: Sequence[int],
) -> pd.DataFrame:
    """Return one row for every economy, year and axis, with the value in the axis's base unit.

    `gdp` (US$), `digital_economy` (trillion US$), `exports` and `imports` (million US$) are tables
    by economy and year; `unicorns` holds a list's counts by economy for each year that has a list.
    Columns: economy, year, axis, unit, value. A value that no table has is missing, never zero;
    only an economy absent from a list that exists has none of its companies, which is a zero.
    """
    parts = [
        _series(gdp, "gdp", "value", 1.0),
        _series(digital_economy, "digital_economy", "value_usd_tn", 1e12),
        _series(exports, "exports", "value", 1e6),
        _series(imports, "imports", "value", 1e6),
    ]
    for year, counts in unicorns.items():
        listed = counts.set_index("economy").reindex(list(economies), fill_value=0).reset_index()
        listed = listed.assign(year=year)
        parts.append(_series(listed, "unicorns", "count", 1.0))
        parts.append(_series(listed, "valuation", "valuation_usd_bn", 1e9))
    known = pd.concat(parts).set_index(["economy", "year", "axis"])["value"]
    cells = pd.MultiIndex.from_product(
        [list(economies), list(years), list(AXES)], names=["economy", "year", "axis"]
    )
    frame = known.reindex(cells).reset_index()
    frame.insert(3, "unit", frame["axis"].map(AXES))
    return frame


def scale_axes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with `share_of_largest`: the value over the axis's largest in the frame.

    The largest is taken over all economies and years, so that years can be compared; a missing
    value stays missing, and so does an axis on which nobody has a value above zero.
    """
    largest = frame.groupby("axis")["value"].transform("max")
    return frame.assign(share_of_largest=frame["value"] / largest.where(largest > 0))


def axis_maxima(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the row of the largest value on each axis, in the order of the axes.

    Columns as in `frame`, indexed by axis; an axis without values is left out.
    """
    rows = frame.dropna(subset=["value"])
    rows = rows.loc[rows.groupby("axis")["value"].idxmax()].set_index("axis")
    return rows.reindex([axis for axis in AXES if axis in rows.index])


def leaders(frame: pd.DataFrame) -> dict[str, tuple[str, int]]:
    """Return who is largest on each axis, as (economy, year), in the last year with values.

    A year counts for an axis when at least two economies have a value in it; an axis that has no
    such year is left out. Of equal economies the first in the frame leads.
    """
    found = {}
    for axis in AXES:
        rows = frame[frame["axis"] == axis].dropna(subset=["value"])
        several = rows.groupby("year")["economy"].nunique()
        years = several[several >= 2].index
        if len(years):
            last = rows[rows["year"] == years.max()]
            found[axis] = (str(last.loc[last["value"].idxmax(), "economy"]), int(years.max()))
    return found


def value_of(frame: pd.DataFrame, axis: str, economy: str, year: int) -> float:
    """Return one value, or NaN where the frame has no such cell."""
    columns = (frame[name] for name in ("axis", "economy", "year", "value"))
    for *cell, value in zip(*columns, strict=True):  # fifty times as quick as a mask
        if cell == [axis, economy, year]:
            return float(value)
    return float("nan")


def growth(frame: pd.DataFrame, axis: str, economy: str, first: int, last: int) -> float:
    """Return the growth of a value from `first` to `last` in per cent, NaN where one is missing."""
    start, end = (value_of(frame, axis, economy, year) for year in (first, last))
    return (end / start - 1) * 100 if start else float("nan")


def _series(table: pd.DataFrame, axis: str, column: str, unit: float) -> pd.DataFrame:
    values = table[column].astype("float64") * unit
    return pd.DataFrame(
        {"economy": table["economy"], "year": table["year"], "axis": axis, "value": values}
    )
