"""What stands above a text is held to the same rules as the text."""

from __future__ import annotations

import pytest
import tiny

from anew.text.document import read_text
from anew.text.frontmatter import differing_copies, read_front
from anew.text.parity import compare_languages
from anew.text.prose import han_runs, typed_numbers

ABSTRACT = {
    "zh": '  [降水为 {{< var zh.rain >}}]{.claim ref="grows"}，见 @met2024。\n\n  第二段。\n',
    "en": '  [Rain was {{< var en.rain >}}]{.claim ref="grows"}, see @met2024.\n\n  Second one.\n',
}
ZH = (
    '---\ntitle: "降水"\nsubtitle: 副题\nabstract: |\n' + ABSTRACT["zh"] + "keywords:\n  - 雨\n"
    "  - 气象\ntitle-en: Rain\nabstract-en: |\n" + ABSTRACT["en"] + "keywords-en: [rain, met]\n"
    "---\n\n# 甲 {#sec-a}\n"
)
EN = (
    '---\ntitle: "Rain"\nsubtitle: Below\nabstract: |\n' + ABSTRACT["en"] + "keywords:\n  - rain\n"
    "  - met\nabstract-zh: |\n" + ABSTRACT["zh"] + "---\n\n# A {#sec-a}\n"
)


def sources(tmp_path, zh: str = ZH, en: str = EN):
    tiny.write(tmp_path / "_quarto.yml", "title: no document's own\n")
    found = {}
    for language, text in (("zh", zh), ("en", en)):
        tiny.write(tmp_path / f"report/{language}/index.qmd", text)
        found[language] = read_text(tmp_path, f"report/{language}/index.qmd")
    return found


def written(tmp_path, **texts):
    return {language: one.source for language, one in sources(tmp_path, **texts).items()}


def differences(tmp_path, **texts):
    found = sources(tmp_path, **texts)
    return compare_languages(*(read_front(source, la) for la, source in found.items()))


def test_each_part_is_a_block_at_its_line(tmp_path):
    found = read_front(sources(tmp_path)["zh"], "zh")
    assert [(block.kind, block.text, block.place.line) for block in found] == [
        ("title", "降水", 2),
        ("subtitle", "副题", 3),
        ("abstract", '[降水为 {{< var zh.rain >}}]{.claim ref="grows"}，见 @met2024。', 5),
        ("abstract", "第二段。", 7),
        ("keyword", "雨", 9),
        ("keyword", "气象", 10),
    ]
    abstract = found[2]
    assert (abstract.facts, abstract.claims, abstract.citations) == (
        ("rain",),
        ("grows",),
        ("met2024",),
    )
    assert {block.section for block in found} == {"front-matter"}


def test_the_languages_of_a_front_matter_agree(tmp_path):
    assert differences(tmp_path) == []


@pytest.mark.parametrize(
    ("there", "instead", "said"),
    [
        ("{{< var en.rain >}}", "much", "only zh has the facts rain."),
        ('ref="grows"', 'ref="falls"', "only zh has the claims grows."),
        (", see @met2024", "", "only zh has the citations met2024."),
        ("\n  Second one.\n", "", "zh has the abstract where en has the keyword."),
        ("  - met\n", "", "en has no counterpart of this keyword."),
        ("subtitle: Below\n", "", "zh has the subtitle where en has the abstract."),
    ],
)
def test_where_they_part_is_named(tmp_path, there, instead, said):
    assert there in EN
    (first, *_) = differences(tmp_path, en=EN.replace(there, instead, 1))
    assert first.message == said and "report/en/index.qmd:" in str(first)


def test_numbers_and_other_scripts_are_found_there_too(tmp_path):
    text = EN.replace("Second one.", "It rose by 12 percent, 多.")
    block = read_front(sources(tmp_path, en=text)["en"], "en")[3]
    assert [one.text for one in typed_numbers(block)] == ["12"]
    assert [run.text for run in han_runs(block)] == ["多"]


def test_a_copy_in_the_other_language_is_that_languages_text(tmp_path):
    assert differing_copies(written(tmp_path)) == []
    found = differing_copies(written(tmp_path, en=EN.replace("Second one.", "Second and last.")))
    assert [str(one) for one in found] == [
        "report/zh/index.qmd:12 / report/en/index.qmd:4: abstract-en differs from the abstract of "
        "the en text: “one.” instead of “and last.”. Copy it again. [languages-differ]"
    ]
    found = differing_copies(written(tmp_path, zh=ZH.replace("[rain, met]", "[rain]")))
    assert [str(one) for one in found] == [
        "report/zh/index.qmd:16 / report/en/index.qmd:8: keywords-en differs from the keywords of "
        "the en text: “nothing more” instead of “met”. Copy it again. [languages-differ]"
    ]


def test_a_document_without_a_front_matter_has_no_such_blocks(tmp_path):
    found = sources(tmp_path, zh="# 甲 {#sec-a}\n", en="# A {#sec-a}\n")
    assert read_front(found["zh"], "zh") == []
    assert differing_copies({la: one.source for la, one in found.items()}) == []
