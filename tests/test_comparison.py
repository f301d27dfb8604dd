"""What changed between two builds, apart from how it is told."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import tiny
from hypothesis import given
from hypothesis import strategies as st

from anew.diff.change import Cause, Change, Kind, Size, largest, size_of, wording
from anew.diff.comparison import compare
from anew.diff.state import State, state_from
from anew.diff.telling import as_text
from anew.notebook.findings import Woven


def source(agency: str, table: str = "rain") -> dict[str, Any]:
    return {"table": table, "agency": {"zh": agency, "en": agency}}


Rows = dict[str, list[dict[str, str]]]


def state(edition: str = "2025") -> tuple[dict[str, Any], Rows]:
    """A build of two figures, three facts, two claims and a statement."""
    woven = {
        "edition": edition,
        "figures": {
            address: {
                "address": address,
                "sources": [source("Met Office")],
                "zh": {"title": "降水增至 12 毫米"},
                "en": {"title": "Rain grows to 12 mm"},
            }
            for address in ("fig1", "fig2")
        },
        "facts": {
            "rain_last": {"value": 12.0, "unit": "mm", "figure": "fig1"},
            "rain_year": {"value": 2020, "unit": "year", "figure": "fig1"},
            "rain_total": {"value": 200.0, "unit": "mm", "figure": "other"},
        },
        "claims": {
            "rain-grows": {"holds": True, "figure": "fig1", "evidence": {"2019": 10, "2020": 12}},
            "rain-is-wet": {"holds": True, "figure": "fig2", "evidence": {"wet": 1}},
        },
        "statements": {
            "rain-doubles": {"verdict": "differs", "figure": "fig1", "evidence": {"times": 1.2}}
        },
    }
    rows = [
        {"economy": economy, "year": year, "value": str(10 + n)}
        for economy in ("FRA", "DEU")
        for n, year in enumerate(("2019", "2020"))
    ]
    return woven, {address: copy.deepcopy(rows) for address in ("fig1", "fig2")}


def changed(change, **given):
    """Compare the state with itself after `change` was done to it."""
    new = state("2026")
    change(*new)
    return compare(stated(*state()), stated(*new), **given)


def stated(woven: dict[str, Any], data: Rows) -> State:
    """Return the state of what was gathered; a column that a row lacks is empty there."""
    lines = {}
    for address, rows in data.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        lines[address] = [",".join(names)]
        lines[address] += [",".join(row.get(name, "") for name in names) for row in rows]
    return state_from(whole(woven), lines)


def whole(woven: dict[str, Any]) -> Woven:
    """Return what was gathered as the engine has it, with what no comparison looks at."""
    for figure in woven["figures"].values():
        _fill(figure, address="fig1", notebook="analysis/fig.ipynb", number=1)
        for language in ("zh", "en"):
            figure[language] = {"measure": "", "note": "", "alt": "", **figure[language]}
        for source in figure["sources"]:
            spoken = {"zh": "降水", "en": "Rain"}
            _fill(source, title=spoken, code="R", vintage="2024", published="2024")
    for fact in woven["facts"].values():
        _fill(fact, zh="一", en="one")
    for one in woven["claims"].values():
        _fill(one, fails_when={"zh": "降水减少", "en": "rain falls"})
    for one in woven["statements"].values():
        _fill(one, test={"zh": "降水", "en": "rain"})
    return Woven.model_validate(woven)


def _fill(entry: dict[str, Any], **given: object) -> None:
    entry |= {key: value for key, value in given.items() if key not in entry}


def write_records(folder: Path, woven: dict[str, Any]) -> None:
    """Write what a site records of what was gathered."""
    told = whole(woven).model_dump(mode="json")
    edition = told["edition"]
    for name, record in {
        "facts": {"edition": edition, "facts": told["facts"]},
        "claims": {"edition": edition, **{k: told[k] for k in ("claims", "statements")}},
        "figures": told["figures"],
    }.items():
        tiny.write(folder / f"{name}.json", json.dumps(record, ensure_ascii=False))


def test_a_state_and_itself_do_not_differ():
    found = changed(lambda woven, data: None)
    assert found.empty
    assert found.equal == {"figures": 2, "facts": 3, "claims": 2, "statements": 1}
    assert not any(sum(counts.values()) for counts in found.scoreboard().values())


values = st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(["fig1", "fig2"]), st.integers(0, 3), values)
def test_one_changed_cell_is_found_and_nothing_else(address, row, value):
    def change(woven, data):
        data[address][row]["value"] = repr(value)

    found = changed(change)
    old = float(state()[1][address][row]["value"])
    if value == old:
        assert found.empty
        return
    (figure,) = found.figures
    assert (figure.address, list(figure.points)) == (address, ["revised"])
    (point,) = figure.points["revised"]
    assert point.of == (*list(state()[1][address][row].values())[:2], "value")
    assert (point.old, point.new, point.absolute) == (old, value, value - old)
    assert not (found.facts or found.claims or found.statements)
    assert found.equal["figures"] == 1


@given(st.sampled_from(["rain_last", "rain_year", "rain_total"]), values)
def test_one_changed_fact_is_found_and_nothing_else(id, value):
    def change(woven, data):
        woven["facts"][id]["value"] = value

    found = changed(change)
    old = state()[0]["facts"][id]["value"]
    if value == old:
        assert found.empty
        return
    (fact,) = found.facts
    assert (fact.of, fact.kind, fact.old, fact.new) == ((id,), Kind.REVISED, old, value)
    assert not (found.figures or found.claims or found.statements)
    assert found.equal == {"figures": 2, "facts": 2, "claims": 2, "statements": 1}


def test_a_claim_that_turns_is_found_with_the_evidence_of_both_sides():
    def change(woven, data):
        woven["claims"]["rain-grows"] = {
            "holds": False, "figure": "fig1", "evidence": {"2019": 10, "2020": 9},
        }  # fmt: skip

    found = changed(change)
    (turn,) = found.claims
    assert (turn.id, turn.old, turn.new) == ("rain-grows", "true", "false")
    assert turn.evidence == ({"2019": 10, "2020": 12}, {"2019": 10, "2020": 9})
    assert not (found.figures or found.facts or found.statements)
    assert found.scoreboard()["claims"] == {"large": 1, "moderate": 0, "small": 0, "break": 0}


def test_a_claim_whose_evidence_moves_and_whose_outcome_stays_is_no_change():
    def change(woven, data):
        woven["claims"]["rain-grows"]["evidence"]["2020"] = 13

    assert changed(change).empty


def test_a_verdict_that_turns_is_found():
    def change(woven, data):
        woven["statements"]["rain-doubles"]["verdict"] = "reproduced"

    (turn,) = changed(change).statements
    assert (turn.old, turn.new) == ("differs", "reproduced")


def test_what_comes_and_what_goes_is_said():
    def change(woven, data):
        woven["facts"]["rain_first"] = {"value": 1.0, "unit": "mm", "figure": "fig1"}
        del woven["facts"]["rain_total"]
        del woven["claims"]["rain-is-wet"]
        del woven["figures"]["fig2"], data["fig2"]

    found = changed(change)
    assert {(fact.of[0], fact.kind, fact.size) for fact in found.facts} == {
        ("rain_first", Kind.NEW, Size.LARGE),
        ("rain_total", Kind.GONE, Size.LARGE),
    }
    (figure,) = found.figures
    assert (figure.address, figure.kind, figure.size) == ("fig2", Kind.GONE, Size.LARGE)
    assert [(turn.id, turn.new) for turn in found.claims] == [("rain-is-wet", None)]


def test_new_years_are_apart_from_revisions_and_from_new_economies():
    def change(woven, data):
        data["fig1"][0]["value"] = "10.05"
        data["fig1"] += [
            {"economy": "FRA", "year": "2021", "value": "13"},
            {"economy": "ITA", "year": "2020", "value": "7"},
        ]

    (figure,) = changed(change).figures
    assert figure.years == ("2021",)
    assert [point.of for point in figure.points["new_years"]] == [("FRA", "2021", "value")]
    assert [point.of for point in figure.points["new"]] == [("ITA", "2020", "value")]
    assert [(point.of, point.size) for point in figure.points["revised"]] == [
        (("FRA", "2019", "value"), Size.SMALL)
    ]


def test_new_years_alone_are_moderate():
    def change(woven, data):
        data["fig1"].append({"economy": "FRA", "year": "2021", "value": "13"})

    (figure,) = changed(change).figures
    assert figure.size is Size.MODERATE


def test_another_agency_is_a_break_and_its_points_are_not_revised():
    def change(woven, data):
        woven["figures"]["fig1"]["sources"] = [source("Rain Club")]
        woven["facts"]["rain_last"]["value"] = 24.0
        woven["claims"]["rain-grows"]["holds"] = False
        data["fig1"][0]["value"] = "99"
        data["fig2"][0]["value"] = "11"

    found = changed(change)
    broken, other = found.figures
    (told,) = broken.breaks
    assert (told.table, told.old["en"], told.new["zh"]) == ("rain", "Met Office", "Rain Club")
    assert (broken.size, list(broken.points)) == (None, ["broken"])
    assert [point.new for point in broken.points["broken"]] == [99.0]
    assert (other.address, len(other.points["revised"]), other.breaks) == ("fig2", 1, ())
    (fact,) = found.facts
    assert fact.cause is Cause.BREAK
    assert found.claims[0].broken
    assert found.scoreboard() == {
        "figures": {"large": 0, "moderate": 1, "small": 0, "break": 1},
        "facts": {"large": 0, "moderate": 0, "small": 0, "break": 1},
        "claims": {"large": 0, "moderate": 0, "small": 0, "break": 1},
        "statements": {"large": 0, "moderate": 0, "small": 0, "break": 0},
    }


def test_an_agency_of_another_table_is_no_break_and_neither_is_another_order():
    both = [source("Met Office"), source("Snow Office", "snow")]

    def change(woven, data):
        woven["figures"]["fig1"]["sources"] = both[::-1]

    assert changed(change).empty


def test_the_cause_of_a_change_is_told():
    """rain_last is revised and looked at a year later; rain_year only moves on."""

    def change(woven, data):
        woven["facts"]["rain_last"]["value"] = 15.0
        woven["facts"]["rain_year"]["value"] = 2021
        woven["facts"]["rain_total"]["value"] = 210.0
        data["fig1"][0]["value"] = "11"
        data["fig1"][1]["value"] = "12"

    between = state()
    between[0]["facts"]["rain_last"]["value"] = 12.5
    between[1]["fig1"][0]["value"] = "11"
    found = changed(change, between=stated(*between), moved={"fig1"})
    causes = {fact.of[0]: (fact.cause, fact.between) for fact in found.facts}
    assert causes == {
        "rain_last": (Cause.BOTH, 12.5),
        "rain_year": (Cause.YEARS, 2020),
        "rain_total": (Cause.REVISION, 200.0),
    }
    (figure,) = found.figures
    assert [point.of[1] for point in figure.points["revised"]] == ["2019"]
    assert [point.of[1] for point in figure.points["shifted"]] == ["2020"]


def test_without_the_new_data_of_the_old_years_the_cause_is_unknown():
    def change(woven, data):
        woven["facts"]["rain_last"]["value"] = 15.0

    assert changed(change).facts[0].cause is Cause.UNKNOWN
    assert changed(change, moved={"fig1"}).facts[0].cause is Cause.UNKNOWN
    assert changed(change, moved=()).facts[0].cause is Cause.REVISION


def test_sizes_go_by_the_larger_of_the_two_values():
    assert size_of(90, 100) is Size.LARGE  # a tenth of 100
    assert size_of(90.1, 100) is Size.MODERATE
    assert size_of(99, 100) is Size.MODERATE  # a hundredth
    assert size_of(99.1, 100) is Size.SMALL
    assert size_of(0, 1e-9) is Size.LARGE
    assert size_of(-1, 1) is Size.LARGE
    assert size_of(0, 0) is Size.SMALL


@given(values, values)
def test_a_change_is_as_large_as_its_way_back(old, new):
    assert size_of(old, new) is size_of(new, old)


def test_a_year_that_moves_is_moderate_and_has_no_percentage():
    moved = Change(("rain_year",), Kind.REVISED, 2020, 2021, "year")
    assert (moved.size, moved.relative, moved.absolute) == (Size.MODERATE, None, 1)


def test_the_largest_size_is_that_of_the_figure():
    assert largest([Size.SMALL, Size.LARGE, Size.MODERATE]) is Size.LARGE
    assert largest([]) is Size.SMALL


def test_a_title_that_says_something_else_is_large_and_other_numbers_are_moderate():
    def numbers(woven, data):
        woven["figures"]["fig1"]["en"]["title"] = "Rain grows to 13.5 mm"

    def words(woven, data):
        woven["figures"]["fig1"]["en"]["title"] = "Rain falls to 12 mm"

    assert changed(numbers).figures[0].size is Size.MODERATE
    assert changed(words).figures[0].size is Size.LARGE
    assert wording("from 1,549 to −3.5%") == wording("from 2 to 7%")


def test_breaks_come_first_and_then_what_changed_most():
    def change(woven, data):
        data["fig1"][0]["value"] = "10.01"
        woven["figures"]["fig2"]["sources"] = [source("Rain Club")]
        woven["facts"]["rain_last"]["value"] = 12.01
        woven["facts"]["rain_total"]["value"] = 400.0

    found = changed(change)
    assert [figure.address for figure in found.figures] == ["fig2", "fig1"]
    assert [fact.of[0] for fact in found.facts] == ["rain_total", "rain_last"]


def test_a_picture_drawn_otherwise_from_the_same_data_is_a_small_change_of_a_site():
    woven, data = state()
    old = replace(stated(woven, data), pictures={"fig1.en.svg": "a", "fig2.en.svg": "b"})
    new = replace(old, pictures={"fig1.en.svg": "c", "fig2.en.svg": "b"})
    (figure,) = compare(old, new).figures
    assert (figure.address, figure.redrawn, figure.size) == ("fig1", True, Size.SMALL)
    assert "drawn differently, from the same data" in as_text(compare(old, new), {})
    assert compare(old, replace(new, pictures={})).empty  # an edition that was not drawn
