"""Economies by years: a table's values with every gap in its place, and who leads when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from anew.project.errors import AnewError


@dataclass(frozen=True)
class Crossing:
    """An economy passes another: ahead from `year` on, not ahead in `after`, the year before it.

    `exact` is False where the years between the two are missing, so that `year` is only the first
    in which both are known again.
    """

    year: int
    after: int

    @property
    def exact(self) -> bool:
        return self.after == self.year - 1


def panel(
    table: pd.DataFrame, economies: Sequence[str], years: Sequence[int], column: str = "value"
) -> pd.DataFrame:
    """Return `column` of a long table as years × economies; what the table lacks is NaN.

    Raises AnewError for an economy of which the table has nothing at all.
    """
    known = set(table["economy"])
    for code in economies:
        if code not in known:
            raise AnewError(
                f"The table has no rows for the economy {code}.",
                f"It has {', '.join(sorted(known))}.",
            )
    wide = table.pivot(index="year", columns="economy", values=column)
    return wide.reindex(index=list(years), columns=list(economies)).astype("float64")


def widened(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return `column` of a tidy frame as years × economies, in the frame's order, gaps kept."""
    return panel(frame, list(dict.fromkeys(frame["economy"])), sorted(set(frame["year"])), column)


def row_of(wide: pd.DataFrame, year: int) -> pd.Series[float]:
    """Return the values of one year of a panel, by economy."""
    found: Any = wide.loc[year]
    return pd.Series(found)


def cell(wide: pd.DataFrame, year: int, code: str) -> float:
    """Return one value of a panel; KeyError where it has no such year or economy."""
    found: Any = wide.loc[year, code]
    return float(found)


def year_of_most(series: pd.Series[float] | pd.Series[int]) -> int:
    """Return the first year in which a series by year is largest."""
    found: Any = series.idxmax()
    return int(found)


def year_of_least(series: pd.Series[float] | pd.Series[int]) -> int:
    """Return the first year in which a series by year is smallest."""
    found: Any = series.idxmin()
    return int(found)


def year_range(
    first_year: int | None, last_year: int | None, tables: Sequence[pd.DataFrame], *, where: str
) -> range:
    """Return the years from `first_year` to `last_year`; None is the first or last of the data.

    Raises AnewError when the first is later than the last or the data do not reach that far:
    `where` names the figure.
    """
    lows = [int(table["year"].min()) for table in tables]
    highs = [int(table["year"].max()) for table in tables]
    first = max(lows) if first_year is None else first_year
    last = min(highs) if last_year is None else last_year
    if first > last:
        raise AnewError(
            f"{where}: the first year {first} is later than the last year {last}.",
            "Give first_year and last_year in order.",
        )
    if last > min(highs) or first < max(lows):
        raise AnewError(
            f"{where}: the years {first} to {last} are not all in the data.",
            f"These vintages cover {max(lows)} to {min(highs)}.",
        )
    return range(first, last + 1)


def crossing(leader: pd.Series, other: pd.Series) -> Crossing | None:
    """Return when `leader` passed `other` for good, from two series by year; None if it did not.

    For good: ahead in that year and in every later one in which both are known, the last of the
    two included, and not ahead (behind or level) in some year before. Years in which either is
    missing decide nothing.
    """
    known = (leader.notna() & other.notna()).sort_index()
    years = [int(year) for year in known.index[known]]
    ahead = [bool(leader[year] > other[year]) for year in years]
    if not ahead or not ahead[-1] or all(ahead):
        return None
    behind = max(index for index, is_ahead in enumerate(ahead) if not is_ahead)
    return Crossing(years[behind + 1], years[behind])


def ranked(row: pd.Series) -> list[str]:
    """Return the economies that have a value in `row`, largest first; ties by code."""
    present = row.dropna()
    return sorted(map(str, present.index), key=lambda code: (-float(present[code]), code))


def gaps(wide: pd.DataFrame) -> dict[str, list[int]]:
    """Return the years without a value by economy, of those that have any such year."""
    found = {str(code): wide.index[wide[code].isna()] for code in wide.columns}
    return {code: [int(year) for year in years] for code, years in found.items() if len(years)}


def growth_per_year(series: pd.Series) -> float:
    """Return the average yearly growth between a series' ends in per cent; NaN if one is missing.

    The geometric mean: what grows at this rate every year goes from the first value to the last.
    """
    first, last = float(series.iloc[0]), float(series.iloc[-1])
    steps = int(series.index[-1]) - int(series.index[0])
    if steps == 0 or not first > 0:
        return float("nan")
    return 100 * (float((last / first) ** (1 / steps)) - 1)
