"""The identity of one edition's pages: titles, figures, notebooks, other editions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from anew.build.plan import Plan
from anew.notebook.findings import Woven, WovenFigure, read_woven, read_woven_figure
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.settings import read_settings

if TYPE_CHECKING:
    from anew.site.figures import Figure
    from anew.site.notebooks import Notebook
    from anew.site.page import Site
    from anew.site.report import Dressing
    from anew.text.glossary import Glossary

#: The report itself; other documents of a language stand beside it.
ARTICLE = "index.qmd"


def articles(project: Project) -> list[str]:
    """Return the documents that are typeset, in the order of `project: render:` in _quarto.yml.

    Raises AnewError for one that is not there.
    """
    every = [f"report/{language}/{ARTICLE}" for language in LANGUAGES]
    listed = read_settings(project.root).project.render or every
    found = [name for name in listed if name.startswith("report/") and name.endswith(".qmd")]
    for name in found:
        if not (project.root / name).is_file():
            raise AnewError(
                "_quarto.yml: project: render: names {name}, which is not there.",
                "Write the file, or take it off the list.",
                code="no-file",
                name=name,
            )
    return found


def site_of(plan: Plan, stage: Path) -> Site:
    """Return what all pages of the edition share, from `anew:` and `website:` in _quarto.yml.

    Raises what `read_settings` raises.
    """
    from anew.site.page import EditionLink, Site

    settings = read_settings(plan.project.root)
    own, website = settings.anew, settings.website
    lacks = missing_pages(plan)
    links = [
        EditionLink(name, root, newest=newest, lacks=frozenset(lacks[name]))
        for name, root, newest in plan.published_with
    ] or [EditionLink(plan.edition.name, "", newest=plan.newest)]
    # the study's statements have a page where there is a study
    studied = ("reproduction",) if plan.project.published.is_file() else ()
    earlier = plan.published_before
    compared = ("changes",) if earlier else ()
    printed = ("pdf",) if "pdf" in plan.formats else ()
    return Site(
        navigation=("report", *studied, *compared, "data", "notebooks", *printed),
        formats=plan.formats,
        title=settings.title,
        description=settings.description,
        edition=plan.edition.name,
        date=str(plan.edition.date),
        authors=own.authors,
        keywords=own.keywords,
        licences=own.licences,
        editions=links,
        site_url=_own_address(website.site_url, plan.root),
        repository=own.repository or website.repo_url,
        footer=own.footer,
        links=own.links,
        picture=own.picture,
        under=own.under,
        focus=plan.focus,
    )


def _own_address(address: str | None, root: str) -> str | None:
    """Return where this edition is on the site; None where the site's address is not known."""
    return f"{address.rstrip('/')}/{root}" if address else None


def missing_pages(plan: Plan) -> dict[str, list[str]]:
    """Return the pages of this edition that each edition on the same site has not, by its name."""
    from anew.editions.editions import load_editions
    from anew.site.links import localised

    def every(path: str) -> list[str]:
        return [localised(path, language) for language in LANGUAGES]

    if not plan.published_with:
        return {}
    editions = load_editions(plan.project)
    found = {}
    for name, _, _ in plan.published_with:
        strange = [address for address in plan.runs if address not in editions[name].figures]
        found[name] = [path for a in strange for path in every(f"notebooks/{a}.html")]
    # the page on what changed looks back, and nothing is before the oldest
    found[plan.published_with[-1][0]] += every("changes/index.html")
    return found


def woven_of(stage: Path) -> Woven:
    """Return what the notebooks of the stage found."""
    return read_woven(stage / "report" / "_built" / "weave.json")


def figures_of(stage: Path, language: str) -> dict[str, Figure]:
    """Return the figures of the stage in one language, by address."""
    return _figures(stage, language, woven_of(stage).figures)


def _figures(stage: Path, language: str, figures: Mapping[str, WovenFigure]) -> dict[str, Figure]:
    from anew.site.figures import gather_figures, read_pictures

    folder = stage / "figures"
    pictures = read_pictures(folder, figures, language)
    data = {address: (folder / f"{address}.csv").read_text("utf-8") for address in figures}
    return gather_figures(figures, language, pictures=pictures, data=data)


def dressing(plan: Plan, stage: Path, language: str, changed: Collection[str] = ()) -> Dressing:
    """Return what a page of the report shows beside its text; `changed` are figures that did."""
    from anew.site.links import relative
    from anew.site.page import place
    from anew.site.report import Dressing

    page = place("report", language)
    return Dressing(
        figures=figures_of(stage, language),
        claims=woven_of(stage).claims,
        names=glossary_of(plan, language),
        source=lambda path: relative(page, f"source/{path}"),
        changed=changed,
        site=site_of(plan, stage),
    )


def evidence_file(project: Project, language: str) -> Path:
    """Return where a language has its phrases for what decides a claim."""
    return project.report / language / "_evidence.yml"


def glossary_of(plan: Plan, language: str) -> Glossary:
    """Return the words for what data and evidence name, in one language.

    Raises AnewError for phrases (`report/<language>/_evidence.yml`) that cannot be read.
    """
    from anew.site.tables import column_words
    from anew.text.glossary import Glossary, read_phrases

    phrases = read_phrases(evidence_file(plan.project, language))
    return Glossary(column_words(plan.catalog, language), phrases)


def notebook_of(plan: Plan, stage: Path, address: str) -> Notebook:
    """Return an executed notebook with its figure in every language."""
    import nbformat

    from anew.site.notebooks import Notebook

    run = plan.runs[address]
    figures, pictures = {}, {}
    if run.draws:
        woven = {address: read_woven_figure(stage / "figures" / f"{address}.json")}
        for language in LANGUAGES:
            figures[language] = _figures(stage, language, woven)[address]
            picture = stage / "figures" / f"{address}.{language}.svg"
            pictures[language] = picture.read_text("utf-8")
    return Notebook(
        address,
        plan.project.relative(run.notebook),
        nbformat.read(run.folder / "notebook.ipynb", as_version=4),  # type: ignore[no-untyped-call]
        figures,
        pictures,
    )
