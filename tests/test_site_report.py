"""The report's page: claims with their evidence, headings, contents, what machines read."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from site_sample import SITE, WEAVE, build, html

from anew.project.language import LANGUAGES
from anew.site.claims import mark_claims
from anew.site.links import check_links
from anew.site.markup import parse, written
from anew.site.report import Dressing, dress, entries, report_page

PAGE = "report/zh/index.html"


def page(language: str = "zh") -> BeautifulSoup:
    return BeautifulSoup(build().files[f"report/{language}/index.html"], "html.parser")


def test_bound_sentences_open_their_evidence_without_a_script() -> None:
    report = page()
    marks = report.select("a.claim-mark")
    assert [mark["href"] for mark in marks] == [
        "#evidence-cargo-grew", "#evidence-cargo-grew", "#evidence-prices-rose",
        "#evidence-cargo-grew",
    ]  # fmt: skip
    evidence = report.find(id="evidence-cargo-grew")
    assert "成立" in evidence.text and "1.1579" in evidence.text
    assert evidence.find("a", href="../../notebooks/fig1.zh.html")
    # and back: each sentence has an anchor
    back = [a["href"] for a in evidence.select(".sentence a")]
    assert back == ["#claim-cargo-grew", "#claim-cargo-grew-2", "#claim-cargo-grew-3"]
    assert all(report.find(id=href[1:]) for href in back)


def test_the_evidence_is_folded_by_section_and_what_fails_is_open() -> None:
    report = page()
    parts = report.select("#evidence > details")
    headings = [" ".join(heading.text.split()) for heading in report.main.find_all("h2")]
    named = [re.sub(r" \(\d+\)$", "", part.summary.text) for part in parts]
    assert named == [heading for heading in headings if heading in named] and named
    for part in parts:
        failing = part.select(".verdict.fails")
        assert part.has_attr("open") == bool(failing or len(parts) == 1)
        assert part.summary.text.endswith(f"({len(part.select('li.evidence'))})")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failing_claim_says_so_in_words_where_it_stands(language: str) -> None:
    report = page(language)
    span = report.find(id="claim-prices-rose")
    assert "fails" in span["class"]
    words = {"zh": "本年度版的数据不支持这句话", "en": "not supported by this edition's data"}
    assert words[language] in span.text
    holding = report.find(id="claim-cargo-grew")
    assert words[language] not in holding.text and "holds" in holding["class"]
    verdict = report.find(id="evidence-prices-rose").find(class_="verdict")
    assert verdict.text == {"zh": "不成立", "en": "Does not hold"}[language]


def test_the_typesetters_plain_mark_is_replaced() -> None:
    assert "◦" not in str(page())
    assert not page().select(".claim-note")


def test_nested_evidence_keeps_together_and_true_is_a_word() -> None:
    items = page("en").find(id="evidence-prices-rose").select(".values li")
    cells = [text for li in items for text in (li.span.text, *[b.text for b in li.find_all("b")])]
    assert cells == ["first", "20.1", "20.2", "rose", "no", "years", "2019; 2024"]


def test_a_span_whose_claim_is_unknown_is_left_and_no_section_is_made() -> None:
    text = '<p><span class="claim" data-claim="other">x</span></p>'
    tree = parse(text)
    assert mark_claims(tree, WEAVE.claims, "zh", PAGE) == ""
    assert written(tree) == text


def test_one_first_heading_and_sections_below_it() -> None:
    report = page()
    assert [h.text for h in report.find_all("h1")] == ["港口统计年鉴"]
    ids = [h.get("id") for h in report.main.find_all("h2") if h.get("id")]
    assert ids == ["sec-world", "sec-harbours", "sec-ledgers", "sec-prices", "references"]
    assert report.find(id="sec-north").name == "h3"


def test_headings_that_start_at_the_second_level_stay() -> None:
    typeset = SimpleNamespace(title="T", body="<h2 id='a'>A</h2>", toc=[], metadata={})
    text = report_page(SITE, typeset, "en", Dressing())
    assert '<h2 id="a">A</h2>' in text
    assert 'id="evidence"' not in text


def test_contents_name_every_section_and_the_evidence() -> None:
    links = [a["href"] for a in page().select(".contents a")]
    assert links == ["#sec-world", "#sec-north", "#sec-harbours", "#sec-ledgers", "#sec-prices",
                     "#references", "#evidence"]  # fmt: skip


def test_entries_keep_numbers_and_children() -> None:
    child = SimpleNamespace(id="b", number="1.1", text="B\n b", children=[])
    (entry,) = entries([SimpleNamespace(id="a", number=None, text="A", children=[child])])
    assert (entry.number, entry.children[0].number, entry.children[0].text) == ("", "1.1", "B b")


def test_tables_scroll_in_a_box_that_the_keyboard_reaches() -> None:
    box = page().find(id="tbl-harbours").find(class_="scroll")
    assert box["tabindex"] == "0" and box["aria-label"] == "各港一览"
    assert not box.find("col").has_attr("style")


def test_the_article_is_described_for_machines() -> None:
    data = json.loads(page("en").find("script", type="application/ld+json").string)
    assert data["@type"] == "ScholarlyArticle"
    assert data["headline"] == "Harbours in Figures Yearbook"
    assert data["version"] == "2026" and data["inLanguage"] == "en"
    assert "◦" not in data["abstract"] and data["abstract"].startswith("A harbour is")
    assert "url" not in data
    site = build("https://example.org/sub").files
    with_url = BeautifulSoup(site["report/en/index.html"], "html.parser")
    data = json.loads(with_url.find("script", type="application/ld+json").string)
    assert data["url"] == "https://example.org/sub/report/en/"


def test_dress_works_on_a_whole_page_too() -> None:
    body = html("zh").body
    whole = f"<!DOCTYPE html>\n<html><body><main>{body}</main><footer>f</footer></body></html>"
    dressing = Dressing(claims=WEAVE.claims)
    tree = BeautifulSoup(dress(whole, "zh", PAGE, dressing), "html.parser")
    assert tree.main.find(id="evidence") and not tree.footer.find(id="evidence")
    assert str(tree).startswith("<!DOCTYPE html>")


def test_english_pages_have_no_chinese_but_the_switch() -> None:
    import re

    report = page("en")
    for node in report.find_all(lang=True):
        if node.name != "html":
            node.decompose()
    for node in report.select("[data-points], script"):
        node.attrs = {}
    assert not re.findall("[\u4e00-\u9fff]+", str(report))


def test_every_link_of_the_sample_site_leads_somewhere() -> None:
    files = dict(build().files)
    files["404.html"] = None
    assert check_links(files) == []
    # the checker is not blind: without one file it complains
    del files["figures/fig1.csv"]
    assert {problem.link for problem in check_links(files)} == {"../../figures/fig1.csv"}


def test_same_input_same_bytes() -> None:
    build.cache_clear()
    first = build().files
    build.cache_clear()
    assert build().files == first
