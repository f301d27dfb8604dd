"""Sums and shares that the study prints, held against tables (statements of no figure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from anew.text.statements import Printed


def value_of(table: pd.DataFrame, economy: str, year: int, column: str = "value") -> float:
    """Return one cell of a table by economy and year, NaN where there is no such row."""
    hit = table[(table["economy"] == economy) & (table["year"] == year)][column]
    return float(hit.iloc[0]) if len(hit) else float("nan")


def share_of_gdp(
    amount: float, gdp: pd.DataFrame, exchange_rate: pd.DataFrame, economy: str, year: int
) -> float:
    """Return what per cent of an economy's GDP an `amount` in its own currency is.

    `gdp` is in US$, `exchange_rate` in national currency per US$ (the year's average, at which
    the GDP was converted, so that the quotient is that of the amounts in national currency).
    """
    local = value_of(gdp, economy, year) * value_of(exchange_rate, economy, year)
    return 100 * amount / local


def whole_of(part: float, share: float) -> float:
    """Return the whole of which `part` is `share` per cent."""
    return part / (share / 100)


def entries_between(policies: pd.DataFrame, first: int, last: int) -> pd.Series:
    """Return the number of entries of each economy with a year from `first` to `last`.

    Indexed by economy, largest first, equal ones by code. An economy without a row in those years
    has no entry in them; one that the table does not have at all is absent.
    """
    inside = policies[policies["year"].between(first, last)]
    totals = inside.groupby("economy")["count"].sum()
    totals = totals.reindex(sorted(policies["economy"].unique()), fill_value=0)
    return totals.sort_values(ascending=False, kind="stable")


def rank_of(totals: pd.Series, economies: Sequence[str]) -> dict[str, int]:
    """Return the rank of each economy, 1 for the largest; equal totals share the better rank."""
    ranks = totals.rank(method="min", ascending=False)
    return {economy: int(ranks[economy]) for economy in economies if economy in ranks.index}


def totals_that_fit(parts: Iterable[tuple[int, Printed]]) -> list[int]:
    """Return every whole total of which all `parts` have the share that is printed for them.

    `parts` pairs a count with its printed share in per cent. Totals below the sum of the counts are
    possible, since parts may overlap; totals beyond the point where the largest part's share has
    fallen below what is printed are not, which bounds the search.
    """
    pairs = list(parts)
    if not pairs:
        return []
    count, printed = max(pairs, key=lambda pair: pair[0])
    floor = printed.base - 10.0**-printed.decimals
    if floor <= 0:
        raise ValueError(f"A share printed as {printed.value} bounds no total.")
    bound = int(100 * count / floor) + 1
    return [
        total
        for total in range(count, bound + 1)
        if all(share.fits(100 * part / total) for part, share in pairs)
    ]
