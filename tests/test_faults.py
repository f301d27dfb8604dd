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
from missing import missing

from anew.build import builder, steps
from anew.build.builder import build, explain
from anew.build.graph import Step
from anew.build.plan import Request
from anew.figures import fonts
from anew.project.errors import AnewError
from anew.project.manifest import matches, read_manifest
from anew.project.paths import Project
from anew.project.provided import eject
from anew.text import pandoc

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
    editions = project.editions_file.read_text("utf-8")
    older = editions.split("editions:\n", 1)[1].replace('"2024"', '"2023"')
    project.editions_file.write_text(editions + older, "utf-8")
    build(project, REQUEST)
    return project


@pytest.fixture(scope="module")
def takes(built, tmp_path_factory):
    """The seconds that a cold build takes, on this machine as busy as it is."""
    root = tmp_path_factory.mktemp("timed") / "p"
    copied(built, root)
    began = time.monotonic()
    subprocess.run(COMMAND, cwd=root, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def copied(project: Project, folder: Path) -> Project:
    """Copy a project without what was built."""
    shutil.copytree(
        project.root, folder, ignore=shutil.ignore_patterns(".anew", "_site", "__pycache__")
    )
    return Project(folder)


@pytest.fixture
def project(built, tmp_path):
    """A copy of a built report."""
    shutil.copytree(built.root, tmp_path / "p")
    return Project(tmp_path / "p")


def kinds() -> list[str]:
    """The first word of every step's name: what kinds of step there are."""
    return "tables notebook text weave html page front workbooks read search theme site".split()


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
    build(copied(project, folder), REQUEST)
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


KINDS = ("cold", "warm", "all editions")


@pytest.mark.parametrize("trial", range(TRIALS))
@pytest.mark.parametrize("whole", [True, False], ids=["the group", "the main process alone"])
def test_a_build_killed_at_any_moment_leaves_the_last_good_site(
    project, built, takes, trial, whole
):
    chance = random.Random(trial + 1000 * whole)
    kind = KINDS[trial % len(KINDS)]
    good = content(project.site)
    if kind == "cold" or chance.random() < 0.5:
        shutil.rmtree(project.work)
    else:
        edit(project, "a module")
    more = ["--all-editions"] if kind == "all editions" else []
    running = subprocess.Popen(
        [*COMMAND, *more], cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    time.sleep(chance.uniform(0.1, takes * (2 if more else 1)))
    os.killpg(running.pid, signal.SIGKILL) if whole else running.kill()
    running.wait()
    assert content(project.site) == good or is_whole(project.site)
    if LINUX:
        assert_gone(running.pid)
    shutil.copyfile(built.root / "analysis/scale.py", project.root / "analysis/scale.py")
    build(project, REQUEST)
    assert content(project.site) == good
    assert not unfinished(project)


def is_whole(site: Path) -> bool:
    """Whether a site, and each edition on it, has every file that its manifest names."""
    sites = [site, *(path for path in site.glob("editions/*") if path.is_dir())]
    return all(matches(one, read_manifest(one), "editions") for one in sites)


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
    patterns = ("._site*", ".anew/**/*.part", ".anew/**/.making-*", "[dfr]*/**/*.part")
    return [path for pattern in patterns for path in project.root.glob(pattern)]


LINUX = Path("/proc/self/stat").exists()
linux = pytest.mark.skipif(not LINUX, reason="processes are in /proc")


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


RAIN_2025 = tiny.ROWS + "FRA,2022,13\nDEU,2022,20\n"
INGEST = ["ingest", "../rain.csv", "--table", "rain", "--vintage", "2025-01-01"]
NEW = "data/raw/rain/2025-01-01.csv"
#: What a command writes: it is killed before the file has its name, and has it whole or not at all.
WRITERS = {
    "intake, at its file": (INGEST, "os.link", NEW),
    "intake, between its file and the catalogue": (INGEST, "os.rename", "data/catalog.yml"),
    "an accepted table": (["accept", "data/raw/rain/2024-01-01.csv"], "os.rename",
                          "data/catalog.yml"),
    "a new edition": (["edition", "new", "2025"], "os.rename", "data/editions.yml"),
    "a translation": (["translated", "report/en/index.qmd"], "os.rename",
                      "report/en/_translated.yml"),
    "a release": (["release", "2024"], "os.rename", "report/manifests/2024.json"),
}  # fmt: skip
KILLED = """
import os, sys
def end(event, args):
    if event == {event!r} and str(args[1]).endswith({name!r}):
        os.kill(os.getpid(), 9)
sys.addaudithook(end)
from anew.cli.entry import main
main()
"""


@pytest.mark.parametrize("kind", WRITERS)
def test_a_command_killed_while_it_writes_leaves_every_file_whole(project, anew, kind):
    arguments, event, name = WRITERS[kind]
    tiny.write(project.root.parent / "rain.csv", RAIN_2025)
    good = content(project.site)
    if kind == "an accepted table":
        path = project.root / arguments[1]
        path.write_text(tiny.ROWS.replace("12.5", "12.6"))
    before = sources(project)
    code = KILLED.format(event=event, name=name)
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=project.root, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    after = sources(project)
    added = {NEW} if kind.startswith("intake, between") else set()
    assert after.keys() - before.keys() == added
    assert {each: after[each] for each in before} == before
    begun = {each: after[each] for each in added}
    if kind != "an accepted table":  # no build of a table that was edited
        build(project, REQUEST)
        assert content(project.site) == good
        assert not unfinished(project)
        assert sources(project) == before
    if kind != "a release":
        done = anew(*arguments, cwd=project.root)
        assert done.returncode == 0, done.stderr
        finished = sources(project)
        assert finished[name] != before.get(name)
        assert {each: finished[each] for each in added} == begun


def sources(project: Project) -> dict[str, bytes]:
    """Return what a person keeps, without files that were never finished."""
    folders = (project.data, project.report, project.figures)
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".part"
    }


def test_a_typesetter_that_is_killed_is_told_and_leaves_the_last_good_site(
    project, monkeypatch, tmp_path
):
    good = content(project.site)
    program = tiny.write(tmp_path / "pandoc", "#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    edit(project, "a text")
    with monkeypatch.context() as patched:
        patched.setattr(pandoc, "pandoc_path", lambda: str(program))
        with pytest.raises(AnewError) as caught:
            build(project, REQUEST)
    assert "pandoc was killed by signal 9" in str(caught.value)
    assert "memory" in str(caught.value)
    assert content(project.site) == good
    build(project, REQUEST)
    assert content(project.site) == clean(project, tmp_path / "clean")


@linux
def test_two_builds_at_once_make_what_one_makes(project, tmp_path):
    edit(project, "a module")
    running = [
        subprocess.Popen(COMMAND, cwd=project.root, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)
        for _ in range(2)
    ]  # fmt: skip
    said = [one.communicate()[0] for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    assert content(project.site) == clean(project, tmp_path / "clean")
    assert not unfinished(project)


def test_without_fonts_a_build_says_what_to_install(project, monkeypatch, own_fonts):
    good = content(project.site)
    monkeypatch.setattr(fonts, "_STATIC", "no-such-fonts")
    monkeypatch.setattr(steps, "in_child", lambda work, *arguments: work(*arguments))
    with pytest.raises(AnewError) as caught:
        build(project, REQUEST)
    assert "no-such-fonts is not installed" in str(caught.value)
    assert "make setup" in str(caught.value)
    assert content(project.site) == good


def test_an_output_that_cannot_be_written_is_told(project, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "ro", "none", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        folder.chmod(0o555)
        if os.access(folder, os.W_OK):
            pytest.skip("every folder can be written to here")
    try:
        done = subprocess.run(
            [*COMMAND, "--output", str(folder / "site")], cwd=project.root, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)
    assert done.returncode == 1
    assert str(folder) in done.stderr and "Traceback" not in done.stderr
    assert "is read-only" in done.stderr or "Check the owner" in done.stderr
    assert not unfinished(project)


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
    monkeypatch.setattr("anew.build.engine.ENGINE", other)
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


CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
static const time_t AHEAD = 2000000000;
int clock_gettime(clockid_t clock, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, at);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) at->tv_sec += AHEAD;
  return result;
}
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
"""


def a_clock_far_off(folder: Path) -> dict[str, str]:
    """Return the environment in which programs believe that it is the year 2090, or later."""
    source, library = tiny.write(folder / "clock.c", CLOCK), folder / "clock.so"
    compiler = shutil.which("cc")
    if not (LINUX and compiler):
        return {}
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True
    )
    preloaded = {"LD_PRELOAD": str(library)}
    asked = [sys.executable, "-c", "import time; print(time.gmtime().tm_year)"]
    year = subprocess.run(asked, env={**os.environ, **preloaded}, capture_output=True, check=True)
    assert int(year.stdout) >= 2089
    return preloaded


@pytest.mark.parametrize("kind", ["a bare one", "an odd one"])
def test_any_surroundings_give_the_same_bytes(built, tmp_path, kind):
    folder, umask = copied(built, tmp_path / "我的 报告 (1)").root, 0o077
    kept = {name: text for name, text in os.environ.items() if not name.startswith("LC_")}
    for name in ("PYTHONUTF8", "PYTHONIOENCODING", "LANGUAGE", "LANG"):
        kept.pop(name, None)
    if kind == "a bare one":
        kept.pop("HOME", None)
        kept |= {"LC_ALL": "C", "TZ": "Asia/Shanghai"}
    else:
        link = tmp_path / "link"
        link.symlink_to(folder)
        folder, umask = link, 0o002
        kept |= {"HOME": "/proc/none", "TZ": "America/St_Johns", **a_clock_far_off(tmp_path)}
    done = subprocess.run(
        COMMAND, cwd=folder, env=kept, capture_output=True, encoding="utf-8", check=False,
        umask=umask,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert content(folder / "_site") == content(built.site)


@pytest.mark.parametrize("charset", ["GB18030", "UTF-8"])
def test_any_locale_gives_the_same_bytes(built, tmp_path, charset):
    locale = f"zh_CN.{charset}"
    if not shutil.which("localedef") or not Path("/usr/share/i18n/locales/zh_CN").is_file():
        missing("the sources of locales are not installed: apt-get install locales")
    (tmp_path / "locales").mkdir()
    made = subprocess.run(
        ["localedef", "-i", "zh_CN", "-f", charset, tmp_path / "locales" / locale],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (tmp_path / "locales" / locale / "LC_CTYPE").is_file(), made.stderr
    folder = copied(built, tmp_path / "项目").root
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
