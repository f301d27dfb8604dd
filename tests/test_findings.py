"""What a notebook finds has fields, is written and read as it is, and knows where it was made."""

from __future__ import annotations

import json

import numpy
import pandas
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from anew.build.plan import Request, make_plan
from anew.figures.words import Point, Words
from anew.notebook.findings import (
    Absent,
    Claim,
    Fact,
    Findings,
    ReportTable,
    TableRead,
    Tested,
    read_findings,
)
from anew.notebook.places import Place
from anew.notebook.runner import run_notebook
from anew.project.errors import AnewError

SPOKEN = st.sampled_from(["雨", "rain \u2212 “雨”"]).map(lambda text: {"zh": text, "en": text})
IDS = st.text("abc-", min_size=1, max_size=4)
NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(IDS, inner, max_size=2),
    max_leaves=3,
)
EVIDENCE = st.dictionaries(st.text(max_size=8), VALUE, min_size=1, max_size=3)


def by_id(made):
    return st.dictionaries(IDS, made, max_size=2).map(
        lambda found: {id: one.model_copy(update={"id": id}) for id, one in found.items()}
    )


FINDINGS = st.builds(
    Findings,
    address=IDS,
    edition=IDS,
    parameters=st.dictionaries(IDS, VALUE, max_size=2),
    sources=st.lists(
        st.builds(TableRead, title=SPOKEN, agency=SPOKEN), max_size=2
    ),
    facts=by_id(st.builds(Fact, id=st.just(""), made=st.just(""), value=NUMBER, printed=SPOKEN)),
    absent=by_id(st.builds(Absent, id=st.just(""), made=st.just(""))),
    claims=by_id(
        st.builds(Claim, id=st.just(""), made=st.just(""), evidence=EVIDENCE, fails_when=SPOKEN,
                  told=st.just({}) | SPOKEN)
    ),
    statements=by_id(
        st.builds(
            Tested, id=st.just(""), made=st.just(""), evidence=EVIDENCE, test=SPOKEN,
            depends=st.none() | SPOKEN, ours=st.none() | NUMBER | st.lists(NUMBER, max_size=2),
        )
    ),
    tables=by_id(
        st.builds(
            ReportTable, id=st.just(""), made=st.just(""), caption=SPOKEN,
            columns=st.just({"a": {"zh": "甲", "en": "A"}}),
        )
    ),
    words=st.dictionaries(st.sampled_from(["zh", "en"]), st.builds(Words)),
    points=st.dictionaries(
        st.sampled_from(["zh", "en"]),
        st.lists(
            st.builds(Point, st.floats(0, 1), st.floats(0, 1), IDS, IDS), max_size=2
        ),
    ),
    places=st.just({"facts": {"a": Place(notebook="n.ipynb", cell=2, line=1)}}),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(FINDINGS)
def test_findings_are_written_and_read_as_they_are(tmp_path_factory, findings):
    path = tmp_path_factory.getbasetemp() / "result.json"
    findings.write(path)
    assert read_findings(path) == findings
    first = path.read_bytes()
    read_findings(path).write(path)
    assert path.read_bytes() == first


def test_numbers_of_numpy_become_plain_and_a_gap_stays_missing():
    claim = Claim(
        id="a", holds=numpy.bool_(True), fails_when={"zh": "否", "en": "no"},
        evidence={2020: numpy.float64(1.5), "gap": float("nan"), "years": (numpy.int64(1),)},
    )  # fmt: skip
    assert claim.holds is True
    assert claim.evidence == {"2020": 1.5, "gap": None, "years": [1]}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"holds": None}, "Claim rain: holds: Input should be a valid boolean"),
        ({"holds": 1}, "Claim rain: holds: Input should be a valid boolean"),
        ({"evidence": {}}, "Claim rain: evidence: "),
        ({"evidence": {"day": pandas.Timestamp("2020-01-01")}}, "Claim rain: evidence holds Times"),
        ({"evidence": {"ratio": float("inf")}}, "Claim rain: evidence holds inf; only"),
        ({"fails_when": {"zh": "少了"}}, "Claim rain: fails_when has no text in en"),
        ({"fails_when": {"zh": "少了", "en": " "}}, "Claim rain: fails_when has no text in en"),
    ],
)
def test_a_claim_that_is_not_whole_is_refused_with_its_id(wrong, said):
    fails_when = {"zh": "否", "en": "no"}
    whole = {"id": "rain", "holds": True, "evidence": {"a": 1}, "fails_when": fails_when}
    with pytest.raises(AnewError) as caught:
        Claim(**{**whole, **wrong})
    assert str(caught.value).startswith(said)


def test_a_fact_is_written_with_how_each_language_prints_it_beside_its_value():
    printed = {"en": "US$456.9 billion", "zh": "4,569 亿美元"}
    fact = Fact(id="rd", value=456_912_345_678.0, unit="usd", figure="fig7", printed=printed)
    written = fact.model_dump(mode="json")
    assert written == {
        "value": 456_912_345_678.0, "unit": "usd", "figure": "fig7", "zh": "4,569 亿美元",
        "en": "US$456.9 billion",
    }  # fmt: skip
    assert Fact.model_validate({"id": "rd", "made": fact.made, **written}) == fact


def test_a_file_that_holds_no_findings_is_refused(tmp_path):
    with pytest.raises(AnewError, match="is missing or is not JSON"):
        read_findings(tmp_path / "result.json")
    tiny.write(tmp_path / "result.json", json.dumps({"address": "fig1"}))
    with pytest.raises(AnewError, match="Findings: edition: Field required"):
        read_findings(tmp_path / "result.json")


MADE = """\
from analysis import helpers

def state(session):
    session.fact(
        "rain_made", 1.0, "mm"
    )
    helpers.state(session, "rain_helped")
"""
HELPERS = """\
def state(session, id):
    session.fact(id, 1.0, "mm")
"""


def test_the_place_of_what_is_stated_is_recorded(tmp_path):
    project = tiny.make(tmp_path / "p")
    tiny.write(project.analysis / "made.py", MADE)
    tiny.write(project.analysis / "helpers.py", HELPERS)
    cells = [cell.replace('"fig1"', '"one"') for cell in tiny.FIG1]
    called = "from analysis import made\nmade.state(session)"
    tiny.notebook(project.analysis / "one_rain.ipynb", [*cells, called])
    run = make_plan(project, Request()).runs["one"]
    run_notebook(run)
    places = read_findings(run.folder / "result.json").places
    name = "analysis/one_rain.ipynb"
    assert places["facts"]["rain_last"] == Place(notebook=name, cell=4, line=1)
    assert str(places["facts"]["rain_year"]) == f"{name}, cell 4, line 2"
    assert str(places["claims"]["rain-grows"]) == f"{name}, cell 4, line 3"
    made = places["facts"]["rain_made"]
    assert made == Place(notebook=name, cell=5, line=2, module="analysis/made.py:4")
    assert str(made) == "analysis/made.py:4"
    assert str(places["facts"]["rain_helped"]) == "analysis/made.py:7"  # not the helper's line


def test_an_id_is_stated_once(tmp_path):
    project = tiny.make(tmp_path / "p")
    cells = [*tiny.OTHER, 'session.fact("rain_total", 1.0, "mm")']
    tiny.notebook(project.analysis / "other_total.ipynb", cells)
    with pytest.raises(AnewError, match="other states the fact rain_total twice"):
        run_notebook(make_plan(project, Request()).runs["other"])
