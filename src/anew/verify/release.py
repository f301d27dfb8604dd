"""Releasing an edition: recording the manifest of a clean build in git."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.editions.editions import load_editions
from anew.project.errors import AnewError, BuildError
from anew.project.manifest import Judgement, Manifest, Outcome, Sources, read_manifest
from anew.project.paths import Project
from anew.project.writing import write_bytes
from anew.verify.certificate import Signature
from anew.verify.rebuild import LIMIT, BuiltSite, Order, rebuild
from anew.verify.record import manifests_folder
from anew.verify.signing import sign_listed, signature_file
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
    """A recorded edition: its manifest file, its commit, and uncommitted sources.

    `signature` is that of the manifest; `unsigned` says that an earlier one no longer held and was
    removed.
    """

    edition: str
    file: Path
    commit: str | None
    uncommitted: tuple[str, ...]
    changed: bool
    stale_figures: tuple[str, ...]
    signature: Signature | None
    unsigned: bool


def release(
    project: Project,
    editions: Sequence[str],
    jobs: int,
    limit: float = LIMIT,
    key: Path | None = None,
) -> list[Release]:
    """Build editions in a clean copy and record their manifests under report/manifests/.

    Without names every edition is released. A manifest names the commit only if git has all of the
    sources as they are. With the SSH key in the file `key` each manifest is signed. Nothing is
    written unless every edition could be built and signed. Raises AnewError for an unknown edition
    and a key that the project does not list, BuildError when one cannot be built.
    """
    known = load_editions(project)
    names = [known[name].name for name in editions or known]
    if key:
        sign_listed(project, key, b"")  # a key that is not accepted is told before the build
    with tempfile.TemporaryDirectory(prefix="anew-release-") as folder:
        workshop = Path(folder)
        files = project_files(project)
        copy_project(project, files, workshop / "copy")
        hashes = source_hashes(workshop / "copy", files)
        open_changes = tuple(uncommitted(project.root))
        commit = None if open_changes else head(project.root)
        orders = [Order(name) for name in names]
        made = rebuild(workshop / "copy", orders, workshop / "out", jobs, limit)
        if failed := [error for one in made for error in one.errors]:
            raise BuildError(
                "{errors}",
                "Nothing was recorded.",
                code="not-recorded",
                errors="\n".join(dict.fromkeys(failed)),
            )
        sources = Sources(commit=commit, sha256=digest_of(hashes), files=hashes)
        sites = [one.site for one in made if one.site is not None]
        texts = [_recorded(project, one, sources).text().encode("utf-8") for one in sites]
        signed = [sign_listed(project, key, text) if key else None for text in texts]
        return [
            _record(project, one, text, made, open_changes, known.default)
            for one, text, made in zip(sites, texts, signed, strict=True)
        ]


def _file(project: Project, site: BuiltSite) -> Path:
    return manifests_folder(project) / f"{site.manifest.edition}.json"


def _recorded(project: Project, site: BuiltSite, sources: Sources) -> Manifest:
    """Return the manifest of a site with its figure data, outcomes and sources."""
    numbers, file = site.numbers, _file(project, site)
    sources = sources.model_copy(update={"commit": _known_commit(project, file, sources)})
    return site.manifest.model_copy(
        update={
            "data": {address: list(lines) for address, lines in numbers.data.items()},
            "claims": {i: Outcome.model_validate(c.recorded()) for i, c in numbers.claims.items()},
            "statements": {
                i: Judgement.model_validate(s.recorded()) for i, s in numbers.statements.items()
            },
            "sources": sources,
        }
    )


def _record(
    project: Project,
    site: BuiltSite,
    text: bytes,
    signed: tuple[bytes, Signature] | None,
    open_changes: tuple[str, ...],
    newest: str,
) -> Release:
    """Write a manifest, and its signature; one that no longer holds goes first."""
    edition, file = site.manifest.edition, _file(project, site)
    changed = not file.is_file() or file.read_bytes() != text
    beside = signature_file(file)
    lost = changed and beside.is_file()
    if lost:
        beside.unlink()
    write_bytes(file, text)
    if signed:
        write_bytes(beside, signed[0])
    stale = stale_figures(project, site.folder) if edition == newest else ()
    recorded = read_manifest(file).sources
    commit = recorded.commit if recorded else None
    return Release(
        edition, file, commit, open_changes, changed, stale,
        signed[1] if signed else None, lost and not signed,
    )  # fmt: skip


def _known_commit(project: Project, file: Path, sources: Sources) -> str | None:
    """Return the commit that the manifest names already, if it is one of the same sources.

    Committing a manifest makes a new commit of the same sources; it need not be recorded again.
    """
    try:
        known = read_manifest(file).sources
    except AnewError:
        return sources.commit
    if known and known.sha256 == sources.sha256 and known.commit:
        return known.commit if is_ancestor(project.root, known.commit) else sources.commit
    return sources.commit


def stale_figures(project: Project, site: Path) -> tuple[str, ...]:
    """Return the pictures under figures/ that are not the ones of `site`, by name."""
    drawn = {path.name: path.read_bytes() for path in (site / "figures").glob("*.svg")}
    kept = {path.name: path.read_bytes() for path in project.figures.glob("*.svg")}
    return tuple(n for n in sorted({*drawn, *kept}) if drawn.get(n) != kept.get(n))
