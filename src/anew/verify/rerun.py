"""Reproducing: records are read, their editions built again in clean copies, and compared."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from anew.build.manifest import sha256
from anew.diff.content import changed_sources
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.verify.certificate import Certificate, Sides, certify
from anew.verify.rebuild import Rebuilt, rebuild, request_of
from anew.verify.record import Record, read_record
from anew.verify.sources import (
    content_at,
    copy_project,
    digest_of,
    extract,
    head,
    project_files,
    recording_commits,
    source_hashes,
    uncommitted,
)

#: What a person is told while it goes on.
Tell = Callable[[str], None]


def reproduce(
    project: Project, target: str | None, edition: str | None, jobs: int, tell: Tell
) -> list[Certificate]:
    """Build again what `target` records, from raw tables in a clean copy, and compare.

    Returns a certificate for each recorded edition. Where the sources have changed since, bytes are
    compared at the commit that the manifest names, and numbers with today's sources. Raises
    AnewError when there is no such record; an edition that cannot be built is the certificate's
    matter.
    """
    with tempfile.TemporaryDirectory(prefix="anew-reproduce-") as folder:
        workshop = Path(folder)
        records = read_record(project, target, edition, workshop)
        requests = [request_of(record.manifest) for record in records]
        names = project_files(project)
        copy = workshop / "copy"
        copy_project(project, names, copy)
        hashes = source_hashes(copy, names)
        digest = digest_of(hashes)
        editions = ", ".join(record.edition for record in records)
        tell(f"Building {editions} in a clean copy of the working tree ({len(names)} files)")
        todays = rebuild(copy, requests, workshop / "today", jobs)
        thens = _thens(project, records, digest, workshop, jobs, tell)
        found = []
        for number, (record, today) in enumerate(zip(records, todays, strict=True)):
            then, commit = thens.get(number, (None, None))
            changed = _changed(project, record, hashes, copy, commit)
            open_changes = uncommitted(project.root) if changed and record.sources else []
            sides = Sides(today, then, commit, digest, changed, open_changes)
            found.append(certify(project, record, sides))
        return found


def _thens(
    project: Project,
    records: Sequence[Record],
    digest: str,
    workshop: Path,
    jobs: int,
    tell: Tell,
) -> dict[int, tuple[Rebuilt, str]]:
    """Return, by the number of the record, the build of the commit whose sources it records.

    Records of one commit are built at once. A commit that is not in the repository, or whose
    sources are not the recorded ones, is passed over: then there is only today's build.
    """
    wanted: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        sources = record.sources
        if not sources or sources.get("sha256") == digest:
            continue
        for commit in recording_commits(project.root, sources.get("commit"), _file(record)):
            if _sources_at(project, commit, workshop) == sources.get("sha256"):
                wanted.setdefault(commit, []).append(number)
                break
    found = {}
    for commit, numbers in wanted.items():
        tell(f"The sources have changed since {commit[:12]}: building it as it was there as well")
        requests = [request_of(records[number].manifest) for number in numbers]
        made = rebuild(_folder(workshop, commit), requests, workshop / f"out-{commit[:12]}", jobs)
        found |= {n: (one, commit) for n, one in zip(numbers, made, strict=True)}
    return found


def _file(record: Record) -> str:
    """Return the tracked manifest that a record goes back to."""
    return record.name if record.kind == "manifest" else f"report/manifests/{record.edition}.json"


def _folder(workshop: Path, commit: str) -> Path:
    return workshop / f"at-{commit[:12]}"


def _sources_at(project: Project, commit: str, workshop: Path) -> str | None:
    """Return the hash of the sources of a commit, put into a folder of the workshop."""
    folder = _folder(workshop, commit)
    if not folder.is_dir():
        folder.mkdir()
        try:
            extract(project.root, commit, folder)
        except AnewError:
            return None
    return digest_of(source_hashes(folder, project_files(Project(folder))))


def _changed(
    project: Project,
    record: Record,
    hashes: Mapping[str, str],
    copy: Path,
    commit: str | None,
) -> list:
    """Return what in the sources is another today than was recorded.

    Of a build that was not released only the inputs are known.
    """
    if record.sources:
        if record.sources.get("sha256") == digest_of(hashes):
            return []
        recorded = {n: str(d) for n, d in (record.sources.get("files") or {}).items()}
        today = dict(hashes)
    else:
        recorded = {name: str(digest) for name, digest in record.manifest["inputs"].items()}
        today = {name: digest for name, digest in hashes.items() if name in recorded}
        # an input that is no source: a file elsewhere in the project that a notebook reads
        today |= {n: sha256(copy / n) for n in _strangers(copy, recorded, today)}
    before = partial(_before, project, record, commit or head(project.root))
    return changed_sources(recorded, today, copy, before)


def _strangers(copy: Path, recorded: Mapping[str, str], today: Mapping[str, str]) -> list[str]:
    root = copy.resolve()
    return [
        name
        for name in recorded
        if name not in today
        and (copy / name).is_file()
        and root in (copy / name).resolve().parents
    ]


def _before(
    project: Project, record: Record, commit: str | None, name: str, digest: str
) -> bytes | None:
    """Return a source as it was recorded, from git or from a site that publishes it; else None."""
    candidates = [content_at(project.root, commit, name)]
    for folder in (record.folder, project.site):
        if folder is not None:
            kept = name.replace("data/raw/", "data/", 1) if name.startswith("data/raw/") else None
            path = folder / (kept or f"source/{name}")
            candidates.append(path.read_bytes() if path.is_file() else None)
    for content in candidates:
        if content is not None and hashlib.sha256(content).hexdigest() == digest:
            return content
    return None
