"""A text as blocks: what each prints, claims, cites and refers to, and where it stands."""

from __future__ import annotations

import pytest
import tiny

from anew.text.blocks import Block, read_blocks
from anew.text.document import read_text
from anew.text.prose import han_runs, typed_numbers


def blocks(tmp_path, text: str, language: str = "en") -> list[Block]:
    tiny.write(tmp_path / f"report/{language}/index.qmd", text)
    return read_blocks(read_text(tmp_path, f"report/{language}/index.qmd"), language)


def test_every_kind_of_block_with_its_section(tmp_path):
    found = blocks(
        tmp_path,
        "---\ntitle: T\n---\n\nBefore.\n\n# One {#sec-one}\n\nText\nof two lines.\n\n"
        "![A figure](../../figures/fig1.en.svg){#fig-1}\n\n- item\n- item\n\n"
        "| a | b |\n|---|---|\n\n: Sizes {#tbl-sizes}\n\n```python\ncode\n```\n\n"
        "## Two {#sec-two}\n\nEnd.\n",
    )
    assert [(block.kind, block.id, block.section, block.place.line) for block in found] == [
        ("paragraph", "", "", 5),
        ("heading", "sec-one", "sec-one", 7),
        ("paragraph", "", "sec-one", 9),
        ("figure", "fig-1", "sec-one", 12),
        ("list", "", "sec-one", 14),
        ("table", "tbl-sizes", "sec-one", 17),
        ("heading", "sec-two", "sec-two", 26),
        ("paragraph", "", "sec-two", 28),
    ]


def test_what_a_block_prints_claims_cites_and_refers_to(tmp_path):
    (block,) = blocks(
        tmp_path,
        '[Rain was {{< var en.rain >}}]{.claim ref="rain-grows"}, as @su2025 [@a; -@b] say; see\n'
        "@fig-1, @tbl-x and @sec-one. Write to me@example.org or <https://example.org/@you>.\n"
        "{{< var zh.other >}}\n",
    )
    assert block.facts == ("rain", "zh.other")  # of another language: found not to exist
    assert block.claims == ("rain-grows",)
    assert block.citations == ("su2025", "a", "b")
    assert block.references == ("fig-1", "tbl-x", "sec-one")
    lines = {piece.text: piece.place.line for piece in block.pieces}
    assert (lines["a"], lines["tbl-x"], lines["zh.other"]) == (1, 2, 3)


def test_conditions_hold_for_what_stands_inside(tmp_path):
    found = blocks(
        tmp_path,
        '::: {.when claim="a"}\nIn A.\n\n::: {.note}\n::: {.unless claim="b"}\nIn B.\n:::\nIn C.\n'
        ":::\n:::\n\nIn D.\n",
    )
    assert [(block.text, block.conditions) for block in found] == [
        ("In A.", (("when", "a"),)),
        ("In B.", (("when", "a"), ("unless", "b"))),
        ("In C.", (("when", "a"),)),
        ("In D.", ()),
    ]


def test_the_hash_of_a_block_is_of_its_words(tmp_path):
    one, two, three = blocks(tmp_path, "A line\nand more.\n\nA line and\nmore.\n\nA line, more.\n")
    assert one.digest == two.digest != three.digest


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Rain rose by 12.5 percent.", ["12.5"]),
        ("It rose to {{< var en.rain >}} in 2024.", []),
        ("From 2018 to 2023, in 5G and H100 chips, see @fig-1 and `x = 3`.", []),
        ("Rain was 12 mm [@met2024]. It was 13 before.", ["13"]),
        ("1. first of all\n2. then 4", ["4"]),
        ("See [page 3](page-3.html#s4){#a5}.", ["3"]),
        ("2018—2023 年，共 3 项。", ["3"]),
        ("| a | 2 |\n|---|---|\n| 3 [@met2024] | {{< var en.rain >}} |", ["2"]),
        ("In the 1980s 400bn drops fell, 3D ones.", ["400"]),
    ],
)
def test_a_typed_number_is_found_unless_it_is_a_year_a_name_or_cited(tmp_path, text, numbers):
    (block,) = blocks(tmp_path, text + "\n")
    assert [one.text for one in typed_numbers(block)] == numbers


def test_han_is_found_unless_it_is_marked(tmp_path):
    (block,) = blocks(tmp_path, "The term [数字产业化]{lang=zh} is 产业 here.\n")
    assert [run.text for run in han_runs(block)] == ["产业"]
