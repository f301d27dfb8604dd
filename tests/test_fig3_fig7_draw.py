"""Fig. 3 and 7 as drawn: legible in every selection, one drawing in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from figure_checks import RAW, drawn, faults_in, marks, same_drawing, unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.fig3 import draw as exports_chart
from analysis.fig3 import words as exports_words
from analysis.fig3.compute import export_shares
from analysis.fig7 import draw as rd_chart
from analysis.fig7 import words as rd_words
from analysis.fig7.compute import rd_expenditure
from anew.figures.lines import year_ticks

GDP = pd.read_csv(RAW / "gdp" / "2026-07-01.csv")
SHARE = pd.read_csv(RAW / "rd_share" / "2026-07-01.csv")
ICT = pd.read_csv(RAW / "ict_service_exports" / "2026-02-24.csv")
DELIVERABLE = pd.read_csv(RAW / "digital_services_exports" / "2025-08-04.csv")
ALL = ["USA", "CHN", "EUU", "GBR", "DEU", "FRA", "JPN", "KOR", "IND", "IRL"]

RD = {
    "the report's": {"first_year": 2014, "last_year": 2023},
    "the paper's years": {"first_year": 2014, "last_year": 2022},
    "one economy": {"economies": ["USA"], "first_year": 2014},
    "every economy": {"economies": ALL, "first_year": 2014, "last_year": 2023},
    "one that ends early": {"economies": ["IND", "IRL"], "first_year": 2014, "last_year": 2023},
    "a single year": {"first_year": 2020, "last_year": 2020},
    "two years": {"first_year": 2019, "last_year": 2020},
    "all years": {},
}
EXPORTS = {
    "the report's": {"first_year": 2013, "last_year": 2024},
    "the paper's years": {"first_year": 2013, "last_year": 2022},
    "every economy": {"economies": ALL, "first_year": 2013},
    "one economy": {"economies": ["CHN"]},
    "all years": {},
}


@pytest.mark.parametrize("name", RD)
def test_fig7_is_legible_and_one_in_both_languages(name):
    frame = rd_expenditure(GDP, SHARE, **RD[name])
    said = rd_words.words(frame)
    assert unreadable(rd_chart.draw, frame, said) == []
    assert same_drawing(rd_chart.draw, frame, said)
    assert faults_in(said) == []


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("measure", ["ict_services", "digitally_deliverable"])
def test_fig3_is_legible_and_one_in_both_languages(name, measure):
    table = ICT if measure == "ict_services" else DELIVERABLE
    chosen = dict(EXPORTS[name])
    if measure == "digitally_deliverable" and "last_year" in chosen:
        chosen["last_year"] = min(chosen["last_year"], 2023)
    frame = export_shares(table, measure, **chosen)
    said = exports_words.words(frame, measure)
    assert unreadable(exports_chart.draw, frame, said) == []
    assert same_drawing(exports_chart.draw, frame, said)
    assert faults_in(said) == []


def lines_of(figure) -> dict[str, np.ndarray]:
    (ax,) = figure.axes
    return {line.get_label(): line.get_xydata() for line in ax.lines if len(line.get_xdata()) > 1}


def test_lines_are_the_values_in_the_units_of_the_frame():
    frame = rd_expenditure(GDP, SHARE, first_year=2014, last_year=2023)
    lines = lines_of(drawn(rd_chart.draw, frame, rd_words.words(frame), "en"))
    assert set(lines) == {"CHN", "USA", "EUU"}
    for code, points in lines.items():
        own = frame[frame["economy"] == code]
        assert points[:, 0] == pytest.approx(own["year"].to_numpy())
        assert points[:, 1] == pytest.approx(own["rd_expenditure"].to_numpy())


def test_a_gap_breaks_the_line_and_is_not_bridged():
    hole = SHARE[~((SHARE["economy"] == "CHN") & (SHARE["year"] == 2018))]
    frame = rd_expenditure(GDP, hole, first_year=2014, last_year=2023)
    said = rd_words.words(frame)
    points = lines_of(drawn(rd_chart.draw, frame, said, "en"))["CHN"]
    assert np.isnan(points[points[:, 0] == 2018, 1]).all() and len(points) == 10
    assert "China has no figure for 2018" in said["en"].note
    assert "中国缺 2018 年" in said["zh"].note
    assert unreadable(rd_chart.draw, frame, said) == []


def test_a_line_that_ends_early_says_its_year():
    frame = rd_expenditure(GDP, SHARE, economies=["IND", "CHN"], first_year=2014, last_year=2023)
    figure = drawn(rd_chart.draw, frame, rd_words.words(frame), "en")
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert "17 (2020)" in texts and "India" in texts


def test_the_crossing_is_ringed_where_it_is():
    frame = rd_expenditure(GDP, SHARE, first_year=2014, last_year=2023)
    figure = drawn(rd_chart.draw, frame, rd_words.words(frame), "en")
    (ring,) = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 1]
    value = frame.set_index(["economy", "year"]).loc[("CHN", 2020), "rd_expenditure"]
    assert ring.get_xydata()[0] == pytest.approx([2020, value])
    assert "China passes the EU in 2020" in [t.get_text() for t in figure.axes[0].texts]


def test_points_carry_words_for_the_reader():
    frame = rd_expenditure(GDP, SHARE, first_year=2014, last_year=2023)
    figure = drawn(rd_chart.draw, frame, rd_words.words(frame), "zh")
    texts = [text for *_, text, _ in figure.marked]
    assert len(texts) == 30
    assert "中国 2023 年：4,709 亿美元" in texts


@pytest.mark.slow
@given(
    values=st.lists(
        st.lists(st.one_of(st.none(), st.floats(1e9, 1e12)), min_size=3, max_size=12),
        min_size=1,
        max_size=7,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_values_are_drawn_legibly(values):
    size = min(map(len, values))
    rows = [
        (ALL[number], 2010 + step, np.nan if value is None else value)
        for number, series in enumerate(values)
        for step, value in enumerate(series[:size])
    ]
    frame = pd.DataFrame(rows, columns=["economy", "year", "rd_expenditure"])
    if frame["rd_expenditure"].isna().all():
        return
    said = rd_words.words(frame)
    assert unreadable(rd_chart.draw, frame, said) == []
    assert faults_in(said) == []


@given(st.integers(1, 60), st.floats(150, 340))
def test_labelled_years_fit_and_end_with_the_last(count, room):
    years = list(range(2030 - count, 2030))
    shown = year_ticks(years, room)
    assert shown[-1] == 2029 and set(shown) <= set(years)
    if len(shown) > 1:
        assert room / max(1, count - 1) * (shown[1] - shown[0]) >= 20


def test_nothing_but_words_differs_between_languages():
    frame = export_shares(ICT, "ict_services", first_year=2013)
    said = exports_words.words(frame, "ict_services")
    figures = [drawn(exports_chart.draw, frame, said, language) for language in ("zh", "en")]
    assert marks(figures[0]) == marks(figures[1])
    boxes = [figure.axes[0].get_window_extent() for figure in figures]
    assert boxes[0].width == pytest.approx(boxes[1].width)
    assert boxes[0].height == pytest.approx(boxes[1].height)
    assert len(figures[0].marked) == len(figures[1].marked) == 72
