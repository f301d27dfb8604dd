"""Formulae: set in pages, in print and in Word, numbered, referred to, and said in words."""

from __future__ import annotations

import re
import zipfile

import pikepdf
import pytest
import yaml
from bs4 import BeautifulSoup
from typeset_stage import document, fonts, make_stage, write

from anew.typeset.embedded import check_subset, render_docx, render_html, render_pdf

TEXT = r"""
As $\frac{a}{b} \ne x^2$ says, see @eq-share, [-@eq-share] and @Eq-growth.

$$
\text{share} = \frac{a_t}{\sum_{j=1}^n a_{jt}} \times 100\%
$$ {#eq-share alt="the share of \"a\" in all"}

$$ g = \left(\frac{V_1}{V_0}\right)^{1/n} - 1 $$ {#eq-growth}

$$ \sqrt{x} \le \ln y $$

| in a table^[and a note $c_{ij}$] |
|---|
| $\bar{x}$ |
"""


def said(element) -> str:
    return re.sub(r"\s+", " ", element.get_text()).strip()


def test_a_page_has_mathml_with_numbers_and_references(tmp_path):
    make_stage(tmp_path, TEXT)
    html = BeautifulSoup(render_html(tmp_path, document()).body, "lxml")
    assert [said(link) for link in html.select("a.quarto-xref")] == [
        "Equation 1", "1", "Equation 2",
    ]  # fmt: skip
    for id, number in (("eq-share", "(1)"), ("eq-growth", "(2)")):
        (formula,) = html.find(id=id).select("math[display=block]")
        formula.annotation.decompose()
        assert said(formula).endswith(number)
    assert len(html.select("math")) == 6
    assert "{#eq" not in html.get_text()


@pytest.mark.parametrize(("language", "word"), [("en", "Equation"), ("zh", "式")])
def test_print_says_what_each_formula_is(tmp_path, language, word):
    share = "比重" if language == "zh" else "share"
    make_stage(tmp_path, TEXT.replace(r"\text{share}", rf"\text{{{share}}}"), language)
    render_pdf(tmp_path, document(language), tmp_path / "o.pdf", fonts())
    with pikepdf.open(tmp_path / "o.pdf") as pdf:
        items = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        assert [str(one.Alt) for one in items if "/Alt" in one] == [
            "a/b ≠ x^2",
            'the share of "a" in all',
            "g = (V_1/V_0)^(1/n) − 1",
            "√(x) ≤ ln y",
            "c_(ij)",
            "x‾",
        ]
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
    import pypdfium2

    text = pypdfium2.PdfDocument(tmp_path / "o.pdf")[0].get_textpage().get_text_range()
    assert f"{word}\xa01" in text and share in text and "(2)" in text


@pytest.mark.parametrize("key", ["title", "subtitle", "abstract"])
def test_print_says_a_formula_in_the_front_matter(tmp_path, key):
    front = {"title": "A title"} | {key: "Of $a_t$ and more"}
    make_stage(tmp_path, "Text.\n", front=yaml.safe_dump(front))
    render_pdf(tmp_path, document(), tmp_path / "o.pdf", fonts())
    with pikepdf.open(tmp_path / "o.pdf") as pdf:
        items = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        assert {str(one.Alt) for one in items if "/Alt" in one} == {"a_t"}


def test_word_has_formulae_of_its_own(tmp_path):
    make_stage(tmp_path, TEXT)
    render_docx(tmp_path, document(), tmp_path / "o.docx")
    with zipfile.ZipFile(tmp_path / "o.docx") as file:
        text = file.read("word/document.xml").decode() + file.read("word/footnotes.xml").decode()
    assert text.count("<m:oMath>") == 6
    assert "Equation\xa02" in text


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("A\n\n$$\n\\fooo{a}\n$$ {#eq-x}\n", 4, "a formula that cannot be set: unexpected control"),
        ("It costs $5,000 and $6\\x$ more.\n", 1, "a formula that cannot be set"),
        ("$$\na\n$$\n{#eq-x}\n", 4, "the id of an equation that does not stand behind one"),
        ("[words]{#eq-x}\n", 1, "eq-x is not an equation"),
        ("See @eq-x.\n", 1, "undefined cross-reference @eq-x"),
        ("$$a$$ {#eq-x}\n\n$$b$$ {#eq-x}\n", 3, "the id 'eq-x' stands 2 times"),
    ],
)
def test_what_cannot_be_set_is_told_by_the_authors_own_file(tmp_path, text, line, message):
    make_stage(tmp_path, "Before.\n\n{{< include _limits.qmd >}}\n")
    write(tmp_path / "report/en/_limits.qmd", text)
    problems = check_subset(tmp_path, document())
    found = [(str(p.place), p.message) for p in problems if p.message.startswith(message)]
    assert f"report/en/_limits.qmd:{line}" in [place for place, _ in found], problems
