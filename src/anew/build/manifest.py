"""The manifest of a build: what went in, what came out, by sha256, and with which versions."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from anew.build.plan import environment
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.writing import dump

NAME = "manifest.json"

#: The folder of a site for what is said about the build afterwards, which is no part of it.
CERTIFICATE = "certificate"

#: Packages that typeset and publish, beside those that compute and draw.
_TYPESETTERS = ("typst", "pypandoc-binary", "nbconvert", "jinja2", "pagefind-bin")


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(folder: Path, apart: str = "") -> dict[str, str]:
    """Return the sha256 of every file below `folder` but its manifest, by relative path, sorted.

    What lies below the folder `apart`, other editions with manifests of their own, is left out,
    and so is what was said about the site afterwards.
    """
    others = tuple(f"{name}/" for name in (apart, CERTIFICATE) if name)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: sha256(path)
        for name, path in named.items()
        if name != NAME and not name.startswith(others)
    }


def versions(typesetter: str) -> dict[str, str]:
    """Return every version that a result depends on, the platform's included."""
    found = {**environment(), "typesetter": typesetter}
    for package in _TYPESETTERS:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    found["platform"] = f"{platform.system()} {platform.machine()}"
    return dict(sorted(found.items()))


def make_manifest(
    project: Project,
    folder: Path,
    *,
    edition: str,
    parameters: Mapping[str, Mapping[str, Any]],
    inputs: Iterable[Path],
    facts: Mapping[str, Any],
    typesetter: str,
    request: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the manifest of the site in `folder`, made from `inputs` of `project`.

    `request` is what was asked for, so that it can be asked for again: formats, the part, the
    parameters given by hand, the editions on the same site. Holds no clock, no path of this
    machine and no name of a person: two builds of one state are equal in it.
    """
    return {
        "edition": edition,
        "request": dict(request),
        "parameters": {address: dict(values) for address, values in parameters.items()},
        "versions": versions(typesetter),
        "inputs": {
            project.relative(path): sha256(path) for path in sorted(set(inputs)) if path.is_file()
        },
        "facts": {id: [fact["value"], fact["unit"]] for id, fact in sorted(facts.items())},
        "files": digests(folder),
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest into the site that it describes."""
    (folder / NAME).write_text(dump(manifest), "utf-8", newline="\n")


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest at `path`, a file or a site's folder.

    Raises AnewError when there is none or it is not one.
    """
    file = path / NAME if path.is_dir() else path
    try:
        manifest = json.loads(file.read_text("utf-8"))
        manifest["edition"], manifest["files"], manifest["inputs"]
    except FileNotFoundError:
        raise AnewError(f"There is no manifest at {file}.", "Build first: anew build.") from None
    except (ValueError, KeyError, TypeError):
        raise AnewError(f"{file} is not a manifest of a build.", "Name another file.") from None
    return manifest


def matches(folder: Path, manifest: Mapping[str, Any], apart: str = "") -> bool:
    """Return whether `folder` holds just the files of `manifest`, byte for byte, and itself."""
    file = folder / NAME
    if not file.is_file() or file.read_text("utf-8") != dump(manifest):
        return False
    return digests(folder, apart) == manifest["files"]
