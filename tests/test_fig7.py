"""What Fig. 7 says: facts against the plain files, every branch of the title, honest verdicts."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from figure_checks import RAW, faults_in, outcomes, sound_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig7 import claims as made_of
from analysis.fig7.claims import TOLD, Spending, statements
from analysis.fig7.compute import rd_expenditure
from analysis.fig7.table import by_year
from analysis.fig7.words import words

EDITIONS = {"2025": ("2024-09-19", "2025-12-17", 2022), "2026": ("2026-07-01", "2026-07-01", 2023)}
RATE = pd.read_csv(RAW / "exchange_rate" / "2026-07-01.csv")
NAN = float("nan")


def plain(name: str, vintage: str) -> dict[tuple[str, int], float]:
    with (RAW / name / f"{vintage}.csv").open(encoding="utf-8", newline="") as file:
        return {(r["economy"], int(r["year"])): float(r["value"]) for r in csv.DictReader(file)}


def computed(edition: str, economies=TOLD, first: int = 2014) -> pd.DataFrame:
    gdp, share, last = EDITIONS[edition]
    return rd_expenditure(
        pd.read_csv(RAW / "gdp" / f"{gdp}.csv"),
        pd.read_csv(RAW / "rd_share" / f"{share}.csv"),
        economies=economies,
        first_year=first,
        last_year=last,
    )


def intensity(edition: str) -> pd.DataFrame:
    return pd.read_csv(RAW / "rd_share" / f"{EDITIONS[edition][1]}.csv")


def near(edition: str) -> pd.DataFrame:
    return computed(edition, ["IRL", "DEU"], EDITIONS[edition][2])


def facts(frame: pd.DataFrame, rate: pd.DataFrame, share: pd.DataFrame):
    return made_of.facts(Spending(frame), rate, share)


def claims(frame: pd.DataFrame, rate: pd.DataFrame, share: pd.DataFrame, nearby: pd.DataFrame):
    """Return the claims of a frame, tested as the notebook tests them."""
    told, near = Spending(frame), nearby.set_index("economy")["rd_expenditure"]
    given = {"told": told, "near": near, "rate": rate, "rd_share": share}
    holds = outcomes("fig7", frame=frame, study=None, **given)
    return made_of.claims(holds, told, rate, share, near)


def made(rows: dict[str, list[float]], first: int = 2014) -> pd.DataFrame:
    """Return a frame of R&D expenditure in billions, without the tables behind it."""
    data = [
        (code, first + step, 1e12, value / 10, value * 1e9)
        for code, values in rows.items()
        for step, value in enumerate(values)
    ]
    return pd.DataFrame(data, columns=["economy", "year", "gdp", "rd_share", "rd_expenditure"])


def expected(gdp, share, rate, last: int) -> dict[str, float]:
    """Recompute every fact from plain dictionaries: (economy, year) → value."""
    rd = {key: gdp[key] * share[key] / 100 for key in gdp if key in share}
    usd = 100 * (rd["CHN", last] / rd["CHN", last - 1] - 1)
    found = {
        "rd_first_year": 2014,
        "rd_last_year": last,
        "rd_chn_usa": 100 * rd["CHN", last] / rd["USA", last],
        "rd_chn_usa_first": 100 * rd["CHN", 2014] / rd["USA", 2014],
        "rd_chn_euu": 100 * rd["CHN", last] / rd["EUU", last],
        "rd_chn_times": rd["CHN", last] / rd["CHN", 2014],
        "rd_gap": rd["USA", last] - rd["CHN", last],
        "rd_gap_first": rd["USA", 2014] - rd["CHN", 2014],
        "rd_china_passes_eu_year": for_good(rd, "CHN", "EUU", last),
        "rd_intensity_passes_eu_year": for_good(share, "CHN", "EUU", last),
        "rd_share_last_gbr": max(year for code, year in share if code == "GBR"),
        "rd_share_last_ind": max(year for code, year in share if code == "IND"),
        "rd_last_growth_usd": usd,
        "rd_last_growth_cny": (100 + usd) * rate["CHN", last] / rate["CHN", last - 1] - 100,
    }
    for code in ("CHN", "USA", "EUU"):
        low, start, end = code.lower(), rd[code, 2014], rd[code, last]
        found |= {
            f"rd_{low}": end,
            f"rd_{low}_first": start,
            f"rd_growth_{low}": 100 * ((end / start) ** (1 / (last - 2014)) - 1),
            f"rd_intensity_{low}": share[code, last],
            f"rd_intensity_{low}_first": share[code, 2014],
        }
    return {id: value for id, value in found.items() if value is not None}


def for_good(values, one: str, other: str, last: int) -> int | None:
    """Return the first year from which `one` is above `other` to the end, after not being so."""
    year = last + 1
    while year > 2014 and values[one, year - 1] > values[other, year - 1]:
        year -= 1
    return year if 2014 < year <= last else None


@pytest.mark.parametrize("edition", EDITIONS)
def test_facts_are_those_of_a_plain_recomputation(edition):
    gdp, share, last = EDITIONS[edition]
    rate = plain("exchange_rate", "2026-07-01")
    found = facts(computed(edition), RATE, intensity(edition))
    plainly = expected(plain("gdp", gdp), plain("rd_share", share), rate, last)
    assert set(found) == set(plainly)
    for id, value in plainly.items():
        assert found[id][0] == pytest.approx(value, rel=1e-9), id
    units = {id: unit for id, (_, unit) in found.items()}
    assert units["rd_usa"] == "usd" and units["rd_intensity_usa"] == "percent_2"
    assert units["rd_last_year"] == "year" and units["rd_growth_chn"] == "percent"


@given(
    table=st.sampled_from(["gdp", "rd_share", "exchange_rate"]),
    code=st.sampled_from(["CHN", "USA", "EUU"]),
    year=st.integers(2012, 2023),
    factor=st.floats(0.3, 3),
)
@settings(max_examples=100, deadline=None)
def test_a_changed_cell_changes_just_the_facts_and_claims_that_hang_on_it(
    table, code, year, factor
):
    names = {"gdp": "2026-07-01", "rd_share": "2026-07-01", "exchange_rate": "2026-07-01"}
    frames = {name: pd.read_csv(RAW / name / f"{vintage}.csv") for name, vintage in names.items()}
    dictionaries = {name: plain(name, vintage) for name, vintage in names.items()}
    if (code, year) not in dictionaries[table]:
        return
    hit = (frames[table]["economy"] == code) & (frames[table]["year"] == year)
    frames[table]["value"] = frames[table]["value"].astype(float)
    frames[table].loc[hit, "value"] *= factor
    dictionaries[table][code, year] *= factor

    tables = frames["gdp"], frames["rd_share"]
    frame = rd_expenditure(*tables, economies=TOLD, first_year=2014, last_year=2023)
    last = rd_expenditure(*tables, economies=["IRL", "DEU"], first_year=2023, last_year=2023)
    found = facts(frame, frames["exchange_rate"], frames["rd_share"])
    plainly = expected(*dictionaries.values(), 2023)
    assert set(found) == set(plainly)
    for id, value in plainly.items():
        assert found[id][0] == pytest.approx(value, rel=1e-9), id

    made = claims(computed("2026"), RATE, intensity("2026"), near("2026"))
    before = {claim.id: claim for claim in made}
    for claim in claims(frame, frames["exchange_rate"], frames["rd_share"], last):
        if claim.holds != before[claim.id].holds:  # a verdict never turns without a reason
            assert claim.evidence != before[claim.id].evidence, claim.id
        if factor != 1 and table == "exchange_rate" and claim.id != "rd-growth-higher-in-yuan":
            assert claim == before[claim.id]


def test_the_papers_sums():
    found = facts(computed("2025"), RATE, intensity("2025"))
    printed = {code: round(found[f"rd_{code}"][0] / 1e9, 1) for code in ("usa", "chn", "euu")}
    assert printed == {"usa": 923.2, "chn": 456.9, "euu": 376.2}


@pytest.mark.parametrize("edition", EDITIONS)
def test_claims_hold_on_both_editions_and_have_their_evidence(edition):
    made_claims = claims(computed(edition), RATE, intensity(edition), near(edition))
    assert sound_claims(made_claims)
    assert all(claim.holds for claim in made_claims)


def test_claims_fail_when_their_data_say_otherwise():
    frame = made({"CHN": [500, 480], "USA": [600, 1000], "EUU": [300, 700]}, first=2021)
    poor = made({"IRL": [90.0], "DEU": [100.0]}, first=2022)
    share = pd.DataFrame({"economy": ["IND"], "year": [2022], "value": [0.6]})
    held = {claim.id: claim.holds for claim in claims(frame, RATE, share, poor)}
    assert not any(held[id] for id in ("china-rd-passes-eu", "china-rd-more-than-doubled"))
    assert not held["rd-gap-wider-though-ratio-higher"] and not held["china-rd-grew-fastest"]
    assert not held["ireland-rd-below-tenth-of-germany"] and not held["india-rd-share-lags"]
    assert held["china-rd-about-half-of-usa"]  # 48 %


@pytest.mark.parametrize(("column", "code"), [("rd_expenditure", "EUU"), ("rd_share", "CHN")])
def test_a_missing_value_is_no_fact_and_no_claim(column, code):
    frame = computed("2025")
    last = frame["year"].max()
    hit = (frame["economy"] == code) & (frame["year"] == last)
    frame.loc[hit, sorted({column, "rd_expenditure"})] = NAN
    share = intensity("2025")
    share = share[share["economy"] != "IND"]
    found = facts(frame, RATE, share)
    assert "rd_share_last_ind" not in found and found["rd_share_last_gbr"] == (2021, "year")
    assert f"rd_{code.lower()}" not in found
    assert all(value == value for value, _ in found.values())
    held = {claim.id: claim.holds for claim in claims(frame, RATE, share, near("2025"))}
    assert not held["india-rd-share-lags"]
    if code == "EUU":
        assert "rd_chn_euu" not in found and not held["china-rd-grew-fastest"]
    else:
        assert not held["china-rd-about-half-of-usa"] and not held["china-intensity-between"]


@pytest.mark.parametrize(
    ("rows", "zh", "en"),
    [
        (
            {"CHN": [300, 500], "USA": [900, 1000], "EUU": [400, 400]},
            "中国研发支出 2015 年超过欧盟，当年相当于美国的 50.0%",
            "China passes the EU in R&D expenditure in 2015 and spends 50.0% of what the USA does",
        ),
        (
            {"CHN": [300, 500], "USA": [400, 400]},
            "中国研发支出 2015 年超过美国，当年比第二位的美国高 25.0%",
            "China passes the USA in R&D expenditure in 2015 and spends 25.0% more than the USA",
        ),
        (
            {"CHN": [500, 500], "USA": [400, 600]},
            "美国研发支出 2015 年超过中国；当年中国相当于美国的 83.3%",
            "The USA passes China in R&D expenditure in 2015; "
            "China spends 83.3% of what the USA does",
        ),
        (
            {"CHN": [500, 500], "USA": [600, 1000]},
            "2015 年中国研发支出相当于美国的 50.0%",
            "China spends 50.0% of what the USA does on R&D in 2015",
        ),
        (
            {"CHN": [500, 500], "USA": [600, 500]},
            "2015 年中国研发支出与美国并列最高",
            "China spends as much on R&D as the USA in 2015",
        ),
        (
            {"USA": [900, 1000], "CHN": [100, 400]},
            "2015 年美国研发支出是第二位中国的 2.5 倍",
            "The USA spends 2.5 times as much on R&D as China in 2015",
        ),
        (
            {"CHN": [100, 250]},
            "中国 2015 年研发支出 2,500 亿美元，是 2014 年的 2.5 倍",
            "China spent US$250.0 billion on R&D in 2015, 2.5 times as much as in 2014",
        ),
        (
            {"CHN": [300, NAN, 500], "EUU": [400, 400, 400]},
            "中国研发支出 2014 年至 2016 年间超过欧盟，2016 年比第二位的欧盟高 25.0%",
            "China passes the EU in R&D expenditure between 2014 and 2016 "
            "and spends 25.0% more than the EU",
        ),
        (
            {"CHN": [300, NAN], "EUU": [400, 500]},
            "2014 年中国研发支出相当于欧盟的 75.0%",  # the first's own last year
            "China spends 75.0% of what the EU does on R&D in 2014",
        ),
        (
            {"CHN": [NAN, NAN], "EUU": [NAN, NAN]},
            "所选年份没有研发支出数据",
            "No R&D figures for these years",
        ),
    ],
)
def test_titles_say_what_the_data_say(rows, zh, en):
    said = words(made(rows))
    assert said["zh"].title == zh
    assert said["en"].title == en


@given(
    st.lists(
        st.lists(st.one_of(st.just(NAN), st.floats(1, 2000)), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=150, deadline=None)
def test_words_are_sound_whatever_the_data(values):
    rows = dict(zip(["CHN", "USA", "EUU", "IND"], values, strict=False))
    faults = faults_in(words(made(rows)))
    everything_missing = all(v != v for series in values for v in series)
    assert not faults or everything_missing, faults


def test_the_alternative_text_has_the_numbers():
    alt = words(computed("2025"))["en"].alt
    for part in ("2014 to 2022", "US$923.2 billion", "US$456.9 billion", "passes the EU’s in 2020"):
        assert part in alt
    assert "9,232 亿美元" in words(computed("2025"))["zh"].alt


def test_statements_are_tested_in_the_studys_years():
    found = {finding.id: finding for finding in statements(Spending(computed("2025")))}
    assert set(found) == {"rd-china-near-eu", "rd-us-far-ahead"}
    assert all(finding.agrees for finding in found.values())
    assert "121.5%" in found["rd-china-near-eu"].depends["en"]
    apart = made({"CHN": [200, 900], "USA": [477, 923], "EUU": [331, 376]})
    assert not any(finding.agrees for finding in statements(Spending(apart)))


def test_the_table_has_a_row_for_each_year_and_none_for_a_gap():
    frame = computed("2026")
    frame.loc[(frame["economy"] == "EUU") & (frame["year"] == 2016), "rd_expenditure"] = NAN
    ict = pd.read_csv(RAW / "ict_service_exports" / "2026-02-24.csv")
    table = by_year(frame, ict)
    assert [row[0] for row in table["rows"]] == [str(year) for year in range(2014, 2024)]
    assert table["rows"][2][3] is None
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    exports = plain("ict_service_exports", "2026-02-24")
    expected = 100 * exports["IRL", 2014] / exports["WLD", 2014]
    assert table["rows"][0][4] == (pytest.approx(expected, rel=1e-12), "percent_number")
