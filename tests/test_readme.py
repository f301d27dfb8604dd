"""What is written for people: both READMEs, how to contribute, what changed, how to cite."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import readme_project
import typer.main
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from workflow_files import ROOT

import anew
from anew.cli.main import app
from anew.editions.editions import load_editions
from anew.project.paths import Project
from anew.typeset.quarto import find_quarto

sys.path.insert(0, str(ROOT / "tools"))
import pictures  # noqa: E402
import readme  # noqa: E402

sys.path.pop(0)

PROJECT = Project(ROOT)
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
GUIDES = {"en": ROOT / "CONTRIBUTING.md", "zh": ROOT / "CONTRIBUTING.zh.md"}
PAGES = [*READMES.values(), *GUIDES.values(), ROOT / "CHANGELOG.md"]
posix = pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")


def fences(path: Path, language: str = "sh") -> list[list[str]]:
    """Return the fenced blocks of commands, without comments and empty lines."""
    tokens = MarkdownIt().parse(path.read_text("utf-8"))
    blocks = [t.content for t in tokens if t.type == "fence" and t.info == language]
    lines = [[re.sub(r"(^|\s)#.*$", "", line).strip() for line in b.splitlines()] for b in blocks]
    return [[line for line in block if line] for block in lines]


def page(path: Path) -> BeautifulSoup:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    return BeautifulSoup(markdown.render(path.read_text("utf-8")), "html.parser")


# The figures and what they claim


@pytest.fixture(scope="module")
def entries() -> list[Any]:
    return readme.entries(PROJECT)


@pytest.mark.parametrize("language", READMES)
def test_figures_tables_and_claims_are_what_notebooks_and_editions_say(language, entries):
    text = READMES[language].read_text("utf-8")
    assert readme.updated(text, entries, language) == text, "run: python tools/readme.py"
    assert "…?" not in text
    rows = re.findall(r"(?m)^\| (\d|–) \| (.+?) \| \[\w+\]\(analysis/", text)
    assert [number for number, _ in rows] == [*"1234567", "–", "–"]
    assert all(re.search("[?？]|（正文中的一张表）", question) for _, question in rows)


def test_a_readme_that_fell_behind_is_brought_up_to_date(entries):
    text = READMES["en"].read_text("utf-8")
    first = entries[0]
    old = text.replace(f"`{first.claims[0]}`, ", "`some-claim`, ")
    old = old.replace(f" | {len(first.claims)} |", " | 99 |", 1).replace(first.tables[0], "rain", 1)
    assert old.count("some-claim") == 1 and readme.updated(old, entries, "en") == text
    more = [*entries, readme.Entry("fig8", "fig8_rain", ["rain"], ["rain-grows"])]
    new = readme.updated(text, more, "en")
    assert "| 8 | …? | [fig8_rain](analysis/fig8_rain.ipynb) | rain | 1 |\n" in new
    assert "- Figure 8: `rain-grows`\n" in new


# The commands


def test_both_languages_have_the_same_commands():
    assert fences(READMES["en"]) == fences(READMES["zh"])
    guides = [[[shown(line) for line in b] for b in fences(GUIDES[one])] for one in ("en", "zh")]
    assert guides[0] == guides[1]


def shown(line: str) -> str:
    """Return a line of the guide without the words that stand for a name."""
    return re.sub(r"\b(FILE|DIR)\b|文件|目录", "…", line)


def test_the_two_commands_are_at_the_top():
    for path in READMES.values():
        assert fences(path)[0] == ["make report", "make test"]
        assert path.read_text("utf-8").index("```sh") < 400


def verbs() -> dict[str, Any]:
    """Return every verb of the command with what it takes: `build`, `edition new`."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {n}": c for n, c in inner.items()} if inner else {name: command}
    return found


def targets() -> list[str]:
    """Return the verbs of make, as its help lists them."""
    return re.findall(r"(?m)^([a-z-]+):.*?## ", (ROOT / "Makefile").read_text("utf-8"))


@pytest.mark.parametrize("language", READMES)
def test_every_verb_is_documented(language):
    told = READMES[language].read_text("utf-8") + GUIDES[language].read_text("utf-8")
    wanted = [*(f"anew {verb}" for verb in verbs()), *(f"make {verb}" for verb in targets())]
    assert len(wanted) > 25
    assert [verb for verb in wanted if not re.search(rf"\b{verb}\b", told)] == []
    # and the guide has each in its table, with a word on what it does
    rows = re.findall(
        r"(?m)^\| (`(?:anew|make) .*?) \| (\S.+) \|$", GUIDES[language].read_text("utf-8")
    )
    listed = re.findall(r"`((?:anew|make) [a-z ]+?)`", " ".join(cell for cell, _ in rows))
    assert sorted(listed) == sorted(wanted)


@pytest.mark.parametrize("path", [*READMES.values(), *GUIDES.values()], ids=lambda path: path.name)
def test_every_command_exists_with_its_options(path):
    known = verbs()
    spoken = [line for block in fences(path) for line in block]
    spoken += re.findall(r"`((?:anew|make) [^`…]+)`", path.read_text("utf-8"))
    checked = 0
    for line in spoken:
        words = [word for word in shlex.split(line) if word != "…"]
        if words[0] == "make":
            assert set(words[1:]) <= {*targets(), "…"}, line
        elif words[0] == "anew":
            verb = " ".join(words[1:3]) if " ".join(words[1:3]) in known else words[1]
            options = {o for p in known[verb].params for o in p.opts}
            assert {w for w in words if w.startswith("-")} <= options, line
        checked += words[0] in ("make", "anew")
    assert checked > 10


class Reader:
    """Somebody who types what the README says, from top to bottom."""

    def __init__(self, root: Path, away: Path) -> None:
        self.root, self.away = root, away
        self.environment = readme_project.author()
        self.passed_over: list[str] = []

    def type(self, line: str) -> str:
        """Run a line; return what it printed. Raises AssertionError when it fails."""
        if line == "anew serve":
            return self._serve()
        if line in ("make test", "make lab"):  # this test, and a program that waits for a person
            line = line.replace("make", "make --dry-run")
        if line.startswith("quarto ") or line == "anew conformance" or "--engine quarto" in line:
            if find_quarto() is None or line == "quarto preview":
                self.passed_over.append(line)
                return ""
        if line.startswith("rsync "):
            if shutil.which("rsync") is None:
                self.passed_over.append(line)
                return ""
            line = re.sub(r"\S+:/\S+", f"{self.away}/", line)
        done = self._run(["bash", "-c", line])
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True,
            encoding="utf-8",
        )  # fmt: skip

    def _serve(self) -> str:
        with subprocess.Popen(
            ["anew", "serve", "--port", "0"], cwd=self.root,
            env={**self.environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        ) as process:  # fmt: skip
            found = ""
            for line in process.stdout or ():
                found += line
                if "http://" in line:
                    process.send_signal(signal.SIGINT)
        assert process.returncode == 0 and "Stopped." in found, found
        return found


@posix
@pytest.mark.slow
def test_the_journeys_are_as_written(tmp_path):
    """All commands of the README, in order, on this project with one of its figures."""
    project = readme_project.make(tmp_path / "project")
    reader = Reader(project.root, tmp_path / "away")
    said = {}
    for line in (line for block in fences(READMES["en"]) for line in block):
        said[line] = reader.type(line)
        if line == "anew build --all-editions":
            assert (project.site / "editions/2025/report/en/index.pdf").is_file()
    assert len(said) > 25
    assert "The report is at _site/index.html" in said["make report"]
    assert "Nothing would run" in said["anew explain"]
    assert "1 run" in said["anew build --only fig7 -p fig7.last_year=2021"]
    assert "No errors." in said["anew check"]
    assert (project.root / "out.ipynb").is_file()
    dry = next(line for line in said if line.endswith(".zip --dry-run"))
    assert (
        "nothing was written" in said[dry]
        and "Written: gdp 2026-10-01" in said[dry.removesuffix(" --dry-run")]
    )
    assert "2027" in said["anew edition new 2027"]
    assert "2026 → 2027" in said["anew diff 2026 2027"]
    assert '"value"' in said[next(line for line in said if line.startswith("grep "))]
    assert len(said["head -n 3 _site/figures/fig7.csv"].splitlines()) == 3
    assert "2027: recorded" in said["make release"]
    for edition in ("2025", "2026", "2027"):
        assert f"{edition}" in said["make reproduce"]
    assert list((project.site / "certificate").glob("*.pdf"))
    assert (project.root / "codecheck.yml").is_file()
    assert list(project.work.glob("export/*.zip"))
    if shutil.which("rsync"):
        assert (tmp_path / "away/report/zh/index.html").is_file()
    if reader.passed_over:
        print("Not run here:", "; ".join(reader.passed_over))


# Pictures and links


@pytest.mark.parametrize("language", READMES)
def test_every_picture_is_there_described_and_shown(language):
    shown = page(READMES[language]).find_all("img")
    assert {image["src"] for image in shown if image["src"].startswith("docs/")} == {
        picture.file(language).relative_to(ROOT).as_posix() for picture in pictures.ALL
    }
    assert len([image for image in shown if image["src"].startswith("figures/")]) >= 2
    for image in shown:
        assert (ROOT / image["src"]).is_file(), image["src"]
        assert f".{language}." in image["src"]
        han = re.search("[\u4e00-\u9fff]", image["alt"])
        assert len(image["alt"]) > 15 and bool(han) == (language == "zh"), image["src"]
    files = list((ROOT / "docs" / "pictures").iterdir())
    assert {path.name for path in files} == {
        p.file(one).name for p in pictures.ALL for one in READMES
    }
    assert sum(path.stat().st_size for path in files) <= pictures.MOST


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    for link in page(path).find_all("a", href=True):
        target = link["href"]
        if not re.match(r"[a-z]+:", target):
            assert (ROOT / target.partition("#")[0]).exists(), target
    for name in re.findall(
        r"`((?:analysis|data|report|src|tests|tools|docs)/[\w./-]*)`", path.read_text("utf-8")
    ):
        if "fig8" not in name and "rd_intensity" not in name:
            assert (ROOT / name).exists(), name


# What changed, and how to cite


def test_the_changelog_tells_of_every_edition_and_of_this_version():
    told = re.findall(r"(?m)^### \[?([\w.]+)\]?", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert {*load_editions(PROJECT).names, anew.__version__} <= set(told)


def test_the_citation_is_valid_and_of_this_version():
    path = ROOT / "CITATION.cff"
    schema = ["--builtin-schema", "vendor.citation-file-format"]
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cited = yaml.safe_load(path.read_text("utf-8"))
    assert cited["version"] == anew.__version__
    assert cited["title"] == page(READMES["en"]).h1.text
    dates = re.findall(r"(?m)^### \[([\d.]+)\] - (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert (cited["version"], str(cited["date-released"])) in dates


@pytest.mark.parametrize("language", GUIDES)
def test_the_map_of_the_engine_names_every_room_in_the_order_of_what_it_imports(language):
    listed = re.findall(r"^\| `(\w+)/` \|", GUIDES[language].read_text("utf-8"), re.M)
    engine = ROOT / "src/anew"
    rooms = [path.parent.name for path in engine.glob("*/__init__.py")]
    assert sorted(listed) == sorted(rooms)
    for place, room in enumerate(listed):
        code = "\n".join(path.read_text("utf-8") for path in (engine / room).rglob("*.py"))
        used = set(re.findall(r"^ *from anew\.(\w+)", code, re.M)) & set(listed)
        assert used <= set(listed[: place + 1]), f"{room} imports {used - set(listed[:place])}"
