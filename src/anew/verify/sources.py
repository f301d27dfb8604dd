"""Sources: the files of a project that decide a build, and their state in git."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.writing import sha256

#: What a build is made from: data, computation, text, engine, and the versions of everything else.
_FOLDERS = ("analysis", "data", "report", "src")
_FILES = ("_quarto.yml", "pyproject.toml", "requirements.lock")

#: Below report/, what is built or is a record about the text: no build depends on it.
_RECORDS = {"_built", "_translated.yml", "manifests"}

#: What a folder that git does not watch may hold beside the project itself.
_BUILT = {
    ".anew", ".cache", ".git", ".hypothesis", ".ipynb_checkpoints", ".pytest_cache", ".quarto",
    ".ruff_cache", ".venv", "__pycache__", "_built", "_site", "_variables.yml", "certificate",
    "node_modules",
}  # fmt: skip


#: Seconds after which git is not waited for any longer.
_GIT = 300


def project_files(project: Project) -> list[str]:
    """Return the project's own files from its root, sorted: tracked, and new ones not ignored.

    Where git does not watch the folder, every file but what builds and tools leave.
    """
    listed = git(project.root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = set((listed or b"").decode("utf-8", "surrogateescape").split("\0")) - {""}
    if "_quarto.yml" not in names:
        names = {
            path.relative_to(project.root).as_posix()
            for path in project.root.rglob("*")
            if not _BUILT.intersection(path.relative_to(project.root).parts)
        }
    return sorted(name for name in names if (project.root / name).is_file())


def is_source(name: str) -> bool:
    """Return whether a build depends on the file of this name."""
    parts = PurePosixPath(name).parts
    if name in _FILES:
        return True
    if parts[0] not in _FOLDERS or "__pycache__" in parts or parts[-1].endswith(".egg-info"):
        return False
    return not (parts[0] == "report" and _RECORDS.intersection(parts))


def source_hashes(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the sha256 of each source among `names`, by name, sorted."""
    return {name: sha256(root / name) for name in sorted(names) if is_source(name)}


def digest_of(hashes: Mapping[str, str]) -> str:
    """Return one sha256 for a set of sources: that of what `sha256sum` would print of them."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def copy_project(project: Project, names: Iterable[str], target: Path) -> None:
    """Copy the project's own files, and nothing that was built from them, into `target`."""
    for name in names:
        copied = target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project.root / name, copied)


def git(root: Path, *arguments: str) -> bytes | None:
    """Return the output of git in `root`; None without git, a repository or an answer."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(root), "--no-optional-locks", "-c", "core.quotePath=off"]
    try:
        done = subprocess.run(
            [*command, *arguments], capture_output=True, env=kept, check=False, timeout=_GIT
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def head(root: Path) -> str | None:
    """Return the commit that is checked out; None where the folder is not tracked by git."""
    if git(root, "ls-files", "--error-unmatch", "_quarto.yml") is None:
        return None
    found = git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return found.decode().strip() if found else None


def uncommitted(root: Path) -> list[str]:
    """Return the uncommitted sources: changed, new or removed."""
    if head(root) is None:
        return []
    against = ("diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD")
    new = ("ls-files", "-z", "--others", "--exclude-standard")
    told = (git(root, *against) or b"") + (git(root, *new) or b"")
    names = told.decode("utf-8", "surrogateescape").split("\0")
    return sorted({name for name in names if name and is_source(name)})


def recording_commits(root: Path, commit: str | None, file: str) -> Sequence[str]:
    """Return the commits at which the sources of a recorded manifest may be found, likeliest first.

    That is the one it names, and, should the history have been rewritten since, those that
    recorded the manifest itself.
    """
    found = []
    if commit and git(root, "cat-file", "-e", f"{commit}^{{commit}}") is not None:
        found.append(commit)
    listed = git(root, "log", "-3", "--format=%H", "--", file) or b""
    return [*found, *(one for one in listed.decode().split() if one not in found)]


def is_ancestor(root: Path, commit: str) -> bool:
    """Return whether a commit is part of the history that is checked out."""
    return git(root, "merge-base", "--is-ancestor", commit, "HEAD") is not None


def extract(root: Path, commit: str, target: Path) -> None:
    """Extract the project of a commit into `target`, without touching the repository.

    Raises AnewError when git cannot give it.
    """
    data = git(root, "archive", "--format=tar", commit)
    if data is None:
        raise AnewError(
            "git cannot extract the project at commit {commit}.",
            "Fetch the whole history: git fetch --unshallow.",
            code="no-history",
            commit=commit[:12],
        )
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        # Python 3.11 has the filter from its release 3.11.4 on; the archive is git's own
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(target)


def content_at(root: Path, commit: str | None, name: str) -> bytes | None:
    """Return what a file held at a commit; None where that is not known."""
    return git(root, "show", f"{commit}:./{name}") if commit else None
