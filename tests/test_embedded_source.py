"""A text is read with its includes and its metadata, and every line knows where it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typeset_stage import document, make_stage, write

from anew.project.errors import AnewError
from anew.text.metadata import merge
from anew.text.place import Place
from anew.text.source import read_source


def test_includes_are_relative_to_the_document_and_lines_keep_their_places(tmp_path):
    make_stage(tmp_path, "One\n\n{{< include parts/_a.qmd >}}\n\nFive\n")
    write(tmp_path / "report/en/parts/_a.qmd", "A1\n\n{{< include parts/_b.qmd >}}\nA4\n")
    write(tmp_path / "report/en/parts/_b.qmd", "B1\n")
    source = read_source(tmp_path, document())
    places = {line.text: line.place for line in source.lines if line.text}
    assert places["One"] == Place("report/en/index.qmd", 4)
    assert places["A1"] == Place("report/en/parts/_a.qmd", 1)
    assert places["B1"] == Place("report/en/parts/_b.qmd", 1)
    assert places["A4"] == Place("report/en/parts/_a.qmd", 4)
    assert places["Five"] == Place("report/en/index.qmd", 8)
    assert source.files == [
        "report/en/index.qmd", "report/en/parts/_a.qmd", "report/en/parts/_b.qmd"
    ]  # fmt: skip


def test_an_include_in_a_listing_is_text(tmp_path):
    make_stage(tmp_path, "```\n{{< include no.qmd >}}\n```\n")
    assert "{{< include no.qmd >}}" in read_source(tmp_path, document()).text


@pytest.mark.parametrize(
    ("text", "other", "phrase"),
    [
        ("{{< include _gone.qmd >}}\n", None, "report/en/index.qmd:4: no file _gone.qmd"),
        (
            "{{< include _a.qmd >}}\n",
            "{{< include _a.qmd >}}\n",
            "_a.qmd:1: _a.qmd includes itself",
        ),
    ],
)
def test_an_include_that_cannot_be_is_an_error_with_its_line(tmp_path, text, other, phrase):
    make_stage(tmp_path, text)
    if other:
        write(tmp_path / "report/en/_a.qmd", other)
    with pytest.raises(AnewError, match=phrase):
        read_source(tmp_path, document())


@pytest.mark.parametrize(
    ("front", "phrase"),
    [("title: [a", "report/en/index.qmd:2"), ("- a\n- b", "not a mapping of keys")],
)
def test_wrong_yaml_is_an_error_with_its_line(tmp_path, front, phrase):
    make_stage(tmp_path, "Text\n", front=front)
    with pytest.raises(AnewError, match=phrase):
        read_source(tmp_path, document())


def test_front_matter_without_an_end(tmp_path):
    make_stage(tmp_path, "")
    write(tmp_path / document(), "---\ntitle: A\n\nText\n")
    with pytest.raises(AnewError, match="the front matter has no end"):
        read_source(tmp_path, document())


def test_metadata_are_merged_as_quarto_merges_them(tmp_path):
    make_stage(tmp_path, "Text\n", front="title: Own\nkeywords: [c]\ncrossref: {fig-title: Fig.}")
    write(
        tmp_path / "report" / "_metadata.yml",
        "title: Folder\nkeywords: [a, b]\nnumber-depth: 2\ncrossref: {tbl-title: Tab.}\n"
        "format: {html: {number-depth: 3}}\n",
    )
    source = read_source(tmp_path, document())
    html, typst = source.metadata("html"), source.metadata("typst")
    assert html["title"] == "Own"
    assert html["keywords"] == ["a", "b", "c"]
    assert html["crossref"] == {"tbl-title": "Tab.", "fig-title": "Fig."}
    assert (html["number-depth"], typst["number-depth"]) == (3, 2)
    assert html["lang"] == "en"
    assert "toc" in html and "toc" not in typst
    assert "project" not in html
    assert html["bibliography"] == str(tmp_path / "report/references.bib")


def test_dates_and_truth_values_are_read_as_written(tmp_path):
    make_stage(tmp_path, "Text\n", front="title: A\ndate: 2026-07-01\ntoc: true\nkeywords: [no]")
    metadata = read_source(tmp_path, document()).metadata("html")
    assert (metadata["date"], metadata["toc"], metadata["keywords"]) == ("2026-07-01", True, ["no"])


values = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
maps = st.dictionaries(st.sampled_from("abc"), values, max_size=3)


@given(maps, maps, maps)
def test_merging_layers_does_not_depend_on_how_they_are_grouped(a, b, c):
    # Not so where a layer puts a plain value between two maps: then what is above it decides.
    def shapes_agree(x, y):
        return all(
            isinstance(x[k], dict) == isinstance(y[k], dict)
            and (not isinstance(x[k], dict) or shapes_agree(x[k], y[k]))
            for k in x.keys() & y.keys()
        )

    if shapes_agree(a, b) and shapes_agree(b, c) and shapes_agree(a, c):
        assert merge(merge(a, b), c) == merge(a, merge(b, c))
