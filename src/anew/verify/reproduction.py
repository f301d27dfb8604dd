"""Reproduction: read records, rebuild their editions in clean copies, and compare."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from anew.diff.content import changed_sources
from anew.diff.difference import Difference
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.writing import sha256
from anew.verify.certificate import Certificate
from anew.verify.comparison import Sides, certify
from anew.verify.rebuild import LIMIT, Order, Rebuilt, rebuild
from anew.verify.record import Record, read_records
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

#: Shows progress to the user.
Tell = Callable[[str], None]


def reproduce(
    project: Project,
    target: str | None,
    edition: str | None,
    jobs: int,
    tell: Tell,
    limit: float = LIMIT,
    isolate: bool = False,
) -> list[Certificate]:
    """Rebuild what `target` records, from raw tables in a clean copy, and compare.

    Returns a certificate for each recorded edition. Where the sources have changed since, bytes are
    compared at the commit that the manifest names, and numbers with today's sources. With `isolate`
    a rebuild sees nothing of this machine but its programs, and no network. Raises
    AnewError when there is no such record, BuildError when a rebuild takes longer than `limit`
    seconds; an edition that cannot be built is told in its certificate.
    """
    with tempfile.TemporaryDirectory(prefix="anew-reproduce-") as folder:
        workshop = Path(folder)
        records = read_records(project, target, edition, workshop)
        names = project_files(project)
        copy = workshop / "copy"
        copy_project(project, names, copy)
        hashes = source_hashes(copy, names)
        digest = digest_of(hashes)
        if any(record.kind == "url" for record in records):
            tell(
                Phrase(
                    "{target} is read, not run: the code is this project's, in {root}",
                    target=target,
                    root=project.root,
                )
            )
        tell(
            Phrase(
                "Building {editions} in a clean copy of the working tree ({count} files)",
                editions=[record.edition for record in records],
                count=len(names),
            )
        )
        orders = [Order.of(record.manifest) for record in records]
        todays = rebuild(copy, orders, workshop / "today", jobs, limit, isolate)
        found = []
        thens = _thens(project, records, digest, workshop, jobs, tell, limit, isolate)
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
    limit: float,
    isolate: bool,
) -> dict[int, tuple[Rebuilt, str]]:
    """Return, by the number of the record, the build of the commit whose sources it records.

    Records of one commit are built at once. A commit that is not in the repository, or whose
    sources are not the recorded ones, is passed over: then there is only today's build.
    """
    wanted: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        sources = record.sources
        if sources is None or sources.sha256 == digest:
            continue
        manifest = f"report/manifests/{record.edition}.json"
        file = record.name if record.kind == "manifest" else manifest
        for commit in recording_commits(project.root, sources.commit, file):
            if _sources_at(project, commit, _folder(workshop, commit)) == sources.sha256:
                wanted.setdefault(commit, []).append(number)
                break
    found: dict[int, tuple[Rebuilt, str]] = {}
    for commit, numbers in wanted.items():
        tell(
            Phrase(
                "The sources have changed since {commit}: building that commit as well",
                commit=commit[:12],
            )
        )
        orders = [Order.of(records[number].manifest) for number in numbers]
        out = workshop / f"out-{commit[:12]}"
        made = rebuild(_folder(workshop, commit), orders, out, jobs, limit, isolate)
        found |= {n: (one, commit) for n, one in zip(numbers, made, strict=True)}
    return found


def _folder(workshop: Path, commit: str) -> Path:
    return workshop / f"at-{commit[:12]}"


def _sources_at(project: Project, commit: str, folder: Path) -> str | None:
    """Return the digest of the sources of a commit, put into `folder`."""
    if not folder.is_dir():
        folder.mkdir()
        try:
            extract(project.root, commit, folder)
        except AnewError:
            return None
    return digest_of(source_hashes(folder, project_files(Project(folder))))


def _changed(
    project: Project, record: Record, hashes: Mapping[str, str], copy: Path, commit: str | None
) -> list[Difference]:
    """Locate what changed in the sources since they were recorded.

    Of a build that was not released only the inputs are known.
    """
    if record.sources:
        if record.sources.sha256 == digest_of(hashes):
            return []
        recorded: Mapping[str, str] = record.sources.files
        today = dict(hashes)
    else:
        recorded = record.manifest.inputs
        today = {name: digest for name, digest in hashes.items() if name in recorded}
        # an input that is no source: a file elsewhere in the project that a notebook reads
        root = copy.resolve()
        for name in set(recorded) - set(today):
            path = (copy / name).resolve()
            if path.is_file() and root in path.parents:
                today[name] = sha256(path)
    at = commit or head(project.root)
    return changed_sources(
        recorded, today, copy, lambda name, digest: _before(project, record, at, name, digest)
    )


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
