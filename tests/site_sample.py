"""A small site that uses every component, built from plain data: harbours and their trade.

It knows nothing of the real report. `build()` returns every file by path, as a publisher would
write it; `python tests/site_sample.py FOLDER` writes it, to be looked at.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from anew.notebook.findings import Woven
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.settings import Licence, Licences
from anew.site.assets import characters_on, theme_files, web_fonts
from anew.site.feed import Issue, feed
from anew.site.figures import figure_page, figure_path, gather_figures
from anew.site.front import missing_page, robots, site_map, start_page
from anew.site.notebooks import Notebook, notebook_list, notebook_page, notebook_path
from anew.site.package import data_package, vintage_path
from anew.site.page import EditionLink, Site, place
from anew.site.report import Dressing, report_page
from anew.site.search import build_index
from anew.site.tables import column_words, data_page
from anew.site.workbook import as_ods, as_xlsx, workbook_path, workbook_sheets
from anew.tables.catalog import Catalog
from anew.tables.loading import _named

ROOT = Path(__file__).resolve().parents[1]
THEME = ROOT / "src" / "anew" / "site" / "theme"

SITE = Site(
    licences=Licences(
        text=Licence(name="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"),
        code=Licence(name="MIT", url="https://opensource.org/license/mit"),
    ),
    title={"zh": "港口统计", "en": "Harbours in Figures"},
    description={
        "zh": "十座港口一百年的吞吐量、船期与价格，由原始数据表重算而成。",
        "en": "A century of cargo, sailings and prices in ten harbours, from the raw tables.",
    },
    edition="2026",
    date="2026-10-31",
    authors=[
        {"zh": "港口统计编写组", "en": "The Harbour Statistics Group", "type": "Organization"}
    ],
    keywords={"zh": ["港口", "吞吐量"], "en": ["harbours", "cargo"]},
    editions=[
        EditionLink("2026", "", newest=True),
        EditionLink("2025", "editions/2025/"),
    ],
)

DATA = (
    "economy,year,value\nNOR,2019,14.25\nNOR,2020,\nNOR,2021,16.5\n"
    "FJI,2019,3\nFJI,2020,4.125\nFJI,2021,1234567.891\n"
)

#: Wider than a telephone, with a gap in the last column.
WIDE_DATA = (
    "economy,financial_year,price_per_day,price_per_week,price_per_month,share_of_all_berths\n"
    "NOR,2019,20.1,130,480,\nNOR,2020,20.2,131,481,0.5\n"
)

_WOVEN: dict[str, Any] = {
    "edition": "2026",
    "title": {"zh": "2026 年度版", "en": "Edition 2026"},
    "date": "2026-07-01",
    "figures": {
        "fig1": {
            "address": "fig1",
            "number": 1,
            "notebook": "analysis/fig1_cargo.ipynb",
            "points": {
                "zh": [
                    {"x": 0.2, "y": 0.62, "text": "2019 年：14.25 百万吨", "series": "NOR"},
                    {"x": 0.5, "y": 0.45, "text": "2020 年：15.10 百万吨", "series": "NOR"},
                    {"x": 0.85, "y": 0.3, "text": "2021 年：16.50 百万吨", "series": "NOR"},
                ],
                "en": [
                    {"x": 0.2, "y": 0.62, "text": "2019: 14.25 million tonnes", "series": "NOR"},
                    {"x": 0.5, "y": 0.45, "text": "2020: 15.10 million tonnes", "series": "NOR"},
                    {"x": 0.85, "y": 0.3, "text": "2021: 16.50 million tonnes", "series": "NOR"},
                ],
            },
            "zh": {
                "title": "北港的吞吐量三年增加一成六",
                "measure": "吞吐量，百万吨",
                "note": "2020 年南港没有数据，图中留空。",
                "alt": "折线图。北港的吞吐量由 2019 年的 14.25 百万吨升至 2021 年的 16.5 百万吨。",
                "source": "来源：港务局 CARGO.T，2026-01-01 版。",
            },
            "en": {
                "title": "Cargo in the northern harbour grows by a sixth in three years",
                "measure": "Cargo, million tonnes",
                "note": "The southern harbour has no figure for 2020; the gap is left open.",
                "alt": "Line chart. Cargo in the northern harbour rises from 14.25 million tonnes "
                "in 2019 to 16.5 million in 2021.",
                "source": "Source: Harbour Board CARGO.T, vintage 2026-01-01.",
            },
        },
        "fig2": {
            "address": "fig2",
            "number": 2,
            "notebook": "analysis/fig2_prices.ipynb",
            "points": {},
            "zh": {
                "title": "泊位价格六年不变",
                "measure": "每日价格，元",
                "note": "",
                "alt": "柱状图。六个年份的价格都是 20 元上下。",
                "source": "来源：港务局，2026-01-01 版。",
            },
            "en": {
                "title": "The price of a berth has not moved in six years",
                "measure": "Price per day, US$",
                "note": "",
                "alt": "Bar chart. Prices are about US$20 in each of six years.",
                "source": "Source: Harbour Board, vintage 2026-01-01.",
            },
        },
    },
    "claims": {
        "cargo-grew": {
            "holds": True,
            "figure": "fig1",
            "evidence": {"NOR 2019": 14.25, "NOR 2021": 16.5, "ratio": 1.157894736},
            "fails_when": {
                "zh": "2021 年的吞吐量不高于 2019 年",
                "en": "cargo in 2021 were not above that of 2019",
            },
        },
        "prices-rose": {
            "holds": False,
            "figure": "fig2",
            "evidence": {
                "first": {"2019": 20.1, "2020": 20.2},
                "rose": False,
                "years": [2019, 2024],
            },
            "fails_when": {"zh": "价格没有上升", "en": "the price did not rise"},
        },
    },
}

WEAVE = Woven.model_validate(_WOVEN)

CATALOG = {
    "economies": {
        "kept": ["NOR", "FJI"],
        "aggregates": {"WLD": {"title": {"zh": "世界", "en": "World"}}},
    },
    "tables": {
        "cargo": {
            "title": {"zh": "货物吞吐量", "en": "Cargo handled"},
            "agency": {"zh": "港务局", "en": "Harbour Board"},
            "code": "CARGO.T",
            "url": "https://example.org/cargo",
            "licence": "CC BY 4.0",
            "licence_url": "https://creativecommons.org/licenses/by/4.0/",
            "citation": "Harbour Board. Cargo handled, CARGO.T.",
            "note": {"zh": "只计海运货物，不计行李。", "en": "Sea cargo only, without luggage."},
            "key": ["economy", "year"],
            "columns": [
                {"name": "economy", "type": "economy", "title": {"zh": "经济体", "en": "Economy"}},
                {"name": "year", "type": "year", "title": {"zh": "年份", "en": "Year"},
                 "minimum": 1960},
                {"name": "value", "type": "number", "title": {"zh": "吞吐量", "en": "Cargo"},
                 "unit": {"zh": "百万吨", "en": "million tonnes"}, "minimum": 0, "required": False},
                {"name": "kind", "type": "integer", "title": {"zh": "货类", "en": "Kind"},
                 "values": {1: {"zh": "散货", "en": "bulk"}, 2: {"zh": "集装箱", "en": "boxes"}},
                 "required": False},
            ],
            "intake": {"layout": "tidy"},
            "vintages": {
                "2025-01-01": {
                    "file": "data/raw/cargo/2025-01-01.csv", "published": "2025-01-01",
                    "read": "2025-02-01", "rows": 5,
                    "note": {"zh": "首版", "en": "first release"},
                },
                "2026-01-01": {
                    "file": "data/raw/cargo/2026-01-01.csv", "published": "2026-01-01",
                    "read": "2026-02-01", "rows": 6,
                    "note": {"zh": "修订", "en": "revised"},
                    "agency": {"zh": "港务总局", "en": "Harbour Authority"},
                    "url": "https://example.org/authority",
                },
            },
        }
    },
}  # fmt: skip

VINTAGES = {
    "2025-01-01": "economy,year,value,kind\nNOR,2019,14.25,1\nNOR,2020,,1\nNOR,2021,16.5,2\n"
    "FJI,2019,3,1\nFJI,2020,4.125,\n",
    "2026-01-01": "economy,year,value,kind\nNOR,2019,14.25,1\nNOR,2020,,1\nNOR,2021,16.5,2\n"
    "FJI,2019,3,1\nFJI,2020,4.125,\nFJI,2021,5,2\n",
}

TEXTS = {
    "zh": {
        "lead": "港口是国家的门户，也是统计最早关心的地方。潮水一天两次，船期一周一次，账目却要记上"
        "一百年。本报告把十座港口的账重新算了一遍：原始数据表是什么样，图就画成什么样；哪一年没有"
        "数据，哪一年就空着。读者可以从任何一个数值走回它的数据，也可以自己重新算一遍。",
        "long": "码头上的“吨”并不总是同一个吨。散货过磅，集装箱按箱折算，木材按体积，活畜按头。"
        "把它们加在一起之前，先要问清楚每一项是怎样记下来的。2020 年的南港没有报数，本报告不去猜；"
        "GDP、ICT 一类缩写第一次出现时都写出全称（如国内生产总值，GDP）。",
        "holds": "北港的吞吐量在 2019—2021 年间增加",
        "fails": "泊位的价格连年上升",
        "callout": "注记",
        "callout-text": "年份一律按港务局的财政年度计，始于四月一日。",
        "table": "各港一览",
        "heads": ["港口", "首年", "吞吐量（百万吨）", "船期（班／周）", "占全部的比重"],
        "rows": [["北港", "1921", "16.5", "21", "61.2%"], ["南港", "1937", "–", "9", "38.8%"]],
        "fig1": "北港与南港的吞吐量，2019—2021 年",
        "fig2": "泊位的每日价格，2019—2024 年",
        "sections": ["世界的港口", "北港与南港", "账目是怎样记的", "价格", "参考文献"],
        "see": "见", "fig": "图", "foot": "这是一条脚注，说明换算的办法。",
        "list": ["散货：煤、矿石、粮食；", "件杂货：木材、机械、活畜；", "集装箱：按标准箱计。"],
        "quote": "账要记得住，也要查得到。",
    },
    "en": {
        "lead": "A harbour is a country’s front door, and the first thing that statisticians ever "
        "counted. The tide comes twice a day, the packet once a week, and the ledger runs for a "
        "hundred years. This report adds the ledgers of ten harbours up again: what the tables "
        "hold is what is drawn, and where a year is missing it stays missing. Readers can walk "
        "back from any number to its data, or compute it again themselves.",
        "long": "A tonne on the quay is not always the same tonne. Bulk is weighed, boxes are "
        "converted, timber goes by volume and cattle by the head. Before they are added together "
        "one has to ask how each of them was written down. The southern harbour reported nothing "
        "for 2020, and this report does not guess.",
        "holds": "Cargo in the northern harbour grew between 2019 and 2021",
        "fails": "The price of a berth rose every year",
        "callout": "Note",
        "callout-text": "Years are the Harbour Board’s financial years, which begin on 1 April.",
        "table": "The harbours at a glance",
        "heads": ["Harbour", "Since", "Cargo (million tonnes)", "Sailings (per week)", "Share"],
        "rows": [["North", "1921", "16.5", "21", "61.2%"], ["South", "1937", "–", "9", "38.8%"]],
        "fig1": "Cargo in the northern and the southern harbour, 2019–2021",
        "fig2": "Price of a berth per day, 2019–2024",
        "sections": ["Harbours of the world", "North and south", "How the ledgers are kept",
                     "Prices", "References"],
        "see": "see", "fig": "Figure", "foot": "A footnote that explains the conversion.",
        "list": ["bulk: coal, ore, grain;", "break-bulk: timber, machines, cattle;", "boxes."],
        "quote": "A ledger must last, and it must be found.",
    },
}  # fmt: skip

SOURCE = """\
import anew

session = anew.open("fig1", edition=edition)  # 打开一次会话
frame = session.table("cargo")
frame[frame["year"] >= 2019].groupby(["economy", "year"], as_index=False).agg(sum=("value", "sum"))
print(f"{len(frame):,} rows", 1.5e3)\
"""

#: What pandoc writes for a column of a wide table.
WIDE = '<col style="width: 20%" />'

IDS = ["sec-world", "sec-harbours", "sec-ledgers", "sec-prices", "references"]


def picture(address: str, language: str) -> str:
    """Return a small chart as SVG, 374 × 260 pt as the figures of a report are."""
    words = WEAVE.figures[address].words[language]
    if address == "fig1":
        marks = (
            '<polyline points="75,161 187,117 318,78" fill="none" stroke="#1d5479" '
            'stroke-width="2"/>'
            + "".join(f'<circle cx="{x}" cy="{y}" r="3.5" fill="#1d5479"/>'
                      for x, y in ((75, 161), (187, 117), (318, 78)))
        )  # fmt: skip
    else:
        marks = "".join(
            f'<rect x="{40 + 50 * i}" y="{120 - i % 2}" width="30" height="{90 + i % 2}" '
            'fill="#8a9ba8"/>'
            for i in range(6)
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="374.4pt" height="260pt" '
        'viewBox="0 0 374.4 260"><rect width="374.4" height="260" fill="#fff"/>'
        f'<text x="4" y="20" font-size="13" font-weight="700">{words.title}</text>'
        f'<text x="4" y="36" font-size="9.5" fill="#5c6570">{words.measure}</text>'
        f'<path d="M30 210h330" stroke="#8a929b"/>{marks}'
        f'<text x="4" y="250" font-size="8" fill="#5c6570">{words.source}</text></svg>\n'
    )


def html(language: str) -> SimpleNamespace:
    """Return what a typesetter would hand over, in the markup that both typesetters write."""
    t = TEXTS[language]
    stop, dot = ("。", "　") if language == "zh" else (".", ". ")

    def section(i: int, inside: str) -> str:
        number = f'<span class="header-section-number">{i + 1}</span> ' if i < 4 else ""
        name = t["sections"][i]
        return f'<section id="{IDS[i]}" class="level1"><h1>{number}{name}</h1>{inside}</section>'

    def figure(n: int) -> str:
        return (
            f'<div id="fig-{n}" class="quarto-float quarto-figure"><figure class="quarto-float '
            f'quarto-float-fig figure"><div aria-describedby="fig-{n}-caption">'
            f'<img src="../../figures/fig{n}.{language}.svg" class="img-fluid" alt="x" /></div>'
            f'<figcaption class="quarto-float-fig" id="fig-{n}-caption">{t["fig"]} {n}{dot}'
            f"{t[f'fig{n}']}</figcaption></figure></div>"
        )

    def claim(id: str, text: str) -> str:
        mark = '<a href="../../notebooks/x.html" class="claim-mark" title="x">◦</a>'
        note = '<span class="claim-note" role="note"> (x)</span>'
        return f'<span class="claim" data-claim="{id}">{text}{mark}{note}</span>{stop}'

    head = "".join(f'<th style="text-align: left;">{name}</th>' for name in t["heads"])
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align: {"right" if i > 1 else "left"};">{cell}</td>'
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in t["rows"]
    )
    table = (
        '<div id="tbl-harbours" class="quarto-float"><figure class="quarto-float-tbl figure">'
        f'<figcaption class="quarto-float-tbl" id="tbl-caption">{t["table"]}</figcaption>'
        '<div aria-describedby="tbl-caption"><table><colgroup>'
        f"{WIDE * 5}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></figure></div>"
    )
    callout = (
        '<div class="callout callout-style-default callout-note callout-titled" role="note">'
        '<div class="callout-header"><div class="callout-icon-container">'
        '<i class="callout-icon"></i></div><div class="callout-title-container">'
        f'<span class="screen-reader-only">{t["callout"]}</span>{t["callout"]}</div></div>'
        f'<div class="callout-body-container callout-body"><p>{t["callout-text"]}</p></div></div>'
    )
    code = (
        '<div class="sourceCode" id="cb1"><pre class="sourceCode python"><code class="sourceCode '
        'python"><span id="cb1-1"><a href="#cb1-1" aria-hidden="true" tabindex="-1"></a>'
        '<span class="im">import</span> sea <span class="co"># 1</span></span></code></pre></div>'
    )
    cited = (
        f'(<a href="#fig-1" class="quarto-xref">{t["fig"]} 1</a>) <span class="citation" '
        'data-cites="board"><sup>[<a href="#ref-board">1</a>]</sup></span>'
        '<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>'
    )
    references = (
        '<div id="refs" class="references csl-bib-body" role="list">'
        '<div id="ref-board" class="csl-entry" role="listitem">'
        '<div class="csl-left-margin">[1] </div><div class="csl-right-inline"><span lang="en">'
        "Harbour Board. <em>Ledgers of the ten harbours</em>[R/OL]. "
        '<a href="https://example.org/ledgers">https://example.org/ledgers</a></span></div></div></div>'
    )
    footnotes = (
        '<section id="footnotes" class="footnotes" role="doc-endnotes"><hr /><ol><li id="fn1">'
        f'<p>{t["foot"]} <a href="#fnref1" role="doc-backlink">↩︎</a></p></li></ol></section>'
    )
    items = "".join(f"<li>{item}</li>" for item in t["list"])
    north = (
        '<section id="sec-north" class="level2"><h2><span class="header-section-number">1.1</span> '
        f"{t['sections'][1]}</h2><p>{t['long']}</p>{callout}</section>"
    )
    body = "\n".join(
        [
            section(0, f'<p>{t["lead"]}</p><p>{t["long"]} {cited}</p><ul>{items}</ul>{figure(1)}'
                       f'<p>{claim("cargo-grew", t["holds"])} {t["lead"]}</p>{north}'),
            section(1, f'<p>{t["lead"]} {t["long"]}</p>{table}<p>{t["lead"]}</p>'
                       f'<blockquote><p>{t["quote"]}</p></blockquote>'),
            section(2, f'<p>{t["long"]} <code>anew build --edition 2026</code></p>{code}'
                       f'<p>{t["lead"]}</p>'),
            section(3, f'<p>{claim("prices-rose", t["fails"])} {t["long"]} <strong>{t["callout"]}'
                       f'</strong> <em>{t["quote"]}</em></p>{figure(2)}<p>{t["lead"]} '
                       f'{claim("cargo-grew", t["holds"])}</p>'),
            section(4, references),
            footnotes,
        ]
    )  # fmt: skip

    def entry(number: str, id: str, text: str, *children: Any) -> SimpleNamespace:
        return SimpleNamespace(id=id, number=number, text=text, children=list(children))

    inner = entry("1.1", "sec-north", t["sections"][1])
    toc = [
        entry(str(i + 1) if i < 4 else "", IDS[i], name, *([inner] if i == 0 else []))
        for i, name in enumerate(t["sections"])
    ]
    abstract = f"<p>{t['lead']} {claim('cargo-grew', t['holds'])}</p>"
    return SimpleNamespace(
        title=f"{SITE.title[language]}<em>{'年鉴' if language == 'zh' else ' Yearbook'}</em>",
        lang=language,
        body=body,
        toc=toc,
        metadata={
            "subtitle": {"html": SITE.description[language], "text": SITE.description[language]},
            "abstract": {"html": abstract, "text": t["lead"]},
            "keywords": [{"html": word, "text": word} for word in SITE.keywords[language]],
        },
    )


def notebook(address: str) -> dict[str, Any]:
    """Return an executed notebook with every kind of cell and output."""

    def code(source: str, count: int, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict:
        return {"cell_type": "code", "source": source, "execution_count": count, "id": f"c{count}",
                "metadata": {"tags": list(tags)}, "outputs": list(outputs)}  # fmt: skip

    def text(source: str, id: str, *tags: str) -> dict[str, Any]:
        return {"cell_type": "markdown", "source": source, "id": id, "metadata": {"tags": [*tags]}}

    def shown(**data: str) -> dict[str, Any]:
        named = {key.replace("_", "/").replace("svg", "svg+xml"): v for key, v in data.items()}
        return {"output_type": "display_data", "data": named, "metadata": {}}

    table = (
        "<div>\n<style scoped>\n.dataframe th {vertical-align: top;}\n</style>\n"
        '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th>'
        "<th>economy</th><th>year</th><th>value</th></tr></thead><tbody>"
        "<tr><th>0</th><td>NOR</td><td>2019</td><td>14.25</td></tr></tbody></table></div>"
    )
    return {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            text(f"# {address}: 货物 · Cargo", "m0"),
            text("读入数据表，算出每年的吞吐量。\n\n## 数据", "m1", "zh"),
            text("Read the table and add up the cargo of each year.\n\n## Data", "m2", "en"),
            code("first_year: int | None = None  # the first year drawn\nmeasure = 'cargo'", 1,
                 tags=("parameters",)),
            code(SOURCE, 2,
                 {"output_type": "stream", "name": "stdout", "text": "6 rows 1500.0\n"},
                 {"output_type": "execute_result", "execution_count": 2, "metadata": {},
                  "data": {"text/html": table, "text/plain": "  economy"}}),
            code("session.figure(draw, data=frame, words=words)", 3,
                 *(shown(image_svg=picture(address, language),
                         text_plain=WEAVE.figures[address].words[language].alt)
                   for language in LANGUAGES)),
        ],
    }  # fmt: skip


def catalog() -> Catalog:
    """Return the sample's catalogue, with the hashes and rows of its files."""
    import hashlib
    from copy import deepcopy

    data = deepcopy(CATALOG)
    for name, vintage in data["tables"]["cargo"]["vintages"].items():
        vintage["sha256"] = hashlib.sha256(VINTAGES[name].encode()).hexdigest()
    return Catalog.model_validate(_named(data))


@dataclass(frozen=True)
class Built:
    files: dict[str, str | bytes]

    def pages(self) -> dict[str, str]:
        return {p: c for p, c in self.files.items() if p.endswith(".html") and isinstance(c, str)}


@cache
def build(site_url: str | None = None, fonts: Path | None = None, search: bool = False) -> Built:
    """Return the whole sample site; `fonts` and `search` add what takes a second."""
    from dataclasses import replace

    site = replace(SITE, site_url=site_url)
    files: dict[str, str | bytes] = {}
    tables = catalog()
    sizes = {("cargo", name): len(text.encode()) for name, text in VINTAGES.items()}
    used = {("cargo", "2026-01-01"): ["fig1", "fig2"]}
    figures = {}
    addresses = list(WEAVE.figures)
    for language in LANGUAGES:
        figures[language] = gather_figures(
            WEAVE.figures,
            language,
            pictures={address: picture(address, language) for address in addresses},
            data={"fig1": DATA, "fig2": WIDE_DATA},
        )
    notebooks = [
        Notebook(
            address,
            WEAVE.figures[address].notebook,
            notebook(address),
            {language: figures[language][address] for language in LANGUAGES},
            {language: picture(address, language) for language in LANGUAGES},
        )
        for address in addresses
    ]
    for language in LANGUAGES:
        dressing = Dressing(
            figures[language],
            WEAVE.claims,
            column_words(tables, language),
            site=site,
        )
        files[place("report", language)] = report_page(site, html(language), language, dressing)
        files[place("data", language)] = data_page(
            site, tables, language, sizes=sizes, used=used, numbers={"fig1": 1, "fig2": 2}
        )
        files[place("notebooks", language)] = notebook_list(site, notebooks, language)
        sheets = workbook_sheets(
            site, tables, language, list(figures[language].values()), [],
            names=column_words(tables, language), read=used,
        )  # fmt: skip
        files[workbook_path(language, "xlsx")] = as_xlsx(sheets, site, language)
        files[workbook_path(language, "ods")] = as_ods(sheets, site, language)
        for figure in figures[language].values():
            files[figure_path(figure.address, language)] = figure_page(site, figure)
        for entry in notebooks:
            files[notebook_path(entry.address, language)] = notebook_page(site, entry, language)
        files[place("pdf", language)] = b"%PDF-"
        for address in addresses:
            files[f"figures/{address}.{language}.svg"] = picture(address, language)
            files[f"figures/{address}.{language}.png"] = b"\x89PNG"
    for address in addresses:
        files[f"figures/{address}.csv"] = DATA
        files[f"notebooks/{address}.ipynb"] = "{}"
    for name, text in VINTAGES.items():
        files[vintage_path("cargo", name)] = text
    files["data/datapackage.json"] = data_package(site, tables, sizes)
    files["index.html"] = start_page(
        site, {language: list(figures[language].values()) for language in LANGUAGES}
    )
    style = theme_files(Project(ROOT))["theme/anew.css"]
    files["404.html"] = missing_page(site, style.decode() if isinstance(style, bytes) else style)
    files["manifest.json"] = "{}"
    files["robots.txt"] = robots(site)
    pages = {path: text for path, text in files.items() if path.endswith(".html")}
    if mapped := site_map(site, pages):
        files["sitemap.xml"] = mapped
    issues = [Issue(site.title, {}, site.date, edition.root, False) for edition in site.editions]
    for language in LANGUAGES:
        if text := feed(site, issues, language):
            files[place("feed", language)] = text
    files |= theme_files(Project(ROOT))
    if fonts is not None:
        files |= web_fonts(characters_on(pages.values()), fonts)
    else:
        files["theme/fonts.css"] = ""
    if search:
        files |= build_index(pages)
    for path in list(pages):  # the older edition, so that its links lead somewhere
        files[f"editions/2025/{path}"] = b""
    return Built(files)


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write a site into a folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


if __name__ == "__main__":
    from anew.figures.fonts import font_folder
    from anew.project.paths import Project

    write(Path(sys.argv[1]), build(fonts=font_folder(Project(ROOT)), search=True).files)
