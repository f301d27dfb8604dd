"""Facts print as the readers of each language write numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anew.project.errors import AnewError
from anew.text.facts import Form, Unit, checked_value, load_units

USD = Unit(
    "usd",
    {
        "zh": Form("{n} 亿美元", 1e8, 0),
        "en": Form("US${n} billion", 1e9, 1),
    },
)
PERCENT = Unit("percent", {"zh": Form("{n}%", 1, 1), "en": Form("{n}%", 1, 1)})
YEAR = Unit("year", {"zh": Form("{n}", grouping=False), "en": Form("{n}", grouping=False)})


def test_a_unit_prints_as_each_language_writes_it():
    assert USD.print(456_912_345_678.0, "zh") == "4,569 亿美元"
    assert USD.print(456_912_345_678.0, "en") == "US$456.9 billion"
    assert PERCENT.print(48.93479664, "zh") == "48.9%"
    assert YEAR.print(2017, "en") == "2017"


def test_halves_round_up_and_nothing_prints_as_minus_zero():
    assert PERCENT.print(0.25, "en") == "0.3%"
    assert PERCENT.print(-0.04, "en") == "0.0%"
    assert PERCENT.print(-16.42, "en") == "\u221216.4%"


@given(st.floats(-1e15, 1e15, allow_nan=False))
def test_what_is_printed_is_the_value_rounded_once(value):
    printed = PERCENT.print(value, "en").removesuffix("%").replace(",", "").replace("\u2212", "-")
    expected = Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert Decimal(printed) == expected


@given(st.integers(0, 10**12))
def test_both_languages_print_the_same_number(value):
    assert PERCENT.print(value, "zh") == PERCENT.print(value, "en")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, "12", True])
def test_a_gap_is_refused_never_printed(value):
    with pytest.raises(AnewError, match="rd_chn"):
        checked_value("rd_chn", value, "usd", {"usd": USD})


@pytest.mark.parametrize("value", [202413, 2024, 2024.5, "2024-13", "March", None, True])
def test_what_is_no_month_is_no_fact_in_months(value):
    month = {"month": Unit("month", {la: Form("{n}") for la in ("zh", "en")}, period="month")}
    assert checked_value("x", 202403, "month", month) == 202403
    assert checked_value("x", "2024-03", "month", month) == 202403
    with pytest.raises(AnewError, match="which is not a month"):
        checked_value("x", value, "month", month)


def test_an_unknown_unit_lists_the_known():
    with pytest.raises(AnewError, match="Did you mean 'usd'"):
        checked_value("rd_chn", 1.0, "us", {"usd": USD})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("usd: {zh: {pattern: '{n}'}}", r"usd\.en is missing"),
        ("usd: {zh: {pattern: 'n'}, en: {pattern: '{n}'}}", "without {n} where the number goes"),
        ("usd: {zh: {pattern: '{n}', decimal: 1}, en: {pattern: '{n}'}}", "'decimals'"),
        ("usd: {zh: {pattern: '{n}'}, en: {pattern: '{n}'}, fr: {}}", r"unknown key usd\.fr"),
    ],
)
def test_a_unit_that_is_not_whole_is_refused(tmp_path, text, said):
    path = tmp_path / "units.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(AnewError, match=said):
        load_units(path)
