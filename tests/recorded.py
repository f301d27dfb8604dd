"""A tiny project in git with a released edition, and rebuilding it without starting Python anew."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
import tiny
from typer.testing import CliRunner

from anew.cli.main import app
from anew.project.manifest import read_manifest
from anew.project.paths import Project
from anew.verify.certificate import Certificate
from anew.verify.rebuild import BuiltSite, Order, Rebuilt
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


_VERSIONS = {"platform": "Linux x86_64", "python": "3.11.7", "numpy": "2.4.6"}

_CERTIFICATE = {
    "verdict": "differs",
    "edition": "2024",
    "report": {"zh": "降水报告", "en": "Rain report"},
    "title": {"zh": "2024 年度版", "en": "Edition 2024"},
    "date": "2024-03-01",
    "engine": "0.1.0",
    "subject": {"kind": "url", "name": "https://example.org/" + "a" * 80, "sha256": "0" * 64},
    "signature": {"state": "signed", "signer": "maria@example.org", "key": "ED25519 key SHA256:x"},
    "promise": {"level": "numbers", "accepts": []},
    "environment": {
        "recorded": {**_VERSIONS, "numpy": "1.0"},
        "here": _VERSIONS,
        "differs": [{"name": "numpy", "recorded": "1.0", "here": "2.4.6"}],
        "lock": {
            "sha256": "0" * 64, "recorded": None, "packages": 2,
            "departures": [{"package": "numpy", "locked": "1.0", "installed": None}],
        },
    },
    "sources": {
        "recorded": "0" * 64, "today": "1" * 64, "same": False, "commit": "0" * 40,
        "bytes_at": "0" * 40, "changed": ["a"], "uncommitted": ["a"],
    },
    "files": {
        "of": 9, "equal": 1, "unequal": [],
        "levels": {
            "bytes": 1, "derived": 1, "differs": 1, "extra": 1, "missing": 1, "numbers": 1,
            "pixels": 1, "unseen": 1, "words": 1,
        },
    },
    "numbers": {
        "relative": 1e-9, "negligible": 1e-12, "facts": [2, 3], "data": [1, 1],
        "claims": [1, 2], "statements": [1, 1],
    },
    "pixels": {"tolerance": 0.001, "figures": [1, 2], "worst": 0.2},
    "claims": {"holds": ["rain-grows"], "fails": ["rain-" + "x" * 60], "said": ["rain-x"]},
    "statements": {"reproduced": ["a"], "differs": ["b"], "indicative": [], "not-testable": []},
    "errors": ["fig1: cell 3 failed:\n    │ " + "raise ValueError() " * 20],
    "differences": [
        {"kind": kind, "name": "n" * 70, "where": where, "was": "12.5", "now": now}
        for kind in ("fact", "data", "claim", "statement", "file", "figure", "source")
        for where in (
            {"row": 4, "column": "value"}, {"cell": 2, "line": 3}, {"page": 1, "apart": 0.2},
            {"size": "other"}, {"only": "pixels"}, {"key": "a › b"},
        )
        for now in ("w" * 150, None)
    ],
}  # fmt: skip


def certificate(**changes: object) -> Certificate:
    """Return a certificate that has something of everything, with `changes` to its fields."""
    return Certificate.model_validate(_CERTIFICATE | changes)


class Warm:
    """Stands in for `rebuild`: builds in this process, and the same sources only once.

    What a build makes depends on nothing but its sources, as other tests show; starting Python and
    its libraries for each of thirty comparisons would take minutes.
    """

    def __init__(self, fonts: Path) -> None:
        self.fonts = fonts
        self.known: dict[tuple[str, tuple[str, ...]], tuple[Path, tuple[str, ...]]] = {}
        self.built: list[str] = []

    def __call__(
        self,
        root: Path,
        orders: Sequence[Order],
        out: Path,
        jobs: int,
        limit: float,
        isolate: bool = False,
    ) -> list[Rebuilt]:
        digest = digest_of(source_hashes(root, project_files(Project(root))))
        return [self._one(root, order, out, digest) for order in orders]

    def _one(self, root: Path, order: Order, out: Path, digest: str) -> Rebuilt:
        key = digest, order.arguments()
        if key not in self.known:
            self.built.append(digest)
            if self.fonts.is_dir():
                shutil.copytree(self.fonts, root / ".anew" / "fonts", dirs_exist_ok=True)
            site = self.fonts.parent / f"kept-{len(self.known)}"
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(root)
                done = CliRunner().invoke(app, ["build", *order.arguments(), "-o", str(site)])
            errors = getattr(done.exception, "errors", (done.exception,) if done.exception else ())
            self.known[key] = (site, tuple(str(error) for error in errors))
            if not self.fonts.is_dir() and (root / ".anew" / "fonts").is_dir():
                shutil.copytree(root / ".anew" / "fonts", self.fonts)
        site, errors = self.known[key]
        if errors:
            return Rebuilt(order.edition, None, errors)
        copied = out / f"site-{order.edition}"
        shutil.copytree(site, copied)
        return Rebuilt(order.edition, BuiltSite(copied, read_manifest(copied)))
