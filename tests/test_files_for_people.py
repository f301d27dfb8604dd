"""What people read and type: Markdown files, and the commands that they and the workflows name."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import recorded
import tiny
import typer.main
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token
from warm import Command

from anew.cli.main import app
from anew.typeset.quarto import find_quarto

ROOT = Path(__file__).parents[1]
MARKDOWN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.md")])
CI = [*ROOT.glob(".github/workflows/*.yml"), ROOT / ".gitlab-ci.yml"]
posix = pytest.mark.skipif(os.name == "nt", reason="the commands are for a POSIX shell")

_COMMAND = re.compile(r"(?:^|[\s/(])(anew|make) +((?:-C \S+ +)?[a-z][^;&|()#\n]*)", re.MULTILINE)


def tokens(path: Path) -> list[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    return parser.parse(path.read_text("utf-8"))


def commands_of(path: Path) -> list[str]:
    """Return the lines of a Markdown file's `sh` blocks, without comments."""
    blocks = [t.content for t in tokens(path) if t.type == "fence" and t.info == "sh"]
    lines = "".join(blocks).splitlines()
    return [line for text in lines if (line := re.sub(r"(^|\s)#.*$", "", text).strip())]


def scripts(value: Any, inside: bool = False) -> Iterator[str]:
    """Yield every shell script of a workflow."""
    if isinstance(value, str) and inside:
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from scripts(one, key in ("run", "script", "before_script"))
    elif isinstance(value, list):
        for one in value:
            yield from scripts(one, inside)


def named() -> Iterator[tuple[str, str, list[str]]]:
    """Yield every command that a file names: the file, `anew` or `make`, its words."""
    texts = [(path, line) for path in MARKDOWN for line in commands_of(path)]
    for path in MARKDOWN:
        inline = re.findall(r"`((?:anew|make) [^`…]+)`", path.read_text("utf-8"))
        texts += [(path, code) for code in inline]
    for path in CI:
        texts += [(path, text) for text in scripts(yaml.safe_load(path.read_text("utf-8")))]
    for path in [*ROOT.glob("tools/*.sh"), ROOT / ".ci/run"]:
        texts.append((path, path.read_text("utf-8")))
    for path, text in texts:
        text = re.sub(r"\\\n", " ", re.sub(r"(?m)(^|\s)#.*$", "", text))
        text = re.sub(r"(?m)^\s*echo .*$", "", text)
        for program, rest in _COMMAND.findall(text):
            yield str(path.relative_to(ROOT)), program, re.sub(r"^-C \S+ +", "", rest).split()


def verbs() -> dict[str, set[str]]:
    """Return every verb of anew with its options: `build`, `edition new`."""
    found: dict[str, set[str]] = {}
    command: Any = typer.main.get_command(app)
    for name, verb in command.commands.items():
        inner = getattr(verb, "commands", None)
        each = {f"{name} {n}": one for n, one in inner.items()} if inner else {name: verb}
        found |= {n: {o for p in one.params for o in p.opts} for n, one in each.items()}
    return found


def targets() -> set[str]:
    """Return the targets of make that its help lists, and what they prepare."""
    return set(re.findall(r"(?m)^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text("utf-8")))


def test_every_command_that_a_file_names_exists():
    known, checked = verbs(), set()
    for file, program, words in named():
        checked.add(file)
        if program == "make":
            asked = {word for word in words if not word.startswith("-") and "=" not in word}
            assert asked <= targets(), f"{file}: make {' '.join(words)}"
            continue
        verb = next((v for v in (" ".join(words[:2]), words[0]) if v in known), None)
        assert verb, f"{file}: anew {' '.join(words)}"
        options = {m[0] for word in words if (m := re.match(r"--?\w[\w-]*", word))}
        assert options <= known[verb], f"{file}: anew {' '.join(words)}"
    assert {"README.md", "CONTRIBUTING.zh.md", ".gitlab-ci.yml", "tools/preview.sh"} <= checked


@pytest.mark.parametrize("suffix", ["", ".zh"])
def test_the_guides_name_every_command(suffix):
    guides = [ROOT / f"{name}{suffix}.md" for name in ("README", "CONTRIBUTING")]
    text = "".join(path.read_text("utf-8") for path in guides)
    listed = re.findall(r"(?m)^([a-z-]+):.*?## ", (ROOT / "Makefile").read_text("utf-8"))
    wanted = [*(f"anew {verb}" for verb in verbs()), *(f"make {target}" for target in listed)]
    assert [one for one in wanted if not re.search(rf"\b{one}\b", text)] == []


@pytest.mark.parametrize("name", ["README", "CONTRIBUTING"])
def test_both_languages_have_the_same_structure_and_commands(name):
    zh, en = (ROOT / f"{name}{suffix}.md" for suffix in (".zh", ""))
    blocks = [[(t.type, t.tag, t.info) for t in tokens(path)] for path in (zh, en)]
    assert blocks[0] == blocks[1]
    words = re.compile(r"\b(FILE|DIR)\b|文件|目录")
    commands = [[words.sub("…", line) for line in commands_of(path)] for path in (zh, en)]
    assert commands[0] == commands[1]


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(path):
    html = MarkdownIt("commonmark").enable("table").render(path.read_text("utf-8"))
    page = BeautifulSoup(html, "html.parser")
    found = [tag.get("href") or tag.get("src") for tag in page.find_all(["a", "img"])]
    relative = [link.partition("#")[0] for link in found if not re.match(r"[a-z]+:", link)]
    assert [link for link in relative if link and not (path.parent / link).exists()] == []


#: What the READMEs name of this project, and what the tiny project has in its place.
STAND_INS = {
    "fig7_rd_expenditure": "fig1_rain", "fig7": "fig1", "India": "Germany", "rd_chn": "rain_last",
    "API_NY.GDP.MKTP.CD_DS2_en_csv_v2.zip": "rain.csv --table rain --vintage 2026-10-01",
    "report-2026.zip": ".anew/export/report-2027.zip --yes",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tiny project in git with two editions, this Makefile, and a file from the agency."""
    root = recorded.start(tmp_path / "project").root
    editions = (root / "data/editions.yml").read_text("utf-8").replace('"2024"', '"2025"')
    given = "{last_year: 2021, economies: [FRA, DEU]}\n        last_year: {tables: [rain]}"
    editions = editions.replace("{last_year: 2021}", given)
    older = editions.split("editions:\n", 1)[1]
    tiny.write(root / "data/editions.yml", editions + older.replace('"2025"', '"2026"'))
    cells = [*tiny.FIG1, tiny.DRAW]
    cells[0] += "\neconomies: Optional[list[str]] = None  # who is drawn"
    cells[1] = cells[1].replace("economy=economy)", "economy=economy, economies=economies)")
    tiny.notebook(root / "analysis/fig1_rain.ipynb", cells)
    newer = tiny.ROWS + "FRA,2022,13\nDEU,2022,18\n"
    tiny.write(root / "rain.csv", newer)
    for name in ("Makefile", "tools/chromium.sh", "tools/linters.sh"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    locks = ("requirements-test.lock", "requirements-crate.lock", "requirements-s3.lock")
    for name in ("pyproject.toml", *locks):
        tiny.write(root / name, "")
    with (root / ".gitignore").open("a") as ignored:
        names = ["/.venv", "/out.ipynb", "/rain.csv", "/_variables.yml", "/report/_built/", "*.png"]
        ignored.write("\n".join(names) + "\n")
    (root / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (root / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for stamp in (".report", ".test"):
        (root / ".venv" / stamp).touch()
    recorded.commit(root, "Two editions")
    return root


def environment(root: Path) -> dict[str, str]:
    """Return an environment in which git knows its author and nothing of anew is set."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "ANEW_", "MAKE"))}
    for who in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.org"}
    path = os.pathsep.join([str(root / ".venv/bin"), kept["PATH"]])
    return {**kept, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "ANEW_ENGINE": "embedded"}


def typed(root: Path, line: str, warm: Command) -> str:
    """Run a line of the README; return what it printed. A plain `anew` line needs no shell."""
    if line == "anew serve":
        return served(root)
    if line.startswith("anew ") and not re.search(r"[|&;<>$*]", line):
        done = warm(shlex.split(line)[1:], root, environment(root))
    else:
        done = subprocess.run(
            ["bash", "-c", line], cwd=root, env=environment(root), capture_output=True,
            encoding="utf-8",
        )  # fmt: skip
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def served(root: Path) -> str:
    """Start the preview, stop it once it gives its address; return what it printed."""
    with subprocess.Popen(
        ["anew", "serve", "--port", "0"], cwd=root, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, encoding="utf-8",
        env={**environment(root), "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        said = ""
        for line in process.stdout or ():
            said += line
            if "http://" in line:
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0, said
    return said


@posix
@pytest.mark.slow
def test_the_journeys_of_the_readme(project, tmp_path):
    """Every command, in the order in which it stands, on the tiny project."""
    said = {}
    warm = Command()
    for line in commands_of(ROOT / "README.md"):
        if line == "quarto preview" or (line.startswith("rsync ") and not shutil.which("rsync")):
            continue
        if line == "anew release --sign KEY":  # test_reproduction.py signs with a key that it makes
            continue
        if re.search(r"^quarto|^anew conformance$|--engine quarto", line) and not find_quarto():
            continue
        run = re.sub(r"^make (test|lab)$", r"make --dry-run \1", line)
        run = re.sub(r"\S+:/\S+", f"{tmp_path}/away/", run)
        for name, stand_in in STAND_INS.items():
            run = run.replace(name, stand_in)
        said[line] = typed(project, run, warm)
    warm.close()
    site = project / "_site"
    assert "The report is at _site/index.html" in said["make report"]
    assert "Nothing to run" in said["anew explain"]
    assert "No errors." in said["anew check"]
    assert (project / "out.ipynb").is_file()
    vintages = sorted(path.stem for path in (project / "data/raw/rain").iterdir())
    assert vintages == ["2024-01-01", "2026-10-01"]
    assert "2026 → 2027" in said["anew diff 2026 2027"]
    assert (site / "editions/2025/report/en/index.pdf").is_file()
    for edition in ("2025", "2026", "2027"):
        assert f"{edition}: recorded" in said["make release"]
        assert f"{edition}: Equal" in said["make reproduce"]
    assert list((site / "certificate").glob("*.pdf")) and (project / "codecheck.yml").is_file()
