"""Words for codes, and phrases for the labels of evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anew.build.builder import gather
from anew.build.identity import glossary_of
from anew.build.plan import Request, make_plan
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.text.glossary import Glossary, as_line, labelled, read_phrases, told, western

ROOT = Path(__file__).parent.parent
NAMES = {"CHN": "中国", "USA": "美国", "gdp": "国内生产总值", "count": "件数"}
PHRASES = [("%", "（%）"), ("{} before {} by joining", "{} {} 年以前入榜的"),
           ("{} before {}", "{} {} 年以前"), ("count", "数量")]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("CHN 2019, %", "中国 2019（%）"),
        ("CHN before 2019 by joining, %", "中国 2019 年以前入榜的（%）"),
        ("CHN before 2019, count", "中国 2019 年以前，数量"),
        ("gdp 2018", "国内生产总值 2018"),
        ("counted", "counted"),
        ("CHN / USA", "中国 / 美国"),
        (2019, "2019"),
        ("USA before gdp", "美国 国内生产总值 年以前"),
        ("count, CHN", "数量，中国"),  # though a table may call it otherwise
    ],
)
def test_a_label_is_put_into_words_part_by_part(label, said):
    assert labelled(label, Glossary(NAMES, PHRASES)) == said


def test_without_phrases_only_codes_are_put_into_words():
    for names in (NAMES, Glossary(NAMES)):
        assert labelled("CHN before 2019, %", names) == "中国 before 2019, %"


def test_phrases_are_read_in_their_order_and_checked(tmp_path):
    path = tmp_path / "_evidence.yml"
    assert read_phrases(path) == []
    path.write_text('"{} b": "b {}"\na: x\n', "utf-8")
    assert read_phrases(path) == [("{} b", "b {}"), ("a", "x")]
    path.write_text('"{} b": "b"\n', "utf-8")
    with pytest.raises(AnewError, match="_evidence.yml: '{} b' and 'b' differ in the number"):
        read_phrases(path)
    path.write_text("- a\n", "utf-8")
    with pytest.raises(AnewError, match="not a mapping of phrases"):
        read_phrases(path)


EVIDENCE = {"CHN before 2019, %": 12.5, "gdp": {"CHN": 2.7e13, "USA": 4}, "count": "CHN"}


@pytest.mark.parametrize(
    ("language", "names", "line"),
    [
        ("zh", Glossary(NAMES, PHRASES),
         "中国 2019 年以前（%）：12.5；国内生产总值：中国 27 万亿，美国 4；数量：中国"),
        ("en", Glossary({"CHN": "China"}),
         "China before 2019, % = 12.5; gdp: China 27 trillion, USA 4; count = China"),
    ],
)  # fmt: skip
def test_evidence_reads_as_a_line_in_either_language(language, names, line):
    assert as_line(EVIDENCE, language, names) == line
    assert told({"a": None}, language, names) == (("a", (("", "–"),)),)


def test_what_no_phrase_puts_into_chinese_is_found():
    glossary = Glossary(NAMES, PHRASES)
    assert western(EVIDENCE, glossary) == []
    strange = {"CHN since 2019, %": 1, "gdp": {"dry": 2}, "2024-12_cbinsights": "wet"}
    assert western(strange, glossary) == ["CHN since 2019, %", "dry", "wet"]
    assert western({"dry years before 2019": 1}, glossary) == ["dry years before 2019"]


def labels(value) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {label for one in value.values() for label in labels(one)}
    return set()


def test_every_label_of_this_reports_evidence_is_in_chinese():
    project = Project(ROOT)
    _, woven = gather(project, Request())
    found = {
        label
        for one in [*woven.claims.values(), *woven.statements.values()]
        for label in labels(one.evidence)
    }
    assert found
    glossary = glossary_of(make_plan(project, Request()), "zh")
    said = {label: labelled(label, glossary) for label in sorted(found)}
    names = re.compile("Insights|Crunchbase|[A-Z]{2,}")
    left = {k: v for k, v in said.items() if re.search("[A-Za-z]{2}", names.sub("", v))}
    assert left == {}, "translate in report/zh/_evidence.yml"
