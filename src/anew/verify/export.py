"""The contents of an export: the project's files, the built site and its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anew.build.builder import build
from anew.build.plan import Plan, Request
from anew.build.progress import Quiet
from anew.project.errors import AnewError
from anew.project.manifest import CERTIFICATE, NAME, read_manifest
from anew.project.paths import Project
from anew.project.writing import sha256
from anew.verify.certificate import FILE, certificates_folder, read_certificate
from anew.verify.record import manifests_folder
from anew.verify.sources import project_files

#: Where the site lies in an export: where a build of the unpacked project would put it.
SITE = "_site"

#: What an export writes itself, whatever the project has under these names.
MADE = {"bom.cdx.json", "codecheck.yml", "ro-crate-metadata.json"}


@dataclass(frozen=True)
class Contents:
    """The files of an export by name, the plan of the build, its site, whether it is certified."""

    plan: Plan
    site: Path
    files: dict[str, Path]
    certified: bool


def gather_contents(
    project: Project, edition: str | None, jobs: int, watch: Quiet | None = None
) -> Contents:
    """Bring the edition's site up to date and return all that a reviewer needs, sorted by name.

    Raises AnewError when the project has no text: there is no report to export.
    """
    site = project.work / "export" / "site"
    request = Request(edition, jobs=jobs, typesetter="embedded", output=site)
    result = build(project, request, watch)
    files = {name: project.root / name for name in set(project_files(project)) - MADE}
    files |= _below(site, SITE)
    if not any(name.endswith("/index.html") and "/report/" in name for name in files):
        raise AnewError(
            "Edition {edition} has no report to export.",
            code="no-report",
            edition=result.plan.edition.name,
        )
    folder = certificates_folder(project) / result.plan.edition.name
    certified = _certifies(project, folder / FILE, site)
    if certified:
        files |= _below(folder, CERTIFICATE)
    return Contents(result.plan, site, dict(sorted(files.items())), certified)


def _below(folder: Path, name: str) -> dict[str, Path]:
    """Return every file below a folder by its name in the export."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path
        for path in folder.rglob("*")
        if path.is_file()
    }


def _certifies(project: Project, file: Path, site: Path) -> bool:
    """Return whether a certificate is of this site: of its own or of the released manifest."""
    try:
        certificate = read_certificate(file)
        subject = certificate.subject.sha256
        if subject == sha256(site / NAME):
            return True
        released = manifests_folder(project) / f"{certificate.edition}.json"
        if read_manifest(released).files != read_manifest(site).files:
            return False
        return subject == sha256(released)
    except AnewError:
        return False
