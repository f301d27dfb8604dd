"""The page on what changed, from plain data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from site_sample import SITE
from test_comparison import changed, state, whole
from test_telling import UNITS

from anew.diff.state import Fact, State
from anew.figures.words import Point
from anew.site.changes import Mark, Side, Vocabulary, changes_page, marks
from anew.site.figures import Figure
from anew.text.sentences import Sentence

POINTS = (
    Point(0.1, 0.9, "FRA 2019: 10"),
    Point(0.5, 0.5, "FRA 2020: 11"),
    Point(0.2, 0.8, "DEU 2019: 10"),
)


def figure(address: str = "fig1", points=POINTS, language: str = "en") -> Figure:
    return Figure(
        address, int(address[3:]), language, "Rain grows to 12 mm", "mm", "", "Rain grew.",
        "Met Office", "analysis/fig1.ipynb", (400, 300), "economy,value\nFRA,1\n", points,
    )  # fmt: skip


def change(woven, data):
    woven["facts"]["rain_last"]["value"] = 11.0
    woven["facts"]["rain_total"]["value"] = 260.0
    woven["facts"]["rain_new"] = {"value": 1.0, "unit": "mm", "figure": "fig1"}
    woven["claims"]["rain-grows"] |= {"holds": False, "evidence": {"FRA 2020": 8.8}}
    woven["claims"]["rain-is-wet"]["holds"] = False
    data["fig1"][1]["value"] = "8.8"
    data["fig1"].append({"economy": "FRA", "year": "2021", "value": "11"})
    woven["figures"]["fig2"]["sources"] = [
        {"table": "rain", "agency": {"zh": "雨会", "en": "Rain <Club>"}}
    ]
    data["fig2"][0]["value"] = "99"
    woven["statements"]["rain-doubles"]["verdict"] = "reproduced"


def page(language: str = "en", how=change, **given) -> BeautifulSoup:
    facts = {"rain_last": Fact(11.5, "mm"), "rain_year": Fact(2020, "year")}
    between = State(facts=facts)
    comparison = changed(how, between=between, moved={"fig1"})
    claims = whole(state()[0]).claims
    newer = (*POINTS[:1], Point(0.5, 0.6, "FRA 2020: 8.8"), Point(0.9, 0.5, "FRA 2021: 11"))
    sides = (
        Side("2025", "editions/2025/", {a: figure(a) for a in ("fig1", "fig2")}, claims),
        Side("2026", "", {a: figure(a, newer) for a in ("fig1", "fig2")}, claims),
    )
    sentence = Sentence("Rain was ", "11.0 mm", " <in all>.", "sec-rain")
    vocabulary = Vocabulary(
        UNITS, {"FRA": "France", "rain": "Rain table"}, {"rain-doubles": "Rain doubles."},
        {"rain_last": sentence},
    )  # fmt: skip
    site = replace(SITE, navigation=("report", "changes", "data", "notebooks"))
    return BeautifulSoup(
        changes_page(site, comparison, language, sides, vocabulary, **given), "html.parser"
    )


def said(node) -> str:
    return " ".join(node.get_text(" ").split())


def test_the_scoreboard_comes_first_with_the_rule():
    main = page().main
    rows = [said(row) for row in main.table.find_all("tr")]
    assert rows == [
        "large moderate small break unchanged",
        "Figures 1 – – 1 –",
        "Facts in the text 2 1 – – 1",
        "Claims 1 – – 1 –",
        "The study’s statements 1 – – – –",
    ]
    assert main.find("figure").sourceline > main.table.sourceline
    assert "from 10% of the larger value" in said(main.select_one(".size-rule"))


def test_both_editions_stand_beside_each_other_with_rings():
    fig1 = page().find(id="change-fig1").parent
    images = [image["src"] for image in fig1.find_all("img")]
    assert images == ["../editions/2025/figures/fig1.en.svg", "../figures/fig1.en.svg"]
    rings = [
        [(ring["style"], ring.get("class")) for ring in picture.select(".rings i")]
        for picture in fig1.select(".picture")
    ]
    assert rings == [
        [("left:50.00%;top:50.00%", None), ("left:20.00%;top:80.00%", ["alone"])],
        [("left:50.00%;top:60.00%", None), ("left:90.00%;top:50.00%", ["alone"])],
    ]
    assert "1 value revised; 1 value for new periods (2021)." in said(fig1)
    (row,) = fig1.tbody.find_all("tr")
    assert said(row) == "France · 2020 · value 11 8.8 −2.2 −20.0%"


def test_points_are_marked_by_what_they_say():
    old = figure(points=(Point(0.1, 0.1, "A: 1"), Point(0.2, 0.2, "B: 2"), Point(0.3, 0.3, "A: 5")))
    more = (Point(0.4, 0.4, "A: 1"), Point(0.5, 0.5, "B：3"), Point(0.6, 0.6, "A: 6"))
    new = figure(points=(*more, Point(0, 0, "C: 1")))
    assert marks(new, old) == [Mark(0.5, 0.5, False), Mark(0.6, 0.6, False), Mark(0, 0, True)]
    assert marks(new, new) == []


def test_a_break_is_told_and_nothing_in_it_is_marked_or_compared():
    tree = page()
    fig2 = tree.find(id="change-fig2").parent
    assert said(fig2.h3) == "Figure 2 Break in the series"
    assert (
        "Break in the series Rain table: edition 2025 uses Met Office, edition 2026 uses "
        "Rain <Club>." in said(fig2.select_one(".series-break"))
    )
    assert not fig2.select(".rings") and not fig2.find("table")
    assert "1 value from a different source, not compared." in said(fig2)
    assert tree.find(id="turn-rain-is-wet").select_one(".series-break")
    assert not tree.find(id="turn-rain-grows").select_one(".series-break")


def test_facts_are_told_by_cause_with_their_sentence():
    tree = page()
    heads = [head["id"] for head in tree.select('h3[id^="facts-"]')]
    assert heads == ["facts-revision", "facts-both", "facts-unknown"]
    row = tree.find(id="fact-rain_last")
    assert said(row.th) == "Rain was 11.0 mm <in all>. In the text · rain_last"
    cells = [said(cell) for cell in row.find_all("td")]
    assert cells == ["12.0 mm", "11.5 mm", "11.0 mm", "−1.0 mm", "−8.3% moderate"]
    links = [link["href"] for link in row.find_all("a")]
    assert links == ["../report/en/index.html#sec-rain", "../notebooks/fig1.html"]
    assert said(tree.find(id="fact-rain_new")).endswith("– 1.0 mm – – added")


def test_turns_show_both_outcomes_with_evidence():
    tree = page()
    turn = tree.find(id="turn-rain-grows")
    assert said(turn.h3) == "It fails if: rain falls"
    assert [said(one) for one in turn.select(".verdict")] == ["Holds", "Does not hold"]
    assert [said(one) for one in turn.select(".values li")] == [
        "2019 10", "2020 12", "France 2020 8.8",
    ]  # fmt: skip
    statement = tree.find(id="turn-rain-doubles")
    assert said(statement.h3) == "Rain doubles."
    assert [said(one) for one in statement.select(".verdict")] == ["Differs", "Reproduced"]


def test_the_page_exists_in_chinese_and_both_link_each_other():
    chinese = page("zh")
    assert said(chinese.h1) == "从 2025 年度版到 2026 年度版有什么变化"
    assert chinese.find("a", class_="language")["href"] == "index.html"
    assert "雨会" in said(chinese.select_one(".series-break"))
    assert page().find("a", class_="language")["href"] == "index.zh.html"
    (current,) = chinese.select("nav.menu [aria-current]")
    assert current["href"] == "index.zh.html"


def test_the_switch_leads_to_no_page_that_an_older_edition_does_not_have():
    links = [link["href"] for link in page().select(".pick a")]
    assert links == ["index.html", "../editions/2025/index.html#start", "index.html"]


def test_a_page_alone_links_nothing_beside_it():
    tree = page(alone=True, linked=False)
    assert not tree.select('a[href*="notebooks/"], a[href*="report/"]')


def test_nothing_changed_is_said():
    tree = page(how=lambda woven, data: None)
    assert "Nothing changed." in said(tree.main)
    assert not tree.main.find("table") and not tree.find("h2", id=True)


def test_same_input_same_bytes():
    assert str(page()) == str(page())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_id_is_used_twice_and_every_anchor_is_there(language):
    tree = page(language)
    ids = [node["id"] for node in tree.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for link in tree.select('a[href^="#"]'):
        assert link["href"][1:] in ids, link


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_accessible_and_fits_a_phone(tmp_path, language):
    from browser import chromium, served
    from site_sample import THEME, write
    from test_site_browser import violations

    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"/>'
    style = {f"theme/{path.name}": path.read_text("utf-8") for path in THEME.iterdir()}
    pictures = {
        f"{root}figures/{address}.en.svg": picture
        for root in ("", "editions/2025/")
        for address in ("fig1", "fig2")
    }
    path = "changes/index.html"
    write(tmp_path, {path: str(page(language)), "theme/fonts.css": "", **style, **pictures})
    with served(tmp_path) as root, chromium() as browser:
        for width in (390, 1280):
            for theme in ("light", "dark"):
                size = {"width": width, "height": 900}
                tab = browser.new_page(viewport=size, color_scheme=theme, bypass_csp=True)
                tab.goto(root + path)
                tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                assert violations(tab) == [], f"{width} px, {theme}"
                assert tab.evaluate("document.documentElement.scrollWidth") <= width
                tab.close()
