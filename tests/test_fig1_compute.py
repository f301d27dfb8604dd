"""Fig. 1's indicator: six axes, several years, gaps that stay gaps."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig1.compute import (
    AXES,
    axis_maxima,
    growth,
    industrial_practice,
    leaders,
    scale_axes,
    value_of,
)

RAW = Path(__file__).parents[1] / "data" / "raw"
SIX = ["USA", "CHN", "EUU", "GBR", "DEU", "JPN"]
YEARS = [2018, 2023]


def read(table: str, vintage: str) -> list[dict[str, str]]:
    with (RAW / table / f"{vintage}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def frames() -> dict[str, pd.DataFrame]:
    one = {
        "gdp": ("gdp", "2024-09-19"),
        "digital_economy": ("digital_economy_size", "2024-01"),
        "exports": ("digital_services_exports", "2025-08-04"),
        "imports": ("digital_services_imports", "2025-08-04"),
    }
    return {name: pd.read_csv(RAW / t / f"{v}.csv") for name, (t, v) in one.items()}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    lists = {
        2018: pd.read_csv(RAW / "unicorns_by_economy" / "2018-12_cbinsights.csv"),
        2023: pd.read_csv(RAW / "unicorns_by_economy" / "2023-11_cbinsights.csv"),
    }
    return industrial_practice(**frames(), unicorns=lists, economies=SIX, years=YEARS)


def test_every_cell_equals_the_raw_file(frame):
    """Recomputed with the csv module alone: 72 cells, of which exactly those without a row miss."""
    raw: dict[tuple[str, int, str], float] = {}
    for axis, table, vintage, column, unit in [
        ("gdp", "gdp", "2024-09-19", "value", 1.0),
        ("digital_economy", "digital_economy_size", "2024-01", "value_usd_tn", 1e12),
        ("exports", "digital_services_exports", "2025-08-04", "value", 1e6),
        ("imports", "digital_services_imports", "2025-08-04", "value", 1e6),
    ]:
        for row in read(table, vintage):
            raw[row["economy"], int(row["year"]), axis] = float(row[column]) * unit
    for year, vintage in [(2018, "2018-12_cbinsights"), (2023, "2023-11_cbinsights")]:
        for row in read("unicorns_by_economy", vintage):
            raw[row["economy"], year, "unicorns"] = float(row["count"])
            raw[row["economy"], year, "valuation"] = float(row["valuation_usd_bn"]) * 1e9
    assert len(frame) == len(SIX) * len(YEARS) * len(AXES) == 72
    for row in frame.itertuples():
        expected = raw.get((row.economy, row.year, row.axis))
        if expected is None:
            assert np.isnan(row.value), row
        else:
            assert row.value == pytest.approx(expected, rel=1e-12)
    missing = frame[frame["value"].isna()]
    assert len(missing) == 7 and set(missing["axis"]) == {"digital_economy"}


def test_a_gap_is_never_zero(frame):
    assert (frame["value"].dropna() > 0).all()
    assert scale_axes(frame)["share_of_largest"].isna().equals(frame["value"].isna())


def test_largest_of_each_axis_is_one_over_both_years(frame):
    scaled = scale_axes(frame).groupby("axis")["share_of_largest"].max()
    assert (scaled == 1).all()
    maxima = axis_maxima(frame)
    assert list(maxima.index) == list(AXES)
    for axis, row in maxima.iterrows():
        assert row["value"] == frame.loc[frame["axis"] == axis, "value"].max()


def test_leaders_of_an_axis_without_a_last_year_are_of_the_year_before(frame):
    found = leaders(frame)
    assert found["digital_economy"] == ("USA", 2018)
    assert found["exports"] == ("EUU", 2023) and found["gdp"] == ("USA", 2023)


def test_a_year_without_a_list_has_no_unicorn_corner():
    counts = pd.DataFrame({"economy": ["WLD", "USA"], "count": [9, 9], "valuation_usd_bn": [9, 9]})
    built = industrial_practice(
        **frames(), unicorns={2018: counts}, economies=["USA", "JPN"], years=YEARS
    )
    assert value_of(built, "unicorns", "USA", 2018) == 9
    assert value_of(built, "unicorns", "JPN", 2018) == 0  # not on a list that exists
    assert np.isnan(value_of(built, "unicorns", "USA", 2023))  # no list


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(SIX), st.sampled_from(YEARS)),
        st.floats(min_value=1e3, max_value=1e14),
        min_size=1,
    ),
    st.floats(min_value=0.01, max_value=100),
)
def test_scale_knows_no_unit(values, factor):
    """Multiplying an axis by a constant changes no share, and cells that are absent stay so."""
    cells = [(economy, year, value) for (economy, year), value in values.items()]
    table = pd.DataFrame(cells, columns=["economy", "year", "value"])
    empty = pd.DataFrame({"economy": [], "year": [], "value": [], "value_usd_tn": []})

    def build(t):
        built = industrial_practice(t, empty, empty, empty, {}, economies=SIX, years=YEARS)
        return scale_axes(built[built["axis"] == "gdp"])["share_of_largest"]

    one, other = build(table), build(table.assign(value=table["value"] * factor))
    assert one.notna().sum() == len(values)
    pd.testing.assert_series_equal(one, other, rtol=1e-9)


def test_growth_needs_both_years(frame):
    assert growth(frame, "exports", "EUU", *YEARS) == pytest.approx((1699665 / 1202954 - 1) * 100)
    assert np.isnan(growth(frame, "digital_economy", "USA", *YEARS))
    assert np.isnan(growth(frame, "gdp", "XXX", *YEARS))
