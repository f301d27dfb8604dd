"""Sums that the study prints, against tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.paper.compute import (
    entries_between,
    rank_of,
    share_of_gdp,
    value_of,
    whole_of,
)

RAW = Path(__file__).parents[1] / "data" / "raw"


def cells(path: str, column: str = "value") -> dict[tuple[str, int], float]:
    with (RAW / path).open(encoding="utf-8", newline="") as file:
        return {(r["economy"], int(r["year"])): float(r[column]) for r in csv.DictReader(file)}


@pytest.mark.parametrize("vintage", ["2024-09-19", "2026-07-01"])
def test_share_of_gdp_from_plain_csv(vintage):
    gdp, rate = cells(f"gdp/{vintage}.csv"), cells("exchange_rate/2026-07-01.csv")
    expected = 100 * 10.09e12 / (gdp["CHN", 2023] * rate["CHN", 2023])
    ours = share_of_gdp(
        10.09e12,
        pd.read_csv(RAW / f"gdp/{vintage}.csv"),
        pd.read_csv(RAW / "exchange_rate/2026-07-01.csv"),
        "CHN",
        2023,
    )
    assert ours == pytest.approx(expected, rel=1e-12) and 7 < ours < 9


def test_a_missing_rate_gives_no_share():
    gdp = pd.DataFrame({"economy": ["CHN"], "year": [2023], "value": [1.0]})
    assert np.isnan(share_of_gdp(1, gdp, gdp[gdp["year"] == 1999], "CHN", 2023))
    assert np.isnan(value_of(gdp, "CHN", 2022))


@given(st.floats(min_value=0.1, max_value=1e15), st.floats(min_value=0.1, max_value=100))
def test_part_of_the_whole(part, share):
    assert whole_of(part, share) * share / 100 == pytest.approx(part)


def test_entries_of_ai_policies_from_plain_csv():
    raw = cells("ai_policies/2026-01.csv", "count")
    totals = entries_between(pd.read_csv(RAW / "ai_policies/2026-01.csv"), 2018, 2023)
    for economy, total in totals.items():
        assert total == sum(raw.get((economy, year), 0) for year in range(2018, 2024))
    assert totals.is_monotonic_decreasing and totals["USA"] == 69 and totals["GBR"] == 58


def test_rank_shares_the_better_place():
    totals = pd.Series({"A": 9, "B": 7, "C": 7, "D": 1})
    assert rank_of(totals, ["B", "C", "D", "X"]) == {"B": 2, "C": 2, "D": 4}
