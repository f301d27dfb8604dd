"""The PDF: text in both languages, fonts inside, tags, descriptions, and never another byte."""

from __future__ import annotations

import re

import pikepdf
import pypdfium2
import pytest
from typeset_stage import SVG, document, fonts, make_stage, write

from anew.project.errors import AnewError, BuildError
from anew.text.document import read_text
from anew.typeset.embedded import RefusedError, render_pdf
from anew.typeset.embedded.document import load_document
from anew.typeset.embedded.pdf import STANDARDS, to_typst

pytestmark = pytest.mark.slow

FRONT = """\
title: "{title}"
subtitle: {subtitle}
author:
  - name: {author}
abstract: {abstract}
keywords: [a, b]
title-{other}: {other_title}
abstract-{other}: {other_abstract}
keywords-{other}: [c]
cite-as: {cite}
availability: {available}
"""

ZH = FRONT.format(
    title="中国的数据", subtitle="2026 年度版：副题", author="某人",
    abstract="摘要一段，{{< var zh.n >}}。", other="en", other_title="China's data",
    other_abstract="One paragraph.", cite="某人. 中国的数据.", available="数据随报告公布。",
)  # fmt: skip

EN = FRONT.format(
    title="China's data", subtitle="Edition 2026", author="Someone", abstract="One paragraph.",
    other="zh", other_title="中国的数据", other_abstract="摘要一段。",
    cite="Someone. China's data.", available="With the report.",
)  # fmt: skip

TEXT = {
    "zh": """\
# 引言 {#sec-one}

数字经济有{{< var zh.n >}}，“引号”在此[@wang2020]，见 @fig-1、@tbl-a 和 @sec-two。
[爱尔兰第一]{.claim ref="ireland-first"}。

![图题](../../figures/fig1.zh.svg){#fig-1}

## 数据 {#sec-two}

| 经济体 | 值 |
|---|--:|
| 中国 | 1 |

: 表题 {#tbl-a}

::: {.callout-note}
注意这里。
:::

[An English part's words]{lang=en}。

# 参考文献 {.unnumbered}

::: {#refs}
:::
""",
    "en": """\
# Introduction {#sec-one}

The economy has {{< var en.n >}}, "quoted" [@smith2021], see @fig-1, @tbl-a and @sec-two.
[Ireland is first]{.claim ref="ireland-first"}.

![A figure](../../figures/fig1.en.svg){#fig-1}

## Data {#sec-two}

| Economy | Value |
|---|--:|
| China | 1 |

: A table {#tbl-a}

::: {.callout-note}
Mind this.
:::

# References {.unnumbered}

::: {#refs}
:::
""",
}


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request, tmp_path_factory):
    language = request.param
    stage = make_stage(
        tmp_path_factory.mktemp(language), TEXT[language], language, ZH if language == "zh" else EN
    )
    output = stage / "out" / "index.pdf"
    render_pdf(stage, document(language), output, fonts())
    return language, stage, output


def text_of(path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    return re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("\x02", ""))


WORDS = {
    "zh": [
        "中国的数据", "2026 年 7 月 1 日", "某人", "摘要：摘要一段，758 家。", "关键词：a；b",
        "China’s data", "Abstract: One paragraph.", "Keywords: c", "引用格式：某人. 中国的数据.",
        "数据与代码：数据随报告公布。", "1 引言",
        "数字经济有758 家，“引号”在此", "见图 1、表 1 和小节 1.1",
        "图 1 图题", "表 1 表题", "经济体 值", "注记", "注意这里。",
        "本年度版的数据不支持这句话。数据所示：爱尔兰不是 *第一*。依据：IRL 2020 = 1。",
        "王小明，李四，张三，等. 数据的测算——一种视角[J]. 经济学，2020，3（5）：23-41.",
        "Wang Xiaoming，Li Si，Zhang San，et al. Measuring data：A perspective of China[J].",
    ],
    "en": [
        "China’s data", "1 July 2026", "Someone", "Abstract: One paragraph.", "Keywords: a; b",
        "中国的数据", "摘要：摘要一段。", "关键词：c", "Cite as: Someone. China’s data.",
        "Data and code: With the report.", "1 Introduction", "The economy has 758, “quoted”",
        "see Figure 1, Table 1 and Section 1.1", "Figure 1. A figure", "Table 1. A table",
        "Economy Value",
        "Note", "Mind this.", "This edition’s data do not support this sentence.",
        "Smith J，Doe J，Park J-R，et al. Indicators[R/OL]. Alexandria，VA：National Board，"
        "2021-03-08.",
    ],
}  # fmt: skip


def test_the_text_can_be_read_out(made):
    language, _, output = made
    text = text_of(output)
    # A raised number and a line's end may part a word from its neighbour, nothing else may.
    squeezed = re.sub(r"\s", "", text)
    missing = [word for word in WORDS[language] if re.sub(r"\s", "", word) not in squeezed]
    assert not missing, text


def test_every_font_is_inside_and_ours(made):
    _, _, output = made
    with pikepdf.open(output) as pdf:
        names = set()
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                names.add(str(item.FontName).split("+")[1])
                assert any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    families = ("NotoSerifSC", "NotoSansSC", "LibertinusSerif")
    assert names and all(name.startswith(families) for name in names)


def test_it_is_accessible_archivable_and_dated_by_its_edition(made):
    language, _, output = made
    with pikepdf.open(output) as pdf:
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == {"zh": "中国的数据", "en": "China's data"}[language]
        assert str(pdf.docinfo["/Author"]) == {"zh": "某人", "en": "Someone"}[language]
        assert str(metadata["xmp:CreateDate"]).startswith("2026-07-01")
        assert str(pdf.Root.Lang).lower().startswith(language)
        assert pdf.Root.MarkInfo.Marked
        outline = pdf.open_outline()
        titles = [str(item.title) for item in outline.root]
        assert titles[0].endswith({"zh": "引言", "en": "Introduction"}[language])
        assert "数据" in outline.root[0].children[0].title or "Data" in str(
            outline.root[0].children[0].title
        )
        tags = {str(i.S) for i in pdf.objects if isinstance(i, pikepdf.Dictionary) and "/S" in i
                and "/P" in i}  # fmt: skip
        assert {"/Figure", "/Table", "/TH", "/TD", "/H1", "/H2", "/Caption", "/Note"} <= tags
        alts = [
            str(i.Alt) for i in pdf.objects if isinstance(i, pikepdf.Dictionary) and "/Alt" in i
        ]
        wanted = {"zh": '折线：中国 "升" 到 4,569', "en": 'Lines: "up" to 4,569'}[language]
        assert wanted in alts
        languages = {str(i.Lang) for i in pdf.objects
                     if isinstance(i, pikepdf.Dictionary) and "/Lang" in i}  # fmt: skip
        assert {tag[:2].lower() for tag in languages} == {"zh", "en"}


def test_the_same_text_gives_the_same_bytes(made):
    language, stage, output = made
    again = stage / "out" / "again.pdf"
    render_pdf(stage, document(language), again, fonts())
    assert again.read_bytes() == output.read_bytes()
    assert str(stage).encode() not in output.read_bytes()
    assert not list((stage / ".anew" / "typeset").glob("*"))


def test_pages_are_a4(made):
    width, height = pypdfium2.PdfDocument(made[2])[0].get_size()
    assert (round(width), round(height)) == (595, 842)


def test_no_line_starts_with_a_mark_that_may_not_start_one(tmp_path):
    text = "".join(f"第{'一' * n}句，写到这里、停在这里；“再写”。" for n in range(1, 60))
    make_stage(tmp_path, text + "\n", "zh", "title: 题")
    output = tmp_path / "a.pdf"
    render_pdf(tmp_path, document("zh"), output, fonts())
    page = pypdfium2.PdfDocument(output)[0].get_textpage()
    lines = page.get_text_range().replace("\r", "").split("\n")
    assert len(lines) > 20
    # pdfium tells a line's end by position; a mark alone is its own guess at a compressed one.
    assert not [line for line in lines if len(line) > 5 and line[0] in "，。、；：”）》"]


@pytest.mark.parametrize("character", ["\U0001f600", "\u0e01", "\u1780"])
def test_a_character_that_no_font_has_is_an_error(tmp_path, character):
    make_stage(tmp_path, "Text.\n\n{{< include _a.qmd >}}\n")
    write(tmp_path / "report/en/_a.qmd", f"More.\n\nText {character}.\n")
    output = tmp_path / "a.pdf"
    said = r"_a.qmd:3: Typst refused [\s\S]*Use a character that the report's fonts have"
    with pytest.raises(BuildError, match=said):
        render_pdf(tmp_path, document(), output, fonts())
    assert not output.exists()


def test_a_listing_is_shaded_and_coloured(tmp_path):
    make_stage(tmp_path, '```python\nprint("a")  # note\n```\n')
    render_pdf(tmp_path, document(), tmp_path / "a.pdf", fonts())
    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].render(scale=3).to_pil().convert("RGB")
    colours = {colour for _, colour in page.getcolors(1 << 16)}
    assert (230, 230, 230) in colours
    assert any(max(colour) - min(colour) > 100 for colour in colours)  # the words of the code


def test_a_picture_without_a_description_is_an_error(tmp_path):
    make_stage(tmp_path, "A ![](../../figures/fig1.en.svg) b\n")
    with pytest.raises(RefusedError, match=":4: a picture without alternative text"):
        render_pdf(tmp_path, document(), tmp_path / "a.pdf", fonts())


def test_a_template_that_is_not_named_is_an_error(tmp_path):
    make_stage(tmp_path, "Text\n", front="title: A")
    project = (tmp_path / "_quarto.yml").read_text("utf-8")
    write(tmp_path / "_quarto.yml", project.replace("typst-show.typ", "other.typ"))
    write(tmp_path / ".anew/report/typst/other.typ", "")
    with pytest.raises(AnewError, match="no typst-show.typ among template-partials"):
        render_pdf(tmp_path, document(), tmp_path / "a.pdf", fonts())


def test_the_last_good_file_stays_when_the_next_fails(tmp_path):
    make_stage(tmp_path, "Text\n")
    output = write(tmp_path / "a.pdf", "good")
    write(tmp_path / document(), "---\ntitle: A\n---\n\u0e01\n")
    with pytest.raises(BuildError):
        render_pdf(tmp_path, document(), output, fonts())
    assert output.read_text("utf-8") == "good"
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".part") == []


def test_both_standards_are_asked_for():
    assert STANDARDS == ("a-2a", "ua-1")


def test_a_long_table_breaks_and_repeats_its_head(tmp_path):
    rows = "".join(f"| r{n:03} | {n} |\n" for n in range(120))
    make_stage(tmp_path, f"| Head | Number |\n|---|--:|\n{rows}\n: Long {{#tbl-a}}\n")
    output = tmp_path / "a.pdf"
    render_pdf(tmp_path, document(), output, fonts())
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(output)]
    assert len(pages) > 2
    assert all("Head Number" in page for page in pages)
    assert all(f"r{n:03}" in "".join(pages) for n in range(120))


def test_a_table_that_fits_a_page_is_not_parted(tmp_path):
    filler = "".join(f"Line {n}.\n\n" for n in range(36))
    rows = "".join(f"| r{n:03} | {n} |\n" for n in range(18))
    table = f"| Head | Number |\n|---|--:|\n{rows}\n: Short {{#tbl-a}}\n"
    make_stage(tmp_path, filler + table)
    output = tmp_path / "a.pdf"
    render_pdf(tmp_path, document(), output, fonts())
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(output)]
    assert len(pages) == 2 and "Line 35." in pages[0]
    assert [("r000" in page, "r017" in page) for page in pages] == [(False, False), (True, True)]


def test_a_long_table_begins_where_some_rows_have_room(tmp_path):
    filler = "".join(f"Line {n}.\n\n" for n in range(36))
    rows = "".join(f"| r{n:03} | {n} |\n" for n in range(60))
    table = f"| Head | Number |\n|---|--:|\n{rows}\n: Long {{#tbl-a}}\n"
    make_stage(tmp_path, filler + table)
    output = tmp_path / "a.pdf"
    render_pdf(tmp_path, document(), output, fonts())
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(output)]
    assert len(pages) == 3 and "Line 35." in pages[0] and "r000" not in pages[0]


@pytest.mark.parametrize("dash", ["～", "—", "–"])
def test_no_line_starts_with_the_dash_of_a_range(tmp_path, dash):
    text = "".join(f"第{'一' * n}句说 2018{dash}2024 年。" for n in range(1, 60))
    make_stage(tmp_path, text + "\n", "zh", "title: 题")
    output = tmp_path / "a.pdf"
    render_pdf(tmp_path, document("zh"), output, fonts())
    page = pypdfium2.PdfDocument(output)[0].get_textpage()
    lines = page.get_text_range().replace("\r", "").replace("\u2060", "").split("\n")
    assert len(lines) > 20 and not [line for line in lines if line.startswith(dash)]
    assert "2018" + dash + "2024" in "".join(lines)


def test_columns_are_as_wide_as_what_they_hold(tmp_path):
    rows = f"| A | {'word ' * 40}|\n"
    make_stage(tmp_path, f"| A | B |\n|{'-' * 60}|{'-' * 5}|\n{rows}\n: Wide {{#tbl-a}}\n")
    source = to_typst(load_document(read_text(tmp_path, document()), "typst"))
    assert "columns: 2," in source


def test_a_tall_picture_fits_on_its_page(tmp_path):
    make_stage(tmp_path, "Text.\n\n![Tall](../../figures/fig1.en.svg){#fig-1}\n\nMore.\n")
    tall = SVG.replace('height="200"', 'height="900"').replace("374 200", "374 900")
    write(tmp_path / "figures/fig1.en.svg", tall)
    output = tmp_path / "a.pdf"
    render_pdf(tmp_path, document(), output, fonts())
    pdf = pypdfium2.PdfDocument(output)
    assert len(pdf) == 1
    assert "Figure 1. Tall" in text_of(output)
    heights = [obj.get_bounds() for obj in pdf[0].get_objects()]
    assert all(bottom > 0 and top < 842 for _, bottom, _, top in heights)
