"""Releasing an edition: the manifest of a clean build, with its numbers, tracked in git."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anew.diff.state import verified_state
from anew.editions.editions import load_editions
from anew.project.errors import BuildError
from anew.project.paths import Project
from anew.project.writing import dump, write_text
from anew.verify.rebuild import Rebuilt, rebuild, request_of
from anew.verify.record import manifests_folder
from anew.verify.sources import (
    copy_project,
    digest_of,
    head,
    is_ancestor,
    project_files,
    source_hashes,
    uncommitted,
)


@dataclass(frozen=True)
class Release:
    """A recorded edition: where its manifest is, of which commit, and what no commit holds yet."""

    edition: str
    file: Path
    commit: str | None
    uncommitted: tuple[str, ...]
    changed: bool
    stale_figures: tuple[str, ...] = ()


def release(project: Project, editions: Sequence[str], jobs: int) -> list[Release]:
    """Build editions in a clean copy and record their manifests under report/manifests/.

    Without names every edition is released. A manifest names the commit only if git has all of the
    sources as they are. Nothing is written unless every edition could be built. Raises AnewError
    for an edition that there is not, BuildError when one cannot be built.
    """
    known = load_editions(project)
    names = [known[name].name for name in editions or known]
    with tempfile.TemporaryDirectory(prefix="anew-release-") as folder:
        workshop = Path(folder)
        files = project_files(project)
        copy_project(project, files, workshop / "copy")
        hashes = source_hashes(workshop / "copy", files)
        open_changes = tuple(uncommitted(project.root))
        commit = None if open_changes else head(project.root)
        asked = [request_of({"edition": name}) for name in names]
        made = rebuild(workshop / "copy", asked, workshop / "out", jobs)
        failed = [error for one in made for error in one.errors]
        if failed:
            raise BuildError("\n".join(dict.fromkeys(failed)), "Nothing was recorded.")
        sources = {"commit": commit, "sha256": digest_of(hashes), "files": hashes}
        return [
            _record(project, one, sources, open_changes, newest=one.edition == known.default)
            for one in made
        ]


def _record(
    project: Project,
    made: Rebuilt,
    sources: dict[str, Any],
    open_changes: tuple[str, ...],
    *,
    newest: bool,
) -> Release:
    assert made.site is not None
    manifest = made.manifest
    stated = verified_state(made.site, manifest.get("facts") or {})
    file = manifests_folder(project) / f"{made.edition}.json"
    before = file.read_bytes() if file.is_file() else b""
    sources = {**sources, "commit": _known_commit(project, before, sources)}
    write_text(file, dump({**manifest, **stated.recorded(), "sources": sources}))
    stale = stale_figures(project, made.site) if newest else ()
    changed = file.read_bytes() != before
    return Release(made.edition, file, sources["commit"], open_changes, changed, stale)


def _known_commit(project: Project, before: bytes, sources: dict[str, Any]) -> str | None:
    """Return the commit that the manifest names already, if it is one of the same sources.

    Committing a manifest makes a new commit of the same sources; it need not be recorded again.
    """
    try:
        known = json.loads(before)["sources"]
        same = known["sha256"] == sources["sha256"]
    except (ValueError, KeyError, TypeError):
        return sources["commit"]
    if same and known["commit"] and is_ancestor(project.root, known["commit"]):
        return known["commit"]
    return sources["commit"]


def stale_figures(project: Project, site: Path) -> tuple[str, ...]:
    """Return the pictures under figures/ that are not the ones of `site`, by name."""
    drawn = {path.name: path.read_bytes() for path in (site / "figures").glob("*.svg")}
    kept = {path.name: path.read_bytes() for path in project.figures.glob("*.svg")}
    return tuple(n for n in sorted({*drawn, *kept}) if drawn.get(n) != kept.get(n))
