"""Reports in other languages than Chinese and English: none has a word of another one in it."""

from __future__ import annotations

import json
import re

import pikepdf
import pytest
from browser import chromium, served
from bs4 import BeautifulSoup
from test_site_browser import violations

#: What a page in a language does not say: for Chinese that is three Latin words in a row.
STRANGE = {
    "en": re.compile("[\u3000-\u9fff\uff00-\uffef]|\\b(?:der|die|und|nicht|Zeilen)\\b"),
    "zh": re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b"),
    "de": re.compile("[\u3000-\u9fff\uff00-\uffef]|\\b(?:the|of|and|rows|figures?)\\b", re.I),
}
TAGS = {"en": "en", "zh": "zh-Hans", "de": "de"}
TITLES = {"en": "Rain in Norway", "zh": "挪威的降水", "de": "Regen in Norwegen"}


@pytest.fixture(scope="module", params=["en", "zh", "en,de"])
def report(request, tmp_path_factory, anew):
    folder = tmp_path_factory.mktemp("report")
    languages = request.param.split(",")
    titles = [word for la in languages for word in ("--title", f"{la}={TITLES[la]}")]
    done = anew("init", "r", "--languages", request.param, *titles, cwd=folder)
    assert done.returncode == 0, done.stderr
    done = anew("check", "--strict", cwd=folder / "r")
    assert done.returncode == 0, done.stdout + done.stderr
    done = anew("build", "--strict", cwd=folder / "r")
    assert done.returncode == 0 and "Hard to read" not in done.stdout, done.stdout + done.stderr
    return folder / "r", languages


def words(tree: BeautifulSoup) -> str:
    for part in tree(["script", "style", "pre", "code", "cite"]):
        part.decompose()
    return tree.get_text(" ")


def test_no_page_has_a_word_of_another_language(report):
    root, languages = report
    pages = sorted((root / "_site").rglob("*.html"))
    assert {root / f"_site/report/{language}/index.html" for language in languages} <= set(pages)
    for page in pages:
        tree = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for work in tree.select(".csl-entry"):  # in its own language, whatever that is
            work.decompose()
        tags = {element["lang"] for element in tree.find_all(lang=True)}
        assert tags <= {TAGS[language] for language in languages}, page
        if page.parent == root / "_site":
            continue  # these speak to readers of every language
        (language,) = (la for la in languages if TAGS[la] == tree.html["lang"])
        for other in tree.select(f"[lang]:not(html):not([lang='{TAGS[language]}'])"):
            other.decompose()
        assert STRANGE[language].findall(words(tree)) == [], page
    package = json.loads((root / "_site/data/datapackage.json").read_text("utf-8"))
    assert package["title"] == TITLES[languages[0]]


def test_its_editions_and_its_numbers_are_those_of_any_report(report, anew):
    root, languages = report
    for command in (
        ["edition", "new", "2025"],
        ["build", "--all-editions"],
        ["diff", "2024", "2025"],
        ["add", "section", "more"],
    ):
        done = anew(*command, cwd=root)
        assert done.returncode == 0, done.stderr
    for language in languages:
        assert (root / f"_site/editions/2024/report/{language}/index.html").is_file()
        assert (root / f"report/{language}/_more.qmd").is_file()
    done = anew("translated", f"report/{languages[0]}/index.qmd", cwd=root)
    hint = "This report is in one language." if len(languages) == 1 else "holds the original"
    assert done.returncode == 2 and hint in done.stderr


def test_a_pdf_says_which_language_it_is_in_and_is_accessible(report):
    root, languages = report
    for language in languages:
        with pikepdf.open(root / f"_site/report/{language}/index.pdf") as pdf:
            assert str(pdf.Root.Lang) == {"zh": "zh-CN", "en": "en-GB", "de": "de-DE"}[language]
            assert "PDF/UA" in str(pdf.open_metadata()) or "pdfuaid" in str(pdf.open_metadata())


@pytest.mark.browser
def test_a_reader_finds_its_way_in(report):
    root, languages = report
    with served(root / "_site") as address, chromium() as browser:
        page = browser.new_page(locale="de-DE")
        page.goto(address)
        found = "de" if "de" in languages else languages[0]
        page.wait_for_url(f"**/report/{found}/index.html")
        assert violations(page) == []
        page.close()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("[en, fr]", "anew.languages[1] should be 'zh', 'en' or 'de'"),
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
    assert done.returncode == 2 and "_quarto.yml, line 22" in done.stdout and message in done.stdout
