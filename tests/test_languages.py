"""A report in one language: started, built, checked, kept up; no word of another one in it."""

from __future__ import annotations

import json
import re

import pytest
from browser import chromium, served
from bs4 import BeautifulSoup
from test_site_browser import violations

HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")
#: Three Latin words in a row, other than names: what a page in Chinese does not say.
ENGLISH = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request, tmp_path_factory, anew):
    folder = tmp_path_factory.mktemp(request.param)
    title = {"en": "Rain in Norway", "zh": "挪威的降水"}[request.param]
    done = anew("init", "r", "--languages", request.param, "--title", title, cwd=folder)
    assert done.returncode == 0, done.stderr
    done = anew("check", "--strict", cwd=folder / "r")
    assert done.returncode == 0, done.stdout + done.stderr
    done = anew("build", "--strict", cwd=folder / "r")
    assert done.returncode == 0, done.stderr
    return folder / "r", request.param


def words(path) -> str:
    tree = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    for part in tree(["script", "style", "pre", "code", "cite"]):
        part.decompose()
    for part in tree.select(".csl-entry, #refs"):
        part.decompose()
    return tree.get_text(" ")


def test_no_page_has_a_word_of_another_language(report):
    root, language = report
    pages = sorted((root / "_site").rglob("*.html"))
    assert (root / f"_site/report/{language}/index.html") in pages
    for page in pages:
        other = HAN.findall(words(page)) if language == "en" else ENGLISH.findall(words(page))
        assert other == [], page
        tree = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for work in tree.select(".csl-entry"):  # in its own language, whatever that is
            work.decompose()
        tags = {element["lang"] for element in tree.find_all(lang=True)}
        assert tags == {{"en": "en", "zh": "zh-Hans"}[language]}, page
    package = json.loads((root / "_site/data/datapackage.json").read_text("utf-8"))
    assert package["title"] in ("Rain in Norway", "挪威的降水")
    assert not any("title_" in key for key in package["resources"][0])


def test_its_editions_and_its_numbers_are_those_of_any_report(report, anew):
    root, language = report
    for command in (
        ["edition", "new", "2025"],
        ["build", "--all-editions"],
        ["diff", "2024", "2025"],
        ["add", "section", "more"],
    ):
        done = anew(*command, cwd=root)
        assert done.returncode == 0, done.stderr
    assert (root / f"_site/editions/2024/report/{language}/index.html").is_file()
    done = anew("translated", f"report/{language}/index.qmd", cwd=root)
    assert done.returncode == 2 and "This report is in one language." in done.stderr


@pytest.mark.browser
def test_a_reader_finds_its_way_in(report):
    root, language = report
    with served(root / "_site") as address, chromium() as browser:
        page = browser.new_page(locale="de-DE")
        page.goto(address)
        page.wait_for_url(f"**/report/{language}/index.html")
        assert violations(page) == []
        page.close()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("[en, fr]", "anew.languages[1] should be 'zh' or 'en'"),
        ("[en, en]", "names each language of the report once"),
        ("[]", "names each language of the report once"),
    ],
)
def test_languages_that_cannot_be_are_told_with_their_line(tmp_path, anew, said, message):
    assert anew("init", "r", "--languages", "en", cwd=tmp_path).returncode == 0
    settings = tmp_path / "r/_quarto.yml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("languages: [en]", f"languages: {said}"), "utf-8")
    done = anew("check", cwd=tmp_path / "r")
    assert done.returncode == 2 and "_quarto.yml, line 21" in done.stdout and message in done.stdout
