"""The steps that typeset: the report in each language and format, and the notebooks as pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anew.assembly import assemble
from anew.errors import AnewError, unknown
from anew.finish import finish_steps
from anew.graph import Step
from anew.identity import ARTICLE, articles, site_of
from anew.language import LANGUAGES
from anew.plan import Plan, Request
from anew.stage import pages_folder, staged_files, woven_file
from anew.steps import code_files, engine_files, in_child, result_files

TYPESETTERS = ("auto", "embedded", "quarto")


def checked_engine(request: Request) -> str:
    """Return the typesetter of a request. Raises AnewError for one that does not exist."""
    if request.typesetter not in TYPESETTERS:
        raise unknown("typesetter", request.typesetter, TYPESETTERS)
    if request.typesetter == "quarto":
        raise AnewError(
            "This version cannot build the site with Quarto.",
            "Leave out --engine, or use --engine embedded.",
        )
    return "embedded"


def document_steps(
    plan: Plan, request: Request, stage: Path, kinds: Sequence[str] | None = None
) -> list[Step]:
    """Return the steps that make the pages of a whole build: documents and notebooks.

    With `kinds` only documents of these formats are made, whatever else the site offers.
    A part of a build has figures, facts and data, and one page that shows them.
    """
    found = []
    checked_engine(request)
    if plan.whole:
        for document in articles(plan.project):
            language = Path(document).parts[1]
            for kind in plan.formats if kinds is None else kinds:
                found.append(_article_step(plan, stage, document, language, kind))
        found += [_notebook_page_step(plan, stage, address) for address in plan.runs]
    return found


def closing_steps(
    plan: Plan, request: Request, stage: Path, documents: Sequence[Step]
) -> list[Step]:
    """Return the steps from finished documents to a site with its manifest."""
    finish = finish_steps(plan, stage, documents, neighbours(plan))
    return [*finish, _site_step(plan, request, stage, documents, finish)]


def _article_step(plan: Plan, stage: Path, document: str, language: str, kind: str) -> Step:
    target = pages_folder(stage) / Path(document).with_suffix(f".{kind}")
    modules = ["anew.embedded", *(["anew.site.report", "anew.identity"] if kind == "html" else [])]
    data = ["embedded", *(["site/templates"] if kind == "html" else [])]

    def run() -> Sequence[Path]:
        typeset(plan, stage, document, kind, target)
        return []

    return Step(
        f"{kind} {plan.key} {document}",
        f"typeset {language} {kind.upper()}",
        run,
        sorted({*staged_files(plan, stage, language), *engine_files(*modules, data=data)}),
        [target],
        {"versions": typesetters(), "editions": neighbours(plan)},
    )


def typesetters() -> dict[str, str]:
    """Return the versions of what typesets, which are inputs too."""
    from importlib import metadata

    return {name: metadata.version(name) for name in ("pypandoc-binary", "typst", "jinja2")}


def neighbours(plan: Plan) -> list[Any]:
    """Return what a page says of its edition, of its formats and of the other editions."""
    edition = [plan.edition.name, str(plan.edition.date), plan.newest]
    return [*edition, list(plan.formats), list(plan.published_with)]


def typeset(plan: Plan, stage: Path, document: str, kind: str, target: Path) -> None:
    """Typeset one document of the stage with the embedded typesetter, whole or not at all."""
    from anew import embedded
    from anew.fonts import font_folder

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    if kind == "html":
        from anew.identity import dressing
        from anew.site.report import report_page

        language = Path(document).parts[1]
        html = embedded.render_html(stage, document)
        page = report_page(site_of(plan, stage), html, language, dressing(plan, stage, language))
        part.write_text(page, "utf-8", newline="\n")
    elif kind == "pdf":
        embedded.render_pdf(stage, document, part, font_folder(plan.project))
    else:
        embedded.render_docx(stage, document, part)
    part.replace(target)


def typeset_plainly(stage: Path, out: Path) -> None:
    """Typeset every document of a finished stage into `out`, one after the other; for `bench`."""
    from anew import embedded
    from anew.fonts import font_folder
    from anew.project import find_project

    for language in LANGUAGES:
        document = f"report/{language}/{ARTICLE}"
        page = embedded.render_html(stage, document)
        (out / f"{language}.html").write_text(page.body, "utf-8")
        embedded.render_pdf(stage, document, out / f"{language}.pdf", font_folder(find_project()))


def _notebook_page_step(plan: Plan, stage: Path, address: str) -> Step:
    run_ = plan.runs[address]
    targets = [pages_folder(stage) / path for path in notebook_pages(address)]
    pictures = [p for p in staged_files(plan, stage) if p.name.startswith(f"{address}.")]

    def run() -> Sequence[Path]:
        in_child(_make_notebook_pages, plan, stage, address)
        return []

    identity = [woven_file(stage), stage / "_quarto.yml"]
    return Step(
        f"page {plan.key} {address}",
        f"{address}: notebook page",
        run,
        sorted(
            {
                *result_files(run_), *pictures, *identity,
                *engine_files("anew.site.notebooks", data=["site/templates"]),
            }
        ),
        targets,
        {"editions": neighbours(plan)},
    )  # fmt: skip


def notebook_pages(address: str) -> list[str]:
    """Return the paths of a notebook's pages, one a language."""
    from anew.site.links import localised

    return [localised(f"notebooks/{address}.html", language) for language in LANGUAGES]


def _make_notebook_pages(plan: Plan, stage: Path, address: str) -> None:
    from anew.identity import notebook_of
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
    plan: Plan, request: Request, stage: Path, documents: Sequence[Step], finish: Sequence[Step]
) -> Step:
    """Put everything that is published together under `stage/site`, with its manifest."""
    made = [path for step in documents for path in step.outputs]
    sources = code_files(plan)
    entries = [entry for t in plan.catalog.tables.values() for entry in t.vintages.values()]
    raw = [plan.project.root / entry.file for entry in entries]

    def run() -> Sequence[Path]:
        in_child(assemble, plan, stage, [str(path) for path in made], "embedded")
        return code_files(plan)  # after a first build more is known than before it

    results = [path for run in plan.runs.values() for path in result_files(run)]
    return Step(
        f"site {plan.key}",
        "put the site together",
        run,
        sorted(
            {
                *made, *(path for step in finish for path in step.outputs),
                *staged_files(plan, stage), *results, *sources,
                *(path for path in raw if path.is_file()),
                *engine_files("anew.assembly", data=["site/templates"]),
            }
        ),
        [stage / "site" / "manifest.json"],
        {"editions": neighbours(plan)},
    )  # fmt: skip
