"""R&D expenditure: the product of two tables, missing where either is."""

from __future__ import annotations

import csv
import math

import pandas as pd
import pytest
from figure_checks import RAW
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig7.compute import growth_in_own_currency, rd_expenditure
from anew.project.errors import AnewError

GDP = pd.read_csv(RAW / "gdp" / "2024-09-19.csv")
SHARE = pd.read_csv(RAW / "rd_share" / "2025-12-17.csv")
RATE = pd.read_csv(RAW / "exchange_rate" / "2026-07-01.csv")


def plain(name: str, vintage: str) -> dict[tuple[str, int], float]:
    """Read a table without pandas: what the frames must agree with."""
    with (RAW / name / f"{vintage}.csv").open(encoding="utf-8", newline="") as file:
        return {(r["economy"], int(r["year"])): float(r["value"]) for r in csv.DictReader(file)}


def test_the_papers_years_give_the_known_sums():
    frame = rd_expenditure(GDP, SHARE, first_year=2014, last_year=2022)
    last = frame[frame["year"] == 2022].set_index("economy")["rd_expenditure"] / 1e9
    assert round(last["USA"], 1) == 923.2
    assert round(last["CHN"], 1) == 456.9
    assert round(last["EUU"], 1) == 376.2


@pytest.mark.parametrize(("gdp", "share"), [("2024-09-19", "2025-12-17"), ("2026-07-01",) * 2])
def test_every_cell_is_the_product_of_the_two_tables(gdp, share):
    codes = ["CHN", "USA", "EUU", "IND", "GBR", "IRL", "DEU"]
    frame = rd_expenditure(
        pd.read_csv(RAW / "gdp" / f"{gdp}.csv"),
        pd.read_csv(RAW / "rd_share" / f"{share}.csv"),
        economies=codes,
    )
    income, part = plain("gdp", gdp), plain("rd_share", share)
    assert list(dict.fromkeys(frame["economy"])) == codes
    for row in frame.to_dict("records"):
        key = (row["economy"], row["year"])
        if key in income and key in part:
            assert row["rd_expenditure"] == pytest.approx(income[key] * part[key] / 100, rel=1e-12)
        else:
            assert math.isnan(row["rd_expenditure"])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_missing_input_gives_a_missing_output_and_changes_nothing_else(data):
    table, other = data.draw(st.sampled_from([(GDP, SHARE), (SHARE, GDP)]))
    code = data.draw(st.sampled_from(["CHN", "USA", "EUU"]))
    year = data.draw(st.integers(2014, 2022))
    hole = table[~((table["economy"] == code) & (table["year"] == year))]
    gdp, share = (hole, other) if table is GDP else (other, hole)
    years = {"first_year": 2014, "last_year": 2022}
    before = rd_expenditure(GDP, SHARE, **years)["rd_expenditure"]
    frame = rd_expenditure(gdp, share, **years)
    hit = (frame["economy"] == code) & (frame["year"] == year)
    assert frame.loc[hit, "rd_expenditure"].isna().all() and hit.sum() == 1
    assert frame.loc[~hit, "rd_expenditure"].equals(before[~hit])


def test_years_and_economies_that_are_not_there_are_refused():
    with pytest.raises(AnewError, match="2007 to 2022"):
        rd_expenditure(GDP, SHARE, last_year=2031)
    with pytest.raises(AnewError, match="economy ATA"):
        rd_expenditure(GDP, SHARE, economies=["ATA"], first_year=2014, last_year=2016)


def test_growth_in_yuan_is_that_of_dollars_and_of_the_rate():
    frame = rd_expenditure(GDP, SHARE, first_year=2021, last_year=2022)
    gdp, part, rate = (
        plain("gdp", "2024-09-19"),
        plain("rd_share", "2025-12-17"),
        plain("exchange_rate", "2026-07-01"),
    )
    yuan = {y: gdp["CHN", y] * part["CHN", y] * rate["CHN", y] for y in (2021, 2022)}
    expected = 100 * (yuan[2022] / yuan[2021] - 1)
    assert growth_in_own_currency(frame, RATE, "CHN", 2022) == pytest.approx(expected, rel=1e-9)
    assert expected == pytest.approx(10.11, abs=0.01)
