"""Fig. 4 as drawn and as said: a substitute that says so, every branch of its title."""

from __future__ import annotations

import csv
import math

import numpy as np
import pandas as pd
import pytest
from figure_checks import RAW, drawn, faults_in, outcomes, same_drawing, sound_claims, unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.fig4.claims import Patents, claims, facts, statements
from analysis.fig4.compute import GROUPS, families_by_field
from analysis.fig4.draw import draw
from analysis.fig4.words import WORDS, words
from anew.project.paths import Project
from anew.text.statements import Verdict, judge, load_statements

THREE = ["CHN", "USA", "EUU"]
YEARS = [2018, 2020]
TABLES = {
    "patent_families": "2022-03",
    "ai_patent_applications": "2026-05-10",
    "pct_applications_electrical": "2024-03",
}


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(RAW / name / f"{TABLES[name]}.csv")


@pytest.fixture(scope="module")
def patents() -> Patents:
    return Patents(*(read(name) for name in TABLES), *YEARS)


def made(patents: Patents):
    """Return the claims of some patents, tested as the notebook tests them."""
    years = [patents.first, patents.last]
    return claims(outcomes("fig4", patents=patents, years=years), patents)


def frame_of(table: pd.DataFrame | None = None, years=YEARS, economies=THREE) -> pd.DataFrame:
    table = read("patent_families") if table is None else table
    return families_by_field(table, economies=economies, years=years)


@pytest.mark.parametrize("years", [YEARS, [2007, 2020], [2015, 2016]])
def test_figure_is_legible_and_one_in_both_languages(years):
    frame = frame_of(years=years)
    said = words(frame)
    assert unreadable(draw, frame, said) == []
    assert same_drawing(draw, frame, said)
    assert faults_in(said) == []


def test_the_substitute_is_said_beside_the_title_and_panels_carry_no_verdict():
    said = words(frame_of())
    assert "substitute" in said["en"].measure and "logarithmic" in said["en"].measure
    assert "替代" in said["zh"].measure and "对数" in said["zh"].measure
    names = {key: text for key, text in WORDS.texts.items() if key.startswith(("group.", "row."))}
    for spoken in names.values():
        text = " ".join(spoken.values()).lower()
        assert not any(word in text for word in ("lead", "behind", "ahead", "领先", "落后", "相近"))
    assert {key for key in names if key.startswith("group.")} == {f"group.{key}" for key in GROUPS}


def test_marks_are_the_values():
    frame = frame_of()
    figure = drawn(draw, frame, words(frame), "en")
    seen = sorted(
        float(line.get_xdata()[0])
        for ax in figure.axes
        for line in ax.lines
        if line.get_marker() not in (None, "None", "")
    )
    assert seen == sorted(frame["count"])
    assert all(ax.get_xscale() == "log" for ax in figure.axes)
    assert len({ax.get_xlim() for ax in figure.axes}) == 1
    assert len(figure.marked) == len(frame)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.integers(min_value=0, max_value=35), max_size=36), st.booleans())
def test_a_missing_value_has_no_mark_and_is_named(holes, alone):
    frame = frame_of(economies=["CHN"] if alone else THREE)
    holes = {hole for hole in holes if hole < len(frame)}
    frame.loc[sorted(holes), "count"] = math.nan
    said = words(frame)
    assert faults_in(said) == []
    figure = drawn(draw, frame, said, "zh")
    seen = [
        line for ax in figure.axes for line in ax.lines if line.get_marker() not in ("None", "")
    ]
    assert len(seen) == int(frame["count"].notna().sum())
    assert not any(0 in line.get_xdata() for line in seen)
    assert ("missing, not zero" in said["en"].note) == bool(holes)


def test_titles_follow_the_data():
    frame = frame_of()
    assert words(frame)["en"].title == (
        "In 2020 China has more patent families than the USA and the EU in all six fields"
    )
    assert words(frame)["zh"].title == "2020 年，中国在全部六个领域的专利族都多于美国和欧盟"
    early = frame_of(years=[2007, 2008])
    assert words(early)["en"].title == (
        "In 2008 the USA is ahead of China and the EU in five of six fields, "
        "China in digital communication"
    )
    mixed = frame.copy()
    chips = mixed["wipo_field"].isin([7, 8]) & (mixed["economy"] == "USA")
    mixed.loc[chips, "count"] *= 10
    assert words(mixed)["en"].title == (
        "In 2020 China is ahead of the USA and the EU in four of six fields, "
        "the USA in IT methods for management and semiconductors"
    )
    assert words(mixed)["zh"].title == (
        "2020 年，六个领域中中国有四个多于美国和欧盟，美国在管理用信息技术方法和半导体领先"
    )
    nothing = frame.assign(count=math.nan)
    assert words(nothing)["en"].title == "There are no values to compare for 2020"
    part = frame.copy()
    part.loc[(part["wipo_field"] < 8) & (part["economy"] == "EUU"), "count"] = math.nan
    assert words(part)["en"].title == (
        "In 2020 China has more patent families than the USA and the EU in the one field with "
        "full data"
    )
    tied = frame.assign(count=100.0)
    assert words(tied)["en"].title == "In 2020 no economy is alone first in any of six fields"
    alone = words(frame_of(economies=["USA"]))
    assert alone["en"].title == "In 2020 the USA has 34,843 patent families in six fields"
    assert alone["zh"].title == "2020 年美国在六个领域共有 34,843 件专利族"


def test_facts_equal_the_raw_files(patents):
    def cells(name: str) -> dict[tuple, int]:
        with (RAW / name / f"{TABLES[name]}.csv").open(encoding="utf-8", newline="") as file:
            return {
                (r["economy"], int(r["year"]), int(r.get("wipo_field", 0))): int(r["count"])
                for r in csv.DictReader(file)
            }

    families, pct = cells("patent_families"), cells("pct_applications_electrical")
    ai = cells("ai_patent_applications")
    found = {id: value for id, (value, _) in facts(patents).items()}

    def total(code: str, year: int, *fields: int) -> int:
        return sum(families[code, year, field] for field in fields)

    topics = {"comm": (3, 4, 5), "comp": (6,), "semi": (8,), "itm": (7,)}
    for topic, fields in topics.items():
        for code in THREE:
            assert found[f"patents_{topic}_{code.lower()}"] == total(code, 2020, *fields)
        ratio = total("CHN", 2020, *fields) / total("USA", 2020, *fields)
        assert found[f"patents_{topic}_ratio"] == pytest.approx(ratio, rel=1e-9)
    assert found["patents_comm_ratio_first"] == pytest.approx(
        total("CHN", 2018, 3, 4, 5) / total("USA", 2018, 3, 4, 5), rel=1e-9
    )
    for code in ("JPN", "KOR"):
        assert found[f"patents_semi_{code.lower()}"] == total(code, 2020, 8)
    digital = [total("CHN", year, 2, 3, 4, 5, 6, 7, 8) for year in YEARS]
    assert [found["patents_digital_chn_first"], found["patents_digital_chn"]] == digital
    assert found["patents_digital_growth_chn"] == pytest.approx(100 * (digital[1] / digital[0] - 1))
    assert found["pct_last_year"] == 2022 and found["pct_chn"] == pct["CHN", 2022, 0]
    assert found["pct_ratio"] == pytest.approx(pct["CHN", 2022, 0] / pct["USA", 2022, 0])
    assert found["ai_patents_ratio"] == pytest.approx(ai["CHN", 2020, 0] / ai["USA", 2020, 0])
    assert found["families_ratio_same_year"] == pytest.approx(
        total("CHN", 2020, *range(1, 9)) / total("USA", 2020, *range(1, 9))
    )


def test_claims_turn_with_the_data(patents):
    every = made(patents)
    assert sound_claims(every) and all(claim.holds for claim in every)
    table = patents.table.copy()
    table.loc[(table["economy"] == "CHN") & (table["year"] == 2020), "count"] //= 8
    table.loc[(table["economy"] == "KOR") & (table["year"] == 2020), "count"] //= 8
    ai = patents.ai.assign(count=100)
    worse = Patents(table, ai, patents.pct, *YEARS)
    turned = {claim.id for claim in made(worse) if not claim.holds}
    assert turned == {claim.id for claim in every} - {"usa-ahead-of-eu-in-software-and-chips"}


def test_missing_values_hold_no_claim_and_make_no_fact(patents):
    table = patents.table[patents.table["year"] != 2020]
    gap = Patents(table, patents.ai, patents.pct, *YEARS)
    held = {claim.id for claim in made(gap) if claim.holds}
    assert held == {"china-ai-patents-at-least-twice-usa", "ai-ratio-first-about-two"}
    assert "patents_comm_ratio" not in facts(gap) and "patents_comm_ratio_first" in facts(gap)
    assert not any(np.isnan(value) for value, _ in facts(gap).values())


def test_the_study_is_tested_in_its_own_years_whatever_is_drawn(patents):
    early = Patents(patents.table, patents.ai, patents.pct, 2007, 2010)
    assert early.study_years == (2018, 2020)
    assert statements(early) == statements(patents)


def test_substitutes_are_indicative_whatever_they_say(patents):
    study = load_statements(Project(RAW.parents[1]))
    found = statements(patents)
    for finding in found:
        verdict = judge(study[finding.id], set(TABLES), agrees=finding.agrees)
        assert verdict is Verdict.INDICATIVE
    assert {f.id: bool(f.agrees) for f in found} == {
        "patents-5g-ai-lead": True,
        "patents-software-behind": False,
        "patents-chips-between": False,
        "patents-ecommerce-close": False,
    }
    table = patents.table.copy()
    table.loc[(table["economy"] == "CHN") & table["wipo_field"].eq(6), "count"] //= 100
    table.loc[(table["economy"] == "CHN") & table["wipo_field"].eq(8), "count"] //= 5
    table.loc[table["wipo_field"].eq(7), "count"] = 1000
    other = Patents(table, patents.ai, patents.pct, *YEARS)
    assert all(finding.agrees for finding in statements(other))
