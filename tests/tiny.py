"""A tiny project with a table, two notebooks and a text in two languages, made in a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from anew.project.language import TAGS
from anew.project.paths import Project

ROWS = "economy,year,value\nFRA,2019,10\nFRA,2020,11\nFRA,2021,12.5\nDEU,2019,20\nDEU,2020,21\nDEU,2021,19\n"

CATALOG = """\
economies:
  kept: [DEU, FRA]
  aggregates: {{}}
tables:
  rain:
    title: {{zh: 降水, en: Rain}}
    agency: {{zh: 气象局, en: Met Office}}
    code: RAIN.MM
    url: https://example.org/rain
    licence: CC0
    citation: Met Office. Rain.
    note: {{zh: 虚构, en: invented}}
    key: [economy, year]
    columns:
      - {{name: economy, type: economy, title: {{zh: 经济体, en: Economy}}}}
      - {{name: year, type: year, title: {{zh: 年份, en: Year}}}}
      - {{name: value, type: number, title: {{zh: 毫米, en: Millimetres}}, unit: {{zh: 毫米, en: mm}}, minimum: 0}}
    intake: {{layout: tidy}}
    vintages:
      2024-01-01:
        file: data/raw/rain/2024-01-01.csv
        published: 2024-01-01
        read: 2024-02-01
        sha256: {sha}
        rows: 6
        note: {{zh: 首版, en: first}}
"""

EDITIONS = """\
editions:
  "2024":
    title: {zh: 2024 年度版, en: Edition 2024}
    date: 2024-03-01
    note: {zh: 无, en: none}
    figures:
      fig1:
        tables: {rain: 2024-01-01}
        parameters: {last_year: 2021}
      other:
        tables: {rain: 2024-01-01}
"""

UNITS = """\
mm: {zh: {pattern: "{n} 毫米", decimals: 1}, en: {pattern: "{n} mm", decimals: 1}}
year: {zh: {pattern: "{n}", grouping: false}, en: {pattern: "{n}", grouping: false}}
"""

CHART = """\
from anew.figures.drawing import new_figure


def draw(frame, words, language):
    figure, grid = new_figure(words, language, 120, right=24)
    figure.add_subplot(grid[0, 0]).plot(frame["year"], frame["value"])
    return figure
"""

QUARTO = """\
project:
  type: website
  output-dir: _site
  render: [report/zh/index.qmd, report/en/index.qmd]
website: {title: Rain}
anew:
  title: {zh: 降水报告, en: Rain report}
number-sections: true
format:
  typst:
    font-paths: .anew/fonts
    template-partials: [.anew/report/typst/typst-template.typ, .anew/report/typst/typst-show.typ]
filters:
  - {path: .anew/report/filters/anew.lua, at: pre-ast}
  - {path: .anew/report/filters/pictures.lua, at: post-finalize}
"""

TEXT = {
    "zh": """\
---
title: 降水报告
---

# 降水 {#sec-rain}

[降水增加到 {{< var zh.rain_last >}}]{.claim ref="rain-grows"}，见 @fig-1，时在 {{< var zh.rain_year >}} 年。

![降水](../../figures/fig1.zh.svg){#fig-1}

全部降水为 {{< var zh.rain_total >}}。
""",
    "en": """\
---
title: Rain report
---

# Rain {#sec-rain}

[Rain grew to {{< var en.rain_last >}}]{.claim ref="rain-grows"}, see @fig-1, in {{< var en.rain_year >}}.

![Rain](../../figures/fig1.en.svg){#fig-1}

All the rain is {{< var en.rain_total >}}.
""",
}

FIG1 = [
    "from typing import Optional\n\nedition: Optional[str] = None\nlast_year: Optional[int] = None  # the last year drawn\n"
    'economy: str = "FRA"  # whose rain',
    "import anew\nfrom analysis import scale\nfrom anew.figures.drawing import Words\n"
    'session = anew.open("fig1", edition=edition, last_year=last_year, economy=economy)\n'
    "p = session.parameters",
    'rain = session.table("rain")\n'
    'frame = rain[(rain["economy"] == p.economy) & (rain["year"] <= p.last_year)].copy()\n'
    'frame["value"] *= scale.FACTOR',
    'session.fact("rain_last", frame["value"].iloc[-1], "mm")\n'
    'session.fact("rain_year", int(frame["year"].iloc[-1]), "year")\n'
    'session.claim("rain-grows", frame["value"].is_monotonic_increasing,\n'
    '              evidence=dict(zip(frame["year"], frame["value"])),\n'
    '              fails_when={"zh": "某年降水减少", "en": "rain falls in some year"})',
]

OTHER = [
    "from typing import Optional\n\nedition: Optional[str] = None",
    'import anew\nsession = anew.open("other", edition=edition)\n'
    'rain = session.table("rain")\n'
    'session.fact("rain_total", rain["value"].sum(), "mm")',
]

DRAW = (
    "from analysis import chart\n"
    'words = {"zh": Words("降水增加", "毫米", "", "降水从 10 增至 12.5 毫米"),\n'
    '         "en": Words("Rain grows", "mm", "", "Rain grew from 10 to 12.5 mm")}\n'
    "session.figure(draw=chart.draw, data=frame, words=words)"
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return path


def notebook(path: Path, cells: list[str]) -> Path:
    """Write a notebook whose first cell is tagged `parameters`."""
    listed = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"tags": ["parameters"]} if number == 0 else {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "cells": listed,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return write(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def add_text(root: Path) -> None:
    """Give the project a report in two languages."""
    for language, text in TEXT.items():
        write(root / f"report/{language}/index.qmd", text)
        write(root / f"report/{language}/_metadata.yml", f"lang: {TAGS[language]}\n")
    write(root / "_quarto.yml", QUARTO)


def make(root: Path, *, figure: bool = False, text: bool = False) -> Project:
    """Make the project under `root`.

    With `figure` its first notebook draws, and is slower by a second; with `text` it draws and
    has a report in two languages.
    """
    figure = figure or text
    sha = hashlib.sha256(ROWS.encode()).hexdigest()
    write(root / "data/raw/rain/2024-01-01.csv", ROWS)
    write(root / "data/catalog.yml", CATALOG.format(sha=sha))
    write(root / "data/editions.yml", EDITIONS if figure else EDITIONS.replace("fig1", "one"))
    write(root / "_quarto.yml", "project: {type: website}\n")
    write(root / "analysis/__init__.py", "")
    write(root / "analysis/scale.py", "FACTOR = 1\n")
    write(root / "analysis/chart.py", CHART)
    write(root / "analysis/units.yml", UNITS)
    first = FIG1 if figure else [cell.replace('"fig1"', '"one"') for cell in FIG1]
    cells = [*first, DRAW] if figure else first
    notebook(root / f"analysis/{'fig1' if figure else 'one'}_rain.ipynb", cells)
    notebook(root / "analysis/other_total.ipynb", OTHER)
    if text:
        add_text(root)
    return Project(root)
