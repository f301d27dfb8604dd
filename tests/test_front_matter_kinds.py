"""Front matter as authors write it: printed as Quarto prints it, or refused by its line."""

from __future__ import annotations

import pytest
from typeset_stage import document, fonts, make_stage

from anew.typeset.embedded import check_subset, render_html, render_pdf


@pytest.mark.parametrize("keywords", ["a, b", "a; b", "[a, b]", "\n  - a\n  - b"])
def test_keywords_are_a_list_or_one_line(tmp_path, keywords):
    make_stage(tmp_path, "Text\n", front=f"title: A\nkeywords: {keywords}")
    words = render_html(tmp_path, document()).metadata["keywords"]
    assert [word["text"] for word in words] == ["a", "b"]


@pytest.mark.parametrize(
    "author",
    ["[{name: {given: Ann, family: Lee}}]", "[{name: {literal: Ann Lee}}]", "{name: Ann Lee}",
     "[{literal: Ann Lee}]", "[Ann Lee]", "Ann Lee", "{given: Ann, family: Lee}"],
)  # fmt: skip
def test_an_author_is_printed_by_name_however_it_is_given(tmp_path, author):
    make_stage(tmp_path, "Text\n", front=f"title: A\nauthor: {author}")
    (found,) = render_html(tmp_path, document()).metadata["by-author"]
    assert found["name"]["literal"]["text"] == "Ann Lee"


def test_an_abstract_may_hold_a_list(tmp_path):
    front = "title: A\nabstract: |\n  Two things:\n\n  - one\n  - two"
    make_stage(tmp_path, "Text\n", front=front)
    assert "<li>one</li>" in render_html(tmp_path, document()).metadata["abstract"]["html"]
    render_pdf(tmp_path, document(), tmp_path / "o.pdf", fonts())


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        ('abstract: "See [@bank2026]."', 3, "a citation in the front matter"),
        ("abstract: |\n  One.\n\n  See [@bank2026].", 6, "a citation in the front matter"),
        ("date: today", 3, "date: today is not a fixed date"),
        ("date: last-modified", 3, "date: last-modified is not a fixed date"),
        ("css: my.css", 3, "css: in one document is not applied"),
        ("format:\n  html:\n    css: my.css", 5, "css: in one document is not applied"),
        ("format: html", 3, "format: leaves out typst for one document"),
        ("author:\n  - name: Ann\n    orcid: 1", 5, "unknown key 'orcid' of an author"),
        ("author:\n  - affiliation: U", 4, "an author without a name"),
        ("author:\n  - name: Ann\n    affiliations:\n      - {ref: a}", 4,
         "an affiliation that is not its name alone"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_refused_by_its_line(tmp_path, front, line, message):
    make_stage(tmp_path, "Text\n", front=f"title: A\n{front}")
    found = [(str(p.place), p.message) for p in check_subset(tmp_path, document())]
    assert (f"{document()}:{line}", message) in found, found


def test_a_date_is_not_printed_by_its_key(tmp_path):
    make_stage(tmp_path, "On {{< meta date >}}.\n", front="title: A\ndate: 2025-03-05")
    (problem,) = check_subset(tmp_path, document())
    assert (problem.place.line, problem.message) == (5, "the metadata key 'date' in the text")


@pytest.mark.parametrize("text", ["{{< var\nen.n >}}", "{{<\nvar en.n\n>}}", "{{<   var en.n>}}"])
def test_an_editor_may_break_a_shortcode_over_lines(tmp_path, text):
    make_stage(tmp_path, f"There are {text} of them.\n")
    assert "<p>There are 758 of them.</p>" in render_html(tmp_path, document()).body
