"""The first steps of a build: check tables, make fonts, run notebooks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from anew.build.graph import Found, Step
from anew.build.plan import Plan
from anew.figures.fonts import font_place, make_fonts
from anew.figures.words import LAYOUTS, picture_kinds, picture_name
from anew.notebook.child import in_child
from anew.notebook.runner import NotebookRun, recorded_inputs, run_notebook
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import refuse
from anew.project.writing import write_text
from anew.tables.catalog import path_of
from anew.tables.loading import load_catalog


def picture_files() -> list[str]:
    """Return what the pictures of one figure are called, in a result folder and in `figures/`."""
    return [
        f"{picture_name(language, layout)}.{kind}"
        for language in LANGUAGES
        for layout in LAYOUTS
        for kind in picture_kinds(layout)
    ]


def tables_step(plan: Plan) -> Step:
    """Check every vintage in the catalogue, used or not."""
    project, catalog = plan.project, plan.catalog
    stamp = project.work / "tables.json"
    every = [(name, v) for name, table in catalog.tables.items() for v in table.vintages]
    files = sorted(path_of(project, catalog, *pair) for pair in every)
    return Step(
        "tables",
        Phrase("check the tables"),
        lambda: in_child(_check_tables, project, stamp),
        [project.catalog_file, project.raw, *(f for f in files if project.raw not in f.parents)],
        [stamp],
    )


def _check_tables(project: Project, stamp: Path) -> None:
    from anew.tables.validation import check_tables  # keeps the catalogue off an up-to-date build

    catalog = load_catalog(project)
    refuse(check_tables(project, catalog), Phrase("The tables are not what the catalogue says"))
    checked = {name: sorted(map(str, table.vintages)) for name, table in catalog.tables.items()}
    write_text(stamp, json.dumps(checked, sort_keys=True) + "\n")


def fonts_steps(plan: Plan) -> list[Step]:
    """Return the step that makes the fonts, if the environment does not bring them."""
    folder = font_place(plan.project)
    if plan.project.work not in folder.parents:
        return []
    remake = partial(in_child, _remake_fonts, folder)
    return [Step("fonts", Phrase("make the fonts"), remake, [], [], folders=[folder])]


def _remake_fonts(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # what is there was damaged
    make_fonts(folder)


def result_files(run: NotebookRun) -> list[Path]:
    """Return what every notebook's result folder holds, figure or no figure."""
    return [run.folder / name for name in ("result.json", "notebook.ipynb", "inputs.json")]


def notebook_step(plan: Plan, address: str) -> Step:
    """Run one notebook, once for all languages."""
    run = plan.runs[address]
    raw = [path_of(plan.project, plan.catalog, *pair) for pair in _vintages(plan, address)]

    def work() -> Found:
        return run_notebook(run)

    return Step(
        f"notebook {run.folder.name}",
        Phrase(
            "{address}: run {notebook}"
            if plan.newest
            else "{address}: run {notebook} on {edition}",
            address=address,
            notebook=run.notebook.name,
            edition=plan.edition.name,
        ),
        work,
        sorted({run.notebook, *raw, font_place(plan.project)}),
        [*result_files(run), *drawn(run)],
        plan.settings[address],
        folders=[run.folder],
    )


def _vintages(plan: Plan, address: str) -> list[tuple[str, str]]:
    found = []
    for table, vintages in plan.edition.figures[address].tables.items():
        names = vintages.values() if isinstance(vintages, Mapping) else [vintages]
        found += [(table, str(name)) for name in names]
    return found


def drawn(run: NotebookRun) -> list[Path]:
    """Return the pictures and the data that a notebook with a figure leaves."""
    if not run.draws:
        return []
    return [run.folder / f"figure.{name}" for name in picture_files()] + [run.folder / "data.csv"]


def code_files(plan: Plan) -> list[Path]:
    """Return the project's own files that the notebooks are made from: cells, modules, labels.

    What a notebook reads is known only after it ran.
    """
    found = {run.notebook for run in plan.runs.values()}
    for run in plan.runs.values():
        found.update(recorded_inputs(plan.project, run.folder))
    return sorted(path for path in found if plan.project.raw not in path.parents)
