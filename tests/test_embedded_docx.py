"""The Word file: numbered captions, descriptions, references, the same bytes each time."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree

import pytest
from PIL import Image
from typeset_stage import document, make_stage

from anew.typeset.embedded import render_docx

pytestmark = pytest.mark.slow

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

TEXT = """\
# One {#sec-one}

See @fig-1 and @tbl-a, after a study [@wang2020]. [No]{.claim ref="ireland-first"}.

![First](../../figures/fig1.en.svg){#fig-1}

| a | b |
|---|---|
| 1 | 2 |

: Numbers {#tbl-a}

::: {.callout-note}
Mind.
:::

::: {#refs}
:::
"""


@pytest.fixture
def word(tmp_path):
    make_stage(tmp_path, TEXT)
    for name in ("en", "zh"):
        Image.new("RGB", (20, 10), "white").save(tmp_path / f"figures/fig1.{name}.png")
    output = tmp_path / "a.docx"
    render_docx(tmp_path, document(), output)
    return tmp_path, output


def paragraphs(path):
    with zipfile.ZipFile(path) as file:
        root = ElementTree.fromstring(file.read("word/document.xml"))
        return root, ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]


def test_numbers_captions_and_references(word):
    root, texts = paragraphs(word[1])
    assert "1. One" in texts
    assert any(t.startswith("See Figure\xa01 and Table\xa01, after a study[1].") for t in texts)
    assert "Figure\xa01: First" in texts and "Table\xa01: Numbers" in texts
    assert "Note" in texts and "Mind." in texts
    assert any(t.startswith("[1] 王小明，李四，张三，等. ") for t in texts)
    with zipfile.ZipFile(word[1]) as file:
        assert "do not support this sentence" in file.read("word/footnotes.xml").decode()


def test_pictures_are_png_and_described(word):
    root, _ = paragraphs(word[1])
    assert [p.get("descr") for p in root.iter(PICTURE)] == ['Lines: "up" to 4,569']
    with zipfile.ZipFile(word[1]) as file:
        media = [n for n in file.namelist() if n.startswith("word/media/")]
    assert media and all(name.endswith(".png") for name in media)


def test_the_same_text_gives_the_same_bytes(word):
    stage, output = word
    again = stage / "b.docx"
    render_docx(stage, document(), again)
    assert again.read_bytes() == output.read_bytes()
    with zipfile.ZipFile(again) as file:
        assert {info.date_time for info in file.infolist()} == {(2026, 7, 1, 0, 0, 0)}
        assert b"2026-07-01T00:00:00Z" in file.read("docProps/core.xml")
