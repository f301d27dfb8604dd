"""Notebooks that misbehave: ended, cut or refused within stated bounds, and told by cell."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tiny

from anew.build.plan import Request, make_plan
from anew.notebook.runner import NotebookError, run_notebook
from anew.project.errors import AnewError, BuildError
from anew.project.paths import Project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A tiny project; each test writes the notebook `other` anew."""
    return tiny.make(tmp_path_factory.mktemp("misbehaving") / "p")


def run(project: Project, cell: str, limits: str = "") -> Path:
    """Run the notebook `other` with one more cell; return its result folder."""
    tiny.notebook(project.analysis / "other_total.ipynb", [*tiny.OTHER, cell])
    text = "project: {type: website}\n" + (f"anew: {{limits: {{{limits}}}}}\n" if limits else "")
    tiny.write(project.root / "_quarto.yml", text)
    one = make_plan(project, Request(only=["other"])).runs["other"]
    run_notebook(one)
    return one.folder


def outputs(folder: Path) -> list[dict]:
    return json.loads((folder / "notebook.ipynb").read_text("utf-8"))["cells"][-1]["outputs"]


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_loop_without_end_is_ended_after_the_limit_and_its_cell_is_named(made):
    began = time.monotonic()
    with pytest.raises(BuildError) as caught:
        run(made, "while True: pass", "seconds: 3")
    assert time.monotonic() - began < 60
    assert "other: cell 4 of analysis/other_total.ipynb on edition 2024 was still running" in (
        caught.value.message
    )
    assert "anew: limits: seconds:" in caught.value.hint
    assert not list(made.work.glob("steps/*.part"))


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_memory_is_bounded_and_the_limit_is_named(made):
    with pytest.raises(NotebookError) as caught:
        run(made, "held = bytearray(9 << 30)")
    assert "MemoryError" in caught.value.message
    assert "8 GiB" in caught.value.hint and "anew: limits: memory:" in caught.value.hint


def test_what_a_cell_prints_is_cut_and_the_cut_is_said(made):
    folder = run(made, "for n in range(100):\n    print('x' * 1_000_000)\n'y' * 1_000_000")
    stream, value = outputs(folder)
    for text in ("".join(stream["text"]), "".join(value["data"]["text/plain"])):
        assert len(text) < 101_000 and "of which the first 100,000 are kept" in text
    assert (folder / "notebook.ipynb").stat().st_size < 300_000


def test_threads_and_programs_that_a_notebook_leaves_end_with_it(made, tmp_path):
    began = time.monotonic()
    run(
        made,
        "import subprocess, threading, time\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(subprocess.Popen(['sleep', '900']).pid))\n"
        "threading.Thread(target=time.sleep, args=(900,)).start()",
    )
    assert time.monotonic() - began < 60
    pid = int((tmp_path / "pid").read_text())
    ends = time.monotonic() + 5
    while running(pid) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not running(pid)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("import os; os._exit(3)", "ended the process itself (exit code 3)"),
        ("import os; os._exit(0)", "ended the process itself (exit code 0)"),
        ("import os; os.kill(os.getpid(), 11)", "was killed by signal 11"),
        ("import os; os.kill(os.getpid(), 9)", "was killed by signal 9"),
    ],
)
def test_a_notebook_that_ends_its_process_is_told_with_its_cell(made, cell, told):
    with pytest.raises(BuildError) as caught:
        run(made, cell)
    assert f"cell 4 of analysis/other_total.ipynb on edition 2024 {told}" in str(caught.value)


CHANGES = {
    "data/raw/rain/2024-01-01.csv": "open(root / name, 'a').write('x')",
    "data/raw/new.csv": "rain.to_csv(root / name)",
    "analysis/scale.py": "(root / name).write_text('FACTOR = 7')",
    "analysis/chart.py": "(root / name).unlink()",
    "analysis/units.yml": "import os; os.rename(root / name, root / 'analysis/u.yml')",
    "report/note.qmd": "open(root / name, 'xb')",
    "figures/fig1.en.svg": "(root / name).parent.mkdir()",
    "_quarto.yml": "import os; os.truncate(root / name, 0)",
    "data": "import shutil; shutil.rmtree(root / name)",
    "analysis/link.py": "(root / name).symlink_to('/etc/passwd')",
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("silent", [False, True], ids=["raised", "passed over"])
def test_a_notebook_changes_no_file_of_its_project(made, name, silent):
    before = content(made)
    cell = f"root, name = session.project.root, {name!r}\n{CHANGES[name]}"
    if silent:
        lines = "\n".join(f"    {line}" for line in cell.splitlines())
        cell = f"try:\n{lines}\nexcept Exception: pass"
    with pytest.raises(NotebookError) as caught:
        run(made, cell)
    named = "figures" if name.startswith("figures") else name
    assert f"analysis/other_total.ipynb would change {named}." in str(caught.value)
    assert "A notebook changes no file of the project" in str(caught.value)
    after = content(made)
    kept = before.keys() - {"analysis/other_total.ipynb", "_quarto.yml"}
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    assert after.keys() == before.keys()


def content(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and ".anew" not in path.parts and "__pycache__" not in path.parts
    }


def test_files_outside_the_project_are_a_notebooks_own_affair(made, tmp_path):
    run(made, f"open({str(tmp_path / 'scratch')!r}, 'w').write('x')")
    assert (tmp_path / "scratch").read_text() == "x"


def test_what_a_notebook_sets_changes_no_other(made):
    tiny.notebook(
        made.analysis / "one_rain.ipynb",
        [cell.replace('"fig1"', '"one"') for cell in tiny.FIG1]
        + [
            "import locale, os, random\nimport matplotlib\n"
            "assert matplotlib.rcParams['font.size'] != 77 and 'ODD' not in os.environ\n"
            "assert locale.setlocale(locale.LC_NUMERIC) in ('C', 'C.UTF-8')"
        ],
    )
    run(
        made,
        "import os, matplotlib; matplotlib.rcParams['font.size'] = 77; os.environ['ODD'] = '1'",
    )
    run_notebook(make_plan(made, Request(only=["one"])).runs["one"])


REFUSALS = ["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EIO"]


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_system_refuses_is_not_the_cells_fault(made, name):
    with pytest.raises(NotebookError) as caught:
        run(
            made,
            "import errno, os\n"
            f"try:\n    raise OSError(errno.{name}, os.strerror(errno.{name}), '/a/file')\n"
            "except OSError as error:\n    raise RuntimeError('cannot save') from error",
        )
    assert "Fix the cell" not in str(caught.value)
    assert re_hint(name) in caught.value.hint


def re_hint(name: str) -> str:
    return {
        "ENOSPC": "The disk is full: free some space",
        "EDQUOT": "Your disk quota is used up",
        "EROFS": "is read-only",
        "EACCES": "Check the owner and the permissions",
        "EIO": "The disk reports errors",
    }[name]


def test_a_missing_file_is_the_cells_fault(made):
    with pytest.raises(NotebookError, match="Fix the cell"):
        run(made, "open('/no/such/file')")


def mounted(folder: Path, size: str) -> bool:
    """Mount a small file system in memory at `folder`, where this process may."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.parametrize("size", ["500k", "2m", "3m"])
def test_a_full_disk_is_told_as_one_and_no_site_is_half(tmp_path, size):
    disk = tmp_path / "disk"
    if not mounted(disk, size):
        pytest.skip("no file system can be mounted here")
    try:
        try:
            project = tiny.make(disk / "p", text=True)
        except OSError:
            pytest.skip("the project alone fills it")
        command = [sys.executable, "-c", "from anew.cli.main import main; main()", "build"]
        done = subprocess.run(
            command, cwd=project.root, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 1, done.stdout
        assert "The disk is full: free some space" in done.stderr
        for wrong in ("Traceback", "defect of the engine", "Fix the cell"):
            assert wrong not in done.stderr
        assert not project.site.exists() and not list(project.work.rglob("*.part"))
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_limits_that_cannot_be_are_refused(made):
    with pytest.raises(AnewError, match=r"_quarto.yml, line 2: anew.limits.seconds .*greater"):
        run(made, "", "seconds: 0")
    with pytest.raises(AnewError, match=r"unknown key anew.limits.second\b[\s\S]*Did you mean"):
        run(made, "", "second: 5")
