"""The recorded side of a comparison: a released manifest, the folder of a site, or its address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anew.diff.difference import Difference
from anew.diff.state import State, manifest_state, verified_state
from anew.project.errors import AnewError
from anew.project.manifest import NAME, Manifest, Sources, digests, read_manifest
from anew.project.paths import Project
from anew.project.writing import sha256
from anew.verify.certificate import Signature
from anew.verify.download import download_site
from anew.verify.signing import verify_signature

Kind = Literal["manifest", "site", "url"]


@dataclass(frozen=True)
class Record:
    """The record of one build: `name` for readers, and the sha256 of its manifest.

    `files` are sha256 by name, of the files themselves where `folder` holds them.
    `altered` are those that differ from what their own manifest says. `sources` is what a released
    manifest says of the sources; None where only inputs are known. `signature` is of that manifest.
    """

    name: str
    kind: Kind
    sha256: str
    manifest: Manifest
    numbers: State
    files: Mapping[str, str]
    folder: Path | None = None
    altered: tuple[Difference, ...] = ()
    sources: Sources | None = None
    signature: Signature = Signature(state="unsigned")

    @property
    def edition(self) -> str:
        return self.manifest.edition

    def content(self, project: Project, name: str) -> bytes | None:
        """Return the recorded content of a file of the site, None where it is not available.

        It is in the record's own folder; else, if it has the recorded sha256, in the site that the
        project built last or, a picture, among those that git tracks.
        """
        if self.folder is not None:
            path = self.folder / name
            return path.read_bytes() if path.is_file() else None
        for path in (project.site / name, project.root / name):
            if path.is_file():
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() == self.files.get(name):
                    return data
        return None


def manifests_folder(project: Project) -> Path:
    """Return where the manifests of released editions are tracked."""
    return project.report / "manifests"


def released(project: Project) -> list[Path]:
    """Return the tracked manifests, by edition."""
    return sorted(manifests_folder(project).glob("*.json"))


def read_records(
    project: Project, target: str | None, edition: str | None, workshop: Path
) -> list[Record]:
    """Return the records that `target` names: a manifest, a site folder or URL; else all releases.

    What is downloaded lands in `workshop`. Raises AnewError when there is nothing of the kind, or
    nothing of `edition`, for a manifest that is not sound and for a signature that is not accepted.
    """
    place = f"editions/{edition}" if edition else ""
    if target is None:
        records = [_of_manifest(project, path) for path in released(project)]
        if not records:
            raise AnewError(
                "No edition has been released: report/manifests/ holds no manifest.",
                "Record one with `anew release`, or name a site: anew reproduce _site.",
                code="not-released",
            )
    elif "://" in target:
        root = target.removesuffix("index.html").rstrip("/")
        waiting = project.work / "downloads"
        download_site(target, workshop / "downloaded", place, waiting)
        records = [_of_site(project, workshop / "downloaded", target, "url")]
        for older in () if edition else _older(records[0]):
            download_site(f"{root}/{older}", workshop / older, kept=waiting)
            records.append(_of_site(project, workshop / older, f"{target} {older}", "url"))
    elif Path(target).is_dir():
        folder = Path(target)
        folder = folder / place if (folder / place / NAME).is_file() else folder
        records = [_of_site(project, folder, project.relative(folder), "site")]
        for older in () if edition else _older(records[0]):
            below = folder / older
            records.append(_of_site(project, below, project.relative(below), "site"))
    else:
        records = [_of_manifest(project, Path(target))]
    kept = [one for one in records if edition in (None, one.edition)]
    if not kept:
        raise AnewError(
            "{place} has no edition {edition}.",
            "It has: {editions}.",
            code="not-released",
            place=target or "report/manifests",
            edition=edition,
            editions=[one.edition for one in records],
        )
    return kept


def site_signature(project: Project, folder: Path) -> Signature:
    """Return whose signature the released manifest of exactly the files in a site's folder has.

    Raises AnewError as `read_manifest` and `verify_signature` do.
    """
    manifest = read_manifest(folder)
    found = _released_as(project, manifest)
    if found is None or digests(folder, "editions") != manifest.files:
        return Signature(state="unsigned")
    return verify_signature(project, found[1])


def _older(record: Record) -> list[str]:
    """Return where, from its root, a site keeps its other editions."""
    places = [place.rstrip("/") for _, place, _ in record.manifest.request.editions]
    return [place for place in places if re.fullmatch(r"editions/\w[\w.-]*", place)]


def _of_manifest(project: Project, path: Path) -> Record:
    manifest = read_manifest(path)
    return Record(
        project.relative(path), "manifest", sha256(path), manifest,
        manifest_state(manifest), manifest.files, sources=manifest.sources,
        signature=verify_signature(project, path),
    )  # fmt: skip


def _of_site(project: Project, folder: Path, name: str, kind: Kind) -> Record:
    manifest = read_manifest(folder)
    files = digests(folder, "editions")
    recorded = manifest.files
    altered = tuple(
        Difference("file", one, {}, _brief(recorded.get(one)), _brief(files.get(one)))
        for one in sorted({*recorded, *files})
        if recorded.get(one) != files.get(one)
    )
    known, path = _released_as(project, manifest) or (manifest, None)
    return Record(
        name, kind, sha256(folder / NAME), manifest,
        verified_state(folder, manifest.facts), files, folder, altered,
        known.sources, verify_signature(project, path) if path else Signature(state="unsigned"),
    )  # fmt: skip


def _brief(digest: str | None) -> str | None:
    return None if digest is None else f"sha256 {digest[:12]}…"


def _released_as(project: Project, manifest: Manifest) -> tuple[Manifest, Path] | None:
    """Return the released manifest of the same files, and where it is."""
    for path in released(project):
        try:
            known = read_manifest(path)
        except AnewError:
            continue
        if known.files == manifest.files and known.edition == manifest.edition:
            return known, path
    return None
