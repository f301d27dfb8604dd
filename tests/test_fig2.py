"""Fig. 2 as drawn and as said: every list of the catalogue, and lists made up."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from figure_checks import (
    RAW,
    drawn,
    faults_in,
    marks,
    outcomes,
    same_drawing,
    sound_claims,
    unreadable,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_fig2_compute import APART, LISTS, MEMBERS

from analysis.fig2.claims import Counts, claims, facts
from analysis.fig2.compute import ranking, unicorn_table, unplaced
from analysis.fig2.draw import draw
from analysis.fig2.words import words
from analysis.paper.claims import unicorn_statements
from anew.project.paths import Project
from anew.text.statements import Verdict, judge, load_statements

WHO = {"zh": "某独角兽榜", "en": "a Unicorn Board"}
STUDY = load_statements(Project(RAW.parents[1]))
PRINTED = {"USA": 758.0, "CHN": 283.0, "GBR": 64.0, "EUU": 119.0}


def table(counts: pd.DataFrame) -> pd.DataFrame:
    return unicorn_table(counts, members=MEMBERS, apart=APART)


def said_of(counts: pd.DataFrame, as_of: str = "2024-09"):
    ranked = ranking(counts, members=MEMBERS)
    return words(table(counts), ranked, source=WHO, as_of=as_of, unplaced=unplaced(counts))


@pytest.fixture(scope="module")
def crunchbase() -> pd.DataFrame:
    return pd.read_csv(RAW / "unicorns_by_economy" / "2024-09_crunchbase.csv")


@pytest.fixture(scope="module")
def cbinsights() -> pd.DataFrame:
    return pd.read_csv(RAW / "unicorns_by_economy" / "2025-10_cbinsights.csv")


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_every_list_is_legible_and_one_in_both_languages(path):
    counts = pd.read_csv(path)
    said = said_of(counts)
    assert unreadable(draw, table(counts), said) == []
    assert same_drawing(draw, table(counts), said)
    assert faults_in(said) == []


def test_bars_are_the_shares(crunchbase):
    frame = table(crunchbase)
    figure = drawn(draw, frame, said_of(crunchbase), "en")
    bars = [patch for patch in figure.axes[0].patches]
    assert [bar.get_width() for bar in bars] == pytest.approx(list(frame["share"]))
    assert all(bar.get_x() == 0 for bar in bars)
    points = figure.marked
    assert len(points) == len(frame) and points[0][3] == "USA: 758 (48.9%)"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["USA", "CHN", "IND", "GBR", "HKG", "TWN", "DEU", "FRA", "ISR", "ARE"]),
        st.integers(min_value=1, max_value=900),
        min_size=4,
    ),
    st.integers(min_value=0, max_value=300),
)
def test_any_list_makes_sound_sentences(counts, without):
    union = sum(v for e, v in counts.items() if e in MEMBERS)
    rows = {**counts, "WLD": sum(counts.values()) + without, "EUU": union}
    frame = pd.DataFrame({"economy": rows.keys(), "count": rows.values()})
    frame["valuation_usd_bn"] = frame["count"] * 1.5
    said = said_of(frame)
    assert faults_in(said) == []
    assert unreadable(draw, table(frame), said) == []


def test_titles_follow_the_data(crunchbase, cbinsights):
    title = {language: said_of(crunchbase)[language].title for language in ("zh", "en")}
    assert title["en"] == (
        "Almost half of the world’s unicorns are in the USA (48.9%), 18.2% in China"
    )
    assert title["zh"] == "全球近一半的独角兽企业在美国（48.9%），中国占 18.2%"
    assert said_of(cbinsights)["en"].title.startswith("More than half of the world’s")
    other = crunchbase.copy()
    other.loc[other["economy"] == "CHN", "count"] = 790
    other.loc[other["economy"] == "WLD", "count"] += 790 - 282
    assert said_of(other)["en"].title.startswith("More than a third of the world’s")
    assert "in China (38.4%), 36.8% in the USA" in said_of(other)["en"].title
    few = crunchbase.copy()
    few.loc[few["economy"] == "WLD", "count"] = 5000
    assert said_of(few)["en"].title.startswith("15.2% of the world’s unicorns are in the USA, ")
    assert said_of(few)["zh"].title.startswith("全球 15.2% 的独角兽企业在美国，")


def test_the_title_is_of_the_whole_list_whatever_is_drawn(crunchbase):
    few = unicorn_table(crunchbase, members=MEMBERS, economies=["JPN"])
    ranked = ranking(crunchbase, members=MEMBERS)
    said = words(few, ranked, source=WHO, as_of="2024-09", unplaced=10)
    assert said["en"].title == said_of(crunchbase)["en"].title
    assert list(ranked["economy"][:4]) == ["USA", "CHN", "EUU", "IND"]
    assert not set(ranked["economy"]) & {"DEU", "FRA", "WLD"}


def test_the_date_and_the_list_are_on_the_figure(crunchbase):
    for as_of, zh, en in [
        ("2024-09", "2024 年 9 月", "September 2024"),
        ("2025-10-07", "2025 年 10 月 7 日", "7 October 2025"),
    ]:
        said = said_of(crunchbase, as_of)
        assert zh in said["zh"].measure and WHO["zh"] in said["zh"].measure
        assert en in said["en"].measure and WHO["en"] in said["en"].measure


def test_the_note_says_only_what_the_list_has(crunchbase, cbinsights):
    assert "Hong Kong and Taiwan" in said_of(crunchbase)["en"].note
    assert "10 companies" in said_of(crunchbase)["en"].note
    note = said_of(cbinsights)["en"].note
    assert "Hong Kong" in note and "Taiwan" not in note and "no economy" not in note


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_facts_equal_the_raw_files(path):
    raw = {row["economy"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
    found = {i: v for i, (v, _) in facts(Counts(pd.read_csv(path)), path.stem[:7]).items()}
    world = raw["WLD"]
    assert found["unicorns_total"] == int(world["count"])
    assert found["unicorns_list_year"] == int(path.stem[:4])
    for code in ("USA", "CHN", "GBR", "EUU", "IND"):
        count = int(raw[code]["count"])
        assert found[f"unicorns_{code.lower()}"] == count
        share = 100 * count / int(world["count"])
        assert found[f"unicorns_{code.lower()}_share"] == pytest.approx(share, rel=1e-9)
    together = sum(int(raw[code]["count"]) for code in ("EUU", "CHN", "IND", "GBR"))
    assert found["unicorns_next_share"] == pytest.approx(100 * together / int(world["count"]))
    assert found["unicorns_valuation_usa_share"] == pytest.approx(
        100 * float(raw["USA"]["valuation_usd_bn"]) / float(world["valuation_usd_bn"])
    )


def test_an_economy_that_a_list_does_not_name_has_none():
    counts = pd.DataFrame(
        {"economy": ["WLD", "USA", "EUU"], "count": [5, 5, 0], "valuation_usd_bn": [9.0, 9.0, 0.0]}
    )
    assert facts(Counts(counts), "2030-01")["unicorns_gbr"] == (0, "companies")


def test_claims_turn_with_the_data(crunchbase, cbinsights):
    def turned(counts: pd.DataFrame) -> set[str]:
        told = Counts(counts, PRINTED)
        holds = outcomes("fig2", told=told, study=None)
        assert sound_claims(claims(holds, told))
        return {id for id in holds if not holds[id]}

    assert turned(crunchbase) == {"usa-more-than-half-of-unicorns"}
    # 48.9 % on the one list, 55.8 % on the other
    far = {"unicorn-counts-near-paper", "usa-about-half-of-unicorns"}
    assert turned(cbinsights) == far
    other = crunchbase.set_index("economy")
    other.loc[["USA", "CHN"], "count"] = [100, 700]
    other.loc["FRA", "count"] = 1
    assert turned(other.reset_index()) >= {
        "usa-most-unicorns",
        "china-second-in-unicorns",
        "usa-outnumbers-next-four",
        "unicorn-counts-near-paper",
        "eu-unicorns-led-by-germany-and-france",
        "china-valuation-share-above-count-share",
    }


def test_verdicts_on_the_studys_own_list(crunchbase):
    found = {f.id: f for f in unicorn_statements(crunchbase, STUDY)}
    verdicts = {
        id: judge(STUDY[id], {"unicorns_by_economy"}, ours=f.ours) for id, f in found.items()
    }
    assert verdicts == {
        "unicorns-us": Verdict.REPRODUCED,
        "unicorns-china": Verdict.DIFFERS,
        "unicorns-uk": Verdict.DIFFERS,
        "unicorns-eu": Verdict.DIFFERS,
        "unicorns-total": Verdict.REPRODUCED,
    }
    assert found["unicorns-total"].evidence["totals that fit all printed shares"] == [1551]


def test_one_company_more_turns_the_verdict(crunchbase):
    more = crunchbase.copy()
    more.loc[more["economy"] == "USA", "count"] += 1
    finding = next(f for f in unicorn_statements(more, STUDY) if f.id == "unicorns-us")
    ours = finding.ours
    assert judge(STUDY["unicorns-us"], {"unicorns_by_economy"}, ours=ours) is Verdict.DIFFERS


def test_the_drawing_changes_when_a_count_does(crunchbase):
    more = crunchbase.copy()
    more.loc[more["economy"] == "IND", "count"] += 5
    said = said_of(crunchbase)
    one = marks(drawn(draw, table(crunchbase), said, "zh"))
    assert one != marks(drawn(draw, table(more), said, "zh"))
