"""The build graph: content decides, nothing stale is recorded, failures stop what needs them."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anew.build.graph import Memory, Outcome, PlanChanged, Step
from anew.build.progress import Quiet
from anew.build.records import Records
from anew.build.running import explain_steps, run_steps
from anew.project.digests import Digests
from anew.project.errors import AnewError, BuildError
from anew.project.writing import sealed


def memory(root: Path, **given) -> Memory:
    return Memory(root, root / "work", **given)


def run(steps: list[Step], root: Path, jobs: int = 2, **given) -> Outcome:
    return run_steps(steps, memory(root, **given), jobs, Quiet())


def copy_step(name: str, source: Path, target: Path, log: list[str], **given) -> Step:
    def work():
        log.append(name)
        target.write_text(source.read_text() + name)

    return Step(name, f"make {name}", work, [source], [target], given)


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

    def build(jobs=2, **settings):
        log.clear()
        return run(steps(**settings), tmp_path, jobs), sorted(log)

    def reasons(**settings):
        explained = explain_steps(steps(**settings), memory(tmp_path))
        return {one.step.name: one.reasons for one in explained if one.reasons}

    build.reasons, build.folder = reasons, tmp_path
    return build


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

    def build():
        log.clear()
        steps = [
            Step("a", "a", constant, [tmp_path / "in"], [tmp_path / "a"]),
            copy_step("b", tmp_path / "a", tmp_path / "b", log),
        ]
        run(steps, tmp_path)
        return list(log)

    assert build() == ["a", "b"]
    (tmp_path / "in").write_text("y")
    assert build() == ["a"]


def test_a_changed_setting_is_explained_by_its_values(chain):
    chain(year=2022)
    assert chain.reasons(year=2023) == {
        "a": ("year changed from 2022 to 2023",),
        "b": ("make a would run",),
        "c": ("make b would run",),
    }
    assert chain(year=2023)[1] == ["a"]  # what it makes is equal, so b need not run


def test_the_engine_is_an_input_of_every_step(tmp_path):
    log: list[str] = []
    (tmp_path / "in").write_text("x")
    steps = [copy_step("a", tmp_path / "in", tmp_path / "a", log)]
    for engine in ("1", "1", "2"):
        run(steps, tmp_path, engine={"engine": engine})
    assert log == ["a", "a"]


def test_explain_names_the_file_that_changed_and_runs_nothing(chain):
    chain()
    (chain.folder / "other").write_text("changed")
    assert chain.reasons() == {"d": ("other changed",)}
    assert (chain.folder / "d").read_text() == "otherd"


def test_an_output_that_was_changed_or_lost_is_made_again(chain):
    chain()
    (chain.folder / "b").write_text("tampered")
    assert chain.reasons()["b"] == ("its output b was changed outside the build",)
    assert chain()[1] == ["b"]  # c's input is as it was
    (chain.folder / "d").unlink()
    assert chain.reasons() == {"d": ("its output d is missing",)}
    assert chain()[1] == ["d"]
    assert (chain.folder / "b").read_text() == "inab"


ERRORS = [
    OSError(28, "No space left on device"), KeyError("year"), MemoryError(), SystemExit(0),
    AnewError("the cell failed", "mend it"), ZeroDivisionError("division by zero"),
]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_whatever_breaks_fails_its_step_and_what_depends_on_it_and_is_tried_again(tmp_path, error):
    log: list[str] = []
    (tmp_path / "in").write_text("x")
    broken = [True]

    def fail():
        log.append("a")
        (tmp_path / "a").write_text("a")
        if broken[0]:
            raise error

    def build():
        log.clear()
        steps = [
            Step("a", "draw a", fail, [tmp_path / "in"], [tmp_path / "a"]),
            copy_step("b", tmp_path / "a", tmp_path / "b", log),
            copy_step("c", tmp_path / "b", tmp_path / "c", log),
            copy_step("d", tmp_path / "in", tmp_path / "d", log),
        ]
        return run(steps, tmp_path)

    outcome = build()
    assert sorted(log) == ["a", "d"]
    assert list(outcome.failed) == ["a"] and sorted(outcome.blocked) == ["b", "c"]
    told = str(outcome.failed["a"])
    assert "the cell failed" in told if type(error) is AnewError else "draw a: " in told
    broken[0] = False
    outcome = build()
    assert sorted(log) == ["a", "b", "c"] and not outcome.failed and outcome.skipped == ["d"]


def test_a_step_that_does_not_make_what_it_declares_has_failed(tmp_path):
    (tmp_path / "in").write_text("x")
    made = [tmp_path / "a", tmp_path / "b"]
    step = Step("a", "draw a", lambda: made[0].write_text("a") and None, [tmp_path / "in"], made)
    for _ in range(2):
        outcome = run([step], tmp_path)
        assert str(outcome.failed["a"]) == "draw a: it did not make b."


def test_an_error_between_a_step_and_its_record_fails_the_step(chain, monkeypatch):
    def full(self, record):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Records, "write", full)
        outcome, _ = chain()
    assert set(outcome.failed) == {"a", "d"} and not outcome.ran
    assert str(outcome.failed["a"]).startswith("make a: The system: No space left on device.")
    assert not chain()[0].failed


def test_inputs_found_while_running_and_before_it_count_from_then_on(tmp_path):
    log: list[str] = []
    for name in ("in", "found", "late"):
        (tmp_path / name).write_text("1")

    def work():
        log.append("a")
        digest = Digests().of(tmp_path / "found")
        (tmp_path / "a").write_text((tmp_path / "found").read_text())
        return {tmp_path / "found": digest, tmp_path / "none": Digests().of(tmp_path / "none")}

    step = Step(
        "a", "a", work, [tmp_path / "in"], [tmp_path / "a"], late=lambda: [tmp_path / "late"]
    )
    for changed in ("", "", "found", "late", "none", ""):
        if changed:
            (tmp_path / changed).write_text("2")
            assert [one.reasons for one in explain_steps([step], memory(tmp_path))] == [
                (f"{changed} changed",)
            ]
        run([step], tmp_path)
    assert len(log) == 4


def test_an_input_saved_while_a_step_reads_it_makes_the_step_run_again(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_text("old")
    runs: list[str] = []

    def work():
        runs.append(source.read_text())
        if len(runs) == 1:
            source.write_text("new")
        target.write_text(runs[-1])

    outcome = run([Step("a", "a", work, [source], [target])], tmp_path)
    assert runs == ["old", "new"] and outcome.ran == ["a"] and target.read_text() == "new"


def test_a_file_that_keeps_changing_fails_the_step_and_is_named(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_text("0")

    def work():
        source.write_text(source.read_text() + "1")
        target.write_text("x")

    step = Step("a", "read it", work, [source], [target])
    outcome = run([step], tmp_path)
    assert str(outcome.failed["a"]).startswith("read it: in keeps changing while it is read.")
    assert explain_steps([step], memory(tmp_path))[0].reasons == ("it has not been built",)


def test_a_file_of_the_plan_that_changes_stops_the_run_and_records_nothing(tmp_path):
    plan, target = tmp_path / "plan", tmp_path / "out"
    plan.write_text("old")
    guard = {plan: Digests().of(plan)}

    def work():
        target.write_text(plan.read_text())
        plan.write_text("new")

    step = Step("a", "a", work, [], [target])
    with pytest.raises(PlanChanged):
        run([step], tmp_path, guard=guard)
    plan.write_text("old")
    assert explain_steps([step], memory(tmp_path))[0].reasons == ("it has not been built",)


def test_a_folder_is_an_output_with_all_that_it_holds(tmp_path):
    (tmp_path / "in").write_text("x")
    folder = tmp_path / "folder"

    def work():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in "ab":
            (folder / name).write_text(name)

    log: list[str] = []
    steps = [
        Step("f", "f", work, [tmp_path / "in"], [], folders=[folder]),
        copy_step("c", folder / "a", tmp_path / "c", log),
    ]
    run(steps, tmp_path)
    for damage in (
        lambda: (folder / "b").write_text("x"),
        lambda: (folder / "b").unlink(),
        lambda: (folder / "stray").write_text("x"),
    ):
        damage()
        assert run(steps, tmp_path).ran == ["f"]
        assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]
    assert log == ["c"]


def test_a_graph_that_is_not_sound_is_refused(tmp_path):
    (tmp_path / "in").write_text("x")
    twice = [copy_step(n, tmp_path / "in", tmp_path / "same", []) for n in ("a", "b")]
    with pytest.raises(BuildError, match="a and b both make"):
        run(twice, tmp_path)
    circle = [copy_step("a", tmp_path / "b", tmp_path / "a", []),
              copy_step("b", tmp_path / "a", tmp_path / "b", [])]  # fmt: skip
    with pytest.raises(BuildError, match="cycle: [ab] → [ab] → [ab]"):
        run(circle, tmp_path)


def test_a_notebook_counts_as_its_author_wrote_it(tmp_path):
    def digest(**changed):
        cell = {"cell_type": "code", "source": ["x = 1"], "metadata": {}, "outputs": []}
        cell |= {"execution_count": None, "id": "a"} | changed
        path = tmp_path / "fig1_x.ipynb"
        path.write_text(json.dumps({"cells": [cell], "metadata": {}}))
        return Digests().of(path)

    plain = digest()
    run_ = {"outputs": [{"output_type": "stream", "text": ["1"]}], "execution_count": 4}
    assert digest(**run_, metadata={"execution": {"iopub": "now"}}) == plain
    assert digest(source=["x = 2"]) != plain
    assert digest(metadata={"tags": ["parameters"]}) != plain


def test_a_project_can_be_moved_with_what_it_built(tmp_path):
    log: list[str] = []

    def build(root):
        log.clear()
        run([copy_step("a", root / "in", root / "a", log)], root)
        return list(log)

    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "in").write_text("x")
    assert build(tmp_path / "one") == ["a"]
    shutil.move(tmp_path / "one", tmp_path / "two")
    assert build(tmp_path / "two") == []


def test_digests_are_remembered_only_of_files_that_rest(tmp_path):
    file, kept = tmp_path / "f", tmp_path / "kept"
    file.write_text("a")
    digests = Digests(kept)
    fresh = digests.of(file)
    digests.save()
    assert not kept.exists()  # written a moment ago: a second write could look the same
    os.utime(file, (1, 1))
    assert digests.of(file) == fresh  # the change time is a moment ago still
    digests.save()
    assert not kept.exists()


# A graph over a few files, any of which an author may save at any moment of a build, and a build
# may be killed at any moment. What the graph then calls up to date is what a clean build makes.

SOURCES = ("one", "two", "config", "extra")


def graph(root: Path, during=lambda step: None) -> list[Step]:
    """left(one, extra if one names it) → join(left, right(two)) → folder(join, config)."""

    def read(name: str) -> str:
        path = root / name
        return path.read_text() if path.exists() else "-"

    def left():
        found = {}
        text = read("one")
        if "x" in text:
            found[root / "extra"] = Digests().of(root / "extra")
            text += read("extra")
        during("left")
        (root / "left").write_text(text)
        return found

    def right():
        text = read("two")
        during("right")
        (root / "right").write_text(text.upper())

    def join():
        text = read("left")
        during("join")
        (root / "join").write_text(text + read("right"))

    def folder():
        shutil.rmtree(root / "site", ignore_errors=True)
        (root / "site").mkdir()
        (root / "site" / "page").write_text(read("join"))
        during("folder")
        (root / "site" / "extra").write_text(read("config"))

    return [
        Step("left", "left", left, [root / "one"], [root / "left"]),
        Step("right", "right", right, [root / "two"], [root / "right"]),
        Step("join", "join", join, [root / "left", root / "right"], [root / "join"]),
        Step("folder", "folder", folder, [root / "join", root / "config"], [],
             folders=[root / "site"]),
    ]  # fmt: skip


def made(root: Path) -> dict[str, str]:
    names = ("left", "right", "join", "site/page", "site/extra")
    return {name: (root / name).read_text() for name in names}


class Killed(BaseException):
    """Stands for a kill: nothing after it is done."""


EDIT = st.tuples(st.sampled_from(SOURCES), st.sampled_from(["a", "b", "x", "xa", None]))
STEP = st.sampled_from(["left", "right", "join", "folder"])
ACTION = st.one_of(
    st.tuples(st.just("edit"), EDIT),
    st.tuples(st.just("build"), st.none()),
    st.tuples(st.just("edit during"), st.tuples(STEP, EDIT)),
    st.tuples(st.just("kill during"), STEP),
    st.tuples(st.just("damage"), st.sampled_from(["left", "join", "site/page", "work/records"])),
)


def save(root: Path, edit: tuple[str, str | None]) -> None:
    name, text = edit
    path = root / name
    path.unlink(missing_ok=True) if text is None else path.write_text(text)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(ACTION, min_size=1, max_size=8))
def test_what_is_up_to_date_is_what_a_clean_build_makes(tmp_path_factory, actions):
    root = tmp_path_factory.mktemp("graph", numbered=True)
    for name in SOURCES:
        (root / name).write_text("a")

    def act(kind: str, what) -> None:
        once = threading.Lock()

        def during(step: str) -> None:
            if kind == "edit during" and step == what[0] and once.acquire(blocking=False):
                save(root, what[1])
            if kind == "kill during" and step == what:
                raise Killed

        if kind == "edit":
            save(root, what)
        elif kind == "damage":
            target = root / what
            if target.is_dir():
                for path in target.iterdir():
                    path.write_text(path.read_text()[:20])
            elif target.exists():
                target.write_text("damaged")
        else:
            run(graph(root, during), root)

    for action in actions:
        act(*action)
        if not any(one.reasons for one in explain_steps(graph(root), memory(root))):
            now = made(root)
            clean = tmp_path_factory.mktemp("clean", numbered=True)
            for name in SOURCES:
                save(clean, (name, (root / name).read_text() if (root / name).exists() else None))
            assert not run(graph(clean), clean).failed
            assert made(clean) == now
    assert not run(graph(root), root).failed
    assert not any(one.reasons for one in explain_steps(graph(root), memory(root)))
    assert not run(graph(root), root).ran
    shutil.rmtree(root)


def test_the_longest_way_to_the_end_is_begun_first(tmp_path):
    """By what steps took before; a damaged memory of that is an empty one."""
    log: list[str] = []
    (tmp_path / "in").write_text("x")
    slow = {"d"}

    def step(name: str, source: str) -> Step:
        def work():
            log.append(name)
            time.sleep(0.05 * (name in slow))
            (tmp_path / name).write_text((tmp_path / source).read_text())

        return Step(name, name, work, [tmp_path / source], [tmp_path / name])

    def begun(text: str) -> str:
        (tmp_path / "in").write_text(text)
        log.clear()
        run([step("a", "in"), step("b", "in"), step("c", "b"), step("d", "in")], tmp_path, 1)
        return "".join(log)

    assert begun("x") == "bacd"  # nothing is known: the longest chain first
    assert begun("y")[0] == "d"
    damaged = [b"[]", sealed(["key", {}]), sealed({"d": "long"})]
    for n, data in enumerate(damaged):
        (tmp_path / "work/durations.json").write_bytes(data)
        assert begun(f"z{n}") == "bacd"
