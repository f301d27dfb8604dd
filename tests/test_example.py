"""The second report, in `examples/`: it starts, checks, tests, goes on and can be reproduced."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[1] / "examples/daylight"


@pytest.fixture
def daylight(tmp_path):
    """A copy of the example, in a repository of its own."""
    root = tmp_path / "daylight"
    left = shutil.ignore_patterns(".anew", "_site", "figures", "__pycache__", ".pytest_cache")
    shutil.copytree(EXAMPLE, root, ignore=left)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "start"]):
        own = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *own, *command], cwd=root, check=True)
    return root


def test_the_example_is_sound_and_its_next_edition_takes_three_commands(daylight, anew):
    assert "All is well" in anew("check", "--strict", cwd=daylight).stdout
    compute = [sys.executable, "data/compute.py", "2024-01", "2026-12"]
    table = subprocess.run(compute, cwd=daylight, check=True, capture_output=True, text=True)
    (daylight.parent / "daylight.csv").write_text(table.stdout, "utf-8")
    taken = anew("ingest", "../daylight.csv", "--vintage", "2026-12-31", cwd=daylight)
    assert "120 unchanged" in taken.stdout or "150 unchanged" in taken.stdout, taken.stderr
    made = anew("edition", "new", "2026-12", cwd=daylight)
    assert "months: to 2026-12, was 2026-06" in made.stdout, made.stderr
    done = anew("build", cwd=daylight)
    assert done.returncode == 0, done.stderr
    page = (daylight / "_site/report/en/index.html").read_text("utf-8")
    assert "every month up to December 2026" in page
    assert "2026 年 12 月" in (daylight / "_site/report/zh/index.html").read_text("utf-8")


def test_the_example_is_reproduced(daylight, anew):
    recorded = anew("release", "2026-06", cwd=daylight)
    assert recorded.returncode == 0, recorded.stderr
    done = anew("reproduce", "report/manifests/2026-06.json", cwd=daylight)
    assert done.returncode == 0 and "Equal" in done.stdout, done.stderr


def test_what_the_example_computes_is_tested(daylight):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=daylight, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
