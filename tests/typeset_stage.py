"""A small stage for the embedded typesetter: the report's filters, template, style; a text."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import yaml

from anew.figures.fonts import font_folder
from anew.project.paths import Project
from anew.project.provided import put_for_typesetters

ROOT = Path(__file__).parents[1]

PROJECT = {
    "project": {"type": "website"},
    "bibliography": "report/references.bib",
    "csl": ".anew/report/csl/gb-t-7714.csl",
    "citeproc": True,
    "link-citations": True,
    "number-sections": True,
    "filters": [
        {"path": ".anew/report/filters/anew.lua", "at": "pre-ast"},
        {"path": ".anew/report/filters/pictures.lua", "at": "post-finalize"},
        {"path": ".anew/report/filters/references.lua", "at": "post-finalize"},
    ],
    "format": {
        "html": {"toc": True, "appendix-style": "none", "html-math-method": "mathml"},
        "typst": {
            "papersize": "a4",
            "section-numbering": "1.1.1",
            "callout-icon": False,
            "template-partials": [
                ".anew/report/typst/typst-template.typ",
                ".anew/report/typst/typst-show.typ",
            ],
            "pdf-standard": ["a-2a", "ua-1"],
            "font-paths": "fonts",
        },
    },
}

BIBLIOGRAPHY = """\
@article{wang2020,
  author = {王, 小明 and 李, 四 and 张, 三 and 赵, 六},
  title = {数据的测算——一种视角},
  journaltitle = {经济学},
  date = {2020}, volume = {3}, number = {5}, pages = {23--41},
  langid = {chinese},
}
@article{wang2020-en,
  author = {Wang, Xiaoming and Li, Si and Zhang, San and Zhao, Liu},
  title = {Measuring data: A perspective of {China}},
  journaltitle = {Economics},
  date = {2020}, volume = {3}, number = {5}, pages = {23--41},
  langid = {english},
}
@report{smith2021,
  author = {Smith, John and Doe, Jane and Park, Jae-Rim and Roe, Richard},
  title = {Indicators},
  institution = {National Board}, location = {Alexandria, VA},
  date = {2021-03-08}, url = {https://example.org/r},
  langid = {english},
}
@online{bank2026,
  author = {{World Bank}},
  title = {A page},
  date = {2024-06-12}, urldate = {2026-07-01}, url = {https://example.org/p},
  langid = {english},
}
"""


def _figure(number: int, **alts: str) -> dict[str, object]:
    """A figure as a build gathers it, with its alternative text in each language."""
    words = {
        language: {"title": "", "measure": "", "note": "", "alt": alt}
        for language, alt in alts.items()
    }
    notebook = f"analysis/fig{number}_sums.ipynb"
    return {"address": f"fig{number}", "number": number, "notebook": notebook, **words}


WEAVE = {
    "edition": "2026",
    "date": "2026-07-01",
    "figures": {
        "fig1": _figure(1, zh='折线：中国 "升" 到 4,569', en='Lines: "up" to 4,569'),
        "fig2": _figure(2, zh="第二幅", en="The second"),
    },
    "facts": {
        "n": {"value": 758, "unit": "firms", "figure": "fig1", "zh": "758 家", "en": "758"},
    },
    "claims": {
        "china-first": {
            "holds": True,
            "figure": "fig1",
            "evidence": {"USA 2020": 2, "CHN 2020": 3.14159},
            "fails_when": {"zh": "中国不是第一", "en": "China is not first"},
        },
        "ireland-first": {
            "holds": False,
            "figure": "fig2",
            "evidence": {"IRL 2020": 1},
            "fails_when": {"zh": "爱尔兰不是 *第一*", "en": "Ireland is not *first*."},
        },
    },
}

VARIABLES = {
    "zh": {
        "n": "758 家",
        "money": "4,569 亿美元",
        "bold": "**粗**",
        "url": "https://example.org/v",
    },
    "en": {"n": "758", "money": "US$456.9 billion", "star": "5*", "url": "https://example.org/v"},
}

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="374" height="200" viewBox="0 0 374 200">'
    '<rect width="374" height="200" fill="#eef"/><path d="M9 190 L365 9" stroke="#036"/></svg>'
)

TABLE = "| {0} | b |\n| :--- | ---: |\n| 1 | 2.5 |\n\n: {0} computed {{#tbl-sums}}\n"

DOCUMENT = "report/{language}/index.qmd"


def make_stage(root: Path, text: str, language: str = "en", front: str = "title: A title") -> Path:
    """Write a stage into `root` whose one document holds `text`, from line 4 of its file on."""
    put_for_typesetters(Project(root))
    write(root / "report" / "references.bib", BIBLIOGRAPHY)
    write(root / "report" / "_built" / "weave.json", json.dumps(WEAVE, ensure_ascii=False))
    write(root / "_variables.yml", yaml.safe_dump(VARIABLES, allow_unicode=True))
    write(root / "_quarto.yml", yaml.safe_dump(PROJECT, sort_keys=False))
    lang = {"zh": "zh-Hans", "en": "en"}[language]
    extra = 'crossref:\n  title-delim: ""\n' if language == "zh" else ""
    write(root / "report" / language / "_metadata.yml", f"lang: {lang}\n{extra}")
    for name in ("zh", "en"):
        write(root / "report" / "_built" / name / "tbl-sums.md", TABLE.format(name))
    for number in (1, 2):
        for name in ("zh", "en"):
            write(root / "figures" / f"fig{number}.{name}.svg", SVG)
    write(root / document(language), f"---\n{front}\n---\n{text}")
    return root


def document(language: str = "en") -> str:
    return DOCUMENT.format(language=language)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@lru_cache(maxsize=1)
def fonts() -> Path:
    return font_folder(Project(ROOT))
