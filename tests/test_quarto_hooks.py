"""Plain `quarto render` gives the whole site: the hooks, with a stand-in for Quarto and with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import quarto_stand_in
import tiny

from anew.project.provided import eject

OWN = Path(__file__).parents[1]
HOOKS = OWN / "report" / "hooks.py"
TEXT = "report/zh/index.qmd"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are for a POSIX shell")

OLDER = '"2024":', '"2023":'


def add_hooks(root: Path) -> None:
    """Let Quarto call anew in the project, as it does in this one."""
    shutil.copy(HOOKS, root / "report")
    path = root / "_quarto.yml"
    keys = "  pre-render: report/hooks.py pre\n  post-render: report/hooks.py post\n"
    path.write_text(path.read_text("utf-8").replace("website:", f"{keys}website:", 1), "utf-8")
    ignored = "/.anew/\n/_site/\n/_variables.yml\n/report/_built/\n/.quarto/\n**/*.quarto_ipynb\n"
    (root / ".gitignore").write_text(ignored + "/figures/*.png\n__pycache__/\n")


def include(root: Path) -> Path:
    """Put the second half of the Chinese text into a file of its own; return that file."""
    text = root / TEXT
    head, tail = text.read_text("utf-8").split("全部", 1)
    text.write_text(head + "{{< include _rest.qmd >}}\n", "utf-8")
    return tiny.write(root / "report/zh/_rest.qmd", "全部" + tail)


def add_older(root: Path) -> None:
    path = root / "data/editions.yml"
    text = path.read_text("utf-8")
    path.write_text(text + text.split("editions:\n", 1)[1].replace(*OLDER), "utf-8")


REAL = pytest.param("Quarto", marks=pytest.mark.quarto)


@pytest.fixture(scope="module", params=["the stand-in", REAL])
def rendered(request, tmp_path_factory):
    """Return a function that renders plainly, and a project with two editions rendered so once."""
    program = shutil.which("quarto")
    if request.param == "the stand-in":
        program = str(quarto_stand_in.install(tmp_path_factory.mktemp("bin")))
    elif not program:
        pytest.skip("Quarto is not on PATH")
    root = tmp_path_factory.mktemp("plain") / "p"
    eject(tiny.make(root, text=True), "filters")
    add_older(root)
    add_hooks(root)
    include(root)
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=root, check=True)

    def render(where: Path, *arguments: str, **more: str):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ANEW_")}
        python = {"QUARTO_PYTHON": sys.executable, "QUARTO_PATH": program, "NO_COLOR": "1"}
        return subprocess.run(
            [program, "render", *arguments], cwd=where, env={**kept, **python, **more},
            capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip

    done = render(root)
    assert done.returncode == 0, done.stdout + done.stderr
    return render, root, done


@pytest.fixture
def project(rendered, tmp_path):
    render, root, _ = rendered
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, symlinks=True)
    return render, copy


def content(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def untracked(root: Path) -> str:
    """Return what git would say is new or changed, apart from the figures of a first build."""
    said = subprocess.run(["git", "status", "--short"], cwd=root, capture_output=True, text=True)
    lines = [line for line in said.stdout.splitlines() if not line.startswith("A ")]
    return " ".join(line[1:] for line in lines if line != "?? figures/")


def test_a_render_gives_the_whole_site(rendered):
    _, root, done = rendered
    site = content(root / "_site")
    assert {
        "index.html", "404.html", "facts.json", "claims.json", "manifest.json",
        "report/zh/index.html", "report/zh/index.pdf", "report/en/index.html",
        "report/en/index.pdf", "figures/fig1.zh.svg", "figures/fig1.en.png",
        "notebooks/fig1.html", "notebooks/fig1.zh.html", "data/rain/2024-01-01.csv",
        "editions/2023/report/en/index.html", "editions/2023/report/zh/index.pdf",
    } <= set(site)  # fmt: skip
    assert not [name for name in site if name.startswith("site_libs/") or name == "search.json"]
    page = site["report/zh/index.html"].decode()
    assert "全部降水为" in page and 'name="generator"' not in page and "notebooks/" in page
    assert "warn" not in (done.stdout + done.stderr).lower()


def test_the_manifest_is_that_of_the_folder(rendered):
    import hashlib

    _, root, _ = rendered
    for place in ("", "editions/2023/"):
        files = content(root / "_site" / place)
        manifest = json.loads(files.pop("manifest.json"))
        own = {n: d for n, d in files.items() if place or not n.startswith("editions/")}
        assert manifest["files"] == {n: hashlib.sha256(d).hexdigest() for n, d in own.items()}
    newest = json.loads((root / "_site/manifest.json").read_text("utf-8"))
    assert newest["versions"]["typesetter"].startswith("Quarto 1.")


def test_nothing_that_git_tracks_is_touched(rendered):
    _, root, _ = rendered
    assert untracked(root) == ""


def test_a_second_render_does_nothing_and_gives_the_same_bytes(project):
    render, root = project
    before = content(root / "_site")
    done = render(root)
    assert done.returncode == 0, done.stderr
    assert " done " not in done.stderr and content(root / "_site") == before


def test_the_build_folder_may_be_deleted(project):
    render, root = project
    before = content(root / "_site")
    shutil.rmtree(root / ".anew")
    done = render(root)
    assert done.returncode == 0 and "run fig1_rain.ipynb" in done.stderr
    assert content(root / "_site") == before


def test_one_document_in_one_format_leaves_the_rest_as_it_is(project):
    render, root = project
    before = content(root / "_site")
    path = root / "report/zh/_rest.qmd"
    path.write_text(path.read_text("utf-8").replace("全部", "所有"), "utf-8")
    done = render(root, TEXT, "--to", "html")
    assert done.returncode == 0, done.stderr
    after = content(root / "_site")
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {"manifest.json", "report/zh/index.html"}
    assert "所有降水为" in after["report/zh/index.html"].decode()
    assert "run fig1" not in done.stderr and untracked(root) == "M report/zh/_rest.qmd"


def test_pages_alone_come_with_the_pdfs_of_the_embedded_typesetter(project):
    render, root = project
    before = content(root / "_site")
    done = render(root, "--to", "html")
    assert done.returncode == 0, done.stderr
    after = content(root / "_site")
    assert set(after) == set(before) and after["report/zh/index.pdf"].startswith(b"%PDF")
    typesetter = json.loads(after["manifest.json"])["versions"]["typesetter"]
    assert typesetter.startswith("Quarto 1.") and typesetter.endswith(", embedded")


def test_word_files_come_beside_the_rest(project):
    render, root = project
    done = render(root, "report/en/index.qmd", "--to", "docx")
    assert done.returncode == 0, done.stderr
    first = (root / "_site/report/en/index.docx").read_bytes()
    assert b"word/document.xml" in first and (root / "_site/report/en/index.pdf").is_file()
    assert render(root, "report/en/index.qmd", "--to", "docx").returncode == 0
    assert (root / "_site/report/en/index.docx").read_bytes() == first


def test_an_accepted_cell_runs_what_reads_it(project, anew):
    render, root = project
    raw = root / "data/raw/rain/2024-01-01.csv"
    raw.write_text(raw.read_text().replace("FRA,2021,12.5", "FRA,2021,13.5"))
    refused = render(root)
    said = refused.stdout + refused.stderr
    assert refused.returncode != 0 and "anew accept data/raw/rain/2024-01-01.csv" in said
    assert "Traceback" not in said
    assert anew("accept", str(raw), cwd=root).returncode == 0
    done = render(root)
    assert done.returncode == 0 and "run fig1_rain.ipynb" in done.stderr
    assert "13.5 毫米" in (root / "_site/report/zh/index.html").read_text("utf-8")


def test_a_failing_notebook_is_quoted_and_nothing_is_rendered(project):
    render, root = project
    tiny.notebook(root / "analysis/fig1_rain.ipynb", [*tiny.FIG1, "raise ValueError('it leaks')"])
    done = render(root)
    said = done.stdout + done.stderr
    assert done.returncode != 0 and "│ raise ValueError('it leaks')" in said
    assert "cell 6 of analysis/fig1_rain.ipynb" in said and "anew.build.quarto" not in said


def test_a_site_that_cannot_be_finished_leaves_the_last_good_one(project):
    render, root = project
    before = content(root / "_site")
    path = root / "report/zh/_rest.qmd"
    good = path.read_text("utf-8")
    path.write_text(good + "\n[无处](nowhere.html)\n", "utf-8")
    for _ in range(2):
        done = render(root, "--to", "html")
        said = done.stdout + done.stderr
        assert done.returncode != 0 and "nowhere.html: no such file" in said, said
        assert "Traceback" not in said and content(root / "_site") == before
    path.write_text(good, "utf-8")
    assert render(root).returncode == 0 and content(root / "_site") == before


def test_what_another_build_made_is_not_taken_for_quartos(project, anew):
    render, root = project
    before = content(root / "_site")
    done = anew("build", "--all-editions", cwd=root, ANEW_ENGINE="embedded")
    assert done.returncode == 0, done.stderr
    assert content(root / "_site") != before
    assert render(root).returncode == 0
    assert content(root / "_site") == before


def test_quartos_preview_is_told_of_all_that_the_report_is_made_of(project):
    import yaml

    render, root = project
    variables = yaml.safe_load((root / "_variables.yml").read_text("utf-8"))
    named = variables["anew"]["watched"]
    assert {
        "report/zh/_rest.qmd", "report/en/index.qmd", "report/filters/anew.lua", "_quarto.yml",
        "data/raw/rain/2024-01-01.csv", "analysis/fig1_rain.ipynb", "analysis/scale.py",
    } <= set(named)  # fmt: skip
    assert all((root / name).is_file() for name in named)
    assert variables["zh"]["rain_last"] == "12.5 毫米"
    tiny.write(root / "report/zh/_more.qmd", "又。\n")
    assert render(root, TEXT, "--to", "html").returncode == 0
    assert "report/zh/_more.qmd" in (root / "_variables.yml").read_text("utf-8")


def test_settings_first_read_without_variables_are_read_again(project):
    """A preview that began in a fresh clone learns what to watch."""
    render, root = project
    settings = root / "_quarto.yml"
    os.utime(settings, (1, 1))
    assert render(root, TEXT, "--to", "html").returncode == 0
    assert settings.stat().st_mtime != 1  # the first render of the project had none
    os.utime(settings, (1, 1))
    assert render(root, TEXT, "--to", "html").returncode == 0
    assert settings.stat().st_mtime == 1 and untracked(root) == ""


class TestFindingPython:
    """report/hooks.py, called by a Python that lacks anew."""

    def call(self, root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        (root / "report").mkdir(parents=True, exist_ok=True)
        shutil.copy(HOOKS, root / "report")
        kept = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        return subprocess.run(
            [sys.executable, "-I", "-S", str(root / "report/hooks.py"), "pre"],
            env={**kept, **environment}, capture_output=True, encoding="utf-8",
        )  # fmt: skip

    def environment(self, folder: Path, *, anew: bool = True) -> Path:
        python = folder / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\necho "{folder.name}: $@ in $PWD"\n')
        python.chmod(0o755)
        packages = folder / "lib" / "python3.12" / "site-packages"
        (packages / ("anew-0.1.0.dist-info" if anew else "other-1.dist-info")).mkdir(parents=True)
        return folder

    def test_the_projects_own_environment_is_found(self, tmp_path):
        root = tmp_path / "p [1]"
        self.environment(root / ".venv")
        done = self.call(root)
        assert done.stdout == f".venv: -m anew.build.quarto pre in {root}\n", done.stderr

    def test_the_active_environment_comes_first(self, tmp_path):
        self.environment(tmp_path / ".venv")
        active = self.environment(tmp_path / "mine")
        assert self.call(tmp_path, VIRTUAL_ENV=str(active)).stdout.startswith("mine: ")

    def test_an_active_environment_without_anew_is_passed_over(self, tmp_path):
        self.environment(tmp_path / ".venv")
        active = self.environment(tmp_path / "mine", anew=False)
        assert self.call(tmp_path, VIRTUAL_ENV=str(active)).stdout.startswith(".venv: ")

    def test_where_there_is_none_it_says_what_to_do(self, tmp_path):
        for anew in (None, False):
            if anew is False:
                self.environment(tmp_path / ".venv", anew=False)
            done = self.call(tmp_path)
            assert done.returncode == 1 and "make setup" in done.stderr
            assert str(tmp_path / ".venv") in done.stderr and "Traceback" not in done.stderr

    def test_its_exit_code_is_the_hooks(self, tmp_path):
        folder = self.environment(tmp_path / ".venv")
        (folder / "bin" / "python").write_text("#!/bin/sh\nexit 2\n")
        assert self.call(tmp_path).returncode == 2


def test_a_hook_has_two_names():
    done = subprocess.run(
        [sys.executable, "-m", "anew.build.quarto", "both"], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 2 and "usage" in done.stderr
