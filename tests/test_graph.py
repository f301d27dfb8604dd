"""The build graph: content decides, a failure stops only what depends on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anew.build.graph import Step, digest_file, explain_steps, run_steps
from anew.build.progress import Quiet
from anew.project.errors import AnewError, BuildError


def copy_step(name: str, source: Path, target: Path, log: list[str], **settings) -> Step:
    def run():
        log.append(name)
        target.write_text(source.read_text() + name)
        return []

    return Step(name, f"make {name}", run, [source], [target], settings)


@pytest.fixture
def chain(tmp_path):
    """a → b → c, and d on its own."""
    log: list[str] = []
    for name in ("in", "other"):
        (tmp_path / name).write_text(name)

    def steps(**settings):
        return [
            copy_step("a", tmp_path / "in", tmp_path / "a", log, **settings),
            copy_step("b", tmp_path / "a", tmp_path / "b", log),
            copy_step("c", tmp_path / "b", tmp_path / "c", log),
            copy_step("d", tmp_path / "other", tmp_path / "d", log),
        ]

    def run(jobs=2, **settings):
        log.clear()
        outcome = run_steps(steps(**settings), tmp_path, tmp_path / "graph.json", jobs, Quiet())
        return outcome, sorted(log)

    run.steps = steps
    run.folder = tmp_path
    return run


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_all_runs_once_and_then_nothing(chain, jobs):
    assert chain(jobs)[1] == ["a", "b", "c", "d"]
    assert (chain.folder / "c").read_text() == "inabc"
    outcome, ran = chain(jobs)
    assert ran == [] and sorted(outcome.skipped) == ["a", "b", "c", "d"]


def test_a_change_runs_what_depends_on_it_and_no_more(chain):
    chain()
    (chain.folder / "in").write_text("new")
    assert chain()[1] == ["a", "b", "c"]


def test_time_never_counts_content_does(chain):
    chain()
    before = os.stat(chain.folder / "in")
    os.utime(chain.folder / "in", (1, 1))
    assert chain()[1] == []
    (chain.folder / "in").write_text("IN")  # same length, same time
    os.utime(chain.folder / "in", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert chain()[1] == ["a", "b", "c"]


def test_a_result_that_comes_out_equal_stops_the_chain(tmp_path):
    log: list[str] = []
    (tmp_path / "in").write_text("x")

    def constant():
        log.append("a")
        (tmp_path / "a").write_text("always")
        return []

    def run():
        log.clear()
        steps = [
            Step("a", "a", constant, [tmp_path / "in"], [tmp_path / "a"]),
            copy_step("b", tmp_path / "a", tmp_path / "b", log),
        ]
        run_steps(steps, tmp_path, tmp_path / "graph.json", 1, Quiet())
        return list(log)

    assert run() == ["a", "b"]
    (tmp_path / "in").write_text("y")
    assert run() == ["a"]


def test_a_changed_setting_is_explained_by_its_values(chain):
    chain(year=2022)
    explained = explain_steps(chain.steps(year=2023), chain.folder, chain.folder / "graph.json")
    said = {one.step.name: one.reasons for one in explained}
    assert said["a"] == ("year changed from 2022 to 2023",)
    assert said["b"] == ("make a would run",) and said["c"] == ("make b would run",)
    assert said["d"] == ()
    assert chain(year=2023)[1] == ["a"]  # what it makes is equal, so b need not run


def test_explain_names_the_file_that_changed_and_runs_nothing(chain):
    chain()
    (chain.folder / "other").write_text("changed")
    explained = explain_steps(chain.steps(), chain.folder, chain.folder / "graph.json")
    reasons = {one.step.name: one.reasons for one in explained if one.reasons}
    assert list(reasons) == ["d"] and "other changed" in reasons["d"][0]
    assert (chain.folder / "d").read_text() == "otherd"


def test_an_output_that_was_changed_or_lost_is_made_again(chain):
    chain()
    (chain.folder / "b").write_text("tampered")
    said = explain_steps(chain.steps(), chain.folder, chain.folder / "graph.json")[1].reasons
    assert said == ("its output b was changed by another hand",)
    assert chain()[1] == ["b"]  # c's input is as it was
    (chain.folder / "d").unlink()
    assert chain()[1] == ["d"]
    assert (chain.folder / "b").read_text() == "inab"


def test_a_failure_stops_what_depends_on_it_and_is_tried_again(tmp_path):
    log: list[str] = []
    (tmp_path / "in").write_text("x")
    broken = [True]

    def fail():
        log.append("a")
        if broken[0]:
            raise AnewError("the cell failed", "mend it")
        (tmp_path / "a").write_text("a")
        return []

    def run():
        log.clear()
        steps = [
            Step("a", "a", fail, [tmp_path / "in"], [tmp_path / "a"]),
            copy_step("b", tmp_path / "a", tmp_path / "b", log),
            copy_step("d", tmp_path / "in", tmp_path / "d", log),
        ]
        return run_steps(steps, tmp_path, tmp_path / "graph.json", 2, Quiet())

    outcome = run()
    assert sorted(log) == ["a", "d"] and list(outcome.failed) == ["a"]
    assert "the cell failed" in str(outcome.failed["a"])
    broken[0] = False
    outcome = run()
    assert sorted(log) == ["a", "b"] and not outcome.failed and outcome.skipped == ["d"]


def test_an_exception_nobody_foresaw_is_a_build_error_with_its_place(tmp_path):
    (tmp_path / "in").write_text("x")

    def fail():
        return 1 / 0

    steps = [Step("a", "a", fail, [tmp_path / "in"], [tmp_path / "a"])]
    outcome = run_steps(steps, tmp_path, tmp_path / "graph.json", 1, Quiet())
    assert "ZeroDivisionError" in str(outcome.failed["a"])
    assert "test_graph.py" in str(outcome.failed["a"])


def test_an_input_found_while_running_counts_from_then_on(tmp_path):
    runs: list[str] = []
    (tmp_path / "in").write_text("x")
    (tmp_path / "found").write_text("1")

    def run():
        def work():
            runs.append("a")
            (tmp_path / "a").write_text((tmp_path / "found").read_text())
            return [tmp_path / "found"]

        known = [tmp_path / "found"] if runs else []
        steps = [Step("a", "a", work, [tmp_path / "in", *known], [tmp_path / "a"])]
        run_steps(steps, tmp_path, tmp_path / "graph.json", 1, Quiet())
        return len(runs)

    assert (run(), run()) == (1, 1)
    (tmp_path / "found").write_text("2")
    assert run() == 2 and (tmp_path / "a").read_text() == "2"


def test_two_steps_with_one_output_are_refused(tmp_path):
    (tmp_path / "in").write_text("x")
    steps = [copy_step(n, tmp_path / "in", tmp_path / "same", []) for n in ("a", "b")]
    with pytest.raises(BuildError, match="not sound"):
        run_steps(steps, tmp_path, tmp_path / "graph.json", 1, Quiet())


def test_a_notebook_counts_by_its_cells_not_by_outputs(tmp_path):
    import json

    def notebook(source, outputs, count=None):
        cell = {"cell_type": "code", "source": [source], "metadata": {}, "outputs": outputs}
        path = tmp_path / "fig1_x.ipynb"
        path.write_text(json.dumps({"cells": [{**cell, "execution_count": count}]}))
        return digest_file(path)

    plain = notebook("x = 1", [])
    assert notebook("x = 1", [{"output_type": "stream", "text": ["1"]}], 4) == plain
    assert notebook("x = 2", []) != plain


def test_a_project_can_be_moved_with_what_it_built(tmp_path):
    import shutil

    def run(root):
        log: list[str] = []
        steps = [copy_step("a", root / "in", root / "a", log)]
        run_steps(steps, root, root / "graph.json", 1, Quiet())
        return log

    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "in").write_text("x")
    assert run(tmp_path / "one") == ["a"]
    shutil.move(tmp_path / "one", tmp_path / "two")
    assert run(tmp_path / "two") == []
