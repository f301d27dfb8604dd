"""A comparison as it is read: in a terminal, in a review, by a machine."""

from __future__ import annotations

import json

import pytest
from test_comparison import changed, source, state, stated

from anew.diff.comparison import compare
from anew.diff.data import as_json
from anew.diff.state import Fact, State
from anew.diff.telling import SHOWN, as_text, summary
from anew.text.facts import Form, Unit


def unit(name: str, pattern: str, decimals: int = 0, difference: str = "") -> Unit:
    form = Form(pattern, decimals=decimals, grouping=name != "year")
    return Unit(name, dict.fromkeys(("zh", "en"), form), difference)


UNITS = {
    "mm": unit("mm", "{n} mm", 1),
    "year": unit("year", "{n}", difference="count"),
    "count": unit("count", "{n}"),
}


@pytest.fixture
def comparison():
    def change(woven, data):
        woven["facts"]["rain_last"]["value"] = 11.0
        woven["facts"]["rain_year"]["value"] = 2021
        woven["facts"]["rain_total"]["value"] = 260.0
        woven["claims"]["rain-grows"] |= {"holds": False, "evidence": {"years": {"2020": 11.0}}}
        woven["figures"]["fig1"]["en"]["title"] = "Rain falls to 11 mm"
        data["fig1"][1]["value"] = "8.8"
        data["fig1"].append({"economy": "FRA", "year": "2021", "value": "11"})
        woven["figures"]["fig2"]["sources"] = [source("Rain Club")]
        data["fig2"][0]["value"] = "99"
        del woven["statements"]["rain-doubles"]

    facts = {"rain_last": Fact(11.5, "mm"), "rain_year": Fact(2020, "year")}
    between = State(facts=facts)
    return changed(change, between=between, moved={"fig1"})


def test_nothing_is_told_where_nothing_changed():
    assert as_text(changed(lambda *_: None), UNITS) == "2025 → 2026\n\nNothing changed.\n"


@pytest.mark.parametrize(
    ("turned", "said"),
    [
        ({"rain-grows"}, "1 claim no longer holds."),
        ({"rain-grows", "rain-is-wet"}, "2 claims no longer hold."),
    ],
)
def test_the_summary_counts_claims_that_turn(turned, said):
    def change(woven, data):
        for id in turned:
            woven["claims"][id]["holds"] = False

    assert summary(changed(change)) == said


def test_the_text_begins_with_the_scoreboard_and_the_rule(comparison):
    lines = as_text(comparison, UNITS).splitlines()
    assert lines[2].split() == ["large", "moderate", "small", "break", "equal"]
    assert lines[3].split() == ["figures", "1", "0", "0", "1", "0"]
    assert lines[4].split() == ["facts", "1", "2", "0", "0", "0"]
    assert lines[5].split() == ["claims", "1", "0", "0", "0", "1"]
    assert lines[6].split() == ["statements", "1", "0", "0", "0", "0"]
    assert "large from 10% of the larger value, moderate from 1%" in lines[8]


def test_the_text_tells_breaks_new_years_causes_and_evidence(comparison):
    text = as_text(comparison, UNITS)
    for line in (
        "fig2 (break in the series)",
        "  break in the series: rain, Met Office → Rain Club",
        "  1 value from a different source, not compared",
        "fig1 (large)",
        "  title: Rain grows to 12 mm → Rain falls to 11 mm",
        "    FRA 2020 value: 11 → 8.8 (\u221220.0%, large)",
        "  1 value for new periods (2021)",
        "Facts changed by revised data, for the same years",
        "  rain_total: 200.0 mm → 260.0 mm (+60.0 mm, +30.0%, large)",
        "Facts changed by revised data and by different periods",
        "  rain_last: 12.0 mm → 11.0 mm "
        "(\u22121.0 mm, \u22128.3%, 11.5 mm for the old years, moderate)",
        "Facts changed by different periods",
        "  rain_year: 2020 → 2021 (+1, moderate)",
        "  rain-grows (fig1): true → false",
        "    2019: 10; 2020: 12 → years: 2020 11",
        "  rain-doubles (fig1): differs → not made",
    ):
        assert f"{line}\n" in text, line


def test_a_long_list_is_cut_and_counted():
    def change(woven, data):
        data["fig1"] += [
            {"economy": f"E{n}", "year": "2019", "value": str(n)} for n in range(SHOWN)
        ]

    def twice(woven, data):
        for row in data["fig1"]:
            row["value"] = str(2 * float(row["value"]))

    old, new = state(), state("2026")
    for one in (old, new):
        change(*one)
    twice(*new)
    text = as_text(compare(stated(*old), stated(*new)), UNITS)
    assert text.count("(+100.0%, large)") == SHOWN
    assert f"… and {SHOWN + 3 - SHOWN} more" in text  # E0 is zero and stays zero


def test_markdown_has_a_table_and_lists(comparison):
    lines = as_text(comparison, UNITS, markdown=True).splitlines()
    assert lines[0] == "## 2025 → 2026"
    assert lines[2] == "| | large | moderate | small | break | equal |"
    assert lines[3] == "|---|---:|---:|---:|---:|---:|"
    assert lines[4] == "| figures | 1 | 0 | 0 | 1 | 0 |"
    assert "### fig1 (large)" in lines
    assert any(line.startswith("- rain_total: ") for line in lines)


def test_json_holds_every_point_with_what_is_computed(comparison):
    data = json.loads(json.dumps(as_json(comparison)))
    assert data["scoreboard"]["facts"] == {"large": 1, "moderate": 2, "small": 0, "break": 0}
    fig2, fig1 = data["figures"]
    assert (fig2["address"], fig2["size"], len(fig2["broken"])) == ("fig2", None, 1)
    assert fig2["broken"][0]["size"] is None
    (point,) = fig1["revised"]
    assert point["of"] == ["FRA", "2020", "value"]
    assert point["relative"] == pytest.approx(-0.2)
    fact = next(fact for fact in data["facts"] if fact["of"] == ["rain_last"])
    assert (fact["cause"], fact["between"], fact["absolute"]) == ("both", 11.5, -1.0)


def test_a_value_whose_unit_nobody_knows_is_told_as_a_number(comparison):
    assert "  rain_total: 200 → 260 (+30.0%, large)\n" in as_text(comparison, {})
