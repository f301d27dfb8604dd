"""The parts of a reproduction by themselves: what is run, copied, packed, ranked and said."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import tiny

from anew.diff.difference import Difference
from anew.verify import comparison, rebuild, telling
from anew.verify.comparison import Sides
from anew.verify.isolation import isolated
from anew.verify.packing import write_archive
from anew.verify.rebuild import Rebuilt, build_environment
from anew.verify.sources import git

posix = pytest.mark.skipif(os.name == "nt", reason="a program of this test is a shell script")

NOW, THEN, COMMIT = "a" * 64, "b" * 64, "c" * 40
NOTHING = Rebuilt("2024", None)


def sides(*changed: str, uncommitted: tuple[str, ...] = (), digest: str = NOW) -> Sides:
    found = tuple(Difference("source", name) for name in changed)
    return Sides(NOTHING, None, None, digest, found, uncommitted)


def test_changed_sources_are_ranked_as_a_reviewer_should_look_at_them():
    names = ("src/anew/x.py", "report/en/a.qmd", "uv.toml", "analysis/a.py", "data/raw/a.csv")
    likely, other = comparison._ranked(sides(*names, uncommitted=("report/en/a.qmd",)))
    assert [one.name for one in likely] == ["report/en/a.qmd", "data/raw/a.csv", "analysis/a.py"]
    assert [one.name for one in other] == ["src/anew/x.py", "uv.toml"]


def test_the_engine_comes_first_where_no_commit_holds_it():
    likely, other = comparison._ranked(sides("data/a.csv", "src/x.py", uncommitted=("src/x.py",)))
    assert [one.name for one in likely] == ["src/x.py", "data/a.csv"] and other == []


@pytest.mark.parametrize(
    ("recorded", "changed", "same"),
    [(NOW, (), True), (THEN, ("data/a.csv",), False), (None, ("a",), False), (None, (), None)],
)
def test_whether_the_sources_are_the_same_is_told_as_far_as_it_is_known(recorded, changed, same):
    sources = SimpleNamespace(sha256=recorded, commit=COMMIT) if recorded else None
    told = comparison._sources(SimpleNamespace(sources=sources), sides(*changed))
    assert told.same is same and told.changed == sorted(changed)
    assert told.commit == (COMMIT if recorded else None)


@posix
def test_git_is_asked_with_this_machines_settings_and_of_no_other_repository(tmp_path, monkeypatch):
    program = tmp_path / "bin/git"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nenv\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/kept")
    said = (git(tmp_path, "status") or b"").decode()
    assert "SSH_AUTH_SOCK=/kept" in said and "GIT_DIR" not in said


def test_a_git_that_fails_or_is_not_there_has_no_answer(tmp_path, monkeypatch):
    assert git(tmp_path, "no-such-command") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git(tmp_path, "status") is None


def test_a_rebuild_takes_over_nothing_of_this_session_but_where_the_engine_is(
    tmp_path, monkeypatch
):
    for name in ("ANEW_LANGUAGE", "PYTHONSTARTUP", "GIT_DIR", "MPLBACKEND", "LC_TIME", "LANG"):
        monkeypatch.setenv(name, "other")
    monkeypatch.setenv("PYTHONPATH", "/an/engine")
    monkeypatch.setenv("KEPT", "1")
    found = build_environment(tmp_path)
    assert found["PYTHONPATH"] == "/an/engine" and found["KEPT"] == "1"
    assert found["LC_ALL"] == "C.UTF-8" and "other" not in found.values()
    (tmp_path / "src/anew").mkdir(parents=True)
    (tmp_path / "src/anew/__init__.py").touch()
    announced = tmp_path / "announced"
    own = [str(tmp_path / "src"), str(announced)]
    assert build_environment(tmp_path, announced)["PYTHONPATH"].split(os.pathsep) == own
    (tmp_path / "src/anew/__init__.py").unlink()
    monkeypatch.delenv("PYTHONPATH")
    assert "PYTHONPATH" not in build_environment(tmp_path)


@posix
def test_a_rebuild_that_is_stopped_may_tidy_up_and_leaves_no_child(tmp_path):
    program = (
        "import signal, subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "def end(*_):\n    time.sleep(0.3)\n    pathlib.Path('tidy').touch()\n    sys.exit(3)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program]
    build = rebuild._Build(command, tmp_path, dict(os.environ), tmp_path / "log")
    build.start()
    while not (tmp_path / "child").is_file() or not (tmp_path / "child").read_text():
        assert build.running()
        time.sleep(0.01)
    build.stop()
    assert build.code == 3 and (tmp_path / "tidy").is_file()
    assert not build.running()
    child = int((tmp_path / "child").read_text())
    ends = time.monotonic() + 10
    while alive(child) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not alive(child)


def alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and waits to be asked does not."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")


def test_a_picture_that_git_has_or_the_build_drew_alone_is_told(tmp_path, monkeypatch):
    project = SimpleNamespace(figures=tmp_path / "figures")
    site = tmp_path / "site"
    for name in ("same.svg", "kept.svg"):
        tiny.write(tmp_path / "figures" / name, "<svg/>")
    for name in ("same.svg", "drawn.svg"):
        tiny.write(site / "figures" / name, "<svg/>")
    request = SimpleNamespace(only=[], parameters={})
    manifest = SimpleNamespace(edition="2024", request=request)
    today = SimpleNamespace(folder=site, manifest=manifest)
    monkeypatch.setattr(comparison, "load_editions", lambda _: SimpleNamespace(default="2024"))
    monkeypatch.setattr(comparison, "stale_figures", lambda *_: ("drawn.svg", "kept.svg"))
    (equal, of), found = comparison._figures(project, today)
    assert (equal, of) == (1, 2)
    assert [one.name for one in found] == ["figures/drawn.svg", "figures/kept.svg"]


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ({"changed": ["data/a.csv"]}, "files that differ from the record: 1"),
        ({"same": True, "changed": []}, "as recorded"),
        ({"same": None, "changed": []}, "not recorded"),
    ],
)
def test_a_certificate_tells_of_the_sources_what_is_known(sources, told):
    known = {"uncommitted": [], "bytes_at": "today", "commit": None, "same": False}
    certificate = SimpleNamespace(sources=SimpleNamespace(**{**known, **sources}))
    assert told in telling._sources(certificate, "en")


def options(command: list[str], name: str) -> list[list[str]]:
    """Return the two words after each `name` of a command."""
    return [command[at + 1 : at + 3] for at, word in enumerate(command) if word == name]


def test_what_runs_apart_writes_to_its_own_folders_only(tmp_path):
    work, room = tmp_path / "work", tmp_path / "room"
    command = isolated(["build", "it"], [work], work, room)
    assert options(command, "--bind") == [[str(room), "/tmp"], [str(work), str(work)]]
    assert options(command, "--chdir")[0][0] == str(work)
    assert "--tmpfs" not in command and "--unshare-all" in command
    assert command[command.index("--") :] == ["--", "build", "it"]
    in_memory = isolated(["build"], [])
    assert options(in_memory, "--tmpfs")[0][0] == "/tmp" and not options(in_memory, "--bind")
    assert "--chdir" not in in_memory


def test_an_archive_is_written_wherever_it_is_to_be_and_says_nothing_of_this_machine(tmp_path):
    program = tmp_path / "run.sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    plain = tmp_path / "notes.txt"
    plain.write_text("notes")
    target = tmp_path / "a/new/folder/x.zip"
    for _ in range(2):  # the second time it is there
        write_archive(target, {"b.txt": b"two", "a/run.sh": program, "c.txt": plain})
    assert [path.name for path in target.parent.iterdir()] == ["x.zip"]
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["a/run.sh", "b.txt", "c.txt"]
        modes = {one.filename: stat.S_IMODE(one.external_attr >> 16) for one in archive.infolist()}
        assert archive.read("b.txt") == b"two" and archive.read("c.txt") == b"notes"
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert modes["a/run.sh"] & 0o111 and not modes["b.txt"] & 0o111 and not modes["c.txt"] & 0o111


def test_an_archive_that_cannot_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "x.zip"
    write_archive(target, {"a": b"1"})
    before = target.read_bytes()
    with pytest.raises(FileNotFoundError):
        write_archive(target, {"a": b"2", "b": Path("nowhere")})
    assert target.read_bytes() == before
