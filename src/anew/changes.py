"""The page on what changed since the edition before: what it is made from, and the step that does.

On a site with several editions the pictures of the older edition lie there already, so the page
only links them. Without such a site `write_page` makes a folder with the page and the pictures.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anew.catalog import path_of
from anew.errors import AnewError
from anew.facts import load_units
from anew.graph import Step
from anew.identity import ARTICLE, glossary_of, site_of, woven_of
from anew.language import LANGUAGES
from anew.plan import Plan, Request, make_plan, make_plans
from anew.project import Project
from anew.stage import pages_folder, stage_folder, staged_files
from anew.state import State, compare_states, site_state
from anew.steps import code_files, copy_if_changed, engine_files, in_child

if TYPE_CHECKING:
    from anew.sentences import Sentence
    from anew.site.changes import Vocabulary
    from anew.site.figures import Figure

#: Where a page that stands alone has the pictures of the older and of the newer side.
_ALONE = ("before", "after")


@dataclass(frozen=True)
class Shown:
    """A state with the folder that has its pictures, a stage or a site."""

    state: State
    folder: Path


def changes_steps(plan: Plan, stage: Path, said: Any) -> list[Step]:
    """Return the step that makes the page, if an edition before this one is on the same site.

    `said` is what pages say of their edition and its neighbours.
    """
    found = before(plan)
    if found is None:
        return []
    older, root = found
    other = stage_folder(older)
    targets = [pages_folder(stage) / path for path in changes_pages()]
    vintages = [pair for one in (older, plan) for pair in one.edition.vintages()]
    raw = {path_of(plan.project, plan.catalog, *pair) for pair in vintages}

    def run() -> Sequence[Path]:
        in_child(_make, plan, stage, older, root)
        return code_files(plan)

    return [
        Step(
            f"changes {plan.key}",
            f"compare with edition {older.edition.name}",
            run,
            sorted(
                {
                    *staged_files(plan, stage), *staged_files(older, other), *code_files(plan),
                    *(path for path in raw if path.is_file()),
                    *engine_files("anew.changes", data=["site/templates"]),
                }
            ),
            targets,
            {"editions": said, "parameters": _parameters(older)},
        )
    ]  # fmt: skip


def _parameters(plan: Plan) -> dict[str, Any]:
    return {address: figure.parameters for address, figure in plan.edition.figures.items()}


def before(plan: Plan) -> tuple[Plan, str] | None:
    """Return the plan of the edition before on the same site and the way to its root, or None."""
    if plan.published_before is None:
        return None
    name, root = plan.published_before
    plans = make_plans(plan.project, Request(formats=plan.formats, all_editions=True))
    return next(one for one in plans if one.edition.name == name), root


def changes_pages() -> list[str]:
    """Return the paths of the page, one a language."""
    from anew.site.changes import changes_path

    return [changes_path(language) for language in LANGUAGES]


def _make(plan: Plan, stage: Path, older: Plan, root: str) -> None:
    shown = (_staged(older), _staged(plan))
    for path, text in pages(plan, shown, (root, "")).items():
        target = pages_folder(stage) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        part.write_text(text, "utf-8", newline="\n")
        part.replace(target)


def _staged(plan: Plan) -> Shown:
    """Return what an edition says, as it lies in its stage."""
    stage = stage_folder(plan)
    woven = woven_of(stage)
    data = {}
    for address in woven["figures"]:
        with (stage / "figures" / f"{address}.csv").open(encoding="utf-8", newline="") as stream:
            data[address] = list(csv.DictReader(stream))
    return Shown(State(plan.edition.name, woven, data), stage)


def pages(
    plan: Plan, shown: tuple[Shown, Shown], roots: tuple[str, str], *, alone: bool = False
) -> dict[str, str]:
    """Return the page in each language by path; `plan` is of the newer side.

    `roots` lead from the page's root to those under which each side's `figures/` lie.
    """
    from anew.site.changes import Side, changes_page, changes_path

    old, new = shown
    project = plan.project
    comparison = compare_states(project, old.state, new.state)
    site = site_of(plan, new.folder)
    if alone:
        site = replace(site, navigation=(), search=False, editions=())
    found = {}
    for language in LANGUAGES:
        sides = tuple(
            Side(one.state.name, root, _figures(one, language), one.state.woven["claims"])
            for one, root in zip(shown, roots, strict=True)
        )
        found[changes_path(language)] = changes_page(
            site, comparison, language, (sides[0], sides[1]), _vocabulary(plan, new, language),
            linked=not alone, alone=alone,
        )  # fmt: skip
    return found


def _figures(shown: Shown, language: str) -> dict[str, Figure]:
    from anew.site.figures import gather_figures

    woven, folder = shown.state.woven["figures"], shown.folder / "figures"
    pictures = {a: (folder / f"{a}.{language}.svg").read_text("utf-8") for a in woven}
    data = {address: (folder / f"{address}.csv").read_text("utf-8") for address in woven}
    return gather_figures(woven, language, pictures=pictures, data=data)


def _vocabulary(plan: Plan, new: Shown, language: str) -> Vocabulary:
    from anew.site.changes import Vocabulary
    from anew.statements import load_statements

    project = plan.project
    says = load_statements(project) if project.published.is_file() else {}
    return Vocabulary(
        load_units(project.units_file),
        glossary_of(plan, language),
        {id: one.says[language] for id, one in says.items()},
        _sentences(project, new.state.woven, language),
    )


def _sentences(project: Project, woven: Mapping[str, Any], language: str) -> dict[str, Sentence]:
    """Return the sentences of the report that print the facts, as the newer side has them."""
    from anew.embedded.source import read_source
    from anew.prose import read_blocks
    from anew.sentences import sentences

    document = f"report/{language}/{ARTICLE}"
    if not (project.root / document).is_file():
        return {}
    blocks = read_blocks(read_source(project.root, document), language)
    printed = {id: fact[language] for id, fact in woven["facts"].items()}
    holds = {id: claim["holds"] for id, claim in woven["claims"].items()}
    return sentences(blocks, language, printed, holds)


def write_page(project: Project, old: str, new: str, folder: Path) -> Path:
    """Write a page on what changed between two editions or sites, with all that it shows.

    Figures of an edition that are not up to date are drawn first. Returns the page; raises
    AnewError for a folder that holds something else, and what a build of the notebooks raises.
    """
    from anew.fonts import font_folder
    from anew.site.assets import theme_files, web_fonts

    if folder.exists() and any(folder.iterdir()) and not (folder / changes_pages()[-1]).is_file():
        raise AnewError(
            f"{folder} holds files that are no page on what changed.",
            "Choose an empty or a new folder.",
        )
    shown = (_drawn(project, old), _drawn(project, new))
    plan = make_plan(project, Request(edition=shown[1].state.name))
    texts = pages(plan, shown, (f"{_ALONE[0]}/", f"{_ALONE[1]}/"), alone=True)
    theme = sorted((project.report / "theme").glob("*"))
    files = theme_files({path.name: path.read_bytes() for path in theme if path.is_file()})
    files |= web_fonts(texts.values(), font_folder(project))
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
    from anew.build import gather
    from anew.state import is_site

    if is_site(target):
        return Shown(site_state(Path(target)), Path(target))
    gather(project, Request(edition=target))
    return _staged(make_plan(project, Request(edition=target)))
