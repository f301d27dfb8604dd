"""The recipe "Add a figure" of CONTRIBUTING, followed to the letter on a copy of the project."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from anew.project.language import LANGUAGES
from anew.project.paths import Project

ROOT = Path(__file__).parents[1]
GUIDES = {"en": ROOT / "CONTRIBUTING.md", "zh": ROOT / "CONTRIBUTING.zh.md"}
HEADING = {"en": "### Add a figure", "zh": "### 增加一幅图"}

QUESTION = """# 图 8　研发强度 · R&D intensity

**问题**　谁把最大的份额用于研发？

**Question**　Who spends the largest share on research and development?"""
PARAMETERS = """from typing import Optional

edition: Optional[str] = None  # the yearly report; None is the newest
first_year: Optional[int] = None  # None: what the edition says
last_year: Optional[int] = None  # the last year drawn
economies: Optional[list[str]] = None  # one line each"""
READ = """import anew
from analysis.fig8 import claims
from analysis.fig8.compute import rd_intensity
from analysis.shared.lines import lines

session = anew.open(
    "fig8", edition=edition, first_year=first_year, last_year=last_year, economies=economies
)
p = session.parameters
frame = rd_intensity(session.table("rd_share"), p.economies, p.first_year, p.last_year)"""
FIGURE = """first, last = claims.ends(frame)
words = claims.WORDS.figure(first=p.first_year, last=p.last_year, start=first, end=last)
session.figure(lines("intensity", "percent_2"), frame, words)"""
STATE = """holds = {"usa-intensity-rose": last > first}
session.state(claims.facts(frame), claims.claims(holds, frame))"""
COMPUTE = '''"""R&D intensity by year (Fig. 8)."""

import pandas as pd

from analysis.shared.panel import panel


def rd_intensity(
    rd_share: pd.DataFrame, economies: list[str], first: int, last: int
) -> pd.DataFrame:
    """Return economy, year, intensity in per cent of GDP, from economy, year, value."""
    wide = panel(rd_share, economies, range(first, last + 1))
    return wide.melt(var_name="economy", value_name="intensity", ignore_index=False).reset_index()
'''
CLAIMS = '''"""What Fig. 8 says."""

from collections.abc import Mapping

import pandas as pd

from analysis.shared.words import Book
from anew.notebook.findings import Claim, Quantity

WORDS = Book.beside(__file__)


def ends(frame: pd.DataFrame) -> tuple[float, float]:
    """Return the USA's intensity in the first and in the last year."""
    usa = frame[frame["economy"] == "USA"].set_index("year")["intensity"]
    return float(usa.iloc[0]), float(usa.iloc[-1])


def facts(frame: pd.DataFrame) -> dict[str, Quantity]:
    """Return the facts of the figure: id → (value, unit)."""
    return {"intensity_usa_now": (ends(frame)[1], "percent_2")}


def claims(holds: Mapping[str, bool], frame: pd.DataFrame) -> list[Claim]:
    """Return the claims that the text makes of the figure."""
    years = (int(frame["year"].min()), int(frame["year"].max()))
    told = {f"rd_share USA {y}, %": v for y, v in zip(years, ends(frame), strict=True)}
    return WORDS.claims(holds, {"usa-intensity-rose": told})
'''
WORDS = """title:
  zh: "美国的研发强度从 {start:percent.2} 变为 {end:percent.2}"
  en: "R&D intensity of {who} goes from {start:percent.2} to {end:percent.2}"
measure: {zh: 研发支出占 GDP 的比例（%）, en: "R&D expenditure, % of GDP"}
note: {zh: 缺数据的年份不插补。, en: A year without data stays open.}
alt:
  zh: "折线图，{first}—{last} 年，美国从 {start:percent.2} 到 {end:percent.2}。"
  en: "Lines, {first} to {last}; the USA goes from {start:percent.2} to {end:percent.2}."
fails:
  usa-intensity-rose: {zh: 末年不高于首年, en: the last year is not above the first}
""".replace("{who}", "the USA")
TEST = """from figure_checks import outcomes


def test_the_claim_turns_with_the_data():
    assert outcomes("fig8", first=3.0, last=3.4) == {"usa-intensity-rose": True}
    assert outcomes("fig8", first=3.4, last=3.0) == {"usa-intensity-rose": False}
"""
EDITION = """      fig8:
        tables: {rd_share: 2026-07-01}
        parameters: {first_year: 2014, last_year: 2023, economies: [USA, CHN, EUU]}
        last_year: {tables: [rd_share]}
"""
TEXT = {
    "zh": """
研发强度的变化见 @fig-8。

![研发强度](../../figures/fig8.zh.svg){#fig-8}

[美国的研发强度升到 {{< var zh.intensity_usa_now >}}]{.claim ref="usa-intensity-rose"}。
""",
    "en": """
How R&D intensity changed is in @fig-8.

![R&D intensity](../../figures/fig8.en.svg){#fig-8}

[The USA rose to {{< var en.intensity_usa_now >}}]{.claim ref="usa-intensity-rose"}.
""",
}


def recipe(language: str) -> str:
    """Return the section of CONTRIBUTING, without its heading."""
    text = GUIDES[language].read_text("utf-8").split(HEADING[language] + "\n", 1)[1]
    return text.split("\n### ", 1)[0]


def named(language: str) -> set[str]:
    """Return the files that the steps of the recipe name."""
    steps = re.findall(r"(?m)^\d+\. (?:.+\n?(?:   .+\n)*)", recipe(language))
    found = re.findall(r"`((?:analysis|data|report|tests)/[\w/.]+\.\w+)`", "".join(steps))
    return {path for path in found if "shared" not in path}


def notebook() -> str:
    cells = [nbformat.v4.new_markdown_cell(QUESTION, id="question")]
    for id, source in {
        "parameters": PARAMETERS,
        "read": READ,
        "figure": FIGURE,
        "state": STATE,
    }.items():
        cells.append(nbformat.v4.new_code_cell(source, id=id))
    cells[1].metadata["tags"] = ["parameters"]
    cells.insert(2, nbformat.v4.new_markdown_cell("## 读取 · Reading the table", id="reading"))
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=kernel)) + "\n"


def added(root: Path) -> dict[str, str]:
    """Return the files of a figure 8 as someone writes them who follows the recipe."""
    files = {
        "analysis/fig8_rd_intensity.ipynb": notebook(),
        "analysis/fig8/compute.py": COMPUTE,
        "analysis/fig8/claims.py": CLAIMS,
        "analysis/fig8/words.yml": WORDS,
        "tests/test_fig8.py": TEST,
    }
    editions = (root / "data/editions.yml").read_text("utf-8")
    head, newest = editions.rsplit("      paper:", 1)
    files["data/editions.yml"] = head + EDITION + "      paper:" + newest
    for language in LANGUAGES:
        path = f"report/{language}/_world.qmd"
        files[path] = (root / path).read_text("utf-8").rstrip("\n") + "\n" + TEXT[language]
    return files


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project with a figure 8, and nothing that is built."""
    root = tmp_path_factory.mktemp("recipe") / "project"
    apart = shutil.ignore_patterns(".git", ".anew", ".venv", "_site", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, root, ignore=apart)
    for name, text in added(root).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    return root


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_recipe_names_just_the_files_that_are_touched(language):
    assert named(language) == set(added(ROOT))
    assert len(named(language)) <= 8


def test_a_figure_made_by_the_recipe_is_built_and_checked(anew, copy):
    built = anew("build", "--only", "fig8", "--output", str(copy / "out"), cwd=copy)
    assert built.returncode == 0, built.stdout + built.stderr
    for language in LANGUAGES:
        assert list((copy / "out").rglob(f"fig8.{language}.svg")), built.stdout
    checked = anew("check", cwd=copy)
    said = checked.stdout + checked.stderr
    assert "fig8" not in said and "usa-intensity-rose" not in said, said
    assert checked.returncode == 0, said


def test_its_own_test_tests_its_claim(copy, monkeypatch):
    import figure_checks

    monkeypatch.setattr(figure_checks, "PROJECT", Project(copy))
    cells = json.loads((copy / "analysis/fig8_rd_intensity.ipynb").read_text("utf-8"))["cells"]
    assert any("holds = " in "".join(cell["source"]) for cell in cells)
    tests: dict[str, object] = {}
    exec(TEST, tests)
    monkeypatch.syspath_prepend(str(copy))
    import analysis

    monkeypatch.setattr(analysis, "__path__", [str(copy / "analysis")])
    tests["test_the_claim_turns_with_the_data"]()  # type: ignore[operator]
