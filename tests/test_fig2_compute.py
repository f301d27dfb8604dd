"""Fig. 2's indicator: rows that add up, members beside their union, a total that shares imply."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.fig2.compute import (
    shares_of_world,
    unicorn_table,
    unplaced,
)
from analysis.paper.compute import totals_that_fit
from anew.project.paths import Project
from anew.text.statements import Printed, load_statements

ROOT = Path(__file__).parents[1]
LISTS = sorted((ROOT / "data" / "raw" / "unicorns_by_economy").glob("*.csv"))
CATALOG = yaml.safe_load((ROOT / "data" / "catalog.yml").read_text("utf-8"))
MEMBERS = CATALOG["economies"]["aggregates"]["EUU"]["members"]
APART = ["HKG", "TWN"]


def share(value: float, decimals: int = 1) -> Printed:
    return Printed(value=value, unit="percent", decimals=decimals)


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_rows_add_up_to_the_world_and_members_to_their_union(path):
    counts = pd.read_csv(path)
    frame = unicorn_table(counts, members=MEMBERS, apart=APART)
    raw = {row["economy"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
    top = frame[frame["kind"].isin(["economy", "union", "apart", "other"])]
    inside = frame[frame["kind"].isin(["member", "other_members"])]
    assert top["count"].sum() == int(raw["WLD"]["count"])
    assert inside["count"].sum() == int(raw["EUU"]["count"])
    assert top["share"].sum() == pytest.approx(100)
    assert top["valuation"].sum() == pytest.approx(float(raw["WLD"]["valuation_usd_bn"]) * 1e9)
    for row in frame[frame["economy"].isin(list(raw))].itertuples():
        assert row.count == int(raw[row.economy]["count"])
        expected = 100 * int(raw[row.economy]["count"]) / int(raw["WLD"]["count"])
        assert row.share == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_order_and_places(path):
    counts = pd.read_csv(path)
    frame = unicorn_table(counts, members=MEMBERS, apart=APART)
    ranked = frame[frame["kind"].isin(["economy", "union"])]["count"]
    assert ranked.is_monotonic_decreasing
    kinds = list(frame["kind"])
    at = kinds.index("union")
    assert kinds[at + 1 : at + 5] == ["member"] * 3 + ["other_members"]
    assert kinds[-1] == "other" and kinds.count("other") == 1
    assert frame["economy"].is_unique
    listed = set(counts["economy"])
    assert set(frame.loc[frame["kind"] == "apart", "economy"]) == listed & set(APART)


def test_companies_without_an_economy_are_counted_as_other():
    counts = pd.read_csv(ROOT / "data/raw/unicorns_by_economy/2024-09_crunchbase.csv")
    assert unplaced(counts) == 10
    everyone = [e for e in counts["economy"] if e not in ("WLD", "EUU", *MEMBERS)]
    frame = unicorn_table(counts, members=MEMBERS, economies=everyone, apart=APART)
    assert frame.iloc[-1]["count"] == 10


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(["USA", "CHN", "IND", "GBR", "HKG", "DEU", "FRA", "IRL", "ESP", "ITA"]),
        st.integers(min_value=1, max_value=900),
        min_size=2,
    ),
    st.integers(min_value=0, max_value=50),
    st.integers(min_value=1, max_value=5),
)
def test_sums_hold_for_any_list(counts, without, largest):
    union = sum(v for e, v in counts.items() if e in MEMBERS)
    rows = {**counts, "WLD": sum(counts.values()) + without, "EUU": union}
    frame = pd.DataFrame({"economy": rows.keys(), "count": rows.values()})
    frame["valuation_usd_bn"] = frame["count"] * 1.5
    built = unicorn_table(frame, members=MEMBERS, largest=largest, apart=["HKG"])
    top = built[built["kind"].isin(["economy", "union", "apart", "other"])]
    assert top["count"].sum() == rows["WLD"]
    assert (built["count"] >= 0).all()
    assert (built["kind"] == "economy").sum() <= largest


def test_shares_are_of_the_lists_own_world():
    counts = pd.read_csv(ROOT / "data/raw/unicorns_by_economy/2024-09_crunchbase.csv")
    shares = shares_of_world(counts)
    assert shares.loc["USA", "share"] == pytest.approx(100 * 758 / 1549, rel=1e-12)
    assert shares.loc["CHN", "valuation_share"] == pytest.approx(100 * 1169 / 5175, rel=1e-12)


def test_only_one_total_fits_the_four_printed_shares():
    """The study's numbers, from its file: 758, 283, 64, 119 with 48.9, 18.2, 4.1, 7.7 %."""
    study = load_statements(Project(ROOT))
    names = ["unicorns-us", "unicorns-china", "unicorns-uk", "unicorns-eu"]
    parts = [(int(study[n].values[0].value), study[n].values[1]) for n in names]
    assert totals_that_fit(parts) == [1551]
    for leave_out in range(4):
        rest = parts[:leave_out] + parts[leave_out + 1 :]
        assert 1551 in totals_that_fit(rest)


@settings(max_examples=80)
@given(
    st.integers(min_value=1, max_value=3000),
    st.lists(st.integers(min_value=1, max_value=3000), min_size=1, max_size=5),
)
def test_the_true_total_is_always_found(more, parts):
    total = max(parts) + more
    pairs = [(part, share(float(f"{100 * part / total:.1f}"))) for part in parts]
    if max(pairs)[1].base < 0.2:
        return
    found = totals_that_fit(pairs)
    assert total in found
    for other in found:
        assert all(
            f"{100 * p / other:.1f}" == f"{100 * p / total:.1f}"
            or abs(100 * p / other - s.base) <= 0.05 + 1e-9
            for p, s in pairs
        )


def test_a_share_too_small_bounds_nothing():
    assert totals_that_fit([]) == []
    with pytest.raises(ValueError, match="bounds no total"):
        totals_that_fit([(3, share(0.1))])
