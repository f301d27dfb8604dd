"""Building a copy with its own engine; one of the test's own stands in for another commit's."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tiny

from anew.project.errors import BuildError
from anew.project.manifest import Asked
from anew.verify.rebuild import Order, announce, build_environment, rebuild

#: An engine whose verb writes what it was asked for, and a site.
ENGINE = """
import json, os, pathlib, sys
def main():
    arguments = sys.argv[1:]
    out = pathlib.Path(arguments[arguments.index("--output") + 1])
    out.mkdir()
    edition = "2024"
    if "--edition" in arguments:
        edition = arguments[arguments.index("--edition") + 1]
    sites = {out: edition}
    if "--all-editions" in arguments:
        sites[out / "editions" / "2023"] = "2023"
    for folder, edition in sites.items():
        folder.mkdir(parents=True, exist_ok=True)
        told = {"edition": edition, "versions": {}, "inputs": {}, "facts": {}, "files": {}}
        (folder / "manifest.json").write_text(json.dumps(told))
    asked = {"arguments": arguments, "cwd": os.getcwd(), "anew": os.environ.get("ANEW_ENGINE")}
    print(json.dumps(asked), file=sys.stderr)
"""

REFUSING = """
import sys
def main():
    print("  done  check tables (0.1 s)", file=sys.stderr)
    print("Error: rain: cell 3 failed\\n  KeyError\\nError: fig1: no such table", file=sys.stderr)
    sys.exit(2)
"""

#: Starts a process of its own, tells both, and never ends.
ENDLESS = """
import os, pathlib, subprocess, sys, time
def main():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pathlib.Path("pids.part").write_text(f"{os.getpid()} {child.pid}")
    os.rename("pids.part", "pids")
    time.sleep(600)
"""


def copy(root: Path, engine: str) -> Path:
    """Return a copy whose engine keeps its verb where today's does not."""
    tiny.write(root / "src/anew/__init__.py", '__version__ = "0.1.0"\n')
    tiny.write(root / "src/anew/elsewhere.py", engine)
    told = '[project]\nname = "anew"\n[project.scripts]\nanew = "anew.elsewhere:main"\n'
    tiny.write(root / "pyproject.toml", told)
    return root


def gone(pid: int) -> bool:
    """Whether a killed process ends within 10 s; one that nobody has waited for has ended."""
    end = time.monotonic() + 10
    while time.monotonic() < end:  # the kernel ends it some time after the signal
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_editions_are_ordered_as_a_person_would(tmp_path, monkeypatch):
    monkeypatch.setenv("ANEW_ENGINE", "quarto")
    root = copy(tmp_path / "copy", ENGINE)
    asked = Asked(formats=["html"], only=["fig1"], parameters={"fig1": {"years": [1, 2]}})
    found = rebuild(root, [Order("2023"), Order("2024", asked)], tmp_path / "out", 5)
    assert [one.edition for one in found] == ["2023", "2024"]
    assert [one.site.manifest.edition for one in found if one.site] == ["2023", "2024"]
    logs = [json.loads((tmp_path / f"out/{n}.log").read_text()) for n in (0, 1)]
    assert logs[0]["arguments"][:7] == [
        "build", "--engine", "embedded", "--formats", "html,pdf", "--edition", "2023",
    ]  # fmt: skip
    part = ["--edition", "2024", "--only", "fig1", "-p", "fig1.years=[1, 2]", "--jobs", "2"]
    assert logs[1]["arguments"][5:13] == part
    # side by side, so each in a folder of its own, and nothing of this session is left
    assert logs[0]["cwd"] != logs[1]["cwd"] and logs[0]["anew"] is None


def test_editions_of_one_site_are_built_together(tmp_path):
    root = copy(tmp_path / "copy", ENGINE)
    beside = Asked(editions=[("2024", "", True), ("2023", "editions/2023/", False)])
    found = rebuild(root, [Order("2024", beside), Order("2023", beside)], tmp_path / "out", 2)
    assert [one.site.manifest.edition for one in found if one.site] == ["2024", "2023"]
    assert not (tmp_path / "out/1.log").exists()


def test_what_a_build_refuses_is_told(tmp_path, capsys):
    (one,) = rebuild(copy(tmp_path / "copy", REFUSING), [Order("2024")], tmp_path / "out", 2)
    assert one.site is None
    assert one.errors == ("rain: cell 3 failed\n  KeyError", "fig1: no such table")
    told = capsys.readouterr().err
    assert "check tables" in told and "KeyError" not in told  # the certificate tells it


def test_an_engine_that_cannot_start_is_told(tmp_path):
    (one,) = rebuild(copy(tmp_path / "copy", "1 / 0"), [Order("2024")], tmp_path / "out", 2)
    assert "exit code 1" in one.errors[0] and "ZeroDivisionError" in one.errors[0]


def test_a_build_without_end_is_ended_with_all_that_it_started(tmp_path):
    root = copy(tmp_path / "copy", ENDLESS)
    with pytest.raises(BuildError, match="longer than 5 s"):
        rebuild(root, [Order("2024")], tmp_path / "out", 2, 5)
    pids = (root / "pids").read_text().split()
    assert len(pids) == 2 and all(gone(int(pid)) for pid in pids)


def test_a_signal_ends_it_whole_and_clean(tmp_path):
    root = copy(tmp_path / "copy", ENDLESS)
    program = (
        "import sys, tempfile, pathlib\n"
        "from anew.verify.rebuild import Order, rebuild\n"
        f"with tempfile.TemporaryDirectory(dir={str(tmp_path)!r}, prefix='work-') as folder:\n"
        f"    rebuild(pathlib.Path({str(root)!r}), [Order('2024')], pathlib.Path(folder), 2)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        while not (root / "pids").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    finally:
        process.kill()
    assert all(gone(int(pid)) for pid in (root / "pids").read_text().split())
    assert not list(tmp_path.glob("work-*"))


def test_what_an_engine_announces_is_found_where_it_says(tmp_path):
    """Papermill asks what is installed for its engines; a module may have moved since."""
    root = copy(tmp_path / "copy", "class Engine:\n    here = True\n")
    with (root / "pyproject.toml").open("a") as file:
        file.write('[project.entry-points."papermill.engine"]\nx = "anew.elsewhere:Engine"\n')
    asked = (
        "from papermill.engines import papermill_engines as engines; "
        "print(engines.get_engine('x').here)"
    )
    env = build_environment(root, announce(root, tmp_path / "announced"))
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=root, env=env, capture_output=True, text=True
    )
    assert done.stdout == "True\n", done.stderr
    assert announce(tmp_path, tmp_path / "none") is None  # no engine of its own
