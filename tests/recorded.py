"""A tiny project in git with a released edition, and rebuilding it without starting Python anew."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tiny

from anew.project.paths import Project
from anew.verify import rebuild as rebuilding
from anew.verify.rebuild import Rebuilt
from anew.verify.sources import digest_of, project_files, source_hashes

CFF = """\
cff-version: 1.2.0
title: Rain
type: software
authors:
  - {family-names: Rainer, given-names: Maria, orcid: "https://orcid.org/0000-0002-1825-0097"}
  - name: The rain watchers
license: MIT
references:
  - type: article
    title: On rain
    authors: [{family-names: Su, given-names: Jin}]
    journal: Weather
    year: 2020
    doi: 10.1000/rain
"""


def git(root: Path, *arguments: str) -> str:
    """Run git in `root` with a name and a day of its own."""
    day = "2024-03-01T00:00:00+0000"
    environment = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": day,
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        "GIT_COMMITTER_DATE": day, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True,
        env=environment,
    )  # fmt: skip
    return done.stdout.strip()


def commit(root: Path, message: str) -> str:
    """Commit all there is; return the commit."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD")


def start(root: Path) -> Project:
    """Make the tiny project with its text, in git, everything committed."""
    project = tiny.make(root, text=True)
    (root / "CITATION.cff").write_text(CFF, "utf-8")
    (root / "requirements.lock").write_text("packaging>=1\n", "utf-8")
    (root / ".gitignore").write_text("/.anew/\n/_site/\n__pycache__/\n", "utf-8")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "Begin")
    return project


class Warm:
    """Stands in for `rebuild`: builds in this process, and the same sources only once.

    What a build makes depends on nothing but its sources, as other tests show; starting Python and
    its libraries for each of thirty comparisons would take minutes.
    """

    def __init__(self, fonts: Path) -> None:
        self.fonts = fonts
        self.known: dict[str, tuple[Path, tuple[str, ...]]] = {}
        self.built: list[str] = []

    def __call__(
        self, root: Path, requests: Sequence[Mapping[str, Any]], out: Path, jobs: int
    ) -> list[Rebuilt]:
        digest = digest_of(source_hashes(root, project_files(Project(root))))
        return [self._one(root, dict(request), out, digest) for request in requests]

    def _one(self, root: Path, request: dict[str, Any], out: Path, digest: str) -> Rebuilt:
        key = f"{digest} {sorted(request.items())}"
        if key not in self.known:
            self.built.append(digest)
            if self.fonts.is_dir():
                shutil.copytree(self.fonts, root / ".anew" / "fonts", dirs_exist_ok=True)
            kept = self.fonts.parent / f"kept-{len(self.known)}"
            kept.mkdir(parents=True)
            before = Path.cwd()
            os.chdir(root)
            try:
                found = rebuilding.answer({"jobs": 2, "requests": [request]}, kept)[0]
            finally:
                os.chdir(before)
            self.known[key] = (Path(found["site"] or "/nowhere"), tuple(found["errors"]))
            if not self.fonts.is_dir() and (root / ".anew" / "fonts").is_dir():
                shutil.copytree(root / ".anew" / "fonts", self.fonts)
        site, errors = self.known[key]
        if errors:
            return Rebuilt(request["edition"], None, errors)
        copied = out / f"site-{request['edition']}"
        shutil.copytree(site, copied)
        return Rebuilt(request["edition"], copied)
