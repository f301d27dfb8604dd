"""What a reader sees in HTML: numbers, references, callouts, claims, and where each part stands."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from typeset_stage import document, make_stage, write

from anew.project.errors import BuildError
from anew.typeset.embedded import Heading, RefusedError, render_html


def page(tmp_path, text, language="en", front="title: A title"):
    make_stage(tmp_path, text, language, front)
    return render_html(tmp_path, document(language))


def soup(tmp_path, text, language="en", front="title: A title"):
    return BeautifulSoup(page(tmp_path, text, language, front).body, "lxml")


def said(element) -> str:
    return re.sub(r"\s+", " ", element.get_text()).strip()


BODY = """\
# One {#sec-one}

@Fig-1, @fig-b, [-@fig-1], [plate @fig-1], [@fig-1; @tbl-x] and @sec-two.

## Two {#sec-two}

![First](../../figures/fig1.en.svg){#fig-1}

::: {#fig-b}
![](../../figures/fig2.en.svg){fig-alt="typed"}

Second
:::

| a | b |
|---|--:|
| 1 | 2 |

: Numbers {#tbl-x}

# Notes {.unnumbered #sec-notes}
"""


@pytest.mark.parametrize(
    ("language", "references", "captions"),
    [
        (
            "en",
            ["Figure 1", "Figure 2", "1", "plate 1", "Figure 1", "Table 1", "Section 1.1"],
            ["Figure 1: First", "Figure 2: Second", "Table 1: Numbers"],
        ),
        (
            "zh",
            ["图 1", "图 2", "1", "plate 1", "图 1", "表 1", "小节 1.1"],
            ["图 1 First", "图 2 Second", "表 1 Numbers"],
        ),
    ],
)
def test_numbers_and_references_are_quartos(tmp_path, language, references, captions):
    html = soup(tmp_path, BODY, language)
    assert [said(link) for link in html.select("a.quarto-xref")] == references
    assert [said(caption) for caption in html.select("figcaption")] == captions
    targets = [link["href"] for link in html.select("a.quarto-xref")]
    assert targets == ["#fig-1", "#fig-b", "#fig-1", "#fig-1", "#fig-1", "#tbl-x", "#sec-two"]
    assert all(html.select_one(target) for target in targets)
    headings = [said(heading) for heading in html.select("h1, h2")]
    assert headings == ["1 One", "1.1 Two", "Notes"]
    assert "Figure\xa01" in str(html) or "图\xa01" in str(html)


def test_a_figure_is_described_by_its_caption_and_its_notebook(tmp_path):
    html = soup(tmp_path, BODY)
    first, second = html.select("figure.quarto-float-fig img")
    assert first["alt"] == 'Lines: "up" to 4,569'
    assert second["alt"] == "typed"
    described = first.find_parent("div")["aria-describedby"]
    assert said(html.find(id=described)) == "Figure 1: First"
    table = html.select_one("#tbl-x figure.quarto-float-tbl")
    assert [child.name for child in table.find_all(recursive=False)] == ["figcaption", "div"]
    assert table.select_one("table thead th") and not table.select_one("caption")


def test_a_text_without_numbers(tmp_path):
    html = soup(tmp_path, "# One {#sec-one}\n", front="title: A\nnumber-sections: false")
    assert said(html.h1) == "One"


def test_sections_below_a_depth_and_at_the_second_level_first(tmp_path):
    html = soup(tmp_path, "## One\n\n### Deep\n", front="title: A\nnumber-depth: 2")
    assert [said(h) for h in html.select("h2, h3")] == ["1 One", "Deep"]


def test_the_outline_is_nested_and_leaves_notes_and_numbers_out(tmp_path):
    text = (
        "# One^[a note] *x* {#sec-one}\n\n## Two {#sec-two}\n\n### Mid {.unlisted}\n\n#### Deep\n\n"
        "# Three {.unlisted}\n"
    )
    result = page(tmp_path, text)
    assert result.toc == [
        Heading("sec-one", "1", "One <em>x</em>", "One x",
                [Heading("sec-two", "1.1", "Two", "Two", [])])
    ]  # fmt: skip


def test_metadata_come_as_html_and_as_text(tmp_path):
    front = (
        'title: "A *title*: {{< var en.n >}}"\n'
        "author:\n  - name: Ann\n    affiliation: [Here, There]\n  - Bob\n"
        "abstract: |\n  One [claim]{.claim ref=china-first}.\n\n  Two.\n"
        "keywords: [a, b]\nanew: {depth: {x: 1}}"
    )
    result = page(tmp_path, "Text {{< meta anew.depth.x >}}, {{< meta title >}}.\n", front=front)
    assert (result.title, result.title_text) == ("A <em>title</em>: 758", "A title: 758")
    assert result.lang == "en"
    assert [word["text"] for word in result.metadata["keywords"]] == ["a", "b"]
    assert result.metadata["abstract"]["html"].count("<p>") == 2
    assert 'class="claim-mark"' in result.metadata["abstract"]["html"]
    ann, bob = result.metadata["by-author"]
    assert ann["name"]["literal"]["text"] == "Ann"
    assert [place["name"]["text"] for place in ann["affiliations"]] == ["Here", "There"]
    assert bob["affiliations"] == []
    assert result.metadata["date"]["text"] == "2026-07-01"
    assert "Text 1, A <em>title</em>: 758." in result.body


def test_variables_are_markdown_by_themselves_and_text_in_attributes(tmp_path):
    html = soup(
        tmp_path,
        "{{< var en.money >}} and {{< var en.money >}}, {{< var en.star >}} *a*, "
        "`{{< var en.n >}}`, [l]({{< var en.url >}}), {{{< var en.n >}}}, {{< var zh.bold >}}\n\n"
        "```\n{{< var en.n >}}\n```\n\n"
        "![C {{< var en.n >}}](../../figures/fig1.en.svg)"
        '{#fig-9 fig-alt="{{< var zh.bold >}} {{< var en.n >}}"}\n',
    )
    text = said(html.p)
    assert text.startswith("US$456.9 billion and US$456.9 billion, 5* a, 758, l, {{< var en.n >}}")
    assert html.p.strong.string == "粗"
    assert html.p.a["href"] == "https://example.org/v"
    assert said(html.pre) == "758"
    assert html.img["alt"] == "粗 758"
    assert said(html.figcaption) == "Figure 1: C 758"


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["Note", "Tip", "Important", "Warning", "Caution"]),
     ("zh", ["注记", "提示", "重要", "警告", "注意"])],
)  # fmt: skip
def test_callouts_bear_the_names_of_the_language(tmp_path, language, names):
    kinds = ["note", "tip", "important", "warning", "caution"]
    text = "".join(f"::: {{.callout-{kind}}}\nBody\n:::\n\n" for kind in kinds)
    html = soup(tmp_path, text, language)
    assert [said(title) for title in html.select(".callout-title-container")] == names
    assert [c["class"][2] for c in html.select(".callout")] == [f"callout-{k}" for k in kinds]


def test_the_title_of_a_callout_is_no_section(tmp_path):
    text = "# One\n\n::: {.callout-tip icon=false}\n## Own *title*\n\nBody\n:::\n\n## Two\n"
    html = soup(tmp_path, text)
    title = html.select_one(".callout-title-container")
    assert said(title) == "TipOwn title" and title.em
    assert said(title.select_one(".screen-reader-only")) == "Tip"
    assert "no-icon" in html.select_one(".callout")["class"]
    assert said(html.h2) == "1.1 Two"


@pytest.mark.parametrize(("given", "open_"), [("true", False), ("false", True)])
def test_a_callout_folds_without_a_script(tmp_path, given, open_):
    html = soup(tmp_path, f'::: {{.callout-note collapse="{given}"}}\n## More\nBody\n:::\n')
    assert said(html.select_one(".callout details summary .callout-header")) == "NoteMore"
    assert said(html.select_one(".callout details > .callout-body")) == "Body"
    assert html.details.has_attr("open") == open_


def test_a_simple_callout_has_no_title_of_its_kind(tmp_path):
    text = "::: {.callout-tip appearance=minimal}\nOne\n:::\n\n"
    text += "::: {.callout-tip appearance=simple}\n## Own\nTwo\n:::\n"
    one, two = soup(tmp_path, text).select(".callout")
    assert said(one) == "One" and {"callout-style-simple", "no-icon"} <= set(one["class"])
    assert said(two) == "TipOwn Two" and "callout-style-simple" in two["class"]


def test_a_page_break_is_a_block_of_its_own(tmp_path):
    html = soup(tmp_path, "One\n\n{{< pagebreak >}}\n\nTwo\n")
    assert [said(p) for p in html.select("p")] == ["One", "Two"]
    assert html.select_one("p + div[style*=page-break] + p")


@pytest.mark.parametrize(
    ("condition", "seen"),
    [
        ("when-format=html", True), ("when-format='html:js'", True), ('when-format="docx"', False),
        ('when-format="docx" when-format="html"', True), ("unless-format=html:js", False),
        ('unless-format="typst" unless-format="docx"', True),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "text", ["::: {{.content-visible {}}}\nA\n:::\n", "[A]{{.content-visible {}}}\n"]
)
def test_a_condition_on_the_format_in_every_spelling(tmp_path, text, condition, seen):
    html = soup(tmp_path, "B\n\n" + text.format(condition))
    assert ("A" in html.get_text()) == seen


def test_content_for_one_format(tmp_path):
    html = soup(
        tmp_path,
        '::: {.content-visible when-format="html"}\nA <b>b</b>\n:::\n\n'
        '::: {.content-visible when-format="typst"}\nB `#v(1em)`{=typst}\n:::\n\n'
        '::: {.content-hidden when-format="html"}\nC\n:::\n\n'
        '::: {.content-hidden unless-format="html"}\nD\n:::\n\n'
        '[e]{.content-visible unless-format="html"}[f]{.content-visible when-format="html"}\n',
    )
    assert [said(p) for p in html.select("p")] == ["A b", "D", "f"]
    assert html.b


CLAIMS = """\
[China is first]{.claim ref="china-first"}, [Ireland too [@bank2026]]{.claim ref="ireland-first"}.

::: {.when claim="china-first"}
Kept.
:::

::: {.unless claim="china-first"}
# Dropped {#sec-dropped}

[no]{.claim ref="no-such"} @fig-none
:::

[a]{.when claim="ireland-first"}[b]{.unless claim="ireland-first"}
"""


@pytest.mark.parametrize(
    ("language", "label", "note"),
    [
        ("en", "evidence: CHN 2020 = 3.142; USA 2020 = 2",
         "(This edition’s data do not support this sentence. The data show: Ireland is not "
         "*first*. Evidence: IRL 2020 = 1.)"),
        ("zh", "依据：CHN 2020 = 3.142；USA 2020 = 2",
         "（本年度版的数据不支持这句话。数据所示：爱尔兰不是 *第一*。依据：IRL 2020 = 1。）"),
    ],
)  # fmt: skip
def test_claims_are_marked_and_failing_ones_say_so(tmp_path, language, label, note):
    html = soup(tmp_path, CLAIMS, language)
    holds, fails = html.select(".claim")
    assert holds["data-claim"] == "china-first" and "claim-fails" not in holds["class"]
    mark = holds.select_one("a.claim-mark")
    assert mark["href"] == "../../notebooks/fig1.html" and mark["aria-label"] == label
    assert "claim-fails" in fails["class"]
    assert said(fails.select_one(".claim-note")) == note.strip()
    assert fails.select_one(".citation")
    paragraphs = [said(p) for p in html.select("p")]
    assert "Kept." in paragraphs and "b" in paragraphs
    assert "Dropped" not in html.get_text()


@pytest.mark.parametrize(
    "reason", ["不到四分之一", "不到四分之一。", "多于一倍", "少了 3.", "第三"]
)
def test_a_reason_keeps_its_last_character_whatever_its_bytes(tmp_path, reason):
    """一 ends in the byte 0x80, which the full stop 。 has as well."""
    stage = make_stage(tmp_path, '[x]{.claim ref="ireland-first"}\n', "zh")
    weave = json.loads((stage / "report/_built/weave.json").read_text("utf-8"))
    weave["claims"]["ireland-first"]["fails_when"]["zh"] = reason
    write(stage / "report/_built/weave.json", json.dumps(weave, ensure_ascii=False))
    note = BeautifulSoup(render_html(stage, document("zh")).body, "lxml")
    assert f"{reason.rstrip('。.')}。" in said(note.select_one(".claim-note"))


def test_a_computed_table_stands_where_it_is_named(tmp_path):
    html = soup(tmp_path, "See @tbl-sums.\n\n::: {#tbl-sums .computed}\n:::\n")
    assert said(html.p) == "See Table 1."
    assert said(html.select_one("#tbl-sums figcaption")) == "Table 1: en computed"
    assert [said(cell) for cell in html.select("#tbl-sums td")] == ["1", "2.5"]
    assert len(html.select("#tbl-sums")) == 1


def test_evidence_by_name_is_told(tmp_path):
    stage = make_stage(tmp_path, '[x]{.claim ref="china-first"}\n')
    weave = json.loads((stage / "report/_built/weave.json").read_text("utf-8"))
    weave["claims"]["china-first"]["evidence"] = {"count": {"USA": 7, "CHN": {"2023": [1, 2]}}}
    write(stage / "report/_built/weave.json", json.dumps(weave, ensure_ascii=False))
    mark = BeautifulSoup(render_html(stage, document()).body, "lxml").select_one(".claim-mark")
    assert mark["title"] == "evidence: count = CHN 2023 1, 2, USA 7"


def test_chinese_lines_join_and_references_follow_their_word(tmp_path):
    html = soup(
        tmp_path, "# 一 {#sec-one}\n\n甲乙\n“丙丁”\n见 @sec-one 与 @sec-one\na b\n戊\n", "zh"
    )
    assert said(html.p) == "甲乙“丙丁”见小节 1 与小节 1 a b 戊"


def test_english_lines_do_not_join(tmp_path):
    assert said(soup(tmp_path, "a\nb 见 [c](#x)\n\n[d]{#x}\n").p) == "a b 见 c"


def test_links_to_sources_lead_to_their_pages(tmp_path):
    make_stage(
        tmp_path,
        '::: {.content-visible when-format="html"}\n[x](../zh/index.qmd#sec-a)\n:::\n',
    )
    write(tmp_path / "report/zh/index.qmd", "x\n")
    html = BeautifulSoup(render_html(tmp_path, document()).body, "lxml")
    assert html.a["href"] == "../../report/zh/index.html#sec-a"


def test_the_same_text_gives_the_same_page(tmp_path):
    make_stage(tmp_path, BODY + CLAIMS)
    first = render_html(tmp_path, document())
    assert render_html(tmp_path, document()) == first
    assert str(tmp_path) not in first.body


def test_without_a_build_the_filter_says_what_to_run(tmp_path):
    make_stage(tmp_path, "Text\n")
    (tmp_path / "report/_built/weave.json").unlink()
    with pytest.raises(BuildError, match="Run anew build first"):
        render_html(tmp_path, document())


def test_a_figure_that_no_notebook_describes_needs_a_typed_description(tmp_path):
    make_stage(tmp_path, "![C](../../figures/fig1.en.svg){#fig-9}\n")
    with pytest.raises(RefusedError, match=":4: figure fig-9 has no alternative text"):
        render_html(tmp_path, document())
