"""Putting an export together and writing it: the zipped crate, its folder, or codecheck.yml."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anew.build.identity import site_of
from anew.build.manifest import read_manifest
from anew.project.errors import AnewError
from anew.site.shell import Site
from anew.verify.archive import write_archive
from anew.verify.codecheck import codecheck_text
from anew.verify.contents import SITE, Contents
from anew.verify.crate import METADATA, crate_metadata
from anew.verify.people import read_citation

CODECHECK = "codecheck.yml"


def crate_files(contents: Contents) -> dict[str, Path | bytes]:
    """Return every file of the crate, with what describes it."""
    root = contents.plan.project.root
    citation = read_citation(root)
    manifest = read_manifest(contents.site)
    site = _site(contents)
    metadata = crate_metadata(
        contents,
        citation,
        manifest,
        title=f"{site.title['en']} · {site.title['zh']}",
        description=f"{site.description['en']} · {site.description['zh']}",
        keywords=[*site.keywords.get("en", ()), *site.keywords.get("zh", ())],
        text_licence=(site.text_licence.name, site.text_licence.url),
        code_licence=(site.code_licence.name, site.code_licence.url),
        sizes={name: path.stat().st_size for name, path in contents.files.items()},
    )
    made = {METADATA: metadata.encode("utf-8"), CODECHECK: codecheck(contents).encode("utf-8")}
    return dict(contents.files) | made


def codecheck(contents: Contents) -> str:
    """Return codecheck.yml for the edition."""
    site = _site(contents)
    figures: Mapping[str, Any] = json.loads((contents.site / "figures.json").read_text("utf-8"))
    names = [name.removeprefix(f"{SITE}/") for name in contents.files if name.startswith(SITE)]
    return codecheck_text(
        read_citation(contents.plan.project.root),
        edition=contents.plan.edition.name,
        title=f"{site.title['en']}, edition {contents.plan.edition.name}",
        repository=site.repository,
        reference=site.address("index.html"),
        figures=figures,
        files=names,
    )


def _site(contents: Contents) -> Site:
    return site_of(contents.plan, contents.plan.project.root)


def write_crate(contents: Contents, target: Path) -> None:
    """Write the crate: zipped where `target` ends in .zip, as a new folder else.

    Raises AnewError for a folder that holds something already.
    """
    files = crate_files(contents)
    if target.suffix == ".zip":
        write_archive(target, files)
        return
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AnewError(f"{target} is there already.", "Name a new folder, or a file named .zip.")
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            shutil.copy(content, path)
        else:
            path.write_bytes(content)
