"""The bill of materials of an export: which packages built it, under which licences.

CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), without the serial number and the time that
the format allows: the same export has the same bill.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

from anew.build.identity import site_of
from anew.project.language import principal
from anew.project.paths import Project
from anew.project.writing import dump
from anew.verify.environment import locked_requirements
from anew.verify.export import Contents

FILE = "bom.cdx.json"

#: What a classifier says of a licence, before its name.
_CLASSIFIER = "License :: OSI Approved :: "


def bill_text(contents: Contents) -> str:
    """Return the bill of materials of an export as JSON."""
    plan = contents.plan
    site = site_of(plan, plan.project.root)
    report = {
        "type": "application",
        "bom-ref": "report",
        "name": site.title[principal()],
        "version": plan.edition.name,
    }
    components = [_component(one) for one in sorted(packages(plan.project))]
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": report},
        "components": components,
        "dependencies": [{"ref": "report", "dependsOn": [one["bom-ref"] for one in components]}],
    }
    return dump(bill)


def packages(project: Project) -> set[str]:
    """Return the installed packages that a build of the project uses: locked ones, and the engine.

    Without a lock they are all that this environment has.
    """
    installed = set(_installed())
    if not project.lock_file.is_file():
        return installed
    locked = {canonicalize_name(one.name) for one in locked_requirements(project.lock_file)}
    return installed & {*locked, "anew"}


def _installed() -> Iterator[str]:
    for one in metadata.distributions():
        if name := one.metadata["Name"]:
            yield canonicalize_name(name)


def _component(package: str) -> dict[str, Any]:
    version = metadata.version(package)
    address = f"pkg:pypi/{package}@{version}"
    found = {"type": "library", "bom-ref": address, "name": package, "version": version}
    said = licence_of(package)
    try:
        licences = [{"expression": str(canonicalize_license_expression(said))}]
    except InvalidLicenseExpression:
        licences = [{"license": {"name": said}}]  # type: ignore[dict-item]
    return found | ({"licenses": licences} if said else {}) | {"purl": address}


def licence_of(package: str) -> str:
    """Return what an installed package says of its licence, in a line; empty where it says none."""
    found = metadata.metadata(package)
    for expression in found.get_all("License-Expression") or []:
        return str(expression)
    kinds = found.get_all("Classifier") or []
    named = [one.removeprefix(_CLASSIFIER) for one in kinds if one.startswith(_CLASSIFIER)]
    text = "".join(found.get_all("License") or []).strip()
    return "; ".join(named) or (text.splitlines()[0][:80] if text else "")
