"""Numbers and dates inside sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.shared.phrases import (
    brief,
    companies,
    fraction,
    money,
    month,
    number,
    percent,
    sentence,
    times,
    word_for,
)


@given(st.floats(min_value=-1e15, max_value=1e15), st.integers(min_value=0, max_value=4))
def test_a_number_reads_back_to_what_it_rounds(value, decimals):
    text = number(value, "en", decimals)
    back = float(text.replace(",", "").replace("\u2212", "-"))
    assert abs(back - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + abs(value) * 1e-15
    assert re.fullmatch(r"\u2212?\d{1,3}(,\d{3})*(\.\d+)?", text)
    assert not re.fullmatch(r"\u2212[0.,]*", text)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (27.36e12, "27.4 万亿美元", "US$27.4 trillion"),
        (449.155e9, "4,492 亿美元", "US$449.2 billion"),
        (1699.665e9, "1.7 万亿美元", "US$1.7 trillion"),
        (float("nan"), "无数据", "no data"),
    ],
)
def test_money(value, zh, en):
    assert (money(value, "zh"), money(value, "en")) == (zh, en)


def test_brief_and_others():
    assert brief(653, "companies", "zh") == "653 家" and brief(653, "companies", "en") == "653"
    assert brief(680.5e9, "usd", "en") == "$680.5 bn" and brief(27.4e12, "usd", "zh") == "27.4 万亿"
    assert companies(float("nan"), "zh") == "无数据" and percent(float("nan"), "en") == "no data"
    assert times(3.59, "zh") == "3.6 倍" and percent(-16.42, "en") == "\u221216.4%"
    assert word_for(6, "en") == "six" and word_for(72, "zh") == "72" and word_for(2, "zh") == "两"
    assert sentence("open corners") == "Open corners" and sentence("") == ""


@pytest.mark.parametrize("date", ["2024-09", "2025-10-07", "2018-12-31"])
def test_dates(date):
    year, index, *day = (int(part) for part in date.split("-"))
    assert [int(n) for n in re.findall(r"\d+", month(date, "zh"))] == [year, index, *day]
    assert str(year) in month(date, "en")


@given(st.floats(min_value=0, max_value=100))
def test_a_fraction_is_never_far_from_the_share(share):
    exact = {
        "two thirds": 200 / 3, "half": 50, "a third": 100 / 3,
        "a quarter": 25, "a fifth": 20, "a tenth": 10,
    }  # fmt: skip
    text = fraction(share, "en")
    assert bool(text) == bool(fraction(share, "zh"))
    if not text:
        return
    bare = re.sub(r"^(almost|more than) ", "", text)
    assert abs(share - exact[bare]) <= 13
    if text.startswith("almost"):
        assert share < exact[bare]
    elif text.startswith("more"):
        assert share > exact[bare]
