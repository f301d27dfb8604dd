"""The report's page: the typeset text with figure files, claims and a table of contents."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bs4 import BeautifulSoup
from markupsafe import Markup, escape

from anew.notebook.findings import Claim
from anew.project.language import LANGUAGES, say
from anew.site.claims import mark_claims
from anew.site.figures import Figure, dress_figures, social_picture
from anew.site.markup import Ready, parse, reach_code, repair, stack_tables, wrap_tables, written
from anew.site.metadata import article
from anew.site.page import Entry, Needs, Page, Site, place
from anew.site.shell import fragment, render_page


class Headed(Protocol):
    """A heading as a typesetter lists it, with those below it."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def children(self) -> Sequence[Headed]: ...


class Typeset(Protocol):
    """What a typesetter hands over; `anew.typeset.embedded.Html` is one.

    `title` and `body` are HTML; `metadata` has the document's own (subtitle, abstract, keywords,
    description): text, or `html` and `text`, or a list of these.
    """

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def toc(self) -> Sequence[Headed]: ...
    @property
    def metadata(self) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class Dressing:
    """What is known beside the text: figures by address, claims by id, words for codes.

    `figures` and `names` are in the page's language; `source` gives the address of a source file
    or None where it is not published; `changed` are the figures that changed since the edition
    before; `site` is what the figures are cited as a part of.
    """

    figures: Mapping[str, Figure] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    source: Callable[[str], str | None] = lambda path: None
    changed: Collection[str] = ()
    site: Site | None = None


def report_page(
    site: Site,
    html: Typeset,
    language: str,
    dressing: Dressing,
    *,
    path: str | None = None,
    needs: Needs | None = None,
    pages: Sequence[tuple[str, str]] = (),
) -> str:
    """Return a document of the report as a page of the site in `language`.

    `needs` is what its text loads, `pages` are title and path of all documents of the language.
    """
    path = path or place("report", language)
    stem = path.removesuffix(".html")
    metadata = html.metadata
    title = _plain(html.title)
    abstract = Markup(_html(metadata.get("abstract")))
    listed = metadata.get("keywords")
    keywords = [_plain(_html(one)) for one in (listed if isinstance(listed, list) else ())]
    head = fragment(
        "title.html.j2",
        language,
        path,
        site=site,
        title=title,
        subtitle=_plain(_html(metadata.get("subtitle"))),
        authors=[author[language] for author in site.authors],
        abstract=abstract,
        keywords=keywords,
        files=[(kind, f"{stem}.{kind}") for kind in site.formats if kind != "html"],
    )
    body = dress(head + _lowered(html.body), language, path, dressing)
    toc = entries(html.toc)
    if 'id="evidence"' in body:
        toc = [*toc, Entry("evidence", say(language, "evidence"))]
    page = Page(
        path=path,
        language=language,
        title=title,
        description=_plain(_html(metadata.get("description"))) or site.description[language],
        body=body,
        section="report",
        alternates={
            other: path.replace(f"report/{language}/", f"report/{other}/", 1) for other in LANGUAGES
        },
        toc=toc,
        pages=pages if len(pages) > 1 else (),
        structured=[
            article(site, language, title=title, abstract=_plain(abstract), keywords=keywords)
        ],
        image=social_picture(dressing.figures.values(), site.picture),
        kind="report",
        needs=needs or Needs(),
    )
    return render_page(site, page)


def dress(body: str, language: str, path: str, dressing: Dressing) -> str:
    """Return the body of a report with figures, claims and tables made ready for reading.

    Works on a part of a page and on a whole one, from either typesetter. The section with the
    evidence is put at the end of <main>, or of the part.
    """
    tree = parse(body)
    repair(tree)
    numbers = {address: figure.number for address, figure in dressing.figures.items()}
    evidence = mark_claims(
        tree, dressing.claims, language, path, figures=numbers, names=dressing.names
    )
    dress_figures(
        tree,
        dressing.figures,
        path,
        names=dressing.names,
        source=dressing.source,
        site=dressing.site,
        changed=dressing.changed,
    )
    _anchors(tree)
    if evidence:
        end = tree.find("main") or tree
        end.append(Ready(evidence))
    stack_tables(tree)
    wrap_tables(tree, say(language, "table"))
    reach_code(tree, say(language, "code"))
    return written(tree)


def entries(toc: Sequence[Headed]) -> list[Entry]:
    """Return a typesetter's table of contents as the shell's."""
    return [
        Entry(item.id, " ".join(item.text.split()), str(item.number or ""), entries(item.children))
        for item in toc
    ]


def _anchors(tree: BeautifulSoup) -> None:
    """Move the id of a pandoc section to its heading, where links to it are expected to land.

    Pandoc with section divs puts it on <section>; both are good anchors, the heading is the one
    whose passing the table of contents can watch.
    """
    for section in tree.find_all("section", id=True):
        heading = section.find(re.compile(r"^h[1-6]$"), recursive=False)
        if heading is not None and not heading.get("id") and section["id"] != "evidence":
            heading["id"] = section["id"]
            del section["id"]


def _lowered(body: str) -> str:
    """Return a body whose headings begin at the second level: the page's title is the first."""
    if not re.search(r"<h1[ >]", body):
        return body
    return re.sub(
        r"(</?h)([1-6])(?=[ >])", lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", body
    )


def _html(value: object) -> str:
    """Return a value of the front matter as HTML; plain text is escaped."""
    if isinstance(value, Mapping):
        return str(value.get("html", ""))
    return "" if value is None else str(escape(str(value)))


def _plain(html: str) -> str:
    """Return text without markup, without claims' marks, and with single spaces."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    tree = parse(html)
    for mark in tree.find_all(class_=["claim-mark", "claim-note"]):
        mark.decompose()
    return " ".join(tree.get_text().split())
