"""What breaks, what changes and what is damaged during a build: never told as success.

A few trials run in the suite; `make faults` runs many (ANEW_TRIALS).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import tiny

from anew.build import builder
from anew.build.builder import build, explain
from anew.build.graph import Step
from anew.build.plan import Request
from anew.figures import fonts
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.provided import eject

TRIALS = int(os.environ.get("ANEW_TRIALS", "3"))
REQUEST = Request(formats=("html",))
MAIN = "from anew.cli.entry import main; main()"
COMMAND = [sys.executable, "-c", MAIN, "build", "--formats", "html"]


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A tiny report that has been built; read only."""
    project = tiny.make(tmp_path_factory.mktemp("built") / "p", text=True)
    eject(project, "theme")
    eject(project, "filters")
    build(project, REQUEST)
    return project


@pytest.fixture
def project(built, tmp_path):
    """A copy of a built report."""
    shutil.copytree(built.root, tmp_path / "p")
    return Project(tmp_path / "p")


def kinds() -> list[str]:
    """The first word of every step's name: what kinds of step there are."""
    return "tables notebook text weave html page front workbooks search theme site".split()


def test_every_kind_of_step_is_known(built):
    from anew.build.plan import make_plan

    steps = builder.all_steps(make_plan(built, REQUEST), REQUEST)
    assert {step.name.split()[0] for step in steps} - {"fonts"} == set(kinds())


FAULTS = {
    "OSError": OSError(28, "No space left on device"),
    "KeyError": KeyError("year"),
    "MemoryError": MemoryError(),
    "SystemExit": SystemExit(0),
    "no output": None,
}


@pytest.mark.parametrize("kind", kinds())
def test_a_step_that_breaks_fails_the_build_and_is_named(project, monkeypatch, kind):
    before = content(project.site)
    plain = builder.all_steps

    for name, error in FAULTS.items():
        broken: list[Step] = []

        def faulty(plan, request, error=error, name=name, broken=broken):
            def fail():
                if error is not None:
                    raise error
                for path in step.made:
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

            steps = plain(plan, request)
            step = next(one for one in steps if one.name.split()[0] == kind)
            broken.append(step)
            other = replace(step, run=fail, settings={**step.settings, "fault": name})
            return [other if one is step else one for one in steps]

        with monkeypatch.context() as patched:
            patched.setattr(builder, "all_steps", faulty)
            with pytest.raises(AnewError) as caught:
                build(project, REQUEST)
        assert caught.value.exit_code == 1
        assert broken[0].label in str(caught.value)
        assert content(project.site) == before
    result = build(project, REQUEST)
    assert not result.published and content(project.site) == before


def test_a_notebook_that_stops_drawing_its_figure_fails_and_no_edit_is_lost(project, anew):
    cells = [*tiny.FIG1, tiny.DRAW.replace("session.figure(", "dict(")]
    tiny.notebook(project.analysis / "fig1_rain.ipynb", cells)
    text = project.report / "en/index.qmd"
    text.write_text(text.read_text("utf-8").replace("All the rain", "All of the rain"), "utf-8")
    done = anew("build", "--formats", "html", cwd=project.root)
    assert done.returncode == 2
    assert "no picture ../../figures/fig1.en.svg" in done.stderr
    assert "call session.figure or session.picture in the notebook of fig1" in done.stderr
    assert "Nothing changed" not in done.stdout
    tiny.notebook(project.analysis / "fig1_rain.ipynb", [*tiny.FIG1, tiny.DRAW])
    assert anew("build", "--formats", "html", cwd=project.root).returncode == 0
    assert "All of the rain" in (project.site / "report/en/index.html").read_text("utf-8")


def clean(project: Project, folder: Path) -> dict[str, bytes]:
    """Return the site that a clean build of the project's files makes."""
    shutil.copytree(
        project.root, folder, ignore=shutil.ignore_patterns(".anew", "_site", "__pycache__")
    )
    build(Project(folder), REQUEST)
    return content(folder / "_site")


EDITS = {
    "a module": ("analysis/scale.py", "FACTOR = 1", "FACTOR = 2"),
    "a drawing": ("analysis/chart.py", '"value"]', '"value"] + 1'),
    "a notebook": ("analysis/other_total.ipynb", ".sum()", ".max()"),
    "units": ("analysis/units.yml", "decimals: 1", "decimals: 2"),
    "a text": ("report/zh/index.qmd", "全部降水", "降水总量"),
    "an edition": ("data/editions.yml", "last_year: 2021", "last_year: 2020"),
    "the catalogue": ("data/catalog.yml", "Met Office}", "Weather Office}"),
    "the configuration": ("_quarto.yml", "en: Rain report", "en: Rain"),
    "the style": ("report/theme/anew.css", "{", "{ "),
    "a filter": ("report/filters/anew.lua", "\n", "\n-- a comment\n"),
}


def edit(project: Project, kind: str) -> None:
    name, old, new = EDITS[kind]
    path = project.root / name
    text = path.read_text("utf-8")
    assert old in text, name
    path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_file_saved_at_any_moment_of_a_build_is_in_the_next_one(project, tmp_path, trial):
    chance = random.Random(trial)
    kind = list(EDITS)[trial % len(EDITS)]
    if chance.random() < 0.5:
        shutil.rmtree(project.work)
    else:
        edit(project, "a module" if kind != "a module" else "a drawing")
    running = subprocess.Popen(
        COMMAND, cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(chance.uniform(0.2, 4))
    edit(project, kind)
    running.wait()
    build(project, REQUEST)
    assert content(project.site) == clean(project, tmp_path / "clean")
    assert not any(one.reasons for one in explain(project, REQUEST))


@pytest.mark.parametrize("trial", range(TRIALS))
@pytest.mark.parametrize("whole", [True, False], ids=["the group", "the main process alone"])
def test_a_build_killed_at_any_moment_leaves_the_last_good_site(project, built, trial, whole):
    chance = random.Random(trial + 1000 * whole)
    good = content(project.site)
    if chance.random() < 0.5:
        shutil.rmtree(project.work)
    else:
        edit(project, "a module")
    running = subprocess.Popen(
        COMMAND, cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    time.sleep(chance.uniform(0.1, 4))
    os.killpg(running.pid, signal.SIGKILL) if whole else running.kill()
    running.wait()
    now = content(project.site)
    assert now == good or running.returncode == 0 or "manifest.json" in now
    shutil.copyfile(built.root / "analysis/scale.py", project.root / "analysis/scale.py")
    build(project, REQUEST)
    assert content(project.site) == good
    left = [path.name for path in project.root.iterdir() if path.name.startswith("._site")]
    assert not left and not list(project.work.glob("steps/*.part"))


def session(leader: int) -> list[int]:
    """Return the processes of a session that are at work."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, its = path.joinpath("stat").read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its) == leader and state != "Z":
            found.append(int(path.name))
    return found


def assert_gone(leader: int) -> None:
    """Wait a little for the processes of a session to be gone."""
    ends = time.monotonic() + 10
    while session(leader) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not session(leader)


def unfinished(project: Project) -> list[Path]:
    patterns = ("._site*", ".anew/**/*.part", ".anew/**/.making-*")
    return [path for pattern in patterns for path in project.root.glob(pattern)]


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are in /proc")


def run_until(project: Project, *command: str, asleep: str) -> subprocess.Popen[str]:
    """Start a command; return it when a notebook sleeps and has a program of its own."""
    marker = project.root.parent / "asleep"
    module = (
        "import subprocess, time\n"
        f"subprocess.Popen(['sleep', '1000'])\nopen({str(marker)!r}, 'w'); {asleep}\nFACTOR = 1\n"
    )
    (project.root / "analysis/scale.py").write_text(module)
    running = subprocess.Popen(
        [sys.executable, "-c", MAIN, *command], cwd=project.root, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    while not marker.exists():
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    return running


@linux
@pytest.mark.parametrize(
    ("name", "whole"),
    [("SIGINT", True), ("SIGINT", False), ("SIGTERM", False), ("SIGHUP", False)],
    ids=["Ctrl-C", "SIGINT to it alone", "SIGTERM to it alone", "SIGHUP to it alone"],
)
def test_a_signal_stops_a_build_and_all_that_it_started(project, name, whole):
    good = content(project.site)
    number = getattr(signal, name)
    running = run_until(project, "build", "--formats", "html", asleep="time.sleep(1000)")
    os.killpg(running.pid, number) if whole else running.send_signal(number)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 128 + number
    assert told.endswith("\nStopped. The last good site is untouched.\n")
    assert "Traceback" not in told
    assert_gone(running.pid)
    assert not unfinished(project) and content(project.site) == good


@linux
def test_a_killed_build_takes_its_children_along(project):
    running = run_until(project, "build", "--formats", "html", asleep="time.sleep(1000)")
    running.kill()
    running.communicate()
    assert_gone(running.pid)


@linux
def test_sigterm_stops_a_preview(project):
    running = run_until(project, "serve", "--port", "0", asleep="time.sleep(1000)")
    running.send_signal(signal.SIGTERM)
    said, told = running.communicate(timeout=60)
    assert running.returncode == 0
    assert said.endswith("Stopped. _site/ was not changed; run anew build to publish.\n")
    assert "Traceback" not in told
    assert not unfinished(project)
    assert_gone(running.pid)


def damage(path: Path, how: str, others: list[Path]) -> None:
    """Damage a file in one of five ways."""
    if how == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "garbage":
        path.write_bytes(random.Random(str(path)).randbytes(max(path.stat().st_size, 20)))
    elif how == "swapped":
        other = next(one for one in others if one != path and one.is_file())
        mine = path.read_bytes()
        path.write_bytes(other.read_bytes())
        other.write_bytes(mine)
    else:
        path.unlink()
        path.mkdir()
        (path / "stray").write_text("stray")


HOW = ("truncated", "emptied", "garbage", "swapped", "a folder")


@pytest.fixture
def own_fonts(monkeypatch, tmp_path):
    """No fonts in the environment: they are in the build folder too."""
    monkeypatch.setattr(fonts, "environment_folder", lambda: tmp_path / "none")


def cached(project: Project) -> list[Path]:
    return [path for path in sorted(project.work.rglob("*")) if path.is_file()]


@pytest.mark.parametrize("how", HOW)
def test_a_cache_damaged_everywhere_heals(project, own_fonts, how):
    good = content(project.site)
    build(project, REQUEST)  # with its own fonts
    files = cached(project)
    for path in files:
        if path.is_file():
            damage(path, how, files)
    shutil.rmtree(project.site)
    build(project, REQUEST)
    assert content(project.site) == good
    assert not any(one.reasons for one in explain(project, REQUEST))


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_file_of_the_cache_that_is_damaged_heals(project, own_fonts, trial):
    good = content(project.site)
    build(project, REQUEST)
    chance = random.Random(trial)
    files = cached(project)
    for path in chance.sample(files, 3):
        damage(path, chance.choice(HOW), chance.sample(files, len(files)))
        build(project, REQUEST)
        assert content(project.site) == good, path
        assert not any(one.reasons for one in explain(project, REQUEST)), path


def test_the_engine_is_an_input_of_every_step(project, monkeypatch, tmp_path):
    other = tmp_path / "engine"
    other.mkdir()
    (other / "module.py").write_text("changed")
    monkeypatch.setattr(builder, "ENGINE", other)
    explained = explain(project, REQUEST)
    assert all(
        any(reason.startswith("engine changed") for reason in one.reasons) for one in explained
    )


def test_a_module_saved_in_the_same_second_with_the_same_length_counts(project):
    """Byte-code would be taken for that of the new source."""
    build(project, REQUEST)
    path = project.root / "analysis/scale.py"
    before = path.stat()
    path.write_text("FACTOR = 3\n")
    os.utime(path, (before.st_atime, before.st_mtime))
    build(project, REQUEST)
    assert "37.5" in (project.site / "facts.json").read_text("utf-8")


@pytest.mark.parametrize("ids", [[None, None], ["same", "same"], ["not an id", "a" * 90]])
def test_cells_without_ids_give_equal_bytes(project, tmp_path, ids):
    import json

    path = project.analysis / "other_total.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    for cell, id in zip(notebook["cells"], ids, strict=True):
        cell.pop("id")
        cell |= {"id": id} if id else {}
    path.write_text(json.dumps(notebook), "utf-8")
    build(project, REQUEST)
    assert content(project.site) == clean(project, tmp_path / "clean")


@pytest.mark.parametrize("charset", ["GB18030", "UTF-8"])
def test_any_locale_gives_the_same_bytes(built, tmp_path, charset):
    locale = f"zh_CN.{charset}"
    if not shutil.which("localedef") or not Path("/usr/share/i18n/locales/zh_CN").is_file():
        pytest.skip("the sources of locales are not installed: apt-get install locales")
    (tmp_path / "locales").mkdir()
    made = subprocess.run(
        ["localedef", "-i", "zh_CN", "-f", charset, tmp_path / "locales" / locale],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (tmp_path / "locales" / locale / "LC_CTYPE").is_file(), made.stderr
    folder = tmp_path / "项目"
    shutil.copytree(
        built.root, folder, ignore=shutil.ignore_patterns(".anew", "_site", "__pycache__")
    )
    environment = {**os.environ, "LC_ALL": locale, "LANG": locale}
    environment["LOCPATH"] = str(tmp_path / "locales")
    for name in ("PYTHONUTF8", "PYTHONIOENCODING", "LANGUAGE", "PYTHONHASHSEED"):
        environment.pop(name, None)
    ask = [sys.executable, "-c", "import locale; print(locale.getencoding())"]
    spoken = subprocess.run(ask, env=environment, capture_output=True, text=True, check=True)
    assert spoken.stdout.strip().upper() == charset  # the locale is there, and not C
    done = subprocess.run(COMMAND, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert content(folder / "_site") == content(built.site)
