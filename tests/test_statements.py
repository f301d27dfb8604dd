"""Statements of the study: how they are read, and the verdict that follows from what is found."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.text.facts import load_units
from anew.text.statements import (
    Printed,
    Statement,
    StatementError,
    Statements,
    Verdict,
    as_values,
    check_statements,
    judge,
    load_statements,
)

ROOT = Path(__file__).parents[1]
SAYS = {"zh": "某国有若干家", "en": "Somewhere has some"}


def make(**changes) -> Statement:
    entry = {
        "id": "some-count",
        "section": 2,
        "kind": "number",
        "values": [{"value": 758, "unit": "companies", "decimals": 0}],
        "says": SAYS,
        "needs": ["counts"],
        "measure": "same",
    }
    return Statement.model_validate(entry | changes)


def gather(*statements: Statement, wanted=()) -> Statements:
    titles = {name: {"zh": "某表", "en": "some table"} for name in wanted}
    return Statements({s.id: s for s in statements}, titles, "claims.yml")


def write(tmp_path: Path, text: str) -> Project:
    folder = tmp_path / "data" / "published"
    folder.mkdir(parents=True)
    (folder / "claims.yml").write_text(text, "utf-8")
    return Project(tmp_path)


# Rounding -----------------------------------------------------------------------------------


@given(
    st.floats(min_value=-1e6, max_value=1e6, allow_nan=False),
    st.integers(min_value=0, max_value=4),
)
@example(48.85, 1)
@example(48.95, 1)
@example(0.5, 0)
@example(2.675, 2)
def test_what_prints_as_the_number_fits(ours, decimals):
    """Whatever Python prints with the stated decimals fits the number so printed."""
    printed = Printed(value=float(f"{ours:.{decimals}f}"), unit="percent", decimals=decimals)
    assert printed.fits(ours)


@given(
    st.decimals(min_value=-(10**6), max_value=10**6, places=6),
    st.integers(min_value=-3, max_value=4),
)
def test_half_up_and_half_even_both_fit(ours, decimals):
    step = Decimal(1).scaleb(-decimals)
    for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        value = (ours / step).to_integral_value(rounding=rounding) * step
        assert Printed(value=float(value), unit="percent", decimals=decimals).fits(float(ours))


@given(
    st.integers(min_value=-(10**6), max_value=10**6),
    st.integers(min_value=-3, max_value=4),
    st.floats(min_value=0.500001, max_value=1e6),
    st.sampled_from([-1, 1]),
)
def test_what_is_further_than_half_a_digit_does_not_fit(digits, decimals, distance, sign):
    printed = Printed(value=digits / 10**decimals, unit="percent", decimals=decimals)
    ours = printed.base + sign * distance / 10**decimals
    assume(abs(ours - printed.base) > 0.5000005 / 10**decimals)
    assert not printed.fits(ours)


@given(st.floats(min_value=0, max_value=1e4), st.sampled_from([1e6, 1e9, 1e12]))
def test_scale_moves_value_and_rounding_together(ours, scale):
    value = float(f"{ours:.2f}")
    plain = Printed(value=value, unit="usd", decimals=2)
    scaled = Printed(value=value, unit="usd", decimals=2, scale=scale)
    assume(abs(abs(ours - value) - 0.005) > 1e-6)
    assert plain.fits(ours) and scaled.fits(ours * scale)
    assert scaled.base == pytest.approx(value * scale)


def test_tens_of_per_cent():
    """ "About 170 %" is printed to the ten: 202/75 − 1 = 169.3 % is it, 175.1 % is not."""
    printed = Printed(value=170, unit="percent", decimals=-1)
    assert printed.fits((202 / 75 - 1) * 100) and printed.fits(165) and not printed.fits(175.1)
    assert printed.rounded(169.33) == 170


@pytest.mark.parametrize(
    ("printed", "ours", "zh", "en"),
    [
        ({"value": 41.4, "scale": 1e12, "unit": "usd_tn", "decimals": 1}, None,
         "41.4 万亿美元", "US$41.4 trillion"),
        ({"value": 10.09, "scale": 1e12, "unit": "cny_tn", "decimals": 2}, None,
         "10.09 万亿元", "CNY 10.09 trillion"),
        ({"value": 860.88, "scale": 1e9, "unit": "usd", "decimals": 2}, None,
         "8,608.8 亿美元", "US$860.88 billion"),
        ({"value": 75000, "unit": "patents", "decimals": -3}, None, "75,000 件", "75,000"),
        ({"value": 758, "unit": "companies", "decimals": 0}, 757, "757 家", "757"),
        ({"value": 48.9, "unit": "percent", "decimals": 1}, 48.934797, "48.9%", "48.9%"),
        ({"value": 18.7, "unit": "percent", "decimals": 1}, 8.004, "8.0%", "8.0%"),
    ],
)  # fmt: skip
def test_shown_with_the_studys_own_digits(printed, ours, zh, en):
    units = load_units(Project(ROOT).units_file)
    number = Printed.model_validate(printed)
    assert number.show(units[number.unit], "zh", ours) == zh
    assert number.show(units[number.unit], "en", ours) == en


@pytest.mark.parametrize("ours", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_never_fits(ours):
    for relation in ("is", "above", "below"):
        printed = Printed(value=1, unit="percent", decimals=0, relation=relation)
        assert not printed.fits(ours)


def test_bounds_leave_out_the_bound_itself():
    above = Printed(value=3, scale=1e12, unit="usd", decimals=0, relation="above")
    below = Printed(value=1, unit="percent", decimals=0, relation="below")
    assert above.fits(3.01e12) and not above.fits(3e12) and not above.fits(2.9e12)
    assert below.fits(0.99) and not below.fits(1.0)


# Verdicts -----------------------------------------------------------------------------------


def test_number_within_rounding_is_reproduced_else_differs():
    share = {"value": 48.9, "unit": "percent", "decimals": 1}
    both = make(values=[{"value": 758, "unit": "companies", "decimals": 0}, share])
    assert judge(both, {"counts"}, ours=[758, 48.94]) is Verdict.REPRODUCED
    assert judge(both, {"counts"}, ours=[758, 48.96]) is Verdict.DIFFERS
    assert judge(both, {"counts"}, ours=[757, 48.94]) is Verdict.DIFFERS
    assert judge(make(), {"counts"}, ours=758) is Verdict.REPRODUCED


def test_sentence_is_decided_by_its_test():
    sentence = make(kind="statement", values=[])
    assert judge(sentence, {"counts"}, agrees=True) is Verdict.REPRODUCED
    assert judge(sentence, {"counts"}, agrees=False, ours=[2017]) is Verdict.DIFFERS
    with pytest.raises(StatementError, match="outcome of a test"):
        judge(sentence, {"counts"}, ours=3)


@given(st.booleans(), st.sampled_from(["number", "statement"]))
def test_substitute_neither_confirms_nor_refutes(agrees, kind):
    substitute = make(kind=kind, measure="substitute")
    assert judge(substitute, {"counts"}, agrees=agrees) is Verdict.INDICATIVE


def test_arithmetic_bound_refutes_and_never_confirms():
    bound = make(measure="arithmetic", needs=[])
    assert judge(bound, set(), agrees=False) is Verdict.DIFFERS
    assert judge(bound, set(), agrees=True) is Verdict.INDICATIVE
    assert judge(bound, set(), ours=758) is Verdict.REPRODUCED


@given(st.booleans(), st.none() | st.integers(), st.sampled_from(["same", "substitute"]))
def test_without_the_table_nothing_is_testable(agrees, ours, measure):
    assert judge(make(measure=measure), {"other"}, ours=ours, agrees=agrees) is Verdict.NOT_TESTABLE


def test_as_many_values_as_are_printed():
    with pytest.raises(StatementError, match="1 printed numbers, and 2"):
        judge(make(), {"counts"}, ours=[1, 2])
    with pytest.raises(StatementError, match="1 printed numbers, and 0"):
        judge(make(), {"counts"})
    with pytest.raises(StatementError, match="Leave `agrees` out"):
        judge(make(), {"counts"}, ours=758, agrees=True)


def test_values_become_plain_numbers():
    values = as_values([numpy.float64(1.5), numpy.int64(2)])
    assert values == [1.5, 2] and {type(v) for v in values} == {float, int}
    assert as_values(None) == [] and as_values(3) == [3]
    with pytest.raises(StatementError):
        as_values(["3"])


# The file -----------------------------------------------------------------------------------


def test_a_typed_verdict_is_an_error(tmp_path):
    project = write(
        tmp_path,
        "statements:\n- {id: a, section: 1, kind: statement, says: {zh: 一, en: one}, needs: [], "
        "measure: same, verdict: reproduced}\n",
    )
    with pytest.raises(AnewError, match=r"line 2: unknown key statements\[0\]\.verdict"):
        load_statements(project)


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"kind": "number"}, "number without values"),
        ({"id": "A b"}, "id.* should match pattern"),
        ({"says": {"zh": "一"}}, "has no text in en"),
        ({"kind": "guess"}, "kind should be 'number' or 'statement'"),
        ({"section": "first"}, "section should be a valid integer"),
        ({"needs": None}, "needs should be a valid list"),
        ({"values": [{"value": 1, "unit": "year"}]}, "decimals is missing"),
    ],
)
def test_a_bad_entry_is_named_with_its_line(tmp_path, changes, phrase):
    entry = {"id": "a", "section": 1, "kind": "statement", "says": SAYS, "needs": []}
    text = json.dumps({"statements": [entry | {"measure": "same"} | changes]}, indent=1)
    with pytest.raises(AnewError, match=rf"claims.yml, line \d+: .*{phrase}"):
        load_statements(write(tmp_path, text))


def test_ids_are_used_once_and_keys_are_known(tmp_path):
    entry = "- {id: a, section: 1, kind: statement, says: {zh: 一, en: o}, needs: [], "
    entry += "measure: same}"
    with pytest.raises(AnewError, match="uses an id twice: a"):
        load_statements(write(tmp_path, f"statements:\n{entry}\n{entry}\n"))
    with pytest.raises(AnewError, match="unknown key claims"):
        load_statements(write(tmp_path / "b", "statements: []\nclaims: []\n"))
    with pytest.raises(AnewError, match="not YAML"):
        load_statements(write(tmp_path / "c", "statements: [\n"))


def test_a_project_without_a_study_has_no_statements(tmp_path):
    assert len(load_statements(Project(tmp_path))) == 0


def test_a_needed_table_is_catalogued_or_described():
    with pytest.raises(StatementError, match="neither in the catalogue nor"):
        check_statements(gather(make(needs=["conuts"])), {"counts"}, {"companies"})
    with pytest.raises(StatementError, match="the catalogue has it"):
        check_statements(gather(make(), wanted=["counts"]), {"counts"}, {"companies"})
    with pytest.raises(StatementError, match="no statement needs it"):
        check_statements(gather(make(), wanted=["spare"]), {"counts"}, {"companies"})
    with pytest.raises(AnewError, match="Unknown unit 'companies'"):
        check_statements(gather(make()), {"counts"}, {"percent"})
    check_statements(gather(make(needs=["far"]), wanted=["far"]), {"counts"}, {"companies"})


# This project's study -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def study() -> Statements:
    return load_statements(Project(ROOT))


def test_study_is_sound(study):
    from anew.tables.loading import load_catalog

    project = Project(ROOT)
    check_statements(study, load_catalog(project).tables, load_units(project.units_file))


def test_study_says_everything_in_both_languages(study):
    assert study
    for statement in study.values():
        assert not any("\u4e00" <= c <= "\u9fff" for c in statement.says["en"]), statement.id
        assert any("\u4e00" <= c <= "\u9fff" for c in statement.says["zh"]), statement.id
        for printed in statement.values:
            # A number is printed to its own last digit: nothing finer is hidden in `value`.
            assert printed.fits(printed.base) or printed.relation != "is"
            assert printed.rounded(printed.base) == pytest.approx(printed.value)


def test_study_numbers_are_in_its_words(study):
    """Each printed number can be read in the sentence that says it, in both languages."""
    units = {"usd", "usd_tn", "cny_tn", "percent", "companies", "patents"}
    for statement in study.values():
        if statement.kind != "number":
            continue
        for printed in statement.values:
            assert printed.unit in units
            en = statement.says["en"].replace(",", "")
            assert f"{printed.value:g}" in en, (statement.id, printed.value)
