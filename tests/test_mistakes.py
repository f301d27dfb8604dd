"""Mistakes of authors: `anew check` tells each by file, line and value before a notebook runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tiny

from anew.build import builder, check
from anew.build.sources import refuse_sources
from anew.project.errors import AnewError
from anew.project.paths import Project

QUARTO = "_quarto.yml"
UNITS = "analysis/units.yml"
NOTEBOOK = "analysis/other_total.ipynb"
ZH, EN, METADATA = "report/zh/index.qmd", "report/en/index.qmd", "report/en/_metadata.yml"
EDITIONS, CATALOG = "data/editions.yml", "data/catalog.yml"
RAW = "data/raw/rain/2024-01-01.csv"

TITLE = "title: {zh: 降水报告, en: Rain report}"
MARK = "<<<<<<< HEAD\n"
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
)
DEEP = "[" * 3000 + "]" * 3000

#: A name, the file, what stands there (None: all of it), what is written instead, what is told.
MISTAKES = [
    ("a text for a map", QUARTO, "anew:\n", "anew: Rain\nignored:\n",
     ["_quarto.yml, line 6: anew must have keys of its own, and is 'Rain'", "key: value"]),
    ("a list for a map", QUARTO, None, "- a\n- b\n",
     ["_quarto.yml, line 1: the file must have keys", "['a', 'b']"]),
    ("one title", QUARTO, TITLE, "title: Rain", ["line 7: anew.title must have keys", "'Rain'"]),
    ("no English title", QUARTO, TITLE, "title: {zh: 降水}",
     ["line 7: anew.title has no text in en"]),
    ("a typo in a key", QUARTO, TITLE, TITLE.replace("title", "titel"),
     ["line 7: unknown key anew.titel", "Did you mean 'title'?"]),
    ("an address without scheme", QUARTO, "title: Rain}", "title: Rain, site-url: example.org}",
     ["line 5: website.site-url is 'example.org'", "https://"]),
    ("a text for website", QUARTO, "website: {title: Rain}", "website: Rain",
     ["line 5: website must have keys", "'Rain'"]),
    ("a list for a title", QUARTO, "website: {title: Rain}", "website: {title: [a]}",
     ["line 5: website.title should be a valid string, not ['a']"]),
    ("a tab", QUARTO, "  type: website", "\ttype: website",
     ["_quarto.yml, line 2: not YAML", "indentation"]),
    ("a document that is not there", QUARTO, "report/en/index.qmd]", "report/en/indx.qmd]",
     ["_quarto.yml: project: render: names report/en/indx.qmd", "take it off the list"]),
    ("GBK in the configuration", QUARTO, None, "标题: 报告\n".encode("gbk"),
     ["_quarto.yml, line 1: not UTF-8", "It seems to be GBK: save it as UTF-8"]),
    ("UTF-16", QUARTO, None, "anew: {}\n".encode("utf-16"),
     ["_quarto.yml, line 1", "It is UTF-16"]),
    ("a conflict in the configuration", QUARTO, "anew:", MARK + "anew:",
     ["_quarto.yml, line 6: a merge conflict", "Keep one of the two versions"]),
    ("a key twice", QUARTO, "number-sections: true", "number-sections: true\nnumber-sections: no",
     ["line 9: number-sections appears twice, first in line 8", "Keep one"]),
    ("deep YAML", QUARTO, "number-sections: true", f"a: {DEEP}",
     ["_quarto.yml, line 8: nested too"]),
    ("a circle of anchors", QUARTO, "number-sections: true", "a: &a [*a]",
     ["line 8: nested too deeply, or repeated too often by anchors"]),
    ("a bomb of anchors", QUARTO, "number-sections: true", BOMB,
     ["repeated too often", "Write it out"]),
    ("an author as text", QUARTO, "anew:", "anew:\n  authors: [Ann]",
     ["line 7: anew.authors[0]", "'Ann'"]),
    ("a limit in words", QUARTO, "anew:", "anew:\n  limits: {seconds: soon}",
     ["line 7: anew.limits.seconds should be a valid number", "'soon'"]),
    ("decimals in words", UNITS, "decimals: 1}, en", "decimals: many}, en",
     ["analysis/units.yml, line 1: mm.zh.decimals should be a valid integer", "'many'"]),
    ("a unit without Chinese", UNITS, 'zh: {pattern: "{n} 毫米", decimals: 1}, ', "",
     ["analysis/units.yml, line 1: mm.zh is missing", "Add it"]),
    ("a unit twice", UNITS, "mm:", 'year: {zh: {pattern: "{n}"}, en: {pattern: "{n}"}}\nmm:',
     ["analysis/units.yml, line 3: year appears twice, first in line 1"]),
    ("a pattern without number", UNITS, "{n} mm", "mm",
     ["line 1: mm.en.pattern is 'mm', without {n}"]),
    ("another brace", UNITS, "{n} mm", "{x} mm", ["line 1: mm.en.pattern has a brace"]),
    ("a typo in a unit", UNITS, "decimals: 1}, en", "decimal: 1}, en",
     ["line 1: unknown key mm.zh.decimal", "Did you mean 'decimals'?"]),
    ("a list for a unit", UNITS, "mm:", "mm: [1]\nkm:", ["line 1: mm must have keys", "[1]"]),
    ("a conflict in the units", UNITS, "mm:", MARK + "mm:",
     ["units.yml, line 1: a merge conflict"]),
    ("GBK in the units", UNITS, None, "毫米".encode("gbk"), ["units.yml, line 1", "GBK"]),
    ("a scale of nothing", UNITS, "decimals: 1}, en", "scale: 0}, en",
     ["line 1: mm.zh.scale should be greater than 0, not 0"]),
    ("a difference of no unit", UNITS, "mm: {", "mm: {difference: pp, ",
     ["Unknown unit 'pp' in analysis/units.yml, line 1", "Valid: "]),
    ("an empty notebook", NOTEBOOK, None, "", [f"{NOTEBOOK} is empty", "Restore it"]),
    ("half a notebook", NOTEBOOK, None, "{", [f"{NOTEBOOK}, line 1: not JSON"]),
    ("a notebook of format 3", NOTEBOOK, '"nbformat": 4', '"nbformat": 3',
     [f"{NOTEBOOK}: a notebook of format 3, not 4", "jupyter nbconvert"]),
    ("a list for a notebook", NOTEBOOK, None, "[]", [f"{NOTEBOOK} is not a notebook"]),
    ("a conflict in a notebook", NOTEBOOK, ' "cells": [', MARK + ' "cells": [',
     [f"{NOTEBOOK}, line 2: a merge conflict"]),
    ("GBK in a notebook", NOTEBOOK, None, "降水".encode("gbk"), [f"{NOTEBOOK}, line 1", "GBK"]),
    ("a kernel of R", NOTEBOOK, '"name": "python3"', '"name": "ir"', ["its kernel is 'ir'"]),
    ("an unknown cell", NOTEBOOK, '"cell_type": "code"', '"cell_type": "cod"',
     [f"{NOTEBOOK}, cell 1: the cell_type is 'cod'", "code, markdown or raw"]),
    ("deep JSON", NOTEBOOK, None, "[" * 100_000, [f"{NOTEBOOK} is nested too deeply"]),
    ("a cell without source", NOTEBOOK, '"source": "import', '"sorce": "import',
     [f"{NOTEBOOK}, cell 2: its source is not text"]),
    ("stored outputs", NOTEBOOK, '"execution_count": null', '"execution_count": 3',
     [f"{NOTEBOOK}, cell 1: it is stored with outputs", "Clear All Outputs"]),
    ("no parameters cell", NOTEBOOK, '"parameters"', '"parameter"',
     ["other_total.ipynb: 0 cells are tagged `parameters`", "Tag exactly one"]),
    ("a parameter without type", NOTEBOOK, "edition: Optional[str] = None", "edition = None",
     ["other_total.ipynb: 'edition = None'", "name: type = default"]),
    ("a conflict in a text", ZH, "# 降水", MARK + "# 降水", [f"{ZH}, line 5: a merge conflict"]),
    ("GBK in a text", ZH, None, "降水".encode("gbk"), [f"{ZH}, line 1: not UTF-8", "GBK"]),
    ("an escape in a text", ZH, "# 降水", "# 降\x1b[31m水",
     [f"{ZH}, line 5", "U+001B", "Delete it"]),
    ("a text turned round", EN, "Rain grew", "Rain \u202egrew", [f"{EN}, line 7", "U+202E"]),
    ("an include from outside", EN, "# Rain", "{{< include ../../../../etc/passwd >}}\n\n# Rain",
     [f"{EN}:5: ../../../../etc/passwd is outside the project"]),
    ("an include of nothing", EN, "# Rain", "{{< include none.qmd >}}\n\n# Rain",
     [f"{EN}:5: no file none.qmd to include"]),
    ("an include of itself", EN, "# Rain", "{{< include index.qmd >}}\n\n# Rain",
     [f"{EN}:5: index.qmd includes itself", "Remove the circular include"]),
    ("a front matter cut off", EN, "---\ntitle", "--\ntitle", [f"{EN}:1: no title"]),
    ("a colon in a title", EN, "title: Rain report", "title: Rain: report",
     [f"{EN}:2: mapping values are not allowed here"]),
    ("an open front matter", EN, "Rain report\n---\n", "Rain report\n",
     [f"{EN}:1: the front matter has no end", "---"]),
    ("an open div", EN, "All the rain", "::: {.note}\n\nAll the rain",
     [f"{EN}:11: a div that is not closed"]),
    ("a figure that is not there", EN, "@fig-1", "@fig-9",
     [f"{EN}:7: undefined cross-reference @fig-9"]),
    ("a picture that is not there", EN, "All the rain", "![x](gone.png){#fig-x}\n\nAll the rain",
     [f"{EN}:11: no picture gone.png"]),
    ("a link that runs", EN, "All the rain is", "All the [rain](javascript:x) is",
     [f"{EN}:11: a link to javascript:x, which a reader's program would run"]),
    ("two figures of one name", EN, "All the rain",
     "![Rain](../../figures/fig1.en.svg){#fig-1}\n\nAll the rain",
     [f"{EN}:11: the id 'fig-1' stands 2 times", "Rename it"]),
    ("an unknown reference", EN, "All the rain is", "All the rain [@none2020] is",
     [f"{EN}:11: unknown citation key @none2020"]),
    ("broken metadata", METADATA, "lang: en", "lang: [en", [f"{METADATA}, line 2: not YAML"]),
    ("an unknown language", METADATA, "lang: en", "lang: klingon",
     [f"{METADATA}:1: lang: 'klingon'", "zh-Hans, en"]),
    ("deep metadata", METADATA, "lang: en", f"lang: {DEEP}", [f"{METADATA}, line 1: nested too"]),
    ("an unknown table", EDITIONS, "rain: 2024-01-01", "rian: 2024-01-01",
     [f"{EDITIONS}, line 8: edition 2024", "Unknown table 'rian'", "Did you mean 'rain'?"]),
    ("an unknown vintage", EDITIONS, "rain: 2024-01-01", "rain: 2024-01-02",
     [f"{EDITIONS}, line 8: edition 2024", "Unknown vintage '2024-01-02'"]),
    ("an unknown parameter", EDITIONS, "last_year: 2021", "last_yaer: 2021",
     ["Unknown parameter 'last_yaer'", f"{EDITIONS}, line 9", "Did you mean 'last_year'?"]),
    ("a parameter of a wrong type", EDITIONS, "last_year: 2021", "last_year: soon",
     [f"{EDITIONS}, line 9", "parameters.last_year: 'soon' is not a year"]),
    ("an unknown figure", EDITIONS, "fig1:", "fig2:",
     [f"{EDITIONS}, line 7", "Unknown figure 'fig2'", "Did you mean 'fig1'?"]),
    ("a date in words", EDITIONS, "date: 2024-03-01", "date: soon",
     [f"{EDITIONS}, line 4: editions.2024.date must be a date such as 2025-10-07"]),
    ("no editions", EDITIONS, "editions:", "edition:",
     [f"{EDITIONS}, line 1: unknown key edition", "Did you mean 'editions'?"]),
    ("a typo in the catalogue", CATALOG, "minimum: 0", "minimun: 0",
     [f"{CATALOG}, line 17: unknown key tables.rain.columns[2].minimun", "'minimum'"]),
    ("a wrong count of rows", CATALOG, "rows: 6", "rows: 7",
     [f"{RAW}: 6 rows, the catalogue says 7"]),
    ("an unknown type", CATALOG, "type: number", "type: numbr",
     [f"{CATALOG}, line 17: tables.rain.columns[2].type should be", "not 'numbr'"]),
    ("an unknown column", CATALOG, "key: [economy, year]", "key: [economy, yaer]",
     [f"{CATALOG}, line 5: tables.rain speaks of the column yaer"]),
    ("a file elsewhere", CATALOG, f"file: {RAW}", "file: ../../../etc/passwd",
     [f"{CATALOG}, line 5: tables.rain keeps vintage 2024-01-01 in ../../../etc/passwd"]),
    ("a word for a number", RAW, "FRA,2020,11", "FRA,2020,eleven",
     [f"{RAW}, row 3, column value: 'eleven' is not a number", "the file was changed"]),
    ("an empty table", RAW, None, "", [f"{RAW}: the file of vintage 2024-01-01 is empty"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A tiny report, never built; read only."""
    return tiny.make(tmp_path_factory.mktemp("mistakes") / "p", text=True)


@pytest.fixture
def project(report, tmp_path, monkeypatch):
    """A copy of it in which no notebook can run."""

    def run(*args: object) -> None:
        raise AnewError("a notebook would run")

    monkeypatch.setattr(builder, "gather", run)
    shutil.copytree(report.root, tmp_path / "p")
    return Project(tmp_path / "p")


def told(project: Project) -> str:
    """Return all that a person reads."""
    try:
        return "\n".join(check.check_project(project).errors)
    except AnewError as error:
        return str(error)


@pytest.mark.parametrize(("file", "old", "new", "words"), [one[1:] for one in MISTAKES],
                         ids=[one[0].replace(" ", "-") for one in MISTAKES])  # fmt: skip
def test_a_mistake_is_told_by_file_line_and_value(project, file, old, new, words):
    path = project.root / file
    if new is None:
        path.unlink()
    elif isinstance(new, bytes):
        path.write_bytes(new)
    else:
        text = path.read_text("utf-8") if old is not None else ""
        assert old is None or old in text
        path.write_text(new if old is None else text.replace(old, new, 1), "utf-8", newline="\n")
    said = told(project)
    for word in words:
        assert word in said
    assert "defect of the engine" not in said and "Traceback" not in said
    assert ".anew" not in said


@pytest.mark.parametrize("name", [QUARTO, UNITS, NOTEBOOK, ZH, EN, METADATA])
def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(project, name):
    path = project.root / name
    text = path.read_text("utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert told(project) == "a notebook would run"


LINKS = ["report/en/secret.qmd", "report/secret.css", "data/raw/x.csv", "analysis/secret.py"]


@pytest.mark.parametrize("place", [*LINKS, "report/folder"])
def test_a_link_out_of_the_project_is_refused_by_check_and_build(project, tmp_path, place):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (project.root / place).parent.mkdir(parents=True, exist_ok=True)
    (project.root / place).symlink_to(secret if "." in place else tmp_path)
    assert f"{place} is a symbolic link out of the project" in told(project)
    with pytest.raises(AnewError, match="symbolic link out of the project"):
        refuse_sources(project)


def test_a_link_within_the_project_is_no_mistake(project):
    (project.report / "en/again.qmd").symlink_to(project.report / "en/index.qmd")
    refuse_sources(project)


def test_all_mistakes_are_told_at_once(project):
    (project.root / UNITS).write_text("mm: 1\n")
    (project.root / NOTEBOOK).write_text("")
    said = told(project)
    assert "analysis/units.yml, line 1" in said and f"{NOTEBOOK} is empty" in said


def test_the_same_is_refused_by_a_build(project, anew):
    Path(project.root, EN).write_text(MARK, "utf-8")
    done = anew("build", cwd=project.root)
    assert done.returncode == 2 and f"{EN}, line 1: a merge conflict" in done.stderr
