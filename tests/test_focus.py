"""Another economy first in the figures, where the data allow it."""

from __future__ import annotations

import csv
import re

import pytest
import tiny
from bs4 import BeautifulSoup
from figure_checks import PROJECT

from anew.build.plan import Request, make_plan
from anew.editions.focus import resolve_economy
from anew.notebook.runner import NotebookError, dry_run
from anew.project.errors import AnewError
from anew.tables.loading import load_catalog

pytestmark = pytest.mark.slow


def plan(focus: str, *only: str, **more):
    return make_plan(PROJECT, Request(focus=focus, only=only, **more))


def words(focus: str, address: str, **more):
    return dry_run(plan(focus, address, **more).runs[address]).findings().words


@pytest.mark.parametrize("written", ["IND", "IN", "India", "印度"])
def test_an_economy_is_a_code_or_a_name_in_either_language(written):
    assert resolve_economy(load_catalog(PROJECT), written) == "IND"


def test_an_economy_that_nobody_knows_is_refused_with_what_may_be_meant():
    with pytest.raises(AnewError, match=r"Inda: no economy .*\n\s+Did you mean India \(IND\)"):
        plan("Inda")
    with pytest.raises(AnewError, match="the tables keep CHN, DEU"):
        plan("Qqqqq")


def test_the_focus_comes_first_and_the_others_keep_their_order():
    made = plan("India", "fig3", "fig7")
    edition = made.edition.figures
    for address in ("fig3", "fig7"):
        before = edition[address].parameters["economies"]
        after = [code for code in before if code != "IND"]
        assert made.given[address]["economies"] == ["IND", *after]
    assert made.given["fig3"]["focus"] == "IND" and "focus" not in made.given["fig7"]
    typed = plan("IND", "fig7", parameters=("fig7.economies=CHN,IND,USA",))
    assert typed.given["fig7"]["economies"] == ["IND", "CHN", "USA"]


def test_without_only_it_is_all_figures_that_can_and_never_the_text():
    made = plan("GBR", edition="2025")
    assert {"fig3", "fig7"} <= set(made.runs) and not {"overview", "paper"} & set(made.runs)
    assert not made.whole and not made.tracked
    assert made.key != plan("DEU", edition="2025").key


def test_a_figure_that_lists_no_economies_is_named_with_those_that_do():
    with pytest.raises(AnewError, match=r"paper: it draws no list .*\n\s+Leave .* --only fig3"):
        plan("IND", "paper", "fig3")


def test_data_without_the_economy_are_named_with_table_vintage_and_years():
    with pytest.raises(AnewError) as caught:
        plan("BRA", "fig7", "fig5", edition="2025")
    told = str(caught.value)
    assert "fig7: gdp 2024-09-19, rd_share 2025-12-17 have no BRA in 2014–2022\n" in told
    assert "fig5: unicorns_by_year_joined 2024-12_cbinsights has no BRA\n" in told
    assert "What they all have: CHN, DEU, EUU, FRA, GBR, IND, IRL, JPN, KOR, USA." in told
    assert "list it under economies.kept in data/catalog.yml" in told


def test_an_economy_that_is_not_on_a_list_is_refused_and_never_an_empty_bar():
    with pytest.raises(AnewError, match="fig2: unicorns_by_economy 2025-10_cbinsights has no RUS"):
        plan("RUS", "fig2")
    typed = make_plan(PROJECT, Request(only=("fig2",), parameters=("fig2.focus=RUS",)))
    with pytest.raises(NotebookError, match="The list has no company of RUS"):
        dry_run(typed.runs["fig2"])


def test_the_total_cannot_stand_among_its_parts():
    with pytest.raises(AnewError, match="WLD is the total"):
        plan("世界", "fig3")
    assert list(plan("欧盟", "fig3").runs) == ["fig3"]


def test_every_edition_at_once_has_no_focus():
    from anew.build.plan import make_plans

    with pytest.raises(AnewError, match="Drop --edition, --only, -p and --focus"):
        make_plans(PROJECT, Request(all_editions=True, focus="IND"))


@pytest.mark.parametrize(
    ("focus", "address", "zh", "en"),
    [
        ("IND", "fig2", "5.1% 的独角兽企业在印度，美国占 55.8%", "5.1% of the world’s"),
        ("DEU", "fig2", "全球 2.5% 的独角兽企业在德国", "are in Germany, 55.8% in the USA"),
        ("KOR", "fig2", "全球 1.2% 的独角兽企业在韩国", "unicorns are in South Korea, 55.8%"),
        ("USA", "fig2", "全球超过一半的独角兽企业在美国", "More than half of the world’s unicorns"),
        ("IND", "fig3", "爱尔兰 2017 年超过印度；印度 2024 年占", "in 2017; India accounts"),
        ("GBR", "fig3", "英国 2022 年超过德国，2024 年占", "The UK passes Germany in 2022"),
        ("USA", "fig3", "美国占全球 ICT 服务出口的份额从", "The USA’s share of the world’s"),
        ("IND", "fig5", "印度有 6.1% 在 2019 年以前入榜", "6.1% of India’s unicorns"),
        ("IND", "fig6", "其中印度占 5.8%", "5.8% of them in India"),
        ("DEU", "fig6", "其中德国占 3.2%", "3.2% of them in Germany"),
        ("IND", "fig7", "2020 年印度研发支出相当于美国的 2.4%", "on R&D in 2020"),
        ("GBR", "fig7", "2023 年英国研发支出相当于", "The UK spends 9.5% of what the USA does"),
    ],
)  # fmt: skip
def test_titles_and_alternative_texts_follow(focus, address, zh, en):
    said = words(focus, address)
    assert zh in said["zh"].title
    assert en in said["en"].title
    names = {"IND": "India", "GBR": "UK", "USA": "USA", "DEU": "Germany", "KOR": "South Korea"}
    assert names[focus] in said["en"].alt


def test_a_member_of_a_group_stands_without_the_group_in_a_stack():
    session = dry_run(plan("DEU", "fig6").runs["fig6"])
    assert "DEU" in session.data and "EUU" not in session.data


def test_a_small_economy_is_named_and_the_rows_still_add_up():
    own, other = (
        dry_run(made.runs["fig2"])
        for made in (make_plan(PROJECT, Request(only=("fig2",))), plan("JPN", "fig2"))
    )
    assert "\nJPN,economy," not in own.data and "\nJPN,economy," in other.data
    for session in (own, other):
        rows = list(csv.DictReader(session.data.splitlines()))
        whole = [r for r in rows if r["kind"] in ("economy", "union", "apart", "other")]
        assert sum(int(row["count"]) for row in whole) == 1298


def test_facts_do_not_follow():
    """What the text prints is of the study's economies, whoever is drawn first."""
    for address in ("fig2", "fig3", "fig6", "fig7"):
        own = dry_run(make_plan(PROJECT, Request(only=(address,))).runs[address])
        other = dry_run(plan("IND", address).runs[address])
        assert own.findings().facts == other.findings().facts
        assert own.findings().claims == other.findings().claims


def test_without_a_focus_titles_are_as_they_were():
    own = dry_run(make_plan(PROJECT, Request(only=("fig7",))).runs["fig7"]).findings()
    assert own.words["en"].title.startswith("China passes the EU in R&D expenditure in 2020")
    own = dry_run(make_plan(PROJECT, Request(only=("fig3",))).runs["fig3"]).findings()
    assert own.words["en"].title.startswith("Ireland passes India in 2017 and accounts for")


@pytest.fixture
def report(tmp_path):
    """A tiny report whose figure has a list of economies, and one paragraph that ignores it."""
    root = tiny.make(tmp_path / "p", text=True).root
    cells = [*tiny.FIG1, tiny.DRAW]
    cells[0] = cells[0].replace('economy: str = "FRA"', "economies: Optional[list[str]] = None")
    cells[1] = cells[1].replace("economy=economy", "economies=economies")
    cells[2] = cells[2].replace("p.economy)", "p.economies[0])")
    tiny.notebook(root / "analysis/fig1_rain.ipynb", cells)
    editions = (root / "data/editions.yml").read_text("utf-8")
    listed = "{last_year: 2021, economies: [FRA, DEU]}"
    tiny.write(root / "data/editions.yml", editions.replace("{last_year: 2021}", listed))
    for language in ("zh", "en"):
        path = root / f"report/{language}/index.qmd"
        more = f"\n{{{{< var {language}.rain_year >}}}}\n"
        tiny.write(path, path.read_text("utf-8") + more)
    return root


def test_a_whole_report_with_another_focus_says_so_and_names_what_does_not_follow(report, anew):
    done = anew("build", cwd=report)
    assert done.returncode == 0, done.stderr
    before = {path: path.read_bytes() for path in (report / "_site").rglob("*") if path.is_file()}
    done = anew("build", "--focus", "DEU", "--whole", cwd=report)
    assert done.returncode == 0, done.stderr
    *_, where = done.stdout.rsplit("The report is at ", 1)
    site = (report / where.strip()).parent
    assert ".anew/part/" in site.as_posix()
    page = (site / "report/en/index.html").read_text("utf-8")
    assert "variant of edition 2024: its figures are led by DEU" in page
    assert re.search(r"Rain grew to 19\.0\smm", BeautifulSoup(page, "html.parser").get_text())
    assert "variant of" not in before[report / "_site/report/en/index.html"].decode()
    assert (site / "report/zh/index.pdf").is_file()
    assert "Paragraphs that do not follow the focus: 2." in done.stdout
    for language in ("zh", "en"):
        lines = (report / f"report/{language}/index.qmd").read_text("utf-8").splitlines()
        assert f"  report/{language}/index.qmd:{len(lines)}\n" in done.stdout
    now = {path: path.read_bytes() for path in (report / "_site").rglob("*") if path.is_file()}
    assert now == before


@pytest.mark.parametrize("given", [["--whole"], ["--whole", "--focus", "DEU", "--only", "fig1"]])
def test_whole_goes_with_a_focus_and_without_a_choice_of_figures(report, anew, given):
    done = anew("build", *given, cwd=report)
    assert done.returncode == 2 and "Drop --only, or name the focus" in done.stderr
