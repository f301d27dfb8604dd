"""The stage: the folder from which typesetters read text, figures and computed values.

It looks like the project itself (`_quarto.yml`, `report/`, `figures/`, `_variables.yml`), so that
the same sources work in both places, and an edition can be typeset without touching the author's
files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from anew.build.departure import departs, refuse_unprintable
from anew.build.graph import Step
from anew.build.identity import evidence_file, glossary_of
from anew.build.plan import Plan
from anew.build.steps import drawn
from anew.build.weave import sources_table, tell_evidence, weave, write_built
from anew.figures.ready import rasterised
from anew.notebook.findings import read_findings
from anew.project.language import LANGUAGES, say
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.provided import PLACE, for_typesetters, own, provided
from anew.project.writing import copy_if_changed, dump, write_text
from anew.tables.catalog import Table
from anew.text.elsewhere import elsewhere, figure_orders

SHARED = "shared"

#: What lies under `report/` and is no text: what is built, and records about the text.
_APART = {"_built", "_translated.yml", "manifests"}


def stage_folder(plan: Plan) -> Path:
    """Return the stage of a build."""
    return plan.project.work / "stage" / plan.key


def pages_folder(stage: Path) -> Path:
    """Return where finished pages lie, at the paths that they will have on the site."""
    return stage / "pages"


def woven_file(stage: Path) -> Path:
    """Return the file that holds what the notebooks found."""
    return stage / "report" / "_built" / "weave.json"


def figure_file(stage: Path, address: str) -> Path:
    """Return the file that holds what a text says of one figure: what `woven_file` says of it."""
    return stage / "figures" / f"{address}.json"


def text_files(project: Project) -> list[Path]:
    """Return what the typesetters read: the configuration and everything under `report/`."""
    found = [project.root / "_quarto.yml"]
    for path in sorted(project.report.rglob("*")):
        inside = path.relative_to(project.report).parts
        hidden = any(part.startswith(".") or part in _APART for part in inside)
        if path.is_file() and not hidden and path.suffix not in {".part", ".pyc"}:
            found.append(path)
    return found


def language_of(project: Project, path: Path) -> str:
    """Return the language whose text a file is part of, or that it is shared."""
    inside = path.relative_to(project.root).parts
    spoken = inside[1] if inside[0] == "report" and len(inside) > 2 else SHARED
    return spoken if spoken in LANGUAGES else SHARED


def text_steps(plan: Plan, stage: Path) -> list[Step]:
    """Return the steps that copy the text to the stage, one a language, one for what is shared.

    They are apart so that an edit of one language does not set the other again. A part of a build
    has no text.
    """
    if not plan.whole:
        return []
    project = plan.project
    texts: dict[str, dict[Path, Path]] = {name: {} for name in (SHARED, *LANGUAGES)}
    for path in text_files(project):
        texts[language_of(project, path)][stage / path.relative_to(project.root)] = path
    texts[SHARED] |= {stage / place: path for place, path in for_typesetters(project).items()}
    return [_text_step(plan, stage, name, copies) for name, copies in texts.items() if copies]


def _text_step(plan: Plan, stage: Path, name: str, copies: Mapping[Path, Path]) -> Step:
    """Return the step that copies files to the stage; `copies` has their sources by target.

    For Word an author's SVG has a PNG beside it, unless the author gave one.
    """
    word = "docx" in plan.formats
    drawn = {target.with_suffix(".png"): target for target in copies if target.suffix == ".svg"}
    drawn = {png: svg for png, svg in drawn.items() if word and png not in copies}
    made = [*copies, *drawn]

    def run() -> None:
        for target, source in copies.items():
            copy_if_changed(source, target)
        for png, svg in drawn.items():
            png.write_bytes(rasterised(svg.read_text("utf-8"), plan.project))
        _remove_strangers(stage, name, set(made))

    read = sorted(set(copies.values()))
    label = Phrase("take in the text ({name})", name=name)
    return Step(f"text {plan.key} {name}", label, run, read, made, {"word": word})


def _remove_strangers(stage: Path, name: str, kept: set[Path]) -> None:
    """Remove from the stage the files of this part of the text that the project no longer has."""
    staged = Project(stage)
    for path in text_files(staged):
        if language_of(staged, path) == name and path not in kept:
            path.unlink()
    for path in (stage / PLACE).rglob("*") if name == SHARED else ():
        if path.is_file() and path not in kept:
            path.unlink()


def pictures(plan: Plan, stage: Path) -> dict[Path, Path]:
    """Return where each notebook's pictures and data come from and where they go in the stage."""
    found: dict[Path, Path] = {}
    for address, run in plan.runs.items():
        for path in drawn(run):
            name = path.name.replace("figure.", f"{address}.").replace("data.", f"{address}.")
            found[path] = stage / "figures" / name
    return found


def weave_step(plan: Plan, stage: Path) -> Step:
    """Gather the results into the stage: figures, facts, claims, tables."""
    copies = pictures(plan, stage)
    departing = departs(plan)
    orders = figure_orders(plan.project.root, LANGUAGES[0])
    others = {language: elsewhere(plan.project.root, language) for language in LANGUAGES}
    text = text_files(plan.project) if departing else []
    results = [run.folder / "result.json" for run in plan.runs.values()]

    def run() -> None:
        names = {a: plan.project.relative(r.notebook) for a, r in plan.runs.items()}
        found = [read_findings(path) for path in results]
        woven = weave(plan.edition, found, names, orders, others)
        glossaries = {language: glossary_of(plan, language) for language in LANGUAGES}
        woven = tell_evidence(woven, glossaries)
        if plan.focus:
            said = {la: say(la, "focus-title", title=woven.title[la], focus=plan.focus)
                    for la in LANGUAGES}  # fmt: skip
            woven = woven.model_copy(update={"title": said})
        if departing:
            refuse_unprintable(plan, {*woven.facts, *woven.absent}, woven.claims)
        if plan.whole:
            listed = sources_table(plan.edition, plan.catalog, woven.figures)
            woven = woven.model_copy(update={"tables": {**woven.tables, listed.id: listed}})
        (stage / "figures").mkdir(parents=True, exist_ok=True)
        for source, target in copies.items():
            copy_if_changed(source, target)
        told = {figure_file(stage, address): one for address, one in woven.figures.items()}
        for path, one in told.items():
            write_text(path, dump(one.model_dump(mode="json")))
        for path in (stage / "figures").iterdir():
            if path not in {*copies.values(), *told}:
                path.unlink()
        write_built(stage, woven)

    words = [plan.project.catalog_file, *(evidence_file(plan.project, la) for la in LANGUAGES)]
    edition = [plan.edition.name, plan.edition.title, str(plan.edition.date)]
    tables = {name: _shown(table) for name, table in plan.catalog.tables.items()}
    return Step(
        f"weave {plan.key}",
        Phrase("gather facts, claims and figures"),
        run,
        sorted({*copies, *results, *text, *words}),
        [stage / "_variables.yml"],
        {
            "edition": edition,
            "tables": tables if plan.whole else {},
            "given": plan.given,
            "focus": plan.focus,
            "order": orders,
            "elsewhere": {
                la: {id: [one.label, one.href] for id, one in found.items()}
                for la, found in others.items()
            },
        },
        folders=[stage / "figures", woven_file(stage).parent],
    )


def _shown(table: Table) -> list[object]:
    return [table.title, table.agency, table.code, table.licence, sorted(table.vintages)]


def gathered_files(plan: Plan, stage: Path) -> list[Path]:
    """Return the staged files that the pages around a text read: all but the text itself."""
    built = [stage / "_quarto.yml", stage / "_variables.yml", woven_file(stage)]
    told = [figure_file(stage, address) for address, run in plan.runs.items() if run.draws]
    return [*built, *told, *pictures(plan, stage).values()]


def style_files(project: Project) -> list[Path]:
    """Return the site's own style, script and icon, which pages name and no document reads."""
    return list(provided(project, "theme").values())


def staged_files(plan: Plan, stage: Path, language: str | None = None) -> list[Path]:
    """Return the staged files that a document reads: text, figures, what was computed.

    With a language, the text and the pictures of other languages are left out.
    """
    found = [stage / "_variables.yml", woven_file(stage)]
    style = {*own(plan.project, "theme").values()}
    if plan.whole:
        for path in text_files(plan.project):
            if path in style:
                continue
            if language is None or language_of(plan.project, path) in (language, SHARED):
                found.append(stage / path.relative_to(plan.project.root))
        found += [stage / place for place in for_typesetters(plan.project)]
    for path in pictures(plan, stage).values():
        parts = path.name.split(".")
        spoken = parts[1] if len(parts) > 2 else SHARED
        if language is None or spoken in (language, SHARED):
            found.append(path)
    return found
