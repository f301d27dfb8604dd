"""Fig. 4's indicator: families by group, field, economy and year."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig4.compute import (
    DIGITAL,
    ELECTRICAL,
    GROUPS,
    count_of,
    families,
    families_by_field,
)

FILE = Path(__file__).parents[1] / "data" / "raw" / "patent_families" / "2022-03.csv"
THREE = ["CHN", "USA", "EUU"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(FILE)


@pytest.fixture(scope="module")
def raw() -> dict[tuple[str, int, int], int]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["economy"], int(row["year"]), int(row["wipo_field"])): int(row["count"])
            for row in csv.DictReader(file)
        }


def test_every_cell_equals_the_raw_file(table, raw):
    frame = families_by_field(table, economies=THREE, years=[2018, 2020])
    assert len(frame) == 6 * 3 * 2
    for row in frame.itertuples():
        assert row.count == raw[row.economy, row.year, row.wipo_field]
        assert row.wipo_field in GROUPS[row.group]


def test_groups_share_no_field_and_are_digital():
    fields = [field for members in GROUPS.values() for field in members]
    assert len(fields) == len(set(fields)) and set(fields) < set(DIGITAL) < set(ELECTRICAL)


def test_a_year_that_the_table_lacks_is_missing_not_zero(table):
    frame = families_by_field(table, economies=["CHN", "XXX"], years=[2018, 2031])
    assert frame[frame["year"] == 2031]["count"].isna().all()
    assert frame[frame["economy"] == "XXX"]["count"].isna().all()
    assert np.isnan(families(table, "CHN", 2031, DIGITAL))
    assert np.isnan(families(table, "CHN", 2018, [*DIGITAL, 99]))


def test_sums_over_fields(table, raw):
    expected = sum(raw["CHN", 2020, field] for field in DIGITAL)
    assert families(table, "CHN", 2020, DIGITAL) == expected == 125920


@settings(max_examples=50)
@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=6, max_size=6))
def test_the_groups_add_up_to_their_fields(counts):
    fields = [field for members in GROUPS.values() for field in members]
    table = pd.DataFrame(
        {"economy": "CHN", "year": 2020, "wipo_field": fields, "count": counts}
    ).sample(frac=1, random_state=0)
    frame = families_by_field(table, economies=["CHN"], years=[2020])
    for group, members in GROUPS.items():
        total = frame.loc[frame["group"] == group, "count"].sum()
        assert total == families(table, "CHN", 2020, members)


def test_count_of_a_row_that_is_not_there():
    table = pd.DataFrame({"economy": ["USA"], "year": [2020], "count": [0]})
    assert count_of(table, "USA", 2020) == 0
    assert np.isnan(count_of(table, "USA", 2021)) and np.isnan(count_of(table, "CHN", 2020))
