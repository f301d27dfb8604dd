"""The computation of Figure 1, on a table small enough to check by hand."""

import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis import rainfall  # noqa: E402


def test_each_country_has_a_column_and_each_year_a_row():
    rows = [("DEU", 2020, 1.0), ("FRA", 2020, 2.0), ("DEU", 2021, 3.0), ("FRA", 2022, 4.0)]
    table = pd.DataFrame(rows, columns=["economy", "year", "value"])
    found = rainfall.by_country(table, 2021)
    assert list(found.index) == [2020, 2021]
    assert found.loc[2021, "DEU"] == 3
    assert pd.isna(found.loc[2021, "FRA"])  # missing stays missing
