"""Two renderings of one text: what a reader gets of each is compared item by item."""

from __future__ import annotations

from anew.diff.reading import Item
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
