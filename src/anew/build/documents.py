"""The steps that typeset: the report in each language and format, and the notebooks as pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from anew.build.assembly import assemble
from anew.build.changes import before, changed_figures, changes_steps, figure_files
from anew.build.finish import finish_steps, reads_file
from anew.build.graph import Step
from anew.build.identity import articles, missing_pages, site_of
from anew.build.plan import Plan, Request
from anew.build.quarto_steps import quarto_steps
from anew.build.stage import figure_file, pages_folder, staged_files, style_files, text_files
from anew.build.steps import code_files, result_files
from anew.figures.fonts import font_place
from anew.notebook.child import in_kept_child
from anew.project.language import LANGUAGES
from anew.project.phrases import Phrase
from anew.text.elsewhere import titles
from anew.typeset.quarto import chosen
from anew.typeset.quarto.rendering import LISTING, Rendered


def document_steps(
    plan: Plan, request: Request, stage: Path, kinds: Sequence[str] | None = None
) -> list[Step]:
    """Return the steps that make the pages of a whole build: documents and notebooks.

    With `kinds` only documents of these formats are made, whatever else the site offers.
    A part of a build has figures, facts and data, and one page that shows them.
    """
    quarto = chosen(request.typesetter)
    kinds = plan.formats if kinds is None else kinds
    if not plan.whole:
        return []
    set_by_quarto = quarto_steps(plan, stage, quarto, kinds) if quarto else {}
    found = [step for _, step in set_by_quarto.values()]
    for document in articles(plan.project):
        for kind in kinds:
            from_quarto, _ = set_by_quarto.get((document, kind), (None, None))
            found.append(article_step(plan, stage, document, kind, from_quarto))
    return [*found, *other_page_steps(plan, stage)]


def other_page_steps(plan: Plan, stage: Path) -> list[Step]:
    """Return the steps that make the pages beside the report: notebooks, and what changed."""
    notebooks = [_notebook_page_step(plan, stage, address) for address in plan.runs]
    return [*notebooks, *changes_steps(plan, stage, neighbours(plan))]


def closing_steps(
    plan: Plan,
    stage: Path,
    documents: Sequence[Step],
    typesetter: str,
    listings: Sequence[Path] = (),
) -> list[Step]:
    """Return the steps from finished documents to a site with its manifest.

    `typesetter` is what the manifest says of who set the text; `listings` name what Quarto put
    beside its pages, where no step among `documents` made them.
    """
    pages = pages_folder(stage)
    made = [step for step in documents if any(pages in path.parents for path in step.outputs)]
    finish = finish_steps(plan, stage, made, neighbours(plan))
    outputs = [path for step in documents for path in step.outputs]
    beside = [*listings, *(path for path in outputs if path.name == LISTING)]
    read = [path for step in [*documents, *finish] for path in step.folders]
    read += [path for step in finish for path in step.outputs if path == reads_file(stage)]
    return [*finish, _site_step(plan, stage, made, read, typesetter, beside)]


def article_step(
    plan: Plan,
    stage: Path,
    document: str,
    kind: str,
    from_quarto: Rendered | None = None,
    pages: Path | None = None,
) -> Step:
    """Return the step that makes a document as the site shows it, from Quarto's output if given.

    It lands among the stage's pages, or in the folder `pages`, apart from any site.
    """
    language = Path(document).parts[1]
    target = (pages or pages_folder(stage)) / Path(document).with_suffix(f".{kind}")
    apart = f" {pages.relative_to(stage).as_posix()}" if pages else ""
    read = [from_quarto.file] if from_quarto else []
    if not from_quarto or kind == "html":
        read += staged_files(plan, stage, language)
    if not from_quarto:
        read.append(font_place(plan.project))
    older, _ = (before(plan) if kind == "html" else None) or (None, "")
    if older:
        read += figure_files(older)

    label = "finish {language} {format}" if from_quarto else "typeset {language} {format}"
    return Step(
        f"{kind} {plan.key} {document}{apart}",
        Phrase(label, language=language, format=kind.upper()),
        lambda: typeset(plan, stage, document, kind, target, from_quarto, older),
        sorted(set(read)),
        [target],
        {
            "editions": neighbours(plan),
            "typesetter": "Quarto" if from_quarto else "embedded",
            "names": _names(plan, language) if kind == "html" else "",
        },
    )


def _names(plan: Plan, language: str) -> str:
    """Return a hash of what the catalogue calls the columns and codes that a page shows."""
    from anew.site.tables import column_words

    words = json.dumps(column_words(plan.catalog, language), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def neighbours(plan: Plan) -> list[object]:
    """Return what a page says of its edition, of its formats and of the other editions."""
    edition = [plan.edition.name, str(plan.edition.date), plan.newest]
    return [*edition, list(plan.formats), list(plan.published_with), missing_pages(plan)]


def typeset(
    plan: Plan,
    stage: Path,
    document: str,
    kind: str,
    target: Path,
    from_quarto: Rendered | None,
    older: Plan | None = None,
) -> None:
    """Make one document of the stage with the embedded typesetter or from what Quarto made.

    A page marks what changed since the edition `older`.
    The target is written whole or not at all.
    """
    from anew.figures.fonts import font_folder
    from anew.typeset import embedded

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    if kind == "html":
        page = _page(plan, stage, document, from_quarto, older)
        part.write_text(page, "utf-8", newline="\n")
    elif from_quarto and kind == "docx":
        from anew.typeset.embedded.docx import repack
        from anew.typeset.quarto.rendering import seconds_of

        date = seconds_of(str(plan.edition.date))
        part.write_bytes(repack(from_quarto.file.read_bytes(), date))
    elif from_quarto:
        part.write_bytes(from_quarto.file.read_bytes())
    elif kind == "pdf":
        embedded.render_pdf(stage, document, part, font_folder(plan.project))
    else:
        embedded.render_docx(stage, document, part)
    part.replace(target)


def _page(
    plan: Plan, stage: Path, document: str, from_quarto: Rendered | None, older: Plan | None
) -> str:
    """Return a document's page in the site's shell."""
    from anew.build.identity import dressing
    from anew.site.quarto import read_page
    from anew.site.report import report_page
    from anew.typeset import embedded

    language = Path(document).parts[1]
    path = Path(document).with_suffix(".html").as_posix()
    site = site_of(plan, stage)
    names = titles(stage, language)
    pages = [(title, Path(n).with_suffix(".html").as_posix()) for n, title in names.items()]
    changed = changed_figures(older, plan) if older else ()
    dressed = dressing(plan, stage, language, changed)
    if not from_quarto:
        html = embedded.render_html(stage, document)
        return report_page(site, html, language, dressed, path=path, pages=pages)
    page = read_page(from_quarto.file.read_text("utf-8"), document)
    return report_page(site, page, language, dressed, path=path, needs=page.needs, pages=pages)


def _notebook_page_step(plan: Plan, stage: Path, address: str) -> Step:
    run_ = plan.runs[address]
    targets = [pages_folder(stage) / path for path in notebook_pages(address)]
    pictures = [p for p in staged_files(plan, stage) if p.name.startswith(f"{address}.")]

    identity = [stage / "_quarto.yml", *([figure_file(stage, address)] if run_.draws else [])]
    return Step(
        f"page {plan.key} {address}",
        Phrase("{address}: notebook page", address=address),
        lambda: in_kept_child(_make_notebook_pages, plan, stage, address),
        sorted({*result_files(run_), *pictures, *identity}),
        targets,
        {"editions": neighbours(plan)},
    )  # fmt: skip


def notebook_pages(address: str) -> list[str]:
    """Return the paths of a notebook's pages, one a language."""
    from anew.site.links import localised

    return [localised(f"notebooks/{address}.html", language) for language in LANGUAGES]


def _make_notebook_pages(plan: Plan, stage: Path, address: str) -> None:
    from anew.build.identity import notebook_of
    from anew.site.links import relative
    from anew.site.notebooks import notebook_page, notebook_path

    site, notebook = site_of(plan, stage), notebook_of(plan, stage, address)
    for language in LANGUAGES:
        target = pages_folder(stage) / notebook_path(address, language)
        target.parent.mkdir(parents=True, exist_ok=True)
        path = notebook_path(address, language)
        link = relative(path, f"source/{notebook.source}")
        page = notebook_page(site, notebook, language, source_link=link)
        part = target.with_name(target.name + ".part")
        part.write_text(page, "utf-8", newline="\n")
        part.replace(target)


def _site_step(
    plan: Plan,
    stage: Path,
    documents: Sequence[Step],
    folders: Sequence[Path],
    typesetter: str,
    beside: Sequence[Path],
) -> Step:
    """Put everything that is published together under `stage/site`, with its manifest."""
    made = [path for step in documents for path in step.outputs]
    project = plan.project
    entries = [entry for t in plan.catalog.tables.values() for entry in t.vintages.values()]
    raw = [project.root / entry.file for entry in entries]
    # what the manifest holds the hashes of
    told = [project.catalog_file, project.editions_file, project.lock_file]
    told += [project.root / "_quarto.yml", project.published, project.units_file]
    if plan.whole:
        told += text_files(project)
    else:  # its one page is made here
        told += [*style_files(project), font_place(project)]

    listings = [str(path) for path in beside]
    results = [path for run in plan.runs.values() for path in result_files(run)]
    return Step(
        f"site {plan.key}",
        Phrase("put the site together"),
        lambda: assemble(plan, stage, [str(p) for p in made], typesetter, listings),
        sorted({*made, *beside, *folders, *staged_files(plan, stage), *results, *raw, *told}),
        [],
        {"editions": neighbours(plan), "typesetter": typesetter},
        late=lambda: code_files(plan),
        folders=[stage / "site"],
    )
