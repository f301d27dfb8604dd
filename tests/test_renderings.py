"""Two renderings of one text: what a reader gets of each is compared item by item."""

from __future__ import annotations

from anew.diff.reading import Item, read_html
from anew.diff.renderings import compare_items
from anew.diff.telling import told_rendering
from anew.text.source import Line, Place

LINES = [
    Line("# Rain {#sec-rain}", Place("report/en/index.qmd", 1)),
    Line("It rained for seven days.", Place("report/en/index.qmd", 3)),
    Line("Afterwards it snowed.", Place("report/en/index.qmd", 5)),
]


def test_equal_renderings_are_counted_and_do_not_differ():
    items = [Item("heading", "h1 Rain"), Item("text", "It rained.")]
    compared, differences = compare_items("report/en/index.qmd", "html", items, items, LINES)
    assert (compared["heading"], compared["text"], differences) == (1, 1, [])


def test_a_difference_has_its_place_in_the_source_and_both_sides():
    ours = [Item("text", "It rained for seven days.", "sec-rain"), Item("text", "Afterwards it.")]
    theirs = [Item("text", "It rained for eight days.", "sec-rain")]
    _, found = compare_items("report/en/index.qmd", "html", ours, theirs, LINES)
    assert [(one.place, one.was, one.now) for one in found] == [
        ("report/en/index.qmd:3", "It rained for seven days.", "It rained for eight days."),
        ("report/en/index.qmd:5", "Afterwards it.", None),
    ]
    assert told_rendering(found[1]) == (
        "report/en/index.qmd:5: HTML, text\n    embedded: Afterwards it.\n    Quarto:   (nothing)"
    )


def test_a_line_in_print_names_its_page():
    _, (one,) = compare_items("a.qmd", "pdf", [Item("print", "It rained.", "2")], [], LINES)
    assert told_rendering(one).startswith("report/en/index.qmd:3 (page 2): PDF, line in print")


PAGE = """\
<nav class="contents"><a href="#s">One</a></nav>
<main><header class="title"><h1>Rain</h1><p>By <a href="us.html">us</a></p></header>
<h2 id="s">One <span class="claim" data-claim="h">grew</span></h2>
<p>See <a class="quarto-xref" href="#fig-1">Figure 1</a>, <a href="#ref-a">[1]</a> or
<a href="b.html">b</a>. <span class="claim" data-claim="c">It grew<a class="claim-mark"
href="n">◦</a></span><a href="#s" aria-hidden="true">#</a></p>
<ul><li>outer<ul><li>inner</li></ul></li><li><p>alone</p></li></ul>
<p class="tools">not of the text</p></main>
"""


def test_a_page_is_read_as_a_reader_reads_it():
    """Links, references and citations are told apart, and each sentence is read once."""
    assert [(one.kind, one.text, one.section) for one in read_html(PAGE)] == [
        ("contents", "One", ""),
        ("title", "Rain", ""),
        ("title", "By us", ""),
        ("link", "us → us.html", ""),
        ("heading", "h2 One grew #s", "s"),
        ("claim", "h: grew", "s"),
        ("text", "See Figure 1, [1] or b. It grew◦#", "s"),
        ("reference", "Figure 1 → #fig-1", "s"),
        ("citation", "[1] → #ref-a", "s"),
        ("link", "b → b.html", "s"),
        ("claim", "c: It grew◦", "s"),
        ("text", "outerinner", "s"),
        ("text", "inner", "s"),
        ("text", "alone", "s"),
    ]


def test_a_claim_in_the_title_is_read():
    page = '<main><header class="title"><p>It <b class="claim" data-claim="c">grew</b></p></header>'
    assert read_html(f"{page}</main>")[1] == Item("claim", "c: grew")
