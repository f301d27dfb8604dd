"""What the engine brings to every report and a project may replace: theme, filters, templates.

The engine's files lie in the package. A file of the same name in the project, such as
`report/theme/anew.css`, takes the place of the engine's; a file of another name is added to them.
"""

from __future__ import annotations

from pathlib import Path

from anew.project.paths import Project
from anew.project.writing import copy_if_changed

_PACKAGE = Path(__file__).parents[1]

#: Where the engine's files of each kind are; the project's own are in `report/<kind>/`.
_SHIPPED = {
    "theme": _PACKAGE / "site" / "theme",
    "filters": _PACKAGE / "typeset" / "report" / "filters",
    "typst": _PACKAGE / "typeset" / "report" / "typst",
    "csl": _PACKAGE / "typeset" / "report" / "csl",
}

KINDS = tuple(_SHIPPED)

#: The kinds that `_quarto.yml` names, and that a typesetter reads from `PLACE`.
_FOR_TYPESETTERS = ("filters", "typst", "csl")

#: Where `_quarto.yml` finds them, from the root of a project or of a stage.
PLACE = Path(".anew") / "report"


def provided(project: Project, kind: str) -> dict[str, Path]:
    """Return the files of a kind by name: the project's where it has one, else the engine's."""
    return shipped(kind) | own(project, kind)


def shipped(kind: str) -> dict[str, Path]:
    """Return the engine's files of a kind by name."""
    return _files(_SHIPPED[kind])


def own(project: Project, kind: str) -> dict[str, Path]:
    """Return the project's files of a kind by name."""
    return _files(project.report / kind)


def for_typesetters(project: Project) -> dict[Path, Path]:
    """Return what `_quarto.yml` names, by its path from the root of a project or of a stage."""
    return {
        PLACE / kind / name: path
        for kind in _FOR_TYPESETTERS
        for name, path in provided(project, kind).items()
    }


def put_for_typesetters(project: Project) -> list[Path]:
    """Put what `_quarto.yml` names into the project's root, for whoever reads the text there.

    A file of neither any more is removed. Returns what is there.
    """
    kept = []
    for place, source in for_typesetters(project).items():
        copy_if_changed(source, project.root / place)
        kept.append(project.root / place)
    for path in sorted((project.root / PLACE).rglob("*")):
        if path.is_file() and path not in kept:
            path.unlink()
    return kept


def eject(project: Project, kind: str) -> list[Path]:
    """Copy the engine's files of a kind into the project, to be changed there; return the copies.

    What the project already has is left as it is.
    """
    copies = []
    for name, path in shipped(kind).items():
        target = project.report / kind / name
        if not target.exists():
            copy_if_changed(path, target)
            copies.append(target)
    return copies


def _files(folder: Path) -> dict[str, Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {
        path.name: path
        for path in found
        if path.is_file() and not path.name.startswith(".") and path.suffix not in {".part", ".pyc"}
    }
