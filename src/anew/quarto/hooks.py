"""The two hooks of plain Quarto: what is computed before it renders, what is added after.

Before: figures, `_variables.yml`, `report/_built/` and fonts in the project's root, where Quarto
looks for them. After: the report's pages in the site's shell, and all that the engine adds to them:
notebooks, data, search, facts, older editions, the manifest. Both do next to nothing when nothing
changed (`stamp`); the rest is the build graph, the same that `anew build` runs.

What Quarto was not asked for (the PDF, the other language, older editions) the site has all the
same: the embedded typesetter sets it, which says the same (`anew conformance`). Where the text
leaves its subset, older editions are set by Quarto, and what was not rendered is missing. Older
editions are brought up to date when everything is rendered; a preview shows them as they were.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from anew.quarto import stamp
from anew.quarto.output import Store, put_back, take

if TYPE_CHECKING:
    from anew.graph import Step
    from anew.plan import Plan
    from anew.project import Project


def before_rendering(root: Path) -> int:
    """Bring figures, variables, tables and fonts in the project's root up to date.

    Raises AnewError as a build does when a table or a notebook is at fault.
    """
    key = stamp.fingerprint(root)
    known = stamp.recall(root, "pre")
    built = known.get("files")
    if known.get("key") == key and isinstance(built, dict):
        if stamp.digests(root, (root / name for name in built)) == built:
            return 0
    stamp.forget(root, "pre")
    stamp.remember(root, "pre", key=key, files=stamp.digests(root, _gather(root)))
    return 0


def after_rendering(root: Path) -> int:
    """Add to Quarto's output folder what makes it the whole site.

    Raises AnewError as a build does.
    """
    output = Path(os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or root / "_site")
    everything = bool(os.environ.get("QUARTO_PROJECT_RENDER_ALL"))
    store = Store(root / ".anew" / "quarto" / "rendered")
    fresh = take(output, store)
    loose = () if everything else tuple(n for n in fresh if n.endswith(".html"))
    written = (path for path in store.folder.rglob("*") if path.is_file())
    state = {
        "key": stamp.fingerprint(root),
        "rendered": stamp.digests(store.folder, written),
        "everything": everything,
    }
    known = stamp.recall(root, "post")
    sites = known.pop("sites", {})
    if known != state or not isinstance(sites, dict) or not _present(root, sites):
        stamp.forget(root, "post")
        sites = _complete(root, store, everything=everything)
        stamp.remember(root, "post", **state, sites=sites)
    put_back({place: root / site for place, site in sites.items()}, output, loose=loose)
    return 0


def _present(root: Path, sites: dict[str, str]) -> bool:
    return bool(sites) and all((root / site / "manifest.json").is_file() for site in sites.values())


def _gather(root: Path) -> list[Path]:
    """Run what changed up to the facts and put it where Quarto looks; return the files there."""
    from anew.build import failures, found_steps, only_one, store, write_tracked
    from anew.fonts import font_folder
    from anew.graph import run_steps
    from anew.progress import observer
    from anew.project import Project
    from anew.quarto.rendering import link
    from anew.stage import stage_folder
    from anew.steps import copy_if_changed

    project = Project(root)
    plan = _plans(root)[0]
    stage = stage_folder(plan)
    with only_one(project):
        steps = found_steps(plan, stage)
        outcome = run_steps(steps, root, store(project), _jobs(), observer())
    if outcome.failed:
        raise failures(outcome)
    write_tracked(plan, stage)
    built = [*(stage / "report" / "_built").rglob("*"), *(stage / "figures").glob("*.png")]
    files = [path for path in built if path.is_file()] + [stage / "_variables.yml"]
    targets = [root / path.relative_to(stage) for path in files]
    for source, target in zip(files, targets, strict=True):
        copy_if_changed(source, target)
    old = [*(root / "report" / "_built").rglob("*"), *project.figures.glob("*.png")]
    for path in old:
        if path.is_file() and path not in targets:
            path.unlink()
    # the fonts may lie in the environment; Quarto is told to look in the project
    fonts = font_folder(project)
    for font in sorted(fonts.iterdir()):
        target = project.work / "fonts" / fonts.name / font.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            link(font, target)
        targets.append(target)
    return [*targets, *project.figures.glob("*.svg")]


def _complete(root: Path, kept: Store, *, everything: bool) -> dict[str, str]:
    """Finish the site from what Quarto set; return the finished sites by place, from the root."""
    from anew.build import failures, only_one, store
    from anew.graph import run_steps
    from anew.progress import observer
    from anew.project import Project
    from anew.stage import stage_folder

    project = Project(root)
    plan, *older = _plans(root, kept)
    steps = _newest_steps(plan, kept)
    if everything:
        for other in older:
            steps += _older_steps(other)
    different = {step.name: step for step in steps}  # the tables are every edition's
    with only_one(project):
        outcome = run_steps(list(different.values()), root, store(project), _jobs(), observer())
    if outcome.failed:
        raise failures(outcome)
    sites = {one.root: stage_folder(one) / "site" for one in (plan, *older)}
    return {
        place: site.relative_to(root).as_posix()
        for place, site in sites.items()
        if (site / "manifest.json").is_file()
    }


def _plans(root: Path, kept: Store | None = None) -> list[Plan]:
    """Return the plans of all editions, the newest first; `kept` may add formats to that."""
    from anew.identity import articles
    from anew.plan import FORMATS, Request, make_plans
    from anew.project import Project

    project = Project(root)
    plan, *older = make_plans(project, Request(all_editions=True))
    if kept is None:
        return [plan, *older]
    documents = articles(project)
    embedded = _in_subset(project)
    formats = [
        kind
        for kind in FORMATS
        if all(kept.find(d, kind) or (embedded and kind in plan.formats) for d in documents)
    ]
    return [replace(plan, formats=tuple(formats)), *older]


def _newest_steps(plan: Plan, kept: Store) -> list[Step]:
    """Return the steps of the edition that Quarto set, what it was not asked for by the other."""
    from anew.build import found_steps
    from anew.documents import article_step, closing_steps, notebook_page_steps
    from anew.identity import articles
    from anew.plan import FORMATS
    from anew.quarto import find_quarto
    from anew.stage import stage_folder

    stage = stage_folder(plan)
    quarto = find_quarto()
    setters = [quarto.name if quarto else "Quarto"]
    documents = []
    for document in articles(plan.project):
        for kind in FORMATS:
            found = kept.find(document, kind)
            if found or kind in plan.formats:
                documents.append(article_step(plan, stage, document, kind, found))
                setters += [] if found else ["embedded"]
        if "html" not in plan.formats and not kept.find(document, "html"):
            _say(f"{document} has not been rendered yet; quarto render renders everything.")
    documents += notebook_page_steps(plan, stage)
    name = ", ".join(dict.fromkeys(setters))
    closing = closing_steps(plan, stage, documents, name, [kept.listing])
    return [*found_steps(plan, stage), *documents, *closing]


def _older_steps(plan: Plan) -> list[Step]:
    from anew.build import all_steps
    from anew.plan import Request

    engine = "embedded" if _in_subset(plan.project) else "quarto"
    return all_steps(plan, Request(typesetter=engine))


@cache
def _in_subset(project: Project) -> bool:
    """Return whether the embedded typesetter takes every document of the project."""
    from anew.embedded import check_subset
    from anew.errors import AnewError
    from anew.identity import articles

    try:
        return not any(check_subset(project.root, document) for document in articles(project))
    except AnewError:
        return False


def _jobs() -> int:
    return min(os.cpu_count() or 2, 8)


def _say(text: str) -> None:
    sys.stdout.write(f"anew: {text}\n")
