"""A report started with one command: complete, checked, built; nothing of anybody's overwritten."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from bs4 import BeautifulSoup
from test_quarto_hooks import HOOKS

from anew.start.templates import notebook


@pytest.fixture(scope="module")
def started(tmp_path_factory, anew):
    folder = tmp_path_factory.mktemp("start")
    done = anew("init", "rain", "--title", 'Rain: "a" report', cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "rain"


def test_a_report_that_was_just_started_passes_the_strictest_check_and_builds(started, anew):
    done = anew("check", "--strict", cwd=started)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "All is well."
    done = anew("build", "--strict", cwd=started)
    assert done.returncode == 0, done.stderr
    html = (started / "_site/report/en/index.html").read_text("utf-8")
    page = BeautifulSoup(html, "html.parser")
    text = " ".join(page.get_text().split())
    assert "958 mm against 823 mm" in text
    assert "Rainfall in the last year, and the mean" in text
    assert "Literate" in text
    assert "Rain: " in page.h1.get_text()
    assert (started / "_site/report/zh/index.pdf").read_bytes().startswith(b"%PDF")


def test_its_readme_says_what_each_file_is(started):
    readme = (started / "README.md").read_text("utf-8")
    named = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", readme, flags=re.M | re.S))
    for path in sorted(started.rglob("*")):
        name = path.relative_to(started).as_posix().replace("/en/", "/<language>/")
        built = name.split("/")[0] in (".anew", "_site", "figures", "_variables.yml")
        if path.is_file() and not built and not path.name.startswith(("_", ".gitignore")):
            known = any(name == one or name.startswith(f"{one.rstrip('/')}/") for one in named)
            kind = name in ("README.md", "Makefile", "requirements.txt", "analysis/__init__.py")
            assert known or kind or "/zh/" in name or "__pycache__" in name, name
    for file in ("_quarto.yml", "CITATION.cff", ".gitlab-ci.yml", ".github/workflows/publish.yml"):
        assert yaml.safe_load((started / file).read_text("utf-8"))


def test_starting_overwrites_nothing(started, anew):
    before = {path: path.read_bytes() for path in started.rglob("*") if path.is_file()}
    done = anew("init", ".", cwd=started)
    assert done.returncode == 2 and "is not empty" in done.stderr
    assert {path: path.read_bytes() for path in started.rglob("*") if path.is_file()} == before


def test_a_language_that_cannot_be_written_in_is_refused_before_anything_is_written(tmp_path, anew):
    done = anew("init", "r", "--languages", "zh,xx", cwd=tmp_path)
    assert done.returncode == 2 and "'xx'" in done.stderr
    assert not (tmp_path / "r").exists()


def test_the_look_can_be_taken_out_and_changed(started, anew):
    done = anew("init", "--eject", "theme", cwd=started)
    assert done.returncode == 0 and "report/theme/anew.css" in done.stdout
    (started / "report/theme/anew.css").write_text("/* mine */\n", "utf-8")
    assert "already has every file" in anew("init", "--eject", "theme", cwd=started).stdout
    assert (started / "report/theme/anew.css").read_text("utf-8") == "/* mine */\n"
    assert anew("init", "--eject", "themes", cwd=started).returncode == 2


def test_our_own_report_calls_anew_as_a_new_one_does(started):
    assert HOOKS.read_bytes() == (started / "report/hooks.py").read_bytes()


def test_a_notebook_is_written_as_a_script():
    made = json.loads(notebook("# %% [markdown]\n# # Title\n#\n# text\n# %% parameters\na = 1\n"))
    first, second = made["cells"]
    assert first["cell_type"] == "markdown" and first["source"] == "# Title\n\ntext"
    assert second["metadata"]["tags"] == ["parameters"] and second["source"] == "a = 1"


def test_a_figure_a_table_and_a_section_are_added_by_recipe(tmp_path, anew):
    assert anew("init", "p", cwd=tmp_path).returncode == 0
    root = tmp_path / "p"
    for words in (["figure", "rain-share"], ["table", "wind"], ["section", "outlook"]):
        done = anew("add", *words, cwd=root)
        assert done.returncode == 0, done.stderr
        for name in done.stdout.splitlines()[:-1]:
            assert "TODO" in (root / name).read_text("utf-8") or name.endswith(
                ("editions.yml", "index.qmd", ".py")
            )
    done = anew("check", cwd=root)
    assert done.returncode == 0 and "error:" not in done.stdout, done.stdout + done.stderr
    for place in ("data/catalog.yml:", "report/zh/_outlook.qmd:", "report/en/_rain-share.qmd:",
                  "analysis/fig2_rain_share.ipynb, cell"):  # fmt: skip
        assert f"warning: {place}" in done.stdout
    done = anew("build", cwd=root)
    assert done.returncode == 0, done.stderr
    page = (root / "_site/report/en/index.html").read_text("utf-8")
    assert "figures/fig2.en.svg" in page and 'id="sec-outlook"' in page


def test_a_table_of_ones_own_is_taken_in_and_drawn_with_six_commands(tmp_path, anew):
    root = tmp_path / "r"
    file = tmp_path / "shares.csv"
    rows = [f"{c},{y},{20 + y % 7}.5" for c in ("Germany", "France") for y in range(2019, 2024)]
    file.write_text("Country,Year,Share\n" + "\n".join(rows) + "\n", "utf-8")
    said = {}
    for command in (
        ["init", "r", "--languages", "en"],
        ["add", "table", "shares"],
        ["ingest", str(file), "--table", "shares", "--vintage", "2024-05-01"],
        ["add", "figure", "shares", "--table", "shares"],
        ["check"],
        ["build"],
    ):
        done = anew(*command, cwd=tmp_path if command[0] == "init" else root)
        assert done.returncode == 0, (command, done.stderr)
        said[" ".join(command[:2])] = done.stdout
    assert "10 rows from shares.csv" in said[f"ingest {file}"]
    assert "Edition 2024 is dated 2024-05-01 now" in said["add figure"]
    assert "warning: " in said["check"] and "TODO" in said["check"]
    page = (root / "_site/report/en/index.html").read_text("utf-8")
    assert 'id="fig-2"' in page and (root / "_site/figures/fig2.en.svg").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["figure", "Rain share"], "is not a name"),
        (["figure", "rainfall"], "There is a file analysis/rainfall.py"),
        (["figure", "new", "--table", "rain"], "rainfall"),
        (["table", "rainfall"], "There is a table rainfall"),
        (["section", "../other"], "is not a name"),
    ],
)
def test_a_recipe_that_cannot_be_followed_changes_nothing(started, anew, words, said):
    files = [p for p in started.rglob("*") if p.is_file() and ".anew" not in p.parts]
    before = {path: path.read_bytes() for path in files}
    done = anew("add", *words, cwd=started)
    assert done.returncode == 2 and said in done.stderr, done.stderr
    files = [p for p in started.rglob("*") if p.is_file() and ".anew" not in p.parts]
    assert {path: path.read_bytes() for path in files} == before


@pytest.mark.parametrize(
    ("options", "zh", "en"),
    [
        (["--title", "降水"], "降水", "My rain"),
        (["--title", "zh=降水", "--title", "en=Rain"], "降水", "Rain"),
        (["--title", "Rain = snow"], "Rain = snow", "Rain = snow"),
        ([], "My rain", "My rain"),
    ],
)
def test_a_title_may_be_of_one_language_or_of_each(tmp_path, anew, options, zh, en):
    assert anew("init", "my-rain", *options, cwd=tmp_path).returncode == 0
    found = yaml.safe_load((tmp_path / "my-rain/_quarto.yml").read_text("utf-8"))["anew"]["title"]
    assert found == {"zh": zh, "en": en}
    assert anew("check", "--strict", cwd=tmp_path / "my-rain").returncode == 0
