"""This report in print: a title block as journals have it, and pages set by the rules."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from anew.build.builder import gather
from anew.build.documents import typeset
from anew.build.plan import Request, make_plan
from anew.project.paths import Project
from anew.text.blocks import Block, read_blocks
from anew.text.document import read_text

ROOT = Path(__file__).parent.parent
NEVER_FIRST = "，。、；：？！”’）》】〉…～"

TITLE_BLOCK = {
    "zh": ["中国数字产业化高质量发展", "2026 年度版", "anew 项目维护者", "2026 年 11 月 22 日",
           "摘要：", "关键词：", "High-quality development", "Abstract:", "Keywords:",
           "引用格式：", "数据与代码："],
    "en": ["High-quality development", "Edition 2026", "The maintainers of anew",
           "22 November 2026", "Abstract:", "Keywords:", "中国数字产业化高质量发展", "摘要：",
           "关键词：", "Cite as:", "Data and code:"],
}  # fmt: skip


@pytest.fixture(scope="module", params=["zh", "en"])
def printed(request, tmp_path_factory):
    """The language, the PDF and the blocks of its text."""
    language = request.param
    plan = make_plan(Project(ROOT), Request())
    stage, _ = gather(Project(ROOT), Request())
    document = f"report/{language}/index.qmd"
    output = tmp_path_factory.mktemp("pdf") / f"{language}.pdf"
    typeset(plan, stage, document, "pdf", output, None)
    return language, output, read_blocks(read_text(stage, document), language)


def pages(output: Path) -> list[str]:
    document = pypdfium2.PdfDocument(output)
    return [page.get_textpage().get_text_range().replace("\u2060", "") for page in document]


def of_kind(blocks: list[Block], kind: str) -> list[Block]:
    return [block for block in blocks if block.kind == kind]


def test_the_title_block_is_that_of_a_journal(printed):
    language, output, _ = printed
    first = re.sub(r"\s+", " ", pages(output)[0])
    places = [first.find(part) for part in TITLE_BLOCK[language]]
    assert -1 not in places and places == sorted(places), (language, places)
    with pikepdf.open(output) as pdf:
        assert str(pdf.docinfo["/Author"]) and str(pdf.docinfo["/Title"]) in first.replace("’", "'")
    assert output.stat().st_size <= 3_000_000


def test_every_page_but_the_first_has_a_running_head_and_all_a_number(printed):
    language, output, _ = printed
    head = {"zh": "中国数字产业化高质量发展", "en": "High-quality development"}[language]
    for number, text in enumerate(pages(output), 1):
        lines = [line.strip() for line in text.replace("\r", "").split("\n") if line.strip()]
        assert str(number) in lines, number
        assert any(line.startswith(head) for line in lines[:3]), number


def test_no_line_starts_with_a_mark_that_may_not_start_one(printed):
    _, output, _ = printed
    lines = [line for text in pages(output) for line in text.replace("\r", "").split("\n")]
    # pdfium tells a line's end by position; a mark alone is its own guess at a compressed one
    assert [line for line in lines if len(line) > 5 and line[0] in NEVER_FIRST] == []


def test_every_section_is_a_bookmark_and_none_stands_alone_at_the_foot_of_a_page(printed):
    _, output, blocks = printed
    document = pypdfium2.PdfDocument(output)
    marks = [(mark.get_title(), mark.get_dest()) for mark in document.get_toc()]
    assert len(marks) == len(of_kind(blocks, "heading"))
    low = []
    for title, dest in marks:
        _, (_, top, *_) = dest.get_view()
        # below a heading there must be room for it and two lines: 24 mm of margin, then 16 mm
        if top < (24 + 16) / 25.4 * 72:
            low.append((dest.get_index() + 1, title))
    assert low == []


def test_every_figure_is_described_and_near_its_first_mention(printed):
    language, output, blocks = printed
    with pikepdf.open(output) as pdf:
        items = (i for i in pdf.objects if isinstance(i, pikepdf.Dictionary))
        alts = [str(i.Alt) for i in items if "/Alt" in i]
        metadata = pdf.open_metadata()
        assert (metadata["pdfuaid:part"], metadata["pdfaid:part"]) == ("1", "2")
        assert metadata["pdfaid:conformance"] == "A"
        names = {
            str(i.FontName).split("+")[1]
            for i in pdf.objects
            if isinstance(i, pikepdf.Dictionary) and i.get("/Type") == "/FontDescriptor"
        }
    assert len(set(alts)) == len(of_kind(blocks, "figure")) > 0
    assert all(len(alt) > 60 for alt in alts)
    faces = {"NotoSerifSC-Regular", "NotoSansSC-Bold"} if language == "zh" else {"NotoSansSC-Bold"}
    assert faces <= names, names
    texts = [re.sub(r"\s+", " ", text) for text in pages(output)]
    word = {"zh": "图", "en": "Figure"}[language]
    for number in range(1, 8):
        mentions = rf"{word} ?{number}(?!\d)"
        first = next(i for i, text in enumerate(texts) if re.search(mentions, text))
        captions = {"zh": rf"图 ?{number} +(?=[^ ])", "en": rf"Figure {number}\. "}[language]
        shown = [i for i, text in enumerate(texts) if re.search(captions, text)]
        # a page holds one of them with its text, and up to three are spoken of on one page
        assert any(0 <= page - first <= 3 for page in shown), (number, first, shown)
