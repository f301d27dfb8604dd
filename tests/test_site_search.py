"""The search index: what goes in, that it is the same every time, that a failure is told."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_sample import build

from anew.project.errors import BuildError
from anew.site import search
from anew.site.search import build_index, search_document, spaced


@given(st.text("研发支出aB1 ，。（", max_size=20))
def test_spacing_separates_every_character_and_loses_none(text: str) -> None:
    words = spaced(text).split()
    assert "".join(words) == "".join(text.split())
    for word in words:
        assert len(word) == 1 or not any(ord(char) > 0x2E80 for char in word)


def test_only_the_text_of_main_is_searched() -> None:
    document = search_document(build().files["report/zh/index.html"])
    assert document.startswith('<!DOCTYPE html><html lang="zh">')
    assert 'content="港口统计年鉴"' in document
    assert '<h2 id="sec-world">' in document and "港  口" in document
    for absent in ("跳到正文", "下 载", "依 据", "✓", "tabindex", "BibTeX"):
        assert absent not in document


def test_pages_that_ask_not_to_be_indexed_are_not() -> None:
    assert search_document(build().files["404.html"]) is None
    assert search_document("<p>no main</p>") is None


def test_index_is_the_same_every_time_and_small() -> None:
    pages = build().pages()
    index = build_index(pages)
    assert index == build_index(dict(reversed(pages.items())))
    entry = json.loads(index["pagefind/pagefind-entry.json"])
    assert list(entry["languages"]) == ["en", "zh"]
    assert {name.split("/")[1] for name in index} >= {"pagefind.js", "fragment", "index"}
    assert not any("-ui." in name for name in index)
    # two programs for two languages, the rest is the text
    assert sum(map(len, index.values())) < 300_000


def test_chinese_is_indexed_by_character_with_its_page() -> None:
    index = build_index(build().pages())
    fragments = [
        json.loads(gzip.decompress(data)[len("pagefind_dcd"):])
        for name, data in index.items() if name.startswith("pagefind/fragment/zh")
    ]  # fmt: skip
    urls = {fragment["url"] for fragment in fragments}
    assert {"/report/zh/index.html", "/data/index.zh.html", "/notebooks/fig1.zh.html"} <= urls
    report = next(f for f in fragments if f["url"] == "/report/zh/index.html")
    assert " 潮 水 一 天 两 次 " in report["content"]
    assert "sec-world" in {anchor["id"] for anchor in report["anchors"]}


def test_nothing_to_index_is_no_error() -> None:
    assert build_index({"a.html": "<p>x</p>"}) == {}


def test_a_failing_program_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("false", "nowhere-at-all"):
        monkeypatch.setattr(search, "_program", lambda name=program: name)
        with pytest.raises(BuildError, match="could not index.*(?s:.)*Install the environment"):
            build_index(build().pages())


def test_the_order_of_the_file_system_has_no_part_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pagefind numbers pages as it gets them: by their paths, whatever folder they come from."""
    given: list[str] = []
    asked = search._asked

    def listen(process, payload):
        given.extend([payload["file_path"]] if "file_path" in payload else [])
        return asked(process, payload)

    monkeypatch.setattr(search, "_asked", listen)
    build_index(dict(reversed(build().pages().items())))
    assert len(given) > 5 and given == sorted(given)
