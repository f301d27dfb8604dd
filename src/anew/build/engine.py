"""The identity of the engine: its own files and the versions of its dependencies."""

from __future__ import annotations

import platform
import re
from functools import cache
from importlib import metadata
from pathlib import Path

from anew.project.digests import Digests

#: The engine's own package: code, templates, filters, styles.
ENGINE = Path(__file__).parents[1]

#: Packages that the engine does not name itself and that compute, draw or typeset all the same.
_BENEATH = ("numpy", "ipython", "nbformat", "markdown-it-py", "pygments", "mistune")


def identity(digests: Digests) -> dict[str, str]:
    """Return what the engine is, by part: its own files, Python, the version of each package."""
    return {"engine": digests.of(ENGINE).removeprefix("folder ")[:16], **versions_beneath()}


@cache
def versions_beneath() -> dict[str, str]:
    """Return the version of Python and of every dependency of the engine, by name."""
    try:
        required = metadata.requires("anew") or []
    except metadata.PackageNotFoundError:
        required = []
    own = [text for text in required if "extra ==" not in text]
    names = {re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0] for text in own}
    found = {"python": platform.python_version()}
    for name in sorted({*names, *_BENEATH}):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
