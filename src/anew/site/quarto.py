"""Reading a page rendered by Quarto for the parts that the site's shell uses.

The text comes over as Quarto set it. Of Quarto's page around it nothing comes: navigation, search
and look are the site's, so that a reader stays on one site and no request leaves it. Quarto's own
styles and scripts come along only for a page that uses something the site's theme does not know
(tabs, folding callouts, layouts …); its styles then lie below the theme's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import AttributeValueList

from anew.project.errors import BuildError
from anew.site.markup import inner, parse
from anew.site.page import Needs
from anew.typeset.embedded.html import Heading, nest

#: What only Quarto's own styles and scripts can show.
_QUARTOS = (
    "[data-bs-toggle]", ".panel-tabset", ".quarto-layout-panel", ".code-annotation-container-grid",
    "[class*='column-']", ".grid", ".code-copy-button", ".mermaid", ".lightbox", ".card",
    "details.code-fold", ".quarto-listing", ".quarto-video", ".panel-sidebar", ".panel-input",
)  # fmt: skip

#: Quarto's libraries that belong to its own page and search, not to a text.
_AROUND = ("quarto-nav/", "quarto-search/")

#: Classes that lay text out on Quarto's page: this one has no margin, what is for it stands inline.
_OF_THE_PAGE = frozenset({"anchored", "page-columns", "page-full"})

_HEADINGS = re.compile(r"^h[1-6]$")
_LIBRARIES = "site_libs/"


@dataclass(frozen=True)
class QuartoPage:
    """A text as Quarto set it; what `anew.site.report.Typeset` asks for, and what it needs."""

    title: str
    body: str
    toc: list[Heading]
    metadata: Mapping[str, Any]
    needs: Needs


def read_page(html: str, document: str) -> QuartoPage:
    """Return what of Quarto's page for `document` is its text.

    Raises BuildError for a page without Quarto's structure, which `theme: none` gives.
    """
    tree = parse(html)
    main = tree.find("main", id="quarto-document-content")
    if not isinstance(main, Tag):
        raise BuildError(
            "{document}: Quarto's page has no <main>, so its text cannot be told from the rest.",
            "Take theme: none, minimal: true or a template: of your own out of format: html:.",
            code="quarto-page",
            document=document,
        )
    head = main.find(id="title-block-header")
    title, metadata = "", _described(tree)
    if isinstance(head, Tag):
        found = head.find("h1", class_="title")
        title = inner(found) if isinstance(found, Tag) else ""
        metadata |= _title_block(head)
        head.decompose()
    shown = _listed(tree)
    for node in main.select("nav#TOC, nav.page-navigation, script"):
        node.decompose()
    _tidy(main)
    toc = nest(_headings(main, shown))
    return QuartoPage(title, inner(main), toc, metadata, _needs(tree, main))


def libraries(html: str) -> bool:
    """Return whether a finished page loads anything of Quarto's."""
    return _LIBRARIES in html


def _described(tree: BeautifulSoup) -> dict[str, Any]:
    """Return what the page's <meta> say: keywords as a list, the description."""
    found: dict[str, Any] = {}
    for meta in tree.find_all("meta"):
        name, content = meta.get("name"), str(meta.get("content") or "")
        if name == "keywords":
            found["keywords"] = [word.strip() for word in content.split(",") if word.strip()]
        elif name == "description":
            found["description"] = content
    return found


def _title_block(head: Tag) -> dict[str, Any]:
    found: dict[str, Any] = {}
    subtitle = head.find("p", class_="subtitle")
    if isinstance(subtitle, Tag):
        found["subtitle"] = {"html": inner(subtitle), "text": subtitle.get_text()}
    abstract = head.find("div", class_="abstract")
    if isinstance(abstract, Tag):
        for label in abstract.select(".block-title, .abstract-title"):
            label.decompose()
        found["abstract"] = {"html": inner(abstract), "text": abstract.get_text()}
    return found


def _listed(tree: BeautifulSoup) -> set[str] | None:
    """Return the ids that Quarto's table of contents lists; None where it made none."""
    toc = tree.find("nav", id="TOC")
    if not isinstance(toc, Tag):
        return None
    return {str(link["href"]).partition("#")[2] for link in toc.find_all("a", href=True)}


def _headings(main: Tag, listed: set[str] | None) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for heading in main.find_all(_HEADINGS):
        section = heading.parent
        around = section.get("id") if section is not None and section.name == "section" else ""
        id = heading.get("id") or around
        level = int(heading.name[1])
        wanted = id in listed if listed is not None else level <= 3
        if not id or not wanted:
            continue
        number = heading.find("span", class_="header-section-number")
        shown = number.get_text() if number else ""
        words = [
            str(part)
            for part in heading.find_all(string=True)
            if not part.find_parent(class_=["footnote-ref", "header-section-number"])
        ]
        text = " ".join("".join(words).split())
        found.append({"id": id, "number": shown, "html": text, "text": text, "level": level})
    return found


def _tidy(main: Tag) -> None:
    """Take out what HTML does not know and what only Quarto's own scripts look at."""
    for node in main.find_all(True):
        for name in ("data-number", "data-anchor-id", "data-entry-spacing"):
            del node[name]
        if node.name == "div":
            del node["alt"]  # Quarto leaves a figure's on the box around it
        classes = node.get("class")
        if classes and not _OF_THE_PAGE.isdisjoint(classes):
            kept = AttributeValueList(name for name in classes if name not in _OF_THE_PAGE)
            node["class"] = kept
            if not kept:
                del node["class"]


def _needs(tree: BeautifulSoup, main: Tag) -> Needs:
    """Return what the page must load: Quarto's own where it uses it, the author's always."""
    quartos = bool(main.select(", ".join(_QUARTOS)))
    styles, own, scripts, inline = [], [], [], []
    for link in tree.select("head link[rel~=stylesheet][href]"):
        href = str(link["href"])
        if _LIBRARIES not in href:
            own.append(href)
        elif quartos and not any(name in href for name in _AROUND):
            styles.append(href)
    for script in tree.find_all("script"):
        kind = str(script.get("type") or "")
        src = str(script.get("src") or "")
        if kind not in ("", "module", "text/javascript", "application/javascript"):
            continue
        foreign = src and _LIBRARIES not in src
        if src and (foreign or quartos) and not any(name in src for name in _AROUND):
            scripts.append((src, "module" if kind == "module" else ""))
        elif not src and (quartos or not _is_quartos(script)):
            inline.append(script.get_text())
    return Needs(tuple(styles), tuple(own), tuple(scripts), tuple(inline))


def _is_quartos(script: Tag) -> bool:
    text = script.get_text()
    return str(script.get("id") or "").startswith("quarto-") or "quarto" in text[:2000].lower()
