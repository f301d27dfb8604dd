"""The dry run's list of changes is what `anew diff` says once the edition is made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from agency_files import state
from tiny import ROWS, make

from anew.build.dry_run import next_name

#: In a process of its own: another test's `analysis` must not be found.
PROGRAM = """
import datetime, sys
from pathlib import Path
from anew.build.dry_run import compare_targets, consequences
from anew.text.facts import load_units
from anew.intake import ingest
from anew.project.paths import Project
from anew.editions.successor import add_edition, succeed
from anew.diff.telling import as_text

project, file = Project(Path(sys.argv[1])), Path(sys.argv[2])
today = datetime.date(2025, 2, 1)
given = dict(table="rain", vintage="2025-01-01", today=today)
if sys.argv[3] == "dry":
    report = ingest(project, [file], dry_run=True, consequences=consequences, **given)
    print("\\n".join(report.consequences))
else:
    ingest(project, [file], **given)
    add_edition(project, succeed(project, "2025"))
    comparison = compare_targets(project, "2024", "2025")
    print(as_text(comparison, load_units(project.units_file)))
"""


def run(project, file: Path, how: str) -> str:
    command = [sys.executable, "-c", PROGRAM, str(project.root), str(file), how]
    done = subprocess.run(command, capture_output=True, text=True, cwd=project.root, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path):
    (tmp_path / "rain").mkdir()
    return make(tmp_path / "rain")


def test_the_dry_run_tells_what_the_edition_would_change(project, tmp_path):
    file = tmp_path / "rain.csv"
    file.write_text(ROWS.replace("FRA,2021,12.5", "FRA,2021,10.5"), "utf-8")
    before = state(project)
    told = run(project, file, "dry")
    assert state(project) == before
    assert "rain: 2024-01-01 → 2025-01-01" in told
    after = run(project, file, "made")
    assert "rain-grows" in after and "rain_total" in after
    assert after.strip() in told


def test_a_vintage_that_says_the_same_changes_nothing(project, tmp_path):
    file = tmp_path / "rain.csv"
    file.write_text(ROWS, "utf-8")
    assert "Nothing changed." in run(project, file, "dry")


@pytest.mark.parametrize(("newest", "name"), [("2026", "2027"), ("pilot", "pilot-next")])
def test_the_edition_after_has_a_name(newest, name):
    assert next_name(newest) == name


def test_the_commands_agree_before_and_after(tmp_path, anew):
    """Dry run, ingest, new edition, build: three commands, no edit, and the list was right."""
    root = tmp_path / "p"
    project = make(root, text=True)
    rule = "parameters: {last_year: 2021}\n        last_year: {tables: [rain], with: [FRA]}"
    editions = project.editions_file.read_text("utf-8")
    project.editions_file.write_text(
        editions.replace("parameters: {last_year: 2021}", rule), "utf-8", newline="\n"
    )
    file = tmp_path / "rain.csv"
    newer = ROWS.replace("FRA,2021,12.5", "FRA,2021,10.5") + "FRA,2022,14\nDEU,2022,22\n"
    file.write_text(newer, "utf-8")
    given = ("ingest", str(file), "--table", "rain", "--vintage", "2025-01-01")

    def run(*arguments: str) -> str:
        done = anew(*arguments, cwd=root)
        assert done.returncode == 0, done.stderr
        return done.stdout

    before = state(project)
    dry = run(*given, "--dry-run")
    assert state(project) == before and not (root / "_site").exists()
    run(*given)
    run("edition", "new", "2025")
    run("build", "--formats", "html")
    told = run("diff", "2024", "2025").rstrip("\n").splitlines()
    assert "rain_last: 12.5 mm → 14.0 mm" in "\n".join(told)
    assert "1 value for new periods (2022)" in "\n".join(told)
    assert "rain-grows (fig1): true → false" in "\n".join(told)
    said = [line.removeprefix("  ") for line in dry.splitlines()]
    start = said.index(told[0])
    assert said[start : start + len(told)] == told
