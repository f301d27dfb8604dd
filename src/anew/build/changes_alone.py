"""The page on what changed between any two editions or sites, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from anew.build.builder import gather
from anew.build.changes import Shown, built, changes_pages, pages, staged
from anew.build.plan import Request, make_plan
from anew.diff.state import is_site
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.writing import copy_if_changed

#: Where the page has the pictures of the older and of the newer side.
_ALONE = ("before", "after")


def write_page(project: Project, old: str, new: str, folder: Path) -> Path:
    """Write a page on what changed between two editions or sites, with all that it shows.

    Figures of an edition that are not up to date are drawn first. Returns the page; raises
    AnewError for a folder that holds something else, and what a build of the notebooks raises.
    """
    from anew.site.assets import page_assets

    if folder.exists() and any(folder.iterdir()) and not (folder / changes_pages()[-1]).is_file():
        raise AnewError(
            "{folder} holds other files than a page on what changed.",
            "Choose an empty or a new folder.",
            code="foreign-folder",
            folder=folder,
        )
    shown = (_drawn(project, old), _drawn(project, new))
    plan = make_plan(project, Request(edition=shown[1].state.name))
    texts = pages(plan, shown, (f"{_ALONE[0]}/", f"{_ALONE[1]}/"), alone=True)
    files = page_assets(project, texts.values())
    files |= {path: text.encode("utf-8") for path, text in texts.items()}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for name, one in zip(_ALONE, shown, strict=True):
        for path in sorted((one.folder / "figures").glob("*.svg")):
            copy_if_changed(path, folder / name / "figures" / path.name)
    return folder / changes_pages()[-1]


def _drawn(project: Project, target: str) -> Shown:
    """Return an edition with its figures drawn, or a site as it was built."""
    if is_site(target):
        return built(Path(target))
    gather(project, Request(edition=target))
    return staged(make_plan(project, Request(edition=target)))
