"""The page on what changed since the previous edition: its inputs and its step.

On a site with several editions the pictures of the older edition lie there already, so the page
only links them; `anew.build.changes_alone` makes a folder with the page and the pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anew.build.graph import Step
from anew.build.identity import evidence_file, glossary_of, site_of, woven_of
from anew.build.plan import Plan, Request, plan_beside
from anew.build.stage import (
    pages_folder,
    pictures,
    stage_folder,
    staged_files,
    text_files,
    woven_file,
)
from anew.build.steps import code_files
from anew.diff.comparison import changed
from anew.diff.state import State, site_records, site_state, state_from
from anew.notebook.child import in_kept_child
from anew.notebook.findings import Woven
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.tables.catalog import path_of
from anew.text.facts import load_units

if TYPE_CHECKING:
    from anew.site.changes import Vocabulary
    from anew.site.figures import Figure
    from anew.text.sentences import Sentence


@dataclass(frozen=True)
class Shown:
    """A state, what it was read from, and the folder of its pictures."""

    state: State
    woven: Woven
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

    return [
        Step(
            f"changes {plan.key}",
            Phrase("compare with edition {edition}", edition=older.edition.name),
            lambda: in_kept_child(_make, plan, stage, older, root),
            sorted({*staged_files(plan, stage), *staged_files(older, other), *raw, *_words(plan)}),
            targets,
            {
                "editions": said,
                "parameters": {
                    address: figure.parameters for address, figure in older.edition.figures.items()
                },
            },
            late=lambda: code_files(plan),
        )
    ]


def _words(plan: Plan) -> list[Path]:
    """Return what the page takes its words from, beside the text and what the notebooks found."""
    project = plan.project
    own = [project.catalog_file, project.editions_file, project.published, project.units_file]
    texts = text_files(project) if plan.whole else []
    return [*own, *texts, *(evidence_file(project, language) for language in LANGUAGES)]


def before(plan: Plan) -> tuple[Plan, str] | None:
    """Return the plan of the edition before on the same site and the way to its root, or None."""
    if plan.published_before is None:
        return None
    name, root = plan.published_before
    request = Request(formats=plan.formats, all_editions=True)
    return plan_beside(plan.project, request, name), root


def changed_figures(older: Plan, newer: Plan) -> set[str]:
    """Return the figures that changed from one edition to the next."""
    return changed(staged(older).state, staged(newer).state)


def figure_files(plan: Plan) -> list[Path]:
    """Return the staged files with what the figures of an edition show."""
    stage = stage_folder(plan)
    data = (path for path in pictures(plan, stage).values() if path.suffix == ".csv")
    return [woven_file(stage), *data]


def changes_pages() -> list[str]:
    """Return the paths of the page, one a language."""
    from anew.site.changes import changes_path

    return [changes_path(language) for language in LANGUAGES]


def _make(plan: Plan, stage: Path, older: Plan, root: str) -> None:
    shown = (staged(older), staged(plan))
    for path, text in pages(plan, shown, (root, "")).items():
        target = pages_folder(stage) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        part.write_text(text, "utf-8", newline="\n")
        part.replace(target)


def staged(plan: Plan) -> Shown:
    """Return what an edition states, as it lies in its stage."""
    stage = stage_folder(plan)
    woven = woven_of(stage)
    data = {
        address: (stage / "figures" / f"{address}.csv").read_text("utf-8").splitlines()
        for address in woven.figures
    }
    return Shown(state_from(woven, data), woven, stage)


def built(folder: Path) -> Shown:
    """Return what a built site states. Raises AnewError when a record of it is damaged."""
    return Shown(site_state(folder), site_records(folder), folder)


def pages(
    plan: Plan, shown: tuple[Shown, Shown], roots: tuple[str, str], *, alone: bool = False
) -> dict[str, str]:
    """Return the page in each language by path; `plan` is of the newer side.

    `roots` lead from the page's root to those under which each side's `figures/` lie.
    """
    from anew.site.changes import Side, changes_page, changes_path

    old, new = shown
    project = plan.project
    from anew.build.dry_run import compare_states  # keeps intake off an up-to-date build

    comparison = compare_states(project, old.state, new.state)
    site = site_of(plan, new.folder)
    if alone:
        site = replace(site, navigation=(), search=False, editions=())
    found = {}
    for language in LANGUAGES:
        sides = tuple(
            Side(one.state.name, root, _figures(one, language), one.woven.claims)
            for one, root in zip(shown, roots, strict=True)
        )
        found[changes_path(language)] = changes_page(
            site, comparison, language, (sides[0], sides[1]), _vocabulary(plan, new, language),
            linked=not alone, alone=alone,
        )  # fmt: skip
    return found


def _figures(shown: Shown, language: str) -> dict[str, Figure]:
    from anew.site.figures import gather_figures, read_pictures

    woven, folder = shown.woven.figures, shown.folder / "figures"
    pictures = read_pictures(folder, woven, language)
    data = {address: (folder / f"{address}.csv").read_text("utf-8") for address in woven}
    return gather_figures(woven, language, pictures=pictures, data=data)


def _vocabulary(plan: Plan, new: Shown, language: str) -> Vocabulary:
    from anew.site.changes import Vocabulary
    from anew.text.statements import load_statements

    project = plan.project
    says = load_statements(project) if project.published.is_file() else {}
    return Vocabulary(
        load_units(project.units_file),
        glossary_of(plan, language),
        {id: one.says[language] for id, one in says.items()},
        _sentences(project, new.woven, language),
        {id: one.href for id, one in new.woven.elsewhere.get(language, {}).items()},
    )


def _sentences(project: Project, woven: Woven, language: str) -> dict[str, Sentence]:
    """Return the sentences of the report that print the facts, as the newer side has them."""
    from anew.text.blocks import read_blocks
    from anew.text.document import read_text
    from anew.text.elsewhere import documents
    from anew.text.sentences import sentences

    printed = {id: fact.printed[language] for id, fact in woven.facts.items()}
    holds = {id: claim.holds for id, claim in woven.claims.items()}
    found: dict[str, Sentence] = {}
    for document in reversed(documents(project.root, language)):
        if (project.root / document).is_file():
            blocks = read_blocks(read_text(project.root, document), language)
            found |= sentences(blocks, language, printed, holds)
    return found
