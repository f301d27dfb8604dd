"""Unicorns by year: zeros inside the list's time, nothing after it, nobody counted twice."""

from __future__ import annotations

import csv
import datetime

import pandas as pd
import pytest
from figure_checks import RAW
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.shared.unicorn_years import (
    OTHER,
    counts_by_year,
    is_complete,
    share_before,
    shares_by_year,
    stack_by_year,
)
from anew.project.errors import AnewError

DAYS = {
    "2024-12_cbinsights": datetime.date(2024, 12, 31),
    "2025-10_cbinsights": datetime.date(2025, 10, 7),
}
FIVE = ["CHN", "USA", "EUU", "GBR", "IND"]
MEMBERS = {"EUU": ["DEU", "FRA", "IRL"]}
LISTS = [
    ("joined", "2024-12_cbinsights"),
    ("joined", "2025-10_cbinsights"),
    ("founded", "2024-12_cbinsights"),
]


def read(kind: str, vintage: str) -> pd.DataFrame:
    return pd.read_csv(RAW / f"unicorns_by_year_{kind}" / f"{vintage}.csv")


def plain(kind: str, vintage: str) -> dict[tuple[str, int], int]:
    path = RAW / f"unicorns_by_year_{kind}" / f"{vintage}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["economy"], int(row[f"year_{kind}"])): int(row["count"])
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize(("kind", "vintage"), LISTS)
def test_counts_are_those_of_the_file_and_absent_rows_are_zero(kind, vintage):
    counts = counts_by_year(read(kind, vintage), kind, DAYS[vintage], economies=FIVE)
    rows = plain(kind, vintage)
    for code in FIVE:
        for year in counts.index:
            assert counts.loc[year, code] == rows.get((code, int(year)), 0)
        assert counts[code].sum() == sum(n for (c, _), n in rows.items() if c == code)


def test_years_after_the_list_are_not_zero_but_left_out():
    table = read("founded", "2024-12_cbinsights")
    counts = counts_by_year(
        table, "founded", DAYS["2024-12_cbinsights"], economies=FIVE, last_year=2027
    )
    assert counts.index[-1] == 2024
    with pytest.raises(AnewError, match="no year from 2026"):
        counts_by_year(
            table, "founded", DAYS["2024-12_cbinsights"], economies=FIVE, first_year=2026
        )


def test_an_economy_without_unicorns_is_refused():
    table = read("joined", "2024-12_cbinsights")
    with pytest.raises(AnewError, match=r"no unicorn of the economy ISL[\s\S]*CHN"):
        counts_by_year(table, "joined", DAYS["2024-12_cbinsights"], economies=["ISL"])


@pytest.mark.parametrize(("kind", "vintage"), LISTS)
def test_shares_of_an_economy_add_up_to_100(kind, vintage):
    counts = counts_by_year(
        read(kind, vintage), kind, DAYS[vintage], economies=FIVE, first_year=2014
    )
    frame = shares_by_year(counts, DAYS[vintage])
    assert frame.groupby("economy")["share"].sum().to_numpy() == pytest.approx(100)
    assert set(frame["economy"]) == set(FIVE)


@given(
    st.lists(st.lists(st.integers(0, 400), min_size=4, max_size=4), min_size=1, max_size=5),
    st.integers(2014, 2018),
)
@settings(deadline=None)
def test_shares_of_any_counts(rows, split):
    codes = [f"X{number}" for number in range(len(rows))]
    counts = pd.DataFrame(dict(zip(codes, rows, strict=True)), index=range(2014, 2018))
    frame = shares_by_year(counts, datetime.date(2017, 12, 31), split)
    for code in codes:
        own = frame[frame["economy"] == code]
        if counts[code].sum():
            assert own["share"].sum() == pytest.approx(100)
            early = own.loc[own["year"] < split, "share"].sum()
            assert early == pytest.approx(share_before(counts[code], split))
        else:
            assert own["share"].isna().all()  # no company: no share, not a zero


@pytest.mark.parametrize(
    ("year", "day", "complete"),
    [
        (2024, datetime.date(2024, 12, 31), True),
        (2024, datetime.date(2024, 12, 5), True),
        (2024, datetime.date(2024, 11, 20), False),
        (2025, datetime.date(2025, 10, 7), False),
        (2024, datetime.date(2025, 10, 7), True),
    ],
)
def test_a_list_covers_a_year_when_it_is_of_its_end(year, day, complete):
    assert is_complete(year, day) is complete


@pytest.mark.parametrize(("kind", "vintage"), LISTS)
def test_a_stack_adds_up_to_the_world_and_goes_by_size(kind, vintage):
    frame = stack_by_year(read(kind, vintage), kind, DAYS[vintage], members=MEMBERS)
    rows = plain(kind, vintage)
    totals = frame.groupby("year")["count"].sum()
    for year, total in totals.items():
        assert total == rows.get(("WLD", year), 0)
    assert (frame["count"] >= 0).all()
    order = list(dict.fromkeys(frame["economy"]))
    sizes = frame.groupby("economy")["count"].sum()
    assert order[-1] == OTHER
    assert list(sizes[order[:-1]]) == sorted(sizes[order[:-1]], reverse=True)


def test_a_list_of_october_leaves_its_year_incomplete():
    vintage = "2025-10_cbinsights"
    frame = stack_by_year(read("joined", vintage), "joined", DAYS[vintage], members=MEMBERS)
    assert set(frame.loc[~frame["complete"], "year"]) == {2025}


@pytest.mark.parametrize("economies", [["EUU", "DEU"], ["USA", "IRL", "EUU"], ["WLD", "USA"]])
def test_what_would_be_counted_twice_is_refused(economies):
    vintage = "2025-10_cbinsights"
    with pytest.raises(AnewError, match="twice"):
        stack_by_year(
            read("joined", vintage), "joined", DAYS[vintage], members=MEMBERS, economies=economies
        )


def test_the_share_before_a_year_of_nothing_is_missing():
    assert share_before(pd.Series([0, 0], index=[2014, 2015]), 2015) != 0
    assert share_before(pd.Series([1, 3], index=[2014, 2015]), 2015) == 25
    assert share_before(pd.Series([1, 3], index=[2014, 2015]), 2010) == 0
