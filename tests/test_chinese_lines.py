"""Lines of Chinese join without a blank, whatever a line ends or begins with."""

from __future__ import annotations

import re
import zipfile

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from typeset_stage import document, fonts, make_stage

from anew.typeset.embedded import render_docx, render_html, render_pdf

ENDS = {
    "bold": "**粗体**",
    "emphasis": "*着重*",
    "link": "[链接](https://example.org)",
    "span": "[原文]{lang=zh-Hans}",
    "claim": '[判断]{.claim ref="china-first"}',
    "quotation": "“引文”",
    "bold in a link": "[**粗链接**](https://example.org)",
    "note": "有注^[注文]",
    "citation": "引用[@bank2026]",
}


def lines(text: str) -> str:
    return f"前一行\n{text}\n后一行。\n"


TEXT = "\n".join(map(lines, ENDS.values())) + "\n西文 Latin\nwords 与数 2021\n年不动。\n"


@pytest.mark.parametrize("end", ENDS)
def test_a_page_has_no_blank_where_lines_meet(tmp_path, end):
    make_stage(tmp_path, lines(ENDS[end]), "zh")
    html = BeautifulSoup(render_html(tmp_path, document("zh")).body, "lxml")
    for mark in html.select(".claim-mark, .footnote-ref, .citation"):
        mark.decompose()
    said = html.p.get_text()
    assert re.fullmatch(r"前一行\S+后一行。", said), said


def test_a_citation_or_a_note_may_begin_a_line(tmp_path):
    text = "前一行\n[@bank2026]后一行\n^[注]再一行\n@Sec-a\n末行。\n\n# 甲 {#sec-a}\n"
    make_stage(tmp_path, text, "zh")
    html = BeautifulSoup(render_html(tmp_path, document("zh")).body, "lxml")
    assert html.p.get_text() == "前一行[1]后一行1再一行小节\xa01 末行。"


def test_a_fact_ends_and_begins_a_line_like_what_it_prints(tmp_path):
    fact = "{{< var zh.n >}}"
    make_stage(tmp_path, f"前一行{fact}\n后一行，**{fact}**\n再一行。\n", "zh")
    html = BeautifulSoup(render_html(tmp_path, document("zh")).body, "lxml")
    said = html.p.get_text()
    assert re.fullmatch("前一行758\\s家后一行，758\\s家再一行。", said), said


def test_western_words_keep_theirs(tmp_path):
    make_stage(tmp_path, "用 Latin\n**words** 与\n2021\n年。\n", "zh")
    html = BeautifulSoup(render_html(tmp_path, document("zh")).body, "lxml")
    assert " ".join(html.p.get_text().split()) == "用 Latin words 与 2021 年。"


def test_print_and_word_neither(tmp_path):
    make_stage(tmp_path, TEXT, "zh")
    render_docx(tmp_path, document("zh"), tmp_path / "o.docx")
    with zipfile.ZipFile(tmp_path / "o.docx") as file:
        word = re.sub("<[^>]*>", "", file.read("word/document.xml").decode())
    render_pdf(tmp_path, document("zh"), tmp_path / "o.pdf", fonts())
    pages = pypdfium2.PdfDocument(tmp_path / "o.pdf")
    printed = "".join(page.get_textpage().get_text_range() for page in pages)
    for text in (word, printed):
        assert "前一行" in text and not re.search(r"前一行[ \t\xa0]", text), text
        assert not re.search(r"[ \t\xa0]后一行", text), text
