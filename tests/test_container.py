"""The Dockerfile and what an editor makes of it; no container is built here, its steps are."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from workflow_files import ROOT

from anew.cli import main as cli

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
posix = pytest.mark.skipif(os.name == "nt", reason="make and the scripts are for a POSIX shell")


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions in order, lines joined, comments left out."""
    lines = [line for line in DOCKERFILE.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line]


def copied_before(command: str) -> list[tuple[list[str], str]]:
    """Return sources and target of every COPY before the first RUN of `command`."""
    found = []
    for name, rest in instructions():
        if name == "RUN" and command in rest:
            return found
        if name == "COPY":
            *sources, target = [word for word in rest.split() if not word.startswith("--")]
            found.append((sources, target))
    raise AssertionError(f"nothing runs {command}")


def devcontainer() -> dict[str, Any]:
    """Return devcontainer.json without its comments, each of which is a line of its own."""
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8")
    return json.loads(re.sub(r"(?m)^\s*//.*$", "", text))


def test_hadolint_finds_nothing() -> None:
    found = shutil.which("hadolint", path=sysconfig.get_path("scripts"))
    found = found or shutil.which("hadolint")
    if found is None:
        assert not (sys.platform == "linux" and os.uname().machine == "x86_64"), "not installed"
        pytest.skip("hadolint is a wheel for Linux on x86-64 only")
    result = subprocess.run(
        [found, "--no-color", str(ROOT / "Dockerfile")], capture_output=True, encoding="utf-8"
    )
    assert result.returncode == 0, result.stdout
    planted = subprocess.run(
        [found, "--no-color", "-"], input="FROM debian\n", capture_output=True, encoding="utf-8"
    )
    assert "DL3006" in planted.stdout


def test_every_copied_file_is_tracked_and_not_ignored() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout.splitlines()
    ignored = [
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    for sources, _ in copied_before("make setup"):
        for source in sources:
            assert any(name == source or name.startswith(f"{source}/") for name in tracked), source
            assert not any(fnmatch(source, pattern) for pattern in ignored), source
    kept = [name for name in tracked if any(fnmatch(name, pattern) for pattern in ignored)]
    assert [name for name in kept if not name.startswith(".devcontainer/")] == []


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """A folder with only what the image holds when it makes its environment."""
    for sources, target in copied_before("make setup"):
        for source in sources:
            origin, place = ROOT / source, tmp_path / target
            if origin.is_dir():
                shutil.copytree(origin, place)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, place)
    return tmp_path


@posix
def test_the_environment_needs_no_other_file(staged: Path) -> None:
    env = {**os.environ, "VENV": "/opt/venv"}
    planned = subprocess.run(
        ["make", "--dry-run", "setup"], cwd=staged, env=env, capture_output=True, encoding="utf-8"
    )
    assert planned.returncode == 0, planned.stderr
    assert "sh tools/setup.sh python3 /opt/venv requirements.lock" in planned.stdout
    build = "import hatchling.build as b, sys; print(b.build_editable(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(staged)]
    made = subprocess.run(command, cwd=staged, capture_output=True, encoding="utf-8")
    assert made.returncode == 0, made.stderr
    assert list(staged.glob("anew-*.whl"))


@posix
def test_nothing_is_made_again_in_the_image(staged: Path, tmp_path: Path) -> None:
    """With the stamps of the image, `make report` goes straight to the build."""
    venv = tmp_path / "opt"
    venv.mkdir()
    for stamp in (".report", ".test"):
        (venv / stamp).touch()
    for lock in ("requirements-test.lock", "requirements-crate.lock"):
        shutil.copy2(ROOT / lock, staged)
    # `make test` runs this too: what a make tells its children would change what they print
    apart = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    for verb, goes in (("report", "anew build"), ("test", "python -m pytest")):
        planned = subprocess.run(
            ["make", "--dry-run", verb, f"VENV={venv}"],
            cwd=staged, capture_output=True, encoding="utf-8", check=True, env=apart,
        ).stdout  # fmt: skip
        assert planned.strip().startswith(f"{venv}/bin/{goes}"), planned


def test_the_image_is_of_the_lock_and_of_no_root() -> None:
    steps = instructions()
    runs = [rest for name, rest in steps if name == "RUN"]
    assert any("make setup" in run for run in runs)
    assert not any(re.search(r"\bpip3? install|curl|wget", run) for run in runs)
    users = [rest for name, rest in steps if name == "USER"]
    assert users[-1] == "1000:1000"
    (base,) = [rest for name, rest in steps if name == "ARG"]
    assert base == "PYTHON_RELEASE=3.11"
    assert not re.search(r"https?://", re.sub(r"(?m)^#.*$", "", DOCKERFILE))


def test_the_editor_opens_what_the_image_has() -> None:
    config = devcontainer()
    folder = ROOT / ".devcontainer"
    assert (folder / config["build"]["dockerfile"]).resolve() == (ROOT / "Dockerfile").resolve()
    assert (folder / config["build"]["context"]).resolve() == ROOT.resolve()
    assert re.search(rf"^FROM \w+ AS {config['build']['target']}$", DOCKERFILE, re.MULTILINE)
    workdir = next(rest for name, rest in instructions() if name == "WORKDIR")
    assert config["workspaceFolder"] == workdir
    assert f"target={workdir}," in config["workspaceMount"]
    assert f"useradd --create-home --uid 1000 {config['remoteUser']}" in DOCKERFILE
    settings = config["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"] == "/opt/venv/bin/python"
    assert "VENV=/opt/venv" in DOCKERFILE
    verb = config["postCreateCommand"].removeprefix("make ")
    assert re.search(rf"(?m)^{verb}:", (ROOT / "Makefile").read_text("utf-8"))
    assert inspect.signature(cli.serve).parameters["port"].default in config["forwardPorts"]
