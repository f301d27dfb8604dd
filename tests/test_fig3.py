"""What Fig. 3 says: facts against the plain files, every branch of the title, honest verdicts."""

from __future__ import annotations

import csv
from types import SimpleNamespace

import pandas as pd
import pytest
from figure_checks import PROJECT, RAW, faults_in, outcomes, sound_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig3.claims import SIX, Exports, claims, facts, statements
from analysis.fig3.compute import covered_years, export_shares
from analysis.fig3.words import words
from anew.text.statements import Verdict, judge, load_statements

NAN = float("nan")
ICT = pd.read_csv(RAW / "ict_service_exports" / "2026-02-24.csv")
DELIVERABLE = pd.read_csv(RAW / "digital_services_exports" / "2025-08-04.csv")
EDITIONS = {"2025": ("2024-09-19", 2022), "2026": ("2026-07-01", 2024)}


def plain(name: str, vintage: str) -> dict[tuple[str, int], float]:
    with (RAW / name / f"{vintage}.csv").open(encoding="utf-8", newline="") as file:
        return {(r["economy"], int(r["year"])): float(r["value"]) for r in csv.DictReader(file)}


def gdp(edition: str) -> pd.DataFrame:
    return pd.read_csv(RAW / "gdp" / f"{EDITIONS[edition][0]}.csv")


def stated(told: Exports):
    """Return the claims of some exports, tested as the notebook tests them."""
    p = SimpleNamespace(last_year=told.last)
    given = {"ict": None, "deliverable": None, "session": None}
    return claims(outcomes("fig3", told=told, p=p, **given), told)


def made(rows: dict[str, list[float]], first: int = 2014) -> pd.DataFrame:
    data = [
        (code, first + step, value, 100.0, value)
        for code, values in rows.items()
        for step, value in enumerate(values)
    ]
    return pd.DataFrame(data, columns=["economy", "year", "exports", "world", "share"])


def expected(exports, other, income, last: int) -> dict[str, float]:
    """Recompute every fact from plain dictionaries: (economy, year) → value."""

    def share(code: str, year: int) -> float:
        return 100 * exports[code, year] / exports["WLD", year]

    def rival(code: str, year: int) -> float:
        return 100 * other[code, year] / other["WLD", year]

    rival_last = min(last, max(year for _, year in other))
    china = [share("CHN", year) for year in range(2018, last + 1)]
    china_rival = [rival("CHN", year) for year in range(2018, rival_last + 1)]
    india = {year: share("IND", year) for year in range(2016, last + 1)}
    crossed = last + 1
    while crossed > 2013 and share("IRL", crossed - 1) > share("IND", crossed - 1):
        crossed -= 1
    found = {
        "exports_first_year": 2013,
        "exports_last_year": last,
        "exports_world": exports["WLD", last],
        "exports_world_first": exports["WLD", 2013],
        "exports_irl": exports["IRL", last],
        "exports_lead_irl_ind": share("IRL", last) - share("IND", last),
        "exports_irl_gdp": 100 * exports["IRL", last] / income["IRL", last],
        "exports_chn_gdp": 100 * exports["CHN", last] / income["CHN", last],
        "exports_chn_min": min(china),
        "exports_chn_max": max(china),
        "india_share_start": india[2016],
        "india_share_low": min(india.values()),
        "india_low_year": min(india, key=india.get),
        "india_exports_2016": exports["IND", 2016],
        "india_exports": exports["IND", last],
        "dds_last_year": rival_last,
        "dds_chn_min": min(china_rival),
        "dds_chn_max": max(china_rival),
    }
    for code in (*SIX, "GBR"):
        found[f"exports_share_{code.lower()}"] = share(code, last)
        found[f"exports_share_{code.lower()}_first"] = share(code, 2013)
        found[f"dds_share_{code.lower()}"] = rival(code, rival_last)
    if 2013 < crossed <= last:
        found["ireland_passes_india_year"] = crossed
    return found


@pytest.mark.parametrize("edition", EDITIONS)
def test_facts_are_those_of_a_plain_recomputation(edition):
    vintage, last = EDITIONS[edition]
    plainly = expected(
        plain("ict_service_exports", "2026-02-24"),
        plain("digital_services_exports", "2025-08-04"),
        plain("gdp", vintage),
        last,
    )
    found = facts(Exports(ICT, DELIVERABLE, gdp(edition), last))
    assert set(found) == set(plainly) and found["ireland_passes_india_year"][0] == 2017
    for id, value in plainly.items():
        assert found[id][0] == pytest.approx(value, rel=1e-9), id
    assert found["exports_chn_gdp"][1] == "percent_2"
    assert found["exports_lead_irl_ind"][1] == "points"


@given(
    name=st.sampled_from(["ict_service_exports", "digital_services_exports", "gdp"]),
    code=st.sampled_from([*SIX, "GBR", "WLD", "EUU", "JPN"]),
    year=st.integers(2012, 2024),
    factor=st.floats(0.3, 3),
)
@settings(max_examples=100, deadline=None)
def test_a_changed_cell_changes_just_the_facts_and_claims_that_hang_on_it(name, code, year, factor):
    vintages = {
        "ict_service_exports": "2026-02-24",
        "digital_services_exports": "2025-08-04",
        "gdp": "2026-07-01",
    }
    frames = {table: pd.read_csv(RAW / table / f"{v}.csv") for table, v in vintages.items()}
    dictionaries = {table: plain(table, v) for table, v in vintages.items()}
    if (code, year) not in dictionaries[name]:
        return
    hit = (frames[name]["economy"] == code) & (frames[name]["year"] == year)
    frames[name]["value"] = frames[name]["value"].astype(float)
    frames[name].loc[hit, "value"] *= factor
    dictionaries[name][code, year] *= factor

    found = facts(Exports(*frames.values(), 2024))
    plainly = expected(*dictionaries.values(), 2024)
    assert set(found) == set(plainly)
    for id, value in plainly.items():
        assert found[id][0] == pytest.approx(value, rel=1e-9), id

    before = {claim.id: claim for claim in stated(Exports(ICT, DELIVERABLE, gdp("2026"), 2024))}
    for claim in stated(Exports(*frames.values(), 2024)):
        if claim.holds != before[claim.id].holds:
            assert claim.evidence != before[claim.id].evidence, claim.id
        if name == "gdp" and claim.id != "ireland-exports-large-relative-to-gdp":
            assert claim == before[claim.id]


@pytest.mark.parametrize("edition", EDITIONS)
def test_claims_hold_on_both_editions(edition):
    made_claims = stated(Exports(ICT, DELIVERABLE, gdp(edition), EDITIONS[edition][1]))
    assert sound_claims(made_claims)
    assert [claim.id for claim in made_claims if not claim.holds] == []


@pytest.mark.parametrize(
    ("first", "last"), [(2013, 2015), (2018, 2019), (2020, 2020), (2007, 2024)]
)
def test_other_years_state_what_they_can_and_nothing_false(first, last):
    found = facts(Exports(ICT, DELIVERABLE, gdp("2026"), last, first))
    assert found["exports_last_year"] == (last, "year")
    assert all(value == value for value, _ in found.values())
    assert ("ireland_passes_india_year" in found) == (first < 2017 < last)
    assert sound_claims(stated(Exports(ICT, DELIVERABLE, gdp("2026"), last, first)))


@given(st.sampled_from(["IRL", "IND", "CHN", "USA", "WLD"]), st.integers(2013, 2024))
@settings(max_examples=25, deadline=None)
def test_a_missing_cell_is_no_fact_and_no_claim_built_on_zero(code, year):
    hole = ICT[~((ICT["economy"] == code) & (ICT["year"] == year))]
    found = facts(Exports(hole, DELIVERABLE, gdp("2026"), 2024))
    assert all(value == value and value != 0 for value, _ in found.values())
    if year == 2024:
        gone = "exports_world" if code == "WLD" else f"exports_share_{code.lower()}"
        assert gone not in found
        held = {c.id: c.holds for c in stated(Exports(hole, DELIVERABLE, gdp("2026"), 2024))}
        assert not held["exports-order-ict"]


def test_each_claim_fails_on_data_that_say_otherwise():
    level = ICT.copy()
    level["value"] = level["economy"].map(
        {"WLD": 1000.0, "EUU": 400.0, "CHN": 90.0, "IND": 80.0, "IRL": 70.0, "USA": 60.0,
         "DEU": 50.0, "GBR": 40.0, "FRA": 30.0, "JPN": 20.0, "KOR": 10.0}
    )  # fmt: skip
    rich = pd.DataFrame(
        [(c, y, 1e4) for c in ("IRL", "CHN") for y in range(2007, 2025)],
        columns=["economy", "year", "value"],
    )
    other = level[level["year"].between(2010, 2024)]  # both measures end in one year
    held = {c.id: c.holds for c in stated(Exports(level, other, rich, 2024))}
    assert [id for id, holds in held.items() if holds] == ["china-ict-share-steady"]


def test_statements_are_of_the_studys_years_and_differ_as_found():
    study = load_statements(PROJECT)
    tables = {"ict_service_exports", "digital_services_exports"}
    found = {finding.id: finding for finding in statements(ICT, DELIVERABLE)}
    assert {id for id in study if study[id].figure == "fig3"} == set(found)
    verdicts = {
        id: judge(study[id], tables, ours=finding.ours, agrees=finding.agrees)
        for id, finding in found.items()
    }
    assert set(verdicts.values()) == {Verdict.DIFFERS}
    assert found["exports-ireland-passes-india"].evidence["year of the crossing"] == 2017
    for finding in found.values():
        assert set(finding.test) == set(finding.depends) == {"zh", "en"}
    until_2022 = ICT[ICT["year"] <= 2022]
    assert {f.id: f.agrees for f in statements(until_2022, DELIVERABLE)} == {
        id: finding.agrees for id, finding in found.items()
    }


def test_a_statement_agrees_where_the_data_do():
    """On data made to say what the study says, every statement of Fig. 3 agrees."""
    rows = []
    for year in range(2007, 2025):
        value = {
            "IRL": 100 + 12 * (year - 2013), "IND": 170 if year <= 2016 else 140.0, "CHN": 85.0,
            "USA": 80.0, "DEU": 50.0, "FRA": 40.0, "GBR": 30.0, "JPN": 10.0, "KOR": 10.0,
            "EUU": 400.0, "WLD": 1000.0,
        }  # fmt: skip
        value["IRL"] = 130.0 if year < 2018 else 200.0
        rows += [(code, year, number) for code, number in value.items()]
    table = pd.DataFrame(rows, columns=["economy", "year", "value"])
    other = table[table["year"].between(2010, 2023)]
    assert {f.id: f.agrees for f in statements(table, other)} == dict.fromkeys(
        ["exports-top6-2022", "exports-ireland-passes-india", "exports-china-8-9",
         "exports-india-falls", "exports-stable"], True
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "zh", "en"),
    [
        (
            {"IRL": [10, 20], "IND": [15, 14], "CHN": [5, 5]},
            "爱尔兰 2015 年超过印度，2015 年占全球 ICT 服务出口的 20.0%",
            "Ireland passes India in 2015 and accounts for 20.0% of the world’s ICT service "
            "exports in 2015",
        ),
        (
            {"IND": [15, 14], "CHN": [5, 5]},
            "印度始终居首，2015 年占全球 ICT 服务出口的 14.0%",
            "India leads in every year, with 14.0% of the world’s ICT service exports in 2015",
        ),
        (
            {"IND": [10, 10], "CHN": [5, 10]},
            "中国和印度 2015 年并列最高，各占全球 ICT 服务出口的 10.0%",
            "China and India share the lead in 2015, each with 10.0% of the world’s ICT service "
            "exports",
        ),
        (
            {"CHN": [5, 5.5]},
            "中国占全球 ICT 服务出口的份额从 2014 年的 5.0% 升至 2015 年的 5.5%",
            "China’s share of the world’s ICT service exports rises from 5.0% in 2014 to 5.5% "
            "in 2015",
        ),
        (
            {"CHN": [5.5, 5]},
            "中国占全球 ICT 服务出口的份额从 2014 年的 5.5% 降至 2015 年的 5.0%",
            "China’s share of the world’s ICT service exports falls from 5.5% in 2014 to 5.0% "
            "in 2015",
        ),
        (
            {"CHN": [5.01, 5.02]},
            "中国占全球 ICT 服务出口的份额 2014 年和 2015 年同为 5.0%",
            "China’s share of the world’s ICT service exports is 5.0% in 2014 as in 2015",
        ),
        (
            {"CHN": [5.0]},
            "2014 年中国占全球 ICT 服务出口的份额为 5.0%",
            "China’s share of the world’s ICT service exports is 5.0% in 2014",
        ),
        (
            {"CHN": [NAN], "IND": [NAN]},
            "所选年份没有 ICT 服务出口数据",
            "No figures on ICT service exports for these years",
        ),
    ],
)
def test_titles_say_what_the_data_say(rows, zh, en):
    said = words(made(rows), "ict_services")
    assert said["zh"].title == zh
    assert said["en"].title == en


@given(
    st.lists(
        st.lists(st.one_of(st.just(NAN), st.floats(0.1, 30)), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["ict_services", "digitally_deliverable"]),
)
@settings(max_examples=150, deadline=None)
def test_words_are_sound_whatever_the_data(values, measure):
    rows = dict(zip(["IRL", "USA", "EUU", "CHN"], values, strict=False))
    said = words(made(rows), measure)
    everything_missing = all(v != v for series in values for v in series)
    assert not faults_in(said) or everything_missing


def test_the_note_gives_the_other_measures_range_where_it_has_one():
    frame = export_shares(ICT, "ict_services", first_year=2013, last_year=2024)
    years = covered_years(DELIVERABLE, 2013, 2024)
    beside = export_shares(
        DELIVERABLE, "digitally_deliverable", first_year=years[0], last_year=years[-1]
    )
    said = words(frame, "ict_services", beside)
    assert "China has 3.4–5.1% of the world’s exports of digitally" in said["en"].note
    assert "in 2013–2023" in said["en"].note and "2013—2023 年占 3.4%—5.1%" in said["zh"].note
    assert "China" not in words(frame, "ict_services")["en"].note
