"""Figures on a page: files, table, points, words; and the numbers in their tables."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from site_sample import DATA, SITE, WEAVE, picture

from anew.site.figures import dress_figures, gather_figures
from anew.site.markup import parse, written
from anew.text.numbers import brief, read_grid, shown

PAGE = "report/zh/index.html"
PANDOC = (
    '<figure id="fig-1"><img src="../../figures/fig1.zh.svg" alt="x" /><figcaption>图 1　题'
    "</figcaption></figure><p>后文</p>"
)
QUARTO = (
    '<div id="fig-1" class="quarto-float"><figure class="quarto-float figure"><div><p>'
    '<img src="../../figures/fig1.zh.svg" class="img-fluid" style="width:70%"></p></div>'
    "<figcaption>图 1　题</figcaption></figure></div><p>后文</p>"
)


def figures(language: str = "zh"):
    return gather_figures(
        WEAVE.figures,
        language,
        pictures={a: picture(a, language) for a in WEAVE.figures},
        data=dict.fromkeys(WEAVE.figures, DATA),
    )


def dressed(html: str, language: str = "zh") -> BeautifulSoup:
    tree = parse(html)
    assert dress_figures(tree, figures(language), PAGE, names={"NOR": "挪威", "year": "年份"})
    return parse(written(tree))


@pytest.mark.parametrize("html", [PANDOC, QUARTO])
def test_both_typesetters_figures_get_the_same_tools(html: str) -> None:
    tree = dressed(html)
    links = {a.text: a for a in tree.select(".tools a")}
    assert {name: a["href"] for name, a in links.items()} == {
        "SVG": "../../figures/fig1.zh.svg",
        "PNG": "../../figures/fig1.zh.png",
        "CSV": "../../figures/fig1.csv",
        "如何算出": "../../notebooks/fig1.zh.html",
        "源文件": "../../notebooks/fig1.ipynb",
    }
    assert all(links[name].has_attr("download") for name in ("SVG", "PNG", "CSV"))
    assert tree.find("figcaption").text == "图 1　题"
    image = tree.find("img")
    assert image["alt"] == WEAVE.figures["fig1"].words["zh"].alt
    assert not image.has_attr("style")
    assert int(image["height"]) == round(672 * 260 / 374.4)
    # what belongs to the figure comes after it and before the next paragraph
    assert tree.find(class_="under").find_next("p", string="后文")


def test_a_figure_says_how_to_cite_it_and_whether_it_changed() -> None:
    tree = parse(PANDOC)
    site = replace(SITE, site_url="https://example.org/r")
    dress_figures(tree, figures(), PAGE, site=site, changed=["fig1"])
    tree = parse(written(tree))
    mark = tree.find("a", string="本版有变化")
    assert mark["href"] == "../../changes/index.zh.html#change-fig1"
    text = tree.select_one(".behind:last-child").text
    title = WEAVE.figures["fig1"].words["zh"].title
    where = "https://example.org/r/report/zh/#fig-1"
    assert f"港口统计编写组. 图 1　{title}[EB/OL]//港口统计：2026 年度版." in text
    assert f"title = {{{{{title}}}}}," in text and f"url = {{{where}}}," in text
    assert f"TI  - {title}\n" in text and f"UR  - {where}\n" in text and "ER  - " in text
    assert '<iframe src="https://example.org/r/figures/fig1.zh.html"' in text


def test_a_source_file_that_is_published_is_linked_there() -> None:
    tree = parse(PANDOC)
    dress_figures(tree, figures(), PAGE, source=lambda path: f"../../source/{path}")
    link = parse(written(tree)).find("a", string="源文件")
    assert link["href"] == "../../source/analysis/fig1_cargo.ipynb"
    assert "analysis/fig1_cargo.ipynb" in link["aria-label"]


def test_points_are_there_for_the_script_and_only_where_there_are_any() -> None:
    box = dressed(PANDOC).find(class_="picture")
    points = json.loads(box["data-points"])
    assert points[0] == [0.2, 0.62, "2019 年：14.25 百万吨"]
    assert "图 1" in box["data-label"]
    tree = parse(PANDOC.replace("fig1.", "fig2.").replace("fig-1", "fig-2"))
    dress_figures(tree, figures(), PAGE)
    assert not tree.find(class_="picture").has_attr("data-points")


def test_data_are_a_real_table_with_words_and_visible_gaps() -> None:
    table = dressed(PANDOC).find("details").find("table")
    assert [th.text for th in table.find("thead").find_all("th")] == ["economy", "年份", "value"]
    rows = [[td.text for td in tr.find_all("td")] for tr in table.find("tbody").find_all("tr")]
    assert rows[0] == ["挪威", "2019", "14.25"]
    assert rows[1][2] == "–缺失"
    assert rows[5] == ["FJI", "2021", "1,234,568"]
    assert "6 行" in table.find("caption").text


def test_details_say_measure_note_and_source() -> None:
    text = dressed(PANDOC).find("details").get_text(" ")
    words = WEAVE.figures["fig1"].words["zh"]
    for key in ("measure", "note", "source"):
        assert getattr(words, key) in text


def test_what_is_no_figure_of_the_report_is_left_alone() -> None:
    html = '<p><img src="../../figures/fig1.zh.svg"> <img src="fig9.zh.svg"></p>'
    tree = parse(html)
    assert dress_figures(tree, figures(), PAGE) == []
    assert written(tree) == html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1549, "1,549"),
        (1899, "1,899"),
        (1900, "1900"),
        (2019, "2019"),
        (2099, "2099"),
        (2100, "2,100"),
        (9.232e11, "923,200,000,000"),
        (0.14, "0.14"),
        (48.9, "48.9"),
        (-3.25, "\u22123.25"),
        (1.157894736, "1.1579"),
        (1234567.891, "1,234,568"),
        (0.000123456, "0.00012346"),
        (None, "–"),
        (float("nan"), "–"),
        (True, "是"),
        ("CHN", "CHN"),
        ([1, "a"], "1；a"),
        ({"a": 1}, "a：1"),
        (1e-20, "1e\u221220"),
    ],
)
def test_shown(value: object, text: str) -> None:
    assert shown(value, "zh") == text


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (9.232e11, "9,232 亿", "923.2 billion"),
        (20656516000000.0, "20.657 万亿", "20.657 trillion"),
        (-2.5e9, "\u221225 亿", "\u22122.5 billion"),
        (1e9, "10 亿", "1 billion"),
        (1e12, "1 万亿", "1 trillion"),
        (1e8, "1 亿", "100,000,000"),
        (83, "83", "83"),
        (None, "–", "–"),
        (True, "是", "yes"),
    ],
)
def test_brief(value: object, zh: str, en: str) -> None:
    assert (brief(value, "zh"), brief(value, "en")) == (zh, en)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_shown_number_is_the_number_to_five_digits(value: float) -> None:
    text = shown(value, "en").replace("\u2212", "-").replace(",", "")
    assert float(text) == pytest.approx(value, rel=6e-5, abs=1e-15)
    assert not re.search(r"\.\d*0$", text)


def test_an_empty_file_and_an_empty_table() -> None:
    assert read_grid("", "zh").rows == []
    grid = read_grid("a,b\n", "zh")
    assert (list(grid.heads), list(grid.rows)) == (["a", "b"], [])


def test_a_column_of_text_that_looks_like_numbers_in_part_stays_text() -> None:
    grid = read_grid("code,n\n01,1\nx,2\n", "en")
    assert list(grid.numeric) == [False, True]
    assert list(grid.rows) == [["01", "1"], ["x", "2"]]


def test_a_figure_with_layouts_is_chosen_by_the_page_and_its_words_are_text() -> None:
    bare = {f"{a}.{name}": picture(a, "zh") for a in WEAVE.figures for name in ("wide", "narrow")}
    drawn = gather_figures(
        WEAVE.figures,
        "zh",
        pictures={a: picture(a, "zh") for a in WEAVE.figures} | bare,
        data=dict.fromkeys(WEAVE.figures, DATA),
    )
    for html in (PANDOC, QUARTO):
        tree = parse(html)
        dress_figures(tree, drawn, PAGE)
        tree = parse(written(tree))
        shown, said = tree.select_one("picture"), WEAVE.figures["fig1"].words["zh"]
        assert shown.img["src"] == "../../figures/fig1.zh.wide.svg"
        assert shown.source["srcset"] == "../../figures/fig1.zh.narrow.svg"
        parts = [part.get_text() for part in tree.select("figure > p")]
        assert parts[:2] == [said.title, said.measure] and parts[-1] == said.source
        assert tree.select_one("figure > p").find_next("picture") is shown
        assert [a["href"] for a in tree.select(".files a")][0] == "../../figures/fig1.zh.svg"


@pytest.mark.parametrize(("rows", "shown_rows"), [(500, [500]), (501, [20, 20])])
def test_long_data_are_shown_from_either_end_with_a_way_to_all(rows, shown_rows):
    data = "year,value\n" + "".join(f"{n},{n / 10}\n" for n in range(rows))
    found = {a: replace(f, data=data) for a, f in figures("en").items()}
    tree = parse(PANDOC.replace("zh.svg", "en.svg"))
    dress_figures(tree, found, PAGE)
    tables = parse(written(tree)).select(".behind table")
    assert [len(table.select("tbody tr")) for table in tables] == shown_rows
    assert tables[-1].select("tbody tr")[-1].td.text.replace(",", "") == str(rows - 1)
    if rows > 500:
        assert "The table has 501 rows; the first and last 20 are shown" in written(tree)
