"""The list of references by GB/T 7714-2025, entry by entry, in both languages' documents."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from typeset_stage import document, make_stage, write

from anew.project.errors import BuildError
from anew.typeset.embedded import render_html

#: biblatex entry → what the standard prints; the forms are those of its clauses and annex.
ENTRIES = {
    "article, Chinese": (
        "@article{k, author={于, 潇 and 刘, 义 and 柴, 跃廷 and 孙, 宏波}, langid={chinese}, "
        "title={互联网药品可信交易}, journaltitle={清华大学学报（自然科学版）}, date={2012}, "
        "volume={52}, "
        "number={11}, pages={1518--1523}}",
        "于潇，刘义，柴跃廷，等. 互联网药品可信交易[J]. 清华大学学报（自然科学版），2012，"
        "52（11）：1518-1523.",
    ),
    "article without volume, three authors": (
        "@article{k, author={王, 一 and 李, 二 and 张, 三}, title={题}, langid={chinese}, "
        "journaltitle={求是}, date={2022-01-15}, number={2}, pages={5--7}}",
        "王一，李二，张三. 题[J]. 求是，2022（2）：5-7.",
    ),
    "article in English, four authors": (
        "@article{k, author={Fordham, Edmund W. and Ali, Adam and Turner, David A. and Chao, B.}, "
        "title={A title: With a subtitle}, journaltitle={Nature}, date={2014}, volume={510}, "
        "pages={356--362, 370}, doi={10.1038/n}, langid={english}}",
        "Fordham E W，Ali A，Turner D A，et al. A title：With a subtitle[J/OL]. Nature，2014，510："
        "356-362，370. DOI:10.1038/n.",
    ),
    "hyphenated given name": (
        "@article{k, author={Park, Jae-Rim}, title={T}, journaltitle={J}, date={2020}, "
        "volume={1}, langid={english}}",
        "Park J-R. T[J]. J，2020，1.",
    ),
    "article not yet in an issue": (
        "@article{k, author={张, 群}, title={题}, journaltitle={铁道学报}, date={2024-05-09}, "
        "url={https://e.org/a}, langid={chinese}}",
        "张群. 题[J/OL]. 铁道学报，2024-05-09. https://e.org/a.",
    ),
    "newspaper": (
        "@article{k, author={丁, 文祥}, title={数字革命}, journaltitle={中国青年报}, "
        "date={2000-11-20}, pages={15}, entrysubtype={newspaper}, langid={chinese}}",
        "丁文祥. 数字革命[N]. 中国青年报，2000-11-20（15）.",
    ),
    "page on the web": (
        "@online{k, author={{高等教育文献保障系统}}, title={“互借”服务}, date={2025-02-17}, "
        "urldate={2025-06-21}, url={http://e.org/x}, langid={chinese}}",
        "高等教育文献保障系统. “互借”服务[EB/OL]. （2025-02-17）[2025-06-21]. http://e.org/x.",
    ),
    "page without a date": (
        "@online{k, title={{Library of Congress}}, urldate={2020-06-12}, "
        "url={https://www.loc.gov/}, langid={english}}",
        "Library of Congress[EB/OL]. [2020-06-12]. https://www.loc.gov/.",
    ),
    "data set": (
        "@dataset{k, author={周, 壮 and 李, 盛阳 and 吴, 薇 and 郭, 威}, title={分类数据集}, "
        "version={V1.0}, publisher={公共科学数据中心}, date={2023-09-10}, urldate={2025-07-15}, "
        "url={https://e.org/d}, langid={chinese}}",
        "周壮，李盛阳，吴薇，等. 分类数据集[DS/OL]. V1.0. 公共科学数据中心（2023-09-10）"
        "[2025-07-15]. https://e.org/d.",
    ),
    "report on the web": (
        "@report{k, author={{中国互联网络信息中心}}, title={统计报告}, date={2012-01-16}, "
        "url={https://e.org/r}, langid={chinese}}",
        "中国互联网络信息中心. 统计报告[R/OL]. 2012-01-16. https://e.org/r.",
    ),
    "report of a house": (
        "@report{k, author={{Federal Highway Administration}}, title={Guidelines}, "
        "number={PB 91-194001}, institution={National Service}, location={Springfield, VA}, "
        "date={1990}, pages={25}, langid={english}}",
        "Federal Highway Administration. Guidelines：PB 91-194001[R]. Springfield，VA："
        "National Service，1990：25.",
    ),
    "book": (
        "@book{k, author={冯, 友兰}, title={自选集}, edition={2}, location={北京}, "
        "publisher={首都师范大学出版社}, date={2008}, langid={chinese}}",
        "冯友兰. 自选集[M]. 2 版. 北京：首都师范大学出版社，2008.",
    ),
    "translated book": (
        "@book{k, author={{博伯尔}}, title={银行业}, translator={徐, 超}, location={北京}, "
        "publisher={清华大学出版社}, date={2023}, pages={35}, langid={chinese}}",
        "博伯尔. 银行业[M]. 徐超，译. 北京：清华大学出版社，2023：35.",
    ),
    "edition in English": (
        "@book{k, author={Roberson, J. A.}, title={Water}, edition={6}, location={New York}, "
        "publisher={McGraw-Hill}, date={2011}, langid={english}}",
        "Roberson J A. Water[M]. 6th ed. New York：McGraw-Hill，2011.",
    ),
    "in proceedings": (
        "@inproceedings{k, author={汪, 学军}, title={安全管理}, booktitle={研讨会论文集}, "
        "editor={{国家环境保护总局}}, location={北京}, publisher={科学出版社}, date={2005}, "
        "pages={22--25}, langid={chinese}}",
        "汪学军. 安全管理[C]//国家环境保护总局. 研讨会论文集. 北京：科学出版社，2005：22-25.",
    ),
    "thesis": (
        "@thesis{k, author={王, 琦}, title={反演方法}, type={phdthesis}, location={武汉}, "
        "institution={武汉大学}, date={2022}, pages={87}, langid={chinese}}",
        "王琦. 反演方法[D]. 武汉：武汉大学，2022：87.",
    ),
}


def printed(tmp_path, text, language="en", bibliography=None):
    make_stage(tmp_path, text + "\n\n::: {#refs}\n:::\n", language)
    if bibliography:
        write(tmp_path / "report/references.bib", bibliography)
    html = BeautifulSoup(render_html(tmp_path, document(language)).body, "lxml")
    entries = [re.sub(r"[ \t]+", " ", entry.get_text("", strip=False)).strip()
               for entry in html.select("#refs .csl-entry")]  # fmt: skip
    return html, entries


@pytest.mark.parametrize("name", ENTRIES)
def test_entry(tmp_path, name):
    source, expected = ENTRIES[name]
    for language in ("zh", "en"):
        _, entries = printed(tmp_path / language, "A [@k].", language, source)
        assert entries == [f"[1] {expected}"], language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_chinese_entry_and_its_english_version_share_a_number(tmp_path, language):
    text = "B [@smith2021]. C [@wang2020; @bank2026], [@smith2021; @wang2020; @bank2026]."
    html, entries = printed(tmp_path, text, language)
    assert entries == [
        "[1] Smith J，Doe J，Park J-R，et al. Indicators[R/OL]. Alexandria，VA：National Board，"
        "2021-03-08. https://example.org/r.",
        "[2] 王小明，李四，张三，等. 数据的测算——一种视角[J]. 经济学，2020，3（5）：23-41.\n"
        "Wang Xiaoming，Li Si，Zhang San，et al. Measuring data：A perspective of China[J]. "
        "Economics，2020，3（5）：23-41.",
        "[3] World Bank. A page[EB/OL]. （2024-06-12）[2026-07-01]. https://example.org/p.",
    ]
    citations = [c.get_text() for c in html.select(".citation")]
    assert citations == ["[1]", "[2,3]", "[1-3]"]
    # A raised number follows its word without a blank.
    assert html.p.get_text() == "B[1]. C[2,3],[1-3]."
    assert html.select_one(".citation a")["href"] == "#ref-smith2021"
    spans = html.select("#ref-wang2020 span[lang]")
    assert [span["lang"] for span in spans] == ["zh-Hans", "en"]


def test_a_text_without_citations_has_no_list(tmp_path):
    html, entries = printed(tmp_path, "Nothing.")
    assert entries == []


@pytest.mark.parametrize(
    ("bibliography", "phrase"),
    [
        ("@book{k, title={T}, date={2020}}", "entry k needs langid = {chinese}, {english} or"),
        ("@book{k, title={T}, langid={french}}", "entry k needs langid"),
    ],
)  # fmt: skip
def test_an_entry_says_its_language(tmp_path, bibliography, phrase):
    with pytest.raises(BuildError, match=phrase):
        printed(tmp_path, "A [@k].", bibliography=bibliography)


def test_authors_are_cut_after_three_only_when_there_are_more(tmp_path):
    source = "@book{k, author={%s}, title={T}, langid={english}}"
    names = ["Aa, A", "Bb, B", "Cc, C", "Dd, D"]
    for count in range(1, 5):
        bib = source % " and ".join(names[:count])
        _, (entry,) = printed(tmp_path / str(count), "A [@k].", bibliography=bib)
        shown = "，".join(name.replace(",", "") for name in names[:3][:count])
        assert entry == f"[1] {shown}{'，et al' if count > 3 else ''}. T[M]."
