"""Fig. 1 as drawn: open where data are missing, never at zero."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from figure_checks import RAW, drawn, faults_in, outcomes, same_drawing, sound_claims, unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.patches import Polygon
from test_fig1_compute import SIX, YEARS, frames, read

from analysis.fig1.claims import Practice, claims, facts, statements
from analysis.fig1.compute import AXES, industrial_practice, scale_axes
from analysis.fig1.draw import draw
from analysis.fig1.words import members_reporting, words
from anew.project.errors import AnewError


def everything(gdp_vintage: str = "2024-09-19") -> pd.DataFrame:
    lists = {
        2018: pd.read_csv(RAW / "unicorns_by_economy" / "2018-12_cbinsights.csv"),
        2023: pd.read_csv(RAW / "unicorns_by_economy" / "2023-11_cbinsights.csv"),
    }
    tables = frames() | {"gdp": pd.read_csv(RAW / "gdp" / f"{gdp_vintage}.csv")}
    return industrial_practice(**tables, unicorns=lists, economies=[*SIX, "WLD"], years=YEARS)


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    return scale_axes(frame[frame["economy"] != "WLD"].reset_index(drop=True))


def made(frame: pd.DataFrame):
    """Return the claims of a frame, tested as the notebook tests them."""
    practice = Practice(frame, *YEARS)
    return claims(outcomes("fig1", told=practice, years=YEARS), practice)


def turned(frame: pd.DataFrame) -> set[str]:
    return {claim.id for claim in made(frame) if not claim.holds}


def panels(figure) -> list:
    return figure.axes[1:]  # the first holds the key


def marked(ax) -> list[int]:
    """Return how many values each year's marks show, outline first."""
    return [len(line.get_xdata()) for line in ax.lines if line.get_marker() == "o"]


@pytest.mark.parametrize("vintage", ["2024-09-19", "2026-07-01"])
def test_figure_is_legible_and_one_in_both_languages(vintage):
    frame = shown(everything(vintage))
    said = words(frame, *YEARS, reporting={2018: 27, 2023: 26})
    assert unreadable(draw, frame, said) == []
    assert same_drawing(draw, frame, said)
    assert faults_in(said) == []


def test_marks_are_the_values_and_gaps_have_none():
    frame = shown(everything())
    figure = drawn(draw, frame, words(frame, *YEARS), "en")
    for ax, economy in zip(panels(figure), SIX, strict=True):
        part = frame[frame["economy"] == economy]
        expected = [int(part[part["year"] == year]["value"].notna().sum()) for year in YEARS]
        assert marked(ax) == expected
        lines = [line for line in ax.lines if line.get_marker() == "o"]
        for line, year in zip(lines, YEARS, strict=True):
            shares = part[part["year"] == year].dropna()["share_of_largest"]
            reach = np.hypot(line.get_xdata(), line.get_ydata())
            np.testing.assert_allclose(sorted(reach), sorted(np.sqrt(shares)), atol=1e-12)
    assert sum(sum(marked(ax)) for ax in panels(figure)) == 72 - 7


def test_corners_without_data_say_so():
    frame = shown(everything())
    for language, phrase in (("zh", "无数据"), ("en", ("none in 2023", "no data"))):
        figure = drawn(draw, frame, words(frame, *YEARS), language)
        said = [text.get_text() for ax in panels(figure) for text in ax.texts]
        wanted = (phrase,) if isinstance(phrase, str) else phrase
        assert sum(text.endswith(wanted) for text in said) == 6
    note = words(frame, *YEARS)["en"].note
    assert "gaps, not zeros: size of the digital economy (none for 2023, the EU in" in note


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(min_value=0, max_value=71), max_size=72))
def test_any_missing_cells_leave_the_shape_open(holes):
    """Whatever is missing: as many marks as values, no mark or edge where a value is missing."""
    frame = everything()
    frame = frame[frame["economy"] != "WLD"].reset_index(drop=True)
    frame.loc[sorted(holes), "value"] = math.nan
    frame = scale_axes(frame)
    said = words(frame, *YEARS)
    assert faults_in(said) == []
    figure = drawn(draw, frame, said, "zh")
    for ax, economy in zip(panels(figure), SIX, strict=True):
        part = frame[frame["economy"] == economy]
        assert sum(marked(ax)) == int(part["value"].notna().sum())
        wedges = [p for p in ax.patches if isinstance(p, Polygon) and p.get_fill()]
        last = part[part["year"] == YEARS[-1]].set_index("axis")["value"].reindex(list(AXES))
        there = list(last.notna())
        neighbours = sum(a and b for a, b in zip(there, there[1:] + there[:1], strict=True))
        assert len(wedges) == neighbours
    if not frame["value"].notna().any():
        assert said["en"].title == "No values to compare"


def test_titles_follow_the_data():
    frame = shown(everything())
    assert words(frame, *YEARS)["en"].title == (
        "Of six economies the USA is the largest on four measures, the EU on two; "
        "China’s digital service exports grew fastest (67%)"
    )
    assert words(frame, *YEARS)["zh"].title == (
        "六个经济体中美国四项居首、欧盟两项；数字服务出口中国增长最快（67%）"
    )
    usa = frame[frame["economy"].isin(["USA", "JPN"])]
    lead = {language: words(usa, *YEARS)[language].title for language in ("zh", "en")}
    assert lead["en"].startswith("Of two economies the USA is the largest on all six measures; ")
    assert lead["zh"].startswith("两个经济体中美国在全部六项上都居首；")
    alone = words(frame[frame["economy"] == "CHN"], *YEARS)
    assert alone["en"].title == "China’s digital service exports grew by 67%"
    assert alone["zh"].title == "数字服务出口中国增长 67%"
    falling = frame.copy()
    falling.loc[(falling["axis"] == "exports") & (falling["year"] == 2023), "value"] /= 10
    assert words(falling, *YEARS)["en"].title.endswith("the EU on two")


def test_facts_equal_the_raw_files():
    found = {id: value for id, (value, _) in facts(Practice(everything(), *YEARS)).items()}
    gdp = {(r["economy"], r["year"]): float(r["value"]) for r in read("gdp", "2024-09-19")}
    trade = {
        (r["economy"], r["year"]): float(r["value"])
        for r in read("digital_services_exports", "2025-08-04")
    }
    size = {
        (r["economy"], r["year"]): float(r["value_usd_tn"])
        for r in read("digital_economy_size", "2024-01")
    }
    lists = [
        {r["economy"]: r for r in read("unicorns_by_economy", v)}
        for v in ("2018-12_cbinsights", "2023-11_cbinsights")
    ]
    for code in ("USA", "CHN", "EUU"):
        assert found[f"gdp_{code.lower()}"] == gdp[code, "2023"]
        growth = 100 * (gdp[code, "2023"] / gdp[code, "2018"] - 1)
        assert found[f"gdp_growth_{code.lower()}"] == pytest.approx(growth, rel=1e-9)
        growth = 100 * (trade[code, "2023"] / trade[code, "2018"] - 1)
        assert found[f"dde_growth_{code.lower()}"] == pytest.approx(growth, rel=1e-9)
        assert found[f"dde_{code.lower()}"] == pytest.approx(1e6 * trade[code, "2023"], rel=1e-12)
    assert found["dde_share_euu"] == pytest.approx(
        100 * trade["EUU", "2023"] / trade["WLD", "2023"], rel=1e-12
    )
    assert found["de_usa_chn_ratio"] == pytest.approx(size["USA", "2018"] / size["CHN", "2018"])
    for rows, suffix in zip(lists, ("_first", ""), strict=True):
        assert found[f"radar_unicorns_chn{suffix}"] == int(rows["CHN"]["count"])
        assert found[f"radar_valuation_chn_share{suffix}"] == pytest.approx(
            100 * float(rows["CHN"]["valuation_usd_bn"]) / float(rows["WLD"]["valuation_usd_bn"])
        )
    assert found["radar_missing"] == 7
    assert (found["radar_first_year"], found["radar_last_year"]) == (2018, 2023)  # fmt: skip


def test_a_year_without_data_makes_no_fact_of_it():
    found = facts(Practice(everything()[lambda f: f["axis"] != "digital_economy"], *YEARS))
    assert "de_usa_first" not in found and "gdp_usa" in found


def test_claims_turn_with_the_data():
    frame = everything()
    assert sound_claims(made(frame)) and turned(frame) == set()
    worse = frame.copy()
    china = (worse["economy"] == "CHN") & (worse["year"] == 2023)
    worse.loc[china, "value"] *= 0.3
    assert turned(worse) == {
        "china-digital-exports-grew-fastest",
        "china-unicorns-more-but-smaller-share",
        "china-unicorns-doubled",
        "usa-eu-china-gdp-grew",
    }
    worse = frame.copy()
    later = (worse["year"] == 2023) & worse["economy"].isin(["WLD", "USA"])
    worse.loc[later & worse["axis"].isin(["exports", "unicorns"]), "value"] *= 0.1
    size = (worse["axis"] == "digital_economy") & (worse["economy"] == "EUU")
    worse.loc[size & (worse["year"] == 2018), "value"] = 1e12
    assert turned(worse) > {
        "world-digital-exports-grew",
        "unicorns-more-in-world-and-usa",
        "digital-economy-size-gaps",
    }


def test_statements_turn_with_the_data():
    frame = everything()
    found = {f.id: f.agrees for f in statements(Practice(frame, *YEARS))}
    assert found == {
        "us-leads-radar": True,
        "eu-digital-exports-grew": True,
        "china-unicorns-shrank": False,
    }
    other = frame.copy()
    other.loc[(other["economy"] == "CHN") & (other["year"] == 2023), "value"] *= 0.1
    other.loc[(other["economy"] == "EUU") & (other["year"] == 2023), "value"] *= 0.5
    other.loc[(other["economy"] == "USA") & (other["axis"] == "gdp"), "value"] *= 0.1
    assert {f.id: f.agrees for f in statements(Practice(other, *YEARS))} == {
        "us-leads-radar": False,
        "eu-digital-exports-grew": False,
        "china-unicorns-shrank": True,
    }


def test_a_gap_decides_no_statement():
    frame = everything()
    gone = (frame["economy"] == "EUU") & (frame["axis"] == "exports") & (frame["year"] == 2023)
    with pytest.raises(AnewError, match="digital_services_exports of EUU in 2023"):
        statements(Practice(frame[~gone], *YEARS))


def test_members_that_report_are_read_from_the_notes():
    assert members_reporting(frames()["exports"], YEARS) == {2018: 27, 2023: 26}
    assert members_reporting(frames()["exports"], [1990]) == {}
