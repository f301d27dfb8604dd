"""Which modules of a package a module imports, found without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path


def module_closure(package: Path, entries: Iterable[str]) -> list[Path]:
    """Return the files of `package` that `entries` import, directly or not, sorted.

    `entries` are dotted names such as "anew.notebook.opening"; imports within functions count.
    Files that are not code (templates, filters) are not seen.
    """
    name = package.name
    wanted, found = list(entries), set()
    while wanted:
        module = wanted.pop()
        path = _file(package, name, module)
        if path is None or path in found:
            continue
        found.add(path)
        wanted += _imports(path, name, module)
    return sorted(found)


def _file(package: Path, name: str, module: str) -> Path | None:
    parts = module.split(".")
    if parts[0] != name:
        return None
    base = package.joinpath(*parts[1:])
    package_file = base / "__init__.py"
    for path in (base.with_suffix(".py") if parts[1:] else package_file, package_file):
        if path.is_file():
            return path
    return None


@cache
def _imports(path: Path, name: str, module: str) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.append(node.module)
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(entry for entry in found if entry.split(".")[0] == name)
