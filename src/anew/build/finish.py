"""Finishing a site: the pages around the report, the search index, the theme and its fonts.

Each is a step of its own, so that they are made side by side and only when a page changed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from anew.build.graph import Step
from anew.build.identity import (
    articles,
    evidence_file,
    figures_of,
    glossary_of,
    notebook_of,
    site_of,
    woven_of,
)
from anew.build.plan import Plan
from anew.build.stage import gathered_files, pages_folder, style_files
from anew.build.steps import result_files
from anew.figures.fonts import font_place
from anew.notebook.child import in_kept_child, in_running_child
from anew.notebook.findings import Woven
from anew.notebook.verdicts import Judged, settle
from anew.project.language import LANGUAGES
from anew.project.manifest import CERTIFICATE
from anew.project.phrases import Phrase
from anew.project.writing import dump
from anew.text.facts import load_units

if TYPE_CHECKING:
    from anew.site.assets import Characters
    from anew.site.feed import Issue
    from anew.site.page import Site

Files = dict[str, bytes]


def extras(stage: Path) -> list[Path]:
    """Return the folders whose files are part of the site as they are."""
    return [
        stage / name
        for name in ("front", "workbooks", "search", "theme")
        if (stage / name).is_dir()
    ]


def read_folder(folder: Path) -> Files:
    """Return every file below a folder by its path from there."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold just `files`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in sorted(files.items()):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def finish_steps(plan: Plan, stage: Path, documents: Sequence[Step], said: object) -> list[Step]:
    """Return the steps that finish a whole build; `said` is what pages say of their edition."""
    if not plan.whole:
        return []
    entries = [entry for t in plan.catalog.tables.values() for entry in t.vintages.values()]
    raw = [plan.project.root / entry.file for entry in entries]
    project = plan.project
    read = [*raw, project.catalog_file, project.editions_file, project.published]
    read += [project.units_file, *(evidence_file(project, language) for language in LANGUAGES)]
    results = [path for run in plan.runs.values() for path in result_files(run)]
    front = Step(
        f"front {plan.key}",
        Phrase("make the pages around the report"),
        lambda: in_kept_child(_make_front, plan, stage),
        sorted({*gathered_files(plan, stage), *results, *read}),
        [],
        {"editions": said},
        folders=[stage / "front"],
    )
    books = Step(
        f"workbooks {plan.key}",
        Phrase("make the workbooks"),
        lambda: in_kept_child(_make_workbooks, plan, stage),
        front.inputs,
        [],
        {"editions": said},
        folders=[stage / "workbooks"],
    )
    pages = [path for step in documents for path in step.outputs if path.suffix == ".html"]
    named = [str(path) for path in pages]
    reading = Step(
        f"read {plan.key}",
        Phrase("read the pages"),
        lambda: in_running_child(_read_pages, stage, named),
        sorted({*pages, *front.folders}),
        [reads_file(stage), characters_file(stage)],
    )
    search = Step(
        f"search {plan.key}",
        Phrase("index the site for searching"),
        lambda: in_running_child(_make_search, stage, named),
        sorted({*reading.inputs, reads_file(stage)}),
        [],
        folders=[stage / "search"],
    )
    style = style_files(plan.project)
    fonts = Step(
        f"theme {plan.key}",
        Phrase("prepare theme and fonts"),
        lambda: in_kept_child(_make_theme, plan, stage),
        sorted({characters_file(stage), *style, font_place(project)}),
        [],
        folders=[stage / "theme"],
    )
    return [front, books, reading, search, fonts]


def _make_front(plan: Plan, stage: Path) -> None:
    write_folder(stage / "front", front_pages(plan, stage))


def _make_workbooks(plan: Plan, stage: Path) -> None:
    write_folder(stage / "workbooks", workbooks(plan, stage))


def _html(stage: Path, pages: Sequence[str]) -> Files:
    """Return the finished pages, documents and those around them."""
    folder = pages_folder(stage)
    found = {Path(p).relative_to(folder).as_posix(): Path(p).read_bytes() for p in pages}
    front = read_folder(stage / "front")
    return found | {name: data for name, data in front.items() if name.endswith(".html")}


def reads_file(stage: Path) -> Path:
    """Return the file that holds what was read in the pages."""
    return stage / "reads.json"


def characters_file(stage: Path) -> Path:
    """Return the file that holds the characters on the pages, for which there are fonts."""
    return stage / "characters.json"


def _read_pages(stage: Path, pages: Sequence[str]) -> None:
    from anew.site.reading import read_pages

    html = _html(stage, pages)
    reads = read_pages(html.values(), reads_file(stage))
    bold = {data.decode("utf-8"): one.bold for data, one in zip(html.values(), reads, strict=True)}
    characters_file(stage).write_text(dump(asdict(_characters(html, bold))), "utf-8")


def _make_search(stage: Path, pages: Sequence[str]) -> None:
    from anew.site.reading import kept_reads, page_hash, read_page
    from anew.site.search import index_documents

    reads = kept_reads(reads_file(stage))
    documents = {}
    for name, data in _html(stage, pages).items():
        read = reads.get(page_hash(data)) or read_page(data.decode("utf-8"))
        documents[name] = read.document
    write_folder(stage / "search", index_documents(documents))


def _make_theme(plan: Plan, stage: Path) -> None:
    from anew.site.assets import Characters

    told = json.loads(characters_file(stage).read_text("utf-8"))
    write_folder(stage / "theme", _theme(plan, Characters(**told)))


def settled(plan: Plan, woven: Woven) -> dict[str, Judged]:
    """Return every statement of the study with its verdict; of a part, those that it tests."""
    from anew.text.statements import load_statements

    statements = load_statements(plan.project)
    return settle(statements, woven.statements, plan.catalog.tables, whole=plan.whole)


def front_pages(plan: Plan, stage: Path) -> Files:
    """Return the pages around the report: start, notebooks, data, reproduction, and for servers."""
    from anew.site.assets import theme_files
    from anew.site.certificate import certificate_page, certificate_path
    from anew.site.feed import feed
    from anew.site.figures import figure_page, figure_path
    from anew.site.front import missing_page, robots, site_map, start_page
    from anew.site.links import localised
    from anew.site.notebooks import notebook_list
    from anew.site.package import data_package
    from anew.site.page import place
    from anew.site.reproduction import reproduction_page, reproduction_path
    from anew.site.tables import data_page
    from anew.text.statements import load_statements

    site = site_of(plan, stage)
    statements = settled(plan, woven_of(stage))
    texts: dict[str, str | None] = {}
    figures = {language: list(figures_of(stage, language).values()) for language in LANGUAGES}
    notebooks = [notebook_of(plan, stage, address) for address in plan.runs]
    sizes = {
        (name, vintage): (plan.project.root / entry.file).stat().st_size
        for name, table in plan.catalog.tables.items()
        for vintage, entry in table.vintages.items()
    }
    used = _used(plan)
    numbers = {address: one.told for address, one in woven_of(stage).figures.items()}
    for language in LANGUAGES:
        texts |= {figure_path(f.address, language): figure_page(site, f) for f in figures[language]}
        listed = notebook_list(site, notebooks, language)
        texts[localised("notebooks/index.html", language)] = listed
        texts[localised("data/index.html", language)] = data_page(
            site, plan.catalog, language, sizes=sizes, used=used, numbers=numbers
        )
        if statements:
            texts[reproduction_path(language)] = reproduction_page(
                site, statements, language, units=load_units(plan.project.units_file),
                names=glossary_of(plan, language),
                wanted=load_statements(plan.project).wanted,
                figures=numbers,
                certificate=certificate_path(language),
            )  # fmt: skip
            # until one is made: its place is kept, so that making it changes no other file
            texts[certificate_path(language)] = certificate_page(site, None, language)
    texts["data/datapackage.json"] = data_package(site, plan.catalog, sizes)
    texts["index.html"] = start_page(site, figures)
    if not plan.root:  # servers and readers ask for these at the root of a site
        for language in LANGUAGES:
            texts[place("feed", language)] = feed(site, _issues(plan), language)
        texts["404.html"] = missing_page(site, theme_files(plan.project)["theme/anew.css"].decode())
        texts["robots.txt"] = robots(site)
    apart = (f"{CERTIFICATE}/", "figures/")
    pages = [n for n in texts if n.endswith(".html") and not n.startswith(apart)]
    texts["sitemap.xml"] = site_map(site, [*pages, *_other_pages(plan, site)])
    return {name: text.encode("utf-8") for name, text in texts.items() if text is not None}


def workbooks(plan: Plan, stage: Path) -> Files:
    """Return the data of the report as workbooks, in each language."""
    from anew.site.workbook import as_ods, as_xlsx, workbook_path, workbook_sheets

    site, tables = site_of(plan, stage), list(woven_of(stage).tables.values())
    found = {}
    for language in LANGUAGES:
        sheets = workbook_sheets(
            site, plan.catalog, language, list(figures_of(stage, language).values()), tables,
            names=glossary_of(plan, language), read=_used(plan),
        )  # fmt: skip
        found[workbook_path(language, "xlsx")] = as_xlsx(sheets, site, language)
        found[workbook_path(language, "ods")] = as_ods(sheets, site, language)
    return found


def _other_pages(plan: Plan, site: Site) -> list[str]:
    """Return the pages that other steps make: documents, notebooks, what changed."""
    from anew.site.links import localised

    documents = [Path(document).with_suffix(".html") for document in articles(plan.project)]
    made = [f"notebooks/{address}.html" for address in plan.runs]
    made += ["changes/index.html"] if "changes" in site.navigation else []
    spoken = [localised(page, language) for page in made for language in LANGUAGES]
    return [*(document.as_posix() for document in documents), *spoken]


def _issues(plan: Plan) -> list[Issue]:
    """Return the editions on the site of the newest, the newest first, for its feed."""
    from anew.editions.editions import load_editions
    from anew.site.feed import Issue

    editions = load_editions(plan.project)
    roots = {name: root for name, root, _ in plan.published_with} or {plan.edition.name: ""}
    oldest = list(roots)[-1]
    return [
        Issue(editions[name].title, editions[name].note or {}, editions[name].date, root,
              name != oldest)
        for name, root in roots.items()
    ]  # fmt: skip


def _used(plan: Plan) -> dict[tuple[str, str], list[str]]:
    used: dict[tuple[str, str], list[str]] = {}
    for address, figure in plan.edition.figures.items():
        for table, _, vintage in figure.vintages():
            used.setdefault((table, vintage), []).append(address)
    return used


def theme(plan: Plan, files: Files) -> Files:
    """Return style, script, icon and the web font for the characters on the pages of `files`."""
    html = {name: data for name, data in files.items() if name.endswith(".html")}
    return _theme(plan, _characters(html, {}))


def _theme(plan: Plan, characters: Characters) -> Files:
    from anew.figures.fonts import font_folder
    from anew.site.assets import theme_files, web_fonts

    return theme_files(plan.project) | web_fonts(characters, font_folder(plan.project))


def _characters(html: Files, bold_texts: Mapping[str, str]) -> Characters:
    """Return the characters on pages, and on a certificate, which a site may get later."""
    from anew.site.assets import characters_on
    from anew.site.certificate import specimen

    pages = [data.decode("utf-8") for data in html.values()]
    return characters_on([*pages, *map(specimen, LANGUAGES)], bold_texts)
