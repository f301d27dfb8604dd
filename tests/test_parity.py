"""Two languages, one document: every way in which they may part is named with both places."""

from __future__ import annotations

import pytest
import tiny

from anew.text.blocks import read_blocks
from anew.text.document import read_text
from anew.text.parity import compare_languages, confirm, read_record, stale_blocks, write_record

ZH = """\
# 甲 {#sec-a}

[降水为 {{< var zh.rain >}}]{.claim ref="grows"}，见 @fig-1 和 @met2024。

![图](../../figures/fig1.zh.svg){#fig-1}

::: {.when claim="grows"}
增加。
:::

## 乙 {#sec-b}

| 甲 | 乙 |
|----|----|
| 丙 | 丁 |

: 表 {#tbl-x}

尾。
"""
EN = """\
# A {#sec-a}

[Rain was {{< var en.rain >}}]{.claim ref="grows"}, see @met2024 and @fig-1.

![Figure](../../figures/fig1.en.svg){#fig-1}

::: {.when claim="grows"}
It grew.
:::

## B {#sec-b}

| a | b |
|---|---|
| c | d |

: Table {#tbl-x}

End.
"""


def texts(tmp_path, zh: str = ZH, en: str = EN):
    found = {}
    for language, text in (("zh", zh), ("en", en)):
        tiny.write(tmp_path / f"report/{language}/index.qmd", text)
        text = read_text(tmp_path, f"report/{language}/index.qmd")
        found[language] = read_blocks(text, language)
    return found["zh"], found["en"]


def test_word_order_is_each_languages_own(tmp_path):
    assert compare_languages(*texts(tmp_path)) == []


@pytest.mark.parametrize(
    ("there", "instead", "line", "said"),
    [
        ("{{< var en.rain >}}", "much", 3, "only zh has the facts rain."),
        ("{{< var en.rain >}}", "{{< var en.rain >}} {{< var en.year >}}", 3,
         "only en has the facts year."),
        ('ref="grows"}, ', 'ref="falls"}, ', 3, "only zh has the claims grows."),
        ("see @met2024 and", "see", 3, "only zh has the citations met2024."),
        ("and @fig-1.", "and @fig-2.", 3, "only zh has the references fig-1."),
        ("{#fig-1}", "{#fig-2}", 5, "zh has the figure fig-1 where en has the figure fig-2."),
        ("![Figure](../../figures/fig1.en.svg){#fig-1}\n\n", "", 6,
         "zh has the figure fig-1 where en has the paragraph (when grows)."),
        ('{.when claim="grows"}', '{.unless claim="grows"}', 8,
         "zh has the paragraph (when grows) where en has the paragraph (unless grows)."),
        ("{#tbl-x}", "{#tbl-y}", 13, "zh has the table tbl-x where en has the table tbl-y."),
        ("End.\n", "", 19, "en has no counterpart of this paragraph."),
        ("End.\n", "End.\n\nMore.\n", 21, "zh has no counterpart of this paragraph."),
        ("## B {#sec-b}", "### B {#sec-b}", 11, "section sec-b is of level 2 in zh, 3 in en."),
        ("{#sec-b}", "{#sec-c}", 11, "zh has #sec-b where en has #sec-c."),
        ("## B {#sec-b}", "## B", 11, "this heading has no id; add {#sec-…} after it."),
        ("## B {#sec-b}\n", "", 11, "zh has #sec-b where en has no section."),
    ],
)  # fmt: skip
def test_each_way_to_part_is_named_with_its_places(tmp_path, there, instead, line, said):
    assert there in EN
    first = compare_languages(*texts(tmp_path, en=EN.replace(there, instead, 1)))[0]
    assert first.message == said
    places = [place for place in (first.one, first.other) if place]
    assert len(places) == (1 if "no id" in said else 2)
    assert all(f"{place.file}:" in str(first) for place in places)
    assert line in [place.line for place in places]


def test_a_changed_original_makes_its_translation_stale_until_it_is_confirmed(tmp_path):
    zh, en = texts(tmp_path)
    assert {str(one).split(": ")[2].split(" (")[0] for one in stale_blocks(zh, en, {})} == {
        "it was never confirmed"
    }
    record, count = confirm(zh, en, {}, "report/en/index.qmd", None)
    assert count == len(zh) and stale_blocks(zh, en, record) == []
    zh, en = texts(tmp_path, zh=ZH.replace("尾。", "结尾。").replace("增加。", "增加了。"))
    assert [str(one) for one in stale_blocks(zh, en, record)] == [
        "report/en/index.qmd:8: stale translation: its original changed (report/zh/index.qmd:8).",
        "report/en/index.qmd:19: stale translation: its original changed (report/zh/index.qmd:19).",
    ]
    record, count = confirm(zh, en, record, "report/en/index.qmd", "sec-b")
    assert count == 1
    assert [one.translation.section for one in stale_blocks(zh, en, record)] == ["sec-a"]
    _, count = confirm(zh, en, record, "report/en/other.qmd", None)
    assert count == 0  # of the file that is named, no other


def test_the_record_is_kept_and_forgets_sections_that_are_gone(tmp_path):
    zh, en = texts(tmp_path)
    record, _ = confirm(zh, en, {"sec-gone": ["0"]}, "report/en/index.qmd", None)
    assert sorted(record) == ["sec-a", "sec-b"]
    write_record(tmp_path / "record.yml", record)
    assert read_record(tmp_path / "record.yml") == record
    assert read_record(tmp_path / "none.yml") == {}
