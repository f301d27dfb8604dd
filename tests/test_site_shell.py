"""The shell: head, switches, footer; nothing that leaves the site."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

from bs4 import BeautifulSoup
from site_sample import SITE

from anew.site.citing import cite
from anew.site.page import EditionLink, Entry, Page
from anew.site.shell import render_page

PAGE = Page(
    path="report/zh/index.html",
    language="zh",
    title="年鉴 <2026>",
    description='说明 "一"',
    body="<p>正文</p>",
    section="report",
    alternates={"zh": "report/zh/index.html", "en": "report/en/index.html"},
    toc=[Entry("a", "甲 & 乙", "1", [Entry("b", "丙", "1.1")])],
    structured=[{"@type": "ScholarlyArticle", "headline": "</script><b>"}],
)


def soup(site=SITE, page=PAGE) -> BeautifulSoup:
    return BeautifulSoup(render_page(site, page), "html.parser")


def test_head_and_language() -> None:
    page = soup()
    assert page.html["lang"] == "zh-Hans"
    assert page.title.text == "年鉴 <2026> · 港口统计"
    assert page.find("meta", attrs={"name": "description"})["content"] == '说明 "一"'
    assert page.find("meta", property="og:locale")["content"] == "zh_CN"
    assert page.find("meta", property="og:title")["content"] == "年鉴 <2026>"
    assert page.find("main", id="main").p.text == "正文"
    assert page.find("a", class_="skip")["href"] == "#main"


def test_addresses_only_when_the_site_knows_its_own() -> None:
    page = soup()
    assert not page.find("link", rel="canonical")
    assert not page.find("link", hreflang=True)
    assert not page.find("meta", property="og:url")
    page = soup(replace(SITE, site_url="https://example.org/sub/"))
    assert page.find("link", rel="canonical")["href"] == "https://example.org/sub/report/zh/"
    links = {a["hreflang"]: a["href"] for a in page.find_all("link", hreflang=True)}
    assert links == {
        "zh-Hans": "https://example.org/sub/report/zh/",
        "en": "https://example.org/sub/report/en/",
        "x-default": "https://example.org/sub/",
    }


def test_structured_data_cannot_end_its_script() -> None:
    script = soup().find("script", type="application/ld+json").string
    assert "</script" not in script
    assert json.loads(script)["headline"] == "</script><b>"


def test_policy_lets_nothing_out_and_only_these_scripts_run() -> None:
    page = soup()
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy and "*" not in policy
    inline = [s.string for s in page.find_all("script") if not s.get("src") and not s.get("type")]
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_navigation_marks_where_one_is_and_links_relatively() -> None:
    page = soup()
    menu = {a.text: a for a in page.find("nav", class_="menu").find_all("a")}
    assert menu["报告"]["href"] == "index.html" and menu["报告"]["aria-current"] == "page"
    assert menu["数据"]["href"] == "../../data/index.zh.html"
    assert menu["PDF"]["href"] == "index.pdf"
    switch = page.find("a", class_="language")
    assert (switch["href"], switch["lang"], switch.text) == ("../en/index.html", "en", "English")


def test_contents_have_two_levels_and_numbers() -> None:
    links = soup().find("nav", class_="contents").find_all("a")
    assert [a["href"] for a in links] == ["#a", "#b"]
    assert [a.text for a in links] == ["1 甲 & 乙", "1.1 丙"]


def test_editions_link_the_same_page_and_an_old_one_says_so() -> None:
    old = replace(
        SITE,
        edition="2025",
        editions=[
            EditionLink("2026", "../../", newest=True),
            EditionLink("2025", ""),
            EditionLink("2024", "../2024/", pages=frozenset({"index.html"})),
        ],
    )
    page = soup(old)
    links = [a["href"] for a in page.find(class_="pick").find_all("a")]
    assert links == [
        "../../../../report/zh/index.html",
        "index.html",
        "../../../2024/index.html#start",  # that edition lacks the page
    ]
    assert "2026" in page.find(class_="old").text
    assert not soup().find(class_="old")


def test_citation_in_both_languages() -> None:
    assert cite(SITE, "zh").text == "港口统计编写组. 港口统计：2026 年度版[EB/OL]. （2026-10-31）."
    site = replace(SITE, site_url="https://example.org")
    assert cite(site, "en").text.endswith("Edition 2026. 2026-10-31. https://example.org/")
    assert "author = {{The Harbour Statistics Group}}," in cite(SITE, "en").bibtex
    assert "url" not in cite(SITE, "en").bibtex


def test_same_input_same_bytes() -> None:
    assert render_page(SITE, PAGE) == render_page(SITE, PAGE)
    assert not re.search(r"[ \t]+$", render_page(SITE, PAGE), re.MULTILINE)
