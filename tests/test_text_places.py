"""Every block, fact and claim of a text is told by the line of the file that it was written on."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from anew.project.errors import AnewError
from anew.text import document
from anew.text.blocks import claims_of, facts_of, read_blocks
from anew.text.document import read_text

#: Few words, so that a line is told from another by its place and not by its words.
WORDS = st.lists(st.sampled_from(["rain", "fell", "the", "a", "雨", "一", "2021"]), min_size=1)
SAID = WORDS.map(lambda words: "in " + " ".join(words))
FACT = "{{< var en.rain >}}"


def paragraph(said: str) -> list[tuple[str, str]]:
    return [("paragraph", f"{said} {FACT}"), ("", said)]


def claim(said: str) -> list[tuple[str, str]]:
    return [("paragraph", f"**{said}** and"), ("", f'[{said}]{{.claim ref="grows"}} [l](a.html)')]


def note(said: str) -> list[tuple[str, str]]:
    return [("paragraph", f"{said}^[{said}] and `{said}` and *{said}*"), ("", f"{said} {FACT}.")]


def listed(said: str) -> list[tuple[str, str]]:
    items = [("list", f"- {said}"), ("", f"- {said} {FACT}"), ("", f"  {said}")]
    return [*items, ("", ""), ("", "<!-- two lists in a row would be one -->")]


def table(said: str) -> list[tuple[str, str]]:
    rows = [("table", f"| {said} | b |"), ("", "|---|---|"), ("", f"| {said} | {FACT} |")]
    return [*rows, ("", ""), ("", f": {said} {{#tbl-x}}")]


def listing(said: str) -> list[tuple[str, str]]:
    return [("", "```python"), ("", said), ("", "# Not a heading"), ("", "```")]


def quotation(said: str) -> list[tuple[str, str]]:
    return [("quotation", f"> {said}"), ("", f"> {FACT}")]


def comment(said: str) -> list[tuple[str, str]]:
    return [("", f"<!-- {said} -->")]


def heading(said: str) -> list[tuple[str, str]]:
    return [("heading", f"## {said} {{#sec-x}}")]


def within(block: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", '::: {.when claim="grows"}'), *block, ("", ":::")]


KINDS = [paragraph, claim, note, listed, table, listing, quotation, comment, heading]
BLOCKS = st.builds(lambda kind, said: kind(said), st.sampled_from(KINDS), SAID)
ANY = st.one_of(BLOCKS, BLOCKS.map(within), BLOCKS.map(within).map(within))
FILES = st.lists(ANY, min_size=1, max_size=5)


@settings(max_examples=25, deadline=None)
@given(FILES, FILES, FILES)
def test_everything_stands_on_the_line_it_was_written_on(before, included, after):
    with tempfile.TemporaryDirectory() as name:
        root, expected = Path(name), []
        files = {"index.qmd": [*before, [("", "{{< include _a.qmd >}}")], *after]}
        files["_a.qmd"] = included
        for file, blocks in files.items():
            lines = [line for block in blocks for line in [*block, ("", "")]]
            tiny.write(root / "report/en" / file, "\n".join(text for _, text in lines) + "\n")
            found = [
                (f"report/en/{file}:{number}", kind, text)
                for number, (kind, text) in enumerate(lines, 1)
            ]
            at = next((i for i, one in enumerate(expected) if "include" in one[2]), None)
            expected = found if at is None else [*expected[:at], *found, *expected[at + 1 :]]
        text = read_text(root, "report/en/index.qmd")
        blocks = read_blocks(text, "en")
        assert [(str(block.place), block.kind) for block in blocks] == [
            (place, kind) for place, kind, _ in expected if kind
        ]
        with_facts = [place for place, _, written in expected if FACT in written]
        assert [str(fact.place) for fact in facts_of(text)] == with_facts
        found = [p.place for block in blocks for p in block.pieces if p.kind == "fact"]
        assert [str(place) for place in found] == with_facts
        claimed = [place for place, _, written in expected if "ref=" in written]
        assert [str(one.place) for one in claims_of(text)] == claimed


def test_footnotes_captions_and_definitions_are_found_where_they_stand(tmp_path):
    written = [
        "See[^n] rain and [a page][p].", "", "[^n]: Rain {{< var en.one >}} of", "    *rain*.",
        "", "[p]: https://example.org/rain", "", "Rain is rain.", "", "Table: Rain {{< var en.two",
        ">}} {#tbl-a}", "", "| Rain | rain |", "|---|---|", "| a | {{< var en.three >}} |", "",
        "Term", ":   {{< var en.four >}}", "", "::: {#fig-a}", "![](a.svg)", "",
        "Rain {{< var en.five >}}", ":::",
    ]  # fmt: skip
    tiny.write(tmp_path / "report/en/index.qmd", "\n".join(written) + "\n")
    text = read_text(tmp_path, "report/en/index.qmd")
    blocks = read_blocks(text, "en")
    assert [(block.kind, block.id, block.place.line) for block in blocks] == [
        ("paragraph", "", 1),
        ("paragraph", "", 8),
        ("table", "tbl-a", 13),
        ("list", "", 17),
        ("figure", "fig-a", 20),
    ]
    places = {p.text: p.place.line for block in blocks for p in block.pieces if p.kind == "fact"}
    assert places == {"one": 3, "two": 10, "three": 15, "four": 18, "five": 23}


def test_a_text_is_parsed_once_whoever_asks(tmp_path):
    path = tiny.write(tmp_path / "report/en/index.qmd", "Rain.\n")
    first = read_text(tmp_path, "report/en/index.qmd")
    assert read_text(tmp_path, "report/en/index.qmd") is first
    path.write_text("Rain fell.\n", "utf-8")
    assert read_text(tmp_path, "report/en/index.qmd").source.text == "Rain fell.\n"


def test_a_text_that_is_as_it_was_is_not_parsed_by_the_next_process(tmp_path, monkeypatch):
    asked = []
    run = document.run_pandoc
    monkeypatch.setattr(document, "run_pandoc", lambda *a: asked.append(a) or run(*a))
    path = tiny.write(tmp_path / "report/en/index.qmd", "# Rain\n\nIt rained.\n")

    def parsed(text: str) -> list[str]:
        tiny.write(path, text)
        document._parse.cache_clear()  # as in a new process
        asked.clear()
        blocks = document.read_text(tmp_path, "report/en/index.qmd").blocks
        return [block["t"] for block in blocks]

    rain = "# Rain\n\nIt rained.\n"
    assert (parsed(rain), len(asked)) == (["Header", "Para"], 1)
    assert (parsed(rain), len(asked)) == (["Header", "Para"], 0)
    assert (parsed("It rained.\n"), len(asked)) == (["Para"], 1)
    (kept,) = (tmp_path / ".anew/read").iterdir()
    whole = kept.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], whole.replace(b"rained", b"snowed")):
        kept.write_bytes(damaged)
        assert (parsed("It rained.\n"), len(asked)) == (["Para"], 1)


@pytest.mark.parametrize("name", ["index.qmd", "_metadata.yml", "_a.qmd"])
def test_a_file_that_is_not_in_utf_8_is_refused_by_its_line(tmp_path, name):
    tiny.write(tmp_path / "report/zh/index.qmd", "---\ntitle: T\n---\n\n{{< include _a.qmd >}}\n")
    tiny.write(tmp_path / "report/zh/_a.qmd", "")
    (tmp_path / "report/zh" / name).write_bytes("lang: zh-Hans\ntitle: 降水\n".encode("gb18030"))
    with pytest.raises(AnewError, match=f"report/zh/{name}, line 2: not UTF-8"):
        read_text(tmp_path, "report/zh/index.qmd")


def test_a_byte_order_mark_and_windows_line_ends_are_no_text(tmp_path):
    path = tiny.write(tmp_path / "report/zh/index.qmd", "")
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\n\r\n# A {#sec-a}\r\n")
    text = read_text(tmp_path, "report/zh/index.qmd")
    assert [(one.kind, one.id, one.place.line) for one in read_blocks(text, "zh")] == [
        ("heading", "sec-a", 5)
    ]
