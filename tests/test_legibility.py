"""The check on words finds each fault it is there for, and nothing in a clean figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from anew.figures.drawing import Words, new_figure, style
from anew.figures.legibility import BESIDE_WORDS, illegible
from anew.project.paths import Project

PROJECT = Project(Path(__file__).parents[1])


@pytest.fixture
def canvas():
    with style("en", PROJECT):
        figure, grid = new_figure(Words("Title", "Measure", "Note.", "x"), "en", 150, right=20)
        ax = figure.add_subplot(grid[0, 0])
        ax.set_xlim(0, 10)
        ax.set_ylim(0, 10)
        yield figure, ax


def test_nothing_is_wrong_with_a_clean_figure(canvas):
    figure, ax = canvas
    ax.plot([0, 10], [1, 2])
    ax.text(5, 6, "free")
    ax.text(5, 4, "also free")
    assert illegible(figure) == []


def test_words_on_words(canvas):
    figure, ax = canvas
    ax.text(5, 5, "one label")
    ax.text(5.5, 5.2, "another")
    assert illegible(figure) == ["“one label” lies on “another”."]


def test_words_on_a_tick_label(canvas):
    figure, ax = canvas
    ax.text(-0.6, 3.9, "covers", clip_on=False)
    assert illegible(figure) == ["“4” lies on “covers”."] or illegible(figure) == [
        "“covers” lies on “4”."
    ]


def test_words_that_leave_the_canvas(canvas):
    figure, ax = canvas
    ax.text(9.8, 5, "far too long a label", clip_on=False)
    assert illegible(figure) == ["“far too long a label” leaves the canvas."]


def test_words_too_small(canvas):
    figure, ax = canvas
    ax.text(5, 5, "tiny", fontsize=6.5)
    assert illegible(figure) == ["“tiny” is set in 6.5 pt."]


def test_a_line_through_words_unless_it_belongs_there(canvas):
    figure, ax = canvas
    ax.text(5, 5, "label", va="center")
    (line,) = ax.plot([0, 10], [5, 5], label="data")
    assert illegible(figure) == ["A line (data) runs through “label”."]
    line.set_gid(BESIDE_WORDS)
    assert illegible(figure) == []


def test_ticks_beyond_the_limits_are_not_seen(canvas):
    figure, ax = canvas
    ax.set_yticks([0, 5, 10, 15])
    ax.set_ylim(0, 10)
    assert illegible(figure) == []


def test_a_hidden_text_is_not_seen(canvas):
    figure, ax = canvas
    ax.text(5, 5, "one label")
    ax.text(5, 5, "another").set_visible(False)
    assert illegible(figure) == []


def test_narrow_quotation_marks_take_no_more_room_than_they_are_drawn_with(canvas):
    figure, ax = canvas
    ax.set_yticks([])
    text = figure.text(0.005, 0.5, "members’ own “sum”, " * 3 + "to the edge of the figure", size=8)
    assert illegible(figure) == []
    assert text.get_window_extent(figure._get_renderer()).x1 > figure.bbox.x1
