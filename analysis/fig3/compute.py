"""Digital service exports as shares of the world's (Fig. 3), by either of two measures."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.shared.panel import panel, year_range

WORLD = "WLD"
DEFAULT_ECONOMIES = ("IRL", "IND", "CHN", "USA", "DEU", "FRA")

#: The table of each measure, and what one of its units is in US$.
MEASURES = {
    "ict_services": ("ict_service_exports", 1.0),
    "digitally_deliverable": ("digital_services_exports", 1e6),
}


def export_shares(
    exports: pd.DataFrame,
    measure: str,
    *,
    economies: Sequence[str] | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
) -> pd.DataFrame:
    """Return each economy's share of the world's exports by year.

    `exports` is the table of `measure` (a key of MEASURES) with economy, year, value and a world
    row. Columns of the result: economy, year, exports (US$), world (US$), share (per cent); a
    share is missing where the economy's or the world's value is. Raises AnewError for years or
    economies that the table does not have.
    """
    chosen = list(economies or DEFAULT_ECONOMIES)
    years = year_range(first_year, last_year, [exports], where="Digital service exports")
    wide = panel(exports, [*dict.fromkeys([*chosen, WORLD])], years) * MEASURES[measure][1]
    rows = [
        (code, year, wide.loc[year, code], wide.loc[year, WORLD])
        for code in chosen
        for year in years
    ]
    frame = pd.DataFrame(rows, columns=["economy", "year", "exports", "world"])
    frame["share"] = 100 * frame["exports"] / frame["world"]
    return frame


def covered_years(exports: pd.DataFrame, first_year: int, last_year: int) -> range:
    """Return the years of `first_year` to `last_year` that the table covers; may be empty."""
    low, high = int(exports["year"].min()), int(exports["year"].max())
    return range(max(first_year, low), min(last_year, high) + 1)


def shares(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the shares of every economy of a table by year (years × economies, per cent)."""
    codes = [code for code in dict.fromkeys(table["economy"]) if code != WORLD]
    return panel(
        export_shares(table, measure, economies=codes), codes, sorted(set(table["year"])), "share"
    )
