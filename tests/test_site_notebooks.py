"""Notebook pages: the reader's language, no random ids, nothing HTML forbids."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from pandas import DataFrame, Index
from site_sample import SITE, build, notebook

from anew.project.language import LANGUAGES
from anew.site.notebooks import Notebook, notebook_list, notebook_page


def page(language: str) -> BeautifulSoup:
    path = "notebooks/fig1.zh.html" if language == "zh" else "notebooks/fig1.html"
    return BeautifulSoup(build().files[path], "html.parser")


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_tagged_with_a_language_are_for_its_readers(language: str) -> None:
    text = page(language).main.get_text()
    assert ("读入数据表" in text) == (language == "zh")
    assert ("Read the table and add up" in text) == (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_is_the_sites_file_in_the_readers_language_first(language: str) -> None:
    pictures = page(language).main.find_all("img")
    assert [image["src"] for image in pictures] == [
        f"../figures/fig1.{spoken}.svg" for spoken in sorted(LANGUAGES, key=lambda s: s != language)
    ]
    assert pictures[0].find_parent("details") is None
    assert pictures[1].find_parent("details")["class"] == ["other"]
    assert all(image["alt"] for image in pictures)


def test_code_is_coloured_and_reached_by_keyboard() -> None:
    main = page("zh").main
    block = main.select(".highlight")[1]
    assert block["tabindex"] == "0" and block["aria-label"] == "代码 2"
    assert block.find(class_="kn").text == "import"
    assert main.find("pre", class_="stream").text.strip() == "6 rows 1500.0"


def test_a_frame_is_a_table_that_scrolls_and_is_valid() -> None:
    table = page("en").main.find("table", class_="dataframe")
    assert not table.has_attr("border")
    assert table.find_parent(class_="scroll")
    assert not page("en").main.find("style")
    assert table.find("thead").find("tr").find().name == "td"  # the corner names nothing
    assert table.find("tbody").find("th")["scope"] == "row"


def test_columns_of_numbers_are_flush_right_with_their_heads() -> None:
    frame = DataFrame(
        {
            ("NOR", 2019): [14.25, -1234.5],
            ("NOR", 2021): ["a", "3"],
            ("FJI", 2021): [float("nan"), 3e-9],
        },
        index=Index(["x", "y"], name="port"),
    )
    content = notebook("fig1")
    content["cells"][4]["outputs"][1]["data"]["text/html"] = frame._repr_html_()
    page = notebook_page(SITE, Notebook("f", "x", content, {}, {}), "en")
    tree = BeautifulSoup(page, "html.parser")
    table = tree.main.find("table", class_="dataframe")
    rows = [
        "".join(
            "n" if "number" in (cell.get("class") or []) else "-"
            for cell in row.find_all(["th", "td"])
        )
        for row in table.find_all("tr")
    ]
    # the economies over their columns, the name of the index beside the years, two rows
    assert rows == ["--n", "-n-n", "-n-n", "-n-n"]
    heads = [cell.text for cell in table.find_all("tr")[1].find_all(["th", "td"])]
    assert heads == ["port", "2019", "2021", "2021"]
    assert table.find("thead").find("th", class_="over")["colspan"] == "2"


def test_headings_go_down_one_step_at_a_time_with_ids_of_their_own() -> None:
    content = notebook("fig1")
    content["cells"][1]["source"] = "# 一\n\n### 三\n\n## 二\n\n## 二"
    content["cells"][1]["metadata"] = {}
    entry = Notebook("fig1", "analysis/fig1_x.ipynb", content, {}, {})
    tree = BeautifulSoup(notebook_page(SITE, entry, "zh"), "html.parser")
    found = [(h.name, h["id"]) for h in tree.main.find_all(re.compile("^h[2-6]$"))]
    assert found == [("h2", "nb-三"), ("h2", "nb-二"), ("h2", "nb-二-2")]


MARKED = """\
## 数据 · Data

<div lang="zh">

读入 **GDP**。

- 一

</div>

<div lang="en">

Read `data`, as 国家统计局 has it.

</div>

Both: E = mc².
"""


@pytest.mark.parametrize(("language", "shown", "head"), [
    ("zh", ["读入 GDP。", "Both: E = mc²."], "数据"),
    ("en", ["Read data, as 国家统计局 has it.", "Both: E = mc²."], "Data"),
])  # fmt: skip
def test_a_part_is_shown_to_the_readers_of_its_language(language, shown, head) -> None:
    tree = prose(MARKED, language=language)
    assert [node.text for node in tree.find_all("p")] == shown
    assert [node.text for node in tree.find_all("li")] == (["一"] if language == "zh" else [])
    assert tree.h2.text == head and not tree.find(lang=True)


def test_what_has_no_mark_is_shown_to_all_and_nothing_is_guessed() -> None:
    text = "## One · two · three\n\n读入。\n\nRead it.\n\n- 一"
    pages = {language: prose(text, language=language) for language in LANGUAGES}
    assert pages["zh"].text.split("\n") == pages["en"].text.split("\n")
    assert pages["en"].h2.text == "One · two · three"
    assert [node.text for node in pages["en"].find_all(["p", "li"])] == ["读入。", "Read it.", "一"]


def test_a_cell_that_is_for_others_alone_leaves_no_empty_box() -> None:
    tree = prose('<div lang="zh-Hans">\n\n只有中文。\n\n</div>', "Read it.", language="en")
    assert [cell.get_text(strip=True) for cell in tree.select(".prose")] == ["Read it."]


def prose(*sources: str, language: str) -> BeautifulSoup:
    """The prose of a page whose cells are `sources`, after the one with the title."""
    content = notebook("fig1")
    kept = content["cells"][1]
    cells = [{**kept, "id": f"p{n}", "source": s, "metadata": {}} for n, s in enumerate(sources)]
    content["cells"] = [content["cells"][0], *cells]
    page = notebook_page(SITE, Notebook("fig1", "x", content, {}, {}), language)
    main = BeautifulSoup(page, "html.parser").main
    return BeautifulSoup("".join(map(str, main.find_all(class_="prose"))), "html.parser")


def test_a_notebook_without_a_figure_has_its_own_title() -> None:
    entry = Notebook("paper", "analysis/paper_x.ipynb", notebook("fig1"), {}, {})
    tree = BeautifulSoup(notebook_page(SITE, entry, "en"), "html.parser")
    assert tree.h1.text == "Cargo"
    # a picture that the site has no file for is carried in the page
    assert all(image["src"].startswith("data:image/svg+xml") for image in tree.main.find_all("img"))
    listed = BeautifulSoup(notebook_list(SITE, [entry], "en"), "html.parser")
    assert listed.main.find("a", href="paper.html")


def test_downloads_and_the_way_to_the_report() -> None:
    links = {a["href"] for a in page("zh").find(class_="actions").find_all("a")}
    assert links == {"fig1.ipynb", "../report/zh/index.html#fig-1"}


def test_no_ids_but_headings_and_the_shells() -> None:
    ids = {node["id"] for node in page("en").find_all(id=True)}
    assert ids == {"main", "nb-data", "search-field"}


def test_the_notebook_itself_is_not_changed() -> None:
    content = notebook("fig1")
    entry = Notebook("fig1", "x", content, {}, {})
    notebook_page(SITE, entry, "zh")
    assert content == notebook("fig1")
