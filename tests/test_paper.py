"""The study's sums: what is computed from its own numbers and from tables."""

from __future__ import annotations

import pandas as pd
import pytest
from figure_checks import RAW, outcomes, sound_claims
from test_paper_compute import cells

from analysis.paper.claims import Sums, claims, facts, statements
from anew.project.paths import Project
from anew.text.statements import Verdict, judge, load_statements

STUDY = load_statements(Project(RAW.parents[1]))
TABLES = {"digital_economy_size", "gdp", "exchange_rate", "ai_policies", "unicorns_by_economy"}


def frames(gdp: str) -> dict[str, pd.DataFrame]:
    files = {
        "digital_economy": "digital_economy_size/2024-01",
        "gdp": f"gdp/{gdp}",
        "exchange_rate": "exchange_rate/2026-07-01",
        "policies": "ai_policies/2026-01",
    }
    return {name: pd.read_csv(RAW / f"{file}.csv") for name, file in files.items()}


def made(sums: Sums, fitting: list[int]):
    """Return the claims of some sums, tested as the notebook tests them."""
    return claims(outcomes("paper", sums=sums, fitting=fitting), sums, fitting)


def verdicts(sums: Sums) -> dict[str, Verdict]:
    return {
        f.id: judge(STUDY[f.id], TABLES, ours=f.ours, agrees=f.agrees) for f in statements(sums)
    }


@pytest.mark.parametrize("vintage", ["2024-09-19", "2026-07-01"])
def test_facts_equal_the_raw_files(vintage):
    gdp, rate = cells(f"gdp/{vintage}.csv"), cells("exchange_rate/2026-07-01.csv")
    found = facts(Sums(STUDY, **frames(vintage)), [1551])
    assert found["paper_di_gdp_share"][0] == pytest.approx(
        100 * 10.09e12 / (gdp["CHN", 2023] * rate["CHN", 2023]), rel=1e-9
    )
    assert found["paper_world_gdp_covered"][0] == pytest.approx(
        100 * (41.4e12 / 0.461) / gdp["WLD", 2022], rel=1e-9
    )
    assert found["paper_patent_growth"][0] == pytest.approx(100 * (202 / 75 - 1), rel=1e-9)
    assert found["paper_total_implied"] == (1551, "companies")
    assert found["paper_di_base"] == (pytest.approx(10.09e12 / 0.187, rel=1e-9), "cny_tn")
    entries = [found[f"ai_policies_{code}"][0] for code in ("deu", "usa", "gbr", "chn")]
    assert entries == [72, 69, 58, 17]


def test_no_total_is_stated_when_several_fit():
    assert "paper_total_implied" not in facts(Sums(STUDY, **frames("2024-09-19")), [1550, 1551])


@pytest.mark.parametrize("vintage", ["2024-09-19", "2026-07-01"])
def test_verdicts(vintage):
    assert verdicts(Sums(STUDY, **frames(vintage))) == {
        "global-digital-economy-2022": Verdict.REPRODUCED,
        "global-digital-share-2022": Verdict.INDICATIVE,
        "china-digital-industrialisation-share": Verdict.DIFFERS,
        "patents-china-growth": Verdict.REPRODUCED,
        "policies-us-uk-most": Verdict.INDICATIVE,
    }


def test_verdicts_follow_the_tables():
    tables = frames("2024-09-19")
    gdp = tables["gdp"].astype({"value": "float64"})
    gdp.loc[gdp["economy"].eq("WLD") & gdp["year"].eq(2022), "value"] = 80e12
    rate = cells("exchange_rate/2026-07-01.csv")["CHN", 2023]
    gdp.loc[gdp["economy"].eq("CHN") & gdp["year"].eq(2023), "value"] = 10.09e12 / 0.187 / rate
    size = tables["digital_economy"].assign(value_usd_tn=41.46)
    policies = tables["policies"][tables["policies"]["economy"] != "DEU"]
    other = {"gdp": gdp, "digital_economy": size, "policies": policies}
    sums = Sums(STUDY, **(tables | other))
    found = verdicts(sums)
    assert found["global-digital-share-2022"] is Verdict.DIFFERS  # more than the world's GDP
    assert found["china-digital-industrialisation-share"] is Verdict.REPRODUCED
    assert found["global-digital-economy-2022"] is Verdict.DIFFERS
    by_id = {f.id: f for f in statements(sums)}
    assert by_id["policies-us-uk-most"].agrees is True
    held = {claim.id: claim.holds for claim in made(sums, [1550, 1551])}
    assert held["only-one-total-fits"] is False
    assert held["digital-industry-share-cannot-be-of-gdp"] is False
    assert held["study-digital-share-possible"] is False
    assert held["ai-policies-germany-first"] is False
    assert held["printed-share-fits-digital-economy"] is True  # no table of ours is asked


def test_a_quotient_that_fits_no_white_paper_fits_nothing():
    id = "china-digital-industrialisation-share"
    printed = STUDY[id].values[0].model_copy(update={"value": 20.0})
    study = {**STUDY, id: STUDY[id].model_copy(update={"values": [printed]})}
    held = {c.id: c.holds for c in made(Sums(study, **frames("2026-07-01")), [1551])}
    assert held["printed-share-fits-digital-economy"] is False


def test_claims_are_sound():
    every = made(Sums(STUDY, **frames("2026-07-01")), [1551])
    assert sound_claims(every) and all(claim.holds for claim in every)
