"""What a second build costs: nothing changed, or one small thing did."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tiny
from fontTools.ttLib import TTFont

from anew.build import builder
from anew.build.plan import Request
from anew.build.standing import still_standing
from anew.cli.main import app
from anew.project.paths import Project
from anew.site import reading

#: What an up-to-date build must not import; each costs more than the rest of it together.
HEAVY = ("typer", "pydantic", "yaml", "pandas", "numpy", "babel", "rich", "filelock", "subprocess")

PROGRAM = f"""
import atexit, sys
say = lambda: print("imported:", *sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
atexit.register(say)
from anew.cli.entry import main
main()
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory, anew):
    """A project that was built once; tests work in copies of it."""
    root = tmp_path_factory.mktemp("warm") / "p"
    tiny.make(root, text=True)
    done = anew("build", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def project(built, tmp_path):
    """A copy of the built project, with its build folder."""
    root = tmp_path / "copy"
    shutil.copytree(built, root)
    return root


def build(root: Path, *arguments: str) -> tuple[list[str], bool]:
    """Run a fresh process; return the lines it said, and whether it imported anything heavy."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "build", *arguments],
        cwd=root, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = re.sub(r"\d+\.\d s$", "… s", done.stdout, flags=re.M).splitlines()
    return lines, bool(done.stderr.rpartition("imported:")[2].strip())


def test_nothing_changed_is_told_without_planning(project):
    whole = build(project)
    assert whole[1] and whole[0][-1] == "Nothing changed: _site/index.html"
    quick = build(project)
    assert quick == (whole[0], False) and "0 run, 2 up to date" in quick[0][0]
    assert build(project, "--verify") == whole
    assert build(project, "--formats", "html")[1], "another command has its own record"
    assert build(project)[1], "and now the site is that command's"


@pytest.fixture
def stands(project, monkeypatch):
    """Build in a copy; return whether the record that the command left still stands."""
    monkeypatch.chdir(project)
    monkeypatch.setattr(sys, "argv", ["anew", "build"])
    app(["build"], standalone_mode=False)
    return lambda: still_standing(Project(project), ["build"]) is not None


CHANGED = [
    "report/en/index.qmd", "report/new.md", "data/catalog.yml", "data/raw/rain/2024-01-01.csv",
    "analysis/scale.py", "analysis/new_total.ipynb", "requirements.lock", "figures/fig1.en.svg",
    "_site/index.html", "_site/strange.html", "_site/manifest.json", ".anew/tables.json",
    ".anew/stage/2024/report/_built/weave.json", ".anew/stage/2024/site/index.html",
]  # fmt: skip


def test_whatever_changed_is_seen_and_so_is_that_it_was_undone(project, stands):
    assert stands()
    for path in [project / name for name in CHANGED]:
        before = path.read_bytes() if path.exists() else None
        path.write_bytes((before or b"") + b"\n")
        assert not stands(), path
        path.unlink()
        assert stands() == (before is None), path
        if before is not None:
            path.write_bytes(before)
        assert stands(), path


def test_what_runs_the_build_is_part_of_it(project, stands, monkeypatch, tmp_path):
    with monkeypatch.context() as changed:
        changed.setenv("ANEW_ENGINE", "auto")
        assert not stands()
    with monkeypatch.context() as changed:
        (tmp_path / "pandas-99.0.dist-info").mkdir()
        changed.syspath_prepend(tmp_path)
        assert not stands()
    assert stands()


def test_a_damaged_record_stands_for_nothing(project, stands):
    record = max((project / ".anew/standing").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    good = record.read_bytes()
    for bad in (good.replace(b"2 up to date", b"3 up to date"), good[:100], b""):
        record.write_bytes(bad)
        assert not stands()
    record.write_bytes(good)
    assert stands()


def test_a_page_changed_while_it_is_published_leaves_no_record(project, monkeypatch):
    publish = builder.publish

    def publish_and_change(new: Path, site: Path) -> None:
        publish(new, site)
        (site / "404.html").write_text("changed")

    monkeypatch.chdir(project)
    monkeypatch.setattr(builder, "publish", publish_and_change)
    shutil.rmtree(project / "_site")
    assert builder.build(Project(project), Request()).decided == {}


def ran(done: subprocess.CompletedProcess[str]) -> set[str]:
    """Return the labels of the steps that a build ran."""
    assert done.returncode == 0, done.stderr
    return set(re.findall(r"^ *done +(.*) \(\d+\.\d s\)$", done.stderr, re.M))


def content(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


#: What follows any change of a page: it is put on the site, searched and counted.
PUBLISHED = {"put the site together"}
PAGES = {"read the pages", "index the site for searching", *PUBLISHED}
AROUND = {"make the pages around the report", "make the workbooks", *PAGES}
ENGLISH = {"typeset en HTML", "typeset en PDF"}
SET = {"typeset zh HTML", "typeset zh PDF", *ENGLISH}


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_a_sentence_sets_its_language_and_runs_no_notebook(project, anew):
    edit(project / "report/en/index.qmd", "All the rain", "The whole rain")
    assert ran(anew("build", cwd=project)) == {"take in the text (en)", *ENGLISH, *PAGES}


def test_what_an_edit_leaves_is_what_a_clean_build_makes(project, anew):
    """Whatever the order of sets in the process that put the site together."""
    edit(project / "report/en/index.qmd", "All the rain", "The whole rain")
    ran(anew("build", cwd=project, PYTHONHASHSEED="5"))
    edited = (project / "_site").rename(project.parent / "edited")
    shutil.rmtree(project / ".anew")
    ran(anew("build", cwd=project))
    assert content(project / "_site") == content(edited)


def test_fonts_are_made_again_for_a_new_character_only(project, anew):
    text = project / "report/zh/index.qmd"
    edit(text, "降水报告", "水降报告")
    assert "prepare theme and fonts" not in ran(anew("build", cwd=project))
    edit(text, "水降报告", "水降报告犇")
    assert "prepare theme and fonts" in ran(anew("build", cwd=project))
    font = TTFont(project / "_site/theme/han-400.woff2")
    assert ord("犇") in font.getBestCmap()


def test_a_style_draws_its_figure_alone(project, anew):
    edit(project / "analysis/chart.py", '.plot(frame["year"]', '.plot(frame["year"] + 0.5')
    done = ran(anew("build", cwd=project))
    assert done == {
        "fig1: run fig1_rain.ipynb", "gather facts, claims and figures", "fig1: notebook page",
        "make the pages around the report", "make the workbooks", *SET, *PUBLISHED,
    }  # fmt: skip


def test_a_table_runs_the_notebooks_that_read_it_and_sets_what_they_say(project, anew):
    edit(project / "data/raw/rain/2024-01-01.csv", "DEU,2021,19", "DEU,2021,18")
    assert anew("accept", "data/raw/rain/2024-01-01.csv", cwd=project).returncode == 0
    done = ran(anew("build", cwd=project))
    notebooks = {"fig1: run fig1_rain.ipynb", "other: run other_total.ipynb"}
    assert notebooks | SET | PAGES <= done and "take in the text (en)" not in done


def test_what_another_notebook_states_makes_no_page_of_this_one(project, anew):
    cells = [cell.replace(".sum()", ".max()") for cell in tiny.OTHER]
    tiny.notebook(project / "analysis/other_total.ipynb", cells)
    done = ran(anew("build", cwd=project))
    assert done == {
        "other: run other_total.ipynb", "gather facts, claims and figures", "other: notebook page",
        "make the pages around the report", "make the workbooks", *SET, *PAGES,
    }  # fmt: skip


def test_a_page_that_is_as_it_was_is_not_read_again(project, monkeypatch):
    """Search, fonts and links look into every page; only those that changed are parsed."""
    file = project / ".anew/stage/2024/reads.json"
    site = {path.read_bytes() for path in (project / "_site").rglob("*.html")}
    known = reading.kept_reads(file)
    assert {reading.page_hash(page) for page in site} >= set(known) and known
    parsed: list[str] = []
    monkeypatch.setattr(reading, "read_page", lambda page: parsed.append(page) or first)
    first = next(iter(known.values()))
    new = b"<html><main><h1>New</h1></main></html>"
    reading.read_pages([*site, new], file)
    assert new.decode() in parsed and len(parsed) == 1 + len(
        {reading.page_hash(page) for page in site} - set(known)
    )
    file.write_bytes(file.read_bytes()[:-20])
    assert reading.kept_reads(file) == {}, "a damaged file is no memory"


def test_a_note_of_the_catalogue_runs_no_notebook_and_sets_no_text(project, anew):
    edit(project / "data/catalog.yml", "en: invented", "en: made up")
    edit(project / "data/catalog.yml", "en: first", "en: the first")
    done = ran(anew("build", cwd=project))
    assert done == {"check the tables", "gather facts, claims and figures", *AROUND}
    assert "made up" in (project / "_site/data/index.html").read_text("utf-8")


def test_a_notebook_cannot_print_a_note_whose_edit_would_not_run_it(project, anew):
    cells = [*tiny.OTHER, 'print(session.catalog.table("rain").note["en"])']
    tiny.notebook(project / "analysis/other_total.ipynb", cells)
    done = anew("build", cwd=project)
    assert done.returncode == 1
    assert "A notebook cannot read a note of the catalogue." in done.stderr


@pytest.mark.parametrize(
    ("file", "likely"),
    [
        ("report/en/index.qmd", False),
        ("_quarto.yml", False),
        ("analysis/chart.py", True),
        ("data/catalog.yml", True),
    ],
)
def test_what_notebooks_need_is_started_ahead_where_they_are_likely_to_run(
    tmp_path, anew, monkeypatch, file, likely
):
    project = tiny.make(tmp_path / "p", text=True)
    assert builder._notebooks_are_likely(project)  # nothing is built
    assert anew("build", "--formats", "html", cwd=project.root).returncode == 0
    assert not builder._notebooks_are_likely(project)
    with (project.root / file).open("a", encoding="utf-8") as edited:
        edited.write("\n")
    assert builder._notebooks_are_likely(project) is likely
    monkeypatch.setenv("ANEW_CACHE", str(tmp_path / "cache"))
    assert not builder._notebooks_are_likely(project)
