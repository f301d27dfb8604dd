"""The computation of the data and of Figure 1, on values that can be checked elsewhere."""

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "data")]

from compute import daylight as hours_of  # noqa: E402

from analysis import daylight  # noqa: E402


@pytest.mark.parametrize("latitude", [0.0, 23.0, 40.0, 53.5])
def test_a_day_and_a_night_are_nearly_equal_at_the_equinoxes(latitude):
    for day in (date(2025, 3, 20), date(2025, 9, 22)):
        assert hours_of(latitude, day) == pytest.approx(12.15, abs=0.12)  # refraction adds minutes


def test_the_longest_day_in_beijing_lasts_a_minute_more_than_15_hours():
    assert hours_of(39.9, date(2025, 6, 21)) == pytest.approx(15.02, abs=0.02)


def test_each_city_has_a_column_and_each_month_a_row():
    rows = [(city, month, 12.0) for city in daylight.LOOKS for month in ("2024-01", "2024-02")]
    table = pd.DataFrame(rows, columns=["city", "month", "hours"])
    found = daylight.by_city(table, "2024-02", "2024-02")
    assert list(found.index) == ["2024-02"] and list(found.columns) == list(daylight.LOOKS)
    assert not daylight.is_sorted(found.loc["2024-02"])  # equal is no order
