"""Values by year and economy: gaps stay gaps, and a crossing is one only if it lasts."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.shared.panel import (
    Crossing,
    crossing,
    gaps,
    growth_per_year,
    panel,
    ranked,
    widened,
    year_range,
)
from anew.project.errors import AnewError

NAN = float("nan")
values = st.lists(st.one_of(st.just(NAN), st.floats(0.1, 100)), min_size=2, max_size=12)


def series(*values: float, first: int = 2013) -> pd.Series:
    return pd.Series(values, index=range(first, first + len(values)), dtype=float)


def table(rows: dict[tuple[str, int], float]) -> pd.DataFrame:
    data = [(code, year, value) for (code, year), value in rows.items()]
    return pd.DataFrame(data, columns=["economy", "year", "value"])


def test_a_row_that_is_absent_is_a_gap_and_not_zero():
    wide = panel(
        table({("A", 2013): 1.0, ("A", 2015): 3.0, ("B", 2013): 2.0}), ["B", "A"], range(2013, 2016)
    )
    assert list(wide.columns) == ["B", "A"] and list(wide.index) == [2013, 2014, 2015]
    assert math.isnan(wide.loc[2014, "A"]) and math.isnan(wide.loc[2015, "B"])
    assert gaps(wide) == {"B": [2014, 2015], "A": [2014]}
    rows = [("B", 2013, 2.0), ("B", 2014, NAN), ("A", 2013, 1.0), ("A", 2014, NAN)]
    frame = pd.DataFrame(rows, columns=["economy", "year", "v"])
    assert widened(frame, "v").equals(wide.loc[2013:2014].rename_axis(index="year"))


def test_an_economy_without_a_single_row_is_refused_and_the_others_named():
    with pytest.raises(AnewError, match=r"economy XXX[\s\S]*A, B"):
        panel(table({("A", 2013): 1.0, ("B", 2013): 1.0}), ["XXX"], [2013])


def test_years_default_to_what_all_tables_cover():
    early = table({("A", 2007): 1.0, ("A", 2022): 1.0})
    late = table({("A", 2010): 1.0, ("A", 2024): 1.0})
    assert list(year_range(None, None, [early, late], where="x")) == list(range(2010, 2023))
    assert list(year_range(2014, 2016, [early, late], where="x")) == [2014, 2015, 2016]
    assert list(year_range(2014, 2014, [early], where="x")) == [2014]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(2016, 2014, "later than the last"), (2014, 2031, "2007 to 2022"), (1990, 2014, "not all in")],
)
def test_years_that_the_data_do_not_have_are_refused(first, last, said):
    with pytest.raises(AnewError, match=said):
        year_range(first, last, [table({("A", 2007): 1.0, ("A", 2022): 1.0})], where="Fig.")


@pytest.mark.parametrize(
    ("leader", "other", "expected"),
    [
        ((1, 2, 5, 6), (3, 3, 3, 3), Crossing(2015, 2014)),
        ((5, 5, 5, 5), (3, 3, 3, 3), None),  # ahead from the start
        ((1, 1, 1, 1), (3, 3, 3, 3), None),  # never
        ((1, 5, 1, 5), (3, 3, 3, 3), Crossing(2016, 2015)),  # back and forth: the last time counts
        ((1, 5, 5, 1), (3, 3, 3, 3), None),  # fell back again
        ((1, 3, 5, 5), (3, 3, 3, 3), Crossing(2015, 2014)),  # level is not ahead
        ((1, 5, 5, 3), (3, 3, 3, 3), None),  # level at the end
        ((1, NAN, 5, 6), (3, 3, 3, 3), Crossing(2015, 2013)),  # the year before is missing
        ((1, 5, 5, NAN), (3, 3, 3, 3), Crossing(2014, 2013)),  # the last year decides nothing
        ((NAN, NAN, 5, 6), (3, 3, 3, 3), None),
        ((NAN,) * 4, (3, 3, 3, 3), None),
    ],
)
def test_crossings(leader, other, expected):
    found = crossing(series(*leader), series(*other))
    assert found == expected
    if found:
        assert found.exact == (found.after == found.year - 1)


@given(values, values)
def test_a_crossing_is_what_its_definition_says(one, other):
    size = min(len(one), len(other))
    a, b = series(*one[:size]), series(*other[:size])
    known = [year for year in a.index if a[year] == a[year] and b[year] == b[year]]
    found = crossing(a, b)
    if found:
        assert a[found.after] <= b[found.after]
        assert all(a[year] > b[year] for year in known if year >= found.year)
        assert [year for year in known if found.after < year < found.year] == []
        assert crossing(b, a) is None
    else:
        ends_ahead = bool(known) and a[known[-1]] > b[known[-1]]
        assert not ends_ahead or all(a[year] > b[year] for year in known)


def test_ranks_leave_out_what_is_missing_and_break_ties_by_code():
    row = pd.Series({"B": 2.0, "A": 2.0, "C": NAN, "D": 5.0})
    assert ranked(row) == ["D", "A", "B"]


@given(st.floats(1, 1e12), st.floats(-0.2, 0.5), st.integers(1, 20))
def test_growth_per_year_is_the_rate_that_leads_from_first_to_last(start, rate, steps):
    path = series(*(start * (1 + rate) ** step for step in range(steps + 1)))
    assert growth_per_year(path) == pytest.approx(100 * rate, abs=1e-6)


def test_growth_without_its_ends_is_missing():
    assert math.isnan(growth_per_year(series(NAN, 2.0)))
    assert math.isnan(growth_per_year(series(1.0, NAN)))
    assert math.isnan(growth_per_year(series(1.0)))
