"""What an export holds: the project's own files, the built site, the certificate of that build."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from anew.build.builder import build
from anew.build.manifest import NAME, sha256
from anew.build.plan import Plan, Request
from anew.build.progress import Quiet
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.verify.certificate import certificates_folder
from anew.verify.record import manifests_folder
from anew.verify.sources import project_files

#: Where the site lies in an export: where a build of the unpacked project would put it.
SITE = "_site"

#: What an export writes anew, whatever the project has under these names.
MADE = {"codecheck.yml", "ro-crate-metadata.json"}

#: Where the certificate lies.
CERTIFICATE = "certificate"


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

    Raises AnewError when the project has no text: there is no report to hand on.
    """
    site = project.work / "export" / "site"
    request = Request(edition, jobs=jobs, typesetter="embedded", output=site)
    result = build(project, request, watch)
    names = set(project_files(project)) - MADE
    files = {name: project.root / name for name in names}
    files |= {
        f"{SITE}/{path.relative_to(site).as_posix()}": path
        for path in site.rglob("*")
        if path.is_file()
    }
    if not any(name.endswith("/index.html") and "/report/" in name for name in files):
        raise AnewError(f"Edition {result.plan.edition.name} has no report to export.")
    folder = certificates_folder(project) / result.plan.edition.name
    certified = _certifies(project, folder / "certificate.json", site)
    if certified:
        files |= {
            f"{CERTIFICATE}/{path.relative_to(folder).as_posix()}": path
            for path in folder.rglob("*")
            if path.is_file()
        }
    return Contents(result.plan, site, dict(sorted(files.items())), certified)


def _certifies(project: Project, file: Path, site: Path) -> bool:
    """Return whether a certificate speaks of the very site: by its own or the released manifest."""
    try:
        certificate = json.loads(file.read_text("utf-8"))
        subject = certificate["subject"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if subject == sha256(site / NAME):
        return True
    released = manifests_folder(project) / f"{certificate['edition']}.json"
    if not released.is_file() or subject != sha256(released):
        return False
    kept = json.loads(released.read_text("utf-8"))["files"]
    return kept == json.loads((site / NAME).read_text("utf-8"))["files"]
