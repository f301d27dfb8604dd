"""The frame of a figure: words in their places, same bytes, no missing glyph."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from PIL import Image

from anew.figures import drawing, fonts
from anew.figures.drawing import Words, mark_points, new_figure, save_figure, style
from anew.figures.legibility import illegible
from anew.figures.words import LAYOUTS, WHOLE
from anew.project.errors import AnewError
from anew.project.paths import Project

PROJECT = Project(Path(__file__).parents[1])
WORDS = {
    "zh": Words(
        "一个发现写成一句完整的话，长到要分成两行来排，好看见换行的样子",
        "计量（%）",
        "无缺失。",
        "替代文字",
        "来源：甲。",
    ),
    "en": Words(
        "A finding is a whole sentence, long enough to need a second line here",
        "What is measured (%)",
        "China’s “quoted” note.",
        "Alternative text",
        "Source: A.",
    ),
}


def drawn(language: str, words: Words | None = None, **layout):
    figure, grid = new_figure(words or WORDS[language], language, 150, right=20, **layout)
    ax = figure.add_subplot(grid[0, 0])
    ax.plot([2014, 2015, 2016], [1.0, float("nan"), 2.0])
    ax.set_xticks([2014, 2015, 2016])
    ax.set_ylim(0, 3)
    ax.set_yticks([0, 1, 2, 3])
    mark_points(ax, [2014, 2015, 2016], [1.0, float("nan"), 2.0], ["a", "b", "c"], "series")
    return figure


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_frame_is_legible_and_holds_all_words(language):
    with style(language, PROJECT):
        figure = drawn(language)
        assert illegible(figure) == []
        texts = [text.get_text() for text in figure.texts]
    said = "".join(texts).replace(" ", "")
    for part in (WORDS[language].title, WORDS[language].measure, WORDS[language].source):
        assert part.replace(" ", "") in said
    assert any(text.startswith(("注：", "Note: ")) for text in texts)
    titles = [text for text in figure.texts if text.get_gid() == "title"]
    assert len(titles) == 2 and all(text.get_fontweight() == 700 for text in titles)


def test_the_chart_area_is_the_same_whatever_the_words():
    sizes = set()
    for title in ("短", "很长的标题" * 20):
        with style("zh", PROJECT):
            words = Words(title, "计量", "注" * len(title) * 4, "x", "来源：甲。")
            figure = drawn("zh", words)
            box = figure.axes[0].get_window_extent()
            assert figure.get_figwidth() == pytest.approx(5.2)
            sizes.add((round(box.width, 6), round(box.height, 6)))
    assert len(sizes) == 1


def test_two_runs_save_the_same_bytes_and_ids_are_the_figures_own(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for language in ("zh", "en"):
            with style(language, PROJECT):
                path = tmp_path / folder / f"figure.{language}"
                save_figure(drawn(language), path, salt=f"fig9.{language}")
    for name in ("figure.zh.svg", "figure.zh.png", "figure.en.svg", "figure.en.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    ids = {}
    for language in ("zh", "en"):
        text = (tmp_path / "a" / f"figure.{language}.svg").read_text("utf-8")
        ElementTree.fromstring(text)
        ids[language] = set(re.findall(r'\bid="([^"]+)"', text))
        used = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r"url\(#([^)]+)", text))
        assert used and used <= ids[language]
        assert not re.search(r"<text|font-family|\d{4}-\d\d-\d\dT", text)
        assert WORDS[language].title in text  # the <title> of the picture
    assert not ids["zh"] & ids["en"]


def test_the_png_has_twice_the_pixels_of_css(tmp_path):
    with style("en", PROJECT):
        saved = save_figure(drawn("en"), tmp_path / "f.en", salt="f.en")
    with Image.open(saved.png) as image:
        assert image.width == round(5.2 * 192)
        assert "Software" not in image.info


def test_points_are_fractions_from_the_top_left_and_gaps_are_left_out(tmp_path):
    with style("en", PROJECT):
        figure = drawn("en")
        saved = save_figure(figure, tmp_path / "f.en", salt="f.en")
    assert [point.text for point in saved.points] == ["a", "c"]
    first, last = saved.points
    assert first.x == pytest.approx(28 / WHOLE.width, abs=1e-4)
    assert last.x == pytest.approx(1 - 20 / WHOLE.width, abs=1e-4)
    assert 0 < last.y < first.y < 1
    assert all(type(point.x) is float for point in saved.points)


@pytest.mark.parametrize("place", ["title", "tick", "label"])
def test_a_missing_glyph_is_an_error_that_names_it_and_the_text(tmp_path, place):
    with style("zh", PROJECT):
        words = Words("每 m⁻² 的值", "计量", "", "x") if place == "title" else WORDS["zh"]
        figure = drawn("zh", words)
        if place == "tick":
            figure.axes[0].set_xticks([2014, 2015], labels=["每 m⁻² 的值", "b"])
        if place == "label":
            figure.axes[0].annotate("每 m⁻² 的值", (2015, 1))
        with pytest.raises(AnewError, match=r"'⁻' \(U\+207B\) in the text '每 m⁻² 的值'"):
            save_figure(figure, tmp_path / "f.zh", salt="f.zh")
    assert not list(tmp_path.iterdir())


def test_style_leaves_no_trace_and_uses_our_files_only(tmp_path):
    before = dict(matplotlib.rcParams)
    with style("zh", PROJECT):
        folder = fonts.font_folder(PROJECT)
        assert drawing.font_file(400) == folder / fonts.REGULAR
        assert drawing.font_file(700) == drawing.font_file("bold") == folder / fonts.BOLD
    assert dict(matplotlib.rcParams) == before


def test_dollar_signs_are_no_mathematics(tmp_path):
    with style("en", PROJECT):
        figure = drawn("en", Words("From US$1 to US$2", "US$ billion", "", "x"))
        drawing.prepare(figure)
        assert not any(text.get_parse_math() for text in drawing.texts_of(figure))


def test_the_saved_picture_looks_like_what_matplotlib_draws(tmp_path):
    from anew.verify.pixels import compare_pictures

    with style("zh", PROJECT):
        figure = drawn("zh")
        saved = save_figure(figure, tmp_path / "f.zh", salt="f.zh")
        figure.savefig(tmp_path / "whole.svg", format="svg", metadata={"Date": None})
    lean, whole = saved.svg.read_bytes(), (tmp_path / "whole.svg").read_bytes()
    assert len(lean) < 0.8 * len(whole)
    assert compare_pictures("f.svg", lean, whole) == [(1, 0.0)]


def test_a_bare_layout_leaves_the_words_to_the_page_and_keeps_the_chart(tmp_path):
    heights = {}
    for layout in LAYOUTS:
        with style("en", PROJECT):
            figure = drawn("en", replace(WORDS["en"], layout=layout))
            assert illegible(figure) == []
            heights[layout.name] = figure.axes[0].get_window_extent().height
            assert figure.get_figwidth() == pytest.approx(layout.width / 72)
            assert bool(figure.texts) == layout.framed
            saved = save_figure(figure, tmp_path / f"f.{layout.name}", salt=f"f.{layout.name}")
        assert (saved.png is None) == layout.narrow
    assert len(set(heights.values())) == 1
