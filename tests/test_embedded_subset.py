"""What the embedded typesetter lacks it refuses, by file and line; what it has it accepts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typeset_stage import SVG, document, make_stage, write

from anew.typeset.embedded import RefusedError, check_subset, render_html
from anew.typeset.embedded.keys import DOCUMENT
from anew.typeset.embedded.manual import MANUAL, manual
from anew.typeset.embedded.vocabulary import DIV_CLASSES, SPAN_CLASSES
from anew.typeset.embedded.vocabulary import REFUSED as TOLD

FIG = "![C](../../figures/fig1.en.svg){#fig-1}\n"

REFUSED = {
    "unknown shortcode": ("A {{< video x >}}\n", 4, "unknown shortcode 'video'"),
    "shortcode without a name": ("A {{<  >}}\n", 4, "unknown shortcode"),
    "include in a line": ("A {{< include _a.qmd >}}\n", 4, "an include inside a line"),
    "undefined variable": ("A\n\n{{< var en.gone >}}\n", 6, "undefined variable 'en.gone'"),
    "variable that is a map": ("{{< var en >}}\n", 4, "undefined variable 'en'"),
    "undefined metadata": ("{{< meta gone >}}\n", 4, "undefined metadata key 'gone'"),
    "variable in a caption": ("![C {{< var x >}}](a.svg){#fig-1}\n", 4, "undefined variable 'x'"),
    "executable cell": ("A\n\n```{python}\n1\n```\n", 6, "an executable cell \\(python\\)"),
    "executable cell with options": ("```{r, echo=FALSE}\n1\n```\n", 4, "executable cell \\(r"),
    "div class": ("A\n\n::: {.lead}\nB\n:::\n", 6, "unknown div class 'lead'"),
    "div class, short form": ("::: warning\nB\n:::\n", 4, "unknown div class 'warning'"),
    "margin": ("::: {.column-margin}\nB\n:::\n", 4, "unknown div class 'column-margin'"),
    "tabset": ("::: {.panel-tabset}\n## A\n:::\n", 4, "unknown div class 'panel-tabset'"),
    "callout type": ("::: {.callout-danger}\nB\n:::\n", 4, "unknown callout type"),
    "callout that folds otherwise": (
        '::: {.callout-note collapse="yes"}\nB\n:::\n', 4, "collapse='yes' is not in the subset"
    ),
    "fold of a plain div": (
        '::: {.when claim="china-first" collapse="true"}\na\n:::\n', 4, "collapse='true'"
    ),
    "page break in a line": ("A\n\nB {{< pagebreak >}} c\n", 6, "a page break inside a line"),
    "numbers of lines": ("``` {.python .numberLines}\n1\n```\n", 4, "with numbers of lines"),
    "annotations": ("```python\nx = 1  # <1>\n```\n1. One\n", 4, "with annotations"),
    "include in a listing": (
        "```\n{{< include _a.qmd >}}\n```\n", 5, "an include inside a listing"
    ),
    "callout look": (
        '::: {.callout-note appearance="loud"}\nB\n:::\n', 4, "appearance='loud'"
    ),
    "title of a plain div": ('::: {.when claim="china-first" title="a"}\nB\n:::\n', 4, "title='a'"),
    "layout": ("::: {layout-ncol=2}\nB\n:::\n", 4, "is a layout"),
    "span class": ("A [b]{.aside} c\n", 4, "unknown span class 'aside'"),
    "heading class": ("# A {.hidden}\n", 4, "unknown class 'hidden' of a heading"),
    "heading attribute": ("# A {number=3}\n", 4, "attribute number='3'"),
    "picture class": ("A ![b](../../figures/fig1.en.svg){.big}\n", 4, "class 'big' of an image"),
    "picture attribute": (
        "A ![b](../../figures/fig1.en.svg){lightbox=true}\n", 4, "attribute lightbox='true'"
    ),
    "missing picture": ("A\n\n![C](gone.svg){#fig-1}\n", 6, "no picture gone.svg"),
    "foreign picture": ("![C](https://e.org/a.svg){#fig-1}\n", 4, "a picture from elsewhere"),
    "figure without id": ("![C](../../figures/fig1.en.svg)\n", 4, "without an id #fig-"),
    "figure without caption": ("![](../../figures/fig1.en.svg){#fig-1}\n", 4, "has no caption"),
    "figure in a line": ("A ![C](../../figures/fig1.en.svg){#fig-1}\n", 4, "not stand alone"),
    "sub-figures": (
        "::: {#fig-1}\n" + FIG.replace("fig-1", "fig-a") * 2 + "\nC\n:::\n", 4, "not one figure"
    ),
    "table without id": ("| a |\n|---|\n| 1 |\n\n: Caption\n", 8, "no id #tbl-"),
    "table class": ("| a |\n|---|\n| 1 |\n\n: C {#tbl-a .striped}\n", 8, "class 'striped'"),
    "listing attribute": ('``` {.python filename="a"}\n1\n```\n', 4, "attribute filename='a'"),
    "link class": ("[a](https://e.org){.button}\n", 4, "class 'button' of a link"),
    "dead anchor": ("[a](#sec-gone)\n", 4, "#sec-gone, which is not there"),
    "link to a source in print": ("[a](index.qmd)\n", 4, "a link to the source index.qmd"),
    "link to no source": ("[a](gone.qmd)\n", 4, "no source gone.qmd"),
    "raw HTML": ("A <b>b</b>\n", 4, "raw html would be lost"),
    "raw HTML block": ("A\n\n<table><tr><td>1</td></tr></table>\n", 6, "raw html would be lost"),
    "raw Typst": ("A `#v(1em)`{=typst}\n", 4, "raw typst would be lost"),
    "raw TeX": ("A \\newpage b\n", 4, "raw content of unknown format 'tex'"),
    "unknown raw format": ("`a`{=rtf}\n", 4, "raw content of unknown format 'rtf'"),
    "footnote that is not there": ("A\n\nB[^b].\n", 6, "no footnote \\[\\^b"),
    "footnote that nothing names": ("A\n\n[^b]: B\n", 6, "\\[\\^b\\] that nothing refers to"),
    "footnote twice": ("A[^b]\n\n[^b]: B\n\n[^b]: C\n", 8, "a second footnote \\[\\^b"),
    "div without an end": ("A\n\n::: {.callout-note}\nB\n", 6, "a div that is not closed"),
    "heading level left out": ("# A\n\n### B\n", 6, "level 3 where level 2 is the next"),
    "no description": ("A\n\n![](../../figures/fig1.en.svg)\n", 6, "without alternative text"),
    "no description of a figure": (
        "![C](../../figures/fig1.en.svg){#fig-9}\n", 4, "figure fig-9 has no alternative text"
    ),
    "HTML div": ("A\n\n<div class=\"x\">\nB\n</div>\n", 6, "unknown div class 'x'"),
    "undefined figure": ("See @fig-gone.\n", 4, "undefined cross-reference @fig-gone"),
    "undefined section": ("A\n\nSee @sec-gone.\n", 6, "undefined cross-reference @sec-gone"),
    "unnumbered section": (
        "# A {.unnumbered #sec-a}\n\nSee @sec-a.\n", 6, "a section without a number"
    ),
    "other kind of reference": ("See @lst-a.\n", 4, "unknown kind of cross-reference @lst-a"),
    "words after a reference": (FIG + "\n[@fig-1, left]\n", 6, "words after @fig-1"),
    "mixed brackets": (FIG + "\n[@fig-1; @bank2026]\n", 6, "a citation and a cross-reference"),
    "unknown citation": ("A [@gone2020].\n", 4, "unknown citation key @gone2020"),
    "English version cited": ("A [@wang2020-en].\n", 4, "@wang2020-en is an English version"),
    "id twice": (FIG + "\n# A {#sec-a}\n\n# B {#sec-a}\n", 6, "the id 'sec-a' stands 2 times"),
    "unknown claim": ("[A]{.claim ref=gone}\n", 4, "no notebook makes the claim 'gone'"),
    "claim without id": ("[A]{.claim}\n", 4, "names no claim"),
    "when an unknown claim": ("::: {.when claim=gone}\nA\n:::\n", 4, "the claim 'gone'"),
    "format of no kind": (
        '::: {.content-visible when-format="pdf"}\nA\n:::\n', 4, "unknown format 'pdf'"
    ),
    "condition on metadata": (
        '::: {.content-visible when-meta="draft"}\nA\n:::\n', 4, "attribute when-meta='draft'"
    ),
    "second front matter": ("A\n\n---\nother: 1\n---\n", 7, "a second front matter"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_the_manual_says_is_refused_is(tmp_path, name):
    text = TOLD[name].example
    front = text.split("---\n")[1].strip() if text.startswith("---") else ""
    make_stage(tmp_path, "" if front else f"Before.\n\n{text}", front=f"title: A\n{front}")
    for number in "ab":
        write(tmp_path / f"report/en/{number}.svg", SVG)
    problems = check_subset(tmp_path, document())
    assert problems and all(problem.place.line >= (3 if front else 6) for problem in problems)
    with pytest.raises(RefusedError):
        render_html(tmp_path, document())


@pytest.mark.parametrize(("text", "line", "phrase"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_by_file_and_line(tmp_path, text, line, phrase):
    make_stage(tmp_path, text)
    problems = check_subset(tmp_path, document())
    assert problems, "nothing was refused"
    found = [p for p in problems if re.search(phrase, p.message)]
    assert found, [str(p) for p in problems]
    assert (found[0].place.file, found[0].place.line) == (document(), line)
    with pytest.raises(RefusedError, match=f"{document()}:{line}: "):
        render_html(tmp_path, document())


def test_places_lie_in_the_included_file(tmp_path):
    make_stage(tmp_path, "A\n\n{{< include _a.qmd >}}\n\n::: {.lead}\nx\n:::\n")
    write(tmp_path / "report/en/_a.qmd", "B\n\n::: {.lead}\nx\n:::\n\nSee @fig-gone.\n")
    places = [str(p.place) for p in check_subset(tmp_path, document())]
    assert places == ["report/en/_a.qmd:3", "report/en/_a.qmd:7", "report/en/index.qmd:8"]


KEYS = {
    "front matter": ("title: A\nexecute-all: true", None, None, "report/en/index.qmd", 3),
    "under a format": ("title: A\nformat:\n  html:\n    minimap: true", None, None,
                       "report/en/index.qmd", 5),
    "unknown format": ("title: A\nformat:\n  pdf: default", None, None, "report/en/index.qmd", 4),
    "folder": ("title: A", "report/_metadata.yml", "a: 1\n", "report/_metadata.yml", 1),
    "project": ("title: A", "_quarto.yml", "title: x\nproject:\n  kind: book\n", "_quarto.yml", 3),
    "value": ("title: A\nciteproc: false", None, None, "report/en/index.qmd", 3),
    "language": ("title: A\nlang: zh-CN", None, None, "report/en/index.qmd", 3),
    "reader": ("title: A\nfrom: gfm", None, None, "report/en/index.qmd", 3),
    "icons in PDF/A": ("title: A\ncallout-icon: true", None, None, "report/en/index.qmd", 3),
    "crossref option": ("title: A\ncrossref:\n  chapters: true", None, None,
                        "report/en/index.qmd", 4),
    "bibliography": ("title: A\nbibliography: gone.bib", None, None, "report/en/index.qmd", 3),
    "style": ("title: A\ncsl: gone.csl", None, None, "report/en/index.qmd", 3),
    "filter without its place": ("title: A\nfilters:\n  - ../filters/anew.lua", None, None,
                                 "report/en/index.qmd", 4),
    "filter that is not there": (
        "title: A\nfilters:\n  - path: gone.lua\n    at: pre-ast", None, None,
        "report/en/index.qmd", 4),
}  # fmt: skip


@pytest.mark.parametrize(("front", "path", "content", "file", "line"), KEYS.values(), ids=KEYS)
def test_refuses_unknown_keys_and_values_by_file_and_line(
    tmp_path, front, path, content, file, line
):
    make_stage(tmp_path, "Text\n", front=front)
    if path:
        write(tmp_path / path, content)
    places = [(p.place.file, p.place.line) for p in check_subset(tmp_path, document())]
    assert (file, line) in places


def test_a_document_without_a_title_is_refused(tmp_path):
    make_stage(tmp_path, "Text\n", front="subtitle: A")
    (problem,) = check_subset(tmp_path, document())
    assert (str(problem.place), problem.message) == ("report/en/index.qmd:1", "no title")


def test_a_variable_in_the_front_matter_is_found_at_its_line(tmp_path):
    make_stage(tmp_path, "Text\n", front='title: A\nsubtitle: "{{< var en.gone >}}"')
    (problem,) = check_subset(tmp_path, document())
    assert (str(problem.place), problem.message) == (
        "report/en/index.qmd:3", "undefined variable 'en.gone'"
    )  # fmt: skip


def test_a_claim_in_the_abstract_is_found_at_its_line(tmp_path):
    front = "title: A\nabstract: |\n  One.\n\n  [Two]{.claim ref=gone}."
    make_stage(tmp_path, "[A]{.claim ref=china-first}\n", front=front)
    (problem,) = check_subset(tmp_path, document())
    assert str(problem.place) == "report/en/index.qmd:6"


def test_a_reference_that_only_one_format_has(tmp_path):
    text = '::: {.content-visible when-format="html"}\n' + FIG + ":::\n\nSee @fig-1.\n"
    make_stage(tmp_path, text)
    (problem,) = check_subset(tmp_path, document())
    assert problem.message == "undefined cross-reference @fig-1 in typst"


def test_an_id_may_stand_in_both_branches_of_a_claim(tmp_path):
    claim = '{{.{} claim="china-first"}}'
    text = "".join(f"::: {claim.format(kind)}\n{FIG}:::\n\n" for kind in ("when", "unless"))
    make_stage(tmp_path, text + "See @fig-1.\n")
    assert check_subset(tmp_path, document()) == []


def test_every_class_written_down_is_accepted(tmp_path):
    written = sorted(set(DIV_CLASSES) - {"computed"})
    divs = "".join(f"::: {{.{name}{_condition(name)}}}\nText.\n:::\n\n" for name in written)
    divs += "::: {#tbl-sums .computed}\n:::\n\nSee @tbl-sums.\n\n"
    spans = " ".join(f"[x]{{.{name}{_condition(name)}}}" for name in sorted(SPAN_CLASSES))
    make_stage(tmp_path, divs + spans + "\n")
    assert check_subset(tmp_path, document()) == []


def _condition(name: str) -> str:
    if name.startswith("content-"):
        return ' when-format="html"'
    if name in ("when", "unless"):
        return ' claim="china-first"'
    return ' ref="china-first"' if name == "claim" else ""


@pytest.mark.parametrize(
    "text, message",
    [
        ("::: {#tbl-other .computed}\n:::\n", "no notebook gives the table tbl-other"),
        ("::: {.computed}\n:::\n", "a .computed that is not an empty table"),
        ("::: {#tbl-sums .computed}\nText.\n:::\n", "a .computed that is not an empty table"),
    ],
)
def test_a_computed_table_is_one_that_a_notebook_gives(tmp_path, text, message):
    make_stage(tmp_path, text)
    (problem,) = check_subset(tmp_path, document())
    assert problem.message == message and problem.place.line == 4


def test_without_a_build_claims_are_not_judged(tmp_path):
    make_stage(tmp_path, "[A]{.claim ref=gone}\n")
    (tmp_path / "report/_built/weave.json").unlink()
    assert check_subset(tmp_path, document()) == []


def test_the_manual_says_what_the_checks_know():
    assert MANUAL.read_text("utf-8") == manual(), "run python -m anew.typeset.embedded.manual"


def test_the_projects_own_configuration_uses_only_documented_keys():
    own_file = yaml.safe_load((Path(__file__).parents[1] / "_quarto.yml").read_text("utf-8"))
    used = {key for key in own_file if key not in ("project", "website", "format")}
    for own in own_file["format"].values():
        used |= set(own)
    assert used <= set(DOCUMENT)
