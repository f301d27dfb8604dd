"""Names of economies read as a sentence has them, in both languages."""

from __future__ import annotations

import pytest

from analysis.shared import labels


@pytest.mark.parametrize(
    ("code", "start", "zh", "en"),
    [
        ("USA", False, "美国", "the USA"),
        ("USA", True, "美国", "The USA"),
        ("EUU", False, "欧盟", "the EU"),
        ("CHN", True, "中国", "China"),
        ("VNM", False, "越南", "Vietnam"),
    ],
)
def test_names_in_a_sentence(code, start, zh, en):
    assert labels.in_text(code, "zh", start=start) == zh
    assert labels.in_text(code, "en", start=start) == en


def test_full_names_say_what_the_union_is():
    assert labels.name("EUU", "zh") == "欧盟（27 国）"
    assert labels.name("EUU", "en") == "European Union (27 members)"
    assert labels.short("EUU", "en") == "EU"


@pytest.mark.parametrize(
    ("codes", "zh", "en"),
    [
        (["USA"], "美国", "the USA"),
        (["USA", "CHN"], "美国和中国", "the USA and China"),
        (["USA", "CHN", "EUU"], "美国、中国和欧盟", "the USA, China and the EU"),
    ],
)
def test_enumerations(codes, zh, en):
    assert labels.listed(codes, "zh") == zh
    assert labels.listed(codes, "en") == en
    assert labels.listed(codes, "en", start=True) == en.replace("the", "The", 1)


def test_possessives():
    assert labels.possessive("CHN", "en") == "China’s"
    assert labels.possessive("USA", "en", start=True) == "The USA’s"
    assert labels.possessive("NLD", "en") == "Netherlands’"
    assert labels.possessive("CHN", "zh") == "中国的"


def test_an_unknown_code_is_named():
    with pytest.raises(KeyError, match="XXX"):
        labels.name("XXX", "en")


def test_every_label_has_both_languages_and_codes_are_unique():
    table = labels._table()
    for code, row in table.items():
        assert all(row[key] for key in ("zh", "en", "short_zh", "short_en")), code
    text = labels._FILE.read_text("utf-8").splitlines()
    assert len(text) - 1 == len(table)
