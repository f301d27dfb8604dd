"""Putting a site together from what the steps made, and proving it with a manifest."""

from __future__ import annotations

import posixpath
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from anew.build.finish import Files, extras, read_folder, reads_file, settled, theme
from anew.build.identity import articles, figures_of, site_of, woven_of
from anew.build.manifest import make_manifest
from anew.build.plan import Plan
from anew.figures.words import WIDE
from anew.notebook.findings import Woven
from anew.notebook.verdicts import Judged
from anew.project.errors import AnewError, BuildError
from anew.project.language import LANGUAGES, TAGS, principal
from anew.project.manifest import Asked, Parameters, write_manifest
from anew.project.phrases import joined
from anew.project.problems import at
from anew.project.writing import dump

if TYPE_CHECKING:
    from anew.text.blocks import Block


_PARAMETERS = TypeAdapter(Parameters)


def assemble(
    plan: Plan, stage: Path, made: Sequence[str], typesetter: str, listings: Sequence[str] = ()
) -> None:
    """Make `stage/site`: pages, pictures, notebooks, data, facts, claims, search, manifest.

    `made` are the finished pages under `stage/pages`, `listings` name what Quarto put beside them
    (`anew.typeset.quarto.rendering`). Raises BuildError naming every link that
    leads nowhere: a site with a broken link is not published.
    """
    pages = stage / "pages"
    files: Files = {
        Path(name).relative_to(pages).as_posix(): Path(name).read_bytes() for name in made
    }
    woven = woven_of(stage)
    files |= _figures(stage)
    files |= _notebooks(plan)
    files |= _sources(plan)
    statements = settled(plan, woven)
    if not plan.whole:
        files |= _part_page(plan, stage, woven)
    files |= _records(plan, woven, stage, statements)
    files |= _raw(plan)
    files |= theme(plan, files) if not plan.whole else {}
    files |= {name: data for name, data in _linked(plan, stage).items() if name not in files}
    for folder in extras(stage):
        files |= read_folder(folder)
    files = _beside(listings, files) | files
    if plan.whole:
        elsewhere = [root for _, root, _ in plan.published_with if root]
        # plain Quarto may have been asked for one document, and the others are still to come
        missing = [Path(d).with_suffix("").as_posix() for d in articles(plan.project)]
        elsewhere += [f"{name}." for name in missing if f"{name}.html" not in files]
        _refuse_broken_links(files, elsewhere, stage)
    site = stage / "site"
    shutil.rmtree(site, ignore_errors=True)
    for name, data in sorted(files.items()):
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    manifest = make_manifest(
        plan.project,
        site,
        edition=plan.edition.name,
        parameters=_PARAMETERS.validate_python(woven.parameters),
        inputs=inputs_of(plan),
        facts={id: (fact.value, fact.unit) for id, fact in woven.facts.items()},
        typesetter=typesetter,
        request=_request(plan, made),
    )
    write_manifest(site, manifest)


def _request(plan: Plan, made: Sequence[str]) -> Asked:
    """Return what this build was asked for."""
    formats = {Path(name).suffix.removeprefix(".") for name in made} | {"html"}
    return Asked.model_validate(
        {
            "formats": sorted(formats),
            "only": [] if plan.whole else sorted(plan.runs),
            "parameters": {address: given for address, given in plan.given.items() if given},
            "editions": list(plan.published_with),
        }
    )


def _beside(listings: Sequence[str], files: Mapping[str, bytes]) -> Files:
    """Return what pages from Quarto load: the author's files, its libraries where they are used."""
    from anew.typeset.quarto.rendering import read_extras

    pages = [data for name, data in files.items() if name.endswith(".html")]
    used = any(b"site_libs/" in page for page in pages)
    found: Files = {}
    for listing in listings:
        found |= read_extras(Path(listing), libraries=used)
    return found


def inputs_of(plan: Plan) -> list[Path]:
    """Return the project's files that this build was made from."""
    from anew.build.stage import text_files
    from anew.build.steps import code_files

    project = plan.project
    raw = [
        project.root / plan.catalog.vintage(table, vintage).file
        for address in plan.runs
        for table, _, vintage in plan.edition.figures[address].vintages()
    ]
    found = [*raw, *code_files(plan), project.catalog_file, project.editions_file]
    if plan.whole:
        found += text_files(project)
    if project.lock_file.is_file():
        found.append(project.lock_file)
    return found


def _figures(stage: Path) -> Files:
    """Return the pictures and the data behind them."""
    folder = stage / "figures"
    kinds = {".svg", ".png", ".csv"}
    kept = [path for path in sorted(folder.iterdir()) if path.suffix in kinds]
    kept = [path for path in kept if not path.name.endswith(f".{WIDE.name}.png")]  # Word's
    return {f"figures/{path.name}": path.read_bytes() for path in kept}


def _linked(plan: Plan, stage: Path) -> Files:
    """Return the author's own files that a text shows or links to, from beside the text."""
    from anew.text.document import read_text
    from anew.text.linked import linked_files

    if not plan.whole:
        return {}
    names = {n for d in articles(plan.project) for n in linked_files(read_text(stage, d))}
    own = (n for n in sorted(names) if n.startswith("report/") and not n.endswith(".qmd"))
    return {name: (stage / name).read_bytes() for name in own if (stage / name).is_file()}


def _raw(plan: Plan) -> Files:
    """Return every raw table, used or not."""
    from anew.site.package import vintage_path

    return {
        vintage_path(name, vintage): (plan.project.root / entry.file).read_bytes()
        for name, table in plan.catalog.tables.items()
        for vintage, entry in table.vintages.items()
    }


def _notebooks(plan: Plan) -> Files:
    """Return the notebooks as they were executed."""
    return {
        f"notebooks/{address}.ipynb": (run.folder / "notebook.ipynb").read_bytes()
        for address, run in plan.runs.items()
    }


def _sources(plan: Plan) -> Files:
    """Return the code behind the figures, for a reader who asks how a value was computed."""
    from anew.build.steps import code_files

    project = plan.project
    return {
        f"source/{project.relative(path)}": path.read_bytes()
        for path in code_files(plan)
        if project.analysis in path.parents
    }


def _records(plan: Plan, woven: Woven, stage: Path, statements: Mapping[str, Judged]) -> Files:
    """Return what a machine reads: facts, figures, claims and statements."""
    places: dict[str, list[str]] = {}
    if plan.whole:
        holds = {id: claim.holds for id, claim in woven.claims.items()}
        refuse_gaps(plan, stage, woven.absent, holds)
        places = places_of_claims(plan, stage, holds)
    facts = {id: fact.model_dump(mode="json") for id, fact in sorted(woven.facts.items())}
    claims = {
        id: claim.model_dump(mode="json", exclude={"told"})
        | {"tables": _tables_of(plan, claim.figure), "places": places.get(id, [])}
        for id, claim in sorted(woven.claims.items())
    }
    judged = {
        id: one.model_dump(mode="json") | {"tables": _tables_of(plan, one.figure, one.needs)}
        for id, one in statements.items()
    }
    figures = {address: one.model_dump(mode="json") for address, one in woven.figures.items()}
    edition = plan.edition.name
    return {
        name: dump(record).encode("utf-8")
        for name, record in {
            "facts.json": {"edition": edition, "facts": facts},
            "figures.json": figures,
            "claims.json": {"edition": edition, "claims": claims, "statements": judged},
        }.items()
    }


def _tables_of(
    plan: Plan, address: str | None, needed: Collection[str] | None = None
) -> list[dict[str, str]]:
    """Return the tables, with vintage and place on the site, that a claim's notebook reads.

    Of a statement only those `needed` to decide it; of one that nothing tests, none.
    """
    from anew.site.package import vintage_path

    figure = plan.edition.figures.get(address or "")
    return [
        {"table": table, "vintage": vintage, "file": vintage_path(table, vintage)}
        for table, _, vintage in (figure.vintages() if figure else ())
        if needed is None or table in needed
    ]


def refuse_gaps(
    plan: Plan, stage: Path, absent: Collection[str], holds: Mapping[str, bool]
) -> None:
    """Raise AnewError where the text prints, outside failing claims, a fact that is `absent`."""
    from anew.text.prose import gap, gaps_in

    found = [
        at(str(place), gap(id))
        for document in articles(plan.project) if absent
        for place, id in gaps_in(_blocks(stage, document), absent, holds)
    ]  # fmt: skip
    if found:
        raise AnewError(
            "The text prints what the data do not have: {count} places.\n  {listing}",
            "The last good site is untouched.",
            code="text-prints-a-gap",
            count=len(found),
            listing=joined("\n  ", found),
        )


def _blocks(stage: Path, document: str) -> list[Block]:
    """Return all of a text, with what stands above it."""
    from anew.text.blocks import read_blocks
    from anew.text.document import read_text
    from anew.text.frontmatter import read_front

    language = Path(document).parts[1]
    text = read_text(stage, document)
    return [*read_front(text, language), *read_blocks(text, language)]


def places_of_claims(plan: Plan, stage: Path, holds: Mapping[str, bool]) -> dict[str, list[str]]:
    """Return where the text binds each claim, as file:line.

    What is prepared for another outcome (`.when`, `.unless`) is not shown and does not count.
    """
    from anew.text.prose import is_shown

    found: dict[str, list[str]] = {}
    for document in articles(plan.project):
        for block in _blocks(stage, document):
            for claim in block.bound if is_shown(block, holds) else ():
                if str(claim.place) not in found.setdefault(claim.id, []):
                    found[claim.id].append(str(claim.place))
    return found


def _part_page(plan: Plan, stage: Path, woven: Woven) -> Files:
    """Return the one page of a part: its figures in every language, and its facts."""
    from anew.site.page import Page
    from anew.site.shell import fragment, render_page

    site = replace(site_of(plan, stage), navigation=(), search=False)
    figures = [
        figure
        for pair in zip(*(figures_of(stage, la).values() for la in LANGUAGES), strict=True)
        for figure in pair
    ]
    title = f"{', '.join(plan.runs)} · {plan.edition.name}"
    body = fragment(
        "part.html.j2",
        principal(),
        "index.html",
        title=title,
        figures=figures,
        facts=woven.facts,
        languages=LANGUAGES,
        tags=TAGS,
        notebooks=[f"notebooks/{address}.ipynb" for address in plan.runs],
    )
    page = Page("index.html", principal(), title, title, body, indexed=False)
    return {"index.html": render_page(site, page).encode("utf-8")}


def _refuse_broken_links(files: Mapping[str, bytes], elsewhere: Sequence[str], stage: Path) -> None:
    """Raise BuildError for links that lead nowhere; those into other editions are theirs."""
    from anew.site.links import check_links
    from anew.site.reading import kept_reads, page_hash

    reads = kept_reads(reads_file(stage))
    read = {
        path: reads[name].links
        for path, data in files.items()
        if path.endswith(".html") and (name := page_hash(data)) in reads
    }
    # 404.html is shown at any address and so begins at the root of the server
    found = check_links(dict(files) | {"manifest.json": None, "404.html": None}, read)
    others = tuple(root.rstrip("/") for root in map(posixpath.normpath, elsewhere))
    problems = [
        problem
        for problem in found
        if not posixpath.normpath(
            posixpath.join(posixpath.dirname(problem.page), problem.link)
        ).startswith(others or ("//",))
    ]
    if problems:
        shown = joined("\n  ", map(str, problems[:20]))
        raise BuildError(
            "{count} broken links on the site:\n  {listing}",
            "Fix the links in the text; the last good site is untouched.",
            code="broken-link",
            count=len(problems),
            listing=shown,
        )
