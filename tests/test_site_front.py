"""Start page, unknown address, and what robots read."""

from __future__ import annotations

from xml.etree import ElementTree

from bs4 import BeautifulSoup
from site_sample import SITE, build

from anew.site.front import robots, site_map


def page(path: str, site_url: str | None = None) -> BeautifulSoup:
    return BeautifulSoup(build(site_url).files[path], "html.parser")


def test_the_start_page_links_both_languages_and_every_edition() -> None:
    start = page("index.html")
    halves = start.find_all("section", class_="half")
    assert [half["lang"] for half in halves] == ["zh-Hans", "en"]
    assert [half.find("a")["href"] for half in halves] == [
        "report/zh/index.html", "report/en/index.html",
    ]  # fmt: skip
    editions = start.find(id="editions").find_next("ul").find_all("li")
    assert [item.find("strong").text for item in editions] == ["2026", "2025"]
    assert editions[1].find("a")["href"] == "editions/2025/report/zh/index.html"


def test_the_choice_of_language_is_a_script_that_links_inside_stop() -> None:
    start = page("index.html")
    scripts = [s.string for s in start.find_all("script") if s.string and "location" in s.string]
    assert len(scripts) == 1 and "if(location.hash)return" in scripts[0]
    report = page("report/zh/index.html")
    assert report.find("a", class_="home")["href"] == "../../index.html#start"


def test_the_missing_page_begins_at_the_root() -> None:
    missing = page("404.html")
    assert "--measure" in missing.find("style").text  # at an unknown address there is no file
    assert missing.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    missing = page("404.html", "https://example.org/sub")
    assert missing.find("link", rel="stylesheet")["href"] == "/sub/theme/anew.css"
    assert missing.find("section").find("a")["href"] == "/sub/index.html#start"


def test_site_map_and_robots() -> None:
    assert site_map(SITE, ["index.html"]) is None
    assert robots(SITE) == "User-agent: *\nAllow: /\n"
    files = build("https://example.org/a&b").files
    root = ElementTree.fromstring(files["sitemap.xml"])
    found = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "https://example.org/a&b/report/zh/" in found
    assert "https://example.org/a&b/" in found
    assert not any("404" in address for address in found)
    assert files["robots.txt"].endswith(
        "Sitemap: https://example.org/a&b/sitemap.xml\n"
        "Sitemap: https://example.org/a&b/editions/2025/sitemap.xml\n"
    )
