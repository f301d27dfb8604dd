"""Shares of the world's exports: of the world's own row, missing where either is."""

from __future__ import annotations

import csv
import math

import pandas as pd
import pytest
from figure_checks import RAW
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig3.compute import MEASURES, covered_years, export_shares
from anew.project.errors import AnewError

FILES = {
    "ict_services": RAW / "ict_service_exports" / "2026-02-24.csv",
    "digitally_deliverable": RAW / "digital_services_exports" / "2025-08-04.csv",
}
TABLES = {name: pd.read_csv(path) for name, path in FILES.items()}


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_share_is_that_of_the_plain_file(measure):
    with FILES[measure].open(encoding="utf-8", newline="") as file:
        plain = {(r["economy"], int(r["year"])): float(r["value"]) for r in csv.DictReader(file)}
    frame = export_shares(TABLES[measure], measure)
    scale = {"ict_services": 1, "digitally_deliverable": 1_000_000}[measure]
    assert len(frame) == 6 * len({year for _, year in plain})
    for row in frame.to_dict("records"):
        value, world = plain[row["economy"], row["year"]], plain["WLD", row["year"]]
        assert row["share"] == pytest.approx(100 * value / world, rel=1e-12)
        assert row["exports"] == pytest.approx(value * scale, rel=1e-12)


@given(st.sampled_from(["IRL", "CHN", "WLD"]), st.integers(2013, 2022))
@settings(max_examples=30, deadline=None)
def test_a_missing_value_leaves_its_share_open_and_the_worlds_leaves_all_open(code, year):
    table = TABLES["ict_services"]
    hole = table[~((table["economy"] == code) & (table["year"] == year))]
    years = {"first_year": 2013, "last_year": 2022}
    frame = export_shares(hole, "ict_services", **years)
    missing = frame[frame["share"].isna()]
    expected = 6 if code == "WLD" else 1
    assert len(missing) == expected and set(missing["year"]) == {year}
    rest = frame["share"].dropna()
    before = export_shares(table, "ict_services", **years)["share"]
    assert rest.equals(before[rest.index])


def test_the_world_is_100_per_cent_and_a_union_is_more_than_its_members_shown():
    frame = export_shares(
        TABLES["ict_services"], "ict_services", economies=["WLD", "EUU", "DEU", "FRA", "IRL"]
    )
    share = frame.pivot(index="year", columns="economy", values="share")
    assert share["WLD"].to_numpy() == pytest.approx(100)
    assert (share["EUU"] > share[["DEU", "FRA", "IRL"]].sum(axis="columns")).all()


def test_the_other_measure_is_told_for_the_years_that_it_covers():
    table = TABLES["digitally_deliverable"]
    assert list(covered_years(table, 2013, 2024)) == list(range(2013, 2024))
    assert len(covered_years(table, 1990, 1995)) == 0


def test_years_that_are_not_there_are_refused():
    with pytest.raises(AnewError, match="2007 to 2024"):
        export_shares(TABLES["ict_services"], "ict_services", last_year=2030)


def test_a_world_without_a_value_is_no_division_by_zero():
    table = pd.DataFrame(
        [("IRL", 2013, 1.0), ("WLD", 2013, float("nan"))], columns=["economy", "year", "value"]
    )
    share = export_shares(table, "ict_services", economies=["IRL"])["share"]
    assert math.isnan(share.iloc[0])
