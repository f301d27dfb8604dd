"""The recorded side of a comparison: a released manifest, the folder of a site, or its address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from anew.build.manifest import NAME, digests, read_manifest, sha256
from anew.diff.difference import Difference
from anew.diff.state import State, manifest_state, verified_state
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.verify.download import download_site


@dataclass(frozen=True)
class Record:
    """What was recorded of one build: `name` as a person calls it, `kind` manifest, site or url.

    `files` are sha256 by name, of the files themselves where they are at hand in `folder`.
    `altered` are those of them that are not what their own manifest says. `sources` is what a
    released manifest says of the sources; None where only inputs are known.
    """

    name: str
    kind: str
    digest: str
    manifest: Mapping[str, Any]
    numbers: State
    files: Mapping[str, str]
    folder: Path | None = None
    altered: tuple[Difference, ...] = ()
    sources: Mapping[str, Any] | None = None

    @property
    def edition(self) -> str:
        return self.manifest["edition"]


def manifests_folder(project: Project) -> Path:
    """Return where the manifests of released editions are tracked."""
    return project.report / "manifests"


def released(project: Project) -> list[Path]:
    """Return the tracked manifests, by edition."""
    return sorted(manifests_folder(project).glob("*.json"))


def read_record(
    project: Project, target: str | None, edition: str | None, workshop: Path
) -> list[Record]:
    """Return what `target` names: a manifest's file, a site's folder or address; else all released.

    What is downloaded lands in `workshop`. Raises AnewError when there is nothing of the kind, or
    nothing of `edition`.
    """
    if target is None:
        records = [_of_manifest(project, path) for path in released(project)]
        if not records:
            raise AnewError(
                "No edition has been released: report/manifests/ holds no manifest.",
                "Record one with `anew release`, or name a site: anew reproduce _site.",
            )
    elif target.startswith(("https://", "http://")):
        records = _at_address(project, target, edition, workshop)
    elif Path(target).is_dir():
        folder = Path(target)
        if (folder / _place(edition) / NAME).is_file():
            folder /= _place(edition)
        records = [_of_site(project, folder, folder.as_posix(), "site")]
        if not edition:
            beside = (folder / place for place in _older(records[0]))
            records += [_of_site(project, one, one.as_posix(), "site") for one in beside]
    else:
        records = [_of_manifest(project, Path(target))]
    kept = [one for one in records if edition in (None, one.edition)]
    if not kept:
        raise AnewError(
            f"{target or 'report/manifests'} holds nothing of edition {edition}.",
            f"There is: {', '.join(one.edition for one in records)}.",
        )
    return kept


def _at_address(
    project: Project, address: str, edition: str | None, workshop: Path
) -> list[Record]:
    """Return what the site at an address records, with its older editions if none is asked for."""
    folder = workshop / "downloaded"
    download_site(address, folder, place=_place(edition))
    records = [_of_site(project, folder, address, "url")]
    for place in () if edition else _older(records[0]):
        below = workshop / place
        download_site(f"{address.removesuffix('index.html').rstrip('/')}/{place}", below)
        records.append(_of_site(project, below, f"{address} {place}", "url"))
    return records


def _older(record: Record) -> list[str]:
    """Return where, from its root, a site keeps its other editions."""
    listed = (record.manifest.get("request") or {}).get("editions") or []
    places = [str(one[1]).rstrip("/") for one in listed if isinstance(one, list) and len(one) == 3]
    return [place for place in places if re.fullmatch(r"editions/\w[\w.-]*", place)]


def _place(edition: str | None) -> str:
    """Return where a site keeps an edition that is not its newest."""
    return f"editions/{edition}" if edition else ""


def _of_manifest(project: Project, path: Path) -> Record:
    manifest = _checked(read_manifest(path), path.as_posix())
    return Record(
        project.relative(path), "manifest", sha256(path), manifest, manifest_state(manifest),
        manifest["files"], sources=manifest.get("sources"),
    )  # fmt: skip


def _of_site(project: Project, folder: Path, name: str, kind: str) -> Record:
    manifest = _checked(read_manifest(folder), name)
    files = digests(folder, "editions")
    recorded = manifest["files"]
    altered = [
        Difference("file", one, {}, _brief(recorded.get(one)), _brief(files.get(one)))
        for one in sorted({*recorded, *files})
        if recorded.get(one) != files.get(one)
    ]
    numbers = verified_state(folder, manifest["facts"])
    return Record(
        name, kind, sha256(folder / NAME), manifest, numbers, files, folder,
        tuple(altered), _sources_of(project, manifest),
    )  # fmt: skip


def _brief(digest: str | None) -> str | None:
    return None if digest is None else f"sha256 {digest[:12]}…"


def _sources_of(project: Project, manifest: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what the released manifest of the very same files says of their sources."""
    for path in released(project):
        try:
            known = read_manifest(path)
        except AnewError:
            continue
        if known["files"] == manifest["files"] and known["edition"] == manifest["edition"]:
            return known.get("sources")
    return None


def _checked(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a manifest, which may come from anywhere, if its parts are what they must be."""
    shapes = {"edition": str, "files": dict, "inputs": dict, "facts": dict, "versions": dict}
    for key, shape in shapes.items():
        if not isinstance(manifest.get(key), shape):
            raise AnewError(f"{name}: its manifest has no {key}.", "Name another manifest.")
    for key in ("request", "data", "claims", "statements", "sources"):
        if not isinstance(manifest.get(key, {}), dict):
            raise AnewError(f"{name}: its manifest has a damaged {key}.", "Name another manifest.")
    if not re.fullmatch(r"\w[\w.-]*", manifest["edition"]):
        raise AnewError(f"{name}: {manifest['edition']!r} is no edition.", "Name another.")
    commit = manifest.get("sources", {}).get("commit")
    if commit is not None and not re.fullmatch(r"[0-9a-f]{40,64}", str(commit)):
        raise AnewError(f"{name}: {commit!r} is no commit.", "Name another manifest.")
    if not all(isinstance(one, str) for one in manifest["files"].values()):
        raise AnewError(f"{name}: its manifest lists files without sha256.", "Name another.")
    return manifest


def at_hand(project: Project, record: Record, name: str) -> bytes | None:
    """Return the recorded content of a file of the site, wherever it is at hand; else None.

    That is the record's own folder, the site that this project built last, and, for pictures, what
    git tracks; of the latter two only what has the recorded sha256.
    """
    if record.folder is not None:
        path = record.folder / name
        return path.read_bytes() if path.is_file() else None
    for path in (project.site / name, project.root / name):
        if path.is_file():
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() == record.files.get(name):
                return data
    return None


def finder(project: Project, record: Record) -> Any:
    """Return `at_hand` for one record."""
    return partial(at_hand, project, record)

