"""`anew build --profile`: what ran, how long, and what held the build up."""

from __future__ import annotations

import json

import pytest
import tiny

from anew.build.graph import Timing
from anew.build.profile import critical_path, profile_lines


def timing(step: str, began: float, ended: float, *after: str) -> Timing:
    return Timing(step, step.upper(), began, ended - began, 0.5, "anew_0", after)


def test_the_critical_path_is_the_chain_that_ended_last():
    timings = [
        timing("tables", 0, 1),
        timing("short", 1, 2, "tables"),
        timing("long", 1, 5, "tables"),
        timing("site", 5, 6, "short", "long", "up to date"),
        timing("aside", 1, 3, "tables"),
    ]
    assert [one.step for one in critical_path(timings)] == ["tables", "long", "site"]
    head, first, *_ = profile_lines(timings)
    assert head.split() == ["wall", "s", "cpu", "s", "step"]
    assert first.split() == ["4.00", "0.50", "LONG"]
    assert "9.00     2.50  all steps, in 6.00 s" in "\n".join(profile_lines(timings))


def test_nothing_ran():
    assert profile_lines([]) == ["No step ran."]


@pytest.mark.slow
def test_a_build_writes_its_trace(tmp_path, anew):
    root = tiny.make(tmp_path / "p", figure=True).root
    done = anew("build", "--only", "fig1", "--profile", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "fig1: run fig1_rain.ipynb" in done.stdout and "Critical path:" in done.stdout
    events = json.loads((root / ".anew/profile.json").read_text("utf-8"))["traceEvents"]
    run = next(one for one in events if one["name"] == "fig1: run fig1_rain.ipynb")
    assert run["ph"] == "X" and run["dur"] > 0 and run["args"]["cpu_seconds"] > 0.05
    again = anew("build", "--only", "fig1", "--profile", cwd=root)
    assert "No step ran." in again.stdout
