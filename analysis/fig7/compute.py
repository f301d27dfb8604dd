"""R&D expenditure: GDP times the share of it that is spent on research and development (Fig. 7).

The study computes it the same way from the same two World Bank series (its section 4.1).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.shared.panel import panel, year_range

DEFAULT_ECONOMIES = ("CHN", "USA", "EUU")


def rd_expenditure(
    gdp: pd.DataFrame,
    rd_share: pd.DataFrame,
    *,
    economies: Sequence[str] | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
) -> pd.DataFrame:
    """Return R&D expenditure by economy and year.

    `gdp` holds current US$, `rd_share` per cent of GDP; both have economy, year, value. Columns of
    the result: economy, year, gdp (US$), rd_share (per cent), rd_expenditure (US$), every economy
    with every year; missing where either input is missing. Raises AnewError for years or economies
    that the tables do not have.
    """
    chosen = list(economies or DEFAULT_ECONOMIES)
    years = year_range(first_year, last_year, [gdp, rd_share], where="R&D expenditure")
    income, share = panel(gdp, chosen, years), panel(rd_share, chosen, years)
    rows = [
        (code, year, income.loc[year, code], share.loc[year, code])
        for code in chosen
        for year in years
    ]
    frame = pd.DataFrame(rows, columns=["economy", "year", "gdp", "rd_share"])
    frame["rd_expenditure"] = frame["gdp"] * frame["rd_share"] / 100
    return frame


def growth_in_own_currency(
    frame: pd.DataFrame, exchange_rate: pd.DataFrame, economy: str, year: int
) -> float:
    """Return the growth of an economy's R&D expenditure in `year` in its own currency, per cent.

    `exchange_rate` holds national currency per US$ (economy, year, value), a year's average, at
    which the World Bank converts GDP. NaN where a value is missing.
    """
    spent = panel(frame, [economy], [year - 1, year], "rd_expenditure")[economy]
    rate = panel(exchange_rate, [economy], [year - 1, year])[economy]
    own = spent * rate
    return float(100 * (own[year] / own[year - 1] - 1))
