"""Recording an edition, and the command line from there to a certificate."""

from __future__ import annotations

import json

import pytest
import recorded
import tiny

from anew.build.steps import picture_files
from anew.project.errors import AnewError, BuildError
from anew.verify import release as releasing
from anew.verify.release import release
from anew.verify.sources import digest_of, is_source, source_hashes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A project in git, and a rebuild that stands by."""
    folder = tmp_path_factory.mktemp("release")
    return recorded.start(folder / "p"), recorded.Warm(folder / "fonts")


def test_the_command_records_and_reproduces(tmp_path, anew):
    root = recorded.start(tmp_path / "p").root
    assert anew("build", cwd=root).returncode == 0
    commit = recorded.commit(root, "Draw")
    done = anew("release", cwd=root)
    assert done.returncode == 0, done.stderr
    assert f"2024: recorded in report/manifests/2024.json of commit {commit[:12]}" in done.stdout
    # nothing that a build makes depends on it
    assert "manifests" not in anew("explain", cwd=root).stdout
    recorded.commit(root, "Release")
    done = anew("reproduce", cwd=root / "report")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2024: Equal" in done.stdout and "certificate.html" in done.stdout
    folder = root / ".anew/certificates/2024"
    assert {"certificate.json", "certificate.html", "certificate.zh.pdf"} <= {
        path.name for path in folder.iterdir()
    }
    assert recorded.git(root, "status", "--porcelain") == ""


def test_a_manifest_holds_what_numbers_are_compared_with(begun, monkeypatch):
    project, warm = begun
    monkeypatch.setattr(releasing, "rebuild", warm)
    (one,) = release(project, [], 2)
    manifest = json.loads(one.file.read_text("utf-8"))
    assert one.commit == manifest["sources"]["commit"]
    assert one.commit == recorded.git(project.root, "rev-parse", "HEAD")
    assert manifest["data"]["fig1"][0].startswith("economy,year,value")
    assert manifest["claims"]["rain-grows"]["holds"] is True
    evidence = manifest["claims"]["rain-grows"]["evidence"]
    assert evidence == {"2019": 10.0, "2020": 11.0, "2021": 12.5}
    names = manifest["sources"]["files"]
    assert manifest["sources"]["sha256"] == digest_of(source_hashes(project.root, names))
    assert {"data/raw/rain/2024-01-01.csv", "report/en/index.qmd", "_quarto.yml"} <= set(names)
    assert not [name for name in names if name.startswith(("report/manifests", "figures", "."))]
    assert manifest["request"] == {
        "formats": ["html", "pdf"], "only": [], "parameters": {}, "editions": []
    }  # fmt: skip
    before = one.file.read_bytes()
    (again,) = release(project, ["2024"], 2)
    assert not again.changed and again.file.read_bytes() == before


def test_sources_that_no_commit_holds_are_recorded_without_one(tmp_path, begun, monkeypatch):
    _, warm = begun
    monkeypatch.setattr(releasing, "rebuild", warm)
    project = recorded.start(tmp_path / "p")
    tiny.write(project.root / "analysis/scale.py", "FACTOR = 1 \n")
    tiny.write(project.root / "analysis/new.py", "NEW = 1\n")
    tiny.write(project.root / "README.md", "No source.\n")
    (one,) = release(project, [], 2)
    assert one.commit is None and one.uncommitted == ("analysis/new.py", "analysis/scale.py")
    drawn = [f"fig1.{name}" for name in picture_files() if name.endswith(".svg")]
    assert one.stale_figures == tuple(sorted(drawn))  # never built here
    for text in ("FACTOR = 1\n", "FACTOR = 1  # mm\n"):  # recorded without a commit, then with one
        tiny.write(project.root / "analysis/scale.py", text)
        commit = recorded.commit(project.root, "Keep")
        (kept,) = release(project, [], 2)
        assert (kept.commit, kept.uncommitted, kept.changed) == (commit, (), True)


def test_nothing_is_recorded_of_a_project_that_cannot_be_built(tmp_path, begun, monkeypatch):
    _, warm = begun
    monkeypatch.setattr(releasing, "rebuild", warm)
    project = recorded.start(tmp_path / "p")
    with pytest.raises(AnewError, match="2042"):
        release(project, ["2042"], 2)
    tiny.write(project.root / "analysis/scale.py", "FACTOR = None\n")
    with pytest.raises(BuildError, match="fig1: cell"):
        release(project, [], 2)
    assert not (project.report / "manifests").exists()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("data/raw/a/1.csv", True), ("analysis/labels.csv", True), ("report/zh/index.qmd", True),
        ("src/anew/cli/main.py", True), ("_quarto.yml", True), ("requirements.lock", True),
        ("report/manifests/2024.json", False), ("report/_built/weave.json", False),
        ("report/en/_translated.yml", False), ("figures/fig1.en.svg", False),
        ("README.md", False), ("tests/test_build.py", False), ("src/a/__pycache__/x.pyc", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_source(name, source):
    assert is_source(name) is source
