"""What the data do not allow is refused before a notebook runs, and what they allow is told."""

from __future__ import annotations

import hashlib
import re

import pytest
import tiny

from anew.build.plan import Request, make_plan
from anew.notebook.runner import NotebookError, dry_run
from anew.project.errors import AnewError


@pytest.fixture
def project(tmp_path):
    return tiny.make(tmp_path / "p")


def planned(project, *parameters):
    return make_plan(project, Request(only=("one",), parameters=parameters)).runs["one"]


def test_the_largest_possible_year_is_named(project):
    with pytest.raises(AnewError) as refused:
        planned(project, "one.last_year=2099")
    assert str(refused.value) == (
        "-p one.last_year=2099, edition 2024: the data end in 2021 (rain, vintage 2024-01-01).\n"
        "  Give last_year at most 2021."
    )
    assert dry_run(planned(project, "one.last_year=2020")).findings().facts["rain_last"].value == 11


def test_a_rule_of_the_edition_says_which_tables_decide(project):
    rows = "economy,year,value\nFRA,2019,1\nDEU,2019,1\n"
    tiny.write(project.raw / "snow/2024-01-01.csv", rows)
    text = project.catalog_file.read_text("utf-8")
    snow = text[text.index("  rain:") :].replace("rain", "snow").replace("rows: 6", "rows: 2")
    sha = hashlib.sha256(rows.encode()).hexdigest()
    snow = re.sub(r"sha256: \w+", f"sha256: {sha}", snow)
    tiny.write(project.catalog_file, text + snow)
    editions = project.editions_file.read_text("utf-8").replace(
        "one:\n        tables: {rain: 2024-01-01}",
        "one:\n        tables: {rain: 2024-01-01, snow: 2024-01-01}\n"
        "        last_year: {tables: [snow]}",
    )
    tiny.write(project.editions_file, editions)
    with pytest.raises(AnewError, match="Give last_year at most 2019"):
        planned(project, "one.last_year=2021")


@pytest.mark.parametrize("typed", ["02021", "-02021"])
def test_a_number_with_a_leading_zero_is_no_octal_number(project, typed):
    with pytest.raises(AnewError, match=f"last_year is '{typed}'"):
        planned(project, f"one.last_year={typed}")


def test_what_the_code_refuses_is_not_told_as_a_broken_cell(project):
    refusal = "from anew.project.errors import AnewError\nraise AnewError('No rain.', 'Wait.')"
    tiny.notebook(project.analysis / "one_rain.ipynb", [tiny.FIG1[0], refusal])
    with pytest.raises(NotebookError) as refused:
        dry_run(planned(project))
    assert "No rain." in str(refused.value) and "Fix the cell" not in str(refused.value)
    assert "Change what it names, or the code: analysis/one_rain.ipynb." in str(refused.value)
