"""What a build changed in the site that it replaces, on sites made of a few files."""

from __future__ import annotations

import json

import pytest
import tiny

from anew.diff.news import NAMED, as_markdown, as_news
from anew.diff.readings import Item
from anew.diff.renewal import renewal, sentence_items
from anew.text.facts import load_units

TEXT = "# Rain {#sec-rain}\n\nIt rained {{< var en.rain >}}. The rest is dry.\n\nIt snowed.\n"


def site(folder, *, rain: float = 10.0, holds: bool = True, edition: str = "2024", body: str = ""):
    """Write what is compared of a site; `body` replaces the second paragraph."""
    fact = {"value": rain, "unit": "mm", "figure": "fig1", "zh": f"{rain} 毫米", "en": f"{rain} mm"}
    claim = {"holds": holds, "figure": "fig1", "evidence": {"2021": rain}}
    words = {"title": "Rain", "alt": "It rains."}
    figure = {"address": "fig1", "number": 1, "sources": [], "zh": words, "en": words}
    records = {
        "facts": {"edition": edition, "facts": {"rain": fact}},
        "claims": {"edition": edition, "claims": {"it-rains": claim}, "statements": {}},
        "figures": {"fig1": figure},
    }
    for name, record in records.items():
        tiny.write(folder / f"{name}.json", json.dumps(record))
    tiny.write(folder / "figures/fig1.csv", f"economy,year,value\nFRA,2021,{rain}\n")
    page = (
        f'<main><h1 id="sec-rain">Rain</h1><p>It rained {rain} mm. The rest is dry.</p>'
        f"<p>{body or 'It snowed.'}</p></main>"
    )
    tiny.write(folder / "report/en/index.html", page)
    return folder


@pytest.fixture
def text(tmp_path):
    tiny.write(tmp_path / "text/report/en/index.qmd", TEXT)
    return tmp_path / "text"


@pytest.fixture
def units(tmp_path):
    return load_units(tiny.write(tmp_path / "units.yml", tiny.UNITS))


def test_a_changed_number_is_found_in_its_sentence(tmp_path, text, units):
    found = renewal(site(tmp_path / "old"), site(tmp_path / "new", rain=12.5), text)
    (one,) = found.rewordings
    assert (one.language, one.place) == ("en", "report/en/index.qmd:3")
    assert (one.old, one.new) == ("It rained 10.0 mm.", "It rained 12.5 mm.")
    assert as_news(found, units) == [
        "Other than before: 1 figure, 1 fact, 1 sentence in en",
        "  fig1 (large): 1 value revised",
        "  rain: 10.0 mm → 12.5 mm (+2.5 mm, +25.0%, large)",
        "  report/en/index.qmd:3",
    ]


def test_a_claim_that_turns_is_always_told(tmp_path, text, units):
    found = renewal(site(tmp_path / "old"), site(tmp_path / "new", holds=False), text)
    assert as_news(found, units) == ["Other than before: 1 claim", "  it-rains: true → false"]


def test_an_edited_sentence_that_comes_or_goes(tmp_path, text, units):
    old, new = site(tmp_path / "old"), site(tmp_path / "new", body="It snowed. It hailed.")
    (came,) = renewal(old, new, text).rewordings
    assert (came.old, came.new) == ("", "It hailed.")
    (went,) = renewal(new, old, text).rewordings
    assert (went.old, went.new) == ("It hailed.", "")
    told = as_markdown(renewal(old, new, text), units)
    assert "- report/en/index.qmd:" in told and "  - now: It hailed." in told
    assert "before:" not in told


def test_more_than_a_few_are_counted(tmp_path, text, units):
    body = " ".join(f"Day {name} was wet." for name in "ABCDEFGHIJ")
    found = renewal(site(tmp_path / "old"), site(tmp_path / "new", body=body), text)
    assert len(found.rewordings) == 10
    tiny.write(text / "report/en/index.qmd", "\n\n".join(f"Day {name} was wet." for name in body))
    lines = as_news(found, units)
    assert len(lines) <= 1 + NAMED + 1


def test_the_same_is_nothing_other(tmp_path, text, units):
    found = renewal(site(tmp_path / "old"), site(tmp_path / "new"), text)
    assert found.empty
    assert as_news(found, units) == [
        "No figure, fact, claim or sentence is another one than before."
    ]


def test_there_is_nothing_to_compare_with_no_site_another_edition_or_a_broken_one(tmp_path, text):
    new = site(tmp_path / "new")
    assert renewal(tmp_path / "none", new, text) is None
    assert renewal(site(tmp_path / "other", edition="2023"), new, text) is None
    broken = site(tmp_path / "broken")
    (broken / "claims.json").write_text("{")
    assert renewal(broken, new, text) is None


def test_sentences_are_split_by_their_language():
    items = [Item("text", "降水为 1.5 毫米。雪停了。", "sec-rain"), Item("alt", "雨。", "")]
    assert [item.text for item in sentence_items(items, "zh")] == ["降水为 1.5 毫米。", "雪停了。"]
    (whole,) = sentence_items([Item("text", "It rained 1.5 mm. in all", "")], "en")
    assert whole.text == "It rained 1.5 mm. in all"
