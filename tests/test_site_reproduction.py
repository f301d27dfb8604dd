"""The page "Reproduction": a scoreboard, then each statement beside what the data say."""

from __future__ import annotations

import pytest
import tiny
from bs4 import BeautifulSoup
from figure_checks import PROJECT
from site_sample import SITE

from anew.notebook.findings import Tested
from anew.notebook.verdicts import settle
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.site.reproduction import reproduction_page
from anew.text.facts import load_units
from anew.text.statements import load_statements

STUDY = """\
wanted:
  tides: {zh: 各港潮位, en: tides by harbour}
statements:
  - id: cargo-sum
    section: 2
    figure: fig3
    kind: number
    values: [{value: 41.4, scale: 1.0e+12, unit: usd_tn, decimals: 1}]
    says: {zh: 合计 41.4 万亿美元, en: US$41.4 trillion in all}
    needs: [cargo]
    measure: same
  - id: cargo-share
    section: 1
    figure: fig3
    kind: number
    values: [{value: 18.7, unit: percent, decimals: 1}]
    says: {zh: 占 18.7%, en: 18.7 % of it}
    needs: [cargo]
    measure: arithmetic
  - id: north-first
    section: 2
    kind: statement
    says: {zh: 北港居首, en: The north is first}
    needs: [cargo]
    measure: substitute
  - id: tides-fell
    section: 4
    kind: statement
    says: {zh: 潮位下降, en: Tides fell}
    needs: [tides]
    measure: same
"""
WORDS = {"zh": "怎样检验", "en": "how it is tested"}
FOUND = {
    "cargo-sum": Tested(
        id="cargo-sum", figure="fig1", ours=41.42e12, evidence={"NOR 2021": 4.142e13}, test=WORDS
    ),
    "cargo-share": Tested(
        id="cargo-share", figure="paper", ours=7.7959, evidence={"share": 7.7959}, test=WORDS,
        depends={"zh": "取决于版本", "en": "On the vintage"},
    ),
    "north-first": Tested(
        id="north-first", figure="fig1", agrees=False, evidence={"count": {"NOR": 3, "FJI": 5}},
        test=WORDS,
    ),
}  # fmt: skip
NAMES = {"zh": {"NOR": "北港", "FJI": "南港"}, "en": {"NOR": "North", "FJI": "South"}}


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request, tmp_path_factory):
    """The page in one language, read as a tree."""
    root = tmp_path_factory.mktemp("study")
    tiny.write(root / "data/published/claims.yml", STUDY)
    study = load_statements(Project(root))
    language = request.param
    html = reproduction_page(
        SITE, settle(study, FOUND, {"cargo"}), language,
        units=load_units(PROJECT.units_file), names=NAMES[language], wanted=study.wanted,
        figures={"fig1": 1, "fig3": 3},
        certificate="certificate/index.html",
    )  # fmt: skip
    return language, BeautifulSoup(html, "html.parser").find("main")


def text(tag) -> str:
    return " ".join(tag.get_text(" ").split())


def test_the_scoreboard_counts_every_verdict(page):
    language, main = page
    rows = main.select("table.scoreboard tbody tr")
    assert [text(row.select_one("td.number")) for row in rows] == ["1", "1", "1", "1"]
    heads = [text(row.th) for row in rows]
    reproduced = {"zh": "已复现", "en": "Reproduced"}[language]
    assert reproduced in heads[0], heads
    assert rows[0].a["href"] == "#verdict-reproduced" and main.find(id="verdict-reproduced")


def test_each_statement_has_what_is_printed_and_what_is_found(page):
    language, main = page
    one = text(main.find(id="cargo-sum"))
    assert {"zh": "41.4 万亿美元", "en": "US$41.4 trillion"}[language] in one
    assert {"zh": "41.42 万亿美元", "en": "US$41.42 trillion"}[language] in one
    assert {"zh": "北港 2021 41.42 万亿", "en": "North 2021 41.42 trillion"}[language] in one
    assert WORDS[language] in one and "paper/cargo-sum" in one
    differs = text(main.find(id="cargo-share"))
    assert "18.7%" in differs and "7.80%" in differs
    assert {"zh": "取决于版本", "en": "On the vintage"}[language] in differs


def test_a_substitute_tells_its_direction_and_a_gap_what_is_missing(page):
    language, main = page
    indicative = text(main.find(id="north-first"))
    assert {"zh": "不一致", "en": "disagrees"}[language] in indicative.lower(), indicative
    missing = main.find(id="tides-fell")
    assert {"zh": "各港潮位", "en": "tides by harbour"}[language] in text(missing)
    assert not missing.select("details")


def test_each_tested_statement_links_its_figure_and_its_notebook(page):
    language, main = page
    suffix = ".zh" if language == "zh" else ""
    links = [a["href"] for a in main.find(id="cargo-sum").select(".origin a")]
    assert links == [f"../report/{language}/index.html#fig-1", f"../notebooks/fig1{suffix}.html"]
    links = [a["href"] for a in main.find(id="cargo-share").select(".origin a")]
    # no figure of the report computes it, but one draws that of the study
    assert links == [f"../report/{language}/index.html#fig-3", f"../notebooks/paper{suffix}.html"]
    assert not main.find(id="tides-fell").select(".origin a")
    assert main.select_one('a[href="../claims.json"]')
    assert main.select_one('a[href="../certificate/index.html"]')
