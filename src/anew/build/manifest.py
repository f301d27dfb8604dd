"""Making the manifest of a finished site; what a manifest is, is in `anew.project.manifest`."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

from anew.build.plan import environment
from anew.project.manifest import Asked, Fact, Manifest, Parameter, digests
from anew.project.paths import Project
from anew.project.writing import sha256

#: Packages that typeset and publish, beside those that compute and draw.
_TYPESETTERS = ("typst", "pypandoc-binary", "nbconvert", "jinja2", "pagefind-bin")


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
    parameters: Mapping[str, Mapping[str, Parameter]],
    inputs: Iterable[Path],
    facts: Mapping[str, Fact],
    typesetter: str,
    request: Asked,
) -> Manifest:
    """Return the manifest of the site in `folder`, made from `inputs` of `project`."""
    return Manifest(
        edition=edition,
        request=request,
        parameters={address: dict(values) for address, values in parameters.items()},
        versions=versions(typesetter),
        inputs={
            project.relative(path): sha256(path) for path in sorted(set(inputs)) if path.is_file()
        },
        facts=dict(sorted(facts.items())),
        files=digests(folder),
    )
