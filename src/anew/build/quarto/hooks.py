"""The pre-render and post-render hooks of plain Quarto.

Before: figures, `_variables.yml`, `report/_built/` and fonts in the project's root, where Quarto
looks for them. After: the report's pages in the site's shell, and all that the engine adds to them:
notebooks, data, search, facts, older editions, the manifest. Both do next to nothing when nothing
changed (`stamp`); the rest is the build graph, the same that `anew build` runs.

What Quarto was not asked for (the PDF, the other language, older editions) the site has all the
same: the embedded typesetter sets it, which says the same (`anew conformance`). Where the text
leaves its subset, older editions are set by Quarto, and what was not rendered is missing. In a
preview only the report's pages are made fresh, as long as no more than the text changed.

Quarto's preview watches the files that it was told to render, and any file that a setting names. So
`_variables.yml` in the project's root names all that the report is made from: included texts, data,
notebooks, filters.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from anew.project.phrases import Phrase, in_language
from anew.typeset.quarto import stamp
from anew.typeset.quarto.output import Store, put_back, take

if TYPE_CHECKING:
    from anew.build.graph import Step
    from anew.build.plan import Plan
    from anew.project.paths import Project
    from anew.typeset.quarto.rendering import Rendered

#: What Quarto's `{{< var >}}` reads.
VARIABLES = "_variables.yml"

_WATCHED = """\
# named so that a running `quarto preview` sees it when one of them changes
anew:
  watched:
"""


def before_rendering(root: Path) -> int:
    """Bring figures, variables, tables and fonts in the project's root up to date.

    Raises AnewError as a build does when a table or a notebook is at fault.
    """
    key = stamp.fingerprint(root)
    known = stamp.recall(root, "pre")
    built = known.get("files")
    watched = (root / VARIABLES).is_file()
    if known.get("key") == key and isinstance(built, dict):
        if stamp.digests(root, (root / name for name in built)) == built:
            if not known.get("watched"):
                _let_quarto_read_again(root)
                stamp.remember(root, "pre", **{**known, "watched": True})
            return 0
    stamp.forget(root, "pre")
    files = stamp.digests(root, _gather(root))
    stamp.remember(root, "pre", key=key, files=files, watched=watched)
    return 0


def _let_quarto_read_again(root: Path) -> None:
    """Make a preview see the settings again, which began before there was a `_variables.yml`.

    Only the time of `_quarto.yml` is set. Where that is not allowed, the preview goes on as it was.
    """
    with suppress(OSError):
        os.utime(root / "_quarto.yml")


def after_rendering(root: Path) -> int:
    """Add to Quarto's output folder what makes it the whole site.

    Raises AnewError as a build does; the folder then holds the last good site, where there is one.
    """
    output = Path(os.environ.get("QUARTO_PROJECT_OUTPUT_DIR") or root / "_site")
    everything = bool(os.environ.get("QUARTO_PROJECT_RENDER_ALL"))
    store = Store(root / ".anew" / "quarto" / "rendered")
    fresh = take(output, store)
    known = stamp.recall(root, "post")
    sites = _finished(root, known)
    loose = [] if everything else [name for name in fresh if name.endswith(".html")]
    over = None
    try:
        if sites and not everything:
            over = _pages(root, store, str(known.get("woven")))
        if over is None:
            written = (path for path in store.folder.rglob("*") if path.is_file())
            state = {
                "key": stamp.fingerprint(root),
                "rendered": stamp.digests(store.folder, written),
                "everything": everything,
            }
            if not sites or {name: known.get(name) for name in state} != state:
                # without its key, what was finished last is of use only should this fail
                last = {name: known[name] for name in ("sites", "made") if name in known}
                stamp.remember(root, "post", **last)
                sites, woven = _complete(root, store)
                made = stamp.digests(root, _manifests(root, sites))
                stamp.remember(root, "post", **state, sites=sites, made=made, woven=woven)
    except BaseException:
        finished = _finished(root, known)
        if finished:
            put_back(_folders(root, finished), output)
        raise
    put_back(_folders(root, sites), output, over=over, loose=loose)
    return 0


def _finished(root: Path, known: dict[str, object]) -> dict[str, str]:
    """Return the sites finished last, by place; none where another build has since worked there."""
    sites, made = known.get("sites"), known.get("made")
    if not isinstance(sites, dict) or stamp.digests(root, _manifests(root, sites)) != made:
        return {}
    return sites


def _manifests(root: Path, sites: dict[str, str]) -> list[Path]:
    return [root / site / "manifest.json" for site in sites.values()]


def _folders(root: Path, sites: dict[str, str]) -> dict[str, Path]:
    return {place: root / site for place, site in sites.items()}


def _gather(root: Path) -> list[Path]:
    """Run what changed up to the facts and put it where Quarto looks; return the files there."""
    from anew.build.builder import found_steps, write_tracked
    from anew.build.stage import stage_folder
    from anew.figures.fonts import font_folder
    from anew.project.paths import opened
    from anew.project.provided import put_for_typesetters
    from anew.project.writing import copy_if_changed

    project = opened(root)
    plan = _plans(root)[0]
    stage = stage_folder(plan)
    _run(project, lambda: found_steps(plan, stage))
    write_tracked(plan, stage)
    built = [*(stage / "report" / "_built").rglob("*"), *(stage / "figures").glob("*.png")]
    files = [path for path in built if path.is_file()]
    targets = [root / path.relative_to(stage) for path in files]
    for source, target in zip(files, targets, strict=True):
        copy_if_changed(source, target)
    targets.append(_write_variables(root, (stage / VARIABLES).read_text("utf-8")))
    old = [*(root / "report" / "_built").rglob("*"), *project.figures.glob("*.png")]
    for path in old:
        if path.is_file() and path not in targets:
            path.unlink()
    targets += put_for_typesetters(project)
    # the fonts may lie in the environment; Quarto is told to look in the project
    fonts = font_folder(project)
    for font in sorted(fonts.iterdir()):
        target = project.work / "fonts" / fonts.name / font.name
        copy_if_changed(font, target)
        targets.append(target)
    return [*targets, *project.figures.glob("*.svg")]


def _write_variables(root: Path, facts: str) -> Path:
    """Write the facts where Quarto looks, and below them what its preview is to watch."""
    from anew.project.writing import write_text

    names = "".join(f"    - {json.dumps(name)}\n" for name in stamp.inputs(root))
    return write_text(root / VARIABLES, f"{facts}{_WATCHED}{names}")


def _complete(root: Path, kept: Store) -> tuple[dict[str, str], str]:
    """Finish the site from what Quarto set.

    Returns the finished sites by place, from the root, and the hash of what the notebooks found.
    """
    from anew.build.stage import stage_folder
    from anew.project.paths import opened

    plan, *older = _plans(root, kept)
    steps = [*_page_steps(plan, kept), *_closing_steps(plan, kept)]
    for other in older:
        steps += _older_steps(other)
    _run(opened(root), lambda: steps)
    sites = {one.root: stage_folder(one) / "site" for one in (plan, *older)}
    found = {place: site.relative_to(root).as_posix() for place, site in sites.items()}
    return found, _woven(plan)


def _pages(root: Path, kept: Store, woven: str) -> dict[str, Path] | None:
    """Make the pages fresh that Quarto set anew, and leave the rest of the site as it is.

    That is what a preview needs. Returns the pages by their paths on the site, None when more than
    the text changed since the site was finished.
    """
    from anew.build.stage import pages_folder, stage_folder
    from anew.project.paths import opened

    plan = _plans(root, kept)[0]
    steps = _report_steps(plan, kept)
    _run(opened(root), lambda: steps)
    if _woven(plan) != woven:
        return None
    pages = pages_folder(stage_folder(plan))
    made = [path for step in steps for path in step.outputs if pages in path.parents]
    return {path.relative_to(pages).as_posix(): path for path in made}


def _woven(plan: Plan) -> str:
    """Return the hash of what the notebooks of an edition found."""
    from anew.build.stage import stage_folder, woven_file
    from anew.project.writing import sha256

    return sha256(woven_file(stage_folder(plan)))


def _run(project: Project, planned: Callable[[], list[Step]]) -> None:
    from anew.build.builder import bring_up_to_date
    from anew.build.lock import only_one
    from anew.build.progress import observer

    with only_one(project):
        bring_up_to_date(project, planned, _jobs(), observer())


def _plans(root: Path, kept: Store | None = None) -> list[Plan]:
    """Return the plans of all editions, the newest first; `kept` may add formats to that."""
    from anew.build.identity import articles
    from anew.build.plan import FORMATS, Request, make_plans
    from anew.project.paths import opened

    project = opened(root)
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


def _report_steps(plan: Plan, kept: Store) -> list[Step]:
    """Return the steps up to the report: Quarto's, what it was not asked for by the other one."""
    from anew.build.builder import found_steps
    from anew.build.documents import article_step
    from anew.build.stage import stage_folder

    stage = stage_folder(plan)
    wanted = _wanted(plan, kept)
    pages = [article_step(plan, stage, document, kind, found) for document, kind, found in wanted]
    return [*found_steps(plan, stage), *pages]


def _page_steps(plan: Plan, kept: Store) -> list[Step]:
    """Return the steps up to all pages."""
    from anew.build.documents import other_page_steps
    from anew.build.stage import stage_folder

    return [*_report_steps(plan, kept), *other_page_steps(plan, stage_folder(plan))]


def _closing_steps(plan: Plan, kept: Store) -> list[Step]:
    """Return the steps from the pages to the site."""
    from anew.build.documents import closing_steps
    from anew.build.stage import stage_folder
    from anew.typeset.quarto import find_quarto

    quarto = find_quarto()
    setters = [quarto.name if quarto else "Quarto"]
    wanted = _wanted(plan, kept)
    setters += ["embedded"] if any(found is None for _, _, found in wanted) else []
    for document in sorted({d for d, _, _ in wanted}):
        if "html" not in plan.formats and not kept.find(document, "html"):
            _say(
                Phrase(
                    "{document} has not been rendered yet; quarto render renders everything.",
                    document=document,
                )
            )
    pages = _page_steps(plan, kept)
    return closing_steps(plan, stage_folder(plan), pages, ", ".join(setters), [kept.listing])


def _wanted(plan: Plan, kept: Store) -> list[tuple[str, str, Rendered | None]]:
    """Return document, format and Quarto's rendering of it, None where the other sets it."""
    from anew.build.identity import articles
    from anew.build.plan import FORMATS

    every = [(d, kind, kept.find(d, kind)) for d in articles(plan.project) for kind in FORMATS]
    return [one for one in every if one[2] or one[1] in plan.formats]


def _older_steps(plan: Plan) -> list[Step]:
    from anew.build.builder import all_steps
    from anew.build.plan import Request

    engine = "embedded" if _in_subset(plan.project) else "quarto"
    return all_steps(plan, Request(typesetter=engine))


@cache
def _in_subset(project: Project) -> bool:
    """Return whether the embedded typesetter takes every document of the project."""
    from anew.build.identity import articles
    from anew.project.errors import AnewError
    from anew.typeset.embedded import check_subset

    try:
        return not any(check_subset(project.root, document) for document in articles(project))
    except AnewError:
        return False


def _jobs() -> int:
    return min(os.cpu_count() or 2, 8)


def _say(text: str) -> None:
    sys.stdout.write(f"anew: {in_language(text)}\n")
