"""The table of economies at a glance: gaps stay gaps, years are said."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.overview.table import at_a_glance, last_common_year
from anew.project.errors import AnewError


def long(**values):
    rows = [(code, year, v) for code, years in values.items() for year, v in years.items()]
    return pd.DataFrame(rows, columns=["economy", "year", "value"])


GDP = long(
    USA={2022: 10e12, 2023: 20e12}, CHN={2022: 5e12, 2023: 6e12},
    EUU={2022: 4e12, 2023: 4e12}, IND={2022: 1e12, 2023: 2e12},
)  # fmt: skip
RD = long(USA={2022: 3.0}, CHN={2022: 2.0, 2023: 2.1}, EUU={2022: 1.0})
EXPORTS = long(USA={2023: 20.0}, CHN={2023: 10.0}, EUU={2023: 30.0}, WLD={2023: 200.0})
UNICORNS = pd.DataFrame({"economy": ["USA", "CHN"], "count": [700, 150]})


def table(**given):
    return at_a_glance(
        GDP, RD, EXPORTS, EXPORTS, UNICORNS, economies=["USA", "IND"], **given
    )  # fmt: skip


def test_each_column_takes_the_last_year_that_the_anchors_share():
    assert last_common_year(GDP) == 2023 and last_common_year(RD) == 2022
    heads = [words["en"] for words in table()["columns"].values()]
    assert "GDP, US$ trillion (2023)" in heads and "R&D, US$ billion (2022)" in heads


def test_research_is_income_times_intensity_of_one_year():
    row = table()["rows"][0]
    assert row[1] == (20e12, "usd_tn_number") and row[2] == (10e12 * 3 / 100, "usd_number")
    assert row[4] == (10.0, "percent_number") and row[6] == (700.0, "count")


def test_a_gap_is_none_never_zero():
    assert table()["rows"][1][2:] == [None, None, None, None, None]


def test_a_year_that_the_table_lacks_is_refused():
    with pytest.raises(AnewError, match="2030"):
        table(exports_year=2030)
