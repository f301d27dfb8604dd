"""What a build changed in the site that it replaces, on sites made of a few files."""

from __future__ import annotations

import pytest
import tiny
from test_comparison import write_records

from anew.diff import sites
from anew.diff.reading import Item
from anew.diff.sites import Sentences, compare_builds, sentence_items
from anew.diff.telling import NAMED, as_news, as_text
from anew.text.facts import load_units

TEXT = "# Rain {#sec-rain}\n\nIt rained {{< var en.rain >}}. The rest is dry.\n\nIt snowed.\n"


def site(folder, *, rain: float = 10.0, holds: bool = True, edition: str = "2024", body: str = ""):
    """Write what is compared of a site; `body` replaces the second paragraph."""
    fact = {"value": rain, "unit": "mm", "figure": "fig1", "zh": f"{rain} 毫米", "en": f"{rain} mm"}
    claim = {"holds": holds, "figure": "fig1", "evidence": {"2021": rain}}
    words = {"title": "Rain", "alt": "It rains."}
    figure = {"address": "fig1", "number": 1, "sources": [], "zh": words, "en": words}
    found = {"facts": {"rain": fact}, "claims": {"it-rains": claim}, "figures": {"fig1": figure}}
    write_records(folder, {"edition": edition, "statements": {}, **found})
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
    found = compare_builds(site(tmp_path / "old"), site(tmp_path / "new", rain=12.5), text)
    (one,) = found.sentences
    assert (one.where["language"], one.place) == ("en", "report/en/index.qmd:3")
    assert (one.was, one.now) == ("It rained 10.0 mm.", "It rained 12.5 mm.")
    assert as_news(found, units) == [
        "1 figure, 1 fact, 1 sentence in en changed.",
        "  fig1 (large): 1 value revised",
        "  rain: 10.0 mm → 12.5 mm (+2.5 mm, +25.0%, large)",
        "  report/en/index.qmd:3",
    ]


def test_a_claim_that_turns_is_always_told(tmp_path, text, units):
    found = compare_builds(site(tmp_path / "old"), site(tmp_path / "new", holds=False), text)
    assert as_news(found, units) == ["1 claim no longer holds.", "  it-rains: true → false"]


def test_an_edited_sentence_that_comes_or_goes(tmp_path, text, units):
    old, new = site(tmp_path / "old"), site(tmp_path / "new", body="It snowed. It hailed.")
    (came,) = compare_builds(old, new, text).sentences
    assert (came.was, came.now) == (None, "It hailed.")
    (went,) = compare_builds(new, old, text).sentences
    assert (went.was, went.now) == ("It hailed.", None)
    told = as_text(compare_builds(old, new, text), units, markdown=True)
    assert "- report/en/index.qmd:" in told and "  - now: It hailed." in told
    assert "before:" not in told


def test_more_than_a_few_are_counted(tmp_path, text, units):
    body = " ".join(f"Day {name} was wet." for name in "ABCDEFGHIJ")
    found = compare_builds(site(tmp_path / "old"), site(tmp_path / "new", body=body), text)
    assert len(found.sentences) == 10
    tiny.write(text / "report/en/index.qmd", "\n\n".join(f"Day {name} was wet." for name in body))
    lines = as_news(found, units)
    assert len(lines) <= 1 + NAMED + 1


def test_nothing_changed_between_equal_sites(tmp_path, text, units):
    found = compare_builds(site(tmp_path / "old"), site(tmp_path / "new"), text)
    assert found.empty
    assert as_news(found, units) == ["Nothing changed."]


def test_there_is_nothing_to_compare_with_no_site_another_edition_or_a_broken_one(tmp_path, text):
    new = site(tmp_path / "new")
    assert compare_builds(tmp_path / "none", new, text) is None
    assert compare_builds(site(tmp_path / "other", edition="2023"), new, text) is None
    broken = site(tmp_path / "broken")
    (broken / "claims.json").write_text("{")
    assert compare_builds(broken, new, text) is None


def test_sentences_are_split_by_their_language():
    items = [Item("text", "降水为 1.5 毫米。雪停了。", "sec-rain"), Item("alt", "雨。", "")]
    assert [item.text for item in sentence_items(items, "zh")] == ["降水为 1.5 毫米。", "雪停了。"]
    (whole,) = sentence_items([Item("text", "It rained 1.5 mm. in all", "")], "en")
    assert whole.text == "It rained 1.5 mm. in all"


@pytest.fixture
def parsed(monkeypatch):
    """The pages that were parsed."""
    pages = []
    read = sites.read_html
    monkeypatch.setattr(sites, "read_html", lambda *a: pages.append(a[0]) or read(*a))
    return pages


def test_a_page_that_was_compared_is_not_parsed_again(tmp_path, text, parsed):
    first, second, third = (site(tmp_path / f"s{n}", body=f"Hail {n}.") for n in range(3))
    for old, new in ((first, second), (second, third)):
        known = Sentences(tmp_path / "kept.json", {"engine": "1"})
        found = compare_builds(old, new, text, known)
        known.keep()
        assert found == compare_builds(old, new, text)
        (one,) = found.sentences
        assert (one.was, one.now) == (f"Hail {old.name[1]}.", f"Hail {new.name[1]}.")
    kept = [page for page in parsed if "Hail 1" in page]
    assert len(kept) == 3  # the first comparison, and the two that keep nothing


@pytest.mark.parametrize("damage", [b"", b"[]", b"\x00"], ids=["empty", "list", "NUL"])
def test_damage_to_what_was_kept_of_pages_changes_nothing(tmp_path, text, parsed, damage):
    assert pages_read_again(tmp_path, text, parsed, damage) == 2


def test_what_another_engine_kept_of_pages_does_not_count(tmp_path, text, parsed):
    assert pages_read_again(tmp_path, text, parsed, None, engine="2") == 2
    assert pages_read_again(tmp_path, text, parsed, None, engine="1") == 0


def pages_read_again(folder, text, parsed, damage, engine="1"):
    """Compare two sites twice; return how many pages the second time parsed."""
    old, new = site(folder / "old"), site(folder / "new", body="Hail.")
    file = folder / "kept.json"
    file.unlink(missing_ok=True)
    known = Sentences(file, {"engine": "1"})
    first = compare_builds(old, new, text, known)
    known.keep()
    if damage is not None:
        file.write_bytes(damage)
    parsed.clear()
    assert compare_builds(old, new, text, Sentences(file, {"engine": engine})) == first
    return len(parsed)
