"""Fig. 5 and 6 as drawn: legible in every selection, an unfinished year marked as such."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from figure_checks import RAW, drawn, faults_in, same_drawing, unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.fig5 import draw as years_chart
from analysis.fig5 import words as years_words
from analysis.fig6 import draw as stack_chart
from analysis.fig6 import words as stack_words
from analysis.shared.unicorn_years import (
    SHARE_ECONOMIES,
    counts_by_year,
    shares_by_year,
    stack_by_year,
)

DAYS = {
    "2024-12_cbinsights": (datetime.date(2024, 12, 31), "2024-12"),
    "2025-10_cbinsights": (datetime.date(2025, 10, 7), "2025-10-07"),
}
MEMBERS = {"EUU": ["DEU", "FRA", "IRL"]}
JOINED = ("joined", "2025-10_cbinsights")
CASES = [
    ("joined", "2024-12_cbinsights", {"first_year": 2014}, None),
    (*JOINED, {"first_year": 2014}, None),
    (*JOINED, {"first_year": 2007}, None),
    (*JOINED, {"first_year": 2020, "last_year": 2023}, None),
    (*JOINED, {"first_year": 2021, "last_year": 2021}, ["CHN", "USA"]),
    (*JOINED, {"first_year": 2014}, ["JPN", "KOR", "IRL"]),
    (*JOINED, {"first_year": 2014}, ["IND"]),
    ("founded", "2024-12_cbinsights", {}, None),
    ("founded", "2024-12_cbinsights", {"first_year": 2007, "last_year": 2025}, ["DEU", "GBR"]),
]


def read(kind: str, vintage: str) -> pd.DataFrame:
    return pd.read_csv(RAW / f"unicorns_by_year_{kind}" / f"{vintage}.csv")


def shares(kind: str, vintage: str, economies=None, split: int = 2019, **years) -> pd.DataFrame:
    counts = counts_by_year(
        read(kind, vintage),
        kind,
        DAYS[vintage][0],
        economies=economies or SHARE_ECONOMIES,
        **years,
    )
    return shares_by_year(counts, DAYS[vintage][0], split)


def stack(kind: str, vintage: str, economies=None, **years) -> pd.DataFrame:
    return stack_by_year(
        read(kind, vintage), kind, DAYS[vintage][0], members=MEMBERS, economies=economies, **years
    )


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "vintage", "years", "economies"), CASES)
def test_fig5_is_legible_and_one_in_both_languages(kind, vintage, years, economies):
    frame = shares(kind, vintage, economies, **years)
    said = years_words.words(frame, kind, DAYS[vintage][1])
    assert unreadable(years_chart.draw, frame, said) == []
    assert same_drawing(years_chart.draw, frame, said)
    assert faults_in(said) == []


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "vintage", "years", "economies"), CASES)
def test_fig6_is_legible_and_one_in_both_languages(kind, vintage, years, economies):
    frame = stack(kind, vintage, economies, **years)
    said = stack_words.words(frame, kind, DAYS[vintage][1])
    assert unreadable(stack_chart.draw, frame, said) == []
    assert same_drawing(stack_chart.draw, frame, said)
    assert faults_in(said) == []


def test_columns_of_fig5_are_the_shares():
    frame = shares("joined", "2025-10_cbinsights", first_year=2014)
    said = years_words.words(frame, "joined", "2025-10-07")
    figure = drawn(years_chart.draw, frame, said, "en")
    assert len(figure.axes) == 5
    for ax, code in zip(figure.axes, SHARE_ECONOMIES, strict=True):
        heights = [patch.get_height() for patch in ax.patches]
        own = frame.loc[frame["economy"] == code, "share"]
        assert heights == pytest.approx(list(own))
    limits = {ax.get_ylim() for ax in figure.axes}
    assert len(limits) == 1  # one scale for all


def test_an_unfinished_year_is_hatched_starred_and_noted():
    vintage, as_of = "2025-10_cbinsights", "2025-10-07"
    frame = shares("joined", vintage, first_year=2014)
    said = years_words.words(frame, "joined", as_of)
    figure = drawn(years_chart.draw, frame, said, "zh")
    for ax in figure.axes:
        hatched = [round(p.get_x() + p.get_width() / 2) for p in ax.patches if p.get_hatch()]
        assert hatched == [2025]
    assert figure.axes[-1].get_xticklabels()[-1].get_text() == "2025*"
    assert said["zh"].note.startswith("*") and "2025 年 10 月 7 日" in said["zh"].note
    assert said["en"].note.startswith("* The list ends on 7 October 2025.")

    stacked = stack("joined", vintage)
    figure = drawn(stack_chart.draw, stacked, stack_words.words(stacked, "joined", as_of), "zh")
    patches = [p for p in figure.axes[0].patches if p.get_hatch()]
    assert {round(p.get_x() + p.get_width() / 2) for p in patches} == {2025}
    assert len(patches) == 6


def test_a_finished_year_is_not_marked():
    frame = shares("joined", "2024-12_cbinsights", first_year=2014)
    said = years_words.words(frame, "joined", "2024-12")
    figure = drawn(years_chart.draw, frame, said, "en")
    assert not any(patch.get_hatch() for ax in figure.axes for patch in ax.patches)
    assert "*" not in said["en"].note


def test_the_stack_reaches_the_worlds_total_every_year():
    frame = stack("joined", "2025-10_cbinsights")
    said = stack_words.words(frame, "joined", "2025-10-07")
    (ax,) = drawn(stack_chart.draw, frame, said, "en").axes
    tops: dict[int, float] = {}
    for patch in ax.patches:
        year = round(patch.get_x() + patch.get_width() / 2)
        tops[year] = max(tops.get(year, 0), patch.get_y() + patch.get_height())
    totals = frame.groupby("year")["count"].sum()
    assert tops == pytest.approx(dict(totals))


def test_columns_are_pale_from_the_dividing_year_on():
    frame = shares("joined", "2024-12_cbinsights", split=2018, first_year=2014)
    said = years_words.words(frame, "joined", "2024-12")
    ax = drawn(years_chart.draw, frame, said, "en").axes[0]
    colours = {round(p.get_x() + p.get_width() / 2): p.get_facecolor() for p in ax.patches}
    assert len({colours[year] for year in range(2014, 2018)}) == 1
    assert len({colours[year] for year in range(2018, 2025)}) == 1
    assert colours[2017] != colours[2018]


@given(st.lists(st.lists(st.integers(0, 500), min_size=2, max_size=16), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_counts_are_drawn_legibly(rows):
    codes = ["USA", "CHN", "EUU", "GBR", "IND", "other"][-len(rows) :]
    size = min(map(len, rows))
    frame = pd.DataFrame(
        [
            (code, 2009 + step, count, step < size - 1)
            for code, series in zip(codes, rows, strict=True)
            for step, count in enumerate(series[:size])
        ],
        columns=["economy", "year", "count", "complete"],
    )
    said = stack_words.words(frame, "joined", "2025-10-07")
    assert unreadable(stack_chart.draw, frame, said) == []
    assert faults_in(said) == []
