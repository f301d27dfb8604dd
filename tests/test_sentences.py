"""The sentence in which the text first prints a fact, as a reader sees it."""

from __future__ import annotations

import pytest
import tiny

from anew.text.blocks import read_blocks
from anew.text.document import read_text
from anew.text.sentences import Sentence, sentences

PRINTED = {"rain_last": "12.5 mm", "rain_year": "2021", "rain_total": "93.5 mm"}


def found(tmp_path, text: str, language: str = "en", printed=PRINTED, holds=None):
    tiny.write(tmp_path / f"report/{language}/index.qmd", text)
    blocks = read_blocks(read_text(tmp_path, f"report/{language}/index.qmd"), language)
    return sentences(blocks, language, printed, holds or {})


def test_a_sentence_is_what_a_reader_sees(tmp_path):
    text = (
        "# Rain {#sec-rain}\n\nThe first. [Rain grew to *{{< var en.rain_last >}}* in "
        '{{< var en.rain_year >}} [@met2024]]{.claim ref="rain-grows"}, see @fig-1. The last.\n'
    )
    assert found(tmp_path, text) == {
        "rain_last": Sentence("Rain grew to ", "12.5 mm", " in 2021, see Figure 1.", "sec-rain"),
        "rain_year": Sentence("Rain grew to 12.5 mm in ", "2021", ", see Figure 1.", "sec-rain"),
    }


def test_chinese_sentences_end_without_a_space(tmp_path):
    text = "# 雨\n\n先说一句。降水为 {{< var zh.rain_last >}}，\n见 @fig-1。再说一句。\n"
    (sentence,) = found(tmp_path, text, "zh", {"rain_last": "12.5 毫米"}).values()
    assert (sentence.before, sentence.fact, sentence.after) == (
        "降水为 ",
        "12.5 毫米",
        "，见 图 1。",
    )


def test_the_first_sentence_counts_and_a_number_ends_none(tmp_path):
    text = "It is {{< var en.rain_last >}} or 3.5 in all. Again {{< var en.rain_last >}}.\n"
    assert found(tmp_path, text)["rain_last"].after == " or 3.5 in all."


def test_items_of_a_list_are_apart(tmp_path):
    text = "1. One {{< var en.rain_last >}}\n2. Two {{< var en.rain_year >}}\n   and on\n"
    both = found(tmp_path, text)
    assert both["rain_last"].after == ""
    assert both["rain_year"].before == "Two " and both["rain_year"].after == " and on"


@pytest.mark.parametrize(("holds", "said"), [(True, "More "), (False, "Less ")])
def test_a_block_that_is_not_shown_is_not_quoted(tmp_path, holds, said):
    text = (
        '::: {.when claim="rain-grows"}\nMore {{< var en.rain_last >}}.\n:::\n\n'
        '::: {.unless claim="rain-grows"}\nLess {{< var en.rain_last >}}.\n:::\n'
    )
    assert found(tmp_path, text, holds={"rain-grows": holds})["rain_last"].before == said


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| c | {{< var en.rain_last >}} |\n",  # a table
        "A `{{< var en.rain_last >}}` in code.\n",
        "An {{< var en.unknown >}} beside {{< var en.rain_last >}}.\n",
        "A <b>{{< var en.rain_last >}}</b> in HTML.\n",
        "Nothing.\n",
    ],
)
def test_what_is_no_plain_sentence_is_left_out(tmp_path, text):
    assert found(tmp_path, text) == {}


def test_a_long_sentence_is_cut_between_words():
    sentence = Sentence("It has rained a great deal, ", "12.5 mm", " in all, they say.", "")
    assert sentence.cut(12) == ("…great deal, ", " in all…")
    assert sentence.cut(99) == (sentence.before, sentence.after)
    chinese = Sentence("今年的降水比去年多，", "12.5 毫米", "，比前年少。", "")
    assert chinese.cut(10) == ("…比去年多，", "，比前年少…")


def test_the_report_quotes_nearly_every_fact_it_prints():
    """Both texts of the report are read: what they print in a plain sentence is found."""
    from test_state import OWN

    for language in ("zh", "en"):
        blocks = read_blocks(read_text(OWN, f"report/{language}/index.qmd"), language)
        facts = {fact for block in blocks for fact in block.facts}
        quoted = sentences(blocks, language, dict.fromkeys(facts, "9"), {})
        assert len(facts) > 100
        assert len(quoted) > 0.85 * len(facts)
