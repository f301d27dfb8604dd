"""A notebook runs in a child, whole or not at all, and what it read is known."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import nbformat
import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

from anew.build.plan import Request, make_plan
from anew.notebook.opening import plain_number
from anew.notebook.runner import NotebookError, dry_run, recorded_inputs, run_notebook
from anew.project.digests import ABSENT

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path):
    return tiny.make(tmp_path / "p")


def run(project, address="one", **request):
    plan = make_plan(project, Request(**request))
    return plan.runs[address], run_notebook(plan.runs[address])


def result(folder):
    return json.loads((folder / "result.json").read_text("utf-8"))


def test_a_notebook_states_facts_and_claims(project):
    done, _ = run(project)
    found = result(done.folder)
    assert found["facts"]["rain_last"] == {
        "value": 12.5, "unit": "mm", "figure": "one", "zh": "12.5 毫米", "en": "12.5 mm",
    }  # fmt: skip
    assert found["claims"]["rain-grows"]["holds"] is True
    assert found["claims"]["rain-grows"]["evidence"] == {"2019": 10.0, "2020": 11.0, "2021": 12.5}
    assert found["sources"][0]["vintage"] == "2024-01-01"


def test_what_it_read_is_recorded_modules_and_tables(project):
    done, inputs = run(project)
    there = {path.relative_to(project.root).as_posix() for path, d in inputs.items() if d != ABSENT}
    assert there == {
        "analysis/__init__.py", "analysis/scale.py", "analysis/units.yml",
        "data/raw/rain/2024-01-01.csv",
    }  # fmt: skip
    # a package of that name would be imported in place of the module
    assert inputs[project.root / "analysis/scale/__init__.py"] == ABSENT
    assert {project.relative(path) for path in recorded_inputs(project, done.folder)} == there


def test_parameters_reach_the_cells_and_make_another_folder(project):
    plain, _ = run(project)
    other, _ = run(project, parameters=("one.last_year=2020", "economy=DEU"))
    assert result(other.folder)["facts"]["rain_last"]["value"] == 21
    assert other.folder != plain.folder


def test_two_runs_give_the_same_bytes(project):
    def content(done):
        return {path.name: path.read_bytes() for path in done.folder.iterdir()}

    first = content(run(project)[0])
    assert content(run(project)[0]) == first
    assert b"start_time" not in first["notebook.ipynb"]


def test_a_failing_cell_is_quoted_with_its_error_and_leaves_the_last_result(project):
    done, _ = run(project)
    before = (done.folder / "result.json").read_bytes()
    cells = [cell.replace('"fig1"', '"one"') for cell in tiny.FIG1]
    tiny.notebook(project.analysis / "one_rain.ipynb", [*cells, "x = 1\ny = x / 0  # here"])
    with pytest.raises(NotebookError) as caught:
        run(project)
    said = str(caught.value)
    assert said.startswith("one: cell 6 of analysis/one_rain.ipynb failed")
    assert "│ y = x / 0  # here" in said and "ZeroDivisionError" in said
    assert caught.value.exit_code == 1
    assert (done.folder / "result.json").read_bytes() == before


def test_an_error_of_the_contract_is_told_without_a_traceback(project):
    tiny.notebook(
        project.analysis / "other_total.ipynb",
        [tiny.OTHER[0], tiny.OTHER[1].replace('table("rain")', 'table("snow")')],
    )
    with pytest.raises(NotebookError) as caught:
        run(project, "other")
    assert "Unknown table 'snow' in other, edition 2024" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_child_that_dies_is_an_error_with_its_exit_code(project):
    tiny.notebook(
        project.analysis / "other_total.ipynb", [tiny.OTHER[0], "import os; os._exit(11)"]
    )
    with pytest.raises(Exception, match="exit code 11"):
        run(project, "other")


def test_plain_papermill_gives_the_same_result(project):
    done, _ = run(project, parameters=("last_year=2020",))
    papermill = [sys.executable, "-m", "papermill", "analysis/one_rain.ipynb", "out.ipynb"]
    # papermill hands the edition's name over as a number
    typed = ["-p", "last_year", "2020", "-p", "edition", "2024"]
    subprocess.run(
        [*papermill, *typed, "--no-progress-bar"],
        cwd=project.root, check=True, capture_output=True,
    )  # fmt: skip
    assert result(project.work / "desk" / "one") == result(done.folder)


def test_plain_papermill_refuses_a_parameter_that_the_notebook_lacks(project):
    papermill = [sys.executable, "-m", "papermill", "analysis/one_rain.ipynb", "out.ipynb"]
    done = subprocess.run(
        [*papermill, "-p", "last_yaer", "2020", "--no-progress-bar"],
        cwd=project.root, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode and "Did you mean 'last_year'" in done.stderr


def test_it_runs_in_the_folder_that_jupyter_starts_in(project):
    code = (
        "import anew; from analysis import scale; s = anew.open('one');"
        "print(s.parameters.last_year, scale.FACTOR, s.edition.name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.analysis,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["2021", "1", "2024"]


def test_a_frame_shows_its_numbers_in_full(project):
    shown = "import pandas as pd\npd.DataFrame({'a': [4.73e12, 958.7, 0.0, float('nan')]})"
    tiny.notebook(project.analysis / "other_total.ipynb", [*tiny.OTHER, shown])
    done, _ = run(project, "other")
    cells = nbformat.read(done.folder / "notebook.ipynb", as_version=4)["cells"]
    html = cells[-1]["outputs"][0]["data"]["text/html"]
    assert re.findall("<td>(.*)</td>", html) == ["4,730,000,000,000", "958.7", "0", "NaN"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_a_frame_is_near_what_it_is(value):
    written = plain_number(value)
    assert float(written.replace(",", "")) == pytest.approx(value, rel=6e-3, abs=1e-300)
    assert "e+" not in written


def test_the_value_of_a_cells_last_line_is_kept_in_every_form(project):
    tiny.notebook(
        project.analysis / "other_total.ipynb",
        [tiny.OTHER[0], f"{tiny.OTHER[1]}\nprint('said')\nrain.head(1)", "x = 1;\nx", "x;", "None"],
    )
    done, _ = run(project, "other")
    cells = nbformat.read(done.folder / "notebook.ipynb", as_version=4)["cells"]
    first, second, *silent = [cell["outputs"] for cell in cells[-4:]]
    assert [output["output_type"] for output in first] == ["stream", "execute_result"]
    frame = first[1]
    assert frame["data"]["text/html"].count("<td>") == 3 and "FRA" in frame["data"]["text/plain"]
    assert first[0]["text"] == "said\n"
    assert [output["data"] for output in second] == [{"text/plain": "1"}]
    assert frame["execution_count"] == second[0]["execution_count"] - 1
    assert silent == [[], []]


def test_a_dry_run_states_the_same_and_writes_nothing(project):
    done, _ = run(project)
    stated = result(done.folder)
    main, before = sys.modules["__main__"], sorted(project.root.rglob("*"))
    found = dry_run(done).findings().model_dump(mode="json")
    for kind in ("facts", "claims", "statements", "sources"):
        assert found[kind] == stated[kind]
    written = {path for path in project.root.rglob("*") if "__pycache__" not in path.parts}
    assert written <= set(before)
    assert sys.modules["__main__"] is main


def test_a_dry_run_and_a_run_fail_with_the_same_words(project):
    tiny.notebook(project.analysis / "one_rain.ipynb", [*tiny.FIG1[:1], "1 / 0"])
    done = make_plan(project, Request()).runs["one"]
    told = []
    for execute in (dry_run, run_notebook):
        with pytest.raises(NotebookError) as caught:
            execute(done)
        told.append(str(caught.value))
    assert told[0] == told[1] and "ZeroDivisionError" in told[0]


def test_a_dry_run_imports_the_modules_of_its_own_project(tmp_path):
    for factor in (1, 2):
        project = tiny.make(tmp_path / str(factor))
        tiny.write(project.analysis / "scale.py", f"FACTOR = {factor}\n")
        planned = make_plan(project, Request()).runs["one"]
        assert dry_run(planned).findings().facts["rain_last"].value == 12.5 * factor


def test_what_a_notebook_is_forked_from_has_no_grammar_of_iris():
    """Python builds it at import, for longer than all else takes; a notebook may still want it."""
    script = """
import importlib, sys
from anew.notebook.child import PRELOAD
for name in PRELOAD:
    importlib.import_module(name)
assert "jsonschema" in sys.modules and not {"lark", "rfc3987_syntax"} & set(sys.modules)
import rfc3987_syntax
"""
    subprocess.run([sys.executable, "-c", script], check=True)
